//! From a model's landmarks to joint centres: a landmark is not a joint centre.
//!
//! Annotators click the hip too far forward of the joint and the knee too far back, so models read hip and knee too
//! straight: on people, BlazePose heavy from the side reads a squat 5.1 degrees too straight (MAE 7.1; preprint
//! 102399, 2026), and hip centres of markerless models lie 30 to 50 mm off (Needham 2021). On rendered truth, nine
//! clips of five exercises and six athletes, the same shows for the full and the heavy model alike: the hip joint lies
//! 0.075 ± 0.020 thigh lengths behind the landmark (across the trunk), the knee joint 0.035 ± 0.018 in front of it
//! (across the shank), and nothing constant along them.
//!
//! What is corrected, and how far: the hip by 0.07 thigh lengths, which is 30 mm for a thigh of 0.43 m, the low end of
//! what is published, and the knee by 0.03, 13 mm. Along the thigh nothing is corrected although the render's thighs are
//! 9 % longer: its hips sit 1 to 2 % of stature higher than the regressions of de Leva (1996) put them, so that part
//! is the rig's, not the model's. The base of the neck is the middle of the shoulders moved back by what reaching arms
//! protract them (a clavicle of 0.15 m turned by 10 to 15 degrees at 90 degrees of arm flexion, 0.06 trunk lengths).
//!
//! The shoulder joint lies below the landmark, which sits by the acromion: by 0.061 ± 0.022 trunk lengths on rendered truth
//! for the heavy model and 0.081 ± 0.014 for the full one, 0.056 to 0.066 and 0.079 to 0.083 with any one clip left out, in
//! every clip in the same direction, and by nothing constant across the trunk. What is corrected is 0.06, 30 mm for a trunk of
//! 0.5 m; anatomy supports up to 0.17 of the distance between the acromia, 60 to 70 mm (Rab 2002). With the arm raised
//! forward the shoulder blade turns up with it (by a third of the arm's way, Inman 1944) and the line of the arm needs less:
//! on three rendered clips with arms at 107 degrees the shoulder is 0.035 ± 0.017 too high for the heavy model, and for the
//! full and lite ones, whose elbows are then 0.026 and 0.050 too high themselves, 0.057 and 0.045 higher than the elbow is.
//! What is corrected is half of what it is at rest.

use crate::geometry::{Ground, Point, Vector};
use crate::kinematics::movement::{Facing, Points};
use crate::signal::series::Series;
use crate::signal::statistics::quantile;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Radians;

/// What stands for a joint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JointCentres {
    /// The joint's estimated centre, for models whose offsets are known.
    #[default]
    Anatomical,
    /// The model's landmark as it is.
    Landmarks,
}

/// Offsets from landmark to joint centre in the body's own frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offsets {
    /// Hip joint behind the landmark, across the trunk, thigh lengths.
    pub hip_back: f64,
    /// Knee joint in front of the landmark, across the shank, thigh lengths.
    pub knee_forward: f64,
    /// Shoulder joint below the landmark, along the trunk, with the arm hanging, trunk lengths.
    pub shoulder_down: f64,
    /// The same with the arm at 90 degrees of flexion or more, trunk lengths.
    pub raised_shoulder_down: f64,
    /// Shoulders in front of the neck with both arms at 90 degrees of flexion, across the trunk, trunk lengths.
    pub protraction: f64,
}

impl Offsets {
    /// Those of the BlazePose family (derived above); none for models they were not measured on.
    #[must_use]
    pub fn of_model(name: &str) -> Option<Self> {
        is_blazepose(name).then_some(Self {
            hip_back: 0.07,
            knee_forward: 0.03,
            shoulder_down: 0.06,
            raised_shoulder_down: 0.03,
            protraction: 0.06,
        })
    }
}

/// What the points of our own `keypoints.csv` are called: corrected already, the neck estimated, by a model that it does not name.
pub const OWN_KEYPOINTS: &str = "sledform keypoints";

/// Whether points of this name were moved to joint centres before.
#[must_use]
pub fn is_corrected(name: &str) -> bool {
    name == OWN_KEYPOINTS
}

/// Whether a model is of the BlazePose family, by the names it goes by.
#[must_use]
pub fn is_blazepose(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["blazepose", "pose_landmark", "pose-landmark", "mediapipe"].iter().any(|n| name.contains(n))
}

/// Whether it is the family's heavy model, which sees a hidden leg as well as any.
#[must_use]
pub fn is_blazepose_heavy(name: &str) -> bool {
    is_blazepose(name) && name.to_ascii_lowercase().contains("heavy")
}

/// Lengths at this share of their distribution: segments foreshorten, never lengthen (docs/science.md B3).
const LENGTH_SHARE: f64 = 0.75;

