//! The page that holds results against each other: what changed and whether it is more than noise, faults gone and new, curves
//! over the stride on top of each other, and the clips side by side at the same moment of the stride.
//!
//! What changed is `comparison`'s business; where results and clips lie is the caller's.

mod changes;
mod data;
mod table;

#[cfg(test)]
mod tests;

pub use changes::{kind_words, main_changes, name, outcomes, summed_up};

use super::text::escape;
use super::{CHARTS, ChartLibrary, Video, begin, end};
use crate::comparison::{Agreement, Comparison, Wave};
use crate::frame::PixelSize;
use crate::skeleton::Side;
use crate::units::Seconds;
use std::fmt::Write;

/// More results than this have no colour of their own in the plots.
pub const MOST_RESULTS: usize = 3;

const STYLE: &str = include_str!("compare/compare.css");
const SCRIPTS: [&str; 2] = [CHARTS, include_str!("compare/compare.js")];

/// What stands on the page.
#[derive(Clone, Debug)]
pub struct ComparisonPage {
    /// The exercise in words; none where it is not known or not one.
    pub exercise: Option<String>,
    /// Two or more; the first is the one that others are held against.
    pub results: Vec<ResultOnPage>,
    /// Each of the others against the first.
    pub comparisons: Vec<Comparison>,
    /// What draws the plots; without it the page has its tables and says what is missing.
    pub charts: Option<ChartLibrary>,
}

/// A result as the page shows it.
#[derive(Clone, Debug)]
pub struct ResultOnPage {
    /// What it is called.
    pub label: String,
    /// Who, when, how many strides: each a few words.
    pub facts: Vec<String>,
    /// What a methods section needs: term and words.
    pub methods: Vec<(&'static str, String)>,
    /// What to know before believing it.
    pub warnings: Vec<String>,
    /// Strides that count, in order.
    pub strides: Vec<StrideOnPage>,
    /// Angles over the stride.
    pub waves: Vec<Wave>,
    /// What shows it, best first.
    pub videos: Vec<Video>,
    /// Size of the picture.
    pub size: PixelSize,
}

/// A stride that the clips can be set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrideOnPage {
    /// Number in the tables, from 1.
    pub number: usize,
    /// Whose foot.
    pub side: Side,
    /// Its first contact.
    pub start: Seconds,
    /// The next of the same foot.
    pub end: Seconds,
}

/// The page. Equal input gives equal bytes.
#[must_use]
pub fn html(content: &ComparisonPage) -> String {
    let mut page = String::with_capacity(1 << 17);
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, content);
    page
}

fn write_page(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    let names: Vec<&str> = content.results.iter().map(|r| r.label.as_str()).collect();
    let title = match &content.exercise {
        Some(exercise) => format!("{exercise}: {}", names.join(" and ")),
        None => names.join(" and "),
    };
    begin(page, &title, STYLE, content.charts.as_ref())?;
    header(page, content)?;
    page.push_str("<main><div class=\"top\"><div class=\"told\">");
    cautions(page, content)?;
    changes::write(page, content)?;
    page.push_str("</div>");
    player(page, content)?;
    page.push_str("</div>");
    waves(page, content)?;
    table::write(page, content)?;
    methods(page, content)?;
    page.push_str("</main>");
    end(page, &data::json(content), content.charts.as_ref(), &SCRIPTS)
}

/// The class of a result's colour.
fn colour(place: usize) -> &'static str {
    ["one", "two", "three"][place % MOST_RESULTS]
}

fn header(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    let title = content.exercise.as_deref().unwrap_or("Comparison");
    write!(page, "<header><div><h1>{}</h1></div><ul class=\"subjects\">", escape(title))?;
    for (place, result) in content.results.iter().enumerate() {
        write!(
            page,
            "<li class=\"{}\"><strong>{}</strong> <span>{}</span></li>",
            colour(place),
            escape(&result.label),
            escape(&result.facts.join(" · "))
        )?;
    }
    page.push_str("</ul></header>");
    Ok(())
}

/// What to know before believing a difference.
fn cautions(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    let said = cautions_of(&content.results, &content.comparisons);
    if said.is_empty() {
        return Ok(());
    }
    page.push_str("<section aria-label=\"Before you read on\"><ul class=\"open cautions\">");
    for caution in said {
        write!(page, "<li>{}</li>", escape(&caution))?;
    }
    page.push_str("</ul></section>");
    Ok(())
}

