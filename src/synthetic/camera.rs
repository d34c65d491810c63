//! How a camera sees the figure: facing, yaw, roll, pan and scale, without perspective.

use super::body::Place;
use super::motion::Motion;
use crate::frame::BackgroundMotion;
use crate::geometry::{Ground as GroundSpace, Image, Point, Similarity, Vector};
use crate::kinematics::movement::Facing;
use crate::units::{Radians, Seconds};

/// Width of the picture, px.
pub(super) const WIDTH_PX: u32 = 1920;
/// Height of the picture, px.
pub(super) const HEIGHT_PX: u32 = 1080;
/// Where the floor is in the picture, px from its top.
const FLOOR_Y_PX: f64 = 900.0;
/// Points said to have been tracked on the background, and how many agreed: a textured background.
const TRACKED: (usize, usize) = (200, 180);

/// What the athlete steps on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The floor: it gets somewhere.
    Floor,
    /// A belt that carries it back as fast as it steps.
    Treadmill,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Camera {
    pub(super) facing: Facing,
    pub(super) ground: Ground,
    pub(super) leg_px: f64,
    pub(super) pan_px_per_s: f64,
    pub(super) roll: Radians,
    pub(super) yaw: Radians,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            facing: Facing::Right,
            ground: Ground::Floor,
            // A person of about 350 px in a picture 1080 px high.
            leg_px: 170.0,
            pan_px_per_s: 0.0,
            roll: Radians(0.0),
            yaw: Radians(0.0),
        }
    }
}

impl Camera {
    /// On the ground frame: no roll, no pan; `middle` is the time at which the athlete is in the picture's middle.
    pub(super) fn ground(
        &self,
        motion: &Motion,
        place: Place,
        time: Seconds,
        middle: Seconds,
    ) -> Point<GroundSpace> {
        let origin = match self.ground {
            Ground::Floor => motion.hips(middle).0,
            Ground::Treadmill => motion.hips(time).0,
        };
        let forward = self.facing.sign() * (place.forward - origin) * self.yaw.0.cos();
        let across = forward + place.left * self.yaw.0.sin();
        Point::new(f64::from(WIDTH_PX) / 2.0 + across * self.leg_px, FLOOR_Y_PX - place.up * self.leg_px)
    }

    /// In the picture.
    pub(super) fn image(
        &self,
        motion: &Motion,
        place: Place,
        time: Seconds,
        middle: Seconds,
    ) -> Point<Image> {
        let centre = Point::new(f64::from(WIDTH_PX) / 2.0, f64::from(HEIGHT_PX) / 2.0);
        let level = self.ground(motion, place, time, middle);
        let shifted = Point::<Image>::new(level.x - self.pan_px_per_s * time.0, level.y);
        centre + (shifted - centre).rotated(self.roll)
    }

    /// How the background moves from one frame to the next.
    pub(super) fn background(&self, step: Seconds) -> BackgroundMotion {
        let shift = Vector::new(-self.pan_px_per_s * step.0, 0.0).rotated(self.roll);
        BackgroundMotion {
            this_from_previous: Similarity { shift, ..Similarity::IDENTITY },
            inliers: TRACKED.1,
            tracked: TRACKED.0,
        }
    }
}
