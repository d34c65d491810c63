//! Findings as rows of `findings.csv` and of the summary.

use super::rows::{nearest_frame, number_of};
use crate::analysis::Athlete;
use crate::export::summary::{Evidence, FindingRow};
use crate::findings::{Finding, SideOfBody, Unjudged};

/// Every rule's outcome, in order of importance.
pub(super) fn rows(athlete: Option<&Athlete>) -> Vec<FindingRow> {
    let Some(athlete) = athlete else { return Vec::new() };
    athlete.judgement.assessment.findings.iter().map(|finding| row(athlete, finding)).collect()
}

/// Why it is no more than it is, and which side is left open.
fn reason(finding: &Finding) -> Option<String> {
    let side = finding.unjudged.as_ref().map(Unjudged::told);
    let told: Vec<String> = finding.reason.clone().into_iter().chain(side).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn row(athlete: &Athlete, finding: &Finding) -> FindingRow {
    let evidence = finding.evidence.map(|e| Evidence {
        start_s: e.start.0,
        end_s: e.end.0,
        frame: nearest_frame(&athlete.prepared, e.at),
    });
    FindingRow {
        fault: finding.fault.clone(),
        rule: Some(finding.rule.clone()),
        status: finding.status.name().to_owned(),
        severity: finding.severity.map(|s| s.name().to_owned()),
        metric: Some(finding.metric.clone()),
        what: Some(finding.what.clone()),
        statistic: Some(finding.statistic.name().to_owned()),
        side: (finding.side != SideOfBody::Whole).then(|| finding.side.name().to_owned()),
        value: finding.value,
        unit: Some(finding.unit.clone()),
        uncertainty: finding.uncertainty,
        limit: finding.limit,
        probability: finding.probability,
        strides: finding.strides.iter().map(|index| number_of(*index)).collect(),
        evidence: evidence.into_iter().collect(),
        reason: reason(finding),
        cue: finding.cue.clone(),
        source: Some(finding.source.clone()),
    }
}
