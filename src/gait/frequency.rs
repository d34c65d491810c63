//! The stride frequency that explains most of a swinging signal, by least squares over short windows, gaps left out.

use super::settings::GaitSettings;
use std::f64::consts::TAU;

/// Window, s: some strides, yet short against a change of pace.
const WINDOW_S: f64 = 4.0;
/// Windows follow each other by half their length.
const HOP_S: f64 = 2.0;
/// Step of the search, Hz; the peak is then placed by a parabola. A quarter of the resolution of a window.
const STEP_HZ: f64 = 0.05;
/// Share of a window that must be present.
const MIN_PRESENT: f64 = 0.5;

/// The frequency with the most power over all windows, Hz; none where too little is present.
pub(super) fn dominant_frequency_hz(
    values: &[Option<f64>],
    rate_hz: f64,
    settings: &GaitSettings,
) -> Option<f64> {
    let (lowest, highest) = (settings.min_stride_frequency.0, settings.max_stride_frequency.0);
    let count = ((highest - lowest) / STEP_HZ).ceil().max(2.0) as usize;
    let frequency = |k: usize| lowest + STEP_HZ * k as f64;
    let mut power = vec![0.0; count + 1];
    for window in windows(values, rate_hz) {
        for (k, p) in power.iter_mut().enumerate() {
            *p += explained(window, frequency(k) / rate_hz).unwrap_or(0.0);
        }
    }
    let best = (0..=count).max_by(|&a, &b| power[a].total_cmp(&power[b]))?;
    if power[best] <= 0.0 {
        return None;
    }
    let shift = if best == 0 || best == count {
        0.0
    } else {
        let (a, b, c) = (power[best - 1], power[best], power[best + 1]);
        0.5 * (a - c) / (a - 2.0 * b + c)
    };
    Some(frequency(best) + STEP_HZ * shift)
}

/// Share of the variance about a straight line that a sinusoid explains, over all windows; 0 where too little is present.
pub(super) fn share_explained(values: &[Option<f64>], rate_hz: f64, frequency_hz: f64) -> f64 {
    let (mut by_sinusoid, mut about_line) = (0.0, 0.0);
    for window in windows(values, rate_hz) {
        if let Some((sinusoid, line)) = sums_of_squares(window, frequency_hz / rate_hz) {
            by_sinusoid += sinusoid;
            about_line += line;
        }
    }
    if about_line > 0.0 { by_sinusoid / about_line } else { 0.0 }
}

fn windows(values: &[Option<f64>], rate_hz: f64) -> impl Iterator<Item = &[Option<f64>]> {
    let length = ((WINDOW_S * rate_hz) as usize).clamp(1, values.len().max(1));
    let hop = ((HOP_S * rate_hz) as usize).max(1);
    let last = values.len().saturating_sub(length);
    let starts = (0..last).step_by(hop).chain(std::iter::once(last));
    starts
        .map(move |s| &values[s..(s + length).min(values.len())])
        .filter(|w| w.iter().flatten().count() as f64 >= MIN_PRESENT * w.len() as f64)
}

/// Sum of squares that a sinusoid of `cycles_per_sample` explains beyond a straight line.
fn explained(window: &[Option<f64>], cycles_per_sample: f64) -> Option<f64> {
    sums_of_squares(window, cycles_per_sample).map(|(sinusoid, _)| sinusoid)
}

/// The same, and the sum of squares about the line. A window that holds less than one cycle cannot tell it from the line, and
/// explains nothing.
fn sums_of_squares(window: &[Option<f64>], cycles_per_sample: f64) -> Option<(f64, f64)> {
    if window.len() as f64 * cycles_per_sample < 1.0 {
        return None;
    }
    let centre = window.len() as f64 / 2.0;
    let rows = window.iter().enumerate().filter_map(|(i, v)| {
        let t = i as f64 - centre;
        let (sin, cos) = (TAU * cycles_per_sample * t).sin_cos();
        v.map(|v| ([1.0, t / centre, cos, sin], v))
    });
    let (mut normal, mut right, mut squares) = ([[0.0; 4]; 4], [0.0; 4], 0.0);
    for (row, v) in rows {
        squares += v * v;
        for a in 0..4 {
            right[a] += row[a] * v;
            for b in 0..4 {
                normal[a][b] += row[a] * row[b];
            }
        }
    }
    let whole = projection(&normal, &right, 4)?;
    let line = projection(&normal, &right, 2)?;
    Some(((whole - line).max(0.0), squares - line))
}

/// Sum of squares explained by the first `n` columns: b' A^-1 b by Gaussian elimination.
fn projection(normal: &[[f64; 4]; 4], right: &[f64; 4], n: usize) -> Option<f64> {
    let (mut a, mut b) = (*normal, *right);
    let mut sum = 0.0;
    for k in 0..n {
        let pivot = a[k][k];
        if pivot < 1e-9 {
            return None;
        }
        sum += b[k] * b[k] / pivot;
        let row = a[k];
        for i in k + 1..n {
            let factor = a[i][k] / pivot;
            b[i] -= factor * b[k];
            for j in k..n {
                a[i][j] -= factor * row[j];
            }
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle G1 of docs/science.md: f0 within 0.5 %.
    const TOLERANCE: f64 = 0.005;

    #[test]
    fn the_frequency_of_a_swing_with_gaps_and_drift_comes_back() {
        for (f, rate) in [(0.65, 30.0), (1.1, 30.0), (1.83, 60.0), (1.83, 15.0)] {
            let n = (6.0 * rate) as usize;
            let values: Vec<Option<f64>> = (0..n)
                .map(|i| {
                    let t = i as f64 / rate;
                    (i % 11 != 3)
                        .then(|| 0.5 * (TAU * f * t).sin() + 0.1 * t + 0.1 * (3.0 * TAU * f * t).cos())
                })
                .collect();
            let found = dominant_frequency_hz(&values, rate, &GaitSettings::default()).expect("it swings");
            assert!((found / f - 1.0).abs() < 2.0 * TOLERANCE, "{found} for {f}");
        }
    }

    #[test]
    fn nothing_seen_has_no_frequency() {
        assert_eq!(dominant_frequency_hz(&[None; 100], 30.0, &GaitSettings::default()), None);
        assert_eq!(dominant_frequency_hz(&[], 30.0, &GaitSettings::default()), None);
    }

    #[test]
    fn a_swing_is_explained_by_its_frequency_and_noise_is_not() {
        let rate = 30.0;
        let at = |f: &dyn Fn(usize) -> f64| (0..240).map(|i| Some(f(i))).collect::<Vec<_>>();
        let swing = |i: usize| (TAU * 0.8 * i as f64 / rate).sin();
        // Any way of looking random does: the golden ratio's multiples spread evenly.
        let noise = |i: usize| (i as f64 * 0.618_034).fract() - 0.5;
        let share = |values: &[Option<f64>]| {
            share_explained(
                values,
                rate,
                dominant_frequency_hz(values, rate, &GaitSettings::default()).unwrap(),
            )
        };
        assert!(share(&at(&|i| swing(i) + 0.01 * i as f64)) > 0.99);
        assert!(share(&at(&noise)) < 0.3);
        // As large as the noise: their variances are 1 / 2 and 1 / 12.
        let mixed = share(&at(&|i| swing(i) + 6.0_f64.sqrt() * noise(i)));
        assert!((0.4..0.6).contains(&mixed), "{mixed}");
        assert!(share_explained(&[None; 90], rate, 1.0) <= 0.0);
    }
}
