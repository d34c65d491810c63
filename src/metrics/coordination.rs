//! Arm-leg coordination (B6): each arm's swing against the opposite thigh's, where the arm swings enough to tell.

use super::arms::{UPPER_ARM, angle_around, powers_of, swing};
use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::circular::Circular;
use super::context::{BoutView, StrideView};
use super::harmonic::Swing;
use super::statistics;
use super::value::{NotMeasured, Reading, Value};
use crate::skeleton::{AngleKind, Segment, Side};
use crate::units::Radians;
use std::f64::consts::PI;

pub(super) const THIGH: AngleKind = AngleKind::Segment(Segment::Thigh);
/// Peak-to-peak below which an arm's phase is noise, degrees (B6, gate).
const LEAST_AMPLITUDE_DEG: f64 = 12.0;
/// Share of variance that the swing must explain (B6, gate).
const LEAST_R2: f64 = 0.5;
/// Power at twice the stride frequency over that at the stride frequency beyond which there is no phase (B6, gate).
const MOST_FREQUENCY_RATIO: f64 = 1.0;
/// One standard deviation of a stride's phase, degrees (B6: mean error 1.6 at two strides, 2.8 at one and a half).
const PHASE_ERROR_DEG: f64 = 3.0;
/// Below this mean confidence of the opposite thigh, the arm's own thigh turned by half a turn stands in (F7).
pub(super) const LEAST_THIGH_CONFIDENCE: f64 = 0.5;
/// Fewest strides of which a concentration, or the regularity of stepping, is told.
pub(super) const LEAST_STRIDES: usize = 3;
/// Fewest steps of which the coordination index of stepping is told (Kribus-Shmiel 2018: many).
const LEAST_STEPS: usize = 8;

const BASE: Row = Row {
    id: "arm_leg_phase_left_arm_deg",
    name: "Left arm against right leg",
    definition: "phase of the upper arm's swing at the stride frequency less that of the opposite thigh; told where the arm swings at least 12 degrees, the fit explains half of the variance and the arm does not swing twice a stride",
    unit: Unit::Degrees,
    sign: "arm ahead of the leg; 0 is moving together, as in sprinting, 180 is pacing",
    when: When::StridesAround,
    sides: Sides::Only(Side::Left),
    statistic: Statistic::CircularMean,
    error: MeasurementError::Fixed(PHASE_ERROR_DEG),
    source: "docs/science.md B6; elevation angles, since they are the same in backward gait (Grasso 1998)",
    compute: Compute::Stride(|view| phase(view, Side::Left)),
};

pub(super) const PHASE_LEFT: Row = BASE;
pub(super) const PHASE_RIGHT: Row = Row {
    id: "arm_leg_phase_right_arm_deg",
    name: "Right arm against left leg",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| phase(view, Side::Right)),
    ..BASE
};
pub(super) const CONSISTENCY_LEFT: Row = Row {
    id: "arm_leg_consistency_left_arm",
    name: "Consistency of left arm and right leg",
    definition: "length of the mean vector of the strides' phases, weighted by the share of variance explained; 1 is the same every stride; at least 3 strides",
    unit: Unit::Ratio,
    sign: "more consistent",
    when: When::Bout,
    statistic: Statistic::Mean,
    error: MeasurementError::Concentration(PHASE_ERROR_DEG),
    source: "docs/science.md B6 (Batschelet 1981)",
    compute: Compute::Bout(|view| consistency(view, Side::Left)),
    ..BASE
};
pub(super) const CONSISTENCY_RIGHT: Row = Row {
    id: "arm_leg_consistency_right_arm",
    name: "Consistency of right arm and left leg",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| consistency(view, Side::Right)),
    ..CONSISTENCY_LEFT
};
pub(super) const STEPPING: Row = Row {
    id: "stepping_coordination_percent",
    name: "Coordination of stepping (informational)",
    definition: "phase coordination index: variation of the phase of one foot's landing in the other's stride plus its mean distance from half a stride, percent; at least 8 steps",
    unit: Unit::Percent,
    sign: "less even",
    when: When::Bout,
    sides: Sides::None,
    statistic: Statistic::Mean,
    error: MeasurementError::Variation(STEPPING_ERROR_PERCENT),
    source: "Plotnik 2007",
    compute: Compute::Bout(stepping),
};
/// One standard deviation of the index, percent: event noise of 10 ms in a stride of 0.6 s enters both of its parts.
const STEPPING_ERROR_PERCENT: f64 = 3.0;

