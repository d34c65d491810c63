//! One clip from what is known of it to its folder of results: watched or read, analysed, written, drawn, reported.
//!
//! Nothing is printed and nothing asked here; how far the work is goes to a callback. Which clips, and several at once, are
//! `batch`'s business.

pub mod compare;
mod facts;
mod input;
mod page;
mod videos;

pub use facts::SetFacts;
pub use input::{InputKind, Seen, see};
pub use page::relative;
pub use videos::OVERLAY;

use crate::analysis::{self, Analysis};
use crate::clip::{self, Annotated, Beside, ClipError, WatchSettings};
use crate::import::{ImportError, ImportOptions};
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::results::{self, ResultError, ResultOptions};
use crate::store::{self, OutputFolder, StoreError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Everything that is known before a clip is worked on.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSettings {
    /// A video, a folder of images, a recording, or another tool's keypoints.
    pub input: PathBuf,
    /// The folder of results.
    pub out: PathBuf,
    /// How a video is watched.
    pub watch: WatchSettings,
    /// What keypoints of another tool may not say.
    pub import: ImportOptions,
    /// How it is analysed.
    pub analysis: analysis::Settings,
    /// Which files are written.
    pub results: ResultOptions,
    /// Whether the annotated video is made.
    pub overlay: OverlayChoice,
    /// Whether pictures and overlay of a recording are made anew, from its clip.
    pub redraw: bool,
    /// What the user knows of the set, for the report.
    pub facts: SetFacts,
    /// The name under which results speak of the clip where its own is to stay unsaid; they then have no link to it.
    pub alias: Option<PathBuf>,
}

impl JobSettings {
    /// Everything of the settings that decides what is seen in a clip. Equal text, equal recording.
    #[must_use]
    pub fn seen_by(&self) -> String {
        let WatchSettings { quality, device, workers: _, read } = &self.watch;
        format!("{quality:?} {device} {read:?} {:?}", self.import)
    }

    /// Everything else that decides the bytes of the results, places aside.
    #[must_use]
    pub fn made_by(&self) -> String {
        let Self {
            input: _,
            out: _,
            watch: _,
            import: _,
            analysis,
            results,
            overlay,
            redraw: _,
            facts,
            alias,
        } = self;
        format!("{analysis:?} {results:?} {overlay:?} {facts:?} {alias:?}")
    }
}

/// Whether the annotated video is made.
#[derive(Clone, Debug, PartialEq)]
pub enum OverlayChoice {
    /// As [`OVERLAY`], where there is a clip to draw on.
    Drawn(OverlayLook),
    /// Not made; one of an earlier analysis of the same clip stays.
    LeftOut,
}

/// How the annotated video looks.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlayLook {
    /// Height of the picture, px; none keeps that of the clip.
    pub height: Option<u32>,
    /// Speed at which it plays, above 0: 0.5 takes twice as long.
    pub speed: f64,
    /// Results or recording of another clip to put beside this one.
    pub side_by_side: Option<PathBuf>,
}

impl Default for OverlayChoice {
    fn default() -> Self {
        Self::Drawn(OverlayLook { height: None, speed: 1.0, side_by_side: None })
    }
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum JobProgress {
    /// Looking for the athlete in the frames.
    Watching(Progress),
    /// Drawing the overlay and the report's pictures.
    Drawing(Progress),
}

/// What came of it. The files are in `folder`.
#[derive(Clone, Debug)]
pub struct JobOutcome {
    /// What was seen.
    pub recording: Recording,
    /// What it says.
    pub analysis: Analysis,
    /// The folder of results.
    pub folder: PathBuf,
    /// Whether it was cut short by `cancel`; what was finished is kept.
    pub interrupted: bool,
    /// What could not be done as it should, in sentences; the recording's and the analysis' own warnings not included.
    pub warnings: Vec<String>,
}

/// Why a clip has no results, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The clip could not be watched or drawn on.
    #[error(transparent)]
    Clip(#[from] ClipError),
    /// The recording could not be read, or the folder of results not written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keypoints could not be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A table could not be written.
    #[error(transparent)]
    Result(#[from] ResultError),
    /// The clip lies where a result would go.
    #[error("{}: the results would replace the clip itself; give another folder with --out", clip.display())]
    ReplacesClip {
        /// The clip.
        clip: PathBuf,
    },
    /// The person asked for is not in the clip.
    #[error(
        "{}: nobody is where the athlete was said to be; the people seen are {people} (without being told whom, whoever stands out most is taken)",
        clip.display()
    )]
    UnknownAthlete {
        /// The clip.
        clip: PathBuf,
        /// The numbers of those seen.
        people: String,
    },
}

