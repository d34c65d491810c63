//! What is judged: metrics over the valid strides, with what is needed to judge them.

use crate::gait::stride::Stride;
use crate::kinematics::movement::Movement;
use crate::metrics::value::{MetricValue, NotMeasured, StrideValue};
use crate::skeleton::Side;

/// A metric of a clip, over its valid strides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Id in the metric catalogue, without side.
    pub id: String,
    /// Side of the body; none for metrics of the whole body.
    pub side: Option<Side>,
    /// Unit, as in the catalogue.
    pub unit: String,
    /// Robust mean over the valid strides (for directions the circular mean); degrees for angles.
    pub value: Option<f64>,
    /// One standard deviation of `value`: spread over the root of n and measurement error in quadrature.
    pub uncertainty: Option<f64>,
    /// How many strides count in it.
    pub n: usize,
    /// Share of samples behind it that were measured, 0 to 1.
    pub measured_share: f64,
    /// Mean confidence of the samples behind it, 0 to 1.
    pub confidence: f64,
    /// Whether it rests on contacts told by the thighs alone.
    pub approximate: bool,
    /// Why there is no value.
    pub missing: Option<NotMeasured>,
    /// Stride and its value, for every stride.
    pub per_stride: Vec<(usize, Option<f64>)>,
}

impl From<&MetricValue> for Measured {
    fn from(metric: &MetricValue) -> Self {
        let stride = |s: &StrideValue| (s.stride, s.reading.ok().map(|v| v.number));
        Self {
            id: metric.id.to_owned(),
            side: metric.side,
            unit: metric.unit.symbol().to_owned(),
            value: metric.value.ok(),
            uncertainty: metric.uncertainty,
            n: metric.n,
            measured_share: metric.measured_share,
            confidence: metric.confidence,
            approximate: metric.approximate,
            missing: metric.value.err(),
            per_stride: metric.per_stride.iter().map(stride).collect(),
        }
    }
}

/// Everything that is judged together.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// Strides, valid or not, in order of their index.
    pub strides: &'a [Stride],
    /// Metrics.
    pub metrics: &'a [Measured],
    /// The movement, to find the moment that shows a fault; without it contacts and mid-strides are shown.
    pub movement: Option<&'a Movement>,
}

/// What stands in a rule's metric id for `left` and `right`.
const SIDE: &str = "{side}";

impl<'a> Observed<'a> {
    /// Whether what a rule's id names belongs to a side of the body.
    pub(super) fn has_sides(&self, id: &str) -> bool {
        self.named(id).iter().any(|(side, _)| side.is_some())
    }

    /// The metrics a rule's id names, each with its side: by the metric's own side, or by a side within its name.
    #[must_use]
    pub fn named(&self, id: &str) -> Vec<(Option<Side>, &'a Measured)> {
        let plain = id.replace(&format!("{SIDE}_"), "").replace(&format!("_{SIDE}"), "");
        let side_of = |m: &Measured| -> Option<Option<Side>> {
            if m.id == id || m.id == plain {
                return Some(m.side);
            }
            let named = |side: &Side| id.contains(SIDE) && m.id == id.replace(SIDE, side.name());
            Side::BOTH.into_iter().find(named).map(Some)
        };
        let mut found: Vec<_> = self.metrics.iter().filter_map(|m| Some((side_of(m)?, m))).collect();
        if found.iter().any(|(side, _)| side.is_some()) {
            // Both sides together are not a third side.
            found.retain(|(side, _)| side.is_some());
        }
        found
    }

    /// A sided metric over both sides together, where the clip gives it.
    #[must_use]
    pub fn both(&self, id: &str) -> Option<&'a Measured> {
        let sided = self.metrics.iter().any(|m| m.id == id && m.side.is_some());
        self.metrics.iter().find(|m| sided && m.id == id && m.side.is_none())
    }

    /// The strides that count, of a side or of both.
    pub fn valid(&self, side: Option<Side>) -> impl Iterator<Item = &'a Stride> {
        self.strides.iter().filter(move |s| s.is_valid() && side.is_none_or(|side| s.side == side))
    }

    /// The stride of that index.
    #[must_use]
    pub fn stride(&self, index: usize) -> Option<&'a Stride> {
        self.strides.iter().find(|s| s.index == index)
    }
}
