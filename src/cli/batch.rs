//! `sledform batch` and `sledform collect`: many clips, from what was typed to what is said of them.

use super::analyze::{job_settings, stop_on_interrupt};
use super::arguments::{BatchArguments, CollectArguments};
use super::batch_told::Teller;
use super::{Outcome, WrongUsage};
use crate::batch::discover::discover;
use crate::batch::folder::PRIVATE;
use crate::batch::pseudonym::{self, Key};
use crate::batch::{self, Batch, BatchOutcome, Clip, Failures, Repeat, Status, exercise, list, team};
use crate::calendar::Day;
use crate::export::Format;
use crate::job::JobSettings;
use crate::store::AtomicFile;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The list that `--init` writes.
const LIST: &str = "clips.csv";

pub(super) fn run(arguments: &BatchArguments) -> anyhow::Result<Outcome> {
    if let Some(folder) = &arguments.init {
        return init(folder, arguments.force);
    }
    super::steady::memory();
    let out = arguments.out.clone().unwrap_or_default();
    let mut base = job_settings(&arguments.analysis, &PathBuf::new(), PathBuf::new())?;
    super::share_threads(base.watch.workers)?;
    // The tables of the whole team are made of these.
    base.results.formats = base.results.formats.with(Format::Csv).with(Format::Json);
    let workers = base.watch.workers;
    let mut clips = clips(&arguments.inputs, &out, &base)?;
    exercise::check_used(base.facts.profile.as_ref(), &clips)?;
    if arguments.anonymise {
        // Before anything is written.
        batch::check_names(&out, true)?;
        let private = out.join(PRIVATE);
        let key = arguments.pseudonym_key.clone().unwrap_or_else(|| private.join("pseudonym-key"));
        let (hidden, names) = pseudonym::anonymise(clips, &Key::of(&key)?);
        std::fs::create_dir_all(&private)?;
        pseudonym::keep(&private.join("names.csv"), &names)?;
        clips = hidden;
    }
    if let Some(shard) = arguments.shard {
        clips = shard.of(clips);
    }
    let batch = Batch {
        clips,
        out,
        anonymous: arguments.anonymise,
        workers,
        repeat: if arguments.force { Repeat::All } else { Repeat::Changed },
        failures: if arguments.fail_fast { Failures::Stop } else { Failures::GoOn },
    };
    let cancel = stop_on_interrupt();
    let mut teller = Teller::new(arguments.json, arguments.quiet, &batch);
    let outcome = batch::run(&batch, &cancel, &mut |event| teller.tell(&event))?;
    teller.end(&outcome);
    Ok(code(&outcome))
}

pub(super) fn collect(arguments: &CollectArguments) -> anyhow::Result<Outcome> {
    let to = match (&arguments.out, &arguments.folders[..]) {
        (Some(out), _) => out.clone(),
        (None, [only]) => only.clone(),
        (None, _) => {
            let told = "several folders are put together in one of their own: give it with --out";
            return Err(WrongUsage(told.to_owned()).into());
        }
    };
    let team = team::write(&arguments.folders, &to)?;
    if team.clips.is_empty() {
        anyhow::bail!(
            "there are no results of a batch in these folders; give what was the --out of `sledform batch`"
        );
    }
    println!("{} clips: {}", team.clips.len(), to.join(team::PAGE).display());
    for notice in team.coverage.words() {
        println!("{notice}");
    }
    Ok(Outcome::Done)
}

fn init(folder: &Path, force: bool) -> anyhow::Result<Outcome> {
    let path = folder.join(LIST);
    if path.exists() && !force {
        anyhow::bail!("{} is there already; --force replaces it", path.display());
    }
    let found = discover(&[folder.to_owned()], Path::new(""))?;
    let rows = list::first(&found, folder);
    let mut out = AtomicFile::create(&path)?;
    out.write_all(list::text(&rows)?.as_bytes())?;
    out.commit()?;
    println!("{}: {} clips. Look it over, fill in what you know, then:", path.display(), rows.len());
    println!("  sledform batch {} --out RESULTS", path.display());
    Ok(Outcome::Done)
}

/// The clips of lists, and of everything else given, in this order.
fn clips(inputs: &[PathBuf], out: &Path, base: &JobSettings) -> anyhow::Result<Vec<Clip>> {
    let is_list = |path: &&PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    let (lists, others): (Vec<&PathBuf>, Vec<&PathBuf>) = inputs.iter().partition(is_list);
    let mut clips = Vec::new();
    for list in lists {
        clips.extend(list::read(list, base, today())?);
    }
    let others: Vec<PathBuf> = others.into_iter().cloned().collect();
    for found in discover(&others, out)? {
        let job = JobSettings { input: found.path, ..base.clone() };
        clips.push(Clip { name: found.name, job });
    }
    if clips.is_empty() {
        let inputs: Vec<String> = inputs.iter().map(|p| p.display().to_string()).collect();
        anyhow::bail!("no clips in {}; give a folder with videos, or a list of them", inputs.join(", "));
    }
    Ok(batch::named_apart(clips))
}

/// By universal time.
fn today() -> Option<Day> {
    Day::from_unix(jiff::Timestamp::now().as_second())
}

fn code(outcome: &BatchOutcome) -> Outcome {
    let any = |status| outcome.entries.iter().any(|entry| entry.status == status);
    if any(Status::Failed) {
        Outcome::SomeFailed
    } else if outcome.interrupted {
        Outcome::Interrupted
    } else if any(Status::NotJudged) {
        Outcome::NothingJudged
    } else {
        Outcome::Done
    }
}
