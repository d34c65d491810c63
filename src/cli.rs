//! The command line: what a user types, what they see, and the exit code.

mod analyze;
mod arguments;
mod batch;
mod batch_told;
mod bench;
#[cfg(feature = "server")]
mod bring;
mod compare;
mod doctor;
mod evaluate;
mod metrics;
mod models;
mod profiles;
mod progress;
#[cfg(feature = "server")]
mod serve;
mod steady;
mod telemetry;
mod told;
#[cfg(feature = "server")]
mod worker;

use crate::technique::profile::ChoiceError;
use crate::video::VideoError;
use clap::Parser;
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// How a command ended. The numbers are part of the contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, but nothing could be judged: nobody in the picture, no strides.
    NothingJudged,
    /// Of many, one at least could not be done.
    SomeFailed,
    /// Interrupted; what was finished was kept.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::SomeFailed => 1,
            Outcome::NothingJudged => 3,
            Outcome::Interrupted => 130,
        })
    }
}

/// Runs the command given on the command line.
#[must_use]
pub fn main() -> ExitCode {
    telemetry::off();
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(WRONG_USAGE);
            // Printing help fails only when nobody listens any more.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = match arguments.command {
        arguments::Command::Analyze(arguments) => analyze::run(&arguments),
        arguments::Command::Batch(arguments) => batch::run(&arguments),
        arguments::Command::Bench(arguments) => bench::run(&arguments),
        arguments::Command::Collect(arguments) => batch::collect(&arguments),
        arguments::Command::Compare(arguments) => compare::run(&arguments),
        arguments::Command::Evaluate(arguments) => evaluate::run(&arguments),
        arguments::Command::Profiles(command) => profiles::run(&command),
        arguments::Command::Metrics(arguments) => Ok(metrics::run(&arguments)),
        #[cfg(feature = "server")]
        arguments::Command::Serve(arguments) => serve::run(&arguments),
        #[cfg(feature = "server")]
        arguments::Command::Import(arguments) => bring::run(&arguments),
        #[cfg(feature = "server")]
        arguments::Command::Worker(arguments) => worker::run(&arguments),
        arguments::Command::Doctor => doctor::run(),
        arguments::Command::Models(command) => models::run(&command),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("error: {}", sentence(&error));
            ExitCode::from(if is_wrong_usage(&error) { WRONG_USAGE } else { 1 })
        }
    }
}

/// What is wrong with the arguments, beyond what their parser sees.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);

/// Exit code of wrong usage, as clap's own.
const WRONG_USAGE: u8 = 2;

fn is_wrong_usage(error: &anyhow::Error) -> bool {
    let of_reading = |error: &VideoError| matches!(error, VideoError::BadOption { .. });
    error.is::<WrongUsage>() || error.is::<ChoiceError>() || error.downcast_ref().is_some_and(of_reading)
}

/// Writes to standard output. That nobody listens any more is no failure.
fn say(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// How many workers watch: as asked for, or one per core.
fn workers(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// What comes after watching keeps to as many threads as watching has workers. Once per process.
fn share_threads(workers: NonZeroUsize) -> anyhow::Result<()> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(workers.get()).build_global()?)
}

/// The causes of an error in one line, without what an outer error already says.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        if told.is_empty() {
            cause
        } else if told.contains(&cause) {
            told
        } else {
            format!("{told}: {cause}")
        }
    })
}
