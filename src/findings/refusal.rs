//! When something must not be judged: one row per condition, with what it takes away. The words are in `words`.

use super::context::{Context, Occlusion};
use crate::camera::yaw::TOO_OBLIQUE_DEG;
use crate::kinematics::framing::{MOSTLY_CUT, OFTEN_CUT};
use crate::metrics::MOSTLY_HIDDEN;
use crate::signal::left_right::RHYTHM_IN_DOUBT;
use crate::technique::rule::{Need, Severity};
use crate::units::Radians;

/// What a condition does to the rules that need what it takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// They are not judged.
    Block,
    /// They go no further than this grade.
    Cap(Severity),
}

/// A condition under which something is not judged.
#[derive(Clone, Copy)]
pub struct Refusal {
    /// Stable name.
    pub id: &'static str,
    /// The value that trips it, in the unit its words use; none where it does not hold.
    pub holds: fn(&Context) -> Option<f64>,
    /// What it takes away; rules without any of these go on.
    pub takes: &'static [Need],
    /// What follows for them.
    pub effect: Effect,
}

/// Beyond this yaw nothing but cadence is.
const YAW_ALL_DEG: f64 = 35.0;
/// A horizon more tilted than this is a slope or a mistake.
const ROLL_DEG: f64 = 8.0;
/// Smaller people cannot be measured.
const PERSON_PX: f64 = 200.0;
/// Smaller people, as a share of the picture, need ...
const PERSON_SHARE: f64 = 0.35;
/// ... at least this frame rate.
const PERSON_RATE_HZ: f64 = 60.0;
/// Slower clips have no timing.
const RATE_HZ: f64 = 25.0;
/// Slower clips have no contact times of running steps.
const FAST_RATE_HZ: f64 = 50.0;
/// More repeated frames than this spoil timing.
const DUPLICATES: f64 = 0.05;
/// Feet seen less than this are hidden [default].
const FEET_SEEN: f64 = 0.5;
/// Hips or shoulders hidden more than 30 %.
const TRUNK_SEEN: f64 = 0.7;
/// Smaller arm swings have no phase.
const ARM_SWING_DEG: f64 = 12.0;
/// A worse fit has no phase.
const ARM_FIT: f64 = 0.5;
/// Arms at step frequency have no phase.
const ARM_RATIO: f64 = 1.0;

/// A measured rate is the rate meant within this share: 59.94 for 60.
const RATE_ROUNDING: f64 = 0.01;

/// A number where a condition holds.
fn when(holds: bool, value: f64) -> Option<f64> {
    holds.then_some(value)
}

fn is_slower(context: &Context, rate_hz: f64) -> bool {
    context.frame_rate.0 < rate_hz * (1.0 - RATE_ROUNDING)
}

