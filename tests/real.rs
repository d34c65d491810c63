//! Real footage, where models see less than in rendered clips. Needs `SLEDFORM_SHARED`; without it this says so and is skipped.
#![cfg(feature = "cli")]

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// Steps per minute of the runner, counted from raw pixels by two methods without a pose model.
const CADENCE: f64 = 168.9;
/// What two ways of counting differ by, and a frame over the clip.
const CADENCE_TOLERANCE: f64 = 0.01;

/// The light model puts the runner's far leg upon the near one in every swing.
#[test]
fn a_runners_hidden_leg_is_no_difference_of_the_legs_and_the_cadence_is_right() {
    let Some(shared) = std::env::var_os("SLEDFORM_SHARED").map(PathBuf::from) else {
        println!("skipped: SLEDFORM_SHARED is not set");
        return;
    };
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let status = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .arg("analyze")
        .arg(shared.join("real/treadmill_run/male_side.mp4"))
        .args(["--quality", "fast", "--no-overlay", "--exercise", "sled-push", "--out"])
        .arg(folder.path())
        .status()
        .expect("the program starts");
    assert!(status.success(), "{status}");
    let text = std::fs::read_to_string(folder.path().join("summary.json")).expect("written");
    let summary: Value = serde_json::from_str(&text).expect("JSON");

    let cadence = summary["strides"]["cadence_steps_per_min"].as_f64().expect("measured");
    assert!((cadence / CADENCE - 1.0).abs() < CADENCE_TOLERANCE, "{cadence} steps per minute");

    let findings = summary["findings"].as_array().expect("a list");
    let asymmetry = findings.iter().find(|f| f["rule"] == "asymmetry").expect("a rule of the profile");
    assert_eq!(asymmetry["status"], "not_judged", "{asymmetry}");
    assert!(findings.iter().all(|f| f["severity"] != "severe"), "{findings:?}");

    // Both knees bend alike in the swing of a healthy runner: the far one's uncertainty says what is not known of it.
    let metrics = summary["metrics"].as_array().expect("a list");
    let knee = |side: &str| {
        let metric = metrics.iter().find(|m| m["id"] == "knee_peak_swing_deg" && m["side"] == side);
        let metric = metric.expect("in the catalogue");
        [&metric["value"], &metric["uncertainty"]].map(|v| v.as_f64().expect("measured"))
    };
    let ([near, by_near], [far, by_far]) = (knee("left"), knee("right"));
    assert!((near - far).abs() < by_near.hypot(by_far), "{near} +- {by_near} and {far} +- {by_far}");
}
