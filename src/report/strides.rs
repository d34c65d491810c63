//! The table of every stride: what was measured on each, sortable, with the reason where one does not count.

use super::text::{escape, short};
use crate::analysis::Athlete;
use crate::findings::words::unfit_words;
use crate::metrics::catalogue::row;
use std::fmt::Write;

/// Columns, where measured: metric and the heading that fits above it. Every metric is in `strides.csv`.
const COLUMNS: [(&str, &str); 16] = [
    ("trunk_mean_deg", "Trunk °"),
    ("knee_initial_contact_deg", "Knee at landing °"),
    ("knee_terminal_contact_deg", "Knee at push-off °"),
    ("knee_drive_extension_deg", "Knee drive °"),
    ("knee_rom_deg", "Knee range °"),
    ("thigh_drive_deg", "Thigh drive °"),
    ("shank_initial_contact_deg", "Shin at landing °"),
    ("reach_leg", "Reach, legs"),
    ("step_length_leg", "Step, legs"),
    ("step_length_m", "Step m"),
    ("step_time_s", "Step s"),
    ("contact_time_s", "Contact s"),
    ("speed_leg_per_s", "Speed, legs/s"),
    ("speed_m_per_s", "Speed m/s"),
    ("arm_leg_phase_left_arm_deg", "Left arm phase °"),
    ("arm_leg_phase_right_arm_deg", "Right arm phase °"),
];

pub(super) fn write(page: &mut String, athlete: &Athlete) -> std::fmt::Result {
    let strides = &athlete.gait.strides;
    if strides.is_empty() {
        return Ok(());
    }
    let columns: Vec<_> = COLUMNS
        .into_iter()
        .map(|(id, heading)| (id, heading, athlete.metrics.per_stride(id)))
        .filter(|(.., values)| values.iter().any(|v| v.reading.is_ok()))
        .collect();
    page.push_str(
        "<section class=\"screen\" aria-labelledby=\"strides-title\"><h2 id=\"strides-title\">Every stride</h2>\
         <p class=\"hint\">Click a heading to sort, a row to go there. Greyed strides do not count.</p>\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of every stride\"><table id=\"strides\"><thead><tr>",
    );
    for heading in ["Stride", "Side", "Start s", "Time s"] {
        write!(page, "<th scope=\"col\"><button>{heading}</button></th>")?;
    }
    for (id, heading, _) in &columns {
        let definition = row(id).map_or("", |r| r.definition);
        write!(
            page,
            "<th scope=\"col\" title=\"{}\"><button>{}</button></th>",
            escape(definition),
            escape(heading)
        )?;
    }
    let some_are_out = strides.iter().any(|s| !s.is_valid());
    if some_are_out {
        page.push_str("<th scope=\"col\">Why it does not count</th>");
    }
    page.push_str("</tr></thead><tbody>");
    for (place, stride) in strides.iter().enumerate() {
        let class = if stride.is_valid() { "" } else { " class=\"out\"" };
        write!(
            page,
            "<tr{class} data-stride=\"{place}\"><th scope=\"row\"><button data-seek=\"{:.4}\" aria-label=\"Go to stride {}\">{}</button></th><td class=\"{side}\">{side}</td><td>{:.2}</td><td>{:.2}</td>",
            stride.start.0,
            place + 1,
            place + 1,
            stride.start.0,
            stride.duration().0,
            side = stride.side,
        )?;
        for (.., values) in &columns {
            let value = values.iter().find(|v| v.stride == place).and_then(|v| v.reading.ok());
            match value {
                Some(v) => write!(page, "<td data-v=\"{:.5}\">{}</td>", v.number, short(v.number))?,
                None => page.push_str("<td></td>"),
            }
        }
        if some_are_out {
            write!(page, "<td class=\"reason\">{}</td>", stride.unfit.map_or("", unfit_words))?;
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table></div></section>");
    Ok(())
}
