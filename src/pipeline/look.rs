//! What is done to one frame: pure functions of the frame and the regions asked for.

use super::jobs::{Answer, Task};
use super::{PipelineError, Stage};
use crate::frame::{Frame, StageError};
use crate::geometry::{Point, Region};
use crate::observation::{Detection, Estimate, PersonDetector, Pose, PoseEstimator, TrackId};
use crate::tracking::likeness;
use crate::units::Radians;

/// A worker's own models.
pub struct Eyes {
    /// Finds people.
    pub detector: Box<dyn PersonDetector>,
    /// Finds keypoints.
    pub estimator: Box<dyn PoseEstimator>,
}

/// A region is off when the pose found asks for one whose centre is further away than this share of its side …
const OFF_CENTRE: f64 = 0.08;
/// … or whose side differs by more than this factor …
const OFF_SIZE: f64 = 1.2;
/// … or which is turned by more than this. The model was trained on regions shifted, scaled and turned about this
/// much; beyond, its answer gets worse.
const OFF_TURN: Radians = Radians(0.35);

/// How much larger the region is made for a second try where the first found nobody.
const WIDER: f64 = 1.25;

/// In frames wider (or taller) than this against the other side, people are small for a detector that sees the whole
/// frame at once; where it finds nobody it is shown overlapping squares.
const ELONGATED: f64 = 1.3;

pub(super) fn work(
    eyes: &mut Eyes,
    frame: &Frame,
    task: &Task,
    people: usize,
) -> Result<Answer, PipelineError> {
    let at = |stage| {
        move |source: StageError| PipelineError {
            stage,
            frame: Some(frame.index),
            time: Some(frame.time),
            source,
        }
    };
    match task {
        Task::Look => {
            let seen = detect(eyes.detector.as_mut(), frame).map_err(at(Stage::Detect))?;
            let poses = look(eyes.estimator.as_mut(), frame, &seen, people).map_err(at(Stage::Estimate))?;
            Ok(Answer::Look(poses))
        }
        Task::Probe(regions) => {
            probe(eyes.estimator.as_mut(), frame, regions).map(Answer::Probe).map_err(at(Stage::Estimate))
        }
        Task::Fill(regions) => {
            fill(eyes.estimator.as_mut(), frame, regions).map(Answer::Fill).map_err(at(Stage::Estimate))
        }
    }
}

fn detect(detector: &mut dyn PersonDetector, frame: &Frame) -> Result<Vec<Detection>, StageError> {
    let people = detector.detect(frame)?;
    if !people.is_empty() {
        return Ok(people);
    }
    let mut closer = Vec::new();
    for square in squares(frame) {
        closer.extend(detector.detect_within(frame, square)?);
    }
    closer.sort_by(|a, b| b.score.value().total_cmp(&a.score.value()));
    Ok(closer)
}

/// Overlapping squares as high as a wide frame (or as wide as a high one); none for a frame nearly square.
fn squares(frame: &Frame) -> Vec<Region> {
    let (width, height) = (f64::from(frame.size.width), f64::from(frame.size.height));
    let (long, side) = (width.max(height), width.min(height));
    if long < side * ELONGATED {
        return Vec::new();
    }
    // Neighbours overlap by at least half, so that nobody is only seen cut in two.
    let steps = (2.0 * (long - side) / side).ceil();
    (0..=steps as usize)
        .map(|i| {
            let along = side / 2.0 + (long - side) * i as f64 / steps;
            let centre =
                if width >= height { Point::new(along, side / 2.0) } else { Point::new(side / 2.0, along) };
            Region { centre, side, rotation: Radians(0.0) }
        })
        .collect()
}

fn look(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    seen: &[Detection],
    people: usize,
) -> Result<Vec<Estimate>, StageError> {
    let mut poses = Vec::new();
    for detection in seen {
        if let Some(estimate) = settled(estimator, frame, detection.region)? {
            poses.push(estimate);
        }
    }
    let mut poses = likeness::distinct(poses);
    poses.truncate(people);
    Ok(poses)
}

fn probe(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    regions: &[(TrackId, Region)],
) -> Result<Vec<(TrackId, Estimate)>, StageError> {
    let mut found = Vec::new();
    for (track, region) in regions {
        if let Some(estimate) = settled(estimator, frame, *region)?
            && likeness::cost(*region, estimate.region).is_some()
        {
            found.push((*track, estimate));
        }
    }
    Ok(found)
}

fn fill(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    regions: &[(TrackId, Region)],
) -> Result<Vec<(TrackId, Pose)>, StageError> {
    let mut found: Vec<(TrackId, Estimate, f64)> = Vec::new();
    for (track, region) in regions {
        let mut estimate = settled(estimator, frame, *region)?;
        if estimate.is_none() {
            let wider = Region { side: region.side * WIDER, ..*region };
            estimate = settled(estimator, frame, wider)?;
        }
        if let Some(estimate) = estimate
            && let Some(moved) = likeness::cost(*region, estimate.region)
        {
            found.push((*track, estimate, moved));
        }
    }
    // Where two tracks end on one person, the one that had to move less is right.
    found.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
    let mut kept: Vec<(TrackId, Estimate)> = Vec::new();
    for (track, estimate, _) in found {
        if !kept.iter().any(|(_, k)| likeness::same_person(k, &estimate)) {
            kept.push((track, estimate));
        }
    }
    kept.sort_by_key(|(track, _)| *track);
    Ok(kept.into_iter().map(|(track, estimate)| (track, estimate.pose)).collect())
}

/// The pose in a region; where it says that the region was off, the pose in the corrected region.
fn settled(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    region: Region,
) -> Result<Option<Estimate>, StageError> {
    let Some(first) = estimator.estimate(frame, region)? else { return Ok(None) };
    if !is_off(region, first.region) {
        return Ok(Some(first));
    }
    Ok(estimator.estimate(frame, first.region)?.or(Some(first)))
}

fn is_off(used: Region, wanted: Region) -> bool {
    used.centre.distance(wanted.centre) > OFF_CENTRE * used.side
        || (wanted.side / used.side).ln().abs() > OFF_SIZE.ln()
        || (wanted.rotation - used.rotation).wrapped().0.abs() > OFF_TURN.0
}
