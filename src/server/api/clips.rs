//! Clips over the API: find, look, change what is told of them, start, stop, delete.

use super::Json;
use crate::server::app::{Shared, blocking, locked};
use crate::server::athletes;
use crate::server::clips::{self, Clip, PAGE_CLIPS, Search, State as ClipState};
use crate::server::overlay::Overlay;
use crate::server::problem::Problem;
use crate::server::queue;
use crate::server::time::session_day;
use crate::server::told::{self, Told};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

/// Clips found.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(State(app): State<Shared>, Query(search): Query<Search>) -> Result<Json<Value>, Problem> {
    let page = search.page.unwrap_or(1);
    let (clips, all) = app.db(move |c| clips::find(c, &search)).await?;
    Ok(Json(json!({ "clips": clips, "count": all, "page": page, "page_size": PAGE_CLIPS })))
}

/// One clip with its findings, metrics, notes and progress.
///
/// # Errors
/// When there is none.
pub async fn get(State(app): State<Shared>, Path(id): Path<i64>) -> Result<Json<Value>, Problem> {
    let (clip, summary, remarks) = app
        .db(move |c| {
            let summary: Option<String> =
                c.query_row("SELECT summary FROM clips WHERE id = ?1", [id], |r| r.get(0)).or_else(none)?;
            Ok((clips::get(c, id)?, summary, super::remarks::of_clip(c, id)?))
        })
        .await?;
    let (progress, overlay) = (super::progress(&app, &clip), clip.overlay.name());
    let summary: Option<Value> = summary.map(|text| serde_json::from_str(&text)).transpose()?;
    let Value::Object(mut all) = serde_json::to_value(clip)? else { return Err(Problem::ours("no object")) };
    all.extend([
        ("progress".to_owned(), json!(progress)),
        ("overlay".to_owned(), json!(overlay)),
        ("summary".to_owned(), json!(summary)),
        ("remarks".to_owned(), remarks),
    ]);
    Ok(Json(Value::Object(all)))
}

fn none<T>(error: rusqlite::Error) -> rusqlite::Result<Option<T>> {
    if error == rusqlite::Error::QueryReturnedNoRows { Ok(None) } else { Err(error) }
}

