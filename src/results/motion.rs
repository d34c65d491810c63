//! Where the markers of the `.trc` files are: in the picture, and in metres where a scale is known.

use crate::analysis::Athlete;
use crate::kinematics::movement::Points;
use crate::signal::statistics::quantile;
use crate::skeleton::{Keypoint, LimbPoint, Side};

/// Share of the foot points that lie above the floor: standing feet lie on it, the lowest few are noise.
const ABOVE_FLOOR: f64 = 0.95;

/// Which point of the foot stands for the floor, the best first.
const FOOT: [[LimbPoint; 2]; 2] = [[LimbPoint::Heel, LimbPoint::Toe], [LimbPoint::Ankle, LimbPoint::Ankle]];

/// Where a keypoint is in a frame, in the directions and the unit of the file.
pub(super) type Place = Box<dyn Fn(Keypoint, usize) -> Option<[f64; 2]>>;

/// Pixels of each frame's picture: X right, Y down.
pub(super) fn in_picture(athlete: &Athlete) -> Place {
    let points = athlete.prepared.points_at_frames();
    Box::new(move |keypoint, frame| place(&points, keypoint, frame))
}

/// Metres, camera motion, roll and perspective removed: X right from the left edge of the first picture, Y up from the floor.
/// None without a scale.
pub(super) fn in_metres(athlete: &Athlete) -> Option<Place> {
    let metres_per_px = athlete.prepared.scale.metres_per_px?;
    let points = athlete.prepared.flat_points_at_frames();
    let floor = floor(&points);
    Some(Box::new(move |keypoint, frame| {
        let [x, y] = place(&points, keypoint, frame)?;
        Some([x * metres_per_px, (floor - y) * metres_per_px])
    }))
}

/// Where a keypoint is; for a mid-hip or neck that the model lacks, the middle of both sides.
fn place<S>(points: &Points<S>, keypoint: Keypoint, frame: usize) -> Option<[f64; 2]> {
    let of = |k: Keypoint| points.get(k).value(frame);
    let middle = |point: LimbPoint| Some(of(point.on(Side::Left))?.midpoint(of(point.on(Side::Right))?));
    let found = of(keypoint).or_else(|| match keypoint {
        Keypoint::MidHip => middle(LimbPoint::Hip),
        Keypoint::Neck => middle(LimbPoint::Shoulder),
        _ => None,
    })?;
    Some([found.x, found.y])
}

/// How far down the floor is, px; the picture's upper edge where no foot was seen.
fn floor<S>(points: &Points<S>) -> f64 {
    let down = |point: &LimbPoint| {
        let sides =
            Side::BOTH.map(|side| points.limb(*point, side).present().map(|(_, p)| p.y).collect::<Vec<_>>());
        sides.concat()
    };
    let lowest = FOOT.iter().find_map(|foot| quantile(foot.iter().flat_map(down), ABOVE_FLOOR));
    lowest.unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Image, Point};
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    fn points(places: &[(Keypoint, f64, f64)]) -> Points<Image> {
        let mut points = Points::missing(1);
        for &(keypoint, x, y) in places {
            let value = Point::new(x, y);
            let sample = Sample { value, confidence: Confidence::FULL, source: Source::Measured };
            *points.get_mut(keypoint) = Series::new(vec![Some(sample)]);
        }
        points
    }

    #[test]
    fn a_midline_point_that_the_model_lacks_is_the_middle_of_both_sides() {
        let sides = [(Keypoint::LeftHip, 10.0, 20.0), (Keypoint::RightHip, 14.0, 22.0)];
        assert_eq!(place(&points(&sides), Keypoint::MidHip, 0), Some([12.0, 21.0]));
        assert_eq!(place(&points(&sides[..1]), Keypoint::MidHip, 0), None);
        assert_eq!(place(&points(&sides), Keypoint::Neck, 0), None);
        let own = [sides[0], sides[1], (Keypoint::MidHip, 1.0, 2.0)];
        assert_eq!(place(&points(&own), Keypoint::MidHip, 0), Some([1.0, 2.0]));
    }

    #[test]
    fn the_floor_is_under_the_lower_foot_and_under_the_ankles_where_feet_are_hidden() {
        let ankle = (Keypoint::LeftAnkle, 0.0, 90.0);
        assert!((floor(&points(&[ankle])) - 90.0).abs() < 1e-12);
        let feet = [ankle, (Keypoint::LeftHeel, 0.0, 100.0), (Keypoint::RightFootIndex, 0.0, 100.0)];
        assert!((floor(&points(&feet)) - 100.0).abs() < 1e-12);
        assert!(floor(&points(&[])).abs() < 1e-12);
    }
}
