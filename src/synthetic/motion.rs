//! How the athlete moves: feet, hips, trunk and arms as functions of time, and the leg angles that follow from them.
//!
//! Lengths are shares of leg length (thigh and shank), forward is where the athlete faces, up is up. Backward travel is
//! forward travel with time reversed (Grasso 1998: elevation angles of backward gait are those of forward gait reversed).

use crate::gait::stride::{Direction, EventKind};
use crate::skeleton::Side;
use crate::units::{Radians, Seconds};
use std::f64::consts::{PI, TAU};

/// Thigh length as a share of stature (Drillis and Contini 1966, in Winter 2009).
const THIGH_STATURE: f64 = 0.245;
/// Shank length as a share of stature (the same).
const SHANK_STATURE: f64 = 0.246;
/// Stature in leg lengths.
pub(super) const STATURE: f64 = 1.0 / (THIGH_STATURE + SHANK_STATURE);
/// Thigh length, share of leg length.
pub(super) const THIGH: f64 = THIGH_STATURE * STATURE;
/// Shank length, share of leg length.
pub(super) const SHANK: f64 = SHANK_STATURE * STATURE;
/// Ankle above the sole: 0.039 of stature (the same).
pub(super) const ANKLE_HEIGHT: f64 = 0.039 * STATURE;
/// Ankle to big toe along the sole: 0.110 of stature; the rest of a foot of 0.152 lies behind the ankle.
pub(super) const ANKLE_TO_TOE: f64 = 0.110 * STATURE;
/// Heel to ankle along the sole.
pub(super) const HEEL_TO_ANKLE: f64 = 0.042 * STATURE;
/// Share of the stance (at its end going forward, its start going backward) in which the heel is off the floor.
const ROLL_SHARE: f64 = 0.35;
/// Samples of a stride from which the thigh's fundamental is taken; the figure is smooth, so more change nothing.
const FUNDAMENTAL_SAMPLES: usize = 180;

/// What the upper arms do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmSwing {
    /// Mean upper-arm angle against the vertical, forward positive.
    pub mean: Radians,
    /// Peak-to-peak of the swing, left and right; 0 = still.
    pub amplitude: [Radians; 2],
    /// Swing against the opposite thigh's fundamental, left arm and right arm: 0 = moving together.
    pub phase: [Radians; 2],
    /// Swings per stride: 1, or 2 for arms that swing once a step.
    pub swings_per_stride: u32,
    /// Constant elbow flexion.
    pub elbow: Radians,
}

/// A periodic way of moving.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Direction of stepping.
    pub direction: Direction,
    /// Strides per second.
    pub stride_hz: f64,
    /// Speed over what it stands on, leg lengths per second, at least 0.
    pub speed_leg_per_s: f64,
    /// Share of the stride that a foot stands.
    pub duty: f64,
    /// Ankle ahead of the hip in the middle of stance, leg lengths.
    pub foot_ahead_leg: f64,
    /// Mean height of the hips over the sole, leg lengths.
    pub hip_height_leg: f64,
    /// Rise and fall of the hips, twice a stride, half of peak-to-peak, leg lengths.
    pub hip_bob_leg: f64,
    /// How high the toe is lifted, leg lengths.
    pub clearance_leg: f64,
    /// How far the foot rolls over the toe: toes down by this at the end of stance (forward) or its start (backward).
    pub toe_roll: Radians,
    /// Mean trunk angle, forward positive.
    pub trunk: Radians,
    /// Half of peak-to-peak of the trunk's nodding, twice a stride.
    pub trunk_nod: Radians,
    /// The arms.
    pub arms: ArmSwing,
}

/// A foot relative to the point of the sole below the hips; forward and up, leg lengths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foot {
    pub(super) ankle: (f64, f64),
    pub(super) heel: (f64, f64),
    pub(super) toe: (f64, f64),
    /// Toes up positive.
    pub(super) pitch: f64,
}

