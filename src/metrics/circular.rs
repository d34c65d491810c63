//! Statistics of directions: means, concentration and spread of phases (Batschelet 1981).

use crate::units::Radians;
use std::f64::consts::TAU;

/// Below this concentration the spread is that of no direction at all.
const NO_CONCENTRATION: f64 = 1e-9;

/// Mean direction and concentration of phases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circular {
    /// Mean direction, in [-pi, pi).
    pub mean: Radians,
    /// Length of the mean vector, 0 (no common direction) to 1 (all the same).
    pub concentration: f64,
    /// How many.
    pub n: usize,
}

impl Circular {
    /// From phases and their weights; none of nothing, or of weights that add up to nothing.
    #[must_use]
    pub fn of(phases: &[(Radians, f64)]) -> Option<Self> {
        let total: f64 = phases.iter().map(|(_, w)| w).sum();
        let c: f64 = phases.iter().map(|(p, w)| w * p.0.cos()).sum();
        let s: f64 = phases.iter().map(|(p, w)| w * p.0.sin()).sum();
        (total > 0.0).then(|| Self {
            mean: Radians(s.atan2(c)).wrapped(),
            concentration: (c.hypot(s) / total).min(1.0),
            n: phases.len(),
        })
    }

    /// Circular standard deviation, sqrt(-2 ln R); at most a full turn.
    #[must_use]
    pub fn sd(&self) -> Radians {
        Radians((-2.0 * self.concentration.max(NO_CONCENTRATION).ln()).sqrt().min(TAU))
    }

    /// Batschelet's angular deviation, sqrt(2 (1 - R)).
    #[must_use]
    pub fn deviation(&self) -> Radians {
        Radians((2.0 * (1.0 - self.concentration)).sqrt())
    }

    /// Concentration toward an expected direction (V-test), -1 to 1.
    #[must_use]
    pub fn toward(&self, expected: Radians) -> f64 {
        self.concentration * (self.mean.0 - expected.0).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases(degrees: &[f64]) -> Vec<(Radians, f64)> {
        degrees.iter().map(|&d| (Radians::from_degrees(d), 1.0)).collect()
    }

    #[test]
    fn the_mean_of_directions_either_side_of_the_half_turn_is_the_half_turn() {
        let Some(circular) = Circular::of(&phases(&[170.0, -170.0])) else {
            panic!("two phases have a mean")
        };
        assert!((circular.mean.to_degrees().abs() - 180.0).abs() < 1e-9);
        assert!((circular.concentration - 10.0_f64.to_radians().cos()).abs() < 1e-12);
        assert!((circular.toward(Radians::from_degrees(180.0)) - circular.concentration).abs() < 1e-9);
    }

    /// Oracle 9: the expected concentration of ten random phases is sqrt(pi / 40) = 0.28.
    #[test]
    fn random_phases_have_the_concentration_that_chance_gives() {
        // A low-discrepancy walk round the circle in 10 dimensions would be even; a linear congruential one is random.
        let mut state = 12345_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let trials = 4000;
        let sum: f64 = (0..trials)
            .filter_map(|_| {
                let ten: Vec<(Radians, f64)> = (0..10).map(|_| (Radians(TAU * uniform()), 1.0)).collect();
                Circular::of(&ten).map(|c| c.concentration)
            })
            .sum();
        // Standard error of the mean of 4000 such values is below 0.0025.
        assert!((sum / f64::from(trials) - 0.28).abs() < 0.01);
    }

    #[test]
    fn nothing_has_no_direction() {
        assert_eq!(Circular::of(&[]), None);
    }
}
