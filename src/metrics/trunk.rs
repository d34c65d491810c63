//! The trunk: how far it leans, how steady it is, and what the line of shoulders and head says.

use super::catalogue::{Compute, MeasurementError, Row, Sides, Statistic, Unit, When};
use super::context::{BoutView, StrideView, approximate_as};
use super::statistics;
use super::value::{NotMeasured, Reading, Value};
use crate::geometry::{Ground, Point, Vector};
use crate::signal::series::Series;
use crate::skeleton::{AngleKind, Keypoint, LimbPoint, Segment, Side};
use crate::units::Radians;

const TRUNK: AngleKind = AngleKind::Segment(Segment::Trunk);
/// One standard deviation of the nodding within a stride, degrees: a constant offset cancels (F2: u about 2).
const NODDING_ERROR_DEG: f64 = 2.0;
/// Beyond this the hips are as high as the shoulders (F1, hips rising), degrees.
const FOLDED_DEG: f64 = 85.0;
/// Relative noise of the trunk's length in the picture (docs/science.md B1: 2 to 4 %).
const LENGTH_NOISE: f64 = 0.03;
/// Fewest strides of which thirds are compared (F1: at least 6).
pub(super) const STRIDES_FOR_THIRDS: usize = 6;
const SOURCE: &str = "docs/science.md B1: middle of the hips to neck or middle of the shoulders";

const BASE: Row = Row {
    id: "trunk_deg",
    name: "",
    definition: "",
    unit: Unit::Degrees,
    sign: "leaning toward where the athlete faces",
    when: When::Stride,
    sides: Sides::None,
    statistic: Statistic::Mean,
    error: MeasurementError::Angle(TRUNK),
    source: SOURCE,
    compute: Compute::Stride(mean),
};

pub(super) const MEAN: Row = Row {
    id: "trunk_mean_deg",
    name: "Trunk lean",
    definition: "mean trunk angle against the vertical over the stride",
    ..BASE
};
pub(super) const SD: Row = Row {
    id: "trunk_sd_deg",
    name: "Trunk rocking",
    definition: "standard deviation of the trunk angle within the stride",
    sign: "less steady",
    error: MeasurementError::Fixed(NODDING_ERROR_DEG),
    compute: Compute::Stride(sd),
    ..BASE
};
pub(super) const MIN: Row = Row {
    id: "trunk_min_deg",
    name: "Least trunk lean",
    definition: "least trunk angle of the stride",
    compute: Compute::Stride(min),
    ..BASE
};
pub(super) const MAX: Row = Row {
    id: "trunk_max_deg",
    name: "Greatest trunk lean",
    definition: "greatest trunk angle of the stride",
    compute: Compute::Stride(max),
    ..BASE
};
pub(super) const LEAN_TRAVEL: Row = Row {
    id: "lean_travel_deg",
    name: "Lean into travel",
    definition: "mean trunk angle over the stride, counted toward where the athlete steps",
    sign: "leaning the way it goes",
    compute: Compute::Stride(lean_travel),
    ..BASE
};
pub(super) const FOLDED_SHARE: Row = Row {
    id: "hips_over_shoulders_share",
    name: "Hips as high as the shoulders",
    definition: "share of the stride in which the trunk angle is beyond 85 degrees",
    unit: Unit::Ratio,
    sign: "longer",
    error: MeasurementError::Fixed(0.0),
    compute: Compute::Stride(folded_share),
    ..BASE
};
pub(super) const LINE: Row = Row {
    id: "body_line_terminal_contact_deg",
    name: "Body line at push-off",
    definition: "angle against the vertical of the line from the leaving ankle, near and far foot as if on one track, to the middle of the shoulders",
    when: When::TerminalContact,
    sides: Sides::OfStride,
    compute: Compute::Stride(line),
    ..BASE
};
pub(super) const LENGTH: Row = Row {
    id: "trunk_length_share",
    name: "Trunk length (rounding, informational)",
    definition: "mean distance of hips and shoulders over the stride, as a share of the clip's 75th percentile; a rounded back is shorter, and so is a turned one",
    unit: Unit::Ratio,
    sign: "longer",
    error: MeasurementError::Fixed(LENGTH_NOISE),
    source: "docs/science.md B1: informational only",
    compute: Compute::Stride(length),
    ..BASE
};
pub(super) const EAR: Row = Row {
    id: "ear_shoulder_trunk",
    name: "Ear to shoulder (informational)",
    definition: "mean distance of near ear and near shoulder over the stride, trunk lengths; raised shoulders bring them together",
    unit: Unit::Trunks,
    sign: "further apart",
    error: MeasurementError::Fixed(LENGTH_NOISE),
    source: "docs/science.md F3, shoulders relaxed",
    compute: Compute::Stride(ear),
    ..BASE
};
/// One standard deviation of a head angle: the trunk's 4 degrees (docs/science.md B10) and an ear misplaced by 3 % of the trunk
/// on a lever of a quarter of it, 7 degrees.
const HEAD_ERROR_DEG: f64 = 8.0;
pub(super) const HEAD: Row = Row {
    id: "head_forward_deg",
    name: "Head against the trunk (informational)",
    definition: "mean over the stride of the direction from the middle of the shoulders to the near ear, less the trunk's lean",
    sign: "head in front of the line of the trunk, as when looking down",
    error: MeasurementError::Fixed(HEAD_ERROR_DEG),
    source: "docs/science.md F2: a matter of preference",
    compute: Compute::Stride(head),
    ..BASE
};
pub(super) const DRIFT: Row = Row {
    id: "trunk_drift_deg",
    name: "Posture drift",
    definition: "mean trunk lean of the last third of strides less that of the first third; at least 6 strides",
    sign: "leaning further at the end",
    when: When::Bout,
    error: MeasurementError::Fixed(NODDING_ERROR_DEG),
    source: "docs/science.md F3",
    compute: Compute::Bout(drift),
    ..BASE
};

