//! One frame of a recording as a line of JSON, and back. Rounding happens here: what is written is what is read.

use super::rows::{TIME_STEPS, round};
use crate::frame::BackgroundMotion;
use crate::geometry::{Point, Similarity, Vector};
use crate::observation::{Landmark, Observation, Person, Pose, TrackId};
use crate::skeleton::Keypoint;
use crate::units::{Confidence, Radians, Seconds};
use serde::{Deserialize, Serialize, Serializer};

/// Steps per unit of each kind of number. Well below a model's noise (1 % of a torso), and few enough digits that decimal
/// text gives back the same binary number.
const PIXEL_STEPS: f64 = 100.0;
const CONFIDENCE_STEPS: f64 = 1000.0;
/// Background motion adds up over a clip, so it is kept finer than a keypoint.
const SHIFT_STEPS: f64 = 1e4;
const RATIO_STEPS: f64 = 1e8;

/// The observation as it comes back from a file: rounded, and without what is not finite.
#[must_use]
pub fn as_stored(observation: &Observation) -> Observation {
    let row = FrameRow::from_observation(observation);
    Observation {
        frame: row.frame,
        time: Seconds(row.time_s),
        people: observation.people.iter().map(stored_person).collect(),
        background: row.background.map(BackgroundRow::motion),
        duplicate: row.duplicate,
    }
}

fn stored_person(person: &Person) -> Person {
    let mut pose = Pose::new(confidence(rounded_confidence(person.pose.score)));
    for (keypoint, seen) in person.pose.seen() {
        pose.set(keypoint, landmark_row(seen).map(landmark));
    }
    Person { track: person.track, pose }
}

/// One frame as written.
#[derive(Serialize)]
pub(super) struct FrameRow<'a> {
    pub frame: usize,
    pub time_s: f64,
    duplicate: bool,
    background: Option<BackgroundRow>,
    people: Vec<PersonRow<'a>>,
}

impl<'a> FrameRow<'a> {
    pub fn from_observation(observation: &'a Observation) -> Self {
        Self {
            frame: observation.frame,
            time_s: round(observation.time.0, TIME_STEPS),
            duplicate: observation.duplicate,
            background: observation.background.and_then(BackgroundRow::new),
            people: observation.people.iter().map(PersonRow::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct PersonRow<'a> {
    track: u32,
    score: f64,
    #[serde(serialize_with = "write_keypoints")]
    keypoints: &'a Pose,
}

impl<'a> PersonRow<'a> {
    fn new(person: &'a Person) -> Self {
        Self { track: person.track.0, score: rounded_confidence(person.pose.score), keypoints: &person.pose }
    }
}

fn write_keypoints<S: Serializer>(pose: &Pose, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(Keypoint::ALL.into_iter().map(|k| pose.get(k).and_then(landmark_row)))
}

/// One frame as read.
#[derive(Deserialize)]
pub(super) struct FrameRead {
    frame: usize,
    time_s: f64,
    duplicate: bool,
    background: Option<BackgroundRow>,
    people: Vec<PersonRead>,
}

#[derive(Deserialize)]
struct PersonRead {
    track: u32,
    score: f64,
    keypoints: Vec<Option<[f64; 3]>>,
}

impl FrameRead {
    /// The observation; none where a person has not as many keypoints as the header names.
    pub fn observation(self, keypoints: &[Keypoint]) -> Option<Observation> {
        let people = self.people.into_iter().map(|person| person.person(keypoints));
        Some(Observation {
            frame: self.frame,
            time: Seconds(self.time_s),
            people: people.collect::<Option<Vec<_>>>()?,
            background: self.background.map(BackgroundRow::motion),
            duplicate: self.duplicate,
        })
    }
}

impl PersonRead {
    fn person(self, keypoints: &[Keypoint]) -> Option<Person> {
        if self.keypoints.len() != keypoints.len() {
            return None;
        }
        let mut pose = Pose::new(confidence(self.score));
        for (&keypoint, row) in keypoints.iter().zip(self.keypoints) {
            pose.set(keypoint, row.map(landmark));
        }
        Some(Person { track: TrackId(self.track), pose })
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct BackgroundRow {
    shift_px: [f64; 2],
    rotation_rad: f64,
    scale: f64,
    inliers: usize,
    tracked: usize,
}

impl BackgroundRow {
    fn new(motion: BackgroundMotion) -> Option<Self> {
        let Similarity { shift, rotation, scale } = motion.this_from_previous;
        let finite = [shift.x, shift.y, rotation.0, scale].into_iter().all(f64::is_finite);
        finite.then(|| Self {
            shift_px: [round(shift.x, SHIFT_STEPS), round(shift.y, SHIFT_STEPS)],
            rotation_rad: round(rotation.0, RATIO_STEPS),
            scale: round(scale, RATIO_STEPS),
            inliers: motion.inliers,
            tracked: motion.tracked,
        })
    }

    fn motion(self) -> BackgroundMotion {
        BackgroundMotion {
            this_from_previous: Similarity {
                shift: Vector::new(self.shift_px[0], self.shift_px[1]),
                rotation: Radians(self.rotation_rad),
                scale: self.scale,
            },
            inliers: self.inliers,
            tracked: self.tracked,
        }
    }
}

fn landmark_row(landmark: Landmark) -> Option<[f64; 3]> {
    let Point { x, y, .. } = landmark.position;
    let row = [round(x, PIXEL_STEPS), round(y, PIXEL_STEPS), rounded_confidence(landmark.confidence)];
    (x.is_finite() && y.is_finite()).then_some(row)
}

fn landmark([x, y, c]: [f64; 3]) -> Landmark {
    Landmark { position: Point::new(x, y), confidence: confidence(c) }
}

fn rounded_confidence(confidence: Confidence) -> f64 {
    round(f64::from(confidence.value()), CONFIDENCE_STEPS)
}

fn confidence(value: f64) -> Confidence {
    Confidence::new(value as f32)
}
