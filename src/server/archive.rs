//! Everything that is kept of an athlete as one ZIP archive: clips, results, and what was said of them as JSON.

use super::api::remarks;
use super::app::App;
use super::clips::{self, Clip};
use super::files::file_stem;
use super::problem::Problem;
use super::{athletes, folder::results_name};
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

type Archive = ZipWriter<BufWriter<File>>;

/// Writes the archive to `path`.
///
/// # Errors
/// When there is no such athlete, or the disk is full.
pub fn of_athlete(app: &App, athlete: i64, path: &Path) -> Result<(), Problem> {
    let (named, clips, said) = app.database.with(|c| {
        let clips = clips::of_athlete(c, athlete)?;
        let said: Vec<_> = clips.iter().map(|clip| remarks::of_clip(c, clip.id)).collect::<Result<_, _>>()?;
        Ok((athletes::get(c, athlete)?, clips, said))
    })?;
    let mut archive = ZipWriter::new(BufWriter::new(File::create(path)?));
    let all: Vec<_> =
        clips.iter().zip(&said).map(|(clip, said)| json!({ "clip": clip, "said": said })).collect();
    let about = json!({ "athlete": named.name, "clips": all });
    archive.start_file("athlete.json", plain()).map_err(Problem::ours)?;
    archive.write_all(serde_json::to_string_pretty(&about)?.as_bytes())?;
    for clip in &clips {
        add_clip(&mut archive, app, clip)?;
    }
    archive.finish().map_err(Problem::ours)?.flush()?;
    Ok(())
}

/// The same places as in the store, so that the report finds its clip.
fn add_clip(archive: &mut Archive, app: &App, clip: &Clip) -> Result<(), Problem> {
    let (folder, name) = (app.folder.clip(&clip.sha256), format!("{}-{}", clip.day, file_stem(clip)));
    if let Some(video) = &clip.video {
        add(archive, &folder.join(video), &format!("{name}/{video}"))?;
    }
    let results = results_name(clip.revision);
    for entry in std::fs::read_dir(folder.join(&results)).into_iter().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() && !file.starts_with('.') {
            add(archive, &entry.path(), &format!("{name}/results/{file}"))?;
        }
    }
    Ok(())
}

fn add(archive: &mut Archive, from: &Path, name: &str) -> Result<(), Problem> {
    let mut file = File::open(from)?;
    archive.start_file(name, plain()).map_err(Problem::ours)?;
    std::io::copy(&mut file, archive)?;
    Ok(())
}

/// Videos do not shrink, and tables are small beside them. `large_file`: a clip may have more than 4 GiB.
fn plain() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true)
}
