//! Other people's keypoints as a recording: OpenPose, rtmlib and MMPose JSON, MediaPipe CSV and JSON, Sports2D and Pose2Sim
//! `.trc` in pixels, `gaitlab.pose` JSON, and our own `keypoints.csv`.
//!
//! Each skeleton maps onto ours by a table; what it lacks is missing, not invented. Nothing is filtered or repaired here.

mod csv_frames;
mod error;
mod gaitlab;
mod json_frames;
mod people;
pub mod skeletons;
mod source;
mod trc;
pub mod truth;
mod truth_json;

pub use error::ImportError;

use crate::frame::{ClipFacts, PixelSize, TimeSource, Warning};
use crate::observation::{ModelIdentity, Observation, Pose, Recording};
use crate::signal::resample::usual_step;
use crate::units::{Hertz, Seconds};
use source::{Imported, ImportedFrame};
use std::path::{Path, PathBuf};

/// What the file may not say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImportOptions {
    /// Frames per second, for formats without time; not used where the file has times.
    pub fps: Option<Hertz>,
    /// Size of the picture, for normalised coordinates and formats without it.
    pub size: Option<PixelSize>,
}

/// A kind of file with keypoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A folder with one JSON file per frame, as OpenPose and Pose2Sim write.
    JsonFolder,
    /// One JSON file for the whole clip.
    Json,
    /// Marker positions in pixels, as Sports2D and Pose2Sim write.
    Trc,
    /// Our own `keypoints.csv`.
    KeypointsCsv,
    /// MediaPipe landmarks in columns or rows.
    LandmarksCsv,
}

/// What kind of keypoints a path holds, by its name and, for a table, its header; none for anything else, such as a video or
/// a folder of pictures.
#[must_use]
pub fn recognise(path: &Path) -> Option<Format> {
    if path.is_dir() {
        return (!json_files(path).is_empty()).then_some(Format::JsonFolder);
    }
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" => Some(Format::Json),
        "trc" => Some(Format::Trc),
        "csv" => csv_frames::recognise(&std::fs::read(path).ok()?),
        _ => None,
    }
}

/// Reads keypoints as a recording.
///
/// # Errors
/// When the path holds no keypoints in an accepted form, or lacks frame rate or picture size and `options` do too; the
/// message says what to give.
pub fn open(path: &Path, options: &ImportOptions) -> Result<Recording, ImportError> {
    if !path.exists() {
        return Err(ImportError::NotThere { path: path.to_owned() });
    }
    let format = recognise(path).ok_or_else(|| ImportError::Unknown { path: path.to_owned() })?;
    let text = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|source| ImportError::Unreadable { path: path.to_owned(), source })
    };
    let named = |what: String| ImportError::Malformed { path: path.to_owned(), what };
    let imported = match format {
        Format::JsonFolder => json_folder(path, &text)?,
        Format::Json => json_frames::clip(&text(path)?).map_err(named)?,
        Format::Trc => trc::clip(&text(path)?).map_err(named)?,
        Format::KeypointsCsv => csv_frames::own(&text(path)?).map_err(named)?,
        Format::LandmarksCsv => csv_frames::landmarks(&text(path)?).map_err(named)?,
    };
    recording(path, imported, options)
}

/// The frames of a folder in the order of their numbers; a number left out is a frame left out.
fn json_folder(
    folder: &Path,
    text: &impl Fn(&Path) -> Result<String, ImportError>,
) -> Result<Imported, ImportError> {
    let mut all: Option<Imported> = None;
    for (number, path) in json_files(folder) {
        let named = |what: String| ImportError::Malformed { path: path.clone(), what };
        let mut one = json_frames::clip(&text(&path)?).map_err(named)?;
        if one.frames.len() != 1 {
            return Err(named(format!(
                "it holds {} frames, not one as in a folder of frames",
                one.frames.len()
            )));
        }
        one.frames[0].number = number;
        match &mut all {
            None => all = Some(one),
            Some(all) => all.append(one).map_err(named)?,
        }
    }
    all.ok_or_else(|| ImportError::Empty { path: folder.to_owned() })
}

/// JSON files with the last number in their names, in that order.
fn json_files(folder: &Path) -> Vec<(Option<usize>, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")))
        .map(|path| (last_number(&path), path))
        .collect();
    files.sort();
    files
}

fn last_number(path: &Path) -> Option<usize> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    stem.rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}

