//! Knee travel (B3): how far the knee bends, straightens and goes forward in each stride.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::StrideView;
use super::value::Reading;
use crate::geometry::{Ground, Point};
use crate::signal::series::Series;
use crate::skeleton::{AngleKind, Joint, LimbPoint};
use crate::units::Seconds;

const KNEE: AngleKind = AngleKind::Joint(Joint::Knee);
/// One standard deviation of a difference within the stride, degrees: a constant offset cancels (D2, ROM 4 to 5).
pub(super) const RANGE_ERROR_DEG: f64 = 4.5;
/// The same of the knee's whole range, which is read too small: 7 degrees rms on ten rendered clips, 6 of them bias (D2).
const KNEE_RANGE_ERROR_DEG: f64 = 6.5;
/// How fast a knee turns at push-off, degrees a second (D2).
const PUSH_OFF_DEG_PER_S: f64 = 200.0;
/// That of the drive extension, degrees: it ends at push-off, and when a foot leaves is known to 20 ms from stride to stride
/// alike (D2).
const DRIVE_ERROR_DEG: f64 = 6.0;
/// One standard deviation of a length (B10), leg lengths; a shank or thigh is half of one.
pub(super) const LENGTH_ERROR_LEG: f64 = 0.03;
const SOURCE: &str = "knee flexion as in Wu 2002 and Sports2D: thigh angle less shank angle";

const BASE: Row = Row {
    id: "knee_deg",
    name: "",
    definition: "",
    unit: Unit::Degrees,
    sign: "flexed",
    when: When::Stance,
    sides: Sides::OfStride,
    statistic: Statistic::Mean,
    error: MeasurementError::Angle(KNEE),
    source: SOURCE,
    compute: Compute::Stride(initial),
};

pub(super) const INITIAL: Row = Row {
    id: "knee_initial_contact_deg",
    name: "Knee at landing",
    definition: "knee flexion at initial contact; 0 is straight",
    when: When::InitialContact,
    ..BASE
};
pub(super) const MID_STANCE: Row = Row {
    id: "knee_mid_stance_deg",
    name: "Knee at mid-stance",
    definition: "knee flexion half way between initial and terminal contact",
    when: When::MidStance,
    compute: Compute::Stride(mid_stance),
    ..BASE
};
pub(super) const PEAK_STANCE: Row = Row {
    id: "knee_peak_stance_deg",
    name: "Peak knee flexion in stance",
    definition: "greatest knee flexion between initial and terminal contact",
    compute: Compute::Stride(peak_stance),
    ..BASE
};
pub(super) const TERMINAL: Row = Row {
    id: "knee_terminal_contact_deg",
    name: "Knee at push-off",
    definition: "knee flexion at terminal contact: what the drive left bent",
    when: When::TerminalContact,
    compute: Compute::Stride(terminal),
    ..BASE
};
pub(super) const PEAK_SWING: Row = Row {
    id: "knee_peak_swing_deg",
    name: "Peak knee flexion in swing",
    definition: "greatest knee flexion between terminal contact and the end of the stride",
    when: When::Swing,
    compute: Compute::Stride(peak_swing),
    ..BASE
};
pub(super) const RANGE: Row = Row {
    id: "knee_rom_deg",
    name: "Knee range of motion",
    definition: "98th less 2nd percentile of knee flexion over the stride",
    sign: "larger range",
    when: When::Stride,
    error: MeasurementError::Leg(KNEE_RANGE_ERROR_DEG),
    compute: Compute::Stride(range),
    ..BASE
};
pub(super) const DRIVE: Row = Row {
    id: "knee_drive_extension_deg",
    name: "Drive extension",
    definition: "peak knee flexion in stance less flexion at terminal contact: how far the push straightens the leg",
    sign: "straightens",
    error: MeasurementError::Leg(DRIVE_ERROR_DEG),
    compute: Compute::Stride(drive),
    ..BASE
};
pub(super) const COLLAPSE: Row = Row {
    id: "knee_collapse_deg",
    name: "Knee collapse",
    definition: "greatest knee flexion from initial contact to mid-stance less that at initial contact: how far it yields",
    sign: "yields",
    error: MeasurementError::Leg(RANGE_ERROR_DEG),
    compute: Compute::Stride(collapse),
    ..BASE
};
pub(super) const PAST_TOE: Row = Row {
    id: "knee_past_toe_shank",
    name: "Knee past toe",
    definition: "greatest distance in stance of the knee ahead of the big toe, shank lengths",
    unit: Unit::Shanks,
    sign: "knee beyond the toe",
    error: MeasurementError::Leg(2.0 * LENGTH_ERROR_LEG),
    source: "docs/science.md B3; never a fault by itself (Fry 2003)",
    compute: Compute::Stride(past_toe),
    ..BASE
};
pub(super) const TRAVEL: Row = Row {
    id: "knee_travel_thigh",
    name: "Knee travel",
    definition: "greatest less least horizontal distance of the knee from the hip over the stride, thigh lengths",
    unit: Unit::Thighs,
    sign: "larger travel",
    when: When::Stride,
    error: MeasurementError::Leg(2.0 * LENGTH_ERROR_LEG),
    source: "docs/science.md B3",
    compute: Compute::Stride(travel),
    ..BASE
};

