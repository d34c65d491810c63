//! How a foot speeds up and slows down through a swing: the family of smooth steps with speed s^a (1 - s)^b.
//!
//! a = b = 2 is the minimum-jerk step (Flash & Hogan 1985, J Neurosci 5:1688-703), gentle at both ends; 1 leaves or
//! lands with a jerk, as running feet do. The family is the cumulative beta distribution.

/// Resolution of the table; between its entries the step is straight, off by less than 0.0002.
const CELLS: usize = 96;
/// A step from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    table: Vec<f64>,
}

impl Shape {
    /// Speed proportional to s^`leaving` (1 - s)^`landing`.
    #[must_use]
    pub fn new(leaving: f64, landing: f64) -> Self {
        let speed = |s: f64| s.powf(leaving) * (1.0 - s).powf(landing);
        let mut table = vec![0.0];
        let mut sum = 0.0;
        for cell in 0..CELLS {
            let (a, b) = (cell as f64 / CELLS as f64, (cell + 1) as f64 / CELLS as f64);
            sum += (speed(a) + 4.0 * speed(0.5 * (a + b)) + speed(b)) / 6.0;
            table.push(sum);
        }
        for value in &mut table {
            *value /= sum;
        }
        Self { table }
    }

    /// Between minimum jerk (2, a careful walker) and a cubic (1, a foot that gets going at once, as a runner's): which
    /// of them a foot follows cannot be told from its path at 30 frames a second, and taking the wrong one moves a
    /// contact by 40 ms; the one between is never more than about 20 ms off.
    #[must_use]
    pub fn usual() -> Self {
        Self::new(1.5, 1.5)
    }

    /// Share of the way done at share `s` of the time; 0 before, 1 after.
    #[must_use]
    pub fn at(&self, s: f64) -> f64 {
        let place = s.clamp(0.0, 1.0) * CELLS as f64;
        let below = (place as usize).min(CELLS - 1);
        self.table[below] + (self.table[below + 1] - self.table[below]) * (place - below as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A straight line between table entries is off by h^2/8 times the curvature, 5.8 at most: 0.00008.
    const TOLERANCE: f64 = 2e-4;

    #[test]
    fn exponents_of_two_give_the_minimum_jerk_step() {
        let shape = Shape::new(2.0, 2.0);
        for k in 0..=50 {
            let s = f64::from(k) / 50.0;
            let minimum_jerk = s * s * s * (10.0 + s * (6.0 * s - 15.0));
            assert!((shape.at(s) - minimum_jerk).abs() < TOLERANCE);
        }
    }

    #[test]
    fn every_step_rises_from_nothing_to_all() {
        for shape in [Shape::usual(), Shape::new(1.0, 2.0)] {
            assert!(shape.at(-1.0).abs() < 1e-12 && (shape.at(2.0) - 1.0).abs() < 1e-12);
            assert!((1..=100).all(|k| shape.at(f64::from(k) / 100.0) >= shape.at(f64::from(k - 1) / 100.0)));
        }
    }
}
