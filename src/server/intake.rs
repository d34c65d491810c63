//! From a complete file to a clip of the library: its content decides the kind and the name it is kept by.
//!
//! A clip is accepted once its file is on the disk and its row is written; the upload's own file goes last, so that a crash
//! in between only makes the same happen again on start.

use super::app::{App, blocking, locked};
use super::athletes;
use super::clips::{self, Clip, Named, State};
use super::folder::{KIND_BYTES, kind, sync};
use super::problem::Problem;
use super::time::{now, session_day, today};
use super::told::{self, Told};
use crate::digest;
use axum::http::StatusCode;
use rusqlite::{Connection, params};
use serde_json::{Map, Value};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// What comes with a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// The athlete's name; a new one is made known.
    pub athlete: Option<String>,
    /// The day of the session; the clip's own or today where it is left out.
    pub day: Option<String>,
    /// Whether to wait for somebody to trim it.
    pub is_held: bool,
    /// The rest.
    pub told: Told,
}

impl Fields {
    /// From names and values as forms and uploads send them.
    ///
    /// # Errors
    /// When a name is unknown or a value not allowed.
    pub fn parse(mut given: Map<String, Value>) -> Result<Self, Problem> {
        let mut text = |key: &str| match given.remove(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::Bool(true)) => Some("yes".to_owned()),
            _ => None,
        };
        let (athlete, day, hold) = (text("athlete"), text("day"), text("hold"));
        let athlete = athlete.map(|name| told::short_text(&name, "a name")).transpose()?;
        let day = day.map(|day| session_day(&day)).transpose()?;
        Ok(Self { athlete, day, is_held: hold.is_some(), told: Told::default().with(&given)? })
    }

    /// As it was given, to be stored with an upload.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut all = serde_json::to_value(&self.told).unwrap_or_default();
        if let Value::Object(map) = &mut all {
            map.retain(|_, v| !v.is_null());
            map.extend(self.athlete.clone().map(|v| ("athlete".to_owned(), Value::from(v))));
            map.extend(self.day.clone().map(|v| ("day".to_owned(), Value::from(v))));
            map.extend(self.is_held.then(|| ("hold".to_owned(), Value::from(true))));
        }
        all
    }
}

/// A clip, and whether its content was there before.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The clip.
    pub clip: Clip,
    /// Whether it was known.
    pub is_duplicate: bool,
}

/// Takes a complete file in. The file at `path` is left where it is.
///
/// # Errors
/// When it is no video, or the disk refuses.
pub async fn accept(app: &Arc<App>, path: &Path, title: &str, fields: Fields) -> Result<Accepted, Problem> {
    let (shared, path, title) = (Arc::clone(app), path.to_owned(), title.to_owned());
    let accepted = blocking(move || accept_now(&shared, &path, &title, &fields)).await?;
    app.wake.notify_one();
    Ok(accepted)
}

/// As [`accept`], on a thread that may wait.
///
/// # Errors
/// As there.
pub fn accept_now(app: &App, path: &Path, title: &str, fields: &Fields) -> Result<Accepted, Problem> {
    let kind = kind_of(path)?;
    let (bytes, sha256) = digest::of_reader(File::open(path)?)?;
    let _alone = locked(&app.placing);
    let known = app.database.with(|c| clips::by_content(c, &sha256))?;
    if let Some(clip) = known.clone().filter(|clip| clip.video.is_some()) {
        return Ok(Accepted { clip, is_duplicate: true });
    }
    let folder = app.folder.clip(&sha256);
    fs::create_dir_all(&folder)?;
    let video = format!("clip.{kind}");
    place(path, &folder.join(&video))?;
    sync(&folder);
    sync(&app.folder.clips());
    app.database.with(|c| {
        if let Some(known) = known {
            // Brought in as results alone; now it can be watched too.
            c.execute("UPDATE clips SET video = ?2 WHERE id = ?1", params![known.id, video])?;
            return Ok(Accepted { clip: clips::get(c, known.id)?, is_duplicate: true });
        }
        let state = if fields.is_held { State::Held } else { State::Queued };
        let row = Row { sha256: &sha256, title: &told::title(title), video: Some(&video), bytes, state };
        insert(c, &row, fields)
    })
}

/// A clip's row to be.
pub struct Row<'a> {
    /// Of the content.
    pub sha256: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// Its video, where there is one.
    pub video: Option<&'a str>,
    /// Size of the content.
    pub bytes: u64,
    /// How far it is.
    pub state: State,
}

/// Writes the row, or finds that somebody else just did.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(c: &mut Connection, row: &Row, fields: &Fields) -> Result<Accepted, Problem> {
    let transaction = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if let Some(clip) = clips::by_content(&transaction, row.sha256)? {
        return Ok(Accepted { clip, is_duplicate: true });
    }
    let athlete: Option<Named> =
        fields.athlete.as_deref().map(|name| athletes::by_name(&transaction, name)).transpose()?;
    transaction.execute(
        "INSERT INTO clips (sha256, title, video, bytes, athlete, day, told, state, created, day_is_told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            row.sha256,
            row.title,
            row.video,
            i64::try_from(row.bytes).unwrap_or(i64::MAX),
            athlete.map(|a| a.id),
            fields.day.clone().unwrap_or_else(today),
            serde_json::to_string(&fields.told)?,
            row.state.name(),
            now(),
            fields.day.is_some()
        ],
    )?;
    let clip = clips::get(&transaction, transaction.last_insert_rowid())?;
    transaction.commit()?;
    Ok(Accepted { clip, is_duplicate: false })
}

fn kind_of(path: &Path) -> Result<&'static str, Problem> {
    let mut beginning = Vec::with_capacity(KIND_BYTES);
    File::open(path)?.take(KIND_BYTES as u64).read_to_end(&mut beginning)?;
    if beginning.is_empty() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The file is empty. Choose the clip again.",
        ));
    }
    kind(&beginning).ok_or_else(|| {
        let message =
            "This is not a video that sledform reads. Send the phone's own file: MP4, MOV, WebM, MKV or AVI.";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    })
}

/// A second name for the same bytes, or a copy where the disk has no such thing; on the disk before it counts.
fn place(from: &Path, to: &Path) -> Result<(), Problem> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to)?;
    }
    Ok(File::open(to)?.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_came_with_an_upload_is_the_same_after_it_was_stored() {
        let Value::Object(given) =
            json!({"athlete": " Ada ", "day": "2026-11-20", "hold": "yes", "load_kg": "40", "note": ""})
        else {
            panic!("an object")
        };
        let fields = Fields::parse(given).expect("all allowed");
        assert_eq!(
            (fields.athlete.as_deref(), fields.is_held, fields.told.load_kg),
            (Some("Ada"), true, Some(40.0))
        );
        let Value::Object(stored) = fields.to_json() else { panic!("an object") };
        assert_eq!(Fields::parse(stored), Ok(fields));
        for bad in [
            json!({"day": "yesterday"}),
            json!({"day": "2026-02-30"}),
            json!({"day": "2999-01-01"}),
            json!({"sha256": "x"}),
        ] {
            let Value::Object(bad) = bad else { panic!("an object") };
            assert!(Fields::parse(bad).is_err());
        }
    }
}
