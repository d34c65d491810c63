//! Least-squares fit of a swing at a known frequency, with offset and trend: its amplitude, phase and quality.

use crate::units::{Hertz, Radians};
use std::f64::consts::TAU;

/// Unknowns of the largest fit: offset, trend, and cosine and sine of two harmonics.
const MOST_UNKNOWNS: usize = 6;
/// A pivot this small beside the largest entry means that the samples do not determine the fit.
const SINGULAR: f64 = 1e-10;

/// A fitted swing `amplitude * cos(2 pi f t + phase)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// Half of peak-to-peak, in the unit of the samples.
    pub amplitude: f64,
    /// Phase at time 0.
    pub phase: Radians,
    /// Share of the variance left by offset and trend that the swing explains, 0 to 1.
    pub r2: f64,
}

/// The swing at a frequency in samples (time s, value); none where they do not determine it.
#[must_use]
pub fn fit(samples: &[(f64, f64)], frequency: Hertz) -> Option<Swing> {
    let whole = solve(samples, frequency, 1)?;
    let flat = solve(samples, frequency, 0)?;
    let (c, d) = (whole.unknowns[2], whole.unknowns[3]);
    let r2 = if flat.residual > 0.0 { 1.0 - whole.residual / flat.residual } else { 0.0 };
    Some(Swing { amplitude: c.hypot(d), phase: Radians((-d).atan2(c)), r2: r2.clamp(0.0, 1.0) })
}

/// Power (squared amplitude) at a frequency and at twice that frequency, fitted together; none where the samples do not determine them.
#[must_use]
pub fn powers(samples: &[(f64, f64)], frequency: Hertz) -> Option<(f64, f64)> {
    let fit = solve(samples, frequency, 2)?.unknowns;
    let power = |c: f64, d: f64| c.hypot(d).powi(2);
    Some((power(fit[2], fit[3]), power(fit[4], fit[5])))
}

/// Power (squared amplitude of a sine that varies as much) of what offset, trend and both of these swings leave; none
/// where the samples do not determine them.
#[must_use]
pub fn leftover(samples: &[(f64, f64)], frequency: Hertz) -> Option<f64> {
    Some(2.0 * solve(samples, frequency, 2)?.residual / samples.len() as f64)
}

struct Solution {
    unknowns: [f64; MOST_UNKNOWNS],
    residual: f64,
}

fn basis(time: f64, frequency: Hertz, harmonics: usize) -> [f64; MOST_UNKNOWNS] {
    let turn = TAU * frequency.0 * time;
    let mut row = [1.0, time * frequency.0, 0.0, 0.0, 0.0, 0.0];
    for h in 0..harmonics {
        let (sin, cos) = (turn * (h + 1) as f64).sin_cos();
        row[2 + 2 * h] = cos;
        row[3 + 2 * h] = sin;
    }
    row
}

fn solve(samples: &[(f64, f64)], frequency: Hertz, harmonics: usize) -> Option<Solution> {
    let size = 2 + 2 * harmonics;
    if samples.len() <= size {
        return None;
    }
    let mut matrix = [[0.0; MOST_UNKNOWNS + 1]; MOST_UNKNOWNS];
    for &(time, value) in samples {
        let row = basis(time, frequency, harmonics);
        for i in 0..size {
            for j in 0..size {
                matrix[i][j] += row[i] * row[j];
            }
            matrix[i][MOST_UNKNOWNS] += row[i] * value;
        }
    }
    let unknowns = eliminate(&mut matrix, size)?;
    let predicted =
        |time| basis(time, frequency, harmonics).iter().zip(&unknowns).map(|(b, u)| b * u).sum::<f64>();
    let residual = samples.iter().map(|&(time, value)| (value - predicted(time)).powi(2)).sum();
    Some(Solution { unknowns, residual })
}

/// Gaussian elimination with partial pivoting.
fn eliminate(
    matrix: &mut [[f64; MOST_UNKNOWNS + 1]; MOST_UNKNOWNS],
    size: usize,
) -> Option<[f64; MOST_UNKNOWNS]> {
    let largest = matrix[..size].iter().flat_map(|r| &r[..size]).fold(0.0_f64, |m, x| m.max(x.abs()));
    for column in 0..size {
        let pivot =
            (column..size).max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        matrix.swap(column, pivot);
        if matrix[column][column].abs() <= SINGULAR * largest {
            return None;
        }
        let source = matrix[column];
        for (place, row) in matrix.iter_mut().enumerate().take(size) {
            if place != column {
                let factor = row[column] / source[column];
                row.iter_mut().zip(source).for_each(|(x, s)| *x -= factor * s);
            }
        }
    }
    let mut unknowns = [0.0; MOST_UNKNOWNS];
    for (i, unknown) in unknowns.iter_mut().enumerate().take(size) {
        *unknown = matrix[i][MOST_UNKNOWNS] / matrix[i][i];
    }
    Some(unknowns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (0..60).map(|i| f64::from(i) / 30.0).map(|t| (t, f(t))).collect()
    }

    #[test]
    fn a_swing_on_a_trend_is_found_exactly() {
        let x = samples(|t| 3.0 - 2.0 * t + 5.0 * (TAU * 0.9 * t + 0.7).cos());
        let Some(swing) = fit(&x, Hertz(0.9)) else { panic!("60 samples determine a swing") };
        assert!((swing.amplitude - 5.0).abs() < 1e-9);
        assert!((swing.phase.0 - 0.7).abs() < 1e-9);
        assert!(swing.r2 > 1.0 - 1e-9);
    }

    #[test]
    fn powers_of_two_harmonics_are_told_apart() {
        let x = samples(|t| 2.0 * (TAU * 0.9 * t).cos() + 4.0 * (TAU * 1.8 * t + 1.0).cos());
        let Some((first, second)) = powers(&x, Hertz(0.9)) else { panic!("60 samples determine two swings") };
        assert!((first - 4.0).abs() < 1e-9 && (second - 16.0).abs() < 1e-9);
    }

    #[test]
    fn what_swings_at_another_frequency_is_left_over() {
        let x = samples(|t| 2.0 * (TAU * 1.0 * t).cos() + 5.0 * (TAU * 3.5 * t).cos());
        let Some(power) = leftover(&x, Hertz(1.0)) else { panic!("60 samples determine two swings") };
        assert!((power - 25.0).abs() < 1.0, "{power}");
        let Some(none) = leftover(&samples(|t| 2.0 * (TAU * t).cos()), Hertz(1.0)) else {
            panic!("60 samples determine two swings")
        };
        assert!(none < 1e-9);
    }

    #[test]
    fn too_few_samples_determine_nothing_and_a_line_has_no_swing() {
        assert_eq!(fit(&[(0.0, 1.0), (0.1, 2.0)], Hertz(1.0)), None);
        let Some(swing) = fit(&samples(|t| 4.0 * t), Hertz(1.0)) else {
            panic!("60 samples determine a line")
        };
        assert!(swing.amplitude < 1e-9);
    }
}
