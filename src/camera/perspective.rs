//! How the athlete's size in the picture changes along the way, and the way as if it did not (docs/science.md B8).
//!
//! Who walks toward the camera grows in the picture: lengths and speeds near it read too large, the floor seems to slope and
//! the hips to rise. A camera that stands and turns sees both ends of the way from further off and obliquely. The size says how
//! far, and with it the plane in which the athlete moves is laid flat: a homography, so that the same step is as long
//! everywhere and the floor level.

use super::motion::CameraMotion;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::least_squares;
use crate::signal::series::Series;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};
use crate::units::Radians;

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
/// A size beyond this factor of the middle's is no perspective but a fit gone wild.
const MOST_CHANGE: f64 = 2.0;
/// Share of the samples that lie between the ends of the way, the rest being strays at either end.
const WAY_SHARES: (f64, f64) = (0.02, 0.98);
/// Rounds of telling the size from lengths that it has shortened itself.
const ROUNDS: usize = 5;
/// Standard deviation of a change between both ends of evenly spread samples, in deviations of one sample over the root of
/// their number: the root of 12.
const END_TO_END: f64 = 3.464;
/// Places along the way at which the view is told.
const VIEWS: u8 = 20;
/// Halvings of an interval of a few leg lengths to far below a thousandth of a pixel.
const HALVINGS: usize = 40;

/// The athlete's size along the way: where it is `s` of the size in the middle, `1 / s^2 = 1 + slope u + bend u^2`, with `u` leg
/// lengths to the right of the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perspective {
    slope: f64,
    bend: f64,
    /// Believed or not.
    fitted: Fitted,
    /// Middle of the way and height of the horizon, px.
    origin: Point<Ground>,
    leg_px: f64,
    /// One standard deviation of a roll measured on the flat way, rad: what is not known of the camera's height and of the size.
    pub roll_uncertainty: f64,
}

/// What the size did over the way, whether it is surely more than noise or not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fitted {
    slope: f64,
    /// Of a camera that turns; 0 of one that stands still, which sees all of the way from one direction.
    bend: f64,
    /// Ends of the way, leg lengths from its middle.
    from: f64,
    to: f64,
    /// One standard deviation of the size at one end against the other, as a share.
    change_sd: f64,
}

impl Perspective {
    /// Seen from so far off, or so squarely, that nothing changes along the way.
    pub const NONE: Self = Self {
        slope: 0.0,
        bend: 0.0,
        fitted: Fitted { slope: 0.0, bend: 0.0, from: 0.0, to: 0.0, change_sd: 0.0 },
        origin: Point::new(0.0, 0.0),
        leg_px: 1.0,
        roll_uncertainty: 0.0,
    };

    /// Whether there is anything to lay flat.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.slope == 0.0 && self.bend == 0.0
    }

    /// One standard deviation of the size at one end of the way against the other, as a share; none where the way was too short
    /// to tell.
    #[must_use]
    pub fn change_sd(&self) -> Option<f64> {
        (self.fitted.to > self.fitted.from).then_some(self.fitted.change_sd)
    }

    /// How far the way is seen from a square view, whichever way, and one standard deviation; none where it was too short to
    /// tell. `focal_px` is the camera's focal length, `focal_error` the share to which that is known.
    #[must_use]
    pub fn view(&self, focal_px: f64, focal_error: f64) -> Option<(Radians, Radians)> {
        let Fitted { slope, bend, from, to, .. } = self.fitted;
        let change_sd = self.change_sd()?;
        let per_leg = focal_px / self.leg_px;
        let places = (0..=VIEWS).map(|k| from + (to - from) * f64::from(k) / f64::from(VIEWS));
        let typical = median(places.map(|u| ((0.5 * slope + bend * u) * per_leg).atan().abs()))?;
        // An inverse square changes twice as much as the size; the tangent goes by half of it.
        let error = change_sd / (to - from) * per_leg * typical.cos().powi(2);
        Some((Radians(typical), Radians(error.hypot(focal_error * typical))))
    }

    /// Points of the plane of movement as if seen squarely from everywhere: `points` are on the ground frame, nothing mirrored.
    #[must_use]
    pub fn flatten(&self, points: &Points) -> Points {
        self.mapped(points, Self::flat)
    }

    /// The points as they were seen.
    #[must_use]
    pub fn seen(&self, flat: &Points) -> Points {
        self.mapped(flat, Self::unflat)
    }

    fn mapped(&self, points: &Points, to: fn(&Self, Point<Ground>) -> Point<Ground>) -> Points {
        if self.is_none() {
            return points.clone();
        }
        points
            .map(|_, series| Series::new(series.iter().map(|s| s.map(|s| s.map(|p| to(self, p)))).collect()))
    }

    fn flat(&self, seen: Point<Ground>) -> Point<Ground> {
        let u = (seen.x - self.origin.x) / self.leg_px;
        self.placed(self.along(u), (seen.y - self.origin.y) / self.size(u))
    }

    fn unflat(&self, flat: Point<Ground>) -> Point<Ground> {
        let along = (flat.x - self.origin.x) / self.leg_px;
        // The size is within a factor of the middle's, so the place is within its square.
        let widest = MOST_CHANGE * MOST_CHANGE * along.abs();
        let (mut low, mut high) = (-widest, widest);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.along(middle) < along { low = middle } else { high = middle }
        }
        let u = f64::midpoint(low, high);
        self.placed(u, (flat.y - self.origin.y) * self.size(u))
    }

    fn placed(&self, along: f64, below_horizon: f64) -> Point<Ground> {
        Point::new(self.origin.x + along * self.leg_px, self.origin.y + below_horizon)
    }

    fn inverse_square(&self, u: f64) -> f64 {
        (1.0 + self.slope * u + self.bend * u * u).clamp(MOST_CHANGE.powi(-2), MOST_CHANGE.powi(2))
    }

    fn size(&self, u: f64) -> f64 {
        self.inverse_square(u).sqrt().recip()
    }

    /// Leg lengths gone from the middle to `u`: a stretch of the picture holds the more of the way the smaller the athlete is
    /// there, once for the distance and once for the oblique view.
    fn along(&self, u: f64) -> f64 {
        u + self.slope * u * u / 2.0 + self.bend * u.powi(3) / 3.0
    }
}

