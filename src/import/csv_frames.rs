//! Keypoints as tables: our own `keypoints.csv`, and MediaPipe landmarks with one row per frame or one per landmark.
//!
//! One row per frame: `frame`, perhaps `time_s` or `timestamp_ms`, then per landmark `x`, `y` and perhaps `visibility` (or `v`,
//! `score`, `confidence`), the landmark by name (`left_knee_x`, `LEFT_KNEE.x`) or number (`x25`, `25_x`, `landmark_25_x`; from 0,
//! or from 1 where there is no 0). One row per landmark: `frame`, perhaps a time, `landmark` (or `name`, `id`), `x`, `y`,
//! perhaps `visibility`. An empty cell is missing.

use super::Format;
use super::skeletons::{self, MEDIAPIPE_33};
use super::source::{Imported, ImportedFrame, Space, landmark, pose};
use crate::kinematics::joint_centres::OWN_KEYPOINTS;
use crate::observation::Landmark;
use crate::skeleton::Keypoint;
use crate::units::Seconds;
use csv::StringRecord;

const TIME_S: [&str; 5] = ["time_s", "time", "timestamp", "timestamp_s", "t"];
const TIME_MS: [&str; 2] = ["timestamp_ms", "time_ms"];
const FRAME: [&str; 4] = ["frame", "frame_id", "frame_index", "frame_number"];
const LANDMARK: [&str; 5] = ["landmark", "landmark_id", "landmark_name", "name", "id"];
const CONFIDENCE: [&str; 4] = ["visibility", "v", "score", "confidence"];

/// Which of the tables it is by its header; none for any other.
pub(super) fn recognise(bytes: &[u8]) -> Option<Format> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().ok()?;
    if !own_columns(header).is_empty() {
        Some(Format::KeypointsCsv)
    } else if long_columns(header).is_some() || wide_columns(header).is_ok_and(|c| !c.is_empty()) {
        Some(Format::LandmarksCsv)
    } else {
        None
    }
}

/// Our own table: what the model saw where the table has it, else what is marked as measured. What was interpolated was not
/// observed and is left out.
pub(super) fn own(text: &str) -> Result<Imported, String> {
    let (header, rows) = table(text)?;
    let columns = own_columns(&header);
    let time = time_column(&header).ok_or("it has no time_s column")?;
    let mut frames = Vec::new();
    for (line, row) in rows {
        let points = points(&row, &columns).map_err(|what| format!("line {line}: {what}"))?;
        let measured = points
            .into_iter()
            .filter(|(column, _)| column.source.is_none_or(|source| row.get(source) == Some("measured")));
        let people =
            pose(measured.map(|(column, landmark)| (column.keypoint, landmark))).into_iter().collect();
        frames.push(ImportedFrame { time: time.of(&row)?, number: None, people });
    }
    Ok(imported(OWN_KEYPOINTS, frames, true, Space::Pixels))
}

/// MediaPipe landmarks.
pub(super) fn landmarks(text: &str) -> Result<Imported, String> {
    let (header, rows) = table(text)?;
    let start = FrameStart { time: time_column(&header), number: find(&header, &FRAME) };
    if let Some(columns) = long_columns(&header) {
        let has_confidence = columns.place.confidence.is_some();
        return Ok(imported("MediaPipe CSV", long(rows, &start, &columns)?, has_confidence, Space::Either));
    }
    let columns = wide_columns(&header)?;
    let has_confidence = columns.iter().any(|c| c.place.confidence.is_some());
    let mut frames = Vec::new();
    for (line, row) in rows {
        let at_line = |what: String| format!("line {line}: {what}");
        let mut frame = start.frame(&row).map_err(at_line)?;
        let points = points(&row, &columns).map_err(at_line)?;
        frame.people.extend(pose(points.into_iter().map(|(column, landmark)| (column.keypoint, landmark))));
        frames.push(frame);
    }
    Ok(imported("MediaPipe CSV", frames, has_confidence, Space::Either))
}

