//! What `report.html` is told besides the analysis: who, when, and where its videos lie.

use super::analyze::OVERLAY;
use super::arguments::AnalyzeArguments;
use crate::observation::Recording;
use crate::report::{ChartLibrary, Picture, ReportOptions, Video};
use crate::results::{self, Session};
use std::path::{Component, Path, PathBuf};

pub(super) fn options(
    arguments: &AnalyzeArguments,
    recording: &Recording,
    pictures: Vec<Picture>,
    folder: &Path,
) -> ReportOptions {
    let clip = &recording.clip.file;
    let beside = || relative(&folder.canonicalize().ok()?, &clip.canonicalize().ok()?);
    let source = beside().filter(|_| clip.is_file()).map(|path| Video::clip(path, recording));
    let overlay = folder.join(OVERLAY).is_file().then(|| Video::overlay(OVERLAY));
    ReportOptions {
        athlete_name: arguments.athlete_name.clone(),
        date: Session::of(recording, arguments.date).map(Session::words),
        note: note(arguments),
        videos: source.into_iter().chain(overlay).collect(),
        pictures,
        charts: charts(),
    }
}

/// What draws the plots of a page; without it a warning, and the page has its tables.
pub(super) fn charts() -> Option<ChartLibrary> {
    let found = results::charts();
    if let Err(error) = &found {
        eprintln!("warning: The page will have no plots over time: {error}");
    }
    found.ok()
}

fn note(arguments: &AnalyzeArguments) -> Option<String> {
    let load = arguments.load_kg.map(|kg| format!("load {kg} kg"));
    let mass = arguments.body_mass_kg.map(|kg| format!("body mass {kg} kg"));
    let told: Vec<String> = [load, mass, arguments.note.clone()].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// The way from a folder to a file, `/` between names; none where there is none, as between drives.
fn relative(folder: &Path, file: &Path) -> Option<String> {
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
