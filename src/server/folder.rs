//! The data folder: where clips, uploads and the database lie. Every path in it is made here, from hashes, numbers and our
//! own names, never from what somebody sent.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The data folder.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Opens or creates it; others of the machine may not look inside.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        let folder = Self(path);
        private(&folder.0)?;
        for inner in [folder.uploads(), folder.clips(), folder.temporary(), folder.comparisons()] {
            fs::create_dir_all(inner)?;
        }
        Ok(folder)
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("sledform.db")
    }

    /// Held while a server runs.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.0.join("server.lock")
    }

    /// Where uploads grow.
    #[must_use]
    pub fn uploads(&self) -> PathBuf {
        self.0.join("uploads")
    }

    /// One upload; `id` is one of our own tokens.
    #[must_use]
    pub fn upload(&self, id: &str) -> PathBuf {
        self.uploads().join(format!("{id}.part"))
    }

    /// Archives being made.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        self.0.join("temporary")
    }

    /// Comparisons that pages show.
    #[must_use]
    pub fn comparisons(&self) -> PathBuf {
        self.0.join("comparisons")
    }

    /// One comparison; `id` is one of our own tokens.
    #[must_use]
    pub fn comparison(&self, id: &str) -> PathBuf {
        self.comparisons().join(id)
    }

    /// All clips.
    #[must_use]
    pub fn clips(&self) -> PathBuf {
        self.0.join("clips")
    }

    /// A clip's folder, by its content.
    #[must_use]
    pub fn clip(&self, sha256: &str) -> PathBuf {
        self.clips().join(sha256)
    }

    /// Results of one analysis of a clip.
    #[must_use]
    pub fn results(&self, sha256: &str, revision: i64) -> PathBuf {
        self.clip(sha256).join(results_name(revision))
    }
}

/// Name of a results folder inside the clip's.
#[must_use]
pub fn results_name(revision: i64) -> String {
    format!("r{revision}")
}

/// Makes a folder's entries survive a power cut, where the system can.
pub fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

#[cfg(unix)]
fn private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Kinds of video taken, by how the file begins.
#[must_use]
pub fn kind(beginning: &[u8]) -> Option<&'static str> {
    let at = |place: usize, word: &[u8]| beginning.get(place..place + word.len()) == Some(word);
    if at(4, b"ftyp") {
        // QuickTime says so itself; the rest of the family plays as MP4.
        return Some(if at(8, b"qt  ") { "mov" } else { "mp4" });
    }
    if [b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|word| at(4, *word)) {
        return Some("mov");
    }
    if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        let is_webm = beginning.windows(4).take(64).any(|w| w == b"webm");
        return Some(if is_webm { "webm" } else { "mkv" });
    }
    (at(0, b"RIFF") && at(8, b"AVI ")).then_some("avi")
}

/// Bytes of a file's beginning that tell its kind.
pub const KIND_BYTES: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        assert_eq!(kind(b"\0\0\0\x18ftypmp42\0\0\0\0"), Some("mp4"));
        assert_eq!(kind(b"\0\0\0\x14ftypqt  \0\0\0\0"), Some("mov"));
        assert_eq!(kind(b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"), Some("mkv"));
        assert_eq!(kind(b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm"), Some("webm"));
        assert_eq!(kind(b"RIFF\x24\x08\0\0AVI LIST"), Some("avi"));
        for none in [&b""[..], b"<html>", b"PK\x03\x04", b"%PDF-1.7", b"RIFF\x24\x08\0\0WAVEfmt ", b"\x7fELF"]
        {
            assert_eq!(kind(none), None);
        }
    }
}
