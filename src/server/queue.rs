//! The queue: takes clips in order, has each watched and judged, keeps the results. It stands in the database, so that a
//! crash loses nothing: what ran is queued again on start.

use super::app::{App, Live, Shared, blocking, locked};
use super::clips::{self, Clip, State};
use super::folder::{results_name, sync};
use super::outcome::{self, Summary};
use super::overlay::{self, OVERLAY, Overlay};
use super::problem::Problem;
use super::time::now_ms;
use super::told::Told;
use super::worker::{self, End, RECORDING, Task};
use rusqlite::Connection;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// A worker that is killed from outside is started again so often; a clip that always runs the machine out of memory ends.
const ATTEMPTS: i64 = 3;

/// How often the queue looks by itself: an import by another process wakes nobody.
const LOOK: Duration = Duration::from_secs(5);

/// What a lane does next.
enum Job {
    /// Watches a clip.
    Watch(Clip),
    /// Draws the annotated video of one that was judged again.
    Draw(Clip),
}

/// Drawing comes first: somebody has just corrected that clip, and it takes less than watching one.
fn next(c: &Connection) -> Result<Option<Job>, Problem> {
    match overlay::take_due(c)? {
        Some(clip) => Ok(Some(Job::Draw(clip))),
        None => Ok(clips::take_next(c)?.map(Job::Watch)),
    }
}

