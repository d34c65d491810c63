//! The annotated video in a real browser: it plays, and each frame is shown at its own time, however uneven. Skipped, and
//! says so, where Node, its packages (`npm install` in `tests/browser`) or Chromium are absent.
#![cfg(feature = "video")]

use sledform::frame::PixelSize;
use sledform::units::{Hertz, Seconds};
use sledform::video::VideoWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

fn chromium() -> Option<PathBuf> {
    let told = std::env::var_os("SLEDFORM_CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    told.into_iter().chain(usual.map(PathBuf::from)).find(|p| p.is_file())
}

/// A bright bar that moves over grey.
fn picture(size: PixelSize, at: usize) -> Vec<u8> {
    let bar = |x: usize| if (at..at + 12).contains(&x) { [240; 3] } else { [90; 3] };
    (0..size.height).flat_map(|_| (0..size.width as usize).flat_map(bar)).collect()
}

#[test]
fn every_frame_is_shown_at_its_time() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let node = Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    let packages = folder.join("node_modules/playwright-core").is_dir();
    let Some(chromium) = chromium().filter(|_| node && packages) else {
        println!("skipped: needs Node, Chromium and `npm install` in {}", folder.display());
        return;
    };
    let place = tempfile::tempdir().expect("a folder");
    let (video, list) = (place.path().join("overlay.mp4"), place.path().join("times.json"));
    let size = PixelSize { width: 320, height: 180 };
    // 30 frames/s that hesitate, as phones do in poor light.
    let times: Vec<f64> = (0..60)
        .map(|i| f64::from(i) / 30.0 + 0.01 * f64::from(i % 3) + if i > 40 { 0.25 } else { 0.0 })
        .collect();
    let mut writer = VideoWriter::create(&video, size, Hertz(30.0)).expect("an encoder");
    for (i, time) in times.iter().enumerate() {
        writer.write(&picture(size, 4 * i), Seconds(*time)).expect("a frame is taken");
    }
    writer.finish().expect("a whole file");
    std::fs::write(&list, serde_json::to_string(&times).expect("JSON")).expect("written");
    let run = Command::new("node").arg(folder.join("overlay.mjs")).args([&video, &list, &chromium]).output();
    let run = run.expect("node starts");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
}