/// Does the whole of it. When `cancel` becomes true, frames in flight are finished and what was seen so far is analysed.
///
/// # Errors
/// When the input cannot be read, a model is missing, nobody fits the athlete asked for, or the results cannot be written;
/// files written before stay.
pub fn run(
    settings: &JobSettings,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(JobProgress),
) -> Result<JobOutcome, JobError> {
    OutputFolder::check(&settings.out)?;
    videos::refuse_own_names(&settings.input, &settings.out)?;
    let beside = videos::beside(settings)?;
    let watch = |input: &Path, watch: &WatchSettings, progress: &mut dyn FnMut(Progress)| {
        clip::watch(input, watch, cancel, progress)
    };
    let seen = see(settings, watch, &mut |p| progress(JobProgress::Watching(p)))?;
    finish_beside(settings, seen, beside, cancel, progress)
}

/// The second half: from what was seen to the folder of results.
///
/// # Errors
/// As [`run`], but for reading the input.
pub fn finish(
    settings: &JobSettings,
    seen: Seen,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(JobProgress),
) -> Result<JobOutcome, JobError> {
    let beside = videos::beside(settings)?;
    finish_beside(settings, seen, beside, cancel, progress)
}

fn finish_beside(
    settings: &JobSettings,
    mut seen: Seen,
    beside: Option<Beside>,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(JobProgress),
) -> Result<JobOutcome, JobError> {
    if let Some(alias) = &settings.alias {
        rename_clip(&mut seen.recording, alias);
    }
    let folder = OutputFolder::create(&settings.out)?;
    if seen.is_new {
        // Of another clip, perhaps; what is made again replaces it.
        folder.remove(OVERLAY)?;
        folder.remove(videos::COPY)?;
    }
    let keep = || -> Result<(), StoreError> {
        if seen.is_new {
            store::write(folder.path().join(store::FILE_NAME), &seen.recording)?;
        }
        Ok(())
    };
    let (kept, analysis) = rayon::join(keep, || analysis::analyze(&seen.recording, &settings.analysis));
    kept?;
    refuse_unknown_athlete(settings, &analysis)?;
    let again = seen.video.filter(|_| !seen.interrupted).map(|(clip, read)| videos::Again {
        clip,
        recording: &seen.recording,
        analysis: &analysis,
        read,
        beside,
    });
    let write = || results::write(&folder, &seen.recording, &analysis, &settings.analysis, &settings.results);
    let draw = || match again {
        Some(again) => {
            videos::annotate(settings, again, &folder, cancel, &mut |p| progress(JobProgress::Drawing(p)))
        }
        None => Ok(Annotated::default()),
    };
    let (written, annotated) = beside_each_other(write, draw);
    written?;
    let annotated = annotated?;
    let interrupted = seen.interrupted || annotated.is_interrupted;
    let mut warnings = Vec::new();
    let charts = results::charts()
        .map_err(|error| warnings.push(format!("The page will have no plots over time: {error}")))
        .ok();
    let created = settings.results.created.as_deref();
    let page =
        page::options(&settings.facts, &seen.recording, annotated.pictures, charts, folder.path(), created);
    results::write_report(&folder, &seen.recording, &analysis, &page)?;
    let folder = folder.path().to_owned();
    Ok(JobOutcome { recording: seen.recording, analysis, folder, interrupted, warnings })
}

/// Both at a time, the second on this thread: what it calls back need not be sent to another.
fn beside_each_other<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), b)
    })
}

/// Gives a recording's clip another name, also where a warning names it.
pub fn rename_clip(recording: &mut Recording, file: &Path) {
    let before = recording.clip.file.display().to_string();
    let after = file.display().to_string();
    if !before.is_empty() {
        for warning in &mut recording.warnings {
            warning.message = warning.message.replace(&before, &after);
            warning.hint = warning.hint.replace(&before, &after);
        }
    }
    file.clone_into(&mut recording.clip.file);
}

fn refuse_unknown_athlete(settings: &JobSettings, analysis: &Analysis) -> Result<(), JobError> {
    if analysis.people.is_empty() || analysis.warnings.iter().all(|w| w.id != analysis::NOBODY_THERE) {
        return Ok(());
    }
    let people: Vec<String> = analysis.people.iter().map(|c| c.track.0.to_string()).collect();
    Err(JobError::UnknownAthlete { clip: settings.input.clone(), people: people.join(", ") })
}
