//! Relative phase of two swings by other means than the fit of `harmonic`: the analytic signal, the lag of greatest
//! correlation, and vector coding of the angle-angle plot. For research and as cross-checks; nothing is judged by them.
//!
//! Values in, values out: which angles, which strides and whether an arm swings at all is `arm_leg`'s business.

use super::circular::Circular;
use crate::units::{Hertz, Radians};
use std::f64::consts::TAU;

/// Harmonics of the stride that the analytic signal keeps (B6: band-limited to three times the stride frequency).
const KEPT_HARMONICS: f64 = 3.0;
/// Points of a stride at which strides are laid over each other, both ends included (percent of the stride).
const POINTS: usize = 101;
/// Fewest strides that have a spread.
pub(super) const LEAST_STRIDES: usize = 3;
/// Half of the width of a pattern of coordination, degrees (Chang 2008: four patterns of 45 degrees).
const HALF_PATTERN_DEG: f64 = 22.5;

/// Two angles sampled together and evenly, gaps bridged.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// Samples per second.
    pub(super) rate: Hertz,
    /// Stride frequency.
    pub(super) frequency: Hertz,
    /// The arm's angle, degrees.
    pub(super) arm: Vec<f64>,
    /// The thigh's angle, degrees.
    pub(super) leg: Vec<f64>,
    /// Whether both were seen; what was bridged does not count.
    pub(super) seen: Vec<bool>,
}

/// A complex number, as much of it as is needed here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Complex {
    re: f64,
    im: f64,
}

impl Complex {
    fn unit(angle: f64) -> Self {
        Self { re: angle.cos(), im: angle.sin() }
    }

    fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn conjugate(self) -> Self {
        Self { im: -self.im, ..self }
    }
}

/// Both swings as analytic signals; the first and last half stride are left out of everything told.
pub(super) struct Analytic {
    arm: Vec<Complex>,
    leg: Vec<Complex>,
    counts: Vec<bool>,
}

impl Pair {
    /// Samples of one stride.
    fn period(&self) -> f64 {
        self.rate.0 / self.frequency.0
    }

    /// The analytic signals (Lamb and Stöckl 2014: amplitude centred about zero, no normalisation of velocity).
    pub(super) fn analytic(&self) -> Analytic {
        let of = |x: &[f64]| centred(&analytic(&without_line(x), self.period()), self.period());
        let margin = (0.5 * self.period()).ceil() as usize;
        let inside = margin..self.arm.len().saturating_sub(margin);
        let counts = self.seen.iter().enumerate().map(|(i, &seen)| seen && inside.contains(&i)).collect();
        Analytic { arm: of(&self.arm), leg: of(&self.leg), counts }
    }

    /// Phase of the arm less that of the thigh from the lag of their greatest correlation within half a stride either
    /// way; none where they never overlap.
    pub(super) fn lag_phase(&self) -> Option<Radians> {
        let (arm, leg) = (without_line(&self.arm), without_line(&self.leg));
        let most = (0.5 * self.period()).ceil() as isize;
        let at = |lag: isize| self.correlation(&arm, &leg, lag);
        let (best, top) =
            (-most..=most).filter_map(|lag| Some((lag, at(lag)?))).max_by(|a, b| a.1.total_cmp(&b.1))?;
        let refined = at(best - 1).zip(at(best + 1)).map_or(0.0, |(before, after)| {
            let curvature = before - 2.0 * top + after;
            if curvature < 0.0 { 0.5 * (before - after) / curvature } else { 0.0 }
        });
        // An arm that lags is behind in phase.
        Some(Radians(-TAU * (best as f64 + refined.clamp(-0.5, 0.5)) / self.period()).wrapped())
    }

    /// Correlation of the arm with the thigh `lag` samples earlier, over what was seen of both.
    fn correlation(&self, arm: &[f64], leg: &[f64], lag: isize) -> Option<f64> {
        let (mut shared, mut arms, mut legs) = (0.0, 0.0, 0.0);
        for (i, &a) in arm.iter().enumerate().filter(|&(i, _)| self.seen[i]) {
            let Some(j) = i.checked_add_signed(-lag).filter(|&j| j < leg.len() && self.seen[j]) else {
                continue;
            };
            shared += a * leg[j];
            arms += a * a;
            legs += leg[j] * leg[j];
        }
        let size = (arms * legs).sqrt();
        (size > 0.0).then(|| shared / size)
    }

