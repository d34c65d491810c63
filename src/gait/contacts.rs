//! Initial and terminal contact of every swing of the stride clock, each with its method, confidence and uncertainty.
//!
//! One swing per clock stride and side, left and right in turn, by construction. The methods, best first: the path of
//! heel and toe over the ground, the path of the ankle alone, extremes of the foot relative to the pelvis, the thighs.

use super::bouts::{Edge, Stretch};
use super::clock::Clock;
use super::fallback::{extremes, thigh_clock};
use super::smooth::median;
use super::stride::{Event, EventKind, EventMethod};
use super::swing::{Path, Swing, Usual, Window, swing};
use super::travel::{Stepping, pelvis_x};
use crate::kinematics::movement::Movement;
use crate::signal::series::Source;
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Confidence, Seconds};

/// One swing of a leg and the events that bound it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Which leg swings.
    pub side: Side,
    /// The legs pass each other, samples; outside the clip for a swing half seen at its ends.
    pub passing: f64,
    /// The foot leaves: the end of its contact. None outside the clip.
    pub leave: Option<Event>,
    /// The foot lands. None outside the clip.
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
}

/// Times of a swing in samples, with what is needed to make events of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    pub leave: f64,
    pub land: f64,
    /// One standard deviation from the noise of the points, samples.
    pub uncertainty: f64,
    pub confidence: f32,
    pub method: EventMethod,
}

/// Share of a window's samples that a point of the foot must have for a fit.
const MIN_SEEN: f64 = 0.5;
/// A foot that goes less far in a swing than this share of the leg tells no contact by its path.
const MIN_SWING_LEG: f64 = 0.08;
/// Nor does one whose path is this far from a step, as a share of its length.
const MAX_RESIDUAL_SHARE: f64 = 0.2;
/// Swings of one foot in steady stepping differ by about this share in duration and in length: stride time varies by
/// 2 to 5 %, the split into stance and swing adds to it (B7, duty of the rendered clips).
const DURATION_SPREAD: f64 = 0.10;
const LENGTH_SPREAD: f64 = 0.15;
/// Floor of the noise of a coordinate, as a share of the leg: half a centimetre of a metre.
const MIN_NOISE_LEG: f64 = 0.005;
/// Weight of an interpolated sample beside a measured one.
const INTERPOLATED_WEIGHT: f64 = 0.3;
/// Standard deviation of an event against a force plate, forward and backward (C3), s.
const METHOD_FORWARD_S: f64 = 0.010;
const METHOD_BACKWARD_S: f64 = 0.019;

/// The steps of a stretch in time order.
pub(super) fn steps(stage: &Stage<'_>, stretch: &Stretch) -> Vec<Step> {
    let windows = windows(stage, stretch);
    let feet = Side::BOTH.map(|side| Foot::of(stage, side));
    let timings = |side: Side| -> Vec<(Window, Timing)> {
        let mine = windows.iter().filter(|w| w.0 == side).map(|w| w.1).collect::<Vec<_>>();
        let foot = &feet[side.index()];
        let usual = foot.usual(stage, &mine).or_else(|| {
            let theirs = windows.iter().filter(|w| w.0 != side).map(|w| w.1).collect::<Vec<_>>();
            feet[side.mirror().index()].usual(stage, &theirs)
        });
        mine.into_iter().map(|w| (w, foot.timing(stage, w, usual.as_ref()))).collect()
    };
    let mut steps: Vec<Step> = Side::BOTH
        .into_iter()
        .flat_map(|side| timings(side).into_iter().map(move |(w, t)| (side, w, t)))
        .map(|(side, window, timing)| Step {
            side,
            passing: window.passing,
            leave: event(stage, side, EventKind::TerminalContact, timing.leave, timing),
            land: event(stage, side, EventKind::InitialContact, timing.land, timing),
        })
        .collect();
    steps.sort_by(|a, b| a.passing.total_cmp(&b.passing));
    steps
}

