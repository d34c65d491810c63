//! Uploads that survive a bad connection: the core, creation and termination parts of tus 1.0 (<https://tus.io/protocols/resumable-upload>).
//!
//! A file grows under a name of ours; how long it is says how far the upload is. When it is whole it becomes a clip, and the
//! answer names the clip in `Sledform-Clip`.

use super::app::{App, Shared, locked};
use super::folder::DataFolder;
use super::intake::{self, Accepted, Fields};
use super::metadata;
use super::problem::Problem;
use super::secret;
use super::time::now;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use rusqlite::{OptionalExtension, params};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// The version of the protocol.
const VERSION: &str = "1.0.0";

/// Uploads under way at once, from everybody together; each holds disk space back.
const MOST: i64 = 200;

/// An upload that nobody continued goes after so many seconds: two days, so that Friday's can be finished on Sunday.
const KEPT_S: i64 = 2 * 24 * 3600;

/// A connection that sends nothing for so long is given up; the upload can go on in another.
const SILENCE: Duration = Duration::from_mins(1);

/// Disk space left free, bytes, for results and the database.
const SPARE_BYTES: u64 = 512 << 20;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const CLIP: HeaderName = HeaderName::from_static("sledform-clip");
const DUPLICATE: HeaderName = HeaderName::from_static("sledform-duplicate");

/// `OPTIONS`: what is supported.
pub async fn options(State(app): State<Shared>) -> Response {
    let most = app.limits().upload_bytes.to_string();
    let headers = [
        ("tus-version", VERSION),
        ("tus-extension", "creation,termination,expiration"),
        ("tus-max-size", &most),
    ];
    (StatusCode::NO_CONTENT, headers.map(|(n, v)| (n, v.to_owned())), resumable()).into_response()
}

/// `POST`: a new upload.
///
/// # Errors
/// When it would be too large, or what came with it is not allowed.
pub async fn create(State(app): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let length = number(&headers, &LENGTH)
        .ok_or_else(|| Problem::bad("Upload-Length must say how many bytes come."))?;
    let (title, fields) = metadata::read(&headers)?;
    if length == 0 {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The file is empty. Choose the clip again.",
        ));
    }
    refuse_too_large(&app, length)?;
    let id = secret::token()?;
    let path = app.folder.upload(&id);
    let row = id.clone();
    app.db(move |c| {
        let open: i64 = c.query_row("SELECT count(*) FROM uploads WHERE clip IS NULL", [], |r| r.get(0))?;
        if open >= MOST {
            let message = format!("{open} uploads are under way. Let some finish, then try again.");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, message));
        }
        std::fs::File::create(&path)?;
        c.execute(
            "INSERT INTO uploads (id, length, title, fields, created) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                row,
                i64::try_from(length).unwrap_or(i64::MAX),
                title,
                fields.to_json().to_string(),
                now()
            ],
        )?;
        Ok(())
    })
    .await?;
    let place = format!("/api/v1/uploads/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], resumable()).into_response())
}

/// Whether a file of this length may come.
///
/// # Errors
/// When it is over the limit or the disk has no room.
pub fn refuse_too_large(app: &App, length: u64) -> Result<(), Problem> {
    let most = app.limits().upload_bytes;
    if length > most {
        let message = format!(
            "The file has {} MB and at most {} MB are taken. Trim it on the phone, or ask whoever runs the server for more.",
            length >> 20,
            most >> 20
        );
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    match room(&app.folder) {
        Some(free) if free < length.saturating_add(SPARE_BYTES) => {
            let message =
                "There is not enough room on the server's disk. Delete clips or make room, then try again.";
            Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, message))
        }
        _ => Ok(()),
    }
}

/// Bytes free on the store's disk.
fn room(folder: &DataFolder) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder.path()).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// An upload's row.
struct Upload {
    id: String,
    length: u64,
    title: String,
    fields: String,
    clip: Option<(i64, bool)>,
    problem: Option<String>,
}

async fn find(app: &Shared, id: String) -> Result<Upload, Problem> {
    app.db(move |c| {
        let sql = "SELECT length, title, fields, clip, is_duplicate, problem FROM uploads WHERE id = ?1";
        let upload = c.query_row(sql, [&id], |r| {
            Ok(Upload {
                id: id.clone(),
                length: r.get::<_, i64>(0)?.unsigned_abs(),
                title: r.get(1)?,
                fields: r.get(2)?,
                clip: r.get::<_, Option<i64>>(3)?.zip(r.get(4)?),
                problem: r.get(5)?,
            })
        });
        upload.optional()?.ok_or_else(|| Problem::missing("upload"))
    })
    .await
}

