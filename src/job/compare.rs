//! Results held against each other: from their folders to a page and a table.

use super::page::videos;
use crate::comparison::compare;
use crate::export::summary::WarningSummary;
use crate::frame::PixelSize;
use crate::observation::Recording;
use crate::report::compare::{ComparisonPage, ResultOnPage, StrideOnPage, cautions_of};
use crate::results::{self, ResultError, Stored, StoredError};
use crate::store::{self, OutputFolder, StoreError};
use crate::technique;
use std::path::{Path, PathBuf};

/// What is compared, and where that goes.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareSettings {
    /// Results, or the clips or recordings they lie beside; two or more. The others are held against the first.
    pub inputs: Vec<PathBuf>,
    /// What each is called; empty for names found in the results.
    pub names: Vec<String>,
    /// The folder for the page and the table.
    pub out: PathBuf,
}

/// What came of it. The files are in `folder`.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What stands on the page.
    pub page: ComparisonPage,
    /// Where the page and the table are.
    pub folder: PathBuf,
    /// What to know before believing a difference.
    pub cautions: Vec<String>,
    /// What could not be done as it should, in sentences.
    pub warnings: Vec<String>,
}

/// Why there is no comparison.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// One is nothing to compare.
    #[error("a comparison needs two results or more; {0} was given")]
    TooFew(usize),
    /// A result is given twice.
    #[error("{} is given twice: a result cannot be held against itself", .0.display())]
    Twice(PathBuf),
    /// More or fewer names than results.
    #[error("{names} names were given for {results} results; write one for each, with commas between")]
    Names {
        /// How many names.
        names: usize,
        /// How many results.
        results: usize,
    },
    /// Nothing was measured in it.
    #[error("{}: no stride counts in it, so there is nothing to compare; its report.html says why", .0.display())]
    NoStrides(PathBuf),
    /// It is no result.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// The folder could not be made.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be written.
    #[error(transparent)]
    Result(#[from] ResultError),
}

/// Reads the results, compares each of the others with the first, and writes the page and the table.
///
/// # Errors
/// When there are fewer than two results, one is none or has no strides that count, or a file cannot be written.
pub fn run(settings: &CompareSettings) -> Result<Compared, CompareError> {
    let stored = open(settings)?;
    OutputFolder::check(&settings.out)?;
    let subjects: Vec<_> = stored.iter().map(Stored::subject).collect();
    let comparisons = subjects.iter().skip(1).map(|other| compare(&subjects[0], other)).collect();
    let folder = OutputFolder::create(&settings.out)?;
    let mut warnings = Vec::new();
    let charts = results::charts()
        .map_err(|error| warnings.push(format!("The page will have no curves over the stride: {error}")))
        .ok();
    let names = names(settings, &stored);
    let results = stored.iter().zip(names).map(|(one, name)| on_page(one, name, folder.path())).collect();
    let page = ComparisonPage { exercise: exercise(&stored), results, comparisons, charts };
    for (one, result) in stored.iter().zip(&page.results) {
        if result.strides.is_empty() || result.waves.is_empty() {
            let folder = one.folder.display();
            warnings.push(format!(
                "{folder} has no strides.csv or waveforms.csv, so its clip is not set to the stride and its curves are not shown. Analyse it again with all files."
            ));
        }
    }
    results::write_comparison(&folder, &page)?;
    let cautions = cautions_of(&page.results, &page.comparisons);
    Ok(Compared { page, folder: folder.path().to_owned(), cautions, warnings })
}

fn open(settings: &CompareSettings) -> Result<Vec<Stored>, CompareError> {
    let count = settings.inputs.len();
    if count < 2 {
        return Err(CompareError::TooFew(count));
    }
    if !settings.names.is_empty() && settings.names.len() != count {
        return Err(CompareError::Names { names: settings.names.len(), results: count });
    }
    let mut all: Vec<Stored> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    for path in &settings.inputs {
        let stored = Stored::open(path)?;
        let folder = stored.folder.canonicalize().unwrap_or_else(|_| stored.folder.clone());
        if seen.contains(&folder) {
            return Err(CompareError::Twice(path.clone()));
        }
        if stored.valid_strides() == 0 {
            return Err(CompareError::NoStrides(path.clone()));
        }
        seen.push(folder);
        all.push(stored);
    }
    Ok(all)
}

