//! The arithmetic of each statistic of a rule: what is made of a metric's values over the valid strides.

use super::finding::SideValues;
use super::quantity::{Missing, Outcome, Quantity, Sample};
use crate::metrics::catalogue::{Row, row};
use crate::metrics::statistics::standard_error;
use crate::metrics::symmetry::{NEAR_FAR_DEG, NEAR_FAR_PERCENT};
use crate::metrics::value::NotMeasured;
use crate::metrics::{THIRDS_APART, doubted_deg, times_in_difference};
use crate::technique::rule::{Beyond, Condition, Statistic};
use crate::units::Seconds;

/// Strides in a best or in a running mean.
const FEW: usize = 3;
/// Fewest strides whose thirds can be compared.
const THIRDS: usize = 6;
/// Times: a frame for each event (B9). A contact has two of them; of two steps one gains what the other loses.
const EVENTS_APART: f64 = 2.0;
/// Strides added to both sides of a share before its spread is taken (Agresti and Coull 1998: half of these to either).
const AGRESTI_COULL: f64 = 4.0;
/// A common error is tried at so many sizes to either side …
const ERROR_STEPS: i32 = 30;
/// … up to so many standard deviations: 99.7 % of a normal error [default].
const ERROR_REACH: f64 = 3.0;
/// Exell's principle: a difference counts beyond twice its standard error.
const EXELL: f64 = 2.0;

/// What the picture does not tell apart.
#[derive(Clone, Copy)]
pub(super) struct Resolution {
    /// The time of a frame, s.
    pub(super) frame_s: f64,
    /// What contacts and thighs disagree by on when the legs alternate (B9).
    pub(super) contacts_doubted: Seconds,
    /// One standard deviation of the athlete's size at one end of the way against the other, as a share.
    pub(super) size_change: f64,
    /// How many times larger than a good model's the errors of the legs' points are.
    pub(super) leg_error_factor: f64,
}

impl Resolution {
    /// Where only the value is asked for.
    pub(super) const FINEST: Self =
        Self { frame_s: 0.0, contacts_doubted: Seconds(0.0), size_change: 0.0, leg_error_factor: 1.0 };

    /// What an unseen change of size may add to a change of a value between the thirds of the way, as a share of the value: a
    /// height goes with the size, a stretch of the way with its square (B8).
    fn between_thirds(self, unit: &str) -> f64 {
        let power = match unit {
            "leg" => 1.0,
            "leg/s" | "m/s" => 2.0,
            _ => 0.0,
        };
        power * THIRDS_APART * self.size_change
    }
}

/// The statistic of a condition over the samples of its metric (one per side, or one).
pub(super) fn quantity(
    condition: &Condition,
    samples: &[Sample],
    resolution: Resolution,
) -> Result<Quantity, Missing> {
    let pooled = Pooled::new(samples);
    let beyond = condition.limits.map_or(Beyond::Above, |l| l.beyond);
    match condition.statistic {
        Statistic::Mean => Ok(match condition.distance_from {
            Some(reference) => pooled.distance(reference),
            None => pooled.quantity(pooled.value(), pooled.uncertainty()),
        }),
        Statistic::BestThree => pooled.best(beyond),
        Statistic::Drift => pooled.thirds(resolution).map(|q| Quantity { value: q.value.abs(), ..q }),
        Statistic::Rise => pooled.thirds(resolution),
        Statistic::Decay => pooled.decay(resolution),
        Statistic::Agreement => pooled.agreement(),
        Statistic::Share => {
            let (side, threshold) = condition.threshold.unwrap_or((beyond, 0.0));
            pooled.share(side, threshold)
        }
        Statistic::SideDifference | Statistic::SideDifferencePercent => {
            sides(condition.statistic, samples, resolution)
        }
    }
    .map(|q| Quantity { counts_strides: q.counts_strides && condition.statistic.counts_strides(), ..q })
}

/// Both sides' values together.
struct Pooled<'a> {
    samples: &'a [Sample<'a>],
    strides: Vec<(usize, f64)>,
}

