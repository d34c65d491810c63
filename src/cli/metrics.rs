//! `sledform metrics`: the catalogue of variables, for reading or as a data dictionary.

use super::arguments::MetricsArguments;
use super::{Outcome, say};
use crate::metrics::catalogue::{ROWS, Row, markdown};

pub(super) fn run(arguments: &MetricsArguments) -> Outcome {
    let plain = |row: &&Row| {
        format!(
            "{}  ({})\n    {}: {}\n    positive: {}; taken: {}; source: {}\n",
            row.id,
            row.unit.symbol(),
            row.name,
            row.definition,
            row.sign,
            row.when.name(),
            row.source
        )
    };
    say(&if arguments.markdown { markdown() } else { ROWS.iter().map(plain).collect() });
    Outcome::Done
}
