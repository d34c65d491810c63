//! From frame times, which phones vary, to even samples, and back for output.

use crate::frame::Warning;
use crate::geometry::Point;
use crate::signal::gaps::Knots;
use crate::signal::series::{Sample, Series, TimeBase};
use crate::signal::statistics::median;
use crate::units::{Hertz, Seconds};

/// A frame this close to a sample's time is that sample: containers round timestamps to a millisecond or to 1/90000 s.
const TIMESTAMP_ROUNDING: Seconds = Seconds(0.0015);
/// Even frames may drift against the even grid by this share of a step before values are interpolated.
const SNAP_SHARE_OF_STEP: f64 = 0.02;
/// A step longer than this many medians skips a frame.
const ORDINARY_STEPS: f64 = 1.5;
/// Rate assumed for a clip of fewer than two frames, where none can be measured.
const RATE_OF_ONE_FRAME: Hertz = Hertz(30.0);

/// With more frames left out, ten minutes at 60 a second, or a faster camera, times are taken for damaged or in another unit: what
/// is left out takes memory too [default].
const MOST_LEFT_OUT: f64 = 36_000.0;
const FASTEST_RATE: Hertz = Hertz(2000.0);

/// Why nothing can be measured over these times; none where it can.
#[must_use]
pub fn unusable_times(times: impl Iterator<Item = Seconds>) -> Option<Warning> {
    let times: Vec<Seconds> = times.collect();
    let told = |what: String, hint| Some(Warning::new("times_unusable", what, hint));
    let seconds = "Give times in seconds that grow from frame to frame.";
    if let Some(frame) = times.iter().position(|t| !t.0.is_finite()) {
        return told(format!("The time of frame {frame} is not a number."), seconds);
    }
    let steps = || times.windows(2).map(|w| w[1].0 - w[0].0);
    if let Some(frame) = steps().position(|step| step <= 0.0) {
        return told(format!("Frame {} is not later than the one before.", frame + 1), seconds);
    }
    let step = usual_step(&times)?;
    if step * FASTEST_RATE.0 < 1.0 {
        let what = format!("The times tell of {:.0} frames a second, which no camera takes.", step.recip());
        return told(what, seconds);
    }
    let longest = (0..times.len() - 1).max_by(|&a, &b| {
        let step = |i: usize| (times[i + 1] - times[i]).0;
        step(a).total_cmp(&step(b))
    })?;
    let (first, last) = (times[0], times[times.len() - 1]);
    if (last - first).0 / step - times.len() as f64 > MOST_LEFT_OUT {
        let (from, to) = (times[longest].0, times[longest + 1].0);
        let what = format!("The times jump, as from {from:.1} s to {to:.1} s after frame {longest}.");
        return told(what, "Analyse the parts by themselves, or put the times right.");
    }
    None
}

/// Even times over the same span at the clip's own rate: one step is the usual time between frames, stretched so
/// that a whole number of steps fits.
#[must_use]
pub fn time_base(times: &[Seconds]) -> TimeBase {
    let start = times.first().copied().unwrap_or_default();
    let span = times.last().map_or(0.0, |t| t.0 - start.0);
    let Some(step) = usual_step(times) else {
        return TimeBase { start, rate: RATE_OF_ONE_FRAME, len: times.len() };
    };
    let steps = (span / step).round().max(1.0);
    TimeBase { start, rate: Hertz(steps / span), len: steps as usize + 1 }
}

/// The series at the even times. Where a frame lies on a sample's time its value is taken as it is.
#[must_use]
pub fn to_even<S>(times: &[Seconds], series: &Series<Point<S>>, base: &TimeBase) -> Series<Point<S>> {
    let knots = Knots::of(times, series);
    let at = |i: usize| -> Option<Sample<Point<S>>> {
        let time = base.at(i);
        match frame_at(times, time, base.step()) {
            Some(frame) => series.get(frame).or_else(|| knots.at(time, base.step())),
            None => knots.at(time, base.step()),
        }
    };
    Series::new((0..base.len).map(at).collect())
}

/// Where each frame lies among the samples.
#[must_use]
pub fn frame_positions(times: &[Seconds], base: &TimeBase) -> Vec<f64> {
    let snap = snap(base.step()) * base.rate.0;
    let snapped = |p: f64| if (p - p.round()).abs() <= snap { p.round() } else { p };
    times.iter().map(|&t| snapped(base.position(t)).clamp(0.0, base.len.saturating_sub(1) as f64)).collect()
}

/// An even series at a place between two samples; at the nearer one where the other is missing.
#[must_use]
pub fn at_position<T: Copy>(
    series: &Series<T>,
    position: f64,
    mix: impl FnOnce(T, T, f64) -> T,
) -> Option<Sample<T>> {
    let (low, share) = (position.floor() as usize, position.fract());
    let nearest = series.get(position.round() as usize)?;
    match (series.get(low), series.get(low + 1)) {
        (Some(a), Some(b)) if share > 0.0 => Some(a.with(b, |x, y| mix(x, y, share))),
        _ => Some(nearest),
    }
}

