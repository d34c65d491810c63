//! `keypoints.csv` and `angles.csv`: one row per frame, every value with its confidence and where it comes from.

use super::ExportError;
use super::cell::{DEGREE_DECIMALS, PIXEL_DECIMALS, confidence, csv_writer, number, seconds};
use crate::geometry::{Image, Point};
use crate::kinematics::movement::Angles;
use crate::observation::{Landmark, Observation, TrackId};
use crate::signal::series::{Sample, Source};
use crate::skeleton::{Angle, Keypoint};
use crate::units::{Radians, Seconds};
use std::io::Write;

/// Which columns `keypoints.csv` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeypointColumns {
    /// `<keypoint>_x_px`, `_y_px`, `_confidence`, `_source` of the filtered points.
    Filtered,
    /// Those, then `<keypoint>_raw_x_px`, `_raw_y_px`, `_raw_confidence` as the model saw them.
    FilteredAndRaw,
}

/// The keypoints of the athlete in one frame, px of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct KeypointRow {
    /// The frame's index.
    pub frame: usize,
    /// The frame's time, s from the clip's first.
    pub time: Seconds,
    /// Filtered points, by [`Keypoint::index`].
    pub filtered: Box<[Option<Sample<Point<Image>>>; Keypoint::COUNT]>,
    /// Points as the model saw them, by [`Keypoint::index`].
    pub raw: Box<[Option<Landmark>; Keypoint::COUNT]>,
}

impl KeypointRow {
    /// A row without points.
    #[must_use]
    pub fn missing(frame: usize, time: Seconds) -> Self {
        Self {
            frame,
            time,
            filtered: Box::new([None; Keypoint::COUNT]),
            raw: Box::new([None; Keypoint::COUNT]),
        }
    }

    /// What was seen of one person, unfiltered; all missing where the person is not in the frame.
    #[must_use]
    pub fn seen(observation: &Observation, track: TrackId) -> Self {
        let mut row = Self::missing(observation.frame, observation.time);
        let person = observation.people.iter().find(|p| p.track == track);
        for (keypoint, landmark) in person.iter().flat_map(|p| p.pose.seen()) {
            row.raw[keypoint.index()] = Some(landmark);
            row.filtered[keypoint.index()] = Some(Sample {
                value: landmark.position,
                confidence: landmark.confidence,
                source: Source::Measured,
            });
        }
        row
    }
}

/// The angles of the athlete in one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct AngleRow {
    /// The frame's index.
    pub frame: usize,
    /// The frame's time, s from the clip's first.
    pub time: Seconds,
    /// Angles, by [`Angle::index`].
    pub angles: Box<[Option<Sample<Radians>>; Angle::COUNT]>,
}

impl AngleRow {
    /// Sample `index` of every series, as the angles of a frame.
    #[must_use]
    pub fn at(angles: &Angles, index: usize, frame: usize, time: Seconds) -> Self {
        Self { frame, time, angles: Box::new(Angle::ALL.map(|angle| angles.get(angle).get(index))) }
    }
}

