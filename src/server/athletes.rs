//! Athletes as rows: known by name, with what belongs to them.

use super::clips::Named;
use super::problem::Problem;
use super::time::now;
use super::told::short_text;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

/// An athlete in the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Athlete {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Clips.
    pub clips: i64,
    /// Days with clips.
    pub sessions: i64,
    /// The last such day.
    pub last_day: Option<String>,
}

/// All, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn all(c: &Connection) -> Result<Vec<Athlete>, Problem> {
    let mut rows = c.prepare_cached(
        "SELECT a.id, a.name, count(c.id), count(DISTINCT c.day), max(c.day) FROM athletes a
         LEFT JOIN clips c ON c.athlete = a.id GROUP BY a.id ORDER BY a.name",
    )?;
    let athlete = |r: &rusqlite::Row| {
        Ok(Athlete {
            id: r.get(0)?,
            name: r.get(1)?,
            clips: r.get(2)?,
            sessions: r.get(3)?,
            last_day: r.get(4)?,
        })
    };
    Ok(rows.query_map([], athlete)?.collect::<Result<_, _>>()?)
}

/// One.
///
/// # Errors
/// When there is none.
pub fn get(c: &Connection, id: i64) -> Result<Named, Problem> {
    let name = c.query_row("SELECT name FROM athletes WHERE id = ?1", [id], |r| r.get(0)).optional()?;
    name.map(|name| Named { id, name }).ok_or_else(|| Problem::missing("athlete"))
}

/// The athlete of this name, made known where there is none.
///
/// # Errors
/// When it is no name.
pub fn by_name(c: &Connection, name: &str) -> Result<Named, Problem> {
    let name = short_text(name, "a name")?;
    c.execute(
        "INSERT INTO athletes (name, created) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
        params![name, now()],
    )?;
    Ok(c.query_row("SELECT id, name FROM athletes WHERE name = ?1", [name], |r| {
        Ok(Named { id: r.get(0)?, name: r.get(1)? })
    })?)
}

/// Another name.
///
/// # Errors
/// When somebody else has it, or there is no such athlete.
pub fn rename(c: &Connection, id: i64, name: &str) -> Result<Named, Problem> {
    let name = short_text(name, "a name")?;
    let other: Option<i64> = c
        .query_row("SELECT id FROM athletes WHERE name = ?1 AND id <> ?2", params![name, id], |r| r.get(0))
        .optional()?;
    if other.is_some() {
        return Err(Problem::conflict(format!("There is an athlete called {name:?} already.")));
    }
    c.execute("UPDATE athletes SET name = ?2 WHERE id = ?1", params![id, name])?;
    get(c, id)
}

/// One measurement of a metric in time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// The clip.
    pub clip: i64,
    /// Its title.
    pub title: String,
    /// Whether anything could be judged in it; values of others mean little.
    pub is_judged: bool,
    /// Its day.
    pub day: String,
    /// Its exercise.
    pub exercise: Option<String>,
    /// Load on the sled, kg, where told.
    pub load_kg: Option<f64>,
    /// The value.
    pub value: f64,
    /// One standard deviation of its uncertainty.
    pub uncertainty: Option<f64>,
}

/// A metric of an athlete over all clips that have it, oldest first; both sides together, or one.
///
/// # Errors
/// When the store cannot be read.
pub fn trend(
    c: &Connection,
    athlete: i64,
    metric: &str,
    side: Option<&str>,
    exercise: Option<&str>,
) -> Result<Vec<Moment>, Problem> {
    let mut rows = c.prepare_cached(
        "SELECT c.id, c.day, c.exercise, json_extract(c.told, '$.load_kg'), m.value, m.uncertainty, c.title, c.judged
         FROM clips c JOIN metrics m ON m.clip = c.id
         WHERE c.athlete = ?1 AND m.metric = ?2 AND m.side IS ?3 AND m.value IS NOT NULL AND (?4 IS NULL OR c.exercise = ?4)
         ORDER BY c.day, c.created, c.id",
    )?;
    let moment = |r: &rusqlite::Row| {
        Ok(Moment {
            clip: r.get(0)?,
            day: r.get(1)?,
            exercise: r.get(2)?,
            load_kg: r.get(3)?,
            value: r.get(4)?,
            uncertainty: r.get(5)?,
            title: r.get(6)?,
            is_judged: r.get(7)?,
        })
    };
    Ok(rows.query_map(params![athlete, metric, side, exercise], moment)?.collect::<Result<_, _>>()?)
}

/// Metrics and sides that an athlete's clips have values of, in the catalogue's order of the first clip.
///
/// # Errors
/// When the store cannot be read.
pub fn measured(c: &Connection, athlete: i64) -> Result<Vec<(String, Option<String>, String)>, Problem> {
    let mut rows = c.prepare_cached(
        "SELECT m.metric, m.side, m.unit FROM clips c JOIN metrics m ON m.clip = c.id
         WHERE c.athlete = ?1 AND m.value IS NOT NULL GROUP BY m.metric, m.side ORDER BY min(m.rowid)",
    )?;
    Ok(rows.query_map([athlete], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?)
}
