//! The athlete's figure: limbs by side, weak points drawn as weak, the trunk against the vertical.

use super::canvas::{Canvas, Colour, Paint};
use super::overlay::OverlayFrame;
use super::text::Font;
use crate::geometry::{Bounds, Image, Point, Vector};
use crate::signal::series::{Sample, Source};
use crate::skeleton::{Keypoint, LimbPoint, Side};

/// Orange and sky blue stay apart for every kind of colour blindness (Okabe and Ito 2008), brightened for video.
pub(super) const LEFT: Colour = Colour::new(255, 149, 0);
pub(super) const RIGHT: Colour = Colour::new(70, 175, 255);
const TRUNK: Colour = Colour::WHITE;
const LEAN: Colour = Colour::new(255, 221, 87);

/// Lines drawn on each side.
const LIMBS: [(LimbPoint, LimbPoint); 7] = [
    (LimbPoint::Shoulder, LimbPoint::Elbow),
    (LimbPoint::Elbow, LimbPoint::Wrist),
    (LimbPoint::Hip, LimbPoint::Knee),
    (LimbPoint::Knee, LimbPoint::Ankle),
    (LimbPoint::Ankle, LimbPoint::Heel),
    (LimbPoint::Heel, LimbPoint::Toe),
    (LimbPoint::Ankle, LimbPoint::Toe),
];
const JOINTS: [LimbPoint; 8] = [
    LimbPoint::Shoulder,
    LimbPoint::Elbow,
    LimbPoint::Wrist,
    LimbPoint::Hip,
    LimbPoint::Knee,
    LimbPoint::Ankle,
    LimbPoint::Heel,
    LimbPoint::Toe,
];

/// Sizes in hundredths of the picture's shorter side, found by eye at 960x540 and 360x640.
const STRONG_WIDTH: f64 = 0.72;
const WEAK_WIDTH: f64 = 0.36;
/// The trunk is what coaches look at first: never as thin as another weak line.
const WEAK_TRUNK_WIDTH: f64 = 0.52;
const JOINT_RADIUS: f64 = 0.78;
const OUTLINE: f64 = 0.22;
const DASH: f64 = 1.6;
/// How dark the outline is that keeps lines apart from any background.
const OUTLINE_OPACITY: f64 = 0.55;
/// The faintest a weak point gets: still to be seen on a phone.
const FAINTEST: f64 = 0.35;
/// The wedge's radius and the vertical's length, as shares of the trunk.
const WEDGE_SHARE: f64 = 0.62;
const VERTICAL_SHARE: f64 = 1.15;
/// The picture stays visible through the wedge.
const WEDGE_OPACITY: f64 = 0.5;

type Place = Sample<Point<Image>>;

/// Draws the whole figure; `unit` is a hundredth of the picture's shorter side, px.
pub(super) fn draw(canvas: &mut Canvas, font: &Font, frame: &OverlayFrame, unit: f64) {
    let figure = Figure { frame, unit };
    let near = frame.near_side.unwrap_or(Side::Right);
    figure.lean(canvas);
    figure.side(canvas, near.mirror());
    figure.trunk(canvas);
    figure.side(canvas, near);
    figure.lean_label(canvas, font);
}

/// Colour of a side.
pub(super) fn colour(side: Side) -> Colour {
    match side {
        Side::Left => LEFT,
        Side::Right => RIGHT,
    }
}

/// A joint as drawn: filled where strong, hollow where weak.
pub(super) fn joint(canvas: &mut Canvas, place: Point<Image>, unit: f64, colour: Colour, strength: Strength) {
    let radius = JOINT_RADIUS * unit;
    match strength {
        Strength::Strong => {
            canvas.disc(place, radius + OUTLINE * unit, Colour::INK.at(OUTLINE_OPACITY));
            canvas.disc(place, radius, colour.at(1.0));
            canvas.disc(place, radius * 0.45, Colour::WHITE.at(0.95));
        }
        Strength::Weak(opacity) => {
            canvas.ring(
                place,
                radius,
                (WEAK_WIDTH + 2.0 * OUTLINE) * unit,
                Colour::INK.at(OUTLINE_OPACITY * opacity),
            );
            canvas.ring(place, radius, WEAK_WIDTH * unit, colour.at(opacity));
        }
    }
}

/// How a point is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Strength {
    /// Full.
    Strong,
    /// Thin, hollow, and of this opacity.
    Weak(f64),
}

struct Figure<'a> {
    frame: &'a OverlayFrame<'a>,
    unit: f64,
}

