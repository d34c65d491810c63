//! A stick figure that steps as told, for tests with known answers: feet at rest in stance, minimum-jerk swings, knees
//! where two rigid segments put them.

use super::stride::EventKind;
use super::truth::{TruthEvent, sample};
use crate::camera::perspective::Perspective;
use crate::kinematics::movement::{Angles, Facing, Movement, Points};
use crate::kinematics::turns::Turns;
use crate::signal::series::TimeBase;
use crate::skeleton::{Angle, LimbPoint, Side};
use crate::units::{Hertz, Radians, Seconds};

/// Pixels per metre, and lengths in metres.
pub const SCALE: f64 = 200.0;
const THIGH: f64 = 0.43;
const SHANK: f64 = 0.42;
const HIP_HEIGHT: f64 = 0.84;
const CLEARANCE: f64 = 0.06;

#[derive(Clone, Debug)]
pub struct Walker {
    pub rate_hz: f64,
    pub stride_s: f64,
    pub duty: f64,
    /// Along the way the athlete faces; negative goes backward.
    pub speed: f64,
    /// Stepping at that speed, but the ground comes back.
    pub treadmill: bool,
    pub facing: Facing,
    /// (seconds, stepping?) one after the other.
    pub plan: Vec<(f64, bool)>,
}

impl Default for Walker {
    fn default() -> Self {
        Self {
            rate_hz: 30.0,
            stride_s: 1.1,
            duty: 0.62,
            speed: 0.8,
            treadmill: false,
            facing: Facing::Right,
            plan: vec![(6.0, true)],
        }
    }
}

impl Walker {
    /// Time spent stepping until `t`.
    fn stepping_time(&self, t: f64) -> f64 {
        let mut left = t;
        let mut stepped = 0.0;
        for &(duration, steps) in &self.plan {
            let part = left.clamp(0.0, duration);
            stepped += if steps { part } else { 0.0 };
            left -= part;
        }
        stepped
    }

    fn duration(&self) -> f64 {
        self.plan.iter().map(|p| p.0).sum()
    }

    /// Initial contact number `k` of a side, in stepping time.
    fn contact(&self, side: Side, k: i32) -> f64 {
        (f64::from(k) + 0.5 * side.index() as f64 + 0.13) * self.stride_s
    }

    /// Place of a foot along the way faced, and its height, m.
    fn foot(&self, side: Side, tau: f64) -> (f64, f64) {
        let k = ((tau / self.stride_s) - 0.5 * side.index() as f64 - 0.13).floor();
        let landed = self.contact(side, k as i32);
        let place = |landed: f64| self.speed * (landed + 0.5 * self.duty * self.stride_s);
        let swing = ((tau - landed) / self.stride_s - self.duty) / (1.0 - self.duty);
        let s = swing.clamp(0.0, 1.0);
        let step = s * s * s * (10.0 + s * (6.0 * s - 15.0));
        let (from, to) = (place(landed), place(landed + self.stride_s));
        (from + (to - from) * step, CLEARANCE * (16.0 * s * s * (1.0 - s) * (1.0 - s)))
    }

    pub fn movement(&self) -> Movement {
        let len = (self.duration() * self.rate_hz) as usize;
        let mut points = Points::missing(len);
        for i in 0..len {
            let tau = self.stepping_time(i as f64 / self.rate_hz);
            let back = if self.treadmill { self.speed * tau } else { 0.0 };
            let hip = (self.speed * tau, HIP_HEIGHT);
            for side in Side::BOTH {
                let (foot_x, foot_y) = self.foot(side, tau);
                let ankle = (foot_x, foot_y + 0.08);
                let knee = knee(hip, ankle);
                let mut set = |point: LimbPoint, at: (f64, f64)| {
                    let x = 480.0 + self.facing.sign() * (at.0 - back) * SCALE;
                    points.get_mut(point.on(side)).set(i, Some(sample(x, 500.0 - at.1 * SCALE)));
                };
                set(LimbPoint::Hip, hip);
                set(LimbPoint::Shoulder, (hip.0, hip.1 + 0.5));
                set(LimbPoint::Knee, knee);
                set(LimbPoint::Ankle, ankle);
                set(LimbPoint::Heel, (foot_x - 0.06, foot_y));
                set(LimbPoint::Toe, (foot_x + 0.18, foot_y));
            }
        }
        Movement {
            time: TimeBase { start: Seconds(0.0), rate: Hertz(self.rate_hz), len },
            unfiltered: points.clone(),
            points,
            facing: Some(self.facing),
            turns: Turns::default(),
            cuts: Vec::new(),
            angles: Angles::missing(len),
            angle_uncertainty: vec![Radians(0.07); Angle::COUNT],
            leg_error_factor: 1.0,
            hidden_legs_are_wrong: false,
            perspective: Perspective::NONE,
            standpoint: None,
            ground_is_fixed: true,
        }
    }

    /// Every event of a plan that steps from beginning to end.
    pub fn events(&self) -> Vec<TruthEvent> {
        let last = self.duration() - 1.0 / self.rate_hz;
        let mut events = Vec::new();
        for side in Side::BOTH {
            for k in -2..=(last / self.stride_s) as i32 {
                let landed = self.contact(side, k);
                let left = landed + self.duty * self.stride_s;
                for (time_s, kind) in
                    [(landed, EventKind::InitialContact), (left, EventKind::TerminalContact)]
                {
                    if (0.0..=last).contains(&time_s) {
                        events.push(TruthEvent { time_s, side, kind });
                    }
                }
            }
        }
        events
    }
}

/// Where the knee is, bent forward, or on the straight line where the leg is stretched too far.
fn knee(hip: (f64, f64), ankle: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (ankle.0 - hip.0, ankle.1 - hip.1);
    let reach = dx.hypot(dy);
    let along = ((THIGH * THIGH - SHANK * SHANK + reach * reach) / (2.0 * reach)).min(THIGH);
    let out = (THIGH * THIGH - along * along).max(0.0).sqrt();
    (hip.0 + (dx * along - dy * out) / reach, hip.1 + (dy * along + dx * out) / reach)
}
