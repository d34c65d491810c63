//! Many clips: which of them are new, several in work at once on one set of workers, and what came of each.
//!
//! One bad clip never hides the others, and a run that was cut off goes on where it was. Results are keyed by the clip's bytes
//! and by everything that decides them; how one clip is done is `job`'s business.

mod content;
pub mod discover;
pub mod entry;
pub mod exercise;
pub mod folder;
pub mod guess;
pub mod list;
mod names;
mod plan;
pub mod pseudonym;
mod run;
pub mod shard;
mod sheet;
pub mod team;
mod work;

pub use entry::{Entry, Status};
pub use names::check as check_names;
pub use run::run;

use crate::clip::ClipError;
use crate::job::{JobProgress, JobSettings};
use crate::store::StoreError;
use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// A clip of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    /// Its name, unique in the batch, `/` between folders.
    pub name: String,
    /// How it is analysed; `out` is not used.
    pub job: JobSettings,
}

/// The clips with a number after names that others bear before them.
#[must_use]
pub fn named_apart(mut clips: Vec<Clip>) -> Vec<Clip> {
    let mut taken = BTreeSet::new();
    for clip in &mut clips {
        clip.name = discover::free_name(&clip.name, &mut taken);
    }
    clips
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The clips, in the order in which they are begun.
    pub clips: Vec<Clip>,
    /// The output folder.
    pub out: PathBuf,
    /// Whether athletes and clips bear pseudonyms.
    pub anonymous: bool,
    /// Workers, one core each, shared by all clips. All clips are watched in the quality of the first.
    pub workers: NonZeroUsize,
    /// Whether results that are there are kept.
    pub repeat: Repeat,
    /// What a clip that fails means for the others.
    pub failures: Failures,
}

/// Whether results that are there are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// What is new or changed is done.
    #[default]
    Changed,
    /// Everything is done again.
    All,
}

/// What a clip that fails means for the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Failures {
    /// They are done.
    #[default]
    GoOn,
    /// No other clip is begun.
    Stop,
}

/// How much had to be done for a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// It was watched.
    Watched,
    /// It had been watched under another name or for other settings; only the rest was done again.
    Analysed,
    /// Nothing: its results are there.
    Unchanged,
}

impl Effort {
    /// As written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Watched => "watched",
            Self::Analysed => "analysed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What happens, as it happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// Work on a clip began.
    Began {
        /// Its name, or its pseudonym.
        clip: String,
    },
    /// It is so far.
    Progress {
        /// Its name, or its pseudonym.
        clip: String,
        /// How far.
        progress: JobProgress,
    },
    /// It is over for this clip.
    Ended {
        /// What came of it.
        entry: Box<Entry>,
        /// How much was done.
        effort: Effort,
    },
}

/// What came of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchOutcome {
    /// What came of each clip, in the batch's order; those not reached are missing.
    pub entries: Vec<Entry>,
    /// Whether it was cut short, by `cancel` or by the first failure; it goes on when started again.
    pub interrupted: bool,
    /// What of the folder's results must be known before they are read, in sentences.
    pub notices: Vec<String>,
}

/// Why a batch could not go on. What was finished is kept, and the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Nothing is at an input.
    #[error("{} does not exist; check the path", path.display())]
    NoInput {
        /// The input.
        path: PathBuf,
    },
    /// A pattern that is none, or that nothing fits.
    #[error("no clips for the pattern {pattern:?}: {why}; write it like 'clips/*.mp4', in quotes")]
    Pattern {
        /// As given.
        pattern: String,
        /// What is wrong.
        why: String,
    },
    /// A list with mistakes.
    #[error("{} cannot be used:\n       {mistakes}", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// Each in a line of its own.
        mistakes: String,
    },
    /// A profile of the user's own that is for none of the clips.
    #[error(
        "the profile {profile} judges no clip: it is for {exercise}, and every row names another exercise; name {exercise} or {profile} in the column exercise, or leave --profile out"
    )]
    ProfileUnused {
        /// Its name.
        profile: String,
        /// The exercise that it is for.
        exercise: String,
    },
    /// A table of the team could not be made.
    #[error("the team's tables could not be made: {0}; check the folder's permissions and free space")]
    Team(#[from] crate::export::ExportError),
    /// A folder that may not be read.
    #[error("{} cannot be read: {source}; check its permissions", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another run is at work.
    #[error("another sledform is at work in {}; wait until it is done, or give another --out", out.display())]
    Busy {
        /// The output folder.
        out: PathBuf,
    },
    /// Pseudonyms into a folder with names.
    #[error(
        "{} holds results with the names of athletes and clips, made without --anonymise: log, tables and page would go on showing them; give another --out",
        out.display()
    )]
    Named {
        /// The output folder.
        out: PathBuf,
    },
    /// Names into a folder with pseudonyms.
    #[error("{} holds results made with --anonymise, and names would come beside the pseudonyms; give another --out, or --anonymise", out.display())]
    Anonymous {
        /// The output folder.
        out: PathBuf,
    },
    /// Names and pseudonyms in one folder.
    #[error("{} holds both names and pseudonyms, and equal clips may tell whose the pseudonyms are; give another --out, and do not hand this folder on", out.display())]
    BothNames {
        /// The output folder.
        out: PathBuf,
    },
    /// Folders with names and folders with pseudonyms that were to be put together.
    #[error(
        "{} holds names and {} pseudonyms: put together, equal clips would tell whose the pseudonyms are; collect each kind for itself",
        named.display(),
        anonymous.display()
    )]
    NamesTogether {
        /// The first with names.
        named: PathBuf,
        /// The first with pseudonyms.
        anonymous: PathBuf,
    },
    /// The output folder cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The models cannot be loaded.
    #[error(transparent)]
    Models(#[from] ClipError),
    /// What stands in the way of one clip stands in the way of all.
    #[error("{reason}. The batch stopped at {clip}; mend that and start it again, and it goes on from there")]
    Stopped {
        /// The clip at which it stopped.
        clip: String,
        /// What is in the way.
        reason: String,
    },
}
