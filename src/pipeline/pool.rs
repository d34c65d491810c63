//! The workers: threads with models of their own, which serve one clip or several at a time.
//!
//! A worker loads its models at its first task and keeps them, so that many short clips cost one loading. Of several clips
//! the one that began first comes first; the next has what the first leaves idle.

use super::budget::Lane;
use super::jobs::{Event, Job, Queue};
use super::places::{Place, Places};
use super::{Eyes, PipelineError, Stage, look};
use crate::frame::StageError;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

/// Workers that several clips can share.
#[derive(Debug)]
pub struct Pool {
    pub(super) queue: Queue,
    /// Clips that have begun.
    begun: AtomicU64,
    lanes: Places<Lane>,
}

/// Workers per clip that is being read: decoding a frame and following its background takes a fifth to a tenth of the time
/// that one worker needs for it (`sledform bench`).
const WORKERS_PER_LANE: usize = 4;

impl Pool {
    /// For so many threads.
    fn new(workers: NonZeroUsize) -> Self {
        let lanes = (0..Self::lanes(workers)).map(|_| Lane::default());
        Self { queue: Queue::default(), begun: AtomicU64::new(0), lanes: Places::new(lanes) }
    }

    /// Waits until a clip may be read. A clip gives its lane back when it has been read, before its last frames are done.
    #[must_use]
    pub fn lane(&self) -> Place<'_, Lane> {
        self.lanes.take()
    }

    /// Clips read at a time.
    #[must_use]
    pub fn lanes(workers: NonZeroUsize) -> usize {
        workers.get().div_ceil(WORKERS_PER_LANE)
    }

    /// The place of a clip that begins now in the order of all.
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed)
    }
}

/// Starts workers, lets `work` use them, and sends them home.
///
/// `eyes` is called in each worker's thread when it gets its first task.
pub fn with_pool<F, R>(workers: NonZeroUsize, eyes: F, work: impl FnOnce(&Pool) -> R) -> R
where
    F: Fn() -> Result<Eyes, StageError> + Sync,
{
    let pool = Pool::new(workers);
    std::thread::scope(|scope| {
        for _ in 0..workers.get() {
            scope.spawn(|| serve(&eyes, &pool.queue));
        }
        let _home = SendHome(&pool.queue);
        work(&pool)
    })
}

/// Closes the queue however the work ended: workers that wait for ever would hang the program.
struct SendHome<'a>(&'a Queue);

impl Drop for SendHome<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn serve<F>(load: &F, queue: &Queue)
where
    F: Fn() -> Result<Eyes, StageError>,
{
    let mut eyes = None;
    while let Some(Job { task, people, reply, .. }) = queue.pop() {
        let loaded = match eyes.take() {
            Some(eyes) => Ok(eyes),
            None => guarded(load),
        };
        let event = match loaded {
            Err(source) => {
                Event::Failed(PipelineError { stage: Stage::Load, frame: None, time: None, source })
            }
            Ok(mut ready) => {
                let frame = task.first_frame().map(|f| (f.index, f.time));
                match catch_unwind(AssertUnwindSafe(|| look::work(&mut ready, &task, people))) {
                    Ok(answered) => {
                        eyes = Some(ready);
                        answered.map_or_else(Event::Failed, Event::Answer)
                    }
                    // What panicked is not used again.
                    Err(panic) => Event::Failed(PipelineError {
                        stage: Stage::Estimate,
                        frame: frame.map(|f| f.0),
                        time: frame.map(|f| f.1),
                        source: said(&*panic).into(),
                    }),
                }
            }
        };
        drop(task);
        // A clip that has ended meanwhile listens no more.
        let _ = reply.send(event);
    }
}

/// A panic is our own bug; it must end the clip with a message, not hang it.
pub(super) fn guarded<T>(f: impl FnOnce() -> Result<T, StageError>) -> Result<T, StageError> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| Err(said(&*panic).into()))
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("a bug in sledform: {}", text.unwrap_or("no message"))
}
