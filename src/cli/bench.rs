//! `sledform bench`: where the time of one analysis goes, stage by stage, and how close it is to the model alone.

use super::Outcome;
use super::arguments::BenchArguments;
use crate::analysis;
use crate::clip::stages::{Stages, measure};
use crate::clip::{WatchSettings, Watched};
use crate::import::ImportOptions;
use crate::job::{self, JobSettings, OverlayChoice, Seen, SetFacts};
use crate::results::ResultOptions;
use crate::settings::Quality;
use crate::video::ReadOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub(super) fn run(arguments: &BenchArguments) -> anyhow::Result<Outcome> {
    let device = arguments.device.unwrap_or_default();
    let workers = super::workers(arguments.threads);
    super::share_threads(workers)?;
    let qualities = arguments.quality.map_or_else(|| Quality::ALL.to_vec(), |quality| vec![quality]);
    for quality in qualities {
        let watch = WatchSettings { quality, device, workers, read: ReadOptions::default() };
        let (stages, watched) = measure(&arguments.clip, &watch, Instant::now)?;
        let frames = stages.frames.max(1) as f64;
        let after = after(&arguments.clip, watch, watched)?.as_secs_f64() / frames;
        super::say(&table(quality, &stages, after));
    }
    Ok(Outcome::Done)
}

/// How long analysis, tables, pictures of evidence and the report take, by the clock on the wall.
fn after(clip: &Path, watch: WatchSettings, watched: Watched) -> anyhow::Result<Duration> {
    let out = Scratch::new();
    let settings = JobSettings {
        input: clip.to_owned(),
        out: out.0.clone(),
        watch,
        import: ImportOptions::default(),
        analysis: analysis::Settings::default(),
        results: ResultOptions::default(),
        overlay: OverlayChoice::LeftOut,
        redraw: false,
        facts: SetFacts::default(),
        alias: None,
    };
    let video = Some((clip.to_owned(), watch.read));
    let seen = Seen { recording: watched.recording, is_new: true, interrupted: false, video };
    let began = Instant::now();
    job::finish(&settings, seen, &AtomicBool::new(false), &mut |_| {})?;
    Ok(began.elapsed())
}

/// A folder that disappears again.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("sledform-bench-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn table(quality: Quality, stages: &Stages, after_s: f64) -> String {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let all = ms(stages.all);
    let row = |what: &str, time: f64| format!("  {what:32} {time:8.2} {:6.1} %", 100.0 * time / all);
    let runs = format!("landmarks, {:.2} runs a frame", stages.landmark_runs);
    let mut lines = vec![
        format!(
            "{} quality, {} frames, {} workers      CPU ms per frame",
            quality.name(),
            stages.frames,
            stages.workers
        ),
        row("decoding", ms(stages.decoding)),
        row("following the background", ms(stages.background)),
        row("looking for people", ms(stages.detecting)),
        row(&runs, ms(stages.landmarks)),
        row("everything else", ms(stages.rest())),
        row("all of watching", all),
        format!("  {:32} {:8.2}   after watching: analysis, tables, pictures, report", "", after_s * 1e3),
    ];
    lines.push(format!(
        "  limit {:.1} frames/s (decoding {:.2} and one run of the landmark model {:.2} alone); reached {:.1}: {:.2} of it",
        stages.limit(),
        ms(stages.decoding),
        ms(stages.landmarks_once),
        stages.rate(),
        stages.reached()
    ));
    lines.push(format!("  share of the CPU time that the limit counts: {:.2}\n", stages.useful()));
    lines.join("\n")
}
