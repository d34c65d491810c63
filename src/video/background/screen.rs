//! Cells of the picture whose corners stand on the screen while the room moves: a caption, a logo, noise that the compression
//! holds. They say nothing of the camera and are left out from then on. Pure.

use super::fit::{Fitted, Pair};
use crate::geometry::{Image, Point};

/// A corner that moves less than this a frame, px of the reduced picture, stands on the screen ...
const STANDS: f64 = super::STANDING;
/// ... where the room moves by more than this: beyond what agrees with a motion while that is searched.
const MOVES: f64 = super::SEARCH_AGREEMENT;
/// A cell is the screen's from so many such frames on, a quarter of a second at 30 frames/s [default] ...
const SURE: u32 = 8;
/// ... if they are so many times as many as those in which it moved along with the room [default].
const TIMES_MORE: u32 = 4;
/// What is held is looked at anew after so many detections, 8 frames apart: ten seconds at 30 frames/s, as captions go [default].
const HELD_FOR: u32 = 40;

/// What is known of one cell.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    /// Frames in which its corner stood while the room moved.
    stood: u32,
    /// Frames in which it moved along.
    moved: u32,
    /// Detections since it is the screen's.
    held_for: u32,
}

impl Cell {
    fn is_screen(self) -> bool {
        self.stood >= SURE && self.stood > TIMES_MORE * self.moved
    }
}

/// A memory of the cells of a grid.
#[derive(Debug)]
pub(super) struct Screen {
    cells: Vec<Cell>,
    side: usize,
    per_row: usize,
}

impl Screen {
    /// Knows nothing yet of a picture of this size in cells of `side` px.
    pub fn new(width: usize, height: usize, side: usize) -> Self {
        let per_row = width.div_ceil(side);
        Self { cells: vec![Cell::default(); per_row * height.div_ceil(side)], side, per_row }
    }

    /// Place in the grid of the cell of a point.
    pub fn cell(&self, x: usize, y: usize) -> usize {
        y / self.side * self.per_row + x / self.side
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether a cell is the screen's and not the room's.
    pub fn holds(&self, cell: usize) -> bool {
        self.cells[cell].is_screen()
    }

    /// Corners are looked for once more: what has been held for long is looked at anew.
    pub fn detected(&mut self) {
        for cell in self.cells.iter_mut().filter(|cell| cell.is_screen()) {
            cell.held_for += 1;
            if cell.held_for > HELD_FOR {
                *cell = Cell::default();
            }
        }
    }

    /// Everything anew: too little was left.
    pub fn forget(&mut self) {
        self.cells.fill(Cell::default());
    }

    /// What the corners did while the room moved as `motion` says.
    pub fn note(&mut self, pairs: &[Pair], motion: &Fitted) {
        for pair in pairs {
            let expected = motion.step(pair.before).length();
            let Some(cell) = self.at(pair.before).filter(|_| expected > MOVES) else { continue };
            if (pair.now - pair.before).length() < STANDS {
                self.cells[cell].stood += 1;
            } else if motion.distance(pair) < MOVES {
                self.cells[cell].moved += 1;
            }
        }
    }

    fn at(&self, point: Point<Image>) -> Option<usize> {
        let cell = self.cell(point.x.max(0.0) as usize, point.y.max(0.0) as usize);
        (cell < self.cells.len()).then_some(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fit::fit;
    use super::*;
    use crate::geometry::Vector;

    const SIDE: usize = 27;
    const SIZE: (usize, usize) = (480, 270);

    /// A corner in every cell; those of the two lowest rows are a caption's while the room moves by `step`.
    fn pairs(step: Vector<Image>) -> Vec<Pair> {
        let cells = (0..SIZE.1 / SIDE).flat_map(|y| (0..SIZE.0 / SIDE).map(move |x| (x, y)));
        let at = |cell: usize| (cell * SIDE) as f64 + 10.0;
        cells
            .map(|(x, y)| (Point::new(at(x), at(y)), y >= 8))
            .map(|(before, caption)| Pair { before, now: if caption { before } else { before + step } })
            .collect()
    }

    fn learned(step: Vector<Image>, frames: usize) -> Screen {
        let mut screen = Screen::new(SIZE.0, SIZE.1, SIDE);
        let pairs = pairs(step);
        let room: Vec<bool> = pairs.iter().map(|p| p.before.y < 216.0).collect();
        let motion = fit(&pairs, &room, (480.0, 270.0), &[0.5, 0.25]).expect("enough pairs");
        for _ in 0..frames {
            screen.note(&pairs, &motion);
        }
        screen
    }

    #[test]
    fn a_caption_is_known_after_some_frames_of_a_pan_and_the_room_is_not_taken_for_one() {
        let held = |screen: &Screen| (0..screen.len()).filter(|&cell| screen.holds(cell)).count();
        let pan = Vector::new(1.5, 0.0);
        assert_eq!(held(&learned(pan, SURE as usize - 1)), 0, "not yet");
        let screen = learned(pan, SURE as usize);
        assert_eq!(held(&screen), 2 * (SIZE.0 / SIDE));
        assert!(screen.holds(screen.cell(100, 230)) && !screen.holds(screen.cell(100, 100)));
    }

    #[test]
    fn a_camera_that_stands_tells_nothing_of_captions() {
        let screen = learned(Vector::new(0.02, 0.0), 100);
        assert!((0..screen.len()).all(|cell| !screen.holds(cell)));
    }
}
