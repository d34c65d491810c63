//! Whether contacts and thighs tell the same alternation of the legs (B9): a foot that is read too early or too late lands out
//! of step with its own thigh.

use super::harmonic;
use super::statistics;
use super::timing;
use crate::gait::stride::{Event, EventMethod, Gait, Stride};
use crate::kinematics::movement::Movement;
use crate::skeleton::{Angle, AngleKind, Segment, Side};
use crate::units::{Hertz, Seconds};
use std::f64::consts::TAU;

/// Fewest strides of which the disagreement is told, with one of each foot at least.
const LEAST_STRIDES: usize = 3;
/// Contacts and thighs from true points differ by up to this share of a stride (docs/science.md B9).
const AGREED_SHARE: f64 = 0.02;
/// A thigh's swing has a phase where it was seen in this share of the stride (docs/science.md E) …
const LEAST_SEEN: f64 = 0.8;
/// … and one swing explains this share of its variance (B6).
const LEAST_R2: f64 = 0.5;

/// How far contacts are doubted because the thighs tell another rhythm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Doubt {
    /// By how much one foot lands too early or too late against the other, as a share of the stride.
    pub share: f64,
    /// The same as a time.
    pub time: Seconds,
}

/// How far the landings of the two feet lie from where the swings of their thighs put them, beyond what true points differ by:
/// nothing where too little of contacts or thighs was seen to tell.
#[must_use]
pub(super) fn contacts_against_thighs(movement: &Movement, gait: &Gait) -> Doubt {
    let told: Vec<(&Stride, f64)> = gait
        .strides
        .iter()
        .filter(|s| s.is_valid())
        .filter_map(|s| Some((s, right_late(movement, gait, s)?)))
        .collect();
    // A second harmonic moves the phases of both feet's strides the same way, which is the other way for the right foot.
    let of = |side: Side| {
        statistics::median(&told.iter().filter(|(s, _)| s.side == side).map(|t| t.1).collect::<Vec<_>>())
    };
    let durations: Vec<f64> = told.iter().map(|(s, _)| s.duration().0).collect();
    let Some(((left, right), duration)) =
        of(Side::Left).zip(of(Side::Right)).zip(statistics::mean(&durations))
    else {
        return Doubt::default();
    };
    if told.len() < LEAST_STRIDES {
        return Doubt::default();
    }
    let apart = 0.5 * (left + right);
    let share = (apart * apart - AGREED_SHARE * AGREED_SHARE).max(0.0).sqrt();
    Doubt { share, time: Seconds(share * duration) }
}

/// How often the doubt goes into a difference of left and right: of two steps one gains what the other loses.
pub(crate) fn times_in_difference(metric: &str) -> f64 {
    if metric == timing::STEP_TIME.id { 2.0 } else { 1.0 }
}

/// By how much of a stride the right foot lands later in it than its thigh swings, both against the left one.
fn right_late(movement: &Movement, gait: &Gait, stride: &Stride) -> Option<f64> {
    let landing = stride.opposite_initial.filter(is_seen)?;
    if !is_seen(&stride.initial_contact) || !gait.closing_contact(stride).is_some_and(is_seen) {
        return None;
    }
    let swing = |side: Side| {
        let thigh = movement.angles.get(Angle::of(AngleKind::Segment(Segment::Thigh), side));
        let range = movement.time.range(stride.start, stride.end);
        if thigh.measured_share(range.clone()) < LEAST_SEEN {
            return None;
        }
        let samples: Vec<(f64, f64)> =
            range.filter_map(|i| Some(((movement.time.at(i) - stride.start).0, thigh.value(i)?.0))).collect();
        harmonic::fit(&samples, Hertz(1.0 / stride.duration().0)).filter(|swing| swing.r2 >= LEAST_R2)
    };
    let (own, other) = (swing(stride.side)?, swing(stride.side.mirror())?);
    let by_contact = (landing.time - stride.start).0 / stride.duration().0;
    let by_thigh = (own.phase.0 - other.phase.0) / TAU;
    let apart = by_contact - by_thigh;
    let other_late = apart - apart.round();
    Some(if stride.side == Side::Left { other_late } else { -other_late })
}

