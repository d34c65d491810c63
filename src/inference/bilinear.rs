//! The colour between four pixels, in whole numbers, the channels side by side. `crop` has the formula and says where to sample.

use crate::frame::{Frame, PixelSize};
use crate::geometry::Region;
use std::hint::black_box;
use wide::{i16x8, i32x4, u8x16};

/// Bytes of a pixel: blue, green, red.
const PIXEL_BYTES: usize = 3;
/// Steps of the sampling grid per pixel.
pub(super) const STEPS: u32 = 32;
/// Logarithm of [`STEPS`].
const STEP_BITS: u32 = 5;
/// Logarithm of what the four weights add up to, 32 x 32.
const WEIGHT_BITS: i32 = 10;
/// What memory comes in, on the processors that we know.
const CACHE_LINE_BYTES: usize = 64;
/// A range ends so far beyond the last sample: its right and lower neighbour belongs to it, and rounding.
const BEYOND_PX: f64 = 2.0;

/// What lies outside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The nearest pixel of the picture.
    Replicate,
    /// Black.
    Zero,
}

/// A picture to sample.
pub(super) struct Source<'a> {
    bgr: &'a [u8],
    size: PixelSize,
    border: Border,
}

impl<'a> Source<'a> {
    /// Of a frame that holds as many bytes as its size says.
    pub fn new(frame: &'a Frame, border: Border) -> Self {
        Self { bgr: &frame.bgr, size: frame.size, border }
    }

    /// Has the rows of a region come into the cache, one after the other, which the processor foresees. Sampling a turned region
    /// goes from row to row with every pixel, and would wait for each: with frames that others decoded that took half the time.
    pub fn fetch(&self, region: Region) {
        let (sin, cos) = region.rotation.0.sin_cos();
        let half = 0.5 * region.side;
        let (width, height) = (f64::from(self.size.width), f64::from(self.size.height));
        let row_at = |y: f64| y.clamp(0.0, height) as usize;
        let column_at = |x: f64| x.clamp(0.0, width) as usize;
        let reach = half * (sin.abs() + cos.abs());
        let (top, bottom) = (row_at(region.centre.y - reach), row_at(region.centre.y + reach + BEYOND_PX));
        // Where a row is between two opposite edges of the square, from its middle.
        let between = |at: f64, slope: f64| {
            let (one, other) = ((at - half) / slope, (at + half) / slope);
            (one.min(other), one.max(other))
        };
        for row in top..bottom {
            let down = row as f64 - region.centre.y;
            let (sides, ends) = (between(-down * sin, cos), between(down * cos, sin));
            let from = column_at(region.centre.x + sides.0.max(ends.0));
            let to = column_at(region.centre.x + sides.1.min(ends.1) + BEYOND_PX);
            let line = row * self.size.width as usize;
            let bytes =
                self.bgr.get((line + from) * PIXEL_BYTES..(line + to) * PIXEL_BYTES).unwrap_or_default();
            black_box(
                bytes.iter().step_by(CACHE_LINE_BYTES).fold(0, |sum: u8, byte| sum.wrapping_add(*byte)),
            );
        }
    }

    /// The colours at a point of the grid (1/32 px), rounded to whole: blue in the lowest byte, then green and red.
    pub fn sample(&self, x: i32, y: i32) -> u32 {
        let (column, row) = (x >> STEP_BITS, y >> STEP_BITS);
        let (fx, fy) = (x.cast_unsigned() % STEPS, y.cast_unsigned() % STEPS);
        let [top, bottom] = self.pairs(column, row).unwrap_or_else(|| self.pairs_at_border(column, row));
        blend(top, bottom, fx, fy)
    }

    /// The four pixels round a point, two of a row in the lowest six bytes, if they and two bytes more lie inside the picture.
    fn pairs(&self, column: i32, row: i32) -> Option<[u64; 2]> {
        // A negative number becomes a huge one: one comparison for both ends.
        let (column, row) = (column.cast_unsigned(), row.cast_unsigned());
        if column >= self.size.width - 1 || row >= self.size.height - 1 {
            return None;
        }
        let stride = self.size.width as usize * PIXEL_BYTES;
        let at = row as usize * stride + column as usize * PIXEL_BYTES;
        let top = self.bgr.get(at..)?.first_chunk::<8>()?;
        let bottom = self.bgr.get(at + stride..)?.first_chunk::<8>()?;
        Some([top, bottom].map(|bytes| u64::from_le_bytes(*bytes)))
    }

    /// The same with what the border stands for. Out of line: it keeps the loop over a whole picture a quarter faster.
    #[inline(never)]
    fn pairs_at_border(&self, column: i32, row: i32) -> [u64; 2] {
        let (width, height) = (self.size.width.cast_signed(), self.size.height.cast_signed());
        [row, row + 1].map(|y| {
            let line = nearest_inside(y, height) * self.size.width as usize;
            let pixel = |x: i32| {
                let is_seen = (0..width).contains(&x) && (0..height).contains(&y);
                if is_seen || self.border == Border::Replicate {
                    self.pixel(line + nearest_inside(x, width))
                } else {
                    0
                }
            };
            pixel(column) | pixel(column + 1) << (8 * PIXEL_BYTES)
        })
    }

    fn pixel(&self, index: usize) -> u64 {
        let at = &self.bgr[index * PIXEL_BYTES..][..PIXEL_BYTES];
        u64::from(at[0]) | u64::from(at[1]) << 8 | u64::from(at[2]) << 16
    }
}

/// The index from 0 to below `count` nearest to one that may lie outside.
fn nearest_inside(index: i32, count: i32) -> usize {
    index.clamp(0, count - 1) as usize
}

/// The mean of two pairs of pixels by their shares of 32 x 32, rounded to whole.
fn blend(top: u64, bottom: u64, fx: u32, fy: u32) -> u32 {
    let sum = along(top, fx, STEPS - fy) + along(bottom, fx, fy);
    let whole: i32x4 = (sum + i32x4::splat(1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS;
    let words = i16x8::from_i32x8_saturate(bytemuck::cast([whole, whole]));
    let bytes: [u32; 4] = bytemuck::cast(u8x16::narrow_i16x8(words, words));
    bytes[0]
}

/// `(left (32 - fx) + right fx) share` for each colour of a pair of pixels.
fn along(pair: u64, fx: u32, share: u32) -> i32x4 {
    let bytes = |pixels: u64| -> u8x16 { bytemuck::cast([pixels, 0]) };
    let alternating = u8x16::unpack_low(bytes(pair), bytes(pair >> (8 * PIXEL_BYTES)));
    let weights: i16x8 = bytemuck::cast([((STEPS - fx) * share) | ((fx * share) << 16); 4]);
    i16x8::from_u8x16_low(alternating).dot(weights)
}
