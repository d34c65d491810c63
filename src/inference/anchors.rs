//! Where the cells of `BlazePose`'s detector sit: each box it answers is relative to one of these.

use crate::geometry::{Crop, Point};

/// Grids of the detector: cells along a side, and boxes per cell, in the order of the rows of its output. Strides
/// 8, 16 and three times 32 on 224 px, two boxes per cell and layer (`MediaPipe`, `pose_detection_cpu.pbtxt`).
const GRIDS: [(usize, usize); 3] = [(28, 2), (14, 2), (7, 6)];

/// Number of boxes the detector answers.
pub(super) const ANCHORS: usize = 2254;

/// The centres of the cells, one per box.
pub(super) fn anchors() -> Vec<Point<Crop>> {
    let mut centres = Vec::with_capacity(ANCHORS);
    for (cells, boxes) in GRIDS {
        let along = |i: usize| (i as f64 + 0.5) / cells as f64;
        for row in 0..cells {
            for column in 0..cells {
                centres.extend(std::iter::repeat_n(Point::new(along(column), along(row)), boxes));
            }
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_first_then_columns_then_the_boxes_of_a_cell() {
        let all = anchors();
        assert_eq!(all.len(), ANCHORS);
        assert_eq!(all[0], all[1]);
        assert_eq!(all[2], Point::new(1.5 / 28.0, 0.5 / 28.0));
        assert_eq!(all[56], Point::new(0.5 / 28.0, 1.5 / 28.0));
        assert_eq!(all[1568], Point::new(0.5 / 14.0, 0.5 / 14.0));
        assert_eq!(all[1568 + 392 + 5], Point::new(0.5 / 7.0, 0.5 / 7.0));
        assert_eq!(all[ANCHORS - 1], Point::new(6.5 / 7.0, 6.5 / 7.0));
    }
}
