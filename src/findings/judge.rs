//! The decision: a grade is raised where the value is beyond its limit with enough probability on enough strides.

use super::finding::Status;
use super::quantity::{Outcome, Quantity};
use crate::technique::rule::{Combine, Limits, Rule, Severity};

/// A grade is raised from this probability on (B10).
pub const RAISED_FROM: f64 = 0.80;
/// Between this and [`RAISED_FROM`] it is borderline (B10).
pub const BORDERLINE_FROM: f64 = 0.50;
/// Share of valid strides beyond the limit of each grade, mild to severe (B10).
const PERSISTENT: [f64; 3] = [0.30, 0.40, 0.50];

/// What was decided, before caps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decision {
    pub(super) status: Status,
    pub(super) severity: Option<Severity>,
    /// The condition that decides: its value and limit are reported.
    pub(super) condition: usize,
    /// Probability for each grade.
    pub(super) probability: [f64; 3],
    /// Strides beyond the limit of each grade.
    pub(super) beyond: [Vec<usize>; 3],
    /// Whether it is only borderline because too few strides are beyond.
    pub(super) not_persistent: bool,
}

impl Decision {
    /// How telling it is, to choose among sides: found before borderline before clear, then by probability.
    pub(super) fn weight(&self) -> (u8, usize, f64) {
        let status = match self.status {
            Status::Found => 2,
            Status::Borderline => 1,
            Status::Clear | Status::NotJudged => 0,
        };
        (status, self.severity.map_or(0, |s| s as usize + 1), self.probability.iter().sum())
    }
}

/// Decides a rule. `quantities` holds one entry for each condition; in a rule that needs any of several, some may be
/// missing.
pub(super) fn decide(rule: &Rule, quantities: &[Option<Quantity>]) -> Decision {
    let rows: Vec<(usize, &Quantity, Limits)> = rule
        .conditions
        .iter()
        .zip(quantities)
        .enumerate()
        .filter_map(|(i, (condition, quantity))| Some((i, quantity.as_ref()?, condition.limits?)))
        .collect();
    let probability = Severity::ALL.map(|grade| combined(rule.combine, &rows, grade));
    let condition = deciding(rule.combine, &rows);
    let beyond = Severity::ALL.map(|grade| strides_beyond(rule.combine, &rows, condition, grade));
    let raised = |grade: Severity| {
        let i = grade as usize;
        probability[i] >= RAISED_FROM && persists(rule.combine, &rows, condition, beyond[i].len(), grade)
    };
    let severity = Severity::ALL.into_iter().rev().find(|grade| raised(*grade));
    let likely = probability[0] > BORDERLINE_FROM;
    let status = match severity {
        Some(_) => Status::Found,
        None if likely => Status::Borderline,
        None => Status::Clear,
    };
    let not_persistent = severity.is_none() && probability[0] >= RAISED_FROM;
    Decision { status, severity, condition, probability, beyond, not_persistent }
}

/// Probability that a quantity is beyond a limit (B10).
fn probability(quantity: &Quantity, limits: Limits, grade: Severity) -> f64 {
    let beyond = |value: f64, sd: f64| normal(limits.beyond.excess(value, limits.of(grade)) / sd);
    let p = match quantity.outcomes.as_slice() {
        [] => beyond(quantity.value, quantity.uncertainty),
        outcomes => Outcome::mean(outcomes, |o| beyond(o.value, o.spread)),
    };
    if quantity.within_noise { p.min(BORDERLINE_FROM) } else { p }
}

/// All: as if their errors were independent, which errs on the side of saying nothing. Any: the likeliest.
fn combined(combine: Combine, rows: &[(usize, &Quantity, Limits)], grade: Severity) -> f64 {
    let each = rows.iter().map(|(_, q, limits)| probability(q, *limits, grade));
    match combine {
        Combine::All => each.product(),
        Combine::Any => each.fold(0.0, f64::max),
    }
}

/// The condition to report: the first of all, the likeliest of any.
fn deciding(combine: Combine, rows: &[(usize, &Quantity, Limits)]) -> usize {
    let first = rows.first().map_or(0, |row| row.0);
    match combine {
        Combine::All => first,
        Combine::Any => {
            let total = |(_, q, limits): &(usize, &Quantity, Limits)| -> f64 {
                Severity::ALL.into_iter().map(|grade| probability(q, *limits, grade)).sum()
            };
            rows.iter()
                .max_by(|a, b| total(a).total_cmp(&total(b)).then(b.0.cmp(&a.0)))
                .map_or(first, |r| r.0)
        }
    }
}

/// The rows whose strides are counted: all of them, or the deciding one.
fn counted<'a>(
    combine: Combine,
    rows: &'a [(usize, &'a Quantity, Limits)],
    deciding: usize,
) -> Vec<&'a (usize, &'a Quantity, Limits)> {
    let concerned = |row: &&(usize, &Quantity, Limits)| combine == Combine::All || row.0 == deciding;
    rows.iter().filter(concerned).filter(|(_, q, _)| q.counts_strides).collect()
}

/// Strides beyond a grade's limit; where strides cannot be counted, all strides behind the value.
fn strides_beyond(
    combine: Combine,
    rows: &[(usize, &Quantity, Limits)],
    deciding: usize,
    grade: Severity,
) -> Vec<usize> {
    let counted = counted(combine, rows, deciding);
    let all = |(_, q, _): &(usize, &Quantity, Limits)| q.strides.iter().map(|(i, _)| *i).collect();
    let Some(first) = counted.first() else {
        return rows.iter().find(|row| row.0 == deciding).map(all).unwrap_or_default();
    };
    let holds = |index: usize| {
        counted.iter().all(|(_, q, limits)| {
            let value = q.strides.iter().find(|(i, _)| *i == index).map(|(_, v)| *v);
            value.is_some_and(|v| limits.beyond.holds(v, limits.of(grade)))
        })
    };
    first.1.strides.iter().map(|(i, _)| *i).filter(|i| holds(*i)).collect()
}

/// Whether enough of the strides are beyond.
fn persists(
    combine: Combine,
    rows: &[(usize, &Quantity, Limits)],
    deciding: usize,
    beyond: usize,
    grade: Severity,
) -> bool {
    let counted = counted(combine, rows, deciding);
    let Some(n) = counted.iter().map(|(_, q, _)| q.strides.len()).min() else { return true };
    beyond as f64 >= PERSISTENT[grade as usize] * n as f64
}

/// Share of a normal distribution below `z` standard deviations; absolute error below 1.5e-7
/// (Abramowitz and Stegun 7.1.26).
#[must_use]
pub fn normal(z: f64) -> f64 {
    const P: f64 = 0.327_591_1;
    const A: [f64; 5] = [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    // The approximation misses the middle itself by 5e-10.
    if z.abs() < f64::EPSILON {
        return 0.5;
    }
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + P * x);
    let polynomial = A.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let above = 0.5 * polynomial * (-x * x).exp();
    if z >= 0.0 { 1.0 - above } else { above }
}
