//! A turned square of the picture as a model's input: planes of red, green and blue, scaled.
//!
//! The sampling is the one the models were trained and published with: bilinear on a grid of 1/32 px in whole
//! numbers, no half-pixel shift, no anti-aliasing (`OpenCV`'s fixed-point `warpPerspective`, as `MediaPipe` uses it).
//! It matters: plain floating-point bilinear moves the landmarks of the full model by 2.3 % of the torso. So each
//! pixel is exactly what this formula gives, with `a = (u/S - 1/2) side`, `b = (v/S - 1/2) side`:
//!
//! ```text
//! x = cx + a cos - b sin          X = round(32 x), ties to even      x0 = X >> 5, fx = X & 31
//! y = cy + a sin + b cos          Y = round(32 y), ties to even      y0 = Y >> 5, fy = Y & 31
//! value = ((p00 (32-fx) + p10 fx) (32-fy) + (p01 (32-fx) + p11 fx) fy + 512) >> 10
//! ```

use super::bilinear::{Border, STEPS, Source};
use crate::frame::Frame;
use crate::geometry::Region;

/// Adding this leaves a number rounded to whole, ties to even, in the low bits of the mantissa: 1.5 * 2^52.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// Beyond this the grid's whole numbers would not fit in 32 bits; no picture is near as large.
const FARTHEST_PX: f64 = 16_777_216.0;

/// The number a model wants for each byte of a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelScale {
    range: f32,
    lowest: f32,
}

impl PixelScale {
    /// 0 to 1, as the landmark models want.
    pub const UNIT: Self = Self { range: 1.0, lowest: 0.0 };
    /// -1 to 1, as the detector wants.
    pub const SYMMETRIC: Self = Self { range: 2.0, lowest: -1.0 };

    fn of(self, byte: u8) -> f32 {
        f32::from(byte) * self.range / 255.0 + self.lowest
    }
}

/// Writes the region, `S` px a side, into three planes (red, green, blue) of `S * S` numbers.
/// Returns whether it could: false, and nothing written, if the region has no size or is absurdly far away.
///
/// # Panics
/// When `planes` does not hold `3 * S * S` numbers or the frame fewer bytes than its size says: our own bug.
pub fn crop<const S: usize>(
    frame: &Frame,
    region: Region,
    border: Border,
    scale: PixelScale,
    planes: &mut [f32],
) -> bool {
    assert_eq!(planes.len(), 3 * S * S, "the input of a model is three planes");
    assert!(frame.bgr.len() >= frame.size.frame_bytes(), "a frame is as large as it says");
    if !reachable(region) {
        return false;
    }
    let source = Source::new(frame, border);
    source.fetch(region);
    let grid = Grid::<S>::new(region);
    let (red, rest) = planes.split_at_mut(S * S);
    let (green, blue) = rest.split_at_mut(S * S);
    let rows = red.chunks_exact_mut(S).zip(green.chunks_exact_mut(S)).zip(blue.chunks_exact_mut(S));
    let (mut xs, mut ys, mut pixels) = ([0; S], [0; S], [0; S]);
    for (v, ((red, green), blue)) in rows.enumerate() {
        grid.row(v, &mut xs, &mut ys);
        for ((pixel, &x), &y) in pixels.iter_mut().zip(&xs).zip(&ys) {
            *pixel = source.sample(x, y);
        }
        // Plane by plane, so that the compiler does several pixels at once.
        for (plane, shift) in [blue, green, red].into_iter().zip([0, 8, 16]) {
            plane
                .iter_mut()
                .zip(&pixels)
                .for_each(|(value, pixel)| *value = scale.of((pixel >> shift) as u8));
        }
    }
    true
}

fn reachable(region: Region) -> bool {
    let near = |value: f64| value.abs() < FARTHEST_PX;
    let at = region.centre;
    region.side > 0.0 && region.rotation.0.is_finite() && near(at.x) && near(at.y) && near(region.side)
}

/// Where the pixels of a region lie, in 1/32 px. The sums are those of the formula in the same order, times 32,
/// which changes no digit.
struct Grid<const S: usize> {
    x_of_column: [f64; S],
    y_of_column: [f64; S],
    side: f64,
    sin: f64,
    cos: f64,
}

impl<const S: usize> Grid<S> {
    fn new(region: Region) -> Self {
        let (sin, cos) = region.rotation.0.sin_cos();
        let column = |origin: f64, step: f64| {
            std::array::from_fn(|u| f64::from(STEPS) * (origin + offset::<S>(u, region.side) * step))
        };
        Self {
            x_of_column: column(region.centre.x, cos),
            y_of_column: column(region.centre.y, sin),
            side: region.side,
            sin,
            cos,
        }
    }

    fn row(&self, v: usize, xs: &mut [i32; S], ys: &mut [i32; S]) {
        let down = offset::<S>(v, self.side);
        let (dx, dy) = (f64::from(STEPS) * (down * self.sin), f64::from(STEPS) * (down * self.cos));
        for (x, along) in xs.iter_mut().zip(&self.x_of_column) {
            *x = nearest(along - dx);
        }
        for (y, along) in ys.iter_mut().zip(&self.y_of_column) {
            *y = nearest(along + dy);
        }
    }
}

