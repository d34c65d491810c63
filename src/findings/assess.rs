//! Every rule of a profile against one clip.

use super::candidate::{Candidate, STRIDES, candidates, found_sides, is_sided, unjudged};
use super::context::Context;
use super::evidence::{evidence, moments};
use super::finding::{Finding, SideOfBody, SideValues, Status, Unjudged, Untold};
use super::good::{Good, good};
use super::input::Observed;
use super::judge::Decision;
use super::order;
use super::quantity::{Missing, Quantity, Source};
use super::refusal::{Effect, holding};
use super::statistic::Resolution;
use super::words;
use crate::skeleton::Side;
use crate::technique::profile::{Choices, Hands, Profile};
use crate::technique::rule::{Band, Rule, RuleKind, Severity, Sides, Statistic};

/// Everything said about a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Every rule's outcome, what matters most first.
    pub findings: Vec<Finding>,
    /// Places in `findings` of what to fix first, at most three.
    pub fix_first: Vec<usize>,
    /// Targets that were met.
    pub good: Vec<Good>,
    /// What is told and never held against the athlete.
    pub information: Vec<Information>,
}

/// A number that is told and never judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Information {
    /// The rule of the profile.
    pub rule: String,
    /// The metric.
    pub metric: String,
    /// What it is, in words.
    pub what: String,
    /// Side of the body.
    pub side: SideOfBody,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What is usual.
    pub target: Option<Band>,
}

/// Judges a clip. `asked` are the choices the user made; what the profile does not know of them counts as not made.
#[must_use]
pub fn assess(profile: &Profile, asked: &Choices, observed: &Observed, context: &Context) -> Assessment {
    let choices = profile.choose(asked).or_else(|_| profile.choose(&Choices::new())).unwrap_or_default();
    let straps = choices.get("attachment").is_some_and(|a| a == "straps");
    let mut context = context.clone().with_arms(observed);
    context.hands_hold_on |= profile.hands == Hands::Fixed || straps;
    context.expected_direction = context.expected_direction.or(Some(profile.direction));
    let judge = Judge { observed, context: &context, choices: &choices, asked };
    let mut result = Assessment::default();
    for rule in profile.rules_for(&choices) {
        match rule.kind {
            RuleKind::Information => result.information.extend(judge.information(rule)),
            RuleKind::Fault => {
                let (finding, good) = judge.rule(rule);
                result.findings.push(finding);
                result.good.extend(good);
            }
        }
    }
    severe_together(profile, &context, &mut result.findings);
    order::praise(&mut result.good, &result.findings);
    order::sort(&mut result.findings);
    result.fix_first = order::fix_first(&result.findings);
    result
}

/// A fault that another one makes severe, or as bad as what is seen allows.
fn severe_together(profile: &Profile, context: &Context, findings: &mut [Finding]) {
    let found: Vec<String> =
        findings.iter().filter(|f| f.status == Status::Found).map(|f| f.rule.clone()).collect();
    for finding in findings.iter_mut().filter(|f| f.status == Status::Found) {
        let Some(rule) = profile.rules.iter().find(|r| r.id == finding.rule) else { continue };
        let capped = finding.refusal.is_some();
        if rule.severe_with.as_ref().is_some_and(|o| found.contains(o)) && !capped {
            let caps = holding(context, &rule.needs).filter_map(|(refusal, _)| match refusal.effect {
                Effect::Cap(most) => Some(most),
                Effect::Block => None,
            });
            finding.severity = finding.severity.max(caps.chain([Severity::Severe]).min());
        }
    }
}

struct Judge<'a> {
    observed: &'a Observed<'a>,
    context: &'a Context,
    choices: &'a Choices,
    asked: &'a Choices,
}

