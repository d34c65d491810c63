//! Every metric of either result, with its change.

use super::changes;
use super::{ComparisonPage, colour};
use crate::comparison::MetricChange;
use crate::metrics::catalogue::Row;
use crate::report::text::escape;
use crate::skeleton::Side;
use std::fmt::Write;

pub(super) fn write(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    page.push_str(
        "<section aria-labelledby=\"all-title\"><div class=\"head\"><h2 id=\"all-title\">Every number</h2>\
         <label class=\"filter screen\"><input type=\"checkbox\" id=\"only-changes\"> only what changed</label></div>\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of every number\"><table class=\"main-numbers\" id=\"every\"><thead><tr><td></td>",
    );
    for (place, result) in content.results.iter().enumerate() {
        write!(page, "<th scope=\"col\" class=\"{}\">{}</th>", colour(place), escape(&result.label))?;
        if place > 0 {
            page.push_str("<th scope=\"col\">Change</th>");
        }
    }
    page.push_str("</tr></thead><tbody>");
    for (row, side) in all(content) {
        let of = |comparison: &'_ crate::comparison::Comparison| -> Option<usize> {
            comparison.metrics.iter().position(|m| std::ptr::eq(m.row, row) && m.side == side)
        };
        let others: Vec<Option<&MetricChange>> =
            content.comparisons.iter().map(|c| of(c).map(|i| &c.metrics[i])).collect();
        // The first's number stands in each comparison that has the metric.
        if let Some(any) = others.iter().flatten().next() {
            changes::row(page, any, &others)?;
        }
    }
    page.push_str("</tbody></table></div></section>");
    Ok(())
}

/// Every metric and side that any comparison has, in the catalogue's order.
fn all(content: &ComparisonPage) -> Vec<(&'static Row, Option<Side>)> {
    let sides = [None, Some(Side::Left), Some(Side::Right)];
    let rows = crate::metrics::catalogue::ROWS.iter().copied();
    rows.flat_map(|row| sides.into_iter().map(move |side| (row, side)))
        .filter(|(row, side)| {
            content
                .comparisons
                .iter()
                .any(|c| c.metrics.iter().any(|m| std::ptr::eq(m.row, *row) && m.side == *side))
        })
        .collect()
}
