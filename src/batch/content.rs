//! What a clip's bytes are: its SHA-256, remembered by size and time of change so that a second run need not read it again.

use crate::digest;
use crate::store::{AtomicFile, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

/// What the disk says of a file without reading it. Where it differs, the content decides; where it does not, it is taken
/// to be the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    /// Time of change, s and ns since 1970.
    changed: (u64, u32),
}

impl Stamp {
    /// Of a file, or of everything in a folder of images.
    ///
    /// # Errors
    /// When it is not there or may not be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        let about = fs::metadata(path)?;
        let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let bytes = if about.is_dir() { images(path)?.len() as u64 } else { about.len() };
        Ok(Self { bytes, changed: (since.as_secs(), since.subsec_nanos()) })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Known {
    stamp: Stamp,
    sha256: String,
}

/// The digests known by path.
#[derive(Debug, Default)]
pub struct Contents {
    file: PathBuf,
    known: Mutex<BTreeMap<PathBuf, Known>>,
    is_new: AtomicBool,
}

impl Contents {
    /// Reads what an earlier run knew; nothing where it is missing or damaged, as it only saves time.
    #[must_use]
    pub fn open(file: PathBuf) -> Self {
        let known = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Self { file, known: Mutex::new(known.unwrap_or_default()), is_new: AtomicBool::new(false) }
    }

    /// The SHA-256 of a clip, with the stamp it had.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sha256(&self, path: &Path) -> io::Result<(Stamp, String)> {
        let truly = path.canonicalize()?;
        let stamp = Stamp::of(&truly)?;
        if let Some(known) = self.lock().get(&truly)
            && known.stamp == stamp
        {
            return Ok((stamp, known.sha256.clone()));
        }
        let sha256 =
            if truly.is_dir() { of_folder(&truly)? } else { digest::of_reader(File::open(&truly)?)?.1 };
        self.is_new.store(true, Ordering::Relaxed);
        self.lock().insert(truly, Known { stamp: stamp.clone(), sha256: sha256.clone() });
        Ok((stamp, sha256))
    }

    /// Keeps what is known for the next run, if there is anything new.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<(), StoreError> {
        if !self.is_new.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let known = self.lock().clone();
        let mut out = AtomicFile::create(&self.file)?;
        let written =
            serde_json::to_vec(&known).map_err(io::Error::from).and_then(|text| out.write_all(&text));
        written.map_err(|source| StoreError::Unwritable { path: self.file.clone(), source })?;
        out.commit().map(drop)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of_folder(folder: &Path) -> io::Result<String> {
    let mut all = String::new();
    for path in images(folder)? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let sha256 = digest::of_reader(File::open(&path)?)?.1;
        all.extend([name.as_str(), "\0", &sha256, "\n"]);
    }
    Ok(digest::of_bytes(all.as_bytes()))
}

fn images(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(|p| p.is_file()).collect();
    files.sort();
    Ok(files)
}
