//! A quick stride frequency from the two thighs, good enough to choose a cut-off. `gait` finds the real one.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::least_squares;
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Radians};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Slowest and fastest stride looked for (docs/science.md B6).
const SLOWEST: Hertz = Hertz(0.3);
const FASTEST: Hertz = Hertz(3.5);
/// Spacing of the frequencies tried: a twentieth of the slowest, far finer than the cut-off needs.
const SPACING: Hertz = Hertz(0.02);
/// Every so many of them are tried first, then those about the best: a window of 4 s sees a quarter of a hertz as one peak.
const COARSELY: usize = 3;
/// Length of a window, s: two strides of the slowest exercise (0.6 strides/s), so that cadence may change in a clip.
const WINDOW_S: f64 = 4.0;
/// Share of the variance a sine must explain to count as stepping (docs/science.md B6: fit R2 of 0.5).
const LEAST_FIT: f64 = 0.5;
/// Least amplitude of stepping: thigh difference 10 degrees peak to peak (docs/science.md C3).
const LEAST_AMPLITUDE_RAD: f64 = 0.087;
/// A frequency agreed on must explain this many times what any other explains [default].
const LEAD: f64 = 2.0;
/// Frequencies nearer to it than this share are the same peak: the resolution of a window over the slowest exercise.
const ONE_PEAK: f64 = 0.2;
/// Unknowns of the fit: cosine, sine, level and trend.
const TERMS: usize = 4;

/// Stride frequency: median over windows of the best sine in the difference of the thigh angles; none where nothing
/// swings. `points` are even samples; facing does not matter, as only the frequency is asked for.
#[must_use]
pub fn stride_frequency(points: &Points, rate: Hertz) -> Option<Hertz> {
    let difference = thigh_difference(points);
    let window = (WINDOW_S * rate.0) as usize;
    let last = points.samples().saturating_sub(window);
    let starts = (0..=last).step_by((window / 2).max(1));
    let found = starts.filter_map(|start| {
        let inside = (start..start + window).filter_map(|i| Some((i as f64 / rate.0, difference.value(i)?)));
        best_sine(&inside.collect::<Vec<_>>(), window, 1.0).map(|sine| sine.hz)
    });
    median(found).map(Hertz)
}

/// Left-minus-right thigh angle, rad, wherever both are seen; its sign depends on facing.
fn thigh_difference(points: &Points) -> Series<f64> {
    let thigh = |side| {
        let down = |hip: Point<Ground>, knee: Point<Ground>| (knee - hip).x.atan2((knee - hip).y);
        points.limb(LimbPoint::Hip, side).with(points.limb(LimbPoint::Knee, side), down)
    };
    thigh(Side::Left).with(&thigh(Side::Right), |l, r| Radians(l - r).wrapped().0)
}

/// A sine with level and trend through values over time.
pub(super) struct Sine {
    hz: f64,
    terms: [f64; TERMS],
    centre: f64,
    /// Share of the variance explained. A slow trend explains much and is no stepping: the least amplitude guards that.
    explained: f64,
    pub(super) amplitude: f64,
}

impl Sine {
    /// The oscillating part at a time.
    pub(super) fn swing(&self, time_s: f64) -> f64 {
        let row = row(self.hz, self.centre, time_s);
        self.terms[0] * row[0] + self.terms[1] * row[1]
    }

    /// Phase at a time, rad: 0 at the sine's maxima.
    pub(super) fn phase(&self, time_s: f64) -> f64 {
        std::f64::consts::TAU * self.hz * time_s - self.terms[1].atan2(self.terms[0])
    }

    /// Level and trend at a time.
    pub(super) fn level(&self, time_s: f64) -> f64 {
        self.terms[2] + self.terms[3] * (time_s - self.centre)
    }
}

/// The sine that fits best, if it fits well, of something that swings so often in a stride; at least half the window (in samples) must be seen.
pub(super) fn best_sine(values: &[(f64, f64)], window: usize, swings_per_stride: f64) -> Option<Sine> {
    if values.len() < (window / 2).max(2 * TERMS) {
        return None;
    }
    let tried = ((FASTEST.0 - SLOWEST.0) / SPACING.0) as usize;
    let at =
        |i: usize| fit(values, swings_per_stride * (SLOWEST.0 + SPACING.0 * i as f64)).map(|sine| (i, sine));
    let better = |a: &(usize, Sine), b: &(usize, Sine)| a.1.explained.total_cmp(&b.1.explained);
    let coarse: Vec<usize> = (0..=tried).step_by(COARSELY).collect();
    let coarse: Vec<(usize, Sine)> = coarse.into_par_iter().filter_map(at).collect();
    let (nearest, _) = coarse.into_iter().max_by(better)?;
    let about = nearest.saturating_sub(COARSELY - 1)..=(nearest + COARSELY - 1).min(tried);
    let (_, best) = about.filter_map(at).max_by(better)?;
    (best.explained >= LEAST_FIT && best.amplitude >= LEAST_AMPLITUDE_RAD).then_some(best)
}

