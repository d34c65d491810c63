//! The second pass over the clip: which videos and pictures are made of it, and under which names.

use super::arguments::AnalyzeArguments;
use super::progress::Bar;
use crate::analysis::{self, Analysis};
use crate::camera::scale::ScaleChoice;
use crate::clip::{self, AnnotateSettings, Annotated, Beside, OverlaySettings};
use crate::kinematics::prepare::MotionSettings;
use crate::observation::Recording;
use crate::report;
use crate::store::OutputFolder;
use crate::tracking::athlete::AthleteChoice;
use crate::video::{self, ReadOptions};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The annotated video.
pub(super) const OVERLAY: &str = "overlay.mp4";
/// The clip as it is, for the report where browsers cannot play the original.
pub(super) const COPY: &str = "clip-h264.mp4";

/// What is read a second time.
pub(super) struct Again<'a> {
    pub recording: &'a Recording,
    pub analysis: &'a Analysis,
    pub read: ReadOptions,
    pub beside: Option<Beside>,
}

/// The other clip asked for, before anything takes long. The choice of the athlete and the scale are those of this clip alone.
pub(super) fn beside(
    arguments: &AnalyzeArguments,
    settings: &analysis::Settings,
) -> anyhow::Result<Option<Beside>> {
    let motion = MotionSettings { scale: ScaleChoice::default(), ..settings.motion };
    let settings = analysis::Settings { athlete: AthleteChoice::default(), motion, ..settings.clone() };
    Ok(arguments.side_by_side.as_deref().map(|path| Beside::open(path, &settings)).transpose()?)
}

/// A clip that bears the name of a result must not be replaced by it.
pub(super) fn refuse_own_names(clip: &Path, out: &Path) -> anyhow::Result<()> {
    let Ok(clip) = clip.canonicalize() else { return Ok(()) };
    for name in [OVERLAY, COPY] {
        if out.join(name).canonicalize().is_ok_and(|result| result == clip) {
            anyhow::bail!(
                "{}: the results would replace the clip itself; give another folder with --out",
                clip.display()
            );
        }
    }
    Ok(())
}

/// Draws the overlay and the pictures of the report, and copies the clip where the report needs it: where no annotated video of
/// this clip alone stands in for an original that browsers cannot play.
pub(super) fn annotate(
    arguments: &AnalyzeArguments,
    again: Again,
    folder: &OutputFolder,
    cancel: &AtomicBool,
) -> anyhow::Result<Annotated> {
    let clip = &again.recording.clip.file;
    let shows_clip = !arguments.no_overlay && again.beside.is_none() && again.analysis.athlete.is_some();
    let needs_copy = !shows_clip && !video::plays_in_browsers(clip);
    let overlay = OverlaySettings {
        out: folder.path().join(OVERLAY),
        height: arguments.overlay_height,
        speed: arguments.slow.unwrap_or(1.0),
        beside: again.beside,
    };
    let settings = AnnotateSettings {
        read: again.read,
        overlay: (!arguments.no_overlay).then_some(overlay),
        copy: needs_copy.then(|| folder.path().join(COPY)),
        evidence: report::evidence(again.recording, again.analysis),
    };
    let bar = Bar::new("drawing ", arguments.quiet || arguments.json);
    let mut show = |progress| bar.show(progress);
    Ok(clip::annotate(again.recording, again.analysis, &settings, cancel, &mut show)?)
}
