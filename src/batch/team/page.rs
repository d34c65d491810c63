//! `team.html`: who does what wrong, where each athlete is heading and stands, and which clips could not be judged.
//!
//! Values in, one page out: it needs nothing beside it and fetches nothing, and equal input gives equal bytes.

use super::heat;
use super::html::{count, escape, link, unit};
use super::spread::{self, Standing};
use super::trend::{self, Point};
use super::{Team, TeamClip};
use crate::batch::entry::Status;
use crate::findings::words;
use crate::metrics::catalogue;
use crate::technique;
use std::collections::BTreeMap;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
/// Nothing is fetched and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// Who is meant where nobody is named.
const UNNAMED: &str = "Not named";
const FIGURES_SHOW: &str = "Dots: sets with one standard deviation; green: target.";
const NOBODYS: &str = "Nothing says whose clips these are, so nothing is told of how anybody changes or stands among the team. \
                       A list of clips has a column for that.";
/// Metrics shown for an athlete and exercise: those judged most often.
const SHOWN: usize = 4;

/// An athlete: name, anchor on the page, clips.
type Athlete<'a> = (String, String, Vec<&'a TeamClip>);

/// The page.
#[must_use]
pub fn html(team: &Team) -> String {
    let mut page = String::with_capacity(1 << 18);
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, team);
    page
}

fn write_page(page: &mut String, Team { clips, coverage }: &Team) -> std::fmt::Result {
    let athletes = athletes(clips);
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>The team's sled work</title><style>{STYLE}</style></head><body>"
    )?;
    header(page, clips, athletes.iter().filter(|a| is_named(a)).count())?;
    page.push_str("<main>");
    notices(page, &coverage.words())?;
    heat::write(page, &athletes)?;
    page.push_str("<section><h2 id=\"athletes\">Athletes</h2>");
    for athlete in &athletes {
        one_athlete(page, athlete, clips)?;
    }
    page.push_str("</section>");
    without_judgement(page, clips)?;
    with_warnings(page, clips)?;
    all_clips(page, clips)?;
    page.push_str("</main></body></html>\n");
    Ok(())
}

fn athletes(clips: &[TeamClip]) -> Vec<Athlete<'_>> {
    let mut by_name: BTreeMap<&str, Vec<&TeamClip>> = BTreeMap::new();
    for clip in clips.iter().filter(|c| c.entry.status != Status::Failed) {
        by_name.entry(name_of(clip)).or_default().push(clip);
    }
    let numbered = by_name.into_iter().enumerate();
    numbered.map(|(i, (name, clips))| (name.to_owned(), format!("athlete-{}", i + 1), clips)).collect()
}

/// Whether these clips are of one athlete, not of whoever is not named.
fn is_named((_, _, clips): &Athlete) -> bool {
    clips.iter().any(|clip| clip.athlete.is_some())
}

fn name_of(clip: &TeamClip) -> &str {
    clip.athlete.as_deref().unwrap_or(UNNAMED)
}

fn header(page: &mut String, clips: &[TeamClip], athletes: usize) -> std::fmt::Result {
    let of = |status| clips.iter().filter(|c| c.entry.status == status).count();
    let mut facts = vec![count(clips.len(), "clip")];
    if athletes > 0 {
        facts.push(count(athletes, "athlete"));
    }
    let days = clips.iter().filter_map(|c| c.day);
    if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
        facts.push(if first == last { first.to_string() } else { format!("{first} to {last}") });
    }
    facts.push(format!("{} judged", of(Status::Done)));
    for (status, what) in [(Status::NotJudged, "not judged"), (Status::Failed, "failed")] {
        if of(status) > 0 {
            facts.push(format!("<a href=\"#open\">{} {what}</a>", of(status)));
        }
    }
    let warned = clips.iter().filter(|c| !c.entry.warnings.is_empty()).count();
    if warned > 0 {
        facts.push(format!("<a href=\"#warned\">{warned} to look at</a>"));
    }
    write!(page, "<header><h1>The team's sled work</h1><p>{}</p></header>", facts.join(" · "))
}

/// What must be known before anything on the page is read.
fn notices(page: &mut String, told: &[String]) -> std::fmt::Result {
    if told.is_empty() {
        return Ok(());
    }
    page.push_str("<ul class=\"open\" role=\"alert\">");
    for sentence in told {
        write!(page, "<li class=\"notice\"><p>{}</p></li>", escape(sentence))?;
    }
    page.push_str("</ul>");
    Ok(())
}

