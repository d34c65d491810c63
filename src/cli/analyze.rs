//! `sledform analyze`: one clip, from what was typed to the files written and what is said of them.

use super::arguments::{AnalysisArguments, AnalyzeArguments};
use super::progress::Bar;
use super::{Outcome, WrongUsage};
use crate::analysis::{self, Analysis};
use crate::batch;
use crate::camera::motion::CameraChoice;
use crate::camera::perspective::ObliqueWay;
use crate::camera::scale::ScaleChoice;
use crate::clip::WatchSettings;
use crate::export::Format;
use crate::export::summary::Summary;
use crate::frame::PixelSize;
use crate::import::ImportOptions;
use crate::job::{self, InputKind, JobProgress, JobSettings, OverlayChoice, OverlayLook, SetFacts};
use crate::kinematics::joint_centres::JointCentres;
use crate::kinematics::prepare::MotionSettings;
use crate::observation::Recording;
use crate::results::ResultOptions;
use crate::signal::left_right::LeftRight;
use crate::store;
use crate::technique;
use crate::video::ReadOptions;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub(super) fn run(arguments: &AnalyzeArguments) -> anyhow::Result<Outcome> {
    if batch::discover::holds_videos(&arguments.clip) {
        let folder = arguments.clip.display();
        return Err(WrongUsage(format!(
            "{folder} is a folder of clips: `sledform batch {folder} --out RESULTS` analyses them all; here give one clip"
        ))
        .into());
    }
    let within = arguments.clip.join(store::FILE_NAME);
    if within.is_file() {
        let (folder, within) = (arguments.clip.display(), within.display());
        return Err(WrongUsage(format!(
            "{folder} is a folder of results: give {within} to analyse it again"
        ))
        .into());
    }
    let mut settings = job_settings(&arguments.analysis, &arguments.clip, results_folder(arguments))?;
    super::share_threads(settings.watch.workers)?;
    settings.results.created = Some(now());
    settings.redraw = arguments.redraw;
    if arguments.json {
        // The summary that was written is printed.
        settings.results.formats = settings.results.formats.with(Format::Json);
    }
    without_effect(arguments, InputKind::of(&arguments.clip));
    without_scale(arguments);
    let cancel = stop_on_interrupt();
    let mut bars = Bars::new(arguments.quiet || arguments.json);
    let outcome = job::run(&settings, &cancel, &mut |progress| bars.show(progress));
    drop(bars);
    let outcome = outcome?;
    for warning in &outcome.warnings {
        eprintln!("warning: {warning}");
    }
    stale_video(arguments, &outcome.folder);
    tell(arguments, &outcome.recording, &outcome.analysis, &outcome.folder)?;
    Ok(if outcome.interrupted {
        Outcome::Interrupted
    } else if outcome.analysis.is_judged() {
        Outcome::Done
    } else {
        Outcome::NothingJudged
    })
}

/// One bar after the other.
struct Bars {
    hidden: bool,
    watching: Option<Bar>,
    drawing: Option<Bar>,
}

impl Bars {
    fn new(hidden: bool) -> Self {
        Self { hidden, watching: None, drawing: None }
    }

    fn show(&mut self, progress: JobProgress) {
        match progress {
            JobProgress::Watching(progress) => {
                self.watching.get_or_insert_with(|| Bar::new("watching", self.hidden)).show(progress);
            }
            JobProgress::Drawing(progress) => {
                self.watching = None;
                self.drawing.get_or_insert_with(|| Bar::new("drawing ", self.hidden)).show(progress);
            }
        }
    }
}

/// What was typed of how to analyse, for one input.
pub(super) fn job_settings(
    arguments: &AnalysisArguments,
    input: &Path,
    out: PathBuf,
) -> anyhow::Result<JobSettings> {
    let facts = set_facts(arguments)?;
    let watch = watch_settings(arguments);
    watch.read.check()?;
    let size = arguments.picture_width.zip(arguments.picture_height);
    let formats = arguments.export.clone().unwrap_or_default();
    Ok(JobSettings {
        input: input.to_owned(),
        out,
        watch,
        import: ImportOptions {
            fps: arguments.fps,
            size: size.map(|(width, height)| PixelSize { width, height }),
        },
        analysis: analysis_settings(arguments, &facts)?,
        results: ResultOptions {
            formats,
            raw: arguments.raw,
            told: facts.told(),
            day: facts.date,
            created: None,
        },
        overlay: overlay_choice(arguments),
        redraw: false,
        facts,
        alias: None,
    })
}

