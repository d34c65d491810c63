//! What the overlay says in words: a fault with its number, where the strides are.

use crate::findings::{Finding, SideOfBody, reading};
use crate::gait::stride::Stride;
use crate::technique::rule::Band;
use crate::units::Seconds;

/// "Too upright, left: trunk 15° (target 45 to 75°)": with what the stride itself measured, where one is told and known.
pub(super) fn fault(finding: &Finding, stride: Option<&Stride>) -> String {
    let own = stride.and_then(|s| Some((s.side, finding.value_of_stride(s.index)?)));
    let side = match (finding.side, own) {
        (SideOfBody::One(side), _) | (SideOfBody::Both, Some((side, _))) => format!(", {side}"),
        (SideOfBody::Whole | SideOfBody::Both, _) => String::new(),
    };
    let value = own.map(|(_, value)| value).or(finding.value);
    let value = value.map_or_else(String::new, |v| {
        format!(": {}{}", part(&finding.metric), reading::measured(v, &finding.unit))
    });
    let target = finding.target.map_or_else(String::new, |t| target(t, &finding.unit));
    let target = if target.is_empty() { target } else { format!(" (target {target})") };
    format!("{}{side}{value}{target}", finding.title())
}

/// The part of the body that an angle is of, as other angles stand beside it in the picture; no word for other numbers, nor for
/// what an angle changes by, which would read as the angle itself.
fn part(metric: &str) -> &'static str {
    const CHANGES: [&str; 5] = ["extension", "collapse", "range", "rom", "asymmetry"];
    const PARTS: [(&str, &str); 6] = [
        ("trunk_", "trunk "),
        ("hip_", "hip "),
        ("knee_", "knee "),
        ("thigh_", "thigh "),
        ("shank_", "shin "),
        ("elbow_", "elbow "),
    ];
    if metric.split('_').any(|word| CHANGES.contains(&word)) {
        return "";
    }
    PARTS.iter().find(|(start, _)| metric.starts_with(start)).map_or("", |(_, word)| word)
}

/// Which strides of both legs go on at `time`, by their numbers in the tables, and how many there are or count: "strides 8 left,
/// 9 right of 11". None between strides.
pub(super) fn stride(strides: &[Stride], time: Seconds) -> Option<String> {
    let going = |valid: bool| {
        strides.iter().filter(move |s| s.is_valid() == valid && s.start <= time && time < s.end)
    };
    let names: Vec<String> = going(true).map(|s| format!("{} {}", s.index + 1, s.side)).collect();
    let valid = strides.iter().filter(|s| s.is_valid()).count();
    let word = match names.len() {
        0 => return going(false).next_back().map(|s| format!("stride {} not counted", s.index + 1)),
        1 => "stride",
        _ => "strides",
    };
    let of = if valid == strides.len() { format!(" of {valid}") } else { format!("; {valid} count") };
    Some(format!("{word} {}{of}", names.join(", ")))
}

/// Degrees without decimals and with a true minus sign: a frame's angle is not known to a tenth.
pub(super) fn whole_degrees(degrees: f64) -> String {
    let rounded = degrees.round();
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{:.0}°", rounded.abs())
}

/// The unit in words stands with the value already.
fn target(band: Band, unit: &str) -> String {
    reading::band(band, if unit == "deg" { unit } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Status;
    use crate::gait::stride::{Event, EventKind, EventMethod, Unfit};
    use crate::skeleton::Side;
    use crate::units::Confidence;

    fn finding(fault: &str, value: f64, unit: &str, target: Band) -> Finding {
        Finding {
            rule: fault.to_owned(),
            fault: fault.to_owned(),
            status: Status::Found,
            severity: None,
            metric: String::new(),
            what: String::new(),
            statistic: crate::technique::rule::Statistic::Mean,
            side: SideOfBody::Whole,
            value: Some(value),
            unit: unit.to_owned(),
            uncertainty: None,
            target: Some(target),
            limit: None,
            beyond: None,
            probability: None,
            judged_strides: 0,
            strides: Vec::new(),
            moments: Vec::new(),
            stride_values: Vec::new(),
            sides: None,
            unjudged: None,
            untold: Vec::new(),
            evidence: None,
            refusal: None,
            reason: None,
            remedy: None,
            cue: None,
            why: None,
            source: String::new(),
        }
    }

    #[test]
    fn a_fault_is_its_name_its_number_and_its_target() {
        let upright = finding("too_upright", 14.6, "deg", Band { from: Some(45.0), to: Some(75.0) });
        assert_eq!(fault(&upright, None), "Too upright: 15° (target 45 to 75°)");
        let metric = "trunk_mean_deg".to_owned();
        let upright = Finding { stride_values: vec![(2, 18.2)], metric, ..upright };
        let all = strides(&[None; 4]);
        assert_eq!(fault(&upright, Some(&all[2])), "Too upright: trunk 18° (target 45 to 75°)");
        assert_eq!(fault(&upright, Some(&all[3])), fault(&upright, None), "the mean stands in");
        let both = Finding { side: SideOfBody::Both, ..upright.clone() };
        assert_eq!(fault(&both, Some(&all[2])), "Too upright, left: trunk 18° (target 45 to 75°)");
        let drive = Finding { metric: "knee_drive_extension_deg".to_owned(), ..upright.clone() };
        assert!(fault(&drive, None).contains(": 15°"), "a change is not called the knee's angle");
        let short = finding("short_steps", 0.312, "leg", Band { from: Some(0.5), to: None });
        let short = Finding { side: SideOfBody::One(Side::Left), ..short };
        assert_eq!(fault(&short, None), "Short steps, left: 0.31 leg lengths (target at least 0.50)");
        let bare = Finding { value: None, target: None, ..upright };
        assert_eq!(fault(&bare, None), "Too upright");
    }

    fn strides(unfit: &[Option<Unfit>]) -> Vec<Stride> {
        let event = Event {
            time: Seconds(0.0),
            uncertainty: Seconds(0.0),
            side: Side::Left,
            kind: EventKind::InitialContact,
            confidence: Confidence::FULL,
            method: EventMethod::FootSpeed,
        };
        let stride = |(index, unfit): (usize, &Option<Unfit>)| Stride {
            index,
            bout: 0,
            side: if index % 2 == 0 { Side::Left } else { Side::Right },
            start: Seconds(index as f64),
            end: Seconds(index as f64 + 2.0),
            initial_contact: event,
            terminal_contact: event,
            opposite_terminal: None,
            opposite_initial: None,
            unfit: *unfit,
        };
        unfit.iter().enumerate().map(stride).collect()
    }

    #[test]
    fn strides_are_counted_as_the_tables_number_them() {
        let whole = strides(&[None; 3]);
        let told = |strides: &[Stride], time: f64| stride(strides, Seconds(time));
        assert_eq!(told(&whole, 0.5).as_deref(), Some("stride 1 left of 3"));
        // Left and right overlap by half.
        assert_eq!(told(&whole, 1.5).as_deref(), Some("strides 1 left, 2 right of 3"));
        assert_eq!(told(&whole, 4.5), None);
        let mixed = strides(&[Some(Unfit::StartUp), None, None]);
        assert_eq!(told(&mixed, 0.5).as_deref(), Some("stride 1 not counted"));
        assert_eq!(told(&mixed, 2.5).as_deref(), Some("strides 2 right, 3 left; 2 count"));
    }
}