fn one_athlete(page: &mut String, athlete: &Athlete, all: &[TeamClip]) -> std::fmt::Result {
    let is_named = is_named(athlete);
    let (name, anchor, own) = athlete;
    let cells = heat::cells(own.iter().copied());
    let mut faults: Vec<_> = cells.iter().filter(|(_, cell)| cell.found > 0).collect();
    faults.sort_by_key(|(fault, cell)| (std::cmp::Reverse(cell.found), **fault));
    let faults: Vec<String> = faults
        .iter()
        .map(|(fault, cell)| format!("{} ({} of {})", words::fault(fault), cell.found, cell.judged))
        .collect();
    write!(
        page,
        "<details><summary><strong>{}</strong> {}{}</summary><p class=\"hint\" id=\"{anchor}\">{}</p>",
        escape(name),
        count(own.len(), "clip"),
        if faults.is_empty() { String::new() } else { format!(" · {}", escape(&faults.join(", "))) },
        if is_named { FIGURES_SHOW } else { NOBODYS }
    )?;
    let mut exercises: Vec<&str> = own.iter().filter_map(|c| c.exercise.as_deref()).collect();
    exercises.sort_unstable();
    exercises.dedup();
    // Clips of several people are no course of one.
    for exercise in exercises.into_iter().filter(|_| is_named) {
        one_exercise(page, name, exercise, own, all)?;
    }
    let mut dated = own.clone();
    dated.sort_by(|a, b| (b.day, &a.entry.clip).cmp(&(a.day, &b.entry.clip)));
    table(page, &dated)?;
    page.push_str("</details>");
    Ok(())
}

fn one_exercise(
    page: &mut String,
    athlete: &str,
    exercise: &str,
    own: &[&TeamClip],
    all: &[TeamClip],
) -> std::fmt::Result {
    let of_exercise = |c: &&TeamClip| c.exercise.as_deref() == Some(exercise);
    let team: Vec<&TeamClip> = all.iter().filter(of_exercise).collect();
    let own: Vec<&TeamClip> = own.iter().copied().filter(of_exercise).collect();
    let mut figures = String::new();
    for id in judged_most(&team) {
        let Some(row) = catalogue::row(id) else { continue };
        let symbol = row.unit.symbol();
        let held_against = |c: &TeamClip| c.metric(id).map(|m| m.target);
        let targets: Vec<Option<[f64; 2]>> = own.iter().filter_map(|c| held_against(c)).collect();
        let is_one = targets.windows(2).all(|pair| pair[0] == pair[1]);
        let target = targets.first().copied().flatten().filter(|_| is_one);
        let points: Vec<Point> = own
            .iter()
            .filter_map(|c| {
                let metric = c.metric(id)?;
                Some(Point { day: c.day?, value: metric.value?, uncertainty: metric.uncertainty })
            })
            .collect();
        let over_time = trend::picture(row.name, symbol, &points, target);
        // Who was held against another target stands elsewhere for a reason.
        let alike: Vec<&TeamClip> =
            team.iter().copied().filter(|c| is_one && held_against(c) == targets.first().copied()).collect();
        let among = spread::picture(row.name, symbol, &standings(&alike, id), athlete, target);
        if over_time.is_none() && among.is_none() {
            continue;
        }
        let mut told =
            trend::Line::through(&points).map_or(String::new(), |l| format!(": {}", l.words(symbol)));
        if !is_one {
            told.push_str(" (sets of different targets, by load, style or attachment)");
        }
        write!(
            figures,
            "<figure><figcaption><b>{}</b>{}{}</figcaption>{}{}</figure>",
            escape(row.name),
            escape(&if symbol.is_empty() {
                String::new()
            } else {
                format!(", {}", unit(symbol).trim_start())
            }),
            escape(&told),
            over_time.unwrap_or_default(),
            among.unwrap_or_default()
        )?;
    }
    write!(page, "<h3>{}</h3>", escape(&technique::title(exercise)))?;
    if figures.is_empty() { Ok(()) } else { write!(page, "<div class=\"figures\">{figures}</div>") }
}

/// Metrics that rules are judged by, most often found faulty first.
fn judged_most<'a>(team: &[&'a TeamClip]) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (clip, finding) in team.iter().flat_map(|c| c.findings.iter().map(move |f| (c, f))) {
        let Some(id) = finding.metric.as_deref().filter(|id| clip.metric(id).is_some()) else { continue };
        let count = counts.entry(id).or_default();
        count.0 += usize::from(finding.status == "found");
        count.1 += usize::from(finding.status != "not_judged");
    }
    let mut ids: Vec<&str> = counts.keys().copied().collect();
    ids.sort_by_key(|id| (std::cmp::Reverse(counts[id]), *id));
    ids.truncate(SHOWN);
    ids
}