fn overlay_choice(arguments: &AnalysisArguments) -> OverlayChoice {
    if arguments.no_overlay {
        return OverlayChoice::LeftOut;
    }
    OverlayChoice::Drawn(OverlayLook {
        height: arguments.overlay_height,
        speed: arguments.slow.unwrap_or(1.0),
        side_by_side: arguments.side_by_side.clone(),
    })
}

/// Says which options about watching a video were given for something that is not watched.
fn without_effect(AnalyzeArguments { analysis: arguments, redraw, .. }: &AnalyzeArguments, kind: InputKind) {
    let what = match kind {
        InputKind::Video => return,
        InputKind::Recording => "a recording",
        InputKind::Keypoints => "keypoints",
    };
    if *redraw && kind == InputKind::Keypoints {
        eprintln!(
            "warning: --redraw has no effect on keypoints. Only a recording says which clip it was made from."
        );
    }
    let redraw = *redraw && kind == InputKind::Recording;
    let given = [
        ("--start", arguments.start.is_some()),
        ("--end", arguments.end.is_some()),
        ("--capture-fps", arguments.capture_fps.is_some()),
        ("--quality", arguments.quality.is_some()),
        ("--device", arguments.device.is_some()),
        ("--threads", arguments.threads.is_some()),
        ("--overlay-height", arguments.overlay_height.is_some() && !redraw),
        ("--slow", arguments.slow.is_some() && !redraw),
        ("--side-by-side", arguments.side_by_side.is_some() && !redraw),
        ("--fps", arguments.fps.is_some() && kind == InputKind::Recording),
    ];
    for (option, _) in given.into_iter().filter(|(_, given)| *given) {
        eprintln!("warning: {option} has no effect on {what}. Give it when the video is analysed.");
    }
}

/// Says so where the annotated video is of the analysis before.
fn stale_video(arguments: &AnalyzeArguments, folder: &Path) {
    let is_recording = InputKind::of(&arguments.clip) == InputKind::Recording;
    if is_recording && !arguments.redraw && folder.join(job::OVERLAY).is_file() {
        eprintln!(
            "warning: {} is of the analysis before. --redraw makes it and the pictures anew.",
            folder.join(job::OVERLAY).display()
        );
    }
}

/// Says so where results beside a recording know metres and this analysis will not.
fn without_scale(arguments: &AnalyzeArguments) {
    let given = &arguments.analysis;
    let told = given.height.is_some() || given.leg_length.is_some() || given.known_length.is_some();
    if told || InputKind::of(&arguments.clip) != InputKind::Recording {
        return;
    }
    let beside = arguments.clip.with_file_name("summary.json");
    let before = std::fs::read_to_string(beside).ok().and_then(|text| Summary::read(&text).ok());
    if before.and_then(|s| s.scale).is_some_and(|scale| scale.source.is_some()) {
        eprintln!(
            "warning: the results beside this recording have metres, these will not. Give --height, --leg-length or --known-length again to keep them."
        );
    }
}

fn analysis_settings(arguments: &AnalysisArguments, facts: &SetFacts) -> anyhow::Result<analysis::Settings> {
    let scale = arguments
        .known_length
        .or(arguments.height.map(ScaleChoice::AthleteHeight))
        .or(arguments.leg_length.map(ScaleChoice::LegLength));
    let motion = MotionSettings {
        cutoff: arguments.cutoff.unwrap_or_default(),
        scale: scale.unwrap_or_default(),
        left_right: if arguments.no_left_right_repair { LeftRight::Keep } else { LeftRight::Repair },
        joint_centres: if arguments.no_joint_centres {
            JointCentres::Landmarks
        } else {
            JointCentres::Anatomical
        },
        oblique: if arguments.no_perspective { ObliqueWay::AsSeen } else { ObliqueWay::Flattened },
        camera: if arguments.static_camera { CameraChoice::Static } else { CameraChoice::Measured },
        ..MotionSettings::default()
    };
    Ok(analysis::Settings {
        athlete: arguments.athlete.unwrap_or_default(),
        motion,
        technique: facts.technique()?,
        ..Default::default()
    })
}

