//! A uniformly sampled series whose every sample knows where it comes from. Missing is `None`.

use crate::units::{Confidence, Hertz, Seconds};
use std::ops::Range;

/// Where a sample comes from. A missing sample is no sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Seen by the model, perhaps smoothed since.
    Measured,
    /// Filled in across a short gap.
    Interpolated,
}

impl Source {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Interpolated => "interpolated",
        }
    }

    /// A quantity made of two samples is only measured where both are.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        if self == Self::Measured { other } else { self }
    }
}

/// A value with its confidence and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<T> {
    /// The value.
    pub value: T,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Sample<T> {
    /// Another quantity computed from this one alone.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Sample<U> {
        Sample { value: f(self.value), confidence: self.confidence, source: self.source }
    }

    /// A quantity computed from two samples: as weak as the weaker.
    pub fn with<U, V>(self, other: Sample<U>, f: impl FnOnce(T, U) -> V) -> Sample<V> {
        Sample {
            value: f(self.value, other.value),
            confidence: self.confidence.weaker(other.confidence),
            source: self.source.weaker(other.source),
        }
    }
}

/// When the samples of every series of one movement were taken: evenly, `len` of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeBase {
    /// Time of sample 0.
    pub start: Seconds,
    /// Samples per second, > 0.
    pub rate: Hertz,
    /// Number of samples.
    pub len: usize,
}

impl TimeBase {
    /// Time of a sample.
    #[must_use]
    pub fn at(&self, index: usize) -> Seconds {
        self.at_position(index as f64)
    }

    /// Time of a place between samples.
    #[must_use]
    pub fn at_position(&self, position: f64) -> Seconds {
        Seconds(self.start.0 + position / self.rate.0)
    }

    /// The place of a time, in samples, perhaps between two or outside.
    #[must_use]
    pub fn position(&self, time: Seconds) -> f64 {
        (time.0 - self.start.0) * self.rate.0
    }

    /// The sample nearest to a time, kept inside; none without samples.
    #[must_use]
    pub fn nearest(&self, time: Seconds) -> Option<usize> {
        let last = self.len.checked_sub(1)?;
        Some((self.position(time).round().max(0.0) as usize).min(last))
    }

    /// Time between two samples.
    #[must_use]
    pub fn step(&self) -> Seconds {
        Seconds(1.0 / self.rate.0)
    }

    /// The samples from one time (included) to another (excluded), kept inside.
    #[must_use]
    pub fn range(&self, from: Seconds, to: Seconds) -> Range<usize> {
        let clip = |t| (self.position(t) - 1e-9).ceil().clamp(0.0, self.len as f64) as usize;
        clip(from)..clip(to).max(clip(from))
    }
}

/// Samples of one quantity on a time base kept elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T> {
    samples: Vec<Option<Sample<T>>>,
}

impl<T: Copy> Series<T> {
    /// All missing.
    #[must_use]
    pub fn missing(len: usize) -> Self {
        Self { samples: vec![None; len] }
    }

    /// From its samples.
    #[must_use]
    pub fn new(samples: Vec<Option<Sample<T>>>) -> Self {
        Self { samples }
    }

    /// How many samples, missing ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is not one sample, missing ones included.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// A sample; none where missing or outside.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Sample<T>> {
        self.samples.get(index).copied().flatten()
    }

    /// A value; none where missing or outside.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<T> {
        self.get(index).map(|s| s.value)
    }

    /// Sets or clears a sample; outside, nothing happens.
    pub fn set(&mut self, index: usize, sample: Option<Sample<T>>) {
        if let Some(slot) = self.samples.get_mut(index) {
            *slot = sample;
        }
    }

    /// Every sample in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Option<Sample<T>>> + '_ {
        self.samples.iter().copied()
    }

    /// The values present, in order, with their indices.
    #[must_use]
    pub fn present(&self) -> impl DoubleEndedIterator<Item = (usize, T)> + '_ {
        self.samples.iter().enumerate().filter_map(|(i, s)| s.map(|s| (i, s.value)))
    }

    /// Another quantity computed sample by sample.
    #[must_use]
    pub fn map<U: Copy>(&self, mut f: impl FnMut(T) -> U) -> Series<U> {
        Series { samples: self.samples.iter().map(|s| s.map(|s| s.map(&mut f))).collect() }
    }

    /// A quantity computed from two series: missing where either is.
    #[must_use]
    pub fn with<U: Copy, V: Copy>(&self, other: &Series<U>, mut f: impl FnMut(T, U) -> V) -> Series<V> {
        Series { samples: self.iter().zip(other.iter()).map(|(a, b)| Some(a?.with(b?, &mut f))).collect() }
    }

    /// Share of samples in `range` that were measured, 0 to 1; 0 for an empty range.
    #[must_use]
    pub fn measured_share(&self, range: Range<usize>) -> f64 {
        let n = range.len();
        let measured = range.filter(|&i| self.get(i).is_some_and(|s| s.source == Source::Measured)).count();
        if n == 0 { 0.0 } else { measured as f64 / n as f64 }
    }

    /// Mean confidence over `range`, a missing sample counting as 0; 0 for an empty range.
    #[must_use]
    pub fn mean_confidence(&self, range: Range<usize>) -> Confidence {
        let n = range.len().max(1) as f32;
        Confidence::new(range.filter_map(|i| self.get(i)).map(|s| s.confidence.value()).sum::<f32>() / n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(value: f64, source: Source) -> Option<Sample<f64>> {
        Some(Sample { value, confidence: Confidence::new(0.8), source })
    }

    #[test]
    fn two_series_give_a_third_only_where_both_are_present() {
        let a = Series::new(vec![sample(1.0, Source::Measured), None, sample(3.0, Source::Interpolated)]);
        let b = Series::new(vec![sample(1.0, Source::Measured); 3]);
        let sum = a.with(&b, |x, y| x + y);
        assert_eq!(sum.value(0), Some(2.0));
        assert_eq!(sum.get(1), None);
        assert_eq!(sum.get(2).map(|s| s.source), Some(Source::Interpolated));
        assert!((sum.measured_share(0..3) - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_range_of_times_holds_its_start_and_not_its_end() {
        let base = TimeBase { start: Seconds(1.0), rate: Hertz(10.0), len: 20 };
        assert_eq!(base.range(Seconds(1.2), Seconds(1.5)), 2..5);
        assert_eq!(base.range(Seconds(0.0), Seconds(9.0)), 0..20);
        assert_eq!(base.nearest(Seconds(1.26)), Some(3));
    }
}
