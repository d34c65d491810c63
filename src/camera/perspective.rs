//! How the athlete's size in the picture changes along the way, and the way as if it did not (docs/science.md B8).
//!
//! Who walks toward the camera grows in the picture: lengths and speeds near it read too large, the floor seems to slope and
//! the hips to rise. A camera that stands and turns sees both ends of the way from further off and obliquely. The size says how
//! far, and with it the plane in which the athlete moves is laid flat: a homography, so that the same step is as long
//! everywhere and the floor level. It also says how obliquely the way is seen, by which everything along it looks shortened:
//! stretched again, lean, bend and steps come out as in a view from the side.

mod fit;
mod standpoint;

pub use fit::{Moving, View, estimate};
pub use standpoint::Standpoint;

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

/// A size beyond this factor of the middle's is no perspective but a fit gone wild [default].
const MOST_CHANGE: f64 = 2.0;
/// The curve is followed so many leg lengths beyond the ends of the way: as far as a limb reaches.
const BEYOND_LEG: f64 = 1.0;
/// Places along the way at which size and view are told.
const VIEWS: u8 = 20;
/// Halvings of an interval of a few leg lengths to far below a thousandth of a pixel.
const HALVINGS: usize = 40;

/// The athlete's size along the way, 1 in its middle, with `u` leg lengths to the right of that.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Curve {
    /// The same everywhere.
    Level,
    /// `1 + growth u`: a camera that stands still.
    Standing {
        /// Per leg length.
        growth: f64,
    },
    /// `1 / size^2 = 1 + slope u + bend u^2`: a camera that turns.
    Turning {
        /// Per leg length.
        slope: f64,
        /// Per square of a leg length.
        bend: f64,
    },
}

impl Curve {
    fn size(self, u: f64) -> f64 {
        match self {
            Self::Level => 1.0,
            Self::Standing { growth } => 1.0 + growth * u,
            Self::Turning { slope, bend } => (1.0 + slope * u + bend * u * u).sqrt().recip(),
        }
    }

    /// Leg lengths gone from the middle to `u`: a stretch of the picture holds the more of the way the smaller the athlete is
    /// there, once for the distance and once for the oblique view.
    fn along(self, u: f64) -> f64 {
        match self {
            Self::Level => u,
            Self::Standing { growth } => u / (1.0 + growth * u),
            Self::Turning { slope, bend } => u + slope * u * u / 2.0 + bend * u.powi(3) / 3.0,
        }
    }

    /// Tangent of the angle from a square view at `u`, in leg lengths of focal length; `axis` is where the camera looks that
    /// stands still.
    fn oblique(self, u: f64, axis: f64) -> f64 {
        match self {
            Self::Level => 0.0,
            Self::Standing { growth } => growth / self.size(axis),
            Self::Turning { slope, bend } => (0.5 * slope + bend * u) * self.size(u).powi(2),
        }
    }
}

/// How the athlete's size changes along the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perspective {
    /// What is laid flat.
    curve: Curve,
    /// How much longer the way is than it looks in its middle; 1 seen squarely.
    stretch: f64,
    /// What was fitted, believed or not.
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
    curve: Curve,
    /// Ends of the way, leg lengths from its middle.
    from: f64,
    to: f64,
    /// Where a camera that stands still looks, leg lengths from the middle of the way.
    axis: f64,
    /// Greatest less least size over the way.
    change: f64,
    /// One standard deviation of what is not taken out of the size at one end of the way against the other, as a share.
    left_in: f64,
    /// One standard deviation of the fit's own share of that.
    change_sd: f64,
}

impl Perspective {
    /// Seen from so far off, or so squarely, that nothing changes along the way.
    pub const NONE: Self = Self {
        curve: Curve::Level,
        stretch: 1.0,
        fitted: Fitted {
            curve: Curve::Level,
            from: 0.0,
            to: 0.0,
            axis: 0.0,
            change: 0.0,
            left_in: 0.0,
            change_sd: 0.0,
        },
        origin: Point::new(0.0, 0.0),
        leg_px: 1.0,
        roll_uncertainty: 0.0,
    };

    /// Whether there is nothing to lay flat.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.curve == Curve::Level
    }

    /// One standard deviation of what is left in the size at one end of the way against the other, as a share; none where the
    /// way was too short to tell.
    #[must_use]
    pub fn change_sd(&self) -> Option<f64> {
        (self.fitted.to > self.fitted.from).then_some(self.fitted.left_in)
    }

    /// How far the way is seen from a square view, whichever way, and one standard deviation; none where it was too short to
    /// tell. `focal_px` is the camera's focal length, `focal_error` the share to which that is known.
    #[must_use]
    pub fn view(&self, focal_px: f64, focal_error: f64) -> Option<(Radians, Radians)> {
        let Fitted { curve, from, to, axis, change_sd, .. } = self.fitted;
        self.change_sd()?;
        let per_leg = focal_px / self.leg_px;
        let typical = median(places(from, to).map(|u| (curve.oblique(u, axis) * per_leg).atan().abs()))?;
        let error = change_sd / (to - from) * per_leg * typical.cos().powi(2);
        Some((Radians(typical), Radians(error.hypot(focal_error * typical))))
    }

    /// The same with nothing laid flat: what is known of the view stays known, and what the size does is left in.
    #[must_use]
    pub fn as_seen(self) -> Self {
        let left_in = self.fitted.change_sd.hypot(self.fitted.change);
        let fitted = Fitted { left_in, ..self.fitted };
        Self { curve: Curve::Level, stretch: 1.0, fitted, ..self }
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

    /// One point of the plane of movement, as if seen squarely.
    #[must_use]
    pub fn flat(&self, seen: Point<Ground>) -> Point<Ground> {
        let u = (seen.x - self.origin.x) / self.leg_px;
        self.placed(self.stretch * self.along(u), (seen.y - self.origin.y) / self.size(u))
    }

    /// How short the way looks in the picture beside a height of the same length, at a flat place: 1 seen squarely.
    #[must_use]
    pub fn squeeze(&self, flat: Point<Ground>) -> f64 {
        if self.is_none() {
            return 1.0;
        }
        let u = (self.unflat(flat).x - self.origin.x) / self.leg_px;
        self.size(u) / self.stretch
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

    /// The nearest place that the fit knows of: on the way, or a leg length beyond its ends.
    fn known(&self, u: f64) -> f64 {
        u.clamp(self.fitted.from - BEYOND_LEG, self.fitted.to + BEYOND_LEG)
    }

    /// Whether the fit knows of a place.
    fn knows(&self, u: f64) -> bool {
        (self.fitted.from - BEYOND_LEG..=self.fitted.to + BEYOND_LEG).contains(&u)
    }

    fn size(&self, u: f64) -> f64 {
        self.curve.size(self.known(u))
    }

    /// Leg lengths gone from the middle to `u`; beyond what is known it goes on straight.
    fn along(&self, u: f64) -> f64 {
        let known = self.known(u);
        self.curve.along(known) + (u - known) / self.curve.size(known).powi(2)
    }

    /// Whether the size stays within reason everywhere.
    fn is_possible(&self) -> bool {
        let (from, to) = (self.known(f64::NEG_INFINITY), self.known(f64::INFINITY));
        places(from, to).all(|u| (1.0 / MOST_CHANGE..MOST_CHANGE).contains(&self.curve.size(u)))
    }
}

/// Places spread evenly over a way.
fn places(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (0..=VIEWS).map(move |k| from + (to - from) * f64::from(k) / f64::from(VIEWS))
}
