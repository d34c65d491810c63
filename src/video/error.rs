//! What can go wrong between a file and its frames, or between frames and a file: one sentence each, with what to do.

use crate::frame::PixelSize;
use crate::units::Seconds;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a clip could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VideoError {
    /// Nothing is at the path.
    #[error("{path} does not exist; check the path", path = path.display())]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// The file is there but must not be opened.
    #[error("no permission to open {path}; make it readable for this user", path = path.display())]
    Permission {
        /// The path asked for.
        path: PathBuf,
    },
    /// The file could be opened but not read through.
    #[error("{path} could not be read: {source}; check the disk and try again", path = path.display())]
    Read {
        /// The path asked for.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Nothing in the file.
    #[error("{path} is empty (0 bytes); copy it again from the phone", path = path.display())]
    Empty {
        /// The path asked for.
        path: PathBuf,
    },
    /// The file's first bytes belong to no video container.
    #[error("{path} is not a video: it looks like {looks_like}; give a clip such as an MP4 or MOV file", path = path.display())]
    NotAVideo {
        /// The path asked for.
        path: PathBuf,
        /// What its first bytes look like.
        looks_like: &'static str,
    },
    /// A recording that was cut before its index was written.
    #[error("{path} has no index (its 'moov' part is missing): the recording or the copy broke off; copy it again, or repair it from the original", path = path.display())]
    NoIndex {
        /// The path asked for.
        path: PathBuf,
    },
    /// Sound, but no picture.
    #[error("{path} has no video track, only {tracks}; give a clip with a picture", path = path.display())]
    NoVideoTrack {
        /// The path asked for.
        path: PathBuf,
        /// What is in it.
        tracks: &'static str,
    },
    /// The container is fine, its codec is not known here.
    #[error("{path} is coded as '{codec}', which this OpenCV cannot decode; convert it to H.264, for example with ffmpeg -i IN -c:v libx264 OUT.mp4", path = path.display())]
    UnsupportedCodec {
        /// The path asked for.
        path: PathBuf,
        /// The codec's name in the container.
        codec: String,
    },
    /// The container opens, yet not one frame decodes.
    #[error("no frame of {path} could be decoded: its pictures are damaged or missing; copy it again from the original", path = path.display())]
    NoFrames {
        /// The path asked for.
        path: PathBuf,
    },
    /// The analysed part lies behind the last frame.
    #[error("{path} has no frame from {start:.3} on: its last one is at {last:.3}; choose an earlier start", path = path.display())]
    StartAfterEnd {
        /// The path asked for.
        path: PathBuf,
        /// The start asked for, in file time.
        start: Seconds,
        /// Time of the last frame, in file time.
        last: Seconds,
    },
    /// No frame lies between start and end.
    #[error("no frame of {path} lies between {start:.3} and {end:.3}; widen the range", path = path.display())]
    NothingInRange {
        /// The path asked for.
        path: PathBuf,
        /// The start asked for, in file time.
        start: Seconds,
        /// The end asked for, in file time.
        end: Seconds,
    },
    /// A time or rate that cannot be.
    #[error("{what} is {value}, which is not possible; {remedy}")]
    BadOption {
        /// The option in words.
        what: &'static str,
        /// Its value with unit.
        value: String,
        /// What is allowed.
        remedy: &'static str,
    },
    /// A capture rate was given, but the file does not say at which rate it is stored.
    #[error("{path} does not state its frame rate, so a capture rate cannot be applied; convert it to MP4 first", path = path.display())]
    NoStoredRate {
        /// The path asked for.
        path: PathBuf,
    },
    /// The picture changes its size within the clip.
    #[error("{path} changes its picture size from {before} to {after} at {time:.3}; cut it there and analyse the parts", path = path.display())]
    SizeChanged {
        /// The path asked for.
        path: PathBuf,
        /// Size so far.
        before: PixelSize,
        /// Size of the frame that differs.
        after: PixelSize,
        /// File time of that frame.
        time: Seconds,
    },
    /// A folder without JPEG or PNG files that bear a number.
    #[error("{path} is a folder without numbered JPEG or PNG images; give a video file, or a folder of images named like frame_0001.png", path = path.display())]
    FolderWithoutImages {
        /// The folder.
        path: PathBuf,
    },
    /// A folder of images has no frame rate of its own.
    #[error("{path} is a folder of images and does not say how fast they were taken; give the rate with --fps", path = path.display())]
    FolderNeedsRate {
        /// The folder.
        path: PathBuf,
    },
    /// Two images claim the same place.
    #[error("{first} and {second} bear the same number; leave one clip's images in the folder", first = first.display(), second = second.display())]
    SameNumber {
        /// The image met first.
        first: PathBuf,
        /// The other one.
        second: PathBuf,
    },
    /// One image is not as large as the first.
    #[error("{file} is {size}, but the images before it are {expected}; all images of a clip must have one size", file = file.display())]
    MixedSizes {
        /// The image that differs.
        file: PathBuf,
        /// Its size.
        size: PixelSize,
        /// The size of the first image.
        expected: PixelSize,
    },
    /// One image is damaged.
    #[error("{file} could not be read as an image: {reason}; replace or remove it", file = file.display())]
    BadImage {
        /// The image.
        file: PathBuf,
        /// The decoder's reason.
        reason: String,
    },
    /// H.264 cannot be encoded here.
    #[error("H.264 cannot be encoded here: OpenCV's FFmpeg has no encoder for {size} at {rate}; install FFmpeg's libraries with libx264 (Debian: libavcodec-extra), or leave the annotated video out", rate = rate)]
    NoEncoder {
        /// Size of the video asked for.
        size: PixelSize,
        /// Rate of the video asked for, with unit.
        rate: String,
    },
    /// A frame does not fit the video being written.
    #[error("a frame of {got_bytes} bytes cannot be written to a video of {size}: it must have {expected_bytes}", expected_bytes = size.frame_bytes())]
    WrongFrame {
        /// Size the writer was opened with.
        size: PixelSize,
        /// Bytes of the frame.
        got_bytes: usize,
    },
    /// The output cannot be made.
    #[error("{path} could not be written: {source}; check folder, permission and free space", path = path.display())]
    Write {
        /// The output asked for.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The encoder said it wrote, but the file is not whole.
    #[error("{path} was not written to its end; check the free space of the disk", path = path.display())]
    Unfinished {
        /// The output asked for.
        path: PathBuf,
    },
    /// The encoder left an index in which the frames' times cannot be set.
    #[error("the frames of {path} could not be given their times: {reason}; please report this with the clip", path = path.display())]
    Index {
        /// The output asked for.
        path: PathBuf,
        /// What is odd about it.
        reason: &'static str,
    },
    /// OpenCV refused a call that it should not refuse.
    #[error("OpenCV failed while {doing}: {message}; please report this with the clip")]
    OpenCv {
        /// The step.
        doing: &'static str,
        /// OpenCV's message.
        message: String,
    },
}

impl VideoError {
    /// Sorts a system error on opening `path` into its own case.
    #[must_use]
    pub fn opening(path: &std::path::Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Permission { path },
            _ => Self::Read { path, source },
        }
    }

    /// Turns OpenCV's error into ours, saying what was being done; for `map_err`.
    pub(super) fn opencv(doing: &'static str) -> impl FnOnce(opencv::Error) -> Self {
        move |error| Self::OpenCv { doing, message: error.message }
    }
}
