//! How badly each leg was seen, and what of a difference between the legs that may be (B9): a model that hardly sees the far
//! leg behind the near one puts it upon the near one.

use super::value::MetricValue;
use crate::gait::stride::{Gait, Stride};
use crate::kinematics::movement::Movement;
use crate::signal::series::Source;
use crate::skeleton::{LimbPoint, Side};

/// A knee or ankle seen with less confidence is seen badly (docs/science.md B9).
const BADLY_SEEN: f32 = 0.5;
/// A leg seen badly for so much of its strides was hidden for as long as a swing takes (docs/science.md A: contacts of 0.48 s at
/// 1.37 strides/s leave 0.34 of a stride, Keogh 2010) \[default\].
pub const MOSTLY_HIDDEN: f64 = 1.0 / 3.0;

/// Share of the samples of each leg's valid strides in which it was seen badly, left first, 0 to 1; 0 where that says nothing
/// of the errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hidden(pub [f64; 2]);

impl Hidden {
    pub(super) fn of(movement: &Movement, gait: &Gait) -> Self {
        if !movement.hidden_legs_are_wrong {
            return Self::default();
        }
        Self(Side::BOTH.map(|side| badly_seen(movement, gait, side)))
    }

    /// The leg that was seen badly more often, and how often.
    #[must_use]
    pub fn worse(self) -> (Side, f64) {
        let [left, right] = self.0;
        if right > left { (Side::Right, right) } else { (Side::Left, left) }
    }

    /// Makes the numbers of a badly seen leg as unsure as they are apart from the other leg's, beyond what both may be off: the
    /// more so the more often it was hidden. `sides` are left, right and both together.
    pub(super) fn widen(self, sides: &mut [MetricValue; 3]) {
        let [left, right, _] = &*sides;
        let told = |metric: &MetricValue| Some((metric.value.ok()?, metric.uncertainty?));
        let Some(((l, by_left), (r, by_right))) = told(left).zip(told(right)) else { return };
        let beyond = beyond(r - l, by_left.hypot(by_right));
        let added = self.0.map(|share| weight(share) * beyond);
        let of_both = 0.5 * added[0].max(added[1]);
        for (metric, added) in sides.iter_mut().zip([added[0], added[1], of_both]) {
            metric.uncertainty = metric.uncertainty.map(|u| u.hypot(added));
        }
    }

    /// The same of a difference of the legs, which is otherwise known to one standard deviation `known`: what is added to that.
    pub(super) fn of_difference(self, difference: f64, known: f64) -> f64 {
        weight(self.worse().1) * beyond(difference, known)
    }
}

/// What a difference is beyond what is not known of it, in quadrature.
fn beyond(difference: f64, known: f64) -> f64 {
    (difference * difference - known * known).max(0.0).sqrt()
}

/// How far a leg's difference from the other is put down to its being hidden, 0 to 1.
fn weight(share: f64) -> f64 {
    (share / MOSTLY_HIDDEN).min(1.0)
}

fn badly_seen(movement: &Movement, gait: &Gait, side: Side) -> f64 {
    let knee = movement.points.limb(LimbPoint::Knee, side);
    let ankle = movement.points.limb(LimbPoint::Ankle, side);
    let seen = |i: usize| {
        [knee, ankle].iter().all(|series| {
            series.get(i).is_some_and(|s| s.source == Source::Measured && s.confidence.value() >= BADLY_SEEN)
        })
    };
    let own = gait.strides.iter().filter(|s| s.is_valid() && s.side == side);
    let range = |s: &Stride| movement.time.range(s.start, s.end);
    let (mut all, mut bad) = (0_usize, 0_usize);
    for i in own.flat_map(range) {
        all += 1;
        bad += usize::from(!seen(i));
    }
    bad as f64 / all.max(1) as f64
}
