//! `strides.csv`, `events.csv`, `waveforms.csv` and `findings.csv` from plain rows.

use super::ExportError;
use super::cell::{DEGREE_DECIMALS, confidence, csv_writer, number, seconds};
use super::summary::FindingRow;
use crate::gait::stride::{EventKind, EventMethod};
use crate::skeleton::Side;
use crate::units::{Confidence, Seconds};
use std::io::Write;

/// Decimals of a finding's value, limit and uncertainty, whatever their unit.
const FINDING_DECIMALS: usize = 3;

/// One stride and its metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct StrideRow {
    /// Number of the stride, from 1.
    pub stride: usize,
    /// Whose foot.
    pub side: Side,
    /// Start, s.
    pub start: Seconds,
    /// End, s.
    pub end: Seconds,
    /// Frame nearest to the start.
    pub start_frame: usize,
    /// Frame nearest to the end.
    pub end_frame: usize,
    /// Why it does not count, in words; none for a valid stride.
    pub reason: Option<String>,
    /// Metrics, one per column of the table; missing is none.
    pub values: Vec<Option<f64>>,
}

/// A column of `strides.csv` after the fixed ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricColumn {
    /// As in the catalogue, unit as suffix.
    pub name: String,
    /// How many decimals are written.
    pub decimals: usize,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// When, s.
    pub time: Seconds,
    /// Nearest frame.
    pub frame: usize,
    /// Which foot.
    pub side: Side,
    /// What happens.
    pub event: EventKind,
    /// How sure.
    pub confidence: Confidence,
    /// How it was found.
    pub method: EventMethod,
}

/// A quantity over the stride cycle, 0 to 100 %.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    /// Angle and, where an angle bears no side, the side whose strides these are: `left_knee`, `trunk_right`.
    pub name: String,
    /// Mean over valid strides at every percent, degrees; [`PERCENTS`] values.
    pub mean_deg: Vec<Option<f64>>,
    /// Standard deviation over valid strides at every percent, degrees; [`PERCENTS`] values.
    pub sd_deg: Vec<Option<f64>>,
}

/// Rows of `waveforms.csv`: 0 to 100 % inclusive.
pub const PERCENTS: usize = 101;

/// Writes `strides.csv`.
///
/// # Errors
/// When the output does not take it, or a row has more or fewer values than there are columns.
pub fn write_strides(
    out: impl Write,
    metrics: &[MetricColumn],
    rows: &[StrideRow],
) -> Result<(), ExportError> {
    const FIXED: [&str; 9] =
        ["stride", "side", "start_s", "end_s", "start_frame", "end_frame", "duration_s", "valid", "reason"];
    let mut csv = csv_writer(out);
    csv.write_record(FIXED.into_iter().chain(metrics.iter().map(|m| m.name.as_str())))?;
    for (i, row) in rows.iter().enumerate() {
        expect_width(i, metrics.len(), row.values.len())?;
        let fixed = [
            row.stride.to_string(),
            row.side.name().to_owned(),
            seconds(row.start),
            seconds(row.end),
            row.start_frame.to_string(),
            row.end_frame.to_string(),
            seconds(row.end - row.start),
            row.reason.is_none().to_string(),
            row.reason.clone().unwrap_or_default(),
        ];
        let values = metrics.iter().zip(&row.values).map(|(m, &value)| number(value, m.decimals));
        csv.write_record(fixed.into_iter().chain(values))?;
    }
    Ok(csv.flush()?)
}

/// Writes `events.csv`.
///
/// # Errors
/// When the output does not take it.
pub fn write_events(out: impl Write, rows: &[EventRow]) -> Result<(), ExportError> {
    let mut csv = csv_writer(out);
    csv.write_record(["time_s", "frame", "side", "event", "confidence", "method"])?;
    for row in rows {
        csv.write_record([
            &seconds(row.time),
            &row.frame.to_string(),
            row.side.name(),
            row.event.name(),
            &confidence(Some(row.confidence)),
            row.method.name(),
        ])?;
    }
    Ok(csv.flush()?)
}

/// Writes `waveforms.csv`: `percent`, then `<name>_mean_deg,<name>_sd_deg` per waveform.
///
/// # Errors
/// When the output does not take it, or a waveform has not [`PERCENTS`] values.
pub fn write_waveforms(out: impl Write, waveforms: &[Waveform]) -> Result<(), ExportError> {
    for (i, waveform) in waveforms.iter().enumerate() {
        expect_width(i, PERCENTS, waveform.mean_deg.len())?;
        expect_width(i, PERCENTS, waveform.sd_deg.len())?;
    }
    let mut csv = csv_writer(out);
    let columns =
        waveforms.iter().flat_map(|w| [format!("{}_mean_deg", w.name), format!("{}_sd_deg", w.name)]);
    csv.write_record(std::iter::once("percent".to_owned()).chain(columns))?;
    for percent in 0..PERCENTS {
        let values = waveforms.iter().flat_map(|w| {
            [w.mean_deg[percent], w.sd_deg[percent]].map(|value| number(value, DEGREE_DECIMALS))
        });
        csv.write_record(std::iter::once(percent.to_string()).chain(values))?;
    }
    Ok(csv.flush()?)
}

/// Writes `findings.csv`. Strides are separated by spaces; of the evidence the first piece is written, the rest is in the
/// summary.
///
/// # Errors
/// When the output does not take it.
pub fn write_findings(out: impl Write, rows: &[FindingRow]) -> Result<(), ExportError> {
    let mut csv = csv_writer(out);
    csv.write_record([
        "fault",
        "rule",
        "status",
        "severity",
        "metric",
        "what",
        "side",
        "value",
        "unit",
        "uncertainty",
        "limit",
        "probability",
        "strides",
        "evidence_start_s",
        "evidence_end_s",
        "evidence_frame",
        "reason",
        "cue",
        "source",
    ])?;
    for row in rows {
        csv.write_record(finding_cells(row))?;
    }
    Ok(csv.flush()?)
}

