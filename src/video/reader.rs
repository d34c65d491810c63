//! A video file as frames: decoded by OpenCV's FFmpeg back end, turned upright, timed by presentation time stamps.
//! What the file says of itself comes from `container`, times from `clock`; poses are left to others.

use super::background::BackgroundTracker;
use super::clock::{Clock, Place, Range, captured, captured_by_its_word, plausible_rate};
use super::container::{self, Container, Kind};
use super::duplicate::DuplicateDetector;
use super::error::VideoError;
use super::options::{BackgroundTracking, ReadOptions};
use super::quiet;
use super::timing::stored;
use crate::digest;
use crate::frame::{ClipFacts, Frame, FrameSource, PixelSize, StageError, TimeSource, Warning};
use crate::units::Seconds;
use opencv::core::{Mat, Vec3b};
use opencv::{core, prelude::*, videoio};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Fewer frames than stated are mentioned when they are this much shorter, s, and this share of the clip: the
/// last frames of a clip are often lost in a cut, and a trimmed phone clip keeps some that are never shown.
const MISSING_TIME: Seconds = Seconds(0.25);
const MISSING_SHARE: f64 = 0.05;

/// Reads a video file.
pub struct VideoReader {
    capture: videoio::VideoCapture,
    facts: ClipFacts,
    container: Container,
    file_bytes: u64,
    range: Range,
    clock: Clock,
    /// How the stored picture is turned upright; none where it is.
    turn: Option<core::RotateFlags>,
    /// The stored picture before it is turned.
    stored: Mat,
    duplicates: DuplicateDetector,
    background: Option<BackgroundTracker>,
    /// Whether the true rate of capture was said, so that what the file says of it does not count.
    rate_was_told: bool,
    /// The first frame, read on opening.
    waiting: Option<Frame>,
    next_index: usize,
    end: End,
}

/// Whether, and why, no more frames come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    NotYet,
    OfRange,
    OfFile,
}

impl VideoReader {
    /// Opens a file and reads its first frame (the first at or after `start`).
    ///
    /// # Errors
    /// Each way in which a file can fail to be a readable clip has its own [`VideoError`].
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, VideoError> {
        options.check()?;
        quiet()?;
        let (container, file_bytes) = look_inside(path)?;
        let capture = open_capture(path, &container)?;
        let facts = facts(path, &capture, &container, options)?;
        let range = options
            .range(facts.capture_rate, facts.nominal_rate)
            .ok_or_else(|| VideoError::NoStoredRate { path: path.into() })?;
        let mut reader = Self {
            capture,
            container,
            file_bytes,
            range,
            clock: Clock::new(
                facts.nominal_rate,
                stored(path).map(|stored| stored.times).unwrap_or_default(),
            ),
            turn: turn_of(facts.rotation_deg),
            stored: Mat::default(),
            facts,
            duplicates: DuplicateDetector::default(),
            background: (options.background == BackgroundTracking::On).then(BackgroundTracker::new),
            rate_was_told: options.capture_rate.is_some(),
            waiting: None,
            next_index: 0,
            end: End::NotYet,
        };
        reader.waiting = reader.read()?;
        if reader.waiting.is_none() {
            return Err(reader.nothing_read());
        }
        reader.facts.sha256 = Some(sha256(path)?);
        Ok(reader)
    }

    fn nothing_read(&self) -> VideoError {
        let path = self.facts.file.clone();
        match (self.clock.last(), self.range.end) {
            (None, _) => VideoError::NoFrames { path },
            (Some(_), Some(end)) if self.end == End::OfRange => {
                VideoError::NothingInRange { path, start: self.range.start, end }
            }
            (Some(last), _) => VideoError::StartAfterEnd { path, start: self.range.start, last },
        }
    }

    fn read(&mut self) -> Result<Option<Frame>, VideoError> {
        self.advance()?.map(|file_time| self.retrieve(file_time)).transpose()
    }

    /// Goes on to the next frame of the range without making a picture of it; its file time.
    fn advance(&mut self) -> Result<Option<Seconds>, VideoError> {
        while self.end == End::NotYet {
            if !self.capture.grab().map_err(VideoError::opencv("reading a frame"))? {
                self.end = End::OfFile;
                break;
            }
            let position_ms = self.property(videoio::CAP_PROP_POS_MSEC);
            let file_time = self.clock.next(position_ms);
            self.facts.time_source = self.clock.source();
            match self.range.place(file_time) {
                Place::Before => {}
                Place::After => self.end = End::OfRange,
                Place::Within => return Ok(Some(file_time)),
            }
        }
        Ok(None)
    }

    fn retrieve(&mut self, file_time: Seconds) -> Result<Frame, VideoError> {
        let index = self.next_index;
        let size = if index == 0 { self.first_size()? } else { self.facts.size };
        let bgr = self.pixels(size, file_time)?;
        if index == 0 {
            self.facts.size = size;
            self.facts.start = file_time;
        }
        self.next_index += 1;
        let background = match &mut self.background {
            Some(tracker) => tracker.next(&bgr, size)?,
            None => None,
        };
        let duplicate = self.duplicates.is_duplicate(&bgr, size);
        Ok(Frame { index, time: self.range.true_time(file_time), size, bgr, background, duplicate })
    }

