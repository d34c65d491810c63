//! A comparison to its files: `compare.html` and `compare.csv`.

use super::{ResultError, file};
use crate::export::comparison::write_comparisons;
use crate::report::compare::{self, ComparisonPage};
use crate::store::OutputFolder;
use std::io::Write;

/// The page of a comparison.
pub const COMPARISON_PAGE: &str = "compare.html";
/// The table of a comparison.
pub const COMPARISON_TABLE: &str = "compare.csv";

/// Writes both. Each appears whole or not at all.
///
/// # Errors
/// When a file cannot be written.
pub fn write_comparison(folder: &OutputFolder, content: &ComparisonPage) -> Result<(), ResultError> {
    let labels: Vec<&str> = content.results.iter().map(|r| r.label.as_str()).collect();
    let first = labels.first().copied().unwrap_or("");
    let others = labels.iter().copied().skip(1);
    let pairs: Vec<_> = others.zip(&content.comparisons).map(|(other, c)| (first, other, c)).collect();
    file(folder, COMPARISON_TABLE, |out| write_comparisons(out, &pairs))?;
    let page = compare::html(content);
    file(folder, COMPARISON_PAGE, |out| Ok(out.write_all(page.as_bytes())?))
}
