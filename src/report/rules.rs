//! Every rule of the profile with its outcome, its limit and where the limit comes from.

use super::text::{band, escape, measured, side};
use crate::analysis::Athlete;
use crate::findings::words::LIMITS_NOTE;
use crate::findings::{Finding, Status};
use std::fmt::Write;

pub(super) fn write(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let assessment = &athlete.judgement.assessment;
    if assessment.findings.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<details class=\"screen\"><summary><h2>Everything that was checked</h2></summary>\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of every rule\"><table class=\"rules\"><thead><tr>\
         <th scope=\"col\">Fault looked for</th><th scope=\"col\">Outcome</th><th scope=\"col\">Measured</th><th scope=\"col\">Value</th>\
         <th scope=\"col\">Target</th><th scope=\"col\">Limit</th><th scope=\"col\">Beyond it</th><th scope=\"col\">Where the limit comes from</th>\
         </tr></thead><tbody>",
    );
    for finding in &assessment.findings {
        let outcome = outcome(finding);
        let value = finding.value.map_or_else(String::new, |v| {
            let spread =
                finding.uncertainty.map_or_else(String::new, |u| format!(" ± {}", super::text::short(u)));
            format!("{}{spread}", measured(v, &finding.unit))
        });
        let probability = finding.probability.map_or_else(String::new, |p| format!("{:.0} %", 100.0 * p));
        write!(
            page,
            "<tr><th scope=\"row\">{}{}</th><td class=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(finding.title()),
            escape(&side(finding.side)),
            finding.status.name(),
            escape(&outcome),
            escape(&finding.what),
            escape(&value),
            escape(&finding.target.map_or_else(String::new, |t| band(t, &finding.unit))),
            escape(&finding.limit.map_or_else(String::new, |l| measured(l, &finding.unit))),
            probability,
            escape(&finding.source)
        )?;
    }
    page.push_str("</tbody></table></div>");
    information(page, athlete)?;
    write!(page, "<p class=\"note\">{}</p></details>", escape(LIMITS_NOTE))
}

/// The grade, or what became of it; what is clear may lie outside the target, which is what is good and no limit.
fn outcome(finding: &Finding) -> String {
    let outside = finding.value.zip(finding.target).is_some_and(|(value, target)| !target.contains(value));
    match (finding.severity, finding.status) {
        (Some(severity), _) => severity.name().to_owned(),
        (None, Status::Clear) if outside => "clear, though outside the target".to_owned(),
        (None, status) => status.name().replace('_', " "),
    }
}

fn information(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let information = &athlete.judgement.assessment.information;
    if information.is_empty() {
        return Ok(());
    }
    page.push_str("<h3>Good to know, never a fault</h3><ul>");
    for known in information {
        let usual = known.target.map_or_else(String::new, |t| format!("; usual {}", band(t, &known.unit)));
        write!(
            page,
            "<li>{}{}: {}{}</li>",
            escape(&known.what),
            escape(&side(known.side)),
            escape(&measured(known.value, &known.unit)),
            escape(&usual)
        )?;
    }
    page.push_str("</ul>");
    Ok(())
}
