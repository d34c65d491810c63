//! Files of clips over HTTP, with ranges so that a player can jump. Which file is decided here, from a list of names, and
//! never by a path that somebody sent.

use super::app::{Shared, View};
use super::clips::{self, Clip};
use super::folder::results_name;
use super::guard::EMBEDDED_BY;
use super::overlay::refuse_stale;
use super::problem::Problem;
use super::time::now;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::OptionalExtension;
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// The report carries its own scripts. It runs walled off (`sandbox`, without an origin, without cookies): even a script
/// that found its way in could read nothing of the app.
const REPORT_POLICY: &str = "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; \
    style-src 'unsafe-inline'; img-src data: blob:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Files of a results folder that are given out, with their types.
pub const RESULTS: [(&str, &str); 16] = [
    ("report.html", "text/html; charset=utf-8"),
    ("overlay.mp4", "video/mp4"),
    ("clip-h264.mp4", "video/mp4"),
    ("summary.json", "application/json"),
    ("angles.csv", CSV),
    ("strides.csv", CSV),
    ("events.csv", CSV),
    ("findings.csv", CSV),
    ("waveforms.csv", CSV),
    ("keypoints.csv", CSV),
    ("angles.parquet", BYTES),
    ("strides.parquet", BYTES),
    ("keypoints.trc", "text/plain; charset=utf-8"),
    ("keypoints_m.trc", "text/plain; charset=utf-8"),
    ("angles.mot", "text/plain; charset=utf-8"),
    (super::worker::RECORDING, "application/zstd"),
];

const CSV: &str = "text/csv; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// What a page may read through a view: enough to show the report, nothing to take away that was not given.
const SHOWN: [&str; 3] = ["report.html", "overlay.mp4", "clip-h264.mp4"];

/// `/r/VIEW/rN/report.html` and what it plays.
///
/// # Errors
/// When the view has ended, or there is no such file.
pub async fn viewed(
    State(app): State<Shared>,
    Path((token, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = app.viewed(&token).filter(|v| v.other.is_none()).ok_or_else(|| Problem::missing("page"))?;
    let (clip, scope) = app.db(move |c| Ok((clips::get(c, view.clip)?, scope(c, &view)?))).await?;
    let scope =
        scope.ok_or_else(|| Problem::new(StatusCode::GONE, "This link has ended. Ask for a new one."))?;
    let mut response = shown(&app, &clip, scope, &path, &headers).await?;
    // The report has no origin, so to the browser its own clip is another site's.
    response.headers_mut().insert(EMBEDDED_BY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

async fn shown(
    app: &Shared,
    clip: &Clip,
    scope: Scope,
    path: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let folder = app.folder.clip(&clip.sha256);
    let results = results_name(clip.revision);
    let (name, kind) = match path.split_once('/') {
        Some((revision, name)) if revision == results && SHOWN.contains(&name) && scope.allows(name) => {
            RESULTS.into_iter().find(|(known, _)| *known == name).ok_or_else(|| Problem::missing("file"))?
        }
        None if clip.video.as_deref() == Some(path) && scope == Scope::Report => {
            return send(&folder.join(path), video_type(path), headers).await;
        }
        _ => return Err(Problem::missing("file")),
    };
    refuse_stale(clip, name)?;
    send(&folder.join(results).join(name), kind, headers).await
}

/// What a view or a link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The report with its videos.
    Report,
    /// The annotated video alone.
    Overlay,
}

impl Scope {
    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Overlay => "overlay",
        }
    }

    /// From what is stored or sent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Report, Self::Overlay].into_iter().find(|s| s.name() == text)
    }

    fn allows(self, name: &str) -> bool {
        self == Self::Report || name == "overlay.mp4"
    }
}

/// What a view shows now; none when the link it came through has ended.
fn scope(c: &rusqlite::Connection, view: &View) -> Result<Option<Scope>, Problem> {
    let Some(share) = view.share else { return Ok(Some(Scope::Report)) };
    let sql = "SELECT scope FROM shares WHERE id = ?1 AND clip = ?2 AND expires > ?3";
    let found: Option<String> = c.query_row(sql, [share, view.clip, now()], |r| r.get(0)).optional()?;
    Ok(found.and_then(|text| Scope::parse(&text)))
}

