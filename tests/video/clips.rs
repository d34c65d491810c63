//! Tiny clips with known content, made by the ffmpeg command where it is installed.

use sledform::frame::{Frame, FrameSource, PixelSize, Warning};
use sledform::video::{self, BackgroundTracking, ReadOptions, VideoError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Size of the drawn pictures.
pub const SIZE: PixelSize = PixelSize { width: 96, height: 64 };
/// Frames per second of the drawn clips.
pub const RATE: f64 = 25.0;
/// Corners of a drawn picture in red, green, blue: top left, top right, bottom left, bottom right.
pub const CORNERS: [[u8; 3]; 4] = [[220, 30, 30], [30, 180, 30], [30, 30, 220], [230, 230, 230]];

/// A folder of its own for a test; none, with a line, where ffmpeg is not installed.
pub fn workshop() -> Option<TempDir> {
    let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        Some(tempfile::tempdir().expect("a temporary folder"))
    } else {
        println!("skipped: ffmpeg is not installed");
        None
    }
}

/// Whether this ffmpeg has an encoder; prints a line when not.
pub fn has_encoder(name: &str) -> bool {
    let list = Command::new("ffmpeg").args(["-hide_banner", "-encoders"]).output().expect("ffmpeg runs");
    let found = String::from_utf8_lossy(&list.stdout).split_whitespace().any(|word| word == name);
    if !found {
        println!("skipped: this ffmpeg has no {name}");
    }
    found
}

/// Four coloured quarters, and a dark bar of 8 px across the middle that moves `at` px to the right.
pub fn picture(size: PixelSize, at: usize) -> Vec<u8> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut rgb = Vec::with_capacity(size.frame_bytes());
    for y in 0..height {
        for x in 0..width {
            let corner = usize::from(y >= height / 2) * 2 + usize::from(x >= width / 2);
            let in_bar = y.abs_diff(height / 2) < 8 && (at..at + 8).contains(&x);
            rgb.extend(if in_bar { [0; 3] } else { CORNERS[corner] });
        }
    }
    rgb
}

/// `count` pictures whose bar moves 2 px a frame.
pub fn moving(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|i| picture(SIZE, 2 * i)).collect()
}

/// Encodes red-green-blue pictures with these ffmpeg options.
pub fn encode(out: &Path, size: PixelSize, pictures: &[Vec<u8>], options: &str) -> PathBuf {
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size.to_string()])
        .args(["-r", &RATE.to_string(), "-i", "-"])
        .args(options.split_whitespace())
        .arg(out)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg starts");
    let mut input = ffmpeg.stdin.take().expect("a pipe");
    for picture in pictures {
        input.write_all(picture).expect("ffmpeg reads");
    }
    drop(input);
    assert!(ffmpeg.wait().expect("ffmpeg ends").success(), "ffmpeg {options}");
    out.to_path_buf()
}

/// Runs ffmpeg without pictures.
pub fn ffmpeg(options: &str, out: &Path) -> PathBuf {
    let status =
        Command::new("ffmpeg").args(["-v", "error", "-y"]).args(options.split_whitespace()).arg(out).status();
    assert!(status.expect("ffmpeg starts").success(), "ffmpeg {options}");
    out.to_path_buf()
}

/// Everything a reader gives.
pub struct Read {
    pub frames: Vec<Frame>,
    pub warnings: Vec<Warning>,
    pub source: Box<dyn FrameSource + Send>,
}

impl Read {
    pub fn times(&self) -> Vec<f64> {
        self.frames.iter().map(|frame| frame.time.0).collect()
    }

    pub fn warning(&self, id: &str) -> Option<&Warning> {
        self.warnings.iter().find(|warning| warning.id == id)
    }
}

/// Options without background motion, which tiny clips have no use for.
pub fn plain() -> ReadOptions {
    ReadOptions { background: BackgroundTracking::Off, ..ReadOptions::default() }
}

pub fn read(path: &Path, options: &ReadOptions) -> Read {
    let mut source = video::open(path, options).unwrap_or_else(|e| panic!("{e}"));
    let mut frames = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames decode") {
        assert_eq!(frame.index, frames.len());
        assert_eq!(frame.bgr.len(), frame.size.frame_bytes());
        frames.push(frame);
    }
    Read { frames, warnings: source.warnings(), source }
}

pub fn error(path: &Path, options: &ReadOptions) -> VideoError {
    match video::open(path, options) {
        Ok(_) => panic!("{} opened", path.display()),
        Err(error) => error,
    }
}

/// The middles of a frame's quarters in red, green, blue, in the order of [`CORNERS`].
pub fn corners(frame: &Frame) -> [[u8; 3]; 4] {
    let (width, height) = (frame.size.width as usize, frame.size.height as usize);
    [(1, 1), (7, 1), (1, 7), (7, 7)].map(|(x, y)| {
        let at = (height * y / 8 * width + width * x / 8) * 3;
        [frame.bgr[at + 2], frame.bgr[at + 1], frame.bgr[at]]
    })
}

/// Lossy coding at default quality, conversion to 4:2:0 and back, and BT.601 against BT.709 stay below this.
const COLOUR_TOLERANCE: u8 = 30;

pub fn assert_corners(frame: &Frame, expected: [[u8; 3]; 4], what: &str) {
    let found = corners(frame);
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!(found.abs_diff(*expected) <= COLOUR_TOLERANCE, "{what}: {:?}", corners(frame));
    }
}

/// Writes a display turn, degrees clockwise, into the track header of an MP4 or MOV (ISO/IEC 14496-12, 8.3.2).
pub fn turn(path: &Path, degrees: u32) {
    let (a, b): (i32, i32) = match degrees {
        90 => (0, 1),
        180 => (-1, 0),
        270 => (0, -1),
        _ => (1, 0),
    };
    let mut bytes = std::fs::read(path).expect("the clip");
    let header = bytes.windows(4).position(|w| w == b"tkhd").expect("a track header") + 4;
    assert_eq!(bytes[header], 0, "version 0");
    for (index, value) in [(0, a), (1, b), (3, -b), (4, a)] {
        let at = header + 40 + index * 4;
        bytes[at..at + 4].copy_from_slice(&(value << 16).to_be_bytes());
    }
    std::fs::write(path, bytes).expect("the clip is written");
}

/// Keeps the first `share` of a file.
pub fn cut(path: &Path, share: f64) {
    let bytes = std::fs::read(path).expect("the clip");
    std::fs::write(path, &bytes[..(bytes.len() as f64 * share) as usize]).expect("the clip is written");
}