/// Takes clips until the server ends.
pub async fn lane(app: Shared) {
    loop {
        match app.db(|c| next(c)).await {
            Ok(Some(Job::Draw(clip))) => {
                overlay::draw(&app, clip).await;
                app.wake.notify_one();
            }
            Ok(Some(Job::Watch(clip))) => {
                let id = clip.id;
                if let Err(problem) = one(&app, clip).await {
                    app.log(&format!("clip {id}: {}", problem.cause.as_deref().unwrap_or(&problem.message)));
                    let message = problem.message;
                    app.db(move |c| clips::end(c, id, State::Failed, Some(&message))).await.ok();
                }
                // Another lane may be asleep while more is queued.
                app.wake.notify_one();
            }
            Ok(None) => {
                tokio::select! {
                    () = app.wake.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
            Err(problem) => {
                app.log(&format!("the queue: {}", problem.cause.unwrap_or(problem.message)));
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

async fn one(app: &Shared, clip: Clip) -> Result<(), Problem> {
    let Some(video) = clip.video.clone() else {
        return Err(Problem::conflict("This clip came without its video, so it cannot be watched again."));
    };
    let cancel = Arc::new(Notify::new());
    let athlete = clip.athlete.as_ref().map(|a| a.name.clone());
    let id = clip.id;
    let shown = Shown::new(app, id, &cancel);
    let revision = fresh(app, &clip).await?;
    let task = Task { clip: &clip, told: &clip.told, athlete: athlete.as_deref(), revision };
    let end = worker::watch(app, task, &video, &cancel).await;
    // Before the row says so: whoever starts the clip again finds nothing of this run.
    drop(shown);
    match end {
        End::Results => finish(app, &clip, revision).await,
        End::Cancelled => {
            app.db(move |c| clips::end(c, id, State::Cancelled, None)).await?;
            remove(app, &clip, revision).await
        }
        End::Killed if clip.attempts < ATTEMPTS => {
            app.db(move |c| clips::go(c, id, &[State::Running], State::Queued).map(drop)).await
        }
        End::Killed => Err(Problem::conflict(
            "The analysis was killed three times, probably because the machine ran out of memory. Trim the clip, then try again.",
        )),
        End::Failed(why) => {
            remove(app, &clip, revision).await?;
            app.db(move |c| clips::end(c, id, State::Failed, Some(&why))).await
        }
    }
}

/// A clip that runs, in the list of those, as long as this is held.
pub struct Shown<'a> {
    app: &'a App,
    id: i64,
    cancel: Arc<Notify>,
}

impl<'a> Shown<'a> {
    /// Shows it.
    #[must_use]
    pub fn new(app: &'a App, id: i64, cancel: &Arc<Notify>) -> Self {
        let live = Live {
            cancel: Arc::clone(cancel),
            is_cancelled: false,
            stage: "starting".to_owned(),
            frames: 0,
            expected: None,
            since_ms: now_ms(),
        };
        locked(&app.live).insert(id, live);
        Self { app, id, cancel: Arc::clone(cancel) }
    }
}

impl Drop for Shown<'_> {
    /// Unless something else runs for the clip by now, as watching it does while a drawing ends.
    fn drop(&mut self) {
        let mut live = locked(&self.app.live);
        if live.get(&self.id).is_some_and(|l| Arc::ptr_eq(&l.cancel, &self.cancel)) {
            live.remove(&self.id);
        }
    }
}

/// Keeps results; where more was told of the clip while it was watched, they are judged again.
async fn finish(app: &Shared, clip: &Clip, revision: i64) -> Result<(), Problem> {
    let id = clip.id;
    keep(app, clip, revision, None, Overlay::Current).await?;
    let mut judged = clip.clone();
    loop {
        let Ok(current) = app.db(move |c| clips::get(c, id)).await else { return Ok(()) };
        if judged.told.needs_watching(&current.told) {
            return app.db(move |c| clips::go(c, id, &[State::Done], State::Queued).map(drop)).await;
        }
        // A day that the clip itself says is in its results already.
        let day = |c: &Clip| c.day_is_told.then(|| c.day.clone());
        if (&judged.told, &judged.athlete, day(&judged)) == (&current.told, &current.athlete, day(&current)) {
            return Ok(());
        }
        rejudge(app, id, None).await?;
        judged = current;
    }
}

/// Judges a clip that has results again, with something else told of it: tables, findings and report change together, and
/// nothing changes where it fails. Without `told`, by what its row says now. The annotated video is drawn anew afterwards.
///
/// # Errors
/// When there is no recording, or what was told makes no sense for it.
pub async fn rejudge(app: &Shared, id: i64, told: Option<Told>) -> Result<(), Problem> {
    let Ok(_turn) = app.judging.acquire().await else { return Err(Problem::ours("closed")) };
    let clip = app.db(move |c| clips::get(c, id)).await?;
    if clip.state == State::Done {
        // What is drawn now would be of the results before.
        stop(app, id);
    }
    let (from, new) = (clip.revision, fresh(app, &clip).await?);
    let (old, place) = (app.folder.results(&clip.sha256, from), app.folder.results(&clip.sha256, new));
    blocking(move || carry(&old, &place)).await?;
    let athlete = clip.athlete.as_ref().map(|a| a.name.clone());
    let task = Task {
        clip: &clip,
        told: told.as_ref().unwrap_or(&clip.told),
        athlete: athlete.as_deref(),
        revision: new,
    };
    match worker::judge(app, task, from).await {
        End::Results => {
            let place = app.folder.results(&clip.sha256, new);
            blocking(move || overlay::withhold(&place)).await?;
            // Without the clip there is nothing to draw on.
            let overlay = if clip.video.is_some() { Overlay::Due } else { Overlay::Current };
            keep(app, &clip, new, told, overlay).await?;
            app.wake.notify_one();
            Ok(())
        }
        End::Failed(why) => {
            remove(app, &clip, new).await?;
            Err(Problem::conflict(why))
        }
        End::Cancelled | End::Killed => {
            remove(app, &clip, new).await?;
            Err(Problem::conflict("Judging again was interrupted; the results are as they were. Try again."))
        }
    }
}

/// What judging again does not make: the recording and the videos, linked rather than copied. The annotated video tells the
/// worker that no other copy is needed to show the clip; it is stale and goes before the results are kept.
fn carry(old: &Path, new: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(new)?;
    for name in [RECORDING, OVERLAY, "clip-h264.mp4"] {
        let (from, to) = (old.join(name), new.join(name));
        if from.is_file() && std::fs::hard_link(&from, &to).is_err() {
            std::fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// A revision nobody has used, with nothing in its folder.
///
/// # Errors
/// When the disk refuses.
pub async fn fresh(app: &Shared, clip: &Clip) -> Result<i64, Problem> {
    let (folder, current) = (app.folder.clone(), clip.clone());
    blocking(move || {
        let mut revision = current.revision + 1;
        // Two that judge at once take different ones: making a folder tells who was first.
        loop {
            match std::fs::create_dir(folder.results(&current.sha256, revision)) {
                Ok(()) => return Ok(revision),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => revision += 1,
                Err(e) => return Err(e.into()),
            }
        }
    })
    .await
}

async fn keep(
    app: &Shared,
    clip: &Clip,
    revision: i64,
    told: Option<Told>,
    overlay: Overlay,
) -> Result<(), Problem> {
    let folder = app.folder.results(&clip.sha256, revision);
    let (id, place) = (clip.id, folder.clone());
    let summary = blocking(move || {
        if !worker::is_whole(&place) {
            return Err(Problem::ours(format!("{}: the worker's results are not whole", place.display())));
        }
        sync(&place);
        place.parent().map(sync);
        Summary::read(&place)
    })
    .await?;
    let is_there = app.db(move |c| outcome::adopt(c, id, revision, told.as_ref(), overlay, &summary)).await?;
    let all = app.folder.clip(&clip.sha256);
    blocking(move || {
        if is_there {
            return tidy(&all, revision);
        }
        // Deleted meanwhile. The same content may have come again since, so only what is ours goes.
        std::fs::remove_dir_all(&folder).ok();
        std::fs::remove_dir(&all).ok();
        Ok(())
    })
    .await
}

/// Removes results that are no longer the current ones, but for any that is being made.
fn tidy(clip: &Path, current: i64) -> Result<(), Problem> {
    for revision in 1..current {
        let old = clip.join(results_name(revision));
        if old.is_dir() {
            std::fs::remove_dir_all(old)?;
        }
    }
    Ok(())
}

/// Removes results that were never made the current ones.
///
/// # Errors
/// Never: one that is not there is as good as gone.
pub async fn remove(app: &Shared, clip: &Clip, revision: i64) -> Result<(), Problem> {
    let folder = app.folder.results(&clip.sha256, revision);
    blocking(move || {
        // One that was never made is as good as gone.
        std::fs::remove_dir_all(folder).ok();
        Ok(())
    })
    .await
}

/// Stops a clip: out of the queue, or its worker killed. False where there was nothing to stop.
///
/// # Errors
/// When the store cannot be written.
pub async fn cancel(app: &Shared, id: i64) -> Result<bool, Problem> {
    let (waited, runs) = app
        .db(move |c| {
            let waited = clips::go(c, id, &[State::Queued, State::Held], State::Cancelled)?;
            Ok((waited, clips::get(c, id).is_ok_and(|clip| clip.state == State::Running)))
        })
        .await?;
    Ok(waited || (runs && stop(app, id)))
}

/// Kills a clip's worker, whatever it does; false where there is none, or it was told before.
pub fn stop(app: &App, id: i64) -> bool {
    let mut live = locked(&app.live);
    let Some(live) = live.get_mut(&id) else { return false };
    // Kept for a worker that is only just starting.
    live.cancel.notify_one();
    !std::mem::replace(&mut live.is_cancelled, true)
}

/// After a stop of any kind: what ran is queued again, and what belongs to no clip is removed.
///
/// # Errors
/// When the store cannot be read.
pub fn recover(app: &App) -> Result<(), Problem> {
    let known: Vec<(String, i64)> = app.database.with(|c| {
        // A server that was stopped is no fault of the clip's.
        c.execute(
            "UPDATE clips SET state = 'queued', attempts = max(attempts - 1, 0) WHERE state = 'running'",
            [],
        )?;
        overlay::recover(c)?;
        let mut rows = c.prepare("SELECT sha256, revision FROM clips")?;
        Ok(rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    })?;
    let hashes: HashSet<&str> = known.iter().map(|(hash, _)| hash.as_str()).collect();
    for entry in std::fs::read_dir(app.folder.clips())?.flatten() {
        if !entry.file_name().to_str().is_some_and(|name| hashes.contains(name)) {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
    for (hash, revision) in &known {
        unfinished(&app.folder.clip(hash), *revision);
    }
    for entry in std::fs::read_dir(app.folder.temporary())?.flatten() {
        std::fs::remove_file(entry.path()).ok();
    }
    // Views of comparisons ended with the server before.
    for entry in std::fs::read_dir(app.folder.comparisons())?.flatten() {
        std::fs::remove_dir_all(entry.path()).ok();
    }
    Ok(())
}

/// Results begun and never adopted, or adopted over.
fn unfinished(clip: &Path, current: i64) {
    let keep = results_name(current);
    for entry in std::fs::read_dir(clip).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_results = name.to_str().is_some_and(|n| n.starts_with('r') && n[1..].parse::<i64>().is_ok());
        if is_results && name.to_str() != Some(&keep) {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}
