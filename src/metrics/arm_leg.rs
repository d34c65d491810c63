//! Arm against leg by other means (B6, for research): continuous relative phase, phase locking, lag of correlation, peaks and
//! vector coding over a bout. Cross-checks of `coordination`'s phase under the same gates; nothing is judged by them.

use super::arms::UPPER_ARM;
use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{BoutView, StrideView};
use super::coordination::{LEAST_STRIDES, LEAST_THIGH_CONFIDENCE, THIGH, phase};
use super::relative_phase::Pair;
use super::summary::most_frequent;
use super::value::{NotMeasured, Reading, Value};
use crate::skeleton::Side;
use crate::units::{Radians, Seconds};

/// Least share of the bout's strides of which the fitted phase is told (B6, gate).
const LEAST_SHARE_OF_STRIDES: f64 = 0.5;
/// A longer gap than this share of a stride ends the stretch looked at: no frequency that is kept lets it be bridged.
const LONGEST_GAP_STRIDES: f64 = 0.25;
/// One standard deviation of a continuous relative phase's mean over three strides or more, degrees (B6: mean error 2.2).
const CRP_ERROR_DEG: f64 = 3.0;
/// The same of the lag of greatest correlation, degrees (B6: mean error 6.2).
const LAG_ERROR_DEG: f64 = 7.5;
/// The same of the peaks, degrees (B6: mean error 20).
const PEAK_ERROR_DEG: f64 = 25.0;
/// One standard deviation of a share of the stride in one pattern: the error of the phase over the width of a pattern.
const SHARE_ERROR: f64 = 0.1;
/// One standard deviation of the variability of the coupling, degrees per percent of the stride: no source.
const VARIABILITY_ERROR_DEG: f64 = 0.05;

const BASE: Row = Row {
    id: "arm_leg_crp_left_arm_deg",
    name: "Continuous relative phase of left arm and right leg (informational)",
    definition: "mean direction over the bout of the upper arm's phase less the opposite thigh's, each from its analytic signal below three times the stride frequency, without the first and last half stride; at least 3 strides, told where the phase by fit is told in half of the strides",
    unit: Unit::Degrees,
    sign: "arm ahead of the leg; 0 is moving together, as in sprinting, 180 is pacing",
    when: When::Bout,
    sides: Sides::Only(Side::Left),
    statistic: Statistic::CircularMean,
    error: MeasurementError::Fixed(CRP_ERROR_DEG),
    source: "docs/science.md B6 (Lamb and Stöckl 2014)",
    compute: Compute::Bout(|view| crp(view, Side::Left)),
};

