//! The athlete's figure: limbs by side, weak points drawn as weak, the trunk against the vertical.

use super::canvas::{Canvas, Colour, Paint};
use super::overlay::{OverlayFrame, Place, Trunk};
use crate::geometry::{Image, Point, Vector};
use crate::kinematics::movement::Facing;
use crate::signal::series::{Sample, Source};
use crate::skeleton::{LimbPoint, Side};
use crate::technique::rule::Band;
use crate::units::Radians;

/// Orange and sky blue stay apart for every kind of colour blindness (Okabe and Ito 2008), brightened for video.
pub(super) const LEFT: Colour = Colour::new(255, 149, 0);
pub(super) const RIGHT: Colour = Colour::new(70, 175, 255);
const TRUNK: Colour = Colour::WHITE;
pub(super) const LEAN: Colour = Colour::new(255, 221, 87);

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
/// The trunk is what coaches look at first: wider than a limb, and never as thin as another weak line.
const TRUNK_WIDTH: f64 = 0.95;
const WEAK_TRUNK_WIDTH: f64 = 0.52;
const JOINT_RADIUS: f64 = 0.78;
const OUTLINE: f64 = 0.22;
const DASH: f64 = 1.6;
/// How dark the outline is that keeps lines apart from any background.
const OUTLINE_OPACITY: f64 = 0.55;
/// The faintest a weak point gets: still to be seen on a phone.
const FAINTEST: f64 = 0.35;
/// The wedges' radius and the vertical's length, as shares of the trunk.
const WEDGE_SHARE: f64 = 0.62;
const BAND_SHARE: f64 = 1.3;
pub(super) const VERTICAL_SHARE: f64 = 1.3;
/// The picture stays visible through the wedges.
const WEDGE_OPACITY: f64 = 0.5;
const BAND_OPACITY: f64 = 0.38;
/// What is good.
const BAND: Colour = Colour::new(60, 210, 120);
/// Where a band has no end: as far as trunks go, degrees.
const OPEN_FROM: f64 = -20.0;
const OPEN_TO: f64 = 90.0;

/// Draws the whole figure; `unit` is a hundredth of the picture's shorter side, px.
pub(super) fn draw(canvas: &mut Canvas, frame: &OverlayFrame, unit: f64) {
    let figure = Figure { frame, unit };
    let near = frame.facing.map_or(Side::Right, Facing::near_side);
    figure.lean(canvas);
    figure.side(canvas, near.mirror());
    figure.trunk(canvas);
    figure.side(canvas, near);
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
    frame: &'a OverlayFrame,
    unit: f64,
}

impl Figure<'_> {
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
        for (from, to) in LimbPoint::LINES {
            if let (Some(from), Some(to)) = (self.frame.point(from.on(side)), self.frame.point(to.on(side))) {
                self.bone(canvas, from, to, colour);
            }
        }
        for joint_ in JOINTS {
            if let Some(place) = self.frame.point(joint_.on(side)) {
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

    fn trunk(&self, canvas: &mut Canvas) {
        for limb in [LimbPoint::Shoulder, LimbPoint::Hip] {
            if let (Some(left), Some(right)) =
                (self.frame.point(limb.on(Side::Left)), self.frame.point(limb.on(Side::Right)))
            {
                self.bone(canvas, left, right, TRUNK);
            }
        }
        if let Some((hip, neck)) = self.frame.trunk_ends() {
            let (width, paint) = match self.strength(&hip.with(neck, |_, _| ())) {
                Strength::Strong => (TRUNK_WIDTH, TRUNK.at(1.0)),
                Strength::Weak(opacity) => (WEAK_TRUNK_WIDTH, TRUNK.at(opacity)),
            };
            self.outlined(canvas, hip.value, neck.value, width, paint);
        }
    }

    /// The vertical through the mid-hip, and what is good as a wedge from there; without a target the angle itself.
    fn lean(&self, canvas: &mut Canvas) {
        let (Some((hip, neck)), Some(trunk)) = (self.frame.trunk_ends(), self.frame.trunk) else { return };
        let line = neck.value - hip.value;
        let fade = match self.strength(&hip.with(neck, |_, _| ())) {
            Strength::Strong => 1.0,
            Strength::Weak(opacity) => opacity.sqrt(),
        };
        match self.band(trunk) {
            Some((from, to)) => self.target(canvas, hip.value, line.length() * BAND_SHARE, from, to),
            None => canvas.wedge(
                hip.value,
                line.length() * WEDGE_SHARE,
                self.frame.up(),
                line,
                LEAN.at(WEDGE_OPACITY * fade),
            ),
        }
        let top = hip.value + self.frame.up() * (line.length() * VERTICAL_SHARE);
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

    /// The directions of the target band's edges; none without a band, or where facing is not known.
    fn band(&self, trunk: Trunk) -> Option<(Vector<Image>, Vector<Image>)> {
        let (Band { from, to }, facing) = trunk.band.zip(self.frame.facing)?;
        let edge = |degrees: f64| self.frame.leaning(Radians::from_degrees(degrees), facing);
        Some((edge(from.unwrap_or(OPEN_FROM)), edge(to.unwrap_or(OPEN_TO))))
    }

    /// The band as a wedge with edges that are seen on any ground.
    fn target(
        &self,
        canvas: &mut Canvas,
        hip: Point<Image>,
        radius: f64,
        from: Vector<Image>,
        to: Vector<Image>,
    ) {
        canvas.wedge(hip, radius, from, to, BAND.at(BAND_OPACITY));
        for edge in [from, to] {
            self.outlined(canvas, hip, hip + edge * radius, WEAK_WIDTH, BAND.at(1.0));
        }
    }
}
