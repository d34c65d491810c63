//! An athlete that never was, whose every angle, contact and stride is known exactly: the yardstick of the tests.
//!
//! A planar figure of rigid segments walks by prescribed feet, hips, trunk and arms; its legs follow from its feet, so
//! that a planted foot stays planted to the last digit. A camera looks at it and flaws are laid on top. What comes out
//! is a [`Recording`], and beside it the truth. Nothing here is used to analyse a clip.

mod body;
mod camera;
mod flaws;
mod motion;
mod presets;
mod random;
mod truth;

pub use camera::Ground;
pub use flaws::Confidences;
pub use motion::{ArmSwing, Motion};
pub use presets::Exercise;
pub use truth::{KneeTruth, Truth};

use crate::frame::{ClipFacts, PixelSize, TimeSource};
use crate::kinematics::movement::{Facing, Movement};
use crate::observation::{ModelIdentity, Observation, Person, Pose, Recording, TrackId};
use crate::signal::series::TimeBase;
use crate::skeleton::LimbPoint;
use crate::units::{Confidence, Hertz, Radians, Seconds};
use camera::Camera;
use flaws::Flaws;
use random::Random;
use std::ops::Range;
use std::path::PathBuf;

/// A synthetic athlete before a camera. Build it by chaining, then ask for the recording and the truth.
///
/// ```
/// use sledform::synthetic::{Athlete, Exercise};
/// let athlete = Athlete::new(Exercise::SledPush).fps(60.0).noise(0.01);
/// assert_eq!(athlete.recording().frames.len(), 300);
/// assert!((athlete.truth().cadence_steps_per_min - 122.4).abs() < 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Athlete {
    motion: Motion,
    camera: Camera,
    flaws: Flaws,
    fps: f64,
    duration_s: f64,
}

impl Athlete {
    /// A flawless athlete doing an exercise: facing right, 30 frames/s, 5 s, a static upright camera square to the side.
    #[must_use]
    pub fn new(exercise: Exercise) -> Self {
        Self::moving(exercise.motion())
    }

    /// A flawless athlete who moves as told.
    #[must_use]
    pub fn moving(motion: Motion) -> Self {
        Self { motion, camera: Camera::default(), flaws: Flaws::default(), fps: 30.0, duration_s: 5.0 }
    }

