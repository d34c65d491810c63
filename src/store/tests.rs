//! A recording comes back as it was, the same bytes every time, and a bad file says what is wrong with it.

use super::*;
use crate::frame::{BackgroundMotion, ClipFacts, PixelSize, TimeSource, Warning};
use crate::geometry::{Point, Similarity, Vector};
use crate::observation::{Landmark, ModelIdentity, Observation, Person, Pose, Recording, TrackId};
use crate::skeleton::Keypoint;
use crate::units::{Confidence, Hertz, Radians, Seconds};
use proptest::prelude::*;
use std::io::Write;
use std::path::PathBuf;

fn clip() -> ClipFacts {
    ClipFacts {
        file: PathBuf::from("clips/Übung 1.mp4"),
        sha256: Some("ab".repeat(32)),
        size: PixelSize { width: 960, height: 540 },
        rotation_deg: 90,
        nominal_rate: Some(Hertz(29.97)),
        nominal_frames: None,
        codec: Some("avc1".to_owned()),
        capture_rate: None,
        time_source: TimeSource::FrameRate,
        start: Seconds(1.5),
        created: "2026-03-28".parse().ok(),
    }
}

fn recording(frames: Vec<Observation>) -> Recording {
    Recording {
        clip: clip(),
        pose_model: ModelIdentity { name: "blazepose-full".to_owned(), sha256: Some("cd".repeat(32)) },
        detector: None,
        frames,
        warnings: vec![Warning::new("truncated", "the file ends at 3.2 s", "copy it again")],
    }
}

/// A full pose that changes from frame to frame.
fn busy(frame: usize, rate_hz: f64) -> Observation {
    let mut pose = Pose::new(Confidence::new(0.987));
    for keypoint in Keypoint::ALL.into_iter().take(33) {
        let (i, t) = (keypoint.index() as f64, frame as f64);
        let position =
            Point::new(300.0 + 17.0 * i + 40.0 * (t / 9.0).sin(), 200.0 + 8.0 * i + 3.1 * (t * i).cos());
        let confidence = Confidence::new((0.6 + 0.4 * (t / 7.0 + i).sin()) as f32);
        pose.set(keypoint, Some(Landmark { position, confidence }));
    }
    let time = Seconds(frame as f64 / rate_hz);
    Observation {
        frame,
        time,
        people: vec![Person { track: TrackId(1), pose }],
        background: None,
        duplicate: false,
    }
}

fn busy_recording(frames: usize) -> Recording {
    recording((0..frames).map(|i| busy(i, 60.0)).collect())
}

fn saved(recording: &Recording) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path().join(FILE_NAME), recording).unwrap();
    (folder, path)
}

/// The text of a recording, changed and compressed again.
fn changed(path: &std::path::Path, change: impl Fn(String) -> String) {
    let text = zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap();
    let text = change(String::from_utf8(text).unwrap());
    std::fs::write(path, zstd::encode_all(text.as_bytes(), 3).unwrap()).unwrap();
}

prop_compose! {
    fn any_landmark()(x in -5e3..5e3f64, y in -5e3..5e3f64, c in 0.0..1.0f32) -> Landmark {
        Landmark { position: Point::new(x, y), confidence: Confidence::new(c) }
    }
}

prop_compose! {
    fn any_person(track: u32)(
        score in 0.0..1.0f32,
        landmarks in prop::collection::vec(prop::option::of(any_landmark()), Keypoint::COUNT),
    ) -> Person {
        let mut pose = Pose::new(Confidence::new(score));
        for (keypoint, landmark) in Keypoint::ALL.into_iter().zip(landmarks) {
            pose.set(keypoint, landmark);
        }
        Person { track: TrackId(track), pose }
    }
}

prop_compose! {
    fn any_motion()(x in -50.0..50.0f64, y in -50.0..50.0f64, r in -0.1..0.1f64, scale in 0.9..1.1f64, n in 0usize..200)
    -> BackgroundMotion {
        BackgroundMotion {
            this_from_previous: Similarity { shift: Vector::new(x, y), rotation: Radians(r), scale },
            inliers: n,
            tracked: 200,
        }
    }
}