    /// Phase of the arm less that of the thigh from the times of their peaks in each stride (start and end in samples);
    /// none of fewer than three strides seen whole.
    pub(super) fn peak_phase(&self, strides: &[(f64, f64)]) -> Option<Circular> {
        let phases: Vec<(Radians, f64)> = strides
            .iter()
            .filter_map(|&(start, end)| {
                let (from, to) = (start.max(0.0).ceil() as usize, end.ceil() as usize);
                let whole = start >= 0.0 && self.seen.get(from..to)?.iter().all(|&s| s);
                let top = |x: &[f64]| (from..to).max_by(|&a, &b| x[a].total_cmp(&x[b]));
                let (arm, leg) = top(&self.arm).zip(top(&self.leg)).filter(|_| whole)?;
                Some((Radians(TAU * (leg as f64 - arm as f64) / (end - start)).wrapped(), 1.0))
            })
            .collect();
        Circular::of(&phases).filter(|c| c.n >= LEAST_STRIDES)
    }
}

impl Analytic {
    /// Phase of the arm less that of the thigh, sample by sample where it counts.
    fn relative(&self) -> Vec<Radians> {
        let all = self.arm.iter().zip(&self.leg).zip(&self.counts);
        all.filter(|(_, counts)| **counts).map(|((&a, &l), _)| angle_between(a, l)).collect()
    }

    /// Mean direction of the continuous relative phase, and its concentration: the phase-locking value.
    pub(super) fn mean(&self) -> Option<Circular> {
        Circular::of(&self.relative().into_iter().map(|p| (p, 1.0)).collect::<Vec<_>>())
    }

    /// Mean size of the continuous relative phase, 0 to half a turn.
    pub(super) fn mean_size(&self) -> Option<Radians> {
        let all = self.relative();
        (!all.is_empty()).then(|| Radians(all.iter().map(|p| p.0.abs()).sum::<f64>() / all.len() as f64))
    }

    /// Mean over the stride of how much strides differ in relative phase at the same percent; none of fewer than three.
    pub(super) fn deviation(&self, strides: &[(f64, f64)]) -> Option<Radians> {
        let whole = self.whole(strides);
        let turned: Vec<Complex> =
            self.arm.iter().zip(&self.leg).map(|(a, l)| a.times(l.conjugate())).collect();
        let spread = |percent: usize| {
            let phases: Vec<(Radians, f64)> = whole
                .iter()
                .map(|&stride| between(&turned, place(stride, percent)))
                .map(|r| (Radians(r.im.atan2(r.re)), 1.0))
                .collect();
            Circular::of(&phases).map(|c| c.sd().0)
        };
        (whole.len() >= LEAST_STRIDES)
            .then(|| (0..POINTS).filter_map(spread).sum::<f64>() / POINTS as f64)
            .map(Radians)
    }

    /// Vector coding over strides; none of fewer than three.
    pub(super) fn coupling(&self, strides: &[(f64, f64)]) -> Option<Coupling> {
        let whole = self.whole(strides);
        if whole.len() < LEAST_STRIDES {
            return None;
        }
        let steps = POINTS - 1;
        let (mut in_phase, mut anti_phase, mut spread) = (0, 0, 0.0);
        for percent in 0..steps {
            let vectors: Vec<(f64, f64)> = whole
                .iter()
                .map(|&s| {
                    let change = |x: &[Complex]| {
                        between(x, place(s, percent + 1)).re - between(x, place(s, percent)).re
                    };
                    (change(&self.leg), change(&self.arm))
                })
                .collect();
            let (mean, ellipse) = mean_and_ellipse(&vectors);
            // An angle-angle plot has no sense of direction here: up together and down together are both together.
            let away = |from: f64| {
                let axial = (mean.1.atan2(mean.0).to_degrees() - from).rem_euclid(180.0);
                axial.min(180.0 - axial)
            };
            in_phase += usize::from(away(45.0) <= HALF_PATTERN_DEG);
            anti_phase += usize::from(away(135.0) < HALF_PATTERN_DEG);
            spread += ellipse;
        }
        let share = |n: usize| n as f64 / steps as f64;
        Some(Coupling {
            in_phase: share(in_phase),
            anti_phase: share(anti_phase),
            variability_deg: spread / steps as f64,
        })
    }

    /// Strides that count from start to end.
    fn whole(&self, strides: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let all_count = |&(start, end): &(f64, f64)| {
            let to = end.ceil() as usize;
            start >= 0.0 && self.counts.get(start as usize..=to).is_some_and(|c| c.iter().all(|&x| x))
        };
        strides.iter().copied().filter(all_count).collect()
    }
}