fn recording(path: &Path, imported: Imported, options: &ImportOptions) -> Result<Recording, ImportError> {
    let Imported { tool, frames, rate, size, has_confidence, space } = imported;
    if frames.is_empty() || frames.iter().all(|f| f.people.is_empty()) {
        return Err(ImportError::Empty { path: path.to_owned() });
    }
    let mut warnings = Vec::new();
    let size = size.or(options.size);
    let frames =
        space.to_pixels(frames, size).ok_or_else(|| ImportError::NeedsSize { path: path.to_owned() })?;
    let size = size.unwrap_or_else(|| {
        let guessed = extent(&frames);
        warnings.push(size_warning(guessed));
        guessed
    });
    if !has_confidence {
        warnings.push(confidence_warning());
    }
    let (times, time_source) = times(path, &frames, rate, options, &mut warnings)?;
    let tracked = people::track(frames.into_iter().map(|f| f.people));
    let frames = tracked.into_iter().zip(times).enumerate().map(|(frame, (people, time))| Observation {
        frame,
        time,
        people,
        background: None,
        duplicate: false,
    });
    Ok(Recording {
        clip: ClipFacts {
            file: path.to_owned(),
            sha256: sha256(path),
            size,
            rotation_deg: 0,
            nominal_rate: rate.or(options.fps),
            nominal_frames: None,
            codec: None,
            capture_rate: None,
            time_source,
            start: Seconds(0.0),
            created: None,
        },
        pose_model: ModelIdentity { name: tool, sha256: None },
        detector: None,
        frames: frames.collect(),
        warnings,
    })
}

/// Frames further apart tell nothing of steps, two of which take about a second, s: such times are in another unit.
const SLOWEST_FRAME: f64 = 1.0;

/// Times from the first frame: the file's own, else frame numbers over its rate or the one given.
fn times(
    path: &Path,
    frames: &[ImportedFrame],
    rate: Option<Hertz>,
    options: &ImportOptions,
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<Seconds>, TimeSource), ImportError> {
    let own: Option<Vec<Seconds>> = frames.iter().map(|f| f.time).collect();
    if own.is_some() && options.fps.is_some() {
        let message = "the file has times of its own; the frame rate given is not used";
        warnings.push(Warning::new("fps_not_used", message, "leave the frame rate out"));
    }
    let (times, source) = match (own, rate.or(options.fps).filter(|r| r.0 > 0.0)) {
        (Some(times), _) => (times, TimeSource::File),
        (None, Some(rate)) => {
            let number = |i: usize| frames[i].number.unwrap_or(i);
            let time = |i: usize| Seconds((number(i) as f64 - number(0) as f64) / rate.0);
            ((0..frames.len()).map(time).collect(), TimeSource::FrameRate)
        }
        (None, None) => return Err(ImportError::NeedsRate { path: path.to_owned() }),
    };
    let increasing = |pair: &[Seconds]| pair[0] < pair[1];
    if let Some(place) = times.windows(2).position(|pair| !increasing(pair)) {
        let what = format!("the time of frame {} does not come after the frame before", place + 1);
        return Err(ImportError::Malformed { path: path.to_owned(), what });
    }
    let of_file = (source == TimeSource::File).then(|| usual_step(&times)).flatten();
    if let Some(step) = of_file.filter(|step| *step > SLOWEST_FRAME) {
        let what = format!(
            "its frames are {step:.0} s apart; if that is milliseconds, call the column timestamp_ms"
        );
        return Err(ImportError::Malformed { path: path.to_owned(), what });
    }
    let start = times.first().copied().unwrap_or_default();
    Ok((times.into_iter().map(|t| t - start).collect(), source))
}

/// A picture just large enough for every point.
fn extent(frames: &[ImportedFrame]) -> PixelSize {
    let points = frames.iter().flat_map(|f| &f.people).flat_map(Pose::seen).map(|(_, l)| l.position);
    let (x, y) = points.fold((1.0f64, 1.0f64), |(x, y), p| (x.max(p.x), y.max(p.y)));
    PixelSize { width: x.ceil() as u32, height: y.ceil() as u32 }
}

fn size_warning(size: PixelSize) -> Warning {
    let message = format!("the file does not say how large the picture is; {size} holds every point");
    Warning::new("size_guessed", message, "give the picture's width and height")
}

fn confidence_warning() -> Warning {
    let message = "the file has no confidence, so every point counts as fully sure";
    Warning::new(
        "no_confidence",
        message,
        "import the keypoints with their confidence where the tool can write it",
    )
}

/// Of the file, lower-case hexadecimal; none for a folder.
fn sha256(path: &Path) -> Option<String> {
    let file = path.is_file().then(|| std::fs::File::open(path).ok())??;
    crate::digest::of_reader(file).ok().map(|(_, digest)| digest)
}

#[cfg(test)]
mod tests;
