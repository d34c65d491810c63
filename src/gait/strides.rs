//! Events to strides, with the reason where one does not count, and stretches to bouts.

use super::bouts::{Edge, Stretch};
use super::clock::Clock;
use super::contacts::{SHAPE_S, Step};
use super::stride::{Event, EventMethod, Stride, Unfit};
use crate::kinematics::movement::Movement;
use crate::signal::series::Source;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;

/// A stride counts within this range of the median duration (C3).
const DURATION_RANGE: (f64, f64) = (0.6, 1.6);
/// And with the other foot's landing within this part of it: outside, one step takes 2.3 times as long as the other, which no
/// limp does [default].
const OTHER_LANDS: (f64, f64) = (0.3, 0.7);
/// And with at least this share of the median swing of the legs (C3).
const MIN_AMPLITUDE_SHARE: f64 = 0.4;
/// And with at most this share of the samples of its own thigh not measured (C3).
const MAX_UNSEEN_SHARE: f64 = 0.2;
/// From rest, so many strides are the start (F7: the first two), to rest so many the end (F7: the last).
const START_STRIDES: usize = 2;
const STOP_STRIDES: usize = 1;

/// Strides that the feet must tell for their mean time to be taken from them.
const MIN_STRIDES: f64 = 2.0;

/// The strides of one stretch in order of start; `bout` is its number. Indices are given by the caller.
pub(super) fn strides(
    movement: &Movement,
    clock: &Clock,
    stretch: &Stretch,
    steps: &[Step],
    bout: usize,
) -> Vec<Stride> {
    let mut found: Vec<Stride> = Side::BOTH.into_iter().flat_map(|side| of_side(steps, side, bout)).collect();
    found.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    judge(movement, clock, stretch, &mut found);
    found
}

fn of_side(steps: &[Step], side: Side, bout: usize) -> Vec<Stride> {
    let own: Vec<&Step> = steps.iter().filter(|s| s.side == side).collect();
    let others: Vec<&Step> = steps.iter().filter(|s| s.side != side).collect();
    own.windows(2)
        .filter_map(|pair| {
            let (open, close) = (pair[0].land?, pair[1].land?);
            let leave = pair[1].leave?;
            let between = |passing: f64| passing > pair[0].passing && passing < pair[1].passing;
            // While this foot stands the other one swings: its leaving comes near this landing, its landing near
            // this leaving.
            let other = others.iter().find(|o| between(o.passing));
            Some(Stride {
                index: 0,
                bout,
                side,
                start: open.time,
                end: close.time,
                initial_contact: open,
                terminal_contact: leave,
                opposite_terminal: other.and_then(|o| o.leave),
                opposite_initial: other.and_then(|o| o.land),
                unfit: None,
            })
        })
        .filter(|s| s.end.0 > s.start.0)
        .collect()
}

fn judge(movement: &Movement, clock: &Clock, stretch: &Stretch, strides: &mut [Stride]) {
    let Some(usual) = median(strides.iter().map(|s| s.duration().0)) else { return };
    let swings: Vec<f64> = strides.iter().map(|s| swing(movement, clock, s)).collect();
    let usual_swing = median(swings.iter().copied()).unwrap_or(0.0);
    let count = strides.len();
    for (k, stride) in strides.iter_mut().enumerate() {
        let share = stride.duration().0 / usual;
        stride.unfit = if stretch.begins == Edge::Turn && k < START_STRIDES
            || stretch.ends == Edge::Turn && k + STOP_STRIDES >= count
        {
            Some(Unfit::Turning)
        } else if stretch.begins == Edge::Rest && k < START_STRIDES {
            Some(Unfit::StartUp)
        } else if stretch.ends == Edge::Rest && k + STOP_STRIDES >= count {
            Some(Unfit::Stopping)
        } else if !(DURATION_RANGE.0..=DURATION_RANGE.1).contains(&share) {
            Some(Unfit::OddDuration)
        } else if has_odd_steps(stride) {
            Some(Unfit::OddSteps)
        } else if swings[k] < MIN_AMPLITUDE_SHARE * usual_swing {
            Some(Unfit::SmallAmplitude)
        } else if unseen_share(movement, stride) > MAX_UNSEEN_SHARE {
            Some(Unfit::NotSeen)
        } else {
            None
        };
    }
}

