//! Settings: tokens for programs, links given out, how this server is reached; and a page about the API.

use super::{Frame, Page, fields, may_change};
use crate::server::access::Who;
use crate::server::api::shares::{self, Share};
use crate::server::app::Shared;
use crate::server::problem::Problem;
use crate::server::time::{date, date_and_time};
use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use rusqlite::Connection;

struct Token {
    id: i64,
    name: String,
    role: String,
    created: i64,
    last_used: Option<i64>,
}

fn tokens(c: &Connection) -> Result<Vec<Token>, Problem> {
    let mut rows = c.prepare_cached("SELECT id, name, role, created, last_used FROM tokens ORDER BY id")?;
    let token = |r: &rusqlite::Row| {
        Ok(Token {
            id: r.get(0)?,
            name: r.get(1)?,
            role: r.get(2)?,
            created: r.get(3)?,
            last_used: r.get(4)?,
        })
    };
    Ok(rows.query_map([], token)?.collect::<Result<_, _>>()?)
}

fn accounts(c: &Connection) -> Result<Vec<(String, String)>, Problem> {
    let mut rows = c.prepare_cached("SELECT name, role FROM users ORDER BY name")?;
    Ok(rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// `/settings`.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(State(app): State<Shared>, Extension(who): Extension<Who>) -> Result<Page, Problem> {
    let (tokens, shares, accounts) =
        app.db(|c| Ok((tokens(c)?, shares::list(c, None)?, accounts(c)?))).await?;
    Ok(Frame { title: "Settings", who: Some(&who), part: "/settings", scripts: &[] }.page(&html! {
        h1 { "Settings" }
        section aria-labelledby="accounts-title" {
            h2 id="accounts-title" { "Who may come in" }
            @if accounts.is_empty() {
                p { "Nobody has a password, so the app answers this machine alone. To use it from a phone, run " code { "sledform serve password coach" } " and start it with " code { "--listen" } "." }
            } @else {
                ul { @for (name, role) in &accounts { li { (name) " (" (role) ")" } } }
                p class="soft" { code { "sledform serve password NAME --role viewer" } " adds somebody or changes a password; " code { "sledform serve password NAME --remove" } " removes somebody." }
                form class="act" data-api="/api/v1/logout" data-method="POST" data-then="/login" { button { "Log out" } }
            }
        }
        @if may_change(&who) { (programs(&tokens, &who)) (links(&shares, &who)) }
        p class="soft" { "sledform " (env!("CARGO_PKG_VERSION")) " · " a href="/api" { "API" } }
    }))
}

fn programs(tokens: &[Token], who: &Who) -> Markup {
    html! {
        section aria-labelledby="tokens-title" {
            h2 id="tokens-title" { "Programs" }
            p class="soft" { "A program that sends clips or reads results needs a token. " a href="/api" { "How" } "." }
            @if !tokens.is_empty() {
                ul { @for token in tokens { li {
                    (token.name) " (" (token.role) "), made " (date(token.created)) ", "
                    @if let Some(used) = token.last_used { "last used " (date_and_time(used)) } @else { "never used" } " "
                    (fields::act(who, "DELETE", &format!("/api/v1/tokens/{}", token.id), "reload", "Take it back"))
                } } }
            }
            form class="inline" data-api="/api/v1/tokens" data-method="POST" data-then="token" {
                label { span { "Name of the program" } input name="name" required maxlength="120" autocomplete="off"; }
                label { span { "It may" } select name="role" { option value="coach" { "read and change" } option value="viewer" { "read" } } }
                button { "Make a token" }
            }
            output class="link" hidden {}
        }
    }
}

fn links(shares: &[Share], who: &Who) -> Markup {
    html! {
        section aria-labelledby="links-title" {
            h2 id="links-title" { "Links given out" }
            @if shares.is_empty() { p class="soft" { "None. A clip's page makes them." } }
            ul { @for share in shares { li {
                a href={ "/clips/" (share.clip) } { "Clip " (share.clip) } " (" (share.scope) "), by " (share.author) ", until " (date_and_time(share.expires)) ". "
                (fields::act(who, "DELETE", &format!("/api/v1/shares/{}", share.id), "reload", "Take it back"))
            } } }
        }
    }
}

/// `/api`.
pub async fn api(Extension(who): Extension<Who>) -> Page {
    Frame { title: "API", who: Some(&who), part: "", scripts: &[] }.page(&html! {
        h1 { "API" }
        p { "Everything the pages do goes over HTTP under " code { "/api/v1" } ". The description for programs: " a href="/api/v1/openapi.json" { "openapi.json" } " (OpenAPI 3.1)." }
        h2 { "Send a clip" }
        pre tabindex="0" { code { "curl -H \"Authorization: Bearer $TOKEN\" \\\n  -F file=@clip.mp4 -F athlete=Ada -F load_kg=40 \\\n  http://127.0.0.1:7533/api/v1/clips" } }
        h2 { "Wait and read" }
        pre tabindex="0" { code { "curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:7533/api/v1/clips/1\ncurl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:7533/api/v1/clips/1/files/strides.csv" } }
        p { "Make a token in the " a href="/settings" { "settings" } " or with " code { "sledform serve token NAME" } "." }
    })
}