/// The perspective of a clip: none where the camera's motion is not known, the way is short or the size does not surely change.
/// `points` are even samples on a ground frame without an arc, nothing mirrored; `leg_px` is the leg length, `hips_under_horizon_px`
/// where the horizon is, if anything tells.
#[must_use]
pub fn estimate(
    points: &Points,
    leg_px: f64,
    motion: CameraMotion,
    hips_under_horizon_px: Option<f64>,
) -> Perspective {
    let under = hips_under_horizon_px.unwrap_or(CAMERA_OVER_HIPS_LEG.0 * leg_px);
    let fitted = match motion {
        CameraMotion::Unknown => None,
        CameraMotion::Static | CameraMotion::Panning => fitted(points, leg_px, motion, under),
    };
    fitted.unwrap_or(Perspective::NONE)
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
    let mut found = Perspective {
        origin: Point::new(origin_x, hips_y - hips_under_horizon_px),
        leg_px,
        ..Perspective::NONE
    };
    let reach: Vec<f64> = hips.present().map(|(_, p)| (p.x - origin_x) / leg_px).collect();
    let place = |share| quantile(reach.iter().copied(), share);
    let (from, to) = place(WAY_SHARES.0).zip(place(WAY_SHARES.1))?;
    let way = to - from;
    if way < SHORTEST_WAY_LEG {
        return None;
    }
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
    let believed = change > LEAST_CHANGE.max(SURE_DEVIATIONS * change_sd)
        && [from, to].iter().all(|&u| {
            (MOST_CHANGE.powi(-2)..MOST_CHANGE.powi(2))
                .contains(&(1.0 + found.slope * u + found.bend * u * u))
        });
    found.fitted = Fitted {
        slope: found.slope,
        bend: if motion == CameraMotion::Panning { found.bend } else { 0.0 },
        from,
        to,
        change_sd,
    };
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
            let flat = estimate(&seen, LEG_PX, motion(turns), None).flatten(&seen);
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
    fn the_view_is_that_of_the_way() {
        for oblique in [-0.45, -0.2, 0.0, 0.1, 0.3] {
            let seen = walked(oblique, false);
            let (angle, _) = estimate(&seen, LEG_PX, CameraMotion::Static, None).view(FOCAL_PX, 0.0).unwrap();
            assert!((angle.0 - f64::abs(oblique)).abs() < 0.04, "{angle:?} for {oblique}");
        }
        // Half of a way of 6 legs is seen from further off than the end of the middle half: atan(1.5 / 8).
        let seen = walked(0.0, true);
        let (angle, _) = estimate(&seen, LEG_PX, CameraMotion::Panning, None).view(FOCAL_PX, 0.0).unwrap();
        assert!((angle.0 - 0.185).abs() < 0.02, "{angle:?}");
    }

    #[test]
    fn who_is_seen_squarely_stays_as_seen() {
        let seen = walked(0.0, false);
        let found = estimate(&seen, LEG_PX, CameraMotion::Static, None);
        assert!(found.is_none());
        assert_eq!(found.flatten(&seen), seen);
        assert!(found.change_sd().is_some_and(|sd| sd < 0.01));
    }

    #[test]
    fn what_was_laid_flat_goes_back_to_where_it_was_seen() {
        for turns in [false, true] {
            let seen = walked(0.25, turns);
            let found = estimate(&seen, LEG_PX, motion(turns), None);
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
        assert_eq!(estimate(&seen, LEG_PX, CameraMotion::Unknown, None), Perspective::NONE);
        assert_eq!(estimate(&seen, 10.0 * LEG_PX, CameraMotion::Static, None), Perspective::NONE);
        let nobody = estimate(&Points::missing(90), LEG_PX, CameraMotion::Static, None);
        assert_eq!(nobody, Perspective::NONE);
        assert_eq!((nobody.change_sd(), nobody.view(FOCAL_PX, 0.2)), (None, None));
    }
}
