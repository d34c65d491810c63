//! The annotated video and the pictures that prove the findings: a second pass over the clip that draws what was found
//! onto its frames.

use super::{ClipError, still};
use crate::analysis::Analysis;
use crate::frame::StageError;
use crate::kinematics::movement::Facing;
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::render::overlay::{Overlay, OverlayFrame};
use crate::report::evidence::PICTURE_PX;
use crate::report::{Evidence, Picture};
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
    /// The video to write; none draws the pictures alone.
    pub out: Option<PathBuf>,
    /// The pictures wanted.
    pub evidence: Vec<Evidence>,
}

/// What the second pass gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotated {
    /// The pictures wanted, as far as the pass came.
    pub pictures: Vec<Picture>,
    /// Whether it was cut short by `cancel`; then no video is left.
    pub is_interrupted: bool,
}

/// Rate written where a clip has one frame or none, Hz.
const USUAL_RATE: Hertz = Hertz(30.0);

/// Draws the athlete onto the frames: all for a video, else those of the evidence, after the last of which it stops.
///
/// # Errors
/// When the clip cannot be read again or the video cannot be written.
pub fn annotate(
    recording: &Recording,
    analysis: &Analysis,
    settings: &AnnotateSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Annotated, ClipError> {
    let mut annotated = Annotated::default();
    let Some(athlete) = &analysis.athlete else { return Ok(annotated) };
    let read = ReadOptions { background: BackgroundTracking::Off, ..settings.read };
    let mut source = video::open(&recording.clip.file, &read)?;
    let rate = results::mean_rate(recording).unwrap_or(USUAL_RATE);
    let mut writer = match &settings.out {
        Some(out) => Some(VideoWriter::create(out, recording.clip.size, rate)?),
        None => None,
    };
    let last = settings.evidence.iter().map(|e| e.frame + 1).max().unwrap_or(0);
    let frames = if writer.is_some() { recording.frames.len() } else { last };
    let overlay = Overlay::default();
    let rows = results::keypoint_rows(recording, Some(athlete));
    let angles = results::angle_rows(recording, Some(athlete));
    for (index, (points, angles)) in rows.zip(angles).take(frames).enumerate() {
        if cancel.load(Ordering::Relaxed) {
            annotated.is_interrupted = true;
            return Ok(annotated);
        }
        let again = |error: StageError| ClipError::again(&recording.clip.file, error);
        let Some(mut frame) = source.next_frame().map_err(again)? else { break };
        let wanted: Vec<&Evidence> = settings.evidence.iter().filter(|e| e.frame == index).collect();
        if writer.is_some() || !wanted.is_empty() {
            let drawn = OverlayFrame {
                trunk_deg: angles.angles[crate::skeleton::Angle::Trunk.index()].map(|s| s.value.to_degrees()),
                near_side: athlete.prepared.movement.facing.map(Facing::near_side),
                roll: athlete.prepared.camera.roll_removed,
                ..OverlayFrame::new(&points.filtered, frame.time)
            };
            overlay.draw(&mut frame.bgr, frame.size, &drawn)?;
        }
        for one in wanted {
            let jpeg = still::jpeg(&frame.bgr, frame.size, one.crop, PICTURE_PX);
            annotated
                .pictures
                .push(Picture { finding: one.finding, jpeg: jpeg.map_err(|e| again(e.into()))? });
        }
        if let Some(writer) = &mut writer {
            writer.write(&frame.bgr, frame.time)?;
        }
        progress(Progress { frames: index + 1, expected: Some(frames), time: frame.time });
    }
    if let Some(writer) = writer {
        writer.finish()?;
    }
    Ok(annotated)
}
