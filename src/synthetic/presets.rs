//! The five exercises as ways of moving, near the values of real clips of them.

use super::motion::{ArmSwing, Motion};
use crate::gait::stride::Direction;
use crate::units::Radians;

/// A sled exercise, as the synthetic athlete does it well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exercise {
    /// Hands on the posts, leaning in, forward.
    SledPush,
    /// Back against the sled, backward.
    BackwardSledPush,
    /// Arms wrapped round the handles, slowly backward.
    ReverseSledPush,
    /// Harness, quick and backward with pumping arms.
    SledBackpedal,
    /// Straps in the hands, slowly backward.
    BackwardSledDrag,
}

impl Exercise {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::SledPush,
        Self::BackwardSledPush,
        Self::ReverseSledPush,
        Self::SledBackpedal,
        Self::BackwardSledDrag,
    ];

    /// How it moves.
    #[must_use]
    pub fn motion(self) -> Motion {
        let backward = base();
        match self {
            Self::SledPush => Motion {
                direction: Direction::Forward,
                stride_hz: 1.02,
                speed_leg_per_s: 1.05,
                duty: 0.62,
                foot_ahead_leg: -0.26,
                hip_height_leg: 0.98,
                toe_roll: degrees(35.0),
                trunk: degrees(45.0),
                arms: still(50.0, 15.0),
                ..backward
            },
            Self::BackwardSledPush => Motion {
                stride_hz: 0.83,
                speed_leg_per_s: 0.67,
                duty: 0.65,
                foot_ahead_leg: 0.25,
                hip_height_leg: 0.88,
                trunk: degrees(-6.0),
                arms: still(-20.0, 40.0),
                ..backward
            },
            Self::ReverseSledPush => Motion {
                stride_hz: 0.65,
                speed_leg_per_s: 0.5,
                duty: 0.66,
                foot_ahead_leg: 0.1,
                hip_height_leg: 0.98,
                trunk: degrees(-4.0),
                arms: still(-15.0, 90.0),
                ..backward
            },
            Self::SledBackpedal => Motion { arms: pumping(), ..backward },
            Self::BackwardSledDrag => Motion {
                stride_hz: 0.9,
                speed_leg_per_s: 0.82,
                duty: 0.63,
                foot_ahead_leg: 0.15,
                hip_height_leg: 0.94,
                trunk: degrees(-12.0),
                arms: still(20.0, 10.0),
                ..backward
            },
        }
    }
}

/// The backpedal without its arms, from which the others differ.
fn base() -> Motion {
    Motion {
        direction: Direction::Backward,
        stride_hz: 1.8,
        speed_leg_per_s: 2.1,
        duty: 0.45,
        foot_ahead_leg: 0.0,
        hip_height_leg: 0.98,
        hip_bob_leg: 0.01,
        clearance_leg: 0.12,
        toe_roll: degrees(20.0),
        trunk: degrees(14.0),
        trunk_nod: degrees(1.5),
        arms: still(0.0, 20.0),
    }
}

fn pumping() -> ArmSwing {
    ArmSwing { amplitude: [degrees(50.0); 2], mean: degrees(-10.0), elbow: degrees(85.0), ..still(0.0, 0.0) }
}

fn still(mean_deg: f64, elbow_deg: f64) -> ArmSwing {
    ArmSwing {
        mean: degrees(mean_deg),
        amplitude: [Radians(0.0); 2],
        phase: [Radians(0.0); 2],
        swings_per_stride: 1,
        elbow: degrees(elbow_deg),
    }
}

fn degrees(degrees: f64) -> Radians {
    Radians::from_degrees(degrees)
}
