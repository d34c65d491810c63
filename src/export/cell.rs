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
    let text = format!("{value:.decimals$}");
    let is_minus_zero = text.starts_with('-') && text.bytes().all(|b| !(b'1'..=b'9').contains(&b));
    if is_minus_zero { text[1..].to_owned() } else { text }
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