    /// Changes how it moves.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Motion)) -> Self {
        change(&mut self.motion);
        self
    }

    /// Which way it faces in the picture.
    #[must_use]
    pub fn facing(mut self, facing: Facing) -> Self {
        self.camera.facing = facing;
        self
    }

    /// Frames per second, > 0.
    #[must_use]
    pub fn fps(mut self, fps: f64) -> Self {
        self.fps = fps;
        self
    }

    /// How long the clip is, s.
    #[must_use]
    pub fn lasting(mut self, duration_s: f64) -> Self {
        self.duration_s = duration_s;
        self
    }

    /// What it steps on: the floor, or a treadmill that carries it back.
    #[must_use]
    pub fn on(mut self, ground: Ground) -> Self {
        self.camera.ground = ground;
        self
    }

    /// Leg length (thigh and shank) in the picture, px.
    #[must_use]
    pub fn leg_px(mut self, leg_px: f64) -> Self {
        self.camera.leg_px = leg_px;
        self
    }

    /// The camera turns with this speed: the background moves the other way, px/s along the floor.
    #[must_use]
    pub fn pan(mut self, px_per_s: f64) -> Self {
        self.camera.pan_px_per_s = px_per_s;
        self
    }

    /// The picture's content is turned clockwise by this much.
    #[must_use]
    pub fn roll(mut self, roll: Radians) -> Self {
        self.camera.roll = roll;
        self
    }

    /// The camera stands this far off square to the side; far away, so without perspective.
    #[must_use]
    pub fn yaw(mut self, yaw: Radians) -> Self {
        self.camera.yaw = yaw;
        self
    }

    /// Gaussian noise on every keypoint, one standard deviation per axis as a share of leg length.
    #[must_use]
    pub fn noise(mut self, share_of_leg: f64) -> Self {
        self.flaws.noise_leg = share_of_leg;
        self
    }

    /// Which noise: the same seed gives the same recording.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.flaws.seed = seed;
        self
    }

    /// How sure the model says it is.
    #[must_use]
    pub fn confidences(mut self, confidences: Confidences) -> Self {
        self.flaws.confidences = confidences;
        self
    }

    /// Points of both sides that the model never sees.
    #[must_use]
    pub fn hide(mut self, points: &[LimbPoint]) -> Self {
        self.flaws.hidden.extend_from_slice(points);
        self
    }

    /// Hides ankles, heels and toes, as plates of a sled do.
    #[must_use]
    pub fn hidden_feet(self) -> Self {
        self.hide(&[LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe])
    }

    /// The model takes the left leg for the right from one time to another, s.
    #[must_use]
    pub fn swapped_legs(mut self, span_s: Range<f64>) -> Self {
        self.flaws.swapped_legs.push(span_s);
        self
    }

    /// The model takes the left arm for the right from one time to another, s.
    #[must_use]
    pub fn swapped_arms(mut self, span_s: Range<f64>) -> Self {
        self.flaws.swapped_arms.push(span_s);
        self
    }

    /// Nobody is found from one time to another, s.
    #[must_use]
    pub fn hole(mut self, span_s: Range<f64>) -> Self {
        self.flaws.holes.push(span_s);
        self
    }

    /// This share of keypoints is missing at random.
    #[must_use]
    pub fn deleted(mut self, share: f64) -> Self {
        self.flaws.deleted = share;
        self
    }

    /// What the model would have seen.
    #[must_use]
    pub fn recording(&self) -> Recording {
        let mut random = Random::new(self.flaws.seed);
        let frames = (0..self.time().len).map(|i| self.observation(i, &mut random)).collect();
        Recording {
            clip: self.facts(),
            pose_model: ModelIdentity { name: "synthetic".into(), sha256: None },
            detector: None,
            frames,
            warnings: Vec::new(),
        }
    }

    /// What is true of it.
    #[must_use]
    pub fn truth(&self) -> Truth {
        truth::of(&self.motion, self.time())
    }

    /// The movement a perfect analysis would find: exact points on the ground frame, yaw still in them.
    #[must_use]
    pub fn movement(&self) -> Movement {
        truth::movement(&self.motion, &self.camera, self.time())
    }

    /// Leg length in the picture, px.
    #[must_use]
    pub fn leg_length_px(&self) -> f64 {
        self.camera.leg_px
    }

    /// When the frames are.
    #[must_use]
    pub fn time(&self) -> TimeBase {
        let len = (self.duration_s * self.fps).round().max(1.0) as usize;
        TimeBase { start: Seconds(0.0), rate: Hertz(self.fps), len }
    }

    fn observation(&self, index: usize, random: &mut Random) -> Observation {
        let base = self.time();
        let time = base.at(index);
        let middle = base.at(base.len / 2);
        let mut pose = Pose::new(Confidence::FULL);
        for (keypoint, place) in body::keypoints(&self.motion, time) {
            let seen = self.camera.image(&self.motion, place, time, middle);
            pose.set(keypoint, self.flaws.landmark(keypoint, seen, &self.camera, random));
        }
        let pose = self.flaws.confused(&pose, time);
        let people = if self.flaws.in_hole(time) { vec![] } else { vec![Person { track: TrackId(1), pose }] };
        let background = (index > 0).then(|| self.camera.background(base.step()));
        Observation { frame: index, time, people, background, duplicate: false }
    }

    fn facts(&self) -> ClipFacts {
        ClipFacts {
            file: PathBuf::from("synthetic"),
            sha256: None,
            size: PixelSize { width: camera::WIDTH_PX, height: camera::HEIGHT_PX },
            rotation_deg: 0,
            nominal_rate: Some(Hertz(self.fps)),
            nominal_frames: Some(self.time().len),
            codec: None,
            capture_rate: None,
            time_source: TimeSource::File,
            start: Seconds(0.0),
            created: None,
        }
    }
}
