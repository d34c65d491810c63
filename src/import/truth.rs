//! Reference data and our own results as sheets to compare: ground-truth JSON of rendered clips, `angles.csv`, `.mot`, `.trc`,
//! and the folder of an analysis.

use super::ImportError;
use super::truth_json;
use crate::evaluation::{AngleTrack, Sheet, TimedEvent, TimedStride};
use crate::gait::stride::EventKind;
use crate::geometry::Point;
use crate::kinematics::angles::{Neck, angles};
use crate::kinematics::facing;
use crate::kinematics::movement::Points;
use crate::observation::Recording;
use crate::signal::series::{Sample, Source};
use crate::skeleton::{Angle, AngleKind, Joint, Segment, Side};
use crate::units::{Radians, Seconds};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads reference data: ground-truth JSON (schema 1), a CSV laid out as our `angles.csv`, an OpenSim or Sports2D `.mot`, or a
/// `.trc` in pixels, whose angles are computed from its unfiltered points.
///
/// # Errors
/// When the file cannot be read, is of no such kind, or holds nothing that can be compared.
pub fn reference(path: &Path) -> Result<Sheet, ImportError> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let malformed = |what| ImportError::Malformed { path: path.to_owned(), what };
    let sheet = match extension.as_str() {
        "json" => truth_json::sheet(&text(path)?).map_err(malformed)?,
        "csv" => angles_csv(&text(path)?).map_err(malformed)?,
        "mot" => mot(&text(path)?).map_err(malformed)?,
        "trc" => of_points(&super::open(path, &super::ImportOptions::default())?),
        _ => {
            return Err(malformed(
                "it is no reference; accepted are ground-truth .json, .csv as angles.csv, .mot and .trc"
                    .to_owned(),
            ));
        }
    };
    if sheet.angles.is_empty() {
        return Err(malformed("it holds no angle that can be compared".to_owned()));
    }
    Ok(sheet)
}

/// Reads the folder that an analysis wrote: `angles.csv`, and where they are there `events.csv`, `strides.csv` and
/// `summary.json`.
///
/// # Errors
/// When `angles.csv` is missing or a file is not as it should be.
pub fn result(folder: &Path) -> Result<Sheet, ImportError> {
    let read = |name: &str| {
        let path = folder.join(name);
        if path.exists() { text(&path).map(Some) } else { Ok(None) }
    };
    let malformed = |name: &'static str| move |what| ImportError::Malformed { path: folder.join(name), what };
    let path = folder.join("angles.csv");
    let angles = read("angles.csv")?.ok_or(ImportError::NotThere { path })?;
    let mut sheet = angles_csv(&angles).map_err(malformed("angles.csv"))?;
    if let Some(events) = read("events.csv")? {
        sheet.events = events_csv(&events).map_err(malformed("events.csv"))?;
    }
    if let Some(strides) = read("strides.csv")? {
        sheet.strides = strides_csv(&strides).map_err(malformed("strides.csv"))?;
    }
    if let Some(summary) = read("summary.json")? {
        let value: serde_json::Value =
            serde_json::from_str(&summary).map_err(|e| malformed("summary.json")(e.to_string()))?;
        sheet.clip = value["clip"]["file"].as_str().and_then(stem);
        sheet.cadence_steps_per_min = value["strides"]["cadence_steps_per_min"].as_f64();
    }
    Ok(sheet)
}

