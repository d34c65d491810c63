//! Clips out: what was written reads back, and nothing half-written stays.

use crate::clips::{
    CORNERS, RATE, SIZE, assert_corners, encode, has_encoder, moving, picture, plain, read, workshop,
};
use sledform::frame::PixelSize;
use sledform::units::{Hertz, Seconds};
use sledform::video::{VideoError, VideoWriter};
use std::path::Path;

fn bgr(size: PixelSize, at: usize) -> Vec<u8> {
    picture(size, at).chunks_exact(3).flat_map(|p| [p[2], p[1], p[0]]).collect()
}

/// When the `i`-th frame of an even clip is shown.
fn at(i: usize) -> Seconds {
    Seconds(i as f64 / RATE)
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
        writer.write(&bgr(SIZE, 2 * i), at(i)).expect("a frame is taken");
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
    writer.write(&bgr(size, 0), at(0)).expect("a frame is taken");
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
    writer.write(&bgr(SIZE, 0), at(0)).expect("a frame is taken");
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
    assert!(matches!(writer.write(&[0; 30], at(0)), Err(VideoError::WrongFrame { got_bytes: 30, .. })));
    let nowhere = dir.path().join("missing/overlay.mp4");
    assert!(matches!(VideoWriter::create(&nowhere, SIZE, Hertz(30.0)), Err(VideoError::Write { .. })));
    assert!(matches!(VideoWriter::create(&path, SIZE, Hertz(0.0)), Err(VideoError::BadOption { .. })));
    writer.write(&bgr(SIZE, 0), at(1)).expect("a frame is taken");
    for time in [at(1), at(0), Seconds(f64::NAN)] {
        assert!(matches!(writer.write(&bgr(SIZE, 0), time), Err(VideoError::BadOption { .. })), "{time}");
    }
    drop(writer);
    assert_eq!(names(dir.path()), [""; 0]);
}

