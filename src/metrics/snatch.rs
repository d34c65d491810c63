//! Snatches of a slack tether (B7): steps in which the hips are braked much harder than in the others. Information only.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{BoutView, StrideView};
use super::statistics;
use super::summary::most_frequent;
use super::travel;
use super::value::{NotMeasured, Reading, Value};
use crate::gait::stride::EventKind;
use crate::units::Seconds;

/// A braking peak is a snatch beyond so many times the median of the steps (B7).
const SNATCH_MEDIANS: f64 = 3.0;
/// Fewest steps of which the usual braking is known: two strides of each leg and one more, or a median of five peaks.
const LEAST_STEPS: usize = 5;
/// One standard deviation of the count: one step near the limit. No source.
const COUNT_ERROR: f64 = 1.0;

pub(super) const COUNT: Row = Row {
    id: "snatch_count",
    name: "Snatches (informational)",
    definition: "steps of the bout, from one foot's initial contact to the other's, in which the greatest braking of the hips is more than three times the median of the steps; at least 5 steps",
    unit: Unit::Ratio,
    sign: "more often",
    when: When::Bout,
    sides: Sides::None,
    statistic: Statistic::Sum,
    error: MeasurementError::Fixed(COUNT_ERROR),
    source: "docs/science.md B7",
    compute: Compute::Bout(snatches),
};

fn snatches(view: &BoutView) -> Reading {
    let readings: Vec<Reading> =
        view.strides.iter().map(|s| braking(&StrideView::new(view.context, s))).collect();
    let peaks: Vec<Value> = readings.iter().filter_map(|r| r.ok()).collect();
    if peaks.len() < LEAST_STEPS {
        let reason = most_frequent(readings.iter().filter_map(|r| r.err()));
        return Err(reason.unwrap_or(NotMeasured::TooFewStrides));
    }
    let sizes: Vec<f64> = peaks.iter().map(|v| v.number).collect();
    let usual = statistics::median(&sizes).filter(|&m| m > 0.0).ok_or(NotMeasured::NotEnoughSeen)?;
    let count = sizes.iter().filter(|&&s| s > SNATCH_MEDIANS * usual).count();
    let weakest = peaks.into_iter().reduce(|a, b| a.and(b, 0.0)).ok_or(NotMeasured::TooFewStrides)?;
    Ok(weakest.with(count as f64))
}

/// The greatest braking of the hips in the step that this stride opens, px/s^2; one step for each stride, since strides of
/// both feet overlap.
fn braking(view: &StrideView) -> Reading {
    if !travel::moves_over_fixed_ground(view) {
        return Err(NotMeasured::GroundMoves);
    }
    let context = view.context;
    let start = view.initial().time;
    let mut others = context.events(view.side().mirror(), EventKind::InitialContact);
    let end =
        others.find(|e| e.time > start && e.time < view.stride.end).ok_or(NotMeasured::TooFewStrides)?.time;
    let half = view.stride.duration() * travel::SLOPE_HALF_SHARE;
    // Either speed is a slope through three samples at least.
    if half.0 < 2.0 * context.movement.time.step().0 {
        return Err(NotMeasured::BelowFrameRate);
    }
    let whole = context.window(&context.mid_hip, start - half, end + half, |p| p.x)?;
    let (first, last) = whole.samples.first().zip(whole.samples.last()).ok_or(NotMeasured::NotEnoughSeen)?;
    let forward = (last.1 - first.1).signum();
    let accelerations = whole.samples.iter().filter(|s| s.0 >= start.0 && s.0 <= end.0).filter_map(|s| {
        let before = speed(view, Seconds(s.0) - half, Seconds(s.0))?;
        let after = speed(view, Seconds(s.0), Seconds(s.0) + half)?;
        Some(forward * (after - before) / half.0)
    });
    let least = accelerations.reduce(f64::min);
    whole.says(least.map(|a| (-a).max(0.0)))
}

/// Slope of the hips' way over a stretch, px/s.
fn speed(view: &StrideView, from: Seconds, to: Seconds) -> Option<f64> {
    let context = view.context;
    let around = context.window(&context.mid_hip, from, to, |p| p.x).ok()?;
    travel::slope(&around.samples)
}
