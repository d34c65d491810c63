//! What changed, in the words and numbers one reads first: the main numbers, and the faults gone and new.

use super::{ComparisonPage, colour};
use crate::comparison::{
    Change, Comparison, FaultChange, FaultKind, FaultOutcome, MetricChange, Untold, Verdict,
};
use crate::findings::{Status, words};
use crate::metrics::catalogue::{Row, Sides, Unit};
use crate::report::text::{escape, measured, short, unit};
use std::fmt::Write;

/// The numbers that a coach asks for, in order, where measured: of the whole body, else of each side.
const MAIN: [&str; 13] = [
    "trunk_mean_deg",
    "knee_initial_contact_deg",
    "knee_terminal_contact_deg",
    "knee_drive_extension_deg",
    "knee_rom_deg",
    "cadence_steps_per_min",
    "step_length_leg",
    "step_length_m",
    "speed_leg_per_s",
    "speed_m_per_s",
    "contact_time_s",
    "left_arm_amplitude_deg",
    "right_arm_amplitude_deg",
];

pub(super) fn write(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    page.push_str("<section aria-labelledby=\"changed-title\"><h2 id=\"changed-title\">What changed</h2>");
    for (result, comparison) in content.results.iter().skip(1).zip(&content.comparisons) {
        let lead = if content.comparisons.len() > 1 { format!("{}: ", result.label) } else { String::new() };
        write!(page, "<p class=\"calm\">{}{}</p>", escape(&lead), escape(&summed_up(comparison)))?;
    }
    main_numbers(page, content)?;
    page.push_str("</section>");
    let several = content.comparisons.len() > 1;
    for (result, comparison) in content.results.iter().skip(1).zip(&content.comparisons) {
        faults(page, comparison, several.then_some(result.label.as_str()))?;
    }
    Ok(())
}

/// What `change` decides by, for who reads the table.
const WHAT_COUNTS: &str = "± is one standard deviation; a change counts from about two of them on.";

/// … and where it says so of less.
const WHAT_IS_LIKELY: &str = " Likely changed: by more than the strides vary, in clips filmed alike, so that most of what measurement is off by is the same in both, though ± counts it in full.";

/// How many numbers changed, and the largest of the main ones.
#[must_use]
pub fn summed_up(comparison: &Comparison) -> String {
    let compared = comparison.metrics.iter().filter(|m| m.change.is_ok()).count();
    let count = |verdict| comparison.told().filter(|(_, c)| c.verdict == verdict).count();
    let (changed, likely) = (count(Verdict::Changed), count(Verdict::Likely));
    if compared == 0 {
        let too_few = comparison.metrics.iter().any(|m| m.change.is_err_and(|e| e == Untold::TooFewStrides));
        let why =
            if too_few { "There are too few strides in one of them" } else { "Nothing was measured in both" };
        return format!("{why}, so nothing can be compared.");
    }
    if changed + likely == 0 {
        return format!(
            "None of {compared} numbers changed by more than noise{}. {WHAT_COUNTS}",
            not_compared(comparison)
        );
    }
    let of = |n: usize, words: &str| (n > 0).then(|| format!("{n} {words}"));
    let parts: Vec<String> =
        [of(changed, "changed"), of(likely, "likely changed")].into_iter().flatten().collect();
    let why_likely = if likely > 0 { WHAT_IS_LIKELY } else { "" };
    format!(
        "Of {compared} numbers {}, the others by no more than noise{}. {WHAT_COUNTS}{why_likely}",
        parts.join(", "),
        not_compared(comparison)
    )
}

/// How many numbers were measured in one result alone, or over too few strides.
fn not_compared(comparison: &Comparison) -> String {
    match comparison.metrics.iter().filter(|m| m.change.is_err()).count() {
        0 => String::new(),
        n => format!("; {n} could not be compared (too few strides, or not measured in both)"),
    }
}

/// The main numbers: whole body where there is one, else each side.
pub fn main_changes(comparison: &Comparison) -> impl Iterator<Item = &MetricChange> {
    MAIN.into_iter().flat_map(|id| {
        let of_id = || comparison.metrics.iter().filter(move |m| m.row.id == id);
        let whole = of_id().any(|m| m.side.is_none());
        of_id().filter(move |m| m.side.is_none() == whole)
    })
}

