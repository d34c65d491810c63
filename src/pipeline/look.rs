//! What is done to one frame: pure functions of the frame and the regions asked for.

use super::jobs::{Answer, Chase, Task};
use super::looks::How;
use super::{PipelineError, Stage};
use crate::frame::{Frame, StageError};
use crate::geometry::{Point, Region};
use crate::observation::{Detection, Estimate, PersonDetector, PoseEstimator, TrackId};
use crate::tracking::likeness;
use crate::tracking::tracks::EDGE_SHARE;
use crate::units::{Radians, Seconds};

/// A worker's own models.
pub struct Eyes {
    /// Finds people.
    pub detector: Box<dyn PersonDetector>,
    /// Finds keypoints.
    pub estimator: Box<dyn PoseEstimator>,
}

/// How far a region may be from the one that the pose found in it asks for. Beyond, the answer leans toward the region: with one
/// turned by 30 degrees the hips of somebody who bends forward came out a quarter of the trunk before them. Each pose halves
/// what the region is off by, so asking again settles it.
struct Tolerance {
    /// Between the centres, as a share of the side.
    centre: f64,
    /// Between the sides, as a factor.
    size: f64,
    turn: Radians,
}

/// At a look, where the detector may be far off; like the next found on 53 rendered clips (docs/pose-model.md).
const LOOK: Tolerance = Tolerance { centre: 0.05, size: 1.2, turn: Radians(0.15) };
/// Between two looks, where the place is foreseen better than the turn.
const FILL: Tolerance = Tolerance { centre: 0.08, size: 1.2, turn: Radians(0.10) };
/// At most so often a pose is asked again; from 50 degrees off it takes four times.
const AGAIN: usize = 5;

/// How much larger the region is made for a second try where the first found nobody.
const WIDER: f64 = 1.25;

/// In frames wider (or taller) than this against the other side, people are small for a detector that sees the whole
/// frame at once; where it finds nobody it is shown overlapping squares.
const ELONGATED: f64 = 1.3;

/// In a chase nobody changes by more than this in a second, by [`likeness::cost`]: 12 m/s over a side of 2 m, or standing up in 0.1 s;
/// somebody else whom they pass does [default].
const CHANGE_PER_S: f64 = 6.0;
/// … but a pose's region may stray by this from frame to frame [default].
const STRAYS: f64 = 0.2;

/// In a chase so many frames in a row may go without an answer …
const MISSES: usize = 2;
/// … and whoever is back after so many misses counts from this many answers in a row: in the empty picture that somebody
/// has left, the model now and then still sees a person, for one frame.
const BACK: usize = 2;

pub(super) fn work(eyes: &mut Eyes, task: &Task, people: usize) -> Result<Answer, PipelineError> {
    let Eyes { detector, estimator } = eyes;
    match task {
        Task::Look(frame, how) => {
            if let How::Expecting(region) = how
                && let Some(found) = expected(estimator.as_mut(), frame, *region)?
            {
                return Ok(Answer::Look(frame.index, vec![found]));
            }
            let seen = detect(detector.as_mut(), frame).map_err(at(Stage::Detect, frame))?;
            let poses = look(estimator.as_mut(), frame, &seen, people).map_err(at(Stage::Estimate, frame))?;
            Ok(Answer::Look(frame.index, poses))
        }
        Task::Chase(chase) => Ok(Answer::Chase(chase.track, follow(estimator.as_mut(), chase)?)),
        Task::Fill(frame, regions) => {
            let poses = fill(estimator.as_mut(), frame, regions).map_err(at(Stage::Estimate, frame))?;
            Ok(Answer::Fill(frame.index, poses))
        }
    }
}

