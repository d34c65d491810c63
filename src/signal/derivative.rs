//! First derivatives by central differences. Smooth first: differences make noise loud.

use crate::geometry::{Point, Vector};
use crate::signal::series::{Sample, Series};
use crate::units::Hertz;

/// Velocity of a point, px/s: central differences, one-sided at the ends of a run without gaps.
#[must_use]
pub fn velocity<S>(series: &Series<Point<S>>, rate: Hertz) -> Series<Vector<S>> {
    differences(series, |before, after, steps| (after - before) * (rate.0 / steps))
}

/// Rate of change per second of a number.
#[must_use]
pub fn rate_of_change(series: &Series<f64>, rate: Hertz) -> Series<f64> {
    differences(series, |before, after, steps| (after - before) * (rate.0 / steps))
}

/// `f(before, after, steps between)` at every sample with a neighbour; a lone sample has no derivative.
fn differences<T: Copy, U: Copy>(series: &Series<T>, f: impl Fn(T, T, f64) -> U) -> Series<U> {
    let at = |i: usize| -> Option<Sample<U>> {
        let here = series.get(i)?;
        let before = i.checked_sub(1).and_then(|b| series.get(b));
        let (first, last, steps) = match (before, series.get(i + 1)) {
            (Some(b), Some(a)) => (b, a, 2.0),
            (Some(b), None) => (b, here, 1.0),
            (None, Some(a)) => (here, a, 1.0),
            (None, None) => return None,
        };
        Some(first.with(last, |b, a| f(b, a, steps)))
    };
    Series::new((0..series.len()).map(at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::Source;
    use crate::units::Confidence;

    fn ramp(present: impl Fn(usize) -> bool) -> Series<f64> {
        let sample = |i: usize| Sample {
            value: 0.5 * i as f64,
            confidence: Confidence::FULL,
            source: Source::Measured,
        };
        Series::new((0..10).map(|i| present(i).then(|| sample(i))).collect())
    }

    #[test]
    fn a_ramp_has_its_slope_everywhere() {
        let slope = rate_of_change(&ramp(|_| true), Hertz(30.0));
        assert!(slope.iter().all(|s| s.is_some_and(|s| (s.value - 15.0).abs() < 1e-9)));
    }

    #[test]
    fn differences_do_not_reach_across_a_gap() {
        let slope = rate_of_change(&ramp(|i| i != 4 && i != 6), Hertz(30.0));
        assert_eq!(slope.get(4), None);
        assert_eq!(slope.get(5), None, "a lone sample has no derivative");
        assert!(slope.value(3).is_some_and(|v| (v - 15.0).abs() < 1e-9));
    }
}
