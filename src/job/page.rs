//! What `report.html` is told besides the analysis: who, when, and where its videos lie.

use super::SetFacts;
use super::videos::{COPY, OVERLAY};
use crate::observation::Recording;
use crate::report::{ChartLibrary, Picture, ReportOptions, Video};
use crate::results::Session;
use crate::video::{self, Stored};
use std::path::{Component, Path, PathBuf};

pub(super) fn options(
    facts: &SetFacts,
    recording: &Recording,
    pictures: Vec<Picture>,
    charts: Option<ChartLibrary>,
    folder: &Path,
    created: Option<&str>,
) -> ReportOptions {
    ReportOptions {
        athlete_name: facts.athlete_name.clone(),
        date: Session::of(recording, facts.date).map(Session::words),
        // The day of the moment, RFC 3339.
        analysed: created.and_then(|moment| moment.get(..10)).map(str::to_owned),
        note: facts.in_words(),
        videos: videos(recording, &recording.clip.file, folder, folder),
        pictures,
        charts,
    }
}

/// What shows a recording, best first, as a page in the folder `page` finds it: its clip, and what its folder of results holds.
pub(super) fn videos(recording: &Recording, clip: &Path, results: &Path, page: &Path) -> Vec<Video> {
    let way = |file: &Path| relative(&page.canonicalize().ok()?, &file.canonicalize().ok()?);
    let source = way(clip).filter(|_| clip.is_file()).map(|path| Video::clip(path, recording));
    let made = |name| {
        let file = results.join(name);
        let video = of_recording(recording, &video::stored(&file)?)?;
        Some(Video { path: way(&file)?, is_annotated: name == OVERLAY, ..video })
    };
    source.into_iter().chain([COPY, OVERLAY].into_iter().filter_map(made)).collect()
}

/// Sides and frame times may differ by so much, as a share: rounding to even sides and to ticks.
const ALIKE: f64 = 0.02;

/// A video written by an analysis, as what shows this recording: frame for frame and in its proportions, perhaps slower. None for
/// one that shows something else besides.
fn of_recording(recording: &Recording, stored: &Stored) -> Option<Video> {
    let (size, clip) = (stored.size, recording.clip.size);
    let proportion =
        f64::from(size.width) * f64::from(clip.height) / (f64::from(size.height) * f64::from(clip.width));
    let (first, last) = (recording.frames.first()?.time, recording.frames.last()?.time);
    let is_whole = stored.times.len() == recording.frames.len();
    if (proportion - 1.0).abs() > ALIKE || !is_whole {
        return None;
    }
    let span = (last - first).0;
    let slower = if span > 0.0 { stored.times.last().map_or(1.0, |t| t.0 / span) } else { 1.0 };
    Some(Video { path: String::new(), start_s: -first.0 * slower, file_s_per_s: slower, is_annotated: false })
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
    fn the_day_of_the_analysis_goes_along() {
        let recording = crate::synthetic::Athlete::new(crate::synthetic::Exercise::SledPush).recording();
        let made =
            |created| options(&SetFacts::default(), &recording, Vec::new(), None, Path::new("."), created);
        assert_eq!(made(Some("2026-11-22T10:00:00Z")).analysed.as_deref(), Some("2026-11-22"));
        assert_eq!(made(None).analysed, None);
    }

    #[test]
    fn the_way_from_the_report_to_its_clip() {
        let way = |folder: &str, file: &str| relative(Path::new(folder), Path::new(file));
        assert_eq!(way("/a/b/c.sledform", "/a/b/c.mp4").as_deref(), Some("../c.mp4"));
        assert_eq!(way("/a/out", "/clips/x/c.mp4").as_deref(), Some("../../clips/x/c.mp4"));
        assert_eq!(way("/a", "/a/c.mp4").as_deref(), Some("c.mp4"));
    }
}