/// All conditions, the most telling first: where several block a rule, the first is the reason given.
pub const REFUSALS: [Refusal; 29] = [
    Refusal {
        id: "athlete_unclear",
        holds: |c| when(c.rivals > 0, c.rivals as f64 + 1.0),
        takes: &Need::ALL,
        effect: Effect::Block,
    },
    Refusal {
        id: "facing_unknown",
        holds: |c| when(!c.facing_is_known, 0.0),
        takes: &Need::ALL,
        effect: Effect::Block,
    },
    Refusal {
        id: "wrong_direction",
        holds: |c| when(c.direction.is_some_and(|d| c.expected_direction.is_some_and(|e| d != e)), 0.0),
        takes: &Need::ALL,
        effect: Effect::Block,
    },
    Refusal {
        id: "slow_motion",
        holds: |c| when(c.seems_slow_motion, 0.0),
        takes: &[Need::TrueTimes],
        effect: Effect::Block,
    },
    Refusal {
        id: "fast_motion",
        holds: |c| when(c.seems_fast_motion, 0.0),
        takes: &[Need::TrueTimes],
        effect: Effect::Block,
    },
    Refusal {
        id: "camera_far_from_side",
        holds: |c| c.yaw.map(|y| y.to_degrees().abs()).filter(|y| *y > YAW_ALL_DEG),
        takes: &[Need::View, Need::Angles],
        effect: Effect::Block,
    },
    Refusal {
        id: "camera_oblique",
        holds: |c| c.yaw.map(|y| y.to_degrees().abs()).filter(|y| *y > TOO_OBLIQUE_DEG),
        takes: &[Need::Angles],
        effect: Effect::Block,
    },
    Refusal {
        id: "person_small",
        holds: |c| c.person_height_px.filter(|h| *h < PERSON_PX),
        takes: &[Need::Angles],
        effect: Effect::Block,
    },
    Refusal {
        id: "person_small_and_slow",
        holds: |c| {
            let share = c.person_height_px? / c.picture_short_px;
            when(share < PERSON_SHARE && is_slower(c, PERSON_RATE_HZ), 100.0 * share)
        },
        takes: &[Need::Angles],
        effect: Effect::Cap(Severity::Moderate),
    },
    Refusal {
        id: "roll_unknown",
        holds: |c| when(c.roll.is_none(), 0.0),
        takes: &[Need::Vertical],
        effect: Effect::Block,
    },
    Refusal {
        id: "roll_large",
        holds: |c| c.roll.map(|r| r.to_degrees().abs()).filter(|r| *r > ROLL_DEG),
        takes: &[Need::Vertical],
        effect: Effect::Block,
    },
    Refusal {
        id: "trunk_hidden",
        holds: |c| when(c.trunk_seen_share < TRUNK_SEEN, 100.0 * c.trunk_seen_share),
        takes: &[Need::Trunk],
        effect: Effect::Block,
    },
    Refusal {
        id: "feet_out_of_picture",
        holds: |c| when(c.feet_cut_share > MOSTLY_CUT, 100.0 * c.feet_cut_share),
        takes: &[Need::Feet, Need::Metres],
        effect: Effect::Block,
    },
    Refusal {
        id: "feet_hidden",
        holds: |c| when(c.feet_seen_share < FEET_SEEN, 100.0 * c.feet_seen_share),
        takes: &[Need::Feet],
        effect: Effect::Block,
    },
    Refusal {
        id: "contacts_approximate",
        holds: |c| {
            let seen = c.feet_seen_share.min(1.0 - c.feet_cut_share);
            when(seen < FEET_SEEN, 100.0 * seen)
        },
        takes: &[Need::Contact],
        effect: Effect::Cap(Severity::Mild),
    },
    Refusal {
        id: "feet_cut_off",
        holds: |c| when(c.feet_cut_share > OFTEN_CUT, 100.0 * c.feet_cut_share),
        takes: &[Need::BothSides],
        effect: Effect::Block,
    },
    Refusal {
        id: "feet_blurred",
        holds: |c| when(c.feet_are_blurred, 0.0),
        takes: &[Need::Feet, Need::Contact],
        effect: Effect::Block,
    },
    Refusal {
        id: "times_unreliable",
        holds: |c| {
            let broken = is_slower(c, RATE_HZ) || c.duplicate_share > DUPLICATES || !c.times_are_known;
            when(broken, c.frame_rate.0)
        },
        takes: &[Need::Timing, Need::ArmPhase],
        effect: Effect::Block,
    },
    Refusal {
        id: "legs_unclear",
        holds: |c| when(c.legs_in_doubt_share > RHYTHM_IN_DOUBT, 100.0 * c.legs_in_doubt_share),
        takes: &[Need::Timing, Need::FastFrames, Need::ArmSwing, Need::ArmPhase, Need::BothSides],
        effect: Effect::Block,
    },
    Refusal {
        id: "leg_hidden",
        holds: |c| when(c.leg_hidden_share > MOSTLY_HIDDEN, 100.0 * c.leg_hidden_share),
        takes: &[Need::BothSides],
        effect: Effect::Block,
    },
    Refusal {
        id: "frames_slow",
        holds: |c| when(is_slower(c, FAST_RATE_HZ), c.frame_rate.0),
        takes: &[Need::FastFrames],
        effect: Effect::Block,
    },
    Refusal {
        id: "camera_moves",
        holds: |c| when(!c.ground_is_fixed, 0.0),
        takes: &[Need::Ground],
        effect: Effect::Block,
    },
    Refusal {
        id: "camera_turns",
        holds: |c| when(c.turning_left_in, 0.0),
        takes: &[Need::StillCamera],
        effect: Effect::Block,
    },
    Refusal {
        id: "in_place",
        holds: |c| when(c.in_place, 0.0),
        takes: &[Need::StillCamera],
        effect: Effect::Block,
    },
    Refusal {
        id: "hands_hold_on",
        holds: |c| when(c.hands_hold_on, 0.0),
        takes: &[Need::FreeArms, Need::ArmPhase],
        effect: Effect::Block,
    },
    Refusal {
        id: "arms_still",
        holds: |c| {
            // Power at the step frequency is that of the swing there: its root scales the swing at the stride frequency.
            let rhythm = c.arm_frequency_ratio.unwrap_or(0.0).max(1.0).sqrt();
            c.arm_swing.map(|s| s.to_degrees() * rhythm).filter(|s| *s < ARM_SWING_DEG)
        },
        takes: &[Need::ArmSwing],
        effect: Effect::Block,
    },
    Refusal {
        id: "arms_hardly_swing",
        holds: |c| {
            let swing = c.arm_swing.map(Radians::to_degrees).filter(|s| *s < ARM_SWING_DEG);
            let fit = c.arm_fit.filter(|f| *f < ARM_FIT);
            let ratio = c.arm_frequency_ratio.filter(|r| *r > ARM_RATIO);
            swing.or(fit).or(ratio)
        },
        takes: &[Need::ArmPhase],
        effect: Effect::Block,
    },
    Refusal {
        id: "one_side_only",
        holds: |c| when(c.occlusion != Occlusion::None, 0.0),
        takes: &[Need::BothSides],
        effect: Effect::Block,
    },
    Refusal {
        id: "far_side_only",
        holds: |c| when(c.occlusion == Occlusion::NearSideHidden, 0.0),
        takes: &Need::ALL,
        effect: Effect::Cap(Severity::Moderate),
    },
];

/// The conditions that hold for a rule's needs.
pub(super) fn holding<'a>(
    context: &'a Context,
    needs: &'a [Need],
) -> impl Iterator<Item = (&'static Refusal, f64)> + 'a {
    REFUSALS.iter().filter_map(|refusal| {
        let concerned = needs.iter().any(|need| refusal.takes.contains(need));
        let value = (refusal.holds)(context)?;
        concerned.then_some((refusal, value))
    })
}