/// A clip's name without folder and extension.
pub(super) fn stem(clip: &str) -> Option<String> {
    Path::new(clip).file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

fn text(path: &Path) -> Result<String, ImportError> {
    if !path.exists() {
        return Err(ImportError::NotThere { path: path.to_owned() });
    }
    std::fs::read_to_string(path).map_err(|source| ImportError::Unreadable { path: path.to_owned(), source })
}

/// The rows of a CSV by column name.
struct Table {
    columns: BTreeMap<String, usize>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(text: &str, needed: &[&str]) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| e.to_string())?.clone();
        let columns: BTreeMap<String, usize> =
            header.iter().enumerate().map(|(i, h)| (h.to_owned(), i)).collect();
        if let Some(missing) = needed.iter().find(|n| !columns.contains_key(**n)) {
            return Err(format!("it has no column {missing}"));
        }
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
        Ok(Self { columns, rows })
    }

    fn cell(&self, row: usize, column: &str) -> &str {
        self.columns.get(column).and_then(|&c| self.rows[row].get(c)).unwrap_or_default()
    }

    /// A number; none where the cell is empty or the column not there.
    fn number(&self, row: usize, column: &str) -> Result<Option<f64>, String> {
        let cell = self.cell(row, column);
        if cell.is_empty() {
            return Ok(None);
        }
        let wrong = || format!("line {}: '{cell}' in column {column} is no number", row + 2);
        cell.parse().ok().filter(|x: &f64| x.is_finite()).map(Some).ok_or_else(wrong)
    }

    fn time(&self, row: usize, column: &str) -> Result<Seconds, String> {
        self.number(row, column)?.map(Seconds).ok_or_else(|| format!("line {}: {column} is empty", row + 2))
    }

    fn side(&self, row: usize) -> Result<Side, String> {
        let cell = self.cell(row, "side");
        let side = Side::BOTH.into_iter().find(|s| s.name() == cell);
        side.ok_or_else(|| format!("line {}: side is '{cell}', not left or right", row + 2))
    }
}

fn angles_csv(text: &str) -> Result<Sheet, String> {
    let table = Table::read(text, &["time_s"])?;
    let times = (0..table.rows.len()).map(|i| table.time(i, "time_s")).collect::<Result<Vec<_>, _>>()?;
    let mut tracks = Vec::new();
    for angle in Angle::ALL {
        let column = format!("{angle}_deg");
        let mut samples = Vec::new();
        for (i, &time) in times.iter().enumerate() {
            samples.extend(table.number(i, &column)?.map(|x| (time, Radians::from_degrees(x))));
        }
        tracks.push(AngleTrack { angle, origin: column, samples });
    }
    tracks.retain(|t| !t.samples.is_empty());
    let span = times.first().copied().zip(times.last().copied());
    Ok(Sheet { angles: tracks, span, ..Sheet::default() })
}

fn events_csv(text: &str) -> Result<Vec<TimedEvent>, String> {
    let table = Table::read(text, &["time_s", "side", "event"])?;
    let kind = |row| {
        let cell = table.cell(row, "event");
        let kinds = [EventKind::InitialContact, EventKind::TerminalContact];
        let kind = kinds.into_iter().find(|k| k.name() == cell);
        kind.ok_or_else(|| {
            format!("line {}: event is '{cell}', not initial_contact or terminal_contact", row + 2)
        })
    };
    (0..table.rows.len())
        .map(|i| Ok(TimedEvent { time: table.time(i, "time_s")?, side: table.side(i)?, kind: kind(i)? }))
        .collect()
}

fn strides_csv(text: &str) -> Result<Vec<TimedStride>, String> {
    let table = Table::read(text, &["side", "start_s", "end_s", "valid"])?;
    (0..table.rows.len())
        .filter(|&i| table.cell(i, "valid") == "true")
        .map(|i| {
            Ok(TimedStride {
                side: table.side(i)?,
                start: table.time(i, "start_s")?,
                end: table.time(i, "end_s")?,
                step_length_m: table.number(i, "step_length_m")?,
            })
        })
        .collect()
}

