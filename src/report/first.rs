//! The first screen: which exercise, what to fix first, the clip, what was good, what could not be judged.

use super::ReportOptions;
use super::card::{self, Drawing};
use super::text::{escape, part, sentence};
use crate::analysis::{Analysis, Athlete, Judgement, Origin};
use crate::findings::reading::choice;
use crate::findings::{Assessment, RAISED_FROM, Status, words};
use crate::observation::Recording;
use crate::skeleton::Side;
use crate::technique;
use std::fmt::Write;

/// The page's title.
pub(super) fn title(recording: &Recording, analysis: &Analysis, options: &ReportOptions) -> String {
    let exercise = analysis.athlete.as_ref().map_or("Sled clip", |a| exercise_title(&a.judgement));
    let clip = recording.clip.name();
    let told = [
        options.athlete_name.as_deref(),
        options.date.as_deref(),
        Some(&*clip).filter(|name| !name.is_empty()),
    ];
    told.into_iter().flatten().fold(exercise.to_owned(), |title, part| format!("{title} · {part}"))
}

fn exercise_title(judgement: &Judgement) -> &str {
    judgement.profile.as_ref().map_or("Exercise not clear", |p| &p.title)
}

pub(super) fn write(
    page: &mut String,
    recording: &Recording,
    analysis: &Analysis,
    options: &ReportOptions,
) -> std::fmt::Result {
    header(page, recording, analysis, options)?;
    page.push_str("<main><div class=\"top\"><div class=\"told\">");
    let Some(athlete) = &analysis.athlete else { return nobody(page, recording, analysis) };
    let drawing =
        Drawing { athlete, points: athlete.prepared.points_at_frames(), size: recording.clip.size, options };
    fix_first(page, &drawing)?;
    borderline(page, &drawing)?;
    page.push_str("</div>");
    page.push_str(PLAYER);
    page.push_str("<div class=\"pair\">");
    good(page, athlete)?;
    not_judged(page, athlete)?;
    warnings(page, recording, analysis)?;
    page.push_str("</div></div>");
    Ok(())
}

fn nobody(page: &mut String, recording: &Recording, analysis: &Analysis) -> std::fmt::Result {
    page.push_str("<section><h2>Nothing to judge</h2>");
    for warning in recording.warnings.iter().chain(&analysis.warnings) {
        write!(page, "<p>{}</p>", escape(&warning.in_words()))?;
    }
    page.push_str("</section></div>");
    page.push_str(PLAYER);
    page.push_str("</div>");
    Ok(())
}

fn header(
    page: &mut String,
    recording: &Recording,
    analysis: &Analysis,
    options: &ReportOptions,
) -> std::fmt::Result {
    let athlete = analysis.athlete.as_ref();
    let title = athlete.map_or("Sled clip", |a| exercise_title(&a.judgement));
    write!(page, "<header><div><h1>{}</h1>", escape(title))?;
    if let Some(athlete) = athlete {
        write!(page, "<p class=\"sure\">{}</p>", escape(&sureness(&athlete.judgement)))?;
    }
    page.push_str("</div><p class=\"who\">");
    if let Some(name) = &options.athlete_name {
        write!(page, "<strong>{}</strong> ", escape(name))?;
    }
    let part = part(recording);
    // Another day than that of the set, and said so.
    let analysed = || options.analysed.as_ref().map(|day| format!("analysed on {day}"));
    let mut facts: Vec<String> = options.date.clone().or_else(analysed).into_iter().collect();
    facts.extend(Some(recording.clip.name().into_owned()).filter(|name| !name.is_empty()));
    facts.extend(options.note.iter().cloned());
    if let Some(athlete) = athlete {
        let of = |side| athlete.gait.strides.iter().filter(|s| s.is_valid() && s.side == side).count();
        let (left, right) = (of(Side::Left), of(Side::Right));
        facts.push(format!("{} strides ({left} left, {right} right) in {part}", left + right));
        let cadence = athlete.metrics.get("cadence_steps_per_min", None).and_then(|m| m.value.ok());
        facts.extend(cadence.map(|c| format!("{c:.0} steps/min")));
    } else {
        facts.push(part);
    }
    write!(page, "{}</p></header>", escape(&facts.join(" · ")))
}

/// How the exercise is known, and how surely.
fn sureness(judgement: &Judgement) -> String {
    let name = technique::title;
    let seen = &judgement.recognition;
    let mut words = match (&judgement.profile, judgement.origin) {
        (None, _) => {
            let near: Vec<String> = words::told_of(&seen.ranking)
                .map(|(id, p)| format!("{} ({:.0} %)", name(id), 100.0 * p))
                .collect();
            if near.is_empty() {
                "Say which exercise it is".to_owned()
            } else {
                format!("Closest is {}; say which exercise it is", near.join(", then "))
            }
        }
        (Some(profile), Origin::Given) if !profile.is_built_in() => "By a profile of your own".to_owned(),
        (Some(_), Origin::Given) => "As told".to_owned(),
        (Some(_), Origin::Recognised) => {
            let percent = 100.0 * seen.confidence().unwrap_or(0.0);
            let next = words::told_of(&seen.ranking)
                .nth(1)
                .map_or_else(String::new, |(n, _)| format!("; second guess: {}", name(n).to_lowercase()));
            format!("Recognised from the clip, {percent:.0} % sure{next}")
        }
    };
    for (variant, option) in &judgement.choices {
        let _ = write!(words, " · {}", choice(variant, option, judgement.asked.contains(variant)));
    }
    words
}

