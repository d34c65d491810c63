//! How close decoding and pose together come to the limit that decoding and the landmark model alone set.
//!
//! The limit is cores / (decoding alone + landmark model alone), in CPU seconds per frame, both measured in this run, as is the
//! pipeline itself: only the ratio is meant to be compared between machines. `cargo bench --bench pipeline [-- CLIP]`.

use sledform::clip::{WatchSettings, watch};
use sledform::frame::{Frame, FrameSource};
use sledform::inference::{BlazePose, Runtime};
use sledform::models;
use sledform::observation::PoseEstimator;
use sledform::settings::Quality;
use sledform::video::{self, BackgroundTracking, ReadOptions};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The same number as the cores of the smallest machine in use; more cores would measure the decoder.
const WORKERS: NonZeroUsize = NonZeroUsize::new(2).unwrap();
/// Runs of each; the median is printed.
const RUNS: usize = 5;
/// Frames given to the landmark model alone.
const FRAMES: usize = 60;

fn main() {
    let clip = std::env::args().skip(1).find(|a| !a.starts_with('-')).map_or_else(sample, PathBuf::from);
    if models::locate_runtime().is_err() {
        println!("skipped: the models are not there; `./run models fetch` gets them");
        return;
    }
    println!("{}, {WORKERS} workers, median of {RUNS} runs, ms per frame", clip.display());
    println!("quality    decode  model   limit   pipeline  reached");
    for quality in Quality::ALL {
        let mut rows: Vec<[f64; 3]> =
            (0..RUNS).map(|_| [decoding(&clip), model(&clip, quality), pipeline(&clip, quality)]).collect();
        let [decode, landmark, whole] = [0, 1, 2].map(|column| {
            rows.sort_by(|a, b| a[column].total_cmp(&b[column]));
            rows[RUNS / 2][column]
        });
        let limit = (decode + landmark) / WORKERS.get() as f64;
        println!(
            "{:9} {:7.2} {:7.2} {:7.2} {:9.2} {:8.2}",
            quality.name(),
            decode * 1e3,
            landmark * 1e3,
            limit * 1e3,
            whole * 1e3,
            limit / whole
        );
    }
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-push.mp4")
}

fn reader(clip: &Path, background: BackgroundTracking) -> Box<dyn FrameSource + Send> {
    video::open(clip, &ReadOptions { background, ..ReadOptions::default() }).expect("the clip opens")
}

/// CPU seconds per frame of decoding alone.
fn decoding(clip: &Path) -> f64 {
    let mut source = reader(clip, BackgroundTracking::Off);
    let began = cpu_seconds();
    let mut frames = 0;
    while let Some(frame) = source.next_frame().expect("the clip decodes") {
        std::hint::black_box(&frame);
        frames += 1;
    }
    (cpu_seconds() - began) / f64::from(frames)
}

/// CPU seconds per frame of the landmark model alone, crop included, in the regions of the athlete.
fn model(clip: &Path, quality: Quality) -> f64 {
    let runtime =
        Runtime::load(&models::locate_runtime().expect("checked in main")).expect("the library loads");
    let path = models::locate(quality.model()).expect("the model is there");
    let mut estimator = BlazePose::open(&runtime, &path).expect("the model loads");
    let mut source = reader(clip, BackgroundTracking::Off);
    let frames: Vec<Frame> =
        std::iter::from_fn(|| source.next_frame().expect("the clip decodes")).take(FRAMES).collect();
    let size = frames[0].size;
    let whole = sledform::geometry::Region {
        centre: sledform::geometry::Point::new(f64::from(size.width) / 2.0, f64::from(size.height) / 2.0),
        side: f64::from(size.height),
        rotation: sledform::units::Radians(0.0),
    };
    let began = cpu_seconds();
    for frame in &frames {
        std::hint::black_box(estimator.estimate(frame, whole).expect("the model runs"));
    }
    (cpu_seconds() - began) / frames.len() as f64
}

/// Wall seconds per frame of the whole pipeline, loading the models left out.
fn pipeline(clip: &Path, quality: Quality) -> f64 {
    let settings = WatchSettings { quality, workers: WORKERS, read: ReadOptions::default() };
    let mut first: Option<(Instant, usize)> = None;
    let mut last = (Instant::now(), 0);
    watch(clip, &settings, &AtomicBool::new(false), &mut |progress| {
        last = (Instant::now(), progress.frames);
        first.get_or_insert(last);
    })
    .expect("the clip is watched");
    let (began, before) = first.expect("the clip has frames");
    (last.0 - began).as_secs_f64() / (last.1 - before).max(1) as f64
}

/// CPU time of this process, s: user and system, all threads.
fn cpu_seconds() -> f64 {
    /// Clock ticks per second in `/proc`; fixed at 100 on Linux.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux tells CPU time");
    let after_name = stat.rsplit(") ").next().expect("the format of stat");
    let fields: Vec<&str> = after_name.split(' ').collect();
    let ticks = |i: usize| fields[i].parse::<f64>().expect("the format of stat");
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND
}
