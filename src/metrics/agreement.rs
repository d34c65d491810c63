//! Whether contacts and thighs tell the same alternation of the legs (B9): a foot that is read too early or too late lands out
//! of step with its own thigh.

use super::harmonic;
use super::statistics;
use crate::gait::stride::{EventMethod, Gait, Stride};
use crate::kinematics::movement::Movement;
use crate::skeleton::{Angle, AngleKind, Segment, Side};
use crate::units::{Hertz, Seconds};
use std::f64::consts::TAU;

/// Fewest strides of which the disagreement is told; fewer are too noisy to tell it from chance.
const LEAST_STRIDES: usize = 3;

/// How far from the time of the other foot's landing the thighs' swings put it, on average over the valid strides, the right
/// foot's and the left foot's against each other; none where contacts or thighs were not seen.
#[must_use]
pub fn contacts_against_thighs(movement: &Movement, gait: &Gait) -> Option<Seconds> {
    let valid = || gait.strides.iter().filter(|s| s.is_valid());
    let late: Vec<f64> = valid().filter_map(|stride| right_late(movement, stride)).collect();
    let durations: Vec<f64> = valid().map(|s| s.duration().0).collect();
    if late.len() < LEAST_STRIDES {
        return None;
    }
    Some(Seconds(statistics::mean(&late)?.abs() * statistics::mean(&durations)?))
}

/// By how much of a stride the right foot lands later in it than its thigh swings, both against the left one.
fn right_late(movement: &Movement, stride: &Stride) -> Option<f64> {
    let landing = stride.opposite_initial.filter(|e| e.method != EventMethod::ThighClock)?;
    let frequency = Hertz(1.0 / stride.duration().0);
    let swing = |side: Side| {
        let thigh = movement.angles.get(Angle::of(AngleKind::Segment(Segment::Thigh), side));
        let samples: Vec<(f64, f64)> = movement
            .time
            .range(stride.start, stride.end)
            .filter_map(|i| Some(((movement.time.at(i) - stride.start).0, thigh.value(i)?.0)))
            .collect();
        harmonic::fit(&samples, frequency)
    };
    let (own, other) = (swing(stride.side)?, swing(stride.side.mirror())?);
    let by_contact = (landing.time - stride.start).0 / stride.duration().0;
    let by_thigh = (own.phase.0 - other.phase.0) / TAU;
    let apart = by_contact - by_thigh;
    let other_late = apart - apart.round();
    Some(if stride.side == Side::Left { other_late } else { -other_late })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    /// Of exact strides.
    const NEARLY_NONE_S: f64 = 0.02;

    fn told(exercise: Exercise, change: impl Fn(&mut Gait)) -> Option<f64> {
        let athlete = Athlete::new(exercise);
        let mut gait = athlete.truth().gait;
        change(&mut gait);
        contacts_against_thighs(&athlete.movement(), &gait).map(|s| s.0)
    }

    #[test]
    fn exact_contacts_and_thighs_agree() {
        for exercise in Exercise::ALL {
            assert!(told(exercise, |_| ()).is_some_and(|s| s < NEARLY_NONE_S), "{exercise:?}");
        }
    }

    #[test]
    fn a_foot_that_is_read_early_disagrees_with_its_thigh_by_as_much() {
        for (side, early) in [(Side::Left, 0.1), (Side::Right, 0.1), (Side::Left, -0.06)] {
            let found = told(Exercise::SledPush, |gait| {
                for stride in &mut gait.strides {
                    if stride.side == side {
                        (stride.start, stride.end) =
                            (stride.start - Seconds(early), stride.end - Seconds(early));
                    } else if let Some(landing) = &mut stride.opposite_initial {
                        landing.time = landing.time - Seconds(early);
                    }
                }
            });
            let found = found.expect("all strides are told");
            assert!((found - f64::abs(early)).abs() < NEARLY_NONE_S, "{found} of {early}");
        }
    }

    #[test]
    fn where_thighs_told_the_contacts_they_prove_nothing() {
        let found = told(Exercise::SledPush, |gait| {
            for landing in gait.strides.iter_mut().filter_map(|s| s.opposite_initial.as_mut()) {
                landing.method = EventMethod::ThighClock;
            }
        });
        assert_eq!(found, None);
    }

    #[test]
    fn two_strides_prove_nothing() {
        assert_eq!(told(Exercise::SledPush, |gait| gait.strides.truncate(2)), None);
    }
}
