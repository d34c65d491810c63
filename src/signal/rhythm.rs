//! A quick stride frequency from the two thighs, good enough to choose a cut-off. `gait` finds the real one.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::Hertz;

/// Slowest and fastest stride looked for (biomechanics B6).
const SLOWEST: Hertz = Hertz(0.3);
const FASTEST: Hertz = Hertz(3.5);
/// Spacing of the frequencies tried: a twentieth of the slowest, far finer than the cut-off needs.
const SPACING: Hertz = Hertz(0.02);
/// Length of a window, s: two strides of the slowest exercise (0.6 strides/s), so that cadence may change in a clip.
const WINDOW_S: f64 = 4.0;
/// Share of the variance a sine must explain to count as stepping (biomechanics B6: fit R2 of 0.5).
const LEAST_FIT: f64 = 0.5;
/// Least amplitude of stepping: thigh difference 10 degrees peak to peak (biomechanics C3).
const LEAST_AMPLITUDE_RAD: f64 = 0.087;
/// Unknowns of the fit: cosine, sine, level and trend.
const TERMS: usize = 4;

/// Stride frequency: median over windows of the best sine in the difference of the thigh angles; none where nothing
/// swings. `points` are even samples; facing does not matter, as only the frequency is asked for.
#[must_use]
pub fn stride_frequency(points: &Points, rate: Hertz) -> Option<Hertz> {
    let difference = thigh_difference(points, rate);
    let window = (WINDOW_S * rate.0) as usize;
    let last = points.samples().saturating_sub(window);
    let starts = (0..=last).step_by((window / 2).max(1));
    let found = starts.filter_map(|start| {
        let inside: Vec<(f64, f64)> = difference
            .iter()
            .copied()
            .filter(|(t, _)| (start..start + window).contains(&sample(*t, rate)))
            .collect();
        best_sine(&inside, window)
    });
    median(found).map(Hertz)
}

fn sample(time_s: f64, rate: Hertz) -> usize {
    (time_s * rate.0).round() as usize
}

/// Time and left-minus-right thigh angle wherever both are seen.
fn thigh_difference(points: &Points, rate: Hertz) -> Vec<(f64, f64)> {
    let thigh = |side| {
        let down = |hip: Point<Ground>, knee: Point<Ground>| (knee - hip).x.atan2((knee - hip).y);
        points.limb(LimbPoint::Hip, side).with(points.limb(LimbPoint::Knee, side), down)
    };
    let difference =
        thigh(Side::Left).with(&thigh(Side::Right), |l, r| crate::units::Radians(l - r).wrapped().0);
    difference.present().map(|(i, d)| (i as f64 / rate.0, d)).collect()
}

/// Frequency whose sine, with level and trend, fits best, if it fits well; at least half the window must be seen.
fn best_sine(values: &[(f64, f64)], window: usize) -> Option<f64> {
    if values.len() < (window / 2).max(2 * TERMS) {
        return None;
    }
    let tried = ((FASTEST.0 - SLOWEST.0) / SPACING.0) as usize;
    let fits =
        (0..=tried).map(|i| SLOWEST.0 + SPACING.0 * i as f64).filter_map(|f| Some((f, fit(values, f)?)));
    let (hz, best) = fits.max_by(|a, b| a.1.explained.total_cmp(&b.1.explained))?;
    (best.explained >= LEAST_FIT && best.amplitude >= LEAST_AMPLITUDE_RAD).then_some(hz)
}

struct Fit {
    /// Share of the variance explained beyond level and trend alone is not separated out: a slow trend is no stepping,
    /// which the least amplitude guards.
    explained: f64,
    amplitude: f64,
}

/// Least squares of `c cos + d sin + e + g t`.
fn fit(values: &[(f64, f64)], hz: f64) -> Option<Fit> {
    let centre = values.iter().map(|v| v.0).sum::<f64>() / values.len() as f64;
    let row = |t: f64| {
        let phase = std::f64::consts::TAU * hz * t;
        [phase.cos(), phase.sin(), 1.0, t - centre]
    };
    let mut normal = [[0.0; TERMS + 1]; TERMS];
    for &(t, y) in values {
        let r = row(t);
        for (i, line) in normal.iter_mut().enumerate() {
            for j in 0..TERMS {
                line[j] += r[i] * r[j];
            }
            line[TERMS] += r[i] * y;
        }
    }
    let terms = solve(normal)?;
    let mean = values.iter().map(|v| v.1).sum::<f64>() / values.len() as f64;
    let total: f64 = values.iter().map(|v| (v.1 - mean).powi(2)).sum();
    let rest: f64 = values
        .iter()
        .map(|&(t, y)| (y - row(t).iter().zip(terms).map(|(a, b)| a * b).sum::<f64>()).powi(2))
        .sum();
    (total > 0.0).then(|| Fit { explained: 1.0 - rest / total, amplitude: terms[0].hypot(terms[1]) })
}

/// Gaussian elimination with pivots; none where the equations do not determine the unknowns.
fn solve(mut m: [[f64; TERMS + 1]; TERMS]) -> Option<[f64; TERMS]> {
    for i in 0..TERMS {
        let pivot = (i..TERMS).max_by(|&a, &b| m[a][i].abs().total_cmp(&m[b][i].abs()))?;
        m.swap(i, pivot);
        if m[i][i].abs() < 1e-12 {
            return None;
        }
        let line = m[i];
        for (j, other) in m.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            let factor = other[i] / line[i];
            debug_assert!(j != i);
            for (a, b) in other.iter_mut().zip(line) {
                *a -= factor * b;
            }
        }
    }
    Some(std::array::from_fn(|i| m[i][TERMS] / m[i][i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    fn stepping(hz: f64, swing_rad: f64, rate: f64) -> Points {
        let mut points = Points::missing(300);
        for side in Side::BOTH {
            let sign = if side == Side::Left { 1.0 } else { -1.0 };
            let place = |i: usize, length: f64| {
                let angle = sign * swing_rad * (std::f64::consts::TAU * hz * i as f64 / rate).sin();
                Point::new(100.0 + length * angle.sin(), 100.0 + length * angle.cos())
            };
            for (point, length) in [(LimbPoint::Hip, 0.0), (LimbPoint::Knee, 50.0)] {
                let at = |i| {
                    Some(Sample {
                        value: place(i, length),
                        confidence: Confidence::FULL,
                        source: Source::Measured,
                    })
                };
                *points.get_mut(point.on(side)) = Series::new((0..300).map(at).collect());
            }
        }
        points
    }

    #[test]
    fn stepping_has_its_frequency_and_standing_has_none() {
        for hz in [0.6, 1.0, 1.9] {
            let found = stride_frequency(&stepping(hz, 0.4, 30.0), Hertz(30.0)).map_or(0.0, |f| f.0);
            assert!((found - hz).abs() < 0.03, "{found} for {hz}");
        }
        assert_eq!(stride_frequency(&stepping(1.0, 0.01, 30.0), Hertz(30.0)), None);
    }
}
