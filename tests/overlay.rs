//! The annotated video as a user asks for it: size, speed, another clip beside, and the copy where browsers need one.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A short part is enough to see the video made.
const PART: [&str; 4] = ["--end", "1.2", "--quality", "fast"];

fn sledform(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_sledform");
    Command::new(program).args(arguments).env("NO_COLOR", "1").output().expect("the program starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

/// Analyses a clip into a folder; the folder.
fn analysed(clip: &Path, out: &Path, more: &[&str]) -> PathBuf {
    let output = sledform(&[&["analyze", text(clip), "--out", text(out)], &PART[..], more].concat());
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
    out.to_owned()
}

fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("-version").output().is_ok_and(|o| o.status.success());
    if !found {
        println!("skipped: {tool} is not installed");
    }
    found
}

/// What ffprobe says, one number per value.
fn probe(path: &Path, entries: &str) -> Vec<f64> {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries", entries, "-of", "csv=p=0"])
        .arg(path)
        .output()
        .expect("ffprobe starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let words = String::from_utf8_lossy(&output.stdout).replace(',', "\n");
    words.split_whitespace().map(|w| w.parse().expect("a number")).collect()
}

/// Half a tick of 90 kHz, and six decimals printed.
const TOLERANCE_S: f64 = 0.5 / 90_000.0 + 1e-6;

#[test]
fn size_and_speed_are_as_asked_and_every_frame_is_there() {
    if !has("ffprobe") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let clip = sample("sled-push.mp4");
    let usual = analysed(&clip, &folder.path().join("usual"), &[]);
    let slow = analysed(&clip, &folder.path().join("slow"), &["--slow", "0.5", "--overlay-height", "271"]);
    let source = probe(&clip, "frame=pts_time");
    let times = probe(&usual.join("overlay.mp4"), "frame=pts_time");
    let slow_times = probe(&slow.join("overlay.mp4"), "frame=pts_time");
    assert!(times.len() > 30 && slow_times.len() == times.len(), "{} and {}", times.len(), slow_times.len());
    for ((source, usual), slow) in source.iter().zip(&times).zip(&slow_times) {
        assert!((source - usual).abs() < TOLERANCE_S, "{usual} for {source}");
        assert!((2.0 * source - slow).abs() < TOLERANCE_S, "{slow} for {source}");
    }
    assert_eq!(probe(&usual.join("overlay.mp4"), "stream=width,height"), [960.0, 540.0]);
    assert_eq!(probe(&slow.join("overlay.mp4"), "stream=width,height"), [484.0, 272.0]);
    assert!(!usual.join("clip-h264.mp4").exists(), "browsers play the sample");
    // The report knows how slowly its second video runs.
    let page = fs::read_to_string(slow.join("report.html")).expect("a report");
    assert!(page.contains("\"rate\":2.0"), "no video at half speed in the report");
}

#[test]
fn another_clip_stands_beside_at_the_same_height() {
    if !has("ffprobe") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let other = analysed(&sample("sled-backpedal.mp4"), &folder.path().join("other"), &["--no-overlay"]);
    let clip = sample("sled-push.mp4");
    let out = folder.path().join("both");
    let both = analysed(&clip, &out, &["--side-by-side", text(&other), "--overlay-height", "360"]);
    assert_eq!(probe(&both.join("overlay.mp4"), "stream=width,height"), [640.0 + 4.0 + 640.0, 360.0]);
    let recording = other.join("recording.jsonl.zst");
    let again = analysed(&clip, &out, &["--side-by-side", text(&recording)]);
    assert_eq!(probe(&again.join("overlay.mp4"), "stream=width,height"), [1924.0, 540.0]);
    // Two athletes in one picture cannot stand in for the clip.
    let page = fs::read_to_string(again.join("report.html")).expect("a report");
    assert!(!page.contains("overlay.mp4\""), "the report plays the clip alone");
}

#[test]
fn a_clip_that_browsers_do_not_play_is_copied_for_the_report() {
    if !has("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let clip = folder.path().join("old.avi");
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-i",
            text(&sample("sled-push.mp4")),
            "-t",
            "1.2",
            "-c:v",
            "mjpeg",
            "-q:v",
            "4",
            text(&clip),
        ])
        .status();
    assert!(made.is_ok_and(|s| s.success()));
    let out = analysed(&clip, &folder.path().join("out"), &["--no-overlay"]);
    let copy = out.join("clip-h264.mp4");
    let (before, after) = (probe(&clip, "frame=pts_time"), probe(&copy, "frame=pts_time"));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert!((before - after).abs() < 1e-3, "{after} for {before}");
    }
    let page = fs::read_to_string(out.join("report.html")).expect("a report");
    assert!(page.contains("./clip-h264.mp4"), "the report plays the copy");
    assert!(!out.join("overlay.mp4").exists());
    // With the annotated video there is something to play.
    let with = analysed(&clip, &out, &[]);
    assert!(with.join("overlay.mp4").exists() && !with.join("clip-h264.mp4").exists());
}

#[test]
fn what_cannot_be_is_refused_before_any_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let clip = sample("sled-push.mp4");
    let out = folder.path().join("out");
    let lone = folder.path().join("overlay.mp4");
    fs::copy(&clip, &lone).expect("copied");
    let moved = analysed(&lone, &folder.path().join("moved"), &["--no-overlay"]);
    fs::rename(&lone, folder.path().join("gone.mp4")).expect("renamed");
    fs::copy(&clip, &lone).expect("copied");
    for (arguments, code, words) in [
        (&["--slow", "2"][..], 2, "between 0.05 and 1"),
        (&["--overlay-height", "12"], 2, "between 120 and 4320"),
        (&["--slow", "0.5", "--no-overlay"], 2, "cannot be used with"),
        (&["--side-by-side", text(folder.path())], 1, "analyse that clip first"),
        (&["--side-by-side", text(&clip)], 1, "analyse that clip first"),
    ] {
        let output = sledform(&[&["analyze", text(&clip), "--out", text(&out)], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
        assert!(!out.exists(), "{arguments:?} left something behind");
    }
    let onto = sledform(&["analyze", text(&lone), "--out", text(folder.path())]);
    assert_eq!(onto.status.code(), Some(1));
    assert!(said(&onto).contains("replace the clip itself"), "{}", said(&onto));
    assert!(lone.is_file());
    fs::remove_file(&lone).expect("removed");
    let gone = sledform(&["analyze", text(&clip), "--out", text(&out), "--side-by-side", text(&moved)]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(said(&gone).contains("is not there"), "{}", said(&gone));
}
