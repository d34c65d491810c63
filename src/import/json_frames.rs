//! Keypoints as JSON, one frame or a whole clip: OpenPose, rtmlib, MMPose and MediaPipe.
//!
//! A clip is an array of frames, or an object with it under `frames`, `instance_info` or `predictions`, and perhaps `fps`,
//! `width`, `height`. A frame is an object with its people under one of
//! - `people`: `[{"pose_keypoints_2d": [x, y, c, …]}]` (OpenPose, Pose2Sim);
//! - `instances`: `[{"keypoints": [[x, y], …], "keypoint_scores": [c, …]}]` (MMPose);
//! - `keypoints` with `scores`: `[[[x, y], …], …]` and `[[c, …], …]`, as rtmlib returns them, or of one person;
//! - `landmarks` or `pose_landmarks`: `[{"x", "y", "z", "visibility"}, …]` or `[[x, y, z, visibility], …]`, of one person or
//!   a list of people (MediaPipe).
//!
//! A frame may say `time_s`, `timestamp` (s) or `timestamp_ms`, and `frame` or `frame_id`.

use super::gaitlab;
use super::skeletons;
use super::source::{Imported, ImportedFrame, Space, landmark, pose};
use crate::frame::PixelSize;
use crate::observation::Pose;
use crate::units::{Hertz, Seconds};
use serde_json::Value;

/// x, y and confidence of a point, as far as the file has them.
type Row = [Option<f64>; 3];

/// Reads a clip or a single frame.
pub(super) fn clip(text: &str) -> Result<Imported, String> {
    let mut value: Value = serde_json::from_str(text).map_err(|e| format!("it is no JSON: {e}"))?;
    if value["schema"].as_str().is_some_and(|s| s.starts_with(gaitlab::SCHEMA)) {
        return gaitlab::clip(value);
    }
    let number = |key: &str| value[key].as_f64().filter(|v| *v > 0.0);
    let rate = number("fps").map(Hertz);
    let size = number("width")
        .zip(number("height"))
        .map(|(width, height)| PixelSize { width: width as u32, height: height as u32 });
    let frames =
        match ["frames", "instance_info", "predictions"].into_iter().find(|key| value[*key].is_array()) {
            Some(key) => value[key].take(),
            None => value,
        };
    let frames = match frames {
        Value::Array(frames) => frames,
        frame => vec![frame],
    };
    let mut reader = Reader::default();
    let frames = frames
        .iter()
        .enumerate()
        .map(|(i, value)| reader.frame(value).map_err(|what| format!("frame {i}: {what}")))
        .collect::<Result<Vec<_>, _>>()?;
    let tool = [reader.tool, reader.skeleton].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let has_confidence = reader.has_confidence;
    Ok(Imported { tool, frames, rate, size, has_confidence, space: Space::Either })
}

/// What was learnt from the frames so far.
#[derive(Default)]
struct Reader {
    tool: Option<&'static str>,
    skeleton: Option<&'static str>,
    has_confidence: bool,
}

impl Reader {
    fn frame(&mut self, value: &Value) -> Result<ImportedFrame, String> {
        let (tool, people) = people(value)?;
        self.tool = Some(tool);
        let people = people
            .iter()
            .map(|rows| self.person(rows))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        let first = |keys: &[&str]| keys.iter().find_map(|key| value[*key].as_f64());
        let time = first(&["time_s", "time", "timestamp", "timestamp_s"])
            .or_else(|| first(&["timestamp_ms", "time_ms"]).map(|ms| ms / 1000.0));
        let number = ["frame", "frame_id", "frame_index"].iter().find_map(|key| value[*key].as_u64());
        Ok(ImportedFrame { time: time.map(Seconds), number: number.map(|n| n as usize), people })
    }

