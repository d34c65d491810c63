//! A part of a frame as a small picture, and as JPEG: what proves a finding.

use crate::frame::{Frame, PixelSize};
use crate::geometry::{Bounds, Image, Point};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageError, Rgb, RgbImage};

/// Artefacts round thin lines begin to show below this.
const QUALITY: u8 = 82;
/// What lies beyond the picture's edge.
const BEYOND: Rgb<u8> = Rgb([28, 33, 41]);

/// The part `crop` of a frame, shrunk to at most the width of `largest`: packed rows of blue, green, red, their size, and pixels of
/// it per pixel of the frame.
pub(super) fn cut_out(frame: &Frame, crop: Bounds, largest: (u32, u32)) -> (Vec<u8>, PixelSize, f64) {
    let cut = cut(&frame.bgr, frame.size, crop);
    let factor = (f64::from(largest.0) / f64::from(cut.width())).min(1.0);
    let scaled = |px: u32| ((f64::from(px) * factor).round() as u32).max(1);
    let small = imageops::resize(&cut, scaled(cut.width()), scaled(cut.height()), FilterType::Triangle);
    let size = PixelSize { width: small.width(), height: small.height() };
    (turned(&small.into_raw()), size, factor)
}

/// Where the picture of a part begins in the frame.
pub(super) fn corner(crop: Bounds) -> Point<Image> {
    Point::new(crop.left.round(), crop.top.round())
}

/// Packed rows of blue, green, red as JPEG.
///
/// # Errors
/// When the encoder cannot take a picture of that size.
pub(super) fn jpeg(bgr: &[u8], size: PixelSize) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    let colour = image::ExtendedColorType::Rgb8;
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode(&turned(bgr), size.width, size.height, colour)?;
    Ok(out)
}

/// Red and blue exchanged.
fn turned(pixels: &[u8]) -> Vec<u8> {
    pixels.chunks_exact(3).flat_map(|p| [p[2], p[1], p[0]]).collect()
}

fn cut(bgr: &[u8], size: PixelSize, crop: Bounds) -> RgbImage {
    let Point { x: left, y: top, .. } = corner(crop);
    let (left, top) = (left as i64, top as i64);
    let (width, height) = (crop.width().round().max(1.0) as u32, crop.height().round().max(1.0) as u32);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (left + i64::from(x), top + i64::from(y));
        let inside = (0..i64::from(size.width)).contains(&x) && (0..i64::from(size.height)).contains(&y);
        let at = 3 * (y * i64::from(size.width) + x);
        let pixel = inside.then(|| bgr.get(at as usize..at as usize + 3)).flatten();
        pixel.map_or(BEYOND, |p| Rgb([p[2], p[1], p[0]]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Seconds;

    #[test]
    fn colours_and_place_survive_and_what_lies_beyond_is_dark() {
        let size = PixelSize { width: 40, height: 20 };
        // Left half blue, right half red.
        let bgr: Vec<u8> =
            (0..800).flat_map(|i| if i % 40 < 20 { [255, 0, 0] } else { [0, 0, 255] }).collect();
        let frame = Frame { index: 0, time: Seconds(0.0), size, bgr, background: None, duplicate: false };
        let crop = Bounds { left: 10.0, top: -10.0, right: 30.0, bottom: 10.0 };
        let (bgr, size, factor) = cut_out(&frame, crop, (480, 400));
        assert!((factor - 1.0).abs() < 1e-12);
        let picture = jpeg(&bgr, size).expect("encodes");
        let seen = image::load_from_memory(&picture).expect("decodes").to_rgb8();
        assert_eq!(seen.dimensions(), (20, 20));
        assert!(seen.get_pixel(3, 16)[2] > 200 && seen.get_pixel(16, 16)[0] > 200);
        assert!(seen.get_pixel(10, 2).0.iter().all(|&c| c < 80));
        let (bgr, size, factor) = cut_out(&frame, crop, (10, 10));
        assert_eq!((size, bgr.len()), (PixelSize { width: 10, height: 10 }, 300));
        assert!((factor - 0.5).abs() < 1e-12);
    }
}
