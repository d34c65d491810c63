//! Athletes against faults: who shows what, in their last session.

use super::clips::AGREED;
use super::problem::Problem;
use crate::findings::words;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Team {
    /// Faults that anybody shows, those of most athletes first: id and name.
    pub faults: Vec<(String, &'static str)>,
    /// Athletes by name.
    pub rows: Vec<Row>,
}

/// An athlete's last session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The athlete's number.
    pub id: i64,
    /// The athlete's name.
    pub name: String,
    /// The day.
    pub day: String,
    /// Clips of that day that could be judged; 0 where none of the athlete's could be.
    pub clips: i64,
    /// By fault: worst severity, and a clip that shows it.
    pub shown: BTreeMap<String, Shown>,
    /// By fault not shown: what was said of it. Faults that are no part of the exercise are in neither.
    pub others: BTreeMap<String, Other>,
}

/// What was said of a fault that does not count; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// Found, and a coach disagrees.
    Disagreed,
    /// Too close to the limit to say.
    Borderline,
    /// Not there.
    Clear,
    /// The picture did not show enough.
    NotJudged,
}

/// A fault shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// `mild`, `moderate` or `severe`.
    pub severity: String,
    /// The clip to look at.
    pub clip: i64,
}

/// Of all athletes with an analysed clip: the last session in which anything could be judged, else the last one.
///
/// # Errors
/// When the store cannot be read.
pub fn team(c: &Connection) -> Result<Team, Problem> {
    let mut sessions = c.prepare_cached(
        "SELECT a.id, a.name, c.day, sum(c.judged) FROM athletes a JOIN clips c ON c.athlete = a.id AND c.revision > 0
         WHERE c.day = (SELECT ifnull(max(CASE WHEN judged = 1 THEN day END), max(day)) FROM clips
         WHERE athlete = a.id AND revision > 0) GROUP BY a.id ORDER BY a.name",
    )?;
    let row = |r: &rusqlite::Row| {
        let (shown, others) = (BTreeMap::new(), BTreeMap::new());
        Ok(Row { id: r.get(0)?, name: r.get(1)?, day: r.get(2)?, clips: r.get(3)?, shown, others })
    };
    let mut rows: Vec<Row> = sessions.query_map([], row)?.collect::<Result<_, _>>()?;
    // Findings that a coach disagrees with do not count against anybody.
    let mut findings = c.prepare_cached(&format!(
        "SELECT f.fault, ifnull(f.severity, 'mild'), c.id, f.status, {AGREED} FROM clips c JOIN findings f ON f.clip = c.id
         WHERE c.athlete = ?1 AND c.day = ?2 ORDER BY c.id, f.place"
    ))?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &mut rows {
        let found = findings.query_map(rusqlite::params![row.id, row.day], |r| {
            Ok((r.get(0)?, Shown { severity: r.get(1)?, clip: r.get(2)? }, r.get(3)?, r.get(4)?))
        })?;
        for one in found {
            let (fault, shown, status, is_agreed): (String, Shown, String, bool) = one?;
            let other = match status.as_str() {
                "found" if is_agreed => {
                    let worst = row.shown.entry(fault).or_insert_with(|| shown.clone());
                    if rank(&shown.severity) > rank(&worst.severity) {
                        *worst = shown;
                    }
                    continue;
                }
                "found" => Other::Disagreed,
                "borderline" => Other::Borderline,
                "clear" => Other::Clear,
                _ => Other::NotJudged,
            };
            let said = row.others.entry(fault).or_insert(other);
            *said = other.min(*said);
        }
        row.others.retain(|fault, _| !row.shown.contains_key(fault));
        for fault in row.shown.keys() {
            *counts.entry(fault.clone()).or_default() += 1;
        }
    }
    let mut faults: Vec<(String, usize)> = counts.into_iter().collect();
    faults.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let faults = faults
        .into_iter()
        .map(|(id, _)| {
            let name = words::fault(&id);
            (id, name)
        })
        .collect();
    Ok(Team { faults, rows })
}

fn rank(severity: &str) -> usize {
    ["mild", "moderate", "severe"].iter().position(|s| *s == severity).unwrap_or(0)
}
