//! The number that meets a limit: a statistic of a metric, with its uncertainty and the strides behind it.

use super::finding::SideValues;
use super::input::{Measured, Observed};
use super::statistic::Resolution;
use crate::metrics::value::{MetricValue, NotMeasured};
use crate::skeleton::Side;
use crate::technique::rule::{Condition, Statistic};

/// A statistic's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    /// The value, in the metric's unit or percent.
    pub(super) value: f64,
    /// One standard deviation of it, > 0.
    pub(super) uncertainty: f64,
    /// Its unit.
    pub(super) unit: String,
    /// The metric's id.
    pub(super) metric: String,
    /// Strides behind it with their values, in order.
    pub(super) strides: Vec<(usize, f64)>,
    /// How many strides count.
    pub(super) n: usize,
    /// Whether strides beyond the limit can be counted one by one.
    pub(super) counts_strides: bool,
    /// Either side's own value, where sides are compared.
    pub(super) sides: Option<SideValues>,
    /// Whether it cannot be told from chance, so that it never is beyond a limit.
    pub(super) within_noise: bool,
    /// Whether it rests on approximate contacts.
    pub(super) approximate: bool,
    /// One standard deviation of what a stand-in's factor, such as an assumed leg, is off by, a part of `uncertainty`; none
    /// where the metric itself was measured.
    pub(super) assumed: Option<f64>,
    /// What the value may be and how likely, where its error is no normal one; else empty.
    pub(super) outcomes: Vec<Outcome>,
}

/// One of the values that a quantity may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) value: f64,
    /// One standard deviation of it.
    pub(super) spread: f64,
    /// How likely it is beside the others.
    pub(super) weight: f64,
}

impl Outcome {
    /// The mean of something over all outcomes.
    pub(super) fn mean(outcomes: &[Self], of: impl Fn(&Self) -> f64) -> f64 {
        let sum = |each: &dyn Fn(&Self) -> f64| outcomes.iter().map(each).sum::<f64>();
        sum(&|o| o.weight * of(o)) / sum(&|o| o.weight)
    }
}

/// Why there is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The metric was not measured, and why.
    NotMeasured(NotMeasured),
    /// There is no such metric.
    NoSuchMetric,
    /// The athlete stayed where they were, or the sides have nothing to compare.
    NothingToCompare,
    /// Too little of it was measured or trusted.
    SeenTooLittle,
    /// Too few strides for the statistic.
    TooFewStrides(usize),
}

impl Missing {
    /// Whether it is only that too little was seen.
    pub(super) fn is_unseen(self) -> bool {
        matches!(self, Self::SeenTooLittle | Self::NotMeasured(NotMeasured::NotEnoughSeen))
    }
}

/// Less than this share measured is too little (F7: more than 20 % interpolated).
const LEAST_MEASURED: f64 = 0.8;
/// Less confidence than this is too little (F7).
const LEAST_CONFIDENCE: f64 = 0.5;
/// No uncertainty is smaller than this share of the value, or than this in its unit: a guard against division by 0.
const LEAST_UNCERTAINTY: f64 = 1e-6;

/// Whether so much of a metric was measured, and so surely, that it is judged.
#[must_use]
pub fn is_seen_enough(metric: &MetricValue) -> bool {
    metric.measured_share >= LEAST_MEASURED && metric.confidence >= LEAST_CONFIDENCE
}

/// The metrics of a rule on the side or sides judged.
pub(super) struct Source<'a> {
    observed: &'a Observed<'a>,
    side: Option<Side>,
}

impl<'a> Source<'a> {
    /// Of one side for sided metrics, or of both together.
    pub(super) fn new(observed: &'a Observed<'a>, side: Option<Side>) -> Self {
        Self { observed, side }
    }

    /// What a condition is about.
    pub(super) fn quantity(
        &self,
        condition: &Condition,
        resolution: Resolution,
    ) -> Result<Quantity, Missing> {
        let first = self.of_metric(condition, &condition.metric, resolution);
        let Some(other) = condition.or_metric.as_ref().filter(|_| first.is_err()) else { return first };
        let second = self.of_metric(condition, &other.metric, resolution)?;
        let value = second.value * other.factor;
        let assumed = value.abs() * other.factor_uncertainty_share;
        Ok(Quantity {
            value,
            uncertainty: (second.uncertainty * other.factor).hypot(assumed),
            strides: second.strides.iter().map(|(i, v)| (*i, v * other.factor)).collect(),
            unit: self.unit_of(&condition.metric).unwrap_or_else(|| "m/s".to_owned()),
            metric: condition.metric.clone(),
            assumed: Some(assumed),
            ..second
        })
    }

    fn unit_of(&self, id: &str) -> Option<String> {
        self.observed.named(id).first().map(|(_, m)| m.unit.clone())
    }

    fn of_metric(
        &self,
        condition: &Condition,
        id: &str,
        resolution: Resolution,
    ) -> Result<Quantity, Missing> {
        let all = self.observed.named(id);
        let compares =
            matches!(condition.statistic, Statistic::SideDifference | Statistic::SideDifferencePercent);
        let wanted =
            |side: Option<Side>| compares || self.side.is_none() || side.is_none() || side == self.side;
        let together = self.observed.both(id).filter(|_| self.side.is_none() && !compares);
        let chosen: Vec<(Option<Side>, &Measured)> = match together {
            Some(both) => vec![(None, both)],
            None => all.into_iter().filter(|(s, _)| wanted(*s)).collect(),
        };
        if chosen.is_empty() {
            return Err(Missing::NoSuchMetric);
        }
        let samples: Vec<Sample> =
            chosen.iter().map(|(side, m)| self.sample(*side, m)).collect::<Result<_, _>>()?;
        let mut quantity = super::statistic::quantity(condition, &samples, resolution)?;
        quantity.uncertainty = quantity.uncertainty.max(LEAST_UNCERTAINTY);
        Ok(quantity)
    }

    fn sample(&self, side: Option<Side>, metric: &'a Measured) -> Result<Sample<'a>, Missing> {
        if metric.value.is_none() {
            return Err(metric.missing.map_or(Missing::SeenTooLittle, Missing::NotMeasured));
        }
        if metric.measured_share < LEAST_MEASURED || metric.confidence < LEAST_CONFIDENCE {
            return Err(Missing::SeenTooLittle);
        }
        if metric.uncertainty.is_none() {
            return Err(Missing::TooFewStrides(2));
        }
        let valid =
            |index: usize| self.observed.stride(index).is_some_and(crate::gait::stride::Stride::is_valid);
        let strides = metric
            .per_stride
            .iter()
            .filter(|(index, _)| valid(*index))
            .filter_map(|(index, value)| Some((*index, (*value)?)))
            .collect::<Vec<_>>();
        if strides.is_empty() && !metric.per_stride.is_empty() {
            return Err(Missing::TooFewStrides(2));
        }
        Ok(Sample { side, metric, strides })
    }
}

/// A metric of one side (or none) with its valid strides.
pub(super) struct Sample<'a> {
    pub(super) side: Option<Side>,
    pub(super) metric: &'a Measured,
    pub(super) strides: Vec<(usize, f64)>,
}
