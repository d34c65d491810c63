//! A number against its target band, as a small bar: where it lies, how sure it is, where good begins and ends.

use super::text::{band, measured};
use crate::technique::rule::Band;

/// Room at either end, as a share of what must be shown.
const MARGIN: f64 = 0.12;

/// What the bar shows, in the metric's unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar<'a> {
    pub value: f64,
    /// One standard deviation.
    pub uncertainty: Option<f64>,
    pub target: Band,
    /// The limit that was passed or asked.
    pub limit: Option<f64>,
    pub unit: &'a str,
}

/// The bar as HTML, with its words for those who do not see it; empty where there is no target.
pub(super) fn html(bar: &Bar) -> String {
    if bar.target.from.is_none() && bar.target.to.is_none() {
        return String::new();
    }
    let scale = Scale::of(bar);
    let from = bar.target.from.map_or(0.0, |v| scale.percent(v));
    let to = bar.target.to.map_or(100.0, |v| scale.percent(v));
    let spread = bar.uncertainty.map_or_else(String::new, |u| {
        let (low, high) = (scale.percent(bar.value - u), scale.percent(bar.value + u));
        format!("<i class=\"spread\" style=\"left:{low:.1}%;width:{:.1}%\"></i>", high - low)
    });
    let limit = bar.limit.map_or_else(String::new, |l| {
        format!("<i class=\"limit\" style=\"left:{:.1}%\"></i>", scale.percent(l))
    });
    let words = format!("{}, target {}", measured(bar.value, bar.unit), band(bar.target, bar.unit));
    format!(
        "<span class=\"bar\" role=\"img\" aria-label=\"{}\"><i class=\"band\" style=\"left:{from:.1}%;width:{:.1}%\"></i>{limit}{spread}<i class=\"mark\" style=\"left:{:.1}%\"></i></span>",
        super::text::escape(&words),
        to - from,
        scale.percent(bar.value)
    )
}

struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// Everything that is drawn, with room around; an open end shows as much good as there is bad.
    fn of(bar: &Bar) -> Self {
        let spread = bar.uncertainty.unwrap_or(0.0);
        let shown =
            [Some(bar.value - spread), Some(bar.value + spread), bar.target.from, bar.target.to, bar.limit];
        let low = shown.into_iter().flatten().fold(f64::INFINITY, f64::min);
        let high = shown.into_iter().flatten().fold(f64::NEG_INFINITY, f64::max);
        let span = (high - low).max(1e-9);
        let open = |end: Option<f64>| if end.is_none() { 0.5 * span } else { MARGIN * span };
        Self { low: low - open(bar.target.from), high: high + open(bar.target.to) }
    }

    fn percent(&self, value: f64) -> f64 {
        (100.0 * (value - self.low) / (self.high - self.low)).clamp(0.0, 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: f64, from: Option<f64>, to: Option<f64>) -> Bar<'static> {
        Bar { value, uncertainty: Some(4.0), target: Band { from, to }, limit: None, unit: "deg" }
    }

    #[test]
    fn places_keep_the_order_of_values() {
        let scale = Scale::of(&bar(14.0, Some(45.0), Some(75.0)));
        let at = [10.0, 14.0, 18.0, 45.0, 75.0].map(|v| scale.percent(v));
        assert!(at.windows(2).all(|w| w[0] < w[1]), "{at:?}");
        assert!(at[0] > 0.0 && at[4] < 100.0);
    }

    #[test]
    fn an_open_end_reaches_the_edge_and_no_target_gives_no_bar() {
        assert!(html(&bar(0.16, None, Some(0.1))).contains("class=\"band\" style=\"left:0.0%"));
        assert_eq!(html(&bar(1.0, None, None)), "");
        assert!(html(&bar(14.0, Some(45.0), Some(75.0))).contains("aria-label=\"14°, target 45 to 75°\""));
    }
}
