//! What people say of a clip: notes, and findings they disagree with.

use super::Json;
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::clips;
use crate::server::problem::Problem;
use crate::server::time::now;
use crate::server::told::long_text;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When.
    pub created: i64,
}

/// A finding that somebody disagrees with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opinion {
    /// The fault.
    pub fault: String,
    /// The metric it rests on.
    pub metric: String,
    /// The side; empty for both.
    pub side: String,
    /// Why.
    pub reason: String,
    /// Whose opinion.
    pub author: String,
}

/// Which finding, or without a metric all that was found of the fault, and why; an empty reason takes the disagreement back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disagreement {
    fault: String,
    metric: Option<String>,
    #[serde(default)]
    side: String,
    reason: String,
}

/// The text of a note.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    text: String,
}

/// Notes of a clip, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub fn notes(c: &Connection, clip: i64) -> Result<Vec<Note>, Problem> {
    let mut rows =
        c.prepare_cached("SELECT id, author, text, created FROM notes WHERE clip = ?1 ORDER BY id")?;
    let note = |r: &rusqlite::Row| {
        Ok(Note { id: r.get(0)?, author: r.get(1)?, text: r.get(2)?, created: r.get(3)? })
    };
    Ok(rows.query_map([clip], note)?.collect::<Result<_, _>>()?)
}

/// Disagreements of a clip.
///
/// # Errors
/// When the store cannot be read.
pub fn opinions(c: &Connection, clip: i64) -> Result<Vec<Opinion>, Problem> {
    let mut rows = c.prepare_cached(
        "SELECT fault, metric, side, reason, author FROM opinions WHERE clip = ?1 ORDER BY fault, metric, side",
    )?;
    let opinion = |r: &rusqlite::Row| {
        Ok(Opinion {
            fault: r.get(0)?,
            metric: r.get(1)?,
            side: r.get(2)?,
            reason: r.get(3)?,
            author: r.get(4)?,
        })
    };
    Ok(rows.query_map([clip], opinion)?.collect::<Result<_, _>>()?)
}

/// Both, for the API.
///
/// # Errors
/// When the store cannot be read.
pub fn of_clip(c: &Connection, clip: i64) -> Result<Value, Problem> {
    Ok(json!({ "notes": notes(c, clip)?, "disagreements": opinions(c, clip)? }))
}

/// Disagrees with a finding, or takes that back.
///
/// # Errors
/// When the clip has no such finding.
pub async fn disagree(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Extension(who): Extension<Who>,
    Json(given): Json<Disagreement>,
) -> Result<StatusCode, Problem> {
    let reason = long_text(&given.reason)?;
    app.db(move |c| {
        let these = "clip = ?1 AND fault = ?2 AND (metric = ?3 AND ifnull(side, '') = ?4
            OR ?3 IS NULL AND status IN ('found', 'borderline'))";
        let known: i64 = c.query_row(
            &format!("SELECT count(*) FROM findings WHERE {these}"),
            params![id, given.fault, given.metric, given.side],
            |r| r.get(0),
        )?;
        if known == 0 {
            return Err(Problem::missing("finding"));
        }
        if reason.is_empty() {
            let sql = "DELETE FROM opinions WHERE clip = ?1 AND fault = ?2 AND (?3 IS NULL OR metric = ?3 AND side = ?4)";
            c.execute(sql, params![id, given.fault, given.metric, given.side])?;
        } else {
            c.execute(
                &format!(
                    "INSERT INTO opinions (clip, fault, metric, side, reason, author, created)
                     SELECT DISTINCT clip, fault, metric, ifnull(side, ''), ?5, ?6, ?7 FROM findings WHERE {these}
                     ON CONFLICT DO UPDATE SET reason = ?5, author = ?6, created = ?7"
                ),
                params![id, given.fault, given.metric, given.side, reason, who.name, now()],
            )?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Writes a note.
///
/// # Errors
/// When it is empty or too long, or there is no such clip.
pub async fn note(
    State(app): State<Shared>,
    Path(id): Path<i64>,
    Extension(who): Extension<Who>,
    Json(given): Json<Text>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let text = long_text(&given.text)?;
    if text.is_empty() {
        return Err(Problem::bad("The note is empty."));
    }
    let id = app
        .db(move |c| {
            clips::get(c, id)?;
            c.execute(
                "INSERT INTO notes (clip, author, text, created) VALUES (?1, ?2, ?3, ?4)",
                params![id, who.name, text, now()],
            )?;
            Ok(c.last_insert_rowid())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

/// Deletes a note.
///
/// # Errors
/// When there is none.
pub async fn remove_note(
    State(app): State<Shared>,
    Path((id, note)): Path<(i64, i64)>,
) -> Result<StatusCode, Problem> {
    let gone =
        app.db(move |c| Ok(c.execute("DELETE FROM notes WHERE id = ?1 AND clip = ?2", [note, id])?)).await?;
    if gone == 0 { Err(Problem::missing("note")) } else { Ok(StatusCode::NO_CONTENT) }
}