fn fix_first(page: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let judgement = &drawing.athlete.judgement;
    let assessment = &judgement.assessment;
    page.push_str("<section aria-labelledby=\"fix-title\"><h2 id=\"fix-title\">Fix first</h2>");
    if assessment.fix_first.is_empty() {
        let why = match &judgement.profile {
            None => "The exercise is not clear, so nothing was judged.".to_owned(),
            Some(_) => assessment.nothing_to_fix(),
        };
        write!(page, "<p class=\"calm\">{why}</p>")?;
    }
    page.push_str("<ol class=\"cards\">");
    for (place, index) in assessment.fix_first.iter().enumerate() {
        card::write(page, drawing, *index, Some(place + 1))?;
    }
    page.push_str("</ol>");
    also_found(page, assessment)?;
    if !assessment.fix_first.is_empty() {
        write!(
            page,
            "{HOW_TO_READ} A grade is given where the number is at least {:.0} % likely to lie beyond its limit.</p>",
            100.0 * RAISED_FROM
        )?;
    }
    page.push_str("</section>");
    Ok(())
}

/// Faults beyond those that can be worked on at once.
fn also_found(page: &mut String, assessment: &Assessment) -> std::fmt::Result {
    let rest: Vec<String> = assessment.after_the_first().into_iter().map(card::in_short).collect();
    if rest.is_empty() { Ok(()) } else { write!(page, "<p class=\"note\">Then: {}.</p>", rest.join("; ")) }
}

const HOW_TO_READ: &str = "<p class=\"note\">± is one standard deviation: about two times in three the true value lies \
                           that near. On the bars, green is the target; the red line is where the grade begins. The outlined stride is the worst.";

fn borderline(page: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let findings = &drawing.athlete.judgement.assessment.findings;
    let close: Vec<usize> =
        (0..findings.len()).filter(|&i| findings[i].status == Status::Borderline).collect();
    if close.is_empty() {
        return Ok(());
    }
    page.push_str("<section aria-labelledby=\"close-title\"><h2 id=\"close-title\">Close to a limit: keep an eye on</h2><ul class=\"cards small\">");
    for index in close {
        card::write(page, drawing, index, None)?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

fn good(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let assessment = &athlete.judgement.assessment;
    page.push_str("<section aria-labelledby=\"good-title\"><h2 id=\"good-title\">What was good</h2>");
    if assessment.good.is_empty() {
        let words = if athlete.judgement.profile.is_some() {
            "No target was met surely enough to say so."
        } else {
            "The exercise is not clear, so there are no targets."
        };
        return write!(page, "<p class=\"calm\">{words}</p></section>");
    }
    page.push_str("<ul class=\"good\">");
    for good in &assessment.good {
        write!(
            page,
            "<li>{} <span class=\"fact\">{}, {}</span></li>",
            escape(&sentence(&good.words)),
            escape(&good.what),
            escape(&good.told())
        )?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// One line per reason, with the faults it stands in the way of and how to film so that they can be judged.
fn not_judged(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let open = athlete.judgement.assessment.open();
    page.push_str("<section aria-labelledby=\"open-title\"><h2 id=\"open-title\">Could not be judged</h2>");
    if open.is_empty() {
        let words = if athlete.judgement.profile.is_some() {
            "Everything this exercise asks for could be judged."
        } else {
            "Nothing was judged, because the exercise is not clear: say which it is."
        };
        write!(page, "<p class=\"calm\">{words}</p></section>")?;
        return Ok(());
    }
    page.push_str("<ul class=\"open\">");
    for line in open {
        write!(
            page,
            "<li><b>{}</b><br>{} <span class=\"remedy\">{}</span></li>",
            escape(&line.faults.join(", ")),
            escape(&line.reason),
            escape(line.remedy)
        )?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// What to know of the clip before believing it, folded unless it is grave: the methods have it too.
fn warnings(page: &mut String, recording: &Recording, analysis: &Analysis) -> std::fmt::Result {
    let all: Vec<_> = recording.warnings.iter().chain(&analysis.warnings).collect();
    if all.is_empty() {
        return Ok(());
    }
    let noun = if all.len() == 1 { "warning" } else { "warnings" };
    let open = if all.iter().any(|w| w.is_grave()) { " open" } else { "" };
    write!(
        page,
        "<details class=\"screen\"{open}><summary>{} {noun} about this clip</summary><ul>",
        all.len()
    )?;
    for warning in all {
        write!(page, "<li>{}</li>", escape(&warning.in_words()))?;
    }
    page.push_str("</ul></details>");
    Ok(())
}

/// The player; `player.js` brings it to life and hides it where scripts do not run.
const PLAYER: &str = include_str!("player.html");
