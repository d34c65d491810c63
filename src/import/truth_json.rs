//! Ground-truth JSON of rendered clips, schema 1: per-frame angles, events, strides and steps.

use crate::evaluation::{AngleTrack, Sheet, TimedEvent, TimedStride};
use crate::gait::stride::EventKind;
use crate::skeleton::{Angle, AngleKind, Joint, Segment, Side};
use crate::units::{Radians, Seconds};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The schema that is understood.
const SCHEMA: u64 = 1;
/// A step and a stride begin together where their times differ by less: truth is written to a tenth of a millisecond.
const SAME_TIME_S: f64 = 1e-3;

/// The trunk as the line to the middle of the shoulder joints, for points without a neck; listed beside the visible lean.
const TO_SHOULDERS: &str = "trunk_incl";

#[derive(Deserialize)]
struct Truth {
    schema: u64,
    #[serde(default)]
    clip: serde_json::Value,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    strides: Vec<Stride>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    summary: Summary,
    per_frame: Vec<Frame>,
}

#[derive(Deserialize)]
struct Event {
    t: f64,
    side: Foot,
    #[serde(rename = "type")]
    kind: Contact,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Foot {
    Left,
    Right,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Contact {
    Contact,
    Off,
}

#[derive(Deserialize)]
struct Stride {
    side: Foot,
    t0: f64,
    t1: f64,
}

#[derive(Deserialize)]
struct Step {
    t1: f64,
    lead: Foot,
    length: f64,
}

#[derive(Default, Deserialize)]
struct Summary {
    cadence_steps_per_min: Option<f64>,
}

#[derive(Deserialize)]
struct Frame {
    t: f64,
    angles: BTreeMap<String, Option<f64>>,
}

impl Foot {
    fn side(self) -> Side {
        match self {
            Self::Left => Side::Left,
            Self::Right => Side::Right,
        }
    }
}

/// Reads the whole file.
pub(super) fn sheet(text: &str) -> Result<Sheet, String> {
    let truth: Truth =
        serde_json::from_str(text).map_err(|e| format!("it is no ground truth of a clip: {e}"))?;
    if truth.schema != SCHEMA {
        return Err(format!("its schema is {}; {SCHEMA} is understood", truth.schema));
    }
    let time = |frame: Option<&Frame>| frame.map(|f| Seconds(f.t));
    Ok(Sheet {
        clip: truth.clip.as_str().and_then(super::truth::stem),
        angles: Angle::ALL
            .into_iter()
            .filter_map(|angle| track(&truth.per_frame, angle))
            .chain(named(&truth.per_frame, Angle::Trunk, TO_SHOULDERS, 1.0))
            .collect(),
        events: events(&truth.events),
        strides: strides(&truth),
        cadence_steps_per_min: truth.summary.cadence_steps_per_min,
        span: time(truth.per_frame.first()).zip(time(truth.per_frame.last())),
    })
}

/// The truth's name of an angle without its side, and its sign against ours. The trunk is the line to the neck, the lean one
/// sees; the truth's shank counts a knee ahead of the ankle positive, ours an ankle ahead of the knee.
fn name(angle: Angle) -> Option<(&'static str, f64)> {
    match angle.kind() {
        AngleKind::Segment(Segment::Trunk) => Some(("trunk_neck_incl", 1.0)),
        AngleKind::Segment(Segment::Thigh) => Some(("thigh_angle", 1.0)),
        AngleKind::Segment(Segment::Shank) => Some(("shank_angle", -1.0)),
        AngleKind::Segment(Segment::UpperArm) => Some(("upper_arm_angle", 1.0)),
        AngleKind::Segment(Segment::Foot) => Some(("foot_pitch", 1.0)),
        AngleKind::Joint(Joint::Knee) => Some(("knee_flex", 1.0)),
        AngleKind::Joint(Joint::Hip) => Some(("hip_flex", 1.0)),
        AngleKind::Joint(Joint::Ankle) => Some(("ankle_dorsi", 1.0)),
        AngleKind::Joint(Joint::Elbow) => Some(("elbow_flex", 1.0)),
        AngleKind::Segment(Segment::Forearm) | AngleKind::Joint(Joint::Shoulder) => None,
    }
}

fn track(frames: &[Frame], angle: Angle) -> Option<AngleTrack> {
    let (name, sign) = name(angle)?;
    let origin = angle.side().map_or_else(|| name.to_owned(), |side| format!("{side}_{name}"));
    named(frames, angle, &origin, sign)
}

fn named(frames: &[Frame], angle: Angle, origin: &str, sign: f64) -> Option<AngleTrack> {
    let samples: Vec<(Seconds, Radians)> = frames
        .iter()
        .filter_map(|f| Some((Seconds(f.t), Radians::from_degrees(sign * (*f.angles.get(origin)?)?))))
        .collect();
    (!samples.is_empty()).then_some(AngleTrack { angle, origin: origin.to_owned(), samples })
}

fn events(events: &[Event]) -> Vec<TimedEvent> {
    let kind = |contact| match contact {
        Contact::Contact => EventKind::InitialContact,
        Contact::Off => EventKind::TerminalContact,
    };
    let mut out: Vec<TimedEvent> = events
        .iter()
        .map(|e| TimedEvent { time: Seconds(e.t), side: e.side.side(), kind: kind(e.kind) })
        .collect();
    out.sort_by(|a, b| a.time.0.total_cmp(&b.time.0));
    out
}

fn strides(truth: &Truth) -> Vec<TimedStride> {
    let step = |stride: &Stride| {
        let opens = |s: &&Step| s.lead == stride.side && (s.t1 - stride.t0).abs() < SAME_TIME_S;
        truth.steps.iter().find(opens).map(|s| s.length)
    };
    let of = |s: &Stride| TimedStride {
        side: s.side.side(),
        start: Seconds(s.t0),
        end: Seconds(s.t1),
        step_length_m: step(s),
    };
    let mut out: Vec<TimedStride> = truth.strides.iter().map(of).collect();
    out.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"schema": 1, "clip": "x",
        "events": [{"t": 0.5, "side": "right", "type": "off"}, {"t": 0.4, "side": "left", "type": "contact"}],
        "strides": [{"side": "left", "t0": 0.4, "t1": 1.4, "duration": 1.0, "length": 0.9, "duty": 0.6}],
        "steps": [{"t0": 0.0, "t1": 0.4, "lead": "left", "duration": 0.4, "length": 0.47}],
        "summary": {"cadence_steps_per_min": 120.0},
        "per_frame": [{"i": 0, "t": 0.0, "angles": {"trunk_neck_incl": 44.0, "trunk_incl": 50.0,
            "left_shank_angle": 52.0, "left_knee_flex": 40.0}}]}"#;

    #[test]
    fn truth_is_read_with_our_signs_and_names() {
        let Ok(sheet) = sheet(SMALL) else { panic!("it is ground truth") };
        let degrees = |angle| {
            let track = sheet.angles.iter().find(|t| t.angle == angle);
            track.map(|t| t.samples[0].1.to_degrees().round())
        };
        assert_eq!(sheet.clip.as_deref(), Some("x"));
        for (clip, name) in [("\"a/x.mp4\"", Some("x")), ("7", None)] {
            let named = super::sheet(&SMALL.replacen("\"x\"", clip, 1)).map(|sheet| sheet.clip);
            assert_eq!(named, Ok(name.map(str::to_owned)));
        }
        assert_eq!(degrees(Angle::Trunk), Some(44.0));
        assert_eq!(degrees(Angle::LeftShank), Some(-52.0));
        assert_eq!(degrees(Angle::LeftKnee), Some(40.0));
        assert_eq!(degrees(Angle::RightKnee), None);
        assert_eq!(sheet.events[0].kind, EventKind::InitialContact);
        assert_eq!(sheet.strides[0].step_length_m, Some(0.47));
        assert_eq!(sheet.cadence_steps_per_min, Some(120.0));
    }

    #[test]
    fn another_schema_or_no_truth_at_all_is_refused() {
        assert!(sheet(&SMALL.replace("\"schema\": 1", "\"schema\": 2")).is_err_and(|e| e.contains('2')));
        assert!(sheet("{}").is_err());
        assert!(sheet("not json").is_err());
    }
}