/// One row per landmark: rows of a frame follow each other; one without a landmark is a frame without anybody.
fn long(rows: Rows, start: &FrameStart, columns: &LongColumns) -> Result<Vec<ImportedFrame>, String> {
    let key = start.key().ok_or("it has neither a frame nor a time column")?;
    let mut frames: Vec<ImportedFrame> = Vec::new();
    let mut points: Vec<(Keypoint, Landmark)> = Vec::new();
    let mut current: Option<String> = None;
    for (line, row) in rows {
        let at_line = |what: String| format!("line {line}: {what}");
        let id = row.get(key).unwrap_or_default();
        if current.as_deref() != Some(id) {
            finish(&mut frames, &mut points);
            frames.push(start.frame(&row).map_err(at_line)?);
            current = Some(id.to_owned());
        }
        let name = row.get(columns.landmark).unwrap_or_default();
        if !name.is_empty() {
            let keypoint = long_keypoint(name).map_err(at_line)?;
            points
                .extend(columns.place.landmark(&row).map_err(at_line)?.map(|landmark| (keypoint, landmark)));
        }
    }
    finish(&mut frames, &mut points);
    Ok(frames)
}

/// Gives the points collected to the last frame.
fn finish(frames: &mut [ImportedFrame], points: &mut Vec<(Keypoint, Landmark)>) {
    if let Some(frame) = frames.last_mut() {
        frame.people.extend(pose(points.drain(..)));
    }
}

/// Lines of a table with their numbers.
type Rows = Vec<(u64, StringRecord)>;

/// Columns that tell frames apart.
struct FrameStart {
    time: Option<TimeColumn>,
    number: Option<usize>,
}

impl FrameStart {
    fn key(&self) -> Option<usize> {
        self.number.or(self.time.as_ref().map(|t| t.column))
    }

    fn frame(&self, row: &StringRecord) -> Result<ImportedFrame, String> {
        let time = self.time.as_ref().map_or(Ok(None), |column| column.of(row))?;
        let number = self.number.map_or(Ok(None), |column| number(row, column))?;
        Ok(ImportedFrame { time, number: number.map(|n| n as usize), people: Vec::new() })
    }
}

/// Columns of one keypoint.
#[derive(Clone, Copy)]
struct Columns {
    keypoint: Keypoint,
    place: Place,
    source: Option<usize>,
}

/// Columns of a point.
#[derive(Clone, Copy)]
struct Place {
    x: usize,
    y: usize,
    confidence: Option<usize>,
}

impl Place {
    fn landmark(&self, row: &StringRecord) -> Result<Option<Landmark>, String> {
        let confidence = self.confidence.map_or(Ok(None), |column| number(row, column))?;
        Ok(landmark(number(row, self.x)?, number(row, self.y)?, confidence))
    }
}

/// Columns of a table with one row per landmark.
struct LongColumns {
    landmark: usize,
    place: Place,
}

/// A column of times and its unit.
struct TimeColumn {
    column: usize,
    seconds_per_unit: f64,
}

impl TimeColumn {
    fn of(&self, row: &StringRecord) -> Result<Option<Seconds>, String> {
        Ok(number(row, self.column)?.map(|v| Seconds(v * self.seconds_per_unit)))
    }
}

fn table(text: &str) -> Result<(StringRecord, Rows), String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let wrong = |e: csv::Error| format!("as a table it is wrong: {e}");
    let header = reader.headers().map_err(wrong)?.clone();
    let rows = reader
        .records()
        .map(|row| row.map(|row| (row.position().map_or(0, csv::Position::line), row)).map_err(wrong))
        .collect::<Result<_, _>>()?;
    Ok((header, rows))
}

fn imported(tool: &str, frames: Vec<ImportedFrame>, has_confidence: bool, space: Space) -> Imported {
    Imported { tool: tool.to_owned(), frames, rate: None, size: None, has_confidence, space }
}

fn points<'a>(row: &StringRecord, columns: &'a [Columns]) -> Result<Vec<(&'a Columns, Landmark)>, String> {
    let mut points = Vec::new();
    for column in columns {
        points.extend(column.place.landmark(row)?.map(|landmark| (column, landmark)));
    }
    Ok(points)
}

fn number(row: &StringRecord, column: usize) -> Result<Option<f64>, String> {
    match row.get(column) {
        None | Some("") => Ok(None),
        Some(text) => {
            text.parse().map(Some).map_err(|_| format!("'{text}' in column {} is no number", column + 1))
        }
    }
}

fn find(header: &StringRecord, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|h| h.trim().eq_ignore_ascii_case(name)))
}

