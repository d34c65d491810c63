//! One annotated frame: the figure, numbers beside it, a legend, the time, and labels in the corners.
//!
//! What is drawn comes in as values, from `scene`; nothing is measured here.

use super::RenderError;
use super::canvas::{Canvas, Colour};
use super::corners::Corners;
use super::text::Font;
use super::{figure, marks};
use crate::frame::PixelSize;
use crate::geometry::{Bounds, Image, Point, Vector};
use crate::kinematics::at_frames::Plane;
use crate::kinematics::movement::Facing;
use crate::signal::series::Sample;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::technique::rule::Band;
use crate::units::{Confidence, Radians, Seconds};

/// Points below this confidence are drawn as weak unless said otherwise: as likely unseen as seen.
pub const WEAK_BELOW: f32 = 0.5;

/// Height of a line of text in hundredths of the picture's shorter side. A 960-pixel-wide clip on a phone 390 points wide
/// then shows text of 10 points, the smallest that reads well.
const TEXT_SIZE: f64 = 4.6;
/// Text is never smaller, px: below, strokes are thinner than a pixel.
const SMALLEST_TEXT_PX: f64 = 13.0;
/// Opacity of the panels behind text.
pub(super) const PANEL_OPACITY: f64 = 0.62;

/// Which corner a label stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// Below the legend.
    TopLeft,
    /// Below the time.
    TopRight,
    /// At the bottom left.
    BottomLeft,
    /// At the bottom right.
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

/// A point of the athlete in the picture, px.
pub type Place = Sample<Point<Image>>;

/// The trunk against the vertical.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trunk {
    /// Degrees, positive toward where the athlete faces.
    pub angle_deg: f64,
    /// What is good, degrees; none shows the angle itself as a wedge.
    pub band: Option<Band>,
}

/// What happens to the foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Initial contact.
    Landing,
    /// Terminal contact.
    PushOff,
}

/// A knee at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knee {
    /// Whose.
    pub side: Side,
    /// When.
    pub moment: Moment,
    /// Flexion then, degrees.
    pub flexion_deg: f64,
    /// Whether it was seen, not filled in.
    pub is_sure: bool,
}

/// What is shown in one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlayFrame {
    /// Points of the athlete, by [`Keypoint::index`].
    pub points: Box<[Option<Place>; Keypoint::COUNT]>,
    /// The trunk; none hides wedge and number.
    pub trunk: Option<Trunk>,
    /// How upright and leans look in the picture.
    pub plane: Plane,
    /// Which way the athlete faces: the near side is drawn last, the band lies ahead. None where not known.
    pub facing: Option<Facing>,
    /// Time from the clip's first frame.
    pub time: Seconds,
    /// Points less sure than this are drawn as weak.
    pub weak_below: Confidence,
    /// Knees whose angle is shown.
    pub knees: Vec<Knee>,
    /// Feet that stand.
    pub in_contact: Vec<Side>,
    /// Further lines of text; in each corner the first stands on top.
    pub labels: Vec<Label>,
}

impl OverlayFrame {
    /// Points and time; everything else unknown.
    #[must_use]
    pub fn new(points: &[Option<Place>; Keypoint::COUNT], time: Seconds) -> Self {
        Self {
            points: Box::new(*points),
            trunk: None,
            plane: Plane::SQUARE,
            facing: None,
            time,
            weak_below: Confidence::new(WEAK_BELOW),
            knees: Vec::new(),
            in_contact: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// The same on a part of the picture that begins at `corner`, enlarged by `factor`.
    #[must_use]
    pub fn on_part(mut self, corner: Point<Image>, factor: f64) -> Self {
        for sample in self.points.iter_mut().flatten() {
            let off = (sample.value - corner) * factor;
            sample.value = Point::new(off.x, off.y);
        }
        self
    }

    pub(super) fn point(&self, keypoint: Keypoint) -> Option<Place> {
        self.points[keypoint.index()]
    }

    /// Mid-hip and neck: the model's own, else the middle of the two sides.
    pub(super) fn trunk_ends(&self) -> Option<(Place, Place)> {
        let middle = |own: Keypoint, limb: LimbPoint| {
            let [left, right] = Side::BOTH.map(|side| self.point(limb.on(side)));
            self.point(own).or_else(|| Some(left?.with(right?, Point::midpoint)))
        };
        Some((middle(Keypoint::MidHip, LimbPoint::Hip)?, middle(Keypoint::Neck, LimbPoint::Shoulder)?))
    }

    /// Up along gravity.
    pub(super) fn up(&self) -> Vector<Image> {
        Vector::new(0.0, -1.0).rotated(self.plane.upright)
    }

    /// Where a trunk points that leans by so much toward where the athlete faces.
    pub(super) fn leaning(&self, lean: Radians, facing: Facing) -> Vector<Image> {
        Vector::new(0.0, -1.0).rotated(self.plane.seen(Radians(facing.sign() * lean.0)))
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
        let unit = unit(size);
        self.athlete(&mut canvas, frame, unit);
        let mut corners = Corners::new(&mut canvas, &self.font, unit);
        corners.legend();
        corners.time(frame.time);
        // Lines at the bottom stack upward: the first is to stand on top there too.
        let is_below = |l: &&Label| matches!(l.corner, Corner::BottomLeft | Corner::BottomRight);
        let (below, above): (Vec<&Label>, Vec<&Label>) = frame.labels.iter().partition(is_below);
        for label in above.into_iter().chain(below.into_iter().rev()) {
            corners.label(label);
        }
        Ok(())
    }

    /// Draws the athlete with the numbers beside them, and nothing into the corners: for a picture whose words stand by it.
    ///
    /// # Errors
    /// When the buffer is not a picture of that size.
    pub fn draw_athlete(
        &self,
        bgr: &mut [u8],
        size: PixelSize,
        frame: &OverlayFrame,
    ) -> Result<(), RenderError> {
        self.athlete(&mut Canvas::new(bgr, size)?, frame, unit(size));
        Ok(())
    }

    fn athlete(&self, canvas: &mut Canvas, frame: &OverlayFrame, unit: f64) {
        figure::draw(canvas, frame, unit);
        marks::draw(canvas, &self.font, frame, unit);
    }
}

/// A hundredth of the picture's shorter side, px.
fn unit(size: PixelSize) -> f64 {
    f64::from(size.width.min(size.height)) / 100.0
}

/// Height of a line of text, px.
pub(super) fn text_size(unit: f64) -> f64 {
    (TEXT_SIZE * unit).max(SMALLEST_TEXT_PX)
}

/// A dark box behind text.
pub(super) fn panel(canvas: &mut Canvas, bounds: Bounds) {
    canvas.rounded_box(bounds, bounds.height() * 0.28, Colour::INK.at(PANEL_OPACITY));
}

#[cfg(test)]
mod tests;