pub(super) const CRP_LEFT: Row = BASE;
pub(super) const CRP_RIGHT: Row = Row {
    id: "arm_leg_crp_right_arm_deg",
    name: "Continuous relative phase of right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| crp(view, Side::Right)),
    ..CRP_LEFT
};
pub(super) const MARP_LEFT: Row = Row {
    id: "arm_leg_marp_left_arm_deg",
    name: "Mean size of relative phase, left arm and right leg (informational)",
    definition: "mean size of the continuous relative phase over the bout, 0 to 180",
    sign: "further from moving together",
    statistic: Statistic::Mean,
    compute: Compute::Bout(|view| marp(view, Side::Left)),
    ..BASE
};
pub(super) const MARP_RIGHT: Row = Row {
    id: "arm_leg_marp_right_arm_deg",
    name: "Mean size of relative phase, right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| marp(view, Side::Right)),
    ..MARP_LEFT
};
pub(super) const DP_LEFT: Row = Row {
    id: "arm_leg_dp_left_arm_deg",
    name: "Deviation of relative phase, left arm and right leg (informational)",
    definition: "circular standard deviation of the continuous relative phase between strides at the same percent of the stride, mean over the stride; at least 3 whole strides",
    sign: "less consistent",
    statistic: Statistic::Mean,
    compute: Compute::Bout(|view| deviation(view, Side::Left)),
    ..BASE
};
pub(super) const DP_RIGHT: Row = Row {
    id: "arm_leg_dp_right_arm_deg",
    name: "Deviation of relative phase, right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| deviation(view, Side::Right)),
    ..DP_LEFT
};
pub(super) const PLV_LEFT: Row = Row {
    id: "arm_leg_plv_left_arm",
    name: "Phase locking of left arm and right leg (informational)",
    definition: "length of the mean vector of the continuous relative phase over the bout; 1 is the same all the time",
    unit: Unit::Ratio,
    sign: "more locked",
    statistic: Statistic::Mean,
    error: MeasurementError::Concentration(CRP_ERROR_DEG),
    compute: Compute::Bout(|view| locking(view, Side::Left)),
    ..BASE
};
pub(super) const PLV_RIGHT: Row = Row {
    id: "arm_leg_plv_right_arm",
    name: "Phase locking of right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| locking(view, Side::Right)),
    ..PLV_LEFT
};
pub(super) const LAG_LEFT: Row = Row {
    id: "arm_leg_lag_phase_left_arm_deg",
    name: "Phase by correlation, left arm and right leg (informational)",
    definition: "lag of the upper arm behind the opposite thigh at which the two correlate most, within half a stride either way, as a share of the stride in degrees, negated",
    error: MeasurementError::Fixed(LAG_ERROR_DEG),
    source: "docs/science.md B6",
    compute: Compute::Bout(|view| lag(view, Side::Left)),
    ..BASE
};
pub(super) const LAG_RIGHT: Row = Row {
    id: "arm_leg_lag_phase_right_arm_deg",
    name: "Phase by correlation, right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| lag(view, Side::Right)),
    ..LAG_LEFT
};
pub(super) const PEAK_LEFT: Row = Row {
    id: "arm_leg_peak_phase_left_arm_deg",
    name: "Phase by peaks, left arm and right leg (informational)",
    definition: "time of the opposite thigh's greatest angle in the stride less that of the upper arm's, as a share of the stride in degrees; mean direction over strides, at least 3",
    error: MeasurementError::Fixed(PEAK_ERROR_DEG),
    source: "docs/science.md B6; coarse: one noisy sample tells each peak",
    compute: Compute::Bout(|view| peaks(view, Side::Left)),
    ..BASE
};
pub(super) const PEAK_RIGHT: Row = Row {
    id: "arm_leg_peak_phase_right_arm_deg",
    name: "Phase by peaks, right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| peaks(view, Side::Right)),
    ..PEAK_LEFT
};
pub(super) const IN_PHASE_LEFT: Row = Row {
    id: "arm_leg_in_phase_share_left_arm",
    name: "Left arm and right leg turn together (informational)",
    definition: "vector coding: share of the stride in which the mean coupling angle (change of the upper arm's angle against that of the opposite thigh's) lies within 22.5 degrees of 45 or 225; at least 3 whole strides",
    unit: Unit::Ratio,
    sign: "longer",
    statistic: Statistic::Mean,
    error: MeasurementError::Fixed(SHARE_ERROR),
    source: "docs/science.md B6 (Chang 2008, Needham 2014)",
    compute: Compute::Bout(|view| coupling(view, Side::Left, |c| c.in_phase)),
    ..BASE
};
pub(super) const IN_PHASE_RIGHT: Row = Row {
    id: "arm_leg_in_phase_share_right_arm",
    name: "Right arm and left leg turn together (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| coupling(view, Side::Right, |c| c.in_phase)),
    ..IN_PHASE_LEFT
};
pub(super) const ANTI_PHASE_LEFT: Row = Row {
    id: "arm_leg_anti_phase_share_left_arm",
    name: "Left arm and right leg turn opposite ways (informational)",
    definition: "vector coding: share of the stride in which the mean coupling angle lies within 22.5 degrees of 135 or 315; at least 3 whole strides",
    compute: Compute::Bout(|view| coupling(view, Side::Left, |c| c.anti_phase)),
    ..IN_PHASE_LEFT
};
pub(super) const ANTI_PHASE_RIGHT: Row = Row {
    id: "arm_leg_anti_phase_share_right_arm",
    name: "Right arm and left leg turn opposite ways (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| coupling(view, Side::Right, |c| c.anti_phase)),
    ..ANTI_PHASE_LEFT
};
pub(super) const VARIABILITY_LEFT: Row = Row {
    id: "arm_leg_coupling_variability_left_arm_deg",
    name: "Variability of coupling, left arm and right leg (informational)",
    definition: "vector coding: radius of a circle as large as the ellipse of one standard deviation between strides of both angles' change in one percent of the stride, mean over the stride; at least 3 whole strides",
    sign: "less consistent",
    statistic: Statistic::Mean,
    error: MeasurementError::Fixed(VARIABILITY_ERROR_DEG),
    source: "docs/science.md B6 (Stock 2018)",
    compute: Compute::Bout(|view| coupling(view, Side::Left, |c| c.variability_deg)),
    ..BASE
};
pub(super) const VARIABILITY_RIGHT: Row = Row {
    id: "arm_leg_coupling_variability_right_arm_deg",
    name: "Variability of coupling, right arm and left leg (informational)",
    sides: Sides::Only(Side::Right),
    compute: Compute::Bout(|view| coupling(view, Side::Right, |c| c.variability_deg)),
    ..VARIABILITY_LEFT
};

/// An arm and the opposite thigh over the longest stretch of a bout that was seen.
struct Stretch {
    pair: Pair,
    /// Start and end of the thigh's own strides that count, samples from the start of the pair.
    strides: Vec<(f64, f64)>,
    evidence: Value,
}

