//! What is said of an analysis on the terminal: a page that a coach can read.

use crate::analysis::{Analysis, Athlete, Judgement, Origin};
use crate::findings::reading::{band, choice, measured, part, side, unit, with_spread};
use crate::findings::{self, Assessment, Finding, LoadKnown, Status, Untold};
use crate::frame::Warning;
use crate::metrics::catalogue::{Row, Sides, Unit, row};
use crate::observation::Recording;
use crate::skeleton::Side;
use crate::technique::rule::Severity;
use std::collections::BTreeSet;
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
    let (clip, part) = (recording.clip.file.display(), part(recording));
    writeln!(text, "{clip}: {} frames, {part}", recording.frames.len())?;
    match &analysis.athlete {
        Some(athlete) => about(text, athlete)?,
        None if analysis.people.is_empty() => {
            writeln!(text, "Nobody was seen, so there is nothing to measure.")?;
        }
        None => writeln!(text, "Nothing was measured; the warning says why.")?,
    }
    writeln!(text, "Results: {}", folder.display())
}

fn about(text: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let facing = athlete.prepared.movement.facing.map_or("an unknown side", |f| f.name());
    let valid = athlete.gait.strides.iter().filter(|s| s.is_valid()).count();
    writeln!(
        text,
        "Athlete {} faces {facing}, travels {}; {valid} of {} strides count",
        athlete.track.0,
        athlete.travel().name().replace('_', " "),
        athlete.gait.strides.len()
    )?;
    if athlete.gait.strides.is_empty() {
        return Ok(());
    }
    judged(text, &athlete.judgement)?;
    if valid == 0 {
        return writeln!(text);
    }
    writeln!(text, "\nMeasured")?;
    for id in SHOWN {
        let (Some(row), Some(metric)) = (row(id), athlete.metrics.get(id, None)) else { continue };
        let Ok(value) = metric.value else { continue };
        let uncertainty = metric.uncertainty.map_or(String::new(), |u| format!(" ± {}", number(row, u)));
        let unit = match row.unit.symbol() {
            "leg" => "leg lengths",
            unit => unit,
        };
        let sides = sides(athlete, row).unwrap_or_default();
        writeln!(text, "  {:34} {:>8}{uncertainty} {unit}{sides}", row.name, number(row, value))?;
    }
    writeln!(text)
}

/// What either leg's strides measured, ", left 0.59, right 0.41", and what of it was seen too little to be judged by; none where both
/// read the same.
fn sides(athlete: &Athlete, row: &Row) -> Option<String> {
    let of = |side| {
        let metric = athlete.metrics.get(row.id, Some(side))?;
        let value = number(row, metric.value.ok()?);
        Some(if findings::is_seen_enough(metric) { value } else { format!("{value} (not well seen)") })
    };
    let (left, right) = (of(Side::Left)?, of(Side::Right)?);
    (row.sides == Sides::OfStride && left != right).then(|| format!(", left {left}, right {right}"))
}

