//! The second pass over the clip: which videos and pictures are made of it, and under which names.

use super::{JobError, JobSettings, OverlayChoice};
use crate::analysis::{self, Analysis};
use crate::camera::scale::ScaleChoice;
use crate::clip::{self, AnnotateSettings, Annotated, Beside, OverlaySettings};
use crate::kinematics::prepare::MotionSettings;
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::report;
use crate::store::OutputFolder;
use crate::tracking::athlete::AthleteChoice;
use crate::video::{self, ReadOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The annotated video in the folder of results.
pub const OVERLAY: &str = "overlay.mp4";
/// The clip as it is, for the report where browsers cannot play the original.
pub(super) const COPY: &str = "clip-h264.mp4";

/// What is read a second time.
pub(super) struct Again<'a> {
    /// The clip, where it lies now.
    pub clip: PathBuf,
    pub recording: &'a Recording,
    pub analysis: &'a Analysis,
    pub read: ReadOptions,
    pub beside: Option<Beside>,
}

/// The other clip asked for, before anything takes long. The choice of the athlete and the scale are those of this clip alone.
pub(super) fn beside(settings: &JobSettings) -> Result<Option<Beside>, JobError> {
    let OverlayChoice::Drawn(look) = &settings.overlay else { return Ok(None) };
    let analysis = &settings.analysis;
    let motion = MotionSettings { scale: ScaleChoice::default(), ..analysis.motion };
    let analysis = analysis::Settings { athlete: AthleteChoice::default(), motion, ..analysis.clone() };
    Ok(look.side_by_side.as_deref().map(|path| Beside::open(path, &analysis)).transpose()?)
}

/// A clip that bears the name of a result must not be replaced by it.
pub(super) fn refuse_own_names(clip: &Path, out: &Path) -> Result<(), JobError> {
    let Ok(clip) = clip.canonicalize() else { return Ok(()) };
    for name in [OVERLAY, COPY] {
        if out.join(name).canonicalize().is_ok_and(|result| result == clip) {
            return Err(JobError::ReplacesClip { clip });
        }
    }
    Ok(())
}

/// Draws the overlay and the pictures of the report, and copies the clip where the report needs it: where no annotated video of
/// this clip alone stands in for an original that browsers cannot play.
pub(super) fn annotate(
    settings: &JobSettings,
    again: Again,
    folder: &OutputFolder,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Annotated, JobError> {
    let look = match &settings.overlay {
        OverlayChoice::Drawn(look) => Some(look),
        OverlayChoice::LeftOut => None,
    };
    let shows_clip = look.is_some() && again.beside.is_none() && again.analysis.athlete.is_some();
    // What an earlier analysis made of the same clip still shows it.
    let made = settings.redraw && [COPY, OVERLAY].into_iter().any(|name| folder.path().join(name).is_file());
    let needs_copy = !shows_clip && !made && !video::plays_in_browsers(&again.clip);
    let overlay = look.map(|look| OverlaySettings {
        out: folder.path().join(OVERLAY),
        height: look.height,
        speed: look.speed,
        beside: again.beside,
    });
    let settings = AnnotateSettings {
        clip: again.clip,
        read: again.read,
        overlay,
        copy: needs_copy.then(|| folder.path().join(COPY)),
        evidence: report::evidence(again.recording, again.analysis),
    };
    Ok(clip::annotate(again.recording, again.analysis, &settings, cancel, progress)?)
}
