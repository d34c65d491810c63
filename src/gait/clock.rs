//! The stride clock: when the legs pass each other, from the difference of the thighs' angles or of the lines from hips to
//! ankles, whichever swings more regularly. Going backward the shanks do more of a step than the thighs, and of two thighs that
//! hardly part a model sees less than there is; the thighs need hips and knees only. So it goes on when feet are hidden, on a
//! treadmill, with a panning camera, forward and backward.
//!
//! Whose step it was is for `travel` to say (it needs the direction), which stretches are stepping for `bouts`.

use super::frequency::{dominant_frequency_hz, share_explained};
use super::settings::GaitSettings;
use super::smooth::{sigma_for_cutoff_s, smooth};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Movement;
use crate::signal::statistics::quantile;
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Radians};

/// The legs pass each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// When, in samples, between two where the evidence allows.
    pub position: f64,
    /// Whether the left leg goes toward +x of the picture past the right one.
    pub left_toward_right_edge: bool,
}

/// The stride clock of a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Stride frequency that explains most of the movement of the legs.
    pub stride_frequency: Hertz,
    /// Left minus right angle in the picture of the thighs or of the lines from hip to ankle (positive toward +x), smoothed and
    /// centred, rad.
    pub difference: Vec<Option<f64>>,
    /// The legs passing each other, in time order. Across a gap they need not alternate.
    pub crossings: Vec<Crossing>,
}

impl Clock {
    /// Stride time, samples.
    pub fn period_samples(&self, rate: Hertz) -> f64 {
        rate.0 / self.stride_frequency.0
    }
}

/// The cut-off of the clock's smoothing is this many stride frequencies, and at most [`MAX_CUTOFF_HZ`] (C3).
const CUTOFF_PER_STRIDE_FREQUENCY: f64 = 3.5;
const MAX_CUTOFF_HZ: f64 = 6.0;
/// A crossing counts once the difference has gone this share of its 90th percentile beyond zero (C3).
const HYSTERESIS: f64 = 0.15;
/// Where no frequency helps to tell a step from noise, more of it counts [default].
const ANY_SPEED_HYSTERESIS: f64 = 0.3;
/// And at least this share of the least peak-to-peak swing: half of the amplitude that counts as stepping.
const MIN_HYSTERESIS: f64 = 0.25;
/// Two crossings nearer than this share of the usual stride are one noise. Half a stride lies between true ones; C3 has
/// 0.3, which would drop steps of a faster walk into place in a clip of slow pushing.
const REFRACTORY_STRIDES: f64 = 0.2;
/// The clock goes by one leg where the two are seen together in less than this share of the frames of one.
const MIN_SEEN_TOGETHER: f64 = 0.5;

/// A swing this regular is stepping from half of the least swing on: of standing, shifting weight and noise one frequency explains
/// half at most [default].
const SURE_RHYTHM: f64 = 0.8;
const SURE_SHARE: f64 = 0.5;

/// The clock of a movement; none when the legs do not move against each other as in stepping.
pub fn clock(movement: &Movement, settings: &GaitSettings) -> Option<Clock> {
    let rate = movement.time.rate;
    let lines = [LimbPoint::Knee, LimbPoint::Ankle].map(|end| Line::of(movement, end, settings));
    let line = lines.into_iter().flatten().max_by(|a, b| a.told().total_cmp(&b.told()))?;
    let sure = if line.rhythm >= SURE_RHYTHM { SURE_SHARE } else { 1.0 };
    let least = sure * settings.min_leg_swing.0;
    if 2.0 * line.swing < least {
        return None;
    }
    let threshold = (HYSTERESIS * line.swing).max(MIN_HYSTERESIS * least);
    let crossings = crossings(&line.difference, threshold, REFRACTORY_STRIDES * rate.0 / line.frequency_hz);
    Some(Clock { stride_frequency: Hertz(line.frequency_hz), difference: line.difference, crossings })
}

/// The legs' difference and their passing each other, whatever their frequency is and wherever it changes; for whole clips the clock,
/// smoothed and centred for the one frequency, tells better.
pub(super) fn steps_at_any_speed(
    movement: &Movement,
    settings: &GaitSettings,
) -> Option<(Vec<Option<f64>>, Vec<Crossing>)> {
    let rate = movement.time.rate;
    let lines = [LimbPoint::Knee, LimbPoint::Ankle].map(|end| Line::of(movement, end, settings));
    let [thighs, ankles] = lines.map(|line| line.map_or(0.0, |line| line.told()));
    let raw = difference(movement, if thighs >= ankles { LimbPoint::Knee } else { LimbPoint::Ankle });
    let smoothed = smooth(&raw, sigma_for_cutoff_s(MAX_CUTOFF_HZ) * rate.0);
    let difference = centred(&smoothed, rate.0 / settings.min_stride_frequency.0);
    let swing = quantile(difference.iter().flatten().map(|d| d.abs()), 0.9)?;
    let crossings = crossings(&difference, ANY_SPEED_HYSTERESIS * swing, 0.0);
    (2.0 * swing >= settings.min_leg_swing.0).then_some((difference, crossings))
}

