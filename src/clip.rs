//! From a video file to the recording of what was seen in it: opens the clip, loads the models, runs the pipeline.

mod annotate;
mod beside;
mod panel;
#[cfg(feature = "cli")]
pub mod stages;
mod still;

pub use annotate::{AnnotateSettings, Annotated, OverlaySettings, annotate};
pub use beside::{Beside, clip_of, read_again};

use crate::frame::{FrameSource, StageError, Warning};
use crate::inference::{BlazeDetector, BlazePose, Device, InferenceError, Runtime};
use crate::models::{self, ModelError};
use crate::observation::{ModelIdentity, Recording};
use crate::pipeline::{self, Eyes, Lane, Options, PipelineError, Place, Pool, Progress, Stage};
use crate::render::RenderError;
use crate::settings::Quality;
use crate::store::{self, StoreError};
use crate::video::{self, ReadOptions, VideoError};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The person detector's name in `models/manifest.toml`.
pub const DETECTOR: &str = "pose_detection";

/// How a video is watched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WatchSettings {
    /// Which landmark model.
    pub quality: Quality,
    /// What the models run on.
    pub device: Device,
    /// Workers, one core each.
    pub workers: NonZeroUsize,
    /// Which part of the clip, and its rates.
    pub read: ReadOptions,
}

/// Why a video gave no recording.
#[derive(Debug, thiserror::Error)]
pub enum ClipError {
    /// The file could not be opened or read.
    #[error(transparent)]
    Video(#[from] VideoError),
    /// A model is missing or wrong.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// ONNX Runtime or a model could not be loaded.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// A frame could not be drawn on.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A recording could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No clip that was analysed.
    #[error("{path} is not the result of an analysis; analyse that clip first and give the folder that was written", path = .path.display())]
    NoResult {
        /// What was given.
        path: PathBuf,
    },
    /// The clip of a result is not there.
    #[error("the clip {clip} that {result} was made from is not there; put it back, or analyse it again where it is now", clip = .clip.display(), result = .result.display())]
    ClipGone {
        /// The clip as it was named.
        clip: PathBuf,
        /// The result.
        result: PathBuf,
    },
    /// Under the clip's name lies another file.
    #[error("{clip} is not the file that was analysed; put that one back, or analyse this one again", clip = .clip.display())]
    OtherClip {
        /// The file found.
        clip: PathBuf,
    },
    /// Something failed at a frame.
    #[error("{path}: {source}", path = .path.display())]
    Pipeline {
        /// The clip.
        path: PathBuf,
        /// What failed where.
        source: PipelineError,
    },
}

impl ClipError {
    /// Reading failed the second time.
    fn again(path: &Path, source: StageError) -> Self {
        let source = PipelineError { stage: Stage::Decode, frame: None, time: None, source };
        unwrapped(path, source)
    }
}

/// A recording, and whether it was cut short by `cancel`.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// What was seen, rounded as it is stored, so that analysing it now and from its file gives the same.
    pub recording: Recording,
    /// Whether reading stopped before the end because it was told to.
    pub interrupted: bool,
}

/// Watches a clip with workers of its own. When `cancel` becomes true, frames in flight are finished and what was seen so far
/// is returned.
///
/// # Errors
/// When the clip cannot be read, a model is missing, or a frame fails.
pub fn watch(
    path: &Path,
    settings: &WatchSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Watched, ClipError> {
    let source = video::open(path, &settings.read)?;
    let models = Models::locate(settings.quality, settings.device)?;
    models.runtime()?;
    pipeline::with_pool(
        settings.workers,
        || models.eyes(),
        |pool| watched(pool, pool.lane(), path, source, settings, cancel, progress),
    )
}

/// Starts workers with the models of one quality for many clips, lets `work` use them, and sends them home.
///
/// # Errors
/// When a model is missing. They are loaded when the first clip is watched.
pub fn with_workers<R>(
    quality: Quality,
    device: Device,
    workers: NonZeroUsize,
    work: impl FnOnce(&Pool) -> R,
) -> Result<R, ClipError> {
    let models = Models::locate(quality, device)?;
    Ok(pipeline::with_pool(workers, || models.eyes(), work))
}

/// Watches a clip with workers that other clips use too, which must be of its quality; waits until it may be read.
///
/// # Errors
/// As [`watch`].
pub fn watch_with(
    pool: &Pool,
    path: &Path,
    settings: &WatchSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Watched, ClipError> {
    let lane = pool.lane();
    let source = video::open(path, &settings.read)?;
    watched(pool, lane, path, source, settings, cancel, progress)
}

/// The files of the models.
struct Models {
    runtime: PathBuf,
    detector: PathBuf,
    pose: PathBuf,
    device: Device,
}

impl Models {
    fn locate(quality: Quality, device: Device) -> Result<Self, ModelError> {
        Ok(Self {
            pose: models::locate(quality.model())?,
            detector: models::locate(DETECTOR)?,
            runtime: models::locate_runtime()?,
            device,
        })
    }

    fn runtime(&self) -> Result<Runtime, InferenceError> {
        Runtime::load(&self.runtime)?.on(self.device)
    }

    /// A worker's own.
    fn eyes(&self) -> Result<Eyes, StageError> {
        let runtime = self.runtime()?;
        Ok(Eyes {
            detector: Box::new(BlazeDetector::open(&runtime, &self.detector)?),
            estimator: Box::new(BlazePose::open(&runtime, &self.pose)?),
        })
    }
}

fn watched(
    pool: &Pool,
    lane: Place<'_, Lane>,
    path: &Path,
    source: impl FrameSource + Send,
    settings: &WatchSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Watched, ClipError> {
    let facts = source.facts();
    let options = Options {
        workers: settings.workers,
        look_every: pipeline::look_interval(facts.nominal_rate, facts.size, pipeline::BYTES_IN_FLIGHT),
        bytes_in_flight: pipeline::BYTES_IN_FLIGHT,
        people: pipeline::PEOPLE,
    };
    let observed = pipeline::observe_with(pool, lane, source, &options, cancel, progress)
        .map_err(|error| unwrapped(path, error))?;
    let interrupted = cancel.load(Ordering::Relaxed);
    let mut warnings = observed.warnings;
    if interrupted {
        let seen = observed.frames.last().map_or(0.0, |f| f.time.0);
        warnings.push(Warning::new(
            "interrupted",
            format!("watching was interrupted: only the first {seen:.1} s were analysed"),
            "start it again for the whole clip",
        ));
    }
    let recording = Recording {
        clip: observed.clip,
        pose_model: identity(settings.quality.model()),
        detector: Some(identity(DETECTOR)),
        frames: observed.frames.iter().map(store::as_stored).collect(),
        warnings,
    };
    Ok(Watched { recording, interrupted })
}

/// A reading error says all by itself; others need the clip's name.
fn unwrapped(path: &Path, error: PipelineError) -> ClipError {
    let PipelineError { stage, frame, time, source } = error;
    let source = match (stage, source.downcast::<VideoError>()) {
        (Stage::Decode, Ok(video)) => return ClipError::Video(*video),
        (_, Ok(video)) => video,
        (_, Err(source)) => source,
    };
    ClipError::Pipeline { path: path.to_owned(), source: PipelineError { stage, frame, time, source } }
}

fn identity(name: &str) -> ModelIdentity {
    let sha256 = models::manifest().model(name).map(|m| m.stored.sha256.clone());
    ModelIdentity { name: name.to_owned(), sha256 }
}