/// A leg: segment angles against the vertical, distal end forward positive, and its foot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leg {
    pub(super) thigh: f64,
    pub(super) shank: f64,
    pub(super) foot: Foot,
}

impl Motion {
    /// Time as it runs for a forward walker, in strides; the left foot lands at whole numbers.
    fn forward_phase(&self, time: Seconds) -> f64 {
        self.direction.sign() * time.0 * self.stride_hz
    }

    fn leg_phase(&self, side: Side, time: Seconds) -> f64 {
        self.forward_phase(time) + if side == Side::Left { 0.0 } else { 0.5 }
    }

    /// Where the hips are over the floor, forward and up, leg lengths.
    pub(super) fn hips(&self, time: Seconds) -> (f64, f64) {
        let forward = self.direction.sign() * self.speed_leg_per_s * time.0;
        (forward, self.hip_height(self.forward_phase(time)))
    }

    fn hip_height(&self, phase: f64) -> f64 {
        // Twice a stride, highest in the middle of stance.
        self.hip_height_leg + self.hip_bob_leg * (2.0 * TAU * (phase - self.duty / 2.0)).cos()
    }

    /// Trunk angle.
    pub(super) fn trunk_at(&self, time: Seconds) -> f64 {
        self.trunk.0 + self.trunk_nod.0 * (2.0 * TAU * self.forward_phase(time)).sin()
    }

    /// A leg at a time.
    pub(super) fn leg(&self, side: Side, time: Seconds) -> Leg {
        self.leg_at_phase(self.leg_phase(side, time))
    }

    /// A leg at a phase of its own stride of a forward walker, initial contact at 0.
    fn leg_at_phase(&self, phase: f64) -> Leg {
        let foot = self.foot(phase.rem_euclid(1.0));
        // The bob has two waves a stride, so that both legs' phases give the same height.
        let (forward, up) = (foot.ankle.0, foot.ankle.1 - self.hip_height(phase));
        let distance = forward.hypot(up).min(THIGH + SHANK);
        let flexion = PI - angle_opposite(distance, THIGH, SHANK);
        // From the vertical to the line hip-ankle, then on to the thigh, which lies forward of it: knees bend forward.
        let line = forward.atan2(-up);
        let thigh = line + angle_opposite(SHANK, THIGH, distance);
        Leg { thigh, shank: thigh - flexion, foot }
    }

    /// The foot at a phase in [0, 1), relative to the floor below the hips.
    fn foot(&self, phase: f64) -> Foot {
        let stride = self.speed_leg_per_s / self.stride_hz;
        let swing = ((phase - self.duty) / (1.0 - self.duty)).max(0.0);
        let carried = (self.duty / 2.0 - phase) * stride + stride * smooth(swing);
        let toe = (self.foot_ahead_leg + ANKLE_TO_TOE + carried, self.clearance_leg * lift(swing));
        let pitch = -self.toe_roll.0 * self.rolled(phase, swing);
        let about_toe = |back: f64, up: f64| {
            let (sin, cos) = pitch.sin_cos();
            (toe.0 - back * cos - up * sin, toe.1 - back * sin + up * cos)
        };
        let heel_to_toe = HEEL_TO_ANKLE + ANKLE_TO_TOE;
        Foot { ankle: about_toe(ANKLE_TO_TOE, ANKLE_HEIGHT), heel: about_toe(heel_to_toe, 0.0), toe, pitch }
    }

    fn rolled(&self, phase: f64, swing: f64) -> f64 {
        if swing > 0.0 {
            1.0 - smooth(swing)
        } else {
            smooth((1.0 - (self.duty - phase) / (self.duty * ROLL_SHARE)).clamp(0.0, 1.0))
        }
    }

