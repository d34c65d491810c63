//! From `summary.json` of a results folder to rows: what the library searches, compares and draws over time.

use super::overlay::Overlay;
use super::problem::Problem;
use super::time::{is_date, now};
use super::told::Told;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The file read.
pub const SUMMARY: &str = "summary.json";

/// Longest summary read; ours have about 50 kB.
const LONGEST_BYTES: u64 = 8 << 20;

/// The schema understood.
const SCHEMA: &str = "sledform.summary/1";

/// What the store keeps of a summary; the rest stays in the file.
#[derive(Clone, Debug, Deserialize)]
pub struct Summary {
    schema: String,
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    session: Option<Session>,
    /// The clip.
    pub clip: ClipFacts,
    /// The exercise judged.
    pub exercise: Option<Exercise>,
    /// Values.
    pub metrics: Vec<Metric>,
    /// Judgements.
    pub findings: Vec<Finding>,
    /// What was used and told.
    #[serde(default)]
    pub settings: serde_json::Map<String, serde_json::Value>,
    #[serde(skip)]
    text: String,
}

/// When the clip was made.
#[derive(Clone, Debug, Deserialize)]
struct Session {
    date: String,
}

/// Facts of the clip.
#[derive(Clone, Debug, Deserialize)]
pub struct ClipFacts {
    /// Its file.
    pub file: String,
    /// Of the content, where known.
    pub sha256: Option<String>,
}

/// The exercise.
#[derive(Clone, Debug, Deserialize)]
pub struct Exercise {
    /// Its profile.
    pub name: String,
    /// `given` or `recognised`.
    pub source: String,
}

/// One value.
#[derive(Clone, Debug, Deserialize)]
pub struct Metric {
    id: String,
    side: Option<String>,
    value: Option<f64>,
    unit: String,
    sd: Option<f64>,
    n: Option<i64>,
    uncertainty: Option<f64>,
}

/// One judgement.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    fault: String,
    status: String,
    severity: Option<String>,
    metric: String,
    side: Option<String>,
    value: Option<f64>,
    unit: String,
    uncertainty: Option<f64>,
    cue: Option<String>,
    reason: Option<String>,
}

impl Summary {
    /// Of a results folder.
    ///
    /// # Errors
    /// When there is none, or it is not ours.
    pub fn read(folder: &Path) -> Result<Self, Problem> {
        let mut text = String::new();
        File::open(folder.join(SUMMARY))?.take(LONGEST_BYTES).read_to_string(&mut text)?;
        let mut summary: Self = serde_json::from_str(&text)?;
        if summary.schema != SCHEMA {
            return Err(Problem::ours(format!(
                "{}: schema {:?}, not {SCHEMA}",
                folder.display(),
                summary.schema
            )));
        }
        summary.text = text;
        Ok(summary)
    }

    /// The day of the session as told or as the clip says, else the day it was analysed.
    #[must_use]
    pub fn day(&self) -> Option<String> {
        let told = self.session.as_ref().map(|s| s.date.clone());
        told.or_else(|| self.created.as_ref()?.get(..10).map(str::to_owned))
    }

    fn is_judged(&self) -> bool {
        self.findings.iter().any(|f| f.status != "not_judged")
    }
}

/// Makes results the current ones of a clip: rows, state and revision change together or not at all. A clip that was deleted
/// meanwhile stays deleted: false.
///
/// # Errors
/// When the store cannot be written.
pub fn adopt(
    c: &mut Connection,
    clip: i64,
    revision: i64,
    told: Option<&Told>,
    overlay: Overlay,
    summary: &Summary,
) -> Result<bool, Problem> {
    let transaction = c.transaction()?;
    let there: Option<i64> =
        transaction.query_row("SELECT id FROM clips WHERE id = ?1", [clip], |r| r.get(0)).optional()?;
    if there.is_none() {
        return Ok(false);
    }
    transaction.execute(
        "UPDATE clips SET state = 'done', error = NULL, attempts = 0, revision = ?2, exercise = ?3, judged = ?4,
         summary = ?5, finished = ?6, overlay_due = ?7 WHERE id = ?1",
        params![
            clip,
            revision,
            summary.exercise.as_ref().map(|e| &e.name),
            summary.is_judged(),
            summary.text,
            now(),
            overlay.number()
        ],
    )?;
    if let Some(session) = summary.session.as_ref().filter(|s| is_date(&s.date)) {
        transaction.execute(
            "UPDATE clips SET day = ?2 WHERE id = ?1 AND day_is_told = 0",
            params![clip, session.date],
        )?;
    }
    if let Some(told) = told {
        transaction.execute(
            "UPDATE clips SET told = ?2 WHERE id = ?1",
            params![clip, serde_json::to_string(told)?],
        )?;
    }
    rows(&transaction, clip, summary)?;
    transaction.commit()?;
    Ok(true)
}

fn rows(c: &Connection, clip: i64, summary: &Summary) -> Result<(), Problem> {
    c.execute("DELETE FROM metrics WHERE clip = ?1", [clip])?;
    c.execute("DELETE FROM findings WHERE clip = ?1", [clip])?;
    let mut insert = c.prepare_cached(
        "INSERT INTO metrics (clip, metric, side, value, unit, sd, n, uncertainty) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for m in &summary.metrics {
        insert.execute(params![clip, m.id, m.side, m.value, m.unit, m.sd, m.n, m.uncertainty])?;
    }
    let mut insert = c.prepare_cached(
        "INSERT INTO findings (clip, place, fault, status, severity, metric, side, value, unit, uncertainty, cue, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (place, f) in (0i64..).zip(&summary.findings) {
        insert.execute(params![
            clip,
            place,
            f.fault,
            f.status,
            f.severity,
            f.metric,
            f.side,
            f.value,
            f.unit,
            f.uncertainty,
            f.cue,
            f.reason
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_summaries_of_ours_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |text: &str| {
            std::fs::write(folder.path().join(SUMMARY), text).expect("written");
            Summary::read(folder.path())
        };
        let good = r#"{"schema":"sledform.summary/1","clip":{"file":"a.mp4","sha256":null},"exercise":null,"metrics":[],"findings":[]}"#;
        assert!(write(good).is_ok_and(|s| !s.is_judged()));
        assert!(write(&good.replace("summary/1", "summary/2")).is_err());
        assert!(write("{}").is_err() && write("not json").is_err());
    }
}
