//! How large the athlete is in the picture, and what a pixel is worth in metres.
//!
//! Lengths are reported as shares of leg length (thigh plus shank) whatever happens; metres need something known.

use crate::geometry::{Image, Point};
use crate::kinematics::movement::Points;
use crate::signal::statistics::quantile;
use crate::skeleton::{LimbPoint, Side};

/// What the user knows of sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ScaleChoice {
    /// Nothing: no metres.
    #[default]
    None,
    /// The athlete's height, m.
    AthleteHeight(f64),
    /// The athlete's leg, hip joint to ankle joint, m.
    LegLength(f64),
    /// The true length of a line in the picture (a sled, lane marks), m; it should lie in the plane the athlete moves
    /// in.
    Line {
        /// One end, px of the first frame.
        from: Point<Image>,
        /// The other end.
        to: Point<Image>,
        /// Its true length, m.
        metres: f64,
    },
}

impl ScaleChoice {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::AthleteHeight(_) => "athlete_height",
            Self::LegLength(_) => "leg_length",
            Self::Line { .. } => "line",
        }
    }
}

/// Sizes in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Hip to ankle along thigh and shank, px; none where the legs were not seen.
    pub leg_length_px: Option<f64>,
    /// Metres per pixel in the athlete's plane; none where nothing was known.
    pub metres_per_px: Option<f64>,
    /// One standard deviation of `metres_per_px`, as a share of it; 0 where there is none.
    pub relative_uncertainty: f64,
    /// What it rests on.
    pub source: ScaleChoice,
}

/// Thigh plus shank over stature (Drillis and Contini 1966: 0.245 + 0.246).
pub const LEG_PER_STATURE: f64 = 0.491;
/// People's own spread of that share, relative (about 0.015 in 0.491, Winter 2009, table 4.1 and its sources).
const LEG_PER_STATURE_SPREAD: f64 = 0.03;
/// The model's systematic error of a leg's length: 3 cm of a hip or ankle in 0.85 m (Needham 2021).
pub const LEG_ERROR: f64 = 0.035;
/// A line a hand's breadth nearer or further than the athlete, at the usual 5 m or more (docs/science.md D3).
const LINE_ERROR: f64 = 0.03;
/// Legs look shorter when they turn out of the picture, never longer, but noise makes single frames longer: the 75th
/// percentile (docs/science.md B3).
const LENGTH_SHARE: f64 = 0.75;

/// Sizes from points (in any space whose unit is the picture's pixel) and what the user knows.
#[must_use]
pub fn estimate<S>(points: &Points<S>, choice: ScaleChoice) -> Scale {
    let leg_length_px = leg_length(points);
    let known = |metres: f64, px: f64, error: f64| (metres > 0.0 && px > 0.0).then_some((metres / px, error));
    let found = match choice {
        ScaleChoice::None => None,
        ScaleChoice::AthleteHeight(height) => leg_length_px
            .and_then(|px| known(height * LEG_PER_STATURE, px, LEG_PER_STATURE_SPREAD.hypot(LEG_ERROR))),
        ScaleChoice::LegLength(leg) => leg_length_px.and_then(|px| known(leg, px, LEG_ERROR)),
        ScaleChoice::Line { from, to, metres } => known(metres, from.distance(to), LINE_ERROR),
    };
    Scale {
        leg_length_px,
        metres_per_px: found.map(|(m, _)| m),
        relative_uncertainty: found.map_or(0.0, |(_, u)| u),
        source: choice,
    }
}

/// Mean of both legs, so that it holds half way between the near and the far one, where the pelvis is.
fn leg_length<S>(points: &Points<S>) -> Option<f64> {
    let segment = |a: LimbPoint, b: LimbPoint, side: Side| {
        let lengths = points.limb(a, side).with(points.limb(b, side), Point::distance);
        quantile(lengths.present().map(|(_, l)| l).collect::<Vec<_>>(), LENGTH_SHARE)
    };
    let legs: Vec<f64> = Side::BOTH
        .into_iter()
        .filter_map(|s| {
            Some(
                segment(LimbPoint::Hip, LimbPoint::Knee, s)? + segment(LimbPoint::Knee, LimbPoint::Ankle, s)?,
            )
        })
        .filter(|&l| l > 0.0)
        .collect();
    (!legs.is_empty()).then(|| legs.iter().sum::<f64>() / legs.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Ground;
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    /// A right leg of 100 px, bent at the knee.
    fn one_leg() -> Points<Ground> {
        let mut points = Points::missing(10);
        for (point, x, y) in
            [(LimbPoint::Hip, 0.0, 0.0), (LimbPoint::Knee, 30.0, 40.0), (LimbPoint::Ankle, 0.0, 80.0)]
        {
            let sample =
                Sample { value: Point::new(x, y), confidence: Confidence::FULL, source: Source::Measured };
            *points.get_mut(point.on(Side::Right)) = Series::new(vec![Some(sample); 10]);
        }
        points
    }

    #[test]
    fn metres_come_from_what_is_known() {
        let metres = |choice| estimate(&one_leg(), choice).metres_per_px;
        assert_eq!(metres(ScaleChoice::None), None);
        assert!(metres(ScaleChoice::LegLength(0.9)).is_some_and(|m| (m - 0.009).abs() < 1e-12));
        assert!(
            metres(ScaleChoice::AthleteHeight(1.8)).is_some_and(|m| (m - 1.8 * 0.491 / 100.0).abs() < 1e-12)
        );
        let line = ScaleChoice::Line { from: Point::new(0.0, 0.0), to: Point::new(0.0, 200.0), metres: 1.0 };
        assert_eq!(metres(line), Some(0.005));
    }

    #[test]
    fn without_legs_there_is_no_leg_length_and_no_metre() {
        let none = estimate(&Points::<Ground>::missing(10), ScaleChoice::AthleteHeight(1.8));
        assert_eq!((none.leg_length_px, none.metres_per_px), (None, None));
    }
}