    /// An upper arm's angle.
    pub(super) fn upper_arm(&self, side: Side, time: Seconds) -> f64 {
        let arms = &self.arms;
        if arms.amplitude[side.index()].0 == 0.0 {
            return arms.mean.0;
        }
        let opposite = self.thigh_fundamental_phase() + if side == Side::Left { PI } else { 0.0 };
        let lead = self.direction.sign() * arms.phase[side.index()].0;
        let turns = f64::from(arms.swings_per_stride) * self.forward_phase(time);
        arms.mean.0 + arms.amplitude[side.index()].0 / 2.0 * (TAU * turns + opposite + lead).cos()
    }

    /// Phase of the left thigh's fundamental, as for a forward walker, at phase 0.
    fn thigh_fundamental_phase(&self) -> f64 {
        let (mut c, mut d) = (0.0, 0.0);
        for i in 0..FUNDAMENTAL_SAMPLES {
            let phase = i as f64 / FUNDAMENTAL_SAMPLES as f64;
            let thigh = self.leg_at_phase(phase).thigh;
            c += thigh * (TAU * phase).cos();
            d += thigh * (TAU * phase).sin();
        }
        (-d).atan2(c)
    }

    /// Times of a foot's events in a span, s, ascending.
    pub(super) fn event_times(&self, side: Side, kind: EventKind, until: Seconds) -> Vec<Seconds> {
        // For a backward walker, time reversed, the foot lands where a forward one's leaves.
        let leaves = (kind == EventKind::TerminalContact) == (self.direction == Direction::Forward);
        let phase = if leaves { self.duty } else { 0.0 } - if side == Side::Left { 0.0 } else { 0.5 };
        let first = self.direction.sign() * phase / self.stride_hz;
        let period = 1.0 / self.stride_hz;
        let start = first - (first / period).floor() * period;
        let count = ((until.0 - start) / period).floor() + 1.0;
        (0..count.max(0.0) as u32).map(|k| Seconds(start + f64::from(k) * period)).collect()
    }

    /// Step length, leg lengths.
    #[must_use]
    pub fn step_length_leg(&self) -> f64 {
        self.speed_leg_per_s / self.stride_hz / 2.0
    }

    /// Steps per minute.
    #[must_use]
    pub fn cadence_steps_per_min(&self) -> f64 {
        120.0 * self.stride_hz
    }
}

/// From 0 to 1 with rest at both ends: a cubic, so that a foot gets going at once.
fn smooth(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// From the floor to 1 and back with no jump of speed, but off at once: between a parabola and a cosine.
fn lift(share: f64) -> f64 {
    (4.0 * share * (1.0 - share)).powf(1.5)
}

/// The angle opposite side `a` of a triangle with sides `a`, `b`, `c`.
fn angle_opposite(a: f64, b: f64, c: f64) -> f64 {
    ((b * b + c * c - a * a) / (2.0 * b * c)).clamp(-1.0, 1.0).acos()
}

#[cfg(test)]
mod tests {
    use super::super::Exercise;

    #[test]
    fn no_leg_has_to_stretch_to_reach_its_foot() {
        for exercise in Exercise::ALL {
            let motion = exercise.motion();
            for i in 0..400 {
                let leg = motion.leg_at_phase(f64::from(i) / 400.0);
                let flexion = (leg.thigh - leg.shank).to_degrees();
                assert!((5.0..130.0).contains(&flexion), "{exercise:?} at {i}: knee {flexion}");
            }
        }
    }

    #[test]
    fn a_planted_toe_does_not_move_and_a_lifted_one_is_off_the_floor() {
        for exercise in Exercise::ALL {
            let motion = exercise.motion();
            let stride = motion.speed_leg_per_s / motion.stride_hz;
            for i in 0..400 {
                let phase = f64::from(i) / 400.0;
                let toe = motion.foot(phase).toe;
                let planted = motion.foot(0.0).toe.0;
                if phase <= motion.duty {
                    assert!((toe.0 + phase * stride - planted).abs() < 1e-12 && toe.1.abs() < 1e-12);
                } else {
                    assert!(toe.1 > 0.0);
                }
            }
        }
    }
}
