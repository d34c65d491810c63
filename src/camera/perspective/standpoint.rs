//! Where the camera stands against the way (docs/science.md D3).

use super::{Curve, Moving, Perspective, View};
use crate::geometry::{Ground, Point};

/// Where a camera stands, told in the plane of movement laid flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standpoint {
    /// Where the camera would look squarely at the way, px along the ground frame, nothing mirrored.
    pub square_px: f64,
    /// How far the camera is from the way, px: a thing so far behind the way looks half as large.
    pub distance_px: f64,
}

impl Perspective {
    /// Where the camera stands; none where that is not known, or where it may have gone along with the athlete.
    #[must_use]
    pub fn standpoint(&self, view: View) -> Option<Standpoint> {
        match (view.camera, self.curve) {
            (Moving::Stands, Curve::Level | Curve::Turning { .. }) => {
                Some(Standpoint { square_px: view.axis_px, distance_px: view.focal_px })
            }
            (Moving::Stands, Curve::Standing { .. }) => Some(self.beside_the_axis(view)),
            (Moving::Follows, Curve::Turning { slope, bend }) => {
                // The athlete looks largest where the camera looks squarely.
                let nearest = self.known(-0.5 * slope / bend);
                Some(Standpoint {
                    square_px: self.flat_x(self.origin.x + nearest * self.leg_px),
                    distance_px: view.focal_px / self.size(nearest),
                })
            }
            (Moving::Follows | Moving::Unknown, _) => None,
        }
    }

    /// Of a camera that stands still and looks at the way obliquely: to the side on which the athlete looks larger.
    fn beside_the_axis(&self, view: View) -> Standpoint {
        let axis = (view.axis_px - self.origin.x) / self.leg_px;
        let oblique = (self.curve.oblique(self.known(axis), axis) * view.focal_px / self.leg_px).atan();
        let to_axis = view.focal_px / self.size(axis);
        Standpoint {
            square_px: self.flat_x(view.axis_px) + to_axis * oblique.sin(),
            distance_px: to_axis * oblique.cos(),
        }
    }

    fn flat_x(&self, seen_x: f64) -> f64 {
        self.flat(Point::<Ground>::new(seen_x, self.origin.y)).x
    }
}
