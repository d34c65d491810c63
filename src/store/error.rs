//! What can go wrong with a file: not there, not ours, newer, damaged, or the disk itself.

use std::io;
use std::path::PathBuf;

/// Why a recording or another output could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such file.
    #[error("there is no recording at {}; check the path", path.display())]
    NotThere {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The operating system would not let it be read.
    #[error("cannot read {}: {source}; check that it is a file and may be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something else than a recording.
    #[error(
        "{} is not a sledform recording: {what}; give a video, or a recording.jsonl.zst written by sledform",
        path.display()
    )]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// What it is or lacks.
        what: String,
    },
    /// A recording of a version yet to come.
    #[error(
        "{} was written by a newer sledform: version {found}, this one reads {reads}; update sledform",
        path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version read here.
        reads: u32,
    },
    /// A recording that was cut off or changed after it was written.
    #[error(
        "{} is damaged at line {line} ({what}); the {frames} frames before are whole; copy it again from where \
         it came, or make it again from the clip",
        path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Line of the decompressed text, from 1 (the header).
        line: usize,
        /// Frames that were read before.
        frames: usize,
        /// What is wrong there.
        what: String,
    },
    /// Frames given out of order.
    #[error(
        "frame {frame} at {time_s} s does not follow the frame before it in {}; give frames in order of time",
        path.display()
    )]
    OutOfOrder {
        /// Which file was being written.
        path: PathBuf,
        /// The frame's index.
        frame: usize,
        /// The frame's time, s.
        time_s: f64,
    },
    /// A file where a folder is needed.
    #[error("{} is a file; give a folder for the results", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}; check the folder, its permissions and free space", path.display())]
    Unwritable {
        /// Which file, by its final name.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
