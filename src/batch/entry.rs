//! `clip.json`, one in every folder of results of a batch: what came of the clip, and of which bytes and settings it came.
//!
//! It is written last, so that a folder that has one is whole.

use crate::export::summary::WarningSummary;
use crate::frame::Warning;
use crate::job::JobSettings;
use crate::models;
use crate::results;
use crate::settings::Quality;
use crate::{digest, technique};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::path::Path;

/// The file's name.
pub const ENTRY: &str = "clip.json";
/// What `schema` says. The number rises when clips are judged otherwise or more is said of them: those of a number before are
/// judged again, from their recordings.
pub const SCHEMA: &str = "sledform.clip/2";
/// What it said before.
const BEFORE: [&str; 1] = ["sledform.clip/1"];

/// What came of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Results are there and say something of the technique.
    Done,
    /// Results are there, and nothing could be judged.
    NotJudged,
    /// There are no results.
    Failed,
}

impl Status {
    /// As written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotJudged => "not_judged",
            Self::Failed => "failed",
        }
    }

    /// As said.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotJudged => "not judged",
            Self::Done | Self::Failed => self.name(),
        }
    }
}

/// What is kept of a clip. Equal input gives equal bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// [`SCHEMA`].
    pub schema: String,
    /// Name of the clip in the batch, or its pseudonym.
    pub clip: String,
    /// What came of it.
    pub status: Status,
    /// Why there are no results or nothing was judged, and what to do.
    pub reason: Option<String>,
    /// Its grave warnings; the others stand in its report.
    #[serde(default)]
    pub warnings: Vec<WarningSummary>,
    /// Of the clip's bytes; none where they could not be read.
    pub sha256: Option<String>,
    /// Where the part begins that was asked for, s; none for the clip's beginning.
    #[serde(default)]
    pub start_s: Option<f64>,
    /// Where it ends, s; none for the clip's end.
    #[serde(default)]
    pub end_s: Option<f64>,
    /// What the user told of the set.
    pub told: BTreeMap<String, serde_json::Value>,
    /// Digest of the clip's bytes, the models and the settings that decide what is seen.
    pub seen_key: Option<String>,
    /// Digest of all that decides the results, the clip's name included; none where another try may end differently.
    pub key: Option<String>,
}

impl Entry {
    /// Reads the entry of a folder of results; none where there is none, or of a later version. One of a version before is as it
    /// was, but its results are not those that would be made now: it has no [`Entry::key`].
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        let mut entry: Self = serde_json::from_slice(&std::fs::read(folder.join(ENTRY)).ok()?).ok()?;
        if BEFORE.contains(&entry.schema.as_str()) {
            entry.key = None;
            return Some(entry);
        }
        (entry.schema == SCHEMA).then_some(entry)
    }

    /// Those of the warnings that who looks at many clips is told at once.
    pub fn grave<'a>(warnings: impl Iterator<Item = &'a Warning>) -> Vec<WarningSummary> {
        warnings.filter(|warning| warning.is_grave()).map(WarningSummary::from).collect()
    }

    /// Its warnings in words, a few sentences; empty where there are none.
    #[must_use]
    pub fn warned(&self) -> String {
        self.warnings.iter().map(WarningSummary::in_words).collect::<Vec<_>>().join(" ")
    }

    /// As written.
    #[must_use]
    pub fn text(&self) -> String {
        // Maps with text as keys and plain values cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// What results are known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Of the recording.
    pub seen: String,
    /// Of everything.
    pub all: String,
}

impl Keys {
    /// For a clip of this name and content.
    #[must_use]
    pub fn new(name: &str, sha256: &str, settings: &JobSettings) -> Self {
        let seen = digest::of_bytes(
            format!("{sha256}\n{}\n{}", settings.seen_by(), programs(settings.watch.quality)).as_bytes(),
        );
        let profiles: Vec<&str> = technique::names().filter_map(technique::text).collect();
        let profiles = digest::of_bytes(profiles.concat().as_bytes());
        // What draws the report's plots, which may have been missing before.
        let charts = digest::of_bytes(format!("{:?}", results::charts().ok()).as_bytes());
        let all = format!("{seen}\n{name}\n{}\n{profiles}\n{charts}", settings.made_by());
        Self { all: digest::of_bytes(all.as_bytes()), seen }
    }
}

/// The program and the models, by what they are.
fn programs(quality: Quality) -> String {
    let manifest = models::manifest();
    let model = |name: &str| manifest.model(name).map_or("", |m| &m.stored.sha256);
    let runtime = manifest.runtime(ARCH).map_or("", |r| &r.stored.sha256);
    let (pose, detector) = (model(quality.model()), model(crate::clip::DETECTOR));
    format!("{} {pose} {detector} {runtime}", env!("CARGO_PKG_VERSION"))
}