/// What limits a grade.
type Cap = (Severity, &'static str, String);

impl Judge<'_> {
    fn rule(&self, rule: &Rule) -> (Finding, Option<Good>) {
        let mut caps: Vec<Cap> = Vec::new();
        for (refusal, value) in holding(self.context, &rule.needs) {
            match refusal.effect {
                Effect::Block => {
                    let (reason, remedy) = words::refusal(refusal.id, value);
                    return (refused(rule, refusal.id, reason, remedy), None);
                }
                Effect::Cap(most) => caps.push((most, refusal.id, words::refusal(refusal.id, value).0)),
            }
        }
        if self.observed.valid(None).next().is_none() {
            let (reason, remedy) = words::no_strides(self.observed.strides);
            return (refused(rule, "no_strides", reason, remedy), None);
        }
        match candidates(rule, self.observed, self.context) {
            Err(missing) => {
                let (id, reason, remedy) = words::missing(missing, self.observed.strides);
                (refused(rule, id, reason, remedy), None)
            }
            Ok(candidates) => self.finding(rule, &candidates, caps),
        }
    }

    fn finding(&self, rule: &Rule, candidates: &[Candidate], mut caps: Vec<Cap>) -> (Finding, Option<Good>) {
        let telling = |a: &&Candidate, b: &&Candidate| {
            let (a, b) = (a.decision.weight(), b.decision.weight());
            a.0.cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2))
        };
        let chosen = match rule.sides {
            Sides::Each => candidates.iter().rev().max_by(telling),
            Sides::Better => candidates.iter().min_by(telling),
        };
        let Some((chosen, quantity)) = chosen.and_then(|c| Some((c, c.quantity()?))) else {
            let (id, reason, remedy) = words::missing(Missing::SeenTooLittle, self.observed.strides);
            return (refused(rule, id, reason, remedy), None);
        };
        let too_few = chosen.n < STRIDES && rule.least_strides.is_none();
        if too_few && chosen.decision.status != Status::Found {
            // Two strides may show a fault; that there is none, or nearly one, they cannot.
            let (id, reason, remedy) = words::missing(Missing::TooFewStrides(STRIDES), self.observed.strides);
            return (refused(rule, id, reason, remedy), None);
        }
        if too_few {
            caps.push((Severity::Mild, "provisional", words::provisional(chosen.n)));
        }
        if quantity.approximate && !caps.iter().any(|c| c.1 == "contacts_approximate") {
            let reason = words::refusal("contacts_approximate", 0.0).0;
            caps.push((Severity::Mild, "contacts_approximate", reason));
        }
        let mut finding = self.written(rule, chosen, quantity, candidates, &caps);
        // What is told of the whole body has no side that is missing.
        let open = unjudged(rule, candidates, self.observed, self.context)
            .filter(|_| finding.side != SideOfBody::Whole);
        finding.unjudged = open.map(|(side, why)| {
            let (reason, remedy) = if why.is_unseen() && self.context.near == Some(side.mirror()) {
                words::far_side_hidden()
            } else {
                let (_, reason, remedy) = words::missing(why, self.observed.strides);
                (reason, remedy)
            };
            Unjudged { side, reason, remedy }
        });
        let good = good(rule, chosen, &finding);
        (finding, good)
    }

    fn written(
        &self,
        rule: &Rule,
        chosen: &Candidate,
        quantity: &Quantity,
        candidates: &[Candidate],
        caps: &[Cap],
    ) -> Finding {
        let decision = &chosen.decision;
        let condition = &rule.conditions[decision.condition];
        let most = caps.iter().map(|c| c.0).chain([rule.at_most]).min().unwrap_or(Severity::Severe);
        let severity = decision.severity.map(|s| s.min(most));
        let grade = severity.unwrap_or(Severity::Mild) as usize;
        let found = found_sides(rule, candidates);
        let both = severity.is_some() && found.len() > 1;
        let told: &[&Candidate] = if both { &found } else { &[chosen] };
        let mut strides: Vec<usize> =
            told.iter().flat_map(|c| c.decision.beyond[grade].iter().copied()).collect();
        strides.sort_unstable();
        strides.dedup();
        let judged = told.iter().map(|c| c.n).sum();
        if severity.is_none() && !quantity.counts_strides {
            strides.clear();
        }
        let capping = caps.iter().find(|c| {
            decision.severity.is_some_and(|s| s > c.0 || c.1 == "provisional")
                && decision.status == Status::Found
        });
        let (reason, untold) = self.reason(rule, decision, quantity, capping, judged);
        let sides = both_sides(rule, candidates, chosen, most).or_else(|| quantity.sides.clone());
        let place = evidence(rule, condition, quantity, &decision.beyond[grade], self.observed, chosen.side);
        Finding {
            status: decision.status,
            severity,
            what: condition.what.clone().unwrap_or_else(|| rule.what.clone()),
            statistic: condition.statistic,
            metric: named(&quantity.metric, chosen.side),
            side: match self.observed.has_sides(&condition.metric) {
                true if both => SideOfBody::Both,
                true => side_of_body(chosen.side),
                false => SideOfBody::Whole,
            },
            value: Some(quantity.value),
            unit: quantity.unit.clone(),
            uncertainty: Some(quantity.uncertainty),
            target: rule.target.filter(|_| decision.condition == 0),
            limit: condition.limits.map(|l| l.at[grade]),
            beyond: condition.limits.map(|l| l.beyond),
            probability: Some(decision.probability[grade]),
            judged_strides: judged,
            moments: moments(rule, condition, &strides, self.observed, chosen.side),
            strides,
            stride_values: stride_values(rule, told),
            sides,
            evidence: place,
            refusal: capping.map(|c| c.1),
            reason,
            untold,
            ..blank(rule)
        }
    }

    /// Why it is not sure, and what told of the athlete or the sled would settle it.
    fn reason(
        &self,
        rule: &Rule,
        decision: &Decision,
        quantity: &Quantity,
        capping: Option<&Cap>,
        judged: usize,
    ) -> (Option<String>, Vec<Untold>) {
        let mut parts: Vec<String> = Vec::new();
        let mut untold = Vec::new();
        if decision.not_persistent {
            parts.push(words::not_persistent(decision.beyond[0].len(), judged));
        } else if decision.status == Status::Borderline {
            parts.push(words::near_limit(decision.probability[0]));
        }
        parts.extend(capping.map(|c| c.2.clone()));
        if decision.status != Status::Clear {
            if quantity.assumed.is_some() {
                parts.push(words::assumed_leg());
                untold.push(Untold::Height);
            }
            if let Some((note, what)) = self.by_default(rule) {
                parts.push(note);
                untold.push(what);
            }
        }
        ((!parts.is_empty()).then(|| parts.join(" ")), untold)
    }

    /// A note where the rule holds for an option that nobody chose.
    fn by_default(&self, rule: &Rule) -> Option<(String, Untold)> {
        let (variant, option) = rule.only.iter().find(|(variant, _)| !self.asked.contains_key(variant))?;
        self.choices.get(variant).filter(|c| *c == option)?;
        Some(match (variant.as_str(), option.as_str()) {
            ("load", "heavy") => (words::load_by_default(self.context.load), Untold::Load(self.context.load)),
            _ => (words::by_default(variant, option), Untold::Variant(variant.clone())),
        })
    }

    fn information(&self, rule: &Rule) -> Vec<Information> {
        let blocked = holding(self.context, &rule.needs).any(|(r, _)| r.effect == Effect::Block);
        let sides: Vec<Option<Side>> = if is_sided(rule, self.observed) {
            Side::BOTH.into_iter().map(Some).collect()
        } else {
            vec![None]
        };
        let told = |side: Option<Side>| {
            let quantity =
                Source::new(self.observed, side).quantity(rule.first(), Resolution::FINEST).ok()?;
            Some(Information {
                rule: rule.id.clone(),
                metric: named(&quantity.metric, side),
                what: rule.what.clone(),
                side: side_of_body(side),
                value: quantity.value,
                unit: quantity.unit,
                target: rule.target,
            })
        };
        if blocked { Vec::new() } else { sides.into_iter().filter_map(told).collect() }
    }
}

