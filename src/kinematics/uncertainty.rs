//! The systematic error to expect of each angle: model, far side, view, roll, and what is left of joint-centre offsets.

use crate::camera::yaw::{Yaw, segment_error};
use crate::kinematics::foreshortening::InPlane;
use crate::kinematics::joint_centres::{is_blazepose, is_blazepose_heavy, is_corrected};
use crate::kinematics::movement::{Angles, Facing};
use crate::skeleton::{Angle, AngleKind, Joint, Segment, Side};
use crate::units::Radians;

/// What the uncertainty depends on besides the angles themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Which way the athlete faces; unknown counts both sides as far.
    pub facing: Option<Facing>,
    /// How far the view is from the side, if known.
    pub yaw: Option<Yaw>,
    /// One standard deviation of the roll left in the points.
    pub roll_left: Radians,
    /// Whether hips and knees are still the model's landmarks, offset included.
    pub landmarks_only: bool,
    /// How many times larger than D2's the model's errors at the legs are.
    pub leg_error_factor: f64,
    /// Share of the frames in which it is not sure which leg is which, 0 to 1,
    pub legs_in_doubt: f64,
    /// and which arm.
    pub arms_in_doubt: f64,
    /// Share of the frames in which the picture's edge cuts off the foot, left first, 0 to 1.
    pub feet_cut: [f64; 2],
    /// How much of each arm lies in the picture's plane, left first; none where not seen.
    pub arms: [Option<InPlane>; 2],
    /// Standing height of the athlete in the picture, px, if known.
    pub person_height_px: Option<f64>,
}

/// Error of a single lateral camera in good conditions, degrees (docs/science.md B10, D2).
fn model_error_deg(kind: AngleKind) -> f64 {
    match kind {
        AngleKind::Segment(Segment::Trunk | Segment::Thigh) => 4.0,
        AngleKind::Segment(Segment::Shank | Segment::UpperArm) => 5.0,
        // Not tabled: the forearm as an upper arm with one more joint, the arm against the trunk as the two together.
        AngleKind::Joint(Joint::Knee | Joint::Hip | Joint::Shoulder)
        | AngleKind::Segment(Segment::Forearm) => 6.0,
        // Not tabled: the elbow with the wrist's error as the ankle with the toe's, the foot as the ankle.
        AngleKind::Segment(Segment::Foot) | AngleKind::Joint(Joint::Ankle | Joint::Elbow) => 8.0,
    }
}

/// How many times larger the errors of the full and of the lite model at the legs are than those of D2; on rendered truth 1.1 to
/// 1.7 and 1.3 to 2.9 times those of the heavy one, which D2 is wider than already (docs/science.md D2).
const FULL_LEG_ERRORS: f64 = 1.2;
const LITE_LEG_ERRORS: f64 = 1.5;

/// How many times larger than those of D2 a model's errors at the legs are: 1 unless it may be one that
/// is known to see them less well.
#[must_use]
pub fn leg_error_factor(model: &str) -> f64 {
    if is_corrected(model) {
        return FULL_LEG_ERRORS;
    }
    let model = model.to_ascii_lowercase();
    if !is_blazepose(&model) || is_blazepose_heavy(&model) {
        1.0
    } else if model.contains("lite") {
        LITE_LEG_ERRORS
    } else {
        // The full one, and one of the family that does not say which.
        FULL_LEG_ERRORS
    }
}

/// Whether a leg that the model hardly sees, by its confidence, is also seen wrongly: of the family's full and lite model, by what
/// they are seen to do (docs/science.md B9). Of the heavy one a low confidence says hidden, and the errors are no larger; of
/// others nothing is known.
#[must_use]
pub fn hidden_legs_are_wrong(model: &str) -> bool {
    let model = model.to_ascii_lowercase();
    is_blazepose(&model) && ["full", "lite"].iter().any(|name| model.contains(name))
}