/// An OpenSim motion file: a header up to `endheader`, the names of columns, numbers.
fn mot(text: &str) -> Result<Sheet, String> {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.iter().position(|l| l.trim().eq_ignore_ascii_case("endheader"));
    let end = end.ok_or("it has no line 'endheader', as a .mot header has")?;
    let radians = lines[..end].iter().any(|l| l.to_ascii_lowercase().replace(' ', "") == "indegrees=no");
    let mut data = lines[end + 1..].iter().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let (_, names) = data.next().ok_or("it has no names of columns")?;
    let columns: Vec<Option<Coordinate>> = names.split('\t').map(|n| coordinate(n.trim())).collect();
    let mut tracks: Vec<AngleTrack> = names
        .split('\t')
        .zip(&columns)
        .filter_map(|(name, c)| {
            Some(AngleTrack { angle: c.as_ref()?.angle, origin: name.trim().to_owned(), samples: vec![] })
        })
        .collect();
    let mut span = None;
    for (number, line) in data {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let of = |place: usize| {
            let cell = cells.get(place).copied().unwrap_or_default();
            if cell.is_empty() || cell.eq_ignore_ascii_case("nan") {
                return Ok(None);
            }
            let wrong =
                || format!("line {}: '{cell}' in column {} is no number", end + 2 + number, place + 1);
            cell.parse::<f64>().map(Some).map_err(|_| wrong())
        };
        let time =
            of(0)?.map(Seconds).ok_or_else(|| format!("line {}: there is no time", end + 2 + number))?;
        span = Some((span.map_or(time, |(from, _)| from), time));
        let known = columns.iter().enumerate().filter_map(|(place, c)| Some((place, c.as_ref()?)));
        for ((place, coordinate), track) in known.zip(&mut tracks) {
            let degrees = of(place)?.map(|x| if radians { x.to_degrees() } else { x });
            let ours =
                degrees.map(|x| Radians::from_degrees(coordinate.offset_deg + coordinate.sign * x).wrapped());
            track.samples.extend(ours.map(|angle| (time, angle)));
        }
    }
    tracks.retain(|t| !t.samples.is_empty());
    Ok(Sheet { angles: tracks, span, ..Sheet::default() })
}

/// A column of a motion file as one of our angles.
struct Coordinate {
    angle: Angle,
    /// Ours is this, in degrees,
    offset_deg: f64,
    /// plus this times theirs.
    sign: f64,
}

/// Our own names (`left_knee`), Sports2D's (`left knee`, segments from the horizontal), OpenSim's (`knee_angle_l`, flexion
/// positive as in Rajagopal 2016).
fn coordinate(name: &str) -> Option<Coordinate> {
    use AngleKind::{Joint as J, Segment as S};
    let same = |angle| Coordinate { angle, offset_deg: 0.0, sign: 1.0 };
    if let Some(angle) = Angle::ALL.into_iter().find(|a| a.side().is_some() && a.name() == name) {
        return Some(same(angle));
    }
    if name == "trunk" {
        return Some(Coordinate { angle: Angle::Trunk, offset_deg: 90.0, sign: -1.0 });
    }
    let sided = |kind, side| same(Angle::of(kind, side));
    for side in Side::BOTH {
        if let Some(what) = name.strip_prefix(side.name()).and_then(|rest| rest.strip_prefix(' ')) {
            let hanging = |segment| Coordinate { offset_deg: 90.0, ..sided(S(segment), side) };
            return Some(match what {
                "knee" => sided(J(Joint::Knee), side),
                "hip" => sided(J(Joint::Hip), side),
                "ankle" => sided(J(Joint::Ankle), side),
                "shoulder" => sided(J(Joint::Shoulder), side),
                "elbow" => sided(J(Joint::Elbow), side),
                "foot" => sided(S(Segment::Foot), side),
                "thigh" => hanging(Segment::Thigh),
                "shank" => hanging(Segment::Shank),
                "arm" => hanging(Segment::UpperArm),
                "forearm" => hanging(Segment::Forearm),
                _ => return None,
            });
        }
        let letter = if side == Side::Left { "_l" } else { "_r" };
        if let Some(what) = name.strip_suffix(letter) {
            return Some(match what {
                "knee_angle" => sided(J(Joint::Knee), side),
                "hip_flexion" => sided(J(Joint::Hip), side),
                "ankle_angle" => sided(J(Joint::Ankle), side),
                "arm_flex" => sided(J(Joint::Shoulder), side),
                "elbow_flex" => sided(J(Joint::Elbow), side),
                _ => return None,
            });
        }
    }
    None
}

