//! The perspective of a clip from how the athlete's size changes along the way (docs/science.md B8).

use super::{Curve, Fitted, Perspective};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::least_squares;
use crate::signal::series::Series;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};
use std::collections::BTreeMap;

/// The camera's height over the hips, leg lengths, and one standard deviation: phones and tripods at 0.8 to 1.6 m
/// (docs/science.md D4 asks for 0.9 to 1.1) over hips at 0.9 m and a leg of 0.86 m.
const CAMERA_OVER_HIPS_LEG: (f64, f64) = (0.35, 0.45);
/// The hips over the floor, leg lengths: a little less than a leg, as in every exercise here [default].
const HIPS_OVER_FLOOR_LEG: f64 = 0.95;
/// A change of size over the whole way below this share is no more than what the model misreads lengths by
/// (docs/science.md D2: 1 to 4 % of the torso).
pub(super) const LEAST_CHANGE: f64 = 0.04;
/// A change of size is believed from so many of its standard deviations on, as a roll is.
pub(super) const SURE_DEVIATIONS: f64 = 2.0;
/// Shortest way that says anything, leg lengths: three short steps, as for the roll.
const SHORTEST_WAY_LEG: f64 = 1.5;
/// Share of the samples that lie between the ends of the way, the rest being strays at either end.
const WAY_SHARES: (f64, f64) = (0.02, 0.98);
/// Length of a place whose sizes count as one, leg lengths [default].
const PLACE_LEG: f64 = 0.25;
/// Rounds of telling the size from lengths that it has shortened itself; each about halves what is left.
const ROUNDS: usize = 5;
/// Standard deviation of a change between both ends of evenly spread samples, in deviations of one sample over the root of
/// their number: the root of 12.
const END_TO_END: f64 = 3.464;
/// Nothing is stretched by more than a view this oblique would ask for, rad: beyond 45 degrees hardly anything is seen from the
/// side [default].
const MOST_STRETCHED: f64 = std::f64::consts::FRAC_PI_4;

/// What is known of the camera before the athlete's size tells more.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// How it moves.
    pub camera: Moving,
    /// How far the hips lie under the horizon, px, where anything tells.
    pub hips_under_horizon_px: Option<f64>,
    /// The focal length, px.
    pub focal_px: f64,
    /// Where along the ground frame a camera that stands still looks, px: the middle of its sway.
    pub axis_px: f64,
    /// One standard deviation of that.
    pub axis_sd_px: f64,
}

/// How a camera moves, as far as it matters to the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// It looks one way, give or take a hand's sway.
    Stands,
    /// It follows the athlete: it turns, or goes along.
    Follows,
    /// It goes along beside the athlete, who looks as large everywhere.
    Along,
    /// Not to be told.
    Unknown,
}

/// The perspective of a clip: none where the camera's motion is not known, the way is short or the size does not surely change.
/// `points` are even samples on a ground frame without an arc, nothing mirrored; `leg_px` is the leg length.
#[must_use]
pub fn estimate(points: &Points, leg_px: f64, view: View) -> Perspective {
    let fitted = match view.camera {
        Moving::Unknown | Moving::Along => None,
        Moving::Stands | Moving::Follows => fitted(points, leg_px, view),
    };
    fitted.unwrap_or(Perspective::NONE)
}

