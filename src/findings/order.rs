//! What comes first: found before borderline before not judged before clear, the worst and surest on most strides
//! first; and at most three things to mend.

use super::assess::Assessment;
use super::finding::{Finding, Status};
use super::good::Good;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// More than three things at once are not mended by anybody.
pub const FIX_FIRST: usize = 3;
/// Probabilities closer than this are the same.
const SAME_PROBABILITY: f64 = 0.01;

/// Puts findings in order; equals stay in the order of the profile.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(before);
}

fn before(a: &Finding, b: &Finding) -> Ordering {
    let status = a.status.cmp(&b.status);
    if status != Ordering::Equal || matches!(a.status, Status::NotJudged | Status::Clear) {
        return status;
    }
    let steps = |f: &Finding| f.probability.map_or(0, |p| (p / SAME_PROBABILITY).round() as i64);
    let share = |f: &Finding| f.strides.len() as f64 / f.judged_strides.max(1) as f64;
    b.severity
        .cmp(&a.severity)
        .then_with(|| steps(b).cmp(&steps(a)))
        .then_with(|| share(b).total_cmp(&share(a)))
}

/// Leaves out praise for what another rule of the same fault holds against the athlete, and what was said already.
pub(super) fn praise(good: &mut Vec<Good>, findings: &[Finding]) {
    let fault_of = |rule: &str| findings.iter().find(|f| f.rule == rule).map(|f| f.fault.as_str());
    let is_against = |f: &Finding| matches!(f.status, Status::Found | Status::Borderline);
    good.retain(|g| !findings.iter().any(|f| is_against(f) && Some(f.fault.as_str()) == fault_of(&g.rule)));
    let mut said = BTreeSet::new();
    good.retain(|g| said.insert(g.words.clone()));
}

impl Assessment {
    /// What else shows the fault of a finding, by another measure.
    pub fn same_fault(&self, place: usize) -> impl Iterator<Item = &Finding> {
        let fault = self.findings.get(place).map(|f| f.fault.as_str());
        let others = self.findings.iter().enumerate().filter(move |(i, _)| *i != place);
        others.map(|(_, f)| f).filter(move |f| f.status == Status::Found && Some(f.fault.as_str()) == fault)
    }

    /// Faults found beside those to fix first, each once, in order.
    #[must_use]
    pub fn after_the_first(&self) -> Vec<&Finding> {
        let mut told: Vec<&str> = self.fix_first.iter().map(|&i| self.findings[i].fault.as_str()).collect();
        let mut rest = Vec::new();
        for finding in self.findings.iter().filter(|f| f.status == Status::Found) {
            if !told.contains(&finding.fault.as_str()) {
                told.push(&finding.fault);
                rest.push(finding);
            }
        }
        rest
    }
}

/// The places of what to fix first in ordered findings: one for each fault.
pub(super) fn fix_first(findings: &[Finding]) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    for (i, finding) in findings.iter().enumerate() {
        let known = chosen.iter().any(|&c| findings[c].fault == finding.fault);
        if finding.status == Status::Found && !known && chosen.len() < FIX_FIRST {
            chosen.push(i);
        }
    }
    chosen
}
