//! From strides to one number: mean, spread, uncertainty (B10) and evidence, for each side of a metric.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic};
use super::circular::Circular;
use super::context::{BoutView, Context};
use super::statistics;
use super::value::{MetricValue, NotMeasured, StrideValue, Value, firm};
use crate::camera::scale::LEG_ERROR;
use crate::skeleton::Side;
use crate::units::Radians;

/// The values of a row: one for each side and both together, or one.
pub(super) fn of_row(
    row: &Row,
    strides: &[StrideValue],
    bouts: &[BoutView],
    context: &Context,
) -> Vec<MetricValue> {
    match (row.compute, row.sides) {
        (Compute::Sides(..), _) => Vec::new(),
        (Compute::Bout(compute), sides) => vec![of_bouts(row, only(sides), compute, bouts, context)],
        (Compute::Stride(_), Sides::OfStride) => {
            let of = |side: Side| strides.iter().filter(|s| s.side == side).cloned().collect();
            let [left, right] = Side::BOTH.map(|side| of_strides(row, Some(side), of(side), context));
            let mut sides = [left, right, of_strides(row, None, strides.to_vec(), context)];
            context.hidden.widen(&mut sides);
            sides.into()
        }
        (Compute::Stride(_), sides) => vec![of_strides(row, only(sides), strides.to_vec(), context)],
    }
}

fn only(sides: Sides) -> Option<Side> {
    match sides {
        Sides::Only(side) => Some(side),
        Sides::None | Sides::OfStride => None,
    }
}

fn of_strides(row: &Row, side: Option<Side>, per_stride: Vec<StrideValue>, context: &Context) -> MetricValue {
    let counting: Vec<&StrideValue> = per_stride.iter().filter(|s| s.counts).collect();
    let told = counting.iter().filter_map(|s| Some((s.side, s.reading.ok()?))).collect();
    let told = firm(told, |(_, v): &(Side, Value)| v.approximate);
    let values: Vec<Value> = told.iter().map(|(_, v)| *v).collect();
    let (value, sd) = match (row.statistic, row.sides) {
        (Statistic::Mean, Sides::OfStride) => by_sides(&told),
        _ => taken_together(row.statistic, &values),
    };
    let reason = most_frequent(counting.iter().filter_map(|s| s.reading.err()));
    let value = value.ok_or(reason.unwrap_or(NotMeasured::TooFewStrides));
    let measurement = value.ok().map(|v| measurement_error(row, side, v, &per_stride, context));
    summarised(row, side, value, sd, measurement, &values, per_stride)
}

/// Mean and spread of a leg's or both legs' strides; what is odd for a leg is measured by its own strides.
fn by_sides(values: &[(Side, Value)]) -> (Option<f64>, Option<f64>) {
    let of =
        |side| -> Vec<f64> { values.iter().filter(|(s, _)| *s == side).map(|(_, v)| v.number).collect() };
    let [left, right] = Side::BOTH.map(of);
    let numbers: Vec<f64> = values.iter().map(|(_, v)| v.number).collect();
    (statistics::robust_mean_of(&[&left, &right]), statistics::sd(&numbers))
}

/// Mean and spread.
fn taken_together(statistic: Statistic, values: &[Value]) -> (Option<f64>, Option<f64>) {
    let numbers: Vec<f64> = values.iter().map(|v| v.number).collect();
    match statistic {
        Statistic::Mean => (statistics::robust_mean(&numbers), statistics::sd(&numbers)),
        Statistic::Sum => ((!numbers.is_empty()).then(|| numbers.iter().sum()), None),
        Statistic::HarmonicMean => {
            let inverse: Vec<f64> = numbers.iter().map(|x| 1.0 / x).collect();
            (statistics::mean_duration(&inverse).map(|m| 1.0 / m), statistics::sd(&numbers))
        }
        Statistic::CircularMean => {
            let phases: Vec<(Radians, f64)> =
                values.iter().map(|v| (Radians::from_degrees(v.number), v.weight)).collect();
            let circular = Circular::of(&phases);
            let spread = circular.filter(|c| c.n > 1).map(|c| c.sd().to_degrees());
            (circular.map(|c| c.mean.to_degrees()), spread)
        }
    }
}

/// Several bouts count by their strides, save what is counted.
fn of_bouts(
    row: &Row,
    side: Option<Side>,
    compute: fn(&BoutView) -> super::value::Reading,
    bouts: &[BoutView],
    context: &Context,
) -> MetricValue {
    let readings: Vec<(usize, super::value::Reading)> =
        bouts.iter().map(|b| (b.strides.len(), compute(b))).collect();
    let told: Vec<(usize, Value)> = readings.iter().filter_map(|(n, r)| Some((*n, (*r).ok()?))).collect();
    let strides: usize = told.iter().map(|(n, _)| n).sum();
    let reason =
        most_frequent(readings.iter().filter_map(|(_, r)| r.err())).unwrap_or(NotMeasured::TooFewStrides);
    let value = bouts_together(row.statistic, &told).ok_or(reason);
    let measurement = value.ok().map(|v| match row.error {
        MeasurementError::Concentration(error_deg) => concentration_error(v, strides, error_deg),
        _ => measurement_error(row, side, v, &[], context),
    });
    let values: Vec<Value> = told.into_iter().map(|(_, v)| v).collect();
    let metric = summarised(row, side, value, None, measurement, &values, Vec::new());
    MetricValue { n: strides, uncertainty: measurement, ..metric }
}

