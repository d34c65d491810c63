//! An analysis to its files: which are written, and what stands in their rows. Their form is `export`'s business.

mod findings;
mod rows;
mod summary;

pub use rows::{angle_rows, keypoint_rows};
pub use summary::mean_rate;

use crate::analysis::{Analysis, Settings};
use crate::export::ExportError;
use crate::export::frames::{self, KeypointColumns};
use crate::export::tables;
use crate::observation::Recording;
use crate::report::{self, ReportOptions};
use crate::store::{AtomicFile, OutputFolder, StoreError};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// What is written besides the usual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultOptions {
    /// Whether `keypoints.csv` also holds the points as the model saw them.
    pub raw: bool,
    /// What the user knows of the set, kept in the summary's settings as it was given: load, name, note.
    pub told: BTreeMap<String, serde_json::Value>,
    /// When, RFC 3339, for `summary.json`; none leaves it out, so that equal input gives equal bytes.
    pub created: Option<String>,
}

/// Why a result could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultError {
    /// The folder or file could not be made.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A table could not be written.
    #[error("{path}: {source}", path = .path.display())]
    Export {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: ExportError,
    },
}

/// Writes every table and the summary. Each file appears whole or not at all.
///
/// # Errors
/// When a file cannot be written; those before it are there.
pub fn write(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
    settings: &Settings,
    options: &ResultOptions,
) -> Result<(), ResultError> {
    let columns = if options.raw { KeypointColumns::FilteredAndRaw } else { KeypointColumns::Filtered };
    let athlete = analysis.athlete.as_ref();
    file(folder, "keypoints.csv", |out| {
        frames::write_keypoints(out, columns, keypoint_rows(recording, athlete))
    })?;
    file(folder, "angles.csv", |out| frames::write_angles(out, angle_rows(recording, athlete)))?;
    let (metric_columns, strides) = rows::strides(athlete);
    file(folder, "strides.csv", |out| tables::write_strides(out, &metric_columns, &strides))?;
    file(folder, "events.csv", |out| tables::write_events(out, &rows::events(athlete)))?;
    file(folder, "waveforms.csv", |out| tables::write_waveforms(out, &rows::waveforms(athlete)))?;
    file(folder, "findings.csv", |out| tables::write_findings(out, &findings::rows(athlete)))?;
    let summary = summary::summary(recording, analysis, settings, options);
    file(folder, "summary.json", |out| summary.write(out))
}

/// Writes `report.html`, with its videos and pictures as `options` has them.
///
/// # Errors
/// When the file cannot be written.
pub fn write_report(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
    options: &ReportOptions,
) -> Result<(), ResultError> {
    let page = report::html(recording, analysis, options);
    file(folder, "report.html", |out| Ok(out.write_all(page.as_bytes())?))
}

fn file(
    folder: &OutputFolder,
    name: &str,
    write: impl FnOnce(&mut AtomicFile) -> Result<(), ExportError>,
) -> Result<(), ResultError> {
    let mut file = folder.file(name)?;
    write(&mut file).map_err(|source| ResultError::Export { path: file.target().to_owned(), source })?;
    file.commit()?;
    Ok(())
}
