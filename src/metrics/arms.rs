//! The arms (B5): how far they swing at the stride's own frequency, how bent they are, and whether they swing twice.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::StrideView;
use super::harmonic::{self, Swing};
use super::knee::RANGE_ERROR_DEG;
use super::value::{NotMeasured, Reading};
use super::window::Window;
use crate::signal::series::Series;
use crate::skeleton::{AngleKind, Joint, LimbPoint, Segment, Side};
use crate::units::Seconds;

pub(super) const UPPER_ARM: AngleKind = AngleKind::Segment(Segment::UpperArm);
const ELBOW: AngleKind = AngleKind::Joint(Joint::Elbow);
/// Strides round the stride's middle that a swing is fitted to (B6: 1.5 to 2; error 1.6 degrees at 2).
const FITTED_STRIDES: f64 = 2.0;
/// Least of them where the bout begins or ends.
const LEAST_FITTED_STRIDES: f64 = 1.5;
/// Movement of the upper arm that is more than holding it still, peak to peak, degrees (B5: passive below 12).
const MOVES_DEG: f64 = 12.0;
/// Elbow flexion beyond which a hand may be held at the chest, degrees (B5).
const BENT_DEG: f64 = 80.0;
/// Nearer than this to the upper half of the trunk, a hand is at the chest, trunk lengths (B5).
const AT_CHEST_TRUNK: f64 = 0.45;
/// One standard deviation of a wrist's excursion, trunk lengths: 0.03 of a leg on a trunk of 0.6 legs, twice.
const WRIST_ERROR_TRUNK: f64 = 0.1;
/// One standard deviation of a ratio of powers: no source.
const RATIO_ERROR: f64 = 0.1;
const SOURCE: &str = "docs/science.md B5";

const BASE: Row = Row {
    id: "arm_deg",
    name: "",
    definition: "",
    unit: Unit::Degrees,
    sign: "larger swing",
    when: When::StridesAround,
    sides: Sides::Only(Side::Left),
    statistic: Statistic::Mean,
    error: MeasurementError::Fixed(RANGE_ERROR_DEG),
    source: SOURCE,
    compute: Compute::Stride(|view| amplitude(view, Side::Left)),
};

