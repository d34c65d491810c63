//! Clips of every kind in: content, size, turn, time; out: an H.264 clip. Made on the spot, so that what a frame
//! must show is known.

#[path = "video/background.rs"]
mod background;
#[path = "video/bad_input.rs"]
mod bad_input;
#[path = "video/clips.rs"]
mod clips;
#[path = "video/folder.rs"]
mod folder;
#[path = "video/writing.rs"]
mod writing;

use clips::{
    CORNERS, RATE, SIZE, assert_corners, cut, encode, has_encoder, moving, picture, plain, read, turn,
    workshop,
};
use sledform::frame::{PixelSize, TimeSource};
use sledform::units::{Hertz, Seconds};
use sledform::video::ReadOptions;

/// Containers round times to 1 ms at the coarsest (Matroska).
const TIME_TOLERANCE_S: f64 = 0.001;

/// Frames at the end for which OpenCV 4.6 has no time stamp, because the decoder still held them: with three
/// B-frames two. In an MP4 its tables have their times; else they are spaced by the mean rate, and so within a frame of the truth.
const REORDERED: usize = 2;

fn assert_times(found: &[f64], expected: impl IntoIterator<Item = f64>, what: &str) {
    let expected: Vec<f64> = expected.into_iter().collect();
    assert_eq!(found.len(), expected.len(), "{what}: number of frames");
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= TIME_TOLERANCE_S, "{what}: {found} s instead of {expected} s");
    }
}

#[test]
fn every_usual_codec_and_container_gives_all_frames_in_time_and_colour() {
    let Some(dir) = workshop() else { return };
    for (name, encoder, options) in [
        ("h264.mp4", "libx264", "-pix_fmt yuv420p"),
        ("h264.mov", "libx264", "-pix_fmt yuv420p -bf 0"),
        ("h264.mkv", "libx264", "-pix_fmt yuv420p"),
        ("full_range.mp4", "libx264", "-pix_fmt yuvj420p -color_range pc"),
        ("ten_bit.mp4", "libx264", "-pix_fmt yuv420p10le"),
        ("hevc.mp4", "libx265", "-pix_fmt yuv420p -tag:v hvc1 -x265-params log-level=error"),
        ("hevc10.mov", "libx265", "-pix_fmt yuv420p10le -tag:v hvc1 -x265-params log-level=error"),
        ("vp9.webm", "libvpx-vp9", "-pix_fmt yuv420p -deadline realtime -cpu-used 8"),
        ("vp9.mp4", "libvpx-vp9", "-pix_fmt yuv420p -deadline realtime -cpu-used 8"),
        ("av1.mp4", "libaom-av1", "-pix_fmt yuv420p -usage realtime -cpu-used 8"),
        ("mjpeg.avi", "mjpeg", "-pix_fmt yuvj420p -q:v 3"),
    ] {
        if !has_encoder(encoder) {
            continue;
        }
        let options = format!("-c:v {encoder} {options}");
        let clip = read(&encode(&dir.path().join(name), SIZE, &moving(20), &options), &plain());
        assert_times(&clip.times(), (0..20).map(|i| f64::from(i) / RATE), name);
        assert_eq!(clip.source.facts().size, SIZE, "{name}");
        assert_eq!(clip.source.facts().nominal_rate, Some(Hertz(RATE)), "{name}");
        assert_eq!(clip.source.facts().nominal_frames, Some(20), "{name}");
        assert_eq!(clip.source.facts().time_source, TimeSource::Presentation, "{name}");
        assert!(clip.source.facts().codec.is_some(), "{name}");
        assert_eq!(clip.warnings, [], "{name}");
        assert!(clip.frames.iter().all(|frame| !frame.duplicate), "{name}");
        for frame in [&clip.frames[0], &clip.frames[19]] {
            assert_corners(frame, CORNERS, name);
        }
    }
}

#[test]
fn the_display_turn_is_applied_and_reported() {
    let Some(dir) = workshop() else { return };
    let [tl, tr, bl, br] = CORNERS;
    for (degrees, expected, size) in [
        (0, [tl, tr, bl, br], SIZE),
        (90, [bl, tl, br, tr], PixelSize { width: SIZE.height, height: SIZE.width }),
        (180, [br, bl, tr, tl], SIZE),
        (270, [tr, br, tl, bl], PixelSize { width: SIZE.height, height: SIZE.width }),
    ] {
        let path = encode(&dir.path().join("turned.mov"), SIZE, &moving(3), "-c:v libx264 -pix_fmt yuv420p");
        turn(&path, degrees);
        let clip = read(&path, &plain());
        assert_eq!(clip.source.facts().rotation_deg, degrees);
        assert_eq!((clip.frames.len(), clip.frames[0].size), (3, size));
        assert_eq!(clip.source.facts().size, size);
        assert_corners(&clip.frames[0], expected, &format!("{degrees} degrees"));
    }
}

