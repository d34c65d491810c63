//! A clip: how far it is, its report, and what a coach does with it.

use super::{Frame, Page, badge, exercise, fields, judgements, may_change};
use crate::server::access::Who;
use crate::server::api::remarks::{self, Note};
use crate::server::api::shares::{self, Share};
use crate::server::app::Shared;
use crate::server::athletes::{self, Athlete};
use crate::server::clips::{self, Clip, State as ClipState};
use crate::server::files::RESULTS;
use crate::server::folder::results_name;
use crate::server::judged::{self, Fault};
use crate::server::overlay::{self, refuse_stale};
use crate::server::problem::Problem;
use crate::server::time::{date, date_and_time};
use axum::Extension;
use axum::extract::{Path, State};
use maud::{Markup, html};

/// Everything the page shows.
struct Shown {
    clip: Clip,
    faults: Vec<Fault>,
    reasons: Vec<String>,
    notes: Vec<Note>,
    shares: Vec<Share>,
    athletes: Vec<Athlete>,
    others: Vec<Clip>,
    files: Vec<&'static str>,
}

/// `/clips/ID`.
///
/// # Errors
/// When there is none.
pub async fn page(
    State(app): State<Shared>,
    Extension(who): Extension<Who>,
    Path(id): Path<i64>,
) -> Result<Page, Problem> {
    let folder = app.folder.clone();
    let shown = app
        .db(move |c| {
            let clip = clips::get(c, id)?;
            let others = match &clip.athlete {
                Some(athlete) => clips::of_athlete(c, athlete.id)?,
                None => Vec::new(),
            };
            let results = folder.results(&clip.sha256, clip.revision);
            let files = RESULTS
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| results.join(name).is_file() && refuse_stale(&clip, name).is_ok());
            Ok(Shown {
                files: files.collect(),
                faults: judged::faults(c, &clip)?,
                reasons: judged::reasons(c, &clip)?,
                notes: remarks::notes(c, id)?,
                shares: shares::list(c, Some(id))?,
                athletes: athletes::all(c)?,
                others,
                clip,
            })
        })
        .await?;
    let clip = &shown.clip;
    let view = if clip.revision > 0 { Some(app.view(id, None)?) } else { None };
    let frame = Frame { title: &clip.title, who: Some(&who), part: "", scripts: &["queue.js"] };
    Ok(frame.page(&html! {
        (head(clip))
        @if clip.state != ClipState::Done { (progress(clip, &who)) }
        @if let Some(view) = &view {
            @if clip.state != ClipState::Done { (earlier(clip)) }
            @if may_change(&who) { (correct(clip)) }
            (judgements::disagreed(&shown.faults, true))
            (report(clip, view))
            @if let Some(words) = overlay::words(clip) { p class="soft" id="overlay" data-clip=(id) data-is=(clip.overlay.name()) role="status" { (words) } }
            (judgements::section(clip, &shown.faults, &shown.reasons, &who))
        }
        (said(&shown, &who))
        @if may_change(&who) { (told(&shown)) }
        @if clip.revision > 0 { (give(&shown, &who)) (compare(&shown)) (downloads(&shown)) }
        (away(clip, &who))
    }))
}

fn head(clip: &Clip) -> Markup {
    html! {
        div class="head" {
            h1 { (clip.title) }
            p class="facts" {
                @if let Some(athlete) = &clip.athlete { a href={ "/athletes/" (athlete.id) } { (athlete.name) } }
                span { (clip.day) }
                @if let Some(name) = &clip.exercise { span { (exercise(name)) } }
                @if let Some(load) = clip.told.load_kg { span { (load) " kg" } }
                (badge(clip))
            }
        }
    }
}

