//! What the whole clip looks like in a handful of numbers: direction, trunk, knees, arms and where the hands are.
//! Recognition alone uses it; faults are judged on metrics.

use crate::gait::stride::{Bout, Direction, Gait};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::{Facing, Movement};
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{Angle, Joint, LimbPoint, Segment, Side};
use crate::units::Radians;
use std::ops::Range;

/// Fewest samples that a value is made of: a third of a second at 30 frames/s.
const LEAST_SAMPLES: usize = 10;

/// A sine's peak-to-peak amplitude over its median distance from the middle: 2 sqrt(2). (It is that over the standard
/// deviation too, which a few misread frames move and the median distance they do not.)
const PEAK_TO_PEAK_OF_MEDIAN_DISTANCE: f64 = 2.828_427;
/// A line through values is taken from pairs at least this share of their number apart, as near ones tell noise [default].
const PAIRS_APART: f64 = 0.25;
/// Of more values than this an even share is paired: pairs grow with the square [default].
const MOST_PAIRED: usize = 300;

/// The look of a clip while the athlete steps: medians, as misread frames must not decide. The arm nearer the camera
/// speaks for both where it is seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posture {
    /// Way of stepping.
    pub direction: Option<Direction>,
    /// Trunk segment angle, positive toward facing.
    pub trunk: Option<Radians>,
    /// Knee flexion of both legs.
    pub knee: Option<Radians>,
    /// Bend of the elbow as it looks in the picture, also where an arm out of the picture's plane hides its true
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
    /// Measures the longest set; none where nobody steps or facing is not known.
    #[must_use]
    pub fn measure(movement: &Movement, gait: &Gait, speed_leg_per_s: Option<f64>) -> Option<Self> {
        Self::of_bout(movement, gait.longest_set()?, speed_leg_per_s)
    }

    /// Measures one bout of stepping; none where facing is not known.
    #[must_use]
    pub fn of_bout(movement: &Movement, bout: &Bout, speed_leg_per_s: Option<f64>) -> Option<Self> {
        let view =
            View { movement, facing: movement.facing?, range: movement.time.range(bout.start, bout.end) };
        let trunk_length = view.trunk_length()?;
        let arm = view.arm();
        let hand = arm.map(|side| view.hand(side)).unwrap_or_default();
        let ahead =
            |track: &[Point<Ground>]| -> Vec<f64> { track.iter().map(|p| p.x / trunk_length).collect() };
        let angle = |angle: Angle| middle(&view.angle(angle)).map(Radians);
        let knees: Vec<f64> =
            Side::BOTH.into_iter().flat_map(|s| view.angle(Angle::joint(Joint::Knee, s))).collect();
        Some(Self {
            direction: bout.direction,
            trunk: angle(Angle::Trunk),
            knee: middle(&knees).map(Radians),
            elbow: arm.and_then(|s| middle(&view.bend(s))).map(Radians),
            arm_swing: arm
                .and_then(|s| swing(&view.angle(Angle::segment(Segment::UpperArm, s))))
                .map(Radians),
            wrist_ahead: middle(&ahead(&hand)),
            wrist_below: middle(&hand.iter().map(|p| p.y / trunk_length).collect::<Vec<_>>()),
            hand_motion: swing(&ahead(&hand)),
            feet_ahead: middle(&ahead(&view.feet())),
            speed_leg_per_s,
            // Two steps make a stride.
            cadence_steps_per_min: Some(bout.stride_frequency.0 * 120.0),
        })
    }

    /// As if the clip were played so many times faster.
    #[must_use]
    pub fn played_faster(self, times: f64) -> Self {
        Self {
            speed_leg_per_s: self.speed_leg_per_s.map(|v| v * times),
            cadence_steps_per_min: self.cadence_steps_per_min.map(|v| v * times),
            ..self
        }
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

fn middle(values: &[f64]) -> Option<f64> {
    if values.len() < LEAST_SAMPLES { None } else { median(values.iter().copied()) }
}

/// Peak-to-peak amplitude of the sine that lies as far from its middle, about a straight line.
fn swing(values: &[f64]) -> Option<f64> {
    middle(values)?;
    let slope = slope(values);
    let level: Vec<f64> = values.iter().enumerate().map(|(i, v)| v - slope * i as f64).collect();
    let centre = middle(&level)?;
    let distance = median(level.iter().map(|v| (v - centre).abs()))?;
    Some(PEAK_TO_PEAK_OF_MEDIAN_DISTANCE * distance)
}

/// Change per sample: the median over pairs of samples (Theil and Sen).
fn slope(values: &[f64]) -> f64 {
    let step = values.len().div_ceil(MOST_PAIRED).max(1);
    let thinned: Vec<f64> = values.iter().copied().step_by(step).collect();
    let apart = ((PAIRS_APART * thinned.len() as f64) as usize).max(1);
    let from = |i: usize| {
        let later = thinned.iter().enumerate().skip(i + apart);
        let own = thinned[i];
        later.map(move |(j, v)| (v - own) / ((j - i) * step) as f64)
    };
    median((0..thinned.len()).flat_map(from)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<f64> {
        (0..n).map(|i| 0.3 * (0.2 * i as f64).sin() + 0.002 * i as f64 + 1.0).collect()
    }

    #[test]
    fn the_swing_of_a_sine_on_a_slope_is_its_peak_to_peak() {
        for n in [150, 4000] {
            let found = swing(&wave(n)).expect("enough values");
            assert!((found - 0.6).abs() < 0.03, "{found} of {n}");
        }
        assert_eq!(swing(&wave(LEAST_SAMPLES - 1)), None);
    }

    #[test]
    fn a_sixth_of_misread_frames_hardly_moves_the_swing() {
        let mut values = wave(150);
        values[..25].fill(9.0);
        let found = swing(&values).expect("enough values");
        assert!((found - 0.6).abs() < 0.2, "{found}");
    }
}
