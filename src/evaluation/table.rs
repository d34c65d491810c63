//! An evaluation as text: a table for people and rows for a file.

use super::agreement::Agreement;
use super::{Evaluation, EventAgreement, StrideAgreement};
use std::fmt;

/// One number of an evaluation, a row of `evaluation.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationRow {
    /// `angle`, `event` or `stride`.
    pub group: &'static str,
    /// Which angle, event or quantity of a stride.
    pub name: String,
    /// What it was compared with, as the reference calls it; empty where that is plain.
    pub reference: String,
    /// `bias`, `mae`, `rmse`, `sd`, `loa_low`, `loa_high`, `icc`, `coverage`, `precision`, ...
    pub statistic: &'static str,
    /// The number; missing is none.
    pub value: Option<f64>,
    /// Unit; empty for shares and counts.
    pub unit: &'static str,
    /// How many pairs are behind it.
    pub n: usize,
}

impl EvaluationRow {
    /// Names of the columns, in order.
    pub const COLUMNS: [&'static str; 7] = ["group", "name", "reference", "statistic", "value", "unit", "n"];

    /// The row as cells; a missing value is empty.
    #[must_use]
    pub fn cells(&self) -> [String; 7] {
        let value = self.value.filter(|v| v.is_finite()).map_or_else(String::new, |v| format!("{v:.6}"));
        let words = |s: &str| s.to_owned();
        [
            words(self.group),
            self.name.clone(),
            self.reference.clone(),
            words(self.statistic),
            value,
            words(self.unit),
            self.n.to_string(),
        ]
    }
}

impl Evaluation {
    /// Every number, one a row.
    #[must_use]
    pub fn rows(&self) -> Vec<EvaluationRow> {
        let mut rows = Vec::new();
        for angle in &self.angles {
            let of = (angle.angle.name().to_owned(), angle.origin.clone());
            rows.extend(numbers("angle", &of, "deg", &angle.agreement));
            let coverage = Some(angle.coverage);
            rows.push(row("angle", &of, "coverage", coverage, "", angle.agreement.n));
        }
        self.events.iter().for_each(|event| rows.extend(event_rows(event)));
        self.strides.iter().for_each(|strides| rows.extend(stride_rows(strides)));
        rows
    }
}

fn row(
    group: &'static str,
    (name, reference): &(String, String),
    statistic: &'static str,
    value: Option<f64>,
    unit: &'static str,
    n: usize,
) -> EvaluationRow {
    EvaluationRow { group, name: name.clone(), reference: reference.clone(), statistic, value, unit, n }
}

fn numbers(
    group: &'static str,
    of: &(String, String),
    unit: &'static str,
    a: &Agreement,
) -> Vec<EvaluationRow> {
    let number = |statistic, value, unit| row(group, of, statistic, value, unit, a.n);
    vec![
        number("bias", Some(a.bias), unit),
        number("mae", Some(a.mae), unit),
        number("rmse", Some(a.rmse), unit),
        number("sd", a.sd, unit),
        number("loa_low", a.limits.map(|l| l.0), unit),
        number("loa_high", a.limits.map(|l| l.1), unit),
        number("icc", a.icc, ""),
    ]
}

fn event_name(event: &EventAgreement) -> &'static str {
    event.kind.map_or("all_events", crate::gait::stride::EventKind::name)
}

fn event_rows(event: &EventAgreement) -> Vec<EvaluationRow> {
    let of = (event_name(event).to_owned(), String::new());
    let number = |statistic, value| row("event", &of, statistic, value, "", event.matched);
    let mut rows = vec![
        number("expected", Some(event.expected as f64)),
        number("found", Some(event.found as f64)),
        number("precision", event.precision),
        number("recall", event.recall),
        number("f1", event.f1),
    ];
    event.timing.iter().for_each(|timing| rows.extend(numbers("event", &of, "s", timing)));
    rows
}

fn stride_rows(strides: &StrideAgreement) -> Vec<EvaluationRow> {
    let named = |name: &str| (name.to_owned(), String::new());
    let number = |name, statistic, value| row("stride", &named(name), statistic, value, "", strides.matched);
    let mut rows = vec![
        number("strides", "expected", Some(strides.expected as f64)),
        number("strides", "found", Some(strides.found as f64)),
        number("strides", "matched", Some(strides.matched as f64)),
        number("cadence", "relative_error", strides.cadence_error),
        number("step_length", "relative_error", strides.step_length_error),
    ];
    strides.duration.iter().for_each(|a| rows.extend(numbers("stride", &named("duration"), "s", a)));
    strides.step_length.iter().for_each(|a| rows.extend(numbers("stride", &named("step_length"), "m", a)));
    rows
}

impl fmt::Display for Evaluation {
    /// The table for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<18} {:<24} {:>7} {:>7} {:>7} {:>17} {:>6} {:>6} {:>5}",
            "angle (deg)", "against", "bias", "MAE", "RMSE", "limits", "ICC", "seen", "n"
        )?;
        for angle in &self.angles {
            let a = &angle.agreement;
            let limits =
                a.limits.map_or_else(|| "-".to_owned(), |(low, high)| format!("{low:.1} to {high:.1}"));
            writeln!(
                f,
                "{:<18} {:<24} {:>7.2} {:>7.2} {:>7.2} {limits:>17} {:>6} {:>5.0}% {:>5}",
                angle.angle.name(),
                angle.origin,
                a.bias,
                a.mae,
                a.rmse,
                optional(a.icc, 2),
                100.0 * angle.coverage,
                a.n
            )?;
        }
        events_table(f, self)?;
        self.strides.iter().try_for_each(|strides| strides_table(f, strides))
    }
}

fn events_table(f: &mut fmt::Formatter<'_>, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.events.is_empty() {
        return Ok(());
    }
    writeln!(
        f,
        "\n{:<18} {:>8} {:>6} {:>9} {:>7} {:>6} {:>9} {:>8}",
        "events", "expected", "found", "precision", "recall", "F1", "bias (ms)", "SD (ms)"
    )?;
    for event in &evaluation.events {
        let ms = |value: Option<f64>| optional(value.map(|s| 1000.0 * s), 1);
        writeln!(
            f,
            "{:<18} {:>8} {:>6} {:>9} {:>7} {:>6} {:>9} {:>8}",
            event_name(event),
            event.expected,
            event.found,
            optional(event.precision, 3),
            optional(event.recall, 3),
            optional(event.f1, 3),
            ms(event.timing.map(|t| t.bias)),
            ms(event.timing.and_then(|t| t.sd))
        )?;
    }
    writeln!(f, "within {:.0} ms", 1000.0 * evaluation.tolerance.0)
}

fn strides_table(f: &mut fmt::Formatter<'_>, strides: &StrideAgreement) -> fmt::Result {
    writeln!(
        f,
        "\nstrides: {} of {} expected, {} at the same time",
        strides.found, strides.expected, strides.matched
    )?;
    let percent =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{:+.1} %", 100.0 * v));
    writeln!(f, "cadence: {}", percent(strides.cadence_error))?;
    if let Some(duration) = strides.duration {
        writeln!(f, "duration: bias {:+.1} ms, MAE {:.1} ms", 1000.0 * duration.bias, 1000.0 * duration.mae)?;
    }
    if let Some(length) = strides.step_length {
        writeln!(f, "step length: {}, MAE {:.3} m", percent(strides.step_length_error), length.mae)?;
    }
    Ok(())
}

fn optional(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.decimals$}"))
}
