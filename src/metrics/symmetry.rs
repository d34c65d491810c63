//! Left against right (B9): differences of angles in degrees, of times and lengths as a ratio, and the usual indices.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::Context;
use super::value::{MetricValue, NotMeasured};
use super::{knee, timing, travel};
use crate::skeleton::Side;

/// One standard deviation of what near and far side differ by in one view: angles, degrees (B9: 6 as a limit).
const NEAR_FAR_DEG: f64 = 6.0;
/// The same for lengths, percent (B9: 5 %).
const NEAR_FAR_PERCENT: f64 = 5.0;
const SOURCE: &str = "docs/science.md B9 (Robinson 1987; log-ratio as the best behaved)";

/// How the sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Right less left, in the unit of the metric: for angles.
    Absolute,
    /// 100 times the logarithm of right over left: for times and lengths.
    LogRatio,
}

const BASE: Row = Row {
    id: "knee_terminal_contact_asymmetry_deg",
    name: "Asymmetry of the knee at terminal contact",
    definition: "right less left knee flexion at terminal contact",
    unit: Unit::Degrees,
    sign: "right is larger",
    when: When::Bout,
    sides: Sides::None,
    statistic: Statistic::Mean,
    error: MeasurementError::Fixed(NEAR_FAR_DEG),
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
    error: MeasurementError::Fixed(NEAR_FAR_PERCENT),
    compute: Compute::Sides(&travel::STEP_LENGTH_LEG, Difference::LogRatio),
    ..CONTACT_TIME
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

/// Right less left over the range of both sides' cycles; none where they have no range.
#[must_use]
pub fn normalised_index(left: f64, right: f64, cycles: &[f64]) -> Option<f64> {
    let most = cycles.iter().copied().reduce(f64::max)?;
    let least = cycles.iter().copied().reduce(f64::min)?;
    (most > least).then(|| (right - left) / (most - least))
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
    let value = match how {
        Difference::Absolute => Some(r - l),
        Difference::LogRatio => log_ratio(l, r),
    };
    // A log-ratio's error is relative to the value.
    let relative = |m: &MetricValue, value: f64| match how {
        Difference::Absolute => standard_error(m),
        Difference::LogRatio => standard_error(m).map(|e| 100.0 * e / value),
    };
    let bias = bias(row, how, 0.5 * (l + r), context);
    let errors = relative(left, l).zip(relative(right, r));
    MetricValue {
        id: row.id,
        side: None,
        value: value.ok_or(NotMeasured::NotEnoughSeen),
        unit: row.unit,
        sd: None,
        n: left.n.min(right.n),
        uncertainty: errors.map(|(a, b)| (a * a + b * b + bias * bias).sqrt()),
        measured_share: left.measured_share.min(right.measured_share),
        confidence: left.confidence.min(right.confidence),
        approximate: left.approximate || right.approximate,
        per_stride: Vec::new(),
    }
}

/// Spread over root n; none below two strides.
fn standard_error(metric: &MetricValue) -> Option<f64> {
    metric.sd.map(|sd| sd / (metric.n.max(1) as f64).sqrt())
}

fn bias(row: &Row, how: Difference, mean: f64, context: &Context) -> f64 {
    match (row.error, how) {
        (MeasurementError::Frames(frames), Difference::LogRatio) => {
            100.0 * frames * context.movement.time.step().0 / mean
        }
        (MeasurementError::Fixed(amount), _) => amount,
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
