//! From the frames of a clip to what was observed in them: threads, order, progress, cancellation.
//!
//! One thread decodes; workers, each with models of its own, look for people and estimate poses; this thread keeps
//! the people apart and puts the answers in frame order. What a worker does depends on a frame and a region alone,
//! so any number of workers gives the same observations. See `look` for what is done to one frame, `coordinator` for
//! the order of work.

mod budget;
mod coordinator;
mod jobs;
mod look;
mod looks;
mod open;
mod places;
mod pool;

pub use budget::Lane;
pub use look::Eyes;
pub use places::{Place, Places};
pub use pool::{Pool, with_pool};

use crate::frame::{ClipFacts, FrameSource, PixelSize, StageError, Warning};
use crate::observation::Observation;
use crate::units::{Hertz, Seconds};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

/// How a clip is worked on. Nothing here but the look interval changes the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Workers, each with its own models on one thread.
    pub workers: NonZeroUsize,
    /// One in so many frames is looked at for people; [`look_interval`] proposes how many.
    pub look_every: NonZeroUsize,
    /// Decoded frames alive at any moment take at most so many bytes (at least four frames are allowed).
    pub bytes_in_flight: usize,
    /// At most so many people are followed at once, the surest first.
    pub people: NonZeroUsize,
}

/// Decoded frames alive at a time, in bytes: 14 frames of 1080p, enough to begin a stretch while the one before ends.
pub const BYTES_IN_FLIGHT: usize = 88 << 20;

/// People followed at once: an athlete, a partner, a coach and a passer-by.
pub const PEOPLE: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// How many frames from one look for people to the next: a third of a second, the time in which a person moves
/// at most half their height, as far as `bytes` hold one and a half such stretches.
#[must_use]
pub fn look_interval(rate: Option<Hertz>, size: PixelSize, bytes: usize) -> NonZeroUsize {
    const LOOKS_PER_SECOND: f64 = 3.0;
    const USUAL_RATE: f64 = 30.0;
    const LONGEST: f64 = 16.0;
    let wanted = (rate.map_or(USUAL_RATE, |r| r.0) / LOOKS_PER_SECOND).round().clamp(1.0, LONGEST) as usize;
    // The largest pictures are looked at in every second frame all the same.
    let held = ((bytes / size.frame_bytes().max(1)).saturating_sub(2) * 2 / 3).max(2);
    NonZeroUsize::new(wanted.min(held)).unwrap_or(NonZeroUsize::MIN)
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Frames finished.
    pub frames: usize,
    /// Frames the container announced, if it did.
    pub expected: Option<usize>,
    /// Time of the last finished frame in the clip, s.
    pub time: Seconds,
}

/// What was seen, in frame order.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The clip, as known at its end.
    pub clip: ClipFacts,
    /// One per frame read.
    pub frames: Vec<Observation>,
    /// What was noticed on the way.
    pub warnings: Vec<Warning>,
}

/// Which part of the work failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading frames.
    Decode,
    /// Loading the models.
    Load,
    /// Finding people.
    Detect,
    /// Finding keypoints.
    Estimate,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decode => "reading the video",
            Self::Load => "loading the models",
            Self::Detect => "looking for people",
            Self::Estimate => "finding the keypoints",
        })
    }
}

/// The first thing that went wrong, and where.
#[derive(Debug, thiserror::Error)]
#[error("{stage} failed{}: {source}", place(*.frame, *.time))]
pub struct PipelineError {
    /// During what.
    pub stage: Stage,
    /// At which frame, if at one.
    pub frame: Option<usize>,
    /// At which time of the clip, if at one.
    pub time: Option<Seconds>,
    /// Why.
    pub source: StageError,
}

fn place(frame: Option<usize>, time: Option<Seconds>) -> String {
    match (frame, time) {
        (Some(frame), Some(time)) => format!(" at frame {frame} ({time:.2})"),
        (Some(frame), None) => format!(" at frame {frame}"),
        _ => String::new(),
    }
}

/// Watches every frame of a clip and says what was seen, with workers for this clip alone.
///
/// `eyes` is called once in each worker's thread. When `cancel` becomes true, no more frames are read, those in
/// flight are finished, and what was seen is returned.
///
/// # Errors
/// The first failure, with its stage, frame and time. Work in flight is dropped.
pub fn observe<S, F>(
    source: S,
    eyes: F,
    options: &Options,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Observed, PipelineError>
where
    S: FrameSource + Send,
    F: Fn() -> Result<Eyes, StageError> + Sync,
{
    with_pool(options.workers, eyes, |pool| {
        observe_with(pool, pool.lane(), source, options, cancel, progress)
    })
}

/// The same with workers that other clips may use at the same time, in a lane of theirs ([`Pool::lane`]).
///
/// # Errors
/// As [`observe`]; other clips go on.
pub fn observe_with<S: FrameSource + Send>(
    pool: &Pool,
    lane: Place<'_, Lane>,
    source: S,
    options: &Options,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Observed, PipelineError> {
    coordinator::run(source, pool, lane, options, cancel, progress)
}
