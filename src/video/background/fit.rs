//! The background's motion from point pairs: a similarity about the picture's centre. Pure.
//!
//! A phone that pans turns about itself, and then points far from the centre move further than those in it: by the
//! factor `1 + (x/f)^2`, some 17 % at the edge of an ordinary phone picture. A similarity fitted to all points
//! alike overstates the motion in the centre, where the athlete is, by a third of that. So the fit has the two
//! second-order terms of a turning camera as well (Longuet-Higgins and Prazdny 1980: `p x^2 + q x y`,
//! `p x y + q y^2`), and only the similarity in the centre is handed on.

use crate::geometry::{Image, Point, Similarity, Vector};
use crate::units::Radians;

/// Inliers from which the second-order terms are fitted: ten equations for each of six unknowns.
const MIN_FOR_CURVATURE: usize = 30;
/// Fewest inliers that are fitted at all: twice what a similarity needs.
const MIN_INLIERS: usize = 4;
/// Unknowns: shift x and y, growth, turn, and the second-order terms p and q.
const UNKNOWNS: usize = 6;
const FLAT_UNKNOWNS: usize = 4;

/// A point in the frame before and in this one, px of the reduced picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub before: Point<Image>,
    pub now: Point<Image>,
}

/// The motion about the picture's centre.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fitted {
    centre: Point<Image>,
    radius: f64,
    terms: [f64; UNKNOWNS],
    /// Pairs that agree with it within the first agreement asked for.
    pub inliers: usize,
}

/// Fits the pairs that `seed` names, then those that agree with the result within the first of `agreements` (px), and
/// so on; a last fit follows the last selection. What agrees with that within the first of `agreements` is counted: the
/// sharpest points make the fit, but a blurred one that moves along speaks for it all the same. None when too few agree.
/// `size`: width and height, px.
pub(super) fn fit(pairs: &[Pair], seed: &[bool], size: (f64, f64), agreements: &[f64]) -> Option<Fitted> {
    let chosen: Vec<Pair> = pairs.iter().zip(seed).filter(|(_, agrees)| **agrees).map(|(p, _)| *p).collect();
    let mut motion = least_squares(&chosen, size)?;
    for agreement in agreements {
        let chosen: Vec<Pair> = pairs.iter().filter(|p| motion.distance(p) < *agreement).copied().collect();
        motion = least_squares(&chosen, size)?;
    }
    if let Some(search) = agreements.first() {
        motion.inliers = pairs.iter().filter(|p| motion.distance(p) < *search).count();
    }
    Some(motion)
}

impl Fitted {
    /// The similarity between full pictures that are `scale` times as wide and high. Pixel centres are whole numbers.
    pub fn in_full_pixels(&self, scale: (f64, f64)) -> Similarity {
        let [dx, dy, growth, turn, ..] = self.terms;
        let (along, across) = (1.0 + growth / self.radius, turn / self.radius);
        let centre =
            Point::<Image>::new((self.centre.x + 0.5) * scale.0 - 0.5, (self.centre.y + 0.5) * scale.1 - 0.5);
        let linear = Similarity {
            shift: Vector::new(0.0, 0.0),
            rotation: Radians(across.atan2(along)),
            scale: along.hypot(across),
        };
        let moved = centre + Vector::new(dx * scale.0, dy * scale.1);
        Similarity { shift: moved - linear.apply(centre), ..linear }
    }

    /// How far a point moves, px of the reduced picture.
    pub fn step(&self, at: Point<Image>) -> Vector<Image> {
        let (x, y) = self.rows(at);
        let dot = |row: [f64; UNKNOWNS]| row.iter().zip(&self.terms).map(|(a, b)| a * b).sum::<f64>();
        Vector::new(dot(x), dot(y))
    }

    /// How far a pair lies from the motion, px of the reduced picture.
    pub fn distance(&self, pair: &Pair) -> f64 {
        (pair.now - pair.before - self.step(pair.before)).length()
    }

    /// What each unknown adds to the displacement of a point, in x and in y.
    fn rows(&self, at: Point<Image>) -> ([f64; UNKNOWNS], [f64; UNKNOWNS]) {
        let (u, v) = ((at.x - self.centre.x) / self.radius, (at.y - self.centre.y) / self.radius);
        ([1.0, 0.0, u, -v, u * u, u * v], [0.0, 1.0, v, u, u * v, v * v])
    }
}

fn least_squares(pairs: &[Pair], (width, height): (f64, f64)) -> Option<Fitted> {
    if pairs.len() < MIN_INLIERS {
        return None;
    }
    let mut fitted = Fitted {
        centre: Point::new((width - 1.0) / 2.0, (height - 1.0) / 2.0),
        radius: width.hypot(height) / 2.0,
        terms: [0.0; UNKNOWNS],
        inliers: pairs.len(),
    };
    let unknowns = if pairs.len() < MIN_FOR_CURVATURE { FLAT_UNKNOWNS } else { UNKNOWNS };
    let mut normal = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
    for pair in pairs {
        let (x, y) = fitted.rows(pair.before);
        let step = pair.now - pair.before;
        for (row, value) in [(x, step.x), (y, step.y)] {
            for i in 0..unknowns {
                for j in 0..unknowns {
                    normal[i][j] += row[i] * row[j];
                }
                normal[i][UNKNOWNS] += row[i] * value;
            }
        }
    }
    fitted.terms = solve(normal, unknowns)?;
    Some(fitted)
}

