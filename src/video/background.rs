//! How the background moved between two frames, so that a panning or hand-held phone still gives velocities.
//!
//! Corners spread evenly over the picture (the best one of each cell of a grid, so that a richly patterned athlete
//! has no more votes than its area) are followed by pyramidal Lucas–Kanade on a reduced grey picture; the largest
//! group that moves as one similarity (RANSAC) is the background; [`fit`] makes the final estimate from it.
//! Whether the motion is trusted, smoothed or summed up is decided by whoever reads it: inliers and tracked points
//! are handed on.

mod fit;
mod screen;

use super::error::VideoError;
use crate::frame::{BackgroundMotion, PixelSize};
use crate::geometry::{Image, Point, Similarity};
use crate::signal::statistics::quantile;
use fit::{Fitted, Pair};
use opencv::core::{Mat, Point2f, Size, TermCriteria, Vec3b, Vector, no_array};
use opencv::{calib3d, core, imgproc, prelude::*, video};
use screen::Screen;

/// Longer side of the reduced picture, px: at 960x540 half of it. Following to a tenth of its pixels is enough.
const REDUCED_SIDE: u32 = 480;
/// Cells along the longer side; each gives one corner.
const CELLS_ACROSS: usize = 18;
/// A cell whose best corner is weaker than this share of the picture's strongest has none (Shi and Tomasi 1994 and
/// OpenCV's samples use 0.01; a third of it keeps plain walls in the vote).
const MIN_QUALITY: f32 = 0.003;
/// Nor has one whose best corner is weaker than so many times what the plainest tenth of the cells shows: that is noise of a
/// dark picture, which the video's compression holds to the screen while the camera pans. The strongest of a cell's noise
/// varies by half from cell to cell; three times that is beyond it. A tenth of the strongest, a third of its contrast, is
/// no noise: of a picture patterned all over every cell has its corner [default].
const MIN_OVER_NOISE: f32 = 3.0;
const NO_NOISE: f32 = 0.1;
const PLAINEST: f64 = 0.1;
/// Frames after which corners are looked for anew: at 30 frames/s a quarter of a second, a sixth of a fast pan.
const REDETECT_FRAMES: usize = 8;
/// Corners are also looked for anew when fewer than this share of them is left.
const MIN_SHARE_LEFT: f64 = 0.7;
/// Fewest followed points that give a motion: three times the two that define a similarity, twice over.
const MIN_TRACKED: usize = 12;
/// Where fewer corners than this are left beside those that stand on the screen, none of them is left out: twice as many.
const MIN_ROOM: usize = 2 * MIN_TRACKED;
/// Window of Lucas–Kanade, px of the reduced picture, and pyramid levels: reaches 7 * 2^3 = 56 px a frame.
const WINDOW: i32 = 15;
const LEVELS: i32 = 3;
/// Levels where the motion before already says about where to look: reaches 7 * 2 = 14 px a frame from there.
const LEVELS_PREDICTED: i32 = 1;
/// When fewer than this share of the points agree, the prediction is distrusted and all levels are searched.
const MIN_SHARE_AGREEING: f64 = 0.4;
/// Following a corner ends when a step is shorter than this, px of the reduced picture, or after so many steps.
const LAST_STEP: f64 = 0.02;
const MAX_STEPS: i32 = 20;
/// A point agrees with a motion when it ends within this of where the motion puts it, px of the reduced picture:
/// while the motion is searched (a pan bends it by about as much), and in the end (five times the noise of
/// following). A slow athlete's limbs move 1 to 2 px a frame here, and must not agree with a standing background.
const SEARCH_AGREEMENT: f64 = 0.5;
const FINAL_AGREEMENT: f64 = 0.25;
/// Rounds of fit and re-selection after RANSAC.
const AGREEMENTS: [f64; 4] = [SEARCH_AGREEMENT, SEARCH_AGREEMENT, SEARCH_AGREEMENT, FINAL_AGREEMENT];
/// RANSAC: rounds and confidence; 500 rounds find a background of only a fifth of the points with 1e-9 failure.
const RANSAC_ROUNDS: usize = 500;
const RANSAC_CONFIDENCE: f64 = 0.999;

/// A picture whose corners all move less than this, px of the reduced picture a frame, is of a camera that stands: less
/// than half of what following is trusted to [default]. A camera that moves more slowly still is not lost: the frame after
/// is compared with the one before.
const STANDING: f64 = 0.1;

/// Follows the background from frame to frame; while the camera stands, over every second frame.
pub(super) struct BackgroundTracker {
    grey: Mat,
    reduced: Mat,
    strength: Mat,
    /// Pyramid of the frame before; empty before the first.
    previous: Vector<Mat>,
    /// Corners in the frame before, px of the reduced picture.
    corners: Vector<Point2f>,
    /// Which cells are no room's; none before the first picture.
    screen: Option<Screen>,
    detected: usize,
    age: usize,
    /// The motion before, in the reduced picture; identity until there is one.
    expected: Similarity,
    /// What the next frame is told without a look at it; the frame after it is compared with the one before it, so that
    /// the sum of the motions stays what it is.
    standing: Option<BackgroundMotion>,
}

