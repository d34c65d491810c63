//! From points to segment and joint angles of one athlete.
//!
//! [`prepare::prepare`] does it all for one track of a recording.

pub mod along;
pub mod angles;
pub mod at_frames;
pub mod cuts;
pub mod elbow;
pub mod facing;
pub mod foreshortening;
pub mod frame_map;
pub mod framing;
mod ground;
pub mod joint_centres;
pub mod movement;
pub mod prepare;
#[cfg(test)]
mod sports2d;
pub mod turns;
pub mod uncertainty;
pub mod warnings;

pub use prepare::{MotionSettings, Prepared, prepare};