/// Writes `keypoints.csv`.
///
/// # Errors
/// When the output does not take it.
pub fn write_keypoints(
    out: impl Write,
    columns: KeypointColumns,
    rows: impl IntoIterator<Item = KeypointRow>,
) -> Result<(), ExportError> {
    let with_raw = columns == KeypointColumns::FilteredAndRaw;
    let mut csv = csv_writer(out);
    let filtered = Keypoint::ALL.into_iter().flat_map(|k| {
        ["x_px", "y_px", "confidence", "source"].into_iter().map(move |column| format!("{k}_{column}"))
    });
    let raw = Keypoint::ALL.into_iter().filter(|_| with_raw).flat_map(|k| {
        ["raw_x_px", "raw_y_px", "raw_confidence"].into_iter().map(move |column| format!("{k}_{column}"))
    });
    csv.write_record(frame_columns().chain(filtered).chain(raw))?;
    for row in rows {
        write_frame(&mut csv, row.frame, row.time)?;
        for sample in row.filtered.iter() {
            write_place(&mut csv, sample.map(|s| s.value))?;
            csv.write_field(confidence(sample.map(|s| s.confidence)))?;
            csv.write_field(sample.map_or("", |s| s.source.name()))?;
        }
        for landmark in row.raw.iter().filter(|_| with_raw) {
            write_place(&mut csv, landmark.map(|l| l.position))?;
            csv.write_field(confidence(landmark.map(|l| l.confidence)))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(csv.flush()?)
}

/// Writes `angles.csv`; angles in degrees.
///
/// # Errors
/// When the output does not take it.
pub fn write_angles(out: impl Write, rows: impl IntoIterator<Item = AngleRow>) -> Result<(), ExportError> {
    let mut csv = csv_writer(out);
    let columns = Angle::ALL.into_iter().flat_map(|angle| {
        ["deg", "confidence", "source"].into_iter().map(move |column| format!("{angle}_{column}"))
    });
    csv.write_record(frame_columns().chain(columns))?;
    for row in rows {
        write_frame(&mut csv, row.frame, row.time)?;
        for sample in row.angles.iter() {
            csv.write_field(number(sample.map(|s| s.value.to_degrees()), DEGREE_DECIMALS))?;
            csv.write_field(confidence(sample.map(|s| s.confidence)))?;
            csv.write_field(sample.map_or("", |s| s.source.name()))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(csv.flush()?)
}

fn frame_columns() -> impl Iterator<Item = String> {
    ["frame", "time_s"].into_iter().map(str::to_owned)
}

fn write_frame<W: Write>(csv: &mut csv::Writer<W>, frame: usize, time: Seconds) -> csv::Result<()> {
    csv.write_field(frame.to_string())?;
    csv.write_field(seconds(time))
}

fn write_place<W: Write>(csv: &mut csv::Writer<W>, place: Option<Point<Image>>) -> csv::Result<()> {
    csv.write_field(number(place.map(|p| p.x), PIXEL_DECIMALS))?;
    csv.write_field(number(place.map(|p| p.y), PIXEL_DECIMALS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::{Person, Pose};
    use crate::units::Confidence;
    use std::collections::BTreeMap;

    fn read(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().unwrap()
    }

    fn knee_at(x: f64, y: f64, confidence: f32) -> Observation {
        let mut pose = Pose::new(Confidence::FULL);
        let landmark = Landmark { position: Point::new(x, y), confidence: Confidence::new(confidence) };
        pose.set(Keypoint::LeftKnee, Some(landmark));
        let people = vec![Person { track: TrackId(4), pose }];
        Observation { frame: 7, time: Seconds(7.0 / 30.0), people, background: None, duplicate: false }
    }

    #[test]
    fn keypoints_come_back_with_confidence_and_source() {
        let mut row = KeypointRow::seen(&knee_at(12.3456, -0.001, 0.87654), TrackId(4));
        let hip = Sample {
            value: Point::new(1.0, 2.0),
            confidence: Confidence::new(0.5),
            source: Source::Interpolated,
        };
        row.filtered[Keypoint::LeftHip.index()] = Some(hip);
        let mut out = Vec::new();
        write_keypoints(&mut out, KeypointColumns::FilteredAndRaw, [row]).unwrap();
        let rows = read(&out);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].len(), 2 + Keypoint::COUNT * 7);
        let cell = |name: &str| rows[0][name].as_str();
        assert_eq!((cell("frame"), cell("time_s")), ("7", "0.233333"));
        assert_eq!((cell("left_knee_x_px"), cell("left_knee_y_px")), ("12.35", "0.00"));
        assert_eq!((cell("left_knee_confidence"), cell("left_knee_source")), ("0.877", "measured"));
        assert_eq!((cell("left_hip_source"), cell("left_hip_raw_x_px")), ("interpolated", ""));
        assert_eq!(cell("left_knee_raw_x_px"), "12.35");
        for column in ["x_px", "y_px", "confidence", "source", "raw_x_px", "raw_confidence"] {
            assert_eq!(cell(&format!("right_knee_{column}")), "", "{column}");
        }
    }

    #[test]
    fn somebody_else_in_the_frame_is_not_the_athlete() {
        let row = KeypointRow::seen(&knee_at(1.0, 2.0, 1.0), TrackId(5));
        assert_eq!(row, KeypointRow::missing(7, Seconds(7.0 / 30.0)));
    }

    #[test]
    fn the_header_is_the_contract() {
        let mut out = Vec::new();
        write_keypoints(&mut out, KeypointColumns::Filtered, []).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with(
                "frame,time_s,nose_x_px,nose_y_px,nose_confidence,nose_source,left_eye_inner_x_px"
            )
        );
        assert!(text.ends_with("mid_hip_source\n") && !text.contains("raw") && !text.contains('\r'));
        let mut out = Vec::new();
        write_angles(&mut out, []).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("frame,time_s,trunk_deg,trunk_confidence,trunk_source,left_thigh_deg,"));
    }

    #[test]
    fn angles_are_in_degrees_and_missing_ones_are_empty() {
        let mut angles = Angles::missing(2);
        let trunk = Sample {
            value: Radians::from_degrees(44.987),
            confidence: Confidence::new(0.9),
            source: Source::Measured,
        };
        angles.set(Angle::Trunk, crate::signal::series::Series::new(vec![None, Some(trunk)]));
        let rows = (0..2).map(|i| AngleRow::at(&angles, i, i, Seconds(i as f64 / 25.0)));
        let mut out = Vec::new();
        write_angles(&mut out, rows).unwrap();
        let rows = read(&out);
        assert_eq!(rows[0]["trunk_deg"], "");
        assert_eq!(rows[0]["trunk_source"], "");
        assert_eq!(rows[1]["trunk_deg"], "44.99");
        assert_eq!(rows[1]["trunk_confidence"], "0.900");
        assert_eq!(rows[1]["time_s"], "0.040000");
        assert_eq!(rows[1]["left_knee_deg"], "");
    }
}
