//! The team: athletes against faults, each by their last session.

use super::{Frame, Page};
use crate::server::access::Who;
use crate::server::app::Shared;
use crate::server::problem::Problem;
use crate::server::team::{self, Other, Team};
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
            div class="empty" { p { "Nobody has an analysed clip yet. " a href="/" { "Send clips" } " and write whose they are." } }
        } @else {
            @if team.faults.is_empty() { p { "No fault was found in anybody's last session." } }
            (table(&team))
        }
    }))
}

fn table(team: &Team) -> Markup {
    html! {
        p class="soft" { "Faults found in each athlete's last session, worst first by athletes who show them. Findings that a coach disagrees with are left out." }
        p class="soft" { @for (other, place) in LEGEND { @if place > 0 { " · " } (sign(Some(other))) " " (words(Some(other))) } " · empty: " (words(None)) }
        div class="wide-table" role="region" aria-label="Team" tabindex="0" {
            table class="team" {
                thead { tr {
                    th scope="col" { "Athlete" } th scope="col" { "Session" }
                    @for (_, name) in &team.faults { th scope="col" class="turned" { span { (name) } } }
                } }
                tbody { @for row in &team.rows { tr {
                    th scope="row" { a href={ "/athletes/" (row.id) } { (row.name) } }
                    td { (row.day) @if row.clips == 0 { br; span class="soft" { "nothing could be judged" } } }
                    @for (id, _) in &team.faults {
                        @if let Some(shown) = row.shown.get(id) {
                            td class={ "grade " (shown.severity) } { a href={ "/clips/" (shown.clip) } { (shown.severity) } }
                        } @else {
                            @let other = row.others.get(id).copied();
                            td { (sign(other)) span class="apart" { (words(other)) } }
                        }
                    }
                } } }
            }
        }
    }
}

const LEGEND: [(Other, usize); 4] =
    [(Other::Clear, 0), (Other::Borderline, 1), (Other::NotJudged, 2), (Other::Disagreed, 3)];

/// What stands in a cell without a fault; the words for it are there for those who hear the page.
fn sign(other: Option<Other>) -> Markup {
    let sign = match other {
        Some(Other::Clear) => "✓",
        Some(Other::Borderline) => "~",
        Some(Other::NotJudged) => "?",
        Some(Other::Disagreed) => "✗",
        None => "",
    };
    html! { span class="sign" aria-hidden="true" { (sign) } }
}

fn words(other: Option<Other>) -> &'static str {
    match other {
        Some(Other::Clear) => "clear",
        Some(Other::Borderline) => "close to a limit",
        Some(Other::NotJudged) => "not judged",
        Some(Other::Disagreed) => "found, the coach disagrees",
        None => "not part of this exercise",
    }
}
