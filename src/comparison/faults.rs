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
    /// What the number behind it did, or why that cannot be told; none where none is behind it, or another one.
    pub number: Option<Result<Change, Untold>>,
}

impl FaultChange {
    /// The outcome that says what the number is.
    #[must_use]
    pub fn outcome(&self) -> Option<&FaultOutcome> {
        self.to.as_ref().or(self.from.as_ref())
    }
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
            let (from, to) = (gravest(from, fault), gravest(to, fault));
            let number = number(from, to, metrics);
            FaultChange {
                fault: fault.to_owned(),
                kind: kind(from, to),
                number,
                from: from.cloned(),
                to: to.cloned(),
            }
        })
        .collect();
    // Stable: within a kind the profile's order of importance stays.
    all.sort_by_key(|change| change.kind);
    all
}

/// The gravest of a fault's rules: one that was decided counts before one that was not.
fn gravest<'a>(all: &'a [FaultOutcome], fault: &str) -> Option<&'a FaultOutcome> {
    let gravity = |outcome: &&FaultOutcome| match outcome.status {
        Status::Found => 3 + outcome.severity.map_or(0, |s| s as usize),
        Status::Borderline => 2,
        Status::Clear => 1,
        Status::NotJudged => 0,
    };
    // Of equals the first, which the profile has as the more important.
    all.iter().filter(|outcome| outcome.fault == fault).rev().max_by_key(gravity)
}

fn number(
    from: Option<&FaultOutcome>,
    to: Option<&FaultOutcome>,
    metrics: &[MetricChange],
) -> Option<Result<Change, Untold>> {
    let outcome = to.or(from)?;
    if [from, to].into_iter().flatten().any(|o| o.derived.is_some()) {
        return derived(from?, to?);
    }
    let of = |side| metrics.iter().find(|m| m.row.id == outcome.metric && m.side == side);
    Some(of(outcome.side).or_else(|| of(None))?.change)
}

/// The change of what two rules made of the same metric in the same way.
fn derived(from: &FaultOutcome, to: &FaultOutcome) -> Option<Result<Change, Untold>> {
    let (a, b) = (from.derived.as_ref()?, to.derived.as_ref()?);
    let alike = from.metric == to.metric && a.statistic == b.statistic && a.unit == b.unit;
    let estimate = |d: &Derived| Estimate { value: d.value, sd: None, n: 0, uncertainty: d.uncertainty };
    let plain = Nature { is_circular: false, overlap: 1.0 };
    alike.then(|| change::of(&estimate(a), &estimate(b), plain, false))
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