fn over_stride(view: &StrideView) -> Result<super::window::Window, NotMeasured> {
    view.degrees_over(TRUNK, Side::Left, view.stride.start, view.stride.end)
}

fn mean(view: &StrideView) -> Reading {
    over_stride(view)?.mean()
}

fn sd(view: &StrideView) -> Reading {
    over_stride(view)?.sd()
}

fn min(view: &StrideView) -> Reading {
    over_stride(view)?.min()
}

fn max(view: &StrideView) -> Reading {
    over_stride(view)?.max()
}

fn lean_travel(view: &StrideView) -> Reading {
    let value = mean(view)?;
    Ok(value.with(view.direction()?.sign() * value.number))
}

fn folded_share(view: &StrideView) -> Reading {
    let window = over_stride(view)?;
    let folded = window.numbers().iter().filter(|&&x| x > FOLDED_DEG).count();
    window.says(Some(folded as f64 / window.samples.len() as f64))
}

fn line(view: &StrideView) -> Reading {
    let sign = view.context.facing()?.sign();
    let ankle = view.context.tracks().ankle(view.side());
    let line = view.context.mid_shoulder.with(ankle, |shoulder, ankle| {
        (sign * (shoulder.x - ankle.x)).atan2(ankle.y - shoulder.y).to_degrees()
    });
    let event = view.terminal();
    Ok(approximate_as(view.context.at(&line, event.time, |x| x)?, event))
}

fn length(view: &StrideView) -> Reading {
    let whole = view.context.trunk_px()?;
    let lengths = view.context.mid_hip.with(&view.context.mid_shoulder, Point::distance);
    mean_over(view, &lengths, whole)
}

fn ear(view: &StrideView) -> Reading {
    let near = view.context.facing()?.near_side();
    let points = &view.context.movement.points;
    let distance =
        points.get(Keypoint::RightEar.on(near)).with(points.limb(LimbPoint::Shoulder, near), Point::distance);
    mean_over(view, &distance, view.context.trunk_px()?)
}

fn head(view: &StrideView) -> Reading {
    let facing = view.context.facing()?;
    let ear = view.context.movement.points.get(Keypoint::RightEar.on(facing.near_side()));
    let lean = |up: Vector<Ground>| (facing.sign() * up.x).atan2(-up.y);
    let trunk = view.context.mid_hip.with(&view.context.mid_shoulder, |hip, shoulder| lean(shoulder - hip));
    let head = view.context.mid_shoulder.with(ear, |shoulder, ear| lean(ear - shoulder));
    let between = head.with(&trunk, |head, trunk| Radians(head - trunk).wrapped().to_degrees());
    view.context.window(&between, view.stride.start, view.stride.end, |degrees| degrees)?.mean()
}

fn mean_over(view: &StrideView, lengths: &Series<f64>, whole: f64) -> Reading {
    view.context.window(lengths, view.stride.start, view.stride.end, |px| px / whole)?.mean()
}

fn drift(view: &BoutView) -> Reading {
    last_third_less_first(&view.each(mean))
}

/// Mean of the last third of strides less that of the first third.
pub(super) fn last_third_less_first(values: &[Value]) -> Reading {
    if values.len() < STRIDES_FOR_THIRDS {
        return Err(NotMeasured::TooFewStrides);
    }
    let third = values.len() / 3;
    let of = |part: &[Value]| statistics::mean(&part.iter().map(|v| v.number).collect::<Vec<_>>());
    let weakest = values.iter().copied().reduce(|a, b| a.and(b, 0.0)).ok_or(NotMeasured::TooFewStrides)?;
    let difference =
        of(&values[values.len() - third..]).zip(of(&values[..third])).map(|(last, first)| last - first);
    difference.map(|d| weakest.with(d)).ok_or(NotMeasured::TooFewStrides)
}