#[test]
fn odd_sizes_keep_every_row_and_column() {
    let Some(dir) = workshop() else { return };
    let size = PixelSize { width: 97, height: 65 };
    let pictures = [picture(size, 0), picture(size, 4)];
    for (name, options) in [
        ("odd.mkv", "-c:v ffv1"),
        ("odd444.mp4", "-c:v libx264 -pix_fmt yuv444p"),
        ("odd.webm", "-c:v libvpx-vp9"),
    ] {
        let clip = read(&encode(&dir.path().join(name), size, &pictures, options), &plain());
        assert_eq!((clip.frames.len(), clip.frames[1].size), (2, size), "{name}");
        assert_corners(&clip.frames[0], CORNERS, name);
    }
}

#[test]
fn variable_frame_rates_keep_their_presentation_times() {
    let Some(dir) = workshop() else { return };
    let uneven = |i: usize| i as f64 / RATE + 0.012 * (i % 3) as f64;
    let filter = r"-vf settb=1/90000,setpts=(N/25+0.012*mod(N\,3))/TB -vsync vfr -enc_time_base 1/90000";
    for (name, options) in [
        ("reordered.mp4", "-c:v libx264 -bf 3 -pix_fmt yuv420p -video_track_timescale 90000"),
        ("in_order.mp4", "-c:v libx264 -bf 0 -pix_fmt yuv420p -video_track_timescale 90000"),
        (
            "hevc.mp4",
            "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=error -video_track_timescale 90000",
        ),
        ("matroska.mkv", "-c:v libx264 -bf 3 -pix_fmt yuv420p"),
    ] {
        let path = encode(&dir.path().join(name), SIZE, &moving(24), &format!("{filter} {options}"));
        let clip = read(&path, &plain());
        let (stamped, last) = clip.frames.split_at(24 - REORDERED);
        let times: Vec<f64> = stamped.iter().map(|frame| frame.time.0).collect();
        assert_times(&times, (0..24 - REORDERED).map(uneven), name);
        let is_listed = name.ends_with("mp4");
        for frame in last {
            let expected = uneven(frame.index);
            let tolerance = if is_listed { TIME_TOLERANCE_S } else { 1.0 / RATE };
            assert!((frame.time.0 - expected).abs() < tolerance, "{name}: {} not {expected}", frame.time);
        }
        assert!(clip.times().windows(2).all(|pair| pair[1] > pair[0]), "{name}");
        assert_eq!(clip.warnings, [], "{name}");
    }
}

#[test]
fn a_stream_without_times_falls_back_to_its_rate_and_says_so() {
    let Some(dir) = workshop() else { return };
    let path = encode(
        &dir.path().join("raw.h264"),
        SIZE,
        &moving(10),
        "-c:v libx264 -bf 2 -pix_fmt yuv420p -f h264",
    );
    let clip = read(&path, &plain());
    assert_times(&clip.times(), (0..10).map(|i| f64::from(i) / RATE), "raw H.264");
    if clip.source.facts().time_source == TimeSource::FrameRate {
        assert!(clip.warning("timestamps_not_increasing").is_some());
    } else {
        assert_eq!(clip.warnings, []);
    }
}

#[test]
fn start_and_end_choose_frames_exactly_and_times_stay_those_of_the_file() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(30), "-c:v libx264 -g 250 -pix_fmt yuv420p");
    let whole = read(&path, &plain());
    let options = ReadOptions { start: Some(Seconds(0.4)), end: Some(Seconds(0.8)), ..plain() };
    let part = read(&path, &options);
    assert_times(&part.times(), (10..=20).map(|i| f64::from(i) / RATE), "0.4 to 0.8 s");
    assert!((part.source.facts().start.0 - 0.4).abs() < TIME_TOLERANCE_S);
    for (frame, same) in part.frames.iter().zip(&whole.frames[10..]) {
        assert_eq!(frame.bgr, same.bgr, "the same picture as at {} of the whole clip", frame.time);
    }
    assert_eq!(part.warnings, [], "an end that was asked for is not a truncated file");
}

#[test]
fn slow_motion_gets_its_true_times() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("slow.mp4"), SIZE, &moving(20), "-c:v libx264 -pix_fmt yuv420p");
    let options = ReadOptions { capture_rate: Some(Hertz(200.0)), start: Some(Seconds(0.2)), ..plain() };
    let clip = read(&path, &options);
    assert_times(&clip.times(), (5..20).map(|i| f64::from(i) / 200.0), "25 frames/s captured at 200");
    assert_eq!(clip.source.facts().capture_rate, Some(Hertz(200.0)));
    assert!((clip.source.facts().start.0 - 0.2).abs() < TIME_TOLERANCE_S, "file time");
}

