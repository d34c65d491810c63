//! The faults of a clip as cards, with numbers as the report has them, and what a coach thinks of each.

use super::{count, fields, may_change, side};
use crate::findings::reading;
use crate::server::access::Who;
use crate::server::clips::Clip;
use crate::server::judged::{Fault, Finding};
use maud::{Markup, html};

/// More faults than the report names to be fixed first.
const FIX_FIRST: i64 = 3;

/// Reasons shown where nothing could be judged; the report has them all.
const REASONS: usize = 3;

/// The section under the report.
#[must_use]
pub fn section(clip: &Clip, faults: &[Fault], reasons: &[String], who: &Who) -> Markup {
    let all = clip.faults + clip.disagreed;
    html! {
        section aria-labelledby="judgements-title" {
            h2 id="judgements-title" { "Findings" }
            @if !clip.is_judged { (nothing_judged(reasons)) }
            @else if faults.is_empty() { p class="soft" { "No fault was found in this clip." } }
            @else { p class="soft" { "Counted: " (count(clip)) "." @if all > FIX_FIRST { " The report names the three to fix first." } } }
            ul class="cards" { @for fault in faults { (card(clip, fault, who)) } }
        }
    }
}

/// That nothing was judged, and why.
#[must_use]
pub fn nothing_judged(reasons: &[String]) -> Markup {
    html! {
        p class="problem" { "Nothing could be judged in this clip." @for reason in reasons.iter().take(REASONS) { " " (reason) } }
    }
}

fn card(clip: &Clip, fault: &Fault, who: &Who) -> Markup {
    let grade = fault.grade();
    let disagreement = fault.disagreement();
    html! {
        li class={ "card " (grade) @if fault.is_disagreed() { " disputed" } } {
            h3 { (fault.name()) (side(fault.side())) " " span class={ "grade " (grade) } { (grade) } }
            @for (place, finding) in fault.findings.iter().enumerate() {
                (numbers(finding, fault))
                @let is_new = fault.findings[..place].iter().all(|f| f.cue != finding.cue);
                @if let Some(cue) = finding.cue.as_ref().filter(|_| is_new) { p class="cue" { "“" (cue) "”" } }
            }
            @if let Some((author, reason)) = disagreement { p class="dispute" { strong { (author) " disagrees: " } (reason) } }
            @if may_change(who) {
                details {
                    summary { @if disagreement.is_some() { "Change" } @else { "I disagree" } }
                    form data-api={ "/api/v1/clips/" (clip.id) "/opinions" } data-method="POST" data-then="reload" {
                        input type="hidden" name="fault" value=(fault.id());
                        (fields::note("Why (empty takes it back)", "reason", disagreement.map_or("", |(_, reason)| reason)))
                        button { "Save" }
                    }
                }
            }
        }
    }
}

/// "15 ± 4° trunk lean, mean of the stride · target 45 to 75°".
fn numbers(finding: &Finding, fault: &Fault) -> Markup {
    let (value, spread) = finding.value.map_or((None, None), |v| {
        let (value, spread) = reading::with_spread(v, finding.uncertainty);
        (Some(value), spread)
    });
    html! {
        p class="number" {
            @if let Some(value) = value {
                b { (value) } @if let Some(spread) = spread { " ± " (spread) } (reading::unit(&finding.unit)) " "
            }
            (finding.what) @if fault.side().is_none() { (side(finding.side.as_deref())) }
            @if finding.severity.is_none() && fault.is_found() { " (borderline)" }
            @if let Some(target) = finding.target { span class="soft" { " · target " (reading::band(target, &finding.unit)) } }
        }
    }
}

/// Above a report, which is a file and stays as it was made: what of it the coach disagrees with. The reasons are the coach's own.
#[must_use]
pub fn disagreed(faults: &[Fault], with_reasons: bool) -> Markup {
    let all: Vec<&Fault> = faults.iter().filter(|fault| fault.is_disagreed()).collect();
    html! {
        @if !all.is_empty() {
            p class="dispute" {
                strong { "The coach disagrees with what this says of: " }
                @for (place, fault) in all.iter().enumerate() {
                    @if place > 0 { ", " }
                    (fault.name())
                    @if let Some((_, reason)) = fault.disagreement().filter(|_| with_reasons) { " (" (reason) ")" }
                }
                "."
            }
        }
    }
}