/// Exercise, what to fix first, what was good, what was not judged.
fn judged(text: &mut String, judgement: &Judgement) -> std::fmt::Result {
    let Some(profile) = &judgement.profile else {
        return writeln!(
            text,
            "\nNothing was judged, because the exercise is not clear (--exercise says which it is)."
        );
    };
    let sure = match (judgement.origin, judgement.recognition.confidence()) {
        (Origin::Given, _) if !profile.is_built_in() => "by a profile of your own".to_owned(),
        (Origin::Given, _) => "as told".to_owned(),
        (Origin::Recognised, p) => format!("recognised, {:.0} % sure", 100.0 * p.unwrap_or(0.0)),
    };
    let choices: Vec<String> = judgement
        .choices
        .iter()
        .map(|(variant, option)| choice(variant, option, judgement.asked.contains(variant)))
        .collect();
    let choices = if choices.is_empty() { String::new() } else { format!("; {}", choices.join(", ")) };
    writeln!(text, "{} ({sure}{choices})", profile.title)?;
    let assessment = &judgement.assessment;
    writeln!(text)?;
    if assessment.fix_first.is_empty() {
        writeln!(text, "{}", assessment.nothing_to_fix())?;
    } else {
        writeln!(text, "Fix first")?;
    }
    let mut reasons = BTreeSet::new();
    for (place, index) in assessment.fix_first.iter().enumerate() {
        let found = &assessment.findings[*index];
        // What was assumed is told with the first finding that rests on it.
        let reason = found.reason.as_deref().filter(|r| reasons.insert(*r));
        finding(text, place + 1, found, reason)?;
        for other in assessment.same_fault(*index) {
            let what = format!("{}{}", other.what, side(other.side));
            writeln!(text, "     Also by {what}: {} ({})", value(other), grade(other))?;
        }
    }
    for other in assessment.after_the_first() {
        writeln!(text, "  Then: {} ({}), {}: {}", heading(other), grade(other), other.what, value(other))?;
    }
    let mut close = assessment.findings.iter().filter(|f| f.status == Status::Borderline).peekable();
    if close.peek().is_some() {
        writeln!(text, "\nBorderline")?;
    }
    for finding in close {
        borderline(text, finding)?;
    }
    if !assessment.good.is_empty() {
        writeln!(text, "\nGood")?;
        for good in &assessment.good {
            writeln!(text, "  - {} ({})", good.words, good.told())?;
        }
    }
    refusals(text, assessment)
}

fn finding(text: &mut String, place: usize, finding: &Finding, reason: Option<&str>) -> std::fmt::Result {
    writeln!(text, "  {place}. {} ({})", heading(finding), grade(finding))?;
    let value = value(finding);
    let target = finding.target.map_or(String::new(), |b| {
        format!(", target {}", band(b, if finding.unit == "deg" { "deg" } else { "" }))
    });
    writeln!(text, "     {}: {value}{target}", finding.what)?;
    if let Some(sides) = &finding.sides {
        writeln!(text, "     {}", sides.told().join(", "))?;
    }
    if let Some(unjudged) = &finding.unjudged {
        writeln!(text, "     {} side not judged", unjudged.side)?;
    }
    if let Some(evidence) = finding.evidence {
        let strides = if finding.strides.len() == 1 { "stride" } else { "strides" };
        let (beyond, at) = (numbers(&finding.strides), evidence.at.0);
        // What is made of all strides together is no stride's own.
        let is_of_strides = finding.statistic.counts_strides();
        let lead = if is_of_strides { format!("{} in", grade(finding)) } else { "over".to_owned() };
        writeln!(text, "     {lead} {strides} {beyond}; see {at:.2} s")?;
    }
    if let Some(reason) = reason {
        writeln!(
            text,
            "     {}",
            with_options(reason, &finding.untold.iter().map(option).collect::<Vec<_>>())
        )?;
    }
    if let Some(cue) = &finding.cue {
        writeln!(text, "     Say: \"{cue}\"")?;
    }
    Ok(())
}

fn grade(finding: &Finding) -> &'static str {
    finding.severity.map_or("", Severity::name)
}

/// The fault and its side.
fn heading(finding: &Finding) -> String {
    format!("{}{}", finding.title(), side(finding.side))
}

/// "75° (± 6)".
fn value(finding: &Finding) -> String {
    finding.value.map_or(String::new(), |value| {
        let (number, spread) = with_spread(value, finding.uncertainty);
        let spread = spread.map_or(String::new(), |u| format!(" (± {u})"));
        format!("{number}{}{spread}", unit(&finding.unit))
    })
}

/// What is close to a limit: its number, the limit, why it is not sure and what would tell.
fn borderline(text: &mut String, finding: &Finding) -> std::fmt::Result {
    let limit = finding.limit.map_or(String::new(), |l| format!(", limit {}", measured(l, &finding.unit)));
    write!(text, "  - {}: {} {}{limit}.", heading(finding), finding.what, value(finding))?;
    if let Some(reason) = &finding.reason {
        let options: Vec<String> = finding.untold.iter().map(option).collect();
        write!(text, " {}", with_options(reason, &options))?;
    }
    writeln!(text)
}