/// What a push-off that is read so much too early or too late does to a knee's metric, degrees; nothing to what does not rest
/// on it.
pub(crate) fn doubted_deg(metric: &str, doubted: Seconds) -> f64 {
    if [TERMINAL.id, DRIVE.id].contains(&metric) { PUSH_OFF_DEG_PER_S * doubted.0 } else { 0.0 }
}

fn initial(view: &StrideView) -> Reading {
    view.degrees_at(KNEE, view.initial())
}

fn terminal(view: &StrideView) -> Reading {
    view.degrees_at(KNEE, view.terminal())
}

fn mid_stance(view: &StrideView) -> Reading {
    let series = view.angle(KNEE, view.side())?;
    let value = view.context.at(series, view.mid_stance(), crate::units::Radians::to_degrees)?;
    Ok(view.with_contacts(value))
}

fn peak_stance(view: &StrideView) -> Reading {
    let peak = view.degrees_between(KNEE, view.stance())?.max()?;
    Ok(view.with_contacts(peak))
}

fn peak_swing(view: &StrideView) -> Reading {
    let peak = view.degrees_between(KNEE, view.swing())?.max()?;
    Ok(view.with_contacts(peak))
}

fn range(view: &StrideView) -> Reading {
    view.degrees(KNEE)?.range()
}

fn drive(view: &StrideView) -> Reading {
    let (peak, end) = (peak_stance(view)?, terminal(view)?);
    Ok(peak.and(end, peak.number - end.number))
}

fn collapse(view: &StrideView) -> Reading {
    let start = initial(view)?;
    // The yielding half: few samples where stance is short, so mid-stance may stretch to three.
    let yielding = view.degrees_between(KNEE, (view.initial().time, view.mid_stance()));
    let peak = yielding?.max()?;
    Ok(view.with_contacts(peak.and(start, peak.number - start.number)))
}

/// How far a point is ahead of another, px, positive toward where the athlete faces.
fn ahead(view: &StrideView, a: LimbPoint, b: LimbPoint) -> Result<Series<f64>, super::value::NotMeasured> {
    let sign = view.context.facing()?.sign();
    let points = &view.context.movement.points;
    let along = |p: Point<Ground>, q: Point<Ground>| sign * (p.x - q.x);
    Ok(points.limb(a, view.side()).with(points.limb(b, view.side()), along))
}

fn past_toe(view: &StrideView) -> Reading {
    let (start, end) = view.stance();
    let ahead = ahead(view, LimbPoint::Knee, LimbPoint::Toe)?;
    let shank = view.context.shank_px()?;
    let peak = view.context.window_with_ends(&ahead, start, end, |px| px / shank)?.max()?;
    Ok(view.with_contacts(peak))
}

fn travel(view: &StrideView) -> Reading {
    let ahead = ahead(view, LimbPoint::Knee, LimbPoint::Hip)?;
    let thigh = view.context.thigh_px()?;
    let window = view.context.window(&ahead, view.stride.start, view.stride.end, |px| px / thigh)?;
    let (most, least) = (window.max()?, window.min()?);
    Ok(most.and(least, most.number - least.number))
}
