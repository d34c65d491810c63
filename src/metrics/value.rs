//! What a metric says: a number with its spread, uncertainty and evidence, or the reason why there is none.

use super::catalogue::Unit;
use crate::skeleton::Side;
use std::fmt;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotMeasured {
    /// It is not known which way the athlete faces.
    FacingUnknown,
    /// It is not known which way the athlete steps.
    DirectionUnknown,
    /// The feet were not seen, so contacts are not known.
    FeetHidden,
    /// More than a fifth of the samples needed were not measured.
    NotEnoughSeen,
    /// No length in metres is known.
    NoScale,
    /// There are too few valid strides.
    TooFewStrides,
    /// The camera moved and its motion could not be removed.
    GroundMoves,
    /// Contacts were found by a method that overstates contact at this speed.
    ContactNotResolved,
    /// The foot was seen too badly to say how long it stands: its contacts were told with the other foot's swing.
    FootUnclear,
    /// Closer together than the frame rate can tell apart.
    BelowFrameRate,
    /// The arm hardly swings, so its phase says nothing.
    ArmStill,
    /// The movement does not follow the stride.
    NotPeriodic,
    /// The arm swings twice a stride, so it has no phase against the leg.
    DoubleFrequency,
    /// Only one side was measured.
    OneSideOnly,
}

impl NotMeasured {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FacingUnknown => "facing_unknown",
            Self::DirectionUnknown => "direction_unknown",
            Self::FeetHidden => "feet_hidden",
            Self::NotEnoughSeen => "not_enough_seen",
            Self::NoScale => "no_scale",
            Self::TooFewStrides => "too_few_strides",
            Self::GroundMoves => "ground_moves",
            Self::ContactNotResolved => "contact_not_resolved",
            Self::FootUnclear => "foot_unclear",
            Self::BelowFrameRate => "below_frame_rate",
            Self::ArmStill => "arm_still",
            Self::NotPeriodic => "not_periodic",
            Self::DoubleFrequency => "double_frequency",
            Self::OneSideOnly => "one_side_only",
        }
    }

    /// The reason in words, to follow "not measured:".
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FacingUnknown => "it is not clear which way the athlete faces",
            Self::DirectionUnknown => "it is not clear which way the athlete steps",
            Self::FeetHidden => "the feet are hidden; film from the side where they are seen",
            Self::NotEnoughSeen => "too few of the samples it needs were seen",
            Self::NoScale => "no length in metres is known; give the athlete's height",
            Self::TooFewStrides => "there are too few strides",
            Self::GroundMoves => "the camera moved and the background does not say how",
            Self::ContactNotResolved => "contacts are not sharp enough at this speed",
            Self::FootUnclear => "this foot is seen too badly to say how long it stands",
            Self::BelowFrameRate => "the frame rate is too low to tell",
            Self::ArmStill => "the arm hardly swings",
            Self::NotPeriodic => "the arm does not follow the stride",
            Self::DoubleFrequency => "the arm swings twice a stride",
            Self::OneSideOnly => "only one side was measured",
        }
    }
}

impl fmt::Display for NotMeasured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// A number measured on one stride.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The number, in the row's unit.
    pub number: f64,
    /// Share of the samples behind it that were measured, 0 to 1.
    pub measured_share: f64,
    /// Mean confidence of the samples behind it, 0 to 1.
    pub confidence: f64,
    /// Weight in means, above 0; 1 save for phases, which weigh as the fit behind them.
    pub weight: f64,
    /// Whether a stand-in was used, such as a contact told by the thighs alone.
    pub approximate: bool,
}

impl Value {
    /// The same evidence behind another number.
    #[must_use]
    pub fn with(self, number: f64) -> Self {
        Self { number, ..self }
    }

    /// As weak as the weaker of two, with another number.
    #[must_use]
    pub fn and(self, other: Self, number: f64) -> Self {
        Self {
            number,
            measured_share: self.measured_share.min(other.measured_share),
            confidence: self.confidence.min(other.confidence),
            weight: self.weight.min(other.weight),
            approximate: self.approximate || other.approximate,
        }
    }
}

/// Without those that rest on stand-ins, where at least half do not: what was seen is not mixed with what was guessed.
pub(super) fn firm<T>(all: Vec<T>, is_approximate: impl Fn(&T) -> bool) -> Vec<T> {
    let guessed = all.iter().filter(|v| is_approximate(v)).count();
    if 2 * guessed > all.len() { all } else { all.into_iter().filter(|v| !is_approximate(v)).collect() }
}

/// A number, or why there is none.
pub type Reading = Result<Value, NotMeasured>;

/// A metric on one stride.
#[derive(Clone, Debug, PartialEq)]
pub struct StrideValue {
    /// Place of the stride in `Gait::strides`.
    pub stride: usize,
    /// Side of the stride.
    pub side: Side,
    /// Whether the stride is valid; others are shown and do not count.
    pub counts: bool,
    /// The number, or why there is none.
    pub reading: Reading,
}

/// A metric over strides.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// The row's id.
    pub id: &'static str,
    /// Which side; none for both together or where there are no sides.
    pub side: Option<Side>,
    /// Mean of the valid strides (or what the row's statistic says), or why there is none.
    pub value: Result<f64, NotMeasured>,
    /// Unit of `value`, `sd` and `uncertainty`.
    pub unit: Unit,
    /// Standard deviation between strides; none below two.
    pub sd: Option<f64>,
    /// How many strides count in it.
    pub n: usize,
    /// One standard deviation of `value`: spread over root n, and the error of measurement, in quadrature.
    pub uncertainty: Option<f64>,
    /// Mean share of measured samples behind the strides that count, 0 to 1.
    pub measured_share: f64,
    /// Mean confidence of the samples behind the strides that count, 0 to 1.
    pub confidence: f64,
    /// Whether any stride that counts rests on a stand-in.
    pub approximate: bool,
    /// Stride by stride, for a metric of strides; of the side, or of all.
    pub per_stride: Vec<StrideValue>,
}

impl MetricValue {
    /// The values that count, in order of strides.
    #[must_use]
    pub fn counting(&self) -> Vec<Value> {
        firm(self.per_stride.iter().filter(|s| s.counts).filter_map(|s| s.reading.ok()).collect(), |v| {
            v.approximate
        })
    }
}
