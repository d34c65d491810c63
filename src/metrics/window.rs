//! Samples of a stretch of time, and what a number made of them rests on.

use super::statistics;
use super::value::{NotMeasured, Reading, Value};

/// A parabola is laid through three samples only where they are evenly spaced, s.
const UNEVEN_S: f64 = 1e-6;

/// Samples of a stretch of time, enough of them.
pub(super) struct Window {
    /// Time, s, and value.
    pub(super) samples: Vec<(f64, f64)>,
    /// What a number made of them rests on.
    pub(super) evidence: Value,
}

impl Window {
    pub(super) fn numbers(&self) -> Vec<f64> {
        self.samples.iter().map(|s| s.1).collect()
    }

    /// A number with the evidence of these samples.
    pub(super) fn says(&self, number: Option<f64>) -> Reading {
        number.map(|n| self.evidence.with(n)).ok_or(NotMeasured::NotEnoughSeen)
    }

    pub(super) fn mean(&self) -> Reading {
        self.says(statistics::mean(&self.numbers()))
    }

    pub(super) fn sd(&self) -> Reading {
        self.says(statistics::sd(&self.numbers()))
    }

    /// The greatest value, between samples where a parabola through the peak says so.
    pub(super) fn max(&self) -> Reading {
        self.says(peak(&self.samples))
    }

    pub(super) fn min(&self) -> Reading {
        let mirrored: Vec<(f64, f64)> = self.samples.iter().map(|s| (s.0, -s.1)).collect();
        self.says(peak(&mirrored).map(|p| -p))
    }

    /// From the 2nd to the 98th percentile (B3).
    pub(super) fn range(&self) -> Reading {
        let numbers = self.numbers();
        let percentile = |p| statistics::percentile(&numbers, p);
        self.says(percentile(98.0).zip(percentile(2.0)).map(|(high, low)| high - low))
    }
}

fn peak(samples: &[(f64, f64)]) -> Option<f64> {
    let numbers: Vec<f64> = samples.iter().map(|s| s.1).collect();
    let (place, &top) = numbers.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let neighbours = place.checked_sub(1).and_then(|i| samples.get(i)).zip(samples.get(place + 1));
    let even = |a: &(f64, f64), b: &(f64, f64)| (a.0 + b.0 - 2.0 * samples[place].0).abs() < UNEVEN_S;
    let Some((&(_, before), &(_, after))) = neighbours.filter(|(a, b)| even(a, b)) else { return Some(top) };
    let curvature = before - 2.0 * top + after;
    let refined = if curvature < 0.0 { top - (after - before).powi(2) / (8.0 * curvature) } else { top };
    Some(refined)
}
