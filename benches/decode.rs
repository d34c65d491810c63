//! How fast frames come: decoding alone, with background motion, and what reading costs in memory.
//! `SLEDFORM_CLIP=/full/path/clip.mp4 cargo bench --bench decode`; one decoding thread with `taskset -c 0` before it (OpenCV 4.6
//! gives FFmpeg as many threads as the process may use cores, and offers no other way).

use sledform::video::{self, BackgroundTracking, ReadOptions};
use std::path::Path;
use std::time::Instant;

/// Passes over the clip; the fastest counts, because everything else on the machine only slows it.
const PASSES: usize = 5;
/// Passes for the memory check.
const MEMORY_PASSES: usize = 20;

fn main() {
    let Some(clip) = std::env::var_os("SLEDFORM_CLIP") else {
        println!("skipped: SLEDFORM_CLIP names no clip");
        return;
    };
    let clip = Path::new(&clip);
    let off = ReadOptions { background: BackgroundTracking::Off, ..ReadOptions::default() };
    let decode = (0..PASSES).map(|_| milliseconds_per_frame(clip, &off)).fold(f64::INFINITY, f64::min);
    let both = (0..PASSES).map(|_| milliseconds_per_frame(clip, &ReadOptions::default()));
    let both = both.fold(f64::INFINITY, f64::min);
    println!("decoding alone: {decode:.2} ms a frame, {:.0} frames/s", 1000.0 / decode);
    println!("background motion: {:.2} ms a frame more", both - decode);
    let mut after = Vec::new();
    for _ in 0..MEMORY_PASSES {
        milliseconds_per_frame(clip, &ReadOptions::default());
        after.extend(resident_mib());
    }
    if let (Some(third), Some(last)) = (after.get(2), after.last()) {
        println!("resident after 3 passes: {third:.1} MiB, after {MEMORY_PASSES}: {last:.1} MiB");
    }
}

fn milliseconds_per_frame(clip: &Path, options: &ReadOptions) -> f64 {
    let mut source = video::open(clip, options).expect("the clip opens");
    let begin = Instant::now();
    let mut frames = 0;
    while source.next_frame().expect("frames decode").is_some() {
        frames += 1;
    }
    begin.elapsed().as_secs_f64() * 1000.0 / f64::from(frames)
}

/// Linux only; none elsewhere.
fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
