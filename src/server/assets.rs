//! What pages are dressed in: style and scripts of ours, compiled in.

use super::problem::Problem;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

const FILES: [(&str, &str, &str); 6] = [
    ("app.css", "text/css; charset=utf-8", include_str!("assets/app.css")),
    ("app.js", SCRIPT, include_str!("assets/app.js")),
    ("upload.js", SCRIPT, include_str!("assets/upload.js")),
    ("queue.js", SCRIPT, include_str!("assets/queue.js")),
    ("prepare.js", SCRIPT, include_str!("assets/prepare.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Until the next version: pages ask with the version in the address.
const CACHE: &str = "public, max-age=86400";

/// `/static/NAME`.
///
/// # Errors
/// When there is none.
pub async fn named(Path(name): Path<String>) -> Result<Response, Problem> {
    let found = FILES.into_iter().find(|(known, _, _)| *known == name);
    let (_, kind, text) = found.ok_or_else(|| Problem::missing("file"))?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], text).into_response())
}

/// The description of the API.
pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("assets/openapi.json")).into_response()
}