fn time_column(header: &StringRecord) -> Option<TimeColumn> {
    let of = |names: &[&str], seconds_per_unit| {
        find(header, names).map(|column| TimeColumn { column, seconds_per_unit })
    };
    of(&TIME_S, 1.0).or_else(|| of(&TIME_MS, 1e-3))
}

fn own_columns(header: &StringRecord) -> Vec<Columns> {
    let column = |keypoint: Keypoint, rest: &str| find(header, &[format!("{keypoint}_{rest}").as_str()]);
    let place = |k, raw: &str| {
        Some(Place {
            x: column(k, &format!("{raw}x_px"))?,
            y: column(k, &format!("{raw}y_px"))?,
            confidence: column(k, &format!("{raw}confidence")),
        })
    };
    let columns = |keypoint| {
        let raw = place(keypoint, "raw_").map(|place| Columns { keypoint, place, source: None });
        raw.or_else(|| {
            Some(Columns { keypoint, place: place(keypoint, "")?, source: column(keypoint, "source") })
        })
    };
    Keypoint::ALL.into_iter().filter_map(columns).collect()
}

fn long_columns(header: &StringRecord) -> Option<LongColumns> {
    let (x, y) = (find(header, &["x"])?, find(header, &["y"])?);
    let place = Place { x, y, confidence: find(header, &CONFIDENCE) };
    Some(LongColumns { landmark: find(header, &LANDMARK)?, place })
}

fn long_keypoint(text: &str) -> Result<Keypoint, String> {
    let by_number = text.parse::<usize>().ok().and_then(|i| MEDIAPIPE_33.get(i).copied());
    by_number.or_else(|| skeletons::by_name(text)).ok_or_else(|| {
        format!("'{text}' is no MediaPipe landmark: numbers 0 to 32 and names such as left_knee are")
    })
}

/// Which landmark and which of its values a header names.
struct Cell {
    landmark: Result<usize, Keypoint>,
    value: char,
}

/// Columns of a table with one row per frame; none for columns that are something else.
fn wide_columns(header: &StringRecord) -> Result<Vec<Columns>, String> {
    let cells: Vec<(usize, Cell)> =
        header.iter().enumerate().filter_map(|(i, h)| Some((i, cell(h)?))).collect();
    let numbers = || cells.iter().filter_map(|(_, c)| c.landmark.as_ref().ok().copied());
    let first = usize::from(numbers().all(|n| n != 0));
    if let Some(beyond) = numbers().find(|n| *n >= MEDIAPIPE_33.len() + first) {
        return Err(format!("it has a landmark {beyond}; MediaPipe's 33 landmarks are accepted"));
    }
    let keypoint = |c: &Cell| c.landmark.map_or_else(|k| k, |n| MEDIAPIPE_33[n - first]);
    let column = |k: Keypoint, value: char| {
        cells.iter().find(|(_, c)| c.value == value && keypoint(c) == k).map(|(i, _)| *i)
    };
    Ok(Keypoint::ALL
        .into_iter()
        .filter_map(|keypoint| {
            let (x, y) = (column(keypoint, 'x')?, column(keypoint, 'y')?);
            Some(Columns { keypoint, place: Place { x, y, confidence: column(keypoint, 'c') }, source: None })
        })
        .collect())
}

/// `left_knee_x`, `LEFT_KNEE.visibility`, `x25`, `25_y`, `landmark_25_v`.
fn cell(header: &str) -> Option<Cell> {
    let value = |part: &str| match part.to_ascii_lowercase().as_str() {
        "x" => Some('x'),
        "y" => Some('y'),
        other => CONFIDENCE.contains(&other).then_some('c'),
    };
    if let Some((name, last)) = header.rsplit_once(['_', '.', ' ', '-']) {
        let number = name.rsplit(['_', '.', ' ', '-']).next().and_then(|n| n.parse().ok());
        if let (Some(value), Some(number)) = (value(last), number) {
            return Some(Cell { landmark: Ok(number), value });
        }
        if let (Some(value), Some(keypoint)) = (value(last), skeletons::by_name(name)) {
            return Some(Cell { landmark: Err(keypoint), value });
        }
    }
    let digits = header.find(|c: char| c.is_ascii_digit())?;
    let number = header[digits..].parse().ok()?;
    Some(Cell {
        landmark: Ok(number),
        value: value(header[..digits].trim_end_matches(['_', '.', ' ', '-']))?,
    })
}
