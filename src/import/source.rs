//! What every format is read into before it becomes a recording.

use crate::frame::PixelSize;
use crate::geometry::Point;
use crate::observation::{Landmark, Pose};
use crate::skeleton::Keypoint;
use crate::units::{Confidence, Hertz, Seconds};

/// Below this, in both axes and over a whole clip, coordinates are shares of the picture, not pixels: a point may lie
/// outside the picture, but not by several pictures, and nobody is three pixels tall.
const LARGEST_SHARE: f64 = 3.0;

/// A clip as another tool wrote it.
pub(super) struct Imported {
    /// Tool or format, and skeleton.
    pub tool: String,
    pub frames: Vec<ImportedFrame>,
    pub rate: Option<Hertz>,
    pub size: Option<PixelSize>,
    pub has_confidence: bool,
    pub space: Space,
}

/// One frame.
#[derive(Default)]
pub(super) struct ImportedFrame {
    /// From any origin.
    pub time: Option<Seconds>,
    /// Number of the frame in the clip, where the format has it.
    pub number: Option<usize>,
    pub people: Vec<Pose>,
}

/// What coordinates mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// Pixels, always.
    Pixels,
    /// Pixels or shares of width and height: the values tell.
    Either,
}

impl Imported {
    /// Adds the frames of another file of the same kind.
    pub fn append(&mut self, other: Self) -> Result<(), String> {
        let nobody_yet = self.frames.iter().all(|f| f.people.is_empty());
        let somebody_new = other.frames.iter().any(|f| !f.people.is_empty());
        if nobody_yet && somebody_new {
            self.tool.clone_from(&other.tool);
            self.has_confidence = other.has_confidence;
        } else if somebody_new && self.tool != other.tool {
            return Err(format!("it holds {}, the files before {}", other.tool, self.tool));
        }
        self.frames.extend(other.frames);
        Ok(())
    }
}

impl Space {
    /// Frames in pixels; none where that needs a size that is not known.
    pub fn to_pixels(
        self,
        mut frames: Vec<ImportedFrame>,
        size: Option<PixelSize>,
    ) -> Option<Vec<ImportedFrame>> {
        if self == Self::Pixels || !all_within(&frames, LARGEST_SHARE) {
            return Some(frames);
        }
        let PixelSize { width, height } = size?;
        for pose in frames.iter_mut().flat_map(|f| &mut f.people) {
            for keypoint in Keypoint::ALL {
                let scaled = pose.get(keypoint).map(|l| Landmark {
                    position: Point::new(l.position.x * f64::from(width), l.position.y * f64::from(height)),
                    ..l
                });
                pose.set(keypoint, scaled);
            }
        }
        Some(frames)
    }
}

/// Whether no point of a clip is further than `limit` from the origin in either axis.
pub(super) fn all_within(frames: &[ImportedFrame], limit: f64) -> bool {
    let mut poses = frames.iter().flat_map(|f| &f.people);
    poses.all(|pose| pose.seen().all(|(_, l)| l.position.x.abs() <= limit && l.position.y.abs() <= limit))
}

/// A point as tools write it: missing where a coordinate is, or where all three numbers are 0.
pub(super) fn landmark(x: Option<f64>, y: Option<f64>, confidence: Option<f64>) -> Option<Landmark> {
    let (x, y) = (x.filter(|v| v.is_finite())?, y.filter(|v| v.is_finite())?);
    let nothing = x == 0.0 && y == 0.0 && confidence.is_none_or(|c| c == 0.0);
    let confidence = confidence.map_or(Confidence::FULL, |c| Confidence::new(c as f32));
    (!nothing).then(|| Landmark { position: Point::new(x, y), confidence })
}

/// A pose of the points given; none where there are none. Its score is their mean confidence.
pub(super) fn pose(points: impl IntoIterator<Item = (Keypoint, Landmark)>) -> Option<Pose> {
    let mut pose = Pose::new(Confidence::NONE);
    for (keypoint, landmark) in points {
        pose.set(keypoint, Some(landmark));
    }
    let count = pose.seen().count();
    let sum: f32 = pose.seen().map(|(_, l)| l.confidence.value()).sum();
    pose.score = Confidence::new(sum / count.max(1) as f32);
    (count > 0).then_some(pose)
}
