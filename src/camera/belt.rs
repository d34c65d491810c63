//! Camera roll from the line along which a belt carries the standing feet (docs/science.md B8): who works in place marks no floor.
//!
//! While it stands, a foot goes with the belt, straight along it; in the swing it comes back higher up. The slope of its way down
//! there is the belt's in the picture: the camera's roll, and the belt's own incline, which nothing tells apart. Of a foot that
//! steps forward the heel is lifted before the toe, of one that steps backward the toe; both together lean neither way.

use super::roll::{DOUBTFUL_DEG, Roll};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::derivative::velocity;
use crate::signal::series::Series;
use crate::signal::statistics::{MAD_TO_SD, median};
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Radians};

/// Slower than this, leg lengths per second, a foot is not carried: 0.1 m/s over a leg of 0.85 m, a third of the slowest speed of
/// these exercises (docs/science.md A) and above what a standing foot's noise comes to.
const LEAST_SPEED: f64 = 0.1;
/// A foot that is carried goes at the belt's speed; faster than this many times the usual it is thrown.
const MOST_SPEED: f64 = 2.0;
/// A foot that is slower while it is down, in more than this share of the time, rests: it marches on the spot, or walks over a
/// floor. On a belt it never rests but where it turns [default].
const MOST_RESTING: f64 = 0.25;
/// A foot must go each way for so long in all, s, or it is no stepping: two of the shortest contacts (docs/science.md C3) [default].
const LEAST_TIME_S: f64 = 0.16;
/// Landing and leaving take so long at either end of a way, s: a frame of 30 a second [default].
const ENDS_S: f64 = 0.033;
/// Shortest way that has a slope, leg lengths: half of a short step (docs/science.md F1).
const SHORTEST_WAY_LEG: f64 = 0.2;
/// Samples of a way this far apart, leg lengths, have a slope between them.
const LEAST_APART_LEG: f64 = 0.1;
/// Fewest ways, of both feet together.
const LEAST_WAYS: usize = 4;
/// One standard deviation of what a belt's incline (1 to 2 % are usual for running, Jones and Doust 1996) and the foot's own lift
/// leave in the slope: 1.9 to 2.9 degrees rms on ten rendered clips with their travel taken out.
const BELT_ERROR: Radians = Radians(0.052);

/// The median slope of the ways of toes and heels; none where no belt carries them, or only one steeper than belts are. `points`
/// are even samples of a camera that stands.
#[must_use]
pub fn estimate(points: &Points, rate: Hertz, leg_px: f64) -> Option<Roll> {
    let of = |side: Side| [LimbPoint::Toe, LimbPoint::Heel].map(|point| points.limb(point, side));
    let series = Side::BOTH.into_iter().flat_map(of);
    let slopes: Vec<f64> = series.flat_map(|series| slopes(series, rate, leg_px)).collect();
    if slopes.len() < LEAST_WAYS {
        return None;
    }
    let slope = median(slopes.iter().copied()).filter(|s| s.atan().abs() <= DOUBTFUL_DEG.to_radians())?;
    let deviation = median(slopes.iter().map(|s| (s - slope).abs()))?;
    let uncertainty = MAD_TO_SD * deviation / (slopes.len() as f64).sqrt();
    Some(Roll { angle: Radians(slope.atan()), uncertainty: Radians(uncertainty.hypot(BELT_ERROR.0)) })
}

/// The slope of each way on which a point of the foot is carried.
fn slopes(foot: &Series<Point<Ground>>, rate: Hertz, leg_px: f64) -> Vec<f64> {
    let speed = velocity(foot, rate);
    let speeds: Vec<Option<f64>> =
        (0..foot.len()).map(|i| around(i, |k| speed.value(k).map(|v| v.x / leg_px))).collect();
    let Some(carried) = carried(foot, &speeds, rate) else { return Vec::new() };
    let usual = median(speeds.iter().flatten().filter(|v| carried * **v > LEAST_SPEED).map(|v| v.abs()))
        .unwrap_or(0.0);
    let is_carried =
        |i: usize| speeds[i].is_some_and(|v| (LEAST_SPEED..MOST_SPEED * usual).contains(&(carried * v)));
    let ends = (ENDS_S * rate.0).round().max(1.0) as usize;
    let mut found = Vec::new();
    let mut i = 0;
    while i < foot.len() {
        let end = (i..foot.len()).find(|&j| !is_carried(j)).unwrap_or(foot.len());
        let way: Vec<Point<Ground>> =
            (i + ends..end.saturating_sub(ends)).filter_map(|j| foot.value(j)).collect();
        found.extend(slope(&way, leg_px));
        i = end + 1;
    }
    found
}

/// The mean of a value and its neighbours', as far as known.
fn around(i: usize, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    value(i)?;
    let near: Vec<f64> = (i.saturating_sub(1)..=i + 1).filter_map(value).collect();
    Some(near.iter().sum::<f64>() / near.len() as f64)
}

/// Which way along the picture the foot goes while it is down, +1 or -1: lower than on its way back. None where it does not step,
/// or rests while it is down.
fn carried(foot: &Series<Point<Ground>>, speeds: &[Option<f64>], rate: Hertz) -> Option<f64> {
    let height = |i: usize| foot.value(i).map(|p| p.y);
    let heights = |sign: f64| -> Vec<f64> {
        let this_way = |i: &usize| speeds[*i].is_some_and(|v| sign * v > LEAST_SPEED);
        (0..foot.len()).filter(this_way).filter_map(height).collect()
    };
    let (right, left) = (heights(1.0), heights(-1.0));
    if (right.len().min(left.len()) as f64) < LEAST_TIME_S * rate.0 {
        return None;
    }
    let (right, left) = (median(right)?, median(left)?);
    let middle = f64::midpoint(right, left);
    let down: Vec<f64> = (0..foot.len())
        .filter(|&i| height(i).is_some_and(|y| y >= middle))
        .filter_map(|i| speeds[i])
        .collect();
    let resting = down.iter().filter(|v| v.abs() < LEAST_SPEED).count();
    let rests = resting as f64 > MOST_RESTING * down.len() as f64;
    (!rests).then_some(if right > left { 1.0 } else { -1.0 })
}

/// Theil–Sen slope of one way; none where it is short.
fn slope(way: &[Point<Ground>], leg_px: f64) -> Option<f64> {
    let (first, last) = (way.first()?, way.last()?);
    if (last.x - first.x).abs() < SHORTEST_WAY_LEG * leg_px {
        return None;
    }
    let pairs = way.iter().enumerate().flat_map(|(i, a)| way[i + 1..].iter().map(move |b| *b - *a));
    median(pairs.filter(|v| v.x.abs() > LEAST_APART_LEG * leg_px).map(|v| v.y / v.x))
}
