//! One row of a profile: what is measured, which limits it must not pass, what has to be seen for that, what a
//! coach says.

pub use super::need::Need;
use crate::metrics::catalogue::{self, Unit};
use serde::Deserialize;
use std::ops::RangeInclusive;

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a word.
    Mild,
    /// Worth a set of its own.
    Moderate,
    /// Stop and mend it.
    Severe,
}

impl Severity {
    /// All, mildest first.
    pub const ALL: [Self; 3] = [Self::Mild, Self::Moderate, Self::Severe];

    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
        }
    }
}

/// On which side of a limit the fault lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Values above the limit are the fault.
    Above,
    /// Values below the limit are the fault.
    Below,
}

impl Beyond {
    /// The word for it: "above" or "below".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }

    /// Whether `value` lies beyond `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        self.excess(value, limit) > 0.0
    }

    /// By how much `value` is beyond `limit`; negative on the good side.
    #[must_use]
    pub fn excess(self, value: f64, limit: f64) -> f64 {
        match self {
            Self::Above => value - limit,
            Self::Below => limit - value,
        }
    }
}

/// The limits of the three grades, in the unit of the metric, each at least as far out as the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The side of the fault.
    pub beyond: Beyond,
    /// Mild, moderate, severe.
    pub at: [f64; 3],
}

impl Limits {
    /// The limit of a grade.
    #[must_use]
    pub fn of(&self, severity: Severity) -> f64 {
        self.at[severity as usize]
    }
}

/// What is made of a metric's values over the valid strides before they meet the limits. The list of all of them:
/// a new one gets its name here and its arithmetic in `findings::statistic`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// The metric's own value over all valid strides.
    #[default]
    Mean,
    /// Mean of the three strides furthest on the good side.
    BestThree,
    /// How far the last third lies from the first, either way.
    Drift,
    /// The last third minus the first.
    Rise,
    /// Loss of the last third against the best three strides in a row, percent.
    Decay,
    /// Difference of left and right, in the metric's unit.
    SideDifference,
    /// Difference of left and right over their mean, percent.
    SideDifferencePercent,
    /// How well directions agree from stride to stride, 0 to 1 (mean resultant length).
    Agreement,
    /// Share of strides beyond the threshold, percent.
    Share,
}

impl Statistic {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Mean,
        Self::BestThree,
        Self::Drift,
        Self::Rise,
        Self::Decay,
        Self::SideDifference,
        Self::SideDifferencePercent,
        Self::Agreement,
        Self::Share,
    ];

    /// The word written in profiles and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::BestThree => "best_three",
            Self::Drift => "drift",
            Self::Rise => "rise",
            Self::Decay => "decay",
            Self::SideDifference => "side_difference",
            Self::SideDifferencePercent => "side_difference_percent",
            Self::Agreement => "agreement",
            Self::Share => "share",
        }
    }

    /// Whether one stride by itself has such a value, so that strides can be counted.
    #[must_use]
    pub fn counts_strides(self) -> bool {
        matches!(self, Self::Mean | Self::BestThree)
    }

    /// What it can be at all of a metric, `{side}` in its id standing for either side; everything where nothing bounds it.
    #[must_use]
    pub fn possible_values(self, metric: &str) -> RangeInclusive<f64> {
        let unit = catalogue::row(&metric.replace("{side}", "left")).map(|row| row.unit);
        match (self, unit) {
            (Self::Share, _) => 0.0..=100.0,
            (Self::Agreement, _) => 0.0..=1.0,
            (Self::Decay | Self::SideDifferencePercent, _) => f64::MIN..=f64::MAX,
            // Angles go to half a turn either way, directions round it.
            (_, Some(Unit::Degrees)) => -360.0..=360.0,
            _ => f64::MIN..=f64::MAX,
        }
    }
}

/// A metric that stands in where the first is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct StandIn {
    /// Its id.
    pub metric: String,
    /// The first metric per unit of this one.
    pub factor: f64,
    /// One standard deviation of `factor`, as a share of it.
    pub factor_uncertainty_share: f64,
}

