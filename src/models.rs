//! Where the pose models, the ONNX Runtime library and the parts of pages are, whether they are what they should be, and how
//! to get them.
//!
//! It leaves running a model to `inference`, and fetching and converting to `scripts/fetch-models`.

mod home;
mod manifest;

pub use home::{HOME_VARIABLE, RUNTIME_VARIABLE, home};
pub use manifest::{Input, Manifest, Model, Registry, Role, Runtime, Source, StoredFile, manifest};

use crate::digest;
use std::env::consts::ARCH;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// What set-up and fetching run, below the repository.
const FETCH_SCRIPT: &str = "scripts/fetch-models";

/// A file that is there and has the hash it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where it is.
    pub path: PathBuf,
    /// Its size, bytes.
    pub bytes: u64,
}

/// What is wrong with a model or with the library.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Nothing of this name in the manifest.
    #[error("there is no model {name}; known are {}", .known.join(", "))]
    Unknown {
        /// As it was asked for.
        name: String,
        /// Names in the manifest.
        known: Vec<String>,
    },
    /// No library is pinned for this machine.
    #[error(
        "no ONNX Runtime library is known for processor {architecture}: name one of your own in {RUNTIME_VARIABLE}"
    )]
    NoRuntime {
        /// This machine's processor.
        architecture: String,
    },
    /// The library that the user named is not there.
    #[error("{RUNTIME_VARIABLE} names {}, which is not there: correct it, or unset it to use the library that `./run` fetched", .path.display())]
    OwnRuntimeMissing {
        /// What was named.
        path: PathBuf,
    },
    /// The file is not there.
    #[error("{name} is not at {}: run `./run models fetch`", .path.display())]
    Missing {
        /// Model or library.
        name: String,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not the one the manifest names.
    #[error(
        "{} has the wrong hash (expected {expected}, actual {actual}): run `./run models fetch`",
        .path.display()
    )]
    WrongHash {
        /// Where it is.
        path: PathBuf,
        /// SHA-256 in the manifest.
        expected: String,
        /// SHA-256 of the file.
        actual: String,
    },
    /// The program is not beside its repository any more.
    #[error(
        "{} is not there: fetch the models in a checkout of sledform, then set {HOME_VARIABLE} to its .sledform folder",
        .path.display()
    )]
    NoScript {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The script could not be started.
    #[error("{} could not be started: {source}", .path.display())]
    NotStarted {
        /// The script.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The script failed and said why on standard error.
    #[error("the models were not fetched ({status}); the reason is above")]
    NotFetched {
        /// How the script ended.
        status: ExitStatus,
    },
}

/// The ONNX file of a model. Its hash is not checked; that is [`verify`]'s.
///
/// # Errors
/// When the manifest has no such model or the file is not there.
pub fn locate(name: &str) -> Result<PathBuf, ModelError> {
    let model = manifest().model(name).ok_or_else(|| ModelError::Unknown {
        name: name.to_owned(),
        known: manifest().models.iter().map(|model| model.stored.name.clone()).collect(),
    })?;
    existing(&model.stored, &home())
}

/// The ONNX Runtime library for this machine. Its hash is not checked; that is [`verify`]'s.
///
/// # Errors
/// When the one named by the user is not there, or without one, when none is pinned for this processor or was fetched.
pub fn locate_runtime() -> Result<PathBuf, ModelError> {
    if let Some(path) = home::runtime_of_ones_own() {
        return if path.is_file() { Ok(path) } else { Err(ModelError::OwnRuntimeMissing { path }) };
    }
    existing(&runtime()?.stored, &home())
}

/// The manifest's entry of the ONNX Runtime library for this machine.
///
/// # Errors
/// When none is pinned for this processor.
pub fn runtime() -> Result<&'static Runtime, ModelError> {
    manifest().runtime(ARCH).ok_or_else(|| ModelError::NoRuntime { architecture: ARCH.to_owned() })
}

/// The text of a part of a page, checked: what is put into a page runs in somebody's browser.
///
/// # Errors
/// When the manifest has no such part, or the file is missing, cannot be read or is another.
pub fn page_part(name: &str) -> Result<String, ModelError> {
    let stored = manifest().page(name).ok_or_else(|| ModelError::Unknown {
        name: name.to_owned(),
        known: manifest().pages.iter().map(|stored| stored.name.clone()).collect(),
    })?;
    part_in(stored, &home())
}

/// Checks that a file is there and has the SHA-256 of the manifest.
///
/// # Errors
/// When it is missing, cannot be read, or is another file; the latter says file, expected and actual.
pub fn verify(stored: &StoredFile) -> Result<Verified, ModelError> {
    verify_in(stored, &home())
}

/// Fetches, checks and converts what is missing or wrong, through the same script as set-up. The script says on
/// standard error what it does. Does nothing, without a network, if all is right.
///
/// # Errors
/// When the repository's script is not there, cannot be started, or fails.
pub fn fetch() -> Result<(), ModelError> {
    fetch_with(&home::repository().join(FETCH_SCRIPT))
}

fn fetch_with(script: &Path) -> Result<(), ModelError> {
    if !script.is_file() {
        return Err(ModelError::NoScript { path: script.to_owned() });
    }
    let status = Command::new(script)
        .stdout(Stdio::null())
        .status()
        .map_err(|source| ModelError::NotStarted { path: script.to_owned(), source })?;
    if status.success() { Ok(()) } else { Err(ModelError::NotFetched { status }) }
}

fn existing(stored: &StoredFile, home: &Path) -> Result<PathBuf, ModelError> {
    let path = home.join(&stored.file);
    if path.is_file() { Ok(path) } else { Err(ModelError::Missing { name: stored.name.clone(), path }) }
}

fn verify_in(stored: &StoredFile, home: &Path) -> Result<Verified, ModelError> {
    let path = existing(stored, home)?;
    match hash(&path) {
        Err(source) => Err(ModelError::Unreadable { path, source }),
        Ok((bytes, actual)) if actual == stored.sha256 => Ok(Verified { path, bytes }),
        Ok((_, actual)) => Err(ModelError::WrongHash { path, expected: stored.sha256.clone(), actual }),
    }
}

fn part_in(stored: &StoredFile, home: &Path) -> Result<String, ModelError> {
    let path = existing(stored, home)?;
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|source| ModelError::Unreadable { path: path.clone(), source })?;
    let actual = digest::of_bytes(text.as_bytes());
    if actual == stored.sha256 {
        return Ok(text);
    }
    Err(ModelError::WrongHash { path, expected: stored.sha256.clone(), actual })
}

/// Size in bytes and SHA-256.
fn hash(path: &Path) -> io::Result<(u64, String)> {
    digest::of_reader(File::open(path)?)
}

#[cfg(test)]
mod tests;
