//! What was measured and meets its target: the praise.

use super::candidate::{Candidate, STRIDES};
use super::finding::{Finding, Status};
use super::judge::{RAISED_FROM, normal};
use super::reading::measured;
use crate::skeleton::Side;
use crate::technique::rule::{Band, Rule};

/// Something measured and met.
#[derive(Clone, Debug, PartialEq)]
pub struct Good {
    /// The rule of the profile.
    pub rule: String,
    /// What was good, in words.
    pub words: String,
    /// The metric.
    pub metric: String,
    /// What is measured, in words.
    pub what: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The band it lies in.
    pub target: Band,
    /// The left and the right side's, where both were judged; `value` is the worse one's.
    pub sides: Option<[f64; 2]>,
    /// The side that could not be judged while the other one was.
    pub unjudged: Option<Side>,
    /// Whether it rests on an assumed leg, as nothing says how tall the athlete is.
    pub leg_is_assumed: bool,
}

impl Good {
    /// Its number with what is to be known of it: "left 18°, right 21°", "18°, the right side not judged", "0.76 m/s if the
    /// leg is 0.85 m long".
    #[must_use]
    pub fn told(&self) -> String {
        let leg = if self.leg_is_assumed { super::words::IF_LEG } else { "" };
        let open = self.unjudged.map_or(String::new(), |side| format!(", the {side} side not judged"));
        let number = |value| measured(value, &self.unit);
        let numbers = match self.sides.map(|sides| sides.map(number)) {
            // What reads the same is one number.
            Some([left, right]) if left != right => format!("left {left}, right {right}"),
            _ => number(self.value),
        };
        format!("{numbers}{leg}{open}")
    }
}

/// The target of a clear rule, where it is clearly met.
pub(super) fn good(rule: &Rule, chosen: &Candidate, finding: &Finding) -> Option<Good> {
    let (words, target) = (rule.good.clone()?, rule.target?);
    let quantity = chosen.quantities.first()?.as_ref()?;
    let below = |end: f64| normal((end - quantity.value) / quantity.uncertainty);
    let inside = target.to.map_or(1.0, below) - target.from.map_or(0.0, below);
    let met = finding.status == Status::Clear && inside >= RAISED_FROM && chosen.n >= STRIDES;
    met.then(|| Good {
        rule: rule.id.clone(),
        words,
        metric: finding.metric.clone(),
        what: rule.what.clone(),
        value: quantity.value,
        unit: quantity.unit.clone(),
        target,
        sides: finding.sides.as_ref().filter(|s| s.outcomes.is_some()).map(|s| [s.left, s.right]),
        unjudged: finding.unjudged.as_ref().map(|u| u.side),
        leg_is_assumed: quantity.assumed.is_some(),
    })
}
