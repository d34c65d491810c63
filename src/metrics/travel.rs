//! Getting somewhere (B7): step length, speed, its decay, hip height and distance.

use super::THIRDS_APART;
use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{BoutView, StrideView, approximate_as};
use super::knee::LENGTH_ERROR_LEG;
use super::statistics;
use super::timing;
use super::trunk;
use super::value::{NotMeasured, Reading, Value};
use super::window::Window;
use crate::gait::stride::{Event, EventKind, Travel};
use crate::geometry::{Ground, Point};
use crate::signal::series::Series;
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;

/// Part of the contact in which the foot is taken to stand still: not while it lands, rolls or leaves.
const PLANTED: (f64, f64) = (0.3, 0.7);
/// The ankle over the sole, leg lengths: 0.039 of 0.491 of stature (Drillis and Contini 1966).
const ANKLE_HEIGHT_LEG: f64 = 0.039 / 0.491;
/// Strides over which the greatest speed is averaged (B7).
const BEST_STRIDES: usize = 3;
/// One standard deviation of a decay, percent: two speeds of several strides, each to about 2 %.
const DECAY_ERROR_PERCENT: f64 = 3.0;
/// What an unseen change of size does to a decay, percent: a stretch of the way goes with the square of the size (B8).
const DECAY_PER_SIZE: f64 = 100.0 * 2.0 * THIRDS_APART;
/// What it does to a rise of the hips, leg lengths: a height goes with the size.
const RISE_PER_SIZE: f64 = THIRDS_APART;
/// Half the stretch over which the pelvis's momentary speed is a straight line's slope, as a share of the stride.
pub(super) const SLOPE_HALF_SHARE: f64 = 0.1;
/// One standard deviation of the fluctuation of speed within a stride, as a share of the mean: no source.
const FLUCTUATION_ERROR: f64 = 0.15;
const SOURCE: &str = "docs/science.md B7";

const BASE: Row = Row {
    id: "length_leg",
    name: "",
    definition: "",
    unit: Unit::Legs,
    sign: "longer",
    when: When::Step,
    sides: Sides::OfStride,
    statistic: Statistic::Mean,
    error: MeasurementError::Step(LENGTH_ERROR_LEG),
    source: SOURCE,
    compute: Compute::Stride(step_length),
};

