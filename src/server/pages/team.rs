//! The team: athletes against faults, each by their last session.

use super::{Frame, Page};
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::problem::Problem;
use crate::server::team::{self, Team};
use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};

/// `/team`.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(State(app): State<Shared>, Extension(who): Extension<Who>) -> Result<Page, Problem> {
    let team = app.db(|c| team::team(c)).await?;
    Ok(Frame { title: "Team", who: Some(&who), part: "/team", scripts: &[] }.page(&html! {
        h1 { "Team" }
        @if team.rows.is_empty() {
            div class="empty" { p { "Nobody has a clip that could be judged yet. " a href="/" { "Send clips" } " and write whose they are." } }
        } @else if team.faults.is_empty() {
            p { "No fault was found in anybody's last session." }
        } @else { (table(&team)) }
    }))
}

fn table(team: &Team) -> Markup {
    html! {
        p class="soft" { "Faults found in each athlete's last session, worst first by athletes who show them. Findings that a coach disagrees with are left out." }
        div class="wide-table" role="region" aria-label="Team" tabindex="0" {
            table class="team" {
                thead { tr {
                    th scope="col" { "Athlete" } th scope="col" { "Session" }
                    @for (_, name) in &team.faults { th scope="col" class="turned" { span { (name) } } }
                } }
                tbody { @for row in &team.rows { tr {
                    th scope="row" { a href={ "/athletes/" (row.id) } { (row.name) } }
                    td { (row.day) }
                    @for (id, _) in &team.faults {
                        @if let Some(shown) = row.shown.get(id) {
                            td class={ "grade " (shown.severity) } { a href={ "/clips/" (shown.clip) } { (shown.severity) } }
                        } @else { td { span class="soft" aria-label="not found" { "–" } } }
                    }
                } } }
            }
        }
    }
}
