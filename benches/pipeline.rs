//! How close decoding and pose together come to the limit that decoding and the landmark model alone set.
//!
//! What the limit is and how it is measured: `sledform::clip::stages`, which `sledform bench` shows stage by stage. Here the median of
//! several runs, for all qualities. `cargo bench --bench pipeline [-- CLIP]`.

use sledform::clip::WatchSettings;
use sledform::clip::stages::{Stages, measure};
use sledform::inference::Device;
use sledform::models;
use sledform::settings::Quality;
use sledform::video::ReadOptions;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The same number as the cores of the smallest machine in use; more cores would measure the decoder.
const WORKERS: NonZeroUsize = NonZeroUsize::new(2).unwrap();
/// Runs of each; the median is printed.
const RUNS: usize = 5;

fn main() {
    let clip = std::env::args().skip(1).find(|a| !a.starts_with('-')).map_or_else(sample, PathBuf::from);
    if models::locate_runtime().is_err() {
        println!("skipped: the models are not there; `./run models fetch` gets them");
        return;
    }
    println!("{}, {WORKERS} workers, median of {RUNS} runs", clip.display());
    println!("quality    limit, frames/s  reached  share  share of CPU time");
    for quality in Quality::ALL {
        let settings =
            WatchSettings { quality, device: Device::Cpu, workers: WORKERS, read: ReadOptions::default() };
        let runs: Vec<Stages> = (0..RUNS)
            .map(|_| measure(&clip, &settings, Instant::now).expect("the clip is watched").0)
            .collect();
        println!(
            "{:9} {:15.1} {:8.1} {:6.2} {:18.2}",
            quality.name(),
            median(&runs, Stages::limit),
            median(&runs, Stages::rate),
            median(&runs, Stages::reached),
            median(&runs, Stages::useful)
        );
    }
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-push.mp4")
}

fn median(runs: &[Stages], of: impl Fn(&Stages) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
