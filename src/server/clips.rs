//! Clips as rows: reading one, finding many, changing their state. Only here is their SQL.

use super::overlay::Overlay;
use super::problem::Problem;
use super::time::now;
use super::told::Told;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

/// How far a clip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept back until somebody has trimmed it and says so.
    Held,
    /// Waiting.
    Queued,
    /// A worker has it.
    Running,
    /// Analysed.
    Done,
    /// Could not be analysed.
    Failed,
    /// Stopped by somebody.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Held, Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Held => "waits for you",
            Self::Queued => "in the queue",
            Self::Running => "being analysed",
            Self::Done => "analysed",
            Self::Failed => "could not be analysed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A clip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clip {
    /// Its number.
    pub id: i64,
    /// Of the content.
    pub sha256: String,
    /// What the file was called.
    pub title: String,
    /// Name of the video in the clip's folder.
    #[serde(skip)]
    pub video: Option<String>,
    /// Size of the content.
    pub bytes: i64,
    /// Whose it is: number and name.
    pub athlete: Option<Named>,
    /// The day of the session, `2026-11-21`.
    pub day: String,
    /// Whether somebody said that day.
    pub day_is_told: bool,
    /// What was told of it.
    pub told: Told,
    /// How far it is.
    pub state: State,
    /// Why it failed.
    pub error: Option<String>,
    /// Which results are current; 0 = none.
    pub revision: i64,
    /// The exercise judged.
    pub exercise: Option<String>,
    /// Whether anything could be judged.
    pub is_judged: bool,
    /// Faults found, each once; without those that a coach disagrees with.
    pub faults: i64,
    /// Faults found that a coach disagrees with.
    pub disagreed: i64,
    /// Whether most faults looked for could not be judged.
    #[serde(skip)]
    pub is_mostly_open: bool,
    /// What becomes of its annotated video.
    #[serde(skip)]
    pub overlay: Overlay,
    /// When it came, seconds since 1970.
    pub created: i64,
    /// How often a worker has begun.
    #[serde(skip)]
    pub attempts: i64,
}

impl Clip {
    /// Sorts clips by session, then as they came.
    #[must_use]
    pub fn age(&self) -> (&str, i64, i64) {
        (&self.day, self.created, self.id)
    }
}

/// A number with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Of a finding `f`: nobody disagrees with it.
pub const AGREED: &str = "NOT EXISTS (SELECT 1 FROM opinions o \
    WHERE o.clip = f.clip AND o.fault = f.fault AND o.metric = f.metric AND o.side = ifnull(f.side, ''))";

/// Clips with what belongs to them; `rest` says which.
fn select(rest: &str) -> String {
    format!(
        "SELECT c.id, c.sha256, c.title, c.video, c.bytes, c.athlete, a.name, c.day, c.told, c.state, c.error, \
        c.revision, c.exercise, c.judged, c.created, c.attempts, c.day_is_told, c.overlay_due, \
        (SELECT count(DISTINCT f.fault) FROM findings f WHERE f.clip = c.id AND f.status = 'found' AND {AGREED}), \
        (SELECT count(DISTINCT f.fault) FROM findings f WHERE f.clip = c.id AND f.status = 'found'), \
        (SELECT 2 * count(DISTINCT CASE WHEN f.status <> 'not_judged' THEN f.fault END) < count(DISTINCT f.fault) \
         FROM findings f WHERE f.clip = c.id) \
        FROM clips c LEFT JOIN athletes a ON a.id = c.athlete {rest}"
    )
}

