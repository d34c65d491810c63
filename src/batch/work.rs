//! One clip of a batch: are its results there, can its recording be taken from elsewhere, or must it be watched.

use super::content::{Contents, Stamp};
use super::entry::{Entry, Keys, SCHEMA, Status};
use super::folder::BatchFolder;
use super::{Clip, Effort, Repeat};
use crate::clip::{self, ClipError, WatchSettings};
use crate::export::ExportError;
use crate::job::{self, InputKind, JobError, JobOutcome, JobProgress, JobSettings, Seen};
use crate::pipeline::{Places, Pool, Progress};
use crate::results::ResultError;
use crate::store::{self, StoreError};
use crate::video::VideoError;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Folders with a recording, by the key of what was seen.
pub(super) type Recordings = Mutex<BTreeMap<String, PathBuf>>;

/// What all clips share.
pub(super) struct Workplace<'a> {
    pub folder: &'a BatchFolder,
    pub contents: &'a Contents,
    pub pool: &'a Pool,
    /// One place per clip drawn and written at a time.
    pub desks: &'a Places<()>,
    pub cancel: &'a AtomicBool,
    pub repeat: Repeat,
    pub recordings: &'a Recordings,
}

/// How it ended.
pub(super) enum Ending {
    /// With an entry.
    Entry(Box<Entry>, Effort),
    /// Cancelled before it was done; nothing is kept.
    Interrupted,
    /// What is in the way here is in the way of every clip.
    Stop(String),
}

impl Workplace<'_> {
    /// Does what is to be done for a clip.
    pub fn work(&self, clip: &Clip, progress: &mut dyn FnMut(JobProgress)) -> Ending {
        let input = &clip.job.input;
        let (stamp, sha256) = match self.contents.sha256(input) {
            Ok(known) => known,
            Err(source) => {
                let error = VideoError::opening(input, source);
                return self.failed(clip, None, &ClipError::Video(error).into());
            }
        };
        let keys = Keys::new(&clip.name, &sha256, &clip.job);
        if self.repeat == Repeat::Changed
            && let Some(entry) = Entry::read(&self.folder.of_clip(&clip.name))
            && entry.key.as_ref() == Some(&keys.all)
        {
            return Ending::Entry(Box::new(entry), Effort::Unchanged);
        }
        self.anew(clip, &stamp, &sha256, &keys, progress)
    }

    fn anew(
        &self,
        clip: &Clip,
        stamp: &Stamp,
        sha256: &str,
        keys: &Keys,
        progress: &mut dyn FnMut(JobProgress),
    ) -> Ending {
        let partial = match self.folder.partial(&clip.name) {
            Ok(partial) => partial,
            Err(error) => return Ending::Stop(in_the_way(&error.to_string())),
        };
        let settings = JobSettings { out: partial, ..clip.job.clone() };
        let (outcome, effort) = match self.seen(&settings, keys, progress) {
            Ok((seen, effort)) => {
                let _desk = self.desks.take();
                (job::finish(&settings, seen, self.cancel, progress), effort)
            }
            Err(error) => (Err(error), Effort::Watched),
        };
        if Stamp::of(&settings.input).ok().as_ref() != Some(stamp) {
            return self.changed(clip);
        }
        let known = Some((sha256, keys));
        match outcome {
            Ok(outcome) if outcome.interrupted || self.cancel.load(Ordering::Relaxed) => {
                // What is left of it is tidied up by the next run at the latest.
                std::fs::remove_dir_all(&settings.out).ok();
                Ending::Interrupted
            }
            Ok(outcome) => self.end(clip, &judged(clip, &outcome, sha256, keys), effort),
            Err(error) => self.failed(clip, known, &error),
        }
    }

    /// What is in the clip: from a recording made before, if there is one.
    fn seen(
        &self,
        settings: &JobSettings,
        keys: &Keys,
        progress: &mut dyn FnMut(JobProgress),
    ) -> Result<(Seen, Effort), JobError> {
        if self.repeat == Repeat::Changed
            && let Some(folder) = self.recording_of(&keys.seen)
            && let Ok(mut recording) = store::read(folder.join(store::FILE_NAME))
        {
            job::rename_clip(&mut recording, &settings.input);
            let video = Some((settings.input.clone(), settings.watch.read));
            return Ok((Seen { recording, is_new: true, interrupted: false, video }, Effort::Analysed));
        }
        let watch = |input: &Path, watch: &WatchSettings, progress: &mut dyn FnMut(Progress)| {
            clip::watch_with(self.pool, input, watch, self.cancel, progress)
        };
        let seen = job::see(settings, watch, &mut |p| progress(JobProgress::Watching(p)))?;
        Ok((seen, Effort::Watched))
    }

    fn recording_of(&self, key: &str) -> Option<PathBuf> {
        self.recordings.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// A bug of ours ended the work on this clip.
    pub fn broke(&self, clip: &Clip) -> Ending {
        let reason = "a bug in sledform ended the work on this clip; please report it with the clip";
        self.without_results(clip, reason)
    }

    fn failed(&self, clip: &Clip, known: Option<(&str, &Keys)>, error: &JobError) -> Ending {
        let reason = unnamed(clip, &error.to_string());
        if is_of_the_place(error) {
            return Ending::Stop(in_the_way(&reason));
        }
        // A file that is there under its name and cannot be used will not be better next time.
        let keys = known.filter(|_| is_of_the_clip(error));
        let entry = Entry {
            status: Status::Failed,
            reason: Some(reason),
            sha256: known.map(|(sha256, _)| sha256.to_owned()),
            key: keys.map(|(_, keys)| keys.all.clone()),
            ..blank(clip)
        };
        match self.folder.partial(&clip.name) {
            Ok(_) => self.end(clip, &entry, Effort::Watched),
            Err(error) => Ending::Stop(in_the_way(&error.to_string())),
        }
    }

    /// The clip is not the file any more that it was when it was begun.
    fn changed(&self, clip: &Clip) -> Ending {
        let what = if clip.job.input.exists() { "changed" } else { "vanished" };
        let reason = format!(
            "{} {what} while it was read; put the whole file there and start the batch again",
            clip.job.input.display()
        );
        self.without_results(clip, &reason)
    }

    fn without_results(&self, clip: &Clip, reason: &str) -> Ending {
        let entry = Entry { status: Status::Failed, reason: Some(unnamed(clip, reason)), ..blank(clip) };
        match self.folder.partial(&clip.name) {
            Ok(_) => self.end(clip, &entry, Effort::Watched),
            Err(error) => Ending::Stop(in_the_way(&error.to_string())),
        }
    }

    fn end(&self, clip: &Clip, entry: &Entry, effort: Effort) -> Ending {
        match self.folder.publish(&clip.name, entry) {
            Ok(folder) => {
                if let Some(key) = entry.seen_key.clone() {
                    self.recordings.lock().unwrap_or_else(PoisonError::into_inner).insert(key, folder);
                }
                Ending::Entry(Box::new(entry.clone()), effort)
            }
            Err(error) => Ending::Stop(in_the_way(&error.to_string())),
        }
    }
}

