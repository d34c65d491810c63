//! A bar with frames, rate and time left on a terminal; silence elsewhere.

use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far a clip is. Hidden when told to be quiet or when standard error is not a terminal.
pub struct Bar(ProgressBar);

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
        Self(bar)
    }

    /// So many frames are done.
    pub fn show(&self, progress: Progress) {
        if let (None, Some(expected)) = (self.0.length(), progress.expected) {
            self.0.set_length(expected as u64);
            let template = "{msg} [{bar:30}] {pos}/{len} frames, {per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.0.set_style(style.progress_chars("=> "));
            }
        }
        self.0.set_position(progress.frames as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
