//! Two clips held against each other by the program itself (`sledform compare`), as a page that plays both.
//!
//! The page lies in `comparisons/TOKEN/` and plays what lies in `clips/`; a view of both clips lets it, and nothing else.

use super::app::{App, Shared, blocking};
use super::clips::{self, Clip};
use super::files::{send, video_type};
use super::folder::results_name;
use super::guard::EMBEDDED_BY;
use super::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The page that `sledform compare` writes.
const PAGE: &str = "compare.html";

/// Videos of a results folder that the page may play.
const PLAYED: [&str; 2] = ["overlay.mp4", "clip-h264.mp4"];

/// Pages kept; a coach has a few open.
const KEPT: usize = 30;

/// Comparing takes part of a second, long clips some seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the page and gives its address.
///
/// # Errors
/// When one of them has nothing to compare; the reason is the program's own.
pub async fn page(app: &Shared, first: &Clip, second: &Clip) -> Result<String, Problem> {
    let place = app.folder.comparisons();
    blocking(move || prune(&place)).await?;
    let token = app.view_of_two(first.id, second.id)?;
    let out = app.folder.comparison(&token);
    let results = |clip: &Clip| app.folder.results(&clip.sha256, clip.revision);
    let run = Command::new(&app.config.worker)
        .arg("compare")
        .args([results(first), results(second)])
        .arg("--names")
        .arg(names(first, second))
        .arg("--out")
        .arg(&out)
        .arg("--quiet")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let late = || Problem::conflict("Comparing took too long.");
    let done = tokio::time::timeout(PATIENCE, run).await.map_err(|_| late())??;
    if !out.join(PAGE).is_file() {
        let heard = String::from_utf8_lossy(&done.stderr).into_owned();
        app.log(&format!("comparing clips {} and {}: {heard}", first.id, second.id));
        return Err(Problem::conflict(
            "The curves of these two cannot be compared: one has no stride that counts.",
        ));
    }
    Ok(format!("/c/{token}/comparisons/{token}/{PAGE}"))
}

/// Removes the oldest pages, so that looking at many fills no disk.
fn prune(comparisons: &std::path::Path) -> Result<(), Problem> {
    let mut pages: Vec<_> = std::fs::read_dir(comparisons)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    pages.sort();
    for (_, page) in pages.iter().rev().skip(KEPT) {
        // Somebody else may be removing it too.
        std::fs::remove_dir_all(page).ok();
    }
    Ok(())
}

/// What tells the two apart, with a comma between.
fn names(first: &Clip, second: &Clip) -> String {
    let athlete = |clip: &Clip| clip.athlete.as_ref().map(|a| a.name.clone());
    let name = |clip: &Clip| {
        let who = athlete(clip).unwrap_or_else(|| clip.title.clone());
        let when = if first.day == second.day { &clip.title } else { &clip.day };
        if athlete(first) == athlete(second) { when.clone() } else { who }
    };
    let one_word = |name: String| name.replace(',', " ");
    format!("{},{}", one_word(name(first)), one_word(name(second)))
}

/// `/c/VIEW/comparisons/VIEW/compare.html` and what it plays.
///
/// # Errors
/// When the view has ended, or there is no such file.
pub async fn viewed(
    State(app): State<Shared>,
    Path((token, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = app.viewed(&token).ok_or_else(|| Problem::missing("page"))?;
    let other = view.other.ok_or_else(|| Problem::missing("page"))?;
    let two = app.db(move |c| Ok([clips::get(c, view.clip)?, clips::get(c, other)?])).await?;
    let mut response = if path == format!("comparisons/{token}/{PAGE}") {
        send(&app.folder.comparison(&token).join(PAGE), "text/html; charset=utf-8", &headers).await?
    } else {
        let (file, kind) = played(&app, &two, &path).ok_or_else(|| Problem::missing("file"))?;
        send(&file, kind, &headers).await?
    };
    response.headers_mut().insert(EMBEDDED_BY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// A video of one of the two clips: `clips/HASH/clip.mp4` or `clips/HASH/rN/overlay.mp4`.
fn played(app: &App, two: &[Clip; 2], path: &str) -> Option<(std::path::PathBuf, &'static str)> {
    let (hash, name) = path.strip_prefix("clips/")?.split_once('/')?;
    let clip = two.iter().find(|clip| clip.sha256 == hash)?;
    let results = results_name(clip.revision);
    let is_known =
        clip.video.as_deref() == Some(name) || PLAYED.iter().any(|p| name == format!("{results}/{p}"));
    is_known.then(|| (app.folder.clip(hash).join(name), video_type(name)))
}