fn set_facts(arguments: &AnalysisArguments) -> anyhow::Result<SetFacts> {
    let profile = match (&arguments.profile, &arguments.exercise) {
        (Some(file), _) => Some(super::profiles::own(file)?),
        (None, Some(name)) => technique::builtin(name),
        (None, None) => None,
    };
    if arguments.load_kg.is_some() != arguments.body_mass_kg.is_some() {
        eprintln!(
            "warning: --load-kg and --body-mass-kg say something only together: limits for a heavy sled are used."
        );
    }
    Ok(SetFacts {
        athlete_name: arguments.athlete_name.clone(),
        date: arguments.date,
        profile,
        style: arguments.style.clone(),
        posture: arguments.posture.clone(),
        attachment: arguments.attachment.clone(),
        load_kg: arguments.load_kg,
        body_mass_kg: arguments.body_mass_kg,
        note: arguments.note.clone(),
    })
}

fn watch_settings(arguments: &AnalysisArguments) -> WatchSettings {
    WatchSettings {
        quality: arguments.quality.unwrap_or_default(),
        device: arguments.device.unwrap_or_default(),
        workers: super::workers(arguments.threads),
        read: ReadOptions {
            start: arguments.start,
            end: arguments.end,
            capture_rate: arguments.capture_fps,
            image_rate: arguments.fps,
            ..ReadOptions::default()
        },
    }
}

/// By default beside the clip; results of a recording stay beside it.
fn results_folder(arguments: &AnalyzeArguments) -> PathBuf {
    if let Some(out) = &arguments.out {
        return out.clone();
    }
    let clip = &arguments.clip;
    let beside = clip.parent().unwrap_or(Path::new(""));
    if clip.file_name().is_some_and(|name| name == store::FILE_NAME) {
        return if beside.as_os_str().is_empty() { PathBuf::from(".") } else { beside.to_owned() };
    }
    let name = clip.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = match name.strip_suffix(".jsonl.zst") {
        Some(stem) => stem.to_owned(),
        None => clip.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    beside.join(format!("{stem}.sledform"))
}

/// Ctrl-C once: what is in flight is finished and kept. Twice: the system's own way of stopping.
pub(super) fn stop_on_interrupt() -> Arc<AtomicBool> {
    let cancel = Arc::new(AtomicBool::new(false));
    let (flag, presses) = (Arc::clone(&cancel), AtomicUsize::new(0));
    // A second handler in one process is a bug of ours; without one, Ctrl-C simply stops.
    let _ = ctrlc::set_handler(move || {
        flag.store(true, Ordering::Relaxed);
        if presses.fetch_add(1, Ordering::Relaxed) == 0 {
            eprintln!("\nfinishing the frames in flight; press Ctrl-C again to stop at once");
        } else {
            stop_at_once();
        }
    });
    cancel
}

#[expect(clippy::disallowed_methods, reason = "the user asked twice; partial files are named as such")]
fn stop_at_once() -> ! {
    std::process::exit(130)
}

fn tell(
    arguments: &AnalyzeArguments,
    recording: &Recording,
    analysis: &Analysis,
    folder: &Path,
) -> anyhow::Result<()> {
    for warning in recording.warnings.iter().chain(&analysis.warnings) {
        eprintln!("warning: {}", super::told::warned(warning));
    }
    if arguments.json {
        let path = folder.join("summary.json");
        super::say(&std::fs::read_to_string(&path).with_context(|| path.display().to_string())?);
    } else if !arguments.quiet {
        super::say(&super::told::summary(recording, analysis, folder));
    }
    Ok(())
}

/// The time now, RFC 3339 in UTC, to the second.
pub(super) fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string()
}
