//! Walking between two sets is no set: where some bouts look like an exercise, those that look like a walk are left out.
//!
//! Facing does not tell them: who walks back has turned round, and goes the way they face as in the set.

use crate::findings;
use crate::frame::Warning;
use crate::gait::stride::{Gait, Stride, Unfit};
use crate::kinematics::movement::Movement;
use crate::technique::posture::Posture;
use crate::technique::profile::Profile;
use crate::technique::recognition::{Verdict, looks_like_walking};
use crate::technique::{self, recognise};

/// What a bout looks like by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The exercise.
    Set,
    /// Walking or running with the hands on nothing.
    Walk,
    /// Neither, or not to be told: judged as before.
    Unclear,
}

/// Leaves out the walking between sets; what to tell of it. A clip of nothing but walking stays as it is, and so does one whose
/// sets are not of the exercise told: what fits neither is for the user to say.
pub(super) fn leave_out_walking(
    gait: &mut Gait,
    movement: &Movement,
    told: Option<&Profile>,
) -> Option<Warning> {
    if gait.bouts.len() < 2 {
        return None;
    }
    let kinds = kinds(gait, movement, told);
    // Whether they count is asked later: a walk is no set beside sets that are too short to judge either.
    let of_set = |stride: &&Stride| kinds[stride.bout] == Kind::Set;
    if gait.strides.iter().filter(of_set).count() < findings::STRIDES {
        return None;
    }
    let walks: Vec<usize> = (0..kinds.len()).filter(|&b| kinds[b] == Kind::Walk).collect();
    let parts = gait.leave_out(&walks, Unfit::Walking)?;
    Some(Warning::new(
        "walking_left_out",
        format!("The athlete walks without doing the exercise {parts}, which was left out."),
        "If that is a set too, analyse its part of the clip by itself.",
    ))
}

fn kinds(gait: &Gait, movement: &Movement, told: Option<&Profile>) -> Vec<Kind> {
    let known: Vec<Profile> = technique::names().filter_map(technique::builtin).collect();
    let kind = |posture: Posture| {
        let seen = recognise(&posture, &known);
        if seen.is_exercise(told) {
            Kind::Set
        } else if seen.verdict == Verdict::NoExercise && looks_like_walking(&posture) {
            Kind::Walk
        } else {
            Kind::Unclear
        }
    };
    // The speed of a bout is not known before its strides are; it would only speak against an exercise.
    let posture = |bout| Posture::of_bout(movement, bout, None);
    gait.bouts.iter().map(|bout| posture(bout).map_or(Kind::Unclear, kind)).collect()
}