/// `/api/v1/clips/ID/files/NAME`.
///
/// # Errors
/// When there is no such clip or file.
pub async fn of_clip(
    State(app): State<Shared>,
    Path((id, name)): Path<(i64, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let clip = app.db(move |c| clips::get(c, id)).await?;
    refuse_stale(&clip, &name)?;
    let folder = app.folder.clip(&clip.sha256);
    let known = RESULTS.into_iter().find(|(known, _)| *known == name);
    let (path, kind) = match (known, &clip.video) {
        (Some((name, kind)), _) => (app.folder.results(&clip.sha256, clip.revision).join(name), kind),
        (None, Some(video)) if name == "clip" => (folder.join(video), video_type(video)),
        _ => return Err(Problem::missing("file")),
    };
    let mut response = send(&path, kind, &headers).await?;
    if name != "clip" {
        let saved =
            format!("attachment; filename=\"{}-{}\"", file_stem(&clip), known.map_or("", |(name, _)| name));
        if let Ok(saved) = HeaderValue::from_str(&saved) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, saved);
        }
    }
    Ok(response)
}

/// The title as part of a file name that every system takes.
#[must_use]
pub fn file_stem(clip: &Clip) -> String {
    let stem = clip.title.rsplit_once('.').map_or(clip.title.as_str(), |(stem, _)| stem);
    let safe: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).take(60).collect();
    format!("{}-{safe}", clip.id)
}

pub(super) fn video_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("mp4") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("webm") => "video/webm",
        Some("mkv") => "video/x-matroska",
        _ => "video/x-msvideo",
    }
}

/// A file or the part asked for, piece by piece.
///
/// # Errors
/// When it is not there.
pub async fn send(
    path: &std::path::Path,
    kind: &'static str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let mut file = tokio::fs::File::open(path).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Problem::missing("file"),
        _ => e.into(),
    })?;
    let length = file.metadata().await?.len();
    let asked = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let (status, start, end) = match asked.map_or(Part::Whole, |text| part(text, length)) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Between(start, end) => (StatusCode::PARTIAL_CONTENT, start, end),
        Part::Nowhere => {
            return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such part."));
        }
    };
    file.seek(SeekFrom::Start(start)).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(end - start), 64 << 10));
    let mut response = (status, body).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("bytes {start}-{}/{length}", end - 1);
        answer.insert(header::CONTENT_RANGE, HeaderValue::from_str(&part).map_err(Problem::ours)?);
    }
    if kind.starts_with("text/html") {
        answer.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REPORT_POLICY));
    }
    Ok(response)
}

/// What a range asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Everything: no range, several, or another unit.
    Whole,
    /// Start and end, end excluded.
    Between(u64, u64),
    /// There is no such part.
    Nowhere,
}

/// One range of RFC 9110, section 14.
fn part(text: &str, length: u64) -> Part {
    match range(text, length) {
        None => Part::Whole,
        Some((start, end)) if start < end => Part::Between(start, end),
        Some(_) => Part::Nowhere,
    }
}

fn range(text: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=").filter(|t| !t.contains(','))?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        return Some((length.saturating_sub(last.parse().ok()?), length));
    }
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    Some((first.parse().ok()?, last.saturating_add(1).min(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_players_ask_for_them() {
        for (text, expected) in [
            ("bytes=0-", Part::Between(0, 100)),
            ("bytes=10-19", Part::Between(10, 20)),
            ("bytes=90-500", Part::Between(90, 100)),
            ("bytes=-5", Part::Between(95, 100)),
            ("bytes=-500", Part::Between(0, 100)),
            ("bytes=0-18446744073709551615", Part::Between(0, 100)),
            ("bytes=100-", Part::Nowhere),
            ("bytes=5-3", Part::Nowhere),
            ("bytes=-0", Part::Nowhere),
            ("bytes=0-1,5-6", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("bytes=x-", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(text, 100), expected, "{text}");
        }
    }
}