fn from_row(row: &Row) -> rusqlite::Result<Clip> {
    let athlete = row.get::<_, Option<i64>>(5)?.zip(row.get(6)?);
    let state: String = row.get(9)?;
    let told: String = row.get(8)?;
    Ok(Clip {
        id: row.get(0)?,
        sha256: row.get(1)?,
        title: row.get(2)?,
        video: row.get(3)?,
        bytes: row.get(4)?,
        athlete: athlete.map(|(id, name)| Named { id, name }),
        day: row.get(7)?,
        // What was stored was checked; a key of a newer version is left out rather than the clip.
        told: serde_json::from_str(&told).unwrap_or_default(),
        state: State::ALL.into_iter().find(|s| s.name() == state).unwrap_or(State::Failed),
        error: row.get(10)?,
        revision: row.get(11)?,
        exercise: row.get(12)?,
        is_judged: row.get(13)?,
        created: row.get(14)?,
        attempts: row.get(15)?,
        day_is_told: row.get(16)?,
        overlay: Overlay::of(row.get(17)?),
        faults: row.get(18)?,
        disagreed: row.get::<_, i64>(19)? - row.get::<_, i64>(18)?,
        is_mostly_open: row.get(20)?,
    })
}

/// A clip by its number.
///
/// # Errors
/// When there is none.
pub fn get(c: &Connection, id: i64) -> Result<Clip, Problem> {
    let found = c.query_row(&select("WHERE c.id = ?1"), [id], from_row).optional()?;
    found.ok_or_else(|| Problem::missing("clip"))
}

/// A clip by its content.
///
/// # Errors
/// When the store cannot be read.
pub fn by_content(c: &Connection, sha256: &str) -> Result<Option<Clip>, Problem> {
    Ok(c.query_row(&select("WHERE c.sha256 = ?1"), [sha256], from_row).optional()?)
}

/// What is looked for. Empty texts look for nothing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Search {
    /// Words in title, athlete or note.
    pub q: String,
    /// An athlete's number.
    pub athlete: String,
    /// Exercise judged.
    pub exercise: String,
    /// State.
    pub state: String,
    /// A fault found.
    pub fault: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// From 1.
    pub page: Option<u32>,
}

/// Clips on one page of the library.
pub const PAGE_CLIPS: u32 = 40;

impl Search {
    /// Whether anything is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.q, &self.athlete, &self.exercise, &self.state, &self.fault, &self.from, &self.to]
            .iter()
            .all(|t| t.trim().is_empty())
    }
}

/// Clips found, newest session first, and how many there are on all pages.
///
/// # Errors
/// When the store cannot be read.
pub fn find(c: &Connection, search: &Search) -> Result<(Vec<Clip>, u32), Problem> {
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<Sql> = Vec::new();
    for word in search.q.split_whitespace().take(8) {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        values.push(Sql::from(format!("%{escaped}%")));
        let place = values.len();
        conditions.push(format!(
            "(c.title LIKE ?{place} ESCAPE '\\' OR a.name LIKE ?{place} ESCAPE '\\' \
             OR json_extract(c.told, '$.note') LIKE ?{place} ESCAPE '\\')"
        ));
    }
    let told = [
        ("c.athlete =", &search.athlete),
        ("c.exercise =", &search.exercise),
        ("c.state =", &search.state),
        ("c.day >=", &search.from),
        ("c.day <=", &search.to),
    ];
    for (column, value) in told.into_iter().filter(|(_, v)| !v.trim().is_empty()) {
        // A number is compared as one; what is none finds nothing.
        values.push(value.trim().parse().map_or_else(|_| Sql::from(value.trim().to_owned()), Sql::Integer));
        conditions.push(format!("{column} ?{}", values.len()));
    }
    if !search.fault.trim().is_empty() {
        values.push(Sql::from(search.fault.trim().to_owned()));
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM findings f WHERE f.clip = c.id AND f.status = 'found' AND f.fault = ?{} AND {AGREED})",
            values.len()
        ));
    }
    let condition = conditions.join(" AND ");
    let count =
        format!("SELECT count(*) FROM clips c LEFT JOIN athletes a ON a.id = c.athlete WHERE {condition}");
    let all = c.query_row(&count, rusqlite::params_from_iter(&values), |r| r.get(0))?;
    let skip = search.page.unwrap_or(1).clamp(1, 1_000_000) - 1;
    let sql = select(&format!(
        "WHERE {condition} ORDER BY c.day DESC, c.id DESC LIMIT {PAGE_CLIPS} OFFSET {}",
        u64::from(skip) * u64::from(PAGE_CLIPS)
    ));
    let clips = c
        .prepare(&sql)?
        .query_map(rusqlite::params_from_iter(&values), from_row)?
        .collect::<Result<_, _>>()?;
    Ok((clips, all))
}

