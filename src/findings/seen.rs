//! How much of the athlete was seen while stepping: feet, trunk, each leg. Filled gaps do not count as seen.

use crate::gait::stride::Gait;
use crate::kinematics::movement::Points;
use crate::kinematics::prepare::Prepared;
use crate::signal::series::Source;
use crate::skeleton::{LimbPoint, Side};
use std::collections::BTreeSet;

/// The samples while stepping in a set; all of them where nobody steps.
pub(super) struct Seen<'a> {
    prepared: &'a Prepared,
    points: &'a Points,
    samples: Vec<usize>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(prepared: &'a Prepared, gait: &Gait) -> Self {
        let time = prepared.movement.time;
        let stepping: Vec<usize> = gait.sets().flat_map(|b| time.range(b.start, b.end)).collect();
        let samples = if stepping.is_empty() { (0..time.len).collect() } else { stepping };
        Self { prepared, points: &prepared.movement.unfiltered, samples }
    }

    fn share(&self, seen: impl Fn(usize) -> bool) -> f64 {
        let count = self.samples.iter().filter(|i| seen(**i)).count();
        count as f64 / self.samples.len().max(1) as f64
    }

    fn point(&self, point: LimbPoint, side: Side, sample: usize) -> bool {
        let sample = self.points.limb(point, side).get(sample);
        sample.is_some_and(|s| s.source == Source::Measured)
    }

    /// Share of samples with heel, toe or ankle of both feet; the worse foot.
    pub(super) fn feet(&self) -> f64 {
        let foot = |side, i| [LimbPoint::Heel, LimbPoint::Toe].into_iter().any(|p| self.point(p, side, i));
        Side::BOTH.into_iter().map(|side| self.share(|i| foot(side, i))).fold(1.0, f64::min)
    }

    /// Share of the frames in which the picture's edge cuts off a foot; the worse foot.
    pub(super) fn feet_cut(&self) -> f64 {
        let samples: BTreeSet<usize> = self.samples.iter().copied().collect();
        let positions = &self.prepared.frames.positions;
        self.prepared.framing.most_cut(|frame| samples.contains(&(positions[frame].round() as usize)))
    }

    /// Share of samples with a hip and a shoulder.
    pub(super) fn trunk(&self) -> f64 {
        let either = |p, i| Side::BOTH.into_iter().any(|side| self.point(p, side, i));
        self.share(|i| either(LimbPoint::Hip, i) && either(LimbPoint::Shoulder, i))
    }

    /// Share of samples with hip, knee and ankle of a side.
    pub(super) fn side(&self, side: Side) -> f64 {
        let leg = [LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle];
        self.share(|i| leg.into_iter().all(|p| self.point(p, side, i)))
    }
}
