//! Athletes against faults: who shows what, in their last session.

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
    /// Clips of that day that could be judged.
    pub clips: i64,
    /// By fault: worst severity, and a clip that shows it.
    pub shown: BTreeMap<String, Shown>,
}

/// A fault shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// `mild`, `moderate` or `severe`.
    pub severity: String,
    /// The clip to look at.
    pub clip: i64,
}

/// Of all athletes with a clip that could be judged.
///
/// # Errors
/// When the store cannot be read.
pub fn team(c: &Connection) -> Result<Team, Problem> {
    let mut sessions = c.prepare_cached(
        "SELECT a.id, a.name, c.day, count(*) FROM athletes a JOIN clips c ON c.athlete = a.id AND c.judged = 1
         WHERE c.day = (SELECT max(day) FROM clips WHERE athlete = a.id AND judged = 1) GROUP BY a.id ORDER BY a.name",
    )?;
    let row = |r: &rusqlite::Row| {
        Ok(Row { id: r.get(0)?, name: r.get(1)?, day: r.get(2)?, clips: r.get(3)?, shown: BTreeMap::new() })
    };
    let mut rows: Vec<Row> = sessions.query_map([], row)?.collect::<Result<_, _>>()?;
    // Findings that a coach disagrees with do not count against anybody.
    let mut findings = c.prepare_cached(
        "SELECT f.fault, ifnull(f.severity, 'mild'), c.id FROM clips c JOIN findings f ON f.clip = c.id
         WHERE c.athlete = ?1 AND c.day = ?2 AND f.status = 'found' AND NOT EXISTS (SELECT 1 FROM opinions o
         WHERE o.clip = c.id AND o.fault = f.fault AND o.metric = f.metric AND o.side = ifnull(f.side, ''))
         ORDER BY c.id, f.place",
    )?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &mut rows {
        let found = findings.query_map(rusqlite::params![row.id, row.day], |r| {
            Ok((r.get(0)?, Shown { severity: r.get(1)?, clip: r.get(2)? }))
        })?;
        for one in found {
            let (fault, shown): (String, Shown) = one?;
            let worst = row.shown.entry(fault).or_insert_with(|| shown.clone());
            if rank(&shown.severity) > rank(&worst.severity) {
                *worst = shown;
            }
        }
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
