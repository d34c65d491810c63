//! Another clip beside the one that is annotated, in step with it: found by the result of its own analysis.

use super::ClipError;
use super::panel::Panel;
use crate::analysis::{self, Analysis};
use crate::frame::{FrameSource, PixelSize};
use crate::gait::alignment::Alignment;
use crate::gait::stride::Gait;
use crate::observation::Recording;
use crate::render::overlay::Overlay;
use crate::render::scene::Scene;
use crate::store;
use crate::units::Seconds;
use crate::video::{self, BackgroundTracking, ReadOptions, VideoError};
use std::fs::File;
use std::path::{Path, PathBuf};

/// A clip that was analysed earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// What was seen in it.
    pub recording: Recording,
    /// What that says.
    pub analysis: Analysis,
    /// Where the clip is now.
    pub file: PathBuf,
}

impl Beside {
    /// The clip of a result folder, or of a recording, analysed as `settings` say.
    ///
    /// # Errors
    /// When there is no recording, or the clip it is of is not to be found or another one.
    pub fn open(result: &Path, settings: &analysis::Settings) -> Result<Self, ClipError> {
        let path = if result.is_dir() { result.join(store::FILE_NAME) } else { result.to_owned() };
        if !path.is_file() || !store::is_recording_name(&path) {
            return Err(ClipError::NoResult { path: result.to_owned() });
        }
        let recording = store::read(&path)?;
        let file = clip_of(&recording, &path)?;
        let analysis = analysis::analyze(&recording, settings);
        Ok(Self { recording, analysis, file })
    }

    /// Begins to play beside a clip whose strides are `gait` and whose first frame is at `start`; pictures get `size`.
    pub(super) fn play(
        &self,
        gait: &Gait,
        start: Seconds,
        size: PixelSize,
        stretch: f64,
    ) -> Result<Playing<'_>, ClipError> {
        let clip = &self.recording.clip;
        let source = video::open(&self.file, &read_again(&self.recording))?;
        if source.facts().size != clip.size {
            return Err(ClipError::OtherClip { clip: self.file.clone() });
        }
        let scene = self
            .analysis
            .athlete
            .as_ref()
            .map(|a| Scene::new(a, clip.size, stretch).named(name(&self.recording)));
        let none = Gait::default();
        let own = self.analysis.athlete.as_ref().map_or(&none, |a| &a.gait);
        let first = self.recording.frames.first().map_or(Seconds(0.0), |f| f.time);
        Ok(Playing {
            beside: self,
            source,
            alignment: Alignment::new(gait, own, (start, first)),
            panel: Panel { scene, clip: clip.size, size },
            read: 0,
            picture: Vec::new(),
        })
    }
}

/// Where the clip of a recording is, which lies at `path`.
///
/// # Errors
/// When it is not to be found, or another file has its name.
pub fn clip_of(recording: &Recording, path: &Path) -> Result<PathBuf, ClipError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = &recording.clip.file;
    let name = named.file_name().unwrap_or_default();
    // As it was named, beside the folder, or in it: results are often moved together with their clip.
    let places = [named.clone(), folder.join("..").join(name), folder.join(name)];
    let file = places.into_iter().find(|place| place.exists());
    let file = file.ok_or_else(|| ClipError::ClipGone { clip: named.clone(), result: path.to_owned() })?;
    if !file.is_dir() && digest(&file)? != recording.clip.sha256 {
        return Err(ClipError::OtherClip { clip: file });
    }
    Ok(file)
}

/// How the clip of a recording is read again, from the frame on with which the recording begins.
#[must_use]
pub fn read_again(recording: &Recording) -> ReadOptions {
    let clip = &recording.clip;
    ReadOptions {
        start: Some(clip.start),
        // Where none was taken, the rate that it is stored at, so that the file's own word does not change the times.
        capture_rate: clip.capture_rate.or(clip.nominal_rate),
        image_rate: clip.nominal_rate,
        background: BackgroundTracking::Off,
        ..ReadOptions::default()
    }
}

/// SHA-256 of a file.
fn digest(file: &Path) -> Result<Option<String>, VideoError> {
    let unreadable = |source| VideoError::Read { path: file.to_owned(), source };
    let (_, digest) = crate::digest::of_reader(File::open(file).map_err(unreadable)?).map_err(unreadable)?;
    Ok(Some(digest))
}

/// What a clip is called: its file's name without the ending.
pub(super) fn name(recording: &Recording) -> String {
    recording.clip.file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The other clip while it plays.
pub(super) struct Playing<'a> {
    beside: &'a Beside,
    source: Box<dyn FrameSource + Send>,
    alignment: Alignment,
    pub panel: Panel,
    /// Frames read so far.
    read: usize,
    /// The latest picture.
    picture: Vec<u8>,
}

impl Playing<'_> {
    /// The picture that belongs to a time of the first clip; the first frame before the clip begins, the last after it ends.
    /// Times are asked for in order.
    pub fn at(&mut self, overlay: &Overlay, time: Seconds) -> Result<&[u8], ClipError> {
        let wanted = nearest(&self.beside.recording, self.alignment.other_time(time));
        let again = |error| ClipError::again(&self.beside.file, error);
        while self.read < wanted {
            if !self.source.skip_frame().map_err(again)? {
                break;
            }
            self.read += 1;
        }
        if self.read == wanted {
            if let Some(frame) = self.source.next_frame().map_err(again)? {
                self.picture = self.panel.draw(overlay, wanted, &frame.bgr)?;
            }
            self.read += 1;
        }
        if self.picture.is_empty() {
            self.picture = vec![0; self.panel.size.frame_bytes()];
        }
        Ok(&self.picture)
    }
}

/// The frame nearest to a time.
fn nearest(recording: &Recording, time: Seconds) -> usize {
    let after = recording.frames.partition_point(|f| f.time.0 < time.0);
    let away = |i: usize| (recording.frames[i].time - time).0.abs();
    match after.checked_sub(1) {
        Some(before) if after == recording.frames.len() || away(before) <= away(after) => before,
        _ => after,
    }
}