/// Usual time between frames: the mean of those that are not dropped frames, which timestamps rounded to a millisecond
/// do not bias as they do the median. None for fewer than two frames.
#[must_use]
pub fn usual_step(times: &[Seconds]) -> Option<f64> {
    let steps = || times.windows(2).map(|w| w[1].0 - w[0].0).filter(|&s| s > 0.0);
    let longest = ORDINARY_STEPS * median(steps())?;
    let (sum, n) = steps().filter(|&s| s <= longest).fold((0.0, 0.0), |(sum, n), s| (sum + s, n + 1.0));
    Some(sum / n)
}

fn snap(step: Seconds) -> f64 {
    TIMESTAMP_ROUNDING.0.min(step.0 / 4.0).max(SNAP_SHARE_OF_STEP * step.0)
}

/// The frame whose time is `time`, within the rounding of timestamps.
fn frame_at(times: &[Seconds], time: Seconds, step: Seconds) -> Option<usize> {
    let after = times.partition_point(|t| t.0 < time.0);
    let near = |i: &usize| times.get(*i).is_some_and(|t| (t.0 - time.0).abs() <= snap(step));
    [after.checked_sub(1), Some(after)].into_iter().flatten().find(near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Ground;
    use crate::signal::series::Source;
    use crate::units::Confidence;

    fn measured(f: impl Fn(f64) -> f64, times: &[Seconds]) -> Series<Point<Ground>> {
        let sample = |t: &Seconds| Sample {
            value: Point::new(f(t.0), 0.0),
            confidence: Confidence::FULL,
            source: Source::Measured,
        };
        Series::new(times.iter().map(|t| Some(sample(t))).collect())
    }

    #[test]
    fn even_frames_with_rounded_timestamps_stay_as_they_are() {
        let times: Vec<Seconds> = (0..90).map(|i| Seconds((f64::from(i) / 0.03).round() / 1000.0)).collect();
        let base = time_base(&times);
        assert_eq!(base.len, 90);
        assert!((base.rate.0 - 30.0).abs() < 0.01);
        let series = measured(|t| (40.0 * t).sin(), &times);
        assert_eq!(to_even(&times, &series, &base), series);
    }

    #[test]
    fn times_that_no_camera_has_are_refused_and_those_of_clips_are_not() {
        let of = |f: &dyn Fn(usize) -> f64| unusable_times((0..90).map(|i| Seconds(f(i)))).map(|w| w.message);
        let even = |i: usize| i as f64 / 30.0;
        assert_eq!(of(&even), None);
        assert_eq!(of(&|i| even(i) + if i < 40 { 0.0 } else { 90.0 }), None, "a rest may be left out");
        assert_eq!(of(&|i| even(i) / 30.0), None, "900 frames a second");
        let refused: [(&dyn Fn(usize) -> f64, &str); 5] = [
            (
                &|i| even(i) + if i < 89 { 0.0 } else { 200_000.0 },
                "jump, as from 2.9 s to 200003.0 s after frame 88",
            ),
            (&|i| 1e-9 * even(i), "no camera takes"),
            (&|i| if i < 89 { even(i) } else { f64::INFINITY }, "time of frame 89 is not a number"),
            (&|i| -even(i), "Frame 1 is not later"),
            (&|i| if i == 5 { f64::NAN } else { even(i) }, "time of frame 5"),
        ];
        for (times, words) in refused {
            let told = of(times).expect(words);
            assert!(told.contains(words), "{told}");
        }
    }

    #[test]
    fn a_slow_curve_at_varying_times_comes_out_even() {
        let times: Vec<Seconds> =
            (0..120).map(|i| Seconds(f64::from(i) / 30.0 + 0.006 * f64::from(i * 7 % 5))).collect();
        let base = time_base(&times);
        let out = to_even(&times, &measured(|t| (6.0 * t).sin(), &times), &base);
        // Interpolating 1 Hz at 30 fps by a monotone cubic errs by under 1 % of the amplitude.
        for (i, p) in out.present() {
            assert!((p.x - (6.0 * base.at(i).0).sin()).abs() < 0.01);
        }
        assert_eq!(out.present().count(), base.len);
    }

    #[test]
    fn dropped_frames_become_samples_that_say_they_are_filled_in() {
        let times: Vec<Seconds> =
            (0..60).filter(|i| !(20..22).contains(i)).map(|i| Seconds(f64::from(i) / 30.0)).collect();
        let base = time_base(&times);
        let out = to_even(&times, &measured(|t| t, &times), &base);
        assert_eq!(base.len, 60);
        assert_eq!(out.get(20).map(|s| s.source), Some(Source::Interpolated));
        assert!((frame_positions(&times, &base)[20] - 22.0).abs() < 1e-9);
    }
}
