//! What all requests share: the store, the settings, what is under way, and who was shown what.

use super::access::Guesses;
use super::database::Database;
use super::folder::DataFolder;
use super::problem::Problem;
use super::secret;
use super::time::now;
use super::{Config, Limits};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore};

/// How long a page may play its clip, s: longer than anybody looks at one page.
const VIEW_S: i64 = 12 * 3600;

/// One clip is judged again at a time: it takes part of a second, and two of one clip would take each other's files away.
const JUDGED_AT_ONCE: usize = 1;

/// Shared by all requests.
pub type Shared = Arc<App>;

/// The running app.
pub struct App {
    /// Where everything lies.
    pub folder: DataFolder,
    /// Rows.
    pub database: Database,
    /// As started.
    pub config: Config,
    /// Of this store; ties form tokens to cookies.
    pub secret: String,
    /// Progress of what runs, by clip.
    pub live: Mutex<HashMap<i64, Live>>,
    /// Uploads that a request is writing to.
    pub writing: Mutex<HashSet<String>>,
    /// Wrong passwords of late.
    pub guesses: Mutex<Guesses>,
    /// Wakes the queue.
    pub wake: Notify,
    /// Who may judge again now.
    pub judging: Semaphore,
    /// By clip: held while what is told of it changes.
    changing: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    /// Held while a clip's folder comes or goes.
    pub placing: Mutex<()>,
    views: Mutex<HashMap<String, View>>,
}

/// A clip whose analysis runs.
#[derive(Clone, Debug)]
pub struct Live {
    /// Told to stop.
    pub cancel: Arc<Notify>,
    /// Whether it was.
    pub is_cancelled: bool,
    /// What the worker does: `watching`, `drawing`.
    pub stage: String,
    /// Frames done in this stage.
    pub frames: u64,
    /// Frames expected, where known.
    pub expected: Option<u64>,
    /// When the stage began, ms.
    pub since_ms: i64,
}

/// Leave to read the files of one clip's results without a cookie: the report is shown walled off from the app, where no
/// cookie reaches.
#[derive(Clone, Debug)]
pub struct View {
    /// The clip.
    pub clip: i64,
    /// Another one that it is compared with; the view is then of the comparison.
    pub other: Option<i64>,
    /// Through which share link; none for those who may see everything.
    pub share: Option<i64>,
    expires: i64,
}

/// A lock that a panic elsewhere does not close.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    /// Around an open store.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn new(folder: DataFolder, database: Database, config: Config) -> Result<Self, Problem> {
        let secret = database.with(|c| store_secret(c))?;
        Ok(Self {
            folder,
            database,
            config,
            secret,
            live: Mutex::default(),
            writing: Mutex::default(),
            guesses: Mutex::default(),
            wake: Notify::new(),
            judging: Semaphore::new(JUDGED_AT_ONCE),
            changing: Mutex::default(),
            placing: Mutex::default(),
            views: Mutex::default(),
        })
    }

    /// Limits for uploads and workers.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.config.limits
    }

    /// Waits until nobody else changes what is told of a clip; others wait as long as the turn is held.
    pub async fn turn(&self, clip: i64) -> tokio::sync::OwnedMutexGuard<()> {
        let one = Arc::clone(locked(&self.changing).entry(clip).or_default());
        one.lock_owned().await
    }

    /// Does something with the database, off the threads that answer.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn db<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = Arc::clone(self);
        blocking(move || app.database.with(work)).await
    }

    /// A new view of a clip.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn view(&self, clip: i64, share: Option<i64>) -> Result<String, Problem> {
        self.add_view(View { clip, other: None, share, expires: now() + VIEW_S })
    }

    /// A new view of a comparison.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn view_of_two(&self, clip: i64, other: i64) -> Result<String, Problem> {
        self.add_view(View { clip, other: Some(other), share: None, expires: now() + VIEW_S })
    }

    fn add_view(&self, view: View) -> Result<String, Problem> {
        let token = secret::token()?;
        let mut views = locked(&self.views);
        let now = now();
        views.retain(|_, view| view.expires > now);
        views.insert(token.clone(), view);
        Ok(token)
    }

    /// The view of this token, while it lasts.
    #[must_use]
    pub fn viewed(&self, token: &str) -> Option<View> {
        locked(&self.views).get(token).filter(|view| view.expires > now()).cloned()
    }

    /// Says something in the server's messages.
    pub fn log(&self, message: &str) {
        (self.config.log)(message);
    }
}

/// Runs something that waits for the disk on a thread of its own.
///
/// # Errors
/// Those of the work, and when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(Problem::ours(e)))
}

fn store_secret(c: &Connection) -> Result<String, Problem> {
    let kept = c.query_row("SELECT value FROM meta WHERE key = 'secret'", [], |r| r.get(0)).optional()?;
    if let Some(secret) = kept {
        return Ok(secret);
    }
    let secret = secret::token()?;
    c.execute("INSERT INTO meta (key, value) VALUES ('secret', ?1)", [&secret])?;
    Ok(secret)
}
