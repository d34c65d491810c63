//! Where a leg's joints lie nearer to the camera than one another, and their places as if they did not (docs/science.md B8).
//!
//! A knee lies a few centimetres outside the hip and the ankle inside both. Seen squarely that changes nothing; seen from
//! beside, as at both ends of a way that passes a camera, it moves the one along the picture against the other: 3 cm of a
//! thigh of 42 cm at 30 degrees turn it by 2 degrees. It also makes the segment look longer leaning to one side and
//! shorter leaning to the other, the more the further beside. That tells how far the joints lie apart.

use crate::camera::perspective::Standpoint;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::least_squares::{fit_with_spread, robust_fit};
use crate::signal::series::Series;
use crate::skeleton::{LimbPoint, Side};

/// How far neighbouring joints of a leg lie apart across the plane of movement, one standard deviation, leg lengths: 3 cm. Hip
/// joints lie 17 cm apart (Bell 1990), ankles in walking 8 to 13 cm (Owings and Grabiner 2004), knees between or outside.
const USUAL_LEG: f64 = 0.035;

/// A movement as one camera sees it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Level and laid flat, mirrored where the athlete faces the other way: what angles are made of.
    pub points: &'a Points,
    /// The same with nothing mirrored.
    pub unmirrored: &'a Points,
    /// Where the camera stands.
    pub camera: Standpoint,
}