/// What a hip landmark 40 mm off its joint does to a thigh of 0.43 m and a trunk of 0.50 m (docs/science.md D1),
/// degrees; in quadrature where no offset was taken out.
const HIP_OFFSET_ON_THIGH_DEG: f64 = 5.3;
const HIP_OFFSET_ON_TRUNK_DEG: f64 = 4.6;

/// What the offsets of landmarks add, degrees.
fn landmark_error_deg(kind: AngleKind) -> f64 {
    match kind {
        AngleKind::Segment(Segment::Trunk) | AngleKind::Joint(Joint::Shoulder) => HIP_OFFSET_ON_TRUNK_DEG,
        AngleKind::Segment(Segment::Thigh) | AngleKind::Joint(Joint::Knee) => HIP_OFFSET_ON_THIGH_DEG,
        // The offset turns both the same way, so the two add up.
        AngleKind::Joint(Joint::Hip) => HIP_OFFSET_ON_THIGH_DEG + HIP_OFFSET_ON_TRUNK_DEG,
        _ => 0.0,
    }
}

/// Added in quadrature for limbs on the far side (docs/science.md D2).
const FAR_SIDE_DEG: f64 = 3.0;
/// Below this height the model's noise of a pixel or two is no longer small (docs/science.md F7: 200 px not judged);
const SMALL_PERSON_PX: f64 = 400.0;
/// added in quadrature at half that height, in proportion below and above: a default (D2 gives 2 for blur).
const SMALL_PERSON_DEG: f64 = 2.0;

/// What a foot beyond the picture's edge does to knee and shank: the model sets the ankle onto the edge. Added in
/// quadrature by the share of such frames (docs/science.md E).
const CUT_FOOT_DEG: f64 = 8.0;

/// One standard deviation per angle, in the order of [`Angle::ALL`].
#[must_use]
pub fn of_angles(angles: &Angles, conditions: &Conditions) -> Vec<Radians> {
    Angle::ALL.into_iter().map(|angle| of_angle(angles, angle, conditions)).collect()
}

fn of_angle(angles: &Angles, angle: Angle, conditions: &Conditions) -> Radians {
    let arm = angle.side().and_then(|side| conditions.arms[usize::from(side == Side::Right)]);
    let leg = if is_of_leg(angle.kind()) { conditions.leg_error_factor } else { 1.0 };
    let model =
        leg * model_error_deg(angle.kind()).to_radians() * arm.map_or(1.0, |a| widening(a, angle.kind()));
    let depth = arm.map_or(0.0, |a| depth_error(angles, angle, a));
    let far = match (angle.side(), conditions.facing) {
        (None, _) => 0.0,
        (Some(side), Some(facing)) if facing.near_side() == side => 0.0,
        _ => leg * FAR_SIDE_DEG.to_radians(),
    };
    let roll = if matches!(angle.kind(), AngleKind::Segment(_)) { conditions.roll_left.0 } else { 0.0 };
    let small = conditions.person_height_px.map_or(0.0, |h| {
        SMALL_PERSON_DEG.to_radians() * ((SMALL_PERSON_PX - h) / (SMALL_PERSON_PX / 2.0)).max(0.0)
    });
    let cut = match (angle.side(), angle.kind()) {
        (Some(side), AngleKind::Joint(Joint::Knee) | AngleKind::Segment(Segment::Shank)) => {
            CUT_FOOT_DEG.to_radians() * conditions.feet_cut[usize::from(side == Side::Right)].sqrt()
        }
        _ => 0.0,
    };
    let landmark =
        if conditions.landmarks_only { landmark_error_deg(angle.kind()).to_radians() } else { 0.0 };
    let sides = in_doubt(angle, conditions) * between_sides(angles, angle);
    let view = conditions.yaw.map_or(0.0, |yaw| view_error(angles, angle, yaw));
    Radians(
        [model, far, roll, small, cut, landmark, sides, view, depth]
            .iter()
            .map(|e| e * e)
            .sum::<f64>()
            .sqrt(),
    )
}

