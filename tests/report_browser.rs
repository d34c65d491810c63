//! The report in a real browser: plays, a click on a finding moves the time, nothing is fetched, no serious fault of
//! access. Skipped, and says so, where Node, its packages (`npm install` in `tests/browser`) or Chromium are absent.

use sledform::analysis::{self, Settings, TechniqueSettings};
use sledform::report::{self, ReportOptions};
use sledform::synthetic::{Athlete, Exercise, Motion};
use sledform::technique;
use sledform::units::Radians;
use std::path::{Path, PathBuf};
use std::process::Command;

fn chromium() -> Option<PathBuf> {
    let told = std::env::var_os("SLEDFORM_CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    told.into_iter().chain(usual.map(PathBuf::from)).find(|p| p.is_file())
}

#[test]
fn a_coach_can_use_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let node = Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    let packages = folder.join("node_modules/playwright-core").is_dir();
    let Some(chromium) = chromium().filter(|_| node && packages) else {
        println!("skipped: needs Node, Chromium and `npm install` in {}", folder.display());
        return;
    };
    let upright = |m: &mut Motion| m.trunk = Radians::from_degrees(20.0);
    let recording = Athlete::new(Exercise::SledPush).with(upright).fps(60.0).lasting(60.0).recording();
    let told = technique::builtin("sled-push");
    let technique = TechniqueSettings { told, ..TechniqueSettings::default() };
    let analysis = analysis::analyze(&recording, &Settings { technique, ..Settings::default() });
    let place = tempfile::tempdir().expect("a folder");
    let page = place.path().join("report.html");
    std::fs::write(&page, report::html(&recording, &analysis, &ReportOptions::default())).expect("written");
    let run = Command::new("node").arg(folder.join("report.mjs")).arg(&page).arg(chromium).output();
    let run = run.expect("node starts");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
}
