//! What is said while a batch is at work: bars on a terminal, else a line per clip; with `--json` a line of JSON per event. And
//! the log in the output folder, the one file of a batch with times of day in it.

use crate::batch::folder::LOG;
use crate::batch::team::PAGE;
use crate::batch::{Batch, BatchOutcome, Effort, Entry, Event, Status};
use crate::job::JobProgress;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Letters of a clip's name beside its bar.
const LONGEST_NAME: usize = 40;

/// How it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Bars,
    Lines,
    Json,
    Silence,
}

pub(super) struct Teller {
    manner: Manner,
    bars: MultiProgress,
    whole: ProgressBar,
    in_work: BTreeMap<String, ProgressBar>,
    total: usize,
    ended: usize,
    log: PathBuf,
    page: PathBuf,
    log_file: Option<File>,
}

impl Teller {
    pub fn new(json: bool, quiet: bool, batch: &Batch) -> Self {
        let manner = match (json, quiet) {
            (true, _) => Manner::Json,
            (_, true) => Manner::Silence,
            _ if std::io::stderr().is_terminal() => Manner::Bars,
            _ => Manner::Lines,
        };
        let target =
            if manner == Manner::Bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        let total = batch.clips.len();
        let whole = bars.add(ProgressBar::new(total as u64));
        if let Ok(style) =
            ProgressStyle::with_template("all [{bar:30}] {pos}/{len} clips, {elapsed}, {eta} left")
        {
            whole.set_style(style.progress_chars("=> "));
        }
        if manner == Manner::Json {
            println!("{}", json!({"event": "began", "clips": total, "out": batch.out.display().to_string()}));
        }
        let (log, page) = (batch.out.join(LOG), batch.out.join(PAGE));
        Self { manner, bars, whole, in_work: BTreeMap::new(), total, ended: 0, log, page, log_file: None }
    }

    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Began { clip } => self.began(clip),
            Event::Progress { clip, progress } => self.progress(clip, *progress),
            Event::Ended { entry, effort } => self.ended(entry, *effort),
        }
    }

    fn began(&mut self, clip: &str) {
        match self.manner {
            Manner::Bars => {
                let bar = self.bars.add(ProgressBar::new(0));
                if let Ok(style) = ProgressStyle::with_template("    {msg} {pos} frames") {
                    bar.set_style(style);
                }
                self.in_work.insert(clip.to_owned(), bar);
            }
            Manner::Json => println!("{}", json!({"event": "clip_began", "clip": clip})),
            Manner::Lines | Manner::Silence => {}
        }
    }

    fn progress(&mut self, clip: &str, progress: JobProgress) {
        let (stage, progress) = match progress {
            JobProgress::Watching(progress) => ("watching", progress),
            JobProgress::Drawing(progress) => ("drawing", progress),
        };
        if self.manner == Manner::Json {
            println!(
                "{}",
                json!({"event": "clip_progress", "clip": clip, "stage": stage, "frames": progress.frames,
                       "expected": progress.expected})
            );
        }
        let Some(bar) = self.in_work.get(clip) else { return };
        if let (Some(0), Some(expected)) = (bar.length(), progress.expected) {
            bar.set_length(expected as u64);
            if let Ok(style) = ProgressStyle::with_template("    {msg} [{bar:20}] {pos}/{len} frames") {
                bar.set_style(style.progress_chars("=> "));
            }
        }
        let name: String = clip.chars().take(LONGEST_NAME).collect();
        bar.set_message(format!("{stage} {name}"));
        bar.set_position(progress.frames as u64);
    }

    /// A line with the time; a log that cannot be written is no reason to stop.
    fn note(&mut self, line: &str) {
        if self.log_file.is_none() {
            self.log_file = OpenOptions::new().create(true).append(true).open(&self.log).ok();
        }
        if let Some(file) = &mut self.log_file {
            writeln!(file, "{} {line}", super::analyze::now()).ok();
        }
    }

    fn ended(&mut self, entry: &Entry, effort: Effort) {
        self.ended += 1;
        let why = entry.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
        let warned = if entry.warnings.is_empty() { String::new() } else { format!(": {}", entry.warned()) };
        self.note(&format!("{} {} {}{why}{warned}", entry.status.name(), effort.name(), entry.clip));
        if let Some(bar) = self.in_work.remove(&entry.clip) {
            bar.finish_and_clear();
        }
        match self.manner {
            Manner::Json => println!(
                "{}",
                json!({"event": "clip_ended", "clip": entry.clip, "status": entry.status.name(),
                       "effort": effort.name(), "reason": entry.reason, "warnings": entry.warnings})
            ),
            Manner::Lines => {
                let how = if effort == Effort::Unchanged { " (as before)" } else { "" };
                let what = entry.status.words();
                eprintln!("{}/{} {what}{how} {}{warned}", self.ended, self.total, entry.clip);
            }
            Manner::Bars | Manner::Silence => {}
        }
        self.whole.set_position(self.ended as u64);
    }

    pub fn end(&mut self, outcome: &BatchOutcome) {
        self.whole.finish_and_clear();
        let count = |status| outcome.entries.iter().filter(|e| e.status == status).count();
        let (done, not_judged, failed) =
            (count(Status::Done), count(Status::NotJudged), count(Status::Failed));
        match self.manner {
            Manner::Json => println!(
                "{}",
                json!({"event": "ended", "done": done, "not_judged": not_judged, "failed": failed,
                       "not_reached": self.total - outcome.entries.len(), "notices": outcome.notices})
            ),
            Manner::Silence => {}
            Manner::Bars | Manner::Lines => {
                println!("{done} done, {not_judged} not judged, {failed} failed; {}", self.page.display());
                for entry in outcome.entries.iter().filter(|e| e.status != Status::Done) {
                    println!(
                        "  {}: {}: {}",
                        entry.status.words(),
                        entry.clip,
                        entry.reason.as_deref().unwrap_or("")
                    );
                }
                for entry in outcome.entries.iter().filter(|e| !e.warnings.is_empty()) {
                    println!("  look at it: {}: {}", entry.clip, entry.warned());
                }
                for notice in &outcome.notices {
                    println!("{notice}");
                }
            }
        }
    }
}
