//! The first and the last line of a recording as JSON, and back.

use super::{FORMAT, VERSION};
use crate::frame::{ClipFacts, PixelSize, TimeSource, Warning};
use crate::observation::ModelIdentity;
use crate::skeleton::Keypoint;
use crate::units::{Hertz, Seconds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Times and rates are kept to a microsecond and a microhertz.
pub(super) const TIME_STEPS: f64 = 1e6;

/// Enough of a header to tell what it is.
#[derive(Deserialize)]
pub(super) struct FormatRow {
    pub format: String,
}

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct HeaderRow {
    format: String,
    sledform: String,
    pub clip: ClipRow,
    pub pose_model: ModelRow,
    pub detector: Option<ModelRow>,
    /// Order of `keypoints` in every frame.
    pub keypoints: Vec<String>,
    /// For whoever reads the file without this program.
    fields: BTreeMap<String, String>,
}

impl HeaderRow {
    pub fn new(clip: &ClipFacts, pose_model: &ModelIdentity, detector: Option<&ModelIdentity>) -> Self {
        Self {
            format: format!("{FORMAT}{VERSION}"),
            sledform: env!("CARGO_PKG_VERSION").to_owned(),
            clip: ClipRow::new(clip),
            pose_model: ModelRow::new(pose_model),
            detector: detector.map(ModelRow::new),
            keypoints: Keypoint::ALL.into_iter().map(|k| k.name().to_owned()).collect(),
            fields: FIELDS.into_iter().map(|(name, meaning)| (name.to_owned(), meaning.to_owned())).collect(),
        }
    }
}

/// What the fields of a frame mean, with units.
const FIELDS: [(&str, &str); 10] = [
    ("frame", "index in the analysed part of the clip, from 0"),
    ("time_s", "presentation timestamp from the clip's first, seconds"),
    ("duplicate", "whether the picture repeats the one before"),
    (
        "background",
        "similarity that takes a point of the frame before to where the background has it now: turn and scale about the \
         origin, then shift; null where not measured",
    ),
    ("background.shift_px", "[right, down], pixels"),
    ("background.rotation_rad", "radians, clockwise on screen"),
    ("background.inliers", "tracked points that agree, of background.tracked"),
    ("people.track", "number of the person through the clip"),
    ("people.score", "how sure the model is that somebody is there, 0 to 1"),
    (
        "people.keypoints",
        "in the order of the header's keypoints: [x, y, confidence] or null where missing; pixels from the top left, \
         right and down; confidence 0 to 1",
    ),
];

#[derive(Serialize, Deserialize)]
pub(super) struct ClipRow {
    file: String,
    sha256: Option<String>,
    width: u32,
    height: u32,
    rotation_deg: u32,
    nominal_rate_hz: Option<f64>,
    nominal_frames: Option<usize>,
    codec: Option<String>,
    capture_rate_hz: Option<f64>,
    start_s: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<String>,
}

impl ClipRow {
    fn new(clip: &ClipFacts) -> Self {
        Self {
            file: clip.file.to_string_lossy().into_owned(),
            sha256: clip.sha256.clone(),
            width: clip.size.width,
            height: clip.size.height,
            rotation_deg: clip.rotation_deg,
            nominal_rate_hz: clip.nominal_rate.map(|r| round(r.0, TIME_STEPS)),
            nominal_frames: clip.nominal_frames,
            codec: clip.codec.clone(),
            capture_rate_hz: clip.capture_rate.map(|r| round(r.0, TIME_STEPS)),
            start_s: round(clip.start.0, TIME_STEPS),
            created: clip.created.map(|day| day.to_string()),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    pub fn facts(self, time_source: TimeSource) -> ClipFacts {
        ClipFacts {
            file: self.file.into(),
            sha256: self.sha256,
            size: PixelSize { width: self.width, height: self.height },
            rotation_deg: self.rotation_deg,
            nominal_rate: self.nominal_rate_hz.map(Hertz),
            nominal_frames: self.nominal_frames,
            codec: self.codec,
            capture_rate: self.capture_rate_hz.map(Hertz),
            time_source,
            start: Seconds(self.start_s),
            created: self.created.and_then(|day| day.parse().ok()),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ModelRow {
    name: String,
    sha256: Option<String>,
}

impl ModelRow {
    fn new(model: &ModelIdentity) -> Self {
        Self { name: model.name.clone(), sha256: model.sha256.clone() }
    }

    pub fn identity(self) -> ModelIdentity {
        ModelIdentity { name: self.name, sha256: self.sha256 }
    }
}

/// The last line.
#[derive(Serialize, Deserialize)]
pub(super) struct LastRow {
    pub end: EndRow,
}

/// What is only known at the end.
#[derive(Serialize, Deserialize)]
pub(super) struct EndRow {
    pub frames: usize,
    time_source: TimeSourceRow,
    warnings: Vec<WarningRow>,
}

impl EndRow {
    pub fn new(frames: usize, time_source: TimeSource, warnings: &[Warning]) -> Self {
        let time_source = match time_source {
            TimeSource::Presentation => TimeSourceRow::Presentation,
            TimeSource::FrameRate => TimeSourceRow::FrameRate,
            TimeSource::File => TimeSourceRow::File,
        };
        Self { frames, time_source, warnings: warnings.iter().map(WarningRow::new).collect() }
    }

    pub fn time_source(&self) -> TimeSource {
        match self.time_source {
            TimeSourceRow::Presentation => TimeSource::Presentation,
            TimeSourceRow::FrameRate => TimeSource::FrameRate,
            TimeSourceRow::File => TimeSource::File,
        }
    }

    pub fn warnings(self) -> Vec<Warning> {
        self.warnings.into_iter().map(|w| Warning::new(w.id, w.message, w.hint)).collect()
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TimeSourceRow {
    Presentation,
    FrameRate,
    File,
}

#[derive(Serialize, Deserialize)]
struct WarningRow {
    id: String,
    message: String,
    hint: String,
}

impl WarningRow {
    fn new(warning: &Warning) -> Self {
        Self {
            id: warning.id.clone().into_owned(),
            message: warning.message.clone(),
            hint: warning.hint.clone(),
        }
    }
}

/// The nearest multiple of a step; never minus zero.
pub(super) fn round(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps + 0.0
}
