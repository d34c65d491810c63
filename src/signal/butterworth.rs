//! Zero-lag Butterworth low-pass with the cut-off corrected for two passes (Winter 2009; docs/science.md E).
//!
//! Second order forward and backward, so fourth order without lag. Runs between gaps are filtered each on its own.

use crate::geometry::Point;
use crate::signal::series::Series;
use crate::units::Hertz;
use std::f64::consts::{PI, SQRT_2};
use std::ops::Range;

/// Ends are prolonged by this many periods of the cut-off before filtering (docs/science.md E: 3 fs/fc).
const PAD_PERIODS: f64 = 3.0;
/// A run of fewer samples than this has nothing to smooth and stays as it is.
const SHORTEST_RUN: usize = 4;
/// The cut-off stays below this share of the sampling rate, where the bilinear transform is still well behaved.
pub const HIGHEST_SHARE_OF_RATE: f64 = 0.45;

/// The series low-passed at `cutoff` (amplitude 0.707 there after both passes); confidence and source stay.
#[must_use]
pub fn low_pass<S>(series: &Series<Point<S>>, rate: Hertz, cutoff: Hertz) -> Series<Point<S>> {
    let mut out = series.clone();
    for run in series.runs() {
        let values = |part: fn(Point<S>) -> f64| -> Vec<f64> {
            run.clone().filter_map(|i| series.value(i)).map(part).collect()
        };
        let xs = low_pass_run(&values(|p| p.x), rate, cutoff);
        let ys = low_pass_run(&values(|p| p.y), rate, cutoff);
        for (i, (x, y)) in run.zip(xs.into_iter().zip(ys)) {
            out.set(i, series.get(i).map(|s| s.map(|_| Point::new(x, y))));
        }
    }
    out
}

/// Numbers without a gap, low-passed at `cutoff`.
#[must_use]
pub fn low_pass_run(values: &[f64], rate: Hertz, cutoff: Hertz) -> Vec<f64> {
    if values.len() < SHORTEST_RUN {
        return values.to_vec();
    }
    let filter = Biquad::two_pass(rate, cutoff);
    let pad = pad_length(values.len(), rate, cutoff);
    let mut padded = prolonged(values, pad);
    filter.run(padded.iter_mut());
    filter.run(padded.iter_mut().rev());
    padded[pad..pad + values.len()].to_vec()
}

impl<T: Copy> Series<T> {
    /// The stretches without a missing sample, in order.
    pub fn runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = (at..self.len()).find(|&i| self.get(i).is_some())?;
            let end = (start..self.len()).find(|&i| self.get(i).is_none()).unwrap_or(self.len());
            at = end;
            Some(start..end)
        })
    }
}

/// One second or three periods of the cut-off, whichever is longer, as far as the run can be mirrored.
fn pad_length(len: usize, rate: Hertz, cutoff: Hertz) -> usize {
    let wanted = rate.0.max(PAD_PERIODS * rate.0 / cutoff.0.max(f64::MIN_POSITIVE)).ceil() as usize;
    wanted.min(len - 1)
}

/// The values with both ends turned over about the end value, so that level and slope carry on.
fn prolonged(values: &[f64], pad: usize) -> Vec<f64> {
    let (first, last, n) = (values[0], values[values.len() - 1], values.len());
    let before = (1..=pad).rev().map(|i| 2.0 * first - values[i]);
    let after = (1..=pad).map(|i| 2.0 * last - values[n - 1 - i]);
    before.chain(values.iter().copied()).chain(after).collect()
}

/// A second-order section with unit gain at rest.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

impl Biquad {
    /// Second-order Butterworth whose two passes together reach 0.707 at `cutoff`:
    /// 1 / (1 + C^4) = 1 / sqrt 2, hence C = (sqrt 2 - 1)^(1/4) = 0.802.
    fn two_pass(rate: Hertz, cutoff: Hertz) -> Self {
        let share = (cutoff.0 / rate.0).clamp(f64::MIN_POSITIVE, HIGHEST_SHARE_OF_RATE);
        let warped = (PI * share).tan() / (SQRT_2 - 1.0).powf(0.25);
        let squared = warped * warped;
        let norm = 1.0 + SQRT_2 * warped + squared;
        let b = squared / norm;
        Self {
            b: [b, 2.0 * b, b],
            a: [2.0 * (squared - 1.0) / norm, (1.0 - SQRT_2 * warped + squared) / norm],
        }
    }

    /// Filters in place, beginning as if the first value had stood there for ever.
    fn run<'a>(&self, values: impl Iterator<Item = &'a mut f64>) {
        let mut state: Option<(f64, f64)> = None;
        for value in values {
            let x = *value;
            let (s1, s2) = state.unwrap_or_else(|| {
                let s2 = (self.b[2] - self.a[1]) * x;
                ((self.b[1] - self.a[0]) * x + s2, s2)
            });
            let y = self.b[0] * x + s1;
            state = Some((self.b[1] * x - self.a[0] * y + s2, self.b[2] * x - self.a[1] * y));
            *value = y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATE: Hertz = Hertz(100.0);
    const CUTOFF: Hertz = Hertz(6.0);

    fn sine(hz: f64, seconds: f64) -> Vec<f64> {
        (0..(seconds * RATE.0) as usize).map(|i| (TAU * hz * i as f64 / RATE.0).sin()).collect()
    }

    /// Amplitude in the middle, away from the ends.
    fn amplitude(values: &[f64]) -> f64 {
        let n = values.len();
        values[n / 4..3 * n / 4].iter().fold(0.0f64, |m, v| m.max(v.abs()))
    }

    #[test]
    fn two_passes_leave_seven_tenths_at_the_cut_off() {
        let out = low_pass_run(&sine(CUTOFF.0, 20.0), RATE, CUTOFF);
        // A sampled sine misses its own peak by at most 0.1 % at 16 samples per period over many periods.
        assert!((amplitude(&out) - 0.5f64.sqrt()).abs() < 0.003, "{}", amplitude(&out));
    }

    #[test]
    fn slow_motion_passes_and_fast_noise_does_not() {
        assert!(amplitude(&low_pass_run(&sine(1.0, 20.0), RATE, CUTOFF)) > 0.998);
        assert!(amplitude(&low_pass_run(&sine(25.0, 20.0), RATE, CUTOFF)) < 0.01);
    }

    #[test]
    fn a_straight_line_stays_a_straight_line_to_its_ends() {
        let line: Vec<f64> = (0..60).map(|i| 3.0 + 0.7 * f64::from(i)).collect();
        for (a, b) in line.iter().zip(low_pass_run(&line, RATE, CUTOFF)) {
            assert!((a - b).abs() < 1e-3, "{a} became {b}");
        }
    }

    #[test]
    fn filtering_backward_in_time_gives_the_same_backward() {
        let values: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.37).sin() + f64::from(i % 7)).collect();
        let forward = low_pass_run(&values, RATE, CUTOFF);
        let mut backward = low_pass_run(&values.into_iter().rev().collect::<Vec<_>>(), RATE, CUTOFF);
        backward.reverse();
        // The two directions differ only by how the transient of the padding dies out.
        for (a, b) in forward.iter().zip(backward) {
            assert!((a - b).abs() < 1e-3, "{a} against {b}");
        }
    }
}