fn fitted(points: &Points, leg_px: f64, view: View) -> Option<Perspective> {
    let hips = points.middle(LimbPoint::Hip);
    let hips_y = median(hips.present().map(|(_, p)| p.y))?;
    let place = |share| quantile(hips.present().map(|(_, p)| p.x), share);
    let (left, right) = place(WAY_SHARES.0).zip(place(WAY_SHARES.1))?;
    let origin_x = f64::midpoint(left, right);
    let way = (right - left) / leg_px;
    if way < SHORTEST_WAY_LEG {
        return None;
    }
    let under_horizon_px = view.hips_under_horizon_px.unwrap_or(CAMERA_OVER_HIPS_LEG.0 * leg_px);
    let axis = (view.axis_px - origin_x) / leg_px;
    let mut found = Perspective {
        origin: Point::new(origin_x, hips_y - under_horizon_px),
        leg_px,
        fitted: Fitted { from: -way / 2.0, to: way / 2.0, axis, ..Perspective::NONE.fitted },
        ..Perspective::NONE
    };
    let mut deviation = 0.0;
    for _ in 0..ROUNDS {
        let sizes = sizes(points, &found);
        let told = hips.present().filter_map(|(i, p)| Some(((p.x - origin_x) / leg_px, sizes[i]?)));
        (found.curve, deviation) = curve(&by_place(told), view.camera)?;
        if !found.is_possible() {
            return None;
        }
    }
    let size = |u| found.curve.size(u);
    let ends = [-way / 2.0, 0.0, way / 2.0].map(size);
    let change =
        ends.iter().copied().fold(f64::MIN, f64::max) - ends.iter().copied().fold(f64::MAX, f64::min);
    // Steps, not their many samples, are what is independent: one to a leg length, roughly.
    let change_sd = END_TO_END * deviation / way.sqrt();
    let size_slope = (ends[2] - ends[0]).abs() / way;
    let by_height = CAMERA_OVER_HIPS_LEG.1 * size_slope;
    let by_size = (under_horizon_px / leg_px + HIPS_OVER_FLOOR_LEG) * change_sd / way;
    found.roll_uncertainty = by_height.hypot(by_size);
    found.fitted = Fitted { curve: found.curve, change, change_sd, left_in: change_sd, ..found.fitted };
    if change < LEAST_CHANGE.max(SURE_DEVIATIONS * change_sd) {
        return Some(found.as_seen());
    }
    let oblique = (found.curve.oblique(0.0, axis) * view.focal_px / leg_px).atan().abs().min(MOST_STRETCHED);
    // Of a camera that stands still, what lies beside its axis is seen the more obliquely the further.
    let beside = if view.camera == Moving::Stands { found.curve.size(found.known(axis)) } else { 1.0 };
    Some(Perspective { stretch: beside / oblique.cos(), ..found })
}

