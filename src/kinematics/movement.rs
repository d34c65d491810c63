//! One athlete's movement through a clip: points over a common time base, facing, and the angles they make.

use crate::camera::perspective::{Perspective, Standpoint};
use crate::geometry::{Ground, Point};
use crate::kinematics::cuts::Cut;
use crate::kinematics::turns::Turns;
use crate::signal::series::{Series, TimeBase};
use crate::skeleton::{Angle, Keypoint, LimbPoint, Side};
use crate::units::Radians;
use std::ops::Range;

/// Which way the athlete faces in the picture. Kept apart from travel: four of five exercises go backward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facing {
    /// Toward the left edge.
    Left,
    /// Toward the right edge.
    Right,
}

impl Facing {
    /// +1 facing right, -1 facing left: `sign * x` grows toward where the athlete faces.
    #[must_use]
    pub fn sign(self) -> f64 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }

    /// The other way.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// `left` or `right`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }

    /// The side of the body turned to the camera in a side view: facing right shows the right side.
    #[must_use]
    pub fn near_side(self) -> Side {
        match self {
            Self::Left => Side::Left,
            Self::Right => Side::Right,
        }
    }
}

/// A series of places for every keypoint, on the ground frame unless another space is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Points<S = Ground> {
    series: Vec<Series<Point<S>>>,
}

impl<S> Points<S> {
    /// All missing.
    #[must_use]
    pub fn missing(len: usize) -> Self {
        Self { series: Keypoint::ALL.map(|_| Series::missing(len)).into() }
    }

    /// How many samples each series has, missing ones included.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.series.first().map_or(0, Series::len)
    }

    /// Another set of series computed keypoint by keypoint.
    #[must_use]
    pub fn map<T>(&self, mut f: impl FnMut(Keypoint, &Series<Point<S>>) -> Series<Point<T>>) -> Points<T> {
        Points { series: Keypoint::ALL.iter().map(|&k| f(k, self.get(k))).collect() }
    }

    /// The series of a keypoint.
    #[must_use]
    pub fn get(&self, keypoint: Keypoint) -> &Series<Point<S>> {
        &self.series[keypoint.index()]
    }

    /// The series of a keypoint, to change it.
    pub fn get_mut(&mut self, keypoint: Keypoint) -> &mut Series<Point<S>> {
        &mut self.series[keypoint.index()]
    }

    /// The series of a limb's point.
    #[must_use]
    pub fn limb(&self, point: LimbPoint, side: Side) -> &Series<Point<S>> {
        self.get(point.on(side))
    }

    /// The middle of a limb point's two sides; where one side is missing, missing.
    #[must_use]
    pub fn middle(&self, point: LimbPoint) -> Series<Point<S>> {
        self.limb(point, Side::Left).with(self.limb(point, Side::Right), Point::midpoint)
    }
}

/// A series for every angle, radians; signs as in [`Angle`].
#[derive(Clone, Debug, PartialEq)]
pub struct Angles {
    series: Vec<Series<Radians>>,
}

impl Angles {
    /// All missing.
    #[must_use]
    pub fn missing(len: usize) -> Self {
        Self { series: vec![Series::missing(len); Angle::COUNT] }
    }

    /// The series of an angle.
    #[must_use]
    pub fn get(&self, angle: Angle) -> &Series<Radians> {
        &self.series[angle.index()]
    }

    /// Sets the series of an angle.
    pub fn set(&mut self, angle: Angle, series: Series<Radians>) {
        self.series[angle.index()] = series;
    }
}

/// One athlete's movement, ready for gait and metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    /// When the samples were taken.
    pub time: TimeBase,
    /// Filtered joint positions on the ground frame (camera motion and roll removed, the plane of movement laid flat), px.
    pub points: Points,
    /// The same before the low-pass (left and right repaired, outliers gone, short gaps filled), for event timing
    /// with a filter of its own.
    pub unfiltered: Points,
    /// Which way the athlete faces; none where the evidence disagrees. In most of the clip: where the athlete turns
    /// round, `points` and `unfiltered` are as in a mirror (`turns`).
    pub facing: Option<Facing>,
    /// Where the athlete turns round, and which samples are mirrored.
    pub turns: Turns,
    /// Where the clip is cut.
    pub cuts: Vec<Cut>,
    /// What laid the plane of movement flat in `points`, `unfiltered` and `angles`.
    pub perspective: Perspective,
    /// Where the camera stands; none where that is not known.
    pub standpoint: Option<Standpoint>,
    /// Angles from the filtered points; all missing where facing is unknown, save joint angles that need no facing.
    pub angles: Angles,
    /// One standard deviation of the systematic error of each angle (model, view, side), in table order.
    pub angle_uncertainty: Vec<Radians>,
    /// How many times larger than a good model's the errors of the legs' points are.
    pub leg_error_factor: f64,
    /// Whether a leg that the model hardly sees, by its confidence, is also seen wrongly.
    pub hidden_legs_are_wrong: bool,
    /// Whether points hold still where the ground does: the camera is static, or its motion was measured and removed.
    pub ground_is_fixed: bool,
}

impl Movement {
    /// Which way the athlete faces in the picture at a sample.
    #[must_use]
    pub fn facing_at(&self, sample: usize) -> Option<Facing> {
        let turned = self.turns.is_mirrored(sample);
        self.facing.map(|facing| if turned { facing.opposite() } else { facing })
    }

    /// Whether the clip is cut between two places, samples.
    #[must_use]
    pub fn is_cut_between(&self, from: f64, to: f64) -> bool {
        self.cuts.iter().any(|cut| cut.position > from && cut.position < to)
    }

    /// The samples of each take, in order: all of a clip that is not cut.
    #[must_use]
    pub fn takes(&self) -> Vec<Range<usize>> {
        let cuts = self.cuts.iter().map(|cut| (cut.position.ceil() as usize).min(self.time.len));
        let bounds: Vec<usize> = [0].into_iter().chain(cuts).chain([self.time.len]).collect();
        bounds.windows(2).map(|w| w[0]..w[1]).collect()
    }

    /// The filtered joint positions with nothing mirrored or laid flat, px.
    #[must_use]
    pub fn points_as_seen(&self) -> Points {
        self.perspective.seen(&self.turns.mirror(&self.points))
    }
}
