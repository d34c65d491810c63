//! `sledform import`: results made by `analyze` or `batch` into the store of the web app.

use super::Outcome;
use super::serve::{self, Data};
use crate::server::{Brought, DataFolder, results_below, take_results};
use anyhow::bail;
use clap::Args;
use std::path::PathBuf;

/// Where results lie and where the store is.
#[derive(Args, Debug)]
pub struct ImportArguments {
    /// A folder of results, or one with such folders anywhere below.
    #[arg(value_name = "DIR")]
    results: PathBuf,

    #[command(flatten)]
    data: Data,
}

pub(super) fn run(arguments: &ImportArguments) -> anyhow::Result<Outcome> {
    let found = results_below(&arguments.results);
    if found.is_empty() {
        bail!(
            "{}: no results of sledform are in there (folders with summary.json and recording.jsonl.zst)",
            arguments.results.display()
        );
    }
    let database = serve::database(&arguments.data)?;
    let store = DataFolder::open(&serve::folder(&arguments.data)?)?;
    let (mut new, mut known, mut failed) = (0, 0, 0);
    for folder in &found {
        match take_results(&store, &database, folder) {
            Ok(Brought::New { with_video }) => {
                new += 1;
                if !with_video {
                    eprintln!("{}: without its video, which is not where it was", folder.display());
                }
            }
            Ok(Brought::Known) => known += 1,
            Err(problem) => {
                failed += 1;
                eprintln!("error: {}: {}", folder.display(), problem.cause.unwrap_or(problem.message));
            }
        }
    }
    println!("{new} brought in, {known} there before, {failed} failed");
    if failed > 0 {
        bail!("{failed} of {} folders could not be brought in; see above", found.len());
    }
    Ok(Outcome::Done)
}
