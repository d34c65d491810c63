//! Means, spreads and percentiles of a few numbers. None where there are too few.

use crate::signal::statistics::{self, MAD_TO_SD};

/// Scaled median absolute deviations beyond which a stride does not count in the mean (Hampel's identifier).
const OUTLIER_MADS: f64 = 3.0;
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

/// One standard deviation of the mean of so many numbers whose spread is known from themselves alone: the spread over
/// root n, widened to the 68 % of Student's distribution (Abramowitz and Stegun 1964, 26.7.5, at one standard
/// deviation; JCGM 100:2008, G.3). Two numbers that happen to agree are no proof of a small spread.
#[must_use]
pub fn standard_error(sd: f64, n: usize) -> f64 {
    let freedom = n.saturating_sub(1).max(1) as f64;
    let student = 1.0 + 0.5 / freedom + 0.25 / freedom.powi(2) + 0.0625 / freedom.powi(3);
    student * sd / (n.max(1) as f64).sqrt()
}

/// A percentile (0 to 100) by linear interpolation between order statistics; none of nothing.
#[must_use]
pub fn percentile(numbers: &[f64], percent: f64) -> Option<f64> {
    statistics::quantile(numbers.iter().copied(), percent / 100.0)
}

/// The median; none of nothing.
#[must_use]
pub fn median(numbers: &[f64]) -> Option<f64> {
    percentile(numbers, 50.0)
}

/// Durations that follow each other share their ends: a contact that is off by a frame makes one stride shorter and the
/// next as much longer, which a mean of both does not feel. So a duration within this share of the median stays: a frame
/// of thirty a second in a stride of 0.55 s, the quickest here, and two in one of a second. Further off, a contact was
/// missed, seen twice or guessed [default].
const SHARED_END: f64 = 0.06;

/// The mean of those numbers that are no outliers; none of nothing.
#[must_use]
pub fn robust_mean(numbers: &[f64]) -> Option<f64> {
    mean_within(&[numbers], 0.0)
}

/// The mean of all numbers that are no outliers of their own group: where the groups differ, the smaller one is none.
#[must_use]
pub fn robust_mean_of(groups: &[&[f64]]) -> Option<f64> {
    mean_within(groups, 0.0)
}

/// The mean of durations one after the other, without those that are no single stride; none of nothing.
#[must_use]
pub fn mean_duration(durations: &[f64]) -> Option<f64> {
    mean_within(&[durations], SHARED_END)
}

/// The mean of those numbers that are no outliers, nor further off than a share of the median: each lies as far off as it does from
/// the median of its group, beside how far all of them do.
fn mean_within(groups: &[&[f64]], share: f64) -> Option<f64> {
    let off = |numbers: &&[f64]| -> Vec<(f64, f64, f64)> {
        let centre = median(numbers).unwrap_or_default();
        numbers.iter().map(|x| (*x, (x - centre).abs(), share * centre.abs())).collect()
    };
    let all: Vec<(f64, f64, f64)> = groups.iter().flat_map(off).collect();
    let limit = if all.len() < ROBUST_FROM {
        f64::INFINITY
    } else {
        OUTLIER_MADS * MAD_TO_SD * median(&all.iter().map(|(_, away, _)| *away).collect::<Vec<_>>())?
    };
    let kept = all.iter().filter(|(_, away, within)| *away <= limit.max(*within));
    mean(&kept.map(|(x, ..)| *x).collect::<Vec<_>>())
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
    fn a_leg_that_is_unlike_the_other_is_no_outlier() {
        let (left, right) = (vec![34.0, 33.5, 34.5, 34.0, 60.0], vec![19.0, 20.0, 19.5, 19.5, 19.0, 20.0]);
        let both = robust_mean_of(&[&left, &right]).unwrap_or_default();
        assert!((both - (4.0 * 34.0 + 6.0 * 19.5) / 10.0).abs() < 1e-9, "{both}");
        assert_eq!(robust_mean_of(&[&right, &[]]), robust_mean(&right));
        // Few strides of a leg are held against those of both.
        let few: [&[f64]; 2] = [&[50.0, 51.0, 49.0, 50.0], &[50.0, 52.0, 48.0, 120.0]];
        assert!((robust_mean_of(&few).unwrap_or_default() - 50.0).abs() < 1e-9);
        assert_eq!(robust_mean_of(&[&[], &[]]), None);
    }

    #[test]
    fn a_misplaced_contact_does_not_move_the_mean_of_durations_and_a_missed_one_is_left_out() {
        let durations = [1.0, 1.0, 1.0, 0.95, 1.05, 1.0, 1.0];
        assert!((mean_duration(&durations).unwrap_or_default() - 1.0).abs() < 1e-12);
        let missed = [1.0, 1.0, 2.0, 0.95, 1.05, 1.0, 1.0];
        assert!((mean_duration(&missed).unwrap_or_default() - 1.0).abs() < 1e-12);
        // At the end of a clip the neighbour is not there; then it counts as much as every other.
        let last = [1.0, 1.0, 1.0, 1.0, 1.0, 0.95];
        assert!((mean_duration(&last).unwrap_or_default() - 0.991_666).abs() < 1e-5);
    }

    /// 84.13 % quantiles of Student's distribution.
    #[test]
    fn few_numbers_are_trusted_as_little_as_student_says() {
        for (freedom, quantile) in [(1, 1.837), (2, 1.321), (3, 1.197), (5, 1.111), (10, 1.053), (30, 1.017)]
        {
            let n = freedom + 1;
            let factor = standard_error(1.0, n) * (n as f64).sqrt();
            assert!((factor / quantile - 1.0).abs() < 0.015, "{factor} for {freedom}");
        }
    }

    #[test]
    fn percentiles_interpolate() {
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 25.0), Some(1.5));
        assert!((sd(&[1.0, 2.0, 3.0]).unwrap_or_default() - 1.0).abs() < 1e-12);
    }
}