/// A metric against three limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Id in the metric catalogue; `{side}` stands for `left` and `right`.
    pub metric: String,
    /// What is made of its values.
    pub statistic: Statistic,
    /// Where set, the value judged is the angle between the metric (degrees, a direction) and this one.
    pub distance_from: Option<f64>,
    /// For [`Statistic::Share`]: a stride counts on this side of this value.
    pub threshold: Option<(Beyond, f64)>,
    /// The limits; none only where nothing can be a fault.
    pub limits: Option<Limits>,
    /// What it measures, in words, where that is less than what the rule says.
    pub what: Option<String>,
    /// Where the metric is missing.
    pub or_metric: Option<StandIn>,
}

impl Condition {
    /// Whether it measures in seconds, or in something per second: what a clip played slower changes. Shares and percentages of such
    /// numbers stay.
    #[must_use]
    pub fn rests_on_true_times(&self) -> bool {
        let relative = matches!(
            self.statistic,
            Statistic::Decay | Statistic::SideDifferencePercent | Statistic::Agreement
        );
        let row = catalogue::row(&self.metric.replace("{side}", "left"));
        !relative && row.is_some_and(|row| row.unit.holds_time())
    }
}

/// How several conditions make one fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// All must hold.
    All,
    /// One is enough.
    Any,
}

/// Which sides a sided metric is judged on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// Each by itself.
    #[default]
    Each,
    /// Only the one that does better.
    Better,
}

/// Which moment of the worst stride shows the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// When the foot lands.
    InitialContact,
    /// When the foot leaves.
    TerminalContact,
    /// Half-way between the two.
    MidStance,
    /// Half-way through the stride.
    Middle,
    /// When the trunk is furthest toward the fault.
    Trunk,
    /// When the knee is.
    Knee,
    /// When the thigh is.
    Thigh,
    /// When the shank is.
    Shank,
    /// When the upper arm is.
    UpperArm,
}

/// How well a number is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceClass {
    /// The number stands in a publication.
    Sourced,
    /// A publication gives the direction, the number is a default.
    Direction,
    /// A default, set by judgement.
    Default,
}

impl SourceClass {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Direction => "direction",
            Self::Default => "default",
        }
    }
}

/// Whether a row can be a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// It can.
    #[default]
    Fault,
    /// It is told, never held against the athlete.
    Information,
}

/// Values that are good, in the unit of the rule's first condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lowest; none where there is no lower end.
    pub from: Option<f64>,
    /// Highest; none where there is no upper end.
    pub to: Option<f64>,
}

impl Band {
    /// Whether a value lies between its ends, which belong to it.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.from.is_none_or(|from| value >= from) && self.to.is_none_or(|to| value <= to)
    }
}

/// One row of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name within the profile.
    pub id: String,
    /// Which fault of the catalogue it finds.
    pub fault: String,
    /// Whether it can be a fault.
    pub kind: RuleKind,
    /// Variants it holds for, as (variant, option); empty for all.
    pub only: Vec<(String, String)>,
    /// How the conditions are combined.
    pub combine: Combine,
    /// At least one.
    pub conditions: Vec<Condition>,
    /// What is good.
    pub target: Option<Band>,
    /// Sides of sided metrics.
    pub sides: Sides,
    /// What must be seen.
    pub needs: Vec<Need>,
    /// Fewest valid strides; none for the general rule (three, two provisionally).
    pub least_strides: Option<usize>,
    /// The worst grade it may reach by itself.
    pub at_most: Severity,
    /// Rule whose fault, found as well, makes this one severe.
    pub severe_with: Option<String>,
    /// The moment that shows it.
    pub show: Show,
    /// How well the numbers are founded.
    pub source: SourceClass,
    /// Where they come from.
    pub citation: String,
    /// What the coach says.
    pub cue: Option<String>,
    /// Why it matters, in a line.
    pub why: Option<String>,
    /// What to say when the target is met.
    pub good: Option<String>,
    /// What is measured, in words.
    pub what: String,
}

impl Rule {
    /// The condition whose value is reported.
    ///
    /// # Panics
    /// Never: a rule has at least one condition.
    #[must_use]
    pub fn first(&self) -> &Condition {
        &self.conditions[0]
    }
}
