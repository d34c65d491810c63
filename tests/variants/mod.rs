//! Harmless and harmful changes of a recording: mirrored, cut, thinned, and with data lost.

use sledform::frame::BackgroundMotion;
use sledform::geometry::{Image, Point, Similarity, Vector};
use sledform::observation::{Landmark, Observation, Person, Pose, Recording};
use sledform::skeleton::{Keypoint, LimbPoint, Side};
use sledform::units::{Confidence, Hertz, Radians, Seconds};
use std::ops::Range;

/// Numbers that are the same on every machine: `SplitMix64` (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn each_pose(recording: &Recording, mut change: impl FnMut(&Observation, &Pose) -> Pose) -> Recording {
    let person = |frame: &Observation,
                  person: &Person,
                  change: &mut dyn FnMut(&Observation, &Pose) -> Pose| {
        Person { track: person.track, pose: change(frame, &person.pose) }
    };
    let frames = recording.frames.iter().map(|frame| Observation {
        people: frame.people.iter().map(|p| person(frame, p, &mut change)).collect(),
        ..frame.clone()
    });
    Recording { frames: frames.collect(), ..recording.clone() }
}

fn with_landmarks(pose: &Pose, mut landmark: impl FnMut(Keypoint) -> Option<Landmark>) -> Pose {
    let mut out = Pose::new(pose.score);
    for keypoint in Keypoint::ALL {
        out.set(keypoint, landmark(keypoint));
    }
    out
}

/// As a camera on the other side of the path would have it: left and right exchanged, the picture turned over.
pub fn mirrored(recording: &Recording) -> Recording {
    let width = f64::from(recording.clip.size.width);
    let over = |p: Point<Image>| Point::new(width - p.x, p.y);
    let mut out = each_pose(recording, |_, pose| {
        with_landmarks(pose, |k| pose.get(k.mirror()).map(|l| Landmark { position: over(l.position), ..l }))
    });
    for frame in &mut out.frames {
        frame.background = frame
            .background
            .map(|b| BackgroundMotion { this_from_previous: turned_over(b.this_from_previous, width), ..b });
    }
    out
}

/// A transform between pictures that were both turned over.
fn turned_over(transform: Similarity, width: f64) -> Similarity {
    let corner = transform.apply(Point::new(width, 0.0));
    Similarity {
        shift: Vector::new(width - corner.x, corner.y),
        rotation: Radians(-transform.rotation.0),
        scale: transform.scale,
    }
}

/// Only some of the frames, from time 0.
pub fn cut(recording: &Recording, frames: Range<usize>) -> Recording {
    let start = recording.frames[frames.start].time;
    let kept = recording.frames[frames].iter().enumerate().map(|(index, frame)| Observation {
        frame: index,
        time: frame.time - start,
        background: frame.background.filter(|_| index > 0),
        ..frame.clone()
    });
    Recording { frames: kept.collect(), ..recording.clone() }
}

/// Every second frame.
pub fn half_rate(recording: &Recording) -> Recording {
    let kept = recording.frames.iter().step_by(2).enumerate().map(|(index, frame)| {
        let between = frame.frame.checked_sub(1).and_then(|i| recording.frames[i].background);
        Observation { frame: index, background: joined(between, frame.background), ..frame.clone() }
    });
    let mut clip = recording.clip.clone();
    clip.nominal_rate = clip.nominal_rate.map(|rate| Hertz(rate.0 / 2.0));
    Recording { frames: kept.collect(), clip, ..recording.clone() }
}

fn joined(first: Option<BackgroundMotion>, then: Option<BackgroundMotion>) -> Option<BackgroundMotion> {
    let (first, then) = (first?, then?);
    Some(BackgroundMotion {
        this_from_previous: then.this_from_previous.after(first.this_from_previous),
        inliers: first.inliers.min(then.inliers),
        tracked: first.tracked.max(then.tracked),
    })
}

/// A share of the keypoints gone at random.
pub fn deleted(recording: &Recording, share: f64, seed: u64) -> Recording {
    let mut random = Random(seed);
    each_pose(recording, |_, pose| {
        with_landmarks(pose, |k| pose.get(k).filter(|_| random.uniform() >= share))
    })
}

/// Nobody seen for a while.
pub fn hole(recording: &Recording, from: Seconds, to: Seconds) -> Recording {
    let mut out = recording.clone();
    for frame in out.frames.iter_mut().filter(|f| f.time.0 >= from.0 && f.time.0 < to.0) {
        frame.people.clear();
    }
    out
}

/// Left and right leg exchanged for a while, from the knee down.
pub fn legs_swapped(recording: &Recording, from: Seconds, to: Seconds) -> Recording {
    let leg = |k: Keypoint| {
        let points = [LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe];
        points.iter().any(|p| Side::BOTH.iter().any(|&side| p.on(side) == k))
    };
    each_pose(recording, |frame, pose| {
        let inside = frame.time.0 >= from.0 && frame.time.0 < to.0;
        with_landmarks(pose, |k| pose.get(if inside && leg(k) { k.mirror() } else { k }))
    })
}

/// Half of the confidences, at random, halved.
pub fn confidence_halved(recording: &Recording, seed: u64) -> Recording {
    let mut random = Random(seed);
    each_pose(recording, |_, pose| {
        with_landmarks(pose, |k| {
            let landmark = pose.get(k)?;
            let factor = if random.uniform() < 0.5 { 0.5 } else { 1.0 };
            Some(Landmark { confidence: Confidence::new(landmark.confidence.value() * factor), ..landmark })
        })
    })
}
