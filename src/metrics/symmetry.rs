//! Left against right (B9): differences of angles in degrees, of times and lengths as a ratio, and the usual indices.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::Context;
use super::summary::tracks_error;
use super::value::{MetricValue, NotMeasured};
use super::{agreement, knee, statistics, timing, travel};
use crate::skeleton::Side;

/// One standard deviation of what near and far side differ by in one view: angles, degrees (B9: 6 as a limit).
pub const NEAR_FAR_DEG: f64 = 6.0;
/// The same for lengths, percent (B9: 5 %).
pub const NEAR_FAR_PERCENT: f64 = 5.0;
/// A range this small beside the values is that of sums taken in another order.
const ROUNDING: f64 = 1e-9;
const SOURCE: &str = "docs/science.md B9 (Robinson 1987; log-ratio as the best behaved)";

/// How the sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Right less left, in the unit of the metric: for angles.
    Absolute,
    /// 100 times the logarithm of right over left: for times and lengths.
    LogRatio,
    /// Robinson's symmetry index, percent.
    Index,
    /// Zifchock's symmetry angle, percent.
    Angle,
    /// Right less left over the range of both sides' strides.
    Normalised,
}

const BASE: Row = Row {
    id: "knee_terminal_contact_asymmetry_deg",
    name: "Asymmetry of the knee at push-off",
    definition: "right less left knee flexion at terminal contact",
    unit: Unit::Degrees,
    sign: "right is larger",
    when: When::Bout,
    sides: Sides::None,
    statistic: Statistic::Mean,
    error: MeasurementError::Leg(NEAR_FAR_DEG),
    source: SOURCE,
    compute: Compute::Sides(&knee::TERMINAL, Difference::Absolute),
};

pub(super) const KNEE_TERMINAL: Row = BASE;
pub(super) const KNEE_DRIVE: Row = Row {
    id: "knee_drive_extension_asymmetry_deg",
    name: "Asymmetry of drive extension",
    definition: "right less left drive extension",
    compute: Compute::Sides(&knee::DRIVE, Difference::Absolute),
    ..BASE
};
pub(super) const CONTACT_TIME: Row = Row {
    id: "contact_time_asymmetry_percent",
    name: "Asymmetry of contact time",
    definition: "100 times the logarithm of right over left contact time",
    unit: Unit::Percent,
    error: MeasurementError::Frames(1.0),
    compute: Compute::Sides(&timing::CONTACT_TIME, Difference::LogRatio),
    ..BASE
};
pub(super) const STEP_TIME: Row = Row {
    id: "step_time_asymmetry_percent",
    name: "Asymmetry of step time",
    definition: "100 times the logarithm of right over left step time; a step is named for the foot that lands",
    compute: Compute::Sides(&timing::STEP_TIME, Difference::LogRatio),
    ..CONTACT_TIME
};
pub(super) const STEP_LENGTH: Row = Row {
    id: "step_length_asymmetry_percent",
    name: "Asymmetry of step length",
    definition: "100 times the logarithm of right over left step length; a step is named for the foot that lands",
    error: MeasurementError::Step(NEAR_FAR_PERCENT),
    compute: Compute::Sides(&travel::STEP_LENGTH_LEG, Difference::LogRatio),
    ..CONTACT_TIME
};

