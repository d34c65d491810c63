//! Where the camera stands against the way (docs/science.md D3).

use super::fit::{LEAST_CHANGE, SURE_DEVIATIONS};
use super::{Curve, Moving, Perspective, View};
use crate::camera::yaw::{FOCAL_ERROR, TOO_OBLIQUE_DEG};
use crate::geometry::{Ground, Point};

/// How obliquely a way is seen that is too short to tell, one standard deviation, rad: people film from the side within some
/// 8 degrees [default].
const UNKNOWN_VIEW: f64 = 0.14;

/// Where a camera stands, told in the plane of movement laid flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standpoint {
    /// Where the camera would look squarely at the way, px along the ground frame, nothing mirrored.
    pub square_px: f64,
    /// One standard deviation of that.
    pub square_sd_px: f64,
    /// How far the camera is from the way, px: a thing so far behind the way looks half as large.
    pub distance_px: f64,
}

impl Perspective {
    /// Where the camera stands; none where that is not known, or where it may have gone along with the athlete.
    #[must_use]
    pub fn standpoint(&self, view: View) -> Option<Standpoint> {
        match (view.camera, self.curve) {
            (Moving::Stands, Curve::Level) => Some(self.as_good_as_square(view)),
            (Moving::Stands, Curve::Standing { .. }) => self.beside_the_axis(view),
            (Moving::Follows, Curve::Turning { slope, bend }) => self.nearest(slope, bend, view),
            _ => None,
        }
    }

    /// Of a camera that stands still and looks at the way so squarely that the size does not tell otherwise.
    fn as_good_as_square(&self, view: View) -> Standpoint {
        let told = self.view(view.focal_px, FOCAL_ERROR);
        let oblique = told.map_or(UNKNOWN_VIEW, |(angle, error)| angle.0.hypot(error.0));
        Standpoint {
            square_px: view.axis_px,
            square_sd_px: view.axis_sd_px.hypot(oblique * view.focal_px),
            distance_px: view.focal_px,
        }
    }

    /// Of a camera that stands still and looks at the way obliquely: to the side on which the athlete looks larger. Nothing is
    /// said where it looks so obliquely that no angle is judged either.
    fn beside_the_axis(&self, view: View) -> Option<Standpoint> {
        let axis = (view.axis_px - self.origin.x) / self.leg_px;
        if !self.knows(axis) {
            return None;
        }
        let oblique = (self.curve.oblique(axis, axis) * view.focal_px / self.leg_px).atan();
        let (_, error) =
            self.view(view.focal_px, FOCAL_ERROR).filter(|_| oblique.abs().to_degrees() < TOO_OBLIQUE_DEG)?;
        let to_axis = view.focal_px / self.size(axis);
        let beside = to_axis * oblique.sin();
        let by_view = to_axis * oblique.cos() * error.0;
        Some(Standpoint {
            square_px: self.flat_x(view.axis_px) + beside,
            square_sd_px: view.axis_sd_px.hypot(by_view).hypot(FOCAL_ERROR * beside),
            distance_px: to_axis * oblique.cos(),
        })
    }

    /// Of a camera that turns: the athlete looks largest where it looks squarely. Without the size falling off to both sides it
    /// may have gone along.
    fn nearest(&self, slope: f64, bend: f64, view: View) -> Option<Standpoint> {
        let fitted = self.fitted;
        let way = fitted.to - fitted.from;
        let fall = 0.5 * bend * (0.5 * way).powi(2);
        let nearest = -0.5 * slope / bend;
        let told = fall >= LEAST_CHANGE.max(SURE_DEVIATIONS * fitted.change_sd);
        (told && self.knows(nearest)).then(|| Standpoint {
            square_px: self.flat_x(self.origin.x + nearest * self.leg_px),
            // The slope of the inverse square is known to twice the change's error over the way.
            square_sd_px: fitted.change_sd / (way * bend) * self.leg_px,
            distance_px: view.focal_px / self.size(nearest),
        })
    }

    fn flat_x(&self, seen_x: f64) -> f64 {
        self.flat(Point::<Ground>::new(seen_x, self.origin.y)).x
    }
}