/// One number of several bouts, each with how many strides it has; none where there are no strides.
fn bouts_together(statistic: Statistic, bouts: &[(usize, Value)]) -> Option<f64> {
    let strides: usize = bouts.iter().map(|(n, _)| n).sum();
    let weighted = || bouts.iter().map(|(n, v)| *n as f64 * v.number).sum::<f64>() / strides as f64;
    match statistic {
        _ if strides == 0 => None,
        Statistic::Mean | Statistic::HarmonicMean => Some(weighted()),
        Statistic::Sum => Some(bouts.iter().map(|(_, v)| v.number).sum()),
        Statistic::CircularMean => {
            let phase = |(n, v): &(usize, Value)| (Radians::from_degrees(v.number), *n as f64);
            Circular::of(&bouts.iter().map(phase).collect::<Vec<_>>()).map(|c| c.mean.to_degrees())
        }
    }
}

/// One standard deviation of the length of a mean vector of so many phases, each known to `error_deg`: of a wrapped normal
/// distribution (1 - R^2) / sqrt(2 n), and the share that errors of the phases take off on average.
fn concentration_error(concentration: f64, strides: usize, error_deg: f64) -> f64 {
    let few = (1.0 - concentration * concentration) / (2.0 * strides.max(1) as f64).sqrt();
    few.hypot(1.0 - (-0.5 * error_deg.to_radians().powi(2)).exp())
}

fn summarised(
    row: &Row,
    side: Option<Side>,
    value: Result<f64, NotMeasured>,
    sd: Option<f64>,
    measurement: Option<f64>,
    values: &[Value],
    per_stride: Vec<StrideValue>,
) -> MetricValue {
    let n = values.len();
    let of =
        |get: fn(&Value) -> f64| statistics::mean(&values.iter().map(get).collect::<Vec<_>>()).unwrap_or(0.0);
    let measurement = measurement.map(|u| u / seen(of(|v| v.measured_share)).sqrt());
    // With one stride the spread is unknown, and so is the uncertainty.
    let uncertainty = sd.zip(measurement).map(|(sd, u)| statistics::standard_error(sd, n).hypot(u));
    MetricValue {
        id: row.id,
        side,
        value,
        unit: row.unit,
        sd,
        n,
        uncertainty,
        measured_share: of(|v| v.measured_share),
        confidence: of(|v| v.confidence),
        approximate: values.iter().any(|v| v.approximate),
        per_stride,
    }
}

/// Samples that were filled in say nothing: what was measured carries the error alone.
fn seen(measured_share: f64) -> f64 {
    if measured_share > 0.0 { measured_share } else { 1.0 }
}

/// One standard deviation of what measurement alone adds, in the row's unit.
fn measurement_error(
    row: &Row,
    side: Option<Side>,
    value: f64,
    strides: &[StrideValue],
    context: &Context,
) -> f64 {
    let event = context.event_error(side).0;
    let durations: Vec<f64> = strides.iter().map(|s| context.gait.strides[s.stride].duration().0).collect();
    let stride = statistics::mean(&durations).filter(|&d| d > 0.0).unwrap_or(1.0);
    let metres = context.leg_metres().unwrap_or_default();
    let scale = context.scale.relative_uncertainty;
    let factor = context.movement.leg_error_factor;
    match row.error {
        MeasurementError::Angle(kind) => context.angle_error_deg(kind, side),
        MeasurementError::Fixed(amount) => amount,
        MeasurementError::Leg(amount) => factor * amount,
        MeasurementError::Variation(amount) => {
            let strides = context.gait.strides.iter().filter(|s| s.is_valid()).count();
            amount.hypot(value / (2.0 * strides.saturating_sub(1).max(1) as f64).sqrt())
        }
        MeasurementError::Frames(frames) => frames * event,
        MeasurementError::FramesOfStride(frames) => frames * event / stride,
        MeasurementError::Step(legs) => (factor * legs).hypot(tracks_error(strides, context)),
        MeasurementError::StepInMetres(legs) => {
            let legs = (factor * legs).hypot(tracks_error(strides, context));
            (legs * metres).hypot(scale * value)
        }
        MeasurementError::Foot(legs) => (factor * legs).hypot(0.5 * tracks_error(strides, context)),
        MeasurementError::LegsInMetres(legs) => (factor * legs * metres).hypot(scale * value),
        MeasurementError::LegsPerStride(legs) => (factor * legs / stride).hypot(LEG_ERROR * value),
        MeasurementError::LegsPerStrideInMetres(legs) => {
            (factor * legs * metres / stride).hypot(scale * value)
        }
        MeasurementError::Share(share) => share * value.abs(),
        MeasurementError::AlongTheWay(amount, per_share) => {
            amount.hypot(per_share * context.movement.perspective.change_sd().unwrap_or_default())
        }
        MeasurementError::Concentration(error_deg) => concentration_error(value, strides.len(), error_deg),
    }
}

/// One standard deviation of what the tracks of the feet leave in a mean step of these strides, leg lengths.
pub(super) fn tracks_error(strides: &[StrideValue], context: &Context) -> f64 {
    let counting = strides.iter().filter(|s| s.counts && s.reading.is_ok());
    context.tracks().error_leg(context, counting.filter_map(|s| context.gait.strides.get(s.stride)))
}

/// The reason given most often; of several, the first in the order of reasons.
pub(super) fn most_frequent(reasons: impl Iterator<Item = NotMeasured>) -> Option<NotMeasured> {
    let mut all: Vec<NotMeasured> = reasons.collect();
    all.sort_unstable();
    let count = |reason: NotMeasured| all.iter().filter(|&&r| r == reason).count();
    all.iter().copied().rev().max_by_key(|&r| count(r))
}
