//! The figure at one moment as a small drawing, for a finding that has no picture from the clip.

use super::evidence::crop;
use crate::analysis::Athlete;
use crate::frame::PixelSize;
use crate::geometry::{Image, Point, Vector};
use crate::kinematics::movement::{Facing, Points};
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Radians;
use std::fmt::Write;

/// Radius of the head in trunk lengths, by eye.
const HEAD_TRUNK: f64 = 0.16;

/// The drawing as SVG; none where too little of the body was seen.
pub(super) fn svg(
    athlete: &Athlete,
    points: &Points<Image>,
    frame: usize,
    size: PixelSize,
) -> Option<String> {
    let crop = crop(points, frame, size)?;
    let at = |k: Keypoint| points.get(k).value(frame);
    let near = athlete.prepared.movement.facing.map_or(Side::Right, Facing::near_side);
    let middle = |p: LimbPoint| Some(at(p.on(Side::Left))?.midpoint(at(p.on(Side::Right))?));
    let unit = crop.height() / 100.0;
    let mut svg = format!(
        "<svg class=\"figure\" viewBox=\"{:.0} {:.0} {:.0} {:.0}\" aria-hidden=\"true\"><g stroke-width=\"{:.1}\">",
        crop.left,
        crop.top,
        crop.width(),
        crop.height(),
        2.2 * unit
    );
    for side in [near.mirror(), near] {
        for (a, b) in LimbPoint::LINES {
            if let (Some(a), Some(b)) = (at(a.on(side)), at(b.on(side))) {
                line(&mut svg, side.name(), a, b);
            }
        }
        if side != near {
            let upright = athlete.prepared.frames.upright(frame).unwrap_or_default();
            trunk(&mut svg, middle(LimbPoint::Hip), middle(LimbPoint::Shoulder), at(Keypoint::Nose), upright);
        }
    }
    svg.push_str("</g></svg>");
    Some(svg)
}

fn trunk(
    svg: &mut String,
    hips: Option<Point<Image>>,
    neck: Option<Point<Image>>,
    nose: Option<Point<Image>>,
    upright: Radians,
) {
    let (Some(hips), Some(neck)) = (hips, neck) else { return };
    let length = (neck - hips).length();
    line(svg, "upright", hips, hips + Vector::new(0.0, -length).rotated(upright));
    line(svg, "trunk", hips, neck);
    if let Some(nose) = nose {
        let _ = write!(
            svg,
            "<circle class=\"trunk\" cx=\"{:.0}\" cy=\"{:.0}\" r=\"{:.0}\"/>",
            nose.x,
            nose.y,
            HEAD_TRUNK * length
        );
    }
}

fn line(svg: &mut String, class: &str, a: Point<Image>, b: Point<Image>) {
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<line class=\"{class}\" x1=\"{:.0}\" y1=\"{:.0}\" x2=\"{:.0}\" y2=\"{:.0}\"/>",
        a.x, a.y, b.x, b.y
    );
}