/// What vector coding says of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coupling {
    /// Share of the stride in which both turn the same way by like amounts.
    pub(super) in_phase: f64,
    /// Share of the stride in which they turn opposite ways by like amounts.
    pub(super) anti_phase: f64,
    /// Radius of a circle as large as the ellipse of one standard deviation between strides (Stock 2018), mean over the
    /// stride, degrees per percent of the stride.
    pub(super) variability_deg: f64,
}

fn angle_between(arm: Complex, leg: Complex) -> Radians {
    let turned = arm.times(leg.conjugate());
    Radians(turned.im.atan2(turned.re))
}

fn place((start, end): (f64, f64), percent: usize) -> f64 {
    start + (end - start) * percent as f64 / (POINTS - 1) as f64
}

/// Between two samples; the last where it lies on it.
fn between(x: &[Complex], place: f64) -> Complex {
    let below = (place.max(0.0) as usize).min(x.len() - 1);
    let (a, b, share) = (x[below], x[(below + 1).min(x.len() - 1)], place - below as f64);
    Complex { re: a.re + (b.re - a.re) * share, im: a.im + (b.im - a.im) * share }
}

/// Mean vector, and the radius of a circle as large as the ellipse of one standard deviation.
fn mean_and_ellipse(vectors: &[(f64, f64)]) -> ((f64, f64), f64) {
    let n = vectors.len() as f64;
    let sum = vectors.iter().fold((0.0, 0.0), |s, v| (s.0 + v.0, s.1 + v.1));
    let mean = (sum.0 / n, sum.1 / n);
    let moment = |f: fn(f64, f64) -> f64| {
        vectors.iter().map(|v| f(v.0 - mean.0, v.1 - mean.1)).sum::<f64>() / (n - 1.0)
    };
    let determinant = moment(|x, _| x * x) * moment(|_, y| y * y) - moment(|x, y| x * y).powi(2);
    (mean, determinant.max(0.0).sqrt().sqrt())
}

/// Less its least-squares line.
fn without_line(x: &[f64]) -> Vec<f64> {
    let middle = 0.5 * (x.len() as f64 - 1.0);
    let mean = x.iter().sum::<f64>() / x.len().max(1) as f64;
    let at = |i: usize| i as f64 - middle;
    let spread: f64 = (0..x.len()).map(|i| at(i).powi(2)).sum();
    let shared: f64 = x.iter().enumerate().map(|(i, v)| at(i) * (v - mean)).sum();
    let slope = if spread > 0.0 { shared / spread } else { 0.0 };
    x.iter().enumerate().map(|(i, v)| v - mean - slope * at(i)).collect()
}

/// The analytic signal of what lies below three times the stride frequency, ends prolonged by a stride seen in a mirror.
/// Only a few frequencies are kept, so that plain sums do what a fast transform would.
fn analytic(x: &[f64], period: f64) -> Vec<Complex> {
    let pad = (period.ceil() as usize).min(x.len().saturating_sub(1));
    let head = (1..=pad).rev().map(|i| x[i]);
    let tail = (1..=pad).map(|i| x[x.len() - 1 - i]);
    let padded: Vec<f64> = head.chain(x.iter().copied()).chain(tail).collect();
    let n = padded.len() as f64;
    let mut out = vec![Complex::default(); x.len()];
    // Half of the samples' own frequency has no positive side.
    let highest = (KEPT_HARMONICS * n / period).min(0.5 * (n - 1.0)) as usize;
    for k in 1..=highest {
        let turn = Complex::unit(TAU * k as f64 / n);
        let mut wheel = Complex { re: 1.0, im: 0.0 };
        let mut sum = Complex::default();
        for &value in &padded {
            sum.re += value * wheel.re;
            sum.im -= value * wheel.im;
            wheel = wheel.times(turn);
        }
        let mut wheel = Complex::unit(TAU * (k * pad) as f64 / n);
        for z in &mut out {
            let part = sum.times(wheel);
            z.re += 2.0 * part.re / n;
            z.im += 2.0 * part.im / n;
            wheel = wheel.times(turn);
        }
    }
    out
}

/// With the middle between the extremes of the stride round each sample taken off.
fn centred(z: &[Complex], period: f64) -> Vec<Complex> {
    let half = (0.5 * period).round() as usize;
    (0..z.len())
        .map(|i| {
            let around = &z[i.saturating_sub(half)..(i + half + 1).min(z.len())];
            let (least, most) =
                around.iter().fold((f64::MAX, f64::MIN), |(l, m), z| (l.min(z.re), m.max(z.re)));
            Complex { re: z[i].re - 0.5 * (least + most), ..z[i] }
        })
        .collect()
}

#[cfg(test)]
mod tests;
