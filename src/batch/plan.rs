//! `batch.json` in the output folder: what the last run there was to do, so that nobody takes what lies in the folder for that.
//!
//! It says nothing of results: those say for themselves what they are (`entry`).

use super::Clip;
use crate::store::{AtomicFile, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// The file's name.
const PLAN: &str = "batch.json";
/// What `schema` says.
const SCHEMA: &str = "sledform.batch/1";

/// What a run was to do. Equal input gives equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// [`SCHEMA`].
    schema: String,
    /// Whether athletes and clips bear pseudonyms.
    pub anonymous: bool,
    /// The names of its clips, or their pseudonyms.
    pub clips: BTreeSet<String>,
    /// Those that it did not get to, as far as it could still say so: what lies there of them is of an earlier run.
    pub not_reached: BTreeSet<String>,
}

impl Plan {
    /// Of a run over these clips, which may be none of a shard.
    #[must_use]
    pub fn new(clips: &[Clip], anonymous: bool) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            anonymous,
            clips: clips.iter().map(|clip| clip.name.clone()).collect(),
            not_reached: BTreeSet::new(),
        }
    }

    /// Of the last run into an output folder; none where there was none, or one by an older version.
    #[must_use]
    pub fn read(out: &Path) -> Option<Self> {
        let plan: Self = serde_json::from_slice(&std::fs::read(out.join(PLAN)).ok()?).ok()?;
        (plan.schema == SCHEMA).then_some(plan)
    }

    /// Writes it into an output folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, out: &Path) -> Result<(), StoreError> {
        let path = out.join(PLAN);
        let mut file = AtomicFile::create(&path)?;
        // Sets of text cannot fail.
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        file.write_all(text.as_bytes()).map_err(|source| StoreError::Unwritable { path, source })?;
        file.commit().map(drop)
    }
}
