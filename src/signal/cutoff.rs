//! Which cut-off the low-pass gets: from the stride frequency, as told, or by Winter's residual analysis.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::butterworth::{HIGHEST_SHARE_OF_RATE, low_pass_run};
use crate::signal::rhythm;
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Hertz;

/// How the cut-off is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cutoff {
    /// Six times the stride frequency, within limits (docs/science.md E): follows the exercise from a slow drag to a
    /// backpedal.
    #[default]
    FromStride,
    /// As told.
    Fixed(Hertz),
    /// Winter's residual analysis over the limbs of this clip.
    Residual,
}

/// Multiple of the stride frequency that keeps peaks within a degree (docs/science.md E).
const STRIDE_MULTIPLE: f64 = 6.0;
/// Limits of the cut-off from the stride frequency.
const STRIDE_LIMITS: (f64, f64) = (5.0, 12.0);
/// Never above this share of the sampling rate.
const MOST_FROM_STRIDE: f64 = 0.2;
/// Where no stepping is found: walking-type movement (Sports2D 6 Hz, Stenum 2021 5 Hz).
const WITHOUT_STRIDES: Hertz = Hertz(6.0);
/// Limits of the cut-off from residual analysis.
const RESIDUAL_LIMITS: (f64, f64) = (4.0, 12.0);
/// Cut-offs tried, Hz, and those above which only noise is left (the linear tail).
const TRIED_HZ: std::ops::RangeInclusive<u32> = 1..=15;
const TAIL_FROM_HZ: f64 = 10.0;
/// Fewest samples a run needs for its residuals to mean something: a second at 30 fps.
const SHORTEST_RUN: usize = 30;

impl Cutoff {
    /// The cut-off for these even samples.
    #[must_use]
    pub fn resolve(self, points: &Points, rate: Hertz) -> Hertz {
        let most = MOST_FROM_STRIDE * rate.0;
        match self {
            Self::Fixed(hertz) => Hertz(hertz.0.min(HIGHEST_SHARE_OF_RATE * rate.0)),
            Self::FromStride => {
                let wanted = rhythm::stride_frequency(points, rate).map_or(WITHOUT_STRIDES.0, |f| {
                    (STRIDE_MULTIPLE * f.0).clamp(STRIDE_LIMITS.0, STRIDE_LIMITS.1)
                });
                Hertz(wanted.min(most))
            }
            Self::Residual => Hertz(residual(points, rate).map_or(WITHOUT_STRIDES.0.min(most), |f| f)),
        }
    }
}

/// Median of the limbs' own cut-offs.
fn residual(points: &Points, rate: Hertz) -> Option<f64> {
    use LimbPoint::{Ankle, Elbow, Hip, Knee, Shoulder, Wrist};
    let limbs = [Shoulder, Elbow, Wrist, Hip, Knee, Ankle];
    let keypoints = Side::BOTH.into_iter().flat_map(|s| limbs.map(|l| l.on(s)));
    let found = keypoints.flat_map(|k: Keypoint| {
        let part = |f: fn(Point<Ground>) -> f64| residual_of(&longest_run(points.get(k), f), rate);
        [part(|p| p.x), part(|p| p.y)]
    });
    median(found.flatten()).map(|f| f.clamp(RESIDUAL_LIMITS.0, RESIDUAL_LIMITS.1))
}

fn longest_run(series: &Series<Point<Ground>>, part: fn(Point<Ground>) -> f64) -> Vec<f64> {
    let run = series.runs().max_by_key(std::iter::ExactSizeIterator::len).unwrap_or(0..0);
    run.filter_map(|i| series.value(i)).map(part).collect()
}

/// Winter 2009, 3.4.4.3: the tail of the residual over cut-off is noise alone and straight; where the residual falls to
/// the tail's intercept, as much signal is lost as noise is left.
fn residual_of(values: &[f64], rate: Hertz) -> Option<f64> {
    if values.len() < SHORTEST_RUN {
        return None;
    }
    let curve: Vec<(f64, f64)> = TRIED_HZ
        .map(f64::from)
        .filter(|&hz| hz < 0.4 * rate.0)
        .map(|hz| (hz, rms_difference(values, &low_pass_run(values, rate, Hertz(hz)))))
        .collect();
    let tail: Vec<(f64, f64)> =
        curve.iter().copied().filter(|(hz, _)| *hz >= TAIL_FROM_HZ.min(0.3 * rate.0)).collect();
    let intercept = intercept(&tail)?;
    let cross = curve.windows(2).find(|w| w[0].1 >= intercept && w[1].1 < intercept)?;
    let share = (cross[0].1 - intercept) / (cross[0].1 - cross[1].1);
    Some(cross[0].0 + share * (cross[1].0 - cross[0].0))
}

fn rms_difference(a: &[f64], b: &[f64]) -> f64 {
    (a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>() / a.len() as f64).sqrt()
}

/// Value at 0 Hz of the straight line through the points.
fn intercept(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let (sx, sy) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
    let (mx, my) = (sx / n, sy / n);
    let sxx: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    let sxy: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    (points.len() >= 3 && sxx > 0.0).then(|| my - sxy / sxx * mx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stride_rule_stays_within_its_limits_and_the_rate() {
        let still = Points::missing(100);
        assert_eq!(Cutoff::FromStride.resolve(&still, Hertz(60.0)), WITHOUT_STRIDES);
        assert_eq!(Cutoff::FromStride.resolve(&still, Hertz(20.0)), Hertz(4.0));
        assert_eq!(Cutoff::Fixed(Hertz(7.5)).resolve(&still, Hertz(20.0)), Hertz(7.5));
    }

    #[test]
    fn residual_analysis_lies_between_signal_and_noise() {
        // A 1.5 Hz swing of 20 px with 1 px of noise, from a fixed linear congruential sequence.
        let mut state = 12345u64;
        let mut noise = || {
            let mut sum = 0.0;
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                sum += (state >> 11) as f64 / (1u64 << 53) as f64;
            }
            sum - 6.0
        };
        let values: Vec<f64> = (0..600)
            .map(|i| 20.0 * (std::f64::consts::TAU * 1.5 * f64::from(i) / 60.0).sin() + noise())
            .collect();
        let found = residual_of(&values, Hertz(60.0)).unwrap_or(0.0);
        assert!((2.0..8.0).contains(&found), "{found}");
    }
}