fn progress(clip: &Clip, who: &Who) -> Markup {
    let id = clip.id;
    html! {
        section class="panel" id="progress" data-clip=(id) data-state=(clip.state.name()) aria-labelledby="progress-title" {
            h2 id="progress-title" { "Analysis" }
            p class="words" role="status" { @match clip.state {
                ClipState::Held => "It waits: trim it, choose the athlete or set the scale if you like, then start.",
                ClipState::Queued => "In the queue.",
                ClipState::Running => "Being analysed.",
                ClipState::Cancelled => "Cancelled.",
                ClipState::Failed | ClipState::Done => "",
            } }
            @if let Some(error) = &clip.error { p class="problem" { (error) } }
            progress hidden max="1" value="0" aria-label="Analysis" {}
            div class="acts" {
                @match clip.state {
                    ClipState::Held => {
                        @if may_change(who) { a class="button" href={ "/clips/" (id) "/prepare" } { "Trim and choose" } }
                        (fields::act(who, "POST", &format!("/api/v1/clips/{id}/start"), "reload", "Start"))
                    }
                    ClipState::Queued | ClipState::Running => (fields::act(who, "POST", &format!("/api/v1/clips/{id}/cancel"), "reload", "Cancel")),
                    _ => {
                        (fields::act(who, "POST", &format!("/api/v1/clips/{id}/retry"), "reload", "Try again"))
                        @if may_change(who) && clip.video.is_some() { a class="button" href={ "/clips/" (id) "/prepare" } { "Change the trim" } }
                    }
                }
            }
        }
    }
}

/// What stands below is not what was asked for last.
fn earlier(clip: &Clip) -> Markup {
    let why = match clip.state {
        ClipState::Failed => "The last analysis failed",
        ClipState::Cancelled => "The last analysis was cancelled",
        _ => "A new analysis is not done yet",
    };
    html! { p class="problem" { (why) ": what follows are the results of an earlier one, as it was told then." } }
}

/// The correction that is made most, where it is seen at once.
fn correct(clip: &Clip) -> Markup {
    let seen = clip.exercise.as_deref().filter(|_| clip.told.exercise.is_none());
    html! {
        form class="inline" id="correct" data-api={ "/api/v1/clips/" (clip.id) } data-method="PATCH" data-then="reload" data-busy="Judging again…" {
            (fields::exercise(&clip.told, seen))
            button { "Judge again" }
        }
    }
}

fn report(clip: &Clip, view: &str) -> Markup {
    let address = format!("/r/{view}/{}/report.html", results_name(clip.revision));
    html! {
        section aria-label="Report" {
            iframe class="report" title={ "Report of " (clip.title) } src=(address) sandbox="allow-scripts allow-downloads" allow="fullscreen" {}
            p class="acts" { a href=(address) target="_blank" rel="noopener" { "Open the report on a page of its own, to print or read it large" } }
        }
    }
}

fn said(shown: &Shown, who: &Who) -> Markup {
    let id = shown.clip.id;
    html! {
        section aria-labelledby="notes-title" {
            h2 id="notes-title" { "Notes" }
            @if let Some(note) = &shown.clip.told.note { p class="note" { (note) } }
            @for note in &shown.notes {
                div class="note" {
                    p { (note.text) }
                    p class="soft" { (note.author) ", " (date(note.created)) }
                    (fields::act(who, "DELETE", &format!("/api/v1/clips/{id}/notes/{}", note.id), "reload", "Delete this note"))
                }
            }
            @if may_change(who) {
                form data-api={ "/api/v1/clips/" (id) "/notes" } data-method="POST" data-then="reload" {
                    (fields::note("New note", "text", ""))
                    button { "Add" }
                }
            } @else if shown.notes.is_empty() && shown.clip.told.note.is_none() { p class="soft" { "None yet." } }
        }
    }
}

