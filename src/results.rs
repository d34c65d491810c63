//! An analysis to its files: which are written, and what stands in their rows. Their form is `export`'s business.

mod charts;
mod comparison;
mod findings;
mod motion;
#[cfg(feature = "parquet")]
mod provenance;
mod rows;
mod session;
mod stored;
mod summary;

pub use charts::charts;
pub use comparison::{COMPARISON_PAGE, COMPARISON_TABLE, write_comparison};
pub use rows::{angle_rows, keypoint_rows};
pub use session::{DaySource, Session};
pub use stored::{Stored, StoredError};
pub use summary::mean_rate;

use crate::analysis::{Analysis, Settings};
use crate::calendar::Day;
use crate::export::frames::{self, KeypointColumns};
use crate::export::trc::{TrcHeader, TrcUnit, write_trc};
use crate::export::{ExportError, Format, Formats, mot, tables};
use crate::observation::Recording;
use crate::report::{self, ReportOptions};
use crate::store::{AtomicFile, OutputFolder, StoreError};
use crate::units::Seconds;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// What is written, and what is known besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultOptions {
    /// Which kinds of files.
    pub formats: Formats,
    /// Whether `keypoints.csv` also holds the points as the model saw them.
    pub raw: bool,
    /// What the user knows of the set, kept in the summary's settings as it was given: load, name, note.
    pub told: BTreeMap<String, serde_json::Value>,
    /// The day of the session, if the user said it; else the clip's own is taken.
    pub day: Option<Day>,
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

/// Writes the tables, motion files and the summary asked for. Each file appears whole or not at all. Where there is nothing
/// for a motion file (nobody, or no scale), none is left of an earlier analysis either.
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
    let asked = |format| options.formats.contains(format);
    if asked(Format::Csv) {
        write_csv(folder, recording, analysis, options)?;
    }
    #[cfg(feature = "parquet")]
    if asked(Format::Parquet) {
        write_parquet(folder, recording, analysis, settings)?;
    }
    if asked(Format::Trc) {
        write_keypoints_trc(folder, recording, analysis)?;
    }
    if asked(Format::Mot) {
        write_angles_mot(folder, recording, analysis)?;
    }
    if asked(Format::Json) {
        let summary = summary::summary(recording, analysis, settings, options);
        file(folder, "summary.json", |out| summary.write(out))?;
    }
    Ok(())
}

fn write_csv(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
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
    file(folder, "findings.csv", |out| tables::write_findings(out, &findings::rows(athlete)))
}

#[cfg(feature = "parquet")]
fn write_parquet(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
    settings: &Settings,
) -> Result<(), ResultError> {
    use crate::export::columnar;
    let athlete = analysis.athlete.as_ref();
    let provenance = provenance::provenance(recording, athlete, settings);
    let angles: Vec<_> = angle_rows(recording, athlete).collect();
    file(folder, "angles.parquet", |out| columnar::write_angles(out, &angles, &provenance))?;
    let (metrics, strides) = rows::strides(athlete);
    file(folder, "strides.parquet", |out| columnar::write_strides(out, &metrics, &strides, &provenance))
}

fn write_keypoints_trc(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
) -> Result<(), ResultError> {
    let athlete = analysis.athlete.as_ref();
    let frames: Vec<(usize, Seconds)> = recording.frames.iter().map(|f| (f.frame, f.time)).collect();
    let files = [
        ("keypoints.trc", TrcUnit::Pixels, athlete.map(motion::in_picture)),
        ("keypoints_m.trc", TrcUnit::Metres, athlete.and_then(motion::in_metres)),
    ];
    for (name, unit, place) in files {
        let header = TrcHeader { name, unit, rate: mean_rate(recording) };
        match place {
            Some(place) => file(folder, name, |out| write_trc(out, &header, &frames, place))?,
            None => folder.remove(name)?,
        }
    }
    Ok(())
}

fn write_angles_mot(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
) -> Result<(), ResultError> {
    let name = "angles.mot";
    let Some(athlete) = &analysis.athlete else { return Ok(folder.remove(name)?) };
    let angles: Vec<_> = angle_rows(recording, Some(athlete)).collect();
    file(folder, name, |out| mot::write_mot(out, &angles))
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
