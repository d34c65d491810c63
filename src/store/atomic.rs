//! Files that appear under their name whole or not at all: written beside, then renamed. And the folder they go into.

use super::StoreError;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What marks a file that is still being written; the process's id follows.
const PARTIAL: &str = ".partial-";

/// A path to write to, beside the final one; [`AtomicPath::commit`] renames it, dropping removes it.
///
/// For writers that insist on a path of their own, such as a video encoder: the extension is kept.
#[derive(Debug)]
pub struct AtomicPath {
    partial: PathBuf,
    target: PathBuf,
    committed: bool,
}

impl AtomicPath {
    /// Chooses the path beside `target`. Nothing is created yet.
    ///
    /// # Errors
    /// When `target` has no file name.
    pub fn new(target: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let target = target.into();
        let Some(name) = target.file_name() else {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
            return Err(StoreError::Unwritable { path: target, source });
        };
        let mut partial = std::ffi::OsString::from(".");
        partial.push(name);
        partial.push(format!("{PARTIAL}{}", std::process::id()));
        if let Some(extension) = target.extension() {
            partial.push(".");
            partial.push(extension);
        }
        Ok(Self { partial: target.with_file_name(partial), target, committed: false })
    }

    /// Where to write.
    #[must_use]
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Where it will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes sure that the content is on the disk, and gives it its final name, replacing a file of that name.
    ///
    /// # Errors
    /// When nothing was written, or the disk or the folder refuses; the partial file is then removed.
    pub fn commit(self) -> Result<PathBuf, StoreError> {
        let target = self.place()?;
        target.parent().into_iter().for_each(sync_names);
        Ok(target)
    }

    /// The same, but for the name surviving a power cut: [`OutputFolder::settle`] makes sure of many at once.
    fn place(mut self) -> Result<PathBuf, StoreError> {
        let done = File::open(&self.partial)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&self.partial, &self.target));
        done.map_err(|source| unwritable(&self.target, source))?;
        self.committed = true;
        Ok(self.target.clone())
    }
}

/// A name survives a power cut only once its folder is synced; a system that cannot do that has the content anyway.
fn sync_names(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

impl Drop for AtomicPath {
    fn drop(&mut self) {
        if !self.committed {
            fs::remove_file(&self.partial).ok();
        }
    }
}

/// A buffered file that takes its final name only on [`AtomicFile::commit`]; dropping it leaves nothing behind.
#[derive(Debug)]
pub struct AtomicFile {
    writer: BufWriter<File>,
    path: AtomicPath,
}

impl AtomicFile {
    /// Opens a file beside `target`.
    ///
    /// # Errors
    /// When the folder is not there or may not be written.
    pub fn create(target: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = AtomicPath::new(target)?;
        let file = File::create(path.partial()).map_err(|source| unwritable(path.target(), source))?;
        Ok(Self { writer: BufWriter::new(file), path })
    }

    /// Where it will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        self.path.target()
    }

    /// Writes out what is buffered and gives the file its final name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn commit(self) -> Result<PathBuf, StoreError> {
        self.written()?.commit()
    }

    /// As [`AtomicFile::commit`], one of several in a folder: the names survive a power cut after
    /// [`OutputFolder::settle`].
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn place(self) -> Result<PathBuf, StoreError> {
        self.written()?.place()
    }

    fn written(mut self) -> Result<AtomicPath, StoreError> {
        self.writer.flush().map_err(|source| unwritable(self.path.target(), source))?;
        Ok(self.path)
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A folder of results.
#[derive(Clone, Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Whether results could be written there, before hours of work: no file is in the way, and the folder, or the nearest
    /// one above it that exists, takes a file. Leaves nothing behind.
    ///
    /// # Errors
    /// When they could not.
    pub fn check(path: &Path) -> Result<(), StoreError> {
        let there = path.ancestors().find(|p| p.exists()).filter(|p| !p.as_os_str().is_empty());
        let folder = there.unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(StoreError::InTheWay { path: folder.to_owned() });
        }
        AtomicFile::create(folder.join("sledform-check")).map(drop)
    }

    /// Makes the folder and those above it where needed, and clears what interrupted processes left half-written.
    ///
    /// # Errors
    /// When a file is in the way or the folder may not be made.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(|source| unwritable(&path, source))?;
        sweep(&path);
        Ok(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    ///
    /// # Errors
    /// As [`AtomicFile::create`].
    pub fn file(&self, name: &str) -> Result<AtomicFile, StoreError> {
        AtomicFile::create(self.path.join(name))
    }

    /// Makes sure that the names of the files placed in it survive a power cut.
    pub fn settle(&self) {
        sync_names(&self.path);
    }

    /// Removes a file that an earlier analysis left and this one has nothing for; that there is none is no error.
    ///
    /// # Errors
    /// When it is there and may not be removed.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(unwritable(&path, source)),
            _ => Ok(()),
        }
    }
}

/// Removes partial files of processes that are gone; where running processes cannot be listed, none are removed.
fn sweep(folder: &Path) {
    let processes = Path::new("/proc/self");
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = partial_owner(&name.to_string_lossy());
        let gone = owner.is_some_and(|id| !processes.with_file_name(id.to_string()).exists());
        if gone && processes.exists() {
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// The process that writes a partial file of this name; none for other names.
fn partial_owner(name: &str) -> Option<u32> {
    let (_, rest) = name.strip_prefix('.')?.rsplit_once(PARTIAL)?;
    rest.split('.').next()?.parse().ok()
}

fn unwritable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Unwritable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_on_commit_and_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("angles.csv");
        fs::write(&target, "old").unwrap();
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"new").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(file.commit().unwrap(), target);
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["angles.csv"]);
    }

    #[test]
    fn a_dropped_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = AtomicFile::create(folder.path().join("summary.json")).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_path_for_other_writers_keeps_its_extension() {
        let folder = tempfile::tempdir().unwrap();
        let path = AtomicPath::new(folder.path().join("overlay.mp4")).unwrap();
        assert_eq!(path.partial().extension().unwrap(), "mp4");
        assert!(path.partial().file_name().unwrap().to_string_lossy().starts_with(".overlay.mp4.partial-"));
        fs::write(path.partial(), "video").unwrap();
        path.commit().unwrap();
        assert_eq!(names(folder.path()), ["overlay.mp4"]);
    }

    #[test]
    fn committing_what_was_never_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = AtomicPath::new(folder.path().join("overlay.mp4")).unwrap();
        assert!(matches!(path.commit(), Err(StoreError::Unwritable { .. })));
    }

    #[test]
    fn a_folder_is_made_and_swept_of_what_dead_processes_left() {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("a/b.sledform");
        fs::create_dir_all(&path).unwrap();
        // Process ids on Linux stay below 2^22, so this one is gone.
        fs::write(path.join(".overlay.mp4.partial-99999999.mp4"), "").unwrap();
        let own = format!(".angles.csv.partial-{}.csv", std::process::id());
        fs::write(path.join(&own), "").unwrap();
        fs::write(path.join(".partial-notes"), "").unwrap();
        OutputFolder::create(&path).unwrap();
        if Path::new("/proc/self").exists() {
            assert_eq!(names(&path), [own.as_str(), ".partial-notes"]);
        }
    }

    #[test]
    fn a_file_in_the_way_of_the_folder_is_an_error_that_names_it() {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("results");
        fs::write(&path, "a file").unwrap();
        let error = OutputFolder::create(&path).unwrap_err().to_string();
        assert!(error.contains("results"), "{error}");
    }
}
