//! `sledform analyze`: one clip, from what was typed to the files written and what is said of them.

use super::Outcome;
use super::arguments::AnalyzeArguments;
use super::progress::Bar;
use crate::analysis::{self, Analysis, TechniqueSettings};
use crate::camera::motion::CameraChoice;
use crate::camera::scale::ScaleChoice;
use crate::clip::{self, AnnotateSettings, Annotated, WatchSettings};
use crate::export::Format;
use crate::frame::PixelSize;
use crate::import::{self, ImportOptions};
use crate::kinematics::joint_centres::JointCentres;
use crate::kinematics::prepare::MotionSettings;
use crate::observation::Recording;
use crate::pipeline::Progress;
use crate::report;
use crate::results::{self, ResultOptions};
use crate::signal::left_right::LeftRight;
use crate::store::{self, OutputFolder};
use crate::technique::profile::Choices;
use crate::technique::{self, Profile};
use crate::video::ReadOptions;
use anyhow::Context;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub(super) fn run(arguments: &AnalyzeArguments) -> anyhow::Result<Outcome> {
    let settings = analysis_settings(arguments)?;
    let out = results_folder(arguments);
    OutputFolder::check(&out)?;
    let cancel = stop_on_interrupt();
    let seen = recording(arguments, &cancel)?;
    let folder = OutputFolder::create(out)?;
    if seen.is_new {
        // Of another clip, perhaps; what is made again replaces it.
        folder.remove(OVERLAY)?;
        store::write(folder.path().join(store::FILE_NAME), &seen.recording)?;
    }
    let analysis = analysis::analyze(&seen.recording, &settings);
    refuse_unknown_athlete(arguments, &analysis)?;
    let options = result_options(arguments);
    results::write(&folder, &seen.recording, &analysis, &settings, &options)?;
    let mut interrupted = seen.interrupted;
    let mut annotated = Annotated::default();
    if let Some(read) = seen.video.filter(|_| analysis.athlete.is_some() && !interrupted) {
        annotated = annotate(arguments, &seen.recording, &analysis, &read, &folder, &cancel)?;
        interrupted = annotated.is_interrupted;
    }
    let page = super::page::options(arguments, &seen.recording, annotated.pictures, folder.path());
    results::write_report(&folder, &seen.recording, &analysis, &page)?;
    tell(arguments, &seen.recording, &analysis, folder.path())?;
    Ok(if interrupted {
        Outcome::Interrupted
    } else if analysis.is_judged() {
        Outcome::Done
    } else {
        Outcome::NothingJudged
    })
}

/// The annotated video.
pub(super) const OVERLAY: &str = "overlay.mp4";

fn result_options(arguments: &AnalyzeArguments) -> ResultOptions {
    let formats = arguments.export.clone().unwrap_or_default();
    // `--json` prints the summary that was written.
    let formats = if arguments.json { formats.with(Format::Json) } else { formats };
    ResultOptions {
        formats,
        raw: arguments.raw,
        told: told(arguments),
        day: arguments.date,
        created: Some(now()),
    }
}

/// A recording, and where it came from.
struct Seen {
    recording: Recording,
    /// Whether it is to be written: not when it was read from a recording.
    is_new: bool,
    interrupted: bool,
    /// How to read the clip again for the overlay; none where there is no clip.
    video: Option<ReadOptions>,
}

fn recording(arguments: &AnalyzeArguments, cancel: &AtomicBool) -> anyhow::Result<Seen> {
    let path = &arguments.clip;
    let known = |recording, is_new| Seen { recording, is_new, interrupted: false, video: None };
    if path.is_file() && store::is_recording_name(path) {
        without_effect(arguments, "a recording", arguments.fps.is_some());
        return Ok(known(store::read(path)?, false));
    }
    if import::recognise(path).is_some() {
        without_effect(arguments, "keypoints", false);
        let size = arguments.picture_width.zip(arguments.picture_height);
        let options = ImportOptions {
            fps: arguments.fps,
            size: size.map(|(width, height)| PixelSize { width, height }),
        };
        return Ok(known(import::open(path, &options)?, true));
    }
    let settings = watch_settings(arguments);
    let bar = Bar::new("watching", arguments.quiet || arguments.json);
    let watched = clip::watch(path, &settings, cancel, &mut |progress: Progress| bar.show(progress))?;
    drop(bar);
    Ok(Seen {
        recording: watched.recording,
        is_new: true,
        interrupted: watched.interrupted,
        video: Some(settings.read),
    })
}

/// Says which options about watching a video were given for something that is not watched.
fn without_effect(arguments: &AnalyzeArguments, what: &str, fps: bool) {
    let given = [
        ("--start", arguments.start.is_some()),
        ("--end", arguments.end.is_some()),
        ("--capture-fps", arguments.capture_fps.is_some()),
        ("--quality", arguments.quality.is_some()),
        ("--threads", arguments.threads.is_some()),
        ("--fps", fps),
    ];
    for (option, _) in given.into_iter().filter(|(_, given)| *given) {
        eprintln!("warning: {option} has no effect on {what}. Give it when the video is analysed.");
    }
}

