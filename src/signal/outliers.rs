//! Samples that cannot be right are missing: a segment of the wrong length, a jump out of its neighbourhood, a speed no
//! body has. Body size comes from the clip itself, so nothing here needs a scale.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::resample::usual_step;
use crate::signal::statistics::{MAD_TO_SD, median};
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Seconds;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::ops::RangeInclusive;

/// Furthest a segment's length may lie from its median over the clip, as a share of it (docs/science.md E).
const LENGTH_TOLERANCE: f64 = 0.30;
/// The same for foot and forearm, which turn out of the picture more.
const LOOSE_LENGTH_TOLERANCE: f64 = 0.45;
/// A pose whose trunk is this much shorter than usual, as a factor, is none: a model that was shown a wrong part of the picture
/// folds everybody into it. Nobody bends so far out of a view from the side [default].
const TRUNK_FACTOR: f64 = 2.0;
/// Window of the Hampel rule: 7 samples at 30 fps (Sports2D; docs/science.md E).
const HAMPEL_WINDOW: Seconds = Seconds(0.23);
/// How many deviations from the window's median make an outlier (Hampel; docs/science.md E).
const HAMPEL_DEVIATIONS: f64 = 3.0;
/// Deviations below this share of leg length are the model's ordinary noise (1 to 4 % of the torso;
/// docs/science.md D2) and never outliers.
const NOISE_SHARE_OF_LEG: f64 = 0.04;
/// Fastest a wrist, ankle or foot moves relative to the pelvis, leg lengths per second: 12 m/s (docs/science.md E)
/// over a leg of 0.85 m, because pixels have no metres.
const FASTEST_END: f64 = 12.0 / 0.85;
/// The same for hips, knees, shoulders and elbows: 6 m/s for hip and shoulder.
const FASTEST_CORE: f64 = 6.0 / 0.85;
/// A point that jumps by more than this, leg lengths, and too fast, has jumped to something else: beyond any noise, which at a
/// high frame rate is fast as well [default].
const JUMP_OF_LEG: f64 = 0.2;
/// A leg that jumps away and back within this, s, was somebody else's meanwhile [default: half a slow stride].
pub(crate) const LONGEST_STAY_S: f64 = 0.6;
/// The points that this is asked of. Those of the foot are left to the fit of its swings, which gives no weight to what lies off
/// and needs the rest: without them a tenth of the contacts was lost in clips of several people.
const STRAYING: [LimbPoint; 2] = [LimbPoint::Knee, LimbPoint::Ankle];
/// Share of the thigh in a leg (Drillis and Contini 1966: 0.245 H of 0.491 H).
const THIGH_SHARE_OF_LEG: f64 = 0.5;

/// How many samples each rule dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// By segment length, the trunk's for all points of a frame.
    pub length: usize,
    /// By the Hampel rule.
    pub jump: usize,
    /// By speed relative to the pelvis, until it is back.
    pub speed: usize,
}

/// Drops outliers at frame times; without a thigh anywhere there is no body size and nothing is dropped.
pub fn reject(times: &[Seconds], points: &mut Points) -> Dropped {
    let Some(leg) = leg_length(points) else { return Dropped::default() };
    // First, while the whole of a jump is there.
    let stays = by_stay(times, points, leg);
    Dropped {
        length: by_trunk(points) + by_length(points),
        jump: by_jump(times, points, leg),
        speed: stays + by_speed(times, points, leg),
    }
}

/// Rough leg length, px: twice the median thigh of the better seen side.
fn leg_length(points: &Points) -> Option<f64> {
    let thigh =
        |side| median(lengths(points, LimbPoint::Hip.on(side), LimbPoint::Knee.on(side)).map(|(_, l)| l));
    let longest = Side::BOTH.into_iter().filter_map(thigh).max_by(f64::total_cmp)?;
    (longest > 0.0).then_some(longest / THIGH_SHARE_OF_LEG)
}

fn lengths(points: &Points, a: Keypoint, b: Keypoint) -> impl Iterator<Item = (usize, f64)> + '_ {
    points.get(a).present().filter_map(move |(i, p)| Some((i, p.distance(points.get(b).value(i)?))))
}

