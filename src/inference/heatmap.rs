//! A landmark's place refined by its heatmap: the centre of mass near where the regression put it.

use crate::geometry::{Crop, Point};

/// Cells along a side of a heatmap.
pub(super) const CELLS: usize = 64;
/// Half of the window searched: 9 cells (`MediaPipe` 0.10.21 in Python; measured, as 7 fits worse).
const REACH: usize = 4;
/// The window must hold a cell at least this sure (`MediaPipe`, `min_confidence_to_refine: 0.5`).
const MIN_CONFIDENCE: f64 = 0.5;

/// The refined place; the place itself where it is off the map or the map is not sure.
/// `logits` is the landmark's map, `CELLS * CELLS`, rows from the top.
pub(super) fn refined(place: Point<Crop>, logits: &[f32]) -> Point<Crop> {
    let (Some(column), Some(row)) = (cell(place.x), cell(place.y)) else { return place };
    let (mut sum, mut sum_x, mut sum_y, mut best) = (0.0, 0.0, 0.0, 0.0_f64);
    for y in window(row) {
        for x in window(column) {
            let q = sigmoid(logits[y * CELLS + x]);
            sum += q;
            sum_x += q * x as f64;
            sum_y += q * y as f64;
            best = best.max(q);
        }
    }
    if best >= MIN_CONFIDENCE {
        Point::new(sum_x / (CELLS as f64 * sum), sum_y / (CELLS as f64 * sum))
    } else {
        place
    }
}

/// The cell of a coordinate, cut off towards zero; none off the map.
fn cell(coordinate: f64) -> Option<usize> {
    let cell = (coordinate * CELLS as f64).trunc();
    (cell >= 0.0 && cell < CELLS as f64).then_some(cell as usize)
}

fn window(middle: usize) -> std::ops::Range<usize> {
    middle.saturating_sub(REACH)..(middle + REACH + 1).min(CELLS)
}

fn sigmoid(logit: f32) -> f64 {
    1.0 / (1.0 + f64::from(-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map with one sure cell.
    fn peak(column: usize, row: usize) -> Vec<f32> {
        let mut logits = vec![-100.0; CELLS * CELLS];
        logits[row * CELLS + column] = 5.0;
        logits
    }

    #[test]
    fn a_peak_in_the_window_draws_the_landmark_to_its_cell() {
        let place = Point::new(30.5 / 64.0, 20.5 / 64.0);
        let refined = refined(place, &peak(34, 16));
        assert!(refined.distance(Point::new(34.0 / 64.0, 16.0 / 64.0)) < 1e-9);
    }

    #[test]
    fn a_peak_beyond_the_window_or_a_place_off_the_map_changes_nothing() {
        let place = Point::new(30.5 / 64.0, 20.5 / 64.0);
        assert_eq!(refined(place, &peak(35, 20)), place);
        let outside = Point::new(1.2, 0.5);
        assert_eq!(refined(outside, &peak(60, 32)), outside);
        let unknown = refined(Point::new(f64::NAN, 0.5), &peak(0, 32));
        assert!(unknown.x.is_nan());
    }

    #[test]
    fn two_peaks_are_averaged_and_the_window_ends_at_the_edge() {
        let mut logits = peak(0, 0);
        logits[2] = 5.0;
        let refined = refined(Point::new(0.01, 0.01), &logits);
        assert!(refined.distance(Point::new(1.0 / 64.0, 0.0)) < 1e-9);
    }
}