#[test]
fn a_file_that_says_how_it_was_filmed_gets_those_times_unless_another_rate_is_told() {
    let Some(dir) = workshop() else { return };
    let made = |rate: u32, ending: &str| {
        let options = format!(
            "-c:v libx264 -pix_fmt yuv420p -movflags use_metadata_tags -metadata com.android.capture.fps={rate}"
        );
        encode(&dir.path().join(format!("filmed_at_{rate}.{ending}")), SIZE, &moving(10), &options)
    };
    for path in [made(100, "mp4"), made(100, "mov")] {
        let clip = read(&path, &plain());
        assert_times(&clip.times(), (0..10).map(|i| f64::from(i) / 100.0), "25 frames/s filmed at 100");
        assert_eq!(clip.source.facts().capture_rate, Some(Hertz(100.0)));
        let [warning] = &clip.warnings[..] else { panic!("{:?}", clip.warnings) };
        assert!(warning.id == "capture_rate_from_file" && !warning.is_grave(), "{warning:?}");
        let told = ReadOptions { capture_rate: Some(Hertz(25.0)), ..plain() };
        let clip = read(&path, &told);
        assert_times(&clip.times(), (0..10).map(|i| f64::from(i) / 25.0), "told that it is none");
        assert_eq!(clip.warnings, []);
    }
    let clip = read(&made(25, "mp4"), &plain());
    assert_times(&clip.times(), (0..10).map(|i| f64::from(i) / 25.0), "stored as it was filmed");
    assert_eq!((clip.source.facts().capture_rate, clip.warnings), (None, vec![]));
}

#[test]
fn repeated_frames_are_marked_after_lossy_coding_and_stillness_is_not() {
    let Some(dir) = workshop() else { return };
    let pattern = [0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12, 13, 14, 14, 15, 16];
    let pictures: Vec<_> = pattern.iter().map(|&i| picture(SIZE, 3 * i)).collect();
    for options in ["-crf 18", "-crf 28", "-crf 23 -bf 0"] {
        let options = format!("-c:v libx264 -pix_fmt yuv420p {options}");
        let clip = read(&encode(&dir.path().join("repeats.mp4"), SIZE, &pictures, &options), &plain());
        let marked: Vec<_> = clip.frames.iter().filter(|f| f.duplicate).map(|f| f.index).collect();
        assert_eq!(marked, [7, 11, 17], "{options}");
    }
    let still = vec![picture(SIZE, 40); 30];
    let clip =
        read(&encode(&dir.path().join("still.mp4"), SIZE, &still, "-c:v libx264 -pix_fmt yuv420p"), &plain());
    assert!(clip.frames.iter().all(|frame| !frame.duplicate));
}

#[test]
fn a_file_that_breaks_off_is_read_as_far_as_it_goes() {
    let Some(dir) = workshop() else { return };
    for (name, options) in [
        ("cut.mp4", "-c:v libx264 -g 10 -bf 0 -pix_fmt yuv420p -movflags +faststart"),
        ("cut.mkv", "-c:v libx264 -g 10 -pix_fmt yuv420p"),
        ("cut.webm", "-c:v libvpx-vp9 -g 10 -deadline realtime -cpu-used 8"),
        ("cut.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
    ] {
        let path = encode(&dir.path().join(name), SIZE, &moving(40), options);
        cut(&path, 0.7);
        let clip = read(&path, &plain());
        let count = clip.frames.len();
        assert!((5..40).contains(&count), "{name}: {count} frames");
        let message =
            clip.warning("truncated_file").unwrap_or_else(|| panic!("{name}: no warning")).message.clone();
        assert!(
            message.contains(&format!("{count} could be read"))
                || message.contains(&format!("{count} frames"))
        );
        assert!(message.contains(&format!("{:.1} s", count as f64 / RATE)), "{name}: {message}");
        if name == "cut.mp4" {
            assert!(message.contains("the file says 40 frames") && message.contains("of 1.6 s"), "{message}");
        }
        assert_corners(&clip.frames[0], CORNERS, name);
    }
}

#[test]
fn one_frame_is_a_clip() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("one.mp4"), SIZE, &moving(1), "-c:v libx264 -pix_fmt yuv420p");
    let clip = read(&path, &ReadOptions::default());
    assert_eq!((clip.frames.len(), clip.frames[0].background), (1, None));
    assert_eq!(clip.warnings, []);
}

#[test]
fn the_digest_is_that_of_the_file() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("d.mp4"), SIZE, &moving(3), "-c:v libx264 -pix_fmt yuv420p");
    let Ok(output) = std::process::Command::new("sha256sum").arg(&path).output() else { return };
    let expected = String::from_utf8_lossy(&output.stdout).split_whitespace().next().map(str::to_owned);
    assert_eq!(read(&path, &plain()).source.facts().sha256, expected);
}
