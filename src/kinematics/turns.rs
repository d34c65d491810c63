//! Where the athlete turns round, and one way of facing for all of the clip.
//!
//! Up the lane and back is one clip with two ways of facing. Everything after this module knows one: the stretches in
//! which the athlete faces the other way are seen as in a mirror, so that forward stays forward, flexion stays
//! flexion, and travel keeps its sign against facing. What goes back into the picture is mirrored back.

use crate::geometry::{Ground, Point};
use crate::kinematics::facing::clues;
use crate::kinematics::movement::Points;
use crate::units::Hertz;
use std::ops::Range;

/// The turns of a clip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    /// Samples in which neither way of facing has the votes, each between two ways.
    pub turns: Vec<Range<usize>>,
    /// Samples in which the athlete faces the other way than in most of the clip.
    pub mirrored: Vec<Range<usize>>,
}

/// One way of facing holds over this long, s, before and after a turn: a stride's worth, so a lifted foot is no turn.
const WINDOW_S: f64 = 0.5;
/// Share of votes for one way of facing (docs/science.md B0).
const AGREEMENT: f64 = 0.8;
/// Votes may be missing in so much of a window.
const MAX_UNSEEN: f64 = 0.3;
/// Facing the other way for less than this is a stumble or a misread picture rather than a way of working, s: two
/// strides of a usual push.
const LEAST_WAY_S: f64 = 2.0;

/// A stretch of one way of facing.
struct Way {
    toward_right: bool,
    range: Range<usize>,
}

/// Finds the turns. `points` are even samples, level.
#[must_use]
pub fn find(points: &Points, rate: Hertz) -> Turns {
    let ways = ways(points, rate);
    let turns: Vec<Range<usize>> = ways.windows(2).map(|w| w[0].range.end..w[1].range.start + 1).collect();
    let total = |right: bool| -> usize {
        ways.iter().filter(|w| w.toward_right == right).map(|w| w.range.len()).sum()
    };
    let mostly_right = total(true) >= total(false);
    let least = (LEAST_WAY_S * rate.0) as usize;
    let last = ways.len().saturating_sub(1);
    let mirrored =
        ways.iter().enumerate().filter(|(_, w)| w.toward_right != mostly_right && w.range.len() >= least);
    // Half of each turn belongs to the way that it leads from, half to the way that it leads to.
    let from = |k: usize| if k == 0 { 0 } else { middle(&turns[k - 1]) };
    let to = |k: usize| if k == last { points.samples() } else { middle(&turns[k]) };
    let mirrored = mirrored.map(|(k, _)| from(k)..to(k)).collect();
    Turns { turns, mirrored }
}

fn middle(range: &Range<usize>) -> usize {
    range.start.midpoint(range.end)
}

/// Stretches in which one way of facing has the votes about each sample, in order; neighbours differ.
fn ways(points: &Points, rate: Hertz) -> Vec<Way> {
    let window = (WINDOW_S * rate.0).max(1.0) as usize;
    let votes: Vec<f64> =
        clues(points).into_iter().map(|c| c.filter(|c| *c != 0.0).map_or(0.0, f64::signum)).collect();
    let mut ways: Vec<Way> = Vec::new();
    for (start, span) in votes.windows(window).enumerate() {
        let right = span.iter().filter(|v| **v > 0.0).count() as f64;
        let left = span.iter().filter(|v| **v < 0.0).count() as f64;
        let counted = (right + left + MAX_UNSEEN * window as f64).min(window as f64);
        if right.max(left) < AGREEMENT * counted {
            continue;
        }
        let (toward_right, middle) = (right > left, start + window / 2);
        match ways.last_mut() {
            Some(way) if way.toward_right == toward_right => way.range.end = middle + 1,
            _ => ways.push(Way { toward_right, range: middle..middle + 1 }),
        }
    }
    ways
}

impl Turns {
    /// Whether a sample is seen as in a mirror.
    #[must_use]
    pub fn is_mirrored(&self, sample: usize) -> bool {
        self.mirrored.iter().any(|range| range.contains(&sample))
    }

    /// Points in the mirror where the athlete faces the other way; applied twice, the points as they were.
    #[must_use]
    pub fn mirror(&self, points: &Points) -> Points {
        if self.mirrored.is_empty() {
            return points.clone();
        }
        points.map(|_, series| {
            let mut out = series.clone();
            for i in self.mirrored.iter().flat_map(Clone::clone) {
                let flip = |p: Point<Ground>| Point::new(-p.x, p.y);
                out.set(i, series.get(i).map(|sample| sample.map(flip)));
            }
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinematics::facing::fixtures::feet;

    #[test]
    fn who_goes_up_and_back_turns_once_and_the_shorter_way_is_mirrored() {
        let points = feet(300, |i| if i < 200 { 20.0 } else { -20.0 });
        let found = find(&points, Hertz(30.0));
        assert_eq!(found.turns.len(), 1);
        assert!(found.turns[0].start <= 200 && found.turns[0].end >= 200, "{found:?}");
        assert_eq!(found.mirrored.len(), 1);
        assert!(found.mirrored[0].start.abs_diff(200) < 8 && found.mirrored[0].end == 300, "{found:?}");
        let one_way = found.mirror(&points);
        assert_eq!(find(&one_way, Hertz(30.0)).mirrored, []);
        assert_eq!(found.mirror(&one_way), points);
    }

    #[test]
    fn a_lifted_foot_a_look_back_and_no_points_are_no_way_of_facing() {
        assert_eq!(
            find(&feet(300, |i| if i % 20 == 7 { -20.0 } else { 20.0 }), Hertz(30.0)),
            Turns::default()
        );
        let look_back = find(&feet(300, |i| if (100..130).contains(&i) { -20.0 } else { 20.0 }), Hertz(30.0));
        assert_eq!((look_back.turns.len(), look_back.mirrored.len()), (2, 0));
        assert_eq!(find(&Points::missing(90), Hertz(30.0)), Turns::default());
        assert_eq!(find(&Points::missing(0), Hertz(30.0)), Turns::default());
    }

    #[test]
    fn there_back_and_there_again_mirrors_the_middle() {
        let points = feet(400, |i| if (100..200).contains(&i) { 20.0 } else { -20.0 });
        let found = find(&points, Hertz(30.0));
        assert_eq!(found.turns.len(), 2);
        assert_eq!(found.mirrored.len(), 1);
        assert!(found.is_mirrored(150) && !found.is_mirrored(50) && !found.is_mirrored(350), "{found:?}");
    }
}
