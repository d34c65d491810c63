//! How a value changes from set to set: a straight line through values with uncertainties, and its picture.

use super::html::{escape, short, unit};
use crate::calendar::Day;
use std::fmt::Write;

/// A value on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub day: Day,
    /// The value.
    pub value: f64,
    /// One standard deviation of the value; none where it is not known.
    pub uncertainty: Option<f64>,
}

/// A straight line through points by weighted least squares, weights 1/σ² (P. R. Bevington, "Data Reduction and Error Analysis",
/// ch. 6). Where the points scatter more than their uncertainties allow, the uncertainties of the line are widened by the
/// square root of the reduced χ² (the Particle Data Group's scale factor).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Change per day.
    pub slope_per_day: f64,
    /// One standard deviation of the slope.
    pub slope_sd: f64,
    /// Weighted mean of the days, days since 1970.
    centre: f64,
    /// The value there.
    value: f64,
    /// One standard deviation of it.
    value_sd: f64,
}

impl Line {
    /// The line; none for fewer than three points or a single day.
    #[must_use]
    pub fn through(points: &[Point]) -> Option<Self> {
        const FEWEST: usize = 3;
        if points.len() < FEWEST {
            return None;
        }
        let known: Vec<f64> = points.iter().filter_map(|p| p.uncertainty).filter(|u| *u > 0.0).collect();
        // A value without an uncertainty counts as the others do on average.
        let usual = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
        let weighted: Vec<(f64, f64, f64)> = points
            .iter()
            .map(|p| {
                let sd = p.uncertainty.filter(|u| *u > 0.0).unwrap_or(usual);
                (p.day.number() as f64, p.value, 1.0 / (sd * sd))
            })
            .collect();
        let sum = |of: &dyn Fn(&(f64, f64, f64)) -> f64| weighted.iter().map(of).sum::<f64>();
        let weight = sum(&|p| p.2);
        let centre = sum(&|p| p.2 * p.0) / weight;
        let value = sum(&|p| p.2 * p.1) / weight;
        let spread = sum(&|p| p.2 * (p.0 - centre).powi(2));
        if spread <= f64::EPSILON * weight {
            return None;
        }
        let slope = sum(&|p| p.2 * (p.0 - centre) * (p.1 - value)) / spread;
        let squares = sum(&|p| p.2 * (p.1 - value - slope * (p.0 - centre)).powi(2));
        let reduced = squares / (points.len() - 2) as f64;
        let scale = if known.is_empty() { reduced } else { reduced.max(1.0) }.sqrt();
        Some(Self {
            slope_per_day: slope,
            slope_sd: scale / spread.sqrt(),
            centre,
            value,
            value_sd: scale / weight.sqrt(),
        })
    }

    /// Value and one standard deviation on a day.
    #[must_use]
    pub fn at(&self, day: f64) -> (f64, f64) {
        let away = day - self.centre;
        (self.value + self.slope_per_day * away, self.value_sd.hypot(self.slope_sd * away))
    }

    /// In words, per 30 days; a change counts as one when it is more than two standard deviations.
    #[must_use]
    pub fn words(&self, symbol: &str) -> String {
        const DAYS: f64 = 30.0;
        const CLEAR: f64 = 2.0;
        let (change, sd) = (self.slope_per_day * DAYS, self.slope_sd * DAYS);
        if change.abs() < CLEAR * sd {
            return format!("no clear change ({} ± {}{} in 30 days)", short(change), short(sd), unit(symbol));
        }
        let way = if change > 0.0 { "rises" } else { "falls" };
        format!("{way} by {} ± {}{} in 30 days", short(change.abs()), short(sd), unit(symbol))
    }
}

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;

