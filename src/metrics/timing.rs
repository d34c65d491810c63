//! When feet stand and swing (B7): cadence, step, contact, double support, flight, and how regular they are.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{BoutView, StrideView, approximate_as};
use super::statistics;
use super::travel;
use super::value::{NotMeasured, Reading, Value, firm};
use crate::gait::stride::{Event, EventKind, EventMethod};
use crate::units::Seconds;

/// Relative error of cadence (D2: below 1 %).
const CADENCE_ERROR: f64 = 0.01;
/// Closer to 0 than this many frames, support and flight cannot be told apart (E, fps effect).
const INDETERMINATE_FRAMES: f64 = 1.5;
/// Above this, contacts from the foot's place relative to the pelvis are too long to use (C2, C3: 1.5 m/s at a leg of 0.85 m).
const EXTREMES_UP_TO_LEG_PER_S: f64 = 1.5 / 0.85;
/// Fewest strides of which a variation is told (B7).
const STRIDES_FOR_VARIATION: usize = 8;
/// A step's first contact is looked for this long before its last, in strides.
const STEP_AT_MOST_STRIDES: f64 = 0.9;
const SOURCE: &str = "docs/science.md B7";

const BASE: Row = Row {
    id: "time_s",
    name: "",
    definition: "",
    unit: Unit::Seconds,
    sign: "longer",
    when: When::Stride,
    sides: Sides::OfStride,
    statistic: Statistic::Mean,
    error: MeasurementError::Frames(1.0),
    source: SOURCE,
    compute: Compute::Stride(contact_time),
};

pub(super) const CADENCE: Row = Row {
    id: "cadence_steps_per_min",
    name: "Cadence",
    definition: "120 over the duration of the stride in seconds",
    unit: Unit::StepsPerMinute,
    sign: "quicker",
    sides: Sides::None,
    statistic: Statistic::HarmonicMean,
    error: MeasurementError::Share(CADENCE_ERROR),
    compute: Compute::Stride(cadence),
    ..BASE
};
pub(super) const STEP_TIME: Row = Row {
    id: "step_time_s",
    name: "Step time",
    definition: "from the other foot's initial contact to the one that opens this stride",
    when: When::Step,
    compute: Compute::Stride(step_time),
    ..BASE
};
pub(super) const CONTACT_TIME: Row = Row {
    id: "contact_time_s",
    name: "Contact time",
    definition: "terminal contact less initial contact",
    when: When::Stance,
    ..BASE
};
pub(super) const SWING_TIME: Row = Row {
    id: "swing_time_s",
    name: "Swing time",
    definition: "end of the stride less terminal contact",
    when: When::Swing,
    compute: Compute::Stride(swing_time),
    ..BASE
};
pub(super) const DUTY: Row = Row {
    id: "duty_factor",
    name: "Duty factor",
    definition: "contact time over the duration of the stride",
    unit: Unit::Ratio,
    sign: "longer contact",
    error: MeasurementError::FramesOfStride(1.0),
    compute: Compute::Stride(duty),
    ..BASE
};
pub(super) const DOUBLE_SUPPORT: Row = Row {
    id: "double_support_s",
    name: "Double support",
    definition: "the other foot's terminal contact less this foot's initial contact where both stand, 0 where neither does; not told where the two are closer than 1.5 frames",
    compute: Compute::Stride(double_support),
    ..BASE
};
pub(super) const FLIGHT: Row = Row {
    id: "flight_time_s",
    name: "Flight",
    definition: "this foot's initial contact less the other foot's terminal contact where neither stands, 0 where both do; not told where the two are closer than 1.5 frames",
    compute: Compute::Stride(flight),
    ..BASE
};
pub(super) const OVERLAP: Row = Row {
    id: "support_overlap_s",
    name: "Support overlap",
    definition: "the other foot's terminal contact less this foot's initial contact, with its sign",
    sign: "both feet stand; below 0 neither does",
    compute: Compute::Stride(overlap),
    ..BASE
};
pub(super) const STRIDE_CV: Row = Row {
    id: "stride_time_cv_percent",
    name: "Stride time variation",
    definition: "standard deviation of stride time over its mean, noise of the events taken off; at least 8 strides",
    unit: Unit::Percent,
    sign: "less regular",
    when: When::Bout,
    sides: Sides::None,
    error: MeasurementError::Variation(VARIATION_ERROR_PERCENT),
    source: "docs/science.md B7; low trust (Mehdizadeh 2021)",
    compute: Compute::Bout(stride_cv),
    ..BASE
};
/// One standard deviation of a coefficient of variation of times, percent: 6 to 9 ms of event noise on a stride of half
/// a second (B7).
const VARIATION_ERROR_PERCENT: f64 = 1.5;
pub(super) const STEP_CV: Row = Row {
    id: "step_time_cv_percent",
    name: "Step time variation",
    definition: "standard deviation of step time over its mean, each side about its own mean, noise of the events taken off; at least 8 steps",
    compute: Compute::Bout(step_cv),
    ..STRIDE_CV
};

/// A number that needs no samples but events.
fn told(number: f64, events: &[Event]) -> Value {
    let confidence = events.iter().map(|e| f64::from(e.confidence.value())).fold(1.0, f64::min);
    let plain = Value { number, measured_share: 1.0, confidence, weight: 1.0, approximate: false };
    events.iter().fold(plain, |value, &event| approximate_as(value, event))
}

fn cadence(view: &StrideView) -> Reading {
    let duration = view.stride.duration().0;
    let value = told(120.0 / duration, &[]);
    (duration > 0.0).then_some(value).ok_or(NotMeasured::NotEnoughSeen)
}