/// Numbers that another program reads from a file: `frame=pts_time` for when each frame is shown, in order.
fn probe(path: &Path, entries: &str) -> Vec<f64> {
    let output = std::process::Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries", entries, "-of", "csv=p=0"])
        .arg(path)
        .output()
        .expect("ffprobe starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = |line: &str| line.trim_end_matches(',').parse().expect("a number");
    text.lines().filter(|line| !line.is_empty()).map(number).collect()
}

fn shown(path: &Path) -> Vec<f64> {
    probe(path, "frame=pts_time")
}

/// A clock of 90 kHz, and six decimals printed.
const TICK_S: f64 = 0.5 / 90_000.0 + 1e-6;

#[test]
fn every_frame_is_shown_at_the_time_given_however_uneven() {
    let Some(dir) = workshop() else { return };
    let path = dir.path().join("uneven.mp4");
    let time = |i: usize| 3.0 + i as f64 / 30.0 + 0.012 * (i % 3) as f64 + if i > 25 { 0.5 } else { 0.0 };
    let mut writer = VideoWriter::create(&path, SIZE, Hertz(25.0)).expect("an encoder");
    for i in 0..40 {
        writer.write(&bgr(SIZE, i), Seconds(time(i))).expect("a frame is taken");
    }
    writer.finish().expect("a whole file");
    let found = shown(&path);
    assert_eq!(found.len(), 40);
    for (i, found) in found.iter().enumerate() {
        assert!((found - (time(i) - 3.0)).abs() <= TICK_S, "frame {i} is shown at {found}");
    }
    let whole = probe(&path, "format=duration")[0];
    assert!((whole - (time(39) - 3.0 + time(39) - time(38))).abs() < 1e-4, "{whole} s in all");
    // And the pictures are the ones written, in their order.
    let clip = read(&path, &plain());
    assert_eq!((clip.frames.len(), clip.warnings.len()), (40, 0));
    assert_eq!(clip.frames.iter().filter(|f| f.duplicate).count(), 0);
}

#[test]
fn a_clip_of_uneven_rate_copied_frame_for_frame_keeps_its_times() {
    let Some(dir) = workshop() else { return };
    let filter = r"-vf settb=1/90000,setpts=(N/25+0.012*mod(N\,3))/TB -vsync vfr -enc_time_base 1/90000";
    let codec = "-c:v libx264 -bf 3 -pix_fmt yuv420p -video_track_timescale 90000";
    let source = encode(&dir.path().join("in.mp4"), SIZE, &moving(24), &format!("{filter} {codec}"));
    let copy = dir.path().join("copy.mp4");
    let clip = read(&source, &plain());
    let mut writer = VideoWriter::create(&copy, SIZE, Hertz(RATE)).expect("an encoder");
    for frame in &clip.frames {
        writer.write(&frame.bgr, frame.time).expect("a frame is taken");
    }
    writer.finish().expect("a whole file");
    let (before, after) = (shown(&source), shown(&copy));
    assert_eq!((before.len(), after.len()), (24, 24));
    for (before, after) in before.iter().zip(&after) {
        assert!((before - after).abs() <= TICK_S, "{before} became {after}");
    }
}

#[test]
fn one_frame_is_a_clip() {
    let Some(dir) = workshop() else { return };
    let path = dir.path().join("one.mp4");
    let mut writer = VideoWriter::create(&path, SIZE, Hertz(30.0)).expect("an encoder");
    writer.write(&bgr(SIZE, 0), Seconds(7.0)).expect("a frame is taken");
    writer.finish().expect("a whole file");
    assert_eq!(shown(&path), [0.0]);
}

#[test]
fn a_clip_without_frames_is_not_a_clip() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("overlay.mp4");
    let writer = VideoWriter::create(&path, SIZE, Hertz(30.0)).expect("an encoder");
    assert!(matches!(writer.finish(), Err(VideoError::Unfinished { .. })));
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
fn what_browsers_play_is_told_from_what_they_do_not() {
    use sledform::video::{plays_in_browsers, stored};
    let Some(dir) = workshop() else { return };
    for (name, encoder, options, plays) in [
        ("h264.mp4", "libx264", "-pix_fmt yuv420p", true),
        ("h264.mov", "libx264", "-pix_fmt yuv420p", true),
        ("vp9.webm", "libvpx-vp9", "-pix_fmt yuv420p -deadline realtime -cpu-used 8", true),
        ("ten_bit.mp4", "libx264", "-pix_fmt yuv420p10le", false),
        ("full_colour.mp4", "libx264", "-pix_fmt yuv444p", false),
        ("h264.mkv", "libx264", "-pix_fmt yuv420p", false),
        ("h264.avi", "libx264", "-pix_fmt yuv420p", false),
        ("hevc.mp4", "libx265", "-pix_fmt yuv420p -tag:v hvc1 -x265-params log-level=error", false),
        ("mpeg4.mp4", "mpeg4", "", false),
        ("mjpeg.avi", "mjpeg", "-pix_fmt yuvj420p", false),
    ] {
        if !has_encoder(encoder) {
            continue;
        }
        let path = encode(&dir.path().join(name), SIZE, &moving(6), &format!("-c:v {encoder} {options}"));
        assert_eq!(plays_in_browsers(&path), plays, "{name}");
        if name.ends_with("mp4") || name.ends_with("mov") {
            let found = stored(&path).expect("an MP4 with tables");
            assert_eq!((found.size, found.times.len()), (SIZE, 6), "{name}");
            for (i, time) in found.times.iter().enumerate() {
                assert!((time.0 - i as f64 / RATE).abs() < 1e-3, "{name}: {time}");
            }
        }
    }
    assert!(!plays_in_browsers(dir.path()) && !plays_in_browsers(&dir.path().join("nothing.mp4")));
}

#[test]
fn a_frame_passed_over_costs_no_picture_and_loses_no_place() {
    use sledform::frame::FrameSource;
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(10), "-c:v libx264 -pix_fmt yuv420p");
    let whole = read(&path, &plain());
    let mut source = sledform::video::VideoReader::open(&path, &plain()).expect("it opens");
    for expected in &whole.frames {
        if expected.index % 3 == 2 {
            let frame = source.next_frame().expect("it decodes").expect("a frame");
            assert_eq!((frame.index, frame.time), (expected.index, expected.time));
            assert_eq!(frame.bgr, expected.bgr);
        } else {
            assert!(source.skip_frame().expect("it decodes"));
        }
    }
    assert!(!source.skip_frame().expect("the end is no error"));
}