pub(super) const CONTACT_TIME_INDEX: Row = Row {
    id: "contact_time_symmetry_index_percent",
    name: "Symmetry index of contact time (informational)",
    definition: "100 times the difference of right and left contact time, without its sign, over their mean",
    sign: "less even",
    source: "docs/science.md B9 (Robinson 1987)",
    compute: Compute::Sides(&timing::CONTACT_TIME, Difference::Index),
    ..CONTACT_TIME
};
pub(super) const CONTACT_TIME_ANGLE: Row = Row {
    id: "contact_time_symmetry_angle_percent",
    name: "Symmetry angle of contact time (informational)",
    definition: "100 times the distance of atan2(left, right) of contact time from 45 degrees, over 90 degrees",
    source: "docs/science.md B9 (Zifchock 2008)",
    compute: Compute::Sides(&timing::CONTACT_TIME, Difference::Angle),
    ..CONTACT_TIME_INDEX
};
pub(super) const CONTACT_TIME_NORMALISED: Row = Row {
    id: "contact_time_normalised_symmetry",
    name: "Normalised symmetry index of contact time (informational)",
    definition: "right less left contact time over the range of both sides' strides",
    unit: Unit::Ratio,
    source: "docs/science.md B9",
    compute: Compute::Sides(&timing::CONTACT_TIME, Difference::Normalised),
    ..CONTACT_TIME
};
pub(super) const STEP_TIME_INDEX: Row = Row {
    id: "step_time_symmetry_index_percent",
    name: "Symmetry index of step time (informational)",
    definition: "100 times the difference of right and left step time, without its sign, over their mean",
    error: MeasurementError::Frames(1.0),
    compute: Compute::Sides(&timing::STEP_TIME, Difference::Index),
    ..CONTACT_TIME_INDEX
};
pub(super) const STEP_TIME_ANGLE: Row = Row {
    id: "step_time_symmetry_angle_percent",
    name: "Symmetry angle of step time (informational)",
    definition: "100 times the distance of atan2(left, right) of step time from 45 degrees, over 90 degrees",
    error: MeasurementError::Frames(1.0),
    compute: Compute::Sides(&timing::STEP_TIME, Difference::Angle),
    ..CONTACT_TIME_ANGLE
};
pub(super) const STEP_TIME_NORMALISED: Row = Row {
    id: "step_time_normalised_symmetry",
    name: "Normalised symmetry index of step time (informational)",
    definition: "right less left step time over the range of both sides' strides",
    error: MeasurementError::Frames(1.0),
    compute: Compute::Sides(&timing::STEP_TIME, Difference::Normalised),
    ..CONTACT_TIME_NORMALISED
};
pub(super) const STEP_LENGTH_INDEX: Row = Row {
    id: "step_length_symmetry_index_percent",
    name: "Symmetry index of step length (informational)",
    definition: "100 times the difference of right and left step length, without its sign, over their mean",
    error: MeasurementError::Step(NEAR_FAR_PERCENT),
    compute: Compute::Sides(&travel::STEP_LENGTH_LEG, Difference::Index),
    ..CONTACT_TIME_INDEX
};
pub(super) const STEP_LENGTH_ANGLE: Row = Row {
    id: "step_length_symmetry_angle_percent",
    name: "Symmetry angle of step length (informational)",
    definition: "100 times the distance of atan2(left, right) of step length from 45 degrees, over 90 degrees",
    error: MeasurementError::Step(NEAR_FAR_PERCENT),
    compute: Compute::Sides(&travel::STEP_LENGTH_LEG, Difference::Angle),
    ..CONTACT_TIME_ANGLE
};
pub(super) const STEP_LENGTH_NORMALISED: Row = Row {
    id: "step_length_normalised_symmetry",
    name: "Normalised symmetry index of step length (informational)",
    definition: "right less left step length over the range of both sides' strides",
    error: MeasurementError::Step(NEAR_FAR_PERCENT),
    compute: Compute::Sides(&travel::STEP_LENGTH_LEG, Difference::Normalised),
    ..CONTACT_TIME_NORMALISED
};

/// Robinson's symmetry index: 100 |R - L| over their mean, percent; none where the mean is 0.
#[must_use]
pub fn symmetry_index(left: f64, right: f64) -> Option<f64> {
    let mean = 0.5 * (left + right);
    (mean != 0.0).then(|| 100.0 * (right - left).abs() / mean.abs())
}

/// Zifchock's symmetry angle, percent, 0 to 100: 0 where both are the same.
#[must_use]
pub fn symmetry_angle(left: f64, right: f64) -> f64 {
    100.0 * (45.0 - left.atan2(right).to_degrees()).abs() / 90.0
}

/// 100 times the logarithm of right over left; none where either is not above 0.
#[must_use]
pub fn log_ratio(left: f64, right: f64) -> Option<f64> {
    (left > 0.0 && right > 0.0).then(|| 100.0 * (right / left).ln())
}

/// Right less left over the range of both sides' cycles; none where they have no range but that of rounding.
#[must_use]
pub fn normalised_index(left: f64, right: f64, cycles: &[f64]) -> Option<f64> {
    let most = cycles.iter().copied().reduce(f64::max)?;
    let least = cycles.iter().copied().reduce(f64::min)?;
    let range = most - least;
    (range > ROUNDING * most.abs().max(least.abs())).then(|| (right - left) / range)
}

/// The difference of the two sides of a metric already computed.
pub(super) fn of_row(
    row: &Row,
    of: &Row,
    how: Difference,
    values: &[MetricValue],
    context: &Context,
) -> MetricValue {
    let on = |side| values.iter().find(|m| m.id == of.id && m.side == Some(side));
    let sides = on(Side::Left).zip(on(Side::Right));
    let both = sides.and_then(|(l, r)| Some((l, l.value.ok()?, r, r.value.ok()?)));
    let Some((left, l, right, r)) = both else { return missing(row, values, of) };
    let counting = left.counting().into_iter().chain(right.counting());
    let cycles: Vec<f64> = counting.map(|v| v.number).collect();
    let value = compared(how, l, r, &cycles);
    let errors = standard_error(left).zip(standard_error(right));
    let uncertainty = errors.and_then(|(a, b)| {
        let (by_left, by_right) = slopes(how, l, r, &cycles)?;
        let mean = 0.5 * (l + r);
        // What near and far side differ by is as much of either.
        let slope = slopes(how, mean, mean, &cycles)?.0;
        let bias = slope * bias(row, of, mean, context);
        Some(
            (a * by_left)
                .hypot(b * by_right)
                .hypot(bias)
                .hypot(slope * by_tracks(row, [left, right], context)),
        )
    });
    let hidden = |known: f64| value.map_or(known, |v| known.hypot(context.hidden.of_difference(v, known)));
    MetricValue {
        id: row.id,
        side: None,
        value: value.ok_or(NotMeasured::NotEnoughSeen),
        unit: row.unit,
        sd: None,
        n: left.n.min(right.n),
        uncertainty: uncertainty.map(hidden),
        measured_share: left.measured_share.min(right.measured_share),
        confidence: left.confidence.min(right.confidence),
        approximate: left.approximate || right.approximate,
        per_stride: Vec::new(),
    }
}