impl<'a> Pooled<'a> {
    fn new(samples: &'a [Sample<'a>]) -> Self {
        let mut strides: Vec<(usize, f64)> = samples.iter().flat_map(|s| s.strides.iter().copied()).collect();
        strides.sort_by_key(|(index, _)| *index);
        Self { samples, strides }
    }

    /// Mean over the samples, weighted by their strides.
    fn weighted(&self, of: impl Fn(&Sample) -> f64) -> f64 {
        let weight = |s: &Sample| s.metric.n.max(1) as f64;
        let total: f64 = self.samples.iter().map(weight).sum();
        self.samples.iter().map(|s| weight(s) * of(s)).sum::<f64>() / total
    }

    fn value(&self) -> f64 {
        self.weighted(|s| s.metric.value.unwrap_or_default())
    }

    fn uncertainty(&self) -> f64 {
        self.weighted(|s| s.metric.uncertainty.unwrap_or_default())
    }

    fn numbers(&self) -> Vec<f64> {
        self.strides.iter().map(|(_, v)| *v).collect()
    }

    fn unit(&self) -> &str {
        &self.samples[0].metric.unit
    }

    fn quantity(&self, value: f64, uncertainty: f64) -> Quantity {
        let n = if self.strides.is_empty() {
            self.samples.iter().map(|s| s.metric.n).sum()
        } else {
            self.strides.len()
        };
        Quantity {
            value,
            uncertainty,
            unit: self.unit().to_owned(),
            metric: self.samples[0].metric.id.clone(),
            strides: self.strides.clone(),
            n,
            counts_strides: !self.strides.is_empty(),
            sides: None,
            within_noise: false,
            approximate: self.samples.iter().any(|s| s.metric.approximate),
            assumed: None,
            outcomes: Vec::new(),
        }
    }

    /// The angle between a direction and a reference, degrees, 0 to 180.
    fn distance(&self, reference: f64) -> Quantity {
        let mut quantity = self.quantity(turn(self.value() - reference).abs(), self.uncertainty());
        for (_, value) in &mut quantity.strides {
            *value = turn(*value - reference).abs();
        }
        quantity
    }

    fn at_least(&self, n: usize) -> Result<(), Missing> {
        if self.strides.len() < n { Err(Missing::TooFewStrides(n)) } else { Ok(()) }
    }

    fn best(&self, beyond: Beyond) -> Result<Quantity, Missing> {
        self.at_least(FEW)?;
        let mut numbers = self.numbers();
        numbers.sort_by(|a, b| beyond.excess(*a, *b).total_cmp(&0.0));
        let measurement = self.uncertainty();
        Ok(self.quantity(mean(&numbers[..FEW]), measurement))
    }

    /// The last third less the first, with the spread within the thirds.
    fn thirds(&self, resolution: Resolution) -> Result<Quantity, Missing> {
        self.at_least(THIRDS)?;
        let numbers = self.numbers();
        let k = numbers.len() / 3;
        let (first, last) = (&numbers[..k], &numbers[numbers.len() - k..]);
        let uncertainty = step_noise(&numbers) * (2.0 / k as f64).sqrt();
        let unseen = resolution.between_thirds(self.unit()) * mean(first);
        Ok(self.quantity(mean(last) - mean(first), uncertainty.hypot(unseen)))
    }

    fn decay(&self, resolution: Resolution) -> Result<Quantity, Missing> {
        self.at_least(THIRDS)?;
        let numbers = self.numbers();
        let last = mean(&numbers[numbers.len() - numbers.len() / 3..]);
        let best = numbers.windows(FEW).map(mean).fold(f64::NEG_INFINITY, f64::max);
        if best <= 0.0 {
            return Err(Missing::NothingToCompare);
        }
        let k = (numbers.len() / 3) as f64;
        let noise = 100.0 * step_noise(&numbers) / best * (1.0 / k + 1.0 / FEW as f64).sqrt();
        let unseen = 100.0 * resolution.between_thirds(self.unit());
        let quantity = self.quantity(100.0 * (1.0 - last / best), noise.hypot(unseen));
        Ok(Quantity { unit: "%".to_owned(), ..quantity })
    }

    /// Mean resultant length of directions in degrees; its error is that of a concentrated circular sample.
    fn agreement(&self) -> Result<Quantity, Missing> {
        self.at_least(FEW)?;
        let numbers = self.numbers();
        let part = |f: fn(f64) -> f64| mean(&numbers.iter().map(|d| f(d.to_radians())).collect::<Vec<_>>());
        let length = part(f64::cos).hypot(part(f64::sin));
        let uncertainty = (1.0 - length * length) / (2.0 * numbers.len() as f64).sqrt();
        Ok(Quantity { unit: String::new(), ..self.quantity(length, uncertainty) })
    }

    /// Share of strides beyond a threshold, percent. The error of measurement is common to all strides, so that it moves them
    /// over the threshold together; for each size of it the share of so many strides has its own spread.
    fn share(&self, beyond: Beyond, threshold: f64) -> Result<Quantity, Missing> {
        self.at_least(1)?;
        let numbers = self.numbers();
        let n = numbers.len() as f64;
        // What the spread of the strides adds to the error of their mean is no stride's error.
        let of_spread = standard_error(sd(&numbers), numbers.len());
        let common = (self.uncertainty().powi(2) - of_spread.powi(2)).max(0.0).sqrt();
        let at = |error: f64| {
            let counted =
                numbers.iter().filter(|v| beyond.excess(**v + error, threshold) > 0.0).count() as f64;
            // As Agresti and Coull (1998) have it: none of a few strides beyond is no proof that none ever is.
            let likely = (counted + 0.5 * AGRESTI_COULL) / (n + AGRESTI_COULL);
            let spread = (likely * (1.0 - likely) / (n + AGRESTI_COULL)).sqrt();
            [100.0 * counted / n, 100.0 * spread]
        };
        let steps = (-ERROR_STEPS..=ERROR_STEPS).map(|k| f64::from(k) / f64::from(ERROR_STEPS) * ERROR_REACH);
        let outcome = |z: f64| {
            let [value, spread] = at(z * common);
            Outcome { value, spread, weight: (-0.5 * z * z).exp() }
        };
        let outcomes: Vec<Outcome> = steps.map(outcome).collect();
        let [value, _] = at(0.0);
        let off = |o: &Outcome| (o.value - value).powi(2) + o.spread.powi(2);
        let uncertainty = Outcome::mean(&outcomes, off).sqrt();
        Ok(Quantity { unit: "%".to_owned(), outcomes, ..self.quantity(value, uncertainty) })
    }
}

