//! Where somebody who works along a way stands in between: told from the pelvis, as thighs go on moving in whoever straightens
//! up, turns or shifts their weight.

use super::smooth::local_lines;
use super::travel::{MIN_STRIDE_LEG, pelvis_x};
use crate::kinematics::movement::Movement;
use crate::signal::statistics::quantile;
use std::ops::Range;

#[cfg(test)]
mod tests;

/// Slower than this share of the usual speed over a step is standing. In a step it is never that slow on the mean: speed
/// varies by a third within a heavy push (B5) [default].
const STANDING_SHARE: f64 = 0.2;
/// The usual speed: this quantile, so that standing for half of the clip does not make it slow.
const USUAL: f64 = 0.75;
/// Who stays within this, leg lengths, all along works in place: what they do to and fro is sway and no going and standing. Four
/// of the shortest steps that are judged come to as much [default].
const IN_PLACE_LEG: f64 = 0.6;
/// Standing lasts at least this share of a stride: a step left out.
const LEAST_STRIDES: f64 = 0.4;
/// Going on for so many strides without a step told is told itself: one stride may be lost at either end of a bout.
const UNSTEPPED_STRIDES: f64 = 2.0;
/// Where the pelvis is seen for this share of the time.
const SEEN_SHARE: f64 = 0.6;
/// The speed is that of a line weighted by a Gaussian of this share of a stride, which covers about one step.
const SMOOTHING_STRIDES: f64 = 0.125;

/// Stretches of samples in which the athlete stands or turns back, in order; `None` where the ground is not known, or where they
/// go nowhere at all.
pub(super) fn rests(movement: &Movement, period: f64, leg_px: f64) -> Option<Vec<Range<f64>>> {
    if !movement.ground_is_fixed {
        return None;
    }
    // A jump from one take to the next is nobody's way.
    let pelvis = pelvis_x(movement);
    let of_take = |take: Range<usize>| local_lines(&pelvis[take], SMOOTHING_STRIDES * period);
    let takes: Vec<Vec<Option<(f64, f64)>>> = movement.takes().into_iter().map(of_take).collect();
    let reach = |lines: &Vec<Option<(f64, f64)>>| {
        let places = || lines.iter().flatten().map(|(place, _)| *place);
        places().fold(f64::MIN, f64::max) - places().fold(f64::MAX, f64::min)
    };
    if takes.iter().map(reach).fold(0.0, f64::max) < IN_PLACE_LEG * leg_px {
        return None;
    }
    let speeds: Vec<Option<f64>> = takes.concat().iter().map(|line| line.map(|(_, slope)| slope)).collect();
    let usual = quantile(speeds.iter().flatten().map(|v| v.abs()), USUAL).unwrap_or(0.0);
    if usual * period < MIN_STRIDE_LEG * leg_px {
        return None;
    }
    // 1 to the right, -1 to the left, 0 for standing.
    let way = |v: f64| if v.abs() < STANDING_SHARE * usual { 0 } else { v.signum() as i8 };
    // Where nothing is known it goes on as before, and before as after.
    let mut last = speeds.iter().flatten().next().map_or(0, |v| way(*v));
    let ways: Vec<i8> = speeds
        .iter()
        .map(|v| {
            last = v.map_or(last, way);
            last
        })
        .collect();
    let mut found = Vec::new();
    let mut start = 0;
    for run in ways.chunk_by(|a, b| a == b) {
        let (from, to) = (start, start + run.len());
        start = to;
        let turns_back = from > 0 && to < ways.len() && ways[from - 1] * ways[to] < 0;
        if run[0] == 0 && (turns_back || run.len() as f64 >= LEAST_STRIDES * period) {
            found.push(from as f64..(to - 1) as f64);
        }
    }
    Some(found)
}

/// The longest stretch in which the athlete is seen to go on, longer than [`UNSTEPPED_STRIDES`], while neither a rest nor a
/// stretch of steps is told.
pub(super) fn without_steps(
    movement: &Movement,
    period: f64,
    rests: &[Range<f64>],
    stepped: &[Range<f64>],
) -> Option<Range<f64>> {
    let pelvis = pelvis_x(movement);
    let mut known: Vec<Range<f64>> = rests.iter().chain(stepped).cloned().collect();
    known.sort_by(|a, b| a.start.total_cmp(&b.start));
    let end = pelvis.len() as f64 - 1.0;
    let mut from = 0.0_f64;
    let mut gaps = Vec::new();
    for range in known.into_iter().chain([end..end]) {
        gaps.push(from..range.start);
        from = from.max(range.end);
    }
    let length = |gap: &Range<f64>| gap.end - gap.start;
    let is_seen = |gap: &Range<f64>| {
        let seen = pelvis[gap.start as usize..gap.end as usize].iter().flatten().count();
        seen as f64 >= SEEN_SHARE * length(gap)
    };
    gaps.into_iter()
        .filter(|gap| length(gap) >= UNSTEPPED_STRIDES * period && is_seen(gap))
        .max_by(|a, b| length(a).total_cmp(&length(b)))
}
