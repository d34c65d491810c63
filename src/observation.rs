//! What was seen: detections, poses, one observation per frame, and the recording of a whole clip.
//!
//! A recording holds what was observed and nothing derived. Its file format is `store`'s business.

use crate::frame::{BackgroundMotion, ClipFacts, Frame, StageError, Warning};
use crate::geometry::{Bounds, Image, Point, Region};
use crate::skeleton::Keypoint;
use crate::units::{Confidence, Seconds};

/// A person found in a frame, before its pose is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// How sure the detector is.
    pub score: Confidence,
    /// Box the detector drew (of the head and upper body for some models), px.
    pub bounds: Bounds,
    /// Where to look for the pose.
    pub region: Region,
}

/// A keypoint as the model saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landmark {
    /// Where, px of the picture; may lie outside it.
    pub position: Point<Image>,
    /// How sure the model is that the point is visible.
    pub confidence: Confidence,
}

/// The keypoints of one person in one frame. What the model lacks or did not see is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Pose {
    /// How sure the model is that a person is there.
    pub score: Confidence,
    landmarks: Box<[Option<Landmark>; Keypoint::COUNT]>,
}

impl Pose {
    /// A pose with no keypoints yet.
    #[must_use]
    pub fn new(score: Confidence) -> Self {
        Self { score, landmarks: Box::new([None; Keypoint::COUNT]) }
    }

    /// The keypoint, if seen.
    #[must_use]
    pub fn get(&self, keypoint: Keypoint) -> Option<Landmark> {
        self.landmarks[keypoint.index()]
    }

    /// Sets or clears a keypoint.
    pub fn set(&mut self, keypoint: Keypoint, landmark: Option<Landmark>) {
        self.landmarks[keypoint.index()] = landmark;
    }

    /// The keypoints seen, in table order.
    pub fn seen(&self) -> impl Iterator<Item = (Keypoint, Landmark)> + '_ {
        Keypoint::ALL.into_iter().filter_map(|k| self.get(k).map(|l| (k, l)))
    }

    /// The box round all keypoints seen; none without any.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.seen().map(|(_, l)| l.position))
    }
}

/// What a pose model answers for one region of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The pose.
    pub pose: Pose,
    /// The region this pose asks for: where the model would look next, had the person not moved.
    pub region: Region,
}

/// Names a person through a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(pub u32);

/// One person in one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Who.
    pub track: TrackId,
    /// The pose.
    pub pose: Pose,
}

/// What was seen in one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The frame's index.
    pub frame: usize,
    /// The frame's presentation timestamp, s from the clip's first.
    pub time: Seconds,
    /// People, by ascending track.
    pub people: Vec<Person>,
    /// Motion of the background since the frame before, where measured.
    pub background: Option<BackgroundMotion>,
    /// Whether the picture repeats the one before.
    pub duplicate: bool,
}

/// A model by name and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelIdentity {
    /// As in `models/manifest.toml`, or the tool that an import came from. It decides how points are read: a name that contains
    /// `blazepose`, `pose_landmark`, `pose-landmark` or `mediapipe` has that model's landmarks moved to the joints (docs/science.md
    /// A), its confidences gated and its errors assumed; with `heavy` or `lite` in it, those of that size of it.
    pub name: String,
    /// SHA-256 of the weights, lower-case hexadecimal; none for an import.
    pub sha256: Option<String>,
}

/// What a whole clip showed, with nothing derived. Times increase strictly and people are in the order of their tracks; where
/// times do not, nothing is measured and a warning says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The clip.
    pub clip: ClipFacts,
    /// Which model found the keypoints.
    pub pose_model: ModelIdentity,
    /// Which model found the people; none for an import.
    pub detector: Option<ModelIdentity>,
    /// One per frame, in order; times increase strictly.
    pub frames: Vec<Observation>,
    /// What was noticed while reading and looking.
    pub warnings: Vec<Warning>,
}

/// Finds the people in a frame.
pub trait PersonDetector {
    /// People, surest first.
    ///
    /// # Errors
    /// When the model cannot be run.
    fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, StageError>;

    /// The same within a square of the picture, to see somebody small more closely.
    ///
    /// # Errors
    /// When the model cannot be run.
    fn detect_within(&mut self, frame: &Frame, square: Region) -> Result<Vec<Detection>, StageError>;
}

/// Finds the pose of the person in a region.
pub trait PoseEstimator {
    /// The pose; none where the model says that nobody is there.
    ///
    /// # Errors
    /// When the model cannot be run.
    fn estimate(&mut self, frame: &Frame, region: Region) -> Result<Option<Estimate>, StageError>;
}
