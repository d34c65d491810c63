//! Lines of text stacked in the corners of a picture: legend, time, labels.

use super::canvas::{Canvas, Colour};
use super::figure::{self, Strength};
use super::overlay::{Corner, Label, PANEL_OPACITY, Tone, text_size};
use super::text::Font;
use crate::geometry::{Bounds, Image, Point};
use crate::skeleton::Side;
use crate::units::Seconds;

/// A fault is what the picture is sent for: its line is this much larger.
const FAULT_SIZE: f64 = 1.15;
/// Sizes in hundredths of the picture's shorter side: from the edge, and between lines.
const MARGIN: f64 = 2.2;
const BETWEEN: f64 = 0.8;
/// Behind a fault: white on it has a contrast of 8 to 1.
const FAULT_PLATE: Colour = Colour::new(140, 24, 20);
const FAULT_OPACITY: f64 = 0.86;

/// Lines of text stacked in the corners.
pub(super) struct Corners<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    font: &'a Font,
    unit: f64,
    /// Height taken so far, px, by corner.
    taken: [f64; 4],
}

impl<'a, 'b> Corners<'a, 'b> {
    pub(super) fn new(canvas: &'a mut Canvas<'b>, font: &'a Font, unit: f64) -> Self {
        Self { canvas, font, unit, taken: [0.0; 4] }
    }

    /// The time of the frame.
    pub(super) fn time(&mut self, time: Seconds) {
        self.text(Corner::TopRight, &clock(time), Tone::Plain);
    }

    /// A label; one that is wider than the picture is broken before its bracket, and shrunk where that is not enough.
    pub(super) fn label(&mut self, label: &Label) {
        let too_wide = self.font.width(&label.text, self.size(label.tone)) > self.room(label.tone);
        match label.text.split_once(" (").filter(|_| too_wide) {
            None => self.text(label.corner, &label.text, label.tone),
            Some((first, rest)) => {
                let rest = rest.trim_end_matches(')');
                let is_upward = matches!(label.corner, Corner::BottomLeft | Corner::BottomRight);
                for line in if is_upward { [rest, first] } else { [first, rest] } {
                    self.text(label.corner, line, label.tone);
                }
            }
        }
    }

    fn size(&self, tone: Tone) -> f64 {
        text_size(self.unit) * if tone == Tone::Fault { FAULT_SIZE } else { 1.0 }
    }

    /// Width that text of a tone may have, px.
    fn room(&self, tone: Tone) -> f64 {
        f64::from(self.canvas.size().width) - 2.0 * (MARGIN * self.unit + pad(self.size(tone)))
    }

    fn text(&mut self, corner: Corner, text: &str, tone: Tone) {
        let (size, room) = (self.size(tone), self.room(tone));
        let width = self.font.width(text, size);
        let size = if width > room { size * (room / width).max(0.0) } else { size };
        let (paint, plate) = match tone {
            Tone::Plain => (Colour::WHITE, Colour::INK.at(PANEL_OPACITY)),
            Tone::Good => (Colour::new(150, 230, 160), Colour::INK.at(PANEL_OPACITY)),
            Tone::Fault => (Colour::WHITE, FAULT_PLATE.at(FAULT_OPACITY)),
        };
        let (bounds, start) = self.line(corner, self.font.width(text, size), size);
        self.canvas.rounded_box(bounds, bounds.height() * 0.28, plate);
        self.font.draw(self.canvas, start, size, paint.at(1.0), text);
    }

    /// The place of a line in a corner, and where its text begins.
    fn line(&mut self, corner: Corner, width: f64, size: f64) -> (Bounds, Point<Image>) {
        let (margin, height) = (MARGIN * self.unit, size * 1.3);
        let off = margin + self.taken[corner as usize];
        self.taken[corner as usize] += height + BETWEEN * self.unit;
        let (picture, full) = (self.canvas.size(), width + 2.0 * pad(size));
        let left = match corner {
            Corner::TopLeft | Corner::BottomLeft => margin,
            Corner::TopRight | Corner::BottomRight => f64::from(picture.width) - margin - full,
        };
        let top = match corner {
            Corner::TopLeft | Corner::TopRight => off,
            Corner::BottomLeft | Corner::BottomRight => f64::from(picture.height) - height - off,
        };
        let bounds = Bounds { left, top, right: left + full, bottom: top + height };
        (bounds, Point::new(left + pad(size), top + (height - size) / 2.0))
    }

    /// Which colour is which side, and what a hollow point means.
    pub(super) fn legend(&mut self) {
        let faint = Colour::new(215, 218, 224);
        let entries = [
            ("left", figure::colour(Side::Left), Strength::Strong),
            ("right", figure::colour(Side::Right), Strength::Strong),
            ("unsure", faint, Strength::Weak(0.9)),
        ];
        let size = text_size(self.unit) * 0.92;
        let (mark, gap) = (size * 0.85, size * 0.75);
        let widths = entries.map(|(text, ..)| mark + self.font.width(text, size));
        let full = widths.iter().sum::<f64>() + 2.0 * gap;
        let (bounds, start) = self.line(Corner::TopLeft, full, size);
        super::overlay::panel(self.canvas, bounds);
        let mut x = start.x;
        for ((text, colour, strength), width) in entries.into_iter().zip(widths) {
            let centre = Point::new(x + mark * 0.32, start.y + size * 0.54);
            figure::joint(self.canvas, centre, size / 3.0, colour, strength);
            let corner = Point::new(x + mark, start.y);
            self.font.draw(self.canvas, corner, size, Colour::WHITE.at(1.0), text);
            x += width + gap;
        }
    }
}

/// Beside the text of a plate.
fn pad(size: f64) -> f64 {
    size * 0.42
}

/// `m:ss.cc`; the hundredth tells neighbouring frames apart up to 100 frames/s.
fn clock(time: Seconds) -> String {
    let hundredths = (time.0.max(0.0) * 100.0).round() as u64;
    format!("{}:{:02}.{:02}", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_rounds_and_carries() {
        assert_eq!(clock(Seconds(0.0)), "0:00.00");
        assert_eq!(clock(Seconds(59.999)), "1:00.00");
        assert_eq!(clock(Seconds(125.257)), "2:05.26");
    }
}
