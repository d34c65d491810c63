//! Segment angles against the vertical and joint angles between segments, from points (docs/science.md B1, B2).
//!
//! The signs are those of ISB and of Sports2D on the same keypoints (docs/science.md, parity): flexion and
//! dorsiflexion positive, 0 = straight or neutral; a segment angle is 0 where the segment hangs (or the trunk stands)
//! upright and grows toward where the athlete faces.

use crate::geometry::{Ground, Point, Vector};
use crate::kinematics::movement::{Angles, Facing, Points};
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{Angle, Joint, Keypoint, LimbPoint, Segment, Side};
use crate::units::Radians;

/// Where the neck point comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neck {
    /// The model's own, or none: then the middle of the shoulders stands in everywhere.
    Model,
    /// Estimated behind the shoulders ([`crate::kinematics::joint_centres`]): the trunk's lean is taken from it, as that
    /// is the lean one sees, while hip and shoulder angles stay against the line to the middle of the shoulders (B2).
    Estimated,
}

/// Every angle at every sample, continuous in time. Without a facing only knee and elbow remain, as sizes without a
/// sign; all else is missing.
#[must_use]
pub fn angles(points: &Points, facing: Option<Facing>, neck: Neck) -> Angles {
    match facing {
        Some(facing) => facing_angles(points, facing, neck),
        None => unsigned_angles(points),
    }
}

fn facing_angles(points: &Points, facing: Facing, neck: Neck) -> Angles {
    let mut out = Angles::missing(points.samples());
    let seen = trunk(points).map(|v| lean(v, facing));
    let trunk = match neck {
        Neck::Model => seen.clone(),
        Neck::Estimated => points
            .middle(LimbPoint::Hip)
            .with(&points.middle(LimbPoint::Shoulder), |h, s| lean(s - h, facing)),
    };
    out.set(Angle::Trunk, unwrapped(&seen));
    for side in Side::BOTH {
        let hang = |from, to| segment(points, from, to, side).map(|v| elevation(v, facing));
        let thigh = hang(LimbPoint::Hip, LimbPoint::Knee);
        let shank = hang(LimbPoint::Knee, LimbPoint::Ankle);
        let upper_arm = hang(LimbPoint::Shoulder, LimbPoint::Elbow);
        let forearm = hang(LimbPoint::Elbow, LimbPoint::Wrist);
        let foot = segment(points, LimbPoint::Heel, LimbPoint::Toe, side).map(|v| pitch(v, facing));
        let joint = |a: &Series<Radians>, b: &Series<Radians>, sign: f64| {
            a.with(b, |x, y| Radians(x.0 + sign * y.0).wrapped())
        };
        let joints = [
            (Joint::Knee, joint(&thigh, &shank, -1.0)),
            (Joint::Hip, joint(&thigh, &trunk, 1.0)),
            (Joint::Ankle, joint(&foot, &shank, -1.0)),
            (Joint::Shoulder, joint(&upper_arm, &trunk, 1.0)),
            (Joint::Elbow, joint(&forearm, &upper_arm, -1.0)),
        ];
        for (which, series) in joints {
            out.set(Angle::joint(which, side), unwrapped(&series));
        }
        let segments = [
            (Segment::Thigh, thigh),
            (Segment::Shank, shank),
            (Segment::UpperArm, upper_arm),
            (Segment::Forearm, forearm),
            (Segment::Foot, foot),
        ];
        for (which, series) in segments {
            out.set(Angle::segment(which, side), unwrapped(&series));
        }
    }
    out
}

/// Knee and elbow as the angle off straight, which needs no facing.
fn unsigned_angles(points: &Points) -> Angles {
    let mut out = Angles::missing(points.samples());
    for side in Side::BOTH {
        let bend = |a, b, c| {
            segment(points, a, b, side)
                .with(&segment(points, b, c, side), |u, v| Radians(u.cross(v).atan2(u.dot(v)).abs()))
        };
        out.set(Angle::joint(Joint::Knee, side), bend(LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle));
        out.set(
            Angle::joint(Joint::Elbow, side),
            bend(LimbPoint::Shoulder, LimbPoint::Elbow, LimbPoint::Wrist),
        );
    }
    out
}

