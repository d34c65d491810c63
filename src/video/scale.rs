//! One picture in another size.

use super::error::VideoError;
use super::quiet;
use crate::frame::PixelSize;
use opencv::core::{Mat, Size, Vec3b};
use opencv::imgproc;

/// Packed rows of blue, green, red in another size: averaged where it shrinks, interpolated where it grows.
///
/// # Errors
/// When the bytes are not a picture of size `from`, or `to` has an empty side.
pub fn scaled(bgr: &[u8], from: PixelSize, to: PixelSize) -> Result<Vec<u8>, VideoError> {
    quiet()?;
    if bgr.len() != from.frame_bytes() {
        return Err(VideoError::WrongFrame { size: from, got_bytes: bgr.len() });
    }
    if from == to {
        return Ok(bgr.to_vec());
    }
    let how = if to.height < from.height { imgproc::INTER_AREA } else { imgproc::INTER_CUBIC };
    let (width, height) = (to.width.cast_signed(), to.height.cast_signed());
    let mut out = vec![0; to.frame_bytes()];
    let resize = |out: &mut [u8]| {
        let picture =
            Mat::new_rows_cols_with_bytes::<Vec3b>(from.height.cast_signed(), from.width.cast_signed(), bgr)?;
        let mut result = Mat::new_rows_cols_with_bytes_mut::<Vec3b>(height, width, out)?;
        imgproc::resize(&picture, &mut result, Size::new(width, height), 0.0, 0.0, how)
    };
    resize(&mut out).map_err(VideoError::opencv("scaling a frame"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_keep_their_place() {
        let (from, to) = (PixelSize { width: 8, height: 4 }, PixelSize { width: 4, height: 2 });
        // Left half blue, right half red.
        let bgr: Vec<u8> = (0..32).flat_map(|i| if i % 8 < 4 { [255, 0, 0] } else { [0, 0, 255] }).collect();
        let small = scaled(&bgr, from, to).expect("it scales");
        assert_eq!(small, [[255, 0, 0], [255, 0, 0], [0, 0, 255], [0, 0, 255]].repeat(2).concat());
        let large = scaled(&small, to, from).expect("it scales");
        assert_eq!((large.len(), &large[..3]), (from.frame_bytes(), &[255, 0, 0][..]));
        assert_eq!(scaled(&bgr, from, from).expect("it stays"), bgr);
        assert!(scaled(&bgr[1..], from, to).is_err());
    }
}