impl Stretch {
    fn of(view: &BoutView, arm: Side) -> Result<Self, NotMeasured> {
        gate(view, arm)?;
        let (first, last) =
            view.strides.first().zip(view.strides.last()).ok_or(NotMeasured::TooFewStrides)?;
        let stride = StrideView::new(view.context, first);
        let both = stride.angle(UPPER_ARM, arm)?.with(stride.angle(THIGH, arm.mirror())?, |a, l| (a, l));
        let time = view.context.movement.time;
        let (rate, frequency) = (time.rate, view.bout.stride_frequency);
        let end = view.strides.iter().map(|s| s.end.0).fold(last.end.0, f64::max);
        let range = time.range(first.start, Seconds(end) + time.step() * 1e-3);
        let seen: Vec<Option<(f64, f64)>> =
            range.clone().map(|i| both.value(i).map(|(a, l)| (a.to_degrees(), l.to_degrees()))).collect();
        let longest_gap = (LONGEST_GAP_STRIDES * rate.0 / frequency.0) as usize;
        let kept = longest(&seen, longest_gap).ok_or(NotMeasured::NotEnoughSeen)?;
        if (kept.len() as f64) < LEAST_STRIDES as f64 * rate.0 / frequency.0 {
            return Err(NotMeasured::NotEnoughSeen);
        }
        let from = range.start + kept.start;
        let span = (time.at(from), time.at(range.start + kept.end - 1));
        let evidence = view.context.window(&both, span.0, span.1, |_| 0.0)?.says(Some(0.0))?;
        if evidence.confidence < LEAST_THIGH_CONFIDENCE {
            return Err(NotMeasured::NotEnoughSeen);
        }
        let strides = view.strides.iter().filter(|s| s.side == arm.mirror());
        let strides = strides
            .map(|s| (s.start, s.end))
            .map(|(a, b)| (time.position(a) - from as f64, time.position(b) - from as f64));
        let (arm, leg) = bridged(&seen[kept.clone()]);
        let seen = seen[kept].iter().map(Option::is_some).collect();
        Ok(Self { pair: Pair { rate, frequency, arm, leg, seen }, strides: strides.collect(), evidence })
    }

    fn says(&self, number: Option<f64>) -> Reading {
        number.map(|n| self.evidence.with(n)).ok_or(NotMeasured::TooFewStrides)
    }
}

/// The gates of the fitted phase: amplitude, share of variance and frequency, in half of the strides.
fn gate(view: &BoutView, arm: Side) -> Result<(), NotMeasured> {
    if view.strides.len() < LEAST_STRIDES {
        return Err(NotMeasured::TooFewStrides);
    }
    let phases: Vec<Reading> =
        view.strides.iter().map(|s| phase(&StrideView::new(view.context, s), arm)).collect();
    let told = phases.iter().filter(|p| p.is_ok()).count();
    let enough = told >= LEAST_STRIDES && told as f64 >= LEAST_SHARE_OF_STRIDES * phases.len() as f64;
    let reason = || most_frequent(phases.iter().filter_map(|p| p.err()));
    if enough { Ok(()) } else { Err(reason().unwrap_or(NotMeasured::TooFewStrides)) }
}

/// The longest stretch that begins and ends with something seen and has no gap longer than that; none of nothing.
fn longest<T>(samples: &[Option<T>], longest_gap: usize) -> Option<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for place in samples.iter().enumerate().filter(|(_, s)| s.is_some()).map(|(i, _)| i) {
        match stretches.last_mut() {
            Some(last) if place - last.end <= longest_gap => last.end = place + 1,
            _ => stretches.push(place..place + 1),
        }
    }
    stretches.into_iter().max_by_key(ExactSizeIterator::len)
}

/// Both with straight lines across gaps; first and last are there.
fn bridged(samples: &[Option<(f64, f64)>]) -> (Vec<f64>, Vec<f64>) {
    let mut whole: Vec<(f64, f64)> = Vec::with_capacity(samples.len());
    for sample in samples {
        let Some(next) = *sample else { continue };
        let last = whole.last().copied().unwrap_or(next);
        let gap = samples[whole.len()..].iter().take_while(|s| s.is_none()).count();
        whole.extend((1..=gap).map(|i| {
            let share = i as f64 / (gap + 1) as f64;
            (last.0 + (next.0 - last.0) * share, last.1 + (next.1 - last.1) * share)
        }));
        whole.push(next);
    }
    whole.into_iter().unzip()
}

fn crp(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.analytic().mean().map(|c| c.mean.to_degrees()))
}

fn marp(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.analytic().mean_size().map(Radians::to_degrees))
}

fn deviation(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.analytic().deviation(&stretch.strides).map(Radians::to_degrees))
}

fn locking(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.analytic().mean().map(|c| c.concentration))
}

fn lag(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.lag_phase().map(Radians::to_degrees))
}

fn peaks(view: &BoutView, arm: Side) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.peak_phase(&stretch.strides).map(|c| c.mean.to_degrees()))
}

fn coupling(view: &BoutView, arm: Side, part: fn(&super::relative_phase::Coupling) -> f64) -> Reading {
    let stretch = Stretch::of(view, arm)?;
    stretch.says(stretch.pair.analytic().coupling(&stretch.strides).as_ref().map(part))
}