/// A line from the smallest value to the largest, with room round it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    /// Over all values.
    pub fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (from, to) =
            values.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        if from > to {
            return None;
        }
        let room = if to > from { 0.08 * (to - from) } else { 0.1 * from.abs().max(0.1) };
        Some(Self { from: from - room, to: to + room })
    }

    /// Over all values, and as much of the target as lets them be told apart: the ends that are near, or else the nearest.
    pub fn with_target(values: impl Iterator<Item = f64>, target: Option<[f64; 2]>) -> Option<Self> {
        /// An end is near when it is no further off than this many times the values' own span.
        const NEAR_SPANS: f64 = 1.5;
        let Self { from, to } = Self::over(values)?;
        let Some(ends) = target else { return Some(Self { from, to }) };
        let off = |end: f64| (from - end).max(end - to).max(0.0);
        let nearest = usize::from(off(ends[1]) < off(ends[0]));
        let surrounds = ends[0] < from && to < ends[1];
        let is_near = |place: usize| off(ends[place]) <= NEAR_SPANS * (to - from);
        let shown = [0, 1].into_iter().filter(|place| is_near(*place) || (*place == nearest && !surrounds));
        Self::over(shown.map(|place| ends[place]).chain([from, to]))
    }

    /// Share of the way along it, cut at its ends.
    pub fn place(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Two values to write at it, near its ends.
    pub fn ticks(&self) -> [f64; 2] {
        let inset = 0.08 * (self.to - self.from);
        [self.from + inset, self.to - inset]
    }
}