fn told(shown: &Shown) -> Markup {
    let clip = &shown.clip;
    html! {
        details class="panel" {
            summary { "Athlete, day, load" }
            form data-api={ "/api/v1/clips/" (clip.id) } data-method="PATCH" data-then="reload" data-busy="Saving…" {
                div class="fields" {
                    (fields::athlete(&shown.athletes, clip.athlete.as_ref().map_or("", |a| &a.name)))
                    @if clip.athlete.is_some() && !shown.shares.is_empty() { p class="soft wide" { "Another athlete here ends the links given out for this clip." } }
                    label { span { "Day" } input name="day" type="date" required value=(clip.day); }
                    label { span { "Title" } input name="title" required maxlength="120" value=(clip.title); }
                    (fields::masses(&clip.told))
                    @if clip.revision == 0 { (fields::exercise(&clip.told, None)) }
                    (fields::note("Note in the report", "note", clip.told.note.as_deref().unwrap_or_default()))
                }
                button { "Save" }
            }
            @if clip.video.is_some() { p { a href={ "/clips/" (clip.id) "/prepare" } { "Trim, choose the athlete, or set the scale" } } }
        }
    }
}

fn give(shown: &Shown, who: &Who) -> Markup {
    let id = shown.clip.id;
    html! {
        @if may_change(who) {
            section aria-labelledby="give-title" {
                h2 id="give-title" { "Give it to the athlete" }
                form class="inline" data-api={ "/api/v1/clips/" (id) "/shares" } data-method="POST" data-then="share" {
                    label { span { "What" } select name="scope" { option value="report" { "Report and videos" } option value="overlay" { "Annotated video alone" } } }
                    label { span { "For" } select name="days" data-number="yes" { option value="1" { "1 day" } option value="7" selected { "7 days" } option value="30" { "30 days" } option value="90" { "90 days" } } }
                    button { "Make a link" }
                }
                output class="link" hidden {}
                @if !shown.shares.is_empty() {
                    ul { @for share in &shown.shares {
                        li { "A link to the " (share.scope) " by " (share.author) " works until " (date_and_time(share.expires)) ". "
                            (fields::act(who, "DELETE", &format!("/api/v1/shares/{}", share.id), "reload", "Take it back")) }
                    } }
                }
            }
        }
    }
}

fn compare(shown: &Shown) -> Markup {
    let others: Vec<&Clip> =
        shown.others.iter().filter(|c| c.id != shown.clip.id && c.revision > 0).collect();
    html! {
        section aria-labelledby="compare-title" {
            h2 id="compare-title" { "Compare" }
            @if others.is_empty() {
                p class="soft" { "With another clip of this athlete the two can be compared here. Any two clips: " a href="/compare" { "Compare" } "." }
            } @else {
                form class="inline" action="/compare" method="get" {
                    input type="hidden" name="clip" value=(shown.clip.id);
                    label { span { "With" } select name="clip" {
                        @for clip in others.iter().rev() { option value=(clip.id) { (clip.day) ": " (clip.title) } }
                    } }
                    button { "Compare" }
                }
            }
        }
    }
}

fn downloads(shown: &Shown) -> Markup {
    let id = shown.clip.id;
    html! {
        details class="panel" {
            summary { "Files" }
            ul class="files" {
                @for name in &shown.files { li { a href={ "/api/v1/clips/" (id) "/files/" (name) } download { (name) } } }
            }
        }
    }
}

fn away(clip: &Clip, who: &Who) -> Markup {
    let id = clip.id;
    let whose = clip.athlete.as_ref().map_or_else(String::new, |a| format!(" of {}", a.name));
    let question = format!(
        "Delete the clip {}{whose}, {}, with its results, notes and links? This cannot be undone.",
        clip.title, clip.day
    );
    html! {
        div class="acts" {
            @if clip.state == ClipState::Done && clip.video.is_some() {
                (fields::act(who, "POST", &format!("/api/v1/clips/{id}/retry"), "reload", "Watch it again"))
            }
            (fields::act_after_asking(who, &format!("/api/v1/clips/{id}"), "/", "Delete this clip", &question))
        }
    }
}