/// Whether the foot itself, and no thigh or other foot, told when.
fn is_seen(event: &Event) -> bool {
    match event.method {
        EventMethod::FootSpeed | EventMethod::AnkleSpeed | EventMethod::PelvisRelative => true,
        EventMethod::OtherFoot | EventMethod::ThighClock => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    /// Of exact strides, s.
    const NEARLY_NONE_S: f64 = 0.02;

    fn told(exercise: Exercise, change: impl Fn(&mut Movement, &mut Gait)) -> f64 {
        let athlete = Athlete::new(exercise);
        let (mut movement, mut gait) = (athlete.movement(), athlete.truth().gait);
        change(&mut movement, &mut gait);
        contacts_against_thighs(&movement, &gait).time.0
    }

    /// A foot's contacts as if they had been read so much too early.
    fn read_early(gait: &mut Gait, side: Side, early: f64) {
        let shift = |event: &mut Event| {
            if event.side == side {
                event.time = event.time - Seconds(early);
            }
        };
        gait.events.iter_mut().for_each(shift);
        for stride in &mut gait.strides {
            shift(&mut stride.initial_contact);
            shift(&mut stride.terminal_contact);
            stride.opposite_initial.iter_mut().for_each(shift);
            if stride.side == side {
                (stride.start, stride.end) = (stride.start - Seconds(early), stride.end - Seconds(early));
            }
        }
    }

    fn told_by(gait: &mut Gait, side: Side, method: EventMethod) {
        let mark = |event: &mut Event| {
            if event.side == side {
                event.method = method;
            }
        };
        gait.events.iter_mut().for_each(mark);
        for stride in &mut gait.strides {
            mark(&mut stride.initial_contact);
            stride.opposite_initial.iter_mut().for_each(mark);
        }
    }

    #[test]
    fn exact_contacts_and_thighs_agree() {
        for exercise in Exercise::ALL {
            let apart = told(exercise, |_, _| ());
            assert!(apart < NEARLY_NONE_S, "{exercise:?}: {apart}");
        }
    }

    #[test]
    fn a_foot_that_is_read_early_disagrees_with_its_thigh_by_as_much() {
        for (side, early) in [(Side::Left, 0.1), (Side::Right, 0.1), (Side::Left, -0.08)] {
            let found = told(Exercise::SledPush, |_, gait| read_early(gait, side, early));
            assert!((found - f64::abs(early)).abs() < NEARLY_NONE_S, "{found} of {early}");
        }
    }

    #[test]
    fn who_limps_lands_and_swings_out_of_step_alike() {
        let samples = 5;
        let apart = told(Exercise::SledPush, |movement, gait| {
            let early = movement.time.step().0 * samples as f64;
            let thigh = Angle::of(AngleKind::Segment(Segment::Thigh), Side::Left);
            let own = movement.angles.get(thigh).clone();
            let earlier = (0..own.len()).map(|i| own.get((i + samples).min(own.len() - 1))).collect();
            movement.angles.set(thigh, crate::signal::series::Series::new(earlier));
            read_early(gait, Side::Left, early);
        });
        assert!(apart < NEARLY_NONE_S, "{apart}");
    }

    #[test]
    fn a_foot_whose_landings_its_thigh_or_the_other_foot_told_proves_nothing() {
        for method in [EventMethod::ThighClock, EventMethod::OtherFoot] {
            for side in Side::BOTH {
                let apart = told(Exercise::SledPush, |_, gait| {
                    read_early(gait, side, 0.1);
                    told_by(gait, side, method);
                });
                assert!(apart.abs() < f64::EPSILON, "{method:?} {side:?}: {apart}");
            }
        }
    }

    #[test]
    fn too_few_strides_one_foot_alone_or_a_thigh_that_was_not_seen_prove_nothing() {
        let early = |gait: &mut Gait| read_early(gait, Side::Left, 0.1);
        let two = told(Exercise::SledPush, |_, gait| {
            early(gait);
            gait.strides.truncate(2);
        });
        let one_foot = told(Exercise::SledPush, |_, gait| {
            early(gait);
            gait.strides.retain(|s| s.side == Side::Right);
        });
        let hidden = told(Exercise::SledPush, |movement, gait| {
            early(gait);
            let thigh = Angle::of(AngleKind::Segment(Segment::Thigh), Side::Left);
            let mut seen = movement.angles.get(thigh).clone();
            (0..seen.len()).filter(|i| i % 3 == 0).for_each(|i| seen.set(i, None));
            movement.angles.set(thigh, seen);
        });
        assert!([two, one_foot, hidden].iter().all(|apart| apart.abs() < f64::EPSILON));
    }
}
