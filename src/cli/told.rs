//! What is said of an analysis on the terminal: a page that a coach can read.

use crate::analysis::{Analysis, Athlete};
use crate::metrics::catalogue::{Row, Unit, row};
use crate::observation::Recording;
use std::fmt::Write;
use std::path::Path;

/// What is shown, in this order, where it was measured.
const SHOWN: [&str; 12] = [
    "cadence_steps_per_min",
    "trunk_mean_deg",
    "knee_initial_contact_deg",
    "knee_terminal_contact_deg",
    "knee_drive_extension_deg",
    "knee_rom_deg",
    "step_length_leg",
    "step_length_m",
    "speed_m_per_s",
    "contact_time_s",
    "left_arm_amplitude_deg",
    "right_arm_amplitude_deg",
];

pub(super) fn summary(recording: &Recording, analysis: &Analysis, folder: &Path) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = told(&mut text, recording, analysis, folder);
    text
}

fn told(text: &mut String, recording: &Recording, analysis: &Analysis, folder: &Path) -> std::fmt::Result {
    let seconds = recording.frames.last().map_or(0.0, |f| f.time.0);
    writeln!(text, "{}: {} frames, {seconds:.1} s", recording.clip.file.display(), recording.frames.len())?;
    match &analysis.athlete {
        Some(athlete) => about(text, athlete)?,
        None => writeln!(text, "Nobody was seen, so there is nothing to measure.")?,
    }
    writeln!(text, "Results: {}", folder.display())
}

fn about(text: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let facing = athlete.prepared.movement.facing.map_or("an unknown side", |f| f.name());
    let valid = athlete.gait.strides.iter().filter(|s| s.is_valid()).count();
    writeln!(
        text,
        "Athlete {} faces {facing}, travels {}, {valid} strides count of {} seen",
        athlete.track.0,
        athlete.travel().name().replace('_', " "),
        athlete.gait.strides.len()
    )?;
    let corrections = athlete.prepared.left_right.corrections();
    if corrections > 0 {
        writeln!(
            text,
            "Left and right were put right {corrections} times (--no-left-right-repair keeps them)"
        )?;
    }
    if valid == 0 {
        return Ok(());
    }
    writeln!(text)?;
    for id in SHOWN {
        let (Some(row), Some(metric)) = (row(id), athlete.metrics.get(id, None)) else { continue };
        let Ok(value) = metric.value else { continue };
        let uncertainty = metric.uncertainty.map_or(String::new(), |u| format!(" ± {}", number(row, u)));
        writeln!(text, "  {:34} {:>8}{uncertainty} {}", row.name, number(row, value), row.unit.symbol())?;
    }
    writeln!(text)
}

fn number(row: &Row, value: f64) -> String {
    match row.unit {
        Unit::Degrees | Unit::StepsPerMinute => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}