fn main_numbers(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    let Some(first) = content.comparisons.first() else { return Ok(()) };
    page.push_str(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The main numbers\"><table class=\"main-numbers\"><thead><tr><td></td>",
    );
    for (place, result) in content.results.iter().enumerate() {
        write!(page, "<th scope=\"col\" class=\"{}\">{}</th>", colour(place), escape(&result.label))?;
        if place > 0 {
            page.push_str("<th scope=\"col\">Change</th>");
        }
    }
    page.push_str("</tr></thead><tbody>");
    for metric in main_changes(first) {
        let others = content.comparisons.iter().map(|comparison| {
            comparison.metrics.iter().find(|m| m.row.id == metric.row.id && m.side == metric.side)
        });
        row(page, metric, others.collect::<Vec<_>>().as_slice())?;
    }
    page.push_str("</tbody></table></div>");
    Ok(())
}

/// The metric's name, with its side where it has both.
#[must_use]
pub fn name(metric: &MetricChange) -> String {
    let side = metric.side.filter(|_| metric.row.sides == Sides::OfStride);
    side.map_or_else(|| metric.row.name.to_owned(), |side| format!("{}, {side}", metric.row.name))
}

/// A row: the first's number, then number and change of each other.
pub(super) fn row(
    page: &mut String,
    metric: &MetricChange,
    others: &[Option<&MetricChange>],
) -> std::fmt::Result {
    let changes = || others.iter().flatten().filter_map(|m| m.change.ok());
    let best = [Verdict::Changed, Verdict::Likely]
        .into_iter()
        .find(|verdict| changes().any(|c| c.verdict == *verdict))
        .unwrap_or(Verdict::Noise);
    write!(
        page,
        "<tr class=\"{}\"><th scope=\"row\" title=\"{}\">{} <span class=\"note\">{}</span></th>",
        best.name(),
        escape(metric.row.definition),
        escape(&name(metric)),
        escape(&unit(metric.row.unit.symbol()).replace('°', " degrees"))
    )?;
    write!(page, "<td>{}</td>", number(metric.row, metric.from.map(|e| (e.value, e.uncertainty))))?;
    for other in others {
        let to = other.and_then(|m| m.to).map(|e| (e.value, e.uncertainty));
        let change = other.map_or(Err(Untold::OnlyInFirst), |m| m.change);
        write!(page, "<td>{}</td><td>{}</td>", number(metric.row, to), change_cell(metric.row, change))?;
    }
    page.push_str("</tr>");
    Ok(())
}

fn number(row: &Row, value: Option<(f64, Option<f64>)>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |(value, uncertainty)| {
            let spread = uncertainty
                .map_or_else(String::new, |u| format!("<span class=\"u\"> ± {}</span>", digits(row, u)));
            format!("{}{spread}", digits(row, value))
        },
    )
}

fn change_cell(row: &Row, change: Result<Change, Untold>) -> String {
    match change {
        Ok(change) => format!(
            "{} ± {} <span class=\"verdict {}\">{}</span>",
            signed(row, change.difference),
            digits(row, change.uncertainty),
            change.verdict.name(),
            change.verdict.name()
        ),
        Err(why) => format!("<span class=\"verdict untold\">{why}</span>"),
    }
}

