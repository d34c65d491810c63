//! What is no readable clip: one clear error each.

use crate::clips::{SIZE, encode, error, ffmpeg, moving, plain, workshop};
use sledform::units::{Hertz, Seconds};
use sledform::video::{ReadOptions, VideoError};
use std::fs;
use std::path::Path;

/// The message names the file and says what to do after a semicolon.
fn assert_clear(error: &VideoError, path: &Path) {
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains(';') && !message.contains('\n'), "{message}");
}

fn in_folder(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a file");
    (dir, path)
}

#[test]
fn a_missing_file() {
    let path = Path::new("/no/such/clip.mp4");
    let error = error(path, &plain());
    assert!(matches!(error, VideoError::Missing { .. }), "{error}");
    assert_clear(&error, path);
}

#[test]
fn an_empty_file() {
    let (_dir, path) = in_folder("clip.mp4", b"");
    let error = error(&path, &plain());
    assert!(matches!(error, VideoError::Empty { .. }), "{error}");
    assert_clear(&error, &path);
}

#[test]
fn text_and_pictures_renamed_to_mp4() {
    for (content, words) in [
        (&b"notes on the sled\n"[..], "text"),
        (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n", "text"),
        (b"\x89PNG\r\n\x1a\n....", "a single picture"),
    ] {
        let (_dir, path) = in_folder("clip.mp4", content);
        let error = error(&path, &plain());
        assert!(matches!(error, VideoError::NotAVideo { looks_like, .. } if looks_like == words), "{error}");
        assert_clear(&error, &path);
    }
}

#[test]
fn noise_behind_a_video_header() {
    let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for head in
        [&b"\0\0\0\x14ftypisom\0\0\0\0isom"[..], &[0x1A, 0x45, 0xDF, 0xA3, 0x80], &[0, 0, 0, 1], b"OggS"]
    {
        let (_dir, path) = in_folder("clip.mp4", &[head, &noise].concat());
        assert_clear(&error(&path, &plain()), &path);
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, path) = in_folder("clip.mp4", b"secret");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::File::open(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let error = error(&path, &plain());
    assert!(matches!(error, VideoError::Permission { .. }), "{error}");
    assert_clear(&error, &path);
}

#[test]
fn sound_only() {
    let Some(dir) = workshop() else { return };
    for name in ["sound.mp4", "sound.mkv", "sound.wav", "sound.avi"] {
        let path = ffmpeg("-f lavfi -i sine=d=0.2", &dir.path().join(name));
        let error = error(&path, &plain());
        assert!(matches!(error, VideoError::NoVideoTrack { tracks: "sound", .. }), "{name}: {error}");
        assert_clear(&error, &path);
    }
}

#[test]
fn a_recording_cut_before_its_index() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(20), "-c:v libx264 -pix_fmt yuv420p");
    crate::clips::cut(&path, 0.5);
    let error = error(&path, &plain());
    assert!(matches!(error, VideoError::NoIndex { .. }), "{error}");
    assert_clear(&error, &path);
}

#[test]
fn an_unknown_codec() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(3), "-c:v libx264 -pix_fmt yuv420p");
    let mut bytes = fs::read(&path).expect("the clip");
    let list = bytes.windows(4).position(|w| w == b"stsd").expect("a sample description");
    let codec = list + bytes[list..].windows(4).position(|w| w == b"avc1").expect("H.264");
    bytes[codec..codec + 4].copy_from_slice(b"zzzz");
    fs::write(&path, bytes).expect("the clip is written");
    let error = error(&path, &plain());
    assert!(matches!(&error, VideoError::UnsupportedCodec { codec, .. } if codec == "zzzz"), "{error}");
    assert_clear(&error, &path);
}

#[test]
fn pictures_that_do_not_decode() {
    let Some(dir) = workshop() else { return };
    let options = "-c:v libx264 -pix_fmt yuv420p -movflags +faststart";
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(5), options);
    let mut bytes = fs::read(&path).expect("the clip");
    let data = bytes.windows(4).position(|w| w == b"mdat").expect("pictures") + 4;
    bytes[data..].fill(0xA5);
    fs::write(&path, bytes).expect("the clip is written");
    let error = error(&path, &plain());
    assert!(matches!(error, VideoError::NoFrames { .. }), "{error}");
    assert_clear(&error, &path);
}

#[test]
fn ranges_without_frames_and_impossible_options() {
    let Some(dir) = workshop() else { return };
    let path = encode(&dir.path().join("c.mp4"), SIZE, &moving(10), "-c:v libx264 -pix_fmt yuv420p");
    let late = error(&path, &ReadOptions { start: Some(Seconds(5.0)), ..plain() });
    assert!(late.to_string().contains("its last one is at 0.360 s"), "{late}");
    let between = ReadOptions { start: Some(Seconds(0.21)), end: Some(Seconds(0.22)), ..plain() };
    assert!(matches!(error(&path, &between), VideoError::NothingInRange { .. }));
    let rate = ReadOptions { capture_rate: Some(Hertz(-1.0)), ..plain() };
    assert!(matches!(error(&path, &rate), VideoError::BadOption { .. }));
}
