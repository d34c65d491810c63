//! `sledform compare` as a user meets it: results of the samples held against each other, on a page that a browser plays, and
//! one clear sentence for what cannot be compared.
#![cfg(feature = "cli")]

#[path = "browser/node.rs"]
mod node;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sledform(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// A sample's result in the folder, with its clip beside it.
fn analysed(folder: &Path, sample: &str, name: &str, more: &[&str]) -> PathBuf {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let recording = samples.join(format!("{sample}.recording.jsonl.zst"));
    let out = folder.join(format!("{name}.sledform"));
    fs::create_dir_all(&out).expect("a folder");
    fs::copy(samples.join(format!("{sample}.mp4")), folder.join(format!("{sample}.mp4"))).expect("copied");
    fs::copy(recording, out.join("recording.jsonl.zst")).expect("copied");
    let mut arguments = vec!["analyze", "recording.jsonl.zst", "-q"];
    arguments.extend(more);
    let output = sledform(&out, &arguments);
    assert!(output.status.success(), "{}", said(&output).1);
    out
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn the_same_movement_twice_has_not_changed() {
    let folder = folder();
    analysed(folder.path(), "sled-push", "low", &["--style", "drive"]);
    analysed(folder.path(), "sled-push", "tall", &["--style", "tall"]);
    let output = sledform(folder.path(), &["compare", "low.sledform", "tall.sledform"]);
    let (told, warned) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{warned}");
    assert!(told.contains("changed by more than noise.") && told.contains("None of"), "{told}");
    assert!(warned.contains("different limits"), "{warned}");
    let out = folder.path().join("compare.sledform");
    let table = fs::read_to_string(out.join("compare.csv")).expect("written");
    let verdicts: Vec<&str> = table.lines().skip(1).filter_map(|l| l.rsplit(',').next()).collect();
    assert!(verdicts.len() > 60 && verdicts.iter().all(|v| *v == "noise"), "{verdicts:?}");
    // The same again gives the same bytes.
    let page = fs::read(out.join("compare.html")).expect("written");
    assert!(sledform(folder.path(), &["compare", "low.sledform", "tall.sledform", "-q"]).stdout.is_empty());
    assert!(fs::read(out.join("compare.html")).expect("written") == page);
    // A choice that is the profile's own is as good as none.
    analysed(folder.path(), "sled-push", "unsaid", &[]);
    let (_, warned) = said(&sledform(folder.path(), &["compare", "low.sledform", "unsaid.sledform"]));
    assert!(!warned.contains("different limits"), "{warned}");
}

#[test]
fn of_the_folder_of_a_batch_one_result_is_asked_for() {
    let folder = folder();
    let clips = folder.path().join("team/clips");
    fs::create_dir_all(&clips).expect("a folder");
    let one = analysed(folder.path(), "sled-push", "sled-push.mp4", &[]);
    fs::rename(&one, clips.join("sled-push.mp4.sledform")).expect("moved");
    let output = sledform(folder.path(), &["compare", "team", "team"]);
    let (_, told) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("many clips") && told.contains("sled-push.mp4.sledform"), "{told}");
}

#[test]
fn different_exercises_are_compared_by_their_numbers_alone() {
    let folder = folder();
    analysed(folder.path(), "sled-push", "sled-push", &[]);
    analysed(folder.path(), "sled-backpedal", "sled-backpedal", &[]);
    analysed(folder.path(), "backward-sled-drag", "backward-sled-drag", &[]);
    // A clip stands for the result beside it.
    let clips =
        ["compare", "sled-push.mp4", "sled-backpedal.sledform/summary.json", "backward-sled-drag.mp4"];
    let output = sledform(folder.path(), &[&clips[..], &["--out", "out"]].concat());
    let (told, warned) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{warned}");
    assert_eq!(warned.matches("different exercises").count(), 2, "{warned}");
    assert!(told.contains("sled-push, then sled-backpedal") && told.contains("changed"), "{told}");
    assert!(!told.contains("Faults"), "{told}");
    assert!(folder.path().join("out/compare.html").is_file());
}

#[test]
fn what_cannot_be_compared_is_told_in_a_sentence() {
    let folder = folder();
    let result = analysed(folder.path(), "sled-push", "a", &[]);
    let copy = folder.path().join("still.sledform");
    fs::create_dir(&copy).expect("a folder");
    let summary = fs::read_to_string(result.join("summary.json")).expect("written");
    let mut still: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    still["strides"]["valid"] = 0.into();
    fs::write(copy.join("summary.json"), still.to_string()).expect("written");
    fs::create_dir(folder.path().join("empty.sledform")).expect("a folder");
    let damaged = folder.path().join("damaged.sledform");
    fs::create_dir(&damaged).expect("a folder");
    fs::write(damaged.join("summary.json"), "{\"schema\": 1}").expect("written");
    fs::copy(folder.path().join("sled-push.mp4"), folder.path().join("new.mp4")).expect("copied");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["a.sledform", "still.sledform"], 1, "no stride counts"),
        (&["a.sledform", "nowhere"], 1, "nowhere is not there"),
        (&["a.sledform", "new.mp4"], 1, "run `sledform analyze new.mp4` first"),
        (&["a.sledform", "empty.sledform"], 1, "no summary.json"),
        (&["a.sledform", "damaged.sledform"], 1, "analyse the clip again"),
        (&["a.sledform", "./a.sledform"], 1, "given twice"),
        (&["a.sledform", "still.sledform", "--names", "one"], 1, "1 names were given for 2"),
        (&["a.sledform"], 2, "2 more values required"),
    ];
    for (arguments, code, words) in cases {
        let output = sledform(folder.path(), &[&["compare"], arguments].concat());
        let (_, warned) = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {warned}");
        assert!(warned.contains(words) || code == 2, "{arguments:?}: {warned}");
        assert!(!folder.path().join("compare.sledform").exists(), "left behind after {arguments:?}");
    }
}

#[test]
fn a_coach_sees_both_clips_at_the_same_moment_of_the_stride() {
    let Some(node) = node::node() else { return };
    let folder = folder();
    analysed(folder.path(), "sled-push", "sled-push", &[]);
    analysed(folder.path(), "sled-backpedal", "sled-backpedal", &[]);
    let output = sledform(folder.path(), &["compare", "sled-push.mp4", "sled-backpedal.mp4", "-q"]);
    assert!(output.status.success(), "{}", said(&output).1);
    node::run(&node, "compare.mjs", &[&folder.path().join("compare.sledform/compare.html")]);
}
