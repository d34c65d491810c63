//! The report: one page of HTML that a coach opens from disk, with everything it needs inside.
//!
//! It answers what to fix first, what was good, what could not be judged, and shows it in the clip. What is true is
//! `analysis`' business; reading the clip again for evidence pictures is left to the caller, who is told which frames.

mod bar;
mod base64;
mod card;
pub mod compare;
mod data;
pub mod evidence;
mod figure;
mod first;
mod methods;
mod options;
mod rules;
mod strides;
pub mod text;

#[cfg(test)]
mod tests;

pub use evidence::{Evidence, evidence};
pub use options::{ChartLibrary, Picture, ReportOptions, Video};

use crate::analysis::Analysis;
use crate::observation::Recording;
use std::fmt::Write;
use text::escape;

/// Nothing is fetched: scripts and styles are in the page, pictures too, and the clip lies beside it.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; \
                      media-src 'self' file: content: blob: data:";
const STYLE: &str = include_str!("report/page.css");
const CHARTS: &str = include_str!("report/charts.js");
const SCRIPTS: [&str; 5] = [
    include_str!("report/player.js"),
    include_str!("report/dock.js"),
    CHARTS,
    include_str!("report/plots.js"),
    include_str!("report/page.js"),
];

/// The page. Equal input gives equal bytes.
#[must_use]
pub fn html(recording: &Recording, analysis: &Analysis, options: &ReportOptions) -> String {
    let mut page = String::with_capacity(1 << 18);
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, recording, analysis, options);
    page
}

fn write_page(
    page: &mut String,
    recording: &Recording,
    analysis: &Analysis,
    options: &ReportOptions,
) -> std::fmt::Result {
    begin(page, &first::title(recording, analysis, options), "", options.charts.as_ref())?;
    first::write(page, recording, analysis, options)?;
    if let Some(athlete) = &analysis.athlete {
        plots(page, options.charts.is_some())?;
        strides::write(page, athlete)?;
        rules::write(page, athlete)?;
    }
    methods::write(page, recording, analysis, options)?;
    page.push_str("</main>");
    end(page, &data::json(recording, analysis, options), options.charts.as_ref(), &SCRIPTS)
}

/// Everything before the body's first words.
fn begin(page: &mut String, title: &str, style: &str, charts: Option<&ChartLibrary>) -> std::fmt::Result {
    let of_charts = charts.map_or("", |charts| &charts.style);
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title>\
         <style>{STYLE}{style}{of_charts}</style></head><body>",
        escape(title)
    )
}

/// What the scripts are told, and the scripts.
fn end(page: &mut String, data: &str, charts: Option<&ChartLibrary>, scripts: &[&str]) -> std::fmt::Result {
    write!(page, "<script type=\"application/json\" id=\"data\">{}</script>", text::in_script(data))?;
    if let Some(charts) = charts {
        write!(page, "<script>/*\n{}*/\n{}</script>", charts.licence, charts.script)?;
    }
    for script in scripts {
        write!(page, "<script>{script}</script>")?;
    }
    page.push_str("</body></html>\n");
    Ok(())
}

/// Where the plots go; `plots.js` fills in what was measured and removes the rest.
fn plots(page: &mut String, has_charts: bool) -> std::fmt::Result {
    let (hint, buttons) = if has_charts { (HINT, ZOOM) } else { (WITHOUT_CHARTS, "") };
    write!(
        page,
        "<section class=\"plots\" aria-labelledby=\"plots-title\"><div class=\"head\"><h2 id=\"plots-title\">The movement</h2>\
         {buttons}</div>{hint}<div class=\"grid\" id=\"plots\"></div></section>"
    )
}

const HINT: &str = "<p class=\"hint screen\">Point at a plot to read it, click to go there in the clip. Drag across one to \
                    zoom in, double-click to show all again.</p>";
const ZOOM: &str = "<span class=\"group screen\" role=\"group\" aria-label=\"Zoom of the plots over time\">\
                    <button data-zoom=\"0.5\" title=\"Zoom in where the clip is now\">Zoom in</button>\
                    <button data-zoom=\"2\">Zoom out</button><button data-zoom=\"1e9\">Show all</button></span>";
const WITHOUT_CHARTS: &str = "<p class=\"calm\">Plots over time are missing, because uPlot, which draws them, is not installed here. \
                              Run <code>./run models fetch</code>, then analyse the recording again. The table below has \
                              every number.</p>";
