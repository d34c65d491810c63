//! A metric over time as a picture with its uncertainty and the load, and the same as a table.

use super::number;
use crate::findings::reading;
use crate::server::athletes::Moment;
use maud::{Markup, html};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
/// Room for numbers left of, and dates and loads below, the plot.
const LEFT: f64 = 52.0;
const BELOW: f64 = 46.0;
const ABOVE: f64 = 14.0;

/// Labels under the plot; more would run into each other.
const LABELS: usize = 8;

/// The plot and its table. Clips stand evenly, oldest first: sessions come in bursts, and the days stand below. Clips in which
/// nothing could be judged are left out, and said to be.
#[must_use]
pub fn plot(title: &str, unit: &str, all: &[Moment]) -> Markup {
    let (values, others): (Vec<&Moment>, Vec<&Moment>) = all.iter().partition(|m| m.is_judged);
    let left_out = html! { @if !others.is_empty() {
        p class="soft" { (others.len()) @if others.len() == 1 { " clip" } @else { " clips" } " in which nothing could be judged left out." }
    } };
    if values.is_empty() {
        return html! { p class="soft" { "No judged clip of this exercise has this value." } (left_out) };
    }
    let unit_words = unit_words(unit);
    html! {
        figure class="trend" {
            (picture(title, &values))
            figcaption { (title) (unit_words) ": dots with one standard deviation of their uncertainty; below them day and load. A dot leads to its clip." }
        }
        (left_out)
        details {
            summary { "The same as a table" }
            div class="wide-table" role="region" aria-label=(title) tabindex="0" {
                table {
                    thead { tr { th scope="col" { "Day" } th scope="col" { "Load (kg)" } th scope="col" { (title) (unit_words) } th scope="col" { "±" } th scope="col" { "Clip" } } }
                    tbody { @for one in &values {
                        tr {
                            th scope="row" { (one.day) }
                            td { @if let Some(load) = one.load_kg { (load) } }
                            td { (number(one.value)) }
                            td { @if let Some(u) = one.uncertainty { (number(u)) } }
                            td { a href={ "/clips/" (one.clip) } { (one.title) } }
                        }
                    } }
                }
            }
        }
    }
}

/// A unit behind a name: " (leg lengths)".
#[must_use]
pub fn unit_words(symbol: &str) -> String {
    let words = reading::unit(symbol);
    if words.is_empty() { String::new() } else { format!(" ({})", words.trim()) }
}

/// From values to pixels.
struct Scale {
    low: f64,
    high: f64,
    count: usize,
}

impl Scale {
    fn of(values: &[&Moment]) -> Self {
        let ends = values.iter().flat_map(|m| {
            let u = m.uncertainty.unwrap_or(0.0);
            [m.value - u, m.value + u]
        });
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        // A flat line stands in the middle.
        let room = ((high - low) * 0.1).max(high.abs().max(1e-6) * 0.02);
        Self { low: low - room, high: high + room, count: values.len() }
    }

    fn x(&self, place: usize) -> f64 {
        LEFT + (WIDTH - LEFT - 10.0) * (place as f64 + 0.5) / self.count as f64
    }

    fn y(&self, value: f64) -> f64 {
        ABOVE + (HEIGHT - ABOVE - BELOW) * (self.high - value) / (self.high - self.low)
    }

    /// Round numbers, about four of them.
    fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 4.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|m| m * power)
            .find(|s| *s >= rough)
            .unwrap_or(10.0 * power);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last).map(|i| i as f64 * step).collect()
    }
}

fn picture(title: &str, values: &[&Moment]) -> Markup {
    let scale = Scale::of(values);
    let every = values.len().div_ceil(LABELS).max(1);
    let path: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(i, m)| format!("{:.1},{:.1}", scale.x(i), scale.y(m.value)))
        .collect();
    let right = WIDTH - 10.0;
    let bottom = HEIGHT - BELOW;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="group" aria-label={ (title) ", " (values.len()) " clips over time; the table below has the numbers" } {
            @for tick in scale.ticks() {
                line class="grid" x1=(LEFT) x2=(right) y1=(scale.y(tick)) y2=(scale.y(tick)) {}
                text class="left" x=(LEFT - 6.0) y=(scale.y(tick) + 4.0) { (number(tick)) }
            }
            polyline points=(path.join(" ")) {}
            @for (i, one) in values.iter().enumerate() {
                @let x = scale.x(i);
                @if let Some(u) = one.uncertainty { line class="spread" x1=(x) x2=(x) y1=(scale.y(one.value - u)) y2=(scale.y(one.value + u)) {} }
                @let what = format!("{}, {}: {}", one.title, one.day, number(one.value));
                a href={ "/clips/" (one.clip) } aria-label=(what) { circle cx=(x) cy=(scale.y(one.value)) r="6" { title { (what) } } }
                @if i % every == 0 {
                    text class="below" x=(x) y=(bottom + 18.0) { (one.day) }
                    @if let Some(load) = one.load_kg { text class="below" x=(x) y=(bottom + 36.0) { (load) " kg" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(value: f64, uncertainty: Option<f64>) -> Moment {
        Moment {
            clip: 1,
            title: "a.mp4".into(),
            is_judged: true,
            day: "2026-11-21".into(),
            exercise: None,
            load_kg: Some(40.0),
            value,
            uncertainty,
        }
    }

    #[test]
    fn one_value_and_many_fit_into_the_picture() {
        for values in [
            vec![moment(0.0, None)],
            vec![moment(30.0, Some(4.0)); 3],
            (0..200).map(|i| moment(f64::from(i), Some(1.0))).collect(),
        ] {
            let scale = Scale::of(&values.iter().collect::<Vec<_>>());
            for (i, one) in values.iter().enumerate() {
                let (x, y) = (scale.x(i), scale.y(one.value + one.uncertainty.unwrap_or(0.0)));
                assert!((LEFT..WIDTH).contains(&x) && (ABOVE..HEIGHT - BELOW).contains(&y), "{x} {y}");
            }
            assert!(scale.ticks().len() < 12);
            let page = plot("Trunk", "deg", &values).into_string();
            assert!(page.contains("40 kg") && page.contains(">2026-11-21<") && !page.contains("NaN"));
            assert!(page.contains("href=\"/clips/1\""), "a dot leads to its clip");
        }
        assert!(plot("Trunk", "deg", &[]).into_string().contains("No judged clip"));
        let unclear = Moment { is_judged: false, title: "unclear.mp4".into(), ..moment(90.0, None) };
        let page = plot("Trunk", "leg", &[moment(30.0, None), unclear]).into_string();
        assert!(page.contains("1 clip in which nothing could be judged") && !page.contains("unclear.mp4"));
        assert!(page.contains("Trunk (leg lengths)"), "units in words");
    }
}