/// Of the mean over strides; none below two.
fn standard_error(metric: &MetricValue) -> Option<f64> {
    metric.sd.map(|sd| statistics::standard_error(sd, metric.n))
}

fn compared(how: Difference, left: f64, right: f64, cycles: &[f64]) -> Option<f64> {
    match how {
        Difference::Absolute => Some(right - left),
        Difference::LogRatio => log_ratio(left, right),
        Difference::Index => symmetry_index(left, right),
        Difference::Angle => Some(symmetry_angle(left, right)),
        Difference::Normalised => normalised_index(left, right, cycles),
    }
}

/// How much a comparison changes with the left and with the right value, without signs; none where it is not defined.
fn slopes(how: Difference, left: f64, right: f64, cycles: &[f64]) -> Option<(f64, f64)> {
    let sum = left + right;
    let squares = left * left + right * right;
    let per = |of: f64, left: f64, right: f64| (of > 0.0).then(|| ((left / of).abs(), (right / of).abs()));
    match how {
        Difference::Absolute => Some((1.0, 1.0)),
        Difference::LogRatio => per(left * right, 100.0 * right, 100.0 * left),
        Difference::Index => per(sum * sum, 400.0 * right, 400.0 * left),
        Difference::Angle => {
            let percent_per_radian = 100.0 / 90.0 * 1.0_f64.to_degrees();
            per(squares, percent_per_radian * right, percent_per_radian * left)
        }
        Difference::Normalised => {
            let range = 1.0 / normalised_index(0.0, 1.0, cycles)?;
            per(range, 1.0, 1.0)
        }
    }
}

/// What the tracks of the feet leave in the difference of both sides' steps, leg lengths: one side's looks longer by what the
/// other's looks shorter.
fn by_tracks(row: &Row, sides: [&MetricValue; 2], context: &Context) -> f64 {
    match row.error {
        MeasurementError::Step(_) => sides.map(|m| tracks_error(&m.per_stride, context)).into_iter().sum(),
        _ => 0.0,
    }
}

/// What near and far side differ by in one view, in the unit of the metric compared: frames, a fixed amount of an angle, or
/// percent of the mean.
fn bias(row: &Row, of: &Row, mean: f64, context: &Context) -> f64 {
    let factor = context.movement.leg_error_factor;
    match row.error {
        MeasurementError::Frames(frames) => {
            let doubted = agreement::times_in_difference(of.id) * context.doubt.time.0;
            (frames * context.movement.time.step().0).hypot(doubted)
        }
        MeasurementError::Leg(degrees) if row.unit == Unit::Degrees => {
            (factor * degrees).hypot(knee::doubted_deg(of.id, context.doubt.time))
        }
        MeasurementError::Leg(percent) | MeasurementError::Step(percent) => {
            factor * 0.01 * percent * mean.abs()
        }
        _ => 0.0,
    }
}

fn missing(row: &Row, values: &[MetricValue], of: &Row) -> MetricValue {
    let reasons: Vec<NotMeasured> =
        values.iter().filter(|m| m.id == of.id && m.side.is_some()).filter_map(|m| m.value.err()).collect();
    let reason =
        if let [a, b] = reasons[..] { if a == b { a } else { a.max(b) } } else { NotMeasured::OneSideOnly };
    MetricValue {
        id: row.id,
        side: None,
        value: Err(reason),
        unit: row.unit,
        sd: None,
        n: 0,
        uncertainty: None,
        measured_share: 0.0,
        confidence: 0.0,
        approximate: false,
        per_stride: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sides_are_symmetrical_by_every_index() {
        assert_eq!(symmetry_index(2.0, 2.0), Some(0.0));
        assert!(symmetry_angle(2.0, 2.0).abs() < 1e-12);
        assert_eq!(log_ratio(2.0, 2.0), Some(0.0));
        assert_eq!(normalised_index(2.0, 2.0, &[0.0, 4.0]), Some(0.0));
    }

    #[test]
    fn a_tenth_more_on_the_right_reads_as_about_ten_percent() {
        assert!((symmetry_index(1.0, 1.1).unwrap_or_default() - 9.524).abs() < 1e-3);
        assert!((log_ratio(1.0, 1.1).unwrap_or_default() - 9.531).abs() < 1e-3);
        assert_eq!(log_ratio(0.0, 1.0), None);
        assert_eq!(symmetry_index(-1.0, 1.0), None);
    }
}
