//! Everything measured on one person of a recording, before it is judged.

use super::slow_motion::{self, Sign};
use super::takes::Takes;
use super::{Settings, sets};
use crate::findings;
use crate::frame::Warning;
use crate::gait::stride::{Gait, Unfit};
use crate::kinematics::movement::Movement;
use crate::kinematics::prepare::{Prepared, prepare};
use crate::metrics::{self, Metrics};
use crate::observation::{Recording, TrackId};
use crate::technique::posture::Posture;
use crate::technique::profile::{Hands, Profile};
use crate::technique::recognition::Verdict;
use crate::technique::{self, Recognition};
use crate::tracking::passing::in_the_way;
use crate::units::Seconds;

/// One person's movement, steps and numbers, and which exercise they look like.
pub(super) struct Someone {
    pub(super) track: TrackId,
    pub(super) prepared: Prepared,
    pub(super) gait: Gait,
    pub(super) metrics: Metrics,
    /// What was noticed of the steps.
    pub(super) gait_warnings: Vec<Warning>,
    pub(super) posture: Option<Posture>,
    pub(super) recognition: Recognition,
    /// By what the clip seems to be slow motion, where nobody told at which rate it was filmed.
    pub(super) slow_motion: Option<Sign>,
}

impl Someone {
    pub(super) fn of(recording: &Recording, track: TrackId, settings: &Settings) -> Self {
        let (mut prepared, mut gait, mut gait_warnings) = stepping(recording, track, settings);
        let takes = Takes::of(recording, &gait, &prepared.movement.cuts);
        if let Some(kept) = takes.of_one_size(recording, track) {
            (prepared, gait, gait_warnings) = stepping(&kept, track, settings);
        }
        gait_warnings.extend(takes.warning());
        let told = settings.technique.told.as_ref();
        gait_warnings.extend(crate::gait::leave_out_the_other_way(&mut gait));
        leave_out_covered(&mut gait, &in_the_way(&recording.frames, track));
        let scale = metrics::Scale {
            leg_length_px: prepared.scale.leg_length_px,
            metres_per_px: prepared.scale.metres_per_px,
            relative_uncertainty: prepared.scale.relative_uncertainty,
        };
        let metrics = metrics::metrics(&prepared.movement, &gait, scale);
        let speed = metrics.get("speed_leg_per_s", None).and_then(|m| m.value.ok());
        let posture = Posture::measure(&prepared.movement, &gait, speed);
        let slow = || seems_slow(&prepared.movement, &gait, scale, posture.as_ref(), told);
        let (slow_motion, posture) = match recording.clip.capture_rate.map_or_else(slow, |_| None) {
            Some((sign, as_usual)) => (Some(sign), as_usual),
            None => (None, posture),
        };
        let recognition = recognise(posture.as_ref());
        Self { track, prepared, gait, metrics, gait_warnings, posture, recognition, slow_motion }
    }

    /// Whether they are seen to do an exercise, the one told where one was, for as long as it takes to judge it.
    pub(super) fn does_exercise(&self, told: Option<&Profile>) -> bool {
        let strides = self.gait.strides.iter().filter(|s| s.is_valid()).count();
        self.recognition.is_exercise(told) && strides >= findings::STRIDES
    }

    /// Whether they are seen to do none; of who is not seen to step it is not known.
    pub(super) fn does_none(&self) -> bool {
        self.recognition.verdict == Verdict::NoExercise
    }
}

/// By what the clip seems to be slow motion, and the posture as if it were played at the usual speed; none where it does not.
fn seems_slow(
    movement: &Movement,
    gait: &Gait,
    scale: metrics::Scale,
    posture: Option<&Posture>,
    told: Option<&Profile>,
) -> Option<(Sign, Option<Posture>)> {
    let as_usual = || posture.cloned().map(|p| p.played_faster(slow_motion::times_slower(gait)));
    let sign = slow_motion::sign(movement, gait, scale, || supported(told, as_usual().as_ref()))?;
    Some((sign, as_usual()))
}

fn recognise(posture: Option<&Posture>) -> Recognition {
    let known: Vec<Profile> = technique::names().filter_map(technique::builtin).collect();
    posture.map_or_else(Recognition::nothing, |posture| technique::recognise(posture, &known))
}

/// Whether hands or back on a sled may carry weight: not in an exercise whose hands are free or pull, nor in none.
fn supported(told: Option<&Profile>, posture: Option<&Posture>) -> bool {
    let hands = |profile: &Profile| profile.hands == Hands::Fixed;
    let recognised = || match recognise(posture).verdict {
        Verdict::Exercise(name) => technique::builtin(&name).is_none_or(|profile| hands(&profile)),
        Verdict::NoExercise => false,
        Verdict::Unsure => true,
    };
    told.map_or_else(recognised, hands)
}

/// The movement and its steps, without the walking between sets, and what was noticed of the steps.
fn stepping(recording: &Recording, track: TrackId, settings: &Settings) -> (Prepared, Gait, Vec<Warning>) {
    let prepared = prepare(recording, track, &settings.motion);
    let (mut gait, mut warnings) = crate::gait::gait(&prepared.movement, &settings.gait);
    let told = settings.technique.told.as_ref();
    warnings.extend(sets::leave_out_walking(&mut gait, &prepared.movement, told));
    (prepared, gait, warnings)
}

/// Strides in which somebody else was in the way do not count (F7).
fn leave_out_covered(gait: &mut Gait, covered: &[Seconds]) {
    for stride in gait.strides.iter_mut().filter(|s| s.is_valid()) {
        let first = covered.partition_point(|t| t.0 < stride.start.0);
        if covered.get(first).is_some_and(|t| t.0 <= stride.end.0) {
            stride.unfit = Some(Unfit::Overlap);
        }
    }
}