impl Figure<'_> {
    fn point(&self, keypoint: Keypoint) -> Option<Place> {
        self.frame.points[keypoint.index()]
    }

    /// A point of the midline: the model's own, else the middle of the two sides.
    fn middle(&self, own: Keypoint, limb: LimbPoint) -> Option<Place> {
        let between = || {
            Some(self.point(limb.on(Side::Left))?.with(self.point(limb.on(Side::Right))?, Point::midpoint))
        };
        self.point(own).or_else(between)
    }

    fn strength<T>(&self, sample: &Sample<T>) -> Strength {
        let confidence = sample.confidence;
        if sample.source == Source::Measured && confidence >= self.frame.weak_below {
            Strength::Strong
        } else {
            Strength::Weak(FAINTEST + (1.0 - FAINTEST) * f64::from(confidence.value()))
        }
    }

    fn side(&self, canvas: &mut Canvas, side: Side) {
        let colour = colour(side);
        for (from, to) in LIMBS {
            if let (Some(from), Some(to)) = (self.point(from.on(side)), self.point(to.on(side))) {
                self.bone(canvas, from, to, colour);
            }
        }
        for joint_ in JOINTS {
            if let Some(place) = self.point(joint_.on(side)) {
                let size = if matches!(joint_, LimbPoint::Heel | LimbPoint::Toe) { 0.7 } else { 1.0 };
                joint(canvas, place.value, self.unit * size, colour, self.strength(&place));
            }
        }
    }

    fn bone(&self, canvas: &mut Canvas, from: Place, to: Place, colour: Colour) {
        let (width, paint) = match self.strength(&from.with(to, |_, _| ())) {
            Strength::Strong => (STRONG_WIDTH, colour.at(1.0)),
            Strength::Weak(opacity) => (WEAK_WIDTH, colour.at(opacity)),
        };
        self.outlined(canvas, from.value, to.value, width, paint);
    }

    fn outlined(&self, canvas: &mut Canvas, from: Point<Image>, to: Point<Image>, width: f64, paint: Paint) {
        let outline = Colour::INK.at(OUTLINE_OPACITY * paint.opacity);
        canvas.line(from, to, (width + 2.0 * OUTLINE) * self.unit, outline);
        canvas.line(from, to, width * self.unit, paint);
    }

    /// Mid-hip and neck.
    fn trunk_ends(&self) -> Option<(Place, Place)> {
        Some((
            self.middle(Keypoint::MidHip, LimbPoint::Hip)?,
            self.middle(Keypoint::Neck, LimbPoint::Shoulder)?,
        ))
    }

    fn trunk(&self, canvas: &mut Canvas) {
        for limb in [LimbPoint::Shoulder, LimbPoint::Hip] {
            if let (Some(left), Some(right)) =
                (self.point(limb.on(Side::Left)), self.point(limb.on(Side::Right)))
            {
                self.bone(canvas, left, right, TRUNK);
            }
        }
        if let Some((hip, neck)) = self.trunk_ends() {
            let (width, paint) = match self.strength(&hip.with(neck, |_, _| ())) {
                Strength::Strong => (STRONG_WIDTH, TRUNK.at(1.0)),
                Strength::Weak(opacity) => (WEAK_TRUNK_WIDTH, TRUNK.at(opacity)),
            };
            self.outlined(canvas, hip.value, neck.value, width, paint);
        }
    }

    /// Up along gravity.
    fn up(&self) -> Vector<Image> {
        Vector::new(0.0, -1.0).rotated(self.frame.roll)
    }

    /// The vertical through the mid-hip and the wedge between it and the trunk.
    fn lean(&self, canvas: &mut Canvas) {
        let (Some((hip, neck)), Some(_)) = (self.trunk_ends(), self.frame.trunk_deg) else { return };
        let trunk = neck.value - hip.value;
        let fade = match self.strength(&hip.with(neck, |_, _| ())) {
            Strength::Strong => 1.0,
            Strength::Weak(opacity) => opacity.sqrt(),
        };
        canvas.wedge(
            hip.value,
            trunk.length() * WEDGE_SHARE,
            self.up(),
            trunk,
            LEAN.at(WEDGE_OPACITY * fade),
        );
        let top = hip.value + self.up() * (trunk.length() * VERTICAL_SHARE);
        let (width, dash) = (WEAK_WIDTH * self.unit, DASH * self.unit);
        canvas.dashes(
            hip.value,
            top,
            width + 2.0 * OUTLINE * self.unit,
            dash,
            Colour::INK.at(OUTLINE_OPACITY * fade),
        );
        canvas.dashes(hip.value, top, width, dash, LEAN.at(fade));
    }

    /// The number, beside the top of the vertical on the side away from the trunk, so that it hides nothing of the athlete.
    fn lean_label(&self, canvas: &mut Canvas, font: &Font) {
        let (Some((hip, neck)), Some(degrees)) = (self.trunk_ends(), self.frame.trunk_deg) else { return };
        let trunk = neck.value - hip.value;
        let top = hip.value + self.up() * (trunk.length() * VERTICAL_SHARE);
        let text = format!("trunk {}", whole_degrees(degrees));
        let size = super::overlay::text_size(self.unit);
        let (width, gap) = (font.width(&text, size), 1.6 * self.unit);
        let away = if self.up().cross(trunk) > 0.0 { -1.0 } else { 1.0 };
        let centre = top.x + away * (width / 2.0 + 2.0 * gap);
        let (half, limit) = (width / 2.0 + gap, canvas.size());
        let centre =
            centre.clamp(half.min(f64::from(limit.width) / 2.0), (f64::from(limit.width) - half).max(half));
        let middle = top.y.clamp(size, (f64::from(limit.height) - size).max(size));
        let bounds = Bounds {
            left: centre - half,
            right: centre + half,
            top: middle - size * 0.62,
            bottom: middle + size * 0.62,
        };
        super::overlay::panel(canvas, bounds);
        let corner = Point::new(bounds.left + gap, middle - size / 2.0);
        font.draw(canvas, corner, size, LEAN.at(1.0), &text);
    }
}

/// Degrees without decimals and with a true minus sign: a frame's angle is not known to a tenth.
fn whole_degrees(degrees: f64) -> String {
    let rounded = degrees.round();
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{:.0}°", rounded.abs())
}

#[cfg(test)]
mod tests {
    use super::whole_degrees;

    #[test]
    fn degrees_are_whole_with_a_true_minus() {
        assert_eq!(whole_degrees(44.6), "45°");
        assert_eq!(whole_degrees(-7.7), "−8°");
        assert_eq!(whole_degrees(-0.3), "0°");
    }
}