fn standings(team: &[&TeamClip], id: &str) -> Vec<Standing> {
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for clip in team {
        if let (Some(name), Some(value)) = (&clip.athlete, clip.metric(id).and_then(|m| m.value)) {
            values.entry(name).or_default().push(value);
        }
    }
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    values.into_iter().map(|(athlete, v)| Standing { athlete: athlete.to_owned(), mean: mean(v) }).collect()
}

/// The clips without a judgement, by reason.
fn without_judgement(page: &mut String, clips: &[TeamClip]) -> std::fmt::Result {
    let mut reasons: BTreeMap<(Status, &str), Vec<&TeamClip>> = BTreeMap::new();
    for clip in clips.iter().filter(|c| c.entry.status != Status::Done) {
        let reason = clip.entry.reason.as_deref().unwrap_or("No reason was noted.");
        reasons.entry((clip.entry.status, reason)).or_default().push(clip);
    }
    if reasons.is_empty() {
        return Ok(());
    }
    page.push_str("<section id=\"open\"><h2>Not judged, and why</h2><ul class=\"open\">");
    for ((status, words), clips) in reasons {
        reason(page, if status == Status::Failed { "failed" } else { "" }, words, &clips)?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// The clips whose results may be of something else than was meant, by what is said of them.
fn with_warnings(page: &mut String, clips: &[TeamClip]) -> std::fmt::Result {
    let mut warned: BTreeMap<String, Vec<&TeamClip>> = BTreeMap::new();
    for clip in clips.iter().filter(|c| !c.entry.warnings.is_empty()) {
        warned.entry(clip.entry.warned()).or_default().push(clip);
    }
    if warned.is_empty() {
        return Ok(());
    }
    page.push_str("<section id=\"warned\"><h2>To look at</h2><ul class=\"open\">");
    for (words, clips) in warned {
        reason(page, "", &words, &clips)?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// What is said of some clips, and their names.
fn reason(page: &mut String, class: &str, words: &str, clips: &[&TeamClip]) -> std::fmt::Result {
    let names: Vec<String> = clips.iter().map(|clip| linked(clip)).collect();
    let (words, names) = (escape(words), names.join(", "));
    write!(page, "<li class=\"{class}\"><p>{words}</p><p class=\"hint\">{names}</p></li>")
}

fn all_clips(page: &mut String, clips: &[TeamClip]) -> std::fmt::Result {
    page.push_str("<section><h2 id=\"clips\">All clips</h2>");
    table(page, &clips.iter().collect::<Vec<_>>())?;
    page.push_str("</section>");
    Ok(())
}

fn table(page: &mut String, clips: &[&TeamClip]) -> std::fmt::Result {
    page.push_str(
        "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Clip</th><th scope=\"col\">Athlete</th><th scope=\"col\">Date</th>\
         <th scope=\"col\">Exercise</th><th scope=\"col\">Load</th><th scope=\"col\">Faults</th></tr></thead><tbody>",
    );
    for clip in clips {
        let load = clip.entry.told.get("load_kg").map_or(String::new(), |kg| format!("{kg} kg"));
        let faults: Vec<&str> = clip.faults_found().into_iter().map(words::fault).collect();
        let mut said = match clip.entry.status {
            Status::Done if faults.is_empty() => "none found".to_owned(),
            Status::Done => faults.join(", "),
            status => status.words().to_owned(),
        };
        if !clip.entry.warnings.is_empty() {
            said += " (to look at)";
        }
        write!(
            page,
            "<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            clip.entry.status.name(),
            linked(clip),
            escape(clip.athlete.as_deref().unwrap_or("")),
            clip.day.map_or(String::new(), |day| day.to_string()),
            escape(&clip.exercise.as_deref().map_or(String::new(), technique::title)),
            escape(&load),
            escape(&said)
        )?;
    }
    page.push_str("</tbody></table></div>");
    Ok(())
}

/// The clip's name, with a link to its report where there is one.
fn linked(clip: &TeamClip) -> String {
    let name = escape(&clip.entry.clip);
    match &clip.report {
        Some(report) => format!("<a href=\"{}\">{name}</a>", link(report)),
        None => name,
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
