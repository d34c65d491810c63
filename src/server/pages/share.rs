//! What somebody sees who was given a link: one clip's report or annotated video, and nothing else of the app.

use super::{Frame, Page, exercise, judgements};
use crate::server::api::shares;
use crate::server::app::Shared;
use crate::server::clips::{self, State as ClipState};
use crate::server::files::Scope;
use crate::server::folder::results_name;
use crate::server::judged;
use crate::server::overlay::{self, Overlay};
use crate::server::problem::Problem;
use crate::server::time::date_and_time;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use maud::html;

/// `/s/TOKEN`.
///
/// # Errors
/// When the link has ended or never was one; which of both is not told.
pub async fn page(State(app): State<Shared>, Path(token): Path<String>) -> Result<Page, Problem> {
    let found = app
        .db(move |c| {
            let share = shares::by_token(c, &token)?;
            share
                .map(|share| {
                    let clip = clips::get(c, share.clip)?;
                    Ok((judged::faults(c, &clip)?, clip, share))
                })
                .transpose()
        })
        .await?;
    let (faults, clip, share) = found.ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "This link has ended. Ask your coach for a new one.")
    })?;
    let view = app.view(clip.id, Some(share.id))?;
    let place = format!("/r/{view}/{}", results_name(clip.revision));
    let has_overlay = overlay::is_there(&app, &clip);
    let title = clip.exercise.as_deref().map_or_else(|| "Your clip".to_owned(), exercise);
    Ok(Frame { title: &title, who: None, part: "", scripts: &[] }.page(&html! {
        div class="head" {
            h1 { (title) }
            p class="facts" { @if let Some(athlete) = &clip.athlete { span { (athlete.name) } } span { (clip.day) } span { "This link works until " (date_and_time(share.expires)) } }
        }
        (judgements::disagreed(&faults, false))
        @if share.scope == Scope::Report.name() {
            iframe class="report" title={ "Report: " (title) } src={ (place) "/report.html" } sandbox="allow-scripts allow-downloads" allow="fullscreen" {}
            p class="acts" { a href={ (place) "/report.html" } target="_blank" rel="noopener" { "Open it on a page of its own" } }
        } @else if has_overlay {
            video class="alone" controls playsinline src={ (place) "/overlay.mp4" } {}
        } @else {
            p class="problem" { @if matches!(clip.overlay, Overlay::Current | Overlay::Failed) || clip.state != ClipState::Done { "There is no annotated video of this clip." } @else { "The annotated video is being made anew. Come back in a few minutes; this link stays." } }
        }
        @if has_overlay { p class="acts" { a href={ (place) "/overlay.mp4" } download="sledform.mp4" { "Save the annotated video" } } }
    }))
}
