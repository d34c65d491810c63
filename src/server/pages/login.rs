//! The login: name and password, limited guesses, and back to where one wanted to go.

use super::{Frame, Page};
use crate::server::access;
use crate::server::app::{Shared, blocking, locked};
use crate::server::guard::set_cookie;
use crate::server::problem::Problem;
use crate::server::secret;
use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use std::net::SocketAddr;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

/// What is typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub async fn page(Query(asked): Query<Asked>) -> Page {
    form(&asked.next, "", None)
}

fn form(next: &str, name: &str, problem: Option<&str>) -> Page {
    Frame { title: "Log in", who: None, part: "", scripts: &[] }.page(&html! {
        h1 { "Log in" }
        @if let Some(problem) = problem { p class="problem" role="alert" { (problem) } }
        form class="login" method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            label { span { "Name" } input name="name" autocomplete="username" required autofocus value=(name); }
            label { span { "Password" } input name="password" type="password" autocomplete="current-password" required; }
            button { "Log in" }
        }
        p class="soft" { "No password, or forgotten? Whoever runs the server makes one: " code { "sledform serve password NAME" } }
    })
}

/// `POST /login`.
///
/// # Errors
/// When too many were wrong, or the store cannot be read.
pub async fn submit(
    State(app): State<Shared>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    // Counted before the password is looked at: many at once are many guesses.
    locked(&app.guesses).admit(from.ip())?;
    let (name, word) = (typed.name.clone(), typed.password);
    let account = app.db(move |c| access::account(c, &name)).await?;
    // Hashing takes a while on purpose; nobody else waits for it.
    let known = blocking(move || {
        let is_right = secret::is_password(&word, account.as_ref().map(|a| a.password.as_str()));
        Ok(account.filter(|_| is_right))
    })
    .await?;
    let cookie = match known {
        Some(account) => Some(app.db(move |c| access::log_in(c, &account.name)).await?),
        None => None,
    };
    let Some(cookie) = cookie else {
        let page = form(&typed.next, &typed.name, Some("Name or password is wrong."));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    locked(&app.guesses).forgive(from.ip());
    let to = Redirect::to(inside(&typed.next));
    Ok(([(header::SET_COOKIE, set_cookie(&app, &cookie))], to).into_response())
}

/// Only an address of ours is followed.
fn inside(next: &str) -> &str {
    let is_inside = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if is_inside { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_nowhere_else() {
        assert_eq!(inside("/clips/3?x=1"), "/clips/3?x=1");
        for outside in
            ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:alert(1)"]
        {
            assert_eq!(inside(outside), "/", "{outside}");
        }
    }
}
