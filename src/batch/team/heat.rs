//! Athletes against faults: in how many of the clips in which it could be judged was a fault found.

use super::TeamClip;
use super::html::{count, escape};
use crate::findings::words;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How often one fault was found in one athlete's clips.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Clips in which it was found.
    pub found: usize,
    /// Clips in which it could be judged.
    pub judged: usize,
    /// The worst grade found: 1 mild, 2 moderate, 3 severe.
    pub worst: usize,
}

const GRADES: [&str; 4] = ["", "mild", "moderate", "severe"];

/// Faults of a clip with how they stand: found with its grade, else judged.
fn of_clip(clip: &TeamClip) -> BTreeMap<&str, Cell> {
    let mut faults: BTreeMap<&str, Cell> = BTreeMap::new();
    for finding in clip.findings.iter().filter(|f| f.status != "not_judged") {
        let cell = faults.entry(&finding.fault).or_default();
        cell.judged = 1;
        if finding.status == "found" {
            let grade = GRADES.iter().position(|g| finding.severity.as_deref() == Some(*g)).unwrap_or(1);
            cell.found = 1;
            cell.worst = cell.worst.max(grade);
        }
    }
    faults
}

/// The cells of an athlete, by fault.
pub(super) fn cells<'a>(clips: impl Iterator<Item = &'a TeamClip>) -> BTreeMap<&'a str, Cell> {
    let mut all: BTreeMap<&str, Cell> = BTreeMap::new();
    for (fault, one) in clips.flat_map(of_clip) {
        let cell = all.entry(fault).or_default();
        cell.found += one.found;
        cell.judged += one.judged;
        cell.worst = cell.worst.max(one.worst);
    }
    all
}

/// The map. `athletes`: name, anchor on the page, clips.
pub(super) fn write(page: &mut String, athletes: &[(String, String, Vec<&TeamClip>)]) -> std::fmt::Result {
    let rows: Vec<BTreeMap<&str, Cell>> =
        athletes.iter().map(|(_, _, clips)| cells(clips.iter().copied())).collect();
    let mut totals: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (fault, cell) in rows.iter().flatten() {
        let total = totals.entry(fault).or_default();
        total.0 += cell.found;
        total.1 += cell.judged;
    }
    let mut faults: Vec<&str> = totals.iter().filter(|(_, t)| t.0 > 0).map(|(fault, _)| *fault).collect();
    faults.sort_by_key(|fault| (std::cmp::Reverse(totals[fault].0), *fault));
    page.push_str("<section><h2 id=\"faults\">Who does what</h2>");
    if faults.is_empty() {
        page.push_str("<p>No fault was found in what could be judged.</p>");
    } else {
        page.push_str(
            "<p class=\"hint\">In how many of the clips in which a fault could be judged it was found. A dot: it could not be \
             judged in any. The stronger the colour the more often, and red is severe, orange moderate, yellow mild at worst.</p>\
             <div class=\"wide\"><table class=\"heat\"><thead><tr><th scope=\"col\">Athlete</th>",
        );
        for fault in &faults {
            write!(page, "<th scope=\"col\"><span>{}</span></th>", escape(words::fault(fault)))?;
        }
        page.push_str("</tr></thead><tbody>");
        for ((name, anchor, _), cells) in athletes.iter().zip(&rows) {
            write!(page, "<tr><th scope=\"row\"><a href=\"#{anchor}\">{}</a></th>", escape(name))?;
            for fault in &faults {
                cell(page, fault, cells.get(fault))?;
            }
            page.push_str("</tr>");
        }
        page.push_str("</tbody></table></div>");
    }
    let clear: Vec<String> = totals
        .iter()
        .filter(|(_, total)| total.0 == 0)
        .map(|(fault, total)| format!("{} ({})", words::fault(fault), count(total.1, "clip")))
        .collect();
    if !clear.is_empty() {
        write!(page, "<p class=\"hint\">Judged and never found: {}.</p>", escape(&clear.join(", ")))?;
    }
    page.push_str("</section>");
    Ok(())
}

fn cell(page: &mut String, fault: &str, cell: Option<&Cell>) -> std::fmt::Result {
    let title = words::fault(fault);
    match cell.filter(|c| c.judged > 0) {
        None => write!(page, "<td class=\"none\" title=\"{}: not judged\">·</td>", escape(title)),
        Some(Cell { found: 0, judged, .. }) => {
            write!(
                page,
                "<td title=\"{}: not found in {}\">0/{judged}</td>",
                escape(title),
                count(*judged, "clip")
            )
        }
        Some(Cell { found, judged, worst }) => {
            /// The faintest colour that is still told from the paper, and the strongest on which text is still read, percent.
            const FROM_TO: (f64, f64) = (18.0, 70.0);
            let share = *found as f64 / *judged as f64;
            let strength = FROM_TO.0 + share * (FROM_TO.1 - FROM_TO.0);
            write!(
                page,
                "<td class=\"{grade}\" style=\"--much:{strength:.0}%\" title=\"{}: found in {found} of {}, {grade} at worst\">{found}/{judged}</td>",
                escape(title),
                count(*judged, "clip"),
                grade = GRADES[*worst]
            )
        }
    }
}
