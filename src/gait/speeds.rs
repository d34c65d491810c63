//! Parts of a clip that play at different speeds, as edited clips do whose middle is slowed: from one step to the next the legs take
//! twice as long or more, for the same swing of the same form. People do not: who speeds up takes some steps and swings further, and
//! who is held up by a sled stands longer but swings as before.

use super::clock::{Crossing, steps_at_any_speed};
use super::settings::GaitSettings;
use super::stride::{Gait, Unfit};
use crate::frame::Warning;
use crate::kinematics::movement::{Movement, Points};
use crate::signal::statistics::median;
use crate::units::Seconds;
use std::ops::Range;

/// Two steps take so many times as long as the two before or after them, or longer, where the speed of a clip changes [default]: editors
/// slow down to a half or less. From a walk to a run cadence changes 1.5 times.
const CHANGE: f64 = 1.8;
/// And each of them so many times as long as each of the others, so that nobody gets faster step by step [default].
const EACH: f64 = 1.5;
/// The legs swing as far before and after, and in the same form, up to this factor [default].
const ALIKE: f64 = 1.5;
/// Steps on either side of a change, left and right [default].
const BESIDE: usize = 2;
/// At most so many in between: where editors ease a change in, it takes more than one [default].
const MOST_WITHIN: usize = 2;
/// Share of a part's steps that must be of one speed; exchanged legs step twice as fast here and there [default].
const EVEN: f64 = 0.75;
/// Strides that a part must have to be judged (docs/science.md B10).
const ENOUGH: usize = 3;

/// From one passing of the legs to the next.
#[derive(Clone, Copy)]
struct Step {
    from: f64,
    to: f64,
    /// Furthest that the legs are apart, rad.
    apart: f64,
    /// Share of the step's time in which they are less than half as far apart, about its end: a third of a sine's, less where a foot
    /// stands and waits.
    passing: f64,
}

impl Step {
    fn time(&self) -> f64 {
        self.to - self.from
    }
}

/// A part of one speed, samples: whole steps, or to an end of the clip.
pub(super) struct Part {
    pub(super) range: Range<f64>,
    /// Of half a stride, samples.
    step: f64,
}

/// The parts of a clip whose own speed changes, in order; none of any other.
pub(super) fn parts(movement: &Movement, settings: &GaitSettings) -> Vec<Part> {
    let Some((difference, crossings)) = steps_at_any_speed(movement, settings) else { return Vec::new() };
    let steps: Vec<Step> = crossings.windows(2).filter_map(|pair| step(&difference, pair)).collect();
    let changes = changes(movement, &steps);
    if changes.is_empty() {
        return Vec::new();
    }
    let end = movement.time.len as f64 - 1.0;
    let from = |k: usize| k.checked_sub(1).map_or(0, |before: usize| changes[before].end);
    let to = |k: usize| changes.get(k).map_or(steps.len(), |change| change.start);
    let part = |k: usize| {
        let own = &steps[from(k)..to(k)];
        let step = median(own.iter().map(Step::time))?;
        let even = own.iter().filter(|s| (EACH.recip()..=EACH).contains(&(s.time() / step))).count();
        let start = if k == 0 { 0.0 } else { own.first()?.from };
        let stop = if k == changes.len() { end } else { own.last()?.to };
        (even as f64 >= EVEN * own.len() as f64).then_some(Part { range: start..stop, step })
    };
    let parts: Option<Vec<Part>> = (0..=changes.len()).map(part).collect();
    let is_change = |pair: &[Part]| (pair[0].step / pair[1].step).max(pair[1].step / pair[0].step) >= CHANGE;
    // Where not each of them is of one speed, and another than the next one's, something else than the clip's changes.
    parts.filter(|parts| parts.windows(2).all(is_change)).unwrap_or_default()
}

