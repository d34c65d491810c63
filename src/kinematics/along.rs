//! Where along the picture the athlete is.

use crate::kinematics::movement::Points;
use crate::skeleton::LimbPoint;

/// A place for every sample, px from the left: the hips'; where those are not seen, where they were last.
#[derive(Clone, Debug, PartialEq)]
pub struct Along(Vec<f64>);

impl Along {
    /// Of even points, as they were seen.
    #[must_use]
    pub fn of(even: &Points) -> Self {
        let hips = even.middle(LimbPoint::Hip);
        let mut last = hips.present().next().map_or(0.0, |(_, p)| p.x);
        Self(
            (0..even.samples())
                .map(|i| {
                    last = hips.value(i).map_or(last, |p| p.x);
                    last
                })
                .collect(),
        )
    }

    /// One place per sample.
    #[must_use]
    pub fn places(&self) -> &[f64] {
        &self.0
    }

    /// Furthest to the left and furthest to the right, px.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.0.iter().copied().fold(f64::MAX, f64::min), self.0.iter().copied().fold(f64::MIN, f64::max))
    }

    /// The place at a position between samples; 0 where there are none.
    #[must_use]
    pub fn at(&self, position: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return 0.0 };
        let below = (position.max(0.0).floor() as usize).min(last);
        let (a, b) = (self.0[below], self.0[(below + 1).min(last)]);
        a + (b - a) * (position - below as f64).clamp(0.0, 1.0)
    }
}
