//! The perspective of a clip from how the athlete's size changes along the way (docs/science.md B8).

use super::{Fitted, Perspective};
use crate::camera::motion::CameraMotion;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::least_squares;
use crate::signal::series::Series;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};

/// The camera's height over the hips, leg lengths, and one standard deviation: phones and tripods at 0.8 to 1.6 m
/// (docs/science.md D4 asks for 0.9 to 1.1) over hips at 0.9 m and a leg of 0.86 m.
const CAMERA_OVER_HIPS_LEG: (f64, f64) = (0.35, 0.45);
/// The hips over the floor, leg lengths: a little less than a leg, as in every exercise here.
const HIPS_OVER_FLOOR_LEG: f64 = 0.95;
/// A change of size over the whole way below this share is no more than what the model misreads lengths by
/// (docs/science.md D2: 1 to 4 % of the torso).
const LEAST_CHANGE: f64 = 0.04;
/// A change of size is believed from so many of its standard deviations on.
const SURE_DEVIATIONS: f64 = 2.0;
/// Shortest way that says anything, leg lengths: three short steps, as for the roll.
const SHORTEST_WAY_LEG: f64 = 1.5;
/// Share of the samples that lie between the ends of the way, the rest being strays at either end.
const WAY_SHARES: (f64, f64) = (0.02, 0.98);
/// Rounds of telling the size from lengths that it has shortened itself.
const ROUNDS: usize = 5;
/// Standard deviation of a change between both ends of evenly spread samples, in deviations of one sample over the root of
/// their number: the root of 12.
const END_TO_END: f64 = 3.464;
/// Nothing is stretched by more than a view this oblique would ask for, rad: beyond 45 degrees hardly anything is seen from the
/// side.
const MOST_STRETCHED: f64 = std::f64::consts::FRAC_PI_4;

/// The perspective of a clip: none where the camera's motion is not known, the way is short or the size does not surely change.
/// `points` are even samples on a ground frame without an arc, nothing mirrored; `leg_px` is the leg length, `hips_under_horizon_px`
/// where the horizon is, if anything tells, and `focal_px` the focal length.
#[must_use]
pub fn estimate(
    points: &Points,
    leg_px: f64,
    motion: CameraMotion,
    hips_under_horizon_px: Option<f64>,
    focal_px: f64,
) -> Perspective {
    let under = hips_under_horizon_px.unwrap_or(CAMERA_OVER_HIPS_LEG.0 * leg_px);
    let fitted = match motion {
        CameraMotion::Unknown => None,
        CameraMotion::Static | CameraMotion::Panning => fitted(points, leg_px, motion, under),
    };
    fitted.map_or(Perspective::NONE, |flat| {
        let oblique = (0.5 * flat.slope * focal_px / leg_px).atan().abs().min(MOST_STRETCHED);
        Perspective { stretch: oblique.cos().recip(), ..flat }
    })
}

fn fitted(
    points: &Points,
    leg_px: f64,
    motion: CameraMotion,
    hips_under_horizon_px: f64,
) -> Option<Perspective> {
    let hips = points.middle(LimbPoint::Hip);
    let origin_x = median(hips.present().map(|(_, p)| p.x))?;
    let hips_y = median(hips.present().map(|(_, p)| p.y))?;
    let reach: Vec<f64> = hips.present().map(|(_, p)| (p.x - origin_x) / leg_px).collect();
    let place = |share| quantile(reach.iter().copied(), share);
    let (from, to) = place(WAY_SHARES.0).zip(place(WAY_SHARES.1))?;
    let way = to - from;
    if way < SHORTEST_WAY_LEG {
        return None;
    }
    let mut found = Perspective {
        origin: Point::new(origin_x, hips_y - hips_under_horizon_px),
        leg_px,
        fitted: Fitted { from, to, ..Perspective::NONE.fitted },
        ..Perspective::NONE
    };
    let mut spread = 0.0;
    for _ in 0..ROUNDS {
        let sizes = sizes(points, &found);
        let samples: Vec<(f64, f64)> = hips
            .present()
            .filter_map(|(i, p)| Some(((p.x - origin_x) / leg_px, sizes[i]?.powi(-2))))
            .collect();
        let (terms, deviation) = curve(&samples, motion, &found)?;
        (found.slope, found.bend, spread) = (terms[1] / terms[0], terms[2] / terms[0], deviation / terms[0]);
    }
    // Steps, not their many samples, are what is independent: one to a leg length, roughly. An inverse square changes twice
    // as much as the size.
    let change_sd = END_TO_END * spread / way.sqrt() / 2.0;
    let sizes = [from, 0.5 * (from + to), to].map(|u| found.size(u));
    let change =
        sizes.iter().copied().fold(f64::MIN, f64::max) - sizes.iter().copied().fold(f64::MAX, f64::min);
    let believed = found.is_possible() && change > LEAST_CHANGE.max(SURE_DEVIATIONS * change_sd);
    let bend = if motion == CameraMotion::Panning { found.bend } else { 0.0 };
    found.fitted = Fitted { slope: found.slope, bend, from, to, change_sd };
    if !believed {
        (found.slope, found.bend) = (0.0, 0.0);
    }
    let size_slope = (found.size(to) - found.size(from)).abs() / way;
    let by_height = CAMERA_OVER_HIPS_LEG.1 * size_slope;
    let by_size = (hips_under_horizon_px / leg_px + HIPS_OVER_FLOOR_LEG) * change_sd / way;
    found.roll_uncertainty = by_height.hypot(by_size);
    Some(found)
}

