//! Short gaps are bridged and say so; long ones stay missing. Nothing is invented beyond the first and last sample.

use crate::geometry::Point;
use crate::signal::series::{Sample, Series, Source};
use crate::units::{Confidence, Seconds};

/// Longest gap bridged by a cubic (Stenum 2021: 120 ms).
pub const LONGEST_CUBIC: Seconds = Seconds(0.12);
/// Longest gap bridged by a straight line (docs/science.md E).
pub const LONGEST_LINEAR: Seconds = Seconds(0.20);
/// A straight line across a longer gap is trusted half as much as the samples beside it: a default.
const LINEAR_TRUST: f32 = 0.5;
/// Times compare with this slack: container timestamps are rounded to a millisecond.
const TIME_SLACK_S: f64 = 0.0015;

/// How a gap is bridged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bridge {
    /// By a monotone cubic.
    Cubic,
    /// By a straight line, with half the trust.
    Linear,
}

impl Bridge {
    /// For a gap of `missing` time (from the last sample to the next, less one frame); none where too long.
    #[must_use]
    pub fn across(missing: Seconds) -> Option<Self> {
        if missing.0 <= LONGEST_CUBIC.0 + TIME_SLACK_S {
            Some(Self::Cubic)
        } else if missing.0 <= LONGEST_LINEAR.0 + TIME_SLACK_S {
            Some(Self::Linear)
        } else {
            None
        }
    }

    /// Confidence of what is filled in between two samples.
    #[must_use]
    pub fn confidence(self, before: Confidence, after: Confidence) -> Confidence {
        let weaker = before.weaker(after);
        match self {
            Self::Cubic => weaker,
            Self::Linear => Confidence::new(weaker.value() * LINEAR_TRUST),
        }
    }
}

/// The series with its short gaps filled; `times` are those of its samples, `step` the usual time between two.
#[must_use]
pub fn fill<S>(times: &[Seconds], step: Seconds, series: &Series<Point<S>>) -> Series<Point<S>> {
    let knots = Knots::of(times, series);
    let mut out = series.clone();
    for (i, &time) in times.iter().enumerate() {
        if series.get(i).is_none() {
            out.set(i, knots.at(time, step));
        }
    }
    out
}

/// The samples present, with their times, to interpolate between.
pub struct Knots<S> {
    times: Vec<f64>,
    samples: Vec<Sample<Point<S>>>,
}

impl<S> Knots<S> {
    /// From a series and the times of its samples.
    #[must_use]
    pub fn of(times: &[Seconds], series: &Series<Point<S>>) -> Self {
        let present = || series.iter().zip(times).filter_map(|(s, t)| Some((t.0, s?)));
        Self { times: present().map(|(t, _)| t).collect(), samples: present().map(|(_, s)| s).collect() }
    }

    /// The point at a time between two samples, bridged by the rule for the gap it lies in; none outside, or where the
    /// gap is too long. Between neighbours no more than one and a half steps apart nothing is missing: the value counts
    /// as measured.
    #[must_use]
    pub fn at(&self, time: Seconds, step: Seconds) -> Option<Sample<Point<S>>> {
        let next = self.times.partition_point(|&t| t <= time.0);
        let before = next.checked_sub(1)?;
        if next == self.times.len() {
            // On the last sample itself, and nowhere after it.
            return (self.times[before] >= time.0).then(|| self.samples[before]);
        }
        let span = self.times[next] - self.times[before];
        let bridge = Bridge::across(Seconds(span - step.0))?;
        let share = (time.0 - self.times[before]) / span;
        let (a, b) = (self.samples[before], self.samples[next]);
        let value = match bridge {
            Bridge::Cubic => {
                Point::new(self.cubic(before, share, |p| p.x), self.cubic(before, share, |p| p.y))
            }
            Bridge::Linear => a.value.towards(b.value, share),
        };
        let whole = span <= 1.5 * step.0;
        let source = if whole { a.source.weaker(b.source) } else { Source::Interpolated };
        Some(Sample { value, confidence: bridge.confidence(a.confidence, b.confidence), source })
    }

