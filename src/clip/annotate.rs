//! The second pass over a clip: the annotated video, a clean copy that browsers play, and the pictures that prove the
//! findings. What is drawn when comes from `render::scene`.

use super::beside::Beside;
use super::panel::{Panel, next_to};
use super::{ClipError, still};
use crate::analysis::Analysis;
use crate::frame::{Frame, FrameSource, PixelSize, StageError};
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::render::overlay::Overlay;
use crate::render::scene::Scene;
use crate::report::evidence::PICTURE_PX;
use crate::report::{Evidence, Picture};
use crate::results;
use crate::units::{Hertz, Seconds};
use crate::video::{self, BackgroundTracking, ReadOptions, VideoWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What is made of the clip, from where to where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnnotateSettings {
    /// The clip, where it lies now; results may call it otherwise.
    pub clip: PathBuf,
    /// How the clip was read the first time.
    pub read: ReadOptions,
    /// The annotated video, if wanted.
    pub overlay: Option<OverlaySettings>,
    /// Where a clean copy goes that browsers play, if wanted.
    pub copy: Option<PathBuf>,
    /// The pictures wanted.
    pub evidence: Vec<Evidence>,
}

/// The annotated video.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlaySettings {
    /// The file.
    pub out: PathBuf,
    /// Height of the picture, px, made even; none keeps that of the clip.
    pub height: Option<u32>,
    /// Speed at which it plays, above 0: 0.5 takes twice as long. No frame is left out.
    pub speed: f64,
    /// Another clip beside it.
    pub beside: Option<Beside>,
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

/// Goes through the clip again: all of it for a video, else to the last picture wanted.
///
/// # Errors
/// When the clip cannot be read again or a video cannot be written.
pub fn annotate(
    recording: &Recording,
    analysis: &Analysis,
    settings: &AnnotateSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Annotated, ClipError> {
    let mut work = Work::begin(recording, analysis, settings)?;
    let frames = if work.video.is_some() || work.copy.is_some() {
        recording.frames.len()
    } else {
        settings.evidence.iter().map(|e| e.frame + 1).max().unwrap_or(0)
    };
    let mut annotated = Annotated::default();
    if frames == 0 {
        return Ok(annotated);
    }
    let read = ReadOptions { background: BackgroundTracking::Off, ..settings.read };
    let mut source = video::open(&settings.clip, &read)?;
    let again = |error: StageError| ClipError::again(&settings.clip, error);
    for index in 0..frames {
        if cancel.load(Ordering::Relaxed) {
            annotated.is_interrupted = true;
            return Ok(annotated);
        }
        if work.needs(index) {
            let Some(frame) = source.next_frame().map_err(again)? else { break };
            annotated.pictures.extend(work.pictures(index, &frame)?);
            work.videos(index, &frame)?;
        } else if !source.skip_frame().map_err(again)? {
            break;
        }
        progress(Progress { frames: index + 1, expected: Some(frames), time: recording.frames[index].time });
    }
    work.finish()?;
    Ok(annotated)
}

/// What is being made.
struct Work<'a> {
    clip: &'a Path,
    recording: &'a Recording,
    evidence: &'a [Evidence],
    /// Seconds of the clip's file per second of the clip.
    stored: f64,
    scene: Option<Scene>,
    overlay: Overlay,
    video: Option<AnnotatedVideo<'a>>,
    copy: Option<VideoWriter>,
}

impl<'a> Work<'a> {
    fn begin(
        recording: &'a Recording,
        analysis: &Analysis,
        settings: &'a AnnotateSettings,
    ) -> Result<Self, ClipError> {
        let (size, stored) = (recording.clip.size, recording.clip.stored_s_per_s());
        let rate = results::mean_rate(recording).unwrap_or(USUAL_RATE);
        let scene = analysis.athlete.as_ref().map(|athlete| Scene::new(athlete, size, stored).still());
        let rate = |speed: f64| Hertz(rate.0 * speed / stored);
        let copy = settings.copy.as_deref().map(|out| VideoWriter::create(out, size, rate(1.0)));
        // Without anybody to draw the clip itself is as good.
        let video = settings.overlay.as_ref().zip(analysis.athlete.as_ref()).map(|(overlay, athlete)| {
            let stretch = stored / overlay.speed;
            let scene = Scene::new(athlete, size, stretch);
            AnnotatedVideo::begin(recording, scene, overlay, stretch, rate(overlay.speed))
        });
        Ok(Self {
            clip: &settings.clip,
            recording,
            evidence: &settings.evidence,
            stored,
            scene,
            overlay: Overlay::default(),
            video: video.transpose()?,
            copy: copy.transpose()?,
        })
    }

    fn needs(&self, index: usize) -> bool {
        self.video.is_some() || self.copy.is_some() || self.evidence.iter().any(|e| e.frame == index)
    }

    fn pictures(&self, index: usize, frame: &Frame) -> Result<Vec<Picture>, ClipError> {
        let wanted = self.evidence.iter().filter(|e| e.frame == index);
        let picture = |one: &Evidence| {
            let (mut bgr, size, factor) = still::cut_out(frame, one.crop, PICTURE_PX);
            if let Some(drawn) = self.scene.as_ref().and_then(|s| s.frame(index)) {
                let corner = still::corner(one.crop);
                self.overlay.draw_athlete(&mut bgr, size, &drawn.on_part(corner, factor))?;
            }
            let failed = |e: image::ImageError| ClipError::again(self.clip, e.into());
            Ok(Picture { finding: one.finding, jpeg: still::jpeg(&bgr, size).map_err(failed)? })
        };
        wanted.map(picture).collect()
    }

    fn videos(&mut self, index: usize, frame: &Frame) -> Result<(), ClipError> {
        let time = self.recording.frames[index].time;
        if let Some(copy) = &mut self.copy {
            copy.write(&frame.bgr, time * self.stored)?;
        }
        if let Some(video) = &mut self.video {
            video.add(&self.overlay, index, frame, time)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), ClipError> {
        if let Some(copy) = self.copy {
            copy.finish()?;
        }
        if let Some(video) = self.video {
            video.writer.finish()?;
        }
        Ok(())
    }
}

/// The annotated video while it is written.
struct AnnotatedVideo<'a> {
    writer: VideoWriter,
    stretch: f64,
    panel: Panel,
    beside: Option<super::beside::Playing<'a>>,
}

impl<'a> AnnotatedVideo<'a> {
    fn begin(
        recording: &Recording,
        scene: Scene,
        settings: &'a OverlaySettings,
        stretch: f64,
        rate: Hertz,
    ) -> Result<Self, ClipError> {
        let mut size = recording.clip.size;
        if settings.height.is_some() || settings.beside.is_some() {
            size = of_height(size, settings.height.unwrap_or(size.height));
        }
        let beside = match &settings.beside {
            None => None,
            Some(beside) => {
                let other = of_height(beside.recording.clip.size, size.height);
                let start = recording.frames.first().map_or(Seconds(0.0), |f| f.time);
                Some(beside.play(scene.gait(), start, other, stretch)?)
            }
        };
        let scene = if beside.is_some() { scene.named(super::beside::name(recording)) } else { scene };
        let panel = Panel { scene: Some(scene), clip: recording.clip.size, size };
        let whole = beside.as_ref().map_or(size, |b| next_to::size(size, b.panel.size));
        Ok(Self { writer: VideoWriter::create(&settings.out, whole, rate)?, stretch, panel, beside })
    }

    fn add(
        &mut self,
        overlay: &Overlay,
        index: usize,
        frame: &Frame,
        time: Seconds,
    ) -> Result<(), ClipError> {
        let mut picture = self.panel.draw(overlay, index, &frame.bgr)?;
        if let Some(beside) = &mut self.beside {
            let size = beside.panel.size;
            picture = next_to::join(&picture, self.panel.size, beside.at(overlay, time)?, size);
        }
        Ok(self.writer.write(&picture, time * self.stretch)?)
    }
}

/// A size of this height and the same proportions, both sides even.
fn of_height(size: PixelSize, height: u32) -> PixelSize {
    let even = |px: f64| (2.0 * (px / 2.0).round()).max(2.0) as u32;
    let height = even(f64::from(height));
    let width = f64::from(size.width) * f64::from(height) / f64::from(size.height);
    PixelSize { width: even(width), height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_even_and_proportions_stay() {
        let of = |width, height, to| {
            let size = of_height(PixelSize { width, height }, to);
            (size.width, size.height)
        };
        assert_eq!(of(1920, 1080, 540), (960, 540));
        assert_eq!(of(1080, 1920, 719), (406, 720));
        assert_eq!(of(95, 63, 63), (96, 64));
    }
}
