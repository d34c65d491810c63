//! Where the time of watching a clip goes, and how close it comes to the limit.
//!
//! The limit is cores / (decoding alone + landmark model alone), in CPU seconds per frame, both measured in the same run as
//! the whole: only ratios mean anything on another machine.

use super::{ClipError, Models, WatchSettings, Watched, unwrapped, watched};
use crate::frame::{Frame, StageError};
use crate::geometry::{Point, Region};
use crate::observation::{Detection, Estimate, PersonDetector, PoseEstimator};
use crate::pipeline::{self, Eyes, PipelineError, Progress, Stage};
use crate::units::Radians;
use crate::video::{self, BackgroundTracking, ReadOptions};
use rustix::time::{ClockId, clock_gettime};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a clip cost. Times are per frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages {
    /// Frames watched.
    pub frames: usize,
    /// Workers that watched them.
    pub workers: NonZeroUsize,
    /// CPU time of decoding alone.
    pub decoding: Duration,
    /// What following the background costs more, CPU time.
    pub background: Duration,
    /// CPU time of one run of the landmark model alone, crop included.
    pub landmarks_once: Duration,
    /// CPU time of looking for people, in the pipeline.
    pub detecting: Duration,
    /// CPU time of the landmark model, in the pipeline.
    pub landmarks: Duration,
    /// Runs of the landmark model per frame.
    pub landmark_runs: f64,
    /// CPU time of everything.
    pub all: Duration,
    /// Time of everything by the clock on the wall, loading the models left out.
    pub wall: Duration,
}

impl Stages {
    /// Frames per second that decoding and one run of the landmark model per frame would allow, with nothing else to do.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.workers.get() as f64 / (self.decoding + self.landmarks_once).as_secs_f64()
    }

    /// Frames per second that were reached.
    #[must_use]
    pub fn rate(&self) -> f64 {
        1.0 / self.wall.as_secs_f64()
    }

    /// Share of the limit that was reached, by the clock: means something where nothing else runs.
    #[must_use]
    pub fn reached(&self) -> f64 {
        self.rate() / self.limit()
    }

    /// Share of the CPU time that the limit counts: means something on a busy machine, too.
    #[must_use]
    pub fn useful(&self) -> f64 {
        (self.decoding + self.landmarks_once).as_secs_f64() / self.all.as_secs_f64()
    }

    /// CPU time of everything that has no row of its own: conversion of results, matching, waking each other.
    #[must_use]
    pub fn rest(&self) -> Duration {
        self.all.saturating_sub(self.decoding + self.background + self.detecting + self.landmarks)
    }
}

/// Frames given to the landmark model alone; enough that a frame more or less does not show.
const FRAMES_ALONE: usize = 60;

/// Watches a clip three times: decoding alone, with the background, and in full. `now` is the clock on the wall.
///
/// # Errors
/// When the clip cannot be read, a model is missing, or a frame fails.
pub fn measure(
    path: &Path,
    settings: &WatchSettings,
    now: fn() -> Instant,
) -> Result<(Stages, Watched), ClipError> {
    let (decoding, frames) = reading(path, &settings.read, BackgroundTracking::Off)?;
    let (with_background, _) = reading(path, &settings.read, BackgroundTracking::On)?;
    let models = Models::locate(settings.quality, settings.device)?;
    models.runtime()?;
    let landmarks_once = alone(path, settings, &models)?;
    let spent = Arc::new(Mutex::new(Spent::default()));
    let mut first: Option<(Instant, Duration, usize)> = None;
    let mut last = (now(), Duration::ZERO, 0);
    let source = video::open(path, &settings.read)?;
    let seen = pipeline::with_pool(
        settings.workers,
        || Ok(timed(models.eyes()?, &spent)),
        |pool| {
            let progress = &mut |progress: Progress| {
                last = (now(), process_time(), progress.frames);
                first.get_or_insert(last);
            };
            let never = AtomicBool::new(false);
            watched(pool, pool.lane(), path, source, settings, &never, progress)
        },
    )?;
    let began = first.unwrap_or(last);
    let counted = |frames: usize| u32::try_from(frames.max(1)).unwrap_or(u32::MAX);
    let steady = counted(last.2.saturating_sub(began.2));
    let spent = spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let stages = Stages {
        frames,
        workers: settings.workers,
        decoding,
        background: with_background.saturating_sub(decoding),
        landmarks_once,
        detecting: spent.detecting / counted(frames),
        landmarks: spent.landmarks / counted(frames),
        landmark_runs: spent.runs as f64 / frames.max(1) as f64,
        all: last.1.saturating_sub(began.1) / steady,
        wall: (last.0 - began.0) / steady,
    };
    Ok((stages, seen))
}

