//! Level, wherever the athlete is (docs/science.md B8).
//!
//! A camera that looks down (or up) and turns lays its pictures out in an arc: each is level, but they are turned against each
//! other on the ground frame, and the floor bends. Added to that is the roll, which is the same everywhere.

use super::motion::{CameraMotion, Stabilisation};
use super::yaw::usual_focal_px;
use crate::frame::PixelSize;
use crate::geometry::{Image, Point, Similarity};
use crate::units::Radians;

/// An arc over the way of less than this is not worth unbending: that of [`super::roll::LEAST_CORRECTED_DEG`].
const LEAST_ARC: Radians = Radians(0.0175);
/// A camera follows the athlete where its own way is at least this share of the athlete's [default]: a hand that sways does not.
const FOLLOWING: f64 = 0.5;
/// Nobody films a sled while looking further up or down than this: what turns more is rolled by hand
/// [default]: 25 degrees.
const STEEPEST: Radians = Radians(0.44);

/// How the pictures of a turning camera lie in an arc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// How the pictures turn against each other, rad clockwise for each px that they lie further right; 0 where they do not.
    turning: f64,
    middle: f64,
    focal: f64,
}

impl Arc {
    /// The arc over the way from one place to another, px of the ground frame; straight where there is none worth unbending.
    #[must_use]
    pub fn of(stable: &Stabilisation, size: PixelSize, way_px: (f64, f64)) -> Self {
        let focal = usual_focal_px(size);
        let (from, to) = way_px;
        let turning = if follows(stable, size, way_px) { stable.turning_per_px(size) } else { 0.0 };
        let worth = turning.abs() * (to - from) > LEAST_ARC.0 && turning.abs() * focal < STEEPEST.0.tan();
        Self { turning: if worth { turning } else { 0.0 }, middle: f64::midpoint(from, to), focal }
    }

    /// How far the camera looks down, as the arc tells; none where there is no arc.
    #[must_use]
    pub fn pitch(self) -> Option<Radians> {
        (self.turning != 0.0).then(|| Radians((self.turning * self.focal).atan()))
    }

    /// How far under the horizon a place in the picture lies that is so many px under its middle.
    #[must_use]
    pub fn under_horizon_px(self, under_middle_px: f64) -> Option<f64> {
        self.pitch().map(|pitch| under_middle_px + self.focal * pitch.0.tan())
    }
}

/// Whether a camera follows somebody who goes from one place of the ground frame to another, px.
#[must_use]
pub fn follows(stable: &Stabilisation, size: PixelSize, way_px: (f64, f64)) -> bool {
    let (from, to) = stable.reach_px(size);
    stable.motion == CameraMotion::Panning && to - from >= FOLLOWING * (way_px.1 - way_px.0)
}

/// What levels every point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levelling {
    /// The roll to take out.
    pub roll: Radians,
    /// The arc to unbend.
    pub arc: Arc,
    /// Middle of the picture, px.
    pub centre: Point<Image>,
}

impl Levelling {
    /// What levels everything seen while the athlete is at `x` px of the ground frame.
    #[must_use]
    pub fn at(&self, x: f64) -> Similarity {
        let Arc { turning, middle, .. } = self.arc;
        if turning == 0.0 {
            return about(self.centre, self.centre, self.roll);
        }
        let along = x - middle;
        let floor = self.roll.0.tan() * along + turning * along * along / 2.0;
        let to = Point::new(x, self.centre.y);
        about(Point::new(x, self.centre.y + floor), to, Radians(self.roll.0 + turning * along))
    }
}

/// Turns back by an angle about a point, which goes to another.
fn about(from: Point<Image>, to: Point<Image>, angle: Radians) -> Similarity {
    let back = Radians(-angle.0);
    let origin = Point::new(0.0, 0.0);
    if back.0 == 0.0 && from == to {
        return Similarity::IDENTITY;
    }
    Similarity { shift: (to - origin) - (from - origin).rotated(back), rotation: back, scale: 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: PixelSize = PixelSize { width: 1000, height: 500 };
    const FOCAL_PX: f64 = 900.0;

    /// The pictures of a camera that looks down by an angle and turns by a hundredth of a radian a frame, each turned against the
    /// one before about its middle.
    fn turning(down: f64) -> Stabilisation {
        let step: f64 = 0.01;
        let turn = Radians(step * down.sin());
        let centre = Point::new(500.0, 250.0);
        let onward = about(centre, Point::new(500.0 + step * FOCAL_PX * down.cos(), 250.0), Radians(-turn.0));
        let mut ground_from_image = vec![Similarity::IDENTITY];
        for i in 0..60 {
            ground_from_image.push(ground_from_image[i].after(onward));
        }
        Stabilisation { motion: CameraMotion::Panning, ground_from_image }
    }

    #[test]
    fn every_picture_of_a_turning_camera_comes_out_level() {
        for down in [0.15, -0.1] {
            let stable = turning(down);
            let centre = Point::new(500.0, 250.0);
            let ends = (centre.x, stable.ground_from_image[60].apply(centre).x);
            let arc = Arc::of(&stable, SIZE, ends);
            assert!((arc.pitch().unwrap().0 - down).abs() < 0.01, "{arc:?}");
            let levelling = Levelling { roll: stable.ground_from_image[30].rotation, arc, centre };
            for ground in &stable.ground_from_image {
                let middle = ground.apply(centre);
                let level = levelling.at(middle.x).after(*ground);
                assert!(level.rotation.to_degrees().abs() < 0.2, "{down}: {level:?}");
                assert!((level.apply(centre).y - levelling.at(ends.0).apply(centre).y).abs() < 3.0, "{down}");
            }
        }
    }

    #[test]
    fn a_hand_that_sways_beside_a_long_way_follows_nobody() {
        let mut stable = turning(0.15);
        stable.ground_from_image.truncate(10);
        assert!(follows(&stable, SIZE, (500.0, 560.0)));
        assert!(!follows(&stable, SIZE, (0.0, 900.0)));
        assert_eq!(Arc::of(&stable, SIZE, (0.0, 900.0)).pitch(), None);
    }

    #[test]
    fn a_camera_that_looks_straight_ahead_or_stands_has_no_arc() {
        assert_eq!(Arc::of(&turning(0.0), SIZE, (0.0, 800.0)).pitch(), None);
        let still =
            Stabilisation { motion: CameraMotion::Static, ground_from_image: vec![Similarity::IDENTITY; 9] };
        let arc = Arc::of(&still, SIZE, (0.0, 800.0));
        assert_eq!((arc.pitch(), arc.under_horizon_px(10.0)), (None, None));
        let level = Levelling { roll: Radians(0.0), arc, centre: Point::new(500.0, 250.0) };
        assert_eq!(level.at(123.0), Similarity::IDENTITY);
    }
}
