//! The change of one number, and whether it is more than noise (docs/science.md B11).

use crate::findings::normal;
use crate::units::Radians;
use std::fmt;

/// Two-sided 95 % of a normal distribution: 1 in 20 changes beyond it is chance alone.
const NORMAL_95: f64 = 1.959_964;

/// A number and how well it is known, in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Standard deviation between strides; none below two, or where it is not of strides.
    pub sd: Option<f64>,
    /// How many strides are behind it.
    pub n: usize,
    /// One standard deviation of the number: strides and measurement (docs/science.md B10).
    pub uncertainty: Option<f64>,
}

/// How a metric behaves in a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nature {
    /// Whether it is a direction in degrees, of which the shorter way round is the difference.
    pub is_circular: bool,
    /// Strides behind it for each independent one, at least 1.
    pub overlap: f64,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Other less first; of a direction the shorter way round.
    pub difference: f64,
    /// One standard deviation of the difference.
    pub uncertainty: f64,
    /// Differences up to this are noise, 19 times in 20.
    pub noise: f64,
    /// Probability that there is a change in the direction seen, 0.5 to 1.
    pub probability: f64,
    /// Whether it is more than noise.
    pub verdict: Verdict,
}

/// Whether a change is more than noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Beyond what strides and measurement together do by chance.
    Changed,
    /// Beyond what strides do by chance, between clips that were filmed alike; within what measurement may be off in one.
    Likely,
    /// Neither.
    Noise,
}

impl Verdict {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Likely => "likely",
            Self::Noise => "noise",
        }
    }
}

/// Why a change cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// It was measured in the first alone.
    OnlyInFirst,
    /// It was measured in the other alone.
    OnlyInOther,
    /// One of them has too few strides for an uncertainty.
    TooFewStrides,
}

impl Untold {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnlyInFirst => "only_in_first",
            Self::OnlyInOther => "only_in_other",
            Self::TooFewStrides => "too_few_strides",
        }
    }
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnlyInFirst => "not measured in the other",
            Self::OnlyInOther => "not measured in the first",
            Self::TooFewStrides => "too few strides",
        })
    }
}

/// The change from one estimate to another.
///
/// Noise is the root of the squares of two parts: what strides do, the standard error of the difference of two means times
/// Student's t for their degrees of freedom (Welch, Satterthwaite); and what measurement does, 1.96 of its standard deviations.
pub(super) fn of(
    from: &Estimate,
    to: &Estimate,
    nature: Nature,
    filmed_alike: bool,
) -> Result<Change, Untold> {
    let raw = to.value - from.value;
    let difference = if nature.is_circular { Radians::from_degrees(raw).wrapped().to_degrees() } else { raw };
    let parts = [Parts::of(from, nature), Parts::of(to, nature)].map(|p| p.ok_or(Untold::TooFewStrides));
    let [from, to] = parts;
    let (from, to) = (from?, to?);
    let strides = from.strides.hypot(to.strides);
    let measurement = from.measurement.hypot(to.measurement);
    let by_strides = strides * welch(&from, &to).map_or(NORMAL_95, student_95);
    let noise = by_strides.hypot(NORMAL_95 * measurement);
    let uncertainty = strides.hypot(measurement);
    let size = difference.abs();
    let verdict = if size > noise {
        Verdict::Changed
    } else if filmed_alike && strides > 0.0 && size > by_strides {
        Verdict::Likely
    } else {
        Verdict::Noise
    };
    let probability = if uncertainty > 0.0 { normal(size / uncertainty) } else { 0.5 };
    // Without any uncertainty a difference is not known to be one.
    if uncertainty <= 0.0 && size > 0.0 {
        return Err(Untold::TooFewStrides);
    }
    Ok(Change { difference, uncertainty, noise, probability, verdict })
}

/// The two parts of a number's standard deviation.
struct Parts {
    /// Of its strides.
    strides: f64,
    /// Of its measurement.
    measurement: f64,
    /// Independent strides less one; none where no spread is known.
    freedom: Option<f64>,
}

impl Parts {
    /// None where the number has no uncertainty, or fewer than two independent strides carry its spread.
    fn of(estimate: &Estimate, nature: Nature) -> Option<Self> {
        let whole = estimate.uncertainty?;
        let Some(sd) = estimate.sd else {
            return Some(Self { strides: 0.0, measurement: whole, freedom: None });
        };
        let n = estimate.n as f64;
        let independent = n / nature.overlap;
        if independent < 2.0 {
            return None;
        }
        // B10 counts every stride; what that leaves is the measurement.
        let measurement = (whole * whole - sd * sd / n).max(0.0).sqrt();
        Some(Self { strides: sd / independent.sqrt(), measurement, freedom: Some(independent - 1.0) })
    }
}

/// Degrees of freedom of a difference of two means with spreads of their own; none where neither has one.
fn welch(a: &Parts, b: &Parts) -> Option<f64> {
    let part = |p: &Parts| p.freedom.map_or(0.0, |f| p.strides.powi(4) / f);
    let (sum, all) = (part(a) + part(b), (a.strides.powi(2) + b.strides.powi(2)).powi(2));
    (sum > 0.0).then(|| all / sum)
}

/// Two-sided 95 % of Student's t, by the expansion in one over the degrees of freedom (Abramowitz and Stegun 26.7.5); within
/// 4 % of the tables from 2 degrees of freedom on, within 1 % from 3. Below 2, where the expansion fails, that of 1.
#[must_use]
pub fn student_95(freedom: f64) -> f64 {
    /// For one degree of freedom.
    const T_1: f64 = 12.706;
    if freedom < 2.0 {
        // Between 1 and 2 the tables fall steeply: on a straight line, which is never too small.
        let share = (freedom - 1.0).max(0.0);
        return T_1 + share * (student_95(2.0) - T_1);
    }
    let z = NORMAL_95;
    let [z3, z5, z7] = [3, 5, 7].map(|power| z.powi(power));
    let terms = [
        (z3 + z) / 4.0,
        (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0,
        (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom) + z
}