/// Clips that wait, run, or ended badly of late; those that run first, then in the order of the queue.
///
/// # Errors
/// When the store cannot be read.
pub fn under_way(c: &Connection) -> Result<Vec<Clip>, Problem> {
    let sql = select("WHERE c.state IN ('running', 'queued') ORDER BY c.state = 'queued', c.id");
    Ok(c.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// All clips of an athlete, oldest session first.
///
/// # Errors
/// When the store cannot be read.
pub fn of_athlete(c: &Connection, athlete: i64) -> Result<Vec<Clip>, Problem> {
    let sql = select("WHERE c.athlete = ?1 ORDER BY c.day, c.created, c.id");
    Ok(c.prepare_cached(&sql)?.query_map([athlete], from_row)?.collect::<Result<_, _>>()?)
}

/// The links of a clip that was moved from one athlete to another end: they were given to the first.
///
/// # Errors
/// When the store cannot be written.
pub fn end_links_of_another(c: &Connection, before: &Clip, after: &Clip) -> Result<(), Problem> {
    let id = |clip: &Clip| clip.athlete.as_ref().map(|a| a.id);
    if id(before).is_some() && id(before) != id(after) {
        c.execute("DELETE FROM shares WHERE clip = ?1", [before.id])?;
    }
    Ok(())
}

/// What is told of a clip changes.
///
/// # Errors
/// When the store cannot be written.
pub fn set_told(c: &Connection, clip: &Clip) -> Result<(), Problem> {
    c.execute(
        "UPDATE clips SET told = ?2, athlete = ?3, day = ?4, title = ?5, day_is_told = ?6 WHERE id = ?1",
        params![
            clip.id,
            serde_json::to_string(&clip.told)?,
            clip.athlete.as_ref().map(|a| a.id),
            clip.day,
            clip.title,
            clip.day_is_told
        ],
    )?;
    Ok(())
}

/// From one of some states to another; false where it was in none of them.
///
/// # Errors
/// When the store cannot be written.
pub fn go(c: &Connection, id: i64, from: &[State], to: State) -> Result<bool, Problem> {
    let from: Vec<String> = from.iter().map(|s| format!("'{}'", s.name())).collect();
    let sql = format!(
        "UPDATE clips SET state = ?2, error = NULL, finished = NULL WHERE id = ?1 AND state IN ({})",
        from.join(", ")
    );
    Ok(c.execute(&sql, params![id, to.name()])? > 0)
}

/// The next clip of the queue, now running.
///
/// # Errors
/// When the store cannot be written.
pub fn take_next(c: &Connection) -> Result<Option<Clip>, Problem> {
    let next: Option<i64> = c
        .query_row(
            "UPDATE clips SET state = 'running', attempts = attempts + 1, error = NULL
             WHERE id = (SELECT id FROM clips WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING id",
            [],
            |r| r.get(0),
        )
        .optional()?;
    next.map(|id| get(c, id)).transpose()
}

/// A clip's analysis ended without results.
///
/// # Errors
/// When the store cannot be written.
pub fn end(c: &Connection, id: i64, state: State, error: Option<&str>) -> Result<(), Problem> {
    c.execute(
        "UPDATE clips SET state = ?2, error = ?3, finished = ?4 WHERE id = ?1 AND state = 'running'",
        params![id, state.name(), error, now()],
    )?;
    Ok(())
}
