//! Contacts where the path of the foot over the ground does not tell them: extremes of the foot relative to the
//! pelvis (Zeni 2008, generalised to backward stepping), then the stride clock alone.

use super::contacts::{Stage, Timing};
use super::smooth::{sigma_for_cutoff_s, smooth};
use super::stride::EventMethod;
use super::swing::Window;
use super::travel::pelvis_x;
use crate::skeleton::{LimbPoint, Side};

/// Cut-off for the extremes, Hz (C3, walking at 30 fps).
const CUTOFF_HZ: f64 = 7.0;
/// Spread of the extremes against contact, s (C2: 10 to 46 ms; the wide ones are terminal contacts of running).
const EXTREMES_SD_S: f64 = 0.040;
/// Spread of the clock of the thighs against contact as a share of a stride: its events are marked approximate (C3).
const THIGH_CLOCK_SD_STRIDES: f64 = 0.06;
/// Contact follows the thigh's extreme by this share of a stride (C3).
const CONTACT_AFTER_PEAK_STRIDES: f64 = 0.05;
/// Trust in each method; the feet's own path is trusted as much as its points.
const EXTREMES_CONFIDENCE: f32 = 0.5;
const THIGH_CLOCK_CONFIDENCE: f32 = 0.25;
/// Share of a stride by which the extremes may lie outside their half of the window.
const SLACK_STRIDES: f64 = 0.05;

/// Landing where the foot is furthest ahead of the pelvis, leaving where it is furthest behind.
pub(super) fn extremes(stage: &Stage<'_>, side: Side, window: Window) -> Option<Timing> {
    let forward = stage.stepping.direction(stage.movement).is_none_or(|d| d.sign() > 0.0);
    let (lead, trail) =
        if forward { (LimbPoint::Heel, LimbPoint::Toe) } else { (LimbPoint::Toe, LimbPoint::Heel) };
    let ahead =
        |point| from_pelvis(stage, point, side).or_else(|| from_pelvis(stage, LimbPoint::Ankle, side));
    let slack = SLACK_STRIDES * stage.period;
    let land = peak(&ahead(lead)?, window.passing, window.to + slack)?;
    let behind: Vec<Option<f64>> = ahead(trail)?.into_iter().map(|v| v.map(|v| -v)).collect();
    let leave = peak(&behind, window.from - slack, window.passing)?;
    Some(Timing {
        leave: Some(leave),
        land: Some(land),
        uncertainty: EXTREMES_SD_S * stage.movement.time.rate.0,
        confidence: EXTREMES_CONFIDENCE,
        method: EventMethod::PelvisRelative,
    })
}

/// Contacts from the stride clock: the extremes of the legs' difference, and a share of a stride to the contact.
pub(super) fn thigh_clock(stage: &Stage<'_>, window: Window) -> Timing {
    let quarter = stage.period / 4.0;
    let sign = |at: f64| {
        let i = (at.round().max(0.0) as usize).min(stage.clock.difference.len().saturating_sub(1));
        stage.clock.difference.get(i).copied().flatten().map_or(1.0, f64::signum)
    };
    let bend = |from: f64, to: f64| {
        let toward = sign(0.5 * (from + to));
        let bent: Vec<Option<f64>> = stage.clock.difference.iter().map(|d| d.map(|d| d * toward)).collect();
        peak(&there(stage, bent), from, to)
    };
    let land = bend(window.passing, window.to).unwrap_or(window.passing + quarter);
    let leave = bend(window.from, window.passing).unwrap_or(window.passing - quarter);
    let after = CONTACT_AFTER_PEAK_STRIDES * stage.period;
    Timing {
        leave: Some(leave - after),
        land: Some(land + after),
        uncertainty: THIGH_CLOCK_SD_STRIDES * stage.period,
        confidence: THIGH_CLOCK_CONFIDENCE,
        method: EventMethod::ThighClock,
    }
}

/// Without the samples of other takes.
fn there(stage: &Stage<'_>, values: Vec<Option<f64>>) -> Vec<Option<f64>> {
    values.into_iter().enumerate().map(|(i, value)| value.filter(|_| stage.was_there(i))).collect()
}

/// A point's place ahead of the pelvis along the way of stepping, smoothed; none when never seen.
fn from_pelvis(stage: &Stage<'_>, point: LimbPoint, side: Side) -> Option<Vec<Option<f64>>> {
    let pelvis = pelvis_x(stage.movement);
    let series = stage.movement.unfiltered.limb(point, side);
    let ahead: Vec<Option<f64>> =
        series.iter().zip(pelvis).map(|(s, p)| Some(stage.toward * (s?.value.x - p?))).collect();
    let ahead = there(stage, ahead);
    ahead
        .iter()
        .any(Option::is_some)
        .then(|| smooth(&ahead, sigma_for_cutoff_s(CUTOFF_HZ) * stage.movement.time.rate.0))
}

/// Where the values are highest between two places, by a parabola through the highest and its neighbours; none where
/// half of them are missing or the highest is at an end.
fn peak(values: &[Option<f64>], from: f64, to: f64) -> Option<f64> {
    let range = from.max(0.0).ceil() as usize..(to.max(0.0) as usize + 1).min(values.len());
    let present = range.clone().filter(|&i| values[i].is_some()).count();
    if 2 * present < range.len() {
        return None;
    }
    let best = range.clone().max_by(|&a, &b| {
        let value = |i: usize| values[i].unwrap_or(f64::NEG_INFINITY);
        value(a).total_cmp(&value(b))
    })?;
    if best == range.start || best + 1 == range.end {
        return None;
    }
    let (before, at, after) = (values[best - 1]?, values[best]?, values[best + 1]?);
    let curve = before - 2.0 * at + after;
    Some(best as f64 + if curve < 0.0 { 0.5 * (before - after) / curve } else { 0.0 })
}
