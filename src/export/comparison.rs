//! `compare.csv`: one row for every metric, side and result held against the first.

use super::ExportError;
use super::cell::{csv_writer, number};
use crate::comparison::{Comparison, Estimate, Untold};
use std::io::Write;

/// More than any metric has.
const DECIMALS: usize = 4;
const PROBABILITY_DECIMALS: usize = 3;

const COLUMNS: [&str; 16] = [
    "first",
    "other",
    "metric",
    "side",
    "unit",
    "first_value",
    "first_uncertainty",
    "first_strides",
    "other_value",
    "other_uncertainty",
    "other_strides",
    "change",
    "change_uncertainty",
    "noise",
    "probability",
    "verdict",
];

/// Writes `compare.csv`: each comparison with the names of its two results.
///
/// # Errors
/// When the output does not take it.
pub fn write_comparisons(
    out: impl Write,
    comparisons: &[(&str, &str, &Comparison)],
) -> Result<(), ExportError> {
    let mut csv = csv_writer(out);
    csv.write_record(COLUMNS)?;
    for &(first, other, comparison) in comparisons {
        for metric in &comparison.metrics {
            let [a, b] = [metric.from, metric.to].map(cells);
            let change = metric.change.ok();
            let of = |get: fn(crate::comparison::Change) -> f64| number(change.map(get), DECIMALS);
            let verdict = metric.change.map_or_else(Untold::name, |c| c.verdict.name());
            csv.write_record([
                first,
                other,
                metric.row.id,
                metric.side.map_or("", |s| s.name()),
                metric.row.unit.symbol(),
                &a[0],
                &a[1],
                &a[2],
                &b[0],
                &b[1],
                &b[2],
                &of(|c| c.difference),
                &of(|c| c.uncertainty),
                &of(|c| c.noise),
                &number(change.map(|c| c.probability), PROBABILITY_DECIMALS),
                verdict,
            ])?;
        }
    }
    Ok(csv.flush()?)
}

/// Value, uncertainty and strides; empty where it was not measured.
fn cells(estimate: Option<Estimate>) -> [String; 3] {
    let n = estimate.map_or_else(String::new, |e| e.n.to_string());
    [number(estimate.map(|e| e.value), DECIMALS), number(estimate.and_then(|e| e.uncertainty), DECIMALS), n]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::{Measured, Subject, compare};

    #[test]
    fn changes_and_what_cannot_be_told_have_a_row_each() {
        let measured = |id: &str, value, uncertainty| Measured {
            id: id.to_owned(),
            side: None,
            estimate: Estimate { value, sd: Some(1.0), n: 8, uncertainty: Some(uncertainty) },
        };
        let first = Subject { measured: vec![measured("trunk_mean_deg", 15.0, 4.0)], ..Subject::default() };
        let other = Subject {
            measured: vec![measured("trunk_mean_deg", 45.0, 4.0), measured("step_time_s", 0.5, 0.1)],
            ..Subject::default()
        };
        let mut out = Vec::new();
        write_comparisons(&mut out, &[("before", "after, best", &compare(&first, &other))]).expect("written");
        let text = String::from_utf8(out).expect("CSV is UTF-8");
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(COLUMNS.join(",").as_str()));
        let told = lines.next().expect("a row");
        assert!(
            told.starts_with(
                "before,\"after, best\",trunk_mean_deg,,deg,15.0000,4.0000,8,45.0000,4.0000,8,30.0000,"
            ),
            "{told}"
        );
        assert!(told.ends_with(",1.000,changed"), "{told}");
        let untold = lines.next().expect("a row");
        assert!(untold.ends_with("step_time_s,,s,,,,0.5000,0.1000,8,,,,,only_in_other"), "{untold}");
    }
}
