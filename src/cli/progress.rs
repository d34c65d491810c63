//! A bar with frames, rate and time left on a terminal; lines for a program that asked for them; silence elsewhere.

use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether progress goes to standard output as lines of JSON.
static AS_LINES: AtomicBool = AtomicBool::new(false);

/// Between two lines; whoever reads them shows them once a second.
const BETWEEN_LINES: Duration = Duration::from_millis(200);

/// From now on progress is told as lines of JSON on standard output: `{"stage":"watching","frames":12,"expected":300}`.
#[cfg(feature = "server")]
pub(super) fn as_lines() {
    AS_LINES.store(true, Ordering::Relaxed);
}

/// Shows how far a clip is. Hidden when told to be quiet or when standard error is not a terminal.
pub struct Bar {
    shown: ProgressBar,
    what: &'static str,
    told: Cell<Option<Instant>>,
}

impl Bar {
    /// A bar for some work, of a length not known yet.
    #[must_use]
    pub fn new(what: &'static str, hidden: bool) -> Self {
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {pos} frames, {per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { shown: bar, what, told: Cell::new(None) }
    }

    /// So many frames are done.
    pub fn show(&self, progress: Progress) {
        if AS_LINES.load(Ordering::Relaxed) {
            self.tell(progress);
        }
        if let (None, Some(expected)) = (self.shown.length(), progress.expected) {
            self.shown.set_length(expected as u64);
            let template = "{msg} [{bar:30}] {pos}/{len} frames, {per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.shown.set_style(style.progress_chars("=> "));
            }
        }
        self.shown.set_position(progress.frames as u64);
    }

    fn tell(&self, progress: Progress) {
        if self.told.get().is_some_and(|told| told.elapsed() < BETWEEN_LINES) {
            return;
        }
        self.told.set(Some(Instant::now()));
        let expected = progress.expected.map_or_else(|| "null".to_owned(), |frames| frames.to_string());
        let stage = self.what.trim();
        println!("{{\"stage\":\"{stage}\",\"frames\":{},\"expected\":{expected}}}", progress.frames);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.shown.finish_and_clear();
    }
}
