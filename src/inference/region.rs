//! From two points on a body to the square that a landmark model is shown.

use crate::geometry::{Image, Point, Region};
use crate::units::Radians;
use std::f64::consts::FRAC_PI_2;

/// The circle round the hips through the scale point holds the body; the square is this much larger (`MediaPipe`'s
/// `pose_detection_to_roi` and `pose_landmarks_to_roi`: `scale_x: 1.25`).
const MARGIN: f64 = 1.25;
/// Shortest distance of the two points that still gives a direction, px.
const SHORTEST_PX: f64 = 1.0;

/// The region centred on one point and turned so that the other is straight above it; none when the two coincide
/// or are not finite.
pub(super) fn region_from(centre: Point<Image>, scale: Point<Image>) -> Option<Region> {
    let axis = scale - centre;
    let radius = axis.length();
    if !(radius.is_finite() && radius >= SHORTEST_PX) {
        return None;
    }
    let rotation = Radians(FRAC_PI_2 - (-axis.y).atan2(axis.x)).wrapped();
    Some(Region { centre, side: MARGIN * 2.0 * radius, rotation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_point_straight_above_gives_an_upright_region() {
        let region = region_from(Point::new(50.0, 60.0), Point::new(50.0, 20.0)).expect("distinct points");
        assert!(region.rotation.0.abs() < 1e-12);
        assert!((region.side - 100.0).abs() < 1e-12);
    }

    #[test]
    fn a_body_leaning_to_the_right_turns_the_region_clockwise() {
        let region = region_from(Point::new(0.0, 0.0), Point::new(30.0, 0.0)).expect("distinct points");
        assert!((region.rotation.to_degrees() - 90.0).abs() < 1e-9);
    }

    #[test]
    fn coinciding_or_infinite_points_give_none() {
        let p = Point::new(1.0, 1.0);
        assert_eq!(region_from(p, p), None);
        assert_eq!(region_from(p, Point::new(f64::NAN, 0.0)), None);
    }
}
