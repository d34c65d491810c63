//! Agreement of paired numbers: bias, spread, limits of agreement, intraclass correlation.

use crate::metrics::statistics;

/// Half the width of the limits of agreement in standard deviations (Bland and Altman 1986): 95 % of a normal distribution.
const LIMITS_SDS: f64 = 1.96;

/// Agreement of paired numbers, measured less reference, in their unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Pairs.
    pub n: usize,
    /// Mean difference.
    pub bias: f64,
    /// Mean absolute difference.
    pub mae: f64,
    /// Root of the mean squared difference.
    pub rmse: f64,
    /// Standard deviation of the differences; none below two pairs.
    pub sd: Option<f64>,
    /// Limits of agreement, bias plus and minus 1.96 standard deviations; none below two pairs.
    pub limits: Option<(f64, f64)>,
    /// Intraclass correlation for absolute agreement of single measurements, ICC(A,1) of `McGraw` and Wong 1996, the same
    /// number as ICC(2,1) of Shrout and Fleiss 1979; none below two pairs or where nothing varies.
    pub icc: Option<f64>,
}

impl Agreement {
    /// Of pairs (measured, reference); none of nothing.
    #[must_use]
    pub fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| a - b).collect();
        let bias = statistics::mean(&differences)?;
        let mean_of =
            |f: fn(f64) -> f64| differences.iter().map(|&d| f(d)).sum::<f64>() / differences.len() as f64;
        let sd = statistics::sd(&differences);
        Some(Self {
            n: pairs.len(),
            bias,
            mae: mean_of(f64::abs),
            rmse: mean_of(|d| d * d).sqrt(),
            sd,
            limits: sd.map(|sd| (bias - LIMITS_SDS * sd, bias + LIMITS_SDS * sd)),
            icc: icc(pairs),
        })
    }
}

/// ICC(A,1): two raters, the pairs as subjects.
fn icc(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 2 {
        return None;
    }
    let n = pairs.len() as f64;
    let of = |get: fn(&(f64, f64)) -> f64| pairs.iter().map(get).sum::<f64>() / n;
    let (mean_a, mean_b) = (of(|p| p.0), of(|p| p.1));
    let grand = f64::midpoint(mean_a, mean_b);
    let row = |p: &(f64, f64)| f64::midpoint(p.0, p.1);
    let between: f64 = 2.0 * pairs.iter().map(|p| (row(p) - grand).powi(2)).sum::<f64>();
    let raters = n * ((mean_a - grand).powi(2) + (mean_b - grand).powi(2));
    let total: f64 = pairs.iter().map(|p| (p.0 - grand).powi(2) + (p.1 - grand).powi(2)).sum();
    let error = (total - between - raters).max(0.0);
    // Mean squares of subjects, raters (one degree of freedom) and what is left.
    let (subjects, left) = (between / (n - 1.0), error / (n - 1.0));
    let whole = subjects + left + 2.0 * (raters - left) / n;
    (whole > 0.0).then(|| (subjects - left) / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shrout and Fleiss 1979, table 2, first two of four judges, worked by hand: MSR 8.15, MSC 65.33, MSE 0.93.
    #[test]
    fn icc_is_that_of_a_worked_example() {
        let pairs = [(9.0, 2.0), (6.0, 1.0), (8.0, 4.0), (7.0, 1.0), (10.0, 5.0), (6.0, 2.0)];
        let Some(agreement) = Agreement::of(&pairs) else { panic!("six pairs agree somehow") };
        let row_means = [5.5, 3.5, 6.0, 4.0, 7.5, 4.0];
        let grand: f64 = row_means.iter().sum::<f64>() / 6.0;
        let msr = 2.0 * row_means.iter().map(|m| (m - grand) * (m - grand)).sum::<f64>() / 5.0;
        let msc = 6.0 * ((46.0 / 6.0 - grand) * (46.0 / 6.0 - grand) + (2.5 - grand) * (2.5 - grand));
        let total: f64 =
            pairs.iter().map(|p| (p.0 - grand) * (p.0 - grand) + (p.1 - grand) * (p.1 - grand)).sum();
        let mse = (total - 5.0 * msr - msc) / 5.0;
        let expected = (msr - mse) / (msr + mse + 2.0 * (msc - mse) / 6.0);
        assert!((agreement.icc.unwrap_or_default() - expected).abs() < 1e-12);
        assert!((0.1..0.3).contains(&expected), "{expected}");
    }

    #[test]
    fn equal_numbers_agree_wholly_and_an_offset_shows_as_bias_alone() {
        let equal = Agreement::of(&[(1.0, 1.0), (2.0, 2.0), (5.0, 5.0)]);
        assert_eq!(equal.and_then(|a| a.icc), Some(1.0));
        let Some(off) = Agreement::of(&[(3.0, 1.0), (4.0, 2.0), (7.0, 5.0)]) else { panic!("three pairs") };
        assert_eq!((off.bias, off.mae, off.rmse, off.sd), (2.0, 2.0, 2.0, Some(0.0)));
        assert!(off.icc.is_some_and(|icc| icc < 0.9));
    }

    #[test]
    fn nothing_agrees_with_nothing_and_one_pair_has_no_spread() {
        assert_eq!(Agreement::of(&[]), None);
        assert_eq!(Agreement::of(&[(1.0, 2.0)]).and_then(|a| a.sd), None);
    }
}
