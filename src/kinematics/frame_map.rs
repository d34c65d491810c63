//! What the samples and the frames of a clip have to do with each other.

use crate::geometry::Similarity;
use crate::signal::resample::at_position;
use crate::signal::series::Series;
use crate::units::{Radians, Seconds};

/// What the samples and the frames have to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameMap {
    /// Presentation timestamp of every frame.
    pub times: Vec<Seconds>,
    /// Where each frame lies among the samples, mostly whole numbers.
    pub positions: Vec<f64>,
    /// Takes points of the ground frame to the picture of each frame.
    pub image_from_ground: Vec<Similarity>,
}

impl FrameMap {
    /// How far upright leans clockwise in the picture of a frame; none where there is no such frame.
    #[must_use]
    pub fn upright(&self, frame: usize) -> Option<Radians> {
        self.image_from_ground.get(frame).map(|ground| ground.rotation)
    }

    /// A series of samples at the frames.
    pub(super) fn at_frames<T: Copy>(&self, series: &Series<T>, mix: impl Fn(T, T, f64) -> T) -> Series<T> {
        Series::new(self.positions.iter().map(|&p| at_position(series, p, &mix)).collect())
    }
}
