//! Pictures in and out: clips and image folders become frames, annotated frames become a clip, and the background's
//! motion is measured on the way. OpenCV is known here alone; what the pictures show is left to others.

mod background;
mod boxes;
mod clock;
mod container;
mod diagnosis;
mod duplicate;
mod error;
mod images;
mod options;
mod playable;
mod reader;
mod retime;
mod scale;
mod timing;
mod writer;

pub use diagnosis::{CodecSupport, Diagnosis, diagnosis};
pub use error::VideoError;
pub use images::ImageFolder;
pub use options::{BackgroundTracking, ReadOptions};
pub use playable::plays_in_browsers;
pub use reader::VideoReader;
pub use scale::scaled;
pub use timing::{Stored, stored};
pub use writer::VideoWriter;

use crate::calendar::Day;
use crate::frame::FrameSource;
use opencv::core;
use std::path::Path;
use std::sync::Once;

/// Opens a video file, or a folder of numbered images, and reads its first frame.
///
/// # Errors
/// When nothing can be read there, with the reason; see [`VideoError`].
pub fn open(path: &Path, options: &ReadOptions) -> Result<Box<dyn FrameSource + Send>, VideoError> {
    let about = std::fs::metadata(path).map_err(|e| VideoError::opening(path, e))?;
    if about.is_dir() {
        Ok(Box::new(ImageFolder::open(path, options)?))
    } else {
        Ok(Box::new(VideoReader::open(path, options)?))
    }
}

/// The day in universal time on which a video was filmed, where its container says so.
#[must_use]
pub fn filmed_on(path: &Path) -> Option<Day> {
    let mut file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    match container::inspect(&mut file, length).ok()? {
        container::Kind::Video(container) => container.created,
        container::Kind::Other(_) => None,
    }
}

/// Once per process: OpenCV keeps its log to itself (errors come back as values) and to the calling thread (cores
/// are for the workers). FFmpeg's own log level can only be set from the environment: `OPENCV_FFMPEG_LOGLEVEL=-8`.
fn quiet() -> Result<(), VideoError> {
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| {
        result = core::set_log_level(core::LogLevel::LOG_LEVEL_SILENT).and_then(|_| core::set_num_threads(1));
    });
    result.map_err(VideoError::opencv("setting up"))
}
