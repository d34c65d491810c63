//! What could not be judged, gathered by reason: what stands on one line for a reader.

use super::assess::Assessment;
use super::finding::{Finding, SideOfBody, Status};
use crate::skeleton::Side;

/// A reason, and what it stands in the way of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open<'a> {
    /// Why, in a sentence.
    pub reason: String,
    /// How to film so that it can be judged; empty where nothing helps.
    pub remedy: &'a str,
    /// The faults, each once; with what is measured where the same fault is told elsewhere too.
    pub faults: Vec<String>,
}

impl Assessment {
    /// Rules that were not judged, and sides that were not while the other one was; a line for each reason.
    #[must_use]
    pub fn open(&self) -> Vec<Open<'_>> {
        let mut all: Vec<Open> = Vec::new();
        for finding in &self.findings {
            let Some((reason, remedy)) = self.why_open(finding) else { continue };
            let fault = self.told_apart(finding);
            match all.iter_mut().find(|open| open.reason == reason) {
                Some(open) if open.faults.contains(&fault) => {}
                Some(open) => open.faults.push(fault),
                None => all.push(Open { reason, remedy, faults: vec![fault] }),
            }
        }
        all
    }

    /// What to say where nothing is to be fixed: of how much that is said.
    #[must_use]
    pub fn nothing_to_fix(&self) -> String {
        let all = self.findings.len();
        match self.findings.iter().filter(|f| f.status != Status::NotJudged).count() {
            0 => "Nothing could be judged.".to_owned(),
            judged if judged == all && self.open().is_empty() => "Nothing to fix was found.".to_owned(),
            judged if judged == all => "Nothing to fix was found in what could be judged.".to_owned(),
            judged => format!("Nothing to fix was found in what could be judged: {judged} of {all} checks."),
        }
    }

    fn why_open<'a>(&self, finding: &'a Finding) -> Option<(String, &'a str)> {
        if finding.status == Status::NotJudged {
            let reason = finding.reason.as_deref().unwrap_or("No reason was noted.");
            return Some((reason.to_owned(), finding.remedy.as_deref().unwrap_or("")));
        }
        let unjudged = finding.unjudged.as_ref().filter(|u| !self.is_judged_elsewhere(finding, u.side))?;
        Some((unjudged.told(), &unjudged.remedy))
    }

    /// Whether another rule looked for the same fault on that side too.
    fn is_judged_elsewhere(&self, finding: &Finding, side: Side) -> bool {
        let others = self.findings.iter().filter(|f| f.fault == finding.fault);
        others
            .filter(|f| f.status != Status::NotJudged && f.side != SideOfBody::Whole)
            .any(|f| f.unjudged.as_ref().is_none_or(|unjudged| unjudged.side != side))
    }

    /// The fault's name; with what was measured where another rule of the same fault fared otherwise.
    #[must_use]
    pub fn told_apart(&self, finding: &Finding) -> String {
        let fared = |f: &Finding| (f.status, f.reason.clone());
        let mut others = self.findings.iter().filter(|f| f.fault == finding.fault && f.rule != finding.rule);
        if others.any(|f| fared(f) != fared(finding)) {
            format!("{} ({})", finding.title(), finding.what)
        } else {
            finding.title().to_owned()
        }
    }
}
