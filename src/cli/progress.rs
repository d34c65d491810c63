//! A bar with frames, rate and time left on a terminal; silence elsewhere.

use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far a clip is. Hidden when told to be quiet or when standard error is not a terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar of so many steps, as far as known.
    #[must_use]
    pub fn new(what: &'static str, expected: Option<usize>, hidden: bool) -> Self {
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(expected.map(|n| n as u64), target);
        let template = if expected.is_some() {
            "{msg} [{bar:30}] {pos}/{len} frames, {per_sec:.1}, {eta} left"
        } else {
            "{msg} {pos} frames, {per_sec:.1}, {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self(bar)
    }

    /// So many frames are done.
    pub fn show(&self, progress: Progress) {
        self.0.set_position(progress.frames as u64);
    }

    /// A message above the bar.
    pub fn tell(&self, message: &str) {
        self.0.suspend(|| eprintln!("{message}"));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
