//! Arms that point toward or away from the camera: what their apparent length says of the elbow's angle in the picture.
//!
//! A segment out of the picture's plane looks shorter by the cosine of its angle with it. The angle between two such
//! segments is then not the one in the picture: with unit vectors that have shares a and b of their length in the
//! plane, its cosine is a b cos(seen) plus or minus sqrt(1 - a^2) sqrt(1 - b^2), as both lean the same way or not.
//! Angles of one segment in the picture's plane stay what they are, but the shorter it looks, the more noise turns it.

use crate::kinematics::movement::{Angles, Points};
use crate::signal::series::Series;
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{Angle, Joint, LimbPoint, Segment, Side};
use crate::units::Radians;

/// Upper arm and forearm as shares of the distance from hip to shoulder (Drillis and Contini 1966: 0.186 and 0.146 of
/// stature on 0.818 - 0.530).
const UPPER_ARM_TRUNKS: f64 = 0.186 / (0.818 - 0.530);
const FOREARM_TRUNKS: f64 = 0.146 / (0.818 - 0.530);
/// A trunk seen shorter than this share of the clip is bent or turned: its length is taken at this quantile (B3).
const TRUNK_QUANTILE: f64 = 0.75;
/// People's arms differ from the table by a tenth of their length, and landmarks are not joint centres: only what is
/// shorter than this share of the table's is taken for foreshortened [default].
const ORDINARY: f64 = 0.9;
/// Beyond this angle out of the picture's plane an elbow is not measured (docs/science.md F7: no angles at all beyond
/// a view 35 degrees from the side).
const FARTHEST_OUT: Radians = Radians(0.611);

/// How much of an arm's length lies in the picture's plane: cosines, medians over the clip; none where it is not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InPlane {
    /// Of the upper arm, 0 to 1.
    pub upper_arm: f64,
    /// Of the forearm, 0 to 1.
    pub forearm: f64,
}

impl InPlane {
    /// Of both arms, left first.
    #[must_use]
    pub fn of(points: &Points) -> [Option<Self>; 2] {
        let middle = |point| points.middle(point);
        let trunk = lengths(&middle(LimbPoint::Hip), &middle(LimbPoint::Shoulder));
        let trunk = quantile(trunk, TRUNK_QUANTILE).filter(|&t| t > 0.0);
        Side::BOTH.map(|side| {
            let share = |from, to, trunks: f64| {
                let apparent = median(lengths(points.limb(from, side), points.limb(to, side)))?;
                Some((apparent / (ORDINARY * trunks * trunk?)).min(1.0))
            };
            Some(Self {
                upper_arm: share(LimbPoint::Shoulder, LimbPoint::Elbow, UPPER_ARM_TRUNKS)?,
                forearm: share(LimbPoint::Elbow, LimbPoint::Wrist, FOREARM_TRUNKS)?,
            })
        })
    }

    /// Whether the elbow's angle in the picture says nothing of the elbow.
    #[must_use]
    pub fn hides_the_elbow(self) -> bool {
        self.upper_arm.min(self.forearm) < FARTHEST_OUT.0.cos()
    }

    /// How far the elbow may be from how it is seen: the farther of both solutions.
    #[must_use]
    pub fn elbow_error(self, seen: Radians) -> Radians {
        let (a, b) = (self.upper_arm, self.forearm);
        let out = ((1.0 - a * a) * (1.0 - b * b)).max(0.0).sqrt();
        let solution = |sign: f64| (a * b * seen.0.cos() + sign * out).clamp(-1.0, 1.0).acos();
        let away = |sign| (solution(sign) - seen.0).abs();
        Radians(away(1.0).max(away(-1.0)))
    }

    /// By how much noise turns the angle of a segment more than of one in the picture's plane.
    #[must_use]
    pub fn widening(self, segment: Segment) -> f64 {
        match segment {
            Segment::UpperArm => self.upper_arm.recip(),
            Segment::Forearm => self.forearm.recip(),
            Segment::Trunk | Segment::Thigh | Segment::Shank | Segment::Foot => 1.0,
        }
    }
}