/// What is in the way of all clips, the commonest case in words of its own.
fn in_the_way(told: &str) -> String {
    /// How every Unix says that a disk is full (`ENOSPC`), whatever was being written.
    const FULL: &str = "os error 28";
    if told.contains(FULL) { format!("the disk is full: {told}") } else { told.to_owned() }
}

fn blank(clip: &Clip) -> Entry {
    // What is not watched is taken whole.
    let part = Some(clip.job.watch.read).filter(|_| InputKind::of(&clip.job.input) == InputKind::Video);
    let mut told = clip.job.facts.told();
    told.extend(clip.job.facts.date.map(|day| ("date".to_owned(), day.to_string().into())));
    Entry {
        schema: SCHEMA.to_owned(),
        clip: clip.name.clone(),
        status: Status::Done,
        reason: None,
        warnings: Vec::new(),
        sha256: None,
        start_s: part.and_then(|part| Some(part.start?.0)),
        end_s: part.and_then(|part| Some(part.end?.0)),
        told,
        seen_key: None,
        key: None,
    }
}

fn judged(clip: &Clip, outcome: &JobOutcome, sha256: &str, keys: &Keys) -> Entry {
    let is_judged = outcome.analysis.is_judged();
    Entry {
        status: if is_judged { Status::Done } else { Status::NotJudged },
        reason: (!is_judged).then(|| unnamed(clip, &why_not(outcome))),
        warnings: Entry::grave(outcome.recording.warnings.iter().chain(&outcome.analysis.warnings)),
        sha256: Some(sha256.to_owned()),
        seen_key: Some(keys.seen.clone()),
        key: Some(keys.all.clone()),
        ..blank(clip)
    }
}

/// Why nothing was judged: the reasons of the refusals, else the last thing noticed, as what stopped the analysis comes last.
fn why_not(outcome: &JobOutcome) -> String {
    /// More are not read; the report has them all.
    const REASONS: usize = 3;
    let athlete = outcome.analysis.athlete.as_ref();
    let refusals = athlete.map_or(&[][..], |a| &a.judgement.assessment.findings);
    let mut told: Vec<&str> = Vec::new();
    for reason in refusals.iter().filter_map(|f| f.reason.as_deref()) {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told.truncate(REASONS);
    let noticed = outcome.analysis.warnings.last().or(outcome.recording.warnings.last());
    match (told.is_empty(), noticed) {
        (false, _) => told.join(" "),
        (true, Some(warning)) => warning.in_words(),
        (true, None) => {
            "No stride could be measured. Film at least three, the whole body in view.".to_owned()
        }
    }
}

/// A sentence without the clip's true name, where that is to stay unsaid.
fn unnamed(clip: &Clip, text: &str) -> String {
    match &clip.job.alias {
        None => text.to_owned(),
        Some(alias) => text.replace(&clip.job.input.display().to_string(), &alias.display().to_string()),
    }
}

/// Whether every try with this file ends so.
fn is_of_the_clip(error: &JobError) -> bool {
    match error {
        JobError::Clip(ClipError::Video(error)) => !matches!(
            error,
            VideoError::Missing { .. }
                | VideoError::Permission { .. }
                | VideoError::Read { .. }
                | VideoError::OpenCv { .. }
        ),
        JobError::Import(_) | JobError::UnknownAthlete { .. } => true,
        _ => false,
    }
}

/// Whether every clip would end so: the disk is full, the folder may not be written, a model is missing.
fn is_of_the_place(error: &JobError) -> bool {
    match error {
        JobError::Store(error) | JobError::Result(ResultError::Store(error)) => {
            matches!(error, StoreError::Unwritable { .. } | StoreError::InTheWay { .. })
        }
        JobError::Result(ResultError::Export { source, .. }) => !matches!(source, ExportError::Ragged { .. }),
        JobError::Clip(ClipError::Model(_) | ClipError::Inference(_)) => true,
        JobError::Clip(ClipError::Video(error)) => {
            matches!(
                error,
                VideoError::Write { .. } | VideoError::Unfinished { .. } | VideoError::NoEncoder { .. }
            )
        }
        JobError::Clip(ClipError::Pipeline { source, .. }) => source.stage == crate::pipeline::Stage::Load,
        _ => false,
    }
}
