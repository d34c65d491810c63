//! Stable pseudonyms for athletes and clips: a keyed digest. The key and the true names stay in the private folder.

use super::Clip;
use super::discover::is_video;
use crate::digest;
use crate::store::{AtomicFile, StoreError};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Hexadecimal digits of a pseudonym: 40 bits, so that of a thousand names no two are alike but once in two million.
const DIGITS: usize = 10;

/// The key that makes pseudonyms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key of a file; a new one is made where there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made.
    pub fn of(file: &Path) -> Result<Self, StoreError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self(text.trim().to_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let key = Self(random());
                if let Some(folder) = file.parent() {
                    std::fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
                }
                let mut out = AtomicFile::create(file)?;
                writeln!(out, "{}", key.0).map_err(|source| unwritable(file, source))?;
                out.commit()?;
                Ok(key)
            }
            Err(source) => Err(StoreError::Unreadable { path: file.to_owned(), source }),
        }
    }

    /// The pseudonym of a name, with what it is the name of before it. Capitals and spaces at the ends make no difference.
    #[must_use]
    pub fn pseudonym(&self, of: &str, name: &str) -> String {
        let digest = digest::of_bytes(format!("{}\n{of}\n{}", self.0, name.trim().to_lowercase()).as_bytes());
        format!("{of}-{}", &digest[..DIGITS])
    }
}

/// Whether a clip's name is a pseudonym as [`anonymise`] makes them.
#[must_use]
pub fn is_of_clip(name: &str) -> bool {
    let digits =
        name.strip_prefix("clip-").map(|rest| rest.split_once('.').map_or(rest, |(digits, _)| digits));
    let is_digest =
        |digits: &str| digits.len() == DIGITS && digits.bytes().all(|d| b"0123456789abcdef".contains(&d));
    !name.contains('/') && digits.is_some_and(is_digest)
}

/// 256 bits of the system's randomness, which the standard library draws on for its hash maps.
fn random() -> String {
    let words: Vec<u8> = (0..4u8).flat_map(|i| RandomState::new().hash_one(i).to_be_bytes()).collect();
    digest::of_bytes(&words)
}

/// Replaces the names of athletes and clips, and leaves notes out, as they name people too. True names by pseudonym.
#[must_use]
pub fn anonymise(clips: Vec<Clip>, key: &Key) -> (Vec<Clip>, BTreeMap<String, String>) {
    let mut names = BTreeMap::new();
    let mut hide = |of: &str, name: &str| {
        let pseudonym = key.pseudonym(of, name);
        names.insert(pseudonym.clone(), name.to_owned());
        pseudonym
    };
    let mut hidden: Vec<Clip> = Vec::new();
    for Clip { name, mut job } in clips {
        let alias = hide("clip", &name) + &ending(&name);
        job.facts.athlete_name = job.facts.athlete_name.map(|athlete| hide("athlete", &athlete));
        job.facts.note = None;
        job.results.told = job.facts.told();
        job.alias = Some(PathBuf::from(&alias));
        hidden.push(Clip { name: alias, job });
    }
    hidden.sort_by(|a, b| a.name.cmp(&b.name));
    (hidden, names)
}

/// Endings of what is no video and may be a clip all the same: recordings and keypoints of other tools.
const ENDINGS: [&str; 4] = ["zst", "json", "csv", "trc"];

/// The ending by which a clip is told to be one, with its dot; what else follows a dot may be a name.
fn ending(clip: &str) -> String {
    let path = Path::new(clip);
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_known = is_video(path) || ENDINGS.contains(&ending.as_str());
    if is_known { format!(".{ending}") } else { String::new() }
}

/// Adds true names to the file that keeps them.
///
/// # Errors
/// When it cannot be written.
pub fn keep(file: &Path, names: &BTreeMap<String, String>) -> Result<(), StoreError> {
    let wrong = |e: csv::Error| unwritable(file, io::Error::from(e));
    let mut all = names.clone();
    if let Ok(mut before) = csv::Reader::from_path(file) {
        all.extend(before.records().flatten().map(|row| (row[0].to_owned(), row[1].to_owned())));
    }
    let mut csv = csv::Writer::from_writer(AtomicFile::create(file)?);
    csv.write_record(["pseudonym", "name"]).map_err(wrong)?;
    for (pseudonym, name) in &all {
        csv.write_record([pseudonym, name]).map_err(wrong)?;
    }
    let out = csv.into_inner().map_err(|e| unwritable(file, io::Error::other(e.to_string())))?;
    out.commit().map(drop)
}

fn unwritable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Unwritable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_stay_and_differ_from_key_to_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = Key::of(&folder.path().join("a/key")).expect("a key is made");
        assert_eq!(Key::of(&folder.path().join("a/key")).expect("and read again"), key);
        let other = Key::of(&folder.path().join("b/key")).expect("a key is made");
        assert_eq!(key.pseudonym("athlete", "Kim"), key.pseudonym("athlete", " KIM "));
        assert_ne!(key.pseudonym("athlete", "Kim"), key.pseudonym("athlete", "Kin"));
        assert_ne!(key.pseudonym("athlete", "Kim"), key.pseudonym("clip", "Kim"));
        assert_ne!(key.pseudonym("athlete", "Kim"), other.pseudonym("athlete", "Kim"));
        assert!(!key.pseudonym("athlete", "Kim").to_lowercase().contains("kim"));
        for (clip, kept) in
            [("Kim.MOV", ".mov"), ("push.Kim Lee", ""), ("a.recording.jsonl.zst", ".zst"), ("a", "")]
        {
            assert_eq!(ending(clip), kept, "{clip}");
        }
        assert!(is_of_clip(&(key.pseudonym("clip", "Kim.MP4") + ".mp4")));
        assert!(!["Kim.mp4", "clip-12.mp4", "clip-0123456789 (2).mp4"].into_iter().any(is_of_clip));
    }

    #[test]
    fn true_names_are_kept_from_run_to_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("names.csv");
        let one = |pseudonym: &str, name: &str| BTreeMap::from([(pseudonym.to_owned(), name.to_owned())]);
        keep(&file, &one("athlete-2", "Kim, \"K\"")).expect("kept");
        keep(&file, &one("athlete-1", "Åsa")).expect("kept");
        let text = std::fs::read_to_string(&file).expect("it is there");
        assert_eq!(text, "pseudonym,name\nathlete-1,Åsa\nathlete-2,\"Kim, \"\"K\"\"\"\n");
    }
}
