//! One clip's place in an annotated video: scaled to its size, drawn on, put beside another.

use super::ClipError;
use crate::frame::PixelSize;
use crate::geometry::Point;
use crate::render::overlay::Overlay;
use crate::render::scene::Scene;
use crate::video;

/// How a clip's frames become pictures of a video.
pub(super) struct Panel {
    /// What is drawn; none leaves the frames as they are.
    pub scene: Option<Scene>,
    /// Size of the clip's frames.
    pub clip: PixelSize,
    /// Size of the pictures.
    pub size: PixelSize,
}

impl Panel {
    /// Frame `index` of the clip as a picture: scaled first, so that lines and text stay sharp.
    pub fn draw(&self, overlay: &Overlay, index: usize, bgr: &[u8]) -> Result<Vec<u8>, ClipError> {
        let mut picture = video::scaled(bgr, self.clip, self.size)?;
        if let Some(frame) = self.scene.as_ref().and_then(|s| s.frame(index)) {
            let factor = f64::from(self.size.height) / f64::from(self.clip.height);
            overlay.draw(&mut picture, self.size, &frame.on_part(Point::new(0.0, 0.0), factor))?;
        }
        Ok(picture)
    }
}

/// Two pictures of the same height in one.
pub(super) mod next_to {
    use crate::frame::PixelSize;

    /// Between the two, px; even.
    const GAP: u32 = 4;

    /// Size of both together.
    pub fn size(left: PixelSize, right: PixelSize) -> PixelSize {
        PixelSize { width: left.width + GAP + right.width, height: left.height }
    }

    /// Row by row: left, a dark gap, right.
    pub fn join(left: &[u8], left_size: PixelSize, right: &[u8], right_size: PixelSize) -> Vec<u8> {
        let rows = |bgr: &'_ [u8], size: PixelSize| size.width as usize * 3 * usize::from(!bgr.is_empty());
        let (of_left, of_right) = (rows(left, left_size), rows(right, right_size));
        let gap = [0; GAP as usize * 3];
        let mut joined = Vec::with_capacity(size(left_size, right_size).frame_bytes());
        for (left, right) in left.chunks_exact(of_left.max(1)).zip(right.chunks_exact(of_right.max(1))) {
            joined.extend_from_slice(left);
            joined.extend_from_slice(&gap);
            joined.extend_from_slice(right);
        }
        joined
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn rows_stay_rows() {
            let (a, b) = (PixelSize { width: 2, height: 2 }, PixelSize { width: 4, height: 2 });
            let joined = join(&[1; 12], a, &[2; 24], b);
            let row = [&[1; 6][..], &[0; 12], &[2; 12]].concat();
            assert_eq!(joined, row.repeat(2));
            assert_eq!(joined.len(), size(a, b).frame_bytes());
        }
    }
}
