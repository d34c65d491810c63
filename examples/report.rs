//! Writes the report of a recording, to be looked at: `report RECORDING.jsonl.zst OUT.html [CLIP-BESIDE-OUT]`.

use sledform::analysis::{self, Settings};
use sledform::report::{self, ReportOptions, Video};
use sledform::store;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(from), Some(to)) = (arguments.first(), arguments.get(1)) else {
        return Err("usage: report RECORDING.jsonl.zst OUT.html [CLIP-BESIDE-OUT]".into());
    };
    let recording = store::read(Path::new(from))?;
    let analysis = analysis::analyze(&recording, &Settings::default());
    let videos = arguments.get(2).map(|clip| Video::clip(clip.as_str(), &recording));
    let options = ReportOptions {
        athlete_name: Some("A. Example".to_owned()),
        date: Some("21 November 2026".to_owned()),
        videos: videos.into_iter().collect(),
        charts: sledform::results::charts().ok(),
        ..ReportOptions::default()
    };
    std::fs::write(to, report::html(&recording, &analysis, &options))?;
    Ok(())
}
