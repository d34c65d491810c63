//! The store's database: one SQLite file, its schema by version, one connection that everybody takes turns with.
//!
//! What the rows mean is their modules' business.

use super::problem::Problem;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Steps from one version of the schema to the next; `PRAGMA user_version` says how many were taken. Append only.
const STEPS: [&str; 4] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
];

/// How long to wait for another process that writes, such as an import.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Written by a newer version.
    #[error(
        "{path}: the store has version {found} and this sledform knows versions up to {known}; use the newer sledform that wrote it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// SQLite says no.
    #[error(
        "{path}: the store cannot be opened ({source}); give another folder with --data, or restore a backup"
    )]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}

/// The connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens or creates the file and brings its schema up to date.
    ///
    /// # Errors
    /// When it is not ours, newer than we are, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let failed = |source| DatabaseError::Sqlite { path: path.to_owned(), source };
        let mut connection = Connection::open(path).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        let found = version(&connection).map_err(failed)?;
        if found > STEPS.len() {
            return Err(DatabaseError::Newer { path: path.to_owned(), found, known: STEPS.len() });
        }
        upgrade(&mut connection).map_err(failed)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does something with the connection, alone.
    ///
    /// # Errors
    /// Those of the work.
    pub fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Problem>) -> Result<T, Problem> {
        // Whoever panicked has rolled back by dropping the transaction.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // FULL: what was answered for is on the disk. `secure_delete`: what is deleted is overwritten.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
    )
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    // A negative number is nobody's version.
    connection.query_row("PRAGMA user_version", [], |row| {
        Ok(usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX))
    })
}

/// Each step and its number are one transaction: a crash between leaves the older version, whole. A step may make a table
/// anew: what refers to the old one is to stay, so foreign keys are off meanwhile (<https://sqlite.org/lang_altertable.html>, 7).
fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", false)?;
    let taken = steps(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    taken
}

fn steps(connection: &mut Connection) -> rusqlite::Result<()> {
    for (index, step) in STEPS.iter().enumerate() {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if version(&transaction)? <= index {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        }
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store as the first version wrote it.
    fn first_version(path: &Path) -> Connection {
        let connection = Connection::open(path).expect("a file");
        connection.execute_batch(STEPS[0]).expect("the first schema");
        connection
            .execute_batch(
                "PRAGMA user_version = 1;
                 INSERT INTO athletes (id, name, created) VALUES (7, 'Ada', 1);
                 INSERT INTO clips (id, sha256, title, video, bytes, athlete, day, told, state, created)
                 VALUES (3, 'ab', 'push.mp4', 'clip.mp4', 10, 7, '2026-01-02', '{\"load_kg\":40.0}', 'done', 1);
                 INSERT INTO notes (clip, author, text, created) VALUES (3, 'coach', 'good', 1);",
            )
            .expect("rows");
        connection
    }

    #[test]
    fn a_store_of_the_first_version_is_brought_up_to_date_with_all_it_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sledform.db");
        drop(first_version(&path));
        let database = Database::open(&path).expect("it opens");
        let (found, note, athlete): (usize, String, String) = database
            .with(|c| {
                c.execute(
                    "INSERT INTO opinions (clip, fault, metric, reason, author, created) VALUES (3, 'too_upright', 'trunk_mean_deg', 'no', 'coach', 1)",
                    [],
                )?;
                let note = c.query_row("SELECT text FROM notes WHERE clip = 3", [], |r| r.get(0))?;
                let athlete = c.query_row("SELECT a.name FROM clips c JOIN athletes a ON a.id = c.athlete", [], |r| r.get(0))?;
                Ok((version(c)?, note, athlete))
            })
            .expect("rows");
        assert_eq!((found, note.as_str(), athlete.as_str()), (STEPS.len(), "good", "Ada"));
        let (wrong, next): (i64, i64) = database
            .with(|c| {
                let wrong = c.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| r.get(0))?;
                c.execute("DELETE FROM clips WHERE id = 3", [])?;
                let left: i64 = c.query_row("SELECT count(*) FROM notes", [], |r| r.get(0))?;
                assert_eq!(left, 0, "a clip's notes still go with it");
                c.execute_batch("VACUUM")?;
                let insert = "INSERT INTO clips (sha256, title, bytes, day, state, created)
                    VALUES ('cd', 'next.mp4', 1, '2026-01-03', 'done', 1) RETURNING id";
                Ok((wrong, c.query_row(insert, [], |r| r.get(0))?))
            })
            .expect("rows");
        assert_eq!((wrong, next), (0, 4), "the deleted clip's number is not used again");
        drop(database);
        Database::open(&path).expect("and opens again");
    }

    #[test]
    fn a_store_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sledform.db");
        first_version(&path).execute_batch("PRAGMA user_version = 99").expect("set");
        let error = Database::open(&path).expect_err("too new").to_string();
        assert!(error.contains("version 99"), "{error}");
    }

    #[test]
    fn what_is_no_store_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sledform.db");
        std::fs::write(&path, vec![b'x'; 4096]).expect("written");
        assert!(matches!(Database::open(&path), Err(DatabaseError::Sqlite { .. })));
    }
}
