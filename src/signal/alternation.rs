//! Legs alternate: how well each assignment of left and right fits the rhythm of the strides around it.
//!
//! Exchanged legs turn the distance from one ankle to the other upside down. Where that distance swings with one rhythm
//! for some strides, a stretch that swings against it was exchanged. Motion from frame to frame sees where an exchange begins
//! or ends; this sees that one lasts.

use crate::kinematics::movement::Points;
use crate::signal::rhythm::{Sine, best_sine};
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;

/// Strides either side of a moment that tell its rhythm, s: a second of exchanged legs must stay a minority.
const HALF_WINDOW_S: f64 = 2.0;
/// A rhythm is fitted anew this often, s: twice in the shortest stride is not needed, once in the usual one is.
const FIT_EVERY_S: f64 = 0.5;
/// Deviations from the rhythm that are ordinary, as a share of its amplitude: strides are no sines.
const ORDINARY: f64 = 0.5;
/// A squared deviation counts up to this.
const MOST: f64 = 4.0;

/// How badly the ankles of each moment fit the rhythm as the model named them and exchanged, squared deviations, 0 to
/// [`MOST`]; both 0 where there is no rhythm or an ankle is not seen.
#[must_use]
pub fn misfits(times: &[Seconds], points: &Points, leg_px: f64) -> Vec<[f64; 2]> {
    let ankle = |side| points.limb(LimbPoint::Ankle, side);
    let difference = ankle(Side::Left).with(ankle(Side::Right), |l, r| (l.x - r.x) / leg_px);
    let values: Vec<(f64, f64)> = difference.present().map(|(i, d)| (times[i].0, d)).collect();
    let mut out = vec![[0.0; 2]; times.len()];
    let (mut fitted_at, mut sine): (f64, Option<Sine>) = (f64::NEG_INFINITY, None);
    for (i, value) in difference.present() {
        let now = times[i].0;
        if now - fitted_at >= FIT_EVERY_S {
            (fitted_at, sine) = (now, rhythm_around(&values, times, now + FIT_EVERY_S / 2.0));
        }
        if let Some(sine) = &sine {
            out[i] = [1.0, -1.0].map(|sign| misfit(sine, now, sign * value));
        }
    }
    out
}

/// The rhythm of the strides around a moment.
fn rhythm_around(values: &[(f64, f64)], times: &[Seconds], moment_s: f64) -> Option<Sine> {
    let from = values.partition_point(|v| v.0 < moment_s - HALF_WINDOW_S);
    let to = values.partition_point(|v| v.0 <= moment_s + HALF_WINDOW_S);
    let frames = times.iter().filter(|t| (t.0 - moment_s).abs() <= HALF_WINDOW_S).count();
    best_sine(&values[from..to], frames)
}

/// A standing difference of near and far leg is not part of the rhythm and is not turned over with it.
fn misfit(sine: &Sine, time_s: f64, value: f64) -> f64 {
    ((value - sine.swing(time_s)) / (ORDINARY * sine.amplitude)).powi(2).min(MOST)
}