/// Takes the elbows away that cannot be told; says of which sides.
pub fn drop_elbows(angles: &mut Angles, arms: [Option<InPlane>; 2]) -> Vec<Side> {
    let hidden =
        Side::BOTH.into_iter().zip(arms).filter(|(_, arm)| arm.is_some_and(InPlane::hides_the_elbow));
    let hidden: Vec<Side> = hidden.map(|(side, _)| side).collect();
    for &side in &hidden {
        let elbow = Angle::joint(Joint::Elbow, side);
        angles.set(elbow, Series::missing(angles.get(elbow).len()));
    }
    hidden
}

fn lengths(
    from: &Series<crate::geometry::Point<crate::geometry::Ground>>,
    to: &Series<crate::geometry::Point<crate::geometry::Ground>>,
) -> Vec<f64> {
    from.with(to, crate::geometry::Point::distance).present().map(|(_, length)| length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    #[test]
    fn arms_in_the_plane_of_a_side_view_are_whole_and_keep_their_elbows() {
        for exercise in Exercise::ALL {
            let mut movement = Athlete::new(exercise).movement();
            let arms = InPlane::of(&movement.points);
            for arm in arms.into_iter().flatten() {
                assert!(arm.upper_arm > 0.95 && arm.forearm > 0.95, "{exercise:?}: {arm:?}");
                assert!(arm.elbow_error(Radians(1.0)).to_degrees() < 5.0, "{exercise:?}");
            }
            assert!(drop_elbows(&mut movement.angles, arms).is_empty(), "{exercise:?}");
        }
    }

    /// An arm held out to the side by 60 degrees, forearm hanging: seen as 0, it is bent by 60.
    #[test]
    fn the_true_angle_is_one_of_both_solutions() {
        let held_out = InPlane { upper_arm: 60.0_f64.to_radians().cos(), forearm: 1.0 };
        let error = held_out.elbow_error(Radians(0.0)).to_degrees();
        assert!((error - 60.0).abs() < 1e-9, "{error}");
        assert!(held_out.hides_the_elbow());
        // Both out by 30 degrees: the same way, a straight arm; opposite ways, one bent by 60.
        let side = 30.0_f64.to_radians().cos();
        let out = InPlane { upper_arm: side, forearm: side };
        assert!((out.elbow_error(Radians(0.0)).to_degrees() - 60.0).abs() < 1e-9);
        assert!(!out.hides_the_elbow());
    }

    #[test]
    fn an_arm_that_points_at_the_camera_has_no_elbow_angle_and_the_other_keeps_its() {
        let mut movement = Athlete::new(Exercise::SledBackpedal).movement();
        let points = &mut movement.points;
        let shoulder = points.limb(LimbPoint::Shoulder, Side::Left).clone();
        for point in [LimbPoint::Elbow, LimbPoint::Wrist] {
            let drawn_in = shoulder.with(points.limb(point, Side::Left), |s, p| s.towards(p, 0.6));
            *points.get_mut(point.on(Side::Left)) = drawn_in;
        }
        let arms = InPlane::of(points);
        assert_eq!(drop_elbows(&mut movement.angles, arms), [Side::Left]);
        let present = |side| movement.angles.get(Angle::joint(Joint::Elbow, side)).present().count();
        assert!(present(Side::Left) == 0 && present(Side::Right) > 0);
    }

    #[test]
    fn what_is_not_seen_is_not_judged() {
        let movement = Athlete::new(Exercise::SledPush).hide(&[LimbPoint::Elbow]).movement();
        let mut points = movement.points.clone();
        for side in Side::BOTH {
            *points.get_mut(LimbPoint::Elbow.on(side)) = Series::missing(points.samples());
        }
        assert_eq!(InPlane::of(&points), [None, None]);
        assert_eq!(InPlane::of(&Points::missing(0)), [None, None]);
    }
}
