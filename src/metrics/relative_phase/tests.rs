//! Known answers: two cosines of a known phase, with the noise, trend and second harmonic of docs/science.md B6.

use super::*;
use crate::metrics::statistics;

/// Samples per second of a common phone.
const RATE: f64 = 30.0;
/// Strides per second; not a whole number of samples each.
const FREQUENCY: f64 = 0.95;
const ARM_DEG: f64 = 20.0;
const LEG_DEG: f64 = 25.0;

/// Normal numbers with spread 1, the same every time: twelve uniform ones less 6.
struct Normal(u64);

impl Normal {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// What is laid over both cosines: degrees of noise, of trend from first to last sample, share of a second harmonic.
#[derive(Clone, Copy)]
struct Flaws {
    noise_deg: f64,
    trend_deg: f64,
    second: f64,
}

const NONE: Flaws = Flaws { noise_deg: 0.0, trend_deg: 0.0, second: 0.0 };
/// Those of the table in B6.
const TABLE: Flaws = Flaws { noise_deg: 3.0, trend_deg: 10.0, second: 0.25 };

fn pair(phase_deg: f64, strides: f64, flaws: Flaws, random: &mut Normal) -> Pair {
    let n = (strides * RATE / FREQUENCY).round() as usize;
    let (start, harmonics) = (TAU * random.uniform(), [TAU * random.uniform(), TAU * random.uniform()]);
    let mut swing = |amplitude: f64, phase: f64, second: f64| -> Vec<f64> {
        (0..n)
            .map(|i| {
                let turn = TAU * FREQUENCY * i as f64 / RATE + start;
                let clean = (turn + phase).cos() + flaws.second * (2.0 * turn + second).cos();
                12.0 + amplitude * clean
                    + flaws.trend_deg * i as f64 / n as f64
                    + flaws.noise_deg * random.next()
            })
            .collect()
    };
    Pair {
        arm: swing(ARM_DEG, phase_deg.to_radians(), harmonics[0]),
        leg: swing(LEG_DEG, 0.0, harmonics[1]),
        rate: Hertz(RATE),
        frequency: Hertz(FREQUENCY),
        seen: vec![true; n],
    }
}

/// Strides of a pair, one after another from its first sample.
fn strides(pair: &Pair) -> Vec<(f64, f64)> {
    let period = pair.period();
    let n = (pair.arm.len() as f64 / period) as usize;
    (0..n).map(|i| (i as f64 * period, (i + 1) as f64 * period)).collect()
}

/// Distance of two directions, degrees.
fn away(phase: Radians, expected_deg: f64) -> f64 {
    Radians(phase.0 - expected_deg.to_radians()).wrapped().to_degrees().abs()
}

fn told<T>(value: Option<T>) -> T {
    value.unwrap_or_else(|| panic!("enough strides to tell"))
}

#[test]
fn clean_swings_have_the_phase_they_were_given_by_every_method() {
    let mut random = Normal(1);
    for expected in [-135.0, -90.0, 0.0, 45.0, 90.0, 180.0] {
        let pair = pair(expected, 8.0, NONE, &mut random);
        let analytic = pair.analytic();
        let mean = told(analytic.mean());
        // Ends prolonged by a mirror leave a little of the edge.
        assert!(away(mean.mean, expected) < 1.0, "{expected}: {}", mean.mean.to_degrees());
        assert!(mean.concentration > 0.999, "{expected}: {}", mean.concentration);
        let size = told(analytic.mean_size()).to_degrees();
        assert!((size - f64::abs(expected)).abs() < 3.0, "{expected}: {size}");
        assert!(told(analytic.deviation(&strides(&pair))).to_degrees() < 2.0);
        assert!(away(told(pair.lag_phase()), expected) < 2.0, "{expected}");
        // A peak lies on a sample: half a sample either way of each of both.
        let sample_deg = 360.0 * FREQUENCY / RATE;
        assert!(away(told(pair.peak_phase(&strides(&pair))).mean, expected) < sample_deg, "{expected}");
    }
}

#[test]
fn errors_through_noise_trend_and_second_harmonic_are_those_of_the_table() {
    // Of peaks the table has 19.9 to 22.7 whatever the number of strides: their mean.
    let peak = 20.9;
    // Strides, and mean error in degrees by analytic signal and correlation.
    for (count, crp, lag) in [(3.0, 2.2, 6.2), (6.0, 1.7, 5.3)] {
        let mut random = Normal(7);
        let trials = 200_u32;
        let mut errors: [Vec<f64>; 3] = Default::default();
        for _ in 0..trials {
            let expected = 360.0 * random.uniform() - 180.0;
            // A little more, so that rounding to samples leaves that many whole.
            let pair = pair(expected, count + 0.1, TABLE, &mut random);
            let phases = [
                told(pair.analytic().mean()).mean,
                told(pair.lag_phase()),
                told(pair.peak_phase(&strides(&pair))).mean,
            ];
            for (all, phase) in errors.iter_mut().zip(phases) {
                all.push(away(phase, expected));
            }
        }
        for (all, expected) in errors.iter().zip([crp, lag, peak]) {
            let (mean, sd) = told(statistics::mean(all).zip(statistics::sd(all)));
            // Both tables are means of so many trials: two standard errors.
            let chance = 2.0 * sd / f64::from(trials).sqrt();
            assert!(mean <= expected + chance, "{count} strides: {mean} +- {chance}, expected {expected}");
        }
    }
}

#[test]
fn together_and_opposite_are_told_apart_by_vector_coding() {
    let mut random = Normal(3);
    let of = |expected: f64, random: &mut Normal| {
        let mut pair = pair(expected, 9.0, NONE, random);
        // Like amounts: an angle of 45 degrees in the plot of angles.
        pair.arm.iter_mut().for_each(|a| *a *= LEG_DEG / ARM_DEG);
        told(pair.analytic().coupling(&strides(&pair)))
    };
    let (together, opposite, quarter) = (of(0.0, &mut random), of(180.0, &mut random), of(90.0, &mut random));
    assert!(together.in_phase > 0.95 && together.anti_phase < 0.05, "{together:?}");
    assert!(opposite.anti_phase > 0.95 && opposite.in_phase < 0.05, "{opposite:?}");
    // A circle is gone round evenly: a quarter in each pattern.
    assert!(
        (quarter.in_phase - 0.25).abs() < 0.06 && (quarter.anti_phase - 0.25).abs() < 0.06,
        "{quarter:?}"
    );
    assert!(together.variability_deg < 0.1, "{together:?}");
}

#[test]
fn strides_that_differ_vary() {
    let mut random = Normal(4);
    let calm = pair(30.0, 12.0, NONE, &mut random);
    let mut torn = calm.clone();
    // Every second stride's arm comes a sixth of a stride later.
    let late = (calm.period() / 6.0) as usize;
    for (i, value) in torn.arm.iter_mut().enumerate() {
        if (i as f64 / calm.period()) as usize % 2 == 1 {
            *value = calm.arm[i.saturating_sub(late)];
        }
    }
    let of = |p: &Pair| {
        let analytic = p.analytic();
        let coupling = told(analytic.coupling(&strides(p)));
        (
            told(analytic.deviation(&strides(p))).to_degrees(),
            told(analytic.mean()).concentration,
            coupling.variability_deg,
        )
    };
    let (calm, torn) = (of(&calm), of(&torn));
    assert!(torn.0 > 15.0 && calm.0 < 3.0, "{calm:?} {torn:?}");
    assert!(torn.1 < calm.1 - 0.02 && torn.2 > 5.0 * calm.2, "{calm:?} {torn:?}");
}

#[test]
fn what_was_bridged_does_not_count_and_two_strides_have_no_spread() {
    let mut random = Normal(5);
    let mut holed = pair(60.0, 10.0, NONE, &mut random);
    for i in (40..holed.arm.len()).step_by(60) {
        holed.seen[i] = false;
    }
    assert!(away(told(holed.analytic().mean()).mean, 60.0) < 1.0);
    assert!(away(told(holed.lag_phase()), 60.0) < 2.0);
    let whole = told(holed.peak_phase(&strides(&holed))).n;
    assert!(whole < strides(&holed).len(), "strides with a hole have no peak");
    holed.seen.fill(false);
    assert!(holed.analytic().mean().is_none() && holed.lag_phase().is_none());
    let short = pair(60.0, 2.5, NONE, &mut random);
    assert!(short.analytic().deviation(&strides(&short)).is_none());
    assert!(short.analytic().coupling(&strides(&short)).is_none());
    assert!(short.peak_phase(&strides(&short)).is_none());
}