pub(super) fn phase(view: &StrideView, arm: Side) -> Reading {
    let window = angle_around(view, UPPER_ARM, arm)?;
    let arm_swing = swing(view, &window)?;
    gate(arm_swing, powers_of(view, &window)?)?;
    let leg = thigh_phase(view, arm.mirror())?;
    let difference = Radians(arm_swing.phase.0 - leg.number).wrapped().to_degrees();
    let arm_value = Value { weight: arm_swing.r2, ..window.says(Some(difference))? };
    Ok(arm_value.and(leg, difference))
}

/// Whether an arm's swing has a phase worth telling, from its fit and its squared amplitudes once and twice a stride.
fn gate(swing: Swing, (once, twice): (f64, f64)) -> Result<(), NotMeasured> {
    let peak_to_peak = |power: f64| 2.0 * power.sqrt();
    // An arm that does not swing at all has no frequency either.
    if peak_to_peak(once.max(twice)).max(2.0 * swing.amplitude) < LEAST_AMPLITUDE_DEG {
        return Err(NotMeasured::ArmStill);
    }
    if twice >= MOST_FREQUENCY_RATIO * once {
        return Err(NotMeasured::DoubleFrequency);
    }
    if 2.0 * swing.amplitude < LEAST_AMPLITUDE_DEG {
        return Err(NotMeasured::ArmStill);
    }
    if swing.r2 < LEAST_R2 { Err(NotMeasured::NotPeriodic) } else { Ok(()) }
}

/// Phase of a thigh's swing, rad; where it is hardly seen, the other thigh's turned by half a turn, marked approximate.
fn thigh_phase(view: &StrideView, side: Side) -> Reading {
    let of = |side| {
        let window = angle_around(view, THIGH, side)?;
        window.says(Some(swing(view, &window)?.phase.0))
    };
    match of(side) {
        Ok(value) if value.confidence >= LEAST_THIGH_CONFIDENCE => Ok(value),
        weak => {
            let stand_in = of(side.mirror()).map(|v| Value { approximate: true, ..v.with(v.number + PI) });
            stand_in.or(weak)
        }
    }
}

fn consistency(view: &BoutView, arm: Side) -> Reading {
    let compute = match arm {
        Side::Left => |view: &StrideView| phase(view, Side::Left),
        Side::Right => |view: &StrideView| phase(view, Side::Right),
    };
    let values = view.each(compute);
    let phases: Vec<(Radians, f64)> =
        values.iter().map(|v| (Radians::from_degrees(v.number), v.weight)).collect();
    let weakest = values.iter().copied().reduce(|a, b| a.and(b, 0.0));
    let circular = Circular::of(&phases).filter(|c| c.n >= LEAST_STRIDES);
    weakest.zip(circular).map(|(v, c)| v.with(c.concentration)).ok_or(NotMeasured::TooFewStrides)
}

fn stepping(view: &BoutView) -> Reading {
    let phases: Vec<f64> = view
        .timed()
        .iter()
        .filter_map(|s| {
            let landing = s.opposite_initial?;
            Some(360.0 * (landing.time - s.start).0 / s.duration().0)
        })
        .collect();
    if phases.len() < LEAST_STEPS {
        return Err(NotMeasured::TooFewStrides);
    }
    let away: Vec<f64> = phases.iter().map(|p| (p - 180.0).abs()).collect();
    let parts = statistics::sd(&phases).zip(statistics::mean(&phases)).zip(statistics::mean(&away));
    let index = parts.map(|((sd, mean), away)| 100.0 * sd / mean + 100.0 * away / 180.0);
    let value =
        |number| Value { number, measured_share: 1.0, confidence: 1.0, weight: 1.0, approximate: false };
    index.map(value).ok_or(NotMeasured::TooFewStrides)
}
