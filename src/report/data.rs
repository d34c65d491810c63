//! What the page's scripts need, as JSON: times, points and angles packed as 16-bit integers, strides, bands.

use super::base64::encode_i16;
use super::evidence::drawn;
use super::text::url;
use super::{ReportOptions, Video};
use crate::analysis::{Analysis, Athlete};
use crate::findings::words::unfit_words;
use crate::gait::stride::{EventKind, Gait};
use crate::kinematics::movement::Facing;
use crate::observation::Recording;
use crate::skeleton::{Angle, Side};
use crate::technique::rule::Statistic;
use crate::units::Radians;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Points less sure than this are drawn as weak: as likely unseen as seen.
const WEAK_BELOW: f32 = 0.5;
/// Stands for a missing number among the packed ones.
const MISSING: i16 = i16::MIN;
/// Angles shown over the clip or plotted over time.
const ANGLES: [Angle; 7] = [
    Angle::Trunk,
    Angle::LeftKnee,
    Angle::RightKnee,
    Angle::LeftUpperArm,
    Angle::RightUpperArm,
    Angle::LeftThigh,
    Angle::RightThigh,
];
/// Angles plotted over the stride.
const WAVES: [Angle; 2] = [Angle::LeftKnee, Angle::RightKnee];
/// Metrics plotted stride by stride.
const METRICS: [&str; 9] = [
    "trunk_mean_deg",
    "step_time_s",
    "step_length_leg",
    "step_length_m",
    "speed_leg_per_s",
    "speed_m_per_s",
    "arm_leg_phase_left_arm_deg",
    "arm_leg_phase_right_arm_deg",
    "contact_time_s",
];

pub(super) fn json(recording: &Recording, analysis: &Analysis, options: &ReportOptions) -> String {
    let size = recording.clip.size;
    // Tenths of a millisecond, each since the one before: the first is 0.
    let ticks: Vec<i64> = recording.frames.iter().map(|f| (f.time.0 * 1e4).round() as i64).collect();
    let first = ticks.first().copied().unwrap_or(0);
    let steps: Vec<i64> = std::iter::once(first).chain(ticks.windows(2).map(|w| w[1] - w[0])).collect();
    let mut data = json!({
        "width": size.width,
        "height": size.height,
        "ticks": if ticks.is_empty() { Vec::new() } else { steps },
        "videos": options.videos.iter().map(video).collect::<Vec<_>>(),
        "clip": recording.clip.name(),
    });
    if let (Some(athlete), Some(object)) = (&analysis.athlete, data.as_object_mut()) {
        object.extend(of_athlete(athlete));
    }
    data.to_string()
}

fn video(video: &Video) -> Value {
    json!({
        "src": url(&video.path),
        "start": video.start_s,
        "rate": video.file_s_per_s,
        "annotated": video.is_annotated,
    })
}

/// What is told of every frame: one number where it is the same in all, else one for each.
fn of_frames(all: &[f64]) -> Value {
    /// Less is not seen.
    const SAME: f64 = 0.005;
    let first = all.first().copied().unwrap_or_default();
    if all.iter().all(|v| (v - first).abs() < SAME) {
        return json!(rounded(first));
    }
    all.iter().copied().map(rounded).collect::<Vec<_>>().into()
}

fn of_athlete(athlete: &Athlete) -> serde_json::Map<String, Value> {
    let mut out = serde_json::Map::new();
    out.insert("points".into(), points(athlete).into());
    out.insert("angles".into(), angles(athlete));
    out.insert("facing".into(), json!(athlete.prepared.movement.facing.map(Facing::sign)));
    let planes = athlete.prepared.planes();
    let upright: Vec<f64> = planes.iter().map(|p| p.upright.0).collect();
    let squeeze: Vec<f64> = planes.iter().map(|p| p.squeeze).collect();
    out.insert("upright".into(), of_frames(&upright));
    out.insert("squeeze".into(), of_frames(&squeeze));
    out.insert("strides".into(), strides(athlete));
    out.insert("contacts".into(), contacts(&athlete.gait));
    out.insert("waves".into(), waves(athlete));
    out.insert("metrics".into(), metrics(athlete));
    out.insert("bands".into(), bands(athlete));
    out
}