/// As many decimals as the unit's resolution deserves.
fn digits(row: &Row, value: f64) -> String {
    let decimals = match row.unit {
        Unit::Degrees | Unit::StepsPerMinute => 0,
        Unit::Percent => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let is_zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    if is_zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

fn signed(row: &Row, value: f64) -> String {
    let text = digits(row, value);
    if value > 0.0 && text.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{text}") } else { text }
}

/// Every fault that was found in either, with what the number behind it did.
fn faults(page: &mut String, comparison: &Comparison, label: Option<&str>) -> std::fmt::Result {
    let shown: Vec<&FaultChange> = comparison.faults.iter().filter(|f| f.kind != FaultKind::Quiet).collect();
    let lead = label.map_or_else(String::new, |label| format!(": {}", escape(label)));
    write!(page, "<section><h2>Faults{lead}</h2>")?;
    if shown.is_empty() {
        page.push_str(if comparison.faults.is_empty() {
            "<p class=\"calm\">Faults were not compared.</p></section>"
        } else {
            "<p class=\"calm\">No fault was found in either.</p></section>"
        });
        return Ok(());
    }
    page.push_str("<ul class=\"faults\">");
    for fault in shown {
        let told = kind_words(fault);
        let kind = told.map_or("unsure", |_| fault.kind.name());
        let told = told.map_or_else(String::new, |words| format!("<span class=\"kind\">{words}</span>"));
        write!(
            page,
            "<li class=\"{kind}\"><b>{}</b> {told}<span class=\"note\">{}</span>",
            escape(words::fault(&fault.fault)),
            escape(&outcomes(fault))
        )?;
        let cue = fault.to.as_ref().and_then(|to| to.cue.as_ref()).filter(|_| is_there_now(fault.kind));
        if let Some(cue) = cue {
            write!(page, "<span class=\"cue\">“{}”</span>", escape(cue))?;
        }
        page.push_str("</li>");
    }
    page.push_str("</ul></section>");
    Ok(())
}

fn is_there_now(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::New | FaultKind::Worse | FaultKind::Still)
}

/// What became of a fault, in a word or two; nothing where the number behind a change of grade moved within noise alone, or
/// nobody can say as there are too few strides.
#[must_use]
pub fn kind_words(fault: &FaultChange) -> Option<&'static str> {
    let moved = !matches!(fault.kind, FaultKind::Still | FaultKind::Open | FaultKind::Quiet);
    let is_unsure = match fault.number {
        Some(Ok(number)) => number.verdict == Verdict::Noise,
        Some(Err(why)) => why == Untold::TooFewStrides,
        None => false,
    };
    if moved && is_unsure {
        return None;
    }
    Some(match fault.kind {
        FaultKind::New => "new",
        FaultKind::Worse => "worse",
        FaultKind::Still => "still there",
        FaultKind::Better => "better",
        FaultKind::Gone => "gone",
        FaultKind::Nearing => "close to its limit now",
        FaultKind::Open => "judged in one only",
        FaultKind::Quiet => "not found",
    })
}

/// "moderate, then not there; the number behind it changed by +29°", and the reason where one was not judged.
#[must_use]
pub fn outcomes(fault: &FaultChange) -> String {
    let word = |outcome: &Option<FaultOutcome>| {
        outcome.as_ref().map_or_else(
            || "not looked for".to_owned(),
            |o| match (o.severity, o.status) {
                (Some(severity), _) => severity.name().to_owned(),
                (None, Status::Clear) => "not there".to_owned(),
                (None, status) => status.name().replace('_', " "),
            },
        )
    };
    let mut text = format!("{}, then {}", word(&fault.from), word(&fault.to));
    if let (Some(Ok(number)), Some((name, unit))) =
        (fault.number, fault.behind.as_ref().and_then(number_behind))
    {
        let moved = measured(number.difference, &unit);
        let plus = if number.difference > 0.0 && short(number.difference) != "0" { "+" } else { "" };
        let sure = match number.verdict {
            Verdict::Changed => "more than noise",
            Verdict::Likely => "likely more than noise",
            Verdict::Noise => "within noise",
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "; {name} {plus}{moved}, {sure}");
    }
    if fault.kind == FaultKind::Open {
        let reason = [&fault.to, &fault.from]
            .into_iter()
            .flatten()
            .find(|o| o.status == Status::NotJudged)
            .and_then(|o| o.reason.clone());
        text.extend(reason.map(|reason| format!(". {reason}")));
    }
    text
}

/// What the number behind an outcome is called, and its unit.
fn number_behind(outcome: &FaultOutcome) -> Option<(String, String)> {
    if let Some(derived) = &outcome.derived {
        return Some((derived.what.clone(), derived.unit.clone()));
    }
    let row = crate::metrics::catalogue::row(&outcome.metric)?;
    Some((row.name.to_lowercase(), row.unit.symbol().to_owned()))
}
