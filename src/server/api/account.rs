//! Tokens of programs, and the end of a login.

use super::Json;
use crate::server::access::{self, Role};
use crate::server::app::Shared;
use crate::server::guard;
use crate::server::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

/// A token to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    name: String,
    role: Option<String>,
}

/// Makes a token; only this answer shows it.
///
/// # Errors
/// When the name or the role does not do.
pub async fn create_token(
    State(app): State<Shared>,
    Json(wanted): Json<Wanted>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let role = Role::parse(wanted.role.as_deref().unwrap_or("coach"));
    let role = role.ok_or_else(|| Problem::bad("role is coach or viewer."))?;
    let (id, token) = app.db(move |c| access::create_token(c, &wanted.name, role)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "token": token }))))
}

/// Takes a token back.
///
/// # Errors
/// When there is none.
pub async fn remove_token(State(app): State<Shared>, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    let gone = app.db(move |c| Ok(c.execute("DELETE FROM tokens WHERE id = ?1", [id])?)).await?;
    if gone == 0 { Err(Problem::missing("token")) } else { Ok(StatusCode::NO_CONTENT) }
}

/// Ends the login.
///
/// # Errors
/// When the store cannot be written.
pub async fn log_out(
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<(StatusCode, [(header::HeaderName, String); 1]), Problem> {
    if let Some(cookie) = guard::cookie(&headers) {
        app.db(move |c| access::log_out(c, &cookie)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, guard::set_cookie(&app, ""))]))
}
