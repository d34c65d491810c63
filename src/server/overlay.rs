//! The annotated video after a clip was judged again: the old one says what is no longer so, thus it is withheld at once and
//! drawn anew by the queue, as a job of its own.

use super::app::{App, Shared, blocking};
use super::clips::{self, Clip, State};
use super::outcome::SUMMARY;
use super::problem::Problem;
use super::queue::{self, Shown};
use super::worker::{self, End, Task};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// The annotated video in a folder of results.
pub const OVERLAY: &str = "overlay.mp4";

/// What is made anew with it: the report knows how its videos run.
const WITH_IT: [&str; 2] = [OVERLAY, "report.html"];

/// What becomes of a clip's annotated video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// It fits the results, where there is one.
    #[default]
    Current,
    /// To be drawn.
    Due,
    /// Could not be drawn.
    Failed,
    /// A worker draws it.
    Drawing,
}

impl Overlay {
    const ALL: [Self; 4] = [Self::Current, Self::Due, Self::Failed, Self::Drawing];

    /// As it is stored.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Current => 0,
            Self::Due => 1,
            Self::Failed => 2,
            Self::Drawing => 3,
        }
    }

    /// From what is stored.
    #[must_use]
    pub fn of(number: i64) -> Self {
        Self::ALL.into_iter().find(|o| o.number() == number).unwrap_or_default()
    }

    /// As programs are told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Due | Self::Drawing => "being_drawn",
            Self::Failed => "failed",
        }
    }
}

/// For people, where a clip's is withheld.
#[must_use]
pub fn words(clip: &Clip) -> Option<&'static str> {
    match clip.overlay {
        Overlay::Current => None,
        _ if clip.state != State::Done => Some(
            "The annotated video has the verdict before. It is withheld until the clip is analysed again.",
        ),
        Overlay::Due | Overlay::Drawing => Some(
            "The clip was judged again, so the annotated video is being drawn anew. It is withheld until then.",
        ),
        Overlay::Failed => Some(
            "The clip was judged again, and the annotated video could not be drawn anew. “Watch it again” below makes another.",
        ),
    }
}

/// The next annotated video to be drawn, now being drawn.
///
/// # Errors
/// When the store cannot be written.
pub fn take_due(c: &Connection) -> Result<Option<Clip>, Problem> {
    let next: Option<i64> = c
        .query_row(
            "UPDATE clips SET overlay_due = ?2 WHERE id =
             (SELECT id FROM clips WHERE overlay_due = ?1 AND state = 'done' ORDER BY id LIMIT 1) RETURNING id",
            [Overlay::Due.number(), Overlay::Drawing.number()],
            |r| r.get(0),
        )
        .optional()?;
    next.map(|id| clips::get(c, id)).transpose()
}

/// After a stop of any kind: what was being drawn is drawn again.
///
/// # Errors
/// When the store cannot be written.
pub fn recover(c: &Connection) -> Result<(), Problem> {
    let sql = "UPDATE clips SET overlay_due = ?2 WHERE overlay_due = ?1";
    c.execute(sql, [Overlay::Drawing.number(), Overlay::Due.number()])?;
    Ok(())
}

/// Draws it, unless the clip is judged once more or deleted meanwhile.
pub async fn draw(app: &Shared, clip: Clip) {
    let outcome = drawn(app, &clip).await.unwrap_or_else(|problem| {
        app.log(&format!("drawing clip {}: {}", clip.id, problem.cause.unwrap_or(problem.message)));
        Overlay::Failed
    });
    let sql = "UPDATE clips SET overlay_due = ?3 WHERE id = ?1 AND revision = ?2 AND overlay_due = ?4";
    let numbers = [clip.id, clip.revision, outcome.number(), Overlay::Drawing.number()];
    if let Err(problem) = app.db(move |c| Ok(c.execute(sql, numbers)?)).await {
        app.log(&format!("clip {}: {}", clip.id, problem.cause.unwrap_or(problem.message)));
    }
}

async fn drawn(app: &Shared, clip: &Clip) -> Result<Overlay, Problem> {
    let cancel = Arc::new(Notify::new());
    let shown = Shown::new(app, clip.id, &cancel);
    let athlete = clip.athlete.as_ref().map(|a| a.name.clone());
    let revision = queue::fresh(app, clip).await?;
    let task = Task { clip, told: &clip.told, athlete: athlete.as_deref(), revision };
    let end = worker::draw(app, task, clip.revision, &cancel).await;
    drop(shown);
    let outcome = match end {
        End::Results if says_the_same(app, clip, revision).await? => adopt(app, clip, revision).await,
        // Another version of the program judged the results: they are to say what the video says.
        End::Results => {
            queue::remove(app, clip, revision).await?;
            return queue::rejudge(app, clip.id, None).await.map(|()| Overlay::Due);
        }
        // Stopped for something that comes first.
        End::Cancelled => Ok(Overlay::Due),
        // With the server, or by the system for want of memory: the next start draws it.
        End::Killed => Ok(Overlay::Drawing),
        End::Failed(why) => {
            app.log(&format!("drawing clip {}: {why}", clip.id));
            Ok(Overlay::Failed)
        }
    };
    queue::remove(app, clip, revision).await?;
    outcome
}

/// Whether what was judged for the drawing is what the results say already.
async fn says_the_same(app: &App, clip: &Clip, drawn: i64) -> Result<bool, Problem> {
    let places =
        [clip.revision, drawn].map(|revision| app.folder.results(&clip.sha256, revision).join(SUMMARY));
    blocking(move || {
        let [before, now] = places
            .map(|place| -> Result<Value, Problem> { Ok(serde_json::from_slice(&std::fs::read(place)?)?) });
        let (before, now) = (before?, now?);
        Ok(["exercise", "findings"].iter().all(|part| before[part] == now[part]))
    })
    .await
}

/// Puts what was drawn among the results that it was drawn of, where those still are the current ones.
async fn adopt(app: &Shared, clip: &Clip, drawn: i64) -> Result<Overlay, Problem> {
    let Ok(_turn) = app.judging.acquire().await else { return Err(Problem::ours("closed")) };
    let (id, revision) = (clip.id, clip.revision);
    if app.db(move |c| clips::get(c, id)).await?.revision != revision {
        return Ok(Overlay::Due);
    }
    let (from, to) = (app.folder.results(&clip.sha256, drawn), app.folder.results(&clip.sha256, revision));
    blocking(move || {
        if !WITH_IT.iter().all(|name| from.join(name).is_file()) {
            return Ok(Overlay::Failed);
        }
        for name in WITH_IT {
            std::fs::rename(from.join(name), to.join(name))?;
        }
        super::folder::sync(&to);
        Ok(Overlay::Current)
    })
    .await
}

/// Whether a clip has one that may be shown.
#[must_use]
pub fn is_there(app: &App, clip: &Clip) -> bool {
    let results = app.folder.results(&clip.sha256, clip.revision);
    refuse_stale(clip, OVERLAY).is_ok() && results.join(OVERLAY).is_file()
}

/// Nobody is given a stale one, also where it still lies there.
///
/// # Errors
/// When the file asked for is one, with what becomes of it.
pub fn refuse_stale(clip: &Clip, name: &str) -> Result<(), Problem> {
    match words(clip) {
        Some(words) if name == OVERLAY => Err(Problem::new(StatusCode::NOT_FOUND, words)),
        _ => Ok(()),
    }
}

/// Takes a stale one out of results that are not shown yet.
///
/// # Errors
/// When the disk refuses.
pub fn withhold(results: &Path) -> Result<(), Problem> {
    match std::fs::remove_file(results.join(OVERLAY)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