fn step_time(view: &StrideView) -> Reading {
    let (before, landing) = step(view)?;
    Ok(told((landing.time - before.time).0, &[before, landing]))
}

/// The step that ends with this stride's opening contact: the other foot's contact before, and this one.
pub(super) fn step(view: &StrideView) -> Result<(Event, Event), NotMeasured> {
    let landing = view.initial();
    let earliest = landing.time - view.stride.duration() * STEP_AT_MOST_STRIDES;
    let mut others = view.context.events(view.side().mirror(), EventKind::InitialContact);
    let before = others.rfind(|e| e.time < landing.time && e.time > earliest);
    let before = before.filter(|e| view.context.is_of_a_valid_stride(e));
    Ok((*before.ok_or(NotMeasured::TooFewStrides)?, landing))
}

/// Contacts sharp enough for the time between them.
pub(super) fn resolved(view: &StrideView, events: &[Event]) -> Result<(), NotMeasured> {
    if events.iter().any(|e| e.method == EventMethod::ThighClock) {
        return Err(NotMeasured::FeetHidden);
    }
    if events.iter().any(|e| e.method == EventMethod::OtherFoot) {
        return Err(NotMeasured::FootUnclear);
    }
    let extremes = events.iter().any(|e| e.method == EventMethod::PelvisRelative);
    let too_fast = || travel::leg_per_s(view).is_ok_and(|v| v.number > EXTREMES_UP_TO_LEG_PER_S);
    if extremes && too_fast() { Err(NotMeasured::ContactNotResolved) } else { Ok(()) }
}

/// A time between two contacts; approximate where told from the foot's place relative to the pelvis.
fn between(view: &StrideView, from: Event, to: Event) -> Reading {
    resolved(view, &[from, to])?;
    let value = told((to.time - from.time).0, &[from, to]);
    let extremes = [from, to].iter().any(|e| e.method == EventMethod::PelvisRelative);
    Ok(Value { approximate: extremes, ..value })
}

fn contact_time(view: &StrideView) -> Reading {
    between(view, view.initial(), view.terminal())
}

fn swing_time(view: &StrideView) -> Reading {
    let contact = contact_time(view)?;
    Ok(contact.with((view.stride.end - view.terminal().time).0))
}

fn duty(view: &StrideView) -> Reading {
    let contact = contact_time(view)?;
    Ok(contact.with(contact.number / view.stride.duration().0))
}

fn overlap(view: &StrideView) -> Reading {
    let other = view.stride.opposite_terminal.ok_or(NotMeasured::TooFewStrides)?;
    between(view, view.initial(), other)
}

fn told_apart(view: &StrideView) -> Reading {
    let overlap = overlap(view)?;
    let least = INDETERMINATE_FRAMES * view.context.movement.time.step().0;
    if overlap.number.abs() < least { Err(NotMeasured::BelowFrameRate) } else { Ok(overlap) }
}

fn double_support(view: &StrideView) -> Reading {
    told_apart(view).map(|v| v.with(v.number.max(0.0)))
}

fn flight(view: &StrideView) -> Reading {
    told_apart(view).map(|v| v.with((-v.number).max(0.0)))
}

fn stride_cv(view: &BoutView) -> Reading {
    let strides = view.timed();
    let times: Vec<f64> = strides.iter().map(|s| s.duration().0).collect();
    let events: Vec<Event> = strides.iter().map(|s| s.initial_contact).collect();
    variation(&times, statistics::sd(&times), &events)
}

fn step_cv(view: &BoutView) -> Reading {
    let clock = |e: &Event| e.method == EventMethod::ThighClock;
    let steps = view.strides.iter().filter_map(|s| step(&StrideView::new(view.context, s)).ok()).collect();
    let steps: Vec<(Event, Event)> = firm(steps, |(before, landing)| clock(before) || clock(landing));
    let times: Vec<f64> = steps.iter().map(|(a, b)| (b.time - a.time).0).collect();
    let events: Vec<Event> = steps.iter().map(|s| s.1).collect();
    variation(&times, about_own_side(&steps), &events)
}

/// Standard deviation of step times about the mean of their own side.
fn about_own_side(steps: &[(Event, Event)]) -> Option<f64> {
    let time = |s: &(Event, Event)| (s.1.time - s.0.time).0;
    let mean_of = |side| {
        statistics::mean(&steps.iter().filter(|s| s.1.side == side).map(time).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let squares: f64 = steps.iter().map(|s| (time(s) - mean_of(s.1.side)).powi(2)).sum();
    // Two means were taken from the steps.
    let freedom = steps.len().checked_sub(2).filter(|&n| n > 0)?;
    Some((squares / freedom as f64).sqrt())
}

/// A coefficient of variation with the noise of both events of each time taken off (B7).
fn variation(times: &[f64], sd: Option<f64>, events: &[Event]) -> Reading {
    if times.len() < STRIDES_FOR_VARIATION {
        return Err(NotMeasured::TooFewStrides);
    }
    let noise = |e: &Event| {
        let Seconds(u) = e.uncertainty;
        u * u
    };
    let event_variance = statistics::mean(&events.iter().map(noise).collect::<Vec<_>>()).unwrap_or_default();
    let (sd, mean) = sd.zip(statistics::mean(times)).ok_or(NotMeasured::TooFewStrides)?;
    let true_sd = (sd * sd - 2.0 * event_variance).max(0.0).sqrt();
    Ok(told(100.0 * true_sd / mean, events))
}