impl Scene<'_> {
    /// Tangent of the angle at which a point is seen, 0 squarely.
    fn tangent(&self, point: LimbPoint, side: Side, sample: usize) -> Option<f64> {
        let seen = self.unmirrored.limb(point, side).value(sample)?;
        Some((seen.x - self.camera.square_px) / self.camera.distance_px)
    }

    /// The points with both legs as if seen squarely from everywhere. `leg_px` is the leg length, `share_new` the share of the samples
    /// that tells something new after the low-pass.
    #[must_use]
    pub fn squarely(&self, leg_px: f64, share_new: f64) -> Points {
        let mut out = self.points.clone();
        for side in Side::BOTH {
            let nearer = |from, to| self.nearer(from, to, side, USUAL_LEG * leg_px, share_new);
            let knee = nearer(LimbPoint::Hip, LimbPoint::Knee);
            let ankle = knee + nearer(LimbPoint::Knee, LimbPoint::Ankle);
            let leg = [LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe];
            for (point, nearer) in leg.into_iter().zip([knee, ankle, ankle, ankle]) {
                *out.get_mut(point.on(side)) = self.moved(point, side, nearer);
            }
        }
        out
    }

    /// A point where it would be seen if it lay as far from the camera as the hip, by `nearer` px further.
    fn moved(&self, point: LimbPoint, side: Side, nearer: f64) -> Series<Point<Ground>> {
        let samples = self.points.limb(point, side).iter().enumerate().map(|(i, sample)| {
            let along = nearer * self.tangent(point, side, i).unwrap_or(0.0);
            sample.map(|s| s.map(|p| Point::new(p.x - along, p.y)))
        });
        Series::new(samples.collect())
    }

    /// How much nearer to the camera the lower end of a segment lies than the upper one, px; in mirrored stretches further. What is seen
    /// is weighed against what is `usual`.
    fn nearer(&self, from: LimbPoint, to: LimbPoint, side: Side, usual: f64, share_new: f64) -> f64 {
        let segment = self.points.limb(from, side).with(self.points.limb(to, side), |a, b| b - a);
        // Seen at a tangent t, a segment v looks v + (nearer t, 0), so that |seen|^2 is |v|^2 + 2 nearer t v.x. What looks longer to
        // one side everywhere is the model's doing, or a view that is oblique everywhere.
        let rows: Vec<([f64; 3], f64)> = segment
            .present()
            .filter_map(|(i, v)| {
                let tangent = self.tangent(to, side, i)?;
                Some(([1.0, 2.0 * v.x, 2.0 * tangent * v.x], v.length().powi(2)))
            })
            .collect();
        let spread = || Some(fit_with_spread(rows.iter().map(|&(row, value)| (row, value, 1.0)))?.1[2]);
        let Some(((terms, deviation), spread)) = robust_fit(&rows).zip(spread()) else { return 0.0 };
        let variance = (spread * deviation).powi(2) / share_new;
        terms[2] * usual.powi(2) / (usual.powi(2) + variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Vector;
    use crate::kinematics::movement::Movement;
    use crate::kinematics::turns::Turns;
    use crate::synthetic::{Athlete, Exercise};

    /// Of a leg's length: a knee that much outside the hip, an ankle that much inside the knee.
    const KNEE_OUT: f64 = 0.035;
    const ANKLE_IN: f64 = -0.06;
    const SHARE_NEW: f64 = 0.5;

    fn camera_of(movement: &Movement) -> Standpoint {
        let hips = movement.points.middle(LimbPoint::Hip);
        let places: Vec<f64> = hips.present().map(|(_, p)| p.x).collect();
        let middle = f64::midpoint(places[0], places[places.len() - 1]);
        Standpoint { square_px: middle, square_sd_px: 0.0, distance_px: (places[0] - middle).abs() / 0.6 }
    }

    /// The movement as a camera sees it to which one leg's knees and ankles are nearer than the hips.
    fn seen(athlete: &Athlete, camera: Standpoint, points: &Points) -> Points {
        let mut out = points.clone();
        let leg = athlete.leg_length_px();
        let ankle = KNEE_OUT + ANKLE_IN;
        for (point, nearer) in [
            (LimbPoint::Knee, KNEE_OUT),
            (LimbPoint::Ankle, ankle),
            (LimbPoint::Heel, ankle),
            (LimbPoint::Toe, ankle),
        ] {
            let series = points.limb(point, Side::Left);
            *out.get_mut(point.on(Side::Left)) = series.map(|p| {
                let tangent = (p.x - camera.square_px) / camera.distance_px;
                p + Vector::new(nearer * leg * tangent, 0.0)
            });
        }
        out
    }

    fn farthest(a: &Points, b: &Points, point: LimbPoint, side: Side) -> f64 {
        let apart = a.limb(point, side).with(b.limb(point, side), Point::distance);
        apart.present().map(|(_, d)| d).fold(0.0, f64::max)
    }

    #[test]
    fn joints_seen_from_beside_go_back_to_where_they_are_seen_squarely() {
        for exercise in Exercise::ALL {
            let athlete = Athlete::new(exercise).lasting(8.0);
            let movement = athlete.movement();
            let (camera, leg) = (camera_of(&movement), athlete.leg_length_px());
            let points = seen(&athlete, camera, &movement.points);
            let scene = Scene { points: &points, unmirrored: &points, camera };
            let squarely = scene.squarely(leg, SHARE_NEW);
            for point in [LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Toe] {
                let before = farthest(&points, &movement.points, point, Side::Left);
                let after = farthest(&squarely, &movement.points, point, Side::Left);
                assert!(
                    before > 0.01 * leg && after < 0.2 * before,
                    "{exercise:?} {point:?}: {before} to {after} px"
                );
                let other = farthest(&squarely, &movement.points, point, Side::Right);
                assert!(other < 0.003 * leg, "{exercise:?} {point:?}: {other} px where nothing was off");
            }
        }
    }

    /// Half of the clip in a mirror: the same leg lies further there.
    #[test]
    fn who_turns_round_shows_the_other_side() {
        let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
        let movement = athlete.movement();
        let (camera, leg) = (camera_of(&movement), athlete.leg_length_px());
        let half = movement.points.samples() / 2;
        let turns =
            Turns { turns: Vec::new(), mirrored: std::iter::once(half..movement.points.samples()).collect() };
        // Nearer before the turn and further after it: the camera on the other side of the lane.
        let (near, far) = (
            seen(&athlete, camera, &movement.points),
            seen(&athlete, Standpoint { distance_px: -camera.distance_px, ..camera }, &movement.points),
        );
        let unmirrored = near.map(|k, series| {
            let after = far.get(k);
            Series::new(
                (0..series.len()).map(|i| if i < half { series.get(i) } else { after.get(i) }).collect(),
            )
        });
        let scene = Scene { points: &turns.mirror(&unmirrored), unmirrored: &unmirrored, camera };
        let squarely = turns.mirror(&scene.squarely(leg, SHARE_NEW));
        for point in [LimbPoint::Knee, LimbPoint::Ankle] {
            let before = farthest(&unmirrored, &movement.points, point, Side::Left);
            let after = farthest(&squarely, &movement.points, point, Side::Left);
            assert!(after < 0.2 * before, "{point:?}: {before} to {after} px");
        }
    }

    #[test]
    fn a_short_way_and_nobody_move_nothing() {
        let athlete = Athlete::new(Exercise::SledPush).noise(0.02).lasting(3.0);
        let movement = athlete.movement();
        let camera = Standpoint { square_px: 0.0, square_sd_px: 0.0, distance_px: 1e9 };
        let scene = Scene { points: &movement.points, unmirrored: &movement.points, camera };
        let squarely = scene.squarely(athlete.leg_length_px(), SHARE_NEW);
        assert!(farthest(&squarely, &movement.points, LimbPoint::Ankle, Side::Left) < 1e-3);
        let nobody = Points::missing(90);
        let scene = Scene { points: &nobody, unmirrored: &nobody, camera };
        assert_eq!(scene.squarely(150.0, SHARE_NEW), nobody);
    }
}
