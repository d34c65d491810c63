//! A clip in one request, as forms and scripts send it, and the sample clip.

use super::Json;
use crate::server::app::Shared;
use crate::server::intake::{self, Accepted, Fields};
use crate::server::problem::Problem;
use crate::server::secret;
use crate::server::told;
use crate::server::upload::refuse_too_large;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// Longest value of a text field, bytes.
const FIELD_BYTES: usize = 16 << 10;

/// Most fields of a form.
const FIELDS: usize = 40;

/// `multipart/form-data` with the clip as `file` and what is told of it as fields of their names.
///
/// # Errors
/// When it is too large, no video, or a field is not allowed.
pub async fn create(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if let Some(length) = length {
        refuse_too_large(&app, length)?;
    }
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|e| Problem::new(e.status(), e.body_text()))?;
    let part = Part(app.folder.upload(&secret::token()?));
    let (mut title, mut fields) = (None, Map::new());
    for _ in 0..FIELDS {
        let Some(field) = form.next_field().await? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            title = Some(told::title(field.file_name().unwrap_or_default()));
            receive(field, &part.0, app.limits().upload_bytes).await?;
        } else {
            fields.insert(name, Value::from(short(field).await?));
        }
    }
    let title = title.ok_or_else(|| Problem::bad("The form has no part called file."))?;
    let accepted = intake::accept(&app, &part.0, &title, Fields::parse(fields)?).await?;
    Ok(answer(&accepted))
}

/// The sample clip, one click away.
///
/// # Errors
/// When this installation has none.
pub async fn sample(State(app): State<Shared>) -> Result<Response, Problem> {
    let sample = app.config.sample.clone().ok_or_else(|| Problem::missing("sample clip"))?;
    let title = sample.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let fields = Fields { athlete: Some("Sample athlete".to_owned()), ..Fields::default() };
    Ok(answer(&intake::accept(&app, &sample, &title, fields).await?))
}

fn answer(accepted: &Accepted) -> Response {
    let status = if accepted.is_duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let place = format!("/api/v1/clips/{}", accepted.clip.id);
    let body = json!({ "clip": accepted.clip, "is_duplicate": accepted.is_duplicate });
    (status, [(header::LOCATION, place)], Json(body)).into_response()
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        Self::new(error.status(), error.body_text())
    }
}

async fn receive(mut field: Field<'_>, path: &Path, most: u64) -> Result<(), Problem> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut written = 0;
    while let Some(piece) = field.chunk().await? {
        written += piece.len() as u64;
        if written > most {
            let message = format!("At most {} MB are taken. Trim the clip on the phone first.", most >> 20);
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    Ok(file.sync_all().await?)
}

async fn short(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > FIELD_BYTES {
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "A field of the form is too long."));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::bad("A field of the form is not UTF-8."))
}

/// A file that goes with the request, however it ends.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}
