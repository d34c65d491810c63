//! The report in a real browser: plays, a click on a finding moves the video, plots are read and zoomed, nothing is fetched, no
//! serious fault of access. Skipped, and says so, where Node, its packages or Chromium are absent; `./test` installs them.

#[path = "browser/node.rs"]
mod node;

use sledform::analysis::{self, Settings, TechniqueSettings};
use sledform::observation::Recording;
use sledform::report::{self, ReportOptions, Video};
use sledform::store;
use sledform::synthetic::{Athlete, Exercise, Motion};
use sledform::technique;
use sledform::units::Radians;
use std::path::Path;

fn page(recording: &Recording, videos: Vec<Video>) -> String {
    let told = technique::builtin("sled-push");
    let technique = TechniqueSettings { told, ..TechniqueSettings::default() };
    let analysis = analysis::analyze(recording, &Settings { technique, ..Settings::default() });
    let options = ReportOptions { videos, charts: node::charts(), ..ReportOptions::default() };
    report::html(recording, &analysis, &options)
}

#[test]
fn a_coach_can_use_it() {
    let Some(node) = node::node() else { return };
    let place = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    std::fs::copy(samples.join("sled-push.mp4"), place.path().join("sled-push.mp4")).expect("copied");
    let recording = store::read(samples.join("sled-push.recording.jsonl.zst")).expect("a recording");
    let with_clip = place.path().join("report.html");
    let videos = vec![Video::clip("sled-push.mp4", &recording)];
    std::fs::write(&with_clip, page(&recording, videos)).expect("written");

    let upright = |m: &mut Motion| m.trunk = Radians::from_degrees(20.0);
    let minute = Athlete::new(Exercise::SledPush).with(upright).fps(60.0).lasting(60.0).recording();
    let of_a_minute = place.path().join("minute.html");
    std::fs::write(&of_a_minute, page(&minute, Vec::new())).expect("written");
    node::run(&node, "report.mjs", &[&with_clip, &of_a_minute]);
}