/// Segments judged by length: from, to, which of the two is dropped, tolerance.
const SEGMENTS: [(LimbPoint, LimbPoint, f64); 5] = [
    (LimbPoint::Hip, LimbPoint::Knee, LENGTH_TOLERANCE),
    (LimbPoint::Knee, LimbPoint::Ankle, LENGTH_TOLERANCE),
    (LimbPoint::Heel, LimbPoint::Toe, LOOSE_LENGTH_TOLERANCE),
    (LimbPoint::Shoulder, LimbPoint::Elbow, LENGTH_TOLERANCE),
    (LimbPoint::Elbow, LimbPoint::Wrist, LOOSE_LENGTH_TOLERANCE),
];

/// Where shoulders and hips are too near to one another, no point of the frame is believed.
fn by_trunk(points: &mut Points) -> usize {
    let (shoulders, hips) = (points.middle(LimbPoint::Shoulder), points.middle(LimbPoint::Hip));
    let length = |(i, p): (usize, Point<Ground>)| Some((i, p.distance(hips.value(i)?)));
    let all: Vec<(usize, f64)> = shoulders.present().filter_map(length).collect();
    let Some(usual) = median(all.iter().map(|(_, l)| *l)) else { return 0 };
    let folded = all.into_iter().filter(|(_, length)| length * TRUNK_FACTOR < usual);
    let frames: Vec<usize> = folded.map(|(i, _)| i).collect();
    let mut dropped = 0;
    for keypoint in Keypoint::ALL {
        let series = points.get_mut(keypoint);
        for &i in &frames {
            dropped += usize::from(series.value(i).is_some());
            series.set(i, None);
        }
    }
    dropped
}

/// The distal end of a segment of impossible length is dropped: the proximal end has other segments to vouch for it.
fn by_length(points: &mut Points) -> usize {
    let mut dropped = 0;
    for side in Side::BOTH {
        for (from, to, tolerance) in SEGMENTS {
            let (a, b) = (from.on(side), to.on(side));
            let Some(usual) = median(lengths(points, a, b).map(|(_, l)| l)) else { continue };
            let odd: Vec<usize> = lengths(points, a, b)
                .filter(|(_, l)| (l - usual).abs() > tolerance * usual)
                .map(|(i, _)| i)
                .collect();
            dropped += odd.len();
            for i in odd {
                points.get_mut(b).set(i, None);
            }
        }
    }
    dropped
}

/// Hampel rule on each coordinate about the middle of the pelvis, so that travel is not mistaken for a jump.
fn by_jump(times: &[Seconds], points: &mut Points, leg: f64) -> usize {
    let half = (HAMPEL_WINDOW.0 / usual_step(times).unwrap_or(1.0) / 2.0).round().max(1.0) as usize;
    let odd = |keypoint: &Keypoint| -> Vec<usize> {
        let series = points.get(*keypoint);
        let near = |i: usize| -> Vec<Point<Ground>> {
            (i.saturating_sub(half)..=i + half).filter_map(|j| series.value(j)).collect()
        };
        series.present().filter(|&(i, p)| stands_out(p, &near(i), leg)).map(|(i, _)| i).collect()
    };
    let odd: Vec<Vec<usize>> = Keypoint::ALL.par_iter().map(odd).collect();
    for (keypoint, odd) in Keypoint::ALL.into_iter().zip(&odd) {
        let series = points.get_mut(keypoint);
        for &i in odd {
            series.set(i, None);
        }
    }
    odd.iter().map(Vec::len).sum()
}

/// Whether the point lies further from the median of its neighbours than noise and the neighbours' own spread explain.
fn stands_out(point: Point<Ground>, near: &[Point<Ground>], leg: f64) -> bool {
    let along = |part: fn(&Point<Ground>) -> f64, value: f64| -> bool {
        let Some(middle) = median(near.iter().map(part)) else { return false };
        let spread = median(near.iter().map(|p| (part(p) - middle).abs())).unwrap_or(0.0) * MAD_TO_SD;
        (value - middle).abs() > HAMPEL_DEVIATIONS * spread.max(NOISE_SHARE_OF_LEG * leg)
    };
    // Three neighbours at least: of two points neither is the odd one.
    near.len() > 3 && (along(|p| p.x, point.x) || along(|p| p.y, point.y))
}

