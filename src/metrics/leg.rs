//! Thigh, shank, hip, ankle and where the foot lands and leaves (B4).

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{StrideView, approximate_as};
use super::knee::{LENGTH_ERROR_LEG, RANGE_ERROR_DEG};
use super::value::{NotMeasured, Reading, Value};
use crate::gait::stride::{Event, EventMethod};
use crate::skeleton::{AngleKind, Joint, Segment};
use crate::units::Seconds;

const SHANK: AngleKind = AngleKind::Segment(Segment::Shank);
const THIGH: AngleKind = AngleKind::Segment(Segment::Thigh);
const FOOT: AngleKind = AngleKind::Segment(Segment::Foot);
const HIP: AngleKind = AngleKind::Joint(Joint::Hip);
const ANKLE: AngleKind = AngleKind::Joint(Joint::Ankle);

const BASE: Row = Row {
    id: "shank_deg",
    name: "",
    definition: "",
    unit: Unit::Degrees,
    sign: "knee ahead of the ankle",
    when: When::InitialContact,
    sides: Sides::OfStride,
    statistic: Statistic::Mean,
    error: MeasurementError::Angle(SHANK),
    source: "docs/science.md B3, B4",
    compute: Compute::Stride(shank_initial),
};

pub(super) const SHANK_INITIAL: Row = Row {
    id: "shank_initial_contact_deg",
    name: "Shin at landing",
    definition: "inclination of the shin at initial contact: the shank's angle with its sign turned, so that a knee ahead of the ankle is positive",
    ..BASE
};
pub(super) const SHANK_PEAK: Row = Row {
    id: "shank_peak_stance_deg",
    name: "Greatest shin inclination in stance",
    definition: "greatest inclination of the shin between initial and terminal contact, knee ahead of the ankle positive",
    when: When::Stance,
    compute: Compute::Stride(shank_peak),
    ..BASE
};
pub(super) const THIGH_DRIVE: Row = Row {
    id: "thigh_drive_deg",
    name: "Thigh drive",
    definition: "greatest thigh angle against the vertical in swing",
    sign: "knee ahead of the hip",
    when: When::Swing,
    error: MeasurementError::Angle(THIGH),
    compute: Compute::Stride(thigh_drive),
    ..BASE
};
pub(super) const THIGH_INITIAL: Row = Row {
    id: "thigh_initial_contact_deg",
    name: "Thigh at landing",
    definition: "thigh angle against the vertical at initial contact",
    sign: "knee ahead of the hip",
    error: MeasurementError::Angle(THIGH),
    compute: Compute::Stride(thigh_initial),
    ..BASE
};
pub(super) const THIGH_TERMINAL: Row = Row {
    id: "thigh_terminal_contact_deg",
    name: "Thigh at push-off",
    definition: "thigh angle against the vertical at terminal contact; negative where the hip has passed the knee",
    sign: "knee ahead of the hip",
    when: When::TerminalContact,
    error: MeasurementError::Angle(THIGH),
    source: "docs/science.md B2, F1",
    compute: Compute::Stride(thigh_terminal),
    ..BASE
};
pub(super) const HIP_TERMINAL: Row = Row {
    id: "hip_terminal_contact_deg",
    name: "Hip at push-off",
    definition: "hip flexion (thigh angle plus trunk angle) at terminal contact; 0 is thigh in line with the trunk",
    sign: "flexed",
    when: When::TerminalContact,
    error: MeasurementError::Angle(HIP),
    source: "docs/science.md B2, F1",
    compute: Compute::Stride(hip_terminal),
    ..BASE
};
pub(super) const HIP_RANGE: Row = Row {
    id: "hip_rom_deg",
    name: "Hip range of motion",
    definition: "98th less 2nd percentile of hip flexion over the stride",
    sign: "larger range",
    when: When::Stride,
    error: MeasurementError::Leg(RANGE_ERROR_DEG),
    compute: Compute::Stride(|view| view.degrees(HIP)?.range()),
    ..BASE
};
pub(super) const ANKLE_RANGE: Row = Row {
    id: "ankle_rom_deg",
    name: "Ankle range of motion",
    definition: "98th less 2nd percentile of ankle dorsiflexion over the stride",
    sign: "larger range",
    when: When::Stride,
    error: MeasurementError::Leg(ANKLE_RANGE_ERROR_DEG),
    compute: Compute::Stride(ankle_range),
    ..BASE
};
/// One standard deviation of the ankle's range, degrees (Doerks 2025: 5.4).
const ANKLE_RANGE_ERROR_DEG: f64 = 5.4;
pub(super) const FOOT_INITIAL: Row = Row {
    id: "foot_initial_contact_deg",
    name: "Foot at landing",
    definition: "angle of the sole against the floor at initial contact; below 0 the toe lands first",
    sign: "toes up",
    error: MeasurementError::Angle(FOOT),
    source: "docs/science.md B1, F5",
    compute: Compute::Stride(foot_initial),
    ..BASE
};
pub(super) const REACH: Row = Row {
    id: "reach_leg",
    name: "Reach at landing",
    definition: "distance of the landing ankle, near and far foot as if on one track, from the hips toward where the athlete steps, leg lengths",
    unit: Unit::Legs,
    sign: "lands ahead of the hips, in the direction of stepping",
    error: MeasurementError::Foot(LENGTH_ERROR_LEG),
    source: "docs/science.md B4 (Bezodis 2015)",
    compute: Compute::Stride(reach),
    ..BASE
};
pub(super) const PUSH_OFF: Row = Row {
    id: "push_off_leg",
    name: "Push-off distance",
    definition: "distance of the leaving ankle, near and far foot as if on one track, from the hips away from where the athlete steps, leg lengths",
    unit: Unit::Legs,
    sign: "leaves behind the hips, in the direction of stepping",
    when: When::TerminalContact,
    error: MeasurementError::Foot(LENGTH_ERROR_LEG),
    source: "docs/science.md B4",
    compute: Compute::Stride(push_off),
    ..BASE
};
pub(super) const FOOT_AHEAD: Row = Row {
    id: "foot_ahead_mid_stance_leg",
    name: "Foot ahead of the hips",
    definition: "distance of the ankle, near and far foot as if on one track, from the hips toward where the athlete faces, at mid-stance, leg lengths",
    unit: Unit::Legs,
    sign: "ahead of the hips, in the direction of facing",
    when: When::MidStance,
    error: MeasurementError::Foot(LENGTH_ERROR_LEG),
    source: "docs/science.md F2",
    compute: Compute::Stride(foot_ahead),
    ..BASE
};

