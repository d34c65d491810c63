//! Which way the athlete faces: one vote over the whole clip, from feet, head and the way knees bend.
//!
//! Travel says nothing here, as four of five exercises go backward. Every frame votes with the signed size of each clue
//! in leg lengths; the clip's facing is that of most frames, and unknown where too few agree.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::{Facing, Points};
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{Keypoint, LimbPoint, Side};

/// The vote.
#[derive(Clone, Debug, PartialEq)]
pub struct FacingVote {
    /// The clip's facing; none where fewer than [`LEAST_AGREEMENT`] of the frames agree.
    pub facing: Option<Facing>,
    /// Share of the frames with any clue that agree with the majority, 0 to 1.
    pub agreement: f64,
    /// Share of all frames with any clue.
    pub seen: f64,
}

/// Least share of frames that must agree (docs/science.md B0).
pub const LEAST_AGREEMENT: f64 = 0.80;
/// Votes are taken over this many neighbouring frames' median clue, so that a late-swing foot or one bad frame does not
/// count as a turn (Sports2D's per-frame flips, docs/science.md, parity, defect 4): a default.
const VOTE_HALF_WIDTH: usize = 3;

/// One vote over all samples.
#[must_use]
pub fn vote(points: &Points) -> FacingVote {
    let n = points.samples();
    let clues = clues(points);
    let smooth: Vec<f64> = (0..n)
        .filter(|&i| clues[i].is_some())
        .filter_map(|i| {
            let near = i.saturating_sub(VOTE_HALF_WIDTH)..(i + VOTE_HALF_WIDTH + 1).min(n);
            median(near.filter_map(|j| clues[j]).collect::<Vec<_>>())
        })
        .collect();
    let right = smooth.iter().filter(|c| **c > 0.0).count() as f64;
    let share = if smooth.is_empty() { 0.0 } else { right / smooth.len() as f64 };
    let (facing, agreement) = if share >= 0.5 { (Facing::Right, share) } else { (Facing::Left, 1.0 - share) };
    FacingVote {
        facing: (!smooth.is_empty() && agreement >= LEAST_AGREEMENT).then_some(facing),
        agreement: if smooth.is_empty() { 0.0 } else { agreement },
        seen: if n == 0 { 0.0 } else { smooth.len() as f64 / n as f64 },
    }
}

/// Per sample, how far everything that points forward points to the right, px; none without any clue.
pub(super) fn clues(points: &Points) -> Vec<Option<f64>> {
    let feet = Side::BOTH.map(|s| forward(points.limb(LimbPoint::Heel, s), points.limb(LimbPoint::Toe, s)));
    let knees = Side::BOTH.map(|s| knee_bend(points, s));
    let head = head_direction(points);
    (0..points.samples())
        .map(|i| {
            let of = |series: &Series<f64>| series.get(i).map(|s| s.value * f64::from(s.confidence.value()));
            let votes: Vec<f64> = feet.iter().chain(&knees).chain([&head]).filter_map(of).collect();
            (!votes.is_empty()).then(|| votes.iter().sum())
        })
        .collect()
}

fn forward(back: &Series<Point<Ground>>, front: &Series<Point<Ground>>) -> Series<f64> {
    back.with(front, |b, f| f.x - b.x)
}

/// How far the knee lies to the right of the line from hip to ankle: knees bend forward, in every exercise.
fn knee_bend(points: &Points, side: Side) -> Series<f64> {
    let [hip, knee, ankle] =
        [LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle].map(|p| points.limb(p, side));
    hip.with(ankle, |h, a| (h, a)).with(knee, |(h, a), k| {
        let leg = a - h;
        // For a leg that hangs down the normal to the line points right where the vector product is negative.
        -leg.cross(k - h) / leg.length().max(f64::MIN_POSITIVE)
    })
}

/// Nose against the ears, or against the neck or shoulders for a model without ears.
fn head_direction(points: &Points) -> Series<f64> {
    let [nose, left, right] = [Keypoint::Nose, Keypoint::LeftEar, Keypoint::RightEar].map(|k| points.get(k));
    forward(&left.with(right, Point::midpoint), nose)
}

#[cfg(test)]
pub(super) mod fixtures {
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::Confidence;

    /// Feet that point by `toe` px per sample and nothing else.
    pub(in crate::kinematics) fn feet(len: usize, toe: impl Fn(usize) -> f64) -> Points {
        let mut points = Points::missing(len);
        for (point, reach) in [(LimbPoint::Heel, 0.0), (LimbPoint::Toe, 1.0)] {
            let at = |i| {
                Some(Sample {
                    value: Point::new(50.0 + reach * toe(i), 100.0),
                    confidence: Confidence::FULL,
                    source: Source::Measured,
                })
            };
            *points.get_mut(point.on(Side::Left)) = Series::new((0..len).map(at).collect());
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::feet;
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::Confidence;

    #[test]
    fn feet_tell_and_a_few_flips_do_not_matter() {
        let vote = vote(&feet(100, |i| if i % 20 == 7 { -20.0 } else { 20.0 }));
        assert_eq!(vote.facing, Some(Facing::Right));
        assert!(vote.agreement > 0.99);
    }

    #[test]
    fn who_turns_half_way_has_no_facing_over_the_clip() {
        assert_eq!(vote(&feet(100, |i| if i < 50 { -20.0 } else { 20.0 })).facing, None);
        assert_eq!(vote(&Points::missing(10)).facing, None);
    }

    #[test]
    fn a_knee_bends_toward_where_one_faces() {
        let mut points = Points::missing(10);
        for (point, x, y) in
            [(LimbPoint::Hip, 0.0, 0.0), (LimbPoint::Knee, -20.0, 40.0), (LimbPoint::Ankle, 0.0, 80.0)]
        {
            let sample =
                Sample { value: Point::new(x, y), confidence: Confidence::FULL, source: Source::Measured };
            *points.get_mut(point.on(Side::Right)) = Series::new(vec![Some(sample); 10]);
        }
        assert_eq!(vote(&points).facing, Some(Facing::Left));
    }
}
