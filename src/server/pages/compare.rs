//! Two clips side by side: every metric of both with what may be chance, and the findings of each.

use super::{Frame, Page, exercise, judgements, metric, number, side};
use crate::findings::reading;
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::clips::{self, Clip, Search};
use crate::server::comparison;
use crate::server::judged::{self, Fault};
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
            let mut both = app.db(move |c| Ok([side_of(c, a)?, side_of(c, b)?])).await?;
            // The older one first, whichever was chosen first: what changed, changed since then.
            both.sort_by(|a, b| a.clip.age().cmp(&b.clip.age()));
            let [first, second] = both;
            let page = comparison::page(&app, &first.clip, &second.clip).await;
            two(&first, &second, &page)
        }
        _ => {
            let ticked = ids.clone();
            let known = app
                .db(move |c| {
                    let search = Search { state: "done".to_owned(), ..Search::default() };
                    let (mut known, _) = clips::find(c, &search)?;
                    // Those ticked may stand on another page of the library.
                    let missing = ticked.iter().filter(|id| known.iter().all(|clip| clip.id != **id));
                    let missing: Vec<Clip> = missing.filter_map(|id| clips::get(c, *id).ok()).collect();
                    known.extend(missing);
                    Ok(known)
                })
                .await?;
            choose(&known, &ids)
        }
    };
    Ok(frame.page(&html! { h1 { "Compare" } (content) }))
}

/// Which two; of those ticked before the first two are chosen already.
fn choose(known: &[Clip], ticked: &[i64]) -> Markup {
    let told = match ticked {
        [] => None,
        [_] => Some("Two clips are compared, and one was ticked. Choose the other.".to_owned()),
        [a, b] if a == b => Some("This is one clip twice. Choose another.".to_owned()),
        more => Some(format!("Two clips are compared, and {} were ticked. Choose two of them.", more.len())),
    };
    let others = known.iter().map(|clip| clip.id).filter(|id| !ticked.contains(id));
    let chosen: Vec<i64> = ticked.iter().copied().chain(others).take(2).collect();
    // Newest first in the list, the older one first on the page.
    let is_chosen =
        |place: usize, id: i64| chosen.get(if ticked.len() > 1 { place } else { 1 - place }) == Some(&id);
    html! {
        @if let Some(told) = told { p class="problem" role="alert" { (told) } }
        @if known.len() < 2 {
            div class="empty" { p { "Two analysed clips are needed. " a href="/" { "Send clips" } "." } }
        } @else {
            form class="inline" action="/compare" method="get" {
                @for (place, label) in ["First", "Second"].into_iter().enumerate() {
                    label { span { (label) } select name="clip" {
                        @for clip in known {
                            option value=(clip.id) selected[is_chosen(place, clip.id)] { (clip.day) ": " @if let Some(a) = &clip.athlete { (a.name) ", " } (clip.title) }
                        }
                    } }
                }
                button { "Compare" }
            }
            p class="soft" { "The older of the two comes first, whichever way round they are chosen." }
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
    faults: Vec<Fault>,
    reasons: Vec<String>,
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
    let mut faults = judged::faults(c, &clip)?;
    faults.retain(Fault::is_found);
    let reasons = judged::reasons(c, &clip)?;
    Ok(Side { clip, values, faults, reasons })
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
            @if !of.clip.is_judged { (judgements::nothing_judged(&of.reasons)) }
            @else if of.faults.is_empty() { p { "No fault found." } }
            ul { @for fault in &of.faults {
                li { @if fault.is_disagreed() { s { (fault.name()) } " (the coach disagrees)" } @else { (fault.name()) } }
            } }
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
            th scope="row" { (metric(&x.metric)) (side(x.side.as_deref())) @if !x.unit.is_empty() { span class="soft" { (reading::unit(&x.unit)) } } }
            td { (number(x.value)) }
            td { (number(y.value)) }
            td { @if is_sure { strong { (shown) } } @else { (shown) } @if let Some(u) = both { span class="soft" { " ± " (number(u)) } } }
        }
    }
}