fn analysis_settings(arguments: &AnalyzeArguments) -> anyhow::Result<analysis::Settings> {
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
        camera: if arguments.static_camera { CameraChoice::Static } else { CameraChoice::Measured },
        ..MotionSettings::default()
    };
    Ok(analysis::Settings {
        athlete: arguments.athlete.unwrap_or_default(),
        motion,
        technique: technique_settings(arguments)?,
        ..Default::default()
    })
}

fn technique_settings(arguments: &AnalyzeArguments) -> anyhow::Result<TechniqueSettings> {
    let told = match (&arguments.profile, &arguments.exercise) {
        (Some(file), _) => Some(super::profiles::own(file)?),
        (None, Some(name)) => technique::builtin(name),
        (None, None) => None,
    };
    if arguments.load_kg.is_some() != arguments.body_mass_kg.is_some() {
        eprintln!(
            "warning: --load-kg and --body-mass-kg say something only together: limits for a heavy sled are used."
        );
    }
    let load = arguments.load_kg.zip(arguments.body_mass_kg);
    let load = load.map(|(load, mass)| Profile::load_option(load, mass).to_owned());
    let asked = [
        ("style", arguments.style.clone()),
        ("posture", arguments.posture.clone()),
        ("attachment", arguments.attachment.clone()),
    ];
    let mut choices: Choices =
        asked.into_iter().filter_map(|(variant, option)| Some((variant.to_owned(), option?))).collect();
    if let Some(profile) = &told {
        profile.choose(&choices)?;
    }
    choices.extend(load.map(|option| ("load".to_owned(), option)));
    Ok(TechniqueSettings { told, choices })
}

/// What the user knows of the set, kept as it was given.
fn told(arguments: &AnalyzeArguments) -> BTreeMap<String, serde_json::Value> {
    let number = |v: Option<f64>| v.map(serde_json::Value::from);
    let words = |v: &Option<String>| v.clone().map(serde_json::Value::from);
    let all = [
        ("load_kg", number(arguments.load_kg)),
        ("body_mass_kg", number(arguments.body_mass_kg)),
        ("athlete_name", words(&arguments.athlete_name)),
        ("note", words(&arguments.note)),
        ("style", words(&arguments.style)),
        ("posture", words(&arguments.posture)),
        ("attachment", words(&arguments.attachment)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn watch_settings(arguments: &AnalyzeArguments) -> WatchSettings {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    WatchSettings {
        quality: arguments.quality.unwrap_or_default(),
        workers: arguments.threads.unwrap_or_else(cores),
        read: ReadOptions {
            start: arguments.start,
            end: arguments.end,
            capture_rate: arguments.capture_fps,
            image_rate: arguments.fps,
            ..ReadOptions::default()
        },
    }
}

/// Draws the overlay and the pictures of the report.
fn annotate(
    arguments: &AnalyzeArguments,
    recording: &Recording,
    analysis: &Analysis,
    read: &ReadOptions,
    folder: &OutputFolder,
    cancel: &AtomicBool,
) -> anyhow::Result<Annotated> {
    let bar = Bar::new("drawing ", arguments.quiet || arguments.json);
    let settings = AnnotateSettings {
        read: *read,
        out: (!arguments.no_overlay).then(|| folder.path().join(OVERLAY)),
        evidence: report::evidence(recording, analysis),
    };
    Ok(clip::annotate(recording, analysis, &settings, cancel, &mut |progress| bar.show(progress))?)
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

fn refuse_unknown_athlete(arguments: &AnalyzeArguments, analysis: &Analysis) -> anyhow::Result<()> {
    if arguments.athlete.is_some() && analysis.athlete.is_none() && !analysis.people.is_empty() {
        let people: Vec<String> = analysis.people.iter().map(|c| c.track.0.to_string()).collect();
        anyhow::bail!(
            "{}: nobody fits --athlete; the people seen are {} (leave --athlete out to take the one who moves most)",
            arguments.clip.display(),
            people.join(", ")
        );
    }
    Ok(())
}

/// Ctrl-C once: what is in flight is finished and kept. Twice: the system's own way of stopping.
fn stop_on_interrupt() -> Arc<AtomicBool> {
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
        eprintln!("warning: {} {}", sentence(&warning.message), sentence(&warning.hint));
    }
    if arguments.json {
        let path = folder.join("summary.json");
        print!("{}", std::fs::read_to_string(&path).with_context(|| path.display().to_string())?);
    } else if !arguments.quiet {
        print!("{}", super::told::summary(recording, analysis, folder));
    }
    Ok(())
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), letters.as_str())
}

/// The time now, RFC 3339 in UTC, to the second.
fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string()
}