/// Changes what is told of a clip. One that is analysed is judged again before the answer; one whose pictures have to be
/// watched again goes back into the queue.
///
/// # Errors
/// When a value is not allowed, or what is told does not fit what was seen; then nothing changes.
pub async fn change(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Clip>, Problem> {
    // As a task of its own: a browser that goes away meanwhile leaves no change half made.
    let all = tokio::spawn(async move { change_one(app, id, changes).await });
    all.await.unwrap_or_else(|e| Err(Problem::ours(e))).map(Json)
}

/// One after the other: two who change the same clip while it is judged both get what they said.
async fn change_one(app: Shared, id: i64, changes: Map<String, Value>) -> Result<Clip, Problem> {
    let _turn = app.turn(id).await;
    let (before, after) = app.db(move |c| changed(c, id, changes)).await?;
    let shown = |c: &Clip| (c.told.clone(), c.athlete.clone(), c.day.clone());
    let same = shown(&before) == shown(&after);
    let watch_again = before.told.needs_watching(&after.told);
    match before.state {
        ClipState::Done if watch_again && before.video.is_none() => {
            return Err(Problem::conflict(
                "This clip came without its video, so it cannot be trimmed or watched again.",
            ));
        }
        ClipState::Done if watch_again => {
            queue::stop(&app, id);
            app.db(move |c| {
                clips::set_told(c, &after)?;
                clips::end_links_of_another(c, &before, &after)?;
                clips::go(c, id, &[ClipState::Done], ClipState::Queued).map(drop)
            })
            .await?;
            app.wake.notify_one();
        }
        ClipState::Done if !same => {
            // Judged with what is new first: where that fails, the row stays as it was.
            let told = after.told.clone();
            let row = Clip { told: before.told.clone(), ..after };
            let now = row.clone();
            app.db(move |c| clips::set_told(c, &now)).await?;
            if let Err(problem) = queue::rejudge(&app, id, Some(told)).await {
                app.db(move |c| clips::set_told(c, &before)).await?;
                return Err(problem);
            }
            app.db(move |c| clips::end_links_of_another(c, &before, &row)).await?;
        }
        _ => {
            app.db(move |c| {
                clips::set_told(c, &after)?;
                clips::end_links_of_another(c, &before, &after)
            })
            .await?;
        }
    }
    app.db(move |c| clips::get(c, id)).await
}

/// The clip before and as it is to be.
fn changed(c: &mut Connection, id: i64, mut changes: Map<String, Value>) -> Result<(Clip, Clip), Problem> {
    let before = clips::get(c, id)?;
    let mut after = before.clone();
    if let Some(athlete) = changes.remove("athlete") {
        after.athlete = match athlete.as_str().map(str::trim) {
            Some(name) if !name.is_empty() => Some(athletes::by_name(c, name)?),
            _ => None,
        };
    }
    if let Some(day) = changes.remove("day") {
        // One that stands there already may be as it is, also from a clock that was wrong.
        let text = day.as_str().unwrap_or_default();
        after.day = if text == before.day { before.day.clone() } else { session_day(text)? };
        // A program may send the day along with everything else.
        after.day_is_told |= after.day != before.day;
    }
    if let Some(title) = changes.remove("title") {
        after.title = told::short_text(title.as_str().unwrap_or_default(), "a title")?;
    }
    // Variants belong to an exercise: another exercise takes them back unless they are told again.
    let exercise = changes.get("exercise");
    let mut base = before.told.clone();
    if exercise.is_some_and(|e| e.as_str().filter(|t| !t.is_empty()) != base.exercise.as_deref()) {
        base = Told { style: None, posture: None, attachment: None, ..base };
    }
    after.told = base.with(&changes)?;
    refuse_start_beyond_end(c, &before, &after)?;
    Ok((before, after))
}

/// Where the clip was watched to its end, it is known when that is; else the worker finds out.
fn refuse_start_beyond_end(c: &Connection, before: &Clip, after: &Clip) -> Result<(), Problem> {
    let was_whole = before.state == ClipState::Done && before.told.end_s.is_none();
    let is_told_slow = before.told.capture_fps.is_some() || after.told.capture_fps.is_some();
    let Some(start) = after.told.start_s.filter(|_| was_whole && !is_told_slow) else { return Ok(()) };
    // Of a file that tells itself at how many frames it was filmed, it is the time of filming, and the start is the file's.
    let sql = "SELECT json_extract(summary, '$.clip.duration_s') FROM clips
        WHERE id = ?1 AND json_extract(summary, '$.clip.capture_fps') IS NULL";
    let lasts: Option<f64> = c.query_row(sql, [before.id], |r| r.get(0)).or_else(none)?;
    let end = before.told.start_s.unwrap_or(0.0) + lasts.unwrap_or(f64::INFINITY);
    if start <= end {
        return Ok(());
    }
    Err(Problem::bad(format!("Start: the clip ends at {end:.1} s, so it cannot start at {start:.1} s.")))
}

/// Into the queue, after it was held.
///
/// # Errors
/// When it is not held.
pub async fn start(State(app): State<Shared>, Path(id): Path<i64>) -> Result<Json<Clip>, Problem> {
    enqueue(&app, id, &[ClipState::Held, ClipState::Queued]).await
}

/// Into the queue again, after it failed, was cancelled, or to watch it once more.
///
/// # Errors
/// When it is running or has no video.
pub async fn retry(State(app): State<Shared>, Path(id): Path<i64>) -> Result<Json<Clip>, Problem> {
    enqueue(&app, id, &[ClipState::Failed, ClipState::Cancelled, ClipState::Done, ClipState::Held]).await
}

async fn enqueue(app: &Shared, id: i64, from: &'static [ClipState]) -> Result<Json<Clip>, Problem> {
    let clip = app
        .db(move |c| {
            let clip = clips::get(c, id)?;
            if clip.video.is_none() {
                return Err(Problem::conflict(
                    "This clip came without its video, so it cannot be watched again.",
                ));
            }
            if !clips::go(c, id, from, ClipState::Queued)? {
                return Err(Problem::conflict(format!("This clip is {}.", clip.state.words())));
            }
            c.execute("UPDATE clips SET attempts = 0 WHERE id = ?1", [id])?;
            clips::get(c, id)
        })
        .await?;
    if clip.overlay == Overlay::Drawing {
        // It is of the results before.
        queue::stop(app, id);
    }
    app.wake.notify_one();
    Ok(Json(clip))
}

/// Out of the queue, or its worker stopped.
///
/// # Errors
/// When there is nothing to stop.
pub async fn cancel(State(app): State<Shared>, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    let clip = app.db(move |c| clips::get(c, id)).await?;
    if queue::cancel(&app, id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::conflict(format!("There is nothing to cancel: this clip is {}.", clip.state.words())))
}

/// The clip, its files and everything said of it, really.
///
/// # Errors
/// When there is none.
pub async fn remove(State(app): State<Shared>, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    app.db(move |c| clips::get(c, id)).await?;
    erase(&app, vec![id], |_| Ok(())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes clips and what `more` deletes, and leaves no copy in the database's file or its journal.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(
    app: &Shared,
    ids: Vec<i64>,
    more: impl FnOnce(&Connection) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Problem> {
    for id in &ids {
        queue::cancel(app, *id).await?;
        queue::stop(app, *id);
    }
    let shared = app.clone();
    blocking(move || {
        let _alone = locked(&shared.placing);
        let hashes: Vec<String> = shared.database.with(|c| {
            let transaction = c.transaction()?;
            let mut hashes = Vec::new();
            for id in &ids {
                // An upload's row keeps the file's name and what was told of it.
                transaction.execute("DELETE FROM uploads WHERE clip = ?1", [id])?;
                let mut delete =
                    transaction.prepare_cached("DELETE FROM clips WHERE id = ?1 RETURNING sha256")?;
                hashes.extend(delete.query_map([id], |r| r.get(0))?.collect::<Result<Vec<String>, _>>()?);
            }
            more(&transaction)?;
            transaction.commit()?;
            Ok(hashes)
        })?;
        for hash in hashes {
            let folder = shared.folder.clip(&hash);
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
        }
        // Pages of comparisons name whom they compare; whoever has one open makes it anew.
        for entry in std::fs::read_dir(shared.folder.comparisons())?.flatten() {
            std::fs::remove_dir_all(entry.path())?;
        }
        shared.database.with(|c| {
            // Rows are overwritten as they go (`secure_delete`); the journal is emptied, and free pages are given back.
            Ok(c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?)
        })
    })
    .await
}
