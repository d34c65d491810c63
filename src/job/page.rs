//! What `report.html` is told besides the analysis: who, when, and where its videos lie.

use super::{OVERLAY, SetFacts};
use crate::observation::Recording;
use crate::report::{Picture, ReportOptions, Video};
use std::path::{Component, Path, PathBuf};

pub(super) fn options(
    facts: &SetFacts,
    recording: &Recording,
    pictures: Vec<Picture>,
    folder: &Path,
) -> ReportOptions {
    let clip = &recording.clip.file;
    let beside = || relative(&folder.canonicalize().ok()?, &clip.canonicalize().ok()?);
    let source = beside().filter(|_| clip.is_file()).map(|path| Video::clip(path, recording));
    let overlay = folder.join(OVERLAY).is_file().then(|| Video::overlay(OVERLAY));
    ReportOptions {
        athlete_name: facts.athlete_name.clone(),
        date: facts.date.clone(),
        note: facts.in_words(),
        videos: source.into_iter().chain(overlay).collect(),
        pictures,
    }
}

/// The way from a folder to a file, `/` between names; none where there is none, as between drives.
#[must_use]
pub fn relative(folder: &Path, file: &Path) -> Option<String> {
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(file.components().skip(shared)).collect();
    let names: Vec<&str> = way.components().map(|c| c.as_os_str().to_str()).collect::<Option<_>>()?;
    way.is_relative().then(|| names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_the_report_to_its_clip() {
        let way = |folder: &str, file: &str| relative(Path::new(folder), Path::new(file));
        assert_eq!(way("/a/b/c.sledform", "/a/b/c.mp4").as_deref(), Some("../c.mp4"));
        assert_eq!(way("/a/out", "/clips/x/c.mp4").as_deref(), Some("../../clips/x/c.mp4"));
        assert_eq!(way("/a", "/a/c.mp4").as_deref(), Some("c.mp4"));
    }
}
