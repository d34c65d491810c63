//! The camera: did it move, is it level, does it look from the side, how big is the athlete in the picture.
//!
//! [`motion`] gives each frame its place on the ground frame, [`roll`] levels it, [`yaw`] says how far the view is from a
//! side view, [`scale`] turns pixels into leg lengths and metres.

pub mod belt;
pub mod carried;
pub mod levelling;
pub mod motion;
pub mod perspective;
pub mod roll;
pub mod scale;
pub mod yaw;

use crate::units::Radians;

/// What is known of the camera after looking at the whole clip.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraReport {
    /// Whether it moved.
    pub motion: motion::CameraMotion,
    /// By how much further the ground moved than the background, as a share, where the camera was carried along.
    pub carried: Option<f64>,
    /// How far it is from level, positive clockwise on screen; none where no walked line tells.
    pub roll: Option<roll::Roll>,
    /// The roll that was taken out of every point; 0 where it is small or unsure.
    pub roll_removed: Radians,
    /// How the athlete's size changes along the way; taken out of lengths and angles.
    pub perspective: perspective::Perspective,
    /// How far the view is from a side view; none where neither the shoulders nor a way tell.
    pub yaw: Option<yaw::Yaw>,
    /// Typical height of the athlete in the picture, head to foot as seen, px.
    pub person_height_px: Option<f64>,
}
