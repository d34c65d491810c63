//! Results that were made elsewhere, by `sledform analyze` or `batch`, brought into the store as they are; and clips that
//! appear in a folder.

use super::clips::{self, State};
use super::database::Database;
use super::files::RESULTS;
use super::folder::{DataFolder, KIND_BYTES, kind, sync};
use super::intake::{self, Fields};
use super::outcome::{self, SUMMARY, Summary};
use super::overlay::Overlay;
use super::problem::Problem;
use super::time::is_date;
use super::told::Told;
use super::worker::RECORDING;
use crate::{digest, store};
use serde_json::{Map, Value};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 8;

/// What became of a folder of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It is a clip now; whether with its video.
    New {
        /// Whether the clip itself was found too.
        with_video: bool,
    },
    /// Its clip was there.
    Known,
}

/// Folders of results below a folder, itself included, by name.
#[must_use]
pub fn folders(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    look(below, DEEPEST, &mut found);
    found.sort();
    found
}

fn look(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if folder.join(SUMMARY).is_file() && folder.join(RECORDING).is_file() {
        found.push(folder.to_owned());
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // A link may lead back up.
        if depth > 0 && entry.file_type().is_ok_and(|t| t.is_dir()) {
            look(&entry.path(), depth - 1, found);
        }
    }
}

/// Brings one folder of results in. Judgements stay as they were made, by a profile of one's own too.
///
/// # Errors
/// When it is none, or the disk refuses.
pub fn results(folder: &DataFolder, database: &Database, from: &Path) -> Result<Brought, Problem> {
    let summary = Summary::read(from)?;
    let recording = from.join(RECORDING);
    let sha256 = match &summary.clip.sha256 {
        // It becomes the name of a folder.
        Some(hash) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            hash.to_ascii_lowercase()
        }
        _ => digest::of_reader(File::open(&recording)?)?.1,
    };
    if database.with(|c| clips::by_content(c, &sha256))?.is_some_and(|clip| clip.revision > 0) {
        return Ok(Brought::Known);
    }
    let fields = fields(&summary);
    let title = super::told::title(&summary.clip.file);
    let video = video(folder, from, &summary, &sha256)?;
    let bytes = video.as_ref().map_or(0, |(_, bytes)| *bytes);
    let row = intake::Row {
        sha256: &sha256,
        title: &title,
        video: video.as_ref().map(|(n, _)| n.as_str()),
        bytes,
        state: State::Cancelled,
    };
    copy(from, &folder.results(&sha256, 1), video.as_ref().map(|(name, _)| name.as_str()))?;
    sync(&folder.clip(&sha256));
    sync(&folder.clips());
    database.with(|c| {
        let clip = intake::insert(c, &row, &fields)?.clip;
        outcome::adopt(c, clip.id, 1, None, Overlay::Current, &summary)?;
        Ok(Brought::New { with_video: video.is_some() })
    })
}

/// Whose, when and what was told, as far as the summary has it.
fn fields(summary: &Summary) -> Fields {
    let text = |key: &str| summary.settings.get(key).and_then(Value::as_str).map(str::to_owned);
    let keys = ["style", "posture", "attachment", "load_kg", "body_mass_kg", "note"];
    let mut told: Map<String, Value> = keys
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), summary.settings.get(*key)?.clone())))
        .collect();
    if let Some(exercise) = summary.exercise.as_ref().filter(|e| e.source == "given") {
        told.insert("exercise".to_owned(), Value::from(exercise.name.clone()));
    }
    let day = summary.day().filter(|day| is_date(day));
    let athlete = text("athlete_name").and_then(|name| super::told::short_text(&name, "a name").ok());
    // What an earlier version or a profile of one's own allowed and we do not is left out.
    Fields { athlete, day, is_held: false, told: Told::default().with(&told).unwrap_or_default() }
}

/// The clip itself, where it still lies where it was analysed and is still the same: copied, with its size.
fn video(
    folder: &DataFolder,
    from: &Path,
    summary: &Summary,
    sha256: &str,
) -> Result<Option<(String, u64)>, Problem> {
    let named = Path::new(&summary.clip.file);
    let beside = from.parent().unwrap_or(from).join(named.file_name().unwrap_or_default());
    for path in [named.to_owned(), from.join(named), beside] {
        let Ok(mut file) = File::open(&path) else { continue };
        let mut beginning = Vec::new();
        if (&mut file).take(KIND_BYTES as u64).read_to_end(&mut beginning).is_err() {
            continue;
        }
        let Some(kind) = kind(&beginning) else { continue };
        let (bytes, hash) = digest::of_reader(File::open(&path)?)?;
        if hash == sha256 {
            let name = format!("clip.{kind}");
            fs::create_dir_all(folder.clip(sha256))?;
            take(&path, &folder.clip(sha256).join(&name))?;
            return Ok(Some((name, bytes)));
        }
    }
    Ok(None)
}

/// Files of known names alone. The recording says where its clip is now, so that judging again finds it.
fn copy(from: &Path, to: &Path, video: Option<&str>) -> Result<(), Problem> {
    fs::create_dir_all(to)?;
    for (name, _) in RESULTS.iter().filter(|(name, _)| *name != RECORDING && from.join(name).is_file()) {
        take(&from.join(name), &to.join(name))?;
    }
    let mut recording = store::read(from.join(RECORDING)).map_err(|e| Problem::bad(e.to_string()))?;
    if let Some(video) = video {
        recording.clip.file = PathBuf::from(video);
    }
    store::write(to.join(RECORDING), &recording).map_err(Problem::ours)?;
    sync(to);
    Ok(())
}

/// A copy of its own: the original may change.
fn take(from: &Path, to: &Path) -> Result<(), Problem> {
    fs::copy(from, to)?;
    Ok(File::open(to)?.sync_all()?)
}
