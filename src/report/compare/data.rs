//! What the page's script needs, as JSON: strides by foot, where the clips lie, and the curves over the stride.

use super::{ComparisonPage, ResultOnPage};
use crate::report::text::url;
use crate::skeleton::{Angle, Side};
use crate::units::Radians;
use serde_json::{Value, json};

/// Curves shown, with their titles.
const SHOWN: [(Angle, &str); 9] = [
    (Angle::Trunk, "Trunk lean"),
    (Angle::LeftKnee, "Left knee bend"),
    (Angle::RightKnee, "Right knee bend"),
    (Angle::LeftHip, "Left hip bend"),
    (Angle::RightHip, "Right hip bend"),
    (Angle::LeftThigh, "Left thigh"),
    (Angle::RightThigh, "Right thigh"),
    (Angle::LeftUpperArm, "Left upper arm"),
    (Angle::RightUpperArm, "Right upper arm"),
];

pub(super) fn json(content: &ComparisonPage) -> String {
    let waves = SHOWN.into_iter().filter_map(|(angle, title)| wave(content, angle, title));
    json!({
        "results": content.results.iter().map(result).collect::<Vec<_>>(),
        "waves": waves.collect::<Vec<_>>(),
    })
    .to_string()
}

fn result(result: &ResultOnPage) -> Value {
    let of = |side: Side| -> Value {
        let mine = result.strides.iter().filter(|s| s.side == side);
        mine.map(|s| json!([rounded(s.start.0), rounded(s.end.0), s.number])).collect()
    };
    let videos = result
        .videos
        .iter()
        .map(|v| json!({ "src": url(&v.path), "start": v.start_s, "rate": v.file_s_per_s }));
    json!({
        "label": result.label,
        "strides": { "left": of(Side::Left), "right": of(Side::Right) },
        "videos": videos.collect::<Vec<_>>(),
    })
}

/// The curve of an angle in every result; none where no result has it.
fn wave(content: &ComparisonPage, angle: Angle, title: &str) -> Option<Value> {
    let degrees = |values: &[Option<Radians>]| -> Value {
        values.iter().map(|v| v.map(|v| (v.to_degrees() * 10.0).round() / 10.0)).collect()
    };
    let curves: Vec<Value> = content
        .results
        .iter()
        .map(|result| {
            let wave = result.waves.iter().find(|w| w.angle == angle);
            let wave = wave.filter(|w| w.mean.iter().any(Option::is_some));
            wave.map_or(Value::Null, |w| json!({ "mean": degrees(&w.mean), "sd": degrees(&w.sd) }))
        })
        .collect();
    let told = curves.iter().any(|c| !c.is_null());
    let side = angle.side().map(Side::name);
    told.then(|| json!({ "title": title, "side": side, "curves": curves }))
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
