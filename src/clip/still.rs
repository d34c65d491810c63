//! One drawn frame to a small JPEG: the part of the picture that proves a finding.

use crate::frame::PixelSize;
use crate::geometry::Bounds;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageError, Rgb, RgbImage};

/// Artefacts round thin lines begin to show below this.
const QUALITY: u8 = 82;
/// What lies beyond the picture's edge.
const BEYOND: Rgb<u8> = Rgb([28, 33, 41]);

/// The part `crop` of a packed blue-green-red picture, shrunk to at most `largest`.
///
/// # Errors
/// When the encoder cannot take a picture of that size.
pub(super) fn jpeg(
    bgr: &[u8],
    size: PixelSize,
    crop: Bounds,
    largest: (u32, u32),
) -> Result<Vec<u8>, ImageError> {
    let cut = cut(bgr, size, crop);
    let factor = (f64::from(largest.0) / f64::from(cut.width())).min(1.0);
    let scaled = |px: u32| ((f64::from(px) * factor).round() as u32).max(1);
    let small = imageops::resize(&cut, scaled(cut.width()), scaled(cut.height()), FilterType::Triangle);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&small)?;
    Ok(out)
}

fn cut(bgr: &[u8], size: PixelSize, crop: Bounds) -> RgbImage {
    let (left, top) = (crop.left.round() as i64, crop.top.round() as i64);
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

    #[test]
    fn colours_and_place_survive_and_what_lies_beyond_is_dark() {
        let size = PixelSize { width: 40, height: 20 };
        // Left half blue, right half red.
        let bgr: Vec<u8> =
            (0..800).flat_map(|i| if i % 40 < 20 { [255, 0, 0] } else { [0, 0, 255] }).collect();
        let crop = Bounds { left: 10.0, top: -10.0, right: 30.0, bottom: 10.0 };
        let picture = jpeg(&bgr, size, crop, (480, 400)).expect("encodes");
        let seen = image::load_from_memory(&picture).expect("decodes").to_rgb8();
        assert_eq!(seen.dimensions(), (20, 20));
        assert!(seen.get_pixel(3, 16)[2] > 200 && seen.get_pixel(16, 16)[0] > 200);
        assert!(seen.get_pixel(10, 2).0.iter().all(|&c| c < 80));
    }
}
