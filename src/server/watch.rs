//! A folder that clips and results are put into, by a phone's sync or a batch: looked at now and then, and taken in.

use super::app::{Shared, blocking, locked};
use super::bring::{self, Brought};
use super::folder::{KIND_BYTES, kind};
use super::intake::{self, Fields};
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Between two looks. A file counts as whole when nothing about it changed from one look to the next.
const BETWEEN: Duration = Duration::from_secs(5);

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 4;

/// Size and time of the last change.
type Looks = (u64, Option<SystemTime>);

/// Looks until the server ends.
pub async fn watch(app: Shared, folder: PathBuf) {
    let mut before: BTreeMap<PathBuf, Looks> = BTreeMap::new();
    let mut done: HashSet<(PathBuf, Looks)> = HashSet::new();
    loop {
        let place = folder.clone();
        let now = blocking(move || Ok(files(&place))).await.unwrap_or_default();
        for (path, looks) in &now {
            let is_still = before.get(path) == Some(looks);
            if is_still && looks.0 > 0 && done.insert((path.clone(), *looks)) {
                take(&app, path.clone()).await;
            }
        }
        // What was taken away may come again.
        done.retain(|(path, looks)| now.get(path) == Some(looks));
        before = now;
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Videos, and summaries that stand for their folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Looks> {
    let mut found = BTreeMap::new();
    look(folder, DEEPEST, &mut found);
    found
}

fn look(folder: &Path, depth: usize, found: &mut BTreeMap<PathBuf, Looks>) {
    // Videos in a folder of results are drawn by us.
    let summary = folder.join(super::outcome::SUMMARY);
    if let Ok(facts) = fs::metadata(&summary) {
        found.insert(summary, (facts.len(), facts.modified().ok()));
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
        if kind.is_dir() && depth > 0 {
            look(&path, depth - 1, found);
        } else if let (true, Ok(facts)) = (kind.is_file(), entry.metadata()) {
            found.insert(path, (facts.len(), facts.modified().ok()));
        }
    }
}

async fn take(app: &Shared, path: PathBuf) {
    let shared = app.clone();
    let place = path.clone();
    let taken = blocking(move || {
        if place.file_name().is_some_and(|name| name == super::outcome::SUMMARY) {
            let folder = place.parent().unwrap_or(&place);
            let _alone = locked(&shared.placing);
            return bring::results(&shared.folder, &shared.database, folder)
                .map(|b| matches!(b, Brought::New { .. }));
        }
        if !is_video(&place) {
            return Ok(false);
        }
        let title = place.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        intake::accept_now(&shared, &place, &title, &Fields::default()).map(|a| !a.is_duplicate)
    })
    .await;
    match taken {
        Ok(true) => {
            app.log(&format!("taken in: {}", path.display()));
            app.wake.notify_one();
        }
        Ok(false) => {}
        Err(problem) => app.log(&format!("{}: {}", path.display(), problem.cause.unwrap_or(problem.message))),
    }
}

fn is_video(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(KIND_BYTES as u64).read_to_end(&mut beginning));
    read.is_ok() && kind(&beginning).is_some()
}
