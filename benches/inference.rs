//! How long one call takes on one thread: crop, detector, landmark models; and how much two workers do together.
//!
//! Models and library are looked for in `SLEDFORM_HOME`, else `.sledform`; without them only the crop is timed.

use divan::{Bencher, counter::ItemsCount};
use sledform::frame::{Frame, PixelSize};
use sledform::geometry::{Point, Region};
use sledform::inference::{
    BlazeDetector, BlazePose, Border, DETECTOR_NAME, DETECTOR_SIDE, LANDMARK_SIDE, PixelScale, Quality,
    Runtime, crop,
};
use sledform::observation::{PersonDetector, PoseEstimator};
use sledform::units::{Radians, Seconds};
use std::path::{Path, PathBuf};

/// Images a worker runs in one sample of the throughput.
const IMAGES_PER_WORKER: usize = 10;

fn main() {
    if home().is_none() {
        println!("no models: only the crop is timed (run ./run once, or set SLEDFORM_HOME)");
    }
    divan::main();
}

fn home() -> Option<PathBuf> {
    let beside_manifest = || Path::new(env!("CARGO_MANIFEST_DIR")).join(".sledform");
    let home = std::env::var_os("SLEDFORM_HOME").map_or_else(beside_manifest, PathBuf::from);
    let there = home.join("onnxruntime/libonnxruntime.so").is_file() && home.join("models").is_dir();
    there.then_some(home)
}

fn runtime(home: &Path) -> Runtime {
    Runtime::load(&home.join("onnxruntime/libonnxruntime.so")).expect("the library is there")
}

fn model(home: &Path, name: &str) -> PathBuf {
    home.join("models").join(format!("{name}.onnx"))
}

fn pose(home: &Path, quality: Quality) -> BlazePose {
    BlazePose::open(&runtime(home), &model(home, quality.model_name())).expect("the model is there")
}

/// A frame with somebody in it, and where.
fn scene() -> (Frame, Region) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/frames/push_good_020.png");
    let picture = image::open(path).expect("the reference frame").into_rgb8();
    let size = PixelSize { width: picture.width(), height: picture.height() };
    let mut bgr = picture.into_raw();
    bgr.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
    let frame = Frame { index: 0, time: Seconds(0.0), size, bgr, background: None, duplicate: false };
    (frame, Region { centre: Point::new(797.3, 275.9), side: 321.5, rotation: Radians(-0.709) })
}

/// Leaning, half of it outside the picture for a landmark model's worst case.
#[divan::bench(args = ["inside", "across the edge"], sample_count = 40)]
fn crop_for_landmarks(bencher: Bencher, place: &str) {
    let (frame, mut region) = scene();
    region.centre.x = if place == "inside" { 500.0 } else { 950.0 };
    let mut planes = vec![0.0; 3 * LANDMARK_SIDE * LANDMARK_SIDE];
    bencher.bench_local(|| {
        crop::<LANDMARK_SIDE>(&frame, region, Border::Replicate, PixelScale::UNIT, &mut planes)
    });
}

#[divan::bench(sample_count = 40)]
fn crop_for_detector(bencher: Bencher) {
    let (frame, _) = scene();
    let region = Region { centre: Point::new(480.0, 270.0), side: 960.0, rotation: Radians(0.0) };
    let mut planes = vec![0.0; 3 * DETECTOR_SIDE * DETECTOR_SIDE];
    bencher.bench_local(|| {
        crop::<DETECTOR_SIDE>(&frame, region, Border::Zero, PixelScale::SYMMETRIC, &mut planes)
    });
}

#[divan::bench(sample_count = 40, sample_size = 1)]
fn detector(bencher: Bencher) {
    let Some(home) = home() else { return };
    let mut detector = BlazeDetector::open(&runtime(&home), &model(&home, DETECTOR_NAME)).expect("the model");
    let (frame, _) = scene();
    bencher.bench_local(|| detector.detect(&frame).expect("the detector runs"));
}

#[divan::bench(args = Quality::ALL, sample_count = 40, sample_size = 1)]
fn landmarks(bencher: Bencher, quality: Quality) {
    let Some(home) = home() else { return };
    let mut pose = pose(&home, quality);
    let (frame, region) = scene();
    bencher
        .bench_local(|| pose.estimate(&frame, region).expect("the model runs").expect("somebody is there"));
}

#[divan::bench(args = Quality::ALL, sample_count = 8, sample_size = 1)]
fn two_workers(bencher: Bencher, quality: Quality) {
    let Some(home) = home() else { return };
    let (mut one, mut other) = (pose(&home, quality), pose(&home, quality));
    let (frame, region) = scene();
    let work = |pose: &mut BlazePose| {
        for _ in 0..IMAGES_PER_WORKER {
            pose.estimate(&frame, region).expect("the model runs");
        }
    };
    bencher.counter(ItemsCount::new(2 * IMAGES_PER_WORKER)).bench_local(|| {
        std::thread::scope(|scope| {
            scope.spawn(|| work(&mut one));
            work(&mut other);
        });
    });
}