pub(super) const STEP_LENGTH_LEG: Row = Row {
    id: "step_length_leg",
    name: "Step length",
    definition: "distance along the floor from where the other foot stood to where this foot stands after the stride's opening contact, each the median place of the ankle in the middle 40 % of its contact, near and far foot as if on one track, leg lengths; on a belt, or where the camera's motion is not known, the toes' distance in the middle of double support, else the standing foot's speed relative to the hips fills in",
    source: "distance of successive foot placements (Perry and Burnfield 2010); the ankles' distance at contact reads 5 to 12 % short, since the rear heel is already up",
    ..BASE
};
pub(super) const STEP_LENGTH_M: Row = Row {
    id: "step_length_m",
    unit: Unit::Metres,
    definition: "step length in leg lengths, in metres",
    error: MeasurementError::StepInMetres(LENGTH_ERROR_LEG),
    compute: Compute::Stride(|view| metres(view, step_length)),
    ..STEP_LENGTH_LEG
};
pub(super) const HIP_HEIGHT: Row = Row {
    id: "hip_height_leg",
    name: "Hip height",
    definition: "mean height of the hips over the sole of the standing foot in the stride, leg lengths; about 1.08 standing tall in shoes",
    sign: "higher",
    when: When::Stride,
    sides: Sides::None,
    error: MeasurementError::Leg(LENGTH_ERROR_LEG),
    compute: Compute::Stride(hip_height),
    ..BASE
};
pub(super) const SPEED_LEG: Row = Row {
    id: "speed_leg_per_s",
    name: "Speed",
    definition: "way of the hips over the floor in the stride over its duration, leg lengths per second; on a belt, or where the camera's motion is not known, the two steps of the stride over its duration, else speed of the standing foot relative to the hips; all of a clip in one way",
    unit: Unit::LegsPerSecond,
    sign: "quicker",
    when: When::Stride,
    sides: Sides::None,
    error: MeasurementError::LegsPerStride(LENGTH_ERROR_LEG),
    compute: Compute::Stride(leg_per_s),
    ..BASE
};
pub(super) const SPEED_M: Row = Row {
    id: "speed_m_per_s",
    unit: Unit::MetresPerSecond,
    definition: "speed in leg lengths per second, in metres per second",
    error: MeasurementError::LegsPerStrideInMetres(LENGTH_ERROR_LEG),
    compute: Compute::Stride(|view| metres(view, leg_per_s)),
    ..SPEED_LEG
};
pub(super) const SPEED_FLUCTUATION: Row = Row {
    id: "speed_fluctuation",
    name: "Speed fluctuation (informational)",
    definition: "greatest less least momentary speed of the hips in the stride over its mean; a slack tether snatches",
    unit: Unit::Ratio,
    sign: "more jerky",
    when: When::Stride,
    sides: Sides::None,
    error: MeasurementError::Fixed(FLUCTUATION_ERROR),
    compute: Compute::Stride(fluctuation),
    ..BASE
};
pub(super) const HIP_RISE: Row = Row {
    id: "hip_rise_leg",
    name: "Hip rise",
    definition: "mean hip height of the last third of strides less that of the first third; at least 6 strides",
    sign: "rising",
    when: When::Bout,
    error: MeasurementError::AlongTheWay(LENGTH_ERROR_LEG, RISE_PER_SIZE),
    compute: Compute::Bout(|view| trunk::last_third_less_first(&view.each(hip_height))),
    ..HIP_HEIGHT
};
pub(super) const DECAY: Row = Row {
    id: "velocity_decay_percent",
    name: "Velocity decay",
    definition: "100 times one less the mean speed of the last third of strides over the greatest mean of three successive strides; at least 6 strides",
    unit: Unit::Percent,
    sign: "slowing",
    when: When::Bout,
    sides: Sides::None,
    error: MeasurementError::AlongTheWay(DECAY_ERROR_PERCENT, DECAY_PER_SIZE),
    compute: Compute::Bout(decay),
    ..BASE
};
pub(super) const DISTANCE: Row = Row {
    id: "distance_m",
    name: "Distance",
    definition: "way of the hips over the floor from the start of the first valid stride to the end of the last, metres",
    unit: Unit::Metres,
    when: When::Bout,
    sides: Sides::None,
    error: MeasurementError::LegsInMetres(LENGTH_ERROR_LEG),
    compute: Compute::Bout(distance),
    ..BASE
};

fn metres(view: &StrideView, of: fn(&StrideView) -> Reading) -> Reading {
    let legs = of(view)?;
    Ok(legs.with(legs.number * view.context.leg_metres()?))
}

/// Whether the hips' way over the floor is the way gone.
pub(super) fn moves_over_fixed_ground(view: &StrideView) -> bool {
    let travel = view.context.gait.bouts.get(view.stride.bout).map(|b| b.travel);
    view.context.movement.ground_is_fixed && matches!(travel, Some(Travel::Forward | Travel::Backward))
}

fn step_length(view: &StrideView) -> Reading {
    let (before, landing) = timing::step(view)?;
    let fixed = moves_over_fixed_ground(view);
    let place = |event: Event| placed(view, event, view.context.tracks().ankle(event.side), fixed);
    let (trail, trail_time) = place(before)?;
    let (lead, lead_time) = place(landing)?;
    let between = trail.and(lead, lead.number - trail.number);
    if fixed {
        return Ok(between.with(between.number.abs()));
    }
    if let Ok(both) = both_standing(view, before, landing) {
        return Ok(both);
    }
    let belt = belt_leg_per_s(view)?;
    let signed = view.context.facing()?.sign() * between.number + belt.number * (lead_time - trail_time).0;
    Ok(Value { approximate: true, ..between.and(belt, signed.abs()) })
}

/// Where both feet of a step over fixed ground look to stand, the one behind and the landing one, leg lengths from the left of
/// the picture.
pub(super) fn seen_placements(view: &StrideView) -> Option<(f64, f64)> {
    let (before, landing) = timing::step(view).ok().filter(|_| moves_over_fixed_ground(view))?;
    let place = |event: Event| {
        let ankle = view.context.movement.points.limb(LimbPoint::Ankle, event.side);
        placed(view, event, ankle, true).ok().map(|(value, _)| value.number)
    };
    place(before).zip(place(landing))
}

