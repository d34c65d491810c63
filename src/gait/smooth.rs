//! Zero-phase smoothing of a sampled quantity with gaps: a straight line fitted round every sample, near samples
//! counting more (Cleveland 1979). It needs no padding at the ends and no filling of gaps.

/// How far the weights reach, in standard deviations; beyond it a Gaussian weighs less than 1.2 %.
const REACH: f64 = 3.0;
/// Share of the full weight that must be present for a value: half, so that nothing is invented in a long gap.
const MIN_SHARE: f64 = 0.5;

/// Standard deviation in seconds of the Gaussian whose gain is 0.707 at `cutoff_hz`: sqrt(ln 2) / (2 pi f).
pub(super) fn sigma_for_cutoff_s(cutoff_hz: f64) -> f64 {
    std::f64::consts::LN_2.sqrt() / (std::f64::consts::TAU * cutoff_hz)
}

/// Value and slope per sample of the local line at every sample; none inside long gaps.
pub(super) fn local_lines(values: &[Option<f64>], sigma_samples: f64) -> Vec<Option<(f64, f64)>> {
    (0..values.len()).map(|i| local_line(values, i, sigma_samples)).collect()
}

/// The smoothed values alone.
pub(super) fn smooth(values: &[Option<f64>], sigma_samples: f64) -> Vec<Option<f64>> {
    local_lines(values, sigma_samples).into_iter().map(|line| line.map(|(value, _)| value)).collect()
}

fn local_line(values: &[Option<f64>], at: usize, sigma: f64) -> Option<(f64, f64)> {
    let sigma = sigma.max(0.3);
    let reach = (REACH * sigma).ceil().max(1.0) as usize;
    let (mut all, mut w, mut wt, mut wtt, mut wx, mut wtx) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let from = at.saturating_sub(reach);
    for (k, value) in values[from..(at + reach + 1).min(values.len())].iter().enumerate() {
        let t = (from + k) as f64 - at as f64;
        let weight = (-0.5 * (t / sigma).powi(2)).exp();
        all += weight;
        if let Some(x) = value {
            w += weight;
            wt += weight * t;
            wtt += weight * t * t;
            wx += weight * x;
            wtx += weight * t * x;
        }
    }
    let determinant = w * wtt - wt * wt;
    if w < MIN_SHARE * all || determinant < 1e-9 * w * w {
        return None;
    }
    Some(((wtt * wx - wt * wtx) / determinant, (w * wtx - wt * wx) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_short_gap_comes_back_whole() {
        let mut line: Vec<Option<f64>> = (0..40).map(|i| Some(2.0 + 0.5 * f64::from(i))).collect();
        line[20] = None;
        for (i, l) in local_lines(&line, 2.0).into_iter().enumerate() {
            let (value, slope) = l.expect("one missing sample is bridged");
            assert!((value - (2.0 + 0.5 * i as f64)).abs() < 1e-9 && (slope - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn a_long_gap_stays_a_gap() {
        let mut values = vec![Some(1.0); 60];
        values[20..40].fill(None);
        let smoothed = smooth(&values, 2.0);
        assert!(smoothed[25..35].iter().all(Option::is_none));
        assert!(smoothed[..18].iter().all(Option::is_some));
    }

    #[test]
    fn the_gain_at_the_cutoff_is_half_power() {
        let (rate, cutoff) = (240.0, 6.0);
        let wave: Vec<Option<f64>> =
            (0..960).map(|i| Some((std::f64::consts::TAU * cutoff * f64::from(i) / rate).sin())).collect();
        let out = smooth(&wave, sigma_for_cutoff_s(cutoff) * rate);
        let peak = out[240..720].iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!((peak - std::f64::consts::FRAC_1_SQRT_2).abs() < 0.01, "gain {peak}");
    }
}