/// Of a distance whose sign is not to be trusted, the sine of its size at the stride frequency that the distance and its
/// size explain best together; none where another frequency explains half as much. Exchanged legs spoil the sign and noise
/// the size, but only the stride's own frequency shows in both.
pub(super) fn agreed_size(values: &[(f64, f64)], window: usize) -> Option<Sine> {
    let sizes: Vec<(f64, f64)> = values.iter().map(|(t, d)| (*t, d.abs())).collect();
    if values.len() < (window / 2).max(2 * TERMS) {
        return None;
    }
    let tried = ((FASTEST.0 - SLOWEST.0) / SPACING.0) as usize;
    let both: Vec<(f64, f64, Sine)> = (0..=tried)
        .map(|i| SLOWEST.0 + SPACING.0 * i as f64)
        .filter_map(|hz| {
            let (signed, size) = (fit(values, hz)?, fit(&sizes, 2.0 * hz)?);
            Some((hz, signed.explained + size.explained, size))
        })
        .collect();
    let (hz, most) = both.iter().map(|b| (b.0, b.1)).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let elsewhere = both.iter().filter(|b| (b.0 - hz).abs() > ONE_PEAK * hz).map(|b| b.1);
    let clear = most >= LEAD * elsewhere.fold(0.0, f64::max);
    let size = both.into_iter().find(|b| b.0 >= hz)?.2;
    (clear && size.amplitude >= LEAST_AMPLITUDE_RAD).then_some(size)
}

fn row(hz: f64, centre: f64, time_s: f64) -> [f64; TERMS] {
    let phase = std::f64::consts::TAU * hz * time_s;
    [phase.cos(), phase.sin(), 1.0, time_s - centre]
}

/// Least squares of `c cos + d sin + e + g t`.
fn fit(values: &[(f64, f64)], hz: f64) -> Option<Sine> {
    let centre = values.iter().map(|v| v.0).sum::<f64>() / values.len() as f64;
    let rows: Vec<([f64; TERMS], f64)> = values.iter().map(|&(t, y)| (row(hz, centre, t), y)).collect();
    let terms = least_squares::fit(rows.iter().map(|&(row, y)| (row, y, 1.0)))?;
    let mean = values.iter().map(|v| v.1).sum::<f64>() / values.len() as f64;
    let total: f64 = values.iter().map(|v| (v.1 - mean).powi(2)).sum();
    let told = |row: &[f64; TERMS]| row.iter().zip(terms).map(|(factor, term)| factor * term).sum::<f64>();
    let rest: f64 = rows.iter().map(|(row, y)| (y - told(row)).powi(2)).sum();
    let explained = 1.0 - rest / total;
    (total > 0.0).then(|| Sine { hz, terms, centre, explained, amplitude: terms[0].hypot(terms[1]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Source};
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

    /// The same numbers every time, 0 to 1.
    struct Random(u64);

    impl Random {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// With mean 0 and spread 1.
        fn normal(&mut self) -> f64 {
            (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
        }
    }

    /// Five seconds at 30 a second.
    const WINDOW: usize = 150;

    #[test]
    fn where_sign_and_size_are_both_poor_their_common_frequency_is_found() {
        let mut found = 0;
        for seed in 1..=10 {
            let mut random = Random(seed);
            let (mut sign, mut left) = (1.0, 0);
            let values: Vec<(f64, f64)> = (0..WINDOW)
                .map(|i| {
                    if left == 0 {
                        // Kept for longer than exchanged.
                        sign = -sign;
                        left = (random.uniform() * if sign > 0.0 { 20.0 } else { 8.0 }) as usize + 1;
                    }
                    left -= 1;
                    let time = i as f64 / 30.0;
                    let swing = 0.3 * (std::f64::consts::TAU * 1.8 * time).cos();
                    (time, sign * swing + 0.13 * random.normal())
                })
                .collect();
            let sizes: Vec<(f64, f64)> = values.iter().map(|(t, d)| (*t, d.abs())).collect();
            let clear = best_sine(&values, WINDOW, 1.0).is_some() || best_sine(&sizes, WINDOW, 2.0).is_some();
            if let Some(size) = agreed_size(&values, WINDOW) {
                assert!((size.hz / 2.0 - 1.8).abs() < 0.05, "seed {seed}: {}", size.hz / 2.0);
                found += u32::from(!clear);
            }
        }
        assert!(found >= 3, "only {found} of 10");
    }

    #[test]
    fn noise_has_no_frequency_to_agree_on() {
        let found = (1..=10).filter(|&seed| {
            let mut random = Random(seed);
            let noise: Vec<(f64, f64)> =
                (0..WINDOW).map(|i| (i as f64 / 30.0, 0.3 * random.normal())).collect();
            agreed_size(&noise, WINDOW).is_some()
        });
        assert_eq!(found.count(), 0);
        assert!(agreed_size(&[], WINDOW).is_none());
    }
}
