//! `sledform metrics`: the catalogue of variables, for reading or as a data dictionary.

use super::Outcome;
use super::arguments::MetricsArguments;
use crate::metrics::catalogue::{ROWS, markdown};

pub(super) fn run(arguments: &MetricsArguments) -> Outcome {
    if arguments.markdown {
        print!("{}", markdown());
        return Outcome::Done;
    }
    for row in ROWS {
        println!("{}  ({})", row.id, row.unit.symbol());
        println!("    {}: {}", row.name, row.definition);
        println!("    positive: {}; taken: {}; source: {}", row.sign, row.when.name(), row.source);
    }
    Outcome::Done
}
