//! Means, spreads and percentiles of a few numbers. None where there are too few.

/// Scaled median absolute deviations beyond which a stride does not count in the mean (Hampel's identifier).
const OUTLIER_MADS: f64 = 3.0;
/// From the median absolute deviation to the standard deviation of a normal distribution.
const MAD_TO_SD: f64 = 1.4826;
/// Below this many numbers, three deviations say nothing and the plain mean is taken.
const ROBUST_FROM: usize = 5;

/// The mean; none of nothing.
#[must_use]
pub fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

/// The sample standard deviation (n - 1); none below two.
#[must_use]
pub fn sd(numbers: &[f64]) -> Option<f64> {
    let centre = mean(numbers)?;
    let freedom = numbers.len().checked_sub(1).filter(|&n| n > 0)?;
    Some((numbers.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / freedom as f64).sqrt())
}

/// A percentile (0 to 100) by linear interpolation between order statistics; none of nothing.
#[must_use]
pub fn percentile(numbers: &[f64], percent: f64) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = (percent / 100.0).clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64))
}

/// The median; none of nothing.
#[must_use]
pub fn median(numbers: &[f64]) -> Option<f64> {
    percentile(numbers, 50.0)
}

/// The mean of those numbers that are no outliers; none of nothing.
#[must_use]
pub fn robust_mean(numbers: &[f64]) -> Option<f64> {
    if numbers.len() < ROBUST_FROM {
        return mean(numbers);
    }
    let centre = median(numbers)?;
    let away: Vec<f64> = numbers.iter().map(|x| (x - centre).abs()).collect();
    let limit = OUTLIER_MADS * MAD_TO_SD * median(&away)?;
    let kept: Vec<f64> = numbers.iter().copied().filter(|x| (x - centre).abs() <= limit).collect();
    mean(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_mean_and_one_number_no_spread() {
        assert_eq!(mean(&[]), None);
        assert_eq!(median(&[]), None);
        assert_eq!(sd(&[3.0]), None);
    }

    #[test]
    fn one_wild_stride_does_not_move_the_mean() {
        let numbers = [10.0, 10.5, 9.5, 10.2, 9.8, 60.0];
        assert!((robust_mean(&numbers).unwrap_or_default() - 10.0).abs() < 1e-9);
        assert_eq!(robust_mean(&[1.0, 1.0, 1.0, 1.0, 1.0, 9.0]), Some(1.0));
    }

    #[test]
    fn percentiles_interpolate() {
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 25.0), Some(1.5));
        assert!((sd(&[1.0, 2.0, 3.0]).unwrap_or_default() - 1.0).abs() < 1e-12);
    }
}
