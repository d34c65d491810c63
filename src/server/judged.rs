//! What was judged of a clip and what a coach thinks of it: its faults, each once, with the measurements that show it.

use super::clips::Clip;
use super::problem::Problem;
use crate::export::summary::WarningSummary;
use crate::findings::words;
use crate::technique::{self, rule::Band};
use rusqlite::{Connection, OptionalExtension};

/// A fault found or nearly so, in one measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The fault.
    pub fault: String,
    /// `found` or `borderline`.
    pub status: String,
    /// How bad; none unless found.
    pub severity: Option<String>,
    /// What was measured, in words.
    pub what: String,
    /// `left`, `right`, `both` or none.
    pub side: Option<String>,
    /// The value.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// One standard deviation of it.
    pub uncertainty: Option<f64>,
    /// What is good, where the profile is one of ours.
    pub target: Option<Band>,
    /// What the coach says.
    pub cue: Option<String>,
    /// Who disagrees, and why.
    pub disagreement: Option<(String, String)>,
}

/// A fault with all that shows it, what was found first.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Its measurements; at least one.
    pub findings: Vec<Finding>,
}

impl Fault {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.findings.first().map_or("", |f| &f.fault)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        words::fault(self.id())
    }

    /// Its grade, or that it is borderline: the first finding is the worst.
    #[must_use]
    pub fn grade(&self) -> &str {
        self.findings.first().map_or("", |f| f.severity.as_deref().unwrap_or(&f.status))
    }

    /// The side, where all its findings are of the same.
    #[must_use]
    pub fn side(&self) -> Option<&str> {
        let side = self.findings.first().and_then(|f| f.side.as_deref());
        side.filter(|side| self.findings.iter().all(|f| f.side.as_deref() == Some(side)))
    }

    /// Whether it was found, not only nearly.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.findings.iter().any(|f| f.status == "found")
    }

    /// Whether it counts no more: a coach disagrees with all that was found of it. So it is counted in rows too (`clips`).
    #[must_use]
    pub fn is_disagreed(&self) -> bool {
        let is_asked = |f: &&Finding| f.status == "found" || !self.is_found();
        self.findings.iter().filter(is_asked).all(|f| f.disagreement.is_some())
    }

    /// Who disagrees with it, and why.
    #[must_use]
    pub fn disagreement(&self) -> Option<&(String, String)> {
        self.findings.iter().find_map(|f| f.disagreement.as_ref())
    }
}

/// Faults found and nearly found, in the order of the report.
///
/// # Errors
/// When the store cannot be read.
pub fn faults(c: &Connection, clip: &Clip) -> Result<Vec<Fault>, Problem> {
    let mut faults: Vec<Fault> = Vec::new();
    for finding in findings(c, clip)? {
        match faults.iter_mut().find(|fault| fault.id() == finding.fault) {
            Some(fault) => fault.findings.push(finding),
            None => faults.push(Fault { findings: vec![finding] }),
        }
    }
    Ok(faults)
}

fn findings(c: &Connection, clip: &Clip) -> Result<Vec<Finding>, Problem> {
    let profile = profile(c, clip)?;
    let mut rows = c.prepare_cached(
        "SELECT f.fault, f.status, f.severity, f.metric, f.side, f.value, f.unit, f.uncertainty, f.cue, o.author, o.reason,
         json_extract(c.summary, '$.findings[' || f.place || '].what'), json_extract(c.summary, '$.findings[' || f.place || '].rule')
         FROM findings f JOIN clips c ON c.id = f.clip
         LEFT JOIN opinions o ON o.clip = f.clip AND o.fault = f.fault AND o.metric = f.metric AND o.side = ifnull(f.side, '')
         WHERE f.clip = ?1 AND f.status IN ('found', 'borderline') ORDER BY f.status = 'borderline', f.place",
    )?;
    let finding = |r: &rusqlite::Row| {
        let (metric, what, rule): (String, Option<String>, Option<String>) =
            (r.get(3)?, r.get(11)?, r.get(12)?);
        let author: Option<String> = r.get(9)?;
        Ok(Finding {
            fault: r.get(0)?,
            status: r.get(1)?,
            severity: r.get(2)?,
            side: r.get(4)?,
            value: r.get(5)?,
            unit: r.get(6)?,
            uncertainty: r.get(7)?,
            cue: r.get(8)?,
            disagreement: author.zip(r.get(10)?),
            target: profile.as_ref().and_then(|p| target(p, rule.as_deref()?, &metric)),
            what: what.unwrap_or_else(|| super::pages::metric(&metric)),
        })
    };
    Ok(rows.query_map([clip.id], finding)?.collect::<Result<_, _>>()?)
}

/// The profile that judged it, where it is one of ours as it is now.
fn profile(c: &Connection, clip: &Clip) -> Result<Option<technique::Profile>, Problem> {
    let Some(profile) = clip.exercise.as_deref().and_then(technique::builtin) else { return Ok(None) };
    let sql = "SELECT json_extract(summary, '$.profile.sha256') FROM clips WHERE id = ?1";
    let used: Option<String> = c.query_row(sql, [clip.id], |r| r.get(0))?;
    Ok((used.as_ref() == Some(&profile.sha256)).then_some(profile))
}

fn target(profile: &technique::Profile, rule: &str, metric: &str) -> Option<Band> {
    let rule = profile.rules.iter().find(|r| r.id == rule)?;
    // A rule may have been decided by another of its conditions; the target is of the first.
    rule.target.filter(|t| rule.first().metric == metric && (t.from.is_some() || t.to.is_some()))
}

/// Why nothing or not everything could be judged, in sentences; those that stand in the way of most first.
///
/// # Errors
/// When the store cannot be read.
pub fn reasons(c: &Connection, clip: &Clip) -> Result<Vec<String>, Problem> {
    if clip.revision == 0 {
        return Ok(vec![clip.error.clone().unwrap_or_else(|| format!("It is {}.", clip.state.words()))]);
    }
    let mut rows = c.prepare_cached(
        "SELECT reason FROM findings WHERE clip = ?1 AND status = 'not_judged' AND reason IS NOT NULL
         GROUP BY reason ORDER BY count(*) DESC, min(place)",
    )?;
    let mut all: Vec<String> = rows.query_map([clip.id], |r| r.get(0))?.collect::<Result<_, _>>()?;
    if all.is_empty() {
        all = unseen(c, clip)?;
    }
    if all.is_empty() && clip.exercise.is_none() {
        all.push("The exercise is not clear: say which it is, then it can be judged.".to_owned());
    }
    Ok(all)
}

/// What was noticed of a clip in which nobody was found.
fn unseen(c: &Connection, clip: &Clip) -> Result<Vec<String>, Problem> {
    let sql = "SELECT json_extract(summary, '$.warnings') FROM clips
        WHERE id = ?1 AND json_extract(summary, '$.athlete') IS NULL";
    let text: Option<String> = c.query_row(sql, [clip.id], |r| r.get(0)).optional()?.flatten();
    let Some(text) = text else { return Ok(Vec::new()) };
    let warnings: Vec<WarningSummary> = serde_json::from_str(&text)?;
    Ok(warnings.iter().map(WarningSummary::in_words).collect())
}