/// Angles of the person seen in most frames, from the points as they are.
fn of_points(recording: &Recording) -> Sheet {
    let mut frames_of: BTreeMap<u32, usize> = BTreeMap::new();
    for person in recording.frames.iter().flat_map(|f| &f.people) {
        *frames_of.entry(person.track.0).or_default() += 1;
    }
    let Some((track, _)) = frames_of.into_iter().rev().max_by_key(|(_, frames)| *frames) else {
        return Sheet::default();
    };
    let mut points: Points = Points::missing(recording.frames.len());
    for (i, frame) in recording.frames.iter().enumerate() {
        for (keypoint, landmark) in
            frame.people.iter().filter(|p| p.track.0 == track).flat_map(|p| p.pose.seen())
        {
            let value = Point::new(landmark.position.x, landmark.position.y);
            let sample = Sample { value, confidence: landmark.confidence, source: Source::Measured };
            points.get_mut(keypoint).set(i, Some(sample));
        }
    }
    let angles = angles(&points, facing::vote(&points).facing, Neck::Model);
    let time = |i: usize| recording.frames[i].time;
    let of = |angle: Angle| AngleTrack {
        angle,
        origin: format!("points of {angle}"),
        samples: angles.get(angle).present().map(|(i, value)| (time(i), value)).collect(),
    };
    let span = recording.frames.first().map(|f| f.time).zip(recording.frames.last().map(|f| f.time));
    let tracks = Angle::ALL.into_iter().map(of).filter(|t| !t.samples.is_empty()).collect();
    Sheet { angles: tracks, span, ..Sheet::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sports2d_motion_file_has_our_signs() {
        let text = "Coordinates\nversion=1\nnRows=2\nnColumns=3\ninDegrees=yes\nendheader\n\
            time\ttrunk\tright knee\tleft thigh\tpelvis\n0.0\t45\t60\t-65\t1\n0.1\tnan\t61\t\t1\n";
        let Ok(sheet) = mot(text) else { panic!("it is a motion file") };
        let of = |angle| {
            sheet.angles.iter().find(|t| t.angle == angle).map(|t| t.samples.clone()).unwrap_or_default()
        };
        assert_eq!(sheet.angles.len(), 3);
        assert!((of(Angle::Trunk)[0].1.to_degrees() - 45.0).abs() < 1e-9 && of(Angle::Trunk).len() == 1);
        assert!((of(Angle::RightKnee)[1].1.to_degrees() - 61.0).abs() < 1e-9);
        assert!((of(Angle::LeftThigh)[0].1.to_degrees() - 25.0).abs() < 1e-9);
        assert_eq!(sheet.span, Some((Seconds(0.0), Seconds(0.1))));
    }

    #[test]
    fn an_opensim_motion_file_in_radians_is_understood() {
        let text = "x\ninDegrees=no\nendheader\ntime\tknee_angle_r\n0\t1.0\n";
        let Ok(sheet) = mot(text) else { panic!("it is a motion file") };
        assert!((sheet.angles[0].samples[0].1.0 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn our_own_angles_come_back_and_missing_stays_missing() {
        let text = "frame,time_s,trunk_deg,trunk_confidence,left_knee_deg\n0,0.0,12.5,0.9,\n1,0.033,,,40\n";
        let Ok(sheet) = angles_csv(text) else { panic!("it is laid out as angles.csv") };
        assert_eq!(sheet.angles.len(), 2);
        assert!(sheet.angles.iter().all(|t| t.samples.len() == 1));
        assert_eq!(sheet.span, Some((Seconds(0.0), Seconds(0.033))));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let wrong = |result: Result<Sheet, String>| result.err().unwrap_or_default();
        assert_eq!(wrong(angles_csv("frame,trunk_deg\n0,1\n")), "it has no column time_s");
        assert!(wrong(angles_csv("time_s,trunk_deg\n0,x\n")).contains("line 2: 'x' in column trunk_deg"));
        assert!(wrong(mot("time\n0\n")).contains("endheader"));
        let events = events_csv("time_s,side,event\n0,left,jump\n").err().unwrap_or_default();
        assert!(events.contains("jump"), "{events}");
        assert!(reference(Path::new("/no/such.json")).is_err());
    }
}
