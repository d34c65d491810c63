//! A backup while the app runs: the database as of one moment and the files it speaks of, as one archive.
//!
//! Unpacked into an empty folder it is a store again.

use super::database::Database;
use super::folder::{DataFolder, results_name};
use super::problem::Problem;
use crate::store::AtomicPath;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Results may be replaced while they are copied; then the database is asked again, so often.
const TRIES: usize = 5;

/// Permissions in the archive: the store is its owner's alone.
const MODE: u32 = 0o600;

/// Writes the archive to `target`, whole or not at all, and says how many clips are in it.
///
/// # Errors
/// When the store cannot be read or the archive not written.
pub fn write(folder: &DataFolder, database: &Database, target: &Path) -> Result<usize, Problem> {
    for _ in 0..TRIES {
        let archive = AtomicPath::new(target).map_err(Problem::ours)?;
        match once(folder, database, archive.partial()) {
            Ok(clips) => {
                archive.commit().map_err(Problem::ours)?;
                return Ok(clips);
            }
            Err(Trouble::Replaced) => {}
            Err(Trouble::Problem(problem)) => return Err(problem),
        }
    }
    Err(Problem::conflict("Clips changed faster than they could be copied. Try again when less is going on."))
}

enum Trouble {
    /// A file of the moment's database is gone: there are newer results.
    Replaced,
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

fn once(folder: &DataFolder, database: &Database, target: &Path) -> Result<usize, Trouble> {
    let moment = folder.temporary().join(format!("{}.db", super::secret::token()?));
    let copied = database.with(|c| {
        let path = moment.to_str().ok_or_else(|| Problem::bad("The data folder's name is not UTF-8."))?;
        Ok(c.execute("VACUUM INTO ?1", [path]).map(drop)?)
    });
    let written = copied.map_err(Trouble::from).and_then(|()| archive(folder, &moment, target));
    std::fs::remove_file(&moment).ok();
    written
}

fn archive(folder: &DataFolder, moment: &Path, target: &Path) -> Result<usize, Trouble> {
    let database =
        Connection::open_with_flags(moment, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(Problem::from)?;
    let mut rows =
        database.prepare("SELECT sha256, video, revision FROM clips ORDER BY id").map_err(Problem::from)?;
    let clips: Vec<(String, Option<String>, i64)> = rows
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(Problem::from)?;
    let mut archive = ZipWriter::new(BufWriter::new(private(target)?));
    add(&mut archive, moment, "sledform.db")?;
    for (hash, video, revision) in &clips {
        let place = folder.clip(hash);
        if let Some(video) = video {
            add(&mut archive, &place.join(video), &format!("clips/{hash}/{video}"))?;
        }
        if *revision > 0 {
            let results = results_name(*revision);
            for entry in std::fs::read_dir(place.join(&results)).map_err(gone)?.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                add(&mut archive, &entry.path(), &format!("clips/{hash}/{results}/{name}"))?;
            }
        }
    }
    archive.finish().map_err(Problem::ours)?.flush().map_err(Problem::from)?;
    Ok(clips.len())
}

fn add(archive: &mut ZipWriter<BufWriter<File>>, from: &Path, name: &str) -> Result<(), Trouble> {
    let mut file = File::open(from).map_err(gone)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true)
        .unix_permissions(MODE);
    archive.start_file(name, options).map_err(Problem::ours)?;
    io::copy(&mut file, archive).map_err(Problem::from)?;
    Ok(())
}

fn gone(error: io::Error) -> Trouble {
    if error.kind() == io::ErrorKind::NotFound { Trouble::Replaced } else { Trouble::Problem(error.into()) }
}

#[cfg(unix)]
fn private(path: &Path) -> Result<File, Problem> {
    use std::os::unix::fs::OpenOptionsExt;
    Ok(File::options().write(true).create(true).truncate(true).mode(MODE).open(path)?)
}

#[cfg(not(unix))]
fn private(path: &Path) -> Result<File, Problem> {
    Ok(File::create(path)?)
}