fn shank_initial(view: &StrideView) -> Reading {
    view.degrees_at(SHANK, view.initial()).map(|v| v.with(-v.number))
}

fn shank_peak(view: &StrideView) -> Reading {
    let least = view.degrees_between(SHANK, view.stance())?.min()?;
    Ok(view.with_contacts(least.with(-least.number)))
}

fn thigh_drive(view: &StrideView) -> Reading {
    let peak = view.degrees_between(THIGH, view.swing())?.max()?;
    Ok(view.with_contacts(peak))
}

fn thigh_initial(view: &StrideView) -> Reading {
    view.degrees_at(THIGH, view.initial())
}

fn thigh_terminal(view: &StrideView) -> Reading {
    view.degrees_at(THIGH, view.terminal())
}

fn hip_terminal(view: &StrideView) -> Reading {
    view.degrees_at(HIP, view.terminal())
}

fn ankle_range(view: &StrideView) -> Reading {
    view.degrees(ANKLE).map_err(hidden_feet)?.range()
}

fn foot_initial(view: &StrideView) -> Reading {
    seen_contact(view.initial())?;
    view.degrees_at(FOOT, view.initial()).map_err(hidden_feet)
}

/// What needs the contact itself, not an estimate of when it might be.
fn seen_contact(event: Event) -> Result<(), NotMeasured> {
    if event.method == EventMethod::ThighClock { Err(NotMeasured::FeetHidden) } else { Ok(()) }
}

/// Feet that were not seen enough are hidden feet.
fn hidden_feet(reason: NotMeasured) -> NotMeasured {
    if reason == NotMeasured::NotEnoughSeen { NotMeasured::FeetHidden } else { reason }
}

fn reach(view: &StrideView) -> Reading {
    let ahead = ankle_ahead(view, view.initial().time).map_err(hidden_feet)?;
    Ok(approximate_as(ahead.with(view.direction()?.sign() * ahead.number), view.initial()))
}

fn push_off(view: &StrideView) -> Reading {
    let ahead = ankle_ahead(view, view.terminal().time).map_err(hidden_feet)?;
    Ok(approximate_as(ahead.with(-view.direction()?.sign() * ahead.number), view.terminal()))
}

fn foot_ahead(view: &StrideView) -> Reading {
    let ahead = ankle_ahead(view, view.mid_stance()).map_err(hidden_feet)?;
    Ok(view.with_contacts(ahead))
}

/// The ankle's distance from the hips toward where the athlete faces, leg lengths.
fn ankle_ahead(view: &StrideView, time: Seconds) -> Result<Value, NotMeasured> {
    let context = view.context;
    let sign = context.facing()?.sign();
    let leg = context.leg_px()?;
    let ankle = context.tracks().ankle(view.side());
    let ahead = ankle.with(&context.mid_hip, |ankle, hip| sign * (ankle.x - hip.x) / leg);
    context.at(&ahead, time, |x| x)
}

#[cfg(test)]
mod tests {
    use crate::gait::stride::EventKind;
    use crate::metrics::{Scale, metrics};
    use crate::skeleton::{Angle, Segment};
    use crate::synthetic::{Athlete, Exercise};

    /// Trailing behind the vertical it is negative, and with the lean it makes the hip's flexion.
    #[test]
    fn the_thigh_at_push_off_is_the_truth_s() {
        for exercise in Exercise::ALL {
            let athlete = Athlete::new(exercise).fps(120.0).lasting(8.0);
            let truth = athlete.truth();
            let got = metrics(&athlete.movement(), &truth.gait, Scale::default());
            let value = |id| got.get(id, None).expect("a row").value.expect(id);
            let leaves = truth.gait.events.iter().filter(|e| e.kind == EventKind::TerminalContact);
            let thighs = leaves.filter_map(|e| {
                let at = athlete.time().position(e.time).round() as usize;
                truth.angles.get(Angle::segment(Segment::Thigh, e.side)).value(at)
            });
            let thighs: Vec<f64> = thighs.map(crate::units::Radians::to_degrees).collect();
            let mean = thighs.iter().sum::<f64>() / thighs.len() as f64;
            let found = value("thigh_terminal_contact_deg");
            // One sample of a thigh that turns by some 200 degrees a second.
            assert!((found - mean).abs() < 2.0, "{exercise:?}: {found}, expected {mean}");
            if exercise == Exercise::SledPush {
                let lean = value("hip_terminal_contact_deg") - found;
                assert!(found < -5.0 && (lean - value("trunk_mean_deg")).abs() < 5.0, "{found} {lean}");
            }
        }
    }
}
