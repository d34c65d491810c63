//! A list of clips: a CSV with a row per clip and what is known of it. Every mistake in it is told before the work begins.

use super::discover::{Found, name_of};
use super::{BatchError, Clip, exercise, sheet};
use crate::calendar::Day;
use crate::camera::scale::ScaleChoice;
use crate::job::{JobSettings, SetFacts};
use crate::settings;
use crate::technique;
use crate::units::Seconds;
use std::path::{Path, PathBuf};

/// The columns; all but the first may be left out.
pub const COLUMNS: [&str; 12] = [
    "clip",
    "athlete",
    "date",
    "exercise",
    "style",
    "load_kg",
    "body_mass_kg",
    "height_m",
    "attachment",
    "start",
    "end",
    "note",
];

/// A row: what is told of a clip, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// One cell per column of [`COLUMNS`]; nothing told is empty.
    pub cells: [String; COLUMNS.len()],
}

impl Row {
    /// The cell of a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = COLUMNS.iter().position(|c| *c == column)?;
        Some(self.cells[place].trim()).filter(|cell| !cell.is_empty())
    }

    /// Sets the cell of a column; one that there is not is left.
    pub fn set(&mut self, column: &str, value: impl Into<String>) {
        if let Some(place) = COLUMNS.iter().position(|c| *c == column) {
            self.cells[place] = value.into();
        }
    }
}

/// A day has begun in one part of the world before it has by universal time, days.
const DAYS_AHEAD: i64 = 1;

/// Reads a list. Paths in it are relative to its folder; what a row does not tell is as in `base`. `today`: the day by
/// universal time, where known; nothing was filmed after it.
///
/// # Errors
/// When it cannot be read, or with all mistakes in it, each with line, column, value and what is allowed.
pub fn read(list: &Path, base: &JobSettings, today: Option<Day>) -> Result<Vec<Clip>, BatchError> {
    let wrong = |mistakes: Vec<String>| BatchError::List {
        path: list.to_owned(),
        mistakes: mistakes.join("\n       "),
    };
    let rows = sheet::read(list).map_err(|mistake| wrong(vec![mistake]))?;
    let folder = list.parent().unwrap_or(Path::new(""));
    let (mut clips, mut mistakes) = (Vec::new(), Vec::new());
    for (line, row) in rows {
        match row.and_then(|row| clip(&row, folder, base, today)) {
            Ok(clip) => clips.push(clip),
            Err(mistake) => mistakes.push(format!("line {line}, {mistake}")),
        }
    }
    if !mistakes.is_empty() {
        return Err(wrong(mistakes));
    }
    Ok(clips)
}

/// The clip of a row; what is wrong with it, with the column.
fn clip(row: &Row, folder: &Path, base: &JobSettings, today: Option<Day>) -> Result<Clip, String> {
    let path = row.get("clip").ok_or("column clip: it is empty; give the path of the clip")?;
    let mut job = base.clone();
    job.input = folder.join(path);
    facts(row, today, &mut job.facts)?;
    if let Some(height) = parsed(row, "height_m", settings::height)? {
        job.analysis.motion.scale = ScaleChoice::AthleteHeight(height);
    }
    let time = |column| parsed::<Seconds, _>(row, column, settings::time);
    job.watch.read.start = time("start")?.or(job.watch.read.start);
    job.watch.read.end = time("end")?.or(job.watch.read.end);
    job.watch.read.check().map_err(|e| format!("columns start and end: {e}"))?;
    job.analysis.technique = job.facts.technique().map_err(|e| e.to_string())?;
    job.results.told = job.facts.told();
    job.results.day = job.facts.date;
    Ok(Clip { name: name_of(Path::new(path)), job })
}

fn facts(row: &Row, today: Option<Day>, facts: &mut SetFacts) -> Result<(), String> {
    let words = |column: &str, before: &Option<String>| row.get(column).map(str::to_owned).or(before.clone());
    facts.athlete_name = words("athlete", &facts.athlete_name);
    facts.note = words("note", &facts.note);
    facts.attachment = words("attachment", &facts.attachment);
    if let Some(day) = parsed(row, "date", str::parse::<Day>)? {
        if let Some(today) = today.filter(|today| day.number() > today.number() + DAYS_AHEAD) {
            return Err(format!(
                "column date: {day} is yet to come (today is {today}); write the day on which the clip was filmed"
            ));
        }
        facts.date = Some(day);
    }
    facts.profile = exercise::of_row(row.get("exercise"), facts.profile.as_ref())
        .map_err(|mistake| format!("column exercise: {mistake}"))?;
    facts.load_kg = parsed(row, "load_kg", settings::kilograms)?.or(facts.load_kg);
    facts.body_mass_kg = parsed(row, "body_mass_kg", settings::body_mass)?.or(facts.body_mass_kg);
    if let Some(style) = row.get("style") {
        // One column for the way in which an exercise is done: a backpedal has a posture instead.
        let has_posture = |p: &technique::Profile| p.variants.iter().any(|v| v.name == "posture");
        if facts.profile.as_ref().is_some_and(has_posture) {
            facts.posture = Some(style.to_owned());
        } else {
            facts.style = Some(style.to_owned());
        }
    }
    Ok(())
}

fn parsed<T, E: std::fmt::Display>(
    row: &Row,
    column: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, String> {
    row.get(column).map(|cell| parse(cell).map_err(|e| format!("column {column}: {e}"))).transpose()
}

/// A list as text.
///
/// # Errors
/// When a row cannot be written, which only a lack of memory can cause.
pub fn text(rows: &[Row]) -> Result<String, csv::Error> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    csv.write_record(COLUMNS)?;
    for row in rows {
        csv.write_record(&row.cells)?;
    }
    let bytes = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A first list of what is in a folder, with what names and files tell.
#[must_use]
pub fn first(found: &[Found], folder: &Path) -> Vec<Row> {
    let row = |one: &Found| {
        let inner = one.path.strip_prefix(folder).map_or_else(|_| one.path.clone(), PathBuf::from);
        let mut row = super::guess::guess(&one.name, crate::video::filmed_on(&one.path));
        row.set("clip", inner.to_string_lossy().replace('\\', "/"));
        row
    };
    found.iter().map(row).collect()
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