fn step(difference: &[Option<f64>], pair: &[Crossing]) -> Option<Step> {
    let (from, to) = (pair[0].position, pair[1].position);
    let inside = difference.get(from.ceil() as usize..=to.floor() as usize)?;
    let apart = inside.iter().flatten().fold(0.0_f64, |most, d| most.max(d.abs()));
    let alternate = pair[0].left_toward_right_edge != pair[1].left_toward_right_edge;
    let half = |samples: &mut dyn Iterator<Item = usize>| -> Option<f64> {
        let mut last = None;
        for i in samples {
            let now = (i as f64, (*difference.get(i)?)?.abs());
            match last {
                Some((at, below)) if now.1 >= 0.5 * apart => {
                    return Some(at + (now.0 - at) * (0.5 * apart - below) / (now.1 - below));
                }
                _ if now.1 >= 0.5 * apart => return Some(now.0),
                _ => last = Some(now),
            }
        }
        None
    };
    let begins = half(&mut (0..=to.floor() as usize).rev())?;
    let ends = half(&mut (to.ceil() as usize..difference.len()))?;
    let passing = (ends - begins) / (to - from);
    (alternate && passing > 0.0).then_some(Step { from, to, apart, passing })
}

/// The steps in which the speed changes; an empty range where it does between two. None across a cut or a turn: beyond it comes another
/// set, at its own load and pace.
fn changes(movement: &Movement, steps: &[Step]) -> Vec<Range<usize>> {
    let turns_between =
        |a: f64, b: f64| movement.turns.turns.iter().any(|t| (t.start as f64) < b && (t.end as f64) > a);
    let is_parted = |compared: &Range<usize>| {
        let (from, to) = (steps[compared.start].from, steps[compared.end - 1].to);
        movement.is_cut_between(from, to) || turns_between(from, to)
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    // The shortest first, so that a change takes no step more than it must.
    for within in 0..=MOST_WITHIN {
        for change in (BESIDE..steps.len()).map(|at| at..at + within) {
            let is_new =
                |old: &Range<usize>| change.start >= old.end + BESIDE || change.end + BESIDE <= old.start;
            let Some(after) = steps.get(change.end..change.end + BESIDE) else { continue };
            if found.iter().all(is_new)
                && !is_parted(&(change.start - BESIDE..change.end + BESIDE))
                && changes_between(&steps[change.start - BESIDE..change.start], &steps[change.clone()], after)
            {
                found.push(change);
            }
        }
    }
    found.sort_by_key(|change| change.start);
    found
}

fn changes_between(before: &[Step], within: &[Step], after: &[Step]) -> bool {
    let joined = before.iter().chain(within).chain(after);
    let unbroken = joined.clone().zip(joined.skip(1)).all(|(a, b)| (a.to - b.from).abs() < 0.5);
    let mean = |steps: &[Step], of: fn(&Step) -> f64| steps.iter().map(of).sum::<f64>() / steps.len() as f64;
    let ratio = |of: fn(&Step) -> f64| {
        let (a, b) = (mean(before, of), mean(after, of));
        (a / b).max(b / a)
    };
    let (quick, slow) =
        if mean(before, Step::time) < mean(after, Step::time) { (before, after) } else { (after, before) };
    let longest = |steps: &[Step]| steps.iter().map(Step::time).fold(0.0, f64::max);
    let shortest = |steps: &[Step]| steps.iter().map(Step::time).fold(f64::INFINITY, f64::min);
    let between = within.iter().all(|s| (shortest(quick)..=longest(slow)).contains(&s.time()));
    unbroken
        && between
        && [quick, slow].iter().all(|pair| longest(pair) <= EACH * shortest(pair))
        && ratio(Step::time) >= CHANGE
        && shortest(slow) >= EACH * longest(quick)
        && ratio(|s| s.apart) <= ALIKE
        && ratio(|s| s.passing) <= ALIKE
}

/// The movement as if nothing but this part had been seen.
pub(super) fn only(movement: &Movement, part: &Part) -> Movement {
    let keep = part.range.start.floor() as usize..=part.range.end.ceil() as usize;
    let cut = |points: &Points| {
        points.map(|_, series| {
            let mut series = series.clone();
            (0..series.len()).filter(|i| !keep.contains(i)).for_each(|i| series.set(i, None));
            series
        })
    };
    Movement { points: cut(&movement.points), unfiltered: cut(&movement.unfiltered), ..movement.clone() }
}

/// Without what was told beyond the part.
pub(super) fn within(gait: &mut Gait, movement: &Movement, part: &Part) {
    let [from, to] = [part.range.start, part.range.end].map(|at| movement.time.at_position(at));
    gait.events.retain(|e| e.time >= from && e.time <= to);
    gait.strides.retain(|s| s.start >= from && s.end <= to);
    for bout in &mut gait.bouts {
        (bout.start, bout.end) = (Seconds(bout.start.0.max(from.0)), Seconds(bout.end.0.min(to.0)));
    }
}

/// A part with its gait and what was noticed beside.
pub(super) type Found = (Part, Gait, Vec<Warning>);

/// Puts the gait of the parts together; of none it is none. Those of the fastest count that is long enough to be judged: clips are slowed
/// to be looked at. What to tell of the others and of those that count.
pub(super) fn joined(found: Vec<Found>, movement: &Movement) -> Option<(Gait, Vec<Warning>)> {
    let counted = |gait: &Gait| gait.strides.iter().filter(|s| s.is_valid()).count();
    let long_enough = found.iter().filter(|(_, gait, _)| counted(gait) >= ENOUGH);
    let fastest = long_enough.map(|(part, ..)| part.step).min_by(f64::total_cmp);
    let longest = || found.iter().max_by_key(|(_, gait, _)| counted(gait)).map(|(part, ..)| part.step);
    let taken = fastest.or_else(longest)?;
    let is_other = |part: &Part| !(EACH.recip()..=EACH).contains(&(part.step / taken));
    let seconds = |at: f64| movement.time.at_position(at).0;
    let starts: Vec<f64> = found.iter().skip(1).map(|(part, ..)| seconds(part.range.start)).collect();
    let when: Vec<String> = starts.iter().map(|at| format!("{at:.1}")).collect();
    let told = |(k, (part, ..)): (usize, &Found)| {
        let (times, way) =
            if part.step > taken { (part.step / taken, "slower") } else { (taken / part.step, "faster") };
        format!(
            "from {:.1} to {:.1} s it plays {times:.1} times {way}",
            seconds(part.range.start),
            starts.get(k).copied().unwrap_or_else(|| seconds(part.range.end))
        )
    };
    let others: Vec<String> =
        found.iter().enumerate().filter(|(_, (part, ..))| is_other(part)).map(told).collect();
    let warning = Warning::new(
        "speed_changes",
        format!(
            "The clip's own speed changes at about {} s: {}, which was left out.",
            when.join(" and "),
            others.join(", ")
        ),
        "Analyse its parts by themselves, or film and send it at one speed.",
    );
    let (mut whole, mut warnings) = (Gait::default(), vec![warning]);
    for (part, mut gait, noticed) in found {
        if is_other(&part) {
            let all: Vec<usize> = (0..gait.bouts.len()).collect();
            gait.leave_out(&all, Unfit::OtherSpeed);
        } else {
            warnings.extend(noticed);
        }
        whole.append(gait);
    }
    Some((whole, warnings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gait::fixtures::Walker;
    use crate::kinematics::cuts::Cut;
    use crate::kinematics::turns::Turns;
    use crate::signal::series::TimeBase;
    use crate::skeleton::Keypoint;

    fn found(plan: Vec<(f64, bool)>) -> usize {
        parts(&Walker { plan, ..Walker::default() }.movement(), &GaitSettings::default()).len()
    }

    #[test]
    fn who_walks_evenly_stands_in_between_or_is_held_up_plays_at_one_speed() {
        assert_eq!(found(vec![(8.0, true)]), 0);
        assert_eq!(found(vec![(4.0, true), (2.0, false), (4.0, true)]), 0);
        // A stride takes 1.1 s: waits after each step for longer than the step takes, at every phase of it.
        for first in [3.0, 3.1, 3.2, 3.3, 3.4, 3.5] {
            let held_up = [(0.7, false), (0.55, true)].repeat(4);
            assert_eq!(found([vec![(first, true)], held_up, vec![(3.0, true)]].concat()), 0, "{first}");
        }
    }

    /// Steps that take so long, s, one after the other, each of the same movement.
    fn stepping(times: &[f64]) -> Movement {
        let (usual, fine) = (Walker { plan: vec![(12.0, true)], ..Walker::default() }, 600.0);
        let half = 0.5 * usual.stride_s;
        // The legs pass each other in the middle of a swing.
        let first = (0.13 + 0.5 * usual.duty) * usual.stride_s;
        let source = Walker { rate_hz: fine, ..usual.clone() }.movement();
        let until = |k: usize| times[..k].iter().sum::<f64>();
        let sample = |i: usize| {
            let at = i as f64 / usual.rate_hz;
            let k = (0..times.len()).rfind(|&k| until(k) <= at).unwrap_or(0);
            ((first + half * (k as f64 + (at - until(k)) / times[k])) * fine).round() as usize
        };
        let len = (until(times.len()) * usual.rate_hz) as usize;
        let played = |points: &Points| {
            let mut out = Points::missing(len);
            for keypoint in Keypoint::ALL {
                (0..len).for_each(|i| out.get_mut(keypoint).set(i, points.get(keypoint).get(sample(i))));
            }
            out
        };
        let time = TimeBase { len, ..usual.movement().time };
        Movement { points: played(&source.points), unfiltered: played(&source.unfiltered), time, ..source }
    }

    #[test]
    fn a_few_odd_steps_change_no_speed() {
        let steps = |odd: [f64; 2], last: f64| {
            [vec![0.6; 6], vec![odd[0]; 2], vec![odd[1]; 2], vec![last; 6]].concat()
        };
        let found = |steps: &[f64]| parts(&stepping(steps), &GaitSettings::default()).len();
        assert_eq!(found(&steps([0.48, 0.94], 0.85)), 0);
        assert_eq!(found(&steps([0.48, 0.94], 1.2)), 2);
    }

    /// Three times slower from 3.3 to 9.9 s. The same place of the stride where they join: both begin it at 0, and at 3.3 s three strides or
    /// one are over.
    fn slowed() -> Movement {
        let usual = Walker { plan: vec![(12.0, true)], ..Walker::default() };
        let slow = Walker { stride_s: 3.3, speed: usual.speed / 3.0, ..usual.clone() };
        let (a, b) = (usual.movement(), slow.movement());
        let joined = |points: &Points, other: &Points| {
            points.map(|keypoint, series| {
                let mut series = series.clone();
                (99..297).for_each(|i| series.set(i, other.get(keypoint).get(i)));
                series
            })
        };
        Movement {
            points: joined(&a.points, &b.points),
            unfiltered: joined(&a.unfiltered, &b.unfiltered),
            ..a
        }
    }

    #[test]
    fn a_section_at_another_speed_parts_the_clip() {
        let both = parts(&slowed(), &GaitSettings::default());
        let starts: Vec<f64> = both.iter().map(|part| part.range.start / 30.0).collect();
        assert_eq!(both.len(), 3, "{starts:?}");
        assert!((starts[1] - 3.3).abs() < 1.7 && (starts[2] - 9.9).abs() < 1.7, "{starts:?}");
        assert!((both[1].step / both[0].step - 3.0).abs() < 0.3);
    }

    #[test]
    fn a_set_beyond_a_cut_or_a_turn_may_be_slower() {
        let cut = |position: f64| Cut { position, time_s: position / 30.0, growth: 1.0 };
        let cut = Movement { cuts: vec![cut(98.5), cut(296.5)], ..slowed() };
        let turns = Turns { turns: vec![96..101, 294..299], mirrored: Vec::new() };
        for movement in [cut, Movement { turns, ..slowed() }] {
            assert!(parts(&movement, &GaitSettings::default()).is_empty());
        }
    }
}
