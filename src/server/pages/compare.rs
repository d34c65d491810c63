//! Two clips side by side: every metric of both with what may be chance, and the findings of each.

use super::{Frame, Page, exercise, metric, number, side};
use crate::findings::words;
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::clips::{self, Clip, Search};
use crate::server::comparison;
use crate::server::problem::Problem;
use axum::Extension;
use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use rusqlite::Connection;

/// A difference counts from so many standard deviations on: beyond 1.96 chance alone is that far off once in twenty.
const SURE: f64 = 1.96;

/// `/compare?clip=A&clip=B`.
///
/// # Errors
/// When there is no such clip.
pub async fn page(
    State(app): State<Shared>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Result<Page, Problem> {
    let mut ids = Vec::new();
    for pair in query.unwrap_or_default().split('&').filter_map(|p| p.strip_prefix("clip=")) {
        ids.push(pair.parse::<i64>().map_err(|_| Problem::missing("clip"))?);
    }
    let frame = Frame { title: "Compare", who: Some(&who), part: "/compare", scripts: &[] };
    let content = match ids[..] {
        [a, b] if a != b => {
            let (first, second) = app.db(move |c| Ok((side_of(c, a)?, side_of(c, b)?))).await?;
            let page = comparison::page(&app, &first.clip, &second.clip).await;
            two(&first, &second, &page)
        }
        _ => {
            let (known, _) =
                app.db(|c| clips::find(c, &Search { state: "done".to_owned(), ..Search::default() })).await?;
            choose(&known, ids.len())
        }
    };
    Ok(frame.page(&html! { h1 { "Compare" } (content) }))
}

fn choose(known: &[Clip], given: usize) -> Markup {
    html! {
        @if given > 0 { p class="problem" role="alert" { "Choose two different clips." } }
        @if known.len() < 2 {
            div class="empty" { p { "Two analysed clips are needed. " a href="/" { "Send clips" } "." } }
        } @else {
            form class="inline" action="/compare" method="get" {
                @for (place, label) in ["First", "Second"].into_iter().enumerate() {
                    label { span { (label) } select name="clip" {
                        @for (i, clip) in known.iter().enumerate() {
                            option value=(clip.id) selected[i + 1 == known.len().min(2) - place] { (clip.day) ": " @if let Some(a) = &clip.athlete { (a.name) ", " } (clip.title) }
                        }
                    } }
                }
                button { "Compare" }
            }
        }
    }
}

/// A metric of one clip.
struct Measured {
    metric: String,
    side: Option<String>,
    unit: String,
    value: f64,
    uncertainty: Option<f64>,
}

struct Side {
    clip: Clip,
    values: Vec<Measured>,
    faults: Vec<String>,
}

fn side_of(c: &Connection, id: i64) -> Result<Side, Problem> {
    let clip = clips::get(c, id)?;
    let mut rows = c.prepare_cached(
        "SELECT metric, side, unit, value, uncertainty FROM metrics WHERE clip = ?1 AND value IS NOT NULL ORDER BY rowid",
    )?;
    let value = |r: &rusqlite::Row| {
        Ok(Measured {
            metric: r.get(0)?,
            side: r.get(1)?,
            unit: r.get(2)?,
            value: r.get(3)?,
            uncertainty: r.get(4)?,
        })
    };
    let values = rows.query_map([id], value)?.collect::<Result<_, _>>()?;
    let mut rows = c.prepare_cached(
        "SELECT DISTINCT fault FROM findings WHERE clip = ?1 AND status = 'found' ORDER BY place",
    )?;
    let faults = rows.query_map([id], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(Side { clip, values, faults })
}

fn two(a: &Side, b: &Side, page: &Result<String, Problem>) -> Markup {
    let pairs: Vec<(&Measured, &Measured)> = a
        .values
        .iter()
        .filter_map(|x| Some((x, b.values.iter().find(|y| (&y.metric, &y.side) == (&x.metric, &x.side))?)))
        .collect();
    html! {
        div class="pair" { (about("First", a)) (about("Second", b)) }
        @if a.clip.exercise != b.clip.exercise { p class="problem" { "These are two exercises: values differ because the exercises do." } }
        @if a.clip.told.load_kg != b.clip.told.load_kg { p class="soft" { "The loads differ; heavier sleds ask for more lean and shorter steps." } }
        @match page {
            Ok(address) => {
                iframe class="report" title="Comparison" src=(address) sandbox="allow-scripts allow-downloads" allow="fullscreen" {}
                p class="acts" { a href=(address) target="_blank" rel="noopener" { "Open the comparison on a page of its own, to print or read it large" } }
                details { summary { "All numbers as a table" } (table(&pairs)) }
            }
            Err(problem) => { p class="problem" { (problem.message) } (table(&pairs)) }
        }
    }
}

fn table(pairs: &[(&Measured, &Measured)]) -> Markup {
    html! {
        div class="wide-table" role="region" aria-label="Metrics of both" tabindex="0" {
            table {
                thead { tr { th scope="col" { "Metric" } th scope="col" { "First" } th scope="col" { "Second" } th scope="col" { "Change" } } }
                tbody { @for (x, y) in pairs { (row(x, y)) } }
            }
        }
        p class="soft" { "Bold: larger than the uncertainties of both explain nineteen times in twenty." }
    }
}

fn about(name: &str, of: &Side) -> Markup {
    html! {
        section class="panel" aria-label=(name) {
            h2 { (name) ": " a href={ "/clips/" (of.clip.id) } { (of.clip.title) } }
            p class="facts" {
                @if let Some(athlete) = &of.clip.athlete { span { (athlete.name) } }
                span { (of.clip.day) }
                @if let Some(name) = &of.clip.exercise { span { (exercise(name)) } }
                @if let Some(load) = of.clip.told.load_kg { span { (load) " kg" } }
            }
            @if of.faults.is_empty() { p { "No fault found." } }
            ul { @for fault in &of.faults { li { (words::fault(fault)) } } }
        }
    }
}

fn row(x: &Measured, y: &Measured) -> Markup {
    let change = y.value - x.value;
    let both = x.uncertainty.zip(y.uncertainty).map(|(a, b)| a.hypot(b));
    let is_sure = both.is_some_and(|u| change.abs() > SURE * u);
    let shown = format!("{}{}", if change > 0.0 { "+" } else { "" }, number(change));
    html! {
        tr {
            th scope="row" { (metric(&x.metric)) (side(x.side.as_deref())) @if !x.unit.is_empty() { span class="soft" { " " (x.unit) } } }
            td { (number(x.value)) }
            td { (number(y.value)) }
            td { @if is_sure { strong { (shown) } } @else { (shown) } @if let Some(u) = both { span class="soft" { " ± " (number(u)) } } }
        }
    }
}
