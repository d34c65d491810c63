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

use crate::analysis::{Analysis, Athlete, Settings};
use crate::calendar::Day;
use crate::export::frames::{self, KeypointColumns};
use crate::export::trc::{TrcHeader, TrcUnit, write_trc};
use crate::export::{ExportError, Format, Formats, mot, tables};
use crate::observation::Recording;
use crate::report::{self, ReportOptions};
use crate::store::{AtomicFile, OutputFolder, StoreError};
use crate::units::Seconds;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
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
/// When a file cannot be written; the other tables are there, and the summary is as it was.
pub fn write(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
    settings: &Settings,
    options: &ResultOptions,
) -> Result<(), ResultError> {
    let asked = |format| options.formats.contains(format);
    let mut files: Vec<WriteFile<'_>> = Vec::new();
    if asked(Format::Csv) {
        files.extend(csv_files(folder, recording, analysis, options));
    }
    #[cfg(feature = "parquet")]
    if asked(Format::Parquet) {
        files.extend(parquet_files(folder, recording, analysis));
    }
    if asked(Format::Trc) {
        files.extend(trc_files(folder, recording, analysis));
    }
    if asked(Format::Mot) {
        files.push(Box::new(|| write_angles_mot(folder, recording, analysis)));
    }
    let written: Vec<Result<(), ResultError>> = files.par_iter().map(|write| write()).collect();
    folder.settle();
    written.into_iter().collect::<Result<(), ResultError>>()?;
    // Last: where a new one is, the others are too.
    if asked(Format::Json) {
        let summary = summary::summary(recording, analysis, settings, options);
        file(folder, "summary.json", |out| summary.write(out))?;
    }
    folder.settle();
    Ok(())
}

/// Writes one file.
type WriteFile<'a> = Box<dyn Fn() -> Result<(), ResultError> + Send + Sync + 'a>;

fn csv_files<'a>(
    folder: &'a OutputFolder,
    recording: &'a Recording,
    analysis: &'a Analysis,
    options: &ResultOptions,
) -> [WriteFile<'a>; 6] {
    let columns = if options.raw { KeypointColumns::FilteredAndRaw } else { KeypointColumns::Filtered };
    let athlete = analysis.athlete.as_ref();
    [
        Box::new(move || {
            file(folder, "keypoints.csv", |out| {
                frames::write_keypoints(out, columns, keypoint_rows(recording, athlete))
            })
        }),
        Box::new(move || {
            file(folder, "angles.csv", |out| frames::write_angles(out, angle_rows(recording, athlete)))
        }),
        Box::new(move || {
            let (metrics, strides) = rows::strides(athlete);
            file(folder, "strides.csv", |out| tables::write_strides(out, &metrics, &strides))
        }),
        Box::new(move || file(folder, "events.csv", |out| tables::write_events(out, &rows::events(athlete)))),
        Box::new(move || {
            file(folder, "waveforms.csv", |out| tables::write_waveforms(out, &rows::waveforms(athlete)))
        }),
        Box::new(move || {
            file(folder, "findings.csv", |out| tables::write_findings(out, &findings::rows(athlete)))
        }),
    ]
}

/// What angles were measured from: joint centres estimated from the model's landmarks, or the points as they came.
fn joint_centres(athlete: Option<&Athlete>) -> &'static str {
    if athlete.is_some_and(|a| a.prepared.offsets.is_some()) { "anatomical" } else { "landmarks" }
}

#[cfg(feature = "parquet")]
fn parquet_files<'a>(
    folder: &'a OutputFolder,
    recording: &'a Recording,
    analysis: &'a Analysis,
) -> [WriteFile<'a>; 2] {
    use crate::export::columnar;
    let athlete = analysis.athlete.as_ref();
    let provenance = move || provenance::provenance(recording, athlete);
    [
        Box::new(move || {
            let angles: Vec<_> = angle_rows(recording, athlete).collect();
            file(folder, "angles.parquet", |out| columnar::write_angles(out, &angles, &provenance()))
        }),
        Box::new(move || {
            let (metrics, strides) = rows::strides(athlete);
            file(folder, "strides.parquet", |out| {
                columnar::write_strides(out, &metrics, &strides, &provenance())
            })
        }),
    ]
}

fn trc_files<'a>(
    folder: &'a OutputFolder,
    recording: &'a Recording,
    analysis: &'a Analysis,
) -> [WriteFile<'a>; 2] {
    let athlete = analysis.athlete.as_ref();
    let write = move |name, unit, place: Option<motion::Place>| {
        let frames: Vec<(usize, Seconds)> = recording.frames.iter().map(|f| (f.frame, f.time)).collect();
        let header = TrcHeader { name, unit, rate: mean_rate(recording) };
        match place {
            Some(place) => file(folder, name, |out| write_trc(out, &header, &frames, place)),
            None => Ok(folder.remove(name)?),
        }
    };
    [
        Box::new(move || write("keypoints.trc", TrcUnit::Pixels, athlete.map(motion::in_picture))),
        Box::new(move || write("keypoints_m.trc", TrcUnit::Metres, athlete.and_then(motion::in_metres))),
    ]
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
    file(folder, "report.html", |out| Ok(out.write_all(page.as_bytes())?))?;
    folder.settle();
    Ok(())
}

fn file(
    folder: &OutputFolder,
    name: &str,
    write: impl FnOnce(&mut AtomicFile) -> Result<(), ExportError>,
) -> Result<(), ResultError> {
    let mut file = folder.file(name)?;
    write(&mut file).map_err(|source| ResultError::Export { path: file.target().to_owned(), source })?;
    file.place()?;
    Ok(())
}
