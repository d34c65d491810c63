//! How the athlete's size in the picture changes along the way, and the way as if it did not (docs/science.md B8).
//!
//! Who walks toward the camera grows in the picture: lengths and speeds near it read too large, the floor seems to slope and
//! the hips to rise. A camera that stands and turns sees both ends of the way from further off and obliquely. The size says how
//! far, and with it the plane in which the athlete moves is laid flat: a homography, so that the same step is as long
//! everywhere and the floor level. It also says how obliquely the way is seen, by which everything along it looks shortened:
//! stretched again, lean, bend and steps come out as in a view from the side.

mod fit;

pub use fit::estimate;

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::units::Radians;

/// Whether an oblique way is laid flat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObliqueWay {
    /// Laid flat: lengths and angles as in a view from the side.
    #[default]
    Flattened,
    /// Left as it was seen.
    AsSeen,
}

impl ObliqueWay {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Flattened => "flattened",
            Self::AsSeen => "as_seen",
        }
    }
}

/// A size beyond this factor of the middle's is no perspective but a fit gone wild.
const MOST_CHANGE: f64 = 2.0;
/// The curve is followed so many leg lengths beyond the ends of the way: as far as a limb reaches.
const BEYOND_LEG: f64 = 1.0;
/// Places along the way at which the view is told.
const VIEWS: u8 = 20;
/// Halvings of an interval of a few leg lengths to far below a thousandth of a pixel.
const HALVINGS: usize = 40;

/// The athlete's size along the way: where it is `s` of the size in the middle, `1 / s^2 = 1 + slope u + bend u^2`, with `u` leg
/// lengths to the right of the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perspective {
    slope: f64,
    bend: f64,
    /// How much longer the way is than it looks in its middle; 1 seen squarely.
    stretch: f64,
    /// Believed or not.
    fitted: Fitted,
    /// Middle of the way and height of the horizon, px.
    origin: Point<Ground>,
    leg_px: f64,
    /// One standard deviation of a roll measured on the flat way, rad: what is not known of the camera's height and of the size.
    pub roll_uncertainty: f64,
}

/// What the size did over the way, whether it is surely more than noise or not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fitted {
    slope: f64,
    /// Of a camera that turns; 0 of one that stands still, which sees all of the way from one direction.
    bend: f64,
    /// Ends of the way, leg lengths from its middle.
    from: f64,
    to: f64,
    /// One standard deviation of the size at one end against the other, as a share.
    change_sd: f64,
}

impl Perspective {
    /// Seen from so far off, or so squarely, that nothing changes along the way.
    pub const NONE: Self = Self {
        slope: 0.0,
        bend: 0.0,
        stretch: 1.0,
        fitted: Fitted { slope: 0.0, bend: 0.0, from: 0.0, to: 0.0, change_sd: 0.0 },
        origin: Point::new(0.0, 0.0),
        leg_px: 1.0,
        roll_uncertainty: 0.0,
    };

    /// Whether there is anything to lay flat.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.slope == 0.0 && self.bend == 0.0
    }

    /// One standard deviation of the size at one end of the way against the other, as a share; none where the way was too short
    /// to tell.
    #[must_use]
    pub fn change_sd(&self) -> Option<f64> {
        (self.fitted.to > self.fitted.from).then_some(self.fitted.change_sd)
    }

    /// How far the way is seen from a square view, whichever way, and one standard deviation; none where it was too short to
    /// tell. `focal_px` is the camera's focal length, `focal_error` the share to which that is known.
    #[must_use]
    pub fn view(&self, focal_px: f64, focal_error: f64) -> Option<(Radians, Radians)> {
        let Fitted { slope, bend, from, to, .. } = self.fitted;
        let change_sd = self.change_sd()?;
        let per_leg = focal_px / self.leg_px;
        let places = (0..=VIEWS).map(|k| from + (to - from) * f64::from(k) / f64::from(VIEWS));
        let typical = median(places.map(|u| ((0.5 * slope + bend * u) * per_leg).atan().abs()))?;
        // An inverse square changes twice as much as the size; the tangent goes by half of it.
        let error = change_sd / (to - from) * per_leg * typical.cos().powi(2);
        Some((Radians(typical), Radians(error.hypot(focal_error * typical))))
    }

    /// Points of the plane of movement as if seen squarely from everywhere: `points` are on the ground frame, nothing mirrored.
    #[must_use]
    pub fn flatten(&self, points: &Points) -> Points {
        self.mapped(points, Self::flat)
    }

    /// The points as they were seen.
    #[must_use]
    pub fn seen(&self, flat: &Points) -> Points {
        self.mapped(flat, Self::unflat)
    }

    fn mapped(&self, points: &Points, to: fn(&Self, Point<Ground>) -> Point<Ground>) -> Points {
        if self.is_none() {
            return points.clone();
        }
        points
            .map(|_, series| Series::new(series.iter().map(|s| s.map(|s| s.map(|p| to(self, p)))).collect()))
    }

    /// The same with the way as short as it looks: what is level stays level, what is tilted is tilted as it was seen.
    #[must_use]
    pub fn unstretched(self) -> Self {
        Self { stretch: 1.0, ..self }
    }

    fn flat(&self, seen: Point<Ground>) -> Point<Ground> {
        let u = (seen.x - self.origin.x) / self.leg_px;
        self.placed(self.stretch * self.along(u), (seen.y - self.origin.y) / self.size(u))
    }

    fn unflat(&self, flat: Point<Ground>) -> Point<Ground> {
        let along = (flat.x - self.origin.x) / self.leg_px / self.stretch;
        // The size is within a factor of the middle's, so the place is within its square.
        let widest = MOST_CHANGE * MOST_CHANGE * along.abs();
        let (mut low, mut high) = (-widest, widest);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.along(middle) < along { low = middle } else { high = middle }
        }
        let u = f64::midpoint(low, high);
        self.placed(u, (flat.y - self.origin.y) * self.size(u))
    }

    fn placed(&self, along: f64, below_horizon: f64) -> Point<Ground> {
        Point::new(self.origin.x + along * self.leg_px, self.origin.y + below_horizon)
    }

    fn inverse_square(&self, u: f64) -> f64 {
        1.0 + self.slope * u + self.bend * u * u
    }

    /// The nearest place that the fit knows of: on the way, or a leg length beyond its ends.
    fn known(&self, u: f64) -> f64 {
        u.clamp(self.fitted.from - BEYOND_LEG, self.fitted.to + BEYOND_LEG)
    }

    fn size(&self, u: f64) -> f64 {
        self.inverse_square(self.known(u)).sqrt().recip()
    }

    /// Leg lengths gone from the middle to `u`: a stretch of the picture holds the more of the way the smaller the athlete is
    /// there, once for the distance and once for the oblique view. Beyond what is known it goes on straight.
    fn along(&self, u: f64) -> f64 {
        let known = self.known(u);
        let curved = known + self.slope * known * known / 2.0 + self.bend * known.powi(3) / 3.0;
        curved + (u - known) * self.inverse_square(known)
    }

    /// Whether the size stays within reason everywhere.
    fn is_possible(&self) -> bool {
        let (from, to) = (self.known(f64::NEG_INFINITY), self.known(f64::INFINITY));
        let mut places = (0..=VIEWS).map(|k| from + (to - from) * f64::from(k) / f64::from(VIEWS));
        places.all(|u| (MOST_CHANGE.powi(-2)..MOST_CHANGE.powi(2)).contains(&self.inverse_square(u)))
    }
}