impl BackgroundTracker {
    /// Has seen nothing yet.
    pub fn new() -> Self {
        Self {
            grey: Mat::default(),
            reduced: Mat::default(),
            strength: Mat::default(),
            previous: Vector::new(),
            corners: Vector::new(),
            screen: None,
            detected: 0,
            age: 0,
            expected: Similarity::IDENTITY,
            standing: None,
        }
    }

    /// Motion since the frame given before; none for the first, or where too little could be followed.
    pub fn next(&mut self, bgr: &[u8], size: PixelSize) -> Result<Option<BackgroundMotion>, VideoError> {
        self.follow(bgr, size).map_err(VideoError::opencv("following the background"))
    }

    fn follow(&mut self, bgr: &[u8], size: PixelSize) -> opencv::Result<Option<BackgroundMotion>> {
        if let Some(standing) = self.standing.take() {
            return Ok(Some(standing));
        }
        let pyramid = self.pyramid(bgr, size)?;
        let (pairs, fitted) = self.motion(&pyramid)?;
        self.previous = pyramid;
        if let (Some(fitted), Some(screen)) = (&fitted, &mut self.screen) {
            screen.note(&pairs, fitted);
        }
        let reduced = self.reduced_size();
        let motion = fitted.map(|fitted| BackgroundMotion {
            this_from_previous: fitted
                .in_full_pixels((f64::from(size.width) / reduced.0, f64::from(size.height) / reduced.1)),
            inliers: fitted.inliers,
            tracked: pairs.len(),
        });
        self.expected = fitted.map_or(Similarity::IDENTITY, |fitted| fitted.in_full_pixels((1.0, 1.0)));
        let is_sure = fitted.is_some_and(|f| f.inliers as f64 >= MIN_SHARE_AGREEING * pairs.len() as f64);
        let stands = is_sure && self.farthest_corner(&self.expected) < STANDING;
        self.standing = motion
            .filter(|_| stands)
            .map(|m| BackgroundMotion { this_from_previous: Similarity::IDENTITY, ..m });
        self.age += 1;
        self.corners = pairs.iter().map(|pair| point2f(pair.now)).collect();
        if self.detected == 0
            || self.age >= REDETECT_FRAMES
            || (pairs.len() as f64) < MIN_SHARE_LEFT * self.detected as f64
        {
            self.detect()?;
        }
        Ok(motion)
    }

    fn pyramid(&mut self, bgr: &[u8], size: PixelSize) -> opencv::Result<Vector<Mat>> {
        let picture =
            Mat::new_rows_cols_with_bytes::<Vec3b>(size.height.cast_signed(), size.width.cast_signed(), bgr)?;
        imgproc::cvt_color_def(&picture, &mut self.grey, imgproc::COLOR_BGR2GRAY)?;
        let factor = size.width.max(size.height).div_ceil(REDUCED_SIDE).max(1);
        let reduced = Size::new(
            (size.width / factor).max(1).cast_signed(),
            (size.height / factor).max(1).cast_signed(),
        );
        imgproc::resize(&self.grey, &mut self.reduced, reduced, 0.0, 0.0, imgproc::INTER_AREA)?;
        let mut pyramid = Vector::new();
        let window = Size::new(WINDOW, WINDOW);
        video::build_optical_flow_pyramid_def(&self.reduced, &mut pyramid, window, LEVELS)?;
        Ok(pyramid)
    }

    /// The corners that could be followed, and the motion most of them share. Looked for near where the motion before
    /// would put them, and everywhere when that does not hold.
    fn motion(&self, pyramid: &Vector<Mat>) -> opencv::Result<(Vec<Pair>, Option<Fitted>)> {
        if self.previous.is_empty() || self.corners.is_empty() {
            return Ok((Vec::new(), None));
        }
        let near = self.tracked(pyramid, LEVELS_PREDICTED)?;
        let fitted = self.consensus(&near)?;
        if fitted.is_some_and(|f| f.inliers as f64 >= MIN_SHARE_AGREEING * self.corners.len() as f64) {
            return Ok((near, fitted));
        }
        let far = self.tracked(pyramid, LEVELS)?;
        let anew = self.consensus(&far)?;
        let inliers = |f: &Option<Fitted>| f.map_or(0, |f| f.inliers);
        Ok(if inliers(&anew) > inliers(&fitted) { (far, anew) } else { (near, fitted) })
    }

