//! The command line as a user meets it: bad input gets one clear sentence and the right exit code, leaves nothing half
//! written, and never panics; good input gives the files promised.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A small, short clip is enough to see the command line at work.
const PART: [&str; 4] = ["--end", "1.2", "--quality", "fast"];

fn sledform(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Files below a folder, by name.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

/// Analyses something bad: the exit code and the words are as expected, and nothing is left behind.
fn refuses(input: &Path, more: &[&str], code: i32, words: &[&str]) {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let out = folder.path().join("results");
    let mut arguments = vec!["analyze", text(input), "--out", text(&out)];
    arguments.extend(more);
    let output = sledform(&arguments);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?} said: {told}");
    for word in words {
        assert!(told.to_lowercase().contains(&word.to_lowercase()), "{word:?} is not in: {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
    assert_eq!(files(&out), Vec::<String>::new(), "left behind after: {told}");
}

fn file(folder: &tempfile::TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).expect("temporary files can be written");
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("temporary folders can be made")
}

#[test]
fn a_missing_file_is_named() {
    refuses(Path::new("nowhere/clip.mp4"), &[], 1, &["nowhere/clip.mp4"]);
}

#[test]
fn an_empty_file_is_told_from_a_broken_one() {
    let folder = folder();
    refuses(&file(&folder, "empty.mp4", b""), &[], 1, &["empty.mp4", "empty"]);
}

#[test]
fn text_renamed_is_no_video() {
    let folder = folder();
    refuses(
        &file(&folder, "notes.mp4", b"These are notes, not a video.\n"),
        &[],
        1,
        &["notes.mp4", "not a video"],
    );
}

#[test]
fn a_file_cut_off_before_its_pictures_is_refused() {
    let folder = folder();
    let whole = fs::read(sample("sled-push.mp4")).expect("the sample is there");
    refuses(&file(&folder, "cut.mp4", &whole[..600]), &[], 1, &["cut.mp4"]);
}

#[test]
fn a_file_that_breaks_off_is_analysed_as_far_as_it_goes() {
    let folder = folder();
    let whole = fs::read(sample("sled-push.mp4")).expect("the sample is there");
    let cut = file(&folder, "cut.mp4", &whole[..whole.len() / 4]);
    let out = folder.path().join("results");
    let output = sledform(&["analyze", text(&cut), "--out", text(&out), "--quality", "fast", "--no-overlay"]);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
    assert!(said(&output).contains("breaks off"), "{}", said(&output));
    assert!(out.join("angles.csv").is_file());
}

#[test]
fn sound_without_pictures_is_told() {
    let folder = folder();
    let mut wave =
        b"RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\x08\0\0"
            .to_vec();
    wave.resize(44 + 2048, 0);
    refuses(&file(&folder, "sound.wav", &wave), &[], 1, &["sound.wav", "sound"]);
}

#[test]
fn a_folder_without_pictures_is_told() {
    let folder = folder();
    file(&folder, "readme.txt", b"nothing to see");
    refuses(folder.path(), &["--fps", "30"], 1, &["image"]);
}

#[test]
fn images_without_a_rate_ask_for_it() {
    let folder = folder();
    file(&folder, "000001.png", b"not read before the rate is known");
    refuses(folder.path(), &[], 1, &["--fps"]);
}

#[test]
fn an_image_that_is_none_is_named() {
    let folder = folder();
    file(&folder, "000001.png", b"no picture");
    refuses(folder.path(), &["--fps", "30"], 1, &["000001.png"]);
}

#[test]
fn a_damaged_a_foreign_and_a_newer_recording_are_told_apart() {
    let folder = folder();
    let foreign = zstd::encode_all(&b"{\"hello\":1}\n"[..], 1).expect("bytes compress");
    refuses(&file(&folder, "foreign.jsonl.zst", &foreign), &[], 1, &["foreign.jsonl.zst"]);
    refuses(&file(&folder, "text.jsonl.zst", b"plain text"), &[], 1, &["text.jsonl.zst"]);
    let newer = zstd::encode_all(&b"{\"format\":\"sledform.recording/2\"}\n"[..], 1).expect("bytes compress");
    refuses(&file(&folder, "newer.jsonl.zst", &newer), &[], 1, &["newer"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let locked = file(&folder, "locked.mp4", b"secret");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("own files can be locked");
    if fs::read(&locked).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    refuses(&locked, &[], 1, &["locked.mp4", "permission"]);
}

#[test]
fn wrong_values_are_usage_errors_that_say_what_is_allowed() {
    let clip = sample("sled-push.mp4");
    refuses(&clip, &["--quality", "ultra"], 2, &["ultra", "fast, balanced or best"]);
    refuses(&clip, &["--start", "1:75"], 2, &["1:75", "minutes and seconds"]);
    refuses(&clip, &["--threads", "0"], 2, &["--threads"]);
    refuses(&clip, &["--device", "gpu"], 2, &["gpu", "auto, cpu, cuda"]);
    refuses(&clip, &["--athlete", "the tall one"], 2, &["the tall one", "640,360@1.5"]);
    refuses(&clip, &["--capture-fps", "fast"], 2, &["--capture-fps"]);
}

/// The library that set-up fetches runs on the processor alone.
#[test]
fn a_device_that_is_not_there_is_told_when_asked_for_and_passed_over_when_not() {
    let clip = sample("sled-push.mp4");
    refuses(&clip, &["--device", "cuda"], 1, &["cannot use cuda", "SLEDFORM_ONNXRUNTIME", "cpu"]);
    let folder = folder();
    let recordings = ["cpu", "auto"].map(|device| {
        let out = folder.path().join(device);
        let more = ["--device", device, "--no-overlay", "--end", "0.5", "--quality", "fast"];
        let output = sledform(&[&["analyze", text(&clip), "--out", text(&out)], &more[..]].concat());
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
        fs::read(out.join("recording.jsonl.zst")).expect("the recording is written")
    });
    assert_eq!(recordings[0], recordings[1]);
}

#[test]
fn a_library_of_ones_own_that_is_not_one_is_told_by_the_variable_that_names_it() {
    let clip = sample("sled-push.mp4");
    let folder = folder();
    let text_file = file(&folder, "libonnxruntime.so", b"not a library");
    for (library, word) in
        [("/no/such/library.so", "which is not there"), (text(&text_file), "cannot be loaded")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_sledform"))
            .args(["analyze", text(&clip), "--out", text(&folder.path().join("results"))])
            .env("SLEDFORM_ONNXRUNTIME", library)
            .output()
            .expect("the program starts");
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!([library, word, "SLEDFORM_ONNXRUNTIME"].iter().all(|w| told.contains(w)), "{told}");
    }
}

#[test]
fn an_end_before_the_start_and_a_start_after_the_clip_are_told() {
    let clip = sample("sled-push.mp4");
    refuses(&clip, &["--start", "3", "--end", "2"], 2, &["end", "start"]);
    refuses(&clip, &["--start", "1:00"], 1, &["start"]);
}

#[test]
fn results_cannot_go_where_a_file_is() {
    let folder = folder();
    let blocked = file(&folder, "blocked", b"a file");
    let output =
        sledform(&["analyze", text(&sample("sled-push.mp4")), "--out", text(&blocked), "--end", "0.3"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("blocked"), "{}", said(&output));
    assert_eq!(fs::read(&blocked).expect("still there"), b"a file");
}

#[test]
fn missing_models_say_how_to_get_them() {
    let home = folder();
    let out = home.path().join("results");
    let output = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["analyze", text(&sample("sled-push.mp4")), "--out", text(&out)])
        .env("SLEDFORM_HOME", home.path())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("models fetch"), "{}", said(&output));
    assert_eq!(files(&out), Vec::<String>::new());
}

/// A clip without anybody: grey frames.
fn empty_room(folder: &tempfile::TempDir, frames: usize) -> PathBuf {
    use sledform::frame::PixelSize;
    let path = folder.path().join("room.mp4");
    let size = PixelSize { width: 160, height: 120 };
    let mut writer = sledform::video::VideoWriter::create(&path, size, sledform::units::Hertz(30.0))
        .expect("H.264 can be written");
    for i in 0..frames {
        let time = sledform::units::Seconds(i as f64 / 30.0);
        writer.write(&vec![128; size.frame_bytes()], time).expect("frames can be written");
    }
    writer.finish().expect("the clip can be finished");
    path
}

#[test]
fn nobody_in_the_picture_is_no_error_but_nothing_is_judged() {
    let folder = folder();
    let clip = empty_room(&folder, 30);
    let out = folder.path().join("results");
    let output = sledform(&["analyze", text(&clip), "--out", text(&out), "--quality", "fast"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).to_lowercase().contains("nobody"), "{}", said(&output));
    assert!(!files(&out).iter().any(|n| n.contains("partial")), "{:?}", files(&out));
    let again = out.join("recording.jsonl.zst");
    assert_eq!(sledform(&["analyze", text(&again)]).status.code(), Some(3));
}

#[test]
fn a_single_frame_is_too_short_and_says_so() {
    let folder = folder();
    let clip = empty_room(&folder, 1);
    let output = sledform(&["analyze", text(&clip), "--quality", "fast"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
}

#[test]
fn a_clip_gives_the_files_promised_and_its_recording_gives_the_same_again() {
    let folder = folder();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let clip = sample("sled-push.mp4");
    let mut arguments = vec!["analyze", text(&clip), "--out", text(&first)];
    arguments.extend(PART);
    let output = sledform(&arguments);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
    for name in ["recording.jsonl.zst", "keypoints.csv", "angles.csv", "summary.json", "overlay.mp4"] {
        assert!(first.join(name).is_file(), "{name} is missing: {:?}", files(&first));
    }
    let recording = first.join("recording.jsonl.zst");
    let output = sledform(&["analyze", text(&recording), "--out", text(&second)]);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
    for name in ["keypoints.csv", "angles.csv"] {
        let (a, b) = (fs::read(first.join(name)).expect(name), fs::read(second.join(name)).expect(name));
        assert_eq!(a, b, "{name} differs between the clip and its recording");
    }
}

#[test]
fn one_worker_and_four_write_the_same_bytes() {
    let folder = folder();
    let clip = sample("sled-backpedal.mp4");
    let bytes = ["1", "4"].map(|threads| {
        let out = folder.path().join(threads);
        let mut arguments =
            vec!["analyze", text(&clip), "--out", text(&out), "--threads", threads, "--no-overlay"];
        arguments.extend(PART);
        let output = sledform(&arguments);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
        fs::read(out.join("recording.jsonl.zst")).expect("the recording is written")
    });
    assert_eq!(bytes[0], bytes[1]);
}

#[test]
fn help_and_version_work_and_a_wrong_command_is_a_usage_error() {
    assert_eq!(sledform(&["--help"]).status.code(), Some(0));
    assert_eq!(sledform(&["--version"]).status.code(), Some(0));
    assert_eq!(sledform(&["analyse"]).status.code(), Some(2));
    assert_eq!(sledform(&["models", "verify"]).status.code(), Some(0));
    assert_eq!(sledform(&["doctor"]).status.code(), Some(0));
}

#[test]
fn judging_a_recording_again_can_redraw_its_pictures_and_says_when_the_clip_is_gone() {
    let folder = folder();
    let (clip, out) = (folder.path().join("push.mp4"), folder.path().join("results"));
    fs::copy(sample("sled-push.mp4"), &clip).expect("samples can be copied");
    let more = ["--quality", "fast", "--start", "1", "--end", "4", "--no-overlay", "--exercise", "sled-push"];
    let first = sledform(&[&["analyze", text(&clip), "--out", text(&out)], &more[..]].concat());
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let pictures = || {
        let page = fs::read_to_string(out.join("report.html")).expect("a report");
        page.matches("data:image/jpeg").count()
    };
    let photos = pictures();
    assert!(photos > 0, "a push that is too upright has its evidence");
    let recording = out.join("recording.jsonl.zst");
    let again = |more: &[&str]| {
        let fixed = ["analyze", text(&recording), "--exercise", "sled-push"];
        sledform(&[&fixed[..], more].concat())
    };
    assert_eq!(again(&[]).status.code(), Some(0));
    assert_eq!(pictures(), 0, "without the clip there are drawings");
    let redrawn = again(&["--redraw"]);
    assert_eq!(redrawn.status.code(), Some(0), "{}", said(&redrawn));
    assert_eq!(pictures(), photos);
    assert!(out.join("overlay.mp4").is_file());
    fs::remove_file(&clip).expect("it is there");
    let (keypoints, own) = (out.join("keypoints.csv"), folder.path().join("keypoints"));
    let more = ["--redraw", "--slow", "0.5"];
    let no_pictures =
        said(&sledform(&[&["analyze", text(&keypoints), "--out", text(&own)], &more[..]].concat()));
    assert!(no_pictures.contains("--redraw has no effect"), "{no_pictures}");
    assert!(no_pictures.contains("--slow has no effect on keypoints"), "{no_pictures}");
    let gone = again(&["--redraw"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(said(&gone).contains("push.mp4") && said(&gone).contains("not there"), "{}", said(&gone));
}

#[test]
fn a_style_that_nobody_knows_is_refused_before_the_work() {
    refuses(&sample("sled-push.mp4"), &["--style", "tal"], 2, &["tal", "drive or tall"]);
}

#[test]
fn a_profile_that_is_not_there_is_a_usage_error() {
    let output = sledform(&["profiles", "show", "sled-pull"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("sled-push, backward-sled-push"), "{}", said(&output));
}

#[test]
fn a_folder_of_clips_is_sent_to_batch_and_one_of_results_to_its_recording() {
    refuses(&sample(""), &[], 2, &["is a folder of clips", "sledform batch"]);
    let folder = folder();
    file(&folder, "recording.jsonl.zst", b"");
    refuses(folder.path(), &[], 2, &["is a folder of results", "recording.jsonl.zst"]);
}

/// As in `sledform metrics | head`.
#[test]
fn nobody_has_to_listen_to_the_end() {
    for arguments in [&["metrics"][..], &["profiles", "export", "sled-push"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sledform"));
        let mut child =
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
    }
}

/// ONNX Runtime's own library would note the machine in the user's cache and send it away.
#[test]
fn nothing_is_noted_outside_the_results() {
    let (home, out) =
        (tempfile::tempdir().expect("temporary folder"), tempfile::tempdir().expect("temporary folder"));
    let clip = sample("sled-push.mp4");
    let data = std::env::var_os("SLEDFORM_HOME")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".sledform"), PathBuf::from);
    let output = Command::new(env!("CARGO_BIN_EXE_sledform"))
        .args(["analyze", text(&clip), "--no-overlay", "--quiet", "--out", text(out.path())])
        .args(PART)
        .env("HOME", home.path())
        .env("SLEDFORM_HOME", data)
        .env("ORT_DISABLE_TELEMETRY", "0")
        .env_remove("XDG_CACHE_HOME")
        .output()
        .expect("the program starts");
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
    assert_eq!(files(home.path()), Vec::<String>::new());
}

#[test]
fn metres_that_are_not_asked_for_again_are_not_lost_in_silence() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let recording = folder.path().join("recording.jsonl.zst");
    fs::copy(sample("sled-push.recording.jsonl.zst"), &recording).expect("the sample can be copied");
    let again = |more: &[&str]| {
        let arguments = [&["analyze", text(&recording), "--no-overlay"], more].concat();
        let output = sledform(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        said(&output).contains("--height")
    };
    assert!(!again(&["--height", "1.75"]), "nothing was there before");
    assert!(!again(&["--height", "1.75"]), "it was given again");
    assert!(again(&[]));
    assert!(!again(&[]), "the results beside it have no metres now");
}
