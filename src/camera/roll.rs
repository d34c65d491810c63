//! Camera roll from the line that the standing feet leave on the ground (docs/science.md B8).
//!
//! A foot that rests marks the floor. Each rest of each foot point gives one mark; the marks of one and the same point
//! (left toe, right heel, ...) lie on a line along the path, whose slope is the roll. Slopes are compared within one
//! foot point only, because the near and the far foot lie at different heights in the picture.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::derivative::velocity;
use crate::signal::statistics::{MAD_TO_SD, median};
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Radians};

/// How far the camera is from level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roll {
    /// Positive clockwise on screen: the floor falls to the right.
    pub angle: Radians,
    /// One standard deviation.
    pub uncertainty: Radians,
}

/// Rolls smaller than this are not worth correcting (docs/science.md B8).
pub const LEAST_CORRECTED_DEG: f64 = 1.0;
/// Above this the floor itself may slope: absolute segment angles are to be doubted (docs/science.md B8).
pub const DOUBTFUL_DEG: f64 = 8.0;
/// A roll is corrected only where it is this many deviations from none.
const SURE_DEVIATIONS: f64 = 2.0;
/// A foot point rests below this speed, leg lengths per second: 0.35 m/s over a leg of 0.85 m, between the entering
/// limits of docs/science.md C3 at 0.6 and 1.5 m/s, on the strict side.
const RESTING_SPEED: f64 = 0.4;
/// Shortest rest, s (docs/science.md C3: minimum contact 0.08 s).
const SHORTEST_REST_S: f64 = 0.08;
/// Two marks must lie this far apart, in leg lengths, for their slope to say anything.
const LEAST_APART: f64 = 0.5;
/// All marks of a point must spread at least this far, in leg lengths: three short steps.
const LEAST_SPREAD: f64 = 1.5;
/// Fewest slopes.
const LEAST_SLOPES: usize = 3;

impl Roll {
    /// The roll to take out: 0 where it is small or could be none.
    #[must_use]
    pub fn to_remove(self) -> Radians {
        let large = self.angle.0.abs() > LEAST_CORRECTED_DEG.to_radians();
        let sure = self.angle.0.abs() > SURE_DEVIATIONS * self.uncertainty.0;
        if large && sure { self.angle } else { Radians(0.0) }
    }
}

/// Theil–Sen slope through the marks; none where the athlete does not get far enough. `points` are even samples on a ground that
/// holds still and does not bend; `leg_px` is the leg length.
#[must_use]
pub fn estimate(points: &Points, rate: Hertz, leg_px: f64) -> Option<Roll> {
    let marks: Vec<Vec<Point<Ground>>> = Side::BOTH
        .into_iter()
        .flat_map(|s| {
            [LimbPoint::Toe, LimbPoint::Heel, LimbPoint::Ankle].map(|p| marks(points, p, s, rate, leg_px))
        })
        .filter(|m| spread(m) >= LEAST_SPREAD * leg_px)
        .collect();
    let slopes: Vec<f64> = marks.iter().flat_map(|m| slopes(m, LEAST_APART * leg_px)).collect();
    if slopes.len() < LEAST_SLOPES {
        return None;
    }
    let slope = median(slopes.iter().copied())?;
    let deviation = median(slopes.iter().map(|s| (s - slope).abs()))?;
    // Marks, not their many pairings, are what is independent.
    let independent = marks.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let uncertainty = MAD_TO_SD * deviation / independent.sqrt();
    Some(Roll { angle: Radians(slope.atan()), uncertainty: Radians(uncertainty) })
}

/// The middle of each rest of one foot point.
fn marks(points: &Points, point: LimbPoint, side: Side, rate: Hertz, leg_px: f64) -> Vec<Point<Ground>> {
    let series = points.limb(point, side);
    let speed = velocity(series, rate);
    let rests = |i: usize| speed.value(i).is_some_and(|v| v.length() < RESTING_SPEED * leg_px);
    let shortest = (SHORTEST_REST_S * rate.0).ceil().max(2.0) as usize;
    let mut marks = Vec::new();
    let mut i = 0;
    while i < series.len() {
        let end = (i..series.len()).find(|&j| !rests(j)).unwrap_or(series.len());
        if end - i >= shortest {
            let part = |f: fn(Point<Ground>) -> f64| median((i..end).filter_map(|j| series.value(j)).map(f));
            marks.extend(part(|p| p.x).zip(part(|p| p.y)).map(|(x, y)| Point::new(x, y)));
        }
        i = end + 1;
    }
    marks
}

fn spread(marks: &[Point<Ground>]) -> f64 {
    let xs = || marks.iter().map(|m| m.x);
    xs().fold(f64::MIN, f64::max) - xs().fold(f64::MAX, f64::min)
}

fn slopes(marks: &[Point<Ground>], apart: f64) -> Vec<f64> {
    let pairs = marks.iter().enumerate().flat_map(|(i, a)| marks[i + 1..].iter().map(move |b| *b - *a));
    pairs.filter(|v| v.x.abs() >= apart).map(|v| v.y / v.x).collect()
}
