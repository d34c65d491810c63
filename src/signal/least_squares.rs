//! Least squares of a few unknowns, weighted or robust.

use super::statistics::{MAD_TO_SD, median};

/// Rounds of a robust fit.
pub const ROUNDS: usize = 5;
/// The residual, robust deviations, from which a row does not count (Tukey's biweight).
pub const BIWEIGHT: f64 = 4.685;
/// Residuals below this share of the largest value are rounding.
const ROUNDING: f64 = 1e-9;

/// The unknowns that fit best: each row holds the factors of the unknowns, the value that they should add up to and a weight.
/// None where the rows do not determine them.
#[must_use]
pub fn fit<const N: usize>(rows: impl IntoIterator<Item = ([f64; N], f64, f64)>) -> Option<[f64; N]> {
    let (normal, right) = normal_equations(rows);
    solve(normal, right)
}

fn normal_equations<const N: usize>(
    rows: impl IntoIterator<Item = ([f64; N], f64, f64)>,
) -> ([[f64; N]; N], [f64; N]) {
    let (mut normal, mut right) = ([[0.0; N]; N], [0.0; N]);
    for (row, value, weight) in rows {
        for (i, line) in normal.iter_mut().enumerate() {
            for (entry, factor) in line.iter_mut().zip(&row) {
                *entry += weight * row[i] * factor;
            }
            right[i] += weight * row[i] * value;
        }
    }
    (normal, right)
}

/// The same, and for each unknown how large its standard deviation is where every row of weight 1 has one of 1.
#[must_use]
pub fn fit_with_spread<const N: usize>(
    rows: impl IntoIterator<Item = ([f64; N], f64, f64)>,
) -> Option<([f64; N], [f64; N])> {
    let (normal, right) = normal_equations(rows);
    let found = solve(normal, right)?;
    let mut spread = [0.0; N];
    for (i, spread) in spread.iter_mut().enumerate() {
        let unit = std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 });
        *spread = solve(normal, unit)?[i].max(0.0).sqrt();
    }
    Some((found, spread))
}

/// The same by rows of factors and values, of which some may be wild; with it the robust deviation of the rows from the fit.
#[must_use]
pub fn robust_fit<const N: usize>(rows: &[([f64; N], f64)]) -> Option<([f64; N], f64)> {
    let mut weights = vec![1.0; rows.len()];
    // What rounding leaves of a perfect fit is no reason to drop a row.
    let nothing = ROUNDING * rows.iter().map(|(_, value)| value.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let mut found = None;
    for _ in 0..ROUNDS {
        let weighted = rows.iter().zip(&weights).map(|(&(row, value), &weight)| (row, value, weight));
        // Where hardly a row is left, the rows before had said it all.
        let Some(terms) = fit(weighted) else { break };
        let told = |row: &[f64; N]| row.iter().zip(terms).map(|(factor, term)| factor * term).sum::<f64>();
        let rest: Vec<f64> = rows.iter().map(|(row, value)| value - told(row)).collect();
        let deviation = MAD_TO_SD * median(rest.iter().map(|r| r.abs()))?;
        let reach = (BIWEIGHT * deviation).max(nothing);
        weights = biweights(&rest, reach);
        found = Some((terms, deviation));
    }
    found
}

/// What rows with these residuals count in the next round: 1 with none, nothing from `reach` on.
#[must_use]
pub fn biweights(rest: &[f64], reach: f64) -> Vec<f64> {
    rest.iter().map(|r| (1.0 - (r / reach).powi(2)).max(0.0).powi(2)).collect()
}

/// Gaussian elimination with pivots; none where the equations do not determine the unknowns.
fn solve<const N: usize>(mut m: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    /// A pivot below this is none.
    const NOTHING: f64 = 1e-12;
    for i in 0..N {
        let pivot = (i..N).max_by(|&a, &b| m[a][i].abs().total_cmp(&m[b][i].abs()))?;
        m.swap(i, pivot);
        right.swap(i, pivot);
        if m[i][i].abs() < NOTHING {
            return None;
        }
        let (line, value) = (m[i], right[i]);
        for j in (0..N).filter(|&j| j != i) {
            let factor = m[j][i] / line[i];
            for (a, b) in m[j].iter_mut().zip(line) {
                *a -= factor * b;
            }
            right[j] -= factor * value;
        }
    }
    Some(std::array::from_fn(|i| right[i] / m[i][i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_is_found_and_a_wild_point_without_weight_does_not_move_it() {
        let points = (0..9).map(|i| (f64::from(i), if i == 4 { 99.0 } else { 1.0 }));
        let rows = points.map(|(x, wild)| {
            let y = if wild > 1.0 { wild } else { 2.0 - 3.0 * x + 0.5 * x * x };
            ([1.0, x, x * x], y, if wild > 1.0 { 0.0 } else { 1.0 })
        });
        let found = fit(rows).unwrap();
        for (a, b) in found.into_iter().zip([2.0, -3.0, 0.5]) {
            assert!((a - b).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn wild_rows_do_not_move_a_robust_line() {
        let rows: Vec<([f64; 2], f64)> = (0..20)
            .map(|i| ([1.0, f64::from(i)], if i % 7 == 3 { 50.0 } else { 1.0 + 0.5 * f64::from(i) }))
            .collect();
        let (found, deviation) = robust_fit(&rows).unwrap();
        assert!((found[0] - 1.0).abs() < 1e-6 && (found[1] - 0.5).abs() < 1e-6, "{found:?}");
        assert!(deviation < 1e-6, "{deviation}");
    }

    #[test]
    fn too_few_points_determine_nothing() {
        assert_eq!(fit([([1.0, 2.0], 3.0, 1.0)]), None);
        assert_eq!(fit::<2>([]), None);
    }
}
