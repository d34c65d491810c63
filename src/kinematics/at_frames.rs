//! What was found, at the clip's own frames and in their pictures.

use crate::geometry::{Image, Point};
use crate::kinematics::movement::{Angles, Points};
use crate::kinematics::prepare::Prepared;
use crate::signal::series::Series;
use crate::skeleton::{Angle, LimbPoint};
use crate::units::Radians;

/// How a lean looks in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// How far upright leans clockwise.
    pub upright: Radians,
    /// How short the way of movement looks beside a height of the same length: 1 seen squarely, less obliquely, though near
    /// the camera it may be more.
    pub squeeze: f64,
}

impl Plane {
    /// Seen squarely by a level camera.
    pub const SQUARE: Self = Self { upright: Radians(0.0), squeeze: 1.0 };

    /// How far a segment that leans by so much toward the right edge leans clockwise in the picture.
    #[must_use]
    pub fn seen(self, lean: Radians) -> Radians {
        Radians((self.squeeze * lean.0.sin()).atan2(lean.0.cos())) + self.upright
    }
}

impl Prepared {
    /// Every angle at every frame, for `angles.csv`.
    #[must_use]
    pub fn angles_at_frames(&self) -> Angles {
        let mut out = Angles::missing(self.frames.times.len());
        for angle in Angle::ALL {
            let series = self.movement.angles.get(angle);
            out.set(angle, self.frames.at_frames(series, |a, b, share| Radians(a.0 + (b.0 - a.0) * share)));
        }
        out
    }

    /// The filtered joint positions at every frame, in that frame's picture, px, for `keypoints.csv` and the overlay.
    #[must_use]
    pub fn points_at_frames(&self) -> Points<Image> {
        self.movement.points_as_seen().map(|_, series| {
            let ground = self.frames.at_frames(series, Point::towards);
            Series::new(
                ground
                    .iter()
                    .zip(&self.frames.image_from_ground)
                    .map(|(s, back)| s.map(|s| s.map(|p| back.apply(Point::new(p.x, p.y)))))
                    .collect(),
            )
        })
    }

    /// How the plane of movement lies in each picture, where the athlete is.
    #[must_use]
    pub fn planes(&self) -> Vec<Plane> {
        let flat = self.movement.turns.mirror(&self.movement.points);
        let hips = self.frames.at_frames(&flat.middle(LimbPoint::Hip), Point::towards);
        let squeeze = hips.iter().map(|p| p.map_or(1.0, |p| self.movement.perspective.squeeze(p.value)));
        self.frames
            .image_from_ground
            .iter()
            .zip(squeeze)
            .map(|(ground, squeeze)| Plane { upright: ground.rotation, squeeze })
            .collect()
    }

    /// The filtered joint positions at every frame on the ground frame, px: camera motion and roll removed, the plane of movement laid flat.
    #[must_use]
    pub fn flat_points_at_frames(&self) -> Points {
        let flat = self.movement.turns.mirror(&self.movement.points);
        flat.map(|_, series| self.frames.at_frames(series, Point::towards))
    }
}
