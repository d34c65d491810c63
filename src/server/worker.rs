//! The worker: our own program as a process of its own, with limits, so that a hostile or broken file takes down nothing else.
//!
//! Its standard output is progress, a JSON object per line; its standard error holds what it has to say; it ends when its
//! standard input closes, so that none outlives the server.

use super::app::{App, locked};
use super::clips::Clip;
use super::folder::results_name;
use super::time::now_ms;
use super::told::Told;
use serde::Deserialize;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;

/// The recording in a results folder.
pub const RECORDING: &str = crate::store::FILE_NAME;

/// Most that is kept of what a worker says, bytes.
const HEARD_BYTES: u64 = 64 << 10;

/// Longest line of progress read, bytes; ours have about 60.
const LINE_BYTES: u64 = 4 << 10;

/// How a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With results; those may say that nothing could be judged.
    Results,
    /// Somebody cancelled it.
    Cancelled,
    /// It was killed from outside; trying again is worth it.
    Killed,
    /// It could not be done, and why.
    Failed(String),
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// What is told of it.
    pub told: &'a Told,
    /// Its athlete's name.
    pub athlete: Option<&'a str>,
    /// Results go into this revision.
    pub revision: i64,
}

#[derive(Deserialize)]
struct Line {
    stage: String,
    frames: u64,
    expected: Option<u64>,
}

/// Watches a clip's video and judges it.
pub async fn watch(app: &App, task: Task<'_>, video: &str, cancel: &Notify) -> End {
    let mut command = command(app, task, video);
    command.args(task.told.watch_options());
    run(app, task.clip.id, command, cancel, Duration::from_secs(app.limits().worker_s)).await
}

/// Judges the recording of an earlier revision again, with new pictures of the evidence; the annotated video comes later (`overlay`).
pub async fn judge(app: &App, task: Task<'_>, from: i64) -> End {
    let recording = format!("{}/{RECORDING}", results_name(from));
    let end = judged(app, task, &recording, &["--redraw", "--no-overlay"]).await;
    match end {
        // Results from elsewhere may have no clip, or one of another name: pictures are an extra.
        End::Failed(_) => judged(app, task, &recording, &[]).await,
        end => end,
    }
}

/// Draws the annotated video of an earlier revision's results, and its report with it.
pub async fn draw(app: &App, task: Task<'_>, from: i64, cancel: &Notify) -> End {
    let recording = format!("{}/{RECORDING}", results_name(from));
    let mut command = command(app, task, &recording);
    command.arg("--redraw");
    run(app, task.clip.id, command, cancel, Duration::from_secs(app.limits().worker_s)).await
}

async fn judged(app: &App, task: Task<'_>, recording: &str, more: &[&str]) -> End {
    let mut command = command(app, task, recording);
    command.args(more);
    run(app, task.clip.id, command, &Notify::new(), JUDGING).await
}

/// Judging takes part of a second; pictures late in a long clip some more.
const JUDGING: Duration = Duration::from_mins(3);

/// Everything is named from inside the clip's folder: what the results say of their clip stays true when the store moves.
fn command(app: &App, task: Task<'_>, input: &str) -> Command {
    let limits = app.limits();
    let mut command = Command::new(&app.config.worker);
    command
        .current_dir(app.folder.clip(&task.clip.sha256))
        .arg("worker")
        .arg(format!("--memory-mib={}", limits.worker_mib))
        .arg(format!("--cpu-s={}", limits.worker_s))
        .arg(format!("--file-mib={}", limits.worker_file_mib))
        .arg(input)
        .arg(format!("--out={}", results_name(task.revision)))
        .arg("--quiet")
        .args(task.told.judge_options(task.athlete))
        .args(task.clip.day_is_told.then(|| format!("--date={}", task.clip.day)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn run(app: &App, clip: i64, mut command: Command, cancel: &Notify, limit: Duration) -> End {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            app.log(&format!("{}: the worker does not start: {error}", app.config.worker.display()));
            return End::Failed(
                "The analysis could not be started; the server's messages say why.".to_owned(),
            );
        }
    };
    // Waiting for a child closes its standard input, which would end it: ours stays open until we are done.
    let _held = child.stdin.take();
    let progress = child.stdout.take();
    let messages = child.stderr.take();
    let heard = tokio::spawn(hear(messages));
    let follow = async {
        if let Some(progress) = progress {
            follow(app, clip, progress).await;
        }
    };
    let status = tokio::select! {
        status = async { tokio::join!(child.wait(), follow).0 } => status,
        () = cancel.notified() => return stop(&mut child, End::Cancelled).await,
        () = tokio::time::sleep(limit) => {
            let minutes = limit.as_secs().div_ceil(60);
            let why = format!("The analysis took longer than {minutes} minutes and was stopped. Trim the clip, then try again.");
            return stop(&mut child, End::Failed(why)).await;
        }
    };
    let heard = heard.await.unwrap_or_default();
    match status {
        Ok(status) => end(status, &heard),
        Err(error) => End::Failed(format!("The analysis could not be followed: {error}")),
    }
}

async fn stop(child: &mut Child, end: End) -> End {
    // One that has ended by itself needs no killing.
    child.kill().await.ok();
    end
}

/// Reads progress line by line, never more of one than [`LINE_BYTES`].
async fn follow(app: &App, clip: i64, progress: impl AsyncRead + Unpin) {
    let mut lines = BufReader::new(progress);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut lines).take(LINE_BYTES).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let Ok(told) = serde_json::from_slice::<Line>(&line) else { continue };
        if let Some(live) = locked(&app.live).get_mut(&clip) {
            if live.stage != told.stage {
                live.since_ms = now_ms();
                live.stage = told.stage.chars().take(40).collect();
            }
            live.frames = told.frames;
            live.expected = told.expected;
        }
    }
}