/// Places from 0 as numbers from 1; three and more in a row as the first and the last.
fn numbers(places: &[usize]) -> String {
    let in_a_row = |a: &usize, b: &usize| *b == a + 1;
    let rows = places.chunk_by(in_a_row).flat_map(|row| match row {
        [first, .., last] if row.len() > 2 => vec![format!("{} to {}", first + 1, last + 1)],
        _ => row.iter().map(|place| (place + 1).to_string()).collect(),
    });
    rows.collect::<Vec<_>>().join(", ")
}

/// One line per reason, with the faults it stands in the way of.
fn refusals(text: &mut String, assessment: &Assessment) -> std::fmt::Result {
    let open = assessment.open();
    if open.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nNot judged")?;
    for line in open {
        let remedy = if line.remedy.is_empty() { String::new() } else { format!(" {}", line.remedy) };
        writeln!(text, "  - {}: {}{remedy}", line.faults.join(", "), line.reason)?;
    }
    Ok(())
}

/// A warning in sentences, with the option that does what it asks for.
pub(super) fn warned(warning: &Warning) -> String {
    let option = match &*warning.id {
        "exercise_unsure" | "exercise_close" | "no_exercise" | "wrong_direction" | "looks_like_another"
        | "looks_like_none" => "--exercise",
        "athlete_unclear" | "athlete_in_parts" => "--athlete",
        "contacts_doubted" | "leg_hidden" => "--quality best",
        "no_stepping" => "--quality best, --capture-fps",
        "cutoff_too_high" => "--cutoff",
        "turns_round" | "other_way" | "walking_left_out" | "not_stepping_on" | "speed_changes"
        | "clip_cut" => "--start, --end",
        "camera_motion_unknown" => "--static-camera",
        "left_right_repaired" => "--no-left-right-repair",
        "fps_not_used" => "--fps",
        "capture_rate_from_file" | "slow_motion" | "fast_motion" => "--capture-fps",
        "size_guessed" => "--picture-width, --picture-height",
        _ => return warning.in_words(),
    };
    with_options(&warning.in_words(), &[option.to_owned()])
}

/// A remark's last sentence with the options that it is about.
fn with_options(words: &str, options: &[String]) -> String {
    if options.is_empty() {
        return words.to_owned();
    }
    format!("{} ({}).", words.trim_end_matches('.'), options.join(", "))
}

/// What tells what was not told.
fn option(untold: &Untold) -> String {
    match untold {
        Untold::Height => "--height".to_owned(),
        Untold::Load(LoadKnown::Nothing) => "--load-kg, --body-mass-kg".to_owned(),
        Untold::Load(LoadKnown::LoadAlone) => "--body-mass-kg".to_owned(),
        Untold::Load(LoadKnown::BodyMassAlone) => "--load-kg".to_owned(),
        // The words name the other style.
        Untold::Variant(variant) if variant == "style" => "--style tall".to_owned(),
        Untold::Variant(variant) => format!("--{variant}"),
    }
}

fn number(row: &Row, value: f64) -> String {
    match row.unit {
        Unit::Degrees | Unit::StepsPerMinute => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_adds_the_options_that_sentences_do_without() {
        let warning = Warning::new("no_exercise", "No sled exercise recognised", "if it is one, say which");
        assert!(warned(&warning).ends_with("If it is one, say which (--exercise)."), "{}", warned(&warning));
        let other = Warning::new("nobody", "Nobody was seen", "film the athlete");
        assert_eq!(warned(&other), other.in_words());
        let load = Untold::Load(LoadKnown::LoadAlone);
        let told =
            [option(&Untold::Height), option(&load), option(&Untold::Variant("attachment".to_owned()))];
        assert_eq!(told, ["--height", "--body-mass-kg", "--attachment"]);
        assert_eq!(with_options("Say so.", &told[..1]), "Say so (--height).");
        assert_eq!(with_options("Say so.", &[]), "Say so.");
    }

    #[test]
    fn numbers_in_a_row_are_told_by_their_ends() {
        let told = [(&[0, 1, 2, 3][..], "1 to 4"), (&[0, 1, 4], "1, 2, 5"), (&[2, 5, 6, 7], "3, 6 to 8")];
        for (places, words) in told {
            assert_eq!(numbers(places), words);
        }
        assert_eq!(numbers(&[]), "");
    }
}
