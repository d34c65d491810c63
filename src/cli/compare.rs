//! `sledform compare`: results held against the first, from what was typed to the page, the table and what is said of them.

use super::Outcome;
use super::arguments::CompareArguments;
use crate::comparison::{Comparison, Estimate, FaultKind, MetricChange, Verdict};
use crate::findings::words;
use crate::job::compare::{self, CompareSettings, Compared};
use crate::metrics::catalogue::Unit;
use crate::report::compare::{kind_words, main_changes, name, outcomes, summed_up};
use crate::results::{COMPARISON_PAGE, COMPARISON_TABLE};
use std::fmt::Write;
use std::path::PathBuf;

/// Where the page goes by default.
const OUT: &str = "compare.sledform";

pub(super) fn run(arguments: &CompareArguments) -> anyhow::Result<Outcome> {
    let settings = CompareSettings {
        inputs: arguments.results.clone(),
        names: arguments.names.clone(),
        out: arguments.out.clone().unwrap_or_else(|| PathBuf::from(OUT)),
    };
    let compared = compare::run(&settings)?;
    for warning in compared.cautions.iter().chain(&compared.warnings) {
        eprintln!("warning: {warning}");
    }
    if !arguments.quiet {
        super::say(&told(&compared));
    }
    let is_told = compared.page.comparisons.iter().any(|c| c.metrics.iter().any(|m| m.change.is_ok()));
    Ok(if is_told { Outcome::Done } else { Outcome::NothingJudged })
}

fn told(compared: &Compared) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = tell(&mut text, compared);
    text
}

fn tell(text: &mut String, compared: &Compared) -> std::fmt::Result {
    let page = &compared.page;
    writeln!(text, "{}", page.exercise.as_deref().unwrap_or("Comparison"))?;
    for result in &page.results {
        writeln!(text, "  {}: {}", result.label, result.facts.join(", "))?;
    }
    for (other, comparison) in page.results.iter().skip(1).zip(&page.comparisons) {
        numbers(text, &page.results[0].label, &other.label, comparison)?;
        faults(text, comparison)?;
    }
    let folder = &compared.folder;
    writeln!(text, "\nPage:  {}", folder.join(COMPARISON_PAGE).display())?;
    writeln!(text, "Table: {}", folder.join(COMPARISON_TABLE).display())
}

fn numbers(text: &mut String, first: &str, other: &str, comparison: &Comparison) -> std::fmt::Result {
    writeln!(text, "\n{first}, then {other}")?;
    for metric in main_changes(comparison) {
        let name = name(metric);
        let unit = match metric.row.unit.symbol() {
            "leg" => "legs",
            symbol => symbol,
        };
        let [from, to] = [metric.from, metric.to].map(|e| number(metric, e));
        let change = match metric.change {
            Ok(change) => {
                let verdict = match change.verdict {
                    Verdict::Changed => "changed",
                    Verdict::Likely => "likely changed",
                    Verdict::Noise => "within noise",
                };
                let by = [change.difference, change.uncertainty].map(|v| digits(metric, v));
                let is_zero = by[0].chars().all(|c| c == '0' || c == '.');
                let plus = if is_zero || by[0].starts_with('-') { "" } else { "+" };
                format!("{plus}{} ± {} {unit}, {verdict}", by[0], by[1])
            }
            Err(why) => why.to_string(),
        };
        writeln!(text, "  {name:34} {from:>8} {to:>8}   {change}")?;
    }
    writeln!(text, "  {}", summed_up(comparison))
}

fn faults(text: &mut String, comparison: &Comparison) -> std::fmt::Result {
    let shown: Vec<_> = comparison.faults.iter().filter(|f| f.kind != FaultKind::Quiet).collect();
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n  Faults")?;
    for fault in shown {
        let (name, outcomes) = (words::fault(&fault.fault), outcomes(fault));
        match kind_words(fault) {
            Some(kind) => writeln!(text, "  - {name}: {kind} ({outcomes})")?,
            None => writeln!(text, "  - {name}: {outcomes}")?,
        }
    }
    Ok(())
}

fn number(metric: &MetricChange, estimate: Option<Estimate>) -> String {
    estimate.map_or_else(|| "-".to_owned(), |e| digits(metric, e.value))
}

fn digits(metric: &MetricChange, value: f64) -> String {
    let text = match metric.row.unit {
        Unit::Degrees | Unit::StepsPerMinute => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    };
    let is_zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}
