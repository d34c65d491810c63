//! The pose model: ONNX Runtime sessions, and `BlazePose`'s detector and landmark models on top of them.
//!
//! A frame goes in, [`Detection`](crate::observation::Detection)s and
//! [`Estimate`](crate::observation::Estimate)s come out; values of ONNX Runtime never leave this module. It leaves
//! the choice of where to look, and of who the athlete is, to `pipeline` and `tracking`, and where the files lie to
//! the caller. One detector or estimator belongs to one worker: each holds a session of its own with one thread.
//!
//! The processing follows `MediaPipe` 0.10.21 number for number; `tests/reference.rs` holds it to that.

mod anchors;
mod bilinear;
mod crop;
mod detector;
mod device;
mod error;
mod heatmap;
mod landmarks;
mod network;
mod region;
mod runtime;
mod suppression;

pub use bilinear::Border;
pub use crop::{PixelScale, crop};
pub use detector::{BlazeDetector, DETECTOR_NAME, DETECTOR_SIDE};
pub use device::Device;
pub use error::InferenceError;
pub use landmarks::{BlazePose, LANDMARK_SIDE, Quality};
pub use runtime::Runtime;
