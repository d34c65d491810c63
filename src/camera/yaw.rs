//! How far the view is from a side view, and what that does to angles (docs/science.md B8, D3).
//!
//! Seen exactly from the side, the two shoulders cover each other; turned by psi they lie apart by sin(psi) of the
//! shoulder width. The sign matters: trunk rotation goes both ways and averages out, yaw does not. A person away from
//! the picture's middle is seen from the side as well, but that view is no distortion in a plane parallel to the sensor,
//! so it is taken off. Who goes somewhere tells it better by the size, which changes along an oblique way ([`together`]).

use super::perspective::Perspective;
use crate::frame::PixelSize;
use crate::geometry::{Image, Point};
use crate::kinematics::movement::Points;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Radians};

/// The view's turn about the vertical.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Yaw {
    /// Absolute angle from a side view: 0 = exactly from the side.
    pub angle: Radians,
    /// One standard deviation.
    pub uncertainty: Radians,
}

/// Shoulder width over trunk length (docs/science.md B8).
const SHOULDER_WIDTH_PER_TRUNK: f64 = 0.75;
/// Focal length over the longer side of the picture for phones' main cameras in video: 26 mm equivalent is 0.72, the
/// stabilisation's crop makes it 0.8 to 1.0.
const FOCAL_PER_LONGER_SIDE: f64 = 0.9;
/// One standard deviation of that, as a share.
pub const FOCAL_ERROR: f64 = 0.2;
/// The model's own error of the shoulders' distance, share of trunk (docs/science.md D2: 1 to 4 %
/// per frame, systematic).
const SHOULDER_ERROR_PER_TRUNK: f64 = 0.06;

/// No view is known better than this, whatever the fit says: nobody walks quite straight.
const LEAST_UNCERTAINTY: Radians = Radians(0.035);

/// Further beyond the size's telling than so many deviations, the shoulders' contradicts it [default].
const CONTRADICT: f64 = 3.0;

/// Length of a window, s: longer than a stride of every exercise but the slowest, so that trunk rotation averages out,
/// short enough to follow a camera that pans past the athlete.
const WINDOW_S: f64 = 1.5;

/// Typical yaw over the clip by the shoulders: median over windows of the absolute yaw in each. None where shoulders and hips
/// were not seen. `points` are even samples in the picture, `facing` is +1 where the athlete faces the right edge in a sample and
/// -1 where the left, `size` is the picture's.
#[must_use]
pub fn estimate(
    points: &Points<Image>,
    rate: Hertz,
    facing: impl Fn(usize) -> f64,
    size: PixelSize,
) -> Option<Yaw> {
    let shoulders = points.middle(LimbPoint::Shoulder);
    let lengths = shoulders.with(&points.middle(LimbPoint::Hip), Point::distance);
    let trunk = median(lengths.present().map(|(_, l)| l)).filter(|&l| l > 0.0)?;
    let focal = usual_focal_px(size);
    let centre_x = f64::from(size.width) / 2.0;
    // How far apart the shoulders lie, and how far they lie from the picture's middle.
    let shoulders = points
        .limb(LimbPoint::Shoulder, Side::Left)
        .with(points.limb(LimbPoint::Shoulder, Side::Right), |left, right| {
            (right - left, left.midpoint(right))
        });
    let sine = |i: usize| {
        let (apart, middle) = shoulders.value(i)?;
        // The near shoulder lies further from the picture's middle than the far one by this much without any yaw.
        let off_axis = facing(i) * (middle.x - centre_x) / focal;
        Some(apart.x / (SHOULDER_WIDTH_PER_TRUNK * trunk) - off_axis)
    };
    let window = (WINDOW_S * rate.0).round().max(1.0) as usize;
    let middles = (0..points.samples()).step_by(window).filter_map(|start| {
        let inside: Vec<f64> = (start..start + window).filter_map(&sine).collect();
        // Half a window at least: less is not a whole turn of the trunk back and forth.
        (inside.len() * 2 >= window).then(|| median(inside)).flatten()
    });
    let typical = median(middles.map(f64::abs).collect::<Vec<_>>())?;
    Some(Yaw {
        angle: Radians(typical.min(1.0).asin()),
        uncertainty: Radians(SHOULDER_ERROR_PER_TRUNK / SHOULDER_WIDTH_PER_TRUNK),
    })
}