    /// Follows the corners, over all levels from where they were, over fewer from where they are expected.
    fn tracked(&self, pyramid: &Vector<Mat>, levels: i32) -> opencv::Result<Vec<Pair>> {
        let from_expected = levels < LEVELS;
        let flags = if from_expected { video::OPTFLOW_USE_INITIAL_FLOW } else { 0 };
        let mut moved: Vector<Point2f> = if from_expected {
            self.corners.iter().map(|corner| point2f(self.expected.apply(point(corner)))).collect()
        } else {
            Vector::new()
        };
        let mut found = Vector::<u8>::new();
        let criteria =
            TermCriteria::new(core::TermCriteria_COUNT + core::TermCriteria_EPS, MAX_STEPS, LAST_STEP)?;
        let (window, min_eigenvalue) = (Size::new(WINDOW, WINDOW), 1e-4);
        let mut error = no_array();
        video::calc_optical_flow_pyr_lk(
            &self.previous,
            pyramid,
            &self.corners,
            &mut moved,
            &mut found,
            &mut error,
            window,
            levels,
            criteria,
            flags,
            min_eigenvalue,
        )?;
        let (width, height) = (self.reduced.cols() as f32, self.reduced.rows() as f32);
        let inside = |p: Point2f| p.x >= 0.0 && p.y >= 0.0 && p.x < width && p.y < height;
        let pairs = self.corners.iter().zip(moved.iter()).zip(found.iter());
        let kept = pairs.filter(|((_, now), found)| *found == 1 && inside(*now));
        Ok(kept.map(|((before, now), _)| Pair { before: point(before), now: point(now) }).collect())
    }

    fn consensus(&self, pairs: &[Pair]) -> opencv::Result<Option<Fitted>> {
        if pairs.len() < MIN_TRACKED {
            return Ok(None);
        }
        let before: Vector<Point2f> = pairs.iter().map(|pair| point2f(pair.before)).collect();
        let now: Vector<Point2f> = pairs.iter().map(|pair| point2f(pair.now)).collect();
        let mut agrees = Vector::<u8>::new();
        let refine_rounds = 0;
        calib3d::estimate_affine_partial_2d(
            &before,
            &now,
            &mut agrees,
            calib3d::RANSAC,
            SEARCH_AGREEMENT,
            RANSAC_ROUNDS,
            RANSAC_CONFIDENCE,
            refine_rounds,
        )?;
        let seed: Vec<bool> = agrees.iter().map(|a| a == 1).collect();
        Ok(fit::fit(pairs, &seed, self.reduced_size(), &AGREEMENTS))
    }

    /// How far a motion takes the corner of the reduced picture that it takes farthest, px.
    fn farthest_corner(&self, motion: &Similarity) -> f64 {
        let (width, height) = self.reduced_size();
        let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
        let moved = corners.map(|(x, y)| Point::new(x, y)).map(|p| motion.apply(p).distance(p));
        moved.into_iter().fold(0.0, f64::max)
    }

    /// Width and height of the reduced picture, px.
    fn reduced_size(&self) -> (f64, f64) {
        (f64::from(self.reduced.cols()), f64::from(self.reduced.rows()))
    }

    /// The strongest corner of every cell of the latest picture (Shi and Tomasi's smaller eigenvalue).
    fn detect(&mut self) -> opencv::Result<()> {
        imgproc::corner_min_eigen_val_def(&self.reduced, &mut self.strength, 3)?;
        let (rows, cols) = (self.strength.rows(), self.strength.cols());
        let side = (rows.max(cols) as usize).div_ceil(CELLS_ACROSS).max(1);
        let screen = self.screen.get_or_insert_with(|| Screen::new(cols as usize, rows as usize, side));
        screen.detected();
        let mut best = vec![(0.0_f32, Point2f::default()); screen.len()];
        for y in 0..rows {
            let line = self.strength.at_row::<f32>(y)?;
            for (x, &strength) in line.iter().enumerate() {
                let cell = &mut best[screen.cell(x, y as usize)];
                if strength > cell.0 {
                    *cell = (strength, Point2f::new(x as f32, y as f32));
                }
            }
        }
        let strongest = best.iter().map(|cell| cell.0).fold(0.0, f32::max);
        let noise = quantile(best.iter().map(|cell| f64::from(cell.0)), PLAINEST).unwrap_or(0.0) as f32;
        let least = (MIN_OVER_NOISE * noise).clamp(MIN_QUALITY * strongest, NO_NOISE * strongest);
        let corners = |screen: &Screen| -> Vector<Point2f> {
            let room = best.iter().enumerate().filter(|(at, cell)| cell.0 > least && !screen.holds(*at));
            room.map(|(_, cell)| cell.1).collect()
        };
        self.corners = corners(screen);
        if self.corners.len() < MIN_ROOM {
            screen.forget();
            self.corners = corners(screen);
        }
        self.detected = self.corners.len();
        self.age = 0;
        Ok(())
    }
}

fn point(p: Point2f) -> Point<Image> {
    Point::new(f64::from(p.x), f64::from(p.y))
}

fn point2f(p: Point<Image>) -> Point2f {
    Point2f::new(p.x as f32, p.y as f32)
}
