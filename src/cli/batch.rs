//! `sledform batch`: many clips, from what was typed to what is said of them.

use super::Outcome;
use super::analyze::{job_settings, stop_on_interrupt};
use super::arguments::BatchArguments;
use super::batch_told::Teller;
use crate::batch::{self, Batch, BatchOutcome, Clip, Failures, Repeat, Status, discover::discover};
use crate::export::Format;
use std::path::PathBuf;

pub(super) fn run(arguments: &BatchArguments) -> anyhow::Result<Outcome> {
    let clips = clips(arguments)?;
    let batch = Batch {
        workers: clips[0].job.watch.workers,
        clips,
        out: arguments.out.clone(),
        repeat: if arguments.force { Repeat::All } else { Repeat::Changed },
        failures: if arguments.fail_fast { Failures::Stop } else { Failures::GoOn },
    };
    let cancel = stop_on_interrupt();
    let mut teller = Teller::new(arguments.json, arguments.quiet, &batch);
    let outcome = batch::run(&batch, &cancel, &mut |event| teller.tell(&event))?;
    teller.end(&outcome);
    Ok(code(&outcome))
}

fn clips(arguments: &BatchArguments) -> anyhow::Result<Vec<Clip>> {
    let found = discover(&arguments.inputs, &arguments.out)?;
    if found.is_empty() {
        let inputs: Vec<String> = arguments.inputs.iter().map(|p| p.display().to_string()).collect();
        anyhow::bail!("no clips in {}; give a folder with videos, or a list of them", inputs.join(", "));
    }
    let mut base = job_settings(&arguments.analysis, &PathBuf::new(), PathBuf::new())?;
    // The tables of the whole team are made of these.
    base.results.formats = base.results.formats.with(Format::Csv).with(Format::Json);
    let clip = |found: batch::discover::Found| {
        let mut job = base.clone();
        job.input = found.path;
        Clip { name: found.name, job }
    };
    Ok(found.into_iter().map(clip).collect())
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
