//! What an analysis hands on: tables as CSV and Parquet, motion as TRC and MOT, the summary as JSON. Rows here are plain; whoever fills them knows the science.
//!
//! Everything writes to any `Write`; that a file appears whole or not at all is `store`'s business.

mod cell;
#[cfg(feature = "parquet")]
pub mod columnar;
pub mod comparison;
mod formats;
pub mod frames;
#[cfg(feature = "parquet")]
mod meaning;
pub mod mot;
pub mod read;
mod rounded;
pub mod summary;
pub mod tables;
pub mod tidy;
pub mod trc;

pub use formats::{Format, Formats};

/// Why a table or a summary could not be written or read back.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The output would not take it.
    #[error("cannot write the table: {0}")]
    Csv(#[from] csv::Error),
    /// The output would not take it.
    #[error("cannot write the output: {0}")]
    Io(#[from] std::io::Error),
    /// The Parquet table could not be written.
    #[cfg(feature = "parquet")]
    #[error("cannot write the Parquet table: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The summary could not be written or is not one.
    #[error("cannot write or read the summary: {0}")]
    Json(#[from] serde_json::Error),
    /// A table that is read is another.
    #[error("{what}")]
    Foreign {
        /// What is wrong with it.
        what: String,
    },
    /// A row of another width than its header: our own mistake, caught before it becomes a wrong table.
    #[error("row {row} has {found} values for {expected} columns")]
    Ragged {
        /// Row, from 0.
        row: usize,
        /// Columns of the header.
        expected: usize,
        /// Values of the row.
        found: usize,
    },
}
