//! What is kept on disk: recordings, and files that appear whole or not at all.
//!
//! A recording is `recording.jsonl.zst`, zstd-compressed JSON lines: a self-describing header, one line per frame, and a
//! last line that says it is complete. Tables and reports are `export`'s and `report`'s business.

pub mod atomic;
mod error;
mod frame_row;
mod reader;
mod rows;
mod writer;

pub use atomic::{AtomicFile, AtomicPath, OutputFolder};
pub use error::StoreError;
pub use frame_row::as_stored;
pub use reader::read;

pub use writer::{RecordingWriter, write};

/// What the header of every recording begins with; a whole number, the version, follows.
pub const FORMAT: &str = "sledform.recording/";

/// The version written, and the newest one read.
pub const VERSION: u32 = 1;

/// The file's usual name in a folder of results.
pub const FILE_NAME: &str = "recording.jsonl.zst";

/// Whether a path looks like a recording by its name.
#[must_use]
pub fn is_recording_name(path: &std::path::Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".jsonl.zst"))
}

#[cfg(test)]
mod tests;
