//! Initial and terminal contact of every swing of the stride clock, each with its method, confidence and uncertainty.
//!
//! One swing per clock stride and side, left and right in turn, by construction. The methods, best first: the path of
//! heel and toe over the ground, the path of the ankle alone, extremes of the foot relative to the pelvis, the clock.

use super::bouts::{Edge, Stretch};
use super::clock::Clock;
use super::fallback::{extremes, thigh_clock};
use super::foot::Feet;
use super::stride::{Event, EventKind, EventMethod};
use super::swing::Window;
use super::travel::Stepping;
use crate::kinematics::movement::Movement;
use crate::skeleton::Side;
use crate::units::{Confidence, Seconds};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// One swing of a leg and the events that bound it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Which leg swings.
    pub side: Side,
    /// The legs pass each other, samples; outside what was seen for a swing half seen at its ends.
    pub passing: f64,
    /// The foot leaves: the end of its contact. None outside what was seen.
    pub leave: Option<Event>,
    /// The foot lands. None outside what was seen.
    pub land: Option<Event>,
}

/// What the steps of a stretch have in common.
pub(super) struct Stage<'a> {
    pub movement: &'a Movement,
    pub clock: &'a Clock,
    /// +1 stepping to the right edge of the picture, -1 to the left.
    pub toward: f64,
    pub stepping: Stepping,
    pub period: f64,
    pub leg_px: f64,
    /// First and last sample in which the hips were seen: outside, nothing is known.
    pub seen: (f64, f64),
}

impl Stage<'_> {
    /// Whether a sample is of this take and the athlete in it.
    pub fn was_there(&self, sample: usize) -> bool {
        (self.seen.0..=self.seen.1).contains(&(sample as f64))
    }

    /// Whether the athlete was there for all of a window, or nearly.
    pub fn is_whole(&self, window: Window) -> bool {
        let slack = WHOLE_SLACK * self.period;
        window.from >= self.seen.0 - slack && window.to <= self.seen.1 + slack
    }
}

/// Times of a swing in samples, with what is needed to make events of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    pub leave: Option<f64>,
    pub land: Option<f64>,
    /// One standard deviation from the noise of the points, samples.
    pub uncertainty: f64,
    pub confidence: f32,
    pub method: EventMethod,
}

/// A window may reach this share of a stride beyond what was seen and still hold a whole swing.
const WHOLE_SLACK: f64 = 0.1;
/// Standard deviation of an event against a force plate, forward and backward (C3), s.
const METHOD_FORWARD_S: f64 = 0.010;
const METHOD_BACKWARD_S: f64 = 0.019;
/// What not knowing how abruptly the foot starts and stops adds, s (`shape`); the same for every contact of a kind.
pub(super) const SHAPE_S: f64 = 0.020;

/// The steps of a stretch in time order.
pub(super) fn steps(stage: &Stage<'_>, stretch: &Stretch) -> Vec<Step> {
    let windows = windows(stage, stretch);
    let feet = Feet::of(stage, &windows);
    let mut steps: Vec<Step> = windows
        .into_par_iter()
        .map(|(side, window)| {
            // Half a swing at an end of the clip is told by the feet or not at all.
            let cut = !stage.is_whole(window) && feet.tell(side);
            let timing = feet.timing(stage, side, window).or_else(|| {
                (!cut).then(|| extremes(stage, side, window).unwrap_or_else(|| thigh_clock(stage, window)))
            });
            (side, window, timing)
        })
        .map(|(side, window, timing)| Step {
            side,
            passing: window.passing,
            leave: timing.and_then(|t| event(stage, side, EventKind::TerminalContact, t.leave?, t)),
            land: timing.and_then(|t| event(stage, side, EventKind::InitialContact, t.land?, t)),
        })
        .collect();
    steps.sort_by(|a, b| a.passing.total_cmp(&b.passing));
    steps
}

fn event(stage: &Stage<'_>, side: Side, kind: EventKind, at: f64, timing: Timing) -> Option<Event> {
    let time = &stage.movement.time;
    let inside = at >= stage.seen.0 && at <= stage.seen.1;
    let forward = stage.stepping.direction(stage.movement).is_none_or(|d| d.sign() > 0.0);
    let method = if forward { METHOD_FORWARD_S } else { METHOD_BACKWARD_S };
    let frame = time.step().0;
    let noise = timing.uncertainty * frame;
    inside.then(|| Event {
        time: time.at_position(at),
        uncertainty: Seconds(
            (frame * frame / 12.0 + method * method + SHAPE_S * SHAPE_S + noise * noise).sqrt(),
        ),
        side,
        kind,
        confidence: Confidence::new(timing.confidence),
        method: timing.method,
    })
}

/// A window per crossing, from one mid-stance to the next, and one more at each end that the clip cuts.
fn windows(stage: &Stage<'_>, stretch: &Stretch) -> Vec<(Side, Window)> {
    let half = stage.period / 2.0;
    let mut passings: Vec<(f64, bool)> =
        stretch.crossings.iter().map(|c| (c.position, c.left_toward_right_edge)).collect();
    let (first, last) = (passings[0], passings[passings.len() - 1]);
    let (seen_from, seen_to) = stage.seen;
    if stretch.begins == Edge::Cut && first.0 - half > seen_from - 0.5 * half {
        passings.insert(0, (first.0 - half, !first.1));
    }
    if stretch.ends == Edge::Cut && last.0 + half < seen_to + 0.5 * half {
        passings.push((last.0 + half, !last.1));
    }
    (0..passings.len())
        .map(|k| {
            let (passing, left_right) = passings[k];
            let from = k.checked_sub(1).map_or(passing - half, |b| passings[b].0);
            let to = passings.get(k + 1).map_or(passing + half, |n| n.0);
            let left = left_right == (stage.toward > 0.0);
            (if left { Side::Left } else { Side::Right }, Window { from, passing, to })
        })
        .collect()
}
