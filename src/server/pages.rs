//! Pages for people, written on the server: what they have in common, and words and numbers as they are shown.
//!
//! Pages only show; every change goes through the API, sent by `app.js` from the forms' own fields.

pub mod athlete;
pub mod athletes;
pub mod clip;
pub mod compare;
pub mod fields;
pub mod home;
pub mod judgements;
pub mod login;
pub mod prepare;
pub mod settings;
pub mod share;
pub mod team;
pub mod trend;

use super::access::{Role, Who};
use super::clips::{Clip, State};
use super::problem::Problem;
use crate::metrics::catalogue;
pub use crate::technique::title as exercise;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// A page's answer.
pub struct Page(pub Markup);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        Html(self.0.into_string()).into_response()
    }
}

/// What stands around a page's content.
pub struct Frame<'a> {
    /// The title.
    pub title: &'a str,
    /// Who looks; none where nobody is known, as at the login.
    pub who: Option<&'a Who>,
    /// The part of the app, marked in the navigation.
    pub part: &'a str,
    /// Scripts besides `app.js`.
    pub scripts: &'a [&'a str],
}

const PARTS: [(&str, &str); 5] = [
    ("/", "Clips"),
    ("/athletes", "Athletes"),
    ("/team", "Team"),
    ("/compare", "Compare"),
    ("/settings", "Settings"),
];

impl Frame<'_> {
    /// The whole page.
    #[must_use]
    pub fn page(&self, content: &Markup) -> Page {
        let version = env!("CARGO_PKG_VERSION");
        Page(html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(csrf) = self.who.and_then(|w| w.csrf.as_deref()) { meta name="csrf" content=(csrf); }
                    title { (self.title) " · sledform" }
                    link rel="icon" href={ "/static/icon.svg?" (version) };
                    link rel="stylesheet" href={ "/static/app.css?" (version) };
                    script defer src={ "/static/app.js?" (version) } {}
                    @for script in self.scripts { script defer src={ "/static/" (script) "?" (version) } {} }
                }
                body {
                    a class="skip" href="#content" { "To the content" }
                    @if let Some(who) = self.who { (navigation(self.part, who)) }
                    main id="content" tabindex="-1" { (content) }
                    p id="said" class="said" role="status" aria-live="polite" {}
                }
            }
        })
    }
}

fn navigation(part: &str, who: &Who) -> Markup {
    html! {
        header class="app" {
            nav aria-label="Main" {
                span class="brand" aria-hidden="true" { "sledform" }
                @for (place, name) in PARTS {
                    @if place == part { a href=(place) aria-current="page" { (name) } } @else { a href=(place) { (name) } }
                }
            }
            @if who.role == Role::Viewer { span class="soft" { (who.name) " (may look)" } }
        }
    }
}

/// A problem as a page.
#[must_use]
pub fn problem(problem: &Problem, who: Option<&Who>) -> Page {
    let title = problem.status.canonical_reason().unwrap_or("Problem");
    Frame { title, who, part: "", scripts: &[] }.page(&html! {
        h1 { (title) }
        p class="problem" role="alert" { (problem.message) }
        @if who.is_some() { p { a href="/" { "Back to the clips" } } }
    })
}

/// Whether they may change anything.
#[must_use]
pub fn may_change(who: &Who) -> bool {
    who.role >= Role::Coach
}

/// A number as it is read: three digits that count.
#[must_use]
pub fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 0.1 || v == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A metric's name for people.
#[must_use]
pub fn metric(id: &str) -> String {
    catalogue::row(id).map_or_else(|| id.replace('_', " "), |row| row.name.to_owned())
}

/// A side behind a name: ", left", ", both sides".
#[must_use]
pub fn side(side: Option<&str>) -> String {
    match side {
        None | Some("") => String::new(),
        Some("both") => ", both sides".to_owned(),
        Some(side) => format!(", {side}"),
    }
}

/// How many faults were found, in words; those that a coach disagrees with apart.
#[must_use]
pub fn count(clip: &Clip) -> String {
    let found = match clip.faults {
        0 if clip.disagreed > 0 => "no fault left".to_owned(),
        0 if clip.is_mostly_open => "no fault found, most not judged".to_owned(),
        0 => "no fault found".to_owned(),
        1 => "1 fault".to_owned(),
        faults => format!("{faults} faults"),
    };
    if clip.disagreed == 0 { found } else { format!("{found}, {} disagreed", clip.disagreed) }
}

/// A clip's state as a badge; with faults counted once analysed.
#[must_use]
pub fn badge(clip: &Clip) -> Markup {
    let words = match clip.state {
        State::Done if !clip.is_judged => "nothing to judge".to_owned(),
        State::Done => count(clip),
        state => state.words().to_owned(),
    };
    html! { span class={ "badge " (clip.state.name()) } { (words) } }
}

/// For an address: everything but what RFC 3986 calls unreserved.
#[must_use]
pub fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut address, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
        address
    })
}