/// Gaussian elimination with pivoting on the first `n` rows; none when they do not determine the unknowns.
fn solve(mut m: [[f64; UNKNOWNS + 1]; UNKNOWNS], n: usize) -> Option<[f64; UNKNOWNS]> {
    /// Below this pivot the points lie on a line or in one place; sums are of order 1 per pair.
    const MIN_PIVOT: f64 = 1e-9;
    for column in 0..n {
        let pivot = (column..n).max_by(|&a, &b| m[a][column].abs().total_cmp(&m[b][column].abs()))?;
        if m[pivot][column].abs() < MIN_PIVOT {
            return None;
        }
        m.swap(column, pivot);
        let upper = m[column];
        for row in m.iter_mut().take(n).skip(column + 1) {
            let factor = row[column] / upper[column];
            for (value, above) in row.iter_mut().zip(&upper) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = [0.0; UNKNOWNS];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| m[i][j] * solution[j]).sum();
        solution[i] = (m[i][UNKNOWNS] - known) / m[i][i];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (480.0, 270.0);

    fn grid(motion: impl Fn(Point<Image>) -> Point<Image>) -> Vec<Pair> {
        let points =
            (0..15).flat_map(|i| (0..9).map(move |j| (f64::from(i) * 32.0 + 5.0, f64::from(j) * 30.0 + 3.0)));
        points.map(|(x, y)| Point::new(x, y)).map(|before| Pair { before, now: motion(before) }).collect()
    }

    fn fit_all(pairs: &[Pair]) -> Fitted {
        fit(pairs, &vec![true; pairs.len()], SIZE, &[1.5; 3]).expect("enough pairs")
    }

    #[test]
    fn a_similarity_is_found_exactly_and_scaled_to_the_full_picture() {
        let truth = Similarity { shift: Vector::new(4.0, -2.5), rotation: Radians(0.01), scale: 1.02 };
        let found = fit_all(&grid(|p| truth.apply(p))).in_full_pixels((1.0, 1.0));
        assert!(
            (found.scale - truth.scale).abs() < 1e-9 && (found.rotation.0 - truth.rotation.0).abs() < 1e-9
        );
        assert!((found.shift - truth.shift).length() < 1e-6);

        let full = fit_all(&grid(|p| truth.apply(p))).in_full_pixels((2.0, 2.0));
        let (small, large) = (Point::new(100.0, 50.0), Point::new(200.5, 100.5));
        let (small, large) = (truth.apply(small), full.apply(large));
        assert!((large - Point::new(small.x * 2.0 + 0.5, small.y * 2.0 + 0.5)).length() < 1e-6);
    }

    #[test]
    fn a_turning_camera_gives_the_motion_of_the_centre() {
        let (focal, turn) = (575.0, 0.01_f64);
        let centre = Point::<Image>::new(239.5, 134.5);
        let pan = |p: Point<Image>| {
            let (x, y) = (p.x - centre.x, p.y - centre.y);
            let depth = focal * turn.cos() - x * turn.sin();
            centre + Vector::new((x * turn.cos() + focal * turn.sin()) / depth, y / depth) * focal
        };
        let moved = fit_all(&grid(pan)).in_full_pixels((1.0, 1.0)).apply(centre) - centre;
        assert!((moved.x - focal * turn.tan()).abs() < 0.01, "{moved:?}");
        assert!(moved.y.abs() < 0.01);
    }

    #[test]
    fn points_that_move_otherwise_are_left_out_and_counted() {
        let mut pairs = grid(|p| p + Vector::new(3.0, 0.0));
        for pair in pairs.iter_mut().take(40) {
            pair.now = pair.before;
        }
        let seed: Vec<bool> = (0..pairs.len()).map(|i| i >= 40).collect();
        let fitted = fit(&pairs, &seed, SIZE, &[1.5; 3]).expect("enough pairs");
        assert_eq!(fitted.inliers, pairs.len() - 40);
        assert!((fitted.in_full_pixels((1.0, 1.0)).shift - Vector::new(3.0, 0.0)).length() < 1e-9);
    }

    #[test]
    fn points_in_one_place_give_nothing() {
        let pair = Pair { before: Point::new(5.0, 5.0), now: Point::new(6.0, 5.0) };
        assert!(fit(&[pair; 40], &[true; 40], SIZE, &[1.5; 3]).is_none());
        assert!(fit(&[pair; 3], &[true; 3], SIZE, &[1.5; 3]).is_none());
    }

    #[test]
    fn a_blurred_point_that_moves_along_is_counted_and_does_not_shift_the_fit() {
        let mut pairs = grid(|p| p + Vector::new(3.0, 0.0));
        for pair in pairs.iter_mut().step_by(13) {
            pair.now = pair.now + Vector::new(0.4, 0.0);
        }
        let fitted = fit(&pairs, &vec![true; pairs.len()], SIZE, &[0.5, 0.25]).expect("enough pairs");
        assert_eq!(fitted.inliers, pairs.len());
        assert!((fitted.in_full_pixels((1.0, 1.0)).shift - Vector::new(3.0, 0.0)).length() < 1e-6);
    }
}