/// The points with shoulders, hips and knees at their joints, and a neck where the model had none. Where the trunk or the shank is
/// not seen, the direction is unknown and the point stays missing rather than jump.
#[must_use]
pub fn correct(points: &Points, facing: Facing, offsets: Offsets) -> Points {
    let mut out = points.clone();
    let (shoulders, hips) = (points.middle(LimbPoint::Shoulder), points.middle(LimbPoint::Hip));
    let trunk = hips.with(&shoulders, |h, s| s - h);
    let Some(thigh_px) = thigh_length(points) else { return out };
    let back = trunk.map(|up| forward_of(-up, facing) * (-offsets.hip_back * thigh_px));
    for side in Side::BOTH {
        let shoulder = LimbPoint::Shoulder.on(side);
        let below = below_shoulder(points, side, &trunk, facing, offsets);
        *out.get_mut(shoulder) = moved(points.get(shoulder), &below);
        let hip = LimbPoint::Hip.on(side);
        *out.get_mut(hip) = moved(points.get(hip), &back);
        let shank =
            points.limb(LimbPoint::Knee, side).with(points.limb(LimbPoint::Ankle, side), |k, a| a - k);
        let forward = shank.map(|down| forward_of(down, facing) * (offsets.knee_forward * thigh_px));
        let knee = LimbPoint::Knee.on(side);
        *out.get_mut(knee) = moved(points.get(knee), &forward);
    }
    if points.get(Keypoint::MidHip).present().next().is_some() {
        *out.get_mut(Keypoint::MidHip) = moved(points.get(Keypoint::MidHip), &back);
    }
    if points.get(Keypoint::Neck).present().next().is_none() {
        *out.get_mut(Keypoint::Neck) = neck(points, &shoulders, &trunk, facing, offsets);
    }
    out
}

/// The unit vector to the front of a segment, given the direction in which it hangs.
fn forward_of(down: Vector<Ground>, facing: Facing) -> Vector<Ground> {
    down.rotated(Radians(-facing.sign() * std::f64::consts::FRAC_PI_2)) / down.length().max(f64::MIN_POSITIVE)
}

/// The point moved; where there is nothing to say by how much, missing.
fn moved(series: &Series<Point<Ground>>, by: &Series<Vector<Ground>>) -> Series<Point<Ground>> {
    // The point's own confidence and source stay: the direction is that of a long segment.
    Series::new(
        series.iter().enumerate().map(|(i, s)| by.value(i).zip(s).map(|(v, s)| s.map(|p| p + v))).collect(),
    )
}

