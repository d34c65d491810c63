//! Clips out: what was written reads back, and nothing half-written stays.

use crate::clips::{CORNERS, RATE, SIZE, assert_corners, picture, plain, read};
use sledform::frame::PixelSize;
use sledform::units::Hertz;
use sledform::video::{VideoError, VideoWriter};
use std::path::Path;

fn bgr(size: PixelSize, at: usize) -> Vec<u8> {
    picture(size, at).chunks_exact(3).flat_map(|p| [p[2], p[1], p[0]]).collect()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a folder");
    entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn what_is_written_reads_back() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("overlay.mp4");
    let mut writer = VideoWriter::create(&path, SIZE, Hertz(RATE)).expect("an encoder");
    for i in 0..12 {
        writer.write(&bgr(SIZE, 2 * i)).expect("a frame is taken");
    }
    assert!(!path.exists(), "the name appears with the whole file");
    writer.finish().expect("a whole file");
    assert_eq!(names(dir.path()), ["overlay.mp4"]);
    let clip = read(&path, &plain());
    assert_eq!((clip.frames.len(), clip.source.facts().size), (12, SIZE));
    assert_eq!(clip.source.facts().codec.as_deref(), Some("avc1"));
    assert_eq!(clip.warnings, []);
    for (i, frame) in clip.frames.iter().enumerate() {
        assert!((frame.time.0 - i as f64 / RATE).abs() < 1e-3);
        assert_corners(frame, CORNERS, "written");
    }
    let bytes = std::fs::read(&path).expect("the clip");
    // avcC: after its type come version, profile, compatibility, level; browsers play baseline, main and high.
    let at = bytes.windows(4).position(|w| w == b"avcC").expect("an H.264 header") + 4;
    assert!([66, 77, 100].contains(&bytes[at + 1]), "profile {}", bytes[at + 1]);
}

#[test]
fn an_odd_size_gets_one_more_row_and_column() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("odd.mp4");
    let size = PixelSize { width: 95, height: 63 };
    let mut writer = VideoWriter::create(&path, size, Hertz(30.0)).expect("an encoder");
    assert_eq!(writer.stored_size(), SIZE);
    writer.write(&bgr(size, 0)).expect("a frame is taken");
    writer.finish().expect("a whole file");
    let clip = read(&path, &plain());
    assert_eq!(clip.frames[0].size, SIZE);
    assert_corners(&clip.frames[0], CORNERS, "padded");
}

#[test]
fn nothing_stays_of_a_clip_that_was_not_finished() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("overlay.mp4");
    std::fs::write(&path, "an earlier result").expect("a file");
    let mut writer = VideoWriter::create(&path, SIZE, Hertz(30.0)).expect("an encoder");
    writer.write(&bgr(SIZE, 0)).expect("a frame is taken");
    assert_eq!(names(dir.path()).len(), 2);
    drop(writer);
    assert_eq!(names(dir.path()), ["overlay.mp4"]);
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), "an earlier result");
}

#[test]
fn what_cannot_be_written_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("overlay.mp4");
    let mut writer = VideoWriter::create(&path, SIZE, Hertz(30.0)).expect("an encoder");
    assert!(matches!(writer.write(&[0; 30]), Err(VideoError::WrongFrame { got_bytes: 30, .. })));
    let nowhere = dir.path().join("missing/overlay.mp4");
    assert!(matches!(VideoWriter::create(&nowhere, SIZE, Hertz(30.0)), Err(VideoError::Write { .. })));
    assert!(matches!(VideoWriter::create(&path, SIZE, Hertz(0.0)), Err(VideoError::BadOption { .. })));
    drop(writer);
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
fn a_clip_without_frames_is_not_a_clip() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("overlay.mp4");
    let writer = VideoWriter::create(&path, SIZE, Hertz(30.0)).expect("an encoder");
    assert!(matches!(writer.finish(), Err(VideoError::Unfinished { .. })));
    assert_eq!(names(dir.path()), [""; 0]);
}