/// Distance of the toes in the middle of double support, when both stand, leg lengths: needs no fixed ground.
fn both_standing(view: &StrideView, before: Event, landing: Event) -> Reading {
    let mut leaving = view.context.events(before.side, EventKind::TerminalContact);
    let off = leaving.find(|e| e.time > before.time).ok_or(NotMeasured::TooFewStrides)?;
    if off.time <= landing.time {
        return Err(NotMeasured::TooFewStrides);
    }
    let leg = view.context.leg_px()?;
    let [left, right] = Side::BOTH.map(|side| view.context.tracks().toe(side));
    let apart = left.with(right, |a, b| (a.x - b.x).abs() / leg);
    let value = view.context.at(&apart, landing.time + (off.time - landing.time) * 0.5, |x| x)?;
    Ok(approximate_as(approximate_as(value, landing), *off))
}

/// Where a foot stands after its contact, leg lengths from the left of the picture (or from the hips), and when.
fn placed(
    view: &StrideView,
    landing: Event,
    ankle: &Series<Point<Ground>>,
    on_ground: bool,
) -> Result<(Value, Seconds), NotMeasured> {
    let (from, to) = planted(view, landing)?;
    let context = view.context;
    let leg = context.leg_px()?;
    let along: Series<f64> = if on_ground {
        ankle.map(|p| p.x / leg)
    } else {
        ankle.with(&context.mid_hip, |ankle, hip| (ankle.x - hip.x) / leg)
    };
    let window = still(view, &along, from, to)?;
    let place = window.says(statistics::median(&window.numbers()))?;
    Ok((approximate_as(place, landing), from + (to - from) * 0.5))
}

/// The stretch after a contact in which the foot stands still.
fn planted(view: &StrideView, landing: Event) -> Result<(Seconds, Seconds), NotMeasured> {
    let mut leaving = view.context.events(landing.side, EventKind::TerminalContact);
    let off = leaving.find(|e| e.time > landing.time).ok_or(NotMeasured::TooFewStrides)?;
    let contact = off.time - landing.time;
    if contact > view.stride.duration() {
        return Err(NotMeasured::TooFewStrides);
    }
    Ok((landing.time + contact * PLANTED.0, landing.time + contact * PLANTED.1))
}

fn still<T: Copy + Into<f64>>(
    view: &StrideView,
    series: &Series<T>,
    from: Seconds,
    to: Seconds,
) -> Result<Window, NotMeasured> {
    let window = view.context.window_with_ends(series, from, to, Into::into);
    window.map_err(|why| if why == NotMeasured::NotEnoughSeen { NotMeasured::FeetHidden } else { why })
}

/// Speed over what the athlete stands on, leg lengths per second.
pub(super) fn leg_per_s(view: &StrideView) -> Reading {
    if !moves_over_fixed_ground(view) {
        return relative_leg_per_s(view);
    }
    let leg = view.context.leg_px()?;
    let at = |time| view.context.at(&view.context.mid_hip, time, |p: Point<Ground>| p.x / leg);
    let (start, end) = (at(view.stride.start)?, at(view.stride.end)?);
    Ok(start.and(end, (end.number - start.number).abs() / view.stride.duration().0))
}

/// Speed from the two steps of the stride; where most strides have no double support, from the standing foot, which knows only
/// mid-stance. All of a clip in one way: the ways differ by more than speeds do.
fn relative_leg_per_s(view: &StrideView) -> Reading {
    if view.context.steps_tell_speed() {
        return steps_leg_per_s(view);
    }
    let belt = belt_leg_per_s(view)?;
    Ok(Value { approximate: true, ..belt.with(belt.number.abs()) })
}

pub(super) fn steps_leg_per_s(view: &StrideView) -> Reading {
    let next = view.stride.opposite_initial.ok_or(NotMeasured::TooFewStrides)?;
    let first = both_standing(view, view.initial(), next)?;
    let (before, landing) = timing::step(view)?;
    let second = both_standing(view, before, landing)?;
    Ok(first.and(second, (first.number + second.number) / view.stride.duration().0))
}

/// Speed of the hips relative to the standing foot, toward where the athlete faces, leg lengths per second.
fn belt_leg_per_s(view: &StrideView) -> Reading {
    let sign = view.context.facing()?.sign();
    let leg = view.context.leg_px()?;
    let (from, to) = planted(view, view.initial())?;
    let ankle = view.context.tracks().ankle(view.side());
    let ahead = ankle.with(&view.context.mid_hip, |ankle, hip| sign * (hip.x - ankle.x) / leg);
    let window = still(view, &ahead, from, to)?;
    let value = window.says(slope(&window.samples))?;
    Ok(approximate_as(value, view.initial()))
}