fn thigh_length(points: &Points) -> Option<f64> {
    let lengths = Side::BOTH.map(|s| {
        let series = points.limb(LimbPoint::Hip, s).with(points.limb(LimbPoint::Knee, s), Point::distance);
        quantile(series.present().map(|(_, l)| l).collect::<Vec<_>>(), LENGTH_SHARE)
    });
    let known: Vec<f64> = lengths.into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// From a shoulder's landmark to its joint. Where the arm is not seen it is taken to be as in the middle of the clip, and to
/// hang where it never is; behind the trunk it counts as hanging.
fn below_shoulder(
    points: &Points,
    side: Side,
    trunk: &Series<Vector<Ground>>,
    facing: Facing,
    offsets: Offsets,
) -> Series<Vector<Ground>> {
    let arm = points.limb(LimbPoint::Shoulder, side).with(points.limb(LimbPoint::Elbow, side), |s, e| e - s);
    // Cosine of arm flexion: how far down along the trunk the upper arm points.
    let hanging = arm.with(trunk, |arm, up| {
        let forward = arm.dot(forward_of(-up, facing)) > 0.0;
        let down = -arm.dot(up) / (arm.length() * up.length()).max(f64::MIN_POSITIVE);
        if forward { down.max(0.0) } else { 1.0 }
    });
    let usual = quantile(hanging.present().map(|(_, h)| h).collect::<Vec<_>>(), 0.5).unwrap_or(1.0);
    let raised = offsets.raised_shoulder_down;
    let at = |i: usize| {
        let share = raised + (offsets.shoulder_down - raised) * hanging.value(i).unwrap_or(usual);
        Some(trunk.get(i)?.map(|up| up * -share))
    };
    Series::new((0..points.samples()).map(at).collect())
}

/// The middle of the shoulders, moved back by what the near arm's reach protracts it.
fn neck(
    points: &Points,
    shoulders: &Series<Point<Ground>>,
    trunk: &Series<Vector<Ground>>,
    facing: Facing,
    offsets: Offsets,
) -> Series<Point<Ground>> {
    let near = facing.near_side();
    let arm = points.limb(LimbPoint::Shoulder, near).with(points.limb(LimbPoint::Elbow, near), |s, e| e - s);
    let at = |i: usize| {
        let (middle, up) = (shoulders.get(i)?, trunk.value(i)?);
        let forward = forward_of(-up, facing);
        // Sine of arm flexion: how far forward of the trunk the upper arm points; without the arm, at rest.
        let reach = arm.value(i).map_or(0.0, |a| a.dot(forward) / a.length().max(f64::MIN_POSITIVE));
        Some(middle.map(|m| m - forward * (offsets.protraction * up.length() * reach)))
    };
    Series::new((0..points.samples()).map(at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::Confidence;

    const OFFSETS: Offsets = Offsets {
        hip_back: 0.07,
        knee_forward: 0.03,
        shoulder_down: 0.06,
        raised_shoulder_down: 0.02,
        protraction: 0.06,
    };

    /// Upright, facing right: thigh 100 px, trunk 120 px, the arms held out in front.
    fn standing(facing: Facing) -> Points {
        let mut points = Points::missing(1);
        for (point, x, y) in [
            (LimbPoint::Shoulder, 0.0, -120.0),
            (LimbPoint::Elbow, 60.0, -120.0),
            (LimbPoint::Hip, 0.0, 0.0),
            (LimbPoint::Knee, 0.0, 100.0),
            (LimbPoint::Ankle, 0.0, 200.0),
        ] {
            for side in Side::BOTH {
                let sample = Sample {
                    value: Point::new(facing.sign() * x, y),
                    confidence: Confidence::new(0.7),
                    source: Source::Measured,
                };
                points.get_mut(point.on(side)).set(0, Some(sample));
            }
        }
        points
    }

    #[test]
    fn shoulders_go_down_hips_back_knees_forward_and_the_neck_behind_reaching_shoulders() {
        for facing in [Facing::Left, Facing::Right] {
            let out = correct(&standing(facing), facing, OFFSETS);
            let forward = |k: Keypoint| out.get(k).value(0).map_or(f64::NAN, |p| facing.sign() * p.x);
            for side in Side::BOTH {
                let down = out.get(LimbPoint::Shoulder.on(side)).value(0).map_or(f64::NAN, |p| p.y + 120.0);
                assert!((down - 0.02 * 120.0).abs() < 1e-9, "{facing:?}");
                assert!((forward(LimbPoint::Hip.on(side)) + 7.0).abs() < 1e-9, "{facing:?}");
                assert!((forward(LimbPoint::Knee.on(side)) - 3.0).abs() < 1e-9, "{facing:?}");
            }
            assert!((forward(Keypoint::Neck) + 0.06 * 120.0).abs() < 1e-9, "{facing:?}");
        }
    }

    #[test]
    fn a_hanging_arms_shoulder_goes_down_most_a_raised_ones_least() {
        // Degrees of flexion, share of the trunk's length: from 0.06 hanging or behind to 0.02 from 90 degrees on.
        for (flexion, expected) in [(0.0, 0.06), (60.0, 0.04), (-60.0, 0.06), (90.0, 0.02), (130.0, 0.02)] {
            let (sin, cos) = f64::to_radians(flexion).sin_cos();
            let mut points = standing(Facing::Left);
            let elbow = points.get(Keypoint::LeftElbow).get(0).expect("set");
            let at = Point::new(-60.0 * sin, -120.0 + 60.0 * cos);
            points.get_mut(Keypoint::LeftElbow).set(0, Some(elbow.map(|_| at)));
            *points.get_mut(Keypoint::RightElbow) = Series::missing(1);
            let out = correct(&points, Facing::Left, OFFSETS);
            let down = |k: Keypoint| out.get(k).value(0).map_or(f64::NAN, |p| (p.y + 120.0) / 120.0);
            assert!((down(Keypoint::LeftShoulder) - expected).abs() < 1e-9, "{flexion}");
            assert!((down(Keypoint::RightShoulder) - 0.06).abs() < 1e-9, "an arm not seen is taken to hang");
        }
    }

    #[test]
    fn a_neck_of_the_models_own_is_left_alone() {
        let mut points = standing(Facing::Right);
        let own = points.get(Keypoint::LeftShoulder).clone();
        *points.get_mut(Keypoint::Neck) = own.clone();
        assert_eq!(*correct(&points, Facing::Right, OFFSETS).get(Keypoint::Neck), own);
    }

    #[test]
    fn without_shoulders_there_is_no_hip_joint_and_no_guess() {
        let mut points = standing(Facing::Right);
        for side in Side::BOTH {
            *points.get_mut(LimbPoint::Shoulder.on(side)) = Series::missing(1);
        }
        assert_eq!(correct(&points, Facing::Right, OFFSETS).get(Keypoint::LeftHip).get(0), None);
    }

    #[test]
    fn offsets_are_known_for_one_family_of_models_only() {
        assert!(Offsets::of_model("pose_landmark_heavy").is_some());
        assert_eq!(Offsets::of_model("HALPE_26"), None);
    }
}