    /// The size of the upright picture, which the container's header may get wrong.
    fn first_size(&mut self) -> Result<PixelSize, VideoError> {
        self.capture.retrieve(&mut self.stored, 0).map_err(VideoError::opencv("reading the first frame"))?;
        let size = size_of(&self.stored).map(|size| self.upright(size));
        size.ok_or_else(|| VideoError::NoFrames { path: self.facts.file.clone() })
    }

    fn upright(&self, stored: PixelSize) -> PixelSize {
        match self.turn {
            None | Some(core::RotateFlags::ROTATE_180) => stored,
            Some(_) => PixelSize { width: stored.height, height: stored.width },
        }
    }

    /// The grabbed picture, written by OpenCV straight into the frame's own bytes.
    fn pixels(&mut self, size: PixelSize, time: Seconds) -> Result<Vec<u8>, VideoError> {
        let mut bgr = vec![0; size.frame_bytes()];
        let place = bgr.as_ptr();
        let mut picture = Mat::new_rows_cols_with_bytes_mut::<Vec3b>(
            size.height.cast_signed(),
            size.width.cast_signed(),
            &mut bgr,
        )
        .map_err(VideoError::opencv("preparing a frame"))?;
        match self.turn {
            None => self.capture.retrieve(&mut picture, 0).map(|_| ()),
            Some(turn) => self
                .capture
                .retrieve(&mut self.stored, 0)
                .and_then(|_| core::rotate(&self.stored, &mut picture, turn as i32)),
        }
        .map_err(VideoError::opencv("converting a frame"))?;
        // A picture of another size or kind does not fit, and OpenCV then gives it memory of its own.
        if picture.data() != place {
            let after = size_of(&picture).unwrap_or(PixelSize { width: 0, height: 0 });
            return Err(VideoError::SizeChanged { path: self.facts.file.clone(), before: size, after, time });
        }
        drop(picture);
        Ok(bgr)
    }

    fn property(&self, property: i32) -> f64 {
        property_of(&self.capture, property)
    }

    /// What the file promised and did not keep.
    fn missing(&self) -> Option<Warning> {
        if self.end != End::OfFile {
            return None;
        }
        let (read, last) = (self.clock.frames(), self.clock.last()?);
        let cut = self.container.declared_bytes.is_some_and(|declared| declared > self.file_bytes);
        let stated = self.facts.nominal_frames.zip(self.facts.nominal_rate);
        let frame = self.facts.nominal_rate.map_or(0.0, |rate| 1.0 / rate.0);
        let readable = last + Seconds(frame);
        match stated {
            Some((frames, rate)) => {
                let whole = Seconds(frames as f64 / rate.0);
                let missing = whole - readable;
                let notable = missing > MISSING_TIME && missing.0 > MISSING_SHARE * whole.0;
                if frames <= read || !(cut || notable) {
                    return None;
                }
                let what = format!(
                    "the file says {frames} frames, {read} could be read ({:.1} s of {:.1} s)",
                    readable.0, whole.0
                );
                Some(if cut { truncated(&what) } else { incomplete(what) })
            }
            None => cut.then(|| truncated(&format!("{read} frames could be read ({:.1} s)", readable.0))),
        }
    }
}

fn truncated(what: &str) -> Warning {
    Warning::new(
        "truncated_file",
        format!("the file breaks off before its end: {what}"),
        "everything up to there was analysed; copy the clip again from the phone to get the rest",
    )
}

fn incomplete(what: String) -> Warning {
    Warning::new(
        "fewer_frames_than_stated",
        what,
        "harmless for a clip that was trimmed on the phone; otherwise part of it is damaged: copy it again",
    )
}

/// Of the whole file.
fn sha256(path: &Path) -> Result<String, VideoError> {
    let file = File::open(path).map_err(|e| VideoError::opening(path, e))?;
    let (_, digest) = digest::of_reader(file).map_err(|e| VideoError::opening(path, e))?;
    Ok(digest)
}

