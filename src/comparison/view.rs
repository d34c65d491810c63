//! Whether two clips were filmed and measured alike: then what measurement is off by is mostly the same in both.

use crate::kinematics::movement::Facing;
use crate::units::{Hertz, Radians};
use std::fmt;

/// Views further apart than this are not alike: the view's own error of an angle grows by a degree or more (docs/science.md D3).
const VIEW_APART_DEG: f64 = 10.0;
/// An athlete so many times as tall in one picture is measured better there (docs/science.md D2).
const SIZE_APART: f64 = 1.5;
/// Contacts at so many times the frame rate are told apart better.
const RATE_APART: f64 = 1.5;
/// A cut-off so many times as high, for strides of the same frequency, leaves peaks higher and angles rougher [default].
const CUTOFF_APART: f64 = 1.5;

/// How a clip was filmed and measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Which way the athlete faces: which side is near.
    pub facing: Option<Facing>,
    /// How far the camera looks from the side.
    pub yaw: Option<Radians>,
    /// Height of the athlete in the picture, px.
    pub person_px: Option<f64>,
    /// Mean frame rate of the capture.
    pub rate: Option<Hertz>,
    /// The low-pass cut-off of the points.
    pub cutoff: Option<Hertz>,
    /// Strides per second, on which that depends.
    pub stride_rate: Option<Hertz>,
    /// What found the points: the pose model's name and hash, and where joints are taken to be.
    pub method: String,
}

impl View {
    /// How many times the frequency of the strides is left in.
    fn relative_cutoff(&self) -> Option<f64> {
        Some(self.cutoff?.0 / self.stride_rate.filter(|rate| rate.0 > 0.0)?.0)
    }
}

/// In what two clips were filmed or measured differently.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewDifference {
    /// The athlete faces the other way, so that the other side is near.
    OtherSide,
    /// One does not say which way the athlete faces or how far the camera looks from the side.
    Unknown,
    /// The camera looks at different angles from the side.
    Angle {
        /// In the first.
        from: Radians,
        /// In the other.
        to: Radians,
    },
    /// Points were found in different ways.
    Method,
    /// The athlete is much larger in one picture.
    Size {
        /// Height in the first, px.
        from: f64,
        /// Height in the other, px.
        to: f64,
    },
    /// The points of one were smoothed much more.
    Smoothing {
        /// Cut-off of the first.
        from: Hertz,
        /// Cut-off of the other.
        to: Hertz,
    },
    /// One has many more frames a second.
    Rate {
        /// In the first.
        from: Hertz,
        /// In the other.
        to: Hertz,
    },
}

impl fmt::Display for ViewDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherSide => f.write_str("the athlete faces the other way, so the other side is near"),
            Self::Unknown => f.write_str("it is not known for one of them how the camera stood"),
            Self::Angle { from, to } => write!(
                f,
                "the camera looks {:.0}° from the side in the first, {:.0}° in the other",
                from.to_degrees().abs(),
                to.to_degrees().abs()
            ),
            Self::Method => f.write_str("they were measured with different models or joint centres"),
            Self::Size { from, to } => {
                write!(f, "the athlete is {from:.0} pixels tall in the first, {to:.0} in the other")
            }
            Self::Smoothing { from, to } => {
                write!(
                    f,
                    "the points of the first were smoothed at {:.1} Hz, of the other at {:.1} Hz",
                    from.0, to.0
                )
            }
            Self::Rate { from, to } => {
                write!(f, "the first has {:.0} frames a second, the other {:.0}", from.0, to.0)
            }
        }
    }
}

/// In what they differ; nothing means that they were filmed alike.
pub(super) fn differences(from: &View, to: &View) -> Vec<ViewDifference> {
    let mut all = Vec::new();
    match (from.facing, to.facing) {
        (Some(a), Some(b)) if a != b => all.push(ViewDifference::OtherSide),
        (Some(_), Some(_)) => {}
        _ => all.push(ViewDifference::Unknown),
    }
    match (from.yaw, to.yaw) {
        (Some(from), Some(to)) => {
            // To which side the camera stands off cannot be told from the figure, so only the size counts.
            if (from.0.abs() - to.0.abs()).abs().to_degrees() > VIEW_APART_DEG {
                all.push(ViewDifference::Angle { from, to });
            }
        }
        _ if all.contains(&ViewDifference::Unknown) => {}
        _ => all.push(ViewDifference::Unknown),
    }
    if from.method != to.method {
        all.push(ViewDifference::Method);
    }
    if let (Some(from), Some(to)) = (from.person_px, to.person_px)
        && from.max(to) > SIZE_APART * from.min(to)
    {
        all.push(ViewDifference::Size { from, to });
    }
    if let (Some(a), Some(b)) = (from.relative_cutoff(), to.relative_cutoff())
        && a.max(b) > CUTOFF_APART * a.min(b)
        && let (Some(from), Some(to)) = (from.cutoff, to.cutoff)
    {
        all.push(ViewDifference::Smoothing { from, to });
    }
    if let (Some(from), Some(to)) = (from.rate, to.rate)
        && from.0.max(to.0) > RATE_APART * from.0.min(to.0)
    {
        all.push(ViewDifference::Rate { from, to });
    }
    all
}
