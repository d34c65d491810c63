//! How alike two poses or two regions are: the ground on which people are told apart and recognised again.

use crate::geometry::Region;
use crate::observation::{Estimate, Pose};
use crate::skeleton::Keypoint;

/// Keypoints that place a body: they are found even when hands and feet are hidden.
const BODY: [Keypoint; 6] = [
    Keypoint::LeftShoulder,
    Keypoint::RightShoulder,
    Keypoint::LeftHip,
    Keypoint::RightHip,
    Keypoint::LeftKnee,
    Keypoint::RightKnee,
];

/// Two poses closer than this (mean keypoint distance as a share of the region's side) are the same person.
/// The model's own noise is under 0.02 of the side and two people next to each other differ by more than 0.2;
/// the limit lies between on a logarithmic scale.
pub const SAME_PERSON: f64 = 0.07;

/// A person's region moves at most this share of its side between two looks a third of a second apart:
/// 4 m/s over a side of about 2.2 m.
const REACH: f64 = 0.6;

/// A person's apparent size changes at most by this factor between two looks.
const GROWTH: f64 = 1.6;

/// Mean distance of the body's keypoints as a share of `side`; none where the poses share no such keypoint.
#[must_use]
pub fn pose_distance(a: &Pose, b: &Pose, side: f64) -> Option<f64> {
    let distances: Vec<f64> = BODY
        .into_iter()
        .filter_map(|k| Some(a.get(k)?.position.distance(b.get(k)?.position) / side))
        .collect();
    (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64)
}

/// Whether two estimates of one frame show the same person.
#[must_use]
pub fn same_person(a: &Estimate, b: &Estimate) -> bool {
    let side = a.region.side.max(b.region.side);
    pose_distance(&a.pose, &b.pose, side).is_some_and(|d| d < SAME_PERSON)
}

/// How unlikely it is that a person expected at one region is seen at another; none when out of reach.
#[must_use]
pub fn cost(expected: Region, seen: Region) -> Option<f64> {
    let moved = expected.centre.distance(seen.centre) / expected.side.max(seen.side);
    let grown = (seen.side / expected.side).ln().abs();
    (moved < REACH && grown < GROWTH.ln()).then_some(moved + grown)
}

/// Keeps the first of every group of estimates that show the same person.
#[must_use]
pub fn distinct(estimates: Vec<Estimate>) -> Vec<Estimate> {
    let mut kept: Vec<Estimate> = Vec::with_capacity(estimates.len());
    for estimate in estimates {
        if !kept.iter().any(|k| same_person(k, &estimate)) {
            kept.push(estimate);
        }
    }
    kept
}