/// The yaw by the shoulders and by how the size changes along the way, each by how well it is known; `size` is the picture's. Where
/// the shoulders tell far more it is theirs: through a long lens, from far off, the size hardly changes along any way.
#[must_use]
pub fn together(shoulders: Option<Yaw>, perspective: &Perspective, size: PixelSize) -> Option<Yaw> {
    let focal = usual_focal_px(size);
    let along = perspective.view(focal, FOCAL_ERROR).map(|(angle, uncertainty)| Yaw { angle, uncertainty });
    agreed(shoulders, along)
}

/// The shoulders' and the size's telling together; none of none.
fn agreed(shoulders: Option<Yaw>, along: Option<Yaw>) -> Option<Yaw> {
    let contradicts = |shoulders: &Yaw| {
        let more =
            along.map(|a| (shoulders.angle.0 - a.angle.0) / shoulders.uncertainty.0.hypot(a.uncertainty.0));
        more.is_some_and(|deviations| deviations > CONTRADICT)
    };
    match shoulders.filter(contradicts) {
        Some(shoulders) => Some(shoulders),
        None => weighted(&shoulders.into_iter().chain(along).collect::<Vec<_>>()),
    }
}

/// The mean of several tellings, each by how well it is known; none of none.
fn weighted(told: &[Yaw]) -> Option<Yaw> {
    let weight = |yaw: &Yaw| yaw.uncertainty.0.max(LEAST_UNCERTAINTY.0).powi(-2);
    let total: f64 = told.iter().map(weight).sum();
    let angle = told.iter().map(|yaw| weight(yaw) * yaw.angle.0).sum::<f64>() / total;
    (!told.is_empty()).then(|| Yaw { angle: Radians(angle), uncertainty: Radians(total.sqrt().recip()) })
}

/// Beyond this no angle is judged, degrees (docs/science.md D3).
pub const TOO_OBLIQUE_DEG: f64 = 25.0;

/// The camera's focal length as phones have it, px; `size` is the picture's.
#[must_use]
pub fn usual_focal_px(size: PixelSize) -> f64 {
    FOCAL_PER_LONGER_SIDE * f64::from(size.width.max(size.height))
}

/// How much a segment's angle against the vertical is under-read at a yaw: tan seen = tan true * cos psi
/// (docs/science.md D3), for a seen angle. 0 at the vertical and the horizontal.
#[must_use]
pub fn segment_error(seen: Radians, yaw: Radians) -> Radians {
    let truth = seen.0.sin().atan2(seen.0.cos() * yaw.0.cos());
    Radians((truth - seen.0).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_is_that_of_the_published_table() {
        // Biomechanics D3: true angle 45 seen at 20 degrees of yaw reads 1.8 less, at 30 degrees 4.1 less.
        for (psi, less) in [(20.0f64, 1.8), (30.0, 4.1)] {
            let seen = Radians(psi.to_radians().cos().atan());
            let error = segment_error(seen, Radians::from_degrees(psi)).to_degrees();
            assert!((error - less).abs() < 0.06, "{error} at {psi}");
        }
    }

    #[test]
    fn two_tellings_agree_by_their_errors_and_shoulders_that_tell_far_more_count_alone() {
        let yaw = |degrees: f64, sd: f64| Yaw {
            angle: Radians::from_degrees(degrees),
            uncertainty: Radians::from_degrees(sd),
        };
        let told = |a, b| agreed(Some(a), Some(b)).expect("told").angle.to_degrees();
        assert!((told(yaw(10.0, 3.0), yaw(16.0, 3.0)) - 13.0).abs() < 1e-9);
        assert!((told(yaw(10.0, 3.0), yaw(16.0, 6.0)) - 11.2).abs() < 1e-9, "by their variances");
        assert!((told(yaw(60.0, 4.6), yaw(2.0, 2.0)) - 60.0).abs() < 1e-9);
        assert!(told(yaw(2.0, 4.6), yaw(30.0, 2.0)) < 30.0, "trunks turn, the way does not");
        assert_eq!(agreed(Some(yaw(7.0, 4.6)), None).map(|y| y.angle), Some(yaw(7.0, 4.6).angle));
        assert_eq!(agreed(None, None), None);
    }
}