/// The picture: values over days with their uncertainties, the target, the line with its spread.
#[must_use]
pub fn picture(name: &str, symbol: &str, points: &[Point], target: Option<[f64; 2]>) -> Option<String> {
    let low = points.iter().map(|p| p.value - p.uncertainty.unwrap_or(0.0));
    let high = points.iter().map(|p| p.value + p.uncertainty.unwrap_or(0.0));
    let values = Axis::with_target(low.chain(high), target)?;
    let days = Axis::over(points.iter().map(|p| p.day.number() as f64))?;
    let x = |day: f64| LEFT + days.place(day) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - values.place(value) * (HEIGHT - TOP - BOTTOM);
    let line = Line::through(points);
    let told = line.map_or(String::new(), |l| format!(": {}", l.words(symbol)));
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escape(&format!("{name} over {} sets{told}", points.len()))
    );
    // Writing to a string cannot fail.
    let _ = body(&mut svg, points, target, line, (&x, &y));
    for tick in values.ticks() {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y(tick) + 4.0,
            short(tick)
        );
    }
    let (first, last) = (points.iter().map(|p| p.day).min()?, points.iter().map(|p| p.day).max()?);
    let _ = write!(svg, "<text class=\"tick\" x=\"{:.1}\" y=\"{}\">{first}</text>", LEFT, HEIGHT - 6.0);
    if last > first {
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{last}</text>",
            WIDTH - RIGHT,
            HEIGHT - 6.0
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn body(
    svg: &mut String,
    points: &[Point],
    target: Option<[f64; 2]>,
    line: Option<Line>,
    (x, y): (&dyn Fn(f64) -> f64, &dyn Fn(f64) -> f64),
) -> std::fmt::Result {
    let right = WIDTH - RIGHT;
    if let Some([low, high]) = target {
        let (top, height) = (y(high), y(low) - y(high));
        write!(
            svg,
            "<rect class=\"band\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
            right - LEFT
        )?;
    }
    let ends = points
        .iter()
        .map(|p| p.day.number() as f64)
        .fold((f64::MAX, f64::MIN), |(a, b), d| (a.min(d), b.max(d)));
    if let Some(line) = line {
        /// Enough for the curved edge of the spread.
        const STEPS: usize = 12;
        let day = |i: usize| ends.0 + (ends.1 - ends.0) * i as f64 / STEPS as f64;
        let edge = |sign: f64| move |i: usize| (day(i), line.at(day(i)).0 + sign * line.at(day(i)).1);
        let spread = (0..=STEPS).map(edge(1.0)).chain((0..=STEPS).rev().map(edge(-1.0)));
        let corners: Vec<String> = spread.map(|(d, v)| format!("{:.1},{:.1}", x(d), y(v))).collect();
        write!(svg, "<polygon class=\"spread\" points=\"{}\"/>", corners.join(" "))?;
        let (a, b) = (line.at(ends.0).0, line.at(ends.1).0);
        write!(
            svg,
            "<line class=\"line\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
            x(ends.0),
            y(a),
            x(ends.1),
            y(b)
        )?;
    }
    for point in points {
        let at = x(point.day.number() as f64);
        if let Some(u) = point.uncertainty {
            write!(
                svg,
                "<line class=\"error\" x1=\"{at:.1}\" y1=\"{:.1}\" x2=\"{at:.1}\" y2=\"{:.1}\"/>",
                y(point.value - u),
                y(point.value + u)
            )?;
        }
        write!(
            svg,
            "<circle class=\"dot\" cx=\"{at:.1}\" cy=\"{:.1}\" r=\"4\"><title>{}: {}</title></circle>",
            y(point.value),
            point.day,
            short(point.value)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[(i64, f64, f64)]) -> Vec<Point> {
        let point = |&(day, value, sd): &(i64, f64, f64)| Point {
            day: Day::from_number(day).expect("within the calendar"),
            value,
            uncertainty: Some(sd),
        };
        values.iter().map(point).collect()
    }

    /// Three equal weights at −1, 0, 1: slope (y₃ − y₁)/2 with σ/√2, by hand.
    #[test]
    fn a_line_through_three_points_is_the_one_worked_out_by_hand() {
        let line =
            Line::through(&points(&[(9, 10.0, 2.0), (10, 12.0, 2.0), (11, 14.0, 2.0)])).expect("a line");
        assert!((line.slope_per_day - 2.0).abs() < 1e-12);
        assert!((line.slope_sd - 2.0 / 2f64.sqrt()).abs() < 1e-12, "{}", line.slope_sd);
        let (value, sd) = line.at(10.0);
        assert!((value - 12.0).abs() < 1e-12 && (sd - 2.0 / 3f64.sqrt()).abs() < 1e-12);
        assert_eq!(line.words("deg"), "no clear change (60 ± 42° in 30 days)");
    }

    #[test]
    fn points_that_scatter_more_than_they_should_make_the_line_less_sure() {
        let calm = Line::through(&points(&[(0, 0.0, 1.0), (1, 0.0, 1.0), (2, 0.0, 1.0), (3, 0.0, 1.0)]))
            .expect("a line");
        let wild = Line::through(&points(&[(0, 9.0, 1.0), (1, -9.0, 1.0), (2, -9.0, 1.0), (3, 9.0, 1.0)]))
            .expect("a line");
        assert!(wild.slope_sd > 5.0 * calm.slope_sd);
        assert!(wild.words("").starts_with("no clear change"));
    }

    /// The first two alone: a slope of 1 with √2 · 0.1 / 10 per day, which is 0.424 in 30 days.
    #[test]
    fn a_surer_value_counts_more() {
        let line =
            Line::through(&points(&[(0, 0.0, 0.1), (10, 10.0, 0.1), (20, 0.0, 100.0)])).expect("a line");
        assert!((line.slope_per_day - 1.0).abs() < 0.01);
        assert_eq!(line.words("deg"), "rises by 30 ± 0.42° in 30 days");
    }

    #[test]
    fn a_far_end_of_the_target_does_not_squash_the_values() {
        let axis = |target| Axis::with_target([10.0, 12.0].into_iter(), Some(target)).expect("an axis");
        let span = |target| axis(target).to - axis(target).from;
        assert!(span([11.0, 80.0]) < 4.0, "{:?}", axis([11.0, 80.0]));
        assert!(span([0.0, 80.0]) < 4.0, "values well within are seen as such");
        assert!(axis([45.0, 80.0]).to > 45.0 && axis([45.0, 80.0]).to < 80.0, "the nearer end is shown");
    }

    #[test]
    fn too_few_points_or_one_day_make_no_line() {
        assert_eq!(Line::through(&points(&[(0, 1.0, 1.0), (5, 2.0, 1.0)])), None);
        assert_eq!(Line::through(&points(&[(5, 1.0, 1.0), (5, 2.0, 1.0), (5, 3.0, 1.0)])), None);
        let svg =
            picture("Trunk lean", "deg", &points(&[(5, 1.0, 1.0)]), Some([0.0, 3.0])).expect("a picture");
        assert!(svg.contains("class=\"band\"") && svg.contains("circle") && !svg.contains("NaN"));
    }
}