/// What each stride measured, of the sides told, where they are judged by a mean over their strides.
fn stride_values(rule: &Rule, told: &[&Candidate]) -> Vec<(usize, f64)> {
    let of_mean = |c: &&&Candidate| {
        let statistic = rule.conditions[c.decision.condition].statistic;
        matches!(statistic, Statistic::Mean | Statistic::BestThree) && alike(c, told[0])
    };
    let quantities = told.iter().filter(of_mean).filter_map(|c| c.quantity());
    let mut values: Vec<(usize, f64)> = quantities.flat_map(|q| q.strides.iter().copied()).collect();
    values.sort_by_key(|(index, _)| *index);
    values
}

/// The left and the right side's value, where each was judged by itself and by the same metric, and which of them is the
/// finding's where it is about both. What is found on one side says so of the other too.
fn both_sides(
    rule: &Rule,
    candidates: &[Candidate],
    chosen: &Candidate,
    most: Severity,
) -> Option<SideValues> {
    let of = |side: Side| candidates.iter().find(|c| c.side == Some(side));
    let (left, right) = (of(Side::Left)?, of(Side::Right)?);
    alike(left, right).then_some(())?;
    let outcome = |c: &Candidate| (c.decision.status, c.decision.severity.map(|s| s.min(most)));
    let both = found_sides(rule, candidates).len() > 1;
    Some(SideValues {
        left: left.quantity()?.value,
        right: right.quantity()?.value,
        unit: left.quantity()?.unit.clone(),
        outcomes: Some([outcome(left), outcome(right)]),
        farther: chosen.side.filter(|_| both),
    })
}

