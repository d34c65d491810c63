//! The annotated video: a second pass over the clip that draws what was found onto each frame.

use super::ClipError;
use crate::analysis::Analysis;
use crate::kinematics::movement::Facing;
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::render::overlay::{Overlay, OverlayFrame};
use crate::results;
use crate::units::Hertz;
use crate::video::{self, BackgroundTracking, ReadOptions, VideoWriter};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is drawn from where to where.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotateSettings {
    /// How the clip was read the first time.
    pub read: ReadOptions,
    /// The video to write.
    pub out: PathBuf,
}

/// Rate written where a clip has one frame or none, Hz.
const USUAL_RATE: Hertz = Hertz(30.0);

/// Draws the athlete onto every frame. Gives false, and leaves no file, when `cancel` became true.
///
/// # Errors
/// When the clip cannot be read again or the video cannot be written.
pub fn annotate(
    recording: &Recording,
    analysis: &Analysis,
    settings: &AnnotateSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<bool, ClipError> {
    let Some(athlete) = &analysis.athlete else { return Ok(true) };
    let read = ReadOptions { background: BackgroundTracking::Off, ..settings.read };
    let mut source = video::open(&recording.clip.file, &read)?;
    let mut writer = VideoWriter::create(
        &settings.out,
        recording.clip.size,
        results::mean_rate(recording).unwrap_or(USUAL_RATE),
    )?;
    let overlay = Overlay::default();
    let rows = results::keypoint_rows(recording, Some(athlete));
    let angles = results::angle_rows(recording, Some(athlete));
    for (done, (points, angles)) in rows.zip(angles).enumerate() {
        if cancel.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let Some(mut frame) = source.next_frame().map_err(|e| ClipError::again(&recording.clip.file, e))?
        else {
            break;
        };
        let drawn = OverlayFrame {
            trunk_deg: angles.angles[crate::skeleton::Angle::Trunk.index()].map(|s| s.value.to_degrees()),
            near_side: athlete.prepared.movement.facing.map(Facing::near_side),
            roll: athlete.prepared.camera.roll_removed,
            ..OverlayFrame::new(&points.filtered, frame.time)
        };
        overlay.draw(&mut frame.bgr, frame.size, &drawn)?;
        writer.write(&frame.bgr)?;
        progress(Progress { frames: done + 1, expected: Some(recording.frames.len()), time: frame.time });
    }
    writer.finish()?;
    Ok(true)
}
