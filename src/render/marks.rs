//! What is written beside the athlete: the trunk's angle, the knee's at landing and push-off, and marks under feet that
//! stand. Plates give way to each other.

use super::canvas::{Canvas, Colour};
use super::caption::whole_degrees;
use super::figure::{self, LEAN};
use super::overlay::{Moment, OverlayFrame, PANEL_OPACITY, text_size};
use super::text::Font;
use crate::frame::PixelSize;
use crate::geometry::{Bounds, Image, Point, Vector};
use crate::kinematics::movement::Facing;
use crate::skeleton::{LimbPoint, Side};

/// Sizes in hundredths of the picture's shorter side: gap round a plate's text, from a joint to its plate, thickness of the mark
/// under a foot, and from the foot to it.
const PAD: f64 = 1.3;
const FROM_JOINT: f64 = 3.0;
const GROUND_WIDTH: f64 = 1.3;
const BELOW_FOOT: f64 = 2.2;
/// A mark is never shorter than this, however the foot is seen.
const SHORTEST_MARK: f64 = 5.0;
/// How far a plate moves at most, in its own heights, before it lies over another.
const STEPS_ASIDE: i32 = 4;

/// Draws all marks; `unit` is a hundredth of the picture's shorter side, px.
pub(super) fn draw(canvas: &mut Canvas, font: &Font, frame: &OverlayFrame, unit: f64) {
    for &side in &frame.in_contact {
        contact(canvas, font, frame, side, unit);
    }
    let mut plates = Plates { font, unit, taken: Vec::new() };
    trunk(canvas, &mut plates, frame, unit);
    for knee in &frame.knees {
        let Some(place) = frame.point(LimbPoint::Knee.on(knee.side)) else { continue };
        let moment = match knee.moment {
            Moment::Landing => "landing",
            Moment::PushOff => "push-off",
        };
        let about = if knee.is_sure { "" } else { "≈" };
        let text = format!("{moment}: knee {about}{}", whole_degrees(knee.flexion_deg));
        // The knee in front has room ahead, the other behind.
        let ahead = frame.facing.map_or(1.0, Facing::sign);
        let other = frame.point(LimbPoint::Knee.on(knee.side.mirror()));
        let behind = other.is_some_and(|other| (place.value.x - other.value.x) * ahead < 0.0);
        let way = if behind { -ahead } else { ahead };
        let beside = place.value + Vector::new(way * FROM_JOINT * unit, 0.0);
        plates.put(canvas, beside, way, figure::colour(knee.side), &text);
    }
}

/// The number, beside the top of the vertical on the side away from the trunk, so that it hides nothing of the athlete.
fn trunk(canvas: &mut Canvas, plates: &mut Plates, frame: &OverlayFrame, unit: f64) {
    let (Some((hip, neck)), Some(trunk)) = (frame.trunk_ends(), frame.trunk) else { return };
    let line = neck.value - hip.value;
    let top = hip.value + frame.up() * (line.length() * figure::VERTICAL_SHARE);
    let away = if frame.up().cross(line) > 0.0 { -1.0 } else { 1.0 };
    let beside = top + Vector::new(away * FROM_JOINT * unit, 0.0);
    plates.put(canvas, beside, away, LEAN, &format!("trunk {}", whole_degrees(trunk.angle_deg)));
}

/// A bar under the foot, with the side's letter.
fn contact(canvas: &mut Canvas, font: &Font, frame: &OverlayFrame, side: Side, unit: f64) {
    let at = |point: LimbPoint| frame.point(point.on(side)).map(|p| p.value);
    let ends = at(LimbPoint::Heel).zip(at(LimbPoint::Toe));
    let Some((heel, toe)) = ends.or_else(|| at(LimbPoint::Ankle).map(|a| (a, a))) else { return };
    let down = -frame.up();
    let sole = if (toe - heel).dot(down) > 0.0 { toe } else { heel };
    let middle = heel.midpoint(toe);
    let below = middle + down * ((sole - middle).dot(down) + BELOW_FOOT * unit);
    let along = Vector::new(-down.y, down.x);
    let half = (toe - heel).dot(along).abs().max(SHORTEST_MARK * unit) / 2.0;
    let (from, to) = (below - along * half, below + along * half);
    let colour = figure::colour(side);
    canvas.line(from, to, (GROUND_WIDTH + 0.6) * unit, Colour::INK.at(PANEL_OPACITY));
    canvas.line(from, to, GROUND_WIDTH * unit, colour.at(1.0));
    let size = text_size(unit) * 0.9;
    let letter = if side == Side::Left { "L" } else { "R" };
    let radius = size * 0.62;
    let centre = kept_inside(below + down * (radius + unit), radius, canvas.size());
    canvas.disc(centre, radius + 0.3 * unit, Colour::INK.at(PANEL_OPACITY));
    canvas.disc(centre, radius, colour.at(1.0));
    let corner = centre - Vector::new(font.width(letter, size) / 2.0, size * 0.52);
    font.draw(canvas, corner, size, Colour::INK.at(1.0), letter);
}

fn kept_inside(centre: Point<Image>, radius: f64, size: PixelSize) -> Point<Image> {
    let keep = |v: f64, end: u32| v.min(f64::from(end) - radius).max(radius);
    Point::new(keep(centre.x, size.width), keep(centre.y, size.height))
}

/// Plates of text that do not cover each other.
struct Plates<'a> {
    font: &'a Font,
    unit: f64,
    taken: Vec<Bounds>,
}

impl Plates<'_> {
    /// Text on a dark plate that begins at `beside` and goes to the right (`way` above 0) or left of it.
    fn put(&mut self, canvas: &mut Canvas, beside: Point<Image>, way: f64, colour: Colour, text: &str) {
        let (size, pad) = (text_size(self.unit), PAD * self.unit);
        let (width, height) = (self.font.width(text, size) + 2.0 * pad, size * 1.24);
        let left = if way > 0.0 { beside.x } else { beside.x - width };
        let bounds = self.free(left, beside.y - height / 2.0, width, height, canvas.size());
        super::overlay::panel(canvas, bounds);
        let corner = Point::new(bounds.left + pad, bounds.top + (height - size) / 2.0);
        self.font.draw(canvas, corner, size, colour.at(1.0), text);
        self.taken.push(bounds);
    }

    /// Inside the picture, and off the plates that are there: alternately lower and higher.
    fn free(&self, left: f64, top: f64, width: f64, height: f64, picture: PixelSize) -> Bounds {
        let keep = |v: f64, length: f64, end: u32| v.min(f64::from(end) - length).max(0.0);
        let left = keep(left, width, picture.width);
        let at = |step: i32| {
            let top = keep(top + f64::from(step) * height * 1.1, height, picture.height);
            Bounds { left, top, right: left + width, bottom: top + height }
        };
        let steps = (0..=STEPS_ASIDE).flat_map(|step| [step, -step]);
        steps.map(at).find(|b| !self.taken.iter().any(|t| overlap(*b, *t))).unwrap_or_else(|| at(0))
    }
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