/// The beginning of what a worker says; the rest is read and dropped, so that it never waits for us.
async fn hear(messages: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut messages) = messages else { return String::new() };
    let mut heard = Vec::new();
    (&mut messages).take(HEARD_BYTES).read_to_end(&mut heard).await.ok();
    tokio::io::copy(&mut messages, &mut tokio::io::sink()).await.ok();
    String::from_utf8_lossy(&heard).into_owned()
}

/// How libraries say that they got no memory.
const SHORT_OF_MEMORY: [&str; 4] =
    ["Insufficient memory", "OutOfMemory", "bad_alloc", "Cannot allocate memory"];

/// Exit codes as in the README.
fn end(status: ExitStatus, heard: &str) -> End {
    let too_much = "The analysis was stopped because the clip needed more memory or time than is allowed. Trim it, or film \
                    at a lower resolution.";
    match status.code() {
        Some(0 | 3) => End::Results,
        Some(1) if SHORT_OF_MEMORY.iter().any(|words| heard.contains(words)) => {
            End::Failed(too_much.to_owned())
        }
        Some(1) => End::Failed(reason(heard)),
        Some(130) => End::Killed,
        Some(_) => End::Failed(format!("The analysis stopped unexpectedly. {}", reason(heard))),
        None if killed(status) => End::Killed,
        None => End::Failed(too_much.to_owned()),
    }
}

#[cfg(unix)]
fn killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    /// SIGKILL and SIGTERM: from outside. Running into a limit gives others.
    const FROM_OUTSIDE: [i32; 2] = [9, 15];
    status.signal().is_some_and(|s| FROM_OUTSIDE.contains(&s))
}

#[cfg(not(unix))]
fn killed(_: ExitStatus) -> bool {
    false
}

/// The last error told, as a sentence.
fn reason(heard: &str) -> String {
    let error = heard.lines().rev().find_map(|l| l.strip_prefix("error: "));
    let reason: String = error.unwrap_or("It gave no reason.").chars().take(500).collect();
    let mut letters = reason.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// Whether a results folder is whole enough to be shown.
#[must_use]
pub fn is_whole(results: &Path) -> bool {
    [super::outcome::SUMMARY, "report.html", RECORDING].iter().all(|name| results.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_last_error_told() {
        let heard = "warning: Dark.\nerror: clip.mp4: this is not a video\n";
        assert_eq!(reason(heard), "Clip.mp4: this is not a video");
        assert_eq!(reason(""), "It gave no reason.");
    }

    #[cfg(unix)]
    #[test]
    fn a_kill_from_outside_is_told_from_a_limit() {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(end(ExitStatus::from_raw(9), ""), End::Killed);
        assert_eq!(end(ExitStatus::from_raw(3 << 8), ""), End::Results);
        for limit in [6, 11, 24, 25] {
            assert!(
                matches!(end(ExitStatus::from_raw(limit), ""), End::Failed(why) if why.contains("memory"))
            );
        }
        assert!(matches!(end(ExitStatus::from_raw(1 << 8), "error: x"), End::Failed(why) if why == "X"));
    }
}