/// Left against right: the size of the difference, told from chance by Exell's principle and from the camera's
/// nearness to one side.
fn sides(statistic: Statistic, samples: &[Sample], resolution: Resolution) -> Result<Quantity, Missing> {
    let [left, right] = [crate::skeleton::Side::Left, crate::skeleton::Side::Right]
        .map(|side| samples.iter().find(|s| s.side == Some(side)));
    let (Some(left), Some(right)) = (left, right) else {
        return Err(Missing::NotMeasured(NotMeasured::OneSideOnly));
    };
    if left.strides.len() < FEW || right.strides.len() < FEW {
        return Err(Missing::TooFewStrides(FEW));
    }
    let numbers = |s: &Sample| -> Vec<f64> { s.strides.iter().map(|(_, v)| *v).collect() };
    let (l, r) = (numbers(left), numbers(right));
    let centre = 0.5 * (mean(&l) + mean(&r));
    let unit = left.metric.unit.as_str();
    let percent = statistic == Statistic::SideDifferencePercent;
    if percent && centre.abs() < f64::EPSILON {
        return Err(Missing::NothingToCompare);
    }
    let scale = if percent { 100.0 / centre.abs() } else { 1.0 };
    let difference = scale * (mean(&r) - mean(&l)).abs();
    let error = scale * (sd(&l).powi(2) / l.len() as f64 + sd(&r).powi(2) / r.len() as f64).sqrt();
    let id = left.metric.id.as_str();
    let factor = if row(id).is_some_and(Row::is_of_leg) { resolution.leg_error_factor } else { 1.0 };
    let bias = match (unit, percent) {
        ("deg", _) => (factor * NEAR_FAR_DEG).hypot(doubted_deg(id, resolution.contacts_doubted)),
        ("s", _) => {
            let doubted = times_in_difference(id) * resolution.contacts_doubted.0;
            scale * (EVENTS_APART * resolution.frame_s).hypot(doubted)
        }
        _ => scale * (factor * NEAR_FAR_PERCENT / 100.0 * centre.abs()).max(stated([left, right])),
    };
    let pooled = Pooled::new(samples);
    let quantity = pooled.quantity(difference, error.hypot(bias));
    let own = SideValues {
        left: mean(&l),
        right: mean(&r),
        unit: quantity.unit.clone(),
        outcomes: None,
        farther: None,
    };
    let unit = if percent { "%".to_owned() } else { quantity.unit.clone() };
    Ok(Quantity {
        unit,
        sides: Some(own),
        within_noise: difference <= EXELL * error || difference <= bias,
        ..quantity
    })
}

/// What the lengths of both sides are unsure by themselves: one side's steps look longer where the tracks of the feet are
/// not known (docs/science.md D3).
fn stated(sides: [&Sample; 2]) -> f64 {
    let [left, right] = sides.map(|s| s.metric.uncertainty.unwrap_or(0.0));
    left.hypot(right)
}

/// The same direction in [-180, 180) degrees.
fn turn(degrees: f64) -> f64 {
    degrees - 360.0 * ((degrees + 180.0) / 360.0).floor()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|v| (v - centre).powi(2)).sum();
    (squares / (values.len().max(2) - 1) as f64).sqrt()
}

/// Noise of single values about a trend: of the differences of neighbours, over the root of two.
fn step_noise(values: &[f64]) -> f64 {
    let steps: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
    sd(&steps) / std::f64::consts::SQRT_2
}
