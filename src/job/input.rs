//! What a clip is: a video to watch, a recording of one, or another tool's keypoints; and the recording it gives.

use super::{JobError, JobSettings};
use crate::clip::{self, ClipError, WatchSettings, Watched};
use crate::import;
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::store;
use crate::video::ReadOptions;
use std::path::{Path, PathBuf};

/// What an input is, by its name and, for keypoints, its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A video or a folder of images, or nothing that is known.
    Video,
    /// A recording written by an earlier analysis.
    Recording,
    /// Another tool's keypoints.
    Keypoints,
}

impl InputKind {
    /// What a path holds.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        if path.is_file() && store::is_recording_name(path) {
            Self::Recording
        } else if import::recognise(path).is_some() {
            Self::Keypoints
        } else {
            Self::Video
        }
    }
}

/// A recording, and where it came from.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was seen.
    pub recording: Recording,
    /// Whether it is to be written: not when it was read from a recording.
    pub is_new: bool,
    /// Whether watching was cut short.
    pub interrupted: bool,
    /// Where the clip is and how to read it again for pictures and overlay; none where there is no clip, or none is wanted.
    pub video: Option<(PathBuf, ReadOptions)>,
}

/// The first half of a job: the recording of the input. `watch` is how a video is watched.
///
/// # Errors
/// When the input cannot be read, or `watch` fails.
pub fn see(
    settings: &JobSettings,
    watch: impl Fn(&Path, &WatchSettings, &mut dyn FnMut(Progress)) -> Result<Watched, ClipError>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Seen, JobError> {
    let path = &settings.input;
    let known = |recording, is_new| Seen { recording, is_new, interrupted: false, video: None };
    match InputKind::of(path) {
        InputKind::Recording => {
            let recording = store::read(path)?;
            let video = settings.redraw.then(|| clip::clip_of(&recording, path)).transpose()?;
            let video = video.map(|file| (file, clip::read_again(&recording)));
            Ok(Seen { video, ..known(recording, false) })
        }
        InputKind::Keypoints => Ok(known(import::open(path, &settings.import)?, true)),
        InputKind::Video => {
            let watched = watch(path, &settings.watch, progress)?;
            Ok(Seen {
                recording: watched.recording,
                is_new: true,
                interrupted: watched.interrupted,
                video: Some((path.clone(), settings.watch.read)),
            })
        }
    }
}
