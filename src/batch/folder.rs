//! The output folder of a batch: where things lie in it, who may write, and how results appear whole or not at all.
//!
//! ```text
//! OUT/clips/NAME.sledform/   the results of a clip, with clip.json; written as .NAME.sledform.partial, then renamed
//! OUT/.sledform/             of this machine alone: the lock, what is known of the clips' bytes, true names
//! ```

use super::BatchError;
use super::discover::RESULTS;
use super::entry::{ENTRY, Entry};
use crate::digest;
use crate::store::{AtomicFile, OutputFolder, StoreError};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Results of the clips.
pub const CLIPS: &str = "clips";
/// What happened when, of all runs.
pub const LOG: &str = "batch.log";
/// What belongs to this machine: not to be handed on.
pub const PRIVATE: &str = ".sledform";

/// Marks results that are being written …
const PARTIAL: &str = ".partial";
/// … and results that are being replaced.
const OLD: &str = ".old";

/// Names of files and folders may have 255 bytes on the usual disks; beside the clip's name stand a dot and two endings.
const LONGEST_NAME_BYTES: usize = 200;

/// The output folder, locked for this run.
#[derive(Debug)]
pub struct BatchFolder {
    root: PathBuf,
    /// Held while this lives; the system lets go of it however the process ends.
    _lock: File,
}

impl BatchFolder {
    /// Makes the folder, locks it, and tidies up what an interrupted run left.
    ///
    /// # Errors
    /// When it cannot be written, or another run works in it.
    pub fn open(root: &Path) -> Result<Self, BatchError> {
        OutputFolder::check(root)?;
        let private = root.join(PRIVATE);
        for folder in [&private, &root.join(CLIPS)] {
            fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
        }
        let path = private.join("lock");
        let lock = File::create(&path).map_err(|source| unwritable(&path, source))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BatchError::Busy { out: root.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(unwritable(&path, source).into()),
        }
        let folder = Self { root: root.to_owned(), _lock: lock };
        OutputFolder::create(&private)?;
        OutputFolder::create(root)?;
        settle(&root.join(CLIPS))?;
        Ok(folder)
    }

    /// A file of this machine alone.
    #[must_use]
    pub fn private(&self, name: &str) -> PathBuf {
        self.root.join(PRIVATE).join(name)
    }

    /// Where a clip's results lie or will lie.
    #[must_use]
    pub fn of_clip(&self, name: &str) -> PathBuf {
        self.root.join(results_path(name))
    }

    /// A new folder to write a clip's results into.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn partial(&self, name: &str) -> Result<PathBuf, StoreError> {
        let partial = beside(&self.of_clip(name), PARTIAL);
        remove(&partial)?;
        fs::create_dir_all(&partial).map_err(|source| unwritable(&partial, source))?;
        Ok(partial)
    }

    /// Completes results with their entry and gives them their name; results of the same name are replaced.
    ///
    /// # Errors
    /// When the disk refuses; the results before stay.
    pub fn publish(&self, name: &str, entry: &Entry) -> Result<PathBuf, StoreError> {
        let target = self.of_clip(name);
        let partial = beside(&target, PARTIAL);
        let mut file = AtomicFile::create(partial.join(ENTRY))?;
        let written = file.write_all(entry.text().as_bytes());
        written.map_err(|source| unwritable(&partial.join(ENTRY), source))?;
        file.commit()?;
        put_in_place(&partial, &target)?;
        Ok(target)
    }

    /// Every folder of results with its entry, in order of its path.
    #[must_use]
    pub fn entries(&self) -> Vec<(PathBuf, Entry)> {
        entries(&self.root)
    }

    /// Removes results, and the folders above that are then empty.
    ///
    /// # Errors
    /// When they may not be removed.
    pub fn remove(&self, results: &Path) -> Result<(), StoreError> {
        remove(results)?;
        let clips = self.root.join(CLIPS);
        let above =
            results.ancestors().skip(1).take_while(|folder| folder.starts_with(&clips) && **folder != clips);
        for folder in above {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// Every folder of results below the output folder of a batch, with its entry, in order of its path.
#[must_use]
pub fn entries(root: &Path) -> Vec<(PathBuf, Entry)> {
    let mut found = Vec::new();
    for folder in results_below(&root.join(CLIPS)) {
        if let Some(entry) = Entry::read(&folder) {
            found.push((folder, entry));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The names of all clips with results below the output folder of a batch, whatever version left them, as the disk took them.
#[must_use]
pub fn names(root: &Path) -> Vec<String> {
    let clips = root.join(CLIPS);
    let name =
        |path: &PathBuf| Some(path.strip_prefix(&clips).ok()?.to_str()?.strip_suffix(RESULTS)?.to_owned());
    // A name that is no text is no pseudonym either.
    results_below(&clips).iter().map(|path| name(path).unwrap_or_default()).collect()
}

/// Where the results of a clip lie below the output folder.
#[must_use]
pub fn results_path(name: &str) -> PathBuf {
    let mut path = PathBuf::from(CLIPS);
    let mut parts: Vec<String> = name.split('/').map(shortened).collect();
    if let Some(last) = parts.last_mut() {
        last.push_str(RESULTS);
    }
    path.extend(parts);
    path
}

/// A part of a name as a disk takes it: cut where too long, and then with a digest to stay different from others.
fn shortened(part: &str) -> String {
    let clean: String =
        part.chars().map(|c| if c.is_control() || "\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    if clean == part && clean.len() <= LONGEST_NAME_BYTES && !clean.ends_with(['.', ' ']) {
        return clean;
    }
    let mut end = clean.len().min(LONGEST_NAME_BYTES - 20);
    while !clean.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}~{}", &clean[..end], &digest::of_bytes(part.as_bytes())[..8])
}

fn results_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in folders_in(folder) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if name.ends_with(RESULTS) { found.push(path) } else { found.extend(results_below(&path)) }
    }
    found
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries.filter(is_folder).map(|entry| entry.path()).collect()
}

/// Finishes what an interrupted run had written whole, and removes the rest.
fn settle(folder: &Path) -> Result<(), StoreError> {
    for path in folders_in(folder) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let target = |ending: &str| Some(path.with_file_name(name.strip_prefix('.')?.strip_suffix(ending)?));
        if let Some(target) = target(OLD) {
            // The new results take the place below, if they were whole.
            if target.exists() || beside(&target, PARTIAL).join(ENTRY).is_file() {
                remove(&path)?;
            } else {
                fs::rename(&path, &target).map_err(|source| unwritable(&target, source))?;
            }
        } else if let Some(target) = target(PARTIAL) {
            if path.join(ENTRY).is_file() { put_in_place(&path, &target)? } else { remove(&path)? }
        } else if !name.ends_with(RESULTS) {
            settle(&path)?;
        }
    }
    Ok(())
}

fn put_in_place(partial: &Path, target: &Path) -> Result<(), StoreError> {
    let old = beside(target, OLD);
    remove(&old)?;
    let refused = |source| unwritable(target, source);
    if target.exists() {
        fs::rename(target, &old).map_err(refused)?;
    }
    fs::rename(partial, target).map_err(refused)?;
    if let Some(Ok(folder)) = target.parent().map(File::open) {
        // Some systems cannot sync a folder; the content is on the disk anyway.
        folder.sync_all().ok();
    }
    remove(&old)
}

/// `.NAME` with an ending, beside `NAME`.
fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(ending);
    target.with_file_name(name)
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(unwritable(folder, source)),
        _ => Ok(()),
    }
}

fn unwritable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Unwritable { path: path.to_owned(), source }
}
