//! The colour between four pixels, in whole numbers: the three channels of a pixel are computed at once, in three
//! lanes of a 64-bit number. `crop` has the formula and says where to sample.

use crate::frame::{Frame, PixelSize};

/// Bytes of a pixel: blue, green, red.
const PIXEL_BYTES: usize = 3;
/// Steps of the sampling grid per pixel.
pub(super) const STEPS: u64 = 32;
/// Logarithm of [`STEPS`].
const STEP_BITS: u32 = 5;
/// Distance of the colours when all three are computed in one 64-bit number: 18 bits are needed.
pub(super) const LANE_BITS: u32 = 21;
/// One half in each lane, in units of 1/1024, to round the result.
const HALVES: u64 = 512 * (1 | 1 << LANE_BITS | 1 << (2 * LANE_BITS));

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

    /// The colours at a point of the grid (1/32 px), in 1/1024 and rounded to whole, one lane each: blue lowest.
    pub fn sample(&self, x: i32, y: i32) -> u64 {
        let (column, row) = (x >> STEP_BITS, y >> STEP_BITS);
        let (fx, fy) = ((x as u64) & (STEPS - 1), (y as u64) & (STEPS - 1));
        let [top, bottom] = self.pairs(column, row).unwrap_or_else(|| self.pairs_at_border(column, row));
        blend(top.along(fx), bottom.along(fx), fy) + HALVES
    }

    /// The four pixels round a point if they, and two bytes more, lie inside the picture.
    fn pairs(&self, column: i32, row: i32) -> Option<[Pair; 2]> {
        // A negative number becomes a huge one: one comparison for both ends.
        let (column, row) = (column as u32, row as u32);
        if column >= self.size.width - 1 || row >= self.size.height - 1 {
            return None;
        }
        let stride = self.size.width as usize * PIXEL_BYTES;
        let at = row as usize * stride + column as usize * PIXEL_BYTES;
        let top = self.bgr.get(at..)?.first_chunk::<8>()?;
        let bottom = self.bgr.get(at + stride..)?.first_chunk::<8>()?;
        Some([top, bottom].map(|bytes| {
            let bytes = u64::from_le_bytes(*bytes);
            Pair { left: lanes(bytes), right: lanes(bytes >> 24) }
        }))
    }

    /// The same with what the border stands for. Out of line: it keeps the loop over a whole picture a quarter faster.
    #[inline(never)]
    fn pairs_at_border(&self, column: i32, row: i32) -> [Pair; 2] {
        let (columns, rows) = ([column, column + 1], [row, row + 1]);
        let (width, height) = (self.size.width.cast_signed(), self.size.height.cast_signed());
        let (left, right) = (nearest_inside(columns[0], width), nearest_inside(columns[1], width));
        rows.map(|y| {
            let line = nearest_inside(y, height) * self.size.width as usize;
            let mut pair = Pair { left: self.pixel(line + left), right: self.pixel(line + right) };
            if self.border == Border::Zero {
                let seen = |x: i32| u64::from((0..width).contains(&x) && (0..height).contains(&y));
                pair = Pair { left: pair.left * seen(columns[0]), right: pair.right * seen(columns[1]) };
            }
            pair
        })
    }

    fn pixel(&self, index: usize) -> u64 {
        let at = &self.bgr[index * PIXEL_BYTES..][..PIXEL_BYTES];
        u64::from(at[0]) | u64::from(at[1]) << LANE_BITS | u64::from(at[2]) << (2 * LANE_BITS)
    }
}

/// The index from 0 to below `count` nearest to one that may lie outside.
fn nearest_inside(index: i32, count: i32) -> usize {
    index.clamp(0, count - 1) as usize
}

/// Two pixels side by side, in lanes.
#[derive(Clone, Copy)]
struct Pair {
    left: u64,
    right: u64,
}

impl Pair {
    fn along(self, fx: u64) -> u64 {
        blend(self.left, self.right, fx)
    }
}

/// `from (32 - share) + to share` in every lane; a lane's borrow is paid back by the sum.
fn blend(from: u64, to: u64, share: u64) -> u64 {
    (from << STEP_BITS).wrapping_add(to.wrapping_sub(from).wrapping_mul(share))
}

/// Three bytes into three lanes.
fn lanes(bytes: u64) -> u64 {
    bytes & 0xff | (bytes & 0xff00) << (LANE_BITS - 8) | (bytes & 0x00ff_0000) << (2 * LANE_BITS - 16)
}
