//! The catalogue: one row for every metric, with what it means and how it is computed. The documentation is made from it.
//!
//! To add a metric, write its row beside its kin (`knee`, `arms`, ...) and name it in [`ROWS`].

use super::context::{BoutView, StrideView};
pub use super::measurement_error::MeasurementError;
use super::value::Reading;
use super::{arm_leg, arms, coordination, knee, leg, snatch, symmetry, timing, travel, trunk};
use crate::kinematics::uncertainty::is_of_leg;
use crate::skeleton::Side;
use std::fmt;
use std::fmt::Write as _;

/// The unit of a metric; also the end of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Degrees.
    Degrees,
    /// Seconds.
    Seconds,
    /// Steps per minute.
    StepsPerMinute,
    /// Leg lengths (thigh and shank).
    Legs,
    /// Thigh lengths.
    Thighs,
    /// Shank lengths.
    Shanks,
    /// Trunk lengths.
    Trunks,
    /// Metres.
    Metres,
    /// Leg lengths per second.
    LegsPerSecond,
    /// Metres per second.
    MetresPerSecond,
    /// Percent.
    Percent,
    /// A ratio or share, with no unit.
    Ratio,
}

impl Unit {
    /// As written in files and tables; empty for a ratio.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Degrees => "deg",
            Self::Seconds => "s",
            Self::StepsPerMinute => "steps/min",
            Self::Legs => "leg",
            Self::Thighs => "thigh",
            Self::Shanks => "shank",
            Self::Trunks => "trunk",
            Self::Metres => "m",
            Self::LegsPerSecond => "leg/s",
            Self::MetresPerSecond => "m/s",
            Self::Percent => "%",
            Self::Ratio => "",
        }
    }

    /// Whether a second is part of it.
    #[must_use]
    pub fn holds_time(self) -> bool {
        matches!(self, Self::Seconds | Self::StepsPerMinute | Self::LegsPerSecond | Self::MetresPerSecond)
    }

    /// The end of an id in this unit; empty for a ratio.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Degrees => "_deg",
            Self::Seconds => "_s",
            Self::StepsPerMinute => "_steps_per_min",
            Self::Legs => "_leg",
            Self::Thighs => "_thigh",
            Self::Shanks => "_shank",
            Self::Trunks => "_trunk",
            Self::Metres => "_m",
            Self::LegsPerSecond => "_leg_per_s",
            Self::MetresPerSecond => "_m_per_s",
            Self::Percent => "_percent",
            Self::Ratio => "",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// When in the stride a metric is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As the foot lands.
    InitialContact,
    /// In the middle of the contact.
    MidStance,
    /// As the foot leaves.
    TerminalContact,
    /// Between landing and leaving.
    Stance,
    /// Between leaving and landing.
    Swing,
    /// Over the whole stride.
    Stride,
    /// From the other foot's landing to this one's.
    Step,
    /// Over one and a half to two strides round the stride.
    StridesAround,
    /// Over a bout.
    Bout,
}

impl When {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InitialContact => "initial contact",
            Self::MidStance => "mid-stance",
            Self::TerminalContact => "terminal contact",
            Self::Stance => "stance",
            Self::Swing => "swing",
            Self::Stride => "stride",
            Self::Step => "step",
            Self::StridesAround => "two strides",
            Self::Bout => "bout",
        }
    }
}

/// Whether a metric has sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// It has none.
    None,
    /// The side of the stride.
    OfStride,
    /// Always this one, whatever the stride's.
    Only(Side),
}

impl Sides {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OfStride => "left, right, both",
            Self::Only(side) => side.name(),
        }
    }
}

/// How strides are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The mean without outliers.
    Mean,
    /// The harmonic mean: of rates, so that their durations are averaged.
    HarmonicMean,
    /// The mean direction, weighted.
    CircularMean,
    /// All bouts together, for what is counted over bouts.
    Sum,
}

