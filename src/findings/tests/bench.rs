//! Strides and metrics made to measure: any rule at any value.

use crate::findings::{Assessment, Context, Finding, Measured, Observed, assess};
use crate::gait::stride::{Event, EventKind, EventMethod, Stride};
use crate::metrics::catalogue;
use crate::skeleton::Side;
use crate::technique::profile::{Choices, Profile};
use crate::technique::rule::{Condition, Rule, Statistic};
use crate::units::{Confidence, Seconds};

/// Noise of single strides in made series, as a share of their size: enough that uncertainties are not 0.
pub const NOISE: f64 = 0.02;

/// `n` valid strides of half a second, left and right in turn.
pub fn strides(n: usize) -> Vec<Stride> {
    (0..n).map(stride).collect()
}

fn stride(index: usize) -> Stride {
    let side = if index.is_multiple_of(2) { Side::Left } else { Side::Right };
    let start = Seconds(0.5 * index as f64);
    let event = |kind, after: f64| Event {
        time: start + Seconds(after),
        uncertainty: Seconds(0.01),
        side,
        kind,
        confidence: Confidence::FULL,
        method: EventMethod::FootSpeed,
    };
    Stride {
        index,
        bout: 0,
        side,
        start,
        end: start + Seconds(1.0),
        initial_contact: event(EventKind::InitialContact, 0.0),
        terminal_contact: event(EventKind::TerminalContact, 0.6),
        opposite_terminal: None,
        opposite_initial: None,
        unfit: None,
    }
}

/// A metric with these values on these strides and this uncertainty of its mean.
pub fn metric(id: &str, side: Option<Side>, values: &[(usize, f64)], uncertainty: f64) -> Measured {
    let mean = values.iter().map(|(_, v)| v).sum::<f64>() / values.len().max(1) as f64;
    Measured {
        id: id.to_owned(),
        side,
        unit: catalogue::row(id).map_or_else(String::new, |row| row.unit.symbol().to_owned()),
        value: (!values.is_empty()).then_some(mean),
        uncertainty: Some(uncertainty),
        n: values.len(),
        measured_share: 1.0,
        confidence: 1.0,
        approximate: false,
        missing: None,
        per_stride: values.iter().map(|(i, v)| (*i, Some(*v))).collect(),
    }
}

/// What a rule's metric is called on a side, and on which strides it has values.
pub fn on_sides(id: &str, n: usize) -> Vec<(String, Option<Side>, Vec<usize>)> {
    let all: Vec<usize> = (0..n).collect();
    if id.contains("{side}") {
        return Side::BOTH
            .into_iter()
            .map(|s| (id.replace("{side}", s.name()), Some(s), all.clone()))
            .collect();
    }
    let sided = catalogue::row(id).is_some_and(|row| row.sides == catalogue::Sides::OfStride);
    if !sided {
        return vec![(id.to_owned(), None, all)];
    }
    let of = |side: Side| all.iter().copied().filter(|i| i % 2 == side.index()).collect();
    Side::BOTH.into_iter().map(|s| (id.to_owned(), Some(s), of(s))).collect()
}

/// The metric of a condition, made so that its statistic is `x` with about `uncertainty`.
pub fn at(condition: &Condition, x: f64, uncertainty: f64, n: usize) -> Vec<Measured> {
    let on = on_sides(&condition.metric, n);
    let make = |(id, side, strides): (String, Option<Side>, Vec<usize>)| {
        let values = series(condition, x, uncertainty, side, strides.len());
        let mut made = metric(&id, side, &strides.into_iter().zip(values).collect::<Vec<_>>(), uncertainty);
        if condition.statistic == Statistic::Share {
            // So that every stride lies clearly on one side of the threshold.
            made.uncertainty = Some(1e-3);
        } else if condition.statistic == Statistic::SideDifferencePercent {
            // Either side's own, about the half that `series` has it at, so that both in quadrature are this share of it.
            made.uncertainty = Some(0.5 * uncertainty / 100.0 / std::f64::consts::SQRT_2);
        }
        made
    };
    on.into_iter().map(make).collect()
}

fn series(condition: &Condition, x: f64, u: f64, side: Option<Side>, n: usize) -> Vec<f64> {
    let share = |i: usize| i as f64 / n as f64;
    let wobble = |i: usize| if i.is_multiple_of(2) { NOISE } else { -NOISE };
    // From 0 in the first third to 1 in the last.
    let ramp = |i: usize| (3.0 * share(i) - 1.0).clamp(0.0, 1.0);
    let value = |i: usize| match condition.statistic {
        Statistic::Mean => condition.distance_from.unwrap_or(0.0) + x,
        Statistic::BestThree => x,
        Statistic::Drift | Statistic::Rise => ramp(i) * x + u * wobble(i) / NOISE,
        Statistic::Decay => 1.0 - ramp(i) * x / 100.0 + wobble(i),
        Statistic::Agreement => {
            let spread = x.clamp(-1.0, 1.0).acos().to_degrees();
            if i.is_multiple_of(2) { spread } else { -spread }
        }
        Statistic::Share => {
            let (beyond, threshold) = condition.threshold.expect("a share has a threshold");
            let counts = share(i) < x / 100.0 - 1e-9;
            threshold + beyond.excess(1.0, 0.0) * if counts { 1.0 } else { -1.0 }
        }
        Statistic::SideDifference => {
            if side == Some(Side::Left) {
                40.0
            } else {
                40.0 + x
            }
        }
        Statistic::SideDifferencePercent => {
            let half = 0.5 * x / 100.0;
            if side == Some(Side::Left) { 0.5 * (1.0 - half) } else { 0.5 * (1.0 + half) }
        }
    };
    (0..n).map(value).collect()
}

/// A view in which nothing stands in the way.
pub fn good_view() -> Context {
    Context::default()
}

/// The choices under which a rule holds.
pub fn choices(rule: &Rule) -> Choices {
    rule.only.iter().cloned().collect()
}

/// Everything about these metrics, judged by a profile.
pub fn judged(
    profile: &Profile,
    asked: &Choices,
    n: usize,
    metrics: &[Measured],
    view: &Context,
) -> Assessment {
    let strides = strides(n);
    assess(profile, asked, &Observed { strides: &strides, metrics, movement: None }, view)
}

/// What became of one rule.
pub fn outcome(profile: &Profile, rule: &Rule, n: usize, metrics: &[Measured], view: &Context) -> Finding {
    let all = judged(profile, &choices(rule), n, metrics, view);
    all.findings.into_iter().find(|f| f.rule == rule.id).expect("the rule was judged")
}

/// The rule of a built-in profile.
pub fn rule(profile: &str, id: &str) -> (Profile, Rule) {
    let profile = crate::technique::builtin(profile).expect("it is built in");
    let rule = profile.rules.iter().find(|r| r.id == id).expect("the rule is there").clone();
    (profile, rule)
}
