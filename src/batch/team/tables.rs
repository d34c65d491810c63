//! The team's tables: a row per clip, per clip and metric, per stride, per judgement, each with who, when, what and how heavy.

use super::{TeamClip, unreadable};
use crate::export::tidy::{Kind, Table};
use crate::store::StoreError;
use std::path::{Path, PathBuf};

/// What every table begins with.
const SET: [(&str, Kind); 6] = [
    ("clip", Kind::Text),
    ("athlete", Kind::Text),
    ("date", Kind::Text),
    ("exercise", Kind::Text),
    ("load_kg", Kind::Number),
    ("body_mass_kg", Kind::Number),
];

fn set(clip: &TeamClip) -> Vec<String> {
    let told = |name: &str| clip.entry.told.get(name).map(plain).unwrap_or_default();
    vec![
        clip.entry.clip.clone(),
        clip.athlete.clone().unwrap_or_default(),
        clip.day.map(|day| day.to_string()).unwrap_or_default(),
        clip.exercise.clone().unwrap_or_default(),
        told("load_kg"),
        told("body_mass_kg"),
    ]
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn columns(more: &[(&str, Kind)]) -> Table {
    Table::new(&[&SET, more].concat())
}

/// A row per clip: what came of it.
pub(super) fn clips(clips: &[TeamClip]) -> Table {
    let mut table = columns(&[
        ("status", Kind::Text),
        ("reason", Kind::Text),
        ("faults", Kind::Text),
        ("warnings", Kind::Text),
        ("sha256", Kind::Text),
        ("in_last_run", Kind::Truth),
        ("report", Kind::Text),
    ]);
    for clip in clips {
        let mut row = set(clip);
        row.extend([
            clip.entry.status.name().to_owned(),
            clip.entry.reason.clone().unwrap_or_default(),
            clip.faults_found().join(" "),
            clip.entry.warned(),
            clip.entry.sha256.clone().unwrap_or_default(),
            clip.in_last_run.map(|is| is.to_string()).unwrap_or_default(),
            clip.report.clone().unwrap_or_default(),
        ]);
        table.rows.push(row);
    }
    table
}

/// A row per clip, metric and side.
pub(super) fn metrics(clips: &[TeamClip]) -> Table {
    let mut table = columns(&[
        ("metric", Kind::Text),
        ("side", Kind::Text),
        ("value", Kind::Number),
        ("unit", Kind::Text),
        ("sd", Kind::Number),
        ("strides", Kind::Whole),
        ("uncertainty", Kind::Number),
        ("target_low", Kind::Number),
        ("target_high", Kind::Number),
        ("missing_because", Kind::Text),
    ]);
    // Rounded to six decimals when the summary was written; the shortest form has no more.
    let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    for clip in clips {
        for metric in &clip.metrics {
            let mut row = set(clip);
            row.extend([
                metric.id.clone(),
                metric.side.clone().unwrap_or_default(),
                number(metric.value),
                metric.unit.clone(),
                number(metric.sd),
                metric.n.to_string(),
                number(metric.uncertainty),
                number(metric.target.map(|t| t[0])),
                number(metric.target.map(|t| t[1])),
                metric.status.clone().unwrap_or_default(),
            ]);
            table.rows.push(row);
        }
    }
    table
}

/// The rows of one table of every clip, one after the other.
pub(super) fn joined(clips: &[(PathBuf, TeamClip)], name: &str) -> Result<Table, StoreError> {
    let mut table = columns(&[]);
    for (folder, clip) in clips.iter().filter(|(_, clip)| clip.report.is_some()) {
        let path = folder.join(name);
        if path.is_file() {
            add(&mut table, &path, clip).map_err(|error| unreadable(&path, error))?;
        }
    }
    let width = table.columns.len();
    for row in &mut table.rows {
        row.resize(width, String::new());
    }
    Ok(table)
}

fn add(table: &mut Table, path: &Path, clip: &TeamClip) -> Result<(), csv::Error> {
    let mut csv = csv::Reader::from_path(path)?;
    // An older result may have fewer columns, or others.
    let mut places = Vec::new();
    for name in &csv.headers()?.clone() {
        let place = table.columns.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            table.columns.push((name.to_owned(), kind(name)));
            table.columns.len() - 1
        });
        places.push(place);
    }
    for record in csv.records() {
        let mut row = set(clip);
        row.resize(table.columns.len(), String::new());
        for (place, cell) in places.iter().zip(&record?) {
            cell.clone_into(&mut row[*place]);
        }
        table.rows.push(row);
    }
    Ok(())
}

/// What the cells of a column of `strides.csv` or `findings.csv` hold.
fn kind(column: &str) -> Kind {
    match column {
        "stride" | "start_frame" | "end_frame" | "evidence_frame" => Kind::Whole,
        "valid" => Kind::Truth,
        "start_s" | "end_s" | "duration_s" | "value" | "uncertainty" | "limit" | "probability"
        | "evidence_start_s" | "evidence_end_s" => Kind::Number,
        name if crate::metrics::catalogue::row(name).is_some() => Kind::Number,
        _ => Kind::Text,
    }
}
