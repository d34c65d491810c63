//! The annotated video in a real browser: it plays, and each frame is shown at its own time, however uneven. Skipped, and
//! says so, where Node, its packages or Chromium are absent; `./test` installs them.
#![cfg(feature = "video")]

#[path = "browser/node.rs"]
mod node;

use sledform::frame::PixelSize;
use sledform::units::{Hertz, Seconds};
use sledform::video::VideoWriter;

/// A bright bar that moves over grey.
fn picture(size: PixelSize, at: usize) -> Vec<u8> {
    let bar = |x: usize| if (at..at + 12).contains(&x) { [240; 3] } else { [90; 3] };
    (0..size.height).flat_map(|_| (0..size.width as usize).flat_map(bar)).collect()
}

#[test]
fn every_frame_is_shown_at_its_time() {
    let Some(node) = node::node() else { return };
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
    node::run(&node, "overlay.mjs", &[&video, &list]);
}