/// How a metric is computed.
#[derive(Clone, Copy)]
pub(super) enum Compute {
    /// On each stride.
    Stride(fn(&StrideView) -> Reading),
    /// On each bout.
    Bout(fn(&BoutView) -> Reading),
    /// From the two sides of another metric.
    Sides(&'static Row, symmetry::Difference),
}

/// A metric: what it is and how it is computed.
#[derive(Clone, Copy)]
pub struct Row {
    /// Column name in `strides.csv`, with its unit as suffix.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What exactly is computed.
    pub definition: &'static str,
    /// Unit of its values.
    pub unit: Unit,
    /// What a positive value means.
    pub sign: &'static str,
    /// When it is taken.
    pub when: When,
    /// Whether it has sides.
    pub sides: Sides,
    /// How strides are taken together.
    pub statistic: Statistic,
    /// What measurement adds to its uncertainty.
    pub error: MeasurementError,
    /// Where the definition comes from.
    pub source: &'static str,
    /// How it is computed.
    pub(super) compute: Compute,
}

impl Row {
    /// Whether it is defined per stride, and so a column of `strides.csv`.
    #[must_use]
    pub fn is_per_stride(&self) -> bool {
        matches!(self.compute, Compute::Stride(_))
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {{ id: {} }}", self.id)
    }
}

/// Every metric, in the order of every file.
pub static ROWS: &[&Row] = &[
    &timing::CADENCE,
    &trunk::MEAN,
    &trunk::SD,
    &trunk::MIN,
    &trunk::MAX,
    &trunk::LEAN_TRAVEL,
    &trunk::FOLDED_SHARE,
    &trunk::LINE,
    &trunk::LENGTH,
    &trunk::EAR,
    &trunk::HEAD,
    &knee::INITIAL,
    &knee::MID_STANCE,
    &knee::PEAK_STANCE,
    &knee::TERMINAL,
    &knee::PEAK_SWING,
    &knee::RANGE,
    &knee::DRIVE,
    &knee::COLLAPSE,
    &knee::PAST_TOE,
    &knee::TRAVEL,
    &leg::SHANK_INITIAL,
    &leg::SHANK_PEAK,
    &leg::THIGH_DRIVE,
    &leg::THIGH_INITIAL,
    &leg::THIGH_TERMINAL,
    &leg::HIP_TERMINAL,
    &leg::HIP_RANGE,
    &leg::ANKLE_RANGE,
    &leg::FOOT_INITIAL,
    &leg::REACH,
    &leg::PUSH_OFF,
    &leg::FOOT_AHEAD,
    &travel::STEP_LENGTH_LEG,
    &travel::STEP_LENGTH_M,
    &timing::STEP_TIME,
    &timing::CONTACT_TIME,
    &timing::SWING_TIME,
    &timing::DUTY,
    &timing::DOUBLE_SUPPORT,
    &timing::FLIGHT,
    &timing::OVERLAP,
    &travel::HIP_HEIGHT,
    &travel::SPEED_LEG,
    &travel::SPEED_M,
    &travel::SPEED_FLUCTUATION,
    &arms::AMPLITUDE_LEFT,
    &arms::AMPLITUDE_RIGHT,
    &arms::WRIST_LEFT,
    &arms::WRIST_RIGHT,
    &arms::ELBOW_MEAN_LEFT,
    &arms::ELBOW_MEAN_RIGHT,
    &arms::ELBOW_SD_LEFT,
    &arms::ELBOW_SD_RIGHT,
    &arms::ELBOW_RANGE_LEFT,
    &arms::ELBOW_RANGE_RIGHT,
    &arms::AT_CHEST_LEFT,
    &arms::AT_CHEST_RIGHT,
    &coordination::PHASE_LEFT,
    &coordination::PHASE_RIGHT,
    &arms::FREQUENCY_RATIO,
    &coordination::CONSISTENCY_LEFT,
    &coordination::CONSISTENCY_RIGHT,
    &arm_leg::CRP_LEFT,
    &arm_leg::CRP_RIGHT,
    &arm_leg::MARP_LEFT,
    &arm_leg::MARP_RIGHT,
    &arm_leg::DP_LEFT,
    &arm_leg::DP_RIGHT,
    &arm_leg::PLV_LEFT,
    &arm_leg::PLV_RIGHT,
    &arm_leg::LAG_LEFT,
    &arm_leg::LAG_RIGHT,
    &arm_leg::PEAK_LEFT,
    &arm_leg::PEAK_RIGHT,
    &arm_leg::IN_PHASE_LEFT,
    &arm_leg::IN_PHASE_RIGHT,
    &arm_leg::ANTI_PHASE_LEFT,
    &arm_leg::ANTI_PHASE_RIGHT,
    &arm_leg::VARIABILITY_LEFT,
    &arm_leg::VARIABILITY_RIGHT,
    &coordination::STEPPING,
    &timing::STRIDE_CV,
    &timing::STEP_CV,
    &trunk::DRIFT,
    &travel::HIP_RISE,
    &travel::DECAY,
    &travel::DISTANCE,
    &snatch::COUNT,
    &symmetry::KNEE_TERMINAL,
    &symmetry::KNEE_DRIVE,
    &symmetry::CONTACT_TIME,
    &symmetry::STEP_TIME,
    &symmetry::STEP_LENGTH,
    &symmetry::CONTACT_TIME_INDEX,
    &symmetry::CONTACT_TIME_ANGLE,
    &symmetry::CONTACT_TIME_NORMALISED,
    &symmetry::STEP_TIME_INDEX,
    &symmetry::STEP_TIME_ANGLE,
    &symmetry::STEP_TIME_NORMALISED,
    &symmetry::STEP_LENGTH_INDEX,
    &symmetry::STEP_LENGTH_ANGLE,
    &symmetry::STEP_LENGTH_NORMALISED,
];

impl Row {
    /// Whether its error grows with a model that sees legs less well.
    pub(crate) fn is_of_leg(&self) -> bool {
        match self.error {
            MeasurementError::Angle(kind) => is_of_leg(kind),
            MeasurementError::Leg(_) | MeasurementError::Step(_) | MeasurementError::Foot(_) => true,
            _ => false,
        }
    }
}

/// The row of that id.
#[must_use]
pub fn row(id: &str) -> Option<&'static Row> {
    ROWS.iter().copied().find(|row| row.id == id)
}

/// The catalogue as a table in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "| id | name | definition | unit | positive | when | sides | source |\n|---|---|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
            row.id,
            row.name,
            cell(row.definition),
            row.unit.symbol(),
            row.sign,
            row.when.name(),
            row.sides.name(),
            row.source
        );
    }
    text
}

/// Text that does not end its cell early.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
