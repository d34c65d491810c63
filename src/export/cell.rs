//! Numbers as cells: fixed decimals, missing is empty, never NaN and never minus zero.

use crate::units::{Confidence, Seconds};
use std::io::Write;

/// Decimals of each kind of number: finer than what can be measured, coarse enough to be read and compared.
pub(super) const PIXEL_DECIMALS: usize = 2;
pub(super) const DEGREE_DECIMALS: usize = 2;
/// A microsecond, as containers count.
pub(super) const SECOND_DECIMALS: usize = 6;
pub(super) const CONFIDENCE_DECIMALS: usize = 3;

/// A number with fixed decimals; empty where missing or not finite.
pub(super) fn number(value: Option<f64>, decimals: usize) -> String {
    let Some(value) = value.filter(|v| v.is_finite()) else { return String::new() };
    if let Some(text) = rounded(value, decimals) {
        return text;
    }
    let text = format!("{value:.decimals$}");
    let is_minus_zero = text.starts_with('-') && text.bytes().all(|b| !(b'1'..=b'9').contains(&b));
    if is_minus_zero { text[1..].to_owned() } else { text }
}

/// The same by whole numbers, several times as fast; none for numbers too large for it, or so near the middle between two that
/// only all their digits tell which way to round.
fn rounded(value: f64, decimals: usize) -> Option<String> {
    /// Whole numbers up to this are exact beside a fraction of a millionth.
    const LARGEST: f64 = 1e9;
    const UNSURE: f64 = 1e-6;
    let power = 10u64.pow(u32::try_from(decimals).ok()?);
    let scaled = value.abs() * power as f64;
    let sure = (scaled.fract() - 0.5).abs() > UNSURE;
    if scaled > LARGEST || !sure {
        return None;
    }
    let whole = scaled.round() as u64;
    let sign = if value < 0.0 && whole > 0 { "-" } else { "" };
    Some(match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{}.{:0decimals$}", whole / power, whole % power),
    })
}

/// A time.
pub(super) fn seconds(time: Seconds) -> String {
    number(Some(time.0), SECOND_DECIMALS)
}

/// A confidence; empty where there is nothing to be sure of.
pub(super) fn confidence(value: Option<Confidence>) -> String {
    number(value.map(|c| f64::from(c.value())), CONFIDENCE_DECIMALS)
}

/// A CSV writer with `\n` and quotes only where needed.
pub(super) fn csv_writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_way_writes_what_the_exact_one_writes() {
        let mut state = 1u64;
        for k in 0..20_000u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let magnitude = 10f64.powi((k % 13).cast_signed() - 6);
            let value = ((state >> 11) as f64 / (1u64 << 53) as f64 - 0.5) * magnitude;
            for decimals in [0, 2, 3, 6] {
                // Ties too: half of the last digit.
                for value in [value, (value * 1e3).round() / 1e3, (value * 8.0).round() / 8.0] {
                    let exact = format!("{value:.decimals$}");
                    let exact = match exact.strip_prefix('-') {
                        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
                        _ => exact,
                    };
                    assert_eq!(number(Some(value), decimals), exact, "{value:e}");
                }
            }
        }
    }

    #[test]
    fn numbers_have_fixed_decimals_and_missing_is_empty() {
        assert_eq!(number(Some(1.0), 2), "1.00");
        assert_eq!(number(Some(-0.001), 2), "0.00");
        assert_eq!(number(Some(-0.006), 2), "-0.01");
        assert_eq!(number(Some(-0.0), 0), "0");
        assert_eq!(number(None, 2), "");
        assert_eq!(number(Some(f64::NAN), 2), "");
        assert_eq!(number(Some(f64::INFINITY), 2), "");
        assert_eq!(seconds(Seconds(1.0 / 3.0)), "0.333333");
        assert_eq!(confidence(Some(Confidence::new(0.98765))), "0.988");
    }
}
