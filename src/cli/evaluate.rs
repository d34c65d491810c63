//! `sledform evaluate`: how far a result agrees with reference data.

use super::arguments::EvaluateArguments;
use super::{Outcome, say};
use crate::evaluation::{EvaluationRow, evaluate};
use crate::import::truth;
use crate::store::AtomicFile;
use crate::units::Seconds;
use std::io::Write;

/// Width of a frame where the result does not tell, s: 30 frames per second.
const USUAL_FRAME: Seconds = Seconds(1.0 / 30.0);

pub(super) fn run(arguments: &EvaluateArguments) -> anyhow::Result<Outcome> {
    let result = truth::result(&arguments.result)?;
    let reference = truth::reference(&arguments.truth)?;
    if result.names_another_clip(&reference)
        && let (Some(own), Some(other)) = (&result.clip, &reference.clip)
    {
        eprintln!(
            "warning: {} is of a clip called {other}, the result of {own}. Are they the same?",
            arguments.truth.display()
        );
    }
    let frame = result.frame_time().unwrap_or(USUAL_FRAME);
    let evaluation = evaluate(&result, &reference, frame * arguments.tolerance_frames);
    say(&evaluation.to_string());
    if let Some(path) = &arguments.csv {
        let mut file = AtomicFile::create(path)?;
        writeln!(file, "{}", EvaluationRow::COLUMNS.join(","))?;
        for row in evaluation.rows() {
            writeln!(file, "{}", row.cells().join(","))?;
        }
        file.commit()?;
    }
    let compared = !evaluation.angles.is_empty() || !evaluation.events.is_empty();
    Ok(if compared { Outcome::Done } else { Outcome::NothingJudged })
}
