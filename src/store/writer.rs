//! Writes a recording frame by frame, so that memory does not grow with the clip.

use super::StoreError;
use super::atomic::AtomicFile;
use super::frame_row::FrameRow;
use super::rows::{EndRow, HeaderRow, LastRow};
use crate::frame::{ClipFacts, TimeSource, Warning};
use crate::observation::{ModelIdentity, Observation, Recording};
use serde::Serialize;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Of zstd's 22 levels the last one before time grows faster than size shrinks for these lines.
const LEVEL: i32 = 6;

/// Writes one recording. Nothing bears the final name until [`RecordingWriter::finish`]; the same content gives the same
/// bytes.
pub struct RecordingWriter {
    encoder: zstd::Encoder<'static, AtomicFile>,
    path: PathBuf,
    frames: usize,
    last_time_s: Option<f64>,
    line: Vec<u8>,
}

impl fmt::Debug for RecordingWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordingWriter {{ path: {}, frames: {} }}", self.path.display(), self.frames)
    }
}

impl RecordingWriter {
    /// Opens a file beside `path` and writes the header.
    ///
    /// # Errors
    /// When the folder is not there or may not be written.
    pub fn create(
        path: impl Into<PathBuf>,
        clip: &ClipFacts,
        pose_model: &ModelIdentity,
        detector: Option<&ModelIdentity>,
    ) -> Result<Self, StoreError> {
        let path = path.into();
        let file = AtomicFile::create(&path)?;
        let encoder = open_encoder(file).map_err(|source| unwritable(&path, source))?;
        let mut writer = Self { encoder, path, frames: 0, last_time_s: None, line: Vec::new() };
        writer.write_line(&HeaderRow::new(clip, pose_model, detector))?;
        Ok(writer)
    }

    /// Writes the next frame.
    ///
    /// # Errors
    /// When its time does not come after the one before, to the microsecond, or the disk refuses.
    pub fn push(&mut self, observation: &Observation) -> Result<(), StoreError> {
        let row = FrameRow::from_observation(observation);
        let follows = self.last_time_s.is_none_or(|last| row.time_s > last);
        if !follows || !row.time_s.is_finite() {
            let path = self.path.clone();
            return Err(StoreError::OutOfOrder { path, frame: row.frame, time_s: row.time_s });
        }
        self.last_time_s = Some(row.time_s);
        self.frames += 1;
        self.write_line(&row)
    }

    /// Frames written so far.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Writes the last line and gives the file its name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self, time_source: TimeSource, warnings: &[Warning]) -> Result<PathBuf, StoreError> {
        self.write_line(&LastRow { end: EndRow::new(self.frames, time_source, warnings) })?;
        let file = self.encoder.finish().map_err(|source| unwritable(&self.path, source))?;
        file.commit()
    }

    fn write_line(&mut self, row: &impl Serialize) -> Result<(), StoreError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, row).map_err(|e| unwritable(&self.path, e.into()))?;
        self.line.push(b'\n');
        self.encoder.write_all(&self.line).map_err(|source| unwritable(&self.path, source))
    }
}

/// Writes a whole recording.
///
/// # Errors
/// When frames are out of order, the folder is not there or may not be written, or the disk is full.
pub fn write(path: impl Into<PathBuf>, recording: &Recording) -> Result<PathBuf, StoreError> {
    let Recording { clip, pose_model, detector, frames, warnings } = recording;
    let mut writer = RecordingWriter::create(path, clip, pose_model, detector.as_ref())?;
    frames.iter().try_for_each(|frame| writer.push(frame))?;
    writer.finish(clip.time_source, warnings)
}

/// One thread and a fixed level, so that the bytes do not depend on the machine; a checksum, so that damage shows.
fn open_encoder(file: AtomicFile) -> io::Result<zstd::Encoder<'static, AtomicFile>> {
    let mut encoder = zstd::Encoder::new(file, LEVEL)?;
    encoder.include_checksum(true)?;
    Ok(encoder)
}

fn unwritable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Unwritable { path: path.to_owned(), source }
}
