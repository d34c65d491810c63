//! Where somebody else is in the athlete's way: before or behind them, the pose may be of either.

use super::tracks::HIDDEN_FOR;
use crate::geometry::Bounds;
use crate::observation::{Observation, TrackId};
use crate::units::Seconds;
use std::collections::BTreeMap;

/// Boxes that share more than this of their joint area are in one another's way (F7).
const SHARED: f64 = 0.3;

/// Somebody else has been seen beside the athlete, sharing less than this with them, in so many frames: a second answer for the
/// athlete never is [default].
const APART: f64 = 0.1;
const APART_FRAMES: usize = 10;

/// Times of the frames in which somebody else's box covers the athlete's, in order. While two people are one for the detector
/// only one is seen: the other is taken to go evenly from where they were last seen to where they are seen next, as long as their
/// track waits for them.
#[must_use]
pub fn in_the_way(frames: &[Observation], athlete: TrackId) -> Vec<Seconds> {
    let mut boxes: BTreeMap<TrackId, Vec<(usize, Bounds)>> = BTreeMap::new();
    for (index, frame) in frames.iter().enumerate() {
        for person in &frame.people {
            if let Some(bounds) = person.pose.bounds() {
                boxes.entry(person.track).or_default().push((index, bounds));
            }
        }
    }
    let own: BTreeMap<usize, Bounds> = boxes.remove(&athlete).unwrap_or_default().into_iter().collect();
    let time = |index: usize| frames[index].time;
    let mut covered: Vec<usize> = Vec::new();
    let shared = |index: usize, other: Bounds| own.get(&index).map(|bounds| bounds.overlap(other));
    let mut check = |index: usize, other: Bounds| {
        if shared(index, other).is_some_and(|share| share > SHARED) {
            covered.push(index);
        }
    };
    let is_apart = |(index, bounds): &&(usize, Bounds)| shared(*index, *bounds).is_some_and(|s| s < APART);
    let is_somebody = |seen: &&Vec<(usize, Bounds)>| seen.iter().filter(is_apart).count() >= APART_FRAMES;
    for seen in boxes.values().filter(is_somebody) {
        for (index, bounds) in seen {
            check(*index, *bounds);
        }
        for pair in seen.windows(2) {
            let ((from, before), (to, after)) = (pair[0], pair[1]);
            let span = (time(to) - time(from)).0;
            if span <= HIDDEN_FOR.0 {
                for index in from + 1..to {
                    check(index, between(before, after, (time(index) - time(from)).0 / span));
                }
            }
        }
    }
    covered.sort_unstable();
    covered.dedup();
    covered.into_iter().map(time).collect()
}

fn between(a: Bounds, b: Bounds, share: f64) -> Bounds {
    let of = |a: f64, b: f64| a + (b - a) * share;
    Bounds {
        left: of(a.left, b.left),
        top: of(a.top, b.top),
        right: of(a.right, b.right),
        bottom: of(a.bottom, b.bottom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::observation::{Landmark, Person, Pose};
    use crate::skeleton::Keypoint;
    use crate::units::Confidence;

    /// Somebody 100 px wide and 300 px tall.
    fn person(track: u32, x: f64) -> Person {
        let mut pose = Pose::new(Confidence::FULL);
        for (keypoint, dx, y) in [(Keypoint::Nose, -50.0, 100.0), (Keypoint::LeftAnkle, 50.0, 400.0)] {
            let landmark = Landmark { position: Point::new(x + dx, y), confidence: Confidence::FULL };
            pose.set(keypoint, Some(landmark));
        }
        Person { track: TrackId(track), pose }
    }

    /// Person 1 walks by 10 px a frame past person 2, who stands at 500 px and is seen in some frames.
    fn passing(is_seen: impl Fn(usize) -> bool) -> Vec<f64> {
        passing_one_seen(|_| true, is_seen)
    }

    fn passing_one_seen(is_one_seen: impl Fn(usize) -> bool, is_seen: impl Fn(usize) -> bool) -> Vec<f64> {
        let frame = |i: usize| Observation {
            frame: i,
            time: Seconds(i as f64 / 30.0),
            people: [
                is_one_seen(i).then(|| person(1, 10.0 * i as f64)),
                is_seen(i).then(|| person(2, 500.0)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            background: None,
            duplicate: false,
        };
        let frames: Vec<Observation> = (0..100).map(frame).collect();
        in_the_way(&frames, TrackId(1)).into_iter().map(|t| (t.0 * 30.0).round()).collect()
    }

    #[test]
    fn who_passes_somebody_is_covered_while_less_than_half_a_body_lies_between() {
        // (100 - d) / (100 + d) > 0.3 up to d = 53 px.
        let expected: Vec<f64> = (45..=55).map(f64::from).collect();
        assert_eq!(passing(|_| true), expected);
        assert_eq!(passing(|i| !(46..55).contains(&i)), expected, "also where only one of them is seen");
        assert!(passing(|i| i < 40).is_empty(), "who is never seen again may have gone");
        assert!(
            passing(|i| (42..58).contains(&i)).is_empty(),
            "who is only ever seen upon the athlete is the athlete"
        );
        let instead =
            passing_one_seen(|i| !(60..80).contains(&i), |i| (42..58).contains(&i) || (60..80).contains(&i));
        assert!(instead.is_empty(), "also who stands in for the athlete for a while");
    }
}