fn event(stage: &Stage<'_>, side: Side, kind: EventKind, at: f64, timing: Timing) -> Option<Event> {
    let time = &stage.movement.time;
    let inside = at >= -0.5 && at <= time.len as f64 - 0.5;
    let forward = stage.stepping.direction(stage.movement).is_none_or(|d| d.sign() > 0.0);
    let method = if forward { METHOD_FORWARD_S } else { METHOD_BACKWARD_S };
    let frame = time.step().0;
    let noise = timing.uncertainty * frame;
    inside.then(|| Event {
        time: time.at_position(at.clamp(0.0, time.len as f64 - 1.0)),
        uncertainty: Seconds((frame * frame / 12.0 + method * method + noise * noise).sqrt()),
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
    let clip_end = stage.movement.time.len as f64 - 1.0;
    if stretch.begins == Edge::Cut && first.0 - half > -0.5 * half {
        passings.insert(0, (first.0 - half, !first.1));
    }
    if stretch.ends == Edge::Cut && last.0 + half < clip_end + 0.5 * half {
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

/// One foot's points over the ground, along the way of stepping.
struct Foot {
    side: Side,
    heel_and_toe: Vec<Path>,
    ankle: Path,
}

impl Foot {
    fn of(stage: &Stage<'_>, side: Side) -> Self {
        let path = |point| path(stage, point, side);
        Self {
            side,
            heel_and_toe: vec![path(LimbPoint::Heel), path(LimbPoint::Toe)],
            ankle: path(LimbPoint::Ankle),
        }
    }

    /// The paths to fit in a window, best first.
    fn paths(&self, window: Window) -> Option<(Vec<Path>, EventMethod)> {
        let seen = |path: &Path| {
            let inside = window.from.max(0.0) as usize..(window.to.max(0.0) as usize + 1).min(path.len());
            let count = inside.clone().filter(|&i| path[i].is_some()).count();
            count as f64 >= MIN_SEEN * inside.len().max(1) as f64
        };
        let feet: Vec<Path> = self.heel_and_toe.iter().filter(|p| seen(p)).cloned().collect();
        if !feet.is_empty() {
            return Some((feet, EventMethod::FootSpeed));
        }
        seen(&self.ankle).then(|| (vec![self.ankle.clone()], EventMethod::AnkleSpeed))
    }

    /// A swing good enough to tell its contacts.
    fn swing(
        &self,
        stage: &Stage<'_>,
        window: Window,
        usual: Option<&Usual>,
    ) -> Option<(Swing, EventMethod)> {
        let (paths, method) = self.paths(window)?;
        let swing = swing(&paths, window, stage.movement.time.rate.0, usual)?;
        let told = swing.length >= MIN_SWING_LEG * stage.leg_px
            && swing.residual <= MAX_RESIDUAL_SHARE * swing.length;
        told.then_some((swing, method))
    }

    /// What the swings wholly inside the clip were like.
    fn usual(&self, stage: &Stage<'_>, windows: &[Window]) -> Option<Usual> {
        let clip_end = stage.movement.time.len as f64 - 1.0;
        let slack = 0.1 * stage.period;
        let whole: Vec<Swing> = windows
            .iter()
            .filter(|w| w.from >= -slack && w.to <= clip_end + slack)
            .filter_map(|w| self.swing(stage, *w, None).map(|s| s.0))
            .collect();
        let duration = median(whole.iter().map(|s| s.land - s.leave))?;
        let length = median(whole.iter().map(|s| s.length))?;
        let noise = median(whole.iter().map(|s| s.residual))?;
        Some(Usual {
            duration,
            duration_sd: DURATION_SPREAD * duration,
            length,
            length_sd: LENGTH_SPREAD * length,
            noise: noise.max(MIN_NOISE_LEG * stage.leg_px),
        })
    }

    fn timing(&self, stage: &Stage<'_>, window: Window, usual: Option<&Usual>) -> Timing {
        if let Some((swing, method)) = self.swing(stage, window, usual) {
            return Timing {
                leave: swing.leave,
                land: swing.land,
                uncertainty: swing.uncertainty,
                confidence: self.confidence(&swing, window),
                method,
            };
        }
        extremes(stage, self.side, window).unwrap_or_else(|| thigh_clock(stage, window))
    }

    /// Mean confidence of the points used, less where the path fits a step badly.
    fn confidence(&self, swing: &Swing, window: Window) -> f32 {
        let range = window.from.max(0.0) as usize..(window.to.max(0.0) as usize + 1).min(self.ankle.len());
        let paths = self.heel_and_toe.iter().chain(std::iter::once(&self.ankle));
        let best = paths
            .map(|p| range.clone().filter_map(|i| p[i].map(|s| s.1)).sum::<f64>() / range.len().max(1) as f64)
            .fold(0.0, f64::max);
        (best * (1.0 - swing.residual / (MAX_RESIDUAL_SHARE * swing.length) * 0.5)) as f32
    }
}

/// Place of a point along the way of stepping with the ground held still, px, and its weight.
fn path(stage: &Stage<'_>, point: LimbPoint, side: Side) -> Path {
    let pelvis = pelvis_x(stage.movement);
    let series = stage.movement.unfiltered.limb(point, side);
    series
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let sample = sample?;
            let ground = match stage.stepping.belt {
                Some(belt) => belt * i as f64,
                None => pelvis[i]? + stage.stepping.stance_from_pelvis * i as f64,
            };
            let seen = if sample.source == Source::Measured { 1.0 } else { INTERPOLATED_WEIGHT };
            let weight = seen * f64::from(sample.confidence.value()).max(0.05);
            Some((stage.toward * (sample.value.x - ground), weight))
        })
        .collect()
}