/// A sample that is reached and left too fast, relative to the pelvis, is dropped.
fn by_speed(times: &[Seconds], points: &mut Points, leg: f64) -> usize {
    let pelvis = points.middle(LimbPoint::Hip);
    let mut dropped = 0;
    for keypoint in Keypoint::ALL {
        let Some(limit) = fastest(keypoint).map(|l| l * leg) else { continue };
        let seen: Vec<(usize, Point<Ground>)> = points
            .get(keypoint)
            .present()
            .filter_map(|(i, p)| Some((i, Point::new(0.0, 0.0) + (p - pelvis.value(i)?))))
            .collect();
        let speed = |a: &(usize, Point<Ground>), b: &(usize, Point<Ground>)| {
            a.1.distance(b.1) / (times[b.0].0 - times[a.0].0).abs().max(f64::MIN_POSITIVE)
        };
        for three in seen.windows(3) {
            let [before, here, after] = three else { continue };
            let smooth = speed(before, after) <= limit;
            if smooth && speed(before, here) > limit && speed(here, after) > limit {
                points.get_mut(keypoint).set(here.0, None);
                dropped += 1;
            }
        }
    }
    dropped
}

/// A leg hidden behind the other one may be seen in another person who passes: a point of it jumps there, stays for a while, and
/// jumps back. Meanwhile it is not believed.
fn by_stay(times: &[Seconds], points: &mut Points, leg: f64) -> usize {
    let mut dropped = 0;
    for side in Side::BOTH {
        for point in STRAYING {
            let stays = stays(times, points, point.on(side), leg);
            let series = points.get_mut(point.on(side));
            for i in stays.into_iter().flatten() {
                dropped += usize::from(series.value(i).is_some());
                series.set(i, None);
            }
        }
    }
    dropped
}

/// From the frame after one jump of a point against the pelvis to the frame before the one that takes it back, where that is soon.
fn stays(times: &[Seconds], points: &Points, keypoint: Keypoint, leg: f64) -> Vec<RangeInclusive<usize>> {
    let pelvis = points.middle(LimbPoint::Hip);
    let limit = fastest(keypoint).unwrap_or(f64::INFINITY) * leg;
    let seen: Vec<(usize, Point<Ground>)> = points
        .get(keypoint)
        .present()
        .filter_map(|(i, p)| Some((i, Point::new(0.0, 0.0) + (p - pelvis.value(i)?))))
        .collect();
    let jumps = |k: &usize| {
        let ((before, from), (after, to)) = (seen[k - 1], seen[*k]);
        let (way, took) = (from.distance(to), times[after].0 - times[before].0);
        way > JUMP_OF_LEG * leg && way > limit * took
    };
    let jumps: Vec<usize> = (1..seen.len()).filter(jumps).collect();
    let mut stays = Vec::new();
    let mut rest = &jumps[..];
    while let [away, back, ..] = *rest {
        let ((_, home), (first, there)) = (seen[away - 1], seen[away]);
        let ((last, _), (_, again)) = (seen[back - 1], seen[back]);
        let soon = times[last].0 - times[first].0 <= LONGEST_STAY_S;
        // It is back where it is nearer to where it was than the jump was long.
        let is_stay = soon && home.distance(again) < home.distance(there);
        if is_stay {
            stays.push(first..=last);
        }
        rest = &rest[if is_stay { 2 } else { 1 }..];
    }
    stays
}

