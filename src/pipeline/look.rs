//! What is done to one frame: pure functions of the frame and the regions asked for.

use super::jobs::{Answer, Chase, Task};
use super::looks::How;
use super::{PipelineError, Stage};
use crate::frame::{Frame, StageError};
use crate::geometry::{Point, Region};
use crate::observation::{Detection, Estimate, PersonDetector, PoseEstimator, TrackId};
use crate::tracking::likeness;
use crate::tracking::tracks::EDGE_SHARE;
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

/// The detector sees the whole frame as 224 px: of a region smaller than this share of the frame's longer side it sees less than
/// 56 and places it roughly. The pose found there places it better, and is asked again [default].
const ROUGHLY_PLACED: f64 = 0.25;

/// In frames wider (or taller) than this against the other side, people are small for a detector that sees the whole
/// frame at once; where it finds nobody it is shown overlapping squares.
const ELONGATED: f64 = 1.3;

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
    let found = settled(estimator, frame, region).map_err(at(Stage::Estimate, frame))?;
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
        let Some(estimate) = upright(estimator, frame, detection.region)? else { continue };
        let longer = f64::from(frame.size.width.max(frame.size.height));
        if estimate.region.side < ROUGHLY_PLACED * longer {
            poses.push(settled(estimator, frame, estimate.region)?.unwrap_or(estimate));
        } else {
            poses.push(estimate);
        }
    }
    let mut poses = likeness::distinct(poses);
    poses.truncate(people);
    Ok(poses)
}

/// Each frame's region is the one that the pose before asked for, until nobody answers any more.
fn follow(estimator: &mut dyn PoseEstimator, chase: &Chase) -> Result<Vec<(usize, Estimate)>, PipelineError> {
    let (mut found, mut back) = (Vec::new(), Vec::new());
    let (mut region, mut misses, mut lost) = (chase.from, 0, chase.is_guess);
    for frame in &chase.frames {
        let estimate = settled(estimator, frame, region).map_err(at(Stage::Estimate, frame))?;
        match estimate.filter(|e| likeness::cost(region, e.region).is_some()) {
            Some(estimate) => {
                (region, misses) = (estimate.region, 0);
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
    Ok(likeness::distinct_people(found.into_iter().map(|(track, estimate, _)| (track, estimate))))
}

/// The pose in the region of a detection. Nobody works upside down: who seems to is looked at once more with the head up.
fn upright(
    estimator: &mut dyn PoseEstimator,
    frame: &Frame,
    region: Region,
) -> Result<Option<Estimate>, StageError> {
    let found = settled(estimator, frame, region)?;
    let Some(reversed) = found.as_ref().filter(|e| likeness::upside_down(e)) else { return Ok(found) };
    let head_up = Region { rotation: Radians(0.0), ..reversed.region };
    let again = settled(estimator, frame, head_up)?;
    let again = again.filter(|e| !likeness::upside_down(e) && likeness::same_person(e, reversed));
    Ok(again.or(found))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::PixelSize;
    use crate::observation::Pose;
    use crate::units::{Confidence, Seconds};

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
    fn whom_the_detector_places_roughly_is_asked_again_where_the_pose_is() {
        let region = Region { centre: Point::new(112.0, 100.0), side: 200.0, rotation: Radians(0.0) };
        let bounds = crate::geometry::Bounds { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        let detection = Detection { score: Confidence::FULL, bounds, region };
        for (width, place) in [(400, 106.0), (1920, 103.0)] {
            let (size, time) = (PixelSize { width, height: 300 }, Seconds(0.0));
            let frame = Frame { index: 0, time, size, bgr: Vec::new(), background: None, duplicate: false };
            let seen = look(&mut Nearing, &frame, &[detection], 1).expect("no failure");
            assert!((seen[0].region.centre.x - place).abs() < 1e-9, "{width}: {:?}", seen[0].region);
        }
    }
}