/// Slope of the least-squares line; none where all times are the same.
pub(super) fn slope(samples: &[(f64, f64)]) -> Option<f64> {
    let of = |get: fn(&(f64, f64)) -> f64| statistics::mean(&samples.iter().map(get).collect::<Vec<_>>());
    let (mean_t, mean_x) = of(|s| s.0).zip(of(|s| s.1))?;
    let spread: f64 = samples.iter().map(|s| (s.0 - mean_t).powi(2)).sum();
    let shared: f64 = samples.iter().map(|s| (s.0 - mean_t) * (s.1 - mean_x)).sum();
    (spread > 0.0).then(|| shared / spread)
}

fn fluctuation(view: &StrideView) -> Reading {
    if !moves_over_fixed_ground(view) {
        return Err(NotMeasured::GroundMoves);
    }
    let half = view.stride.duration() * SLOPE_HALF_SHARE;
    let context = view.context;
    let whole = context.window(&context.mid_hip, view.stride.start, view.stride.end, |p| p.x)?;
    let speeds: Vec<f64> = whole
        .samples
        .iter()
        .filter_map(|s| {
            let around =
                context.window(&context.mid_hip, Seconds(s.0) - half, Seconds(s.0) + half, |p| p.x).ok()?;
            slope(&around.samples)
        })
        .collect();
    let extremes = statistics::percentile(&speeds, 100.0).zip(statistics::percentile(&speeds, 0.0));
    let mean = statistics::mean(&speeds).filter(|m| m.abs() > 0.0);
    whole.says(extremes.zip(mean).map(|((most, least), mean)| (most - least) / mean.abs()))
}

fn hip_height(view: &StrideView) -> Reading {
    let context = view.context;
    let leg = context.leg_px()?;
    let (floor, floor_value) = floor_y(view)?;
    let hips =
        context.window(&context.mid_hip, view.stride.start, view.stride.end, |p| (floor - p.y) / leg)?;
    hips.mean().map(|v| v.and(floor_value, v.number))
}

/// The height of the floor where this foot stands, px down the picture: its lowest point, or its ankle and an ankle's height.
fn floor_y(view: &StrideView) -> Result<(f64, Value), NotMeasured> {
    let (from, to) = planted(view, view.initial())?;
    let points = &view.context.movement.points;
    let level = |point: LimbPoint, side: Side| {
        let window = still(view, &points.limb(point, side).map(|p| p.y), from, to)?;
        window.says(statistics::median(&window.numbers()))
    };
    let sole = [LimbPoint::Heel, LimbPoint::Toe].map(|point| level(point, view.side()).ok());
    let lowest = sole.into_iter().flatten().max_by(|a, b| a.number.total_cmp(&b.number));
    if let Some(value) = lowest {
        return Ok((value.number, view.with_contacts(value)));
    }
    let ankle = level(LimbPoint::Ankle, view.side())?;
    let value = Value { approximate: true, ..ankle };
    Ok((ankle.number + ANKLE_HEIGHT_LEG * view.context.leg_px()?, value))
}

fn decay(view: &BoutView) -> Reading {
    let values = view.each(leg_per_s);
    if values.len() < trunk::STRIDES_FOR_THIRDS {
        return Err(NotMeasured::TooFewStrides);
    }
    let speeds: Vec<f64> = values.iter().map(|v| v.number).collect();
    let best = speeds.windows(BEST_STRIDES).filter_map(statistics::mean).reduce(f64::max);
    let last = statistics::mean(&speeds[speeds.len() - speeds.len() / 3..]);
    let weakest = values.iter().copied().reduce(|a, b| a.and(b, 0.0));
    let decay = best.filter(|&b| b > 0.0).zip(last).map(|(best, last)| 100.0 * (1.0 - last / best));
    weakest.zip(decay).map(|(value, decay)| value.with(decay)).ok_or(NotMeasured::TooFewStrides)
}

fn distance(view: &BoutView) -> Reading {
    let (first, last) = view.strides.first().zip(view.strides.last()).ok_or(NotMeasured::TooFewStrides)?;
    let context = view.context;
    if !moves_over_fixed_ground(&StrideView::new(context, first)) {
        return Err(NotMeasured::GroundMoves);
    }
    let metres = context.scale.metres_per_px.ok_or(NotMeasured::NoScale)?;
    let at = |time| context.at(&context.mid_hip, time, |p: Point<Ground>| p.x * metres);
    let (start, end) = (at(first.start)?, at(last.end)?);
    Ok(start.and(end, (end.number - start.number).abs()))
}
