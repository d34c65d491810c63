//! What is said of an analysis on the terminal.

use crate::analysis::Analysis;
use crate::observation::Recording;
use std::path::Path;

pub(super) fn summary(recording: &Recording, _analysis: &Analysis, folder: &Path) -> String {
    format!("{} frames; results in {}\n", recording.frames.len(), folder.display())
}
