//! Which kinds of files an analysis writes.

use std::collections::BTreeSet;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Tables for people and scripts.
    Csv,
    /// Angles and strides with their metadata.
    Parquet,
    /// Keypoints, for OpenSim, Sports2D and Pose2Sim.
    Trc,
    /// Angles, for the same.
    Mot,
    /// The summary.
    Json,
}

impl Format {
    /// All, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Csv, Self::Parquet, Self::Trc, Self::Mot, Self::Json];

    /// The word a user writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Trc => "trc",
            Self::Mot => "mot",
            Self::Json => "json",
        }
    }

    /// Whether this build can write it: Parquet is a feature of its own.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        self != Self::Parquet || cfg!(feature = "parquet")
    }
}

/// The kinds of files asked for. By default all that this build can write: every file of the contract is there without
/// knowing an option, and together they cost milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formats(BTreeSet<Format>);

impl Default for Formats {
    fn default() -> Self {
        Format::ALL.into_iter().filter(|f| f.is_built_in()).collect()
    }
}

impl FromIterator<Format> for Formats {
    fn from_iter<I: IntoIterator<Item = Format>>(formats: I) -> Self {
        Self(formats.into_iter().collect())
    }
}

impl Formats {
    /// Whether it is asked for.
    #[must_use]
    pub fn contains(&self, format: Format) -> bool {
        self.0.contains(&format)
    }

    /// Asks for one more.
    #[must_use]
    pub fn with(mut self, format: Format) -> Self {
        self.0.insert(format);
        self
    }
}
