//! What the whole clip looks like in a handful of numbers: direction, trunk, knees, arms and where the hands are.
//! Recognition alone uses it; faults are judged on metrics.

use crate::gait::stride::{Direction, Gait};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::{Facing, Movement};
use crate::signal::series::Series;
use crate::skeleton::{Angle, Joint, LimbPoint, Segment, Side};
use crate::units::Radians;
use std::ops::Range;

/// Fewest samples that a mean is made of: a third of a second at 30 frames/s.
const LEAST_SAMPLES: usize = 10;

/// A sine's peak-to-peak amplitude over its standard deviation: 2 sqrt(2).
const PEAK_TO_PEAK_OF_SD: f64 = 2.828_427;

/// The look of a clip while the athlete steps. The arm nearer the camera speaks for both where it is seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posture {
    /// Way of stepping.
    pub direction: Option<Direction>,
    /// Mean trunk segment angle, positive toward facing.
    pub trunk: Option<Radians>,
    /// Mean knee flexion of both legs.
    pub knee: Option<Radians>,
    /// Mean bend of the elbow as it looks in the picture, also where an arm out of the picture's plane hides its true
    /// angle: straight arms look straight from anywhere.
    pub elbow: Option<Radians>,
    /// Swing of the upper arm, peak to peak.
    pub arm_swing: Option<Radians>,
    /// Wrist ahead of its shoulder, toward facing, trunk lengths.
    pub wrist_ahead: Option<f64>,
    /// Wrist below its shoulder, trunk lengths.
    pub wrist_below: Option<f64>,
    /// Motion of the wrist relative to its shoulder, fore and aft, peak to peak, trunk lengths.
    pub hand_motion: Option<f64>,
    /// Middle of the ankles ahead of the middle of the hips, toward facing, trunk lengths.
    pub feet_ahead: Option<f64>,
    /// Speed over the ground or belt, leg lengths per second.
    pub speed_leg_per_s: Option<f64>,
    /// Steps per minute.
    pub cadence_steps_per_min: Option<f64>,
}

impl Posture {
    /// Measures the longest bout of stepping; none where nobody steps or facing is not known.
    #[must_use]
    pub fn measure(movement: &Movement, gait: &Gait, speed_leg_per_s: Option<f64>) -> Option<Self> {
        let bout = gait.bouts.iter().max_by(|a, b| (a.end - a.start).0.total_cmp(&(b.end - b.start).0))?;
        let view =
            View { movement, facing: movement.facing?, range: movement.time.range(bout.start, bout.end) };
        let trunk_length = view.trunk_length()?;
        let arm = view.arm();
        let hand = arm.map(|side| view.hand(side)).unwrap_or_default();
        let ahead =
            |track: &[Point<Ground>]| -> Vec<f64> { track.iter().map(|p| p.x / trunk_length).collect() };
        let angle = |angle: Angle| mean(&view.angle(angle)).map(Radians);
        let knees: Vec<f64> =
            Side::BOTH.into_iter().flat_map(|s| view.angle(Angle::joint(Joint::Knee, s))).collect();
        Some(Self {
            direction: bout.direction,
            trunk: angle(Angle::Trunk),
            knee: mean(&knees).map(Radians),
            elbow: arm.and_then(|s| mean(&view.bend(s))).map(Radians),
            arm_swing: arm
                .and_then(|s| swing(&view.angle(Angle::segment(Segment::UpperArm, s))))
                .map(Radians),
            wrist_ahead: mean(&ahead(&hand)),
            wrist_below: mean(&hand.iter().map(|p| p.y / trunk_length).collect::<Vec<_>>()),
            hand_motion: swing(&ahead(&hand)),
            feet_ahead: mean(&ahead(&view.feet())),
            speed_leg_per_s,
            // Two steps make a stride.
            cadence_steps_per_min: Some(bout.stride_frequency.0 * 120.0),
        })
    }
}

/// The part of a movement that is looked at.
struct View<'a> {
    movement: &'a Movement,
    facing: Facing,
    range: Range<usize>,
}

impl View<'_> {
    fn values<T: Copy>(&self, series: &Series<T>) -> Vec<T> {
        self.range.clone().filter_map(|i| series.value(i)).collect()
    }

    fn angle(&self, angle: Angle) -> Vec<f64> {
        self.values(self.movement.angles.get(angle)).into_iter().map(|a| a.0).collect()
    }

    /// From one point to the other, x toward facing and y down, px.
    fn between(&self, from: &Series<Point<Ground>>, to: &Series<Point<Ground>>) -> Vec<Point<Ground>> {
        let sign = self.facing.sign();
        self.values(&from.with(to, |a, b| Point::new(sign * (b.x - a.x), b.y - a.y)))
    }

    fn trunk_length(&self) -> Option<f64> {
        let points = &self.movement.points;
        let trunk = self.between(&points.middle(LimbPoint::Hip), &points.middle(LimbPoint::Shoulder));
        let mut lengths: Vec<f64> = trunk.iter().map(|p| p.x.hypot(p.y)).collect();
        lengths.sort_by(f64::total_cmp);
        lengths.get(lengths.len() / 2).copied().filter(|l| *l > 0.0)
    }

    /// The arm to go by: the nearer, unless the farther is seen twice as often.
    fn arm(&self) -> Option<Side> {
        let near = self.facing.near_side();
        let seen = |side| self.hand(side).len();
        let side = if 2 * seen(near) >= seen(near.mirror()) { near } else { near.mirror() };
        (seen(side) >= LEAST_SAMPLES).then_some(side)
    }

    fn hand(&self, side: Side) -> Vec<Point<Ground>> {
        let points = &self.movement.points;
        self.between(points.limb(LimbPoint::Shoulder, side), points.limb(LimbPoint::Wrist, side))
    }

    /// Angle between upper arm and forearm in the picture, 0 for a straight arm, radians.
    fn bend(&self, side: Side) -> Vec<f64> {
        let [shoulder, elbow, wrist] = [LimbPoint::Shoulder, LimbPoint::Elbow, LimbPoint::Wrist]
            .map(|p| self.movement.points.limb(p, side));
        let [upper, fore] = [shoulder.with(elbow, |a, b| b - a), elbow.with(wrist, |a, b| b - a)];
        self.values(&upper.with(&fore, |u, f| u.cross(f).abs().atan2(u.dot(f))))
    }

    fn feet(&self) -> Vec<Point<Ground>> {
        let points = &self.movement.points;
        self.between(&points.middle(LimbPoint::Hip), &points.middle(LimbPoint::Ankle))
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (values.len() >= LEAST_SAMPLES).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Peak-to-peak amplitude of the sine that varies as much, about a straight line.
fn swing(values: &[f64]) -> Option<f64> {
    let centre = mean(values)?;
    let n = values.len() as f64;
    let time = |i: usize| i as f64 - (n - 1.0) / 2.0;
    let time_square: f64 = (0..values.len()).map(|i| time(i).powi(2)).sum();
    let slope = values.iter().enumerate().map(|(i, v)| time(i) * v).sum::<f64>() / time_square;
    let rest = |(i, v): (usize, &f64)| (v - centre - slope * time(i)).powi(2);
    let variance = values.iter().enumerate().map(rest).sum::<f64>() / n;
    Some(PEAK_TO_PEAK_OF_SD * variance.sqrt())
}
