//! One athlete: sessions with their clips, the trend of a metric, and everything of theirs to take away or delete.

use super::{Frame, Page, exercise, fields, home, may_change, metric, side, trend};
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::athletes::{self, Moment};
use crate::server::clips::{self, Clip, Named};
use crate::server::problem::Problem;
use axum::Extension;
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// Shown where nothing is asked for.
const FIRST: &str = "trunk_mean_deg";

/// Which trend.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Metric and side, `trunk_mean_deg` or `knee_rom_deg:left`.
    metric: String,
    exercise: String,
}

/// A metric, its side and its unit.
type Measured = (String, Option<String>, String);

struct Shown {
    athlete: Named,
    clips: Vec<Clip>,
    measured: Vec<Measured>,
    exercises: Vec<String>,
    /// Index in `measured`, exercise, and the values.
    trend: Option<(usize, Option<String>, Vec<Moment>)>,
}

/// `/athletes/ID`.
///
/// # Errors
/// When there is none.
pub async fn page(
    State(app): State<Shared>,
    Extension(who): Extension<Who>,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Page, Problem> {
    let shown = app
        .db(move |c| {
            let clips = clips::of_athlete(c, id)?;
            let measured = athletes::measured(c, id)?;
            let mut exercises: Vec<String> = clips.iter().filter_map(|clip| clip.exercise.clone()).collect();
            exercises.sort();
            exercises.dedup();
            // The last one's: limits and ranges of different exercises do not compare.
            let last = clips.iter().rev().find_map(|clip| clip.exercise.clone());
            let wanted = Some(asked.exercise.clone()).filter(|e| exercises.contains(e)).or(last);
            let (name, side) =
                asked.metric.split_once(':').map_or((asked.metric.as_str(), None), |(m, s)| (m, Some(s)));
            let at = |name: &str, side: Option<&str>| {
                measured.iter().position(|(m, s, _)| m == name && s.as_deref() == side)
            };
            let index = at(name, side).or_else(|| at(FIRST, None)).or(if measured.is_empty() {
                None
            } else {
                Some(0)
            });
            let trend = index.map(|index| {
                let (metric, side, _) = &measured[index];
                athletes::trend(c, id, metric, side.as_deref(), wanted.as_deref())
                    .map(|values| (index, wanted.clone(), values))
            });
            Ok(Shown {
                athlete: athletes::get(c, id)?,
                trend: trend.transpose()?,
                clips,
                measured,
                exercises,
            })
        })
        .await?;
    let name = &shown.athlete.name;
    Ok(Frame { title: name, who: Some(&who), part: "", scripts: &[] }.page(&html! {
        h1 { (name) }
        (over_time(&shown))
        (sessions(&shown.clips))
        (theirs(&shown, &who))
    }))
}

fn over_time(shown: &Shown) -> Markup {
    let Some((index, wanted, values)) = &shown.trend else {
        return html! { div class="empty" { p { "No clip of this athlete is analysed yet. " a href="/" { "Send one" } " and give it this name." } } };
    };
    let (id, of, unit) = &shown.measured[*index];
    html! {
        section aria-labelledby="trend-title" {
            h2 id="trend-title" { "Over time" }
            form class="inline" method="get" {
                label { span { "Metric" } select name="metric" {
                    @for (place, (id, of, _)) in shown.measured.iter().enumerate() {
                        option value={ (id) @if let Some(of) = of { ":" (of) } } selected[place == *index] { (told_apart(&shown.measured, place)) }
                    }
                } }
                @if shown.exercises.len() > 1 {
                    label { span { "Exercise" } select name="exercise" {
                        @for name in &shown.exercises { option value=(name) selected[wanted.as_ref() == Some(name)] { (exercise(name)) } }
                    } }
                }
                button { "Show" }
            }
            (trend::plot(&format!("{}{}", metric(id), side(of.as_deref())), unit, values))
        }
    }
}

/// A metric's name and side; with its unit where another has the same name, as lengths in metres and in leg lengths do.
fn told_apart(all: &[Measured], place: usize) -> String {
    let name = |(id, of, _): &Measured| format!("{}{}", metric(id), side(of.as_deref()));
    let this = &all[place];
    let is_alone = all.iter().filter(|other| name(other) == name(this)).count() == 1;
    if is_alone { name(this) } else { format!("{}{}", name(this), trend::unit_words(&this.2)) }
}

fn sessions(clips: &[Clip]) -> Markup {
    let mut days: Vec<(&str, Vec<&Clip>)> = Vec::new();
    for clip in clips.iter().rev() {
        match days.last_mut() {
            Some((day, of_day)) if *day == clip.day => of_day.push(clip),
            _ => days.push((&clip.day, vec![clip])),
        }
    }
    html! {
        section aria-labelledby="sessions-title" {
            h2 id="sessions-title" { "Sessions" }
            form action="/compare" method="get" {
                @for (day, of_day) in days {
                    h3 { (day) }
                    ul class="clips" { @for clip in of_day.iter().rev() { (home::line(clip)) } }
                }
                @if clips.len() > 1 { button { "Compare the two chosen" } }
            }
        }
    }
}

fn theirs(shown: &Shown, who: &Who) -> Markup {
    let id = shown.athlete.id;
    let question = format!(
        "Delete {} with {} clips, all results, notes and links? This cannot be undone.",
        shown.athlete.name,
        shown.clips.len()
    );
    html! {
        section aria-labelledby="theirs-title" {
            h2 id="theirs-title" { "Everything of this athlete" }
            p { a href={ "/api/v1/athletes/" (id) "/export" } download { "Take it all away as one archive" } }
            @if may_change(who) {
                form class="inline" data-api={ "/api/v1/athletes/" (id) } data-method="PATCH" data-then="reload" {
                    label { span { "Name" } input name="name" required maxlength="120" value=(shown.athlete.name); }
                    button { "Rename" }
                }
            }
            (fields::act_after_asking(who, &format!("/api/v1/athletes/{id}"), "/athletes", "Delete this athlete", &question))
        }
    }
}
