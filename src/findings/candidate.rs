//! On which side a rule is judged: each side with enough strides, both together, or the whole body.

use super::context::Context;
use super::finding::Status;
use super::input::Observed;
use super::judge::{Decision, decide};
use super::quantity::{Missing, Quantity, Source};
use super::statistic::Resolution;
use crate::skeleton::Side;
use crate::technique::rule::{Combine, Rule, Sides, Statistic};

/// Fewest valid strides for a full judgement (B10).
pub const STRIDES: usize = 3;
/// Fewest for a provisional one (F7).
const PROVISIONAL_STRIDES: usize = 2;

/// A rule decided on one side, or on the whole body.
pub(super) struct Candidate {
    pub(super) side: Option<Side>,
    pub(super) quantities: Vec<Option<Quantity>>,
    pub(super) decision: Decision,
    pub(super) n: usize,
}

impl Candidate {
    /// The quantity that decides.
    pub(super) fn quantity(&self) -> Option<&Quantity> {
        self.quantities.get(self.decision.condition)?.as_ref()
    }
}

/// The candidates of a rule: sides with enough strides, or both together, or the whole body.
pub(super) fn candidates(
    rule: &Rule,
    observed: &Observed,
    context: &Context,
) -> Result<Vec<Candidate>, Missing> {
    let least = rule.least_strides.unwrap_or(STRIDES);
    let sides: Vec<Option<Side>> =
        if is_sided(rule, observed) { Side::BOTH.into_iter().map(Some).collect() } else { vec![None] };
    let judged: Vec<Result<Candidate, Missing>> =
        sides.iter().map(|side| candidate(rule, *side, observed, context)).collect();
    let fewest = rule.least_strides.unwrap_or(PROVISIONAL_STRIDES);
    for wanted in [least, fewest] {
        let enough = judged.iter().flatten().any(|c| c.n >= wanted);
        // Neither side by itself has enough strides: both together may.
        let both =
            (!enough && sides.len() > 1).then(|| candidate(rule, None, observed, context).ok()).flatten();
        match both {
            Some(both) if both.n >= wanted => return Ok(vec![both]),
            _ if enough => break,
            _ => {}
        }
    }
    let most = judged.iter().flatten().map(|c| c.n).max();
    match most {
        None => Err(judged.into_iter().find_map(Result::err).unwrap_or(Missing::SeenTooLittle)),
        Some(n) if n < fewest => Err(Missing::TooFewStrides(least)),
        Some(n) => {
            let wanted = if n >= least { least } else { fewest };
            Ok(judged.into_iter().flatten().filter(|c| c.n >= wanted).collect())
        }
    }
}

/// Whether a rule is about a side of the body.
pub(super) fn is_sided(rule: &Rule, observed: &Observed) -> bool {
    rule.conditions.iter().any(|condition| {
        let compares =
            matches!(condition.statistic, Statistic::SideDifference | Statistic::SideDifferencePercent);
        !compares && observed.has_sides(&condition.metric)
    })
}

fn candidate(
    rule: &Rule,
    side: Option<Side>,
    observed: &Observed,
    context: &Context,
) -> Result<Candidate, Missing> {
    let source = Source::new(observed, side);
    let resolution = Resolution {
        frame_s: 1.0 / context.frame_rate.0,
        contacts_doubted: context.contacts_doubted,
        size_change: context.size_change_sd,
        leg_error_factor: context.leg_error_factor,
    };
    let results: Vec<Result<Quantity, Missing>> =
        rule.conditions.iter().map(|condition| source.quantity(condition, resolution)).collect();
    let missing = results.iter().find_map(|r| r.as_ref().err().copied());
    let seen = results.iter().flatten().map(|q| q.n);
    let n = match (rule.combine, missing) {
        (Combine::All, Some(missing)) => return Err(missing),
        (Combine::All, None) => seen.min(),
        (Combine::Any, _) => seen.max(),
    };
    let n = n.ok_or(missing.unwrap_or(Missing::SeenTooLittle))?;
    let quantities: Vec<Option<Quantity>> = results.into_iter().map(Result::ok).collect();
    let decision = decide(rule, &quantities);
    Ok(Candidate { side, quantities, decision, n })
}

/// The side that a rule is about and could not be judged on, while the other one was.
pub(super) fn unjudged(
    rule: &Rule,
    judged: &[Candidate],
    observed: &Observed,
    context: &Context,
) -> Option<(Side, Missing)> {
    let [one] = judged else { return None };
    // Where the better side speaks for both, the other one does not matter unless a fault shows.
    let matters = rule.sides == Sides::Each || one.decision.status != Status::Clear;
    let other = one.side.filter(|_| matters)?.mirror();
    let why = candidate(rule, Some(other), observed, context).err();
    Some((other, why.unwrap_or(Missing::TooFewStrides(rule.least_strides.unwrap_or(STRIDES)))))
}

/// The sides on which a fault was found, where each is judged by itself.
pub(super) fn found_sides<'a>(rule: &Rule, candidates: &'a [Candidate]) -> Vec<&'a Candidate> {
    let found = candidates.iter().filter(|c| c.decision.status == Status::Found);
    if rule.sides == Sides::Each { found.collect() } else { Vec::new() }
}