/// The athlete's size in every sample, as a share of the usual one: the mean over the segments seen of their lengths against
/// their own usual ones, so that a hidden limb does not shrink anybody. What lies along the way shrinks with the size squared,
/// what stands upright with the size; by what is known so far, the one is made like the other.
fn sizes(points: &Points, known: &Perspective) -> Vec<Option<f64>> {
    let length = |a: Point<Ground>, b: Point<Ground>| {
        let size = known.size((a.x - known.origin.x) / known.leg_px);
        ((b.x - a.x) / size).hypot(b.y - a.y)
    };
    let limb = |a: LimbPoint, b: LimbPoint, side| points.limb(a, side).with(points.limb(b, side), length);
    let mut segments: Vec<Series<f64>> = Side::BOTH
        .into_iter()
        .flat_map(|side| {
            [limb(LimbPoint::Hip, LimbPoint::Knee, side), limb(LimbPoint::Knee, LimbPoint::Ankle, side)]
        })
        .collect();
    segments.push(points.middle(LimbPoint::Shoulder).with(&points.middle(LimbPoint::Hip), length));
    let usual: Vec<Option<f64>> =
        segments.iter().map(|s| median(s.present().map(|(_, l)| l)).filter(|&l| l > 0.0)).collect();
    (0..points.samples())
        .map(|i| {
            let shares = segments.iter().zip(&usual).filter_map(|(s, usual)| Some(s.value(i)? / (*usual)?));
            let shares: Vec<f64> = shares.collect();
            (!shares.is_empty())
                .then(|| shares.iter().sum::<f64>() / shares.len() as f64)
                .filter(|&s| s > 0.0)
        })
        .collect()
}

