//! Order statistics on plain numbers, for the modules of this house that judge robustly.

/// Scales a median absolute deviation to a standard deviation of normal noise: 1 / 0.6745.
pub const MAD_TO_SD: f64 = 1.4826;

/// The value below which `share` (0 to 1) of the values lie, linear between ranks; none without values.
#[must_use]
pub fn quantile(values: impl IntoIterator<Item = f64>, share: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    if sorted.is_empty() {
        return None;
    }
    sorted.sort_by(f64::total_cmp);
    let rank = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    Some(low + (high - low) * rank.fract())
}

/// The middle value; none without values.
#[must_use]
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    quantile(values, 0.5)
}

/// Standard deviation of normal noise estimated from the median absolute deviation; none without values.
#[must_use]
pub fn robust_sd(values: &[f64]) -> Option<f64> {
    let middle = median(values.iter().copied())?;
    median(values.iter().map(|v| (v - middle).abs())).map(|mad| mad * MAD_TO_SD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_ramp_are_its_shares() {
        let ramp = || (0..=100).map(f64::from);
        assert_eq!(quantile(ramp(), 0.75), Some(75.0));
        assert_eq!(median(ramp()), Some(50.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn one_wild_value_does_not_move_the_robust_deviation() {
        let calm: Vec<f64> = (0..101).map(f64::from).collect();
        let mut wild = calm.clone();
        wild[0] = 1e9;
        let (a, b) = (robust_sd(&calm).unwrap_or(0.0), robust_sd(&wild).unwrap_or(0.0));
        assert!((a - b).abs() < 2.0, "{a} against {b}");
    }
}
