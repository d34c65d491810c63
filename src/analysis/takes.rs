//! A clip that is cut is several takes: no stride goes across a cut (`gait::bouts`), and where the athlete is of another size from
//! a cut on, lengths and speeds of the takes do not compare, so that one of them counts.

use crate::frame::Warning;
use crate::gait::stride::{Bout, Gait, Unfit};
use crate::kinematics::cuts::Cut;

/// Leaves out the takes in which the athlete is of another size than in the one with the most strides; what to tell of the cuts.
pub(super) fn leave_out_other_takes(gait: &mut Gait, cuts: &[Cut]) -> Option<Warning> {
    if cuts.is_empty() {
        return None;
    }
    let resized: Vec<f64> = cuts.iter().filter(|cut| cut.resized).map(|cut| cut.time_s).collect();
    let take_of =
        |bout: &Bout| resized.iter().filter(|at| **at <= f64::midpoint(bout.start.0, bout.end.0)).count();
    let takes: Vec<usize> = gait.bouts.iter().map(take_of).collect();
    let strides = |take: usize| gait.strides.iter().filter(|s| s.is_valid() && takes[s.bout] == take).count();
    // Of takes alike the first.
    let kept = (0..=resized.len()).rev().max_by_key(|take| strides(*take))?;
    let others: Vec<usize> = (0..takes.len()).filter(|&bout| takes[bout] != kept).collect();
    // Whether they counted or not: of somebody of another size hardly anything is believed.
    let _ = gait.leave_out(&others, Unfit::OtherTake);
    let times: Vec<String> = cuts.iter().map(|cut| format!("{:.1}", cut.time_s)).collect();
    let and = if others.is_empty() {
        String::new()
    } else {
        format!(", and the athlete is larger or smaller {}, which was left out", gait.when(&others))
    };
    let message = format!(
        "The clip is cut at {} s: the athlete jumps there from one frame to the next. No stride goes across a cut{and}.",
        times.join(", ")
    );
    Some(Warning::new("clip_cut", message, "Analyse the uncut clip, or each part by itself."))
}
