//! Whether a picture repeats the one before it. Pure; what follows from a repetition is left to the analysis.
//!
//! Phones and converters repeat frames to keep their rate. Such a repetition stands out twice: against the picture
//! before it nothing changes anywhere, **and** things change in the frames around it. The second half matters:
//! a person who stands still before a plain wall gives hundreds of equal pictures after compression, and none of
//! them is a repeated frame. So a picture is a duplicate when its largest local change is
//! 1. below [`MAX_CHANGE`], what re-encoding an equal picture leaves, and
//! 2. below [`MAX_SHARE`] of the usual change of the frames before it.
//!
//! The change of a picture is the largest mean absolute difference of any of its blocks, not of the whole: a small
//! athlete far away moves few pixels. Causal, so that no frame waits for a later one; the first frames of a clip
//! and of a movement have nothing to stand out against and are never called duplicates.

use crate::frame::PixelSize;
use std::collections::VecDeque;

/// Samples across the picture. 240 keep an athlete of a tenth of the picture's height some 13 samples tall.
const SAMPLES_ACROSS: u32 = 240;
/// Blocks across the picture.
const BLOCKS_ACROSS: usize = 24;
/// Largest change of a repeated frame, grey levels. Repeats stored with H.264 at CRF 18 to 28 measured 0 to 0.3; next
/// to a key frame up to 7, and such a one is missed: better that than to drop a true frame. Frames of walkers and
/// runners measured at least 8.
const MAX_CHANGE: f32 = 2.0;
/// Largest change of a repeated frame as a share of the usual one: the calmest frames of those walkers and runners
/// kept a quarter of it and more.
const MAX_SHARE: f32 = 0.2;
/// Frames that make up "usual": less than half a second, so that coming to rest is forgotten soon.
const USUAL_FRAMES: usize = 12;
/// Frames needed before anything can stand out.
const MIN_FRAMES: usize = 4;

/// Compares each picture with the one before.
#[derive(Clone, Debug, Default)]
pub(super) struct DuplicateDetector {
    previous: Vec<u8>,
    current: Vec<u8>,
    changes: VecDeque<f32>,
}

impl DuplicateDetector {
    /// Whether this picture (packed blue, green, red) repeats the one given before.
    pub fn is_duplicate(&mut self, bgr: &[u8], size: PixelSize) -> bool {
        std::mem::swap(&mut self.previous, &mut self.current);
        let samples_per_row = sample(bgr, size, &mut self.current);
        if self.previous.len() != self.current.len() {
            return false;
        }
        let change = largest_change(&self.previous, &self.current, samples_per_row);
        let usual = usual(&self.changes);
        if self.changes.len() == USUAL_FRAMES {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
        usual.is_some_and(|usual| change < MAX_CHANGE && change < MAX_SHARE * usual)
    }
}

/// The upper quartile: with two of three frames repeated it is still a true change.
fn usual(changes: &VecDeque<f32>) -> Option<f32> {
    if changes.len() < MIN_FRAMES {
        return None;
    }
    let mut sorted: Vec<f32> = changes.iter().copied().collect();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() * 3 / 4).copied()
}

/// Green (close to brightness) on a coarse grid; returns the samples per row.
fn sample(bgr: &[u8], size: PixelSize, samples: &mut Vec<u8>) -> usize {
    let step = size.width.div_ceil(SAMPLES_ACROSS).max(1) as usize;
    samples.clear();
    for row in bgr.chunks_exact(size.width as usize * 3).step_by(step) {
        samples.extend(row.iter().skip(1).step_by(3 * step));
    }
    (size.width as usize).div_ceil(step)
}

/// The largest mean absolute difference of a block, grey levels.
fn largest_change(before: &[u8], now: &[u8], per_row: usize) -> f32 {
    let side = per_row.div_ceil(BLOCKS_ACROSS).max(1);
    let mut sums = vec![(0u32, 0u32); per_row.div_ceil(side)];
    let mut largest = 0.0_f32;
    for (y, (a, b)) in before.chunks_exact(per_row).zip(now.chunks_exact(per_row)).enumerate() {
        if y % side == 0 {
            largest = finish(&mut sums, largest);
        }
        for ((a, b), sum) in a.chunks(side).zip(b.chunks(side)).zip(&mut sums) {
            sum.0 += a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
            sum.1 += a.len() as u32;
        }
    }
    finish(&mut sums, largest)
}

fn finish(sums: &mut [(u32, u32)], largest: f32) -> f32 {
    sums.iter_mut().fold(largest, |largest, sum| {
        let (difference, count) = std::mem::take(sum);
        if count == 0 { largest } else { largest.max(difference as f32 / count as f32) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: PixelSize = PixelSize { width: 320, height: 180 };

    /// A dark square of 12 px on a bright ground; `noise` grey levels that differ from frame to frame.
    fn picture(x: usize, noise: u8, seed: usize) -> Vec<u8> {
        let mut bgr = vec![150u8; SIZE.frame_bytes()];
        for (i, byte) in bgr.iter_mut().enumerate() {
            let (px, py) = (i / 3 % 320, i / 960);
            if (x..x + 12).contains(&px) && (80..92).contains(&py) {
                *byte = 40;
            }
            let random = (i + seed * 7919).wrapping_mul(2_654_435_761) >> 16;
            *byte = byte.wrapping_add((random % (usize::from(noise) + 1)) as u8);
        }
        bgr
    }

    fn flags(frames: &[(usize, u8)]) -> Vec<bool> {
        let mut detector = DuplicateDetector::default();
        let frames = frames.iter().enumerate();
        frames.map(|(seed, &(x, noise))| detector.is_duplicate(&picture(x, noise, seed), SIZE)).collect()
    }

    #[test]
    fn a_repeated_frame_in_a_movement_is_seen_however_small_the_mover() {
        let moving: Vec<_> = [0, 3, 6, 9, 12, 15, 15, 18, 21, 21, 24].map(|x| (x, 0)).into();
        let found: Vec<_> = flags(&moving).iter().enumerate().filter(|(_, f)| **f).map(|(i, _)| i).collect();
        assert_eq!(found, [6, 9]);
    }

    #[test]
    fn two_of_three_frames_repeated_are_all_seen_once_there_is_a_usual_change() {
        let stored: Vec<_> = (0..24).map(|i| (i / 3 * 6, 0)).collect();
        for (i, flag) in flags(&stored).iter().enumerate().skip(6) {
            assert_eq!(*flag, i % 3 != 0, "frame {i}");
        }
    }

    #[test]
    fn standing_still_is_no_repetition() {
        assert!(!flags(&[(50, 0); 30]).contains(&true), "noise-free");
        assert!(!flags(&[(50, 6); 30]).contains(&true), "with sensor noise");
    }

    #[test]
    fn coming_to_rest_is_forgotten_within_half_a_second() {
        let frames: Vec<_> = (0..12).map(|i| (i * 3, 0)).chain([(33, 0); 20]).collect();
        assert!(!flags(&frames)[24..].contains(&true));
    }

    #[test]
    fn noise_alone_is_a_change() {
        let frames: Vec<_> = (0..12).map(|i| (i.min(8) * 3, 9)).collect();
        assert!(!flags(&frames).contains(&true));
    }
}