/// Frame after frame the points that are drawn: x then y in half pixels; the lowest bit of x says that it is weak.
fn points(athlete: &Athlete) -> String {
    let points = athlete.prepared.points_at_frames();
    let packed = (0..points.samples()).flat_map(|frame| {
        let at = drawn().map(|k| points.get(k).get(frame)).collect::<Vec<_>>();
        at.into_iter().flat_map(|sample| {
            let Some(sample) = sample else { return [MISSING; 2] };
            let weak = i16::from(sample.confidence.value() < WEAK_BELOW);
            [half_pixels(sample.value.x) * 2 + weak, half_pixels(sample.value.y)]
        })
    });
    encode_i16(packed)
}

/// Half pixels that keep a bit to spare: pictures up to 8000 px wide.
fn half_pixels(px: f64) -> i16 {
    (px * 2.0).round().clamp(-16_000.0, 16_000.0) as i16
}

/// Tenths of a degree per frame, by angle, cut and not rounded: whoever shows whole degrees rounds once.
fn angles(athlete: &Athlete) -> Value {
    let angles = athlete.prepared.angles_at_frames();
    let packed =
        |angle: Angle| encode_i16(angles.get(angle).iter().map(|s| s.map_or(MISSING, |s| tenths(s.value))));
    ANGLES
        .into_iter()
        .map(|a| (a.name().to_owned(), Value::from(packed(a))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

pub(super) fn tenths(angle: Radians) -> i16 {
    (angle.to_degrees() * 10.0).floor().clamp(-32_000.0, 32_000.0) as i16
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn strides(athlete: &Athlete) -> Value {
    let stride = |s: &crate::gait::stride::Stride| {
        json!({
            "side": s.side.name(),
            "start": rounded(s.start.0),
            "end": rounded(s.end.0),
            "off": rounded(s.terminal_contact.time.0),
            "out": s.unfit.map(unfit_words),
        })
    };
    athlete.gait.strides.iter().map(stride).collect()
}

/// Contacts of each foot as pairs of start and end, s; a landing without a leaving is left out.
fn contacts(gait: &Gait) -> Value {
    let of = |side: Side| -> Value {
        let mut landed = None;
        let mut pairs = Vec::new();
        for event in gait.events.iter().filter(|e| e.side == side) {
            match (event.kind, landed) {
                (EventKind::InitialContact, _) => landed = Some(event.time.0),
                (EventKind::TerminalContact, Some(start)) => {
                    pairs.push(json!([rounded(start), rounded(event.time.0)]));
                    landed = None;
                }
                (EventKind::TerminalContact, None) => {}
            }
        }
        pairs.into()
    };
    json!({ "left": of(Side::Left), "right": of(Side::Right) })
}

fn waves(athlete: &Athlete) -> Value {
    let degrees = |values: &[Option<Radians>]| -> Value {
        values.iter().map(|v| v.map(|v| (v.to_degrees() * 10.0).round() / 10.0)).collect()
    };
    let of = |angle: Angle| {
        let wave = athlete.waveforms.iter().find(|w| w.angle == angle)?;
        let told = wave.mean.iter().any(Option::is_some);
        told.then(|| {
            (angle.name().to_owned(), json!({ "mean": degrees(&wave.mean), "sd": degrees(&wave.sd) }))
        })
    };
    WAVES.into_iter().filter_map(of).collect::<serde_json::Map<_, _>>().into()
}

/// Values by metric, one a stride; metrics never measured are left out.
fn metrics(athlete: &Athlete) -> Value {
    let of = |id: &str| {
        let values = athlete.metrics.per_stride(id);
        let mut numbers = vec![None; athlete.gait.strides.len()];
        for value in values {
            numbers[value.stride] = value.reading.ok().map(|v| rounded(v.number));
        }
        let told = numbers.iter().any(Option::is_some);
        told.then(|| (id.to_owned(), Value::from(numbers)))
    };
    METRICS.into_iter().filter_map(of).collect::<serde_json::Map<_, _>>().into()
}

/// Target bands by metric, as [from, to] with null for an open end: of rules that judge the metric itself, not its
/// drift or a difference of sides.
fn bands(athlete: &Athlete) -> Value {
    let mut bands: BTreeMap<&str, Value> = BTreeMap::new();
    let judgement = &athlete.judgement;
    let Some(profile) = &judgement.profile else { return json!({}) };
    for rule in profile.rules_for(&judgement.choices) {
        let first = rule.first();
        let Some(target) = rule.target.filter(|_| first.statistic == Statistic::Mean) else { continue };
        if first.distance_from.is_none() {
            bands.entry(&first.metric).or_insert_with(|| json!([target.from, target.to]));
        }
    }
    json!(bands)
}
