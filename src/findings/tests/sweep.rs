//! Every limit of every rule, approached from both sides: grades step where the profile says and nowhere else.

use super::bench::{at, good_view, on_sides, outcome, strides};
use crate::findings::quantity::Source;
use crate::findings::statistic::Resolution;
use crate::findings::{Finding, Measured, Observed, Status};
use crate::skeleton::Side;
use crate::technique::rule::{Combine, Condition, Limits, Rule, RuleKind, Severity, Statistic};
use crate::technique::{Profile, builtin, names};
use std::collections::BTreeSet;

/// Standard normal quantile of 0.80, from a table: where a grade is raised (B10).
const RAISED_Z: f64 = 0.841_621;
/// Standard normal distances from a limit that are tried.
const STEPS: [f64; 10] = [-4.0, -1.0, -0.5, -0.05, 0.05, 0.5, 0.8, 0.88, 1.0, 4.0];
/// Strides of each trial; a multiple of 6, so that thirds and sides come out even.
const STRIDES: usize = 120;
/// A share of 60 strides steps by this many percent; other statistics are met to a thousandth.
const SHARE_STEP: f64 = 100.0 / 60.0;

#[test]
fn severity_steps_at_every_limit_of_every_rule() {
    let mut limits = 0;
    for profile in names().filter_map(builtin) {
        for rule in profile.rules.iter().filter(|r| r.kind == RuleKind::Fault) {
            for place in 0..rule.conditions.len() {
                limits += sweep(&profile, rule, place);
            }
        }
    }
    assert!(limits > 250, "{limits} limits were tried");
}

/// Sweeps one condition across its limits; how many there are.
fn sweep(profile: &Profile, rule: &Rule, place: usize) -> usize {
    let limits = rule.conditions[place].limits.expect("a fault has limits");
    let mut seen = BTreeSet::new();
    for grade in Severity::ALL {
        for step in STEPS {
            let Some((finding, z)) = approach(profile, rule, place, limits, limits.of(grade), step) else {
                continue;
            };
            let expected = expected(rule, z);
            let name =
                format!("{} {} at {step} u from {}: {finding:?}", profile.name, rule.id, limits.of(grade));
            assert_eq!((finding.status, finding.severity), expected, "{name}");
            seen.insert((finding.status, finding.severity));
        }
    }
    for grade in Severity::ALL.into_iter().filter(|g| *g <= rule.at_most) {
        // Where two grades share a limit only the worse is ever reported.
        let worst = Severity::ALL.into_iter().filter(|g| *g <= rule.at_most);
        let shown = worst.rev().find(|g| (limits.of(*g) - limits.of(grade)).abs() < f64::EPSILON);
        assert!(seen.contains(&(Status::Found, shown)), "{} {} never {grade:?}", profile.name, rule.id);
    }
    assert!(seen.contains(&(Status::Clear, None)), "{} {} never clear", profile.name, rule.id);
    Severity::ALL.len()
}

/// A finding `step` uncertainties beyond a limit, with the true distances from every limit; none where the statistic
/// cannot take the value, such as a negative share.
fn approach(
    profile: &Profile,
    rule: &Rule,
    place: usize,
    limits: Limits,
    limit: f64,
    step: f64,
) -> Option<(Finding, [f64; 3])> {
    let condition = &rule.conditions[place];
    let outward = limits.beyond.excess(1.0, 0.0);
    let (mut x, mut u) = (limit, scale(limits));
    for _ in 0..40 {
        x = limit + outward * step * u;
        if !possible(condition, x) {
            return None;
        }
        u = measured(rule, place, x, limits).1;
    }
    let (value, u) = measured(rule, place, x, limits);
    let tolerance = match condition.statistic {
        Statistic::Share => SHARE_STEP,
        // The best three of a wobbling speed are a wobble's third too good.
        Statistic::Decay => 1.0,
        _ => 1e-6 * (1.0 + x.abs()),
    };
    assert!((value - x).abs() <= tolerance, "{}: {value} is not {x}", rule.id);
    let finding = outcome(profile, rule, STRIDES, &bench(rule, place, x, scale(limits)), &good_view());
    Some((finding, limits.at.map(|limit| limits.beyond.excess(value, limit) / u)))
}

/// Whether a statistic can be `x`.
fn possible(condition: &Condition, x: f64) -> bool {
    match condition.statistic {
        Statistic::Share => (0.0..=100.0).contains(&x),
        Statistic::Agreement => (0.05..=0.99).contains(&x),
        Statistic::Drift | Statistic::SideDifference | Statistic::SideDifferencePercent => x > 0.0,
        _ => true,
    }
}

/// The condition's statistic and its uncertainty on the bench.
fn measured(rule: &Rule, place: usize, x: f64, limits: Limits) -> (f64, f64) {
    let (strides, metrics) = (strides(STRIDES), bench(rule, place, x, scale(limits)));
    let observed = Observed { strides: &strides, metrics: &metrics, movement: None };
    let side = rule.conditions.iter().any(|c| on_sides(&c.metric, 2)[0].1.is_some());
    let source = Source::new(&observed, side.then_some(Side::Left));
    let quantity = source
        .quantity(
            &rule.conditions[place],
            Resolution {
                frame_s: 1.0 / 60.0,
                contacts_doubted: crate::units::Seconds(0.0),
                size_change: 0.0,
                leg_error_factor: 1.0,
            },
        )
        .expect("it is on the bench");
    (quantity.value, quantity.uncertainty)
}

/// An uncertainty that suits these limits: a third of the distance from mild to moderate.
fn scale(limits: Limits) -> f64 {
    let apart = (limits.at[1] - limits.at[0]).abs();
    if apart > 0.0 { apart / 3.0 } else { 0.05 * limits.at[0].abs().max(0.1) }
}

/// Metrics that put one condition at `x`, and the others where they leave it to decide.
fn bench(rule: &Rule, place: usize, x: f64, uncertainty: f64) -> Vec<Measured> {
    let mut metrics: Vec<Measured> = at(&rule.conditions[place], x, uncertainty, STRIDES);
    for (_, other) in rule.conditions.iter().enumerate().filter(|(i, _)| *i != place) {
        let limits = other.limits.expect("a fault has limits");
        let far = 100.0 * scale(limits) * limits.beyond.excess(1.0, 0.0);
        let value = match rule.combine {
            Combine::All => limits.at[2] + far,
            Combine::Any => neutral(other),
        };
        if rule.conditions[place].metric != other.metric {
            metrics.extend(at(other, value, scale(limits), STRIDES));
        }
    }
    metrics
}

/// A value far on the good side.
fn neutral(condition: &Condition) -> f64 {
    match condition.statistic {
        Statistic::Agreement => 1.0,
        _ => 0.0,
    }
}

/// What B10 says of these distances.
fn expected(rule: &Rule, z: [f64; 3]) -> (Status, Option<Severity>) {
    let raised = Severity::ALL.into_iter().rev().find(|g| z[*g as usize] >= RAISED_Z);
    match raised {
        Some(grade) => (Status::Found, Some(grade.min(rule.at_most))),
        None if z[0] > 0.0 => (Status::Borderline, None),
        None => (Status::Clear, None),
    }
}