/// Noise turns a segment that looks shorter by more, and with it the joint it ends in.
fn widening(arm: InPlane, kind: AngleKind) -> f64 {
    match kind {
        AngleKind::Segment(segment) => arm.widening(segment),
        AngleKind::Joint(Joint::Shoulder) => arm.widening(Segment::UpperArm),
        // The elbow has its own, below.
        AngleKind::Joint(_) => 1.0,
    }
}

/// Root mean square over the clip of how far an elbow may be from how it is seen.
fn depth_error(angles: &Angles, angle: Angle, arm: InPlane) -> f64 {
    if angle.kind() != AngleKind::Joint(Joint::Elbow) {
        return 0.0;
    }
    let squares: Vec<f64> =
        angles.get(angle).present().map(|(_, seen)| arm.elbow_error(seen).0.powi(2)).collect();
    if squares.is_empty() { 0.0 } else { (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() }
}

/// Hips count with the legs: they go by the thigh.
#[must_use]
pub fn is_of_leg(kind: AngleKind) -> bool {
    match kind {
        AngleKind::Segment(Segment::Thigh | Segment::Shank | Segment::Foot)
        | AngleKind::Joint(Joint::Knee | Joint::Hip | Joint::Ankle) => true,
        AngleKind::Segment(Segment::Trunk | Segment::UpperArm | Segment::Forearm)
        | AngleKind::Joint(Joint::Shoulder | Joint::Elbow) => false,
    }
}

/// Share of the frames in which an angle may be the other side's.
fn in_doubt(angle: Angle, conditions: &Conditions) -> f64 {
    match angle.kind() {
        AngleKind::Segment(Segment::Trunk) => 0.0,
        kind if is_of_leg(kind) => conditions.legs_in_doubt,
        _ => conditions.arms_in_doubt,
    }
}

/// How far apart the two sides are, root mean square over the clip; 0 where they are never seen together.
fn between_sides(angles: &Angles, angle: Angle) -> f64 {
    let Some(side) = angle.side() else { return 0.0 };
    let other = angles.get(Angle::of(angle.kind(), side.mirror()));
    let apart = angles.get(angle).with(other, |a, b| Radians(a.0 - b.0).wrapped().0.powi(2));
    let squares: Vec<f64> = apart.present().map(|(_, square)| square).collect();
    if squares.is_empty() { 0.0 } else { (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() }
}

/// Root mean square over the clip of what the yaw takes off the angle: off a segment's own, off a joint's two segments.
fn view_error(angles: &Angles, angle: Angle, yaw: Yaw) -> f64 {
    segments_of(angle).into_iter().map(|s| segment_view_error(angles, s, yaw)).sum()
}

fn segment_view_error(angles: &Angles, segment: Angle, yaw: Yaw) -> f64 {
    let squares: Vec<f64> =
        angles.get(segment).present().map(|(_, a)| segment_error(a, yaw.angle).0.powi(2)).collect();
    if squares.is_empty() { 0.0 } else { (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() }
}

/// The segments an angle is made of.
fn segments_of(angle: Angle) -> Vec<Angle> {
    let side = angle.side().unwrap_or(crate::skeleton::Side::Left);
    let pair = |a, b| vec![Angle::segment(a, side), Angle::segment(b, side)];
    match angle.kind() {
        AngleKind::Segment(_) => vec![angle],
        AngleKind::Joint(Joint::Knee) => pair(Segment::Thigh, Segment::Shank),
        AngleKind::Joint(Joint::Hip) => pair(Segment::Thigh, Segment::Trunk),
        AngleKind::Joint(Joint::Ankle) => pair(Segment::Shank, Segment::Foot),
        AngleKind::Joint(Joint::Shoulder) => pair(Segment::UpperArm, Segment::Trunk),
        AngleKind::Joint(Joint::Elbow) => pair(Segment::UpperArm, Segment::Forearm),
    }
}