/// The names given; else whatever tells the results apart: athletes, days, clips, folders.
fn names(settings: &CompareSettings, stored: &[Stored]) -> Vec<String> {
    if !settings.names.is_empty() {
        return settings.names.clone();
    }
    let ways: [fn(&Stored) -> Option<String>; 4] = [
        |s| Some(s.summary.settings.get("athlete_name")?.as_str()?.to_owned()),
        |s| Some(s.summary.session.as_ref()?.date.clone()),
        |s| stem(Path::new(&s.summary.clip.file)),
        |s| stem(&s.folder.canonicalize().ok()?),
    ];
    let told_apart = |names: &Vec<String>| {
        names.iter().enumerate().all(|(i, name)| !name.is_empty() && !names[..i].contains(name))
    };
    let found = ways.iter().find_map(|way| {
        let names: Option<Vec<String>> = stored.iter().map(way).collect();
        names.filter(told_apart)
    });
    found.unwrap_or_else(|| stored.iter().map(|s| s.folder.display().to_string()).collect())
}

/// A file's or folder's name without its ending.
fn stem(path: &Path) -> Option<String> {
    path.file_stem().map(|name| name.to_string_lossy().into_owned())
}

/// The exercise of all of them in words.
fn exercise(stored: &[Stored]) -> Option<String> {
    let name = |s: &Stored| s.summary.exercise.as_ref().map(|e| e.name.clone());
    let first = name(stored.first()?)?;
    let same = stored.iter().all(|s| name(s).as_ref() == Some(&first));
    same.then(|| technique::title(&first))
}

fn on_page(stored: &Stored, label: String, page: &Path) -> ResultOnPage {
    let summary = &stored.summary;
    let strides = stored.strides.iter().filter(|s| s.is_valid).map(|s| StrideOnPage {
        number: s.stride,
        side: s.side,
        start: s.start,
        end: s.end,
    });
    let recording = store::read(stored.folder.join(store::FILE_NAME)).ok();
    ResultOnPage {
        facts: facts(stored, &label),
        label,
        methods: methods(stored),
        warnings: summary.warnings.iter().map(WarningSummary::in_words).collect(),
        strides: strides.collect(),
        waves: stored.waves.clone(),
        videos: recording.map_or_else(Vec::new, |r| videos(&r, &clip(stored, &r), &stored.folder, page)),
        size: PixelSize { width: summary.clip.width, height: summary.clip.height },
    }
}

/// The clip where it was, else beside the folder of its result: both may have been moved together.
fn clip(stored: &Stored, recording: &Recording) -> PathBuf {
    let told = &recording.clip.file;
    let beside = stored.folder.canonicalize().ok();
    let beside = beside.and_then(|folder| Some(folder.parent()?.join(told.file_name()?)));
    beside.filter(|path| !told.is_file() && path.is_file()).unwrap_or_else(|| told.clone())
}

fn facts(stored: &Stored, label: &str) -> Vec<String> {
    let summary = &stored.summary;
    let told = |name: &str| summary.settings.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let number = |name: &str| summary.settings.get(name).and_then(serde_json::Value::as_f64);
    let strides = stored.valid_strides();
    let all = [
        told("athlete_name"),
        summary.session.as_ref().map(|s| s.date.clone()),
        number("load_kg").map(|kg| format!("load {kg} kg")),
        told("note"),
        Some(format!("{strides} {}", if strides == 1 { "stride" } else { "strides" })),
    ];
    all.into_iter().flatten().filter(|fact| fact != label).collect()
}

fn methods(stored: &Stored) -> Vec<(&'static str, String)> {
    let summary = &stored.summary;
    let hash =
        |sha256: &Option<String>| sha256.as_ref().map_or_else(String::new, |h| format!(", SHA-256 {h}"));
    let clip = &summary.clip;
    let rate = clip.fps_mean.map_or_else(String::new, |r| format!(", {r:.2} frames/s"));
    let pose = &summary.model.pose;
    let mut all = vec![
        (
            "Clip",
            format!(
                "{}, {}x{} px, {} frames{rate}{}",
                clip.file,
                clip.width,
                clip.height,
                clip.frames,
                hash(&clip.sha256)
            ),
        ),
        ("Pose model", format!("{}{}", pose.name, hash(&pose.sha256))),
    ];
    if let Some(profile) = &summary.profile {
        all.push((
            "Profile",
            format!("{} (version {}){}", profile.name, profile.version, hash(&profile.sha256)),
        ));
    }
    if let Some(hz) = summary.settings.get("cutoff_hz").and_then(serde_json::Value::as_f64) {
        all.push(("Filter", format!("cut-off {hz:.1} Hz")));
    }
    if let Some(camera) = &summary.camera {
        let yaw = camera.yaw_deg.map_or("unknown".to_owned(), |deg| format!("{:.0}°", deg.abs()));
        let tall =
            camera.person_height_px.map_or_else(String::new, |px| format!("; athlete {px:.0} px tall"));
        all.push(("Camera", format!("{}, {yaw} from a side view{tall}", camera.motion)));
    }
    let created = summary.created.as_ref().map_or_else(String::new, |when| format!(", {when}"));
    all.push(("Analysed", format!("sledform {}{created}", summary.sledform)));
    all
}