/// Whether two sides were decided by the same condition of the rule.
fn alike(one: &Candidate, other: &Candidate) -> bool {
    one.decision.condition == other.decision.condition
}

/// A rule that is not judged, and why.
fn refused(rule: &Rule, id: &'static str, reason: String, remedy: String) -> Finding {
    Finding {
        refusal: Some(id),
        reason: Some(reason),
        remedy: Some(remedy).filter(|r| !r.is_empty()),
        cue: None,
        ..blank(rule)
    }
}

/// A rule of which nothing is known yet.
fn blank(rule: &Rule) -> Finding {
    let citation = if rule.citation.is_empty() { String::new() } else { format!(": {}", rule.citation) };
    Finding {
        rule: rule.id.clone(),
        fault: rule.fault.clone(),
        status: Status::NotJudged,
        severity: None,
        metric: named(&rule.first().metric, None),
        what: rule.what.clone(),
        statistic: rule.first().statistic,
        side: SideOfBody::Whole,
        value: None,
        unit: String::new(),
        uncertainty: None,
        target: rule.target,
        limit: None,
        beyond: None,
        probability: None,
        judged_strides: 0,
        strides: Vec::new(),
        moments: Vec::new(),
        stride_values: Vec::new(),
        sides: None,
        unjudged: None,
        untold: Vec::new(),
        evidence: None,
        refusal: None,
        reason: None,
        remedy: None,
        cue: rule.cue.clone(),
        why: rule.why.clone(),
        source: format!("{}{citation}", rule.source.name()),
    }
}

fn side_of_body(side: Option<Side>) -> SideOfBody {
    side.map_or(SideOfBody::Whole, SideOfBody::One)
}

/// A metric's id without the stand-in for its side.
fn named(id: &str, side: Option<Side>) -> String {
    match side {
        Some(side) => id.replace("{side}", side.name()),
        None => id.replace("{side}_", "").replace("_{side}", ""),
    }
}