prop_compose! {
    fn any_frame()(
        step in 0.001..0.2f64,
        one in prop::option::of(any_person(3)),
        two in prop::option::of(any_person(7)),
        background in prop::option::of(any_motion()),
        duplicate in any::<bool>(),
    ) -> Observation {
        Observation { frame: 0, time: Seconds(step), people: one.into_iter().chain(two).collect(), background, duplicate }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_read_is_what_was_written_to_the_stated_digits(mut frames in prop::collection::vec(any_frame(), 0..6)) {
        let mut time = 0.0;
        for (i, frame) in frames.iter_mut().enumerate() {
            time += frame.time.0;
            frame.frame = i;
            frame.time = Seconds(time);
        }
        let original = recording(frames);
        let (_folder, path) = saved(&original);
        let back = read(&path).unwrap();
        prop_assert_eq!(&back.frames, &original.frames.iter().map(as_stored).collect::<Vec<_>>());
        for (a, b) in original.frames.iter().zip(&back.frames) {
            prop_assert!((a.time.0 - b.time.0).abs() <= 0.5e-6 + 1e-12);
            for (p, q) in a.people.iter().zip(&b.people) {
                prop_assert_eq!(p.track, q.track);
                prop_assert_eq!(p.pose.seen().count(), q.pose.seen().count());
                for ((_, p), (_, q)) in p.pose.seen().zip(q.pose.seen()) {
                    prop_assert!((p.position.x - q.position.x).abs() <= 0.005 + 1e-9);
                    prop_assert!((p.position.y - q.position.y).abs() <= 0.005 + 1e-9);
                    prop_assert!((p.confidence.value() - q.confidence.value()).abs() <= 0.0005 + 1e-6);
                }
            }
        }
        // Once rounded, a second time changes nothing, so a recording may be read and written for ever.
        let (_folder, again) = saved(&back);
        prop_assert_eq!(read(&again).unwrap(), back);
        prop_assert_eq!(std::fs::read(again).unwrap(), std::fs::read(path).unwrap());
    }
}

#[test]
fn facts_models_and_warnings_come_back() {
    let original = recording(vec![]);
    let (_folder, path) = saved(&original);
    assert_eq!(read(&path).unwrap(), original);
}

#[test]
fn the_header_describes_the_file() {
    let (_folder, path) = saved(&busy_recording(1));
    let text = String::from_utf8(zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let header: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(header["format"], "sledform.recording/1");
    assert_eq!(header["keypoints"][11], "left_shoulder");
    assert_eq!(header["clip"]["width"], 960);
    let frame: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    for field in frame.as_object().unwrap().keys().filter(|k| *k != "people") {
        assert!(header["fields"][field].is_string(), "{field} is not described");
    }
    assert_eq!(frame["people"][0]["keypoints"][0][0], 300.0);
    assert_eq!(frame["people"][0]["keypoints"][37], serde_json::Value::Null);
    assert_eq!(lines[2].find("{\"end\":{\"frames\":1,"), Some(0));
}

#[test]
fn what_is_not_finite_is_missing() {
    let mut frame = busy(0, 30.0);
    let bad = Landmark { position: Point::new(f64::NAN, 1.0), confidence: Confidence::FULL };
    frame.people[0].pose.set(Keypoint::Nose, Some(bad));
    let (_folder, path) = saved(&recording(vec![frame]));
    assert_eq!(read(path).unwrap().frames[0].people[0].pose.get(Keypoint::Nose), None);
}

#[test]
fn frames_out_of_order_are_refused_and_leave_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let frames = vec![busy(1, 30.0), busy(0, 30.0)];
    let error = write(folder.path().join(FILE_NAME), &recording(frames)).unwrap_err();
    assert!(matches!(error, StoreError::OutOfOrder { frame: 0, .. }), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_unfinished_writer_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let model = ModelIdentity { name: "m".to_owned(), sha256: None };
    let mut writer = RecordingWriter::create(folder.path().join(FILE_NAME), &clip(), &model, None).unwrap();
    writer.push(&busy(0, 30.0)).unwrap();
    assert_eq!(writer.frames(), 1);
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_missing_file_and_a_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = read(folder.path().join("none.jsonl.zst")).unwrap_err();
    assert!(matches!(error, StoreError::NotThere { .. }));
    assert!(error.to_string().contains("none.jsonl.zst"));
    assert!(matches!(read(folder.path()), Err(StoreError::Unreadable { .. })));
}

#[test]
fn foreign_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl.zst");
    let cases: [(Vec<u8>, &str); 4] = [
        (vec![], "empty"),
        (b"not a recording\n".to_vec(), "not compressed"),
        (zstd::encode_all(&b"{\"a\":1}\n"[..], 3).unwrap(), "another kind"),
        (zstd::encode_all(&b"no line at all"[..], 3).unwrap(), "no header"),
    ];
    for (bytes, expected) in cases {
        std::fs::write(&path, bytes).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_newer_file_says_to_update() {
    let (_folder, path) = saved(&busy_recording(2));
    changed(&path, |text| text.replace("sledform.recording/1", "sledform.recording/2"));
    let error = read(&path).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 2, reads: 1, .. }), "{error}");
    assert!(error.to_string().contains("version 2, this one reads 1; update"), "{error}");
}

