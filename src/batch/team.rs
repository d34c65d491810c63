//! The team's result: every clip of one or several output folders in one set of tables and on one page.

mod heat;
mod html;
pub mod page;
mod spread;
mod tables;
pub mod trend;

use super::BatchError;
use super::entry::{Entry, Status};
use super::folder::entries;
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
        Self { entry, athlete, day, exercise, metrics, findings, report }
    }

    /// A value over all valid strides of both sides.
    #[must_use]
    pub fn metric(&self, id: &str) -> Option<&MetricSummary> {
        self.metrics.iter().find(|m| m.id == id && m.side.is_none() && m.value.is_some())
    }
}

/// Reads the clips of output folders and writes the team's tables and page into `to`.
///
/// # Errors
/// When a folder cannot be read or a file not be written. Results that are damaged count as failed.
pub fn write(roots: &[PathBuf], to: &Path) -> Result<Vec<TeamClip>, BatchError> {
    let folder = OutputFolder::create(to)?;
    let mut found: Vec<(PathBuf, Entry)> = Vec::new();
    for root in roots {
        if !root.is_dir() {
            return Err(BatchError::NoInput { path: root.clone() });
        }
        found.extend(entries(root));
    }
    found.sort_by(|a, b| (&a.1.clip, &a.0).cmp(&(&b.1.clip, &b.0)));
    // A clip that two folders have, as when the parts were cut anew, counts once.
    found.dedup_by(|b, a| a.1.clip == b.1.clip && a.1.key.is_some() && a.1.key == b.1.key);
    let clips: Vec<(PathBuf, TeamClip)> = found
        .into_iter()
        .map(|(path, entry)| {
            let clip = read(&path, entry, to);
            (path, clip)
        })
        .collect();
    let clips_only: Vec<TeamClip> = clips.iter().map(|(_, clip)| clip.clone()).collect();
    table(&folder, "clips", &tables::clips(&clips_only))?;
    table(&folder, "team", &tables::metrics(&clips_only))?;
    table(&folder, "strides_all", &tables::joined(&clips, "strides.csv")?)?;
    table(&folder, "faults", &tables::joined(&clips, "findings.csv")?)?;
    file(&folder, PAGE, |out| Ok(out.write_all(page::html(&clips_only).as_bytes())?))?;
    Ok(clips_only)
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
