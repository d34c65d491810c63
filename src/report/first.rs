//! The first screen: which exercise, what to fix first, the clip, what was good, what could not be judged.

use super::ReportOptions;
use super::bar::{self, Bar};
use super::evidence::nearest_frame;
use super::text::{band, escape, measured, sentence, short, side, unit};
use super::{base64, figure};
use crate::analysis::{Analysis, Athlete, Judgement, Origin};
use crate::findings::{Finding, Status};
use crate::frame::PixelSize;
use crate::geometry::Image;
use crate::kinematics::movement::Points;
use crate::observation::Recording;
use crate::technique;
use std::fmt::Write;

/// Stride buttons beside a finding; more would push the cue off the screen.
const STRIDES_SHOWN: usize = 12;

/// The page's title.
pub(super) fn title(analysis: &Analysis, options: &ReportOptions) -> String {
    let exercise = analysis.athlete.as_ref().map_or("Sled clip", |a| exercise_title(&a.judgement));
    let told = [options.athlete_name.as_deref(), options.date.as_deref()];
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
        write!(page, "<p>{} {}</p>", escape(&warning.message), escape(&warning.hint))?;
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
    let seconds = recording.frames.last().map_or(0.0, |f| f.time.0);
    let mut facts: Vec<String> = options.date.iter().cloned().collect();
    facts.extend(options.note.iter().cloned());
    if let Some(athlete) = athlete {
        let valid = athlete.gait.strides.iter().filter(|s| s.is_valid()).count();
        facts.push(format!("{valid} strides in {seconds:.1} s"));
        let cadence = athlete.metrics.get("cadence_steps_per_min", None).and_then(|m| m.value.ok());
        facts.extend(cadence.map(|c| format!("{c:.0} steps/min")));
    } else {
        facts.push(format!("{seconds:.1} s"));
    }
    write!(page, "{}</p></header>", escape(&facts.join(" · ")))
}

/// How the exercise is known, and how surely.
fn sureness(judgement: &Judgement) -> String {
    let name = |id: &str| technique::builtin(id).map_or_else(|| id.to_owned(), |p| p.title);
    let seen = &judgement.recognition;
    let mut words = match (&judgement.profile, judgement.origin) {
        (None, _) => match (seen.ranking.first(), seen.runner_up()) {
            (Some((first, p)), Some(second)) => {
                format!(
                    "Closest is {} ({:.0} %), then {}; say which it is with --exercise",
                    name(first),
                    100.0 * p,
                    name(second)
                )
            }
            _ => "Say which it is with --exercise".to_owned(),
        },
        (Some(_), Origin::Given) => "As told".to_owned(),
        (Some(_), Origin::Recognised) => {
            let percent = 100.0 * seen.confidence().unwrap_or(0.0);
            let next = seen
                .runner_up()
                .map_or_else(String::new, |n| format!(", next would be {}", name(n).to_lowercase()));
            format!("Recognised from the clip, {percent:.0} % sure{next}")
        }
    };
    for (variant, option) in &judgement.choices {
        let _ = write!(words, " · {variant}: {option}");
    }
    words
}

/// What a card needs to draw a finding.
struct Drawing<'a> {
    athlete: &'a Athlete,
    points: Points<Image>,
    size: PixelSize,
    options: &'a ReportOptions,
}

fn fix_first(page: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let judgement = &drawing.athlete.judgement;
    let assessment = &judgement.assessment;
    page.push_str("<section aria-labelledby=\"fix-title\"><h2 id=\"fix-title\">Fix first</h2>");
    if assessment.fix_first.is_empty() {
        let why = match &judgement.profile {
            None => "The exercise is not clear, so nothing was held against it.",
            Some(_) if assessment.findings.iter().all(|f| f.status == Status::NotJudged) => {
                "Nothing could be judged in this clip; see below how to film it so that it can."
            }
            Some(_) => "Nothing to fix: no fault could be shown in this clip.",
        };
        write!(page, "<p class=\"calm\">{why}</p>")?;
    }
    page.push_str("<ol class=\"cards\">");
    for (place, index) in assessment.fix_first.iter().enumerate() {
        card(page, drawing, *index, Some(place + 1))?;
    }
    page.push_str("</ol></section>");
    Ok(())
}