pub(super) const AMPLITUDE_LEFT: Row = Row {
    id: "left_arm_amplitude_deg",
    name: "Left arm amplitude",
    definition: "peak-to-peak of the upper arm's swing at the stride frequency (twice the fitted amplitude), not the raw extremes, which noise widens",
    ..BASE
};
pub(super) const AMPLITUDE_RIGHT: Row = Row {
    id: "right_arm_amplitude_deg",
    name: "Right arm amplitude",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| amplitude(view, Side::Right)),
    ..AMPLITUDE_LEFT
};
pub(super) const WRIST_LEFT: Row = Row {
    id: "left_wrist_excursion_trunk",
    name: "Left wrist excursion",
    definition: "peak-to-peak of the wrist's horizontal swing about the shoulder at the stride frequency, trunk lengths",
    unit: Unit::Trunks,
    error: MeasurementError::Fixed(WRIST_ERROR_TRUNK),
    compute: Compute::Stride(|view| wrist(view, Side::Left)),
    ..BASE
};
pub(super) const WRIST_RIGHT: Row = Row {
    id: "right_wrist_excursion_trunk",
    name: "Right wrist excursion",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| wrist(view, Side::Right)),
    ..WRIST_LEFT
};
pub(super) const ELBOW_MEAN_LEFT: Row = Row {
    id: "left_elbow_mean_deg",
    name: "Left elbow",
    definition: "mean elbow flexion over the stride; 0 is straight",
    sign: "bent",
    when: When::Stride,
    error: MeasurementError::Angle(ELBOW),
    compute: Compute::Stride(|view| elbow(view, Side::Left)?.mean()),
    ..BASE
};
pub(super) const ELBOW_MEAN_RIGHT: Row = Row {
    id: "right_elbow_mean_deg",
    name: "Right elbow",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| elbow(view, Side::Right)?.mean()),
    ..ELBOW_MEAN_LEFT
};
pub(super) const ELBOW_SD_LEFT: Row = Row {
    id: "left_elbow_sd_deg",
    name: "Left elbow variation",
    definition: "standard deviation of elbow flexion within the stride",
    sign: "pumping",
    when: When::Stride,
    compute: Compute::Stride(|view| elbow(view, Side::Left)?.sd()),
    ..BASE
};
pub(super) const ELBOW_SD_RIGHT: Row = Row {
    id: "right_elbow_sd_deg",
    name: "Right elbow variation",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| elbow(view, Side::Right)?.sd()),
    ..ELBOW_SD_LEFT
};
pub(super) const ELBOW_RANGE_LEFT: Row = Row {
    id: "left_elbow_rom_deg",
    name: "Left elbow range of motion",
    definition: "98th less 2nd percentile of elbow flexion over the stride",
    sign: "larger range",
    when: When::Stride,
    compute: Compute::Stride(|view| elbow(view, Side::Left)?.range()),
    ..BASE
};
pub(super) const ELBOW_RANGE_RIGHT: Row = Row {
    id: "right_elbow_rom_deg",
    name: "Right elbow range of motion",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| elbow(view, Side::Right)?.range()),
    ..ELBOW_RANGE_LEFT
};
pub(super) const AT_CHEST_LEFT: Row = Row {
    id: "left_hand_at_chest_share",
    name: "Left hand at the chest",
    definition: "share of the stride with the elbow bent beyond 80 degrees and the wrist within 0.45 trunk lengths of the upper half of the trunk",
    unit: Unit::Ratio,
    sign: "longer",
    when: When::Stride,
    error: MeasurementError::Fixed(RATIO_ERROR),
    compute: Compute::Stride(|view| at_chest(view, Side::Left)),
    ..BASE
};
pub(super) const AT_CHEST_RIGHT: Row = Row {
    id: "right_hand_at_chest_share",
    name: "Right hand at the chest",
    sides: Sides::Only(Side::Right),
    compute: Compute::Stride(|view| at_chest(view, Side::Right)),
    ..AT_CHEST_LEFT
};
pub(super) const FREQUENCY_RATIO: Row = Row {
    id: "arm_frequency_ratio",
    name: "Arm frequency ratio",
    definition: "power of the upper arms' swing at twice the stride frequency over that at the stride frequency, both arms together where both are seen; above 1 the arms swing once a step",
    unit: Unit::Ratio,
    sign: "swings twice a stride",
    sides: Sides::None,
    error: MeasurementError::Fixed(RATIO_ERROR),
    source: "docs/science.md B5 (Wagenaar and van Emmerik 2000)",
    compute: Compute::Stride(frequency_ratio),
    ..BASE
};

/// The stretch round a stride that swings are fitted to, moved inside its bout; none where the bout is too short.
pub(super) fn around(view: &StrideView) -> Result<(Seconds, Seconds), NotMeasured> {
    let period = 1.0 / view.frequency().0;
    let middle = view.stride.start + view.stride.duration() * 0.5;
    let half = Seconds(period * FITTED_STRIDES / 2.0);
    let bout = view.context.gait.bouts.get(view.stride.bout).ok_or(NotMeasured::TooFewStrides)?;
    let from = (middle - half).0.min(bout.end.0 - 2.0 * half.0).max(bout.start.0);
    let to = (from + 2.0 * half.0).min(bout.end.0);
    let enough = to - from >= LEAST_FITTED_STRIDES * period;
    if enough { Ok((Seconds(from), Seconds(to))) } else { Err(NotMeasured::TooFewStrides) }
}

/// An angle of a side round the stride, degrees, with time counted from the stride's middle.
pub(super) fn angle_around(view: &StrideView, kind: AngleKind, side: Side) -> Result<Window, NotMeasured> {
    let (from, to) = around(view)?;
    let mut window = view.degrees_over(kind, side, from, to)?;
    centre(view, &mut window);
    Ok(window)
}

fn centre(view: &StrideView, window: &mut Window) {
    let middle = view.stride.start + view.stride.duration() * 0.5;
    window.samples.iter_mut().for_each(|s| s.0 -= middle.0);
}