/// `HEAD`: how far an upload is.
///
/// # Errors
/// When there is none.
pub async fn progress(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Problem> {
    let upload = find(&app, id).await?;
    let offset = match upload.clip {
        Some(_) => upload.length,
        None => std::fs::metadata(app.folder.upload(&upload.id)).map_or(0, |m| m.len()),
    };
    let more = [
        (LENGTH, HeaderValue::from(upload.length)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::OK, more, answer(offset, upload.clip)).into_response())
}

/// `PATCH`: more bytes, from where the file ends.
///
/// # Errors
/// When they do not follow on, are too many, or the file is whole and no video.
pub async fn append(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(b"application/offset+octet-stream") {
        let message = "Content-Type must be application/offset+octet-stream.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let upload = find(&app, id).await?;
    if let Some(why) = upload.problem {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    let _turn = Turn::take(&app, &upload.id)?;
    let path = app.folder.upload(&upload.id);
    let mut offset = tokio::fs::metadata(&path).await.map_or(upload.length, |m| m.len());
    if number(&headers, &OFFSET) != Some(offset) {
        return Err(Problem::conflict(format!("The upload is at byte {offset}; go on from there.")));
    }
    if upload.clip.is_none() {
        offset += write(&path, body, upload.length - offset.min(upload.length)).await?;
    }
    let mut clip = upload.clip;
    if offset == upload.length && clip.is_none() {
        let accepted = complete(&app, &upload).await?;
        clip = Some((accepted.clip.id, accepted.is_duplicate));
    }
    Ok((StatusCode::NO_CONTENT, answer(offset, clip)).into_response())
}

/// Appends what comes. What came before a broken connection stays: that is how it goes on later.
async fn write(path: &PathBuf, body: Body, room: u64) -> Result<u64, Problem> {
    let mut file = tokio::fs::OpenOptions::new().append(true).open(path).await?;
    let (mut written, mut too_many) = (0, false);
    let mut stream = body.into_data_stream();
    while let Ok(Some(Ok(piece))) = tokio::time::timeout(SILENCE, stream.next()).await {
        if written + piece.len() as u64 > room {
            too_many = true;
            break;
        }
        file.write_all(&piece).await?;
        written += piece.len() as u64;
    }
    file.flush().await?;
    file.sync_all().await?;
    if too_many {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "More bytes came than Upload-Length said."));
    }
    Ok(written)
}

async fn complete(app: &Shared, upload: &Upload) -> Result<Accepted, Problem> {
    let Ok(Value::Object(fields)) = serde_json::from_str(&upload.fields) else {
        return Err(Problem::ours("fields"));
    };
    let path = app.folder.upload(&upload.id);
    let accepted = intake::accept(app, &path, &upload.title, Fields::parse(fields)?).await;
    let (id, outcome) = (upload.id.clone(), accepted.clone());
    app.db(move |c| {
        match outcome {
            Ok(accepted) => c.execute(
                "UPDATE uploads SET clip = ?2, is_duplicate = ?3 WHERE id = ?1",
                params![id, accepted.clip.id, accepted.is_duplicate],
            )?,
            // Our own trouble may pass; what the file is will not.
            Err(problem) if problem.status.is_server_error() => return Ok(()),
            Err(problem) => {
                c.execute("UPDATE uploads SET problem = ?2 WHERE id = ?1", params![id, problem.message])?
            }
        };
        std::fs::remove_file(&path).ok();
        Ok(())
    })
    .await?;
    accepted
}

/// `DELETE`: given up.
///
/// # Errors
/// When there is none.
pub async fn remove(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Problem> {
    let upload = find(&app, id).await?;
    let _turn = Turn::wait(&app, &upload.id).await?;
    let path = app.folder.upload(&upload.id);
    app.db(move |c| {
        c.execute("DELETE FROM uploads WHERE id = ?1", [&upload.id])?;
        std::fs::remove_file(&path).ok();
        Ok(())
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, resumable()).into_response())
}

/// On start: uploads that were whole when the server stopped become clips; forgotten ones and files of none go.
///
/// # Errors
/// When the store cannot be read.
pub async fn recover(app: &Shared) -> Result<(), Problem> {
    let ids: Vec<String> = app
        .db(|c| {
            c.execute("DELETE FROM uploads WHERE created < ?1", [now() - KEPT_S])?;
            let mut rows = c.prepare("SELECT id FROM uploads WHERE clip IS NULL AND problem IS NULL")?;
            Ok(rows.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
        })
        .await?;
    for entry in std::fs::read_dir(app.folder.uploads())?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.strip_suffix(".part").is_some_and(|id| ids.iter().any(|known| known == id)) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
    for id in ids {
        let upload = find(app, id).await?;
        let length = std::fs::metadata(app.folder.upload(&upload.id)).map_or(0, |m| m.len());
        if length == upload.length
            && let Err(problem) = complete(app, &upload).await
        {
            app.log(&format!("an upload that was whole could not be taken in: {problem}"));
        }
    }
    Ok(())
}

/// One request at a time writes to an upload.
struct Turn {
    app: Arc<App>,
    id: String,
}

/// Whoever gives an upload up has just broken its connection off; that is noticed in a moment. Looks, and what lies between.
const LETTING_GO: (usize, Duration) = (60, Duration::from_millis(50));

impl Turn {
    /// Waits a while for the connection before to be gone.
    async fn wait(app: &Shared, id: &str) -> Result<Self, Problem> {
        let (looks, between) = LETTING_GO;
        for _ in 0..looks {
            if let Ok(turn) = Self::take(app, id) {
                return Ok(turn);
            }
            tokio::time::sleep(between).await;
        }
        Self::take(app, id)
    }

    fn take(app: &Shared, id: &str) -> Result<Self, Problem> {
        if !locked(&app.writing).insert(id.to_owned()) {
            let message = "Another connection is writing to this upload. Wait a moment, then go on.";
            return Err(Problem::new(StatusCode::LOCKED, message));
        }
        Ok(Self { app: Arc::clone(app), id: id.to_owned() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        locked(&self.app.writing).remove(&self.id);
    }
}

fn resumable() -> [(HeaderName, HeaderValue); 1] {
    [(RESUMABLE, HeaderValue::from_static(VERSION))]
}

fn answer(offset: u64, clip: Option<(i64, bool)>) -> HeaderMap {
    let mut headers = HeaderMap::from_iter(resumable());
    headers.insert(OFFSET, HeaderValue::from(offset));
    if let Some((clip, is_duplicate)) = clip {
        headers.insert(CLIP, HeaderValue::from(clip));
        headers.insert(DUPLICATE, HeaderValue::from_static(if is_duplicate { "true" } else { "false" }));
    }
    headers
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}
