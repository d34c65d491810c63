//! Confidence gate with hysteresis: what the model itself doubts is missing. Keeps no value below its limits.

use crate::geometry::Point;
use crate::kinematics::joint_centres::{is_blazepose, is_blazepose_heavy, is_corrected};
use crate::kinematics::movement::Points;
use crate::signal::series::Series;
use crate::skeleton::Keypoint;
use crate::units::Confidence;

/// A keypoint is dropped below `leave` and comes back at `enter`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hysteresis {
    /// Dropped below this.
    pub leave: Confidence,
    /// Comes back at this or more.
    pub enter: Confidence,
}

/// Limits for the legs and for everything else: some models are honest about one and not about the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfidenceGate {
    /// Hips, knees, ankles and feet.
    pub legs: Hysteresis,
    /// Arms, hands, head, trunk.
    pub rest: Hysteresis,
}

impl ConfidenceGate {
    /// Every keypoint at 0.3 / 0.5 (Sports2D's defaults; docs/science.md E).
    #[must_use]
    pub fn standard() -> Self {
        let limits = Hysteresis { leave: Confidence::new(0.3), enter: Confidence::new(0.5) };
        Self { legs: limits, rest: limits }
    }

    /// For the BlazePose family, whose confidence says "hidden" rather than "wrong". Against rendered truth the error
    /// of knee, ankle and foot grows little down to a visibility of 0.05, while a hidden elbow or wrist is invented (median
    /// 0.10, one in five off by more than 0.3). So the arms keep 0.3 / 0.5 and the legs go down to 0.05 / 0.1.
    #[must_use]
    pub fn blazepose() -> Self {
        let legs = Hysteresis { leave: Confidence::new(0.05), enter: Confidence::new(0.1) };
        Self { legs, ..Self::standard() }
    }

    /// For the family's heavy model, which sees a hidden leg as well as any: its knees err by 0.05 thigh lengths (median)
    /// at a visibility of 0.01 to 0.05 and at 0.5 to 0.8 alike; less was never seen. Legs that pass each other in small steps
    /// are hidden so for a third of the time.
    #[must_use]
    pub fn blazepose_heavy() -> Self {
        let legs = Hysteresis { leave: Confidence::new(0.01), enter: Confidence::new(0.02) };
        Self { legs, ..Self::standard() }
    }

    /// The gate for a model, by its name. Points that we wrote ourselves have passed theirs.
    #[must_use]
    pub fn of(model: &str) -> Self {
        if is_blazepose_heavy(model) || is_corrected(model) {
            Self::blazepose_heavy()
        } else if is_blazepose(model) {
            Self::blazepose()
        } else {
            Self::standard()
        }
    }

    fn limits(&self, keypoint: Keypoint) -> Hysteresis {
        if is_leg(keypoint) { self.legs } else { self.rest }
    }
}

/// Drops what the gate does not let through; returns how many samples that were.
pub fn apply<S: Copy>(points: &mut Points<S>, gate: &ConfidenceGate) -> usize {
    Keypoint::ALL.into_iter().map(|k| apply_to(points.get_mut(k), gate.limits(k))).sum()
}

fn apply_to<S: Copy>(series: &mut Series<Point<S>>, limits: Hysteresis) -> usize {
    let (mut open, mut dropped) = (false, 0);
    for i in 0..series.len() {
        let Some(sample) = series.get(i) else { continue };
        open = sample.confidence >= if open { limits.leave } else { limits.enter };
        if !open {
            series.set(i, None);
            dropped += 1;
        }
    }
    dropped
}

/// Whether the keypoint belongs to a leg.
fn is_leg(keypoint: Keypoint) -> bool {
    use Keypoint::{LeftAnkle, LeftFootIndex, LeftHeel, LeftHip, LeftKnee, LeftSmallToe, MidHip};
    let left =
        if keypoint.side() == Some(crate::skeleton::Side::Right) { keypoint.mirror() } else { keypoint };
    matches!(left, LeftHip | LeftKnee | LeftAnkle | LeftHeel | LeftFootIndex | LeftSmallToe | MidHip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Ground;
    use crate::signal::series::{Sample, Source};

    fn with_confidences(keypoint: Keypoint, confidences: &[f32]) -> Points<Ground> {
        let mut points = Points::missing(confidences.len());
        for (i, &c) in confidences.iter().enumerate() {
            let sample = Sample {
                value: Point::new(i as f64, 0.0),
                confidence: Confidence::new(c),
                source: Source::Measured,
            };
            points.get_mut(keypoint).set(i, Some(sample));
        }
        points
    }

    fn kept(points: &Points<Ground>, keypoint: Keypoint) -> Vec<usize> {
        points.get(keypoint).present().map(|(i, _)| i).collect()
    }

    #[test]
    fn a_keypoint_goes_below_leave_and_returns_only_at_enter() {
        let mut points = with_confidences(Keypoint::LeftWrist, &[0.4, 0.6, 0.4, 0.31, 0.2, 0.4, 0.5, 0.4]);
        assert_eq!(apply(&mut points, &ConfidenceGate::standard()), 3);
        assert_eq!(kept(&points, Keypoint::LeftWrist), [1, 2, 3, 6, 7]);
    }

    #[test]
    fn blazepose_keeps_a_hidden_knee_and_drops_a_hidden_elbow() {
        let gate = ConfidenceGate::blazepose();
        let mut points = with_confidences(Keypoint::RightKnee, &[0.2; 5]);
        *points.get_mut(Keypoint::RightElbow) = points.get(Keypoint::RightKnee).clone();
        apply(&mut points, &gate);
        assert_eq!(kept(&points, Keypoint::RightKnee).len(), 5);
        assert!(kept(&points, Keypoint::RightElbow).is_empty());
    }

    #[test]
    fn of_the_heavy_model_a_leg_behind_the_other_is_kept() {
        let mut points = with_confidences(Keypoint::RightKnee, &[0.03, 0.015, 0.009, 0.015, 0.02]);
        apply(&mut points, &ConfidenceGate::blazepose_heavy());
        assert_eq!(kept(&points, Keypoint::RightKnee), [0, 1, 4]);
    }

    #[test]
    fn each_model_gets_its_own_gate() {
        let heavy = ConfidenceGate::blazepose_heavy();
        for (model, gate) in [
            ("pose_landmark_heavy", heavy),
            ("MediaPipe pose heavy", heavy),
            ("sledform keypoints", heavy),
            ("pose_landmark_full", ConfidenceGate::blazepose()),
            ("pose_landmark_lite", ConfidenceGate::blazepose()),
            ("rtmpose heavy", ConfidenceGate::standard()),
            ("", ConfidenceGate::standard()),
        ] {
            assert_eq!(ConfidenceGate::of(model), gate, "{model}");
        }
    }
}