/// The swing of a window at the stride frequency.
pub(super) fn swing(view: &StrideView, window: &Window) -> Result<Swing, NotMeasured> {
    harmonic::fit(&window.samples, view.frequency()).ok_or(NotMeasured::NotEnoughSeen)
}

pub(super) fn amplitude(view: &StrideView, side: Side) -> Reading {
    let window = angle_around(view, UPPER_ARM, side)?;
    follows_stride(view, &window)?;
    window.says(Some(2.0 * swing(view, &window)?.amplitude))
}

/// An arm that moves much, but neither once nor twice a stride, is not still: either it does something else or the
/// stride was misread, and its swing at the stride frequency says nothing.
fn follows_stride(view: &StrideView, window: &Window) -> Result<(), NotMeasured> {
    let (once, twice) = powers_of(view, window)?;
    let other = harmonic::leftover(&window.samples, view.frequency()).ok_or(NotMeasured::NotEnoughSeen)?;
    // Peak to peak of the sine of that power.
    let (rhythmic, other) = (2.0 * (once + twice).sqrt(), 2.0 * other.sqrt());
    if other >= MOVES_DEG && other > rhythmic { Err(NotMeasured::NotPeriodic) } else { Ok(()) }
}

fn wrist(view: &StrideView, side: Side) -> Reading {
    if amplitude(view, side) == Err(NotMeasured::NotPeriodic) {
        return Err(NotMeasured::NotPeriodic);
    }
    let sign = view.context.facing()?.sign();
    let trunk = view.context.trunk_px()?;
    let points = &view.context.movement.points;
    let ahead: Series<f64> = points
        .limb(LimbPoint::Wrist, side)
        .with(points.limb(LimbPoint::Shoulder, side), |w, s| sign * (w.x - s.x) / trunk);
    let (from, to) = around(view)?;
    let mut window = view.context.window(&ahead, from, to, |x| x)?;
    centre(view, &mut window);
    window.says(Some(2.0 * swing(view, &window)?.amplitude))
}

fn elbow(view: &StrideView, side: Side) -> Result<Window, NotMeasured> {
    view.degrees_over(ELBOW, side, view.stride.start, view.stride.end)
}

fn at_chest(view: &StrideView, side: Side) -> Reading {
    let context = view.context;
    let near = AT_CHEST_TRUNK * context.trunk_px()?;
    let wrist = context.movement.points.limb(LimbPoint::Wrist, side);
    // From the shoulders to half way down the trunk; points of a straight line between are enough.
    let chest = context.mid_shoulder.with(&context.mid_hip, |s, h| (s, s.towards(h, 0.25), s.midpoint(h)));
    let held =
        chest.with(wrist, |(top, middle, low), w| [top, middle, low].iter().any(|p| p.distance(w) < near));
    let bent = view.angle(ELBOW, side)?.map(|a| a.to_degrees() > BENT_DEG);
    let both = held.with(&bent, |held, bent| held && bent);
    let window = context.window(&both, view.stride.start, view.stride.end, |b| if b { 1.0 } else { 0.0 })?;
    window.mean()
}

fn frequency_ratio(view: &StrideView) -> Reading {
    let arms = Side::BOTH.map(|side| angle_around(view, UPPER_ARM, side));
    let (mut first, mut second, mut seen) = (0.0, 0.0, None);
    for window in arms.iter().flatten() {
        let powers = powers_of(view, window)?;
        first += powers.0;
        second += powers.1;
        seen = seen.or(Some(window));
    }
    let [left, _] = &arms;
    let Some(window) = seen else {
        return Err(left.as_ref().err().copied().unwrap_or(NotMeasured::NotEnoughSeen));
    };
    // Of an arm that hardly moves this is the ratio of two noises.
    if 2.0 * (first + second).sqrt() < MOVES_DEG {
        return Err(NotMeasured::ArmStill);
    }
    window.says((first > 0.0).then(|| second / first))
}

/// Squared amplitudes of one arm at the stride frequency and at twice that.
pub(super) fn powers_of(view: &StrideView, window: &Window) -> Result<(f64, f64), NotMeasured> {
    harmonic::powers(&window.samples, view.frequency()).ok_or(NotMeasured::NotEnoughSeen)
}
