//! Which way the athlete steps, and where that takes him.
//!
//! Stepping is read off the foot on the ground against the pelvis, so a treadmill and a panning camera do not fool
//! it. Travel over the ground is told only where the ground holds still in the points.

use super::smooth::local_lines;
use super::stride::{Direction, Travel};
use crate::kinematics::movement::Movement;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};
use std::ops::Range;

/// How the feet move in a stretch of stepping; all in the picture, +x to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepping {
    /// Which way the stepping goes in the picture: +1 to the right edge, -1 to the left; none when not to be told.
    pub toward: Option<f64>,
    /// Velocity of the foot on the ground relative to the pelvis, px per sample.
    pub stance_from_pelvis: f64,
    /// Velocity of the belt the feet stand on, px per sample; 0 on solid ground. None where the ground is not fixed.
    pub belt: Option<f64>,
    /// Displacement of the pelvis through the stretch, px; none where the ground is not fixed.
    pub displacement: Option<f64>,
}

/// Standard deviation of the smoothing of positions for their velocity, s: a cut-off of 5 Hz.
const SMOOTHING_S: f64 = 0.027;
/// A foot is the lower one when it is this share of a leg length lower.
const LOWER_BY_LEG: f64 = 0.02;
/// The half of the lower feet that moves least up and down stands.
const STILL_SHARE: f64 = 0.5;
/// Slower than this share of a leg length per stride, the stepping goes nowhere.
pub(super) const MIN_STRIDE_LEG: f64 = 0.12;
/// The ground is a belt when the standing foot keeps this share of its speed against the pelvis.
const BELT_SHARE: f64 = 0.5;
/// Less displacement than this share of what the steps make is in place.
const IN_PLACE_SHARE: f64 = 0.3;

/// One frame of a foot that may stand: its velocities, px per sample.
struct Standing {
    from_pelvis: f64,
    over_ground: f64,
    vertical: f64,
}

/// How the feet move within `range`, a stride taking `period_samples`.
pub fn stepping(movement: &Movement, range: Range<usize>, period_samples: f64, leg_px: f64) -> Stepping {
    let standing = standing(movement, range.clone(), leg_px);
    let stance = median(standing.iter().map(|s| s.from_pelvis)).unwrap_or(0.0);
    let ground = median(standing.iter().map(|s| s.over_ground)).unwrap_or(0.0);
    let clear = stance.abs() * period_samples >= MIN_STRIDE_LEG * leg_px;
    let displacement = movement.ground_is_fixed.then(|| displacement(movement, range.clone())).flatten();
    let far =
        displacement.filter(|d| d.abs() >= MIN_STRIDE_LEG * leg_px * range.len() as f64 / period_samples);
    let toward = if clear { Some(-stance.signum()) } else { far.map(f64::signum) };
    let belt = movement.ground_is_fixed.then(|| {
        if clear && ground * stance > 0.0 && ground.abs() > BELT_SHARE * stance.abs() { ground } else { 0.0 }
    });
    Stepping { toward, stance_from_pelvis: stance, belt, displacement }
}

impl Stepping {
    /// The direction of stepping relative to where the athlete faces.
    pub fn direction(&self, movement: &Movement) -> Option<Direction> {
        let forward = self.toward? * movement.facing?.sign() > 0.0;
        Some(if forward { Direction::Forward } else { Direction::Backward })
    }

    /// Where the athlete goes over the ground in `samples` samples.
    pub fn travel(&self, movement: &Movement, samples: usize, period_samples: f64, leg_px: f64) -> Travel {
        let Some(displacement) = self.displacement else { return Travel::Unknown };
        let stepped = self.stance_from_pelvis.abs() * samples as f64;
        let least = (MIN_STRIDE_LEG * leg_px * samples as f64 / period_samples).max(IN_PLACE_SHARE * stepped);
        if displacement.abs() < least {
            return Travel::InPlace;
        }
        match movement.facing {
            None => Travel::Unknown,
            Some(facing) if displacement * facing.sign() > 0.0 => Travel::Forward,
            Some(_) => Travel::Backward,
        }
    }
}

/// Horizontal positions of the pelvis: the middle of the hips, or the one hip seen.
pub(super) fn pelvis_x(movement: &Movement) -> Vec<Option<f64>> {
    let hip = |side, i| movement.unfiltered.limb(LimbPoint::Hip, side).value(i).map(|p| p.x);
    (0..movement.time.len)
        .map(|i| match (hip(Side::Left, i), hip(Side::Right, i)) {
            (Some(left), Some(right)) => Some(0.5 * (left + right)),
            (one, other) => one.or(other),
        })
        .collect()
}

