//! Two results held against each other: what changed, by how much, and whether that is more than noise.
//!
//! Values in, values out. Where results are read and how a comparison is shown is left to others.

mod change;
mod faults;
mod view;
mod waves;

#[cfg(test)]
mod tests;

pub use change::{Change, Estimate, Untold, Verdict, student_95};
pub use faults::{Derived, FaultChange, FaultKind, FaultOutcome};
pub use view::{View, ViewDifference};
pub use waves::{Wave, WaveChange};

use crate::metrics::catalogue::{ROWS, Row, Sides, Statistic, When};
use crate::skeleton::Side;
use change::Nature;

/// What is compared of one result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// Every metric measured over the clip.
    pub measured: Vec<Measured>,
    /// What became of every rule.
    pub faults: Vec<FaultOutcome>,
    /// Angles over the stride.
    pub waves: Vec<Wave>,
    /// How it was filmed and measured.
    pub view: View,
    /// Name of the exercise; none where it is not known.
    pub exercise: Option<String>,
    /// What the faults were judged against: profile, version and choices.
    pub rules: Option<String>,
}

/// A metric over the valid strides of a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// As in the catalogue.
    pub id: String,
    /// Which side; none for both together, or where there are no sides.
    pub side: Option<Side>,
    /// The number, and how well it is known.
    pub estimate: Estimate,
}

/// A metric in two results.
#[derive(Clone, Debug)]
pub struct MetricChange {
    /// Its row in the catalogue.
    pub row: &'static Row,
    /// Which side; none for both together, or where there are no sides.
    pub side: Option<Side>,
    /// In the first.
    pub from: Option<Estimate>,
    /// In the other.
    pub to: Option<Estimate>,
    /// What changed, or why that cannot be told.
    pub change: Result<Change, Untold>,
}

/// Everything that differs between a first result and another.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Every metric of the catalogue that either has, in the catalogue's order.
    pub metrics: Vec<MetricChange>,
    /// Every fault that was looked for in either, the most important change first; empty where the exercises differ.
    pub faults: Vec<FaultChange>,
    /// Every angle that both have.
    pub waves: Vec<WaveChange>,
    /// In what the clips were filmed or measured differently; none means alike.
    pub views: Vec<ViewDifference>,
    /// Whether both are of one exercise, as far as known.
    pub exercises: Agreement,
    /// Whether faults were judged against the same rules.
    pub rules: Agreement,
}

/// Whether two results agree in something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They do.
    Same,
    /// They do not.
    Different,
    /// At least one does not say.
    Unknown,
}

impl Agreement {
    fn of(a: Option<&str>, b: Option<&str>) -> Self {
        match (a, b) {
            (Some(a), Some(b)) if a == b => Self::Same,
            (Some(_), Some(_)) => Self::Different,
            _ => Self::Unknown,
        }
    }
}

impl Comparison {
    /// The changes that are more than noise, or likely so.
    pub fn told(&self) -> impl Iterator<Item = (&MetricChange, Change)> {
        let told = |m: &MetricChange| m.change.ok().filter(|c| c.verdict != Verdict::Noise);
        self.metrics.iter().filter_map(move |m| Some((m, told(m)?)))
    }
}

/// Holds `to` against `from`. With the two exchanged every difference changes its sign and nothing else.
#[must_use]
pub fn compare(from: &Subject, to: &Subject) -> Comparison {
    let views = view::differences(&from.view, &to.view);
    let metrics = metrics(from, to, views.is_empty());
    let exercises = Agreement::of(from.exercise.as_deref(), to.exercise.as_deref());
    let faults = match exercises {
        Agreement::Different => Vec::new(),
        Agreement::Same | Agreement::Unknown => faults::changes(&from.faults, &to.faults, &metrics),
    };
    Comparison {
        faults,
        waves: waves::changes(&from.waves, &to.waves),
        views,
        exercises,
        rules: Agreement::of(from.rules.as_deref(), to.rules.as_deref()),
        metrics,
    }
}

fn metrics(from: &Subject, to: &Subject, filmed_alike: bool) -> Vec<MetricChange> {
    let find = |subject: &Subject, id: &str, side| {
        subject.measured.iter().find(|m| m.id == id && m.side == side).map(|m| m.estimate)
    };
    let sides = [Some(Side::Left), Some(Side::Right), None];
    let all = ROWS.iter().flat_map(|row| sides.into_iter().map(move |side| (*row, side)));
    all.filter_map(|(row, side)| {
        let (from, to) = (find(from, row.id, side), find(to, row.id, side));
        if from.is_none() && to.is_none() {
            return None;
        }
        let change = match (from, to) {
            (Some(from), Some(to)) => change::of(&from, &to, nature(row, side), filmed_alike),
            (None, _) => Err(Untold::OnlyInOther),
            (_, None) => Err(Untold::OnlyInFirst),
        };
        Some(MetricChange { row, side, from, to, change })
    })
    .collect()
}

/// How the strides behind a metric depend on one another. Strides of one foot follow each other; those of both feet overlap
/// by half, so that half as many are independent; a metric taken over two strides halves that again.
fn nature(row: &Row, side: Option<Side>) -> Nature {
    let of_one_foot = row.sides == Sides::OfStride && side.is_some();
    let overlap = if of_one_foot { 1.0 } else { 2.0 };
    let window = if row.when == When::StridesAround { 2.0 } else { 1.0 };
    Nature { is_circular: row.statistic == Statistic::CircularMean, overlap: overlap * window }
}