    /// Monotone cubic (Fritsch and Butland 1984) from knot `i` to the next.
    fn cubic(&self, i: usize, share: f64, part: fn(&Point<S>) -> f64) -> f64 {
        let (h, rise) = (self.times[i + 1] - self.times[i], self.rise(i, part));
        let (m0, m1) = (self.slope(i, part).unwrap_or(rise), self.slope(i + 1, part).unwrap_or(rise));
        let (y0, y1) = (part(&self.samples[i].value), part(&self.samples[i + 1].value));
        let (s, s2, s3) = (share, share * share, share * share * share);
        (2.0 * s3 - 3.0 * s2 + 1.0) * y0
            + (s3 - 2.0 * s2 + s) * h * m0
            + (3.0 * s2 - 2.0 * s3) * y1
            + (s3 - s2) * h * m1
    }

    /// Slope of the straight line from knot `i` to the next.
    fn rise(&self, i: usize, part: fn(&Point<S>) -> f64) -> f64 {
        (part(&self.samples[i + 1].value) - part(&self.samples[i].value))
            / (self.times[i + 1] - self.times[i])
    }

    /// Slope at an inner knot: the weighted harmonic mean of its two neighbours' rises, 0 at an extreme; none at the
    /// ends.
    fn slope(&self, i: usize, part: fn(&Point<S>) -> f64) -> Option<f64> {
        if i == 0 || i + 1 >= self.times.len() {
            return None;
        }
        let (h0, h1) = (self.times[i] - self.times[i - 1], self.times[i + 1] - self.times[i]);
        let (r0, r1) = (self.rise(i - 1, part), self.rise(i, part));
        if r0 * r1 <= 0.0 {
            return Some(0.0);
        }
        let (w0, w1) = (2.0 * h1 + h0, h1 + 2.0 * h0);
        Some((w0 + w1) / (w0 / r0 + w1 / r1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Ground;

    const STEP: Seconds = Seconds(1.0 / 30.0);

    fn times(n: usize) -> Vec<Seconds> {
        (0..n).map(|i| Seconds(i as f64 * STEP.0)).collect()
    }

    fn line(n: usize, missing: std::ops::Range<usize>) -> Series<Point<Ground>> {
        let sample = |i: usize| Sample {
            value: Point::new(2.0 * i as f64, 5.0),
            confidence: Confidence::new(0.8),
            source: Source::Measured,
        };
        Series::new((0..n).map(|i| (!missing.contains(&i)).then(|| sample(i))).collect())
    }

    #[test]
    fn a_short_gap_in_a_line_is_filled_with_the_line_and_says_so() {
        let filled = fill(&times(20), STEP, &line(20, 8..11));
        for i in 8..11 {
            let sample = filled.get(i).expect("three frames are 0.1 s");
            assert!((sample.value.x - 2.0 * i as f64).abs() < 1e-9);
            assert_eq!(sample.source, Source::Interpolated);
        }
        assert_eq!(filled.get(7).map(|s| s.source), Some(Source::Measured));
    }

    #[test]
    fn a_longer_gap_is_trusted_half_and_a_long_one_stays() {
        let half = fill(&times(20), STEP, &line(20, 8..13));
        assert_eq!(half.get(9).map(|s| s.confidence), Some(Confidence::new(0.4)));
        let long = fill(&times(20), STEP, &line(20, 8..15));
        assert!((8..15).all(|i| long.get(i).is_none()));
    }

    #[test]
    fn nothing_is_invented_before_the_first_or_after_the_last() {
        let filled = fill(&times(10), STEP, &line(10, 0..2));
        assert_eq!(filled.get(0), None);
        assert_eq!(fill(&times(10), STEP, &line(10, 9..10)).get(9), None);
    }
}
