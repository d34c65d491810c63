//! Before the analysis: which part, which person, how large. All of it optional.

use super::{Frame, Page};
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::clips::{self, Clip, State as ClipState};
use crate::server::problem::Problem;
use axum::Extension;
use axum::extract::{Path, State};
use maud::{Markup, html};

/// `/clips/ID/prepare`.
///
/// # Errors
/// When there is no such clip, or it has no video.
pub async fn page(
    State(app): State<Shared>,
    Extension(who): Extension<Who>,
    Path(id): Path<i64>,
) -> Result<Page, Problem> {
    let clip = app.db(move |c| clips::get(c, id)).await?;
    if clip.video.is_none() {
        return Err(Problem::missing("video"));
    }
    let title = format!("Trim {}", clip.title);
    Ok(Frame { title: &title, who: Some(&who), part: "", scripts: &["prepare.js"] }.page(&html! {
        h1 { "Trim and choose" }
        p { a href={ "/clips/" (id) } { (clip.title) } ": all of this is optional. Leave out what you do not need." }
        (player(&clip))
        (form(&clip))
    }))
}

fn player(clip: &Clip) -> Markup {
    html! {
        div class="stage" {
            video id="player" muted playsinline controls preload="metadata" src={ "/api/v1/clips/" (clip.id) "/files/clip" } {}
            canvas id="marks" aria-hidden="true" {}
        }
        p id="unplayable" class="problem" hidden { "This browser cannot play the clip. It can be analysed all the same; write the values below by hand." }
        div class="acts" {
            button type="button" data-step="-1" { "One frame back" }
            button type="button" data-step="1" { "One frame on" }
            span id="now" role="status" {}
        }
    }
}

fn form(clip: &Clip) -> Markup {
    let told = &clip.told;
    // What waits or failed goes into the queue with what is told here.
    let also = match clip.state {
        ClipState::Held => Some("start"),
        ClipState::Failed | ClipState::Cancelled => Some("retry"),
        _ => None,
    };
    let text = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    html! {
        form id="prepare" data-api={ "/api/v1/clips/" (clip.id) } data-method="PATCH" data-then={ "/clips/" (clip.id) }
            data-also=[also.map(|act| format!("/api/v1/clips/{}/{act}", clip.id))] data-busy="Saving…" {
            fieldset {
                legend { "Which part" }
                div class="fields" {
                    label { span { "Start (s)" } input name="start_s" inputmode="decimal" autocomplete="off" value=(text(told.start_s)); }
                    button type="button" data-mark="start_s" { "Start here" }
                    label { span { "End (s)" } input name="end_s" inputmode="decimal" autocomplete="off" value=(text(told.end_s)); }
                    button type="button" data-mark="end_s" { "End here" }
                }
            }
            fieldset {
                legend { "Which person" }
                p class="soft" { "Only where there are several people: stop where the athlete is well seen, press the button, then tap the athlete." }
                div class="fields" {
                    label { span { "Athlete (x,y@seconds)" } input name="athlete_at" autocomplete="off" value=(told.athlete_at.as_deref().unwrap_or_default()); }
                    button type="button" data-tap="athlete" aria-pressed="false" { "Tap the athlete" }
                }
            }
            fieldset {
                legend { "How large" }
                p class="soft" { "For metres: tap both ends of something whose length you know, in the athlete's plane. Or write the height in the clip's details." }
                div class="fields" {
                    label { span { "Length (m)" } input id="metres" inputmode="decimal" autocomplete="off" value=(told.known_length.as_deref().and_then(|l| l.split_once('=')).map_or("", |(_, m)| m)); }
                    label { span { "Line (x1,y1,x2,y2=m)" } input name="known_length" autocomplete="off" value=(told.known_length.as_deref().unwrap_or_default()); }
                    button type="button" data-tap="length" aria-pressed="false" { "Tap both ends" }
                }
            }
            fieldset {
                legend { "Slow motion" }
                div class="fields" {
                    label { span { "Filmed at (frames per second), where it plays slower" } input name="capture_fps" inputmode="decimal" autocomplete="off" value=(text(told.capture_fps)); }
                }
            }
            div class="acts" {
                button { @match also { Some("start") => "Save and start", Some(_) => "Save and try again", None => "Save" } }
                button type="reset" { "Undo" }
            }
        }
    }
}
