//! Many overlapping boxes of one person into one: weighted non-maximum suppression.

use crate::geometry::{Crop, Point, Vector};

/// Boxes that overlap the surest by more than this are of the same person (`MediaPipe`,
/// `pose_detection_cpu.pbtxt`: `min_suppression_threshold: 0.3`).
const SAME_PERSON: f64 = 0.3;

/// A person as the detector sees it, in the square it was shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// How sure, 0 to 1.
    pub score: f64,
    /// Corner of the box at the top left.
    pub top_left: Point<Crop>,
    /// Corner of the box at the bottom right.
    pub bottom_right: Point<Crop>,
    /// Middle of the hips.
    pub centre: Point<Crop>,
    /// A point on the circle round the hips that holds the whole body.
    pub scale: Point<Crop>,
}

/// One candidate per person, surest first: the score of the surest of a cluster, and the score-weighted mean of its
/// boxes and points.
pub(super) fn one_per_person(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut people = Vec::new();
    while !candidates.is_empty() {
        let surest = candidates.remove(0);
        let (mut cluster, rest): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|c| overlap(&surest, c) > SAME_PERSON);
        cluster.insert(0, surest);
        people.push(mean(&cluster, surest.score));
        candidates = rest;
    }
    people
}

fn mean(cluster: &[Candidate], score: f64) -> Candidate {
    let total: f64 = cluster.iter().map(|c| c.score).sum();
    let of = |point: fn(&Candidate) -> Point<Crop>| {
        let origin = Point::new(0.0, 0.0);
        let zero = Vector::new(0.0, 0.0);
        origin + cluster.iter().fold(zero, |sum, c| sum + (point(c) - origin) * c.score) / total
    };
    Candidate {
        score,
        top_left: of(|c| c.top_left),
        bottom_right: of(|c| c.bottom_right),
        centre: of(|c| c.centre),
        scale: of(|c| c.scale),
    }
}

/// Shared area over joint area, 0 to 1.
fn overlap(a: &Candidate, b: &Candidate) -> f64 {
    let side = |low: f64, high: f64| (high - low).max(0.0);
    let area = |c: &Candidate| side(c.top_left.x, c.bottom_right.x) * side(c.top_left.y, c.bottom_right.y);
    let shared = side(a.top_left.x.max(b.top_left.x), a.bottom_right.x.min(b.bottom_right.x))
        * side(a.top_left.y.max(b.top_left.y), a.bottom_right.y.min(b.bottom_right.y));
    let joint = area(a) + area(b) - shared;
    if joint > 0.0 { shared / joint } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(score: f64, left: f64) -> Candidate {
        Candidate {
            score,
            top_left: Point::new(left, 0.0),
            bottom_right: Point::new(left + 0.2, 0.2),
            centre: Point::new(left + 0.1, 0.1),
            scale: Point::new(left + 0.1, 0.0),
        }
    }

    #[test]
    fn a_cluster_becomes_its_weighted_mean_with_the_best_score() {
        let found = one_per_person(vec![person(0.6, 0.04), person(0.9, 0.0)]);
        assert_eq!(found.len(), 1);
        assert!((found[0].score - 0.9).abs() < 1e-12);
        assert!((found[0].top_left.x - 0.04 * 0.6 / 1.5).abs() < 1e-12);
        assert!((found[0].scale.x - (0.1 + 0.04 * 0.6 / 1.5)).abs() < 1e-12);
    }

    #[test]
    fn people_apart_stay_apart_surest_first() {
        let found = one_per_person(vec![person(0.6, 0.7), person(0.8, 0.0), person(0.7, 0.35)]);
        let scores: Vec<_> = found.iter().map(|c| (c.score * 10.0).round()).collect();
        assert_eq!(scores, [8.0, 7.0, 6.0]);
    }

    #[test]
    fn a_box_without_area_ends_the_search_too() {
        let mut flat = person(0.9, 0.0);
        flat.bottom_right = flat.top_left;
        assert_eq!(one_per_person(vec![flat]), vec![flat]);
        assert!(one_per_person(Vec::new()).is_empty());
    }
}
