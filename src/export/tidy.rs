//! Tables put together from others: cells as they were written there, with the kind of each column known.

use super::ExportError;
use super::cell::csv_writer;
use std::io::Write;

/// What the cells of a column hold. An empty cell is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number with a fraction.
    Number,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Truth,
}

/// A table with a name and a kind for each column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<(String, Kind)>,
    /// The rows, as many cells each as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of these columns without rows.
    #[must_use]
    pub fn new(columns: &[(&str, Kind)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
            rows: Vec::new(),
        }
    }

    /// Writes it as CSV.
    ///
    /// # Errors
    /// When the output does not take it, or a row has more or fewer cells than there are columns.
    pub fn write_csv(&self, out: impl Write) -> Result<(), ExportError> {
        self.check()?;
        let mut csv = csv_writer(out);
        csv.write_record(self.columns.iter().map(|(name, _)| name))?;
        for row in &self.rows {
            csv.write_record(row)?;
        }
        Ok(csv.flush()?)
    }

    /// Refuses rows of another width than the header.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        let expected = self.columns.len();
        match self.rows.iter().position(|row| row.len() != expected) {
            Some(row) => Err(ExportError::Ragged { row, expected, found: self.rows[row].len() }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_they_are_and_a_ragged_row_is_refused() {
        let mut table = Table::new(&[("clip", Kind::Text), ("trunk_mean_deg", Kind::Number)]);
        table.rows.push(vec!["a, b".to_owned(), "1.50".to_owned()]);
        table.rows.push(vec!["c".to_owned(), String::new()]);
        let mut out = Vec::new();
        table.write_csv(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "clip,trunk_mean_deg\n\"a, b\",1.50\nc,\n");
        table.rows.push(vec![String::new()]);
        assert!(matches!(
            table.write_csv(Vec::new()),
            Err(ExportError::Ragged { row: 2, expected: 2, found: 1 })
        ));
    }
}