    /// A pose; none where every point is missing.
    fn person(&mut self, rows: &[Row]) -> Result<Option<Pose>, String> {
        if rows.is_empty() {
            return Ok(None);
        }
        let skeleton = skeletons::by_count(rows.len())?;
        if *self.skeleton.get_or_insert(skeleton.name) != skeleton.name {
            return Err(format!(
                "a person is {}, those before {}",
                skeleton.name,
                self.skeleton.unwrap_or("")
            ));
        }
        self.has_confidence |= rows.iter().any(|row| row[2].is_some());
        let points = skeleton.points.iter().zip(rows);
        Ok(pose(points.filter_map(|(&keypoint, &[x, y, c])| Some((keypoint, landmark(x, y, c)?)))))
    }
}

/// Which tool's form a frame has, and the points of its people.
fn people(frame: &Value) -> Result<(&'static str, Vec<Vec<Row>>), String> {
    if let Some(people) = frame["people"].as_array() {
        let rows = people.iter().map(|p| flat(&p["pose_keypoints_2d"]));
        return Ok(("OpenPose", rows.collect::<Result<_, _>>()?));
    }
    if let Some(instances) = frame["instances"].as_array() {
        let rows = instances.iter().map(|i| scored(&i["keypoints"], &i["keypoint_scores"]));
        return Ok(("MMPose", rows.collect::<Result<_, _>>()?));
    }
    if let Some(keypoints) = frame.get("keypoints") {
        let key = if frame["scores"].is_array() { "scores" } else { "keypoint_scores" };
        return Ok(("rtmlib", several(keypoints, &frame[key])?));
    }
    for key in ["landmarks", "pose_landmarks", "poseLandmarks"] {
        if let Some(landmarks) = frame.get(key) {
            return Ok(("MediaPipe", several(landmarks, &Value::Null)?));
        }
    }
    Err("it has no people, instances, keypoints or landmarks".to_owned())
}

/// `[x, y, c, x, y, c, …]`.
fn flat(value: &Value) -> Result<Vec<Row>, String> {
    let numbers = value.as_array().ok_or("a person has no pose_keypoints_2d")?;
    if numbers.len() % 3 != 0 {
        return Err(format!("pose_keypoints_2d has {} numbers, which are no triples", numbers.len()));
    }
    Ok(numbers.chunks(3).map(|row| [row[0].as_f64(), row[1].as_f64(), row[2].as_f64()]).collect())
}

/// The points of one person or of a list of people.
fn several(points: &Value, scores: &Value) -> Result<Vec<Vec<Row>>, String> {
    let Some(list) = points.as_array() else {
        return if points.is_null() { Ok(Vec::new()) } else { Err("its points are no list".to_owned()) };
    };
    let is_point = |value: &Value| {
        value.is_object() || value.as_array().is_some_and(|a| !a[..].iter().any(Value::is_array))
    };
    let of_one = list.first().is_some_and(|first| is_point(first) && !first[0].is_object());
    if of_one {
        return Ok(vec![scored(points, scores)?]);
    }
    list.iter().enumerate().map(|(i, person)| scored(person, &scores[i])).collect()
}

/// The points of one person, with confidence beside them or in `scores`.
fn scored(points: &Value, scores: &Value) -> Result<Vec<Row>, String> {
    let points = points.as_array().ok_or("a person's points are no list")?;
    if scores.as_array().is_some_and(|s| s.len() != points.len()) {
        return Err(format!("a person has {} points and another number of scores", points.len()));
    }
    points.iter().enumerate().map(|(i, point)| row(point, scores[i].as_f64())).collect()
}

/// `[x, y]`, `[x, y, c]`, `[x, y, z, c]`, or an object with `x`, `y` and `visibility` or `score`; `null` is missing.
fn row(point: &Value, score: Option<f64>) -> Result<Row, String> {
    let own = match point {
        Value::Null => return Ok([None; 3]),
        Value::Object(_) => [&point["visibility"], &point["score"]].into_iter().find_map(Value::as_f64),
        Value::Array(parts) if (2..=4).contains(&parts.len()) => {
            parts.get(2..).and_then(<[Value]>::last).and_then(Value::as_f64)
        }
        _ => return Err(format!("{point} is no point")),
    };
    let part = |i: usize, key: &str| point.get(i).or_else(|| point.get(key)).and_then(Value::as_f64);
    Ok([part(0, "x"), part(1, "y"), score.or(own)])
}
