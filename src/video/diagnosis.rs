//! What this machine can read and write: facts about OpenCV and its FFmpeg, and codecs tried out rather than
//! believed. Returns data; what is said about it is left to the command line.

use super::options::{BackgroundTracking, ReadOptions};
use super::reader::VideoReader;
use super::writer::VideoWriter;
use crate::frame::{FrameSource, PixelSize};
use crate::units::{Hertz, Seconds};
use opencv::{core, videoio};
use std::path::{Path, PathBuf};

/// Two red frames per codec; `probes/README.md` says how they were made.
const PROBES: [(&str, &str, &[u8]); 5] = [
    ("H.264", "mp4", include_bytes!("probes/h264.mp4")),
    ("HEVC", "mp4", include_bytes!("probes/hevc.mp4")),
    ("VP9", "webm", include_bytes!("probes/vp9.webm")),
    ("AV1", "mp4", include_bytes!("probes/av1.mp4")),
    ("MJPEG", "mov", include_bytes!("probes/mjpeg.mov")),
];
const PROBE_SIZE: PixelSize = PixelSize { width: 64, height: 64 };
/// Blue, green, red of the probes, and how far lossy coding and colour conversion may take them.
const RED: [u8; 3] = [0, 0, 255];
const RED_TOLERANCE: u8 = 24;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// OpenCV's version.
    pub opencv: Option<String>,
    /// Whether OpenCV has its FFmpeg back end; without it no video is read or written.
    pub ffmpeg: bool,
    /// FFmpeg's libraries with their versions, as OpenCV was built with them.
    pub ffmpeg_libraries: Vec<(String, String)>,
    /// For each codec whether a clip of it decodes here.
    pub decoders: Vec<CodecSupport>,
    /// Whether H.264 encodes here: written, read again and compared.
    pub h264_encoder: CodecSupport,
}

/// Whether a codec works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecSupport {
    /// The codec's usual name.
    pub codec: &'static str,
    /// The reason why it does not work; none if it does.
    pub problem: Option<String>,
}

/// Tries everything out, in a temporary folder that is removed again; a tenth of a second.
#[must_use]
pub fn diagnosis() -> Diagnosis {
    let folder = Scratch::new();
    let ffmpeg = videoio::has_backend(videoio::VideoCaptureAPIs::CAP_FFMPEG).unwrap_or(false);
    let information = core::get_build_information().unwrap_or_default();
    Diagnosis {
        opencv: core::get_version_string().ok(),
        ffmpeg,
        ffmpeg_libraries: ffmpeg_libraries(&information),
        decoders: PROBES.iter().map(|probe| decoder(&folder, probe)).collect(),
        h264_encoder: CodecSupport { codec: "H.264", problem: encode(&folder).err() },
    }
}

/// The lines below "FFMPEG:" of OpenCV's build information, for as long as they are indented further.
fn ffmpeg_libraries(information: &str) -> Vec<(String, String)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = information.lines().skip_while(|line| !line.trim_start().starts_with("FFMPEG:"));
    let Some(heading) = lines.next() else { return Vec::new() };
    let below = lines.take_while(|line| indent(line) > indent(heading));
    let library = |line: &str| {
        let (name, rest) = line.split_once(':')?;
        let version = rest.split_once('(')?.1.split_once(')')?.0;
        Some((name.trim().to_owned(), version.to_owned()))
    };
    below.filter_map(library).collect()
}

fn decoder(folder: &Scratch, (codec, ending, bytes): &(&'static str, &str, &[u8])) -> CodecSupport {
    let path = folder.0.join(format!("{codec}.{ending}"));
    let tried = std::fs::write(&path, bytes).map_err(|e| e.to_string()).and_then(|()| shows_red(&path));
    CodecSupport { codec, problem: tried.err() }
}

fn encode(folder: &Scratch) -> Result<(), String> {
    let path = folder.0.join("encoded.mp4");
    let mut writer = VideoWriter::create(&path, PROBE_SIZE, Hertz(25.0)).map_err(|e| e.to_string())?;
    for time in [0.0, 0.04].map(Seconds) {
        writer.write(&RED.repeat(PROBE_SIZE.frame_bytes() / 3), time).map_err(|e| e.to_string())?;
    }
    writer.finish().map_err(|e| e.to_string())?;
    shows_red(&path)
}

fn shows_red(path: &Path) -> Result<(), String> {
    let options = ReadOptions { background: BackgroundTracking::Off, ..ReadOptions::default() };
    let mut reader = VideoReader::open(path, &options).map_err(|e| e.to_string())?;
    let frame = reader.next_frame().map_err(|e| e.to_string())?.ok_or("no frame came")?;
    let red = |pixel: &[u8]| pixel.iter().zip(RED).all(|(a, b)| a.abs_diff(b) <= RED_TOLERANCE);
    if frame.size == PROBE_SIZE && frame.bgr.chunks_exact(3).all(red) {
        Ok(())
    } else {
        Err("the picture that came is not the one that went in".to_owned())
    }
}

/// A folder that is removed with what is in it.
struct Scratch(PathBuf);

impl Scratch {
    /// A folder that cannot be made shows in every attempt to write into it.
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("sledform-diagnosis-{}", std::process::id()));
        let _ = std::fs::create_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_versions_are_read_from_the_build_information() {
        let information = "  Video I/O:\n    DC1394:  YES (2.2.6)\n    FFMPEG:  YES\n      avcodec:  YES (59.37.100)\n      \
                           avresample:  NO\n    GStreamer:  YES (1.22.0)\n";
        assert_eq!(ffmpeg_libraries(information), [("avcodec".to_owned(), "59.37.100".to_owned())]);
        assert!(ffmpeg_libraries("nothing here").is_empty());
    }

    #[test]
    fn this_machine_reads_and_writes_h264() {
        let found = diagnosis();
        assert!(found.ffmpeg && found.opencv.is_some());
        assert_eq!(found.decoders.len(), PROBES.len());
        assert_eq!(found.decoders[0], CodecSupport { codec: "H.264", problem: None });
        assert_eq!(found.h264_encoder.problem, None);
        let left = std::env::temp_dir().join(format!("sledform-diagnosis-{}", std::process::id()));
        assert!(!left.exists());
    }
}
