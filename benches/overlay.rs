//! What the second pass over a clip costs, as a share of the time that watching and analysing it takes: the pictures of evidence with
//! the tables and the page, a clean copy, and the annotated video.
//!
//! All are measured in one run, so that only the ratios are meant to be compared between machines.
//! `cargo bench --bench overlay [-- CLIP]`.

use sledform::analysis::{self, Settings};
use sledform::clip::{AnnotateSettings, OverlaySettings, WatchSettings, annotate, watch};
use sledform::inference::Device;
use sledform::models;
use sledform::report::{self, ReportOptions};
use sledform::results::{self, ResultOptions};
use sledform::settings::Quality;
use sledform::store::OutputFolder;
use sledform::video::ReadOptions;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

const WORKERS: NonZeroUsize = NonZeroUsize::new(2).unwrap();
/// Runs of each; the median is printed.
const RUNS: usize = 3;

fn main() {
    let sample = || Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-push.mp4");
    let clip = std::env::args().skip(1).find(|a| !a.starts_with('-')).map_or_else(sample, PathBuf::from);
    if models::locate_runtime().is_err() {
        println!("skipped: the models are not there; `./run models fetch` gets them");
        return;
    }
    println!("{}, {WORKERS} workers, median of {RUNS} runs", clip.display());
    println!("quality   analysis   report, exports, evidence   copy   overlay");
    for quality in [Quality::Best, Quality::Fast] {
        let mut rows: Vec<[f64; 4]> = (0..RUNS).map(|_| measure(&clip, quality)).collect();
        let [whole, page, copy, overlay] = [0, 1, 2, 3].map(|column| {
            rows.sort_by(|a, b| a[column].total_cmp(&b[column]));
            rows[RUNS / 2][column]
        });
        let percent = |seconds: f64| 100.0 * seconds / whole;
        println!(
            "{:8} {whole:7.2} s {:24.1} % {:5.0} % {:7.0} %",
            quality.name(),
            percent(page),
            percent(copy),
            percent(overlay)
        );
    }
}

/// Seconds for watching and analysing; for tables, page and evidence; for the copy; for the annotated video.
fn measure(clip: &Path, quality: Quality) -> [f64; 4] {
    let go_on = AtomicBool::new(false);
    let place = tempfile::tempdir().expect("a folder");
    let folder = OutputFolder::create(place.path().join("results")).expect("a folder");
    let begun = Instant::now();
    let settings =
        WatchSettings { quality, device: Device::Cpu, workers: WORKERS, read: ReadOptions::default() };
    let recording = watch(clip, &settings, &go_on, &mut |_| ()).expect("the clip is watched").recording;
    let settings = Settings::default();
    let analysis = analysis::analyze(&recording, &settings);
    let whole = begun.elapsed().as_secs_f64();

    let pass = |settings: &AnnotateSettings| {
        let begun = Instant::now();
        let made = annotate(&recording, &analysis, settings, &go_on, &mut |_| ()).expect("a second pass");
        (begun.elapsed().as_secs_f64(), made.pictures)
    };
    let made_of = || AnnotateSettings { clip: clip.to_owned(), ..AnnotateSettings::default() };
    let evidence = report::evidence(&recording, &analysis);
    let (pictures_s, pictures) = pass(&AnnotateSettings { evidence, ..made_of() });
    let begun = Instant::now();
    results::write(&folder, &recording, &analysis, &settings, &ResultOptions::default()).expect("tables");
    let page = ReportOptions { pictures, ..ReportOptions::default() };
    results::write_report(&folder, &recording, &analysis, &page).expect("a page");
    let written_s = begun.elapsed().as_secs_f64();

    let copy = Some(folder.path().join("copy.mp4"));
    let (copy_s, _) = pass(&AnnotateSettings { copy, ..made_of() });
    let out = folder.path().join("overlay.mp4");
    let overlay = Some(OverlaySettings { out, height: None, speed: 1.0, beside: None });
    let (overlay_s, _) = pass(&AnnotateSettings { overlay, ..made_of() });
    [whole, pictures_s + written_s, copy_s, overlay_s]
}