/// The middle of the sizes of each quarter of a leg length of the way, so that standing about somewhere counts no more than
/// walking by.
fn by_place(told: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut places: BTreeMap<i64, Vec<(f64, f64)>> = BTreeMap::new();
    for (u, size) in told {
        places.entry((u / PLACE_LEG).round() as i64).or_default().push((u, size));
    }
    let middle = |there: Vec<(f64, f64)>| {
        Some((median(there.iter().map(|t| t.0))?, median(there.iter().map(|t| t.1))?))
    };
    places.into_values().filter_map(middle).collect()
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

/// The curve through the sizes, and the robust deviation of a size from it. A turn sees the way from further off at both ends:
/// where that does not show, the camera went along.
fn curve(sizes: &[(f64, f64)], camera: Moving) -> Option<(Curve, f64)> {
    if camera == Moving::Follows {
        let rows: Vec<_> = sizes.iter().map(|&(u, size)| ([1.0, u, u * u], size.powi(-2))).collect();
        let ([level, slope, bend], deviation) = least_squares::robust_fit(&rows)?;
        if level > 0.0 && bend > 0.0 {
            let curve = Curve::Turning { slope: slope / level, bend: bend / level };
            // An inverse square changes twice as much as the size.
            return Some((curve, deviation / level / 2.0));
        }
    }
    let rows: Vec<_> = sizes.iter().map(|&(u, size)| ([1.0, u], size)).collect();
    let ([level, growth], deviation) = least_squares::robust_fit(&rows)?;
    (level > 0.0).then(|| (Curve::Standing { growth: growth / level }, deviation / level))
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
    /// The lower leg reaches 0.3 legs ahead and 0.5 down: atan(0.3 / 0.5).
    const LOWER_LEG_DEG: f64 = 30.96;

    /// Somebody upright on a way of 6 legs whose direction is `oblique` radians off square, seen by a camera that stands still or
    /// turns to keep them in the middle.
    fn walked(oblique: f64, turns: bool) -> Points {
        walked_beside(0.0, oblique, turns)
    }

    /// The same with the middle of the way so many leg lengths on from where the camera looks.
    fn walked_beside(beside: f64, oblique: f64, turns: bool) -> Points {
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
                    let along = beside
                        + 6.0 * (i as f64 / (SAMPLES - 1) as f64 - 0.5)
                        + if up == 0.0 { 0.3 } else { 0.0 };
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

    /// In the middle of the way, from the vertical, degrees.
    fn lean_of_lower_leg(flat: &Points) -> f64 {
        let at = |point| flat.limb(point, Side::Left).value(SAMPLES / 2).unwrap();
        let (knee, ankle) = (at(LimbPoint::Knee), at(LimbPoint::Ankle));
        ((ankle.x - knee.x).abs() / (ankle.y - knee.y)).atan().to_degrees()
    }

    fn view(turns: bool) -> View {
        let camera = if turns { Moving::Follows } else { Moving::Stands };
        View { camera, hips_under_horizon_px: None, focal_px: FOCAL_PX, axis_px: 500.0, axis_sd_px: 0.0 }
    }

    #[test]
    fn equal_steps_come_out_equal_and_the_floor_level() {
        for (oblique, turns) in [(0.3, false), (-0.3, false), (0.0, true), (0.25, true), (-0.25, true)] {
            let seen = walked(oblique, turns);
            let flat = estimate(&seen, LEG_PX, view(turns)).flatten(&seen);
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
            let flat = estimate(&seen, LEG_PX, view(turns)).flatten(&seen);
            let lean = lean_of_lower_leg(&flat);
            assert!((lean - LOWER_LEG_DEG).abs() < 1.0, "{oblique} {turns}: {lean}");
        }
    }

    #[test]
    fn the_view_is_that_of_the_way() {
        for oblique in [-0.45, -0.2, 0.0, 0.1, 0.3] {
            let seen = walked(oblique, false);
            let (angle, _) = estimate(&seen, LEG_PX, view(false)).view(FOCAL_PX, 0.0).unwrap();
            assert!((angle.0 - f64::abs(oblique)).abs() < 0.04, "{angle:?} for {oblique}");
        }
        // Half of a way of 6 legs is seen from further off than the end of the middle half: atan(1.5 / 8).
        let seen = walked(0.0, true);
        let (angle, _) = estimate(&seen, LEG_PX, view(true)).view(FOCAL_PX, 0.0).unwrap();
        assert!((angle.0 - 0.185).abs() < 0.02, "{angle:?}");
    }

    #[test]
    fn a_way_beside_the_picture_s_middle_is_seen_from_the_same_side() {
        for (beside, oblique) in [(2.0, 0.3), (-2.0, 0.3), (2.0, -0.2)] {
            let seen = walked_beside(beside, oblique, false);
            let found = estimate(&seen, LEG_PX, view(false));
            let (angle, _) = found.view(FOCAL_PX, 0.0).unwrap();
            assert!((angle.0 - f64::abs(oblique)).abs() < 0.04, "{angle:?} for {oblique}");
            let flat = found.flatten(&seen);
            let lean = lean_of_lower_leg(&flat);
            assert!((lean - LOWER_LEG_DEG).abs() < 1.0, "{beside} {oblique}: {lean}");
        }
    }

    #[test]
    fn the_camera_is_where_the_way_says() {
        let on_the_way = |legs: f64| 500.0 + LEG_PX * legs;
        for (oblique, turns) in
            [(0.0, false), (0.2, false), (-0.3, false), (0.0, true), (0.2, true), (-0.2, true)]
        {
            let view = view(turns);
            let found = estimate(&walked(oblique, turns), LEG_PX, view).standpoint(view).unwrap();
            let square = on_the_way(-DISTANCE_LEG * oblique.sin());
            // A hundredth of a leg in a step: 0.4 of a leg by the tracks' 0.025 of the distance.
            assert!(
                (found.square_px - square).abs() < 0.4 * LEG_PX,
                "{oblique} {turns}: {found:?}, {square}"
            );
            let distance = LEG_PX * DISTANCE_LEG * oblique.cos();
            assert!(
                (found.distance_px / distance - 1.0).abs() < 0.05,
                "{oblique} {turns}: {found:?}, {distance}"
            );
        }
        // From too oblique, or with the axis far beside the way, nobody can say.
        assert_eq!(estimate(&walked(0.6, false), LEG_PX, view(false)).standpoint(view(false)), None);
        let beside = View { axis_px: on_the_way(12.0), ..view(false) };
        assert_eq!(estimate(&walked(0.3, false), LEG_PX, beside).standpoint(beside), None);
        // A hand that sways knows it less well than a tripod.
        let sd = |axis_sd_px| {
            let view = View { axis_sd_px, ..view(false) };
            estimate(&walked(0.0, false), LEG_PX, view).standpoint(view).unwrap().square_sd_px
        };
        assert!(sd(100.0) > sd(0.0) && sd(0.0) < 0.5 * LEG_PX, "{} {}", sd(0.0), sd(100.0));
        // Who goes along with the athlete sees no way get smaller.
        let view = View { camera: Moving::Follows, ..view(false) };
        assert_eq!(estimate(&walked(0.0, false), LEG_PX, view).standpoint(view), None);
        let unknown = View { camera: Moving::Unknown, ..view };
        assert_eq!(Perspective::NONE.standpoint(unknown), None);
    }

    #[test]
    fn who_stands_about_for_most_of_the_clip_is_seen_as_obliquely() {
        let walked = walked(0.3, false);
        let still = walked
            .map(|_, s| Series::new(std::iter::repeat_n(s.get(0), 4 * SAMPLES).chain(s.iter()).collect()));
        let of = |points: &Points| estimate(points, LEG_PX, view(false)).view(FOCAL_PX, 0.0).unwrap().0;
        assert!((of(&walked).0 - of(&still).0).abs() < 0.02);
    }

    #[test]
    fn who_is_seen_squarely_stays_as_seen() {
        let seen = walked(0.0, false);
        let found = estimate(&seen, LEG_PX, view(false));
        assert!(found.is_none());
        assert_eq!(found.flatten(&seen), seen);
        assert!(found.change_sd().is_some_and(|sd| sd < 0.01));
    }

    #[test]
    fn what_was_laid_flat_goes_back_to_where_it_was_seen() {
        for turns in [false, true] {
            let seen = walked(0.25, turns);
            let found = estimate(&seen, LEG_PX, view(turns));
            let back = found.seen(&found.flatten(&seen));
            for i in [0, 40, SAMPLES - 1] {
                let of = |points: &Points| points.limb(LimbPoint::Shoulder, Side::Right).value(i).unwrap();
                assert!(of(&back).distance(of(&seen)) < 1e-6, "{turns} {i}");
            }
        }
    }

    #[test]
    fn the_way_is_squeezed_as_much_as_a_small_square_on_it() {
        for turns in [false, true] {
            let found = estimate(&walked(0.25, turns), LEG_PX, view(turns));
            for x in [-300.0, 0.0, 250.0] {
                let at = |x, y| found.unflat(Point::new(found.origin.x + x, found.origin.y + y));
                let (along, down) = (at(x + 1.0, 80.0) - at(x - 1.0, 80.0), at(x, 81.0) - at(x, 79.0));
                let squeeze = found.squeeze(Point::new(found.origin.x + x, found.origin.y + 80.0));
                assert!((squeeze - along.x / down.y).abs() < 1e-3, "{turns} {x}: {squeeze}");
                // Near the camera a way looks longer than in its middle.
                assert!(squeeze < 1.0 || x.abs() > 0.0, "{turns}: {squeeze}");
            }
        }
        assert!((Perspective::NONE.squeeze(Point::new(3.0, 4.0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_said_of_a_short_way_an_unknown_motion_or_nobody() {
        let seen = walked(0.3, false);
        assert_eq!(
            estimate(&seen, LEG_PX, View { camera: Moving::Unknown, ..view(false) }),
            Perspective::NONE
        );
        assert_eq!(estimate(&seen, 10.0 * LEG_PX, view(false)), Perspective::NONE);
        let nobody = estimate(&Points::missing(90), LEG_PX, view(false));
        assert_eq!(nobody, Perspective::NONE);
        assert_eq!((nobody.change_sd(), nobody.view(FOCAL_PX, 0.2)), (None, None));
    }
}