fn borderline(page: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let findings = &drawing.athlete.judgement.assessment.findings;
    let close: Vec<usize> =
        (0..findings.len()).filter(|&i| findings[i].status == Status::Borderline).collect();
    if close.is_empty() {
        return Ok(());
    }
    page.push_str("<section aria-labelledby=\"close-title\"><h2 id=\"close-title\">Close to a limit: keep an eye on</h2><ul class=\"cards small\">");
    for index in close {
        card(page, drawing, index, None)?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

fn card(page: &mut String, drawing: &Drawing, index: usize, place: Option<usize>) -> std::fmt::Result {
    let finding = &drawing.athlete.judgement.assessment.findings[index];
    let severity = finding.severity.map_or("borderline", |s| s.name());
    write!(page, "<li class=\"card {severity}\">")?;
    if place.is_some() {
        picture(page, drawing, index)?;
    }
    let number = place.map_or_else(String::new, |p| format!("<span class=\"place\">{p}</span> "));
    write!(
        page,
        "<div class=\"words\"><h3>{number}{}{} <span class=\"grade {severity}\">{severity}</span></h3>",
        escape(finding.title()),
        escape(&side(finding.side))
    )?;
    if let Some(cue) = &finding.cue {
        write!(page, "<p class=\"cue\">“{}”</p>", escape(cue))?;
    }
    numbers(page, finding)?;
    if let Some(why) = finding.why.as_ref().filter(|_| place.is_some()) {
        write!(page, "<p class=\"why\">{}</p>", escape(why))?;
    }
    strides(page, drawing.athlete, finding)?;
    // The same remark on every card says nothing more.
    let earlier =
        drawing.athlete.judgement.assessment.findings[..index].iter().any(|f| f.reason == finding.reason);
    if let Some(reason) = finding.reason.as_ref().filter(|_| !earlier) {
        write!(page, "<p class=\"note\">{}</p>", escape(reason))?;
    }
    page.push_str("</div></li>");
    Ok(())
}

fn picture(page: &mut String, drawing: &Drawing, index: usize) -> std::fmt::Result {
    let finding = &drawing.athlete.judgement.assessment.findings[index];
    let Some(evidence) = finding.evidence else { return Ok(()) };
    let given = drawing.options.pictures.iter().find(|p| p.finding == index);
    let shown = given.map(|p| {
        let data = base64::encode(&p.jpeg);
        let alt = escape(finding.title());
        format!("<img src=\"data:image/jpeg;base64,{data}\" alt=\"{alt}\">")
    });
    let shown = shown.or_else(|| {
        let frame = nearest_frame(drawing.athlete, evidence.at)?;
        figure::svg(drawing.athlete, &drawing.points, frame, drawing.size)
    });
    let Some(shown) = shown else { return Ok(()) };
    let at = evidence.at.0;
    write!(
        page,
        "<button class=\"evidence\" data-seek=\"{at:.4}\" aria-label=\"{}: show it in the clip at {at:.2} s\">{shown}<span class=\"at\">▶ {at:.2} s</span></button>",
        escape(finding.title())
    )
}

fn numbers(page: &mut String, finding: &Finding) -> std::fmt::Result {
    let Some(value) = finding.value else { return Ok(()) };
    let spread = finding.uncertainty.map_or_else(String::new, |u| format!(" ± {}", short(u)));
    write!(
        page,
        "<p class=\"number\"><b>{}</b>{spread}{} <span>{}</span></p>",
        short(value),
        escape(&unit(&finding.unit)),
        escape(&finding.what)
    )?;
    let Some(target) = finding.target else { return Ok(()) };
    let bar =
        Bar { value, uncertainty: finding.uncertainty, target, limit: finding.limit, unit: &finding.unit };
    page.push_str(&bar::html(&bar));
    write!(page, "<p class=\"target\">target {}</p>", escape(&band(target, &finding.unit)))
}

/// Where in its stride the evidence lies, as a share of it: what a finding shows in one stride is looked for there in the
/// others. 0 where it lies outside.
fn moment(athlete: &Athlete, finding: &Finding) -> f64 {
    let worst = finding.worst_stride().and_then(|i| athlete.gait.strides.get(i));
    let share = worst
        .zip(finding.evidence)
        .map(|(stride, evidence)| (evidence.at - stride.start).0 / (stride.end - stride.start).0);
    share.filter(|share| (0.0..=1.0).contains(share)).unwrap_or(0.0)
}

/// The strides beyond the limit, as buttons that go there.
fn strides(page: &mut String, athlete: &Athlete, finding: &Finding) -> std::fmt::Result {
    if finding.strides.is_empty() {
        return Ok(());
    }
    let all = finding.strides.len() == finding.judged_strides;
    let shown: Vec<usize> = match finding.worst_stride() {
        Some(worst) if all => vec![worst],
        _ => finding.strides.iter().copied().take(STRIDES_SHOWN).collect(),
    };
    let lead = if all {
        format!("on all {} strides, most on", finding.judged_strides)
    } else {
        "on strides".to_owned()
    };
    write!(page, "<p class=\"strides\"><span>{lead}</span>")?;
    let moment = moment(athlete, finding);
    for &index in &shown {
        let Some(stride) = athlete.gait.strides.get(index) else { continue };
        let worst = if finding.worst_stride() == Some(index) { " worst" } else { "" };
        write!(
            page,
            " <button class=\"chip{worst}\" data-seek=\"{:.4}\" data-stride=\"{index}\" aria-label=\"stride {}, {}{}\">{}</button>",
            (stride.start + (stride.end - stride.start) * moment).0,
            index + 1,
            stride.side,
            if worst.is_empty() { "" } else { ", the worst" },
            index + 1
        )?;
    }
    if !all && finding.strides.len() > shown.len() {
        write!(page, " <span>and {} more</span>", finding.strides.len() - shown.len())?;
    }
    page.push_str("</p>");
    Ok(())
}

fn good(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let assessment = &athlete.judgement.assessment;
    page.push_str("<section aria-labelledby=\"good-title\"><h2 id=\"good-title\">What was good</h2>");
    if assessment.good.is_empty() {
        page.push_str("<p class=\"calm\">No target was met surely enough to say so.</p></section>");
        return Ok(());
    }
    page.push_str("<ul class=\"good\">");
    for good in &assessment.good {
        write!(
            page,
            "<li>{} <span class=\"fact\">{}, {}</span></li>",
            escape(&sentence(&good.words)),
            escape(&good.what),
            escape(&measured(good.value, &good.unit))
        )?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// One line per reason, with the faults it stands in the way of and how to film so that they can be judged.
fn not_judged(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let mut by_reason: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    let refused = athlete.judgement.assessment.findings.iter().filter(|f| f.status == Status::NotJudged);
    for finding in refused {
        let reason = finding.reason.as_deref().unwrap_or("No reason was noted.");
        let remedy = finding.remedy.as_deref().unwrap_or("");
        match by_reason.iter_mut().find(|(known, ..)| *known == reason) {
            Some((.., faults)) => faults.push(finding.title()),
            None => by_reason.push((reason, remedy, vec![finding.title()])),
        }
    }
    page.push_str("<section aria-labelledby=\"open-title\"><h2 id=\"open-title\">Could not be judged</h2>");
    if by_reason.is_empty() {
        let words = if athlete.judgement.profile.is_some() {
            "Everything this exercise asks for could be judged."
        } else {
            "Nothing was judged, because the exercise is not clear: name it with --exercise."
        };
        write!(page, "<p class=\"calm\">{words}</p></section>")?;
        return Ok(());
    }
    page.push_str("<ul class=\"open\">");
    for (reason, remedy, mut faults) in by_reason {
        faults.dedup();
        write!(
            page,
            "<li><b>{}</b><br>{} <span class=\"remedy\">{}</span></li>",
            escape(&faults.join(", ")),
            escape(reason),
            escape(remedy)
        )?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// What to know of the clip before believing it, folded: the methods have it too.
fn warnings(page: &mut String, recording: &Recording, analysis: &Analysis) -> std::fmt::Result {
    let all: Vec<_> = recording.warnings.iter().chain(&analysis.warnings).collect();
    if all.is_empty() {
        return Ok(());
    }
    let noun = if all.len() == 1 { "warning" } else { "warnings" };
    write!(page, "<details class=\"screen\"><summary>{} {noun} about this clip</summary><ul>", all.len())?;
    for warning in all {
        write!(page, "<li>{} {}</li>", escape(&sentence(&warning.message)), escape(&warning.hint))?;
    }
    page.push_str("</ul></details>");
    Ok(())
}

/// The player; `player.js` brings it to life and hides it where scripts do not run.
const PLAYER: &str = include_str!("player.html");