/// Lower to upper end of the trunk: the model's own mid-hip and neck where it has them, else the middles of the sides.
pub(crate) fn trunk(points: &Points) -> Series<Vector<Ground>> {
    let own_or = |own: Keypoint, middle: LimbPoint| {
        let (own, middle) = (points.get(own), points.middle(middle));
        Series::new((0..points.samples()).map(|i| own.get(i).or_else(|| middle.get(i))).collect())
    };
    let bottom: Series<Point<Ground>> = own_or(Keypoint::MidHip, LimbPoint::Hip);
    bottom.with(&own_or(Keypoint::Neck, LimbPoint::Shoulder), |hip, neck| neck - hip)
}

fn segment(points: &Points, from: LimbPoint, to: LimbPoint, side: Side) -> Series<Vector<Ground>> {
    points.limb(from, side).with(points.limb(to, side), |p, d| d - p)
}

/// Of a limb from its upper end: 0 hanging, positive with the lower end in front.
fn elevation(v: Vector<Ground>, facing: Facing) -> Radians {
    Radians((facing.sign() * v.x).atan2(v.y))
}

/// Of the trunk from its lower end: 0 upright, positive leaning forward.
fn lean(v: Vector<Ground>, facing: Facing) -> Radians {
    Radians((facing.sign() * v.x).atan2(-v.y))
}

/// Of the foot from the heel: 0 flat, positive toes up.
fn pitch(v: Vector<Ground>, facing: Facing) -> Radians {
    Radians((-v.y).atan2(facing.sign() * v.x))
}

/// Continuous in time by whole turns only (never by half turns, which would turn real jumps into offsets), and centred
/// on the turn nearest to zero: a first sample that is off must not carry the whole series round.
fn unwrapped(series: &Series<Radians>) -> Series<Radians> {
    let mut before: Option<f64> = None;
    let continuous = series.map(|angle| {
        let next = before.map_or(angle.0, |b| b + Radians(angle.0 - b).wrapped().0);
        before = Some(next);
        Radians(next)
    });
    let middle = median(continuous.present().map(|(_, a)| a.0)).map_or(0.0, |m| m - Radians(m).wrapped().0);
    continuous.map(|a| Radians(a.0 - middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::Confidence;

    fn series(degrees: &[f64]) -> Series<Radians> {
        let sample = |d: &f64| Sample {
            value: Radians::from_degrees(*d),
            confidence: Confidence::FULL,
            source: Source::Measured,
        };
        Series::new(degrees.iter().map(|d| Some(sample(d))).collect())
    }

    #[test]
    fn a_first_sample_that_is_off_does_not_carry_the_series_round() {
        let angles: Vec<f64> = unwrapped(&series(&[-170.0, 175.0, 60.0, 20.0, 15.0, 10.0]))
            .present()
            .map(|(_, a)| a.to_degrees().round())
            .collect();
        assert_eq!(angles[3..], [20.0, 15.0, 10.0]);
    }

    #[test]
    fn a_real_jump_stays_and_a_full_turn_goes() {
        // Sports2D's unwrapping by half turns makes 10, 40, -45, -120 of the first (docs/science.md, parity, defect 3).
        let kept: Vec<f64> =
            unwrapped(&series(&[10.0, 40.0, 135.0, 60.0])).present().map(|(_, a)| a.to_degrees()).collect();
        for (a, b) in kept.iter().zip([10.0, 40.0, 135.0, 60.0]) {
            assert!((a - b).abs() < 1e-9);
        }
        let turned = unwrapped(&series(&[170.0, -175.0]));
        assert!(turned.value(1).is_some_and(|a| (a.to_degrees() - 185.0).abs() < 1e-9));
    }
}