/// Whether the other foot lands when it cannot; where nothing but the clock tells, it is not known.
fn has_odd_steps(stride: &Stride) -> bool {
    let landing = stride.opposite_initial.filter(|e| e.method != EventMethod::ThighClock);
    let at = landing.map(|landing| (landing.time - stride.start).0 / stride.duration().0);
    at.is_some_and(|at| !(OTHER_LANDS.0..=OTHER_LANDS.1).contains(&at))
}

/// Peak-to-peak difference between the legs through a stride, rad, without the outermost tenths.
fn swing(movement: &Movement, clock: &Clock, stride: &Stride) -> f64 {
    let range = movement.time.range(stride.start, stride.end);
    let values: Vec<f64> = range.filter_map(|i| clock.difference[i]).collect();
    let at = |share| quantile(values.iter().copied(), share).unwrap_or(0.0);
    at(0.95) - at(0.05)
}

/// Share of the samples of the stride's own hip and knee that were not measured.
fn unseen_share(movement: &Movement, stride: &Stride) -> f64 {
    let range = movement.time.range(stride.start, stride.end);
    let measured = |point: LimbPoint, i: usize| {
        movement.unfiltered.limb(point, stride.side).get(i).is_some_and(|s| s.source == Source::Measured)
    };
    let both = |i: &usize| measured(LimbPoint::Hip, *i) && measured(LimbPoint::Knee, *i);
    1.0 - range.clone().filter(both).count() as f64 / range.len().max(1) as f64
}

/// Every event of the steps in time order.
pub(super) fn events(steps: &[Step]) -> Vec<Event> {
    let mut events: Vec<Event> = steps.iter().flat_map(|s| [s.leave, s.land]).flatten().collect();
    events.sort_by(|a, b| a.time.0.total_cmp(&b.time.0));
    events
}

/// Mean stride time with one standard deviation, s: from the first to the last contact of a kind and foot, all four
/// together, so that neither a limp nor the split into stance and swing matters. None where the feet's paths tell
/// fewer than two strides.
pub(super) fn stride_time(steps: &[Step]) -> Option<(Seconds, Seconds)> {
    let (mut time, mut variance, mut strides) = (0.0, 0.0, 0.0);
    for side in Side::BOTH {
        let own: Vec<&Step> = steps.iter().filter(|s| s.side == side).collect();
        for event in [(|s: &Step| s.leave) as fn(&Step) -> Option<Event>, |s: &Step| s.land] {
            let told: Vec<(usize, Event)> = own
                .iter()
                .enumerate()
                .filter_map(|(k, s)| event(s).filter(by_path).map(|e| (k, e)))
                .collect();
            if let (Some(first), Some(last)) = (told.first(), told.last()) {
                time += last.1.time.0 - first.1.time.0;
                // What is common to all contacts of a kind does not change the time between two.
                let own = |e: &Event| (e.uncertainty.0.powi(2) - SHAPE_S * SHAPE_S).max(0.0);
                variance += own(&first.1) + own(&last.1);
                strides += (last.0 - first.0) as f64;
            }
        }
    }
    (strides >= 2.0 * MIN_STRIDES).then(|| (Seconds(time / strides), Seconds(variance.sqrt() / strides)))
}

fn by_path(event: &Event) -> bool {
    matches!(event.method, EventMethod::FootSpeed | EventMethod::AnkleSpeed | EventMethod::OtherFoot)
}

/// Share of events found by the path of a foot or ankle over the ground.
pub(super) fn share_by_path(events: &[Event]) -> f64 {
    events.iter().filter(|e| by_path(e)).count() as f64 / events.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    #[test]
    fn the_other_foot_lands_about_half_way_or_a_contact_is_too_many() {
        let mut stride = Athlete::new(Exercise::SledPush).truth().gait.strides[2].clone();
        assert!(!has_odd_steps(&stride));
        let landing = stride.opposite_initial.unwrap();
        for (share, odd) in [(0.2, true), (0.35, false), (0.65, false), (0.8, true)] {
            let time = stride.start + stride.duration() * share;
            stride.opposite_initial = Some(Event { time, ..landing });
            assert_eq!(has_odd_steps(&stride), odd, "{share}");
            stride.opposite_initial = Some(Event { time, method: EventMethod::ThighClock, ..landing });
            assert!(!has_odd_steps(&stride), "{share}");
        }
        stride.opposite_initial = None;
        assert!(!has_odd_steps(&stride));
    }
}