/// Level, slope and bend of `1 / size^2` over the way, and the robust deviation from them. A camera that stands still sees the
/// size change in a straight line, whose inverse square bends by three quarters of the slope's square (`known`); only one that
/// turns has a bend of its own.
fn curve(samples: &[(f64, f64)], motion: CameraMotion, known: &Perspective) -> Option<([f64; 3], f64)> {
    let found = if motion == CameraMotion::Panning {
        let rows: Vec<_> = samples.iter().map(|&(u, y)| ([1.0, u, u * u], y)).collect();
        least_squares::robust_fit(&rows)
    } else {
        let bend = 0.75 * known.slope * known.slope;
        let rows: Vec<_> = samples.iter().map(|&(u, y)| ([1.0, u], y - bend * u * u)).collect();
        least_squares::robust_fit(&rows)
            .map(|([level, slope], deviation)| ([level, slope, bend * level], deviation))
    };
    found.filter(|([level, ..], _)| *level > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::Confidence;

    /// A leg of one length, the camera's distance from the middle of the way and its focal length.
    const LEG_PX: f64 = 120.0;
    const DISTANCE_LEG: f64 = 8.0;
    const FOCAL_PX: f64 = LEG_PX * DISTANCE_LEG;
    const OVER_FLOOR_LEG: f64 = HIPS_OVER_FLOOR_LEG + CAMERA_OVER_HIPS_LEG.0;
    const SAMPLES: usize = 160;

    /// Somebody upright on a way of 6 legs whose direction is `oblique` radians off square, seen by a camera that stands still or
    /// turns to keep them in the middle.
    fn walked(oblique: f64, turns: bool) -> Points {
        let mut points = Points::missing(SAMPLES);
        let heights = [
            (LimbPoint::Shoulder, 1.5),
            (LimbPoint::Hip, 0.95),
            (LimbPoint::Knee, 0.5),
            (LimbPoint::Ankle, 0.0),
        ];
        for side in Side::BOTH {
            for (point, up) in heights {
                let at = |i: usize| {
                    // The lower leg reaches forward, so that lengths have a part along the way.
                    let along =
                        6.0 * (i as f64 / (SAMPLES - 1) as f64 - 0.5) + if up == 0.0 { 0.3 } else { 0.0 };
                    let (across, away) = (along * oblique.cos(), DISTANCE_LEG + along * oblique.sin());
                    let below = OVER_FLOOR_LEG - up;
                    let (x, depth) =
                        if turns { (across.atan2(away), across.hypot(away)) } else { (across / away, away) };
                    let value = Point::new(500.0 + FOCAL_PX * x, 200.0 + FOCAL_PX * below / depth);
                    Some(Sample { value, confidence: Confidence::FULL, source: Source::Measured })
                };
                *points.get_mut(point.on(side)) = Series::new((0..SAMPLES).map(at).collect());
            }
        }
        points
    }

    fn motion(turns: bool) -> CameraMotion {
        if turns { CameraMotion::Panning } else { CameraMotion::Static }
    }

    #[test]
    fn equal_steps_come_out_equal_and_the_floor_level() {
        for (oblique, turns) in [(0.3, false), (-0.3, false), (0.0, true), (0.25, true), (-0.25, true)] {
            let seen = walked(oblique, turns);
            let flat = estimate(&seen, LEG_PX, motion(turns), None, FOCAL_PX).flatten(&seen);
            let ankle = flat.limb(LimbPoint::Ankle, Side::Left);
            let x = |i: usize| ankle.value(i).unwrap().x;
            let (first, last) = (x(30) - x(0), x(SAMPLES - 1) - x(SAMPLES - 31));
            assert!((first / last - 1.0).abs() < 0.05, "{oblique} {turns}: {first} and {last}");
            let y = |i: usize| ankle.value(i).unwrap().y;
            let fall = (y(SAMPLES - 1) - y(0)) / (x(SAMPLES - 1) - x(0));
            assert!(fall.atan().to_degrees().abs() < 0.5, "{oblique} {turns}: the floor falls by {fall}");
        }
    }

    #[test]
    fn what_reaches_along_the_way_reaches_as_far_from_every_side() {
        for (oblique, turns) in [(0.3, false), (-0.4, false), (0.25, true), (-0.3, true)] {
            let seen = walked(oblique, turns);
            let flat = estimate(&seen, LEG_PX, motion(turns), None, FOCAL_PX).flatten(&seen);
            let at = |point| flat.limb(point, Side::Left).value(SAMPLES / 2).unwrap();
            let (knee, ankle) = (at(LimbPoint::Knee), at(LimbPoint::Ankle));
            // 0.3 ahead and 0.5 down.
            let lean = ((ankle.x - knee.x).abs() / (ankle.y - knee.y)).atan().to_degrees();
            assert!((lean - 30.96).abs() < 1.0, "{oblique} {turns}: {lean}");
        }
    }

    #[test]
    fn the_view_is_that_of_the_way() {
        for oblique in [-0.45, -0.2, 0.0, 0.1, 0.3] {
            let seen = walked(oblique, false);
            let (angle, _) =
                estimate(&seen, LEG_PX, CameraMotion::Static, None, FOCAL_PX).view(FOCAL_PX, 0.0).unwrap();
            assert!((angle.0 - f64::abs(oblique)).abs() < 0.04, "{angle:?} for {oblique}");
        }
        // Half of a way of 6 legs is seen from further off than the end of the middle half: atan(1.5 / 8).
        let seen = walked(0.0, true);
        let (angle, _) =
            estimate(&seen, LEG_PX, CameraMotion::Panning, None, FOCAL_PX).view(FOCAL_PX, 0.0).unwrap();
        assert!((angle.0 - 0.185).abs() < 0.02, "{angle:?}");
    }

    #[test]
    fn who_is_seen_squarely_stays_as_seen() {
        let seen = walked(0.0, false);
        let found = estimate(&seen, LEG_PX, CameraMotion::Static, None, FOCAL_PX);
        assert!(found.is_none());
        assert_eq!(found.flatten(&seen), seen);
        assert!(found.change_sd().is_some_and(|sd| sd < 0.01));
    }

    #[test]
    fn what_was_laid_flat_goes_back_to_where_it_was_seen() {
        for turns in [false, true] {
            let seen = walked(0.25, turns);
            let found = estimate(&seen, LEG_PX, motion(turns), None, FOCAL_PX);
            let back = found.seen(&found.flatten(&seen));
            for i in [0, 40, SAMPLES - 1] {
                let of = |points: &Points| points.limb(LimbPoint::Shoulder, Side::Right).value(i).unwrap();
                assert!(of(&back).distance(of(&seen)) < 1e-6, "{turns} {i}");
            }
        }
    }

    #[test]
    fn nothing_is_said_of_a_short_way_an_unknown_motion_or_nobody() {
        let seen = walked(0.3, false);
        assert_eq!(estimate(&seen, LEG_PX, CameraMotion::Unknown, None, FOCAL_PX), Perspective::NONE);
        assert_eq!(estimate(&seen, 10.0 * LEG_PX, CameraMotion::Static, None, FOCAL_PX), Perspective::NONE);
        let nobody = estimate(&Points::missing(90), LEG_PX, CameraMotion::Static, None, FOCAL_PX);
        assert_eq!(nobody, Perspective::NONE);
        assert_eq!((nobody.change_sd(), nobody.view(FOCAL_PX, 0.2)), (None, None));
    }
}
