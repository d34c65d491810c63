//! A decoded frame with its index and presentation timestamp, and what gives frames one after the other.

use crate::calendar::Day;
use crate::units::{Hertz, Seconds};
use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

/// Width and height of a picture, px.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelSize {
    /// Width, px, > 0.
    pub width: u32,
    /// Height, px, > 0.
    pub height: u32,
}

impl PixelSize {
    /// Bytes of one packed 8-bit, 3-channel frame.
    #[must_use]
    pub fn frame_bytes(self) -> usize {
        self.width as usize * self.height as usize * 3
    }
}

impl fmt::Display for PixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// One decoded picture: packed rows of 8-bit blue, green, red, the order decoders give.
#[derive(Clone, PartialEq)]
pub struct Frame {
    /// Place in the analysed part of the clip, from 0.
    pub index: usize,
    /// Presentation timestamp from the clip's first, s, already divided by a slow-motion factor.
    pub time: Seconds,
    /// Size after rotation metadata.
    pub size: PixelSize,
    /// `height * width * 3` bytes, rows from the top, blue first.
    pub bgr: Vec<u8>,
    /// Motion of the background since the frame before; none for the first frame or where it was not measured.
    pub background: Option<BackgroundMotion>,
    /// Whether the picture is the same as the one before: some phones repeat frames.
    pub duplicate: bool,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame {{ index: {}, time: {}, size: {} }}", self.index, self.time, self.size)
    }
}

/// How the background moved from the frame before to this one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackgroundMotion {
    /// Takes a point of the frame before to where the background has it now.
    pub this_from_previous: crate::geometry::Similarity,
    /// How many tracked points agree with it.
    pub inliers: usize,
    /// How many points were tracked.
    pub tracked: usize,
}

/// Where the timestamps of a clip come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// The container's presentation timestamps.
    Presentation,
    /// Frame number over a frame rate, because the container's timestamps do not increase or are absent.
    FrameRate,
    /// The file imported says them.
    File,
}

/// What is known of a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipFacts {
    /// Where it was read.
    pub file: PathBuf,
    /// SHA-256 of the file, lower-case hexadecimal; none for a folder of images.
    pub sha256: Option<String>,
    /// Size after rotation metadata.
    pub size: PixelSize,
    /// Rotation metadata that was applied, degrees clockwise: 0, 90, 180 or 270.
    pub rotation_deg: u32,
    /// Nominal rate the container states, if it does.
    pub nominal_rate: Option<Hertz>,
    /// Frames the container states, if it does; the true number is the number of observations.
    pub nominal_frames: Option<usize>,
    /// Codec as four letters, if known.
    pub codec: Option<String>,
    /// True rate of capture where slow motion is stored slower, as the user or the file said.
    pub capture_rate: Option<Hertz>,
    /// Where times come from.
    pub time_source: TimeSource,
    /// Time in the file at which the analysed part begins, s.
    pub start: Seconds,
    /// The day in universal time on which the file says that it was filmed, if it does.
    pub created: Option<Day>,
}

impl ClipFacts {
    /// The file's name without its folder.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        self.file.file_name().unwrap_or(self.file.as_os_str()).to_string_lossy()
    }

    /// Seconds of the file per second of the clip: above 1 for slow motion that is stored slower, else 1.
    #[must_use]
    pub fn stored_s_per_s(&self) -> f64 {
        let rates = self.capture_rate.zip(self.nominal_rate).filter(|(_, stored)| stored.0 > 0.0);
        rates.map_or(1.0, |(capture, stored)| capture.0 / stored.0)
    }
}

/// Something to tell the user, as data: which, what happened, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Stable identifier in `snake_case`; borrowed in the program, owned when read back from a file.
    pub id: Cow<'static, str>,
    /// What happened, with its values.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Warnings by which all results may be of something else than was meant.
const GRAVE: [&str; 14] = [
    "looks_like_another",
    "looks_like_none",
    "exercise_close",
    "athlete_unclear",
    "legs_unclear",
    "slow_motion",
    "fast_motion",
    "speed_changes",
    "other_way",
    "walking_left_out",
    "clip_cut",
    "athlete_in_parts",
    "truncated_file",
    "missing_images",
];

impl Warning {
    /// From its three parts.
    #[must_use]
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { id: id.into(), message: message.into(), hint: hint.into() }
    }

    /// Whether all results may be wrong by it, so that it is told before them.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        GRAVE.contains(&&*self.id)
    }

    /// Two sentences for people: what happened, what to do.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {}", sentence(&self.message), sentence(&self.hint))
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), letters.as_str())
}

/// The cause of a failed stage, whatever adapter it came from.
pub type StageError = Box<dyn std::error::Error + Send + Sync>;

/// Gives the frames of a clip in order.
pub trait FrameSource {
    /// What is known of the clip. Warnings and the time source may still change until the last frame was read.
    fn facts(&self) -> &ClipFacts;

    /// The next frame; none after the last.
    ///
    /// # Errors
    /// When a frame cannot be decoded at all. A file that breaks off ends the clip with a warning instead.
    fn next_frame(&mut self) -> Result<Option<Frame>, StageError>;

    /// Passes over the next frame, more cheaply where the source can; false after the last.
    ///
    /// # Errors
    /// As for [`FrameSource::next_frame`].
    fn skip_frame(&mut self) -> Result<bool, StageError> {
        Ok(self.next_frame()?.is_some())
    }

    /// What was noticed so far.
    fn warnings(&self) -> Vec<Warning>;
}

impl<S: FrameSource + ?Sized> FrameSource for Box<S> {
    fn facts(&self) -> &ClipFacts {
        (**self).facts()
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, StageError> {
        (**self).next_frame()
    }

    fn skip_frame(&mut self) -> Result<bool, StageError> {
        (**self).skip_frame()
    }

    fn warnings(&self) -> Vec<Warning> {
        (**self).warnings()
    }
}
