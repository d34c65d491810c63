//! One person's keypoints out of a recording, frame by frame. Judges nothing: gates and repairs come after.

use crate::geometry::Image;
use crate::kinematics::movement::Points;
use crate::observation::{Observation, Person, Recording, TrackId};
use crate::signal::series::{Sample, Source};
use crate::units::Seconds;

/// What the model saw of one person, one sample per frame of the recording.
#[derive(Clone, Debug, PartialEq)]
pub struct RawTrack {
    /// Presentation timestamp of every frame, increasing.
    pub times: Vec<Seconds>,
    /// Keypoints in the picture, px; missing where the person or the keypoint was not seen.
    pub points: Points<Image>,
}

/// The keypoints of `track` in every frame. A frame that repeats the picture before is no new measurement: its
/// samples are missing, for the gap filling to bridge. A position that is not a number is missing too.
#[must_use]
pub fn gather(recording: &Recording, track: TrackId) -> RawTrack {
    let mut points = Points::missing(recording.frames.len());
    for (index, frame) in recording.frames.iter().enumerate().filter(|(_, f)| !f.duplicate) {
        let Some(person) = person_of(frame, track) else { continue };
        for (keypoint, seen) in person.pose.seen() {
            if seen.position.x.is_finite() && seen.position.y.is_finite() {
                let sample =
                    Sample { value: seen.position, confidence: seen.confidence, source: Source::Measured };
                points.get_mut(keypoint).set(index, Some(sample));
            }
        }
    }
    RawTrack { times: recording.frames.iter().map(|f| f.time).collect(), points }
}

/// The surest person of that track in the frame.
fn person_of(frame: &Observation, track: TrackId) -> Option<&Person> {
    frame
        .people
        .iter()
        .filter(|p| p.track == track)
        .max_by(|a, b| a.pose.score.value().total_cmp(&b.pose.score.value()))
}
