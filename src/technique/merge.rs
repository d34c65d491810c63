//! A profile on top of another: what is said wins, rules are met by their id.

use super::raw::{RawProfile, RawRule};
use toml::Spanned;

/// `own` on top of `base`.
pub(super) fn merged(mut own: RawProfile, mut base: RawProfile) -> RawProfile {
    let own_rules = own.rule.take();
    let span = own_rules.as_ref().map_or(0..0, Spanned::span);
    let base_rules = base.rule.take();
    let mut result = own.over(base);
    let mut rules = inner(base_rules);
    for rule in inner(own_rules) {
        match rules.iter_mut().find(|r| id(r).is_some() && id(r) == id(&rule)) {
            Some(place) => *place = over(rule, place.clone()),
            None => rules.push(rule),
        }
    }
    result.rule = Some(Spanned::new(span, rules));
    result
}

/// The ids of its rules.
pub(super) fn ids(raw: &RawProfile) -> Vec<&str> {
    raw.rule.iter().flat_map(Spanned::get_ref).filter_map(id).collect()
}

/// The id of a rule that `base` does not have and that is too short for one of one's own.
pub(super) fn misspelt<'a>(own: &'a RawProfile, base: &RawProfile) -> Option<&'a Spanned<String>> {
    let known = ids(base);
    let rules = own.rule.iter().flat_map(Spanned::get_ref);
    rules
        .filter(|rule| rule.fault.is_none())
        .filter_map(|rule| rule.id.as_ref())
        .find(|id| !known.contains(&id.get_ref().as_str()))
}

fn inner(rules: Option<Spanned<Vec<RawRule>>>) -> Vec<RawRule> {
    rules.map(Spanned::into_inner).unwrap_or_default()
}

fn id(rule: &RawRule) -> Option<&str> {
    rule.id.as_ref().map(|i| i.get_ref().as_str())
}

/// A rule on top of another. A limit on one side replaces that on the other, and conditions replace conditions.
fn over(own: RawRule, mut base: RawRule) -> RawRule {
    if own.above.is_some() {
        base.below = None;
    }
    if own.below.is_some() {
        base.above = None;
    }
    if own.all.is_some() || own.any.is_some() {
        (base.metric, base.above, base.below, base.all, base.any) = (None, None, None, None, None);
        (base.statistic, base.distance_from, base.or_metric) = (None, None, None);
        (base.threshold_above, base.threshold_below) = (None, None);
    }
    if own.metric.is_some() {
        (base.all, base.any, base.or_metric) = (None, None, None);
    }
    own.over(base)
}
