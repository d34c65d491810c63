//! Legs alternate: how well each assignment of left and right fits the rhythm of the strides around it.
//!
//! Exchanged legs turn the distance from one ankle to the other upside down and leave its size as it was. Where most of
//! it swings as one, that is the rhythm; where too much was exchanged for that, the rhythm comes from the size, which
//! swings twice in a stride, and its sign in each half stride follows but for one choice that the majority makes; where
//! that is noisy as well, from the one frequency that shows in both. A stretch that swings against the rhythm was exchanged.
//! Motion from frame to frame sees where an exchange begins or ends; this sees that one lasts.

use crate::kinematics::movement::Points;
use crate::signal::rhythm::{Sine, agreed_size, best_sine};
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;
use std::f64::consts::FRAC_PI_2;

/// Time either side of a moment that tells its rhythm, s: three strides of the slowest exercise, so that a second of
/// exchanged legs stays a minority.
const HALF_WINDOW_S: f64 = 2.5;
/// A rhythm is fitted anew this often, s.
const FIT_EVERY_S: f64 = 0.5;
/// Least share of the swing, weighted by its size, that must agree with the majority's sign: near a half it is anybody's
/// guess which part was exchanged.
const LEAST_MAJORITY: f64 = 0.6;
/// Deviations from the rhythm that are ordinary, as a share of its amplitude: strides are no sines.
const ORDINARY: f64 = 0.5;
/// A squared deviation counts up to this.
const MOST: f64 = 4.0;

/// How badly the ankles of each moment fit the rhythm as the model named them and exchanged, squared deviations, 0 to
/// `MOST`; both 0 where there is no rhythm or an ankle is not seen.
#[must_use]
pub fn misfits(times: &[Seconds], points: &Points, leg_px: f64) -> Vec<[f64; 2]> {
    let ankle = |side| points.limb(LimbPoint::Ankle, side);
    let difference = ankle(Side::Left).with(ankle(Side::Right), |l, r| (l.x - r.x) / leg_px);
    let values: Vec<(f64, f64)> = difference.present().map(|(i, d)| (times[i].0, d)).collect();
    let mut out = vec![[0.0; 2]; times.len()];
    let (mut fitted_at, mut rhythm): (f64, Option<Rhythm>) = (f64::NEG_INFINITY, None);
    for (i, value) in difference.present() {
        let now = times[i].0;
        if now - fitted_at >= FIT_EVERY_S {
            (fitted_at, rhythm) = (now, Rhythm::around(&values, times, now + FIT_EVERY_S / 2.0));
        }
        if let Some(rhythm) = &rhythm {
            out[i] = [1.0, -1.0].map(|sign| rhythm.misfit(now, sign * value));
        }
    }
    out
}

/// The swing of the ankles past each other.
enum Rhythm {
    /// Read from the distance itself, where most of it swings as one.
    Signed(Sine),
    /// Read from its size: `amplitude * cos(phase(t) / 2)`.
    Sized { size: Sine, amplitude: f64 },
}

impl Rhythm {
    fn around(values: &[(f64, f64)], times: &[Seconds], moment_s: f64) -> Option<Self> {
        let from = values.partition_point(|v| v.0 < moment_s - HALF_WINDOW_S);
        let to = values.partition_point(|v| v.0 <= moment_s + HALF_WINDOW_S);
        let near = &values[from..to];
        let frames = times.iter().filter(|t| (t.0 - moment_s).abs() <= HALF_WINDOW_S).count();
        best_sine(near, frames, 1.0).map(Self::Signed).or_else(|| Self::sized(near, frames, moment_s))
    }

    /// From the size, with the sign of the majority.
    fn sized(near: &[(f64, f64)], frames: usize, moment_s: f64) -> Option<Self> {
        let sizes: Vec<(f64, f64)> = near.iter().map(|(t, d)| (*t, d.abs())).collect();
        let size = best_sine(&sizes, frames, 2.0).or_else(|| agreed_size(near, frames))?;
        // The mean size of a sine is 2 / pi of its amplitude.
        let amplitude = FRAC_PI_2 * size.level(moment_s);
        let agreement = |(t, d): &(f64, f64)| d * (size.phase(*t) / 2.0).cos();
        let agreeing: f64 = near.iter().map(|v| agreement(v).max(0.0)).sum();
        let against: f64 = near.iter().map(|v| (-agreement(v)).max(0.0)).sum();
        let sign = if agreeing >= against { 1.0 } else { -1.0 };
        let clear = agreeing.max(against) >= LEAST_MAJORITY * (agreeing + against);
        clear.then_some(Self::Sized { size, amplitude: sign * amplitude })
    }

    fn misfit(&self, time_s: f64, value: f64) -> f64 {
        let (swing, amplitude) = match self {
            // Seen obliquely, one foot lies to one side of the other all the time: the level.
            Self::Signed(sine) => (sine.level(time_s) + sine.swing(time_s), sine.amplitude),
            Self::Sized { size, amplitude } => (amplitude * (size.phase(time_s) / 2.0).cos(), *amplitude),
        };
        ((value - swing) / (ORDINARY * amplitude)).powi(2).min(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    /// Ankles that pass each other once a second by so much either way, one of them always further right.
    fn seen_obliquely(
        swing_px: f64,
        offset_px: f64,
        exchanged: std::ops::Range<usize>,
    ) -> (Vec<Seconds>, Points) {
        let mut points = Points::missing(150);
        for side in Side::BOTH {
            let sign = if side == Side::Left { 0.5 } else { -0.5 };
            let at = |i: usize| {
                let apart = offset_px + swing_px * (std::f64::consts::TAU * i as f64 / 30.0).sin();
                let sign = if exchanged.contains(&i) { -sign } else { sign };
                let value = Point::new(300.0 + sign * apart, 400.0);
                Some(Sample { value, confidence: Confidence::FULL, source: Source::Measured })
            };
            *points.get_mut(LimbPoint::Ankle.on(side)) = Series::new((0..150).map(at).collect());
        }
        ((0..150).map(|i| Seconds(f64::from(i) / 30.0)).collect(), points)
    }

    #[test]
    fn a_foot_that_always_lies_to_one_side_fits_as_it_is() {
        for offset_px in [0.0, 15.0, 40.0] {
            let (times, points) = seen_obliquely(20.0, offset_px, 0..0);
            let [kept, exchanged] = total(&misfits(&times, &points, 170.0));
            assert!(kept < 0.1 * exchanged, "{offset_px}: {kept} and {exchanged}");
        }
    }

    #[test]
    fn exchanged_feet_fit_exchanged() {
        let (times, points) = seen_obliquely(50.0, 10.0, 60..75);
        let [kept, exchanged] = total(&misfits(&times, &points, 170.0)[60..75]);
        assert!(exchanged < 0.5 * kept, "{kept} and {exchanged}");
    }

    fn total(misfits: &[[f64; 2]]) -> [f64; 2] {
        [0, 1].map(|state| misfits.iter().map(|m| m[state]).sum())
    }
}