fn finding_cells(row: &FindingRow) -> [String; 19] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let strides: Vec<String> = row.strides.iter().map(ToString::to_string).collect();
    let evidence = row.evidence.first();
    [
        row.fault.clone(),
        text(&row.rule),
        row.status.clone(),
        text(&row.severity),
        text(&row.metric),
        text(&row.what),
        text(&row.side),
        number(row.value, FINDING_DECIMALS),
        text(&row.unit),
        number(row.uncertainty, FINDING_DECIMALS),
        number(row.limit, FINDING_DECIMALS),
        number(row.probability, FINDING_DECIMALS),
        strides.join(" "),
        evidence.map_or_else(String::new, |e| seconds(Seconds(e.start_s))),
        evidence.map_or_else(String::new, |e| seconds(Seconds(e.end_s))),
        evidence.map_or_else(String::new, |e| e.frame.to_string()),
        text(&row.reason),
        text(&row.cue),
        text(&row.source),
    ]
}

fn expect_width(row: usize, expected: usize, found: usize) -> Result<(), ExportError> {
    if expected == found { Ok(()) } else { Err(ExportError::Ragged { row, expected, found }) }
}

#[cfg(test)]
mod tests {
    use super::super::summary::Evidence;
    use super::*;

    fn records(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn stride(reason: Option<&str>, values: Vec<Option<f64>>) -> StrideRow {
        StrideRow {
            stride: 3,
            side: Side::Right,
            start: Seconds(1.25),
            end: Seconds(2.0),
            start_frame: 37,
            end_frame: 60,
            reason: reason.map(str::to_owned),
            values,
        }
    }

    #[test]
    fn strides_have_fixed_columns_then_metrics() {
        let metrics = [("trunk_mean_deg", 2), ("duty_factor", 3)]
            .map(|(name, decimals)| MetricColumn { name: name.to_owned(), decimals });
        let rows = [
            stride(None, vec![Some(44.126), None]),
            stride(Some("not seen, 40 % hidden"), vec![None, Some(0.6)]),
        ];
        let mut out = Vec::new();
        write_strides(&mut out, &metrics, &rows).unwrap();
        let back = records(&out);
        assert_eq!(
            back[0].join(","),
            "stride,side,start_s,end_s,start_frame,end_frame,duration_s,valid,reason,trunk_mean_deg,duty_factor"
        );
        assert_eq!(back[1].join("|"), "3|right|1.250000|2.000000|37|60|0.750000|true||44.13|");
        assert_eq!(back[2][7..], ["false", "not seen, 40 % hidden", "", "0.600"]);
    }

    #[test]
    fn a_row_of_another_width_is_an_error() {
        let error = write_strides(Vec::new(), &[], &[stride(None, vec![Some(1.0)])]).unwrap_err();
        assert!(matches!(error, ExportError::Ragged { row: 0, expected: 0, found: 1 }));
        let short =
            Waveform { name: "trunk_left".to_owned(), mean_deg: vec![None; 100], sd_deg: vec![None; 101] };
        assert!(matches!(write_waveforms(Vec::new(), &[short]), Err(ExportError::Ragged { found: 100, .. })));
    }

    #[test]
    fn events_use_the_words_of_the_field() {
        let row = EventRow {
            time: Seconds(0.5),
            frame: 15,
            side: Side::Left,
            event: EventKind::InitialContact,
            confidence: Confidence::new(0.75),
            method: EventMethod::FootSpeed,
        };
        let mut out = Vec::new();
        write_events(&mut out, &[row]).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "time_s,frame,side,event,confidence,method\n0.500000,15,left,initial_contact,0.750,foot_speed\n"
        );
    }

    #[test]
    fn waveforms_run_from_0_to_100_percent() {
        let mean_deg: Vec<_> = (0..PERCENTS).map(|p| (p != 50).then_some(p as f64 / 2.0)).collect();
        let knee = Waveform { name: "left_knee".to_owned(), mean_deg, sd_deg: vec![Some(1.0); PERCENTS] };
        let mut out = Vec::new();
        write_waveforms(&mut out, &[knee]).unwrap();
        let back = records(&out);
        assert_eq!(back.len(), 1 + PERCENTS);
        assert_eq!(back[0], ["percent", "left_knee_mean_deg", "left_knee_sd_deg"]);
        assert_eq!(back[51], ["50", "", "1.00"]);
        assert_eq!(back[101], ["100", "50.00", "1.00"]);
    }

    #[test]
    fn findings_keep_commas_quotes_and_gaps() {
        let found = FindingRow {
            fault: "too_upright".to_owned(),
            status: "found".to_owned(),
            severity: Some("moderate".to_owned()),
            value: Some(13.9),
            strides: vec![2, 3, 5],
            evidence: vec![Evidence { start_s: 1.0, end_s: 1.5, frame: 37 }],
            cue: Some("Lean in, \"hips down\"".to_owned()),
            ..FindingRow::default()
        };
        let refused = FindingRow {
            fault: "knee_collapse".to_owned(),
            status: "not_judged".to_owned(),
            reason: Some("legs not seen".to_owned()),
            ..FindingRow::default()
        };
        let mut out = Vec::new();
        write_findings(&mut out, &[found, refused]).unwrap();
        let back = records(&out);
        assert_eq!(back[1][12..16], ["2 3 5", "1.000000", "1.500000", "37"]);
        assert_eq!(back[1][17], "Lean in, \"hips down\"");
        assert_eq!(back[2].join("|"), "knee_collapse||not_judged||||||||||||||legs not seen||");
    }
}