/// Fastest a keypoint moves relative to the pelvis, leg lengths per second; none where no limit is known.
fn fastest(keypoint: Keypoint) -> Option<f64> {
    use Keypoint::{
        RightAnkle, RightElbow, RightFootIndex, RightHeel, RightHip, RightKnee, RightShoulder, RightWrist,
    };
    match keypoint.on(Side::Right) {
        RightWrist | RightAnkle | RightHeel | RightFootIndex => Some(FASTEST_END),
        RightHip | RightShoulder | RightKnee | RightElbow => Some(FASTEST_CORE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    #[test]
    fn a_pose_folded_into_a_corner_is_no_pose() {
        let sample = |x: f64, y: f64| {
            Some(Sample { value: Point::new(x, y), confidence: Confidence::FULL, source: Source::Measured })
        };
        let mut points = Points::missing(60);
        for side in Side::BOTH {
            for (point, y) in
                [(LimbPoint::Shoulder, 100.0), (LimbPoint::Hip, 200.0), (LimbPoint::Knee, 290.0)]
            {
                // In the first frames all is squeezed into a fifth; a trunk that leans out of the picture is short, and kept.
                let scale = |i: usize| {
                    if i < 10 {
                        0.2
                    } else if i < 20 {
                        0.6
                    } else {
                        1.0
                    }
                };
                let series = (0..60).map(|i| sample(i as f64, scale(i) * y)).collect();
                *points.get_mut(point.on(side)) = Series::new(series);
            }
        }
        let times: Vec<Seconds> = (0..60).map(|i| Seconds(f64::from(i) / 30.0)).collect();
        reject(&times, &mut points);
        for (point, first) in [(LimbPoint::Shoulder, 10), (LimbPoint::Hip, 10), (LimbPoint::Knee, 20)] {
            let seen: Vec<usize> = points.limb(point, Side::Left).present().map(|(i, _)| i).collect();
            assert_eq!(seen.first(), Some(&first), "{point:?}: the thigh is told by its own length");
            assert_eq!(seen.last(), Some(&59));
        }
    }

    /// Hips, knees, ankles and feet of somebody who stands, a leg of 100 px, each point `off` away at a frame.
    fn standing(frames: usize, off: impl Fn(LimbPoint, Side, usize) -> f64) -> Points {
        let mut points = Points::missing(frames);
        let heights = [
            (LimbPoint::Hip, 0.0),
            (LimbPoint::Knee, 50.0),
            (LimbPoint::Ankle, 95.0),
            (LimbPoint::Toe, 100.0),
        ];
        for (point, y) in heights {
            for side in Side::BOTH {
                let at = |i: usize| Sample {
                    value: Point::new(off(point, side, i), y),
                    confidence: Confidence::FULL,
                    source: Source::Measured,
                };
                *points.get_mut(point.on(side)) = Series::new((0..frames).map(|i| Some(at(i))).collect());
            }
        }
        points
    }

    #[test]
    fn a_leg_that_jumps_to_somebody_else_and_back_is_not_believed_meanwhile() {
        let away = 40..50;
        let off = |point: LimbPoint, side: Side, i: usize| match (point, side) {
            (LimbPoint::Ankle | LimbPoint::Toe, Side::Right) if away.contains(&i) => 60.0,
            (LimbPoint::Knee, Side::Right) if away.contains(&i) => 40.0,
            _ => 0.0,
        };
        let mut points = standing(90, off);
        let times: Vec<Seconds> = (0..90).map(|i| Seconds(f64::from(i) / 30.0)).collect();
        assert!(reject(&times, &mut points).speed > 0);
        for point in STRAYING {
            let series = points.limb(point, Side::Right);
            let gone: Vec<usize> = (0..90).filter(|&i| series.value(i).is_none()).collect();
            assert_eq!(gone, away.clone().collect::<Vec<_>>(), "{point:?}");
        }
        assert_eq!(points.limb(LimbPoint::Knee, Side::Left).present().count(), 90);
    }

    #[test]
    fn between_two_strays_a_leg_is_believed() {
        let astray = |i: usize| (30..33).contains(&i) || (40..43).contains(&i);
        let off = |point: LimbPoint, side: Side, i: usize| match (point, side) {
            (LimbPoint::Ankle, Side::Left) if astray(i) => 60.0,
            _ => 0.0,
        };
        let mut points = standing(90, off);
        let times: Vec<Seconds> = (0..90).map(|i| Seconds(f64::from(i) / 30.0)).collect();
        assert_eq!(by_stay(&times, &mut points, 100.0), 6);
        let ankle = points.limb(LimbPoint::Ankle, Side::Left);
        assert!((0..90).all(|i| ankle.value(i).is_some() != astray(i)));
    }

    #[test]
    fn noise_at_a_high_frame_rate_is_fast_and_no_jump() {
        // Up to 16 px from frame to frame, 38 leg lengths a second, of each point for itself.
        let noise = |point: LimbPoint, side: Side, i: usize| {
            let seed = (i * i + 7 * side.index()) as f64 + 0.37 * point as usize as f64;
            8.0 * ((seed * 12.9898).sin() * 43758.5453).fract()
        };
        let mut points = standing(480, noise);
        let times: Vec<Seconds> = (0..480).map(|i| Seconds(f64::from(i) / 240.0)).collect();
        assert_eq!(by_stay(&times, &mut points, 100.0), 0);
    }
}