/// CPU time per frame of reading a clip, and its frames.
fn reading(
    path: &Path,
    read: &ReadOptions,
    background: BackgroundTracking,
) -> Result<(Duration, usize), ClipError> {
    let mut source = video::open(path, &ReadOptions { background, ..*read })?;
    let began = process_time();
    let mut frames = 0_u32;
    while let Some(frame) = source.next_frame().map_err(|e| ClipError::again(path, e))? {
        std::hint::black_box(&frame);
        frames += 1;
    }
    Ok((process_time().saturating_sub(began) / frames.max(1), frames as usize))
}

/// CPU time of one run of the landmark model on the clip's first frames, where its first person is.
fn alone(path: &Path, settings: &WatchSettings, models: &Models) -> Result<Duration, ClipError> {
    let failed =
        |stage| move |source| unwrapped(path, PipelineError { stage, frame: None, time: None, source });
    let Eyes { mut detector, mut estimator } = models.eyes().map_err(failed(Stage::Load))?;
    let read = ReadOptions { background: BackgroundTracking::Off, ..settings.read };
    let mut source = video::open(path, &read)?;
    let mut spent = Duration::ZERO;
    let mut runs = 0;
    let mut region = None;
    while let Some(frame) = source.next_frame().map_err(|e| ClipError::again(path, e))? {
        if runs as usize == FRAMES_ALONE {
            break;
        }
        let place = if let Some(region) = region {
            region
        } else {
            let seen = detector.detect(&frame).map_err(failed(Stage::Detect))?;
            *region.insert(seen.first().map_or_else(|| middle(&frame), |person| person.region))
        };
        let began = process_time();
        std::hint::black_box(estimator.estimate(&frame, place).map_err(failed(Stage::Estimate))?);
        spent += process_time().saturating_sub(began);
        runs += 1;
    }
    Ok(spent / runs.max(1))
}

/// The square in the middle, for a clip that begins with nobody.
fn middle(frame: &Frame) -> Region {
    let (width, height) = (f64::from(frame.size.width), f64::from(frame.size.height));
    Region { centre: Point::new(width / 2.0, height / 2.0), side: width.min(height), rotation: Radians(0.0) }
}

/// What the models took.
#[derive(Debug, Default)]
struct Spent {
    detecting: Duration,
    landmarks: Duration,
    runs: usize,
}

/// A model whose time is taken.
struct Timed<M: ?Sized> {
    model: Box<M>,
    spent: Arc<Mutex<Spent>>,
}

/// A worker's models with their time taken.
fn timed(eyes: Eyes, spent: &Arc<Mutex<Spent>>) -> Eyes {
    Eyes {
        detector: Box::new(Timed { model: eyes.detector, spent: Arc::clone(spent) }),
        estimator: Box::new(Timed { model: eyes.estimator, spent: Arc::clone(spent) }),
    }
}

impl<M: ?Sized> Timed<M> {
    fn take<T>(&mut self, work: impl FnOnce(&mut M) -> T, note: impl FnOnce(&mut Spent, Duration)) -> T {
        let began = thread_time();
        let done = work(&mut self.model);
        let took = thread_time().saturating_sub(began);
        note(&mut self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner), took);
        done
    }
}

impl PersonDetector for Timed<dyn PersonDetector> {
    fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, StageError> {
        self.take(|model| model.detect(frame), |spent, took| spent.detecting += took)
    }

    fn detect_within(&mut self, frame: &Frame, square: Region) -> Result<Vec<Detection>, StageError> {
        self.take(|model| model.detect_within(frame, square), |spent, took| spent.detecting += took)
    }
}

impl PoseEstimator for Timed<dyn PoseEstimator> {
    fn estimate(&mut self, frame: &Frame, region: Region) -> Result<Option<Estimate>, StageError> {
        self.take(
            |model| model.estimate(frame, region),
            |spent, took| {
                spent.landmarks += took;
                spent.runs += 1;
            },
        )
    }
}

fn process_time() -> Duration {
    cpu_time(ClockId::ProcessCPUTime)
}

fn thread_time() -> Duration {
    cpu_time(ClockId::ThreadCPUTime)
}

fn cpu_time(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