/// From the middle of the square to its column or row, px.
fn offset<const S: usize>(index: usize, side: f64) -> f64 {
    (index as f64 / S as f64 - 0.5) * side
}

/// The nearest whole number, ties to even, of one below 2^31.
fn nearest(value: f64) -> i32 {
    (value + ROUNDING).to_bits() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::PixelSize;
    use crate::geometry::Point;
    use crate::units::{Radians, Seconds};
    use proptest::prelude::*;

    const SIDE: usize = 32;

    /// The formula of the module's head, word for word.
    fn literal(frame: &Frame, region: Region, border: Border, u: usize, v: usize, channel: usize) -> u8 {
        let size = SIDE as f64;
        let a = (u as f64 / size - 0.5) * region.side;
        let b = (v as f64 / size - 0.5) * region.side;
        let (sin, cos) = (region.rotation.0.sin(), region.rotation.0.cos());
        let x = region.centre.x + a * cos - b * sin;
        let y = region.centre.y + a * sin + b * cos;
        let (x, y) = ((32.0 * x).round_ties_even() as i64, (32.0 * y).round_ties_even() as i64);
        let (x0, y0, fx, fy) = (x >> 5, y >> 5, x & 31, y & 31);
        let p = |x: i64, y: i64| pixel(frame, border, x, y, channel);
        let top = p(x0, y0) * (32 - fx) + p(x0 + 1, y0) * fx;
        let bottom = p(x0, y0 + 1) * (32 - fx) + p(x0 + 1, y0 + 1) * fx;
        ((top * (32 - fy) + bottom * fy + 512) >> 10) as u8
    }

    fn pixel(frame: &Frame, border: Border, x: i64, y: i64, channel: usize) -> i64 {
        let (width, height) = (i64::from(frame.size.width), i64::from(frame.size.height));
        if border == Border::Zero && !((0..width).contains(&x) && (0..height).contains(&y)) {
            return 0;
        }
        let (x, y) = (x.clamp(0, width - 1), y.clamp(0, height - 1));
        i64::from(frame.bgr[((y * width + x) * 3) as usize + channel])
    }

    /// A picture of noise, always the same for the same seed.
    fn noise(width: u32, height: u32, mut seed: u64) -> Frame {
        let size = PixelSize { width, height };
        let bgr = (0..size.frame_bytes())
            .map(|_| {
                // Knuth's MMIX generator.
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 56) as u8
            })
            .collect();
        Frame { index: 0, time: Seconds(0.0), size, bgr, background: None, duplicate: false }
    }

    fn assert_same_as_literal(frame: &Frame, region: Region, border: Border) {
        let mut planes = vec![f32::NAN; 3 * SIDE * SIDE];
        assert!(crop::<SIDE>(frame, region, border, PixelScale::UNIT, &mut planes));
        for (i, &found) in planes.iter().enumerate() {
            let (plane, v, u) = (i / (SIDE * SIDE), i / SIDE % SIDE, i % SIDE);
            let expected = literal(frame, region, border, u, v, 2 - plane);
            assert_eq!(
                found.to_bits(),
                (f32::from(expected) / 255.0).to_bits(),
                "{region:?} {u} {v} {plane}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn every_pixel_is_what_the_formula_says(
            width in 1_u32..70, height in 1_u32..50, seed: u64, zero: bool,
            x in -60.0..130.0, y in -60.0..110.0, side in 0.1..200.0, rotation in -4.0..4.0,
        ) {
            let region = Region { centre: Point::new(x, y), side, rotation: Radians(rotation) };
            let border = if zero { Border::Zero } else { Border::Replicate };
            assert_same_as_literal(&noise(width, height, seed), region, border);
        }

        #[test]
        fn ties_and_whole_pixels_too(
            seed: u64, x in -640_i32..2_000, y in -640_i32..2_000, side in 1_u32..2_048, turn in 0_i32..4,
        ) {
            let centre = Point::new(f64::from(x) / 64.0, f64::from(y) / 64.0);
            let rotation = Radians::from_degrees(f64::from(turn) * 90.0);
            let region = Region { centre, side: f64::from(side) / 64.0, rotation };
            assert_same_as_literal(&noise(40, 30, seed), region, Border::Zero);
        }
    }

    #[test]
    fn the_detector_sees_bytes_from_minus_one_to_one_and_the_landmark_model_from_zero_to_one() {
        let ends = |scale: PixelScale| (scale.of(0), scale.of(255));
        assert_eq!(ends(PixelScale::SYMMETRIC), (-1.0, 1.0));
        assert_eq!(ends(PixelScale::UNIT), (0.0, 1.0));
    }

    #[test]
    fn a_region_without_size_or_out_of_reach_is_refused() {
        let frame = noise(8, 8, 1);
        let mut planes = vec![0.0; 3 * SIDE * SIDE];
        for (x, side) in [(0.0, 0.0), (0.0, -1.0), (f64::NAN, 1.0), (0.0, f64::NAN), (1e12, 1.0), (0.0, 1e12)]
        {
            let region = Region { centre: Point::new(x, 0.0), side, rotation: Radians(0.0) };
            assert!(!crop::<SIDE>(&frame, region, Border::Zero, PixelScale::UNIT, &mut planes), "{region:?}");
        }
    }
}
