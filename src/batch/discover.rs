//! Which clips there are: files, folders and patterns to a list without repetitions, in an order that is always the same.
//!
//! Hidden files and folders, folders of results and loops of links are passed over.

use super::BatchError;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A clip that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its name within what was given, `/` between folders.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Endings of the videos that are looked for in folders; a file named outright may have any.
const VIDEOS: [&str; 14] =
    ["mp4", "mov", "m4v", "avi", "mkv", "webm", "mpg", "mpeg", "mts", "m2ts", "3gp", "wmv", "flv", "ogv"];

/// The ending of a folder of results.
pub(super) const RESULTS: &str = ".sledform";

/// Everything below `inputs`: files, folders and patterns such as `clips/*.mp4`. `out` is passed over.
///
/// # Errors
/// When an input is not there, a pattern is none, or a folder cannot be read.
pub fn discover(inputs: &[PathBuf], out: &Path) -> Result<Vec<Found>, BatchError> {
    let mut walk = Walk { out: out.canonicalize().ok(), ..Walk::default() };
    let places: Vec<PathBuf> =
        inputs.iter().map(|input| expanded(input)).collect::<Result<Vec<_>, _>>()?.concat();
    let many = places.iter().filter(|p| p.is_dir()).count() > 1;
    for place in &places {
        if place.is_dir() {
            let prefix = if many { folder_name(place) } else { String::new() };
            walk.folder(place, &prefix)?;
        } else if place.exists() {
            let name = place.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            walk.file(place, &name);
        } else {
            return Err(BatchError::NoInput { path: place.clone() });
        }
    }
    let mut found = walk.found;
    found.sort();
    Ok(found)
}

/// Whether a folder itself holds videos, by their endings.
#[must_use]
pub fn holds_videos(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| e.path()).any(|path| path.is_file() && is_video(&path))
}

/// What a pattern matches; a path that is there means itself, whatever signs it holds.
fn expanded(input: &Path) -> Result<Vec<PathBuf>, BatchError> {
    let text = input.to_string_lossy();
    if input.exists() || !text.contains(['*', '?', '[']) {
        return Ok(vec![input.to_owned()]);
    }
    let wrong = |why: String| BatchError::Pattern { pattern: text.clone().into_owned(), why };
    let mut matched = Vec::new();
    for path in glob::glob(&text).map_err(|e| wrong(e.to_string()))? {
        matched.push(path.map_err(|e| wrong(e.to_string()))?);
    }
    if matched.is_empty() {
        return Err(wrong("nothing fits it".to_owned()));
    }
    Ok(matched)
}

fn folder_name(folder: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
    name(folder).or_else(|| name(&folder.canonicalize().ok()?)).unwrap_or_default()
}

#[derive(Default)]
struct Walk {
    out: Option<PathBuf>,
    /// Folders and files met, by their true path: a loop of links ends, a clip counts once.
    met: BTreeSet<PathBuf>,
    found: Vec<Found>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), BatchError> {
        let unreadable = |source| BatchError::Unreadable { path: folder.to_owned(), source };
        let truly = folder.canonicalize().map_err(unreadable)?;
        if self.out.as_ref() == Some(&truly) || !self.met.insert(truly) {
            return Ok(());
        }
        let mut entries =
            fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.ends_with(RESULTS) {
                continue;
            }
            let path = entry.path();
            let inner = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if path.is_dir() {
                self.folder(&path, &inner)?;
            } else if is_video(&path) && path.is_file() {
                self.file(&path, &inner);
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: &str) {
        let truly = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.met.insert(truly) {
            self.found.push(Found { name: name.to_owned(), path: path.to_owned() });
        }
    }
}

/// Whether a path looks like a video by its ending.
pub(super) fn is_video(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| VIDEOS.contains(&ending.as_str()))
}

/// The name of a clip of a list: its path without what leads out of the folder or to the disk.
pub(super) fn name_of(path: &Path) -> String {
    let inner = path.components().filter_map(|c| match c {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    inner.collect::<Vec<_>>().join("/")
}

/// The name with a number where it is taken already. Some disks do not tell capitals apart.
pub(super) fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) => (stem, format!(".{ending}")),
        None => (name, String::new()),
    };
    let (mut free, mut number) = (name.to_owned(), 2);
    while !taken.insert(free.to_lowercase()) {
        free = format!("{stem} ({number}){ending}");
        number += 1;
    }
    free
}
