//! All athletes.

use super::{Frame, Page, may_change};
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::athletes;
use crate::server::problem::Problem;
use axum::Extension;
use axum::extract::State;
use maud::html;

/// `/athletes`.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(State(app): State<Shared>, Extension(who): Extension<Who>) -> Result<Page, Problem> {
    let all = app.db(|c| athletes::all(c)).await?;
    Ok(Frame { title: "Athletes", who: Some(&who), part: "/athletes", scripts: &[] }.page(&html! {
        h1 { "Athletes" }
        @if all.is_empty() {
            div class="empty" { p { "Nobody yet. Name an athlete here, or write a name beside a clip." } }
        } @else {
            div class="wide-table" role="region" aria-label="Athletes" tabindex="0" {
                table {
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Sessions" } th scope="col" { "Clips" } th scope="col" { "Last session" } } }
                    tbody { @for athlete in &all {
                        tr {
                            th scope="row" { a href={ "/athletes/" (athlete.id) } { (athlete.name) } }
                            td { (athlete.sessions) }
                            td { (athlete.clips) }
                            td { (athlete.last_day.as_deref().unwrap_or("none yet")) }
                        }
                    } }
                }
            }
        }
        @if may_change(&who) {
            form class="inline" data-api="/api/v1/athletes" data-method="POST" data-then="reload" {
                label { span { "Name" } input name="name" required maxlength="120" autocomplete="off"; }
                button { "Add an athlete" }
            }
        }
    }))
}