impl FrameSource for VideoReader {
    fn facts(&self) -> &ClipFacts {
        &self.facts
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, StageError> {
        match self.waiting.take() {
            Some(frame) => Ok(Some(frame)),
            None => Ok(self.read()?),
        }
    }

    fn skip_frame(&mut self) -> Result<bool, StageError> {
        if self.waiting.take().is_some() {
            return Ok(true);
        }
        let is_there = self.advance()?.is_some();
        self.next_index += usize::from(is_there);
        Ok(is_there)
    }

    fn warnings(&self) -> Vec<Warning> {
        let rates = self.facts.capture_rate.zip(self.facts.nominal_rate).filter(|_| !self.rate_was_told);
        let by_its_word = rates.map(|(captured, stored)| captured_by_its_word(captured, stored));
        by_its_word.into_iter().chain(self.clock.warning()).chain(self.missing()).collect()
    }
}

/// Refuses what is no video before a decoder sees it.
fn look_inside(path: &Path) -> Result<(Container, u64), VideoError> {
    let mut file = File::open(path).map_err(|e| VideoError::opening(path, e))?;
    let read = |source| VideoError::Read { path: path.into(), source };
    let length = file.metadata().map_err(read)?.len();
    if length == 0 {
        return Err(VideoError::Empty { path: path.into() });
    }
    match container::inspect(&mut file, length).map_err(read)? {
        Kind::Other(looks_like) => Err(VideoError::NotAVideo { path: path.into(), looks_like }),
        Kind::Video(container) if container.index_missing => Err(VideoError::NoIndex { path: path.into() }),
        Kind::Video(container) => match container.without_video() {
            Some(tracks) => Err(VideoError::NoVideoTrack { path: path.into(), tracks }),
            None => Ok((container, length)),
        },
    }
}

fn open_capture(path: &Path, container: &Container) -> Result<videoio::VideoCapture, VideoError> {
    // An absolute path cannot be mistaken for a protocol ("a:b.mp4") by FFmpeg.
    let absolute = path.canonicalize().map_err(|e| VideoError::opening(path, e))?;
    let mut capture = videoio::VideoCapture::from_file(&absolute, videoio::CAP_FFMPEG)
        .map_err(VideoError::opencv("opening the file"))?;
    if capture.is_opened().map_err(VideoError::opencv("opening the file"))? {
        // Turned here instead, because OpenCV 4.6 turns the wrong way (see `rotation_deg`).
        capture
            .set(videoio::CAP_PROP_ORIENTATION_AUTO, 0.0)
            .map_err(VideoError::opencv("opening the file"))?;
        return Ok(capture);
    }
    let path = PathBuf::from(path);
    Err(match container.video_codec() {
        Some(codec) => VideoError::UnsupportedCodec { path, codec: codec.to_owned() },
        None => VideoError::NoFrames { path },
    })
}

fn facts(
    path: &Path,
    capture: &videoio::VideoCapture,
    container: &Container,
    options: &ReadOptions,
) -> Result<ClipFacts, VideoError> {
    let property = |property| property_of(capture, property);
    let frames = property(videoio::CAP_PROP_FRAME_COUNT);
    let size = PixelSize {
        width: property(videoio::CAP_PROP_FRAME_WIDTH) as u32,
        height: property(videoio::CAP_PROP_FRAME_HEIGHT) as u32,
    };
    if size.frame_bytes() == 0 {
        return Err(VideoError::NoFrames { path: path.into() });
    }
    let nominal_rate = plausible_rate(property(videoio::CAP_PROP_FPS));
    Ok(ClipFacts {
        file: path.to_path_buf(),
        sha256: None,
        size,
        rotation_deg: rotation_deg(property(videoio::CAP_PROP_ORIENTATION_META)),
        nominal_rate,
        nominal_frames: (frames >= 1.0).then_some(frames as usize),
        codec: codec_letters(property(videoio::CAP_PROP_FOURCC)).or_else(|| codec_name(container)),
        capture_rate: options.capture_rate.or_else(|| captured(container.capture_rate, nominal_rate)),
        time_source: TimeSource::Presentation,
        start: Seconds::default(),
        created: container.created,
    })
}

/// Degrees clockwise to turn the stored picture by, 0 to 359. OpenCV 4.6, and it alone, reports them
/// counter-clockwise (github.com/opencv/opencv/issues/22088), and turns pictures accordingly: upside down.
fn rotation_deg(reported: f64) -> u32 {
    let clockwise = (reported as i32).rem_euclid(360) as u32;
    let reversed = core::get_version_major() == 4 && core::get_version_minor() == 6;
    if reversed { (360 - clockwise) % 360 } else { clockwise }
}

/// Only quarter turns are applied: phones write no others.
fn turn_of(rotation_deg: u32) -> Option<core::RotateFlags> {
    match rotation_deg {
        90 => Some(core::RotateFlags::ROTATE_90_CLOCKWISE),
        180 => Some(core::RotateFlags::ROTATE_180),
        270 => Some(core::RotateFlags::ROTATE_90_COUNTERCLOCKWISE),
        _ => None,
    }
}

/// 0 where the back end does not know, as OpenCV has it.
fn property_of(capture: &videoio::VideoCapture, property: i32) -> f64 {
    capture.get(property).unwrap_or(0.0)
}

fn codec_letters(code: f64) -> Option<String> {
    let bytes = (code.max(0.0) as u32).to_le_bytes();
    bytes.iter().all(u8::is_ascii_graphic).then(|| bytes.iter().map(|&b| char::from(b)).collect())
}

/// The container's name of the codec, without Matroska's mark for video.
fn codec_name(container: &Container) -> Option<String> {
    container.video_codec().map(|name| name.trim_start_matches("V_").to_owned())
}

fn size_of(picture: &impl MatTraitConst) -> Option<PixelSize> {
    let (width, height) = (picture.cols(), picture.rows());
    (width > 0 && height > 0).then_some(PixelSize { width: width as u32, height: height as u32 })
}
