//! A scripted clip and the eyes that see it.
//!
//! A scripted frame carries the truth in its pixels: byte `p` of the first row is the x position of person `p` in
//! steps of four pixels, 0 = not there. Person `p` is `SIDE - 20 p` px large.

use sledform::frame::{ClipFacts, Frame, FrameSource, PixelSize, StageError, TimeSource, Warning};
use sledform::geometry::{Bounds, Point, Region};
use sledform::observation::{Detection, Estimate, Landmark, PersonDetector, Pose, PoseEstimator};
use sledform::skeleton::Keypoint;
use sledform::units::{Confidence, Hertz, Radians, Seconds};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub const SIZE: PixelSize = PixelSize { width: 1000, height: 8 };
pub const SIDE: f64 = 120.0;
pub const RATE: f64 = 30.0;
/// A scripted pose answers when its person is within this share of the region's side from the centre.
pub const SIGHT: f64 = 0.4;

/// Where everybody is in each frame, and when the detector is blind.
#[derive(Clone, Default)]
pub struct Script {
    pub places: Vec<Vec<u8>>,
    pub blind: Vec<usize>,
    /// From this frame on the detector overlooks the first person; before it, the second.
    pub changes_its_mind: Option<usize>,
    pub fails_reading: Option<usize>,
    pub fails_estimating: Option<usize>,
    pub panics: Option<usize>,
    /// The first frame's estimate waits until this many frames were read, sees if more come, and notes how many did.
    pub stalls_until_read: Option<usize>,
}

impl Script {
    pub fn walking(frames: usize) -> Self {
        let places = (0..frames).map(|i| vec![(20 + i % 200) as u8]).collect();
        Self { places, ..Self::default() }
    }
}

pub struct Scripted {
    pub script: Script,
    pub facts: ClipFacts,
    pub next: usize,
    pub read: Arc<AtomicUsize>,
}

impl Scripted {
    pub fn new(script: Script) -> Self {
        let facts = ClipFacts {
            file: "scripted".into(),
            sha256: None,
            size: SIZE,
            rotation_deg: 0,
            nominal_rate: Some(Hertz(RATE)),
            nominal_frames: Some(script.places.len()),
            codec: None,
            capture_rate: None,
            time_source: TimeSource::Presentation,
            start: Seconds(0.0),
            created: None,
        };
        Self { script, facts, next: 0, read: Arc::default() }
    }
}

impl FrameSource for Scripted {
    fn facts(&self) -> &ClipFacts {
        &self.facts
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, StageError> {
        let index = self.next;
        if self.script.fails_reading == Some(index) {
            return Err("scripted reading failure".into());
        }
        let Some(places) = self.script.places.get(index) else { return Ok(None) };
        self.next += 1;
        self.read.fetch_add(1, Ordering::SeqCst);
        let mut bgr = vec![0; SIZE.frame_bytes()];
        bgr[..places.len()].copy_from_slice(places);
        let time = Seconds(index as f64 / RATE);
        Ok(Some(Frame { index, time, size: SIZE, bgr, background: None, duplicate: false }))
    }

    fn warnings(&self) -> Vec<Warning> {
        vec![Warning::new("scripted", "read to the end", "nothing")]
    }
}

pub fn region(person: usize, place: u8) -> Region {
    Region {
        centre: Point::new(f64::from(place) * 4.0, 4.0),
        side: SIDE - 20.0 * person as f64,
        rotation: Radians(0.0),
    }
}

pub fn present(frame: &Frame) -> impl Iterator<Item = Region> + '_ {
    (0..4).filter(|&p| frame.bgr[p] > 0).map(|p| region(p, frame.bgr[p]))
}

pub struct Detector(pub Script, pub Arc<AtomicUsize>);

impl PersonDetector for Detector {
    fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, StageError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        if self.0.blind.contains(&frame.index) {
            return Ok(Vec::new());
        }
        let bounds = Bounds { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        let overlooked = self.0.changes_its_mind.map(|from| usize::from(frame.index < from));
        let seen = present(frame).enumerate().filter(|(person, _)| Some(*person) != overlooked);
        Ok(seen
            .map(|(_, region)| region)
            .map(|region| Detection { score: Confidence::FULL, bounds, region })
            .collect())
    }

    fn detect_within(&mut self, frame: &Frame, _: Region) -> Result<Vec<Detection>, StageError> {
        self.detect(frame)
    }
}

pub struct Estimator {
    pub script: Script,
    pub asked: Arc<AtomicUsize>,
    pub read: Arc<AtomicUsize>,
    pub read_at_stall: Arc<AtomicUsize>,
}

impl PoseEstimator for Estimator {
    fn estimate(&mut self, frame: &Frame, asked: Region) -> Result<Option<Estimate>, StageError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if let Some(expected) = self.script.stalls_until_read.filter(|_| frame.index == 0) {
            let began = Instant::now();
            while self.read.load(Ordering::SeqCst) < expected && began.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            std::thread::sleep(Duration::from_millis(50));
            self.read_at_stall.fetch_max(self.read.load(Ordering::SeqCst), Ordering::SeqCst);
        }
        // Workers finish out of order.
        std::thread::sleep(Duration::from_micros(((frame.index * 7919) % 5) as u64 * 100));
        assert!(self.script.panics != Some(frame.index), "scripted panic");
        if self.script.fails_estimating == Some(frame.index) {
            return Err("scripted estimate failure".into());
        }
        let nearest = present(frame)
            .min_by(|a, b| a.centre.distance(asked.centre).total_cmp(&b.centre.distance(asked.centre)));
        let Some(found) = nearest.filter(|r| r.centre.distance(asked.centre) < SIGHT * asked.side) else {
            return Ok(None);
        };
        let mut pose = Pose::new(Confidence::FULL);
        let landmark = Landmark { position: found.centre, confidence: Confidence::FULL };
        pose.set(Keypoint::LeftHip, Some(landmark));
        Ok(Some(Estimate { pose, region: found }))
    }
}
