//! The first page: send clips, see what is under way, find what is there.

use super::{Frame, Page, badge, exercise, fields, may_change, percent};
use crate::findings::words;
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::athletes::{self, Athlete};
use crate::server::clips::{self, Clip, PAGE_CLIPS, Search, State as ClipState};
use crate::server::problem::Problem;
use crate::server::told::Told;
use crate::technique;
use axum::Extension;
use axum::extract::{Query, State};
use maud::{Markup, html};

/// `/`.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(
    State(app): State<Shared>,
    Extension(who): Extension<Who>,
    Query(search): Query<Search>,
) -> Result<Page, Problem> {
    let asked = search.clone();
    let (athletes, (found, all)) = app.db(move |c| Ok((athletes::all(c)?, clips::find(c, &asked)?))).await?;
    let frame = Frame { title: "Clips", who: Some(&who), part: "/", scripts: &["upload.js", "queue.js"] };
    Ok(frame.page(&html! {
        h1 { "Clips" }
        @if may_change(&who) { (send(&app, &athletes)) }
        section id="queue" aria-labelledby="queue-title" hidden {
            h2 id="queue-title" { "Under way" }
            ul class="queue" {}
        }
        section aria-labelledby="library-title" {
            h2 id="library-title" { "Library" }
            @if all == 0 && search.is_empty() { (nothing_yet(&app, &who)) } @else { (library(&search, &athletes, &found, all)) }
        }
    }))
}

fn send(app: &Shared, athletes: &[Athlete]) -> Markup {
    html! {
        section aria-labelledby="send-title" {
            h2 id="send-title" { "Send clips" }
            form id="send" data-most=(app.limits().upload_bytes) {
                div class="drop" {
                    label class="pick" for="files" { "Choose clips" }
                    input id="files" type="file" multiple accept="video/*,.mp4,.mov,.mkv,.webm,.avi";
                    p class="soft" { "or drop them here. Filmed exactly from the side, the phone's own file." }
                }
                details {
                    summary { "What you know of them (all of it can be filled in later)" }
                    div class="fields" {
                        (fields::athlete(athletes, ""))
                        label { span { "Day (else the clip's own)" } input name="day" type="date"; }
                        (fields::exercise(&Told::default(), None))
                        (fields::masses(&Told::default()))
                        label { span { "Quality" }
                            select name="quality" {
                                option value="" { "Best" } option value="balanced" { "Balanced: faster" } option value="fast" { "Fast: a preview" }
                            }
                        }
                        (fields::note("Note", "note", ""))
                        label class="check wide" { input type="checkbox" name="hold" value="yes"; span { "Wait: I want to trim them or choose the athlete first" } }
                    }
                }
            }
            ul id="uploads" class="queue" aria-label="Uploads" {}
        }
    }
}

fn nothing_yet(app: &Shared, who: &Who) -> Markup {
    html! {
        div class="empty" {
            p { "No clips yet. Choose one above: a minute later you see what to fix first, on which strides, with the picture that shows it." }
            @if app.config.sample.is_some() && may_change(who) {
                form class="act" data-api="/api/v1/clips/sample" data-method="POST" data-then="clip" { button { "Try it with the sample clip" } }
            }
        }
    }
}

fn library(search: &Search, athletes: &[Athlete], found: &[Clip], all: u32) -> Markup {
    let page = search.page.unwrap_or(1).max(1);
    html! {
        (search_form(search, athletes))
        p class="soft" { (all) @if all == 1 { " clip" } @else { " clips" } @if !search.is_empty() { " found. " a href="/" { "Show all" } } }
        @if found.is_empty() { div class="empty" { p { "Nothing fits this search. Take a word away, or show all." } } }
        form action="/compare" method="get" {
            ul class="clips" { @for clip in found { (line(clip)) } }
            @if found.len() > 1 { button { "Compare the two chosen" } }
        }
        @if all > PAGE_CLIPS {
            nav class="pages" aria-label="Pages" {
                @if page > 1 { a href=(address(search, page - 1)) { "Newer" } }
                span { "page " (page) " of " (all.div_ceil(PAGE_CLIPS)) }
                @if page * PAGE_CLIPS < all { a href=(address(search, page + 1)) { "Older" } }
            }
        }
    }
}

/// A clip in a list.
#[must_use]
pub fn line(clip: &Clip) -> Markup {
    html! {
        li {
            @if clip.revision > 0 {
                input type="checkbox" name="clip" value=(clip.id) aria-label={ "Compare " (clip.title) ", " (clip.day) };
            } @else { span class="nothing" {} }
            a class="title" href={ "/clips/" (clip.id) } { (clip.title) }
            span class="facts" {
                span { @if let Some(athlete) = &clip.athlete { (athlete.name) } @else { "no athlete" } }
                span { (clip.day) }
                @if let Some(name) = &clip.exercise { span { (exercise(name)) } }
                @if let Some(load) = clip.told.load_kg { span { (load) " kg" } }
            }
            (badge(clip))
        }
    }
}

fn search_form(search: &Search, athletes: &[Athlete]) -> Markup {
    let athlete = search.athlete.trim().parse::<i64>().ok();
    html! {
        form class="search" action="/" method="get" role="search" {
            label { span { "Words" } input type="search" name="q" value=(search.q) maxlength="200"; }
            label { span { "Athlete" } select name="athlete" {
                option value="" { "All" }
                @for one in athletes { option value=(one.id) selected[athlete == Some(one.id)] { (one.name) } }
            } }
            details open[!Search { q: String::new(), athlete: String::new(), page: None, ..search.clone() }.is_empty()] {
                summary { "More" }
                div class="fields" {
                    label { span { "Exercise" } select name="exercise" {
                        option value="" { "All" }
                        @for name in technique::names() { option value=(name) selected[search.exercise == name] { (exercise(name)) } }
                    } }
                    label { span { "Fault" } select name="fault" {
                        option value="" { "Any" }
                        @for (id, name) in words::FAULTS { option value=(id) selected[search.fault == id] { (name) } }
                    } }
                    label { span { "State" } select name="state" {
                        option value="" { "Any" }
                        @for state in ClipState::ALL { option value=(state.name()) selected[search.state == state.name()] { (state.words()) } }
                    } }
                    label { span { "From" } input type="date" name="from" value=(search.from); }
                    label { span { "To" } input type="date" name="to" value=(search.to); }
                }
            }
            button { "Search" }
        }
    }
}

fn address(search: &Search, page: u32) -> String {
    let told = [
        ("q", &search.q),
        ("athlete", &search.athlete),
        ("exercise", &search.exercise),
        ("state", &search.state),
        ("fault", &search.fault),
        ("from", &search.from),
        ("to", &search.to),
    ];
    let told = told.into_iter().filter(|(_, value)| !value.is_empty());
    told.fold(format!("/?page={page}"), |all, (name, value)| format!("{all}&{name}={}", percent(value)))
}
