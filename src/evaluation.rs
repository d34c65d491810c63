//! How far a result agrees with reference data: angles, events, strides. For researchers, and our own yardstick.
//!
//! Both sides are [`Sheet`]s: what a result's files say and what a reference says, in one shape. Reading files is left to
//! `import`.

pub mod agreement;
mod compare;
mod table;

use crate::gait::stride::EventKind;
use crate::kinematics::movement::Angles;
use crate::signal::series::TimeBase;
use crate::skeleton::{Angle, Side};
use crate::units::{Radians, Seconds};
use agreement::Agreement;

pub use compare::evaluate;
pub use table::EvaluationRow;

/// An angle over time.
#[derive(Clone, Debug, PartialEq)]
pub struct AngleTrack {
    /// Which angle, with our sign.
    pub angle: Angle,
    /// Where the numbers come from, as the file calls them.
    pub origin: String,
    /// Times, ascending, and values; missing samples are left out.
    pub samples: Vec<(Seconds, Radians)>,
}

/// A foot lands or leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedEvent {
    /// When.
    pub time: Seconds,
    /// Which foot.
    pub side: Side,
    /// What happens.
    pub kind: EventKind,
}

/// A stride.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedStride {
    /// Whose foot.
    pub side: Side,
    /// Start.
    pub start: Seconds,
    /// End.
    pub end: Seconds,
    /// Length of the step that ends as it starts, m; none where not known.
    pub step_length_m: Option<f64>,
}

/// What a result or a reference says of a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name of the clip, without folder and extension; none where not told.
    pub clip: Option<String>,
    /// Angles; a reference may give one angle by several definitions.
    pub angles: Vec<AngleTrack>,
    /// Events in time order; empty where not told.
    pub events: Vec<TimedEvent>,
    /// Valid strides in order of start; empty where not told.
    pub strides: Vec<TimedStride>,
    /// Steps per minute over the clip; none where not told.
    pub cadence_steps_per_min: Option<f64>,
    /// First and last frame of the clip, seen or not; none where not known.
    pub span: Option<(Seconds, Seconds)>,
}

impl Sheet {
    /// Angles of a movement, to compare without files.
    #[must_use]
    pub fn of_angles(time: TimeBase, angles: &Angles) -> Self {
        let track = |angle: Angle| AngleTrack {
            angle,
            origin: angle.name().to_owned(),
            samples: angles.get(angle).present().map(|(i, value)| (time.at(i), value)).collect(),
        };
        let tracks = Angle::ALL.into_iter().map(track).filter(|t| !t.samples.is_empty());
        let span = time.len.checked_sub(1).map(|last| (time.start, time.at(last)));
        Self { angles: tracks.collect(), span, ..Self::default() }
    }

    /// Whether a reference names another clip. A copy may bear more in its name than the original.
    #[must_use]
    pub fn names_another_clip(&self, reference: &Self) -> bool {
        matches!((&self.clip, &reference.clip), (Some(own), Some(other)) if !own.contains(other.as_str()))
    }

    /// Median time between samples of its angles; none without.
    #[must_use]
    pub fn frame_time(&self) -> Option<Seconds> {
        let longest = self.angles.iter().max_by_key(|t| t.samples.len())?;
        let mut steps: Vec<f64> = longest.samples.windows(2).map(|w| (w[1].0 - w[0].0).0).collect();
        steps.sort_by(f64::total_cmp);
        steps.get(steps.len() / 2).copied().map(Seconds)
    }
}

/// Agreement of an angle with one of its references.
#[derive(Clone, Debug, PartialEq)]
pub struct AngleAgreement {
    /// Which angle.
    pub angle: Angle,
    /// What it was compared with, as the reference calls it.
    pub origin: String,
    /// Degrees, result less reference.
    pub agreement: Agreement,
    /// Share of the reference's samples for which the result has a value, 0 to 1.
    pub coverage: f64,
}

/// How well events were found.
#[derive(Clone, Debug, PartialEq)]
pub struct EventAgreement {
    /// Which kind; none for both together.
    pub kind: Option<EventKind>,
    /// Events of the reference within the result's clip.
    pub expected: usize,
    /// Events of the result.
    pub found: usize,
    /// Pairs of the same foot and kind within the tolerance, each used once.
    pub matched: usize,
    /// Matched over found; none without any found.
    pub precision: Option<f64>,
    /// Matched over expected; none without any expected.
    pub recall: Option<f64>,
    /// Harmonic mean of both; none without either.
    pub f1: Option<f64>,
    /// Time of matched pairs, result less reference, s; none without pairs.
    pub timing: Option<Agreement>,
}

/// How well strides were measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrideAgreement {
    /// Strides of the reference within the result's clip.
    pub expected: usize,
    /// Valid strides of the result.
    pub found: usize,
    /// Pairs of the same foot that start within a quarter of the stride of each other.
    pub matched: usize,
    /// Duration of matched strides, s.
    pub duration: Option<Agreement>,
    /// Length of the steps that open matched strides, m.
    pub step_length: Option<Agreement>,
    /// Mean of the same, as a share of the reference's mean, less 1.
    pub step_length_error: Option<f64>,
    /// Cadence over the reference's, less 1.
    pub cadence_error: Option<f64>,
}

/// How far a result agrees with a reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Angles that both have, in the reference's order.
    pub angles: Vec<AngleAgreement>,
    /// Initial contacts, terminal contacts and both; empty where the reference has no events.
    pub events: Vec<EventAgreement>,
    /// Strides; none where the reference has none.
    pub strides: Option<StrideAgreement>,
    /// Greatest distance of matched events, s.
    pub tolerance: Seconds,
}

#[cfg(test)]
mod tests;
