//! Whether browsers play a clip as it is: those in use today on phones and desktops, without extra codecs.

use super::container::{self, Kind};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

/// Codecs that Chromium, Firefox and Safari all decode: H.264, VP8, VP9, AV1. HEVC plays only where the device has a decoder
/// for it, Apple's editing codecs, Motion JPEG and MPEG-4 part 2 nowhere.
const CODECS: [&str; 8] = ["avc1", "avc3", "vp08", "vp09", "av01", "V_VP8", "V_VP9", "V_AV1"];
/// Profiles of H.264 that they decode: baseline, main, extended and high, all 8 bit and 4:2:0.
const H264_PROFILES: [u8; 4] = [66, 77, 88, 100];
/// Bytes searched for the profile: an index with an hour of frames has less.
const SEARCHED: u64 = 8 << 20;

/// Whether a browser plays the file: its container and its codec. False where it cannot be read or is a folder.
#[must_use]
pub fn plays_in_browsers(path: &Path) -> bool {
    File::open(path).and_then(|mut file| plays(&mut file)).unwrap_or(false)
}

fn plays(file: &mut File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let Kind::Video(container) = container::inspect(file, length)? else { return Ok(false) };
    let codec = container.video_codec().unwrap_or("");
    let head = container::bytes_at(file, 0, 64)?;
    // MP4, MOV and WebM; Matroska that is not WebM, AVI and the rest are not for browsers.
    let suits = if codec.starts_with("V_") {
        head.windows(4).any(|w| w == b"webm")
    } else {
        !head.starts_with(b"RIFF")
    };
    if !suits || !CODECS.contains(&codec) || container.index_missing {
        return Ok(false);
    }
    Ok(!codec.starts_with("avc") || profile(file, length)?.is_none_or(|p| H264_PROFILES.contains(&p)))
}

/// The profile in the decoder's settings (`avcC`: version, profile): near the start or the end of the file.
fn profile(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<u8>> {
    for start in [0, length.saturating_sub(SEARCHED)] {
        let bytes = container::bytes_at(file, start, SEARCHED)?;
        if let Some(at) = bytes.windows(4).position(|w| w == b"avcC") {
            return Ok(bytes.get(at + 5).copied());
        }
    }
    Ok(None)
}
