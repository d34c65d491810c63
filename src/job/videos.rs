//! The second pass over the clip: which videos and pictures are made of it, and under which names.

use super::{COPY, JobError, JobSettings, OVERLAY, OverlayChoice};
use crate::analysis::{self, Analysis};
use crate::camera::scale::ScaleChoice;
use crate::clip::{AnnotateSettings, Beside, OverlaySettings};
use crate::kinematics::prepare::MotionSettings;
use crate::observation::Recording;
use crate::report;
use crate::tracking::athlete::AthleteChoice;
use crate::video::{self, ReadOptions};
use std::path::PathBuf;

/// How the annotated video looks.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlayLook {
    /// Height of the picture, px; none keeps that of the clip.
    pub height: Option<u32>,
    /// Speed at which it plays, above 0: 0.5 takes twice as long.
    pub speed: f64,
    /// The results or the recording of another clip to put beside it.
    pub beside: Option<PathBuf>,
}

impl Default for OverlayLook {
    fn default() -> Self {
        Self { height: None, speed: 1.0, beside: None }
    }
}

/// What would fail after the clip was watched fails before: the other clip is there, and no result replaces the clip.
pub(super) fn check(settings: &JobSettings) -> Result<(), JobError> {
    beside(settings)?;
    let Ok(clip) = settings.input.canonicalize() else { return Ok(()) };
    let is_clip = |name: &str| settings.out.join(name).canonicalize().is_ok_and(|result| result == clip);
    if [OVERLAY, COPY].into_iter().any(is_clip) {
        return Err(JobError::OwnName { clip: settings.input.clone() });
    }
    Ok(())
}

/// The other clip asked for. The choice of the athlete and the scale are those of this clip alone.
fn beside(settings: &JobSettings) -> Result<Option<Beside>, JobError> {
    let own = &settings.analysis;
    let motion = MotionSettings { scale: ScaleChoice::default(), ..own.motion };
    let others = analysis::Settings { athlete: AthleteChoice::default(), motion, ..own.clone() };
    Ok(settings.look.beside.as_deref().map(|path| Beside::open(path, &others)).transpose()?)
}

/// What the second pass makes: the overlay, the pictures of the report, and a copy of the clip where no annotated video of this
/// clip alone stands in for an original that browsers cannot play.
pub(super) fn wanted(
    settings: &JobSettings,
    recording: &Recording,
    analysis: &Analysis,
    read: ReadOptions,
) -> Result<AnnotateSettings, JobError> {
    let is_drawn = settings.overlay == OverlayChoice::Drawn;
    let shows_clip = is_drawn && settings.look.beside.is_none() && analysis.athlete.is_some();
    let needs_copy = !shows_clip && !video::plays_in_browsers(&recording.clip.file);
    let OverlayLook { height, speed, .. } = settings.look;
    let beside = if is_drawn { beside(settings)? } else { None };
    let overlay = OverlaySettings { out: settings.out.join(OVERLAY), height, speed, beside };
    Ok(AnnotateSettings {
        read,
        overlay: is_drawn.then_some(overlay),
        copy: needs_copy.then(|| settings.out.join(COPY)),
        evidence: report::evidence(recording, analysis),
    })
}
