//! The team's result: every clip of one or several output folders in one set of tables and on one page.

pub mod coverage;
mod heat;
mod html;
pub mod page;
mod spread;
mod tables;
pub mod trend;

use self::coverage::{Coverage, Plans};
use super::BatchError;
use super::entry::{Entry, Status};
use super::folder::entries;
use super::names::check_together;
use crate::calendar::Day;
use crate::export::summary::{FindingRow, MetricSummary, Summary};
use crate::export::tidy::Table;
use crate::job::relative;
use crate::store::{AtomicFile, OutputFolder, StoreError};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The page's name.
pub const PAGE: &str = "team.html";

/// What is known of a clip for the team.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamClip {
    /// What came of it.
    pub entry: Entry,
    /// The athlete, where named.
    pub athlete: Option<String>,
    /// The day of the set, where told or known from the clip's file.
    pub day: Option<Day>,
    /// Name of the exercise's profile, where told or recognised.
    pub exercise: Option<String>,
    /// Metrics over the valid strides.
    pub metrics: Vec<MetricSummary>,
    /// Faults found, borderline, clear and not judged.
    pub findings: Vec<FindingRow>,
    /// Whether it was among the clips of the last run into its folder; none where that is not known.
    pub in_last_run: Option<bool>,
    /// The way from the team's page to the clip's report, `/` between folders.
    pub report: Option<String>,
}

impl TeamClip {
    /// What a clip of this entry and summary is to the team.
    #[must_use]
    pub fn new(entry: Entry, summary: Option<Summary>, report: Option<String>) -> Self {
        let words = |name: &str| Some(entry.told.get(name)?.as_str()?.to_owned());
        let session = summary.as_ref().and_then(|s| s.session.as_ref()).map(|s| s.date.clone());
        let day = words("date").or(session).and_then(|day| day.parse().ok());
        let athlete = words("athlete_name");
        let (exercise, metrics, findings) =
            summary.map(|s| (s.exercise.map(|e| e.name), s.metrics, s.findings)).unwrap_or_default();
        Self { entry, athlete, day, exercise, metrics, findings, in_last_run: None, report }
    }

    /// The faults found, each once however many rules and sides found it.
    #[must_use]
    pub fn faults_found(&self) -> Vec<&str> {
        let mut faults: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|f| f.status == "found") {
            if !faults.contains(&finding.fault.as_str()) {
                faults.push(&finding.fault);
            }
        }
        faults
    }

    /// A value over all valid strides of both sides.
    #[must_use]
    pub fn metric(&self, id: &str) -> Option<&MetricSummary> {
        self.metrics.iter().find(|m| m.id == id && m.side.is_none() && m.value.is_some())
    }
}

/// All clips, and how they stand to what was to be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Team {
    /// The clips, by name.
    pub clips: Vec<TeamClip>,
    /// How they stand to what was to be done.
    pub coverage: Coverage,
}

/// Reads the clips of output folders and writes the team's tables and page into `to`.
///
/// # Errors
/// When a folder cannot be read or a file not be written, or names and pseudonyms would come together. Results that are damaged
/// count as failed.
pub fn write(roots: &[PathBuf], to: &Path) -> Result<Team, BatchError> {
    if let Some(root) = roots.iter().find(|root| !root.is_dir()) {
        return Err(BatchError::NoInput { path: root.clone() });
    }
    check_together(roots)?;
    let folder = OutputFolder::create(to)?;
    let mut found: Vec<(PathBuf, PathBuf, Entry)> = Vec::new();
    for root in roots {
        found.extend(entries(root).into_iter().map(|(path, entry)| (root.clone(), path, entry)));
    }
    found.sort_by(|a, b| (&a.2.clip, &a.1).cmp(&(&b.2.clip, &b.1)));
    let plans = Plans::of(roots, &found);
    let mut coverage = plans.cover(&found);
    // A clip that two folders have, as when the parts were cut anew, counts once.
    found.dedup_by(|b, a| a.2.clip == b.2.clip && a.2.key.is_some() && a.2.key == b.2.key);
    let clips: Vec<(PathBuf, TeamClip)> = found
        .into_iter()
        .map(|(root, path, entry)| {
            let in_last_run = plans.hold(&root, &entry);
            let clip = TeamClip { in_last_run, ..read(&path, entry, to) };
            (path, clip)
        })
        .collect();
    let clips_only: Vec<TeamClip> = clips.iter().map(|(_, clip)| clip.clone()).collect();
    coverage.count(&clips_only);
    table(&folder, "clips", &tables::clips(&clips_only))?;
    table(&folder, "team", &tables::metrics(&clips_only))?;
    table(&folder, "strides_all", &tables::joined(&clips, "strides.csv")?)?;
    table(&folder, "faults", &tables::joined(&clips, "findings.csv")?)?;
    let team = Team { clips: clips_only, coverage };
    file(&folder, PAGE, |out| Ok(out.write_all(page::html(&team).as_bytes())?))?;
    Ok(team)
}

fn read(folder: &Path, entry: Entry, to: &Path) -> TeamClip {
    let has_results = entry.status != Status::Failed;
    let summary = fs::read_to_string(folder.join("summary.json")).ok().and_then(|t| Summary::read(&t).ok());
    let report = folder.join("report.html");
    let way = || relative(&to.canonicalize().ok()?, &report.canonicalize().ok()?);
    let report = way().filter(|_| has_results);
    TeamClip::new(entry, summary.filter(|_| has_results), report)
}

/// As CSV, and as Parquet where this build can and people read it in programs.
fn table(folder: &OutputFolder, name: &str, table: &Table) -> Result<(), BatchError> {
    file(folder, &format!("{name}.csv"), |out| table.write_csv(out))?;
    #[cfg(feature = "parquet")]
    if matches!(name, "team" | "strides_all") {
        let schema = format!("sledform.{name}/1");
        let provenance = [("sledform".to_owned(), env!("CARGO_PKG_VERSION").to_owned())].into();
        file(folder, &format!("{name}.parquet"), |out| {
            crate::export::columnar::write_table(out, table, &schema, &provenance)
        })?;
    }
    Ok(())
}

fn file(
    folder: &OutputFolder,
    name: &str,
    write: impl FnOnce(&mut AtomicFile) -> Result<(), crate::export::ExportError>,
) -> Result<(), BatchError> {
    let mut file = folder.file(name)?;
    write(&mut file)?;
    file.commit()?;
    Ok(())
}

/// The error of a table that could not be read back.
fn unreadable(path: &Path, source: csv::Error) -> StoreError {
    StoreError::Unreadable { path: path.to_owned(), source: io::Error::from(source) }
}