/// The same in sentences, for a terminal too.
#[must_use]
pub fn cautions_of(results: &[ResultOnPage], comparisons: &[Comparison]) -> Vec<String> {
    let mut said = Vec::new();
    let Some(first) = results.first() else { return said };
    for (other, comparison) in results.iter().skip(1).zip(comparisons) {
        let pair = format!("{} and {}", first.label, other.label);
        if comparison.exercises == Agreement::Different {
            said.push(format!(
                "{pair} are different exercises: the numbers are held against each other, the faults are not."
            ));
        } else if comparison.rules == Agreement::Different {
            said.push(format!(
                "{pair} were judged against different limits (profile, style or load): a fault may come or go for that alone."
            ));
        }
        let views: Vec<String> = comparison.views.iter().map(ToString::to_string).collect();
        if !views.is_empty() {
            said.push(format!(
                "{pair} were not filmed alike: {}. Only changes larger than the whole error of measurement count.",
                views.join("; ")
            ));
        }
    }
    said
}

fn player(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    page.push_str("<section class=\"player\" id=\"player\" aria-label=\"The clips, at the same moment of the stride\"><div class=\"stages\">");
    for (place, result) in content.results.iter().enumerate() {
        let (width, height) = (result.size.width.max(1), result.size.height.max(1));
        write!(
            page,
            "<figure class=\"{}\"><div class=\"stage\" style=\"aspect-ratio:{width}/{height}\"><video playsinline muted preload=\"auto\" aria-label=\"{label}\"></video>\
             <p class=\"now\" aria-hidden=\"true\"></p></div><figcaption>{label}</figcaption><p class=\"message\" role=\"status\" hidden></p></figure>",
            colour(place),
            label = escape(&result.label)
        )?;
    }
    page.push_str(CONTROLS);
    Ok(())
}

const CONTROLS: &str = include_str!("compare/player.html");

fn waves(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    let hint = if content.charts.is_none() {
        super::WITHOUT_CHARTS
    } else if content.results.iter().any(|r| r.waves.is_empty()) {
        "<p class=\"calm\">Curves over the stride are missing for a result without waveforms.csv: analyse it again with all files.</p>"
    } else {
        "<p class=\"hint screen\">Mean and spread over the strides that count. Click to go to that moment of the stride.</p>"
    };
    write!(
        page,
        "<section class=\"plots\" aria-labelledby=\"plots-title\"><div class=\"head\"><h2 id=\"plots-title\">Over the stride</h2></div>{hint}\
         <div class=\"grid\" id=\"plots\"></div></section>"
    )
}

fn methods(page: &mut String, content: &ComparisonPage) -> std::fmt::Result {
    page.push_str("<details class=\"methods\"><summary><h2>How it was compared</h2></summary>");
    write!(page, "<p>{RULE}</p>")?;
    for (place, result) in content.results.iter().enumerate() {
        write!(page, "<h3 class=\"{}\">{}</h3><dl>", colour(place), escape(&result.label))?;
        for (term, words) in &result.methods {
            write!(page, "<dt>{term}</dt><dd>{}</dd>", escape(words))?;
        }
        page.push_str("</dl>");
        if !result.warnings.is_empty() {
            page.push_str("<ul>");
            for warning in &result.warnings {
                write!(page, "<li>{}</li>", escape(warning))?;
            }
            page.push_str("</ul>");
        }
    }
    page.push_str("</details>");
    Ok(())
}

/// The rule in words (docs/science.md B11).
const RULE: &str = "A number has changed where the difference is larger than chance makes it in 19 of 20 cases: the spread of the \
    strides (Student’s t at Welch’s degrees of freedom, strides of both feet counted half because they overlap) and 1.96 \
    standard deviations of the measurement, of both results, in quadrature. It has likely changed where the difference is larger than \
    the spread of the strides alone makes it and both clips were filmed alike, so that most of what measurement is off by is the \
    same in both. Anything else is noise: it may have changed by less than can be seen. Of a hundred numbers, up to five seem \
    changed by chance. ± is one standard deviation.";
