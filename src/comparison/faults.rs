//! What became of each fault between two results: gone, new, better, worse, still there.

use super::change::{self, Estimate, Nature};
use super::{Change, MetricChange, Untold};
use crate::findings::Status;
use crate::skeleton::Side;
use crate::technique::rule::{Severity, Statistic};

/// What became of a rule in one result.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultOutcome {
    /// The fault of the catalogue.
    pub fault: String,
    /// What became of it.
    pub status: Status,
    /// How bad; none unless found.
    pub severity: Option<Severity>,
    /// The metric judged.
    pub metric: String,
    /// Which side; none for the whole body or both.
    pub side: Option<Side>,
    /// Why it was not judged or is not sure.
    pub reason: Option<String>,
    /// What the coach says.
    pub cue: Option<String>,
    /// What the rule made of the metric, where that is not the metric itself.
    pub derived: Option<Derived>,
}

/// A rule's value that is no metric by itself: a difference of the sides, a change over the set.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// What it is, in words.
    pub what: String,
    /// What of the metric.
    pub statistic: Statistic,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// One standard deviation of it.
    pub uncertainty: Option<f64>,
}

/// What became of a fault between two results. The order is that of importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// It was not there and is now.
    New,
    /// It was there and is worse now.
    Worse,
    /// It was there and is as bad now.
    Still,
    /// It was there and is less bad, or only close to its limit now.
    Better,
    /// It was there and is not any more.
    Gone,
    /// It was clear and is close to its limit now.
    Nearing,
    /// It was found in one and could not be judged in the other.
    Open,
    /// It was found in neither.
    Quiet,
}

impl FaultKind {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Still => "still",
            Self::Better => "better",
            Self::Gone => "gone",
            Self::Nearing => "nearing",
            Self::Open => "open",
            Self::Quiet => "quiet",
        }
    }
}

/// A fault in two results.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultChange {
    /// The fault of the catalogue.
    pub fault: String,
    /// The gravest outcome in the first; none where it was not looked for.
    pub from: Option<FaultOutcome>,
    /// The gravest outcome in the other.
    pub to: Option<FaultOutcome>,
    /// What became of it.
    pub kind: FaultKind,
    /// The graver of the two, of equals the other's: its number is the one behind the change.
    pub behind: Option<FaultOutcome>,
    /// What that number did, or why that cannot be told; none where there is none, or where what a
    /// rule made of strides is known in one alone.
    pub number: Option<Result<Change, Untold>>,
}

/// Every fault of either, the most important change first.
pub(super) fn changes(
    from: &[FaultOutcome],
    to: &[FaultOutcome],
    metrics: &[MetricChange],
) -> Vec<FaultChange> {
    let mut names: Vec<&str> = Vec::new();
    for outcome in from.iter().chain(to) {
        if !names.contains(&outcome.fault.as_str()) {
            names.push(&outcome.fault);
        }
    }
    let mut all: Vec<FaultChange> = names
        .into_iter()
        .map(|fault| {
            let (first, other) = (gravest(from, fault), gravest(to, fault));
            let behind = [first, other].into_iter().flatten().max_by_key(|o| gravity(o));
            let number = behind.and_then(|rule| number(rule, [from, to], metrics));
            FaultChange {
                fault: fault.to_owned(),
                kind: kind(first, other),
                behind: behind.cloned(),
                number,
                from: first.cloned(),
                to: other.cloned(),
            }
        })
        .collect();
    // Stable: within a kind the profile's order of importance stays.
    all.sort_by_key(|change| change.kind);
    all
}

/// The gravest of a fault's rules: one that was decided counts before one that was not.
fn gravest<'a>(all: &'a [FaultOutcome], fault: &str) -> Option<&'a FaultOutcome> {
    // Of equals the first, which the profile has as the more important.
    all.iter().filter(|outcome| outcome.fault == fault).rev().max_by_key(|o| gravity(o))
}

fn gravity(outcome: &FaultOutcome) -> usize {
    match outcome.status {
        Status::Found => 3 + outcome.severity.map_or(0, |s| s as usize),
        Status::Borderline => 2,
        Status::Clear => 1,
        Status::NotJudged => 0,
    }
}

/// The change of a rule's number: of its metric, or of what it made of it in both.
fn number(
    rule: &FaultOutcome,
    outcomes: [&[FaultOutcome]; 2],
    metrics: &[MetricChange],
) -> Option<Result<Change, Untold>> {
    let Some(derived) = &rule.derived else {
        let of = |side| metrics.iter().find(|m| m.row.id == rule.metric && m.side == side);
        return Some(of(rule.side).or_else(|| of(None))?.change);
    };
    let [from, to] = outcomes.map(|all| {
        let made = all.iter().filter(|o| o.fault == rule.fault && o.metric == rule.metric);
        let alike = |d: &&Derived| d.statistic == derived.statistic && d.unit == derived.unit;
        made.filter_map(|o| o.derived.as_ref()).find(alike)
    });
    let estimate = |d: &Derived| Estimate { value: d.value, sd: None, n: 0, uncertainty: d.uncertainty };
    let plain = Nature { is_circular: false, overlap: 1.0 };
    Some(change::of(&estimate(from?), &estimate(to?), plain, false))
}

fn kind(from: Option<&FaultOutcome>, to: Option<&FaultOutcome>) -> FaultKind {
    use Status::{Borderline, Clear, Found, NotJudged};
    let status = |outcome: Option<&FaultOutcome>| outcome.map_or(NotJudged, |o| o.status);
    match (status(from), status(to)) {
        (Found, Found) => {
            let severity = |outcome: Option<&FaultOutcome>| outcome.and_then(|o| o.severity);
            match severity(from).cmp(&severity(to)) {
                std::cmp::Ordering::Less => FaultKind::Worse,
                std::cmp::Ordering::Equal => FaultKind::Still,
                std::cmp::Ordering::Greater => FaultKind::Better,
            }
        }
        (Borderline | Clear, Found) => FaultKind::New,
        (Found, Borderline) => FaultKind::Better,
        (Found, Clear) => FaultKind::Gone,
        (Clear, Borderline) => FaultKind::Nearing,
        (Found, NotJudged) | (NotJudged, Found) => FaultKind::Open,
        (Borderline | Clear | NotJudged, _) => FaultKind::Quiet,
    }
}
