//! From movement to strides: the stride clock, bouts, travel, contacts.

pub mod alignment;
mod bouts;
#[cfg(test)]
mod clips;
mod clock;
mod contacts;
mod fallback;
#[cfg(test)]
mod fixtures;
mod foot;
mod frequency;
#[cfg(test)]
mod parted;
mod rests;
pub mod settings;
mod shape;
mod smooth;
mod speeds;
pub mod stride;
mod strides;
mod swing;
#[cfg(test)]
mod tests;
mod travel;
#[cfg(test)]
mod truth;

#[cfg(test)]
pub(crate) use self::truth::clips as rendered_clips;

use self::bouts::{Edge, Stretch, stretches};
use self::clock::{Clock, clock};
use self::contacts::{Stage, steps};
use self::rests::rests;
use self::settings::GaitSettings;
use self::speeds::Part;
use self::stride::{Bout, Gait, Unfit};
use self::travel::{leg_length_px, stepping};
use crate::frame::Warning;
use crate::kinematics::movement::Movement;
use crate::units::Hertz;
use std::ops::Range;

/// All gait of a movement, and what the user should know about it. Never fails: without stepping there are no strides.
#[must_use]
pub fn gait(movement: &Movement, settings: &GaitSettings) -> (Gait, Vec<Warning>) {
    let of_part = |part: Part| {
        let (mut gait, noticed) = stepping_within(&speeds::only(movement, &part), &part.range, settings);
        speeds::within(&mut gait, movement, &part);
        (part, gait, noticed)
    };
    let parts = speeds::parts(movement, settings).into_iter().map(of_part).collect();
    let whole = 0.0..movement.time.len as f64 - 1.0;
    let (mut gait, mut warnings) =
        speeds::joined(parts, movement).unwrap_or_else(|| stepping_within(movement, &whole, settings));
    if gait.strides.is_empty() {
        warnings.insert(0, no_stepping(settings));
    } else if strides::share_by_path(&gait.events) < 0.5 {
        warnings.insert(0, contacts_approximate());
    }
    gait.events.sort_by(|a, b| a.time.0.total_cmp(&b.time.0));
    gait.strides.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    for (index, stride) in gait.strides.iter_mut().enumerate() {
        stride.index = index;
    }
    (gait, warnings)
}

/// Of a movement at one speed, seen within a range of samples; what was noticed beside.
fn stepping_within(movement: &Movement, range: &Range<f64>, settings: &GaitSettings) -> (Gait, Vec<Warning>) {
    let mut gait = Gait::default();
    let found = leg_length_px(movement).zip(clock(movement, settings));
    let Some((leg_px, clock)) = found else { return (gait, Vec::new()) };
    let possible =
        |stretch: &Stretch| movement.time.rate.0 / stretch.period().0 <= settings.max_stride_frequency.0;
    // Legs whose sides flicker cross faster than anybody steps.
    let period = clock.period_samples(movement.time.rate);
    let rests = rests(movement, period, leg_px);
    for stretch in
        stretches(movement, &clock, rests.as_deref().unwrap_or_default()).into_iter().filter(possible)
    {
        add(&mut gait, movement, &clock, &stretch, leg_px);
    }
    let on = rests.and_then(|rests| goes_on_without_steps(movement, range, period, &rests, &gait));
    (gait, on.into_iter().collect())
}

fn contacts_approximate() -> Warning {
    Warning::new(
        "contacts_approximate",
        "Most contacts were told from the legs' swing or the pelvis, because the feet were not seen well enough.",
        "Film from the side with both feet in view; contact times are not judged.",
    )
}

fn add(gait: &mut Gait, movement: &Movement, clock: &Clock, stretch: &Stretch, leg_px: f64) {
    let (period, period_sd) = stretch.period();
    let (first, last) =
        (stretch.crossings[0].position, stretch.crossings[stretch.crossings.len() - 1].position);
    let seen = travel::seen(movement, (first, last));
    let lead = |edge: Edge| if edge == Edge::Cut { 0.5 * period } else { 0.25 * period };
    let (from, to) = ((first - lead(stretch.begins)).max(seen.0), (last + lead(stretch.ends)).min(seen.1));
    // At a cut it lies between two frames, and the one beyond is of another take.
    let range = from.ceil() as usize..to.floor() as usize + 1;
    let stepping = stepping(movement, range.clone(), period, leg_px);
    let toward =
        stepping.toward.or(movement.facing.map(crate::kinematics::movement::Facing::sign)).unwrap_or(1.0);
    let stage = Stage { movement, clock, toward, stepping, period, leg_px, seen };
    let steps = steps(&stage, stretch);
    let bout = gait.bouts.len();
    gait.events.extend(strides::events(&steps));
    gait.strides.extend(strides::strides(movement, clock, stretch, &steps, bout));
    let rate = movement.time.rate.0;
    let (stride, stride_sd) =
        strides::stride_time(&steps).map_or((period / rate, period_sd / rate), |(mean, sd)| (mean.0, sd.0));
    gait.bouts.push(Bout {
        start: movement.time.at_position(from),
        end: movement.time.at_position(to),
        stride_frequency: Hertz(stride.recip()),
        frequency_uncertainty: Hertz(stride_sd / stride.powi(2)),
        direction: stepping.direction(movement),
        travel: stepping.travel(movement, range.len(), period, leg_px),
        unfit: None,
    });
}

/// Steps too small, or hidden, are not to be missed in silence where others were found.
fn goes_on_without_steps(
    movement: &Movement,
    range: &Range<f64>,
    period: f64,
    rests: &[Range<f64>],
    gait: &Gait,
) -> Option<Warning> {
    let position = |at| movement.time.position(at);
    let stepped = gait.bouts.iter().map(|b| position(b.start)..position(b.end));
    let beyond = [0.0..range.start, range.end..movement.time.len as f64 - 1.0];
    let known: Vec<_> = stepped.chain(beyond).collect();
    let gap = rests::without_steps(movement, period, rests, &known).filter(|_| !gait.bouts.is_empty())?;
    let [from, to] = [gap.start, gap.end].map(|at| movement.time.at_position(at).0);
    Some(Warning::new(
        "not_stepping_on",
        format!("From {from:.1} to {to:.1} s the athlete goes on, and no steps were found there."),
        "Look at that part of the clip; analysed by itself it may tell more.",
    ))
}

/// What goes the other way than the longest set is another exercise, or the way back; what to tell of it.
pub fn leave_out_the_other_way(gait: &mut Gait) -> Option<Warning> {
    let way = gait.longest_set()?.direction?;
    let is_other = |bout: &Bout| bout.unfit.is_none() && bout.direction.is_some_and(|d| d != way);
    let other: Vec<usize> = (0..gait.bouts.len()).filter(|&b| is_other(&gait.bouts[b])).collect();
    let parts = gait.leave_out(&other, Unfit::OtherWay)?;
    let opposite = gait.bouts[*other.first()?].direction?;
    Some(Warning::new(
        "other_way",
        format!(
            "The athlete goes {} for the longest part, and {} {parts}, which was left out.",
            way.name(),
            opposite.name(),
        ),
        "If that is a set too, analyse its part of the clip by itself.",
    ))
}

fn no_stepping(settings: &GaitSettings) -> Warning {
    Warning::new(
        "no_stepping",
        format!(
            "No stepping was found: the legs never moved {:.0} degrees against each other, or half of it in an even rhythm.",
            settings.min_leg_swing.to_degrees()
        ),
        "Film from the side with both legs in view, let the clip hold at least two strides, and analyse with the best quality; of slow motion say at how many frames a second it was filmed.",
    )
}