/// From where before `first` to where after `last` the hips were seen in one take and without a hole.
pub(super) fn seen(movement: &Movement, (first, last): (f64, f64)) -> (f64, f64) {
    /// Who is not seen for so long, s, may have gone anywhere: half a slow stride [default].
    const HOLE_S: f64 = 0.5;
    let pelvis = pelvis_x(movement);
    let mut seen = (0.0, movement.time.len.saturating_sub(1) as f64);
    let mut bound = |from: f64, to: f64| {
        if to <= first {
            seen.0 = f64::max(seen.0, to);
        } else if from >= last {
            seen.1 = f64::min(seen.1, from);
        }
    };
    movement.cuts.iter().for_each(|cut| bound(cut.position, cut.position));
    let mut start = 0;
    for run in pelvis.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let (from, to) = (start, start + run.len());
        start = to;
        let at_an_end = from == 0 || to == pelvis.len();
        if run[0].is_none() && (at_an_end || run.len() as f64 >= HOLE_S * movement.time.rate.0) {
            bound(from as f64 - 1.0, to as f64);
        }
    }
    seen
}

/// Usual length of thigh plus shank over the clip, px: the 75th percentile (B3) of the longer-looking leg; twice the
/// thigh where ankles are hidden (the two are alike, Drillis & Contini 1966). None where no thigh was seen.
pub fn leg_length_px(movement: &Movement) -> Option<f64> {
    let segment = |side, from: LimbPoint, to: LimbPoint| {
        let limb = |p| movement.unfiltered.limb(p, side);
        let lengths =
            (0..movement.time.len).filter_map(|i| Some(limb(from).value(i)?.distance(limb(to).value(i)?)));
        quantile(lengths, 0.75)
    };
    let length = |side| {
        let thigh = segment(side, LimbPoint::Hip, LimbPoint::Knee)?;
        Some(thigh + segment(side, LimbPoint::Knee, LimbPoint::Ankle).unwrap_or(thigh))
    };
    Side::BOTH.into_iter().filter_map(length).max_by(f64::total_cmp).filter(|l| *l > 0.0)
}

/// Frames in which a foot is the lower one and holds its height, of both feet.
fn standing(movement: &Movement, range: Range<usize>, leg_px: f64) -> Vec<Standing> {
    let sigma = SMOOTHING_S * movement.time.rate.0;
    let lines = |values: Vec<Option<f64>>| local_lines(&values, sigma);
    let pelvis = lines(pelvis_x(movement));
    let ankle = |side, x: bool| {
        let series = movement.unfiltered.limb(LimbPoint::Ankle, side);
        lines(series.iter().map(|s| s.map(|s| if x { s.value.x } else { s.value.y })).collect())
    };
    let feet = Side::BOTH.map(|side| (ankle(side, true), ankle(side, false)));
    let mut found: Vec<Standing> = Vec::new();
    for i in range {
        let (Some(Some(pelvis)), Some(left), Some(right)) = (pelvis.get(i), feet[0].1[i], feet[1].1[i])
        else {
            continue;
        };
        for (side, this, other) in [(0, left, right), (1, right, left)] {
            if let Some((_, vx)) = feet[side].0[i]
                && this.0 - other.0 > LOWER_BY_LEG * leg_px
            {
                found.push(Standing { from_pelvis: vx - pelvis.1, over_ground: vx, vertical: this.1.abs() });
            }
        }
    }
    let Some(still) = quantile(found.iter().map(|s| s.vertical), STILL_SHARE) else {
        return found;
    };
    found.retain(|s| s.vertical <= still);
    found
}

/// How far the pelvis goes through the range, px, by a straight line through all of it.
fn displacement(movement: &Movement, range: Range<usize>) -> Option<f64> {
    let pelvis = pelvis_x(movement);
    let rows: Vec<(f64, f64)> = range.clone().filter_map(|i| Some((i as f64, pelvis[i]?))).collect();
    let n = rows.len() as f64;
    let (mean_t, mean_x) =
        (rows.iter().map(|r| r.0).sum::<f64>() / n, rows.iter().map(|r| r.1).sum::<f64>() / n);
    let spread: f64 = rows.iter().map(|r| (r.0 - mean_t).powi(2)).sum();
    let along: f64 = rows.iter().map(|r| (r.0 - mean_t) * (r.1 - mean_x)).sum();
    (spread > 0.0).then(|| along / spread * range.len() as f64)
}
