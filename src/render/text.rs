//! Text on a picture, in one embedded font (Roboto Medium, Latin; `assets/fonts/README.md` has its origin and licence).

use super::canvas::{Canvas, Paint};
use crate::geometry::{Image, Point};
use ab_glyph::{Font as _, FontRef, GlyphId, PxScaleFont, ScaleFont as _};

/// The embedded font.
static ROBOTO: &[u8] = include_bytes!("../../assets/fonts/Roboto-Medium-latin.ttf");

/// Draws and measures text.
#[derive(Clone, Debug)]
pub struct Font {
    font: FontRef<'static>,
}

impl Font {
    /// The embedded font.
    ///
    /// # Panics
    /// Never: the font is part of the program, and a test reads it.
    #[must_use]
    pub fn embedded() -> Self {
        Self { font: FontRef::try_from_slice(ROBOTO).expect("the embedded font is whole") }
    }

    /// Width of a line of text of a size (px from the highest ascender to the lowest descender), px.
    #[must_use]
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let scaled = self.font.as_scaled(size as f32);
        let mut width = 0.0;
        place(&scaled, text, |_, _, advance| width = advance);
        f64::from(width)
    }

    /// Draws a line of text; `corner` is the top left of its line box, `size` the box's height, px.
    ///
    /// Characters that the font lacks show as a box. Line breaks are not looked at.
    pub fn draw(&self, canvas: &mut Canvas, corner: Point<Image>, size: f64, paint: Paint, text: &str) {
        let scaled = self.font.as_scaled(size as f32);
        let baseline = corner.y as f32 + scaled.ascent();
        place(&scaled, text, |glyph, offset, _| {
            let position = ab_glyph::point(corner.x as f32 + offset, baseline);
            let glyph = glyph.with_scale_and_position(size as f32, position);
            let Some(outline) = self.font.outline_glyph(glyph) else { return };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                let (x, y) = (corner.x as i64 + i64::from(x), corner.y as i64 + i64::from(y));
                canvas.blend(x, y, paint, f64::from(coverage.min(1.0)));
            });
        });
    }
}

/// Calls `each` with every glyph, its offset from the start and the offset of its end, px.
fn place(scaled: &PxScaleFont<&FontRef<'static>>, text: &str, mut each: impl FnMut(GlyphId, f32, f32)) {
    let mut offset = 0.0;
    let mut previous: Option<GlyphId> = None;
    for character in text.chars() {
        let glyph = scaled.glyph_id(character);
        offset += previous.map_or(0.0, |p| scaled.kern(p, glyph));
        let end = offset + scaled.h_advance(glyph);
        each(glyph, offset, end);
        offset = end;
        previous = Some(glyph);
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Colour;
    use super::*;
    use crate::frame::PixelSize;

    #[test]
    fn the_font_has_what_labels_need() {
        let font = Font::embedded();
        for character in "AZaz09°–−±≤≥≈äöüéñ%:.,".chars() {
            assert_ne!(font.font.glyph_id(character).0, 0, "{character}");
        }
    }

    #[test]
    fn digits_are_equally_wide_so_that_a_clock_stands_still() {
        let font = Font::embedded();
        let one = font.width("0:11.11", 20.0);
        assert!((one - font.width("0:48.90", 20.0)).abs() < 1e-3);
        assert!((font.width("0:11.11", 40.0) / one - 2.0).abs() < 1e-3);
    }

    #[test]
    fn text_lies_in_its_box() {
        let size = PixelSize { width: 120, height: 60 };
        let mut bgr = vec![0; size.frame_bytes()];
        let font = Font::embedded();
        let mut canvas = Canvas::new(&mut bgr, size).unwrap();
        font.draw(&mut canvas, Point::new(20.0, 15.0), 24.0, Colour::WHITE.at(1.0), "Äg°");
        let right = 20.0 + font.width("Äg°", 24.0);
        let mut inked = 0;
        for (i, pixel) in bgr.chunks(3).enumerate().filter(|(_, p)| p[0] > 0) {
            let (x, y) = ((i % 120) as f64, (i / 120) as f64);
            assert!((19.0..=right + 1.0).contains(&x) && (14.0..=40.0).contains(&y), "ink at {x} {y}");
            inked += usize::from(pixel[0] > 127);
        }
        assert!(inked > 60, "{inked}");
    }
}