#[test]
fn a_file_cut_off_anywhere_is_damaged_and_never_panics() {
    let (_folder, path) = saved(&busy_recording(300));
    let whole = std::fs::read(&path).unwrap();
    for share in 1..20 {
        std::fs::write(&path, &whole[..whole.len() * share / 20]).unwrap();
        let error = read(&path).unwrap_err();
        let StoreError::Damaged { frames, line, .. } = error else { panic!("{error}") };
        assert!(frames < 300 && line >= frames, "{error}");
    }
}

#[test]
fn a_flipped_bit_never_passes() {
    let (_folder, path) = saved(&busy_recording(20));
    let whole = std::fs::read(&path).unwrap();
    for place in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        std::fs::write(&path, bytes).unwrap();
        assert!(read(&path).is_err(), "bit in byte {place}");
    }
}

type Change<'a> = &'a dyn Fn(String) -> String;

#[test]
fn damage_in_the_text_is_told_with_its_line() {
    let cut_end = |text: String| text.lines().take(4).fold(String::new(), |t, l| t + l + "\n");
    let bad_number = |text: String| text.replace("\"frame\":2", "\"frame\":\"two\"");
    let lost_line = |text: String| {
        text.lines().enumerate().filter(|(i, _)| *i != 2).fold(String::new(), |t, (_, l)| t + l + "\n")
    };
    let more = |text: String| text + "{}\n";
    let swapped = |text: String| {
        let mut lines: Vec<_> = text.lines().collect();
        lines.swap(1, 2);
        lines.join("\n") + "\n"
    };
    let short = |text: String| text.replace(",null]}", "]}");
    let cases: [(Change, usize, usize, &str); 6] = [
        (&cut_end, 5, 3, "end of the recording is missing"),
        (&bad_number, 4, 2, "two"),
        (&lost_line, 4, 2, "should hold 3 frames"),
        (&more, 6, 3, "more after the end"),
        (&swapped, 3, 1, "does not follow"),
        (&short, 2, 0, "38 keypoints"),
    ];
    for (change, line, frames, what) in cases {
        let (_folder, path) = saved(&busy_recording(3));
        changed(&path, change);
        let error = read(&path).unwrap_err();
        let StoreError::Damaged { line: found_line, frames: found_frames, .. } = error else {
            panic!("{error}")
        };
        assert_eq!((found_line, found_frames), (line, frames), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn a_line_without_end_is_not_swallowed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.jsonl.zst");
    let mut encoder = zstd::Encoder::new(std::fs::File::create(&path).unwrap(), 1).unwrap();
    for _ in 0..40 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    encoder.finish().unwrap();
    assert!(matches!(read(&path), Err(StoreError::Foreign { .. })));
}

/// Prints what a minute at 60 frames/s costs: `cargo test --release --lib store -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn a_minute_is_read_quickly() {
    let recording = busy_recording(3600);
    let started = std::time::Instant::now();
    let (_folder, path) = saved(&recording);
    let written = started.elapsed();
    let started = std::time::Instant::now();
    let back = read(&path).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    println!("{} frames, {size} bytes: write {written:?}, read {:?}", back.frames.len(), started.elapsed());
}
