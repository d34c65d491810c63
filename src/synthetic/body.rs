//! Where every keypoint of the figure is in space, from its motion.

use super::motion::{Motion, STATURE, THIGH};
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Seconds;

/// Hip to shoulder along the trunk: 0.818 - 0.530 of stature (Drillis and Contini 1966, in Winter 2009).
const TRUNK: f64 = 0.288 * STATURE;
/// Upper arm: 0.186 of stature (the same).
const UPPER_ARM: f64 = 0.186 * STATURE;
/// Forearm: 0.146 of stature (the same).
const FOREARM: f64 = 0.146 * STATURE;
/// Shoulder to ear along the trunk: 0.936 - 0.818 of stature (the same).
const SHOULDER_TO_EAR: f64 = 0.118 * STATURE;
/// Ear to the tip of the nose, square to the trunk; about half a head's depth.
const EAR_TO_NOSE: f64 = 0.06 * STATURE;
/// Half the breadth of the shoulders: 0.129 of stature (the same).
const HALF_SHOULDERS: f64 = 0.129 * STATURE;
/// Half the distance of the hip joints; less than the half breadth of the hips (0.0955 of stature).
const HALF_HIPS: f64 = 0.05 * STATURE;

/// A place in space, leg lengths: forward along the floor, up from the sole, and toward the athlete's left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) forward: f64,
    pub(super) up: f64,
    pub(super) left: f64,
}

impl Place {
    /// Along a segment that hangs down, turned forward by `angle`.
    fn down(self, length: f64, angle: f64) -> Self {
        Self { forward: self.forward + length * angle.sin(), up: self.up - length * angle.cos(), ..self }
    }
}

/// Every keypoint that a 33-point model has and the figure can place.
pub(super) fn keypoints(motion: &Motion, time: Seconds) -> Vec<(Keypoint, Place)> {
    let (forward, up) = motion.hips(time);
    let middle = Place { forward, up, left: 0.0 };
    let trunk = motion.trunk_at(time);
    let shoulders = middle.down(-TRUNK, -trunk);
    let ears = middle.down(-(TRUNK + SHOULDER_TO_EAR), -trunk);
    let nose = Place {
        forward: ears.forward + EAR_TO_NOSE * trunk.cos(),
        up: ears.up - EAR_TO_NOSE * trunk.sin(),
        left: 0.0,
    };
    let mut points = vec![(Keypoint::Nose, nose)];
    for side in Side::BOTH {
        let out = if side == Side::Left { 1.0 } else { -1.0 };
        points.push((Keypoint::RightEar.on(side), Place { left: out * EAR_TO_NOSE, ..ears }));
        arm(motion, side, time, Place { left: out * HALF_SHOULDERS, ..shoulders }, &mut points);
        leg(motion, side, time, Place { left: out * HALF_HIPS, ..middle }, &mut points);
    }
    points
}

fn arm(motion: &Motion, side: Side, time: Seconds, shoulder: Place, points: &mut Vec<(Keypoint, Place)>) {
    let upper = motion.upper_arm(side, time);
    let elbow = shoulder.down(UPPER_ARM, upper);
    let wrist = elbow.down(FOREARM, upper + motion.arms.elbow.0);
    points.push((LimbPoint::Shoulder.on(side), shoulder));
    points.push((LimbPoint::Elbow.on(side), elbow));
    points.push((LimbPoint::Wrist.on(side), wrist));
}

fn leg(motion: &Motion, side: Side, time: Seconds, hip: Place, points: &mut Vec<(Keypoint, Place)>) {
    let leg = motion.leg(side, time);
    let at = |(forward, up): (f64, f64)| Place { forward: hip.forward + forward, up, left: hip.left };
    points.push((LimbPoint::Hip.on(side), hip));
    points.push((LimbPoint::Knee.on(side), hip.down(THIGH, leg.thigh)));
    points.push((LimbPoint::Ankle.on(side), at(leg.foot.ankle)));
    points.push((LimbPoint::Heel.on(side), at(leg.foot.heel)));
    points.push((LimbPoint::Toe.on(side), at(leg.foot.toe)));
}

#[cfg(test)]
mod tests {
    use super::super::Exercise;
    use super::super::motion::SHANK;
    use super::*;

    #[test]
    fn shanks_are_rigid() {
        for exercise in Exercise::ALL {
            let motion = exercise.motion();
            for i in 0..100 {
                let points = keypoints(&motion, Seconds(f64::from(i) * 0.031));
                let at = |k| points.iter().find(|(p, _)| *p == k).map(|(_, place)| *place);
                for side in Side::BOTH {
                    let (Some(knee), Some(ankle)) =
                        (at(LimbPoint::Knee.on(side)), at(LimbPoint::Ankle.on(side)))
                    else {
                        panic!("a leg has a knee and an ankle");
                    };
                    let length = (knee.forward - ankle.forward).hypot(knee.up - ankle.up);
                    assert!((length - SHANK).abs() < 1e-9, "{exercise:?}: {length}");
                }
            }
        }
    }
}
