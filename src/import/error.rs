//! Why keypoints of another tool could not be read, and what to give instead.

use std::path::PathBuf;

/// Why an import failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing at that path.
    #[error("there is nothing at {}; check the path", path.display())]
    NotThere {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The operating system would not let it be read, or it is not text.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No accepted form.
    #[error(
        "{} is in no form that can be imported; accepted are a folder of OpenPose JSON, rtmlib, MMPose, MediaPipe or \
         gaitlab.pose JSON, MediaPipe CSV, .trc in pixels, and keypoints.csv",
        path.display()
    )]
    Unknown {
        /// Which path.
        path: PathBuf,
    },
    /// The form is known, its content is not as it should be.
    #[error("cannot import {}: {what}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong, where, and what is accepted.
        what: String,
    },
    /// Nobody in it.
    #[error("{} holds no keypoints of anybody", path.display())]
    Empty {
        /// Which path.
        path: PathBuf,
    },
    /// No time and no frame rate.
    #[error("{} has no times; give the clip's frames per second with --fps", path.display())]
    NeedsRate {
        /// Which path.
        path: PathBuf,
    },
    /// Normalised coordinates without the picture's size.
    #[error(
        "{} has coordinates from 0 to 1; give the size of the picture in pixels with --picture-width and --picture-height",
        path.display()
    )]
    NeedsSize {
        /// Which path.
        path: PathBuf,
    },
}
