//! Frames to an MP4 that browsers play: H.264, 4:2:0, each frame at its own time. Written beside its name and renamed
//! when whole, so that no half-written clip is ever left under the name asked for.

use super::container::{self, Kind};
use super::error::VideoError;
use super::quiet;
use super::retime::{RetimeError, retime};
use crate::frame::PixelSize;
use crate::units::{Hertz, Seconds};
use opencv::core::{Mat, Size, Vec3b};
use opencv::{core, prelude::*, videoio};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Writes one clip. Dropped before [`VideoWriter::finish`], it removes what it wrote.
pub struct VideoWriter {
    encoder: videoio::VideoWriter,
    /// Size of the frames that are given.
    size: PixelSize,
    /// Size of the stored picture: the same, an odd side one pixel longer.
    stored: PixelSize,
    padded: Mat,
    /// When each frame is shown.
    times: Vec<Seconds>,
    target: PathBuf,
    partial: Partial,
}

/// A file that disappears unless it is kept.
struct Partial(Option<PathBuf>);

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            let _ = fs::remove_file(path);
        }
    }
}

impl VideoWriter {
    /// Begins a clip of frames of `size`, of which about `rate` come in a second: the encoder wants to know, the times
    /// of the frames are given with each. 4:2:0 needs even sides: an odd one gets one more row or column, a copy of the last.
    ///
    /// # Errors
    /// When the folder cannot be written to, the rate is not above 0, or OpenCV's FFmpeg has no H.264 encoder.
    pub fn create(path: &Path, size: PixelSize, rate: Hertz) -> Result<Self, VideoError> {
        quiet()?;
        if !(rate.0.is_finite() && rate.0 > 0.0) {
            let remedy = "give frames per second, above 0";
            return Err(VideoError::BadOption {
                what: "the video's frame rate",
                value: rate.to_string(),
                remedy,
            });
        }
        let beside = name_beside(path);
        File::create(&beside).map_err(|source| VideoError::Write { path: path.into(), source })?;
        let partial = Partial(Some(beside.clone()));
        let absolute =
            beside.canonicalize().map_err(|source| VideoError::Write { path: path.into(), source })?;
        let stored =
            PixelSize { width: size.width.next_multiple_of(2), height: size.height.next_multiple_of(2) };
        let encoder = encoder(&absolute, stored, rate)?;
        Ok(Self {
            encoder,
            size,
            stored,
            padded: Mat::default(),
            times: Vec::new(),
            target: path.into(),
            partial,
        })
    }

    /// Size of the pictures in the file.
    #[must_use]
    pub fn stored_size(&self) -> PixelSize {
        self.stored
    }

    /// Appends one frame: packed rows of blue, green, red, as in [`crate::frame::Frame::bgr`], to be shown at `time`. The
    /// clip begins with its first frame, so only differences count, kept to a 90,000th of a second.
    ///
    /// # Errors
    /// When the frame has not the size that the clip was begun with, or its time is not after the one before.
    pub fn write(&mut self, bgr: &[u8], time: Seconds) -> Result<(), VideoError> {
        if bgr.len() != self.size.frame_bytes() {
            return Err(VideoError::WrongFrame { size: self.size, got_bytes: bgr.len() });
        }
        if !time.0.is_finite() || self.times.last().is_some_and(|last| time <= *last) {
            let remedy = "it must lie after that of the frame before";
            return Err(VideoError::BadOption { what: "a frame's time", value: time.to_string(), remedy });
        }
        self.times.push(time);
        self.encode(bgr).map_err(VideoError::opencv("writing a frame"))
    }

    fn encode(&mut self, bgr: &[u8]) -> opencv::Result<()> {
        let (rows, columns) = (self.size.height.cast_signed(), self.size.width.cast_signed());
        let picture = Mat::new_rows_cols_with_bytes::<Vec3b>(rows, columns, bgr)?;
        if self.stored == self.size {
            return self.encoder.write(&picture);
        }
        let (below, right) =
            (self.stored.height.cast_signed() - rows, self.stored.width.cast_signed() - columns);
        let replicate = core::BORDER_REPLICATE;
        core::copy_make_border_def(&picture, &mut self.padded, 0, below, 0, right, replicate)?;
        self.encoder.write(&self.padded)
    }

    /// Completes the file, gives each frame its time and the file its name.
    ///
    /// # Errors
    /// When the file is not whole (a full disk: the encoder does not say so itself), its index is not as expected, or it
    /// cannot be renamed.
    pub fn finish(mut self) -> Result<(), VideoError> {
        self.encoder.release().map_err(VideoError::opencv("completing the video"))?;
        let failed = |source| VideoError::Write { path: self.target.clone(), source };
        let Some(beside) = self.partial.0.as_ref() else { return Ok(()) };
        let mut file = File::options().read(true).write(true).open(beside).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let whole = match container::inspect(&mut file, length).map_err(failed)? {
            Kind::Video(found) => {
                !found.index_missing && found.video_codec().is_some() && found.declared_bytes == Some(length)
            }
            Kind::Other(_) => false,
        };
        if !whole {
            return Err(VideoError::Unfinished { path: self.target.clone() });
        }
        retime(&mut file, &self.times).map_err(|error| match error {
            RetimeError::Io(source) => failed(source),
            RetimeError::Index(reason) => VideoError::Index { path: self.target.clone(), reason },
        })?;
        fs::rename(beside, &self.target).map_err(failed)?;
        self.partial.0 = None;
        Ok(())
    }
}

fn encoder(path: &Path, stored: PixelSize, rate: Hertz) -> Result<videoio::VideoWriter, VideoError> {
    let h264 =
        videoio::VideoWriter::fourcc('a', 'v', 'c', '1').map_err(VideoError::opencv("choosing H.264"))?;
    let size = Size::new(stored.width.cast_signed(), stored.height.cast_signed());
    let encoder = videoio::VideoWriter::new_with_backend_def(path, videoio::CAP_FFMPEG, h264, rate.0, size)
        .map_err(VideoError::opencv("opening the encoder"))?;
    match encoder.is_opened() {
        Ok(true) => Ok(encoder),
        _ => Err(VideoError::NoEncoder { size: stored, rate: rate.to_string() }),
    }
}

/// Beside the target, hidden, of its own for each process; its ending tells FFmpeg the container.
fn name_beside(target: &Path) -> PathBuf {
    let name = target.file_name().map_or_else(|| "video".into(), |name| name.to_string_lossy().into_owned());
    target.with_file_name(format!(".{name}.{}.partial.mp4", std::process::id()))
}
