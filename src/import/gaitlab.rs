//! `gaitlab.pose/v1` JSON: one person, named keypoints as [x, y, score], a timestamp per frame, size and rate of the clip.

use super::skeletons;
use super::source::{Imported, ImportedFrame, Space, landmark, pose};
use crate::frame::PixelSize;
use crate::units::{Hertz, Seconds};
use serde::Deserialize;
use serde_json::Value;

/// What `schema` begins with.
pub(super) const SCHEMA: &str = "gaitlab.pose/";
const VERSION: &str = "v1";

/// [x, y, score] per name; `null` is missing.
type Points = Vec<Option<[Option<f64>; 3]>>;

#[derive(Deserialize)]
struct Clip {
    schema: String,
    #[serde(default)]
    source: String,
    fps: Option<f64>,
    width: u32,
    height: u32,
    keypoint_names: Vec<String>,
    frames: Vec<Option<Points>>,
    #[serde(default)]
    timestamps: Vec<f64>,
}

/// Reads a whole clip.
pub(super) fn clip(value: Value) -> Result<Imported, String> {
    let clip: Clip =
        serde_json::from_value(value).map_err(|e| format!("as gaitlab.pose it is wrong: {e}"))?;
    if clip.schema.strip_prefix(SCHEMA) != Some(VERSION) {
        return Err(format!("its schema is {}; {SCHEMA}{VERSION} is read", clip.schema));
    }
    if !clip.timestamps.is_empty() && clip.timestamps.len() != clip.frames.len() {
        return Err(format!("it has {} timestamps for {} frames", clip.timestamps.len(), clip.frames.len()));
    }
    let keypoints: Vec<_> = clip.keypoint_names.iter().map(|name| skeletons::by_name(name)).collect();
    if keypoints.iter().all(Option::is_none) {
        return Err(format!("none of its keypoints ({}) is known", clip.keypoint_names.join(", ")));
    }
    let mut frames = Vec::new();
    for (i, rows) in clip.frames.into_iter().enumerate() {
        let rows = rows.unwrap_or_default();
        if !rows.is_empty() && rows.len() != keypoints.len() {
            return Err(format!("frame {i} has {} points for {} names", rows.len(), keypoints.len()));
        }
        let points = keypoints.iter().zip(rows).filter_map(|(keypoint, row)| {
            let [x, y, score] = row?;
            Some(((*keypoint)?, landmark(x, y, score)?))
        });
        let time = clip.timestamps.get(i).copied().map(Seconds);
        frames.push(ImportedFrame { time, number: None, people: pose(points).into_iter().collect() });
    }
    let size = PixelSize { width: clip.width, height: clip.height };
    Ok(Imported {
        tool: format!("gaitlab.pose {}", clip.source).trim_end().to_owned(),
        frames,
        rate: clip.fps.map(Hertz),
        size: (size.width > 0 && size.height > 0).then_some(size),
        has_confidence: true,
        space: Space::Pixels,
    })
}
