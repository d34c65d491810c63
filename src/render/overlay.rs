//! One annotated frame: the figure, a legend, the time, and labels in the corners.
//!
//! What is drawn comes in as values; nothing is measured here.

use super::RenderError;
use super::canvas::{Canvas, Colour};
use super::figure::{self, Strength};
use super::text::Font;
use crate::frame::PixelSize;
use crate::geometry::{Bounds, Image, Point};
use crate::signal::series::Sample;
use crate::skeleton::{Keypoint, Side};
use crate::units::{Confidence, Radians, Seconds};

/// Points below this confidence are drawn as weak unless said otherwise: as likely unseen as seen.
pub const WEAK_BELOW: f32 = 0.5;

/// Height of a line of text in hundredths of the picture's shorter side. A 960-pixel-wide clip on a phone 390 points wide
/// then shows text of 10 points, the smallest that reads well.
const TEXT_SIZE: f64 = 4.6;
/// Text is never smaller, px: below, strokes are thinner than a pixel.
const SMALLEST_TEXT_PX: f64 = 13.0;
/// Opacity of the panels behind text.
const PANEL_OPACITY: f64 = 0.62;

/// Which corner a label stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// Below the legend.
    TopLeft,
    /// Below the time.
    TopRight,
    /// Upward from the bottom left.
    BottomLeft,
    /// Upward from the bottom right.
    BottomRight,
}

/// What a label's colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// As it should be.
    Good,
    /// A fault.
    Fault,
}

/// A line of text in a corner; several stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub corner: Corner,
    /// What it says.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
}

/// What is shown in one frame.
#[derive(Clone, Debug)]
pub struct OverlayFrame<'a> {
    /// Points of the athlete, px of the picture, by [`Keypoint::index`].
    pub points: &'a [Option<Sample<Point<Image>>>; Keypoint::COUNT],
    /// Trunk against the vertical, degrees, positive toward where the athlete faces; none hides wedge and number.
    pub trunk_deg: Option<f64>,
    /// Turn of the picture against gravity, positive clockwise.
    pub roll: Radians,
    /// The side turned to the camera, drawn last; none where not known.
    pub near_side: Option<Side>,
    /// Time from the clip's first frame.
    pub time: Seconds,
    /// Points less sure than this are drawn as weak.
    pub weak_below: Confidence,
    /// Further lines of text.
    pub labels: &'a [Label],
}

impl<'a> OverlayFrame<'a> {
    /// Points and time; everything else unknown.
    #[must_use]
    pub fn new(points: &'a [Option<Sample<Point<Image>>>; Keypoint::COUNT], time: Seconds) -> Self {
        Self {
            points,
            trunk_deg: None,
            roll: Radians(0.0),
            near_side: None,
            time,
            weak_below: Confidence::new(WEAK_BELOW),
            labels: &[],
        }
    }
}

/// Draws annotated frames.
#[derive(Clone, Debug)]
pub struct Overlay {
    font: Font,
}

impl Default for Overlay {
    fn default() -> Self {
        Self { font: Font::embedded() }
    }
}

impl Overlay {
    /// Draws one frame over the picture in `bgr` (packed blue, green, red).
    ///
    /// # Errors
    /// When the buffer is not a picture of that size.
    pub fn draw(&self, bgr: &mut [u8], size: PixelSize, frame: &OverlayFrame) -> Result<(), RenderError> {
        let mut canvas = Canvas::new(bgr, size)?;
        let unit = f64::from(size.width.min(size.height)) / 100.0;
        figure::draw(&mut canvas, &self.font, frame, unit);
        let mut corners = Corners::new(&mut canvas, &self.font, unit);
        corners.legend();
        corners.text(Corner::TopRight, &clock(frame.time), Colour::WHITE);
        for label in frame.labels {
            corners.text(label.corner, &label.text, tone_colour(label.tone));
        }
        Ok(())
    }
}

/// Height of a line of text, px.
pub(super) fn text_size(unit: f64) -> f64 {
    (TEXT_SIZE * unit).max(SMALLEST_TEXT_PX)
}

/// A dark box behind text.
pub(super) fn panel(canvas: &mut Canvas, bounds: Bounds) {
    canvas.rounded_box(bounds, bounds.height() * 0.28, Colour::INK.at(PANEL_OPACITY));
}

fn tone_colour(tone: Tone) -> Colour {
    match tone {
        Tone::Plain => Colour::WHITE,
        Tone::Good => Colour::new(150, 230, 160),
        Tone::Fault => Colour::new(255, 150, 130),
    }
}

/// `m:ss.cc`; the hundredth tells neighbouring frames apart up to 100 frames/s.
fn clock(time: Seconds) -> String {
    let hundredths = (time.0.max(0.0) * 100.0).round() as u64;
    format!("{}:{:02}.{:02}", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
}

/// Lines of text stacked in the corners.
struct Corners<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    font: &'a Font,
    unit: f64,
    /// Lines so far, by corner.
    lines: [usize; 4],
}

impl<'a, 'b> Corners<'a, 'b> {
    fn new(canvas: &'a mut Canvas<'b>, font: &'a Font, unit: f64) -> Self {
        Self { canvas, font, unit, lines: [0; 4] }
    }

    /// A panel for a line `width` px wide in a corner, and where its text begins.
    fn line(&mut self, corner: Corner, width: f64) -> Point<Image> {
        let size = text_size(self.unit);
        let (margin, pad) = (2.2 * self.unit, size * 0.42);
        let line = self.lines[corner as usize] as f64;
        self.lines[corner as usize] += 1;
        let (picture, height) = (self.canvas.size(), size * 1.3);
        let step = (height + 0.8 * self.unit) * line;
        let full = width + 2.0 * pad;
        let left = match corner {
            Corner::TopLeft | Corner::BottomLeft => margin,
            Corner::TopRight | Corner::BottomRight => f64::from(picture.width) - margin - full,
        };
        let top = match corner {
            Corner::TopLeft | Corner::TopRight => margin + step,
            Corner::BottomLeft | Corner::BottomRight => f64::from(picture.height) - margin - height - step,
        };
        panel(self.canvas, Bounds { left, top, right: left + full, bottom: top + height });
        Point::new(left + pad, top + (height - size) / 2.0)
    }

    fn text(&mut self, corner: Corner, text: &str, colour: Colour) {
        let size = text_size(self.unit);
        let start = self.line(corner, self.font.width(text, size));
        self.font.draw(self.canvas, start, size, colour.at(1.0), text);
    }

    /// Which colour is which side, and what a hollow point means.
    fn legend(&mut self) {
        let faint = Colour::new(215, 218, 224);
        let entries = [
            ("left", figure::colour(Side::Left), Strength::Strong),
            ("right", figure::colour(Side::Right), Strength::Strong),
            ("unsure", faint, Strength::Weak(0.9)),
        ];
        let size = text_size(self.unit) * 0.92;
        let (mark, gap) = (size * 0.85, size * 0.75);
        let widths = entries.map(|(text, ..)| mark + self.font.width(text, size));
        let start = self.line(Corner::TopLeft, widths.iter().sum::<f64>() + 2.0 * gap);
        let mut x = start.x;
        for ((text, colour, strength), width) in entries.into_iter().zip(widths) {
            let centre = Point::new(x + mark * 0.32, start.y + size * 0.58);
            figure::joint(self.canvas, centre, size / 3.0, colour, strength);
            let corner = Point::new(x + mark, start.y + size * 0.04);
            self.font.draw(self.canvas, corner, size, Colour::WHITE.at(1.0), text);
            x += width + gap;
        }
    }
}

#[cfg(test)]
mod tests;
