//! Where to look: the worst stride of a finding and the moment in it that shows the fault.

use super::finding::Evidence;
use super::input::Observed;
use super::quantity::Quantity;
use crate::gait::stride::Stride;
use crate::kinematics::movement::Movement;
use crate::skeleton::{Angle, Joint, Segment, Side};
use crate::technique::rule::{Beyond, Condition, Rule, Show, Statistic};
use crate::units::Seconds;

/// The worst stride among `beyond`, or among all behind the quantity where none is, and its moment. `arm` is the side
/// of the arm shown.
pub(super) fn evidence(
    rule: &Rule,
    condition: &Condition,
    quantity: &Quantity,
    beyond: &[usize],
    observed: &Observed,
    arm: Option<Side>,
) -> Option<Evidence> {
    let index = worst(condition, quantity, beyond).or_else(|| observed.valid(arm).next().map(|s| s.index))?;
    let stride = observed.stride(index)?;
    let side = condition.limits.map_or(Beyond::Above, |l| l.beyond);
    let at = moment(rule.show, stride, side, observed.movement, arm);
    Some(Evidence { stride: index, start: stride.start, end: stride.end, at })
}

/// When each of these strides shows the fault.
pub(super) fn moments(
    rule: &Rule,
    condition: &Condition,
    strides: &[usize],
    observed: &Observed,
    arm: Option<Side>,
) -> Vec<Seconds> {
    let side = condition.limits.map_or(Beyond::Above, |l| l.beyond);
    let of = |index: &usize| Some(moment(rule.show, observed.stride(*index)?, side, observed.movement, arm));
    strides.iter().map(|index| of(index).unwrap_or_default()).collect()
}

fn worst(condition: &Condition, quantity: &Quantity, beyond: &[usize]) -> Option<usize> {
    let side = condition.limits.map_or(Beyond::Above, |l| l.beyond);
    let chosen = |(index, _): &&(usize, f64)| beyond.is_empty() || beyond.contains(index);
    let candidates = quantity.strides.iter().filter(chosen);
    // What counts as worst: the furthest out; of changes over the set the end; of two sides the weaker push.
    let badness = |(index, value): &(usize, f64)| match condition.statistic {
        Statistic::Drift | Statistic::Rise | Statistic::Decay => *index as f64,
        Statistic::SideDifference | Statistic::SideDifferencePercent => -value,
        Statistic::Agreement => value.abs(),
        Statistic::Mean | Statistic::BestThree => side.excess(*value, 0.0),
        Statistic::Share => {
            condition.threshold.map_or(0.0, |(side, threshold)| side.excess(*value, threshold))
        }
    };
    candidates.max_by(|a, b| badness(a).total_cmp(&badness(b)).then(b.0.cmp(&a.0))).map(|(index, _)| *index)
}

fn moment(
    show: Show,
    stride: &Stride,
    beyond: Beyond,
    movement: Option<&Movement>,
    arm: Option<Side>,
) -> Seconds {
    let middle = stride.start + stride.duration() * 0.5;
    let landed = stride.initial_contact.time;
    let left = stride.terminal_contact.time;
    let angle = match show {
        Show::InitialContact => return landed,
        Show::TerminalContact => return left,
        Show::MidStance => return landed + (left - landed) * 0.5,
        Show::Middle => return middle,
        Show::Trunk => Angle::Trunk,
        Show::Knee => Angle::joint(Joint::Knee, stride.side),
        Show::Thigh => Angle::segment(Segment::Thigh, stride.side),
        Show::Shank => Angle::segment(Segment::Shank, stride.side),
        Show::UpperArm => Angle::segment(Segment::UpperArm, arm.unwrap_or(stride.side)),
    };
    movement.and_then(|m| extreme(m, angle, stride, beyond)).unwrap_or(middle)
}

/// When an angle is furthest toward the fault: thighs and arms at their highest, whatever the fault, as that is where
/// their reach is seen.
fn extreme(movement: &Movement, angle: Angle, stride: &Stride, beyond: Beyond) -> Option<Seconds> {
    let reach = angle != Angle::Trunk && angle.kind() != Angle::LeftKnee.kind();
    let sign = if reach || beyond == Beyond::Above { 1.0 } else { -1.0 };
    let series = movement.angles.get(angle);
    let range = movement.time.range(stride.start, stride.end);
    let seen = range.filter_map(|i| Some((i, sign * series.value(i)?.0)));
    let (index, _) = seen.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    Some(movement.time.at(index))
}