/// How the thighs, or the lines from hip to ankle, swing against each other.
struct Line {
    frequency_hz: f64,
    /// Left minus right, smoothed and centred, rad.
    difference: Vec<Option<f64>>,
    /// 90th percentile of its size, rad.
    swing: f64,
    /// Share of its variance that the frequency explains.
    rhythm: f64,
}

impl Line {
    fn of(movement: &Movement, end: LimbPoint, settings: &GaitSettings) -> Option<Self> {
        let rate = movement.time.rate.0;
        let raw = difference(movement, end);
        let frequency_hz = dominant_frequency_hz(&raw, rate, settings)?;
        let cutoff = (CUTOFF_PER_STRIDE_FREQUENCY * frequency_hz).min(MAX_CUTOFF_HZ);
        let smoothed = smooth(&raw, sigma_for_cutoff_s(cutoff) * rate);
        let difference = centred(&smoothed, rate / frequency_hz);
        let swing = quantile(difference.iter().flatten().map(|d| d.abs()), 0.9)?;
        Some(Self { frequency_hz, swing, rhythm: share_explained(&raw, rate, frequency_hz), difference })
    }

    /// How much of the clip it tells.
    fn told(&self) -> f64 {
        self.rhythm * seen(&self.difference) as f64
    }
}

/// Angle of the line from the hip to a point of the leg against straight down, positive toward +x of the picture.
fn angle(movement: &Movement, end: LimbPoint, side: Side, index: usize) -> Option<f64> {
    let place = |point: LimbPoint| movement.unfiltered.limb(point, side).value(index);
    let (hip, end): (Point<Ground>, Point<Ground>) = (place(LimbPoint::Hip)?, place(end)?);
    let line = end - hip;
    (line.length() > 0.0).then(|| line.x.atan2(line.y))
}

/// Left minus right; where one leg is hardly ever seen with the other, twice the other alone: in stepping they
/// are half a stride apart (175 to 180 degrees of phase, B6).
fn difference(movement: &Movement, end: LimbPoint) -> Vec<Option<f64>> {
    let legs = Side::BOTH.map(|side| -> Vec<Option<f64>> {
        (0..movement.time.len).map(|i| angle(movement, end, side, i)).collect()
    });
    let both: Vec<Option<f64>> =
        legs[0].iter().zip(&legs[1]).map(|(l, r)| Some(Radians((*l)? - (*r)?).wrapped().0)).collect();
    let [left, right] = [0, 1].map(|side| seen(&legs[side]));
    if seen(&both) as f64 >= MIN_SEEN_TOGETHER * left.max(right) as f64 {
        return both;
    }
    let (leg, sign) = if left >= right { (&legs[0], 2.0) } else { (&legs[1], -2.0) };
    leg.iter().map(|angle| angle.map(|a| sign * a)).collect()
}

fn seen(values: &[Option<f64>]) -> usize {
    values.iter().flatten().count()
}

/// Less its mean over one stride round each sample: what is left swings about zero whatever the drift and whatever
/// one leg is read too far forward. At the ends the stride lies inside the clip.
fn centred(values: &[Option<f64>], stride: f64) -> Vec<Option<f64>> {
    let last = values.len().saturating_sub(1);
    let half = ((0.5 * stride).round() as usize).clamp(1, (last / 2).max(1));
    let mean_round = |i: usize| {
        let middle = i.max(half).min(last.saturating_sub(half).max(half));
        let (mut sum, mut all) = (0.0, 0.0);
        let round = &values[middle - half..=(middle + half).min(last)];
        for (k, value) in round.iter().enumerate() {
            let weight = if k == 0 || k == 2 * half { 0.5 } else { 1.0 };
            if let Some(value) = value {
                sum += weight * value;
                all += weight;
            }
        }
        (all > 0.0).then(|| sum / all)
    };
    values.iter().enumerate().map(|(i, v)| Some((*v)? - mean_round(i)?)).collect()
}

fn crossings(difference: &[Option<f64>], threshold: f64, refractory: f64) -> Vec<Crossing> {
    let mut found: Vec<Crossing> = Vec::new();
    let mut side_of_zero: Option<bool> = None;
    let mut last_change: Option<f64> = None;
    for (i, value) in difference.iter().enumerate() {
        let Some(value) = *value else {
            (side_of_zero, last_change) = (None, None);
            continue;
        };
        if let Some(before) = i.checked_sub(1).and_then(|b| difference[b])
            && (before > 0.0) != (value > 0.0)
        {
            last_change = Some((i - 1) as f64 + before / (before - value));
        }
        if value.abs() < threshold {
            continue;
        }
        let positive = value > 0.0;
        if let (Some(was), Some(position)) = (side_of_zero, last_change)
            && was != positive
        {
            found.push(Crossing { position, left_toward_right_edge: positive });
        }
        side_of_zero = Some(positive);
    }
    without_flicker(&found, refractory)
}

/// Drops pairs of crossings that follow each other too fast: there and back again is no step.
fn without_flicker(found: &[Crossing], refractory: f64) -> Vec<Crossing> {
    let mut kept: Vec<Crossing> = Vec::new();
    for &crossing in found {
        match kept.last() {
            Some(last)
                if crossing.position - last.position < refractory
                    && last.left_toward_right_edge != crossing.left_toward_right_edge =>
            {
                kept.pop();
            }
            _ => kept.push(crossing),
        }
    }
    kept
}
