//! Reads a recording whole, or says what is wrong with the file and where.

use super::frame_row::FrameRead;
use super::rows::{FormatRow, HeaderRow, LastRow};
use super::{FORMAT, StoreError, VERSION};
use crate::observation::{Observation, Recording};
use crate::skeleton::Keypoint;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// What a zstd file begins with (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The longest line believed: over ten thousand people in one frame. A longer one is a trap or no recording at all.
const LONGEST_LINE: usize = 16 << 20;

/// Reads a recording.
///
/// # Errors
/// When there is no such file, it cannot be read, is something else, was written by a newer version, or is damaged or cut
/// off; in the last case nothing of it is returned, and the error says how many frames are whole.
pub fn read(path: impl AsRef<Path>) -> Result<Recording, StoreError> {
    let path = path.as_ref();
    let mut lines = Lines::open(path)?;
    let (header, keypoints) = header(&mut lines)?;
    let mut frames: Vec<Observation> = Vec::new();
    let end = loop {
        lines.next(frames.len())?;
        let damaged = |what: String| lines.damaged(frames.len(), what);
        match serde_json::from_slice::<FrameRead>(&lines.line) {
            Ok(row) => {
                let frame = row
                    .observation(&keypoints)
                    .ok_or_else(|| damaged(format!("a person has not {} keypoints", keypoints.len())))?;
                if frames.last().is_some_and(|last| last.time.0 >= frame.time.0) {
                    return Err(damaged(format!("time {} does not follow the frame before", frame.time)));
                }
                frames.push(frame);
            }
            Err(error) => match serde_json::from_slice::<LastRow>(&lines.line) {
                Ok(last) => break last.end,
                Err(_) => return Err(damaged(error.to_string())),
            },
        }
    };
    if end.frames != frames.len() {
        return Err(lines.damaged(frames.len(), format!("it should hold {} frames", end.frames)));
    }
    lines.expect_no_more(frames.len())?;
    Ok(Recording {
        clip: header.clip.facts(end.time_source()),
        pose_model: header.pose_model.identity(),
        detector: header.detector.map(super::rows::ModelRow::identity),
        frames,
        warnings: end.warnings(),
    })
}

/// The first line, and the keypoints in the order of this file.
fn header(lines: &mut Lines) -> Result<(HeaderRow, Vec<Keypoint>), StoreError> {
    lines.next(0)?;
    let path = lines.path.to_owned();
    let version = serde_json::from_slice::<FormatRow>(&lines.line)
        .ok()
        .and_then(|row| row.format.strip_prefix(FORMAT)?.parse::<u32>().ok());
    match version {
        None => {
            let what = "it is compressed text of another kind".to_owned();
            return Err(StoreError::Foreign { path, what });
        }
        Some(found) if found > VERSION => return Err(StoreError::Newer { path, found, reads: VERSION }),
        Some(_) => {}
    }
    let header: HeaderRow =
        serde_json::from_slice(&lines.line).map_err(|error| lines.damaged(0, error.to_string()))?;
    if header.clip.is_empty() {
        return Err(lines.damaged(0, "the picture has no size".to_owned()));
    }
    let known = |name: &String| {
        Keypoint::from_name(name)
            .ok_or_else(|| lines.damaged(0, format!("the header names an unknown keypoint, {name}")))
    };
    let keypoints = header.keypoints.iter().map(known).collect::<Result<_, _>>()?;
    Ok((header, keypoints))
}

/// The decompressed lines of a file, one at a time.
struct Lines<'a> {
    path: &'a Path,
    text: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    line: Vec<u8>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> Result<Self, StoreError> {
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => StoreError::NotThere { path: path.to_owned() },
            _ => StoreError::Unreadable { path: path.to_owned(), source },
        };
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let start = file.fill_buf().map_err(unreadable)?;
        if !start.starts_with(&ZSTD_MAGIC) {
            let what = if start.is_empty() { "it is empty" } else { "it is not compressed with zstd" };
            return Err(StoreError::Foreign { path: path.to_owned(), what: what.to_owned() });
        }
        let text = BufReader::new(zstd::Decoder::with_buffer(file).map_err(unreadable)?);
        Ok(Self { path, text, line: Vec::new(), number: 0 })
    }

    /// Reads the next line into `line`, which must end as a line does. `frames` were read before.
    fn next(&mut self, frames: usize) -> Result<(), StoreError> {
        self.line.clear();
        self.number += 1;
        let limit = LONGEST_LINE as u64;
        let done = self.text.by_ref().take(limit).read_until(b'\n', &mut self.line);
        match done {
            Err(error) => Err(self.damaged(frames, error.to_string())),
            Ok(0) => Err(self.damaged(frames, "the end of the recording is missing".to_owned())),
            Ok(_) if self.line.last() == Some(&b'\n') => Ok(()),
            Ok(_) if self.number == 1 => {
                let what = "its first line is no header".to_owned();
                Err(StoreError::Foreign { path: self.path.to_owned(), what })
            }
            Ok(_) => Err(self.damaged(frames, "the line breaks off".to_owned())),
        }
    }

    /// Reads on to the end of the file, where the checksum is compared.
    fn expect_no_more(&mut self, frames: usize) -> Result<(), StoreError> {
        self.number += 1;
        let mut byte = [0];
        match self.text.read(&mut byte) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged(frames, "there is more after the end".to_owned())),
            Err(error) => Err(self.damaged(frames, error.to_string())),
        }
    }

    fn damaged(&self, frames: usize, what: String) -> StoreError {
        StoreError::Damaged { path: self.path.to_owned(), line: self.number, frames, what }
    }
}
