//! How alike two estimates or two regions are: the ground on which people are told apart and recognised again.

use crate::geometry::Region;
use crate::observation::{Estimate, TrackId};
use crate::units::Radians;

/// Nobody turns head over heels further than this between two looks; from standing to bent over is about one radian.
const TURN: Radians = Radians(1.4);

/// Two estimates of one frame whose centres are closer than this share of the larger side are one person: a quarter of a
/// metre over a side of about 2.2 m. A detector answers the same person more than once, even upside down, and of two
/// people who pass that close one hides the other.
const SAME_CENTRE: f64 = 0.12;

/// … unless one is this much larger: somebody far behind.
const SAME_SIZE: f64 = 1.6;

/// Nobody works upside down: an estimate turned by more than this is believed only where there is no other of that person.
/// Bent over a sled's low handles the body turns by about 110 degrees.
const UPSIDE_DOWN: Radians = Radians(2.3);

/// A person's region moves at most this share of its side between two looks a third of a second apart:
/// 4 m/s over a side of about 2.2 m.
const REACH: f64 = 0.6;

/// A person's apparent size changes at most by this factor between two looks.
const GROWTH: f64 = 1.6;

/// A turn by one radian is as unlikely as a move by this share of the side: between two looks nobody bends over by more than some
/// 0.2 rad but who straightens up, while two people of whom one bends over a sled and one stands beside are 0.8 apart [default].
const TURN_WEIGHT: f64 = 0.2;

/// Whether two estimates of one frame show the same person.
#[must_use]
pub fn same_person(a: &Estimate, b: &Estimate) -> bool {
    let side = a.region.side.max(b.region.side);
    let grown = (a.region.side / b.region.side).ln().abs();
    a.region.centre.distance(b.region.centre) < SAME_CENTRE * side && grown < SAME_SIZE.ln()
}

/// Whether an estimate shows somebody head down.
#[must_use]
pub fn upside_down(estimate: &Estimate) -> bool {
    estimate.region.rotation.wrapped().0.abs() > UPSIDE_DOWN.0
}

/// How unlikely it is that a person expected at one region is seen at another; none when out of reach.
#[must_use]
pub fn cost(expected: Region, seen: Region) -> Option<f64> {
    let moved = expected.centre.distance(seen.centre) / expected.side.max(seen.side);
    let grown = (seen.side / expected.side).ln().abs();
    let turned = (seen.rotation - expected.rotation).wrapped().0.abs();
    (moved < REACH && grown < GROWTH.ln() && turned < TURN.0).then_some(moved + grown + TURN_WEIGHT * turned)
}

/// Keeps one of every group of estimates that show the same person: the first that is not upside down.
#[must_use]
pub fn distinct(mut estimates: Vec<Estimate>) -> Vec<Estimate> {
    estimates.sort_by_key(upside_down);
    let mut kept: Vec<Estimate> = Vec::with_capacity(estimates.len());
    for estimate in estimates {
        if !kept.iter().any(|k| same_person(k, &estimate)) {
            kept.push(estimate);
        }
    }
    kept
}

/// Of named people of one frame keeps the first of every group that is one person.
#[must_use]
pub fn distinct_people(people: impl IntoIterator<Item = (TrackId, Estimate)>) -> Vec<(TrackId, Estimate)> {
    let mut kept: Vec<(TrackId, Estimate)> = Vec::new();
    for (track, estimate) in people {
        if !kept.iter().any(|(_, k)| same_person(k, &estimate)) {
            kept.push((track, estimate));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::observation::Pose;
    use crate::units::Confidence;

    fn at(x: f64, side: f64, degrees: f64) -> Estimate {
        let region = Region { centre: Point::new(x, 200.0), side, rotation: Radians::from_degrees(degrees) };
        Estimate { pose: Pose::new(Confidence::FULL), region }
    }

    #[test]
    fn somebody_found_twice_is_kept_once_and_upright() {
        let kept = distinct(vec![at(100.0, 300.0, 175.0), at(110.0, 280.0, 40.0), at(400.0, 300.0, -170.0)]);
        let places: Vec<f64> = kept.iter().map(|e| e.region.centre.x).collect();
        assert_eq!(places, [110.0, 400.0], "one of the two at the same place, and the lone one");
    }

    #[test]
    fn somebody_far_behind_is_somebody_else() {
        assert!(!same_person(&at(100.0, 300.0, 0.0), &at(100.0, 150.0, 0.0)));
        assert!(!same_person(&at(100.0, 300.0, 0.0), &at(160.0, 300.0, 0.0)));
    }
}
