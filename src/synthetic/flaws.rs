//! What goes wrong between the figure and the recording: noise, doubt, hidden points, swapped limbs, holes.

use super::camera::Camera;
use super::random::Random;
use crate::geometry::{Image, Point, Vector};
use crate::observation::{Landmark, Pose};
use crate::skeleton::{Keypoint, LimbPoint};
use crate::units::{Confidence, Seconds};
use std::ops::Range;

/// How sure the model says it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Confidences {
    /// 1 everywhere.
    Full,
    /// The same everywhere.
    Even(f32),
    /// 1 on the side turned to the camera, this on the other.
    FarSide(f32),
    /// This share of samples, at random, halved.
    HalvedAtRandom(f64),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flaws {
    pub(super) noise_leg: f64,
    pub(super) seed: u64,
    pub(super) confidences: Confidences,
    pub(super) hidden: Vec<LimbPoint>,
    pub(super) swapped_legs: Vec<Range<f64>>,
    pub(super) swapped_arms: Vec<Range<f64>>,
    pub(super) holes: Vec<Range<f64>>,
    pub(super) deleted: f64,
}

impl Default for Flaws {
    fn default() -> Self {
        Self {
            noise_leg: 0.0,
            seed: 1,
            confidences: Confidences::Full,
            hidden: Vec::new(),
            swapped_legs: Vec::new(),
            swapped_arms: Vec::new(),
            holes: Vec::new(),
            deleted: 0.0,
        }
    }
}

impl Flaws {
    /// The point as the model says it, if it says it.
    pub(super) fn landmark(
        &self,
        keypoint: Keypoint,
        place: Point<Image>,
        camera: &Camera,
        random: &mut Random,
    ) -> Option<Landmark> {
        let spread = self.noise_leg * camera.leg_px;
        let position = place + Vector::new(random.normal(), random.normal()) * spread;
        let confidence = self.confidence(keypoint, camera, random);
        let seen = random.uniform() >= self.deleted;
        let hidden = self.hidden.iter().any(|p| keypoint.side().is_some_and(|s| p.on(s) == keypoint));
        (seen && !hidden).then_some(Landmark { position, confidence })
    }

    fn confidence(&self, keypoint: Keypoint, camera: &Camera, random: &mut Random) -> Confidence {
        let near = camera.facing.near_side();
        let value = match self.confidences {
            Confidences::Even(value) => value,
            Confidences::FarSide(value) if keypoint.side() == Some(near.mirror()) => value,
            Confidences::HalvedAtRandom(share) if random.uniform() < share => 0.5,
            Confidences::Full | Confidences::FarSide(_) | Confidences::HalvedAtRandom(_) => 1.0,
        };
        Confidence::new(value)
    }

    /// The pose with left and right taken for each other where they are.
    pub(super) fn confused(&self, pose: &Pose, time: Seconds) -> Pose {
        const LEG: [LimbPoint; 5] =
            [LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe];
        const ARM: [LimbPoint; 3] = [LimbPoint::Shoulder, LimbPoint::Elbow, LimbPoint::Wrist];
        let within = |spans: &[Range<f64>]| spans.iter().any(|s| s.contains(&time.0));
        let legs = if within(&self.swapped_legs) { &LEG[..] } else { &[] };
        let arms = if within(&self.swapped_arms) { &ARM[..] } else { &[] };
        let mut confused = pose.clone();
        for point in legs.iter().chain(arms) {
            for side in crate::skeleton::Side::BOTH {
                confused.set(point.on(side), pose.get(point.on(side.mirror())));
            }
        }
        confused
    }

    pub(super) fn in_hole(&self, time: Seconds) -> bool {
        self.holes.iter().any(|s| s.contains(&time.0))
    }
}
