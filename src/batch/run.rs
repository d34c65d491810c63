//! All clips of a batch: who works on which, what is told of it, and what is tidied up at the end.

use super::content::Contents;
use super::entry::Entry;
use super::folder::BatchFolder;
use super::names;
use super::plan::Plan;
use super::team;
use super::work::{Ending, Recordings, Workplace};
use super::{Batch, BatchError, BatchOutcome, Clip, Effort, Event, Failures};
use crate::clip;
use crate::job::JobProgress;
use crate::pipeline::{Places, Pool};
use crate::store;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Messages that may wait to be told; a clip's work waits when there are more.
const EVENTS_WAITING: usize = 64;

/// Workers per clip that is being drawn and written while others are watched: drawing a frame takes about a third of the time
/// that one worker needs to find its keypoints, and an encoder takes as much memory as all frames in flight.
const WORKERS_PER_FINISH: usize = 4;

/// Clips watched at a time in one lane: while the last frames of one are done, the next is read.
const WATCHED_PER_LANE: usize = 2;

/// Clips that are watched and wait to be drawn and written: they hold no pictures, and workers need not wait for them.
const WAITING: usize = 2;

/// Does a batch. When `cancel` becomes true, clips in work are dropped, and those finished are kept.
///
/// # Errors
/// When the output folder cannot be written or is at work, or a model is missing. What was finished is kept.
pub fn run(
    batch: &Batch,
    cancel: &AtomicBool,
    tell: &mut dyn FnMut(Event),
) -> Result<BatchOutcome, BatchError> {
    let folder = BatchFolder::open(&batch.out)?;
    let before = folder.entries();
    names::check(&batch.out, batch.anonymous)?;
    let mut plan = Plan::new(&batch.clips, batch.anonymous);
    plan.write(&batch.out)?;
    let contents = Contents::open(folder.private("contents.json"));
    let recordings = recordings(before);
    let desks = Places::new(std::iter::repeat_n((), finishes(batch.workers)));
    let watch = batch.clips.first().map(|c| c.job.watch);
    let (quality, device) = watch.map(|w| (w.quality, w.device)).unwrap_or_default();
    let told = clip::with_workers(quality, device, batch.workers, |pool| {
        let place = |pool| Workplace {
            folder: &folder,
            contents: &contents,
            pool,
            desks: &desks,
            cancel,
            repeat: batch.repeat,
            recordings: &recordings,
        };
        all(batch, &place(pool), tell)
    })?;
    let saved = contents.save();
    // What stopped a clip comes first: on a full disk neither can be written, and only that says what to do.
    let outcome = told?;
    saved?;
    if outcome.interrupted {
        let reached: BTreeSet<&str> = outcome.entries.iter().map(|entry| entry.clip.as_str()).collect();
        plan.not_reached.extend(plan.clips.iter().filter(|clip| !reached.contains(clip.as_str())).cloned());
        plan.write(&batch.out)?;
    } else {
        remove_renamed(&folder, batch)?;
    }
    let team = team::write(std::slice::from_ref(&batch.out), &batch.out)?;
    Ok(BatchOutcome { notices: team.coverage.words(), ..outcome })
}

/// Folders whose recording may be used again, by the key of what was seen.
fn recordings(before: Vec<(PathBuf, Entry)>) -> Recordings {
    let with_recording = |(path, entry): (PathBuf, Entry)| {
        Some((entry.seen_key?, path)).filter(|(_, path)| path.join(store::FILE_NAME).is_file())
    };
    Mutex::new(before.into_iter().filter_map(with_recording).collect())
}

/// Clips drawn and written at a time.
fn finishes(workers: NonZeroUsize) -> usize {
    workers.get().div_ceil(WORKERS_PER_FINISH)
}

fn all(batch: &Batch, place: &Workplace, tell: &mut dyn FnMut(Event)) -> Result<BatchOutcome, BatchError> {
    let next = AtomicUsize::new(0);
    let over = AtomicBool::new(false);
    let stopped: Mutex<Option<BatchError>> = Mutex::new(None);
    let mut ended: BTreeMap<usize, Entry> = BTreeMap::new();
    let (events, inbox) = sync_channel(EVENTS_WAITING);
    std::thread::scope(|scope| {
        let hands = WATCHED_PER_LANE * Pool::lanes(batch.workers) + WAITING + finishes(batch.workers);
        for _ in 0..hands.min(batch.clips.len()) {
            let (events, next, over, stopped) = (events.clone(), &next, &over, &stopped);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) && !place.cancel.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(clip) = batch.clips.get(index) else { break };
                    match one(place, clip, &events) {
                        Ending::Entry(entry, effort) => {
                            let failed = entry.status == super::Status::Failed;
                            if failed && batch.failures == Failures::Stop {
                                over.store(true, Ordering::Relaxed);
                            }
                            // The other end listens until all are done.
                            let _ = events.send((index, Event::Ended { entry, effort }));
                        }
                        Ending::Interrupted => break,
                        Ending::Stop(reason) => {
                            over.store(true, Ordering::Relaxed);
                            let error = BatchError::Stopped { clip: clip.name.clone(), reason };
                            let mut first = stopped.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                            first.get_or_insert(error);
                        }
                    }
                }
            });
        }
        drop(events);
        for (index, event) in &inbox {
            if let Event::Ended { entry, effort } = &event {
                if *effort != Effort::Unchanged {
                    // It only saves time; at the end a failure is told.
                    place.contents.save().ok();
                }
                ended.insert(index, (**entry).clone());
            }
            tell(event);
        }
    });
    if let Some(error) = stopped.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(error);
    }
    let interrupted = ended.len() < batch.clips.len();
    Ok(BatchOutcome { entries: ended.into_values().collect(), interrupted, notices: Vec::new() })
}

/// Works on one clip, whatever happens: a bug met in it must not end the others.
fn one(place: &Workplace, clip: &Clip, events: &SyncSender<(usize, Event)>) -> Ending {
    let mut began = false;
    let mut progress = |progress: JobProgress| {
        if !began {
            began = true;
            let _ = events.send((0, Event::Began { clip: clip.name.clone() }));
        }
        // How far it is may go unsaid when much is to be told.
        let _ = events.try_send((0, Event::Progress { clip: clip.name.clone(), progress }));
    };
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| place.work(clip, &mut progress)));
    done.unwrap_or_else(|_| place.broke(clip))
}

/// Removes results of clips that are in the batch under another name now.
fn remove_renamed(folder: &BatchFolder, batch: &Batch) -> Result<(), BatchError> {
    let current: BTreeSet<PathBuf> = batch.clips.iter().map(|clip| folder.of_clip(&clip.name)).collect();
    let (here, gone): (Vec<_>, Vec<_>) =
        folder.entries().into_iter().partition(|(path, _)| current.contains(path));
    let known: BTreeSet<Option<String>> = here.into_iter().map(|(_, entry)| entry.seen_key).collect();
    for (path, _) in gone.iter().filter(|(_, e)| e.seen_key.is_some() && known.contains(&e.seen_key)) {
        folder.remove(path)?;
    }
    Ok(())
}