fn at(stage: Stage, frame: &Frame) -> impl Fn(StageError) -> PipelineError {
    let (index, time) = (frame.index, frame.time);
    move |source| PipelineError { stage, frame: Some(index), time: Some(time), source }
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

/// Somebody where one person is expected: upright, within reach, and not about to leave the picture.
fn expected(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    region: Region,
) -> Result<Option<Estimate>, PipelineError> {
    let from_edge = region.centre.x.min(f64::from(frame.size.width) - region.centre.x);
    if from_edge < EDGE_SHARE * region.side {
        return Ok(None);
    }
    let found = settled(estimator, frame, region, &LOOK).map_err(at(Stage::Estimate, frame))?;
    Ok(found.filter(|e| likeness::cost(region, e.region).is_some() && !likeness::upside_down(e)))
}

fn look(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    seen: &[Detection],
    people: usize,
) -> Result<Vec<Estimate>, StageError> {
    let mut poses = Vec::new();
    for detection in seen {
        poses.extend(upright(estimator, frame, detection.region)?);
    }
    let mut poses = likeness::distinct(poses);
    poses.truncate(people);
    Ok(poses)
}

/// Each frame's region is the one that the pose before asked for, until nobody answers any more.
fn follow(estimator: &mut dyn PoseEstimator, chase: &Chase) -> Result<Vec<(usize, Estimate)>, PipelineError> {
    let (mut found, mut back) = (Vec::new(), Vec::new());
    let (mut region, mut misses, mut lost) = (chase.from, 0, chase.is_guess);
    let mut seen_at = None;
    for frame in &chase.frames {
        let estimate = settled(estimator, frame, region, &FILL).map_err(at(Stage::Estimate, frame))?;
        let since = seen_at.map_or(f64::INFINITY, |at: Seconds| (frame.time - at).0.abs());
        let reach = if lost { f64::INFINITY } else { (CHANGE_PER_S * since).max(STRAYS) };
        match estimate.filter(|e| likeness::cost(region, e.region).is_some_and(|away| away < reach)) {
            Some(estimate) => {
                (region, misses, seen_at) = (estimate.region, 0, Some(frame.time));
                back.push((frame.index, estimate));
                if !lost || back.len() >= BACK {
                    found.append(&mut back);
                    lost = false;
                }
            }
            None if misses < MISSES => {
                misses += 1;
                lost = lost || misses == MISSES;
                back.clear();
            }
            None => break,
        }
    }
    Ok(found)
}

fn fill(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    regions: &[(TrackId, Region)],
) -> Result<Vec<(TrackId, Estimate)>, StageError> {
    let mut found: Vec<(TrackId, Estimate, f64)> = Vec::new();
    for (track, region) in regions {
        let mut estimate = settled(estimator, frame, *region, &FILL)?;
        if estimate.is_none() {
            let wider = Region { side: region.side * WIDER, ..*region };
            estimate = settled(estimator, frame, wider, &FILL)?;
        }
        if let Some(estimate) = estimate
            && let Some(moved) = likeness::cost(*region, estimate.region)
        {
            found.push((*track, estimate, moved));
        }
    }
    // Where two tracks end on one person, the one that had to move less is right.
    found.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
    Ok(likeness::distinct_people(found.into_iter().map(|(track, estimate, _)| (track, estimate))))
}

/// The pose in the region of a detection. Nobody works upside down: who seems to is looked at once more with the head up.
fn upright(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    region: Region,
) -> Result<Option<Estimate>, StageError> {
    let found = settled(estimator, frame, region, &LOOK)?;
    let Some(reversed) = found.as_ref().filter(|e| likeness::upside_down(e)) else { return Ok(found) };
    let head_up = Region { rotation: Radians(0.0), ..reversed.region };
    let again = settled(estimator, frame, head_up, &LOOK)?;
    let again = again.filter(|e| !likeness::upside_down(e) && likeness::same_person(e, reversed));
    Ok(again.or(found))
}

/// The pose in a region; where it says that the region was off, the pose in the corrected one, until it agrees.
fn settled(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    region: Region,
    tolerance: &Tolerance,
) -> Result<Option<Estimate>, StageError> {
    let Some(mut found) = estimator.estimate(frame, region)? else { return Ok(None) };
    let mut used = region;
    for _ in 0..AGAIN {
        if !is_off(used, found.region, tolerance) {
            break;
        }
        used = found.region;
        let Some(again) = estimator.estimate(frame, used)? else { break };
        found = again;
    }
    Ok(Some(found))
}

fn is_off(used: Region, wanted: Region, tolerance: &Tolerance) -> bool {
    used.centre.distance(wanted.centre) > tolerance.centre * used.side
        || (wanted.side / used.side).ln().abs() > tolerance.size.ln()
        || (wanted.rotation - used.rotation).wrapped().0.abs() > tolerance.turn.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::PixelSize;
    use crate::observation::Pose;
    use crate::units::Confidence;

    /// Sees somebody head down wherever the region is turned so, or everywhere; with the head up perhaps somebody else.
    #[derive(Clone, Copy)]
    struct HeadDown {
        is_stubborn: bool,
        another_at: f64,
    }

    impl PoseEstimator for HeadDown {
        fn estimate(&mut self, _: &Frame, region: Region) -> Result<Option<Estimate>, StageError> {
            let rotation = if self.is_stubborn { Radians(3.0) } else { region.rotation };
            let mut region = Region { rotation, ..region };
            if rotation.0.abs() < 1.0 {
                region.centre.x += self.another_at;
            }
            Ok(Some(Estimate { pose: Pose::new(Confidence::FULL), region }))
        }
    }

    #[test]
    fn who_seems_to_stand_on_the_head_is_looked_at_again_upright() {
        let size = PixelSize { width: 4, height: 4 };
        let (bgr, time) = (vec![0; size.frame_bytes()], Seconds(0.0));
        let frame = Frame { index: 0, time, size, bgr, background: None, duplicate: false };
        let region = Region { centre: Point::new(2.0, 2.0), side: 4.0, rotation: Radians(3.0) };
        let seen = |is_stubborn, another_at| {
            let mut eyes = HeadDown { is_stubborn, another_at };
            let found = upright(&mut eyes, &frame, region).expect("no failure");
            found.expect("somebody is there").region.rotation.0
        };
        assert!(seen(false, 0.0).abs() < 1e-12);
        assert!((seen(true, 0.0) - 3.0).abs() < 1e-12, "who is head down either way is kept");
        assert!((seen(false, 2.0) - 3.0).abs() < 1e-12, "somebody else is no answer");
    }

    /// Comes half-way to the person, who is at 100 px, each time it is asked.
    struct Nearing;

    impl PoseEstimator for Nearing {
        fn estimate(&mut self, _: &Frame, region: Region) -> Result<Option<Estimate>, StageError> {
            let centre = Point::new(f64::midpoint(region.centre.x, 100.0), region.centre.y);
            Ok(Some(Estimate { pose: Pose::new(Confidence::FULL), region: Region { centre, ..region } }))
        }
    }

    #[test]
    fn a_region_is_asked_again_until_the_pose_agrees_with_it_closer_at_a_look() {
        let (size, time) = (PixelSize { width: 400, height: 300 }, Seconds(0.0));
        let frame = Frame { index: 0, time, size, bgr: Vec::new(), background: None, duplicate: false };
        let from = |x: f64, tolerance| {
            let region = Region { centre: Point::new(x, 100.0), side: 200.0, rotation: Radians(0.0) };
            let found = settled(&mut Nearing, &frame, region, tolerance).expect("no failure");
            found.expect("somebody is there").region.centre.x
        };
        // Each step halves the way: from 32 px off the pose asks for 16 px more, which is 8 % of the side.
        assert!((from(132.0, &FILL) - 116.0).abs() < 1e-9);
        assert!((from(132.0, &LOOK) - 108.0).abs() < 1e-9);
        // Far off it stops after so many times, as long as the pose still asks for another place.
        assert!((from(100.0 + 4096.0, &FILL) - (100.0 + 64.0)).abs() < 1e-9);
    }
}
