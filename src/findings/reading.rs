//! Numbers as people read them, the same in the terminal, on pages and in the annotated video: as many digits as one reads out, a
//! true minus, units in words.

use super::SideOfBody;
use crate::observation::Recording;
use crate::technique::rule::Band;

/// Whole from ten up, one decimal from one up, else two; none where they would all be 0.
#[must_use]
pub fn short(value: f64) -> String {
    let text = if value.abs() >= 9.95 || (value - value.round()).abs() < 0.005 {
        format!("{value:.0}")
    } else if value.abs() >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    let digits = text.trim_start_matches('-');
    if digits.chars().all(|c| c == '0' || c == '.') { digits.to_owned() } else { text.replace('-', "−") }
}

/// The option of a variant that was told or assumed: "style drive (assumed)", "attachment not told".
#[must_use]
pub fn choice(variant: &str, option: &str, is_told: bool) -> String {
    match (option, is_told) {
        (UNTOLD, _) => format!("{variant} not told"),
        (_, true) => format!("{variant} {option}"),
        (_, false) => format!("{variant} {option} (assumed)"),
    }
}

/// The option of who says nothing, where a profile has one.
const UNTOLD: &str = "unknown";

/// ", left" and the like; nothing for the whole body.
#[must_use]
pub fn side(side: SideOfBody) -> String {
    match side {
        SideOfBody::Whole => String::new(),
        SideOfBody::Both => ", both sides".to_owned(),
        SideOfBody::One(side) => format!(", {side}"),
    }
}

/// A unit as it follows a number, with its space.
#[must_use]
pub fn unit(symbol: &str) -> String {
    let words = match symbol {
        "" => return String::new(),
        "deg" => return "°".to_owned(),
        "leg" => "leg lengths",
        "thigh" => "thigh lengths",
        "shank" => "shank lengths",
        "trunk" => "trunk lengths",
        "leg/s" => "leg lengths/s",
        other => other,
    };
    format!(" {words}")
}

/// A number with its unit.
#[must_use]
pub fn measured(value: f64, symbol: &str) -> String {
    format!("{}{}", short(value), unit(symbol))
}

/// A number and its uncertainty: whole where the uncertainty is of whole units.
#[must_use]
pub fn with_spread(value: f64, uncertainty: Option<f64>) -> (String, Option<String>) {
    let whole = uncertainty.is_some_and(|u| u >= 1.0);
    let told = |v: f64| short(if whole { v.round() } else { v });
    (told(value), uncertainty.map(told))
}

/// How long the part analysed is, "10.0 s"; where that is not the whole clip, which part, "10.0 s (2.0 to 12.0 s of the clip)".
#[must_use]
pub fn part(recording: &Recording) -> String {
    /// Less than this into the clip is its beginning, s.
    const BEGINNING: f64 = 0.1;
    /// A file's own count of its frames may be off by less than this share.
    const WHOLE: f64 = 0.95;
    let ends = recording.frames.first().zip(recording.frames.last());
    let (from, to) = ends.map_or((0.0, 0.0), |(first, last)| (first.time.0, last.time.0));
    let length = format!("{:.1} s", to - from);
    let frames = recording.frames.len() as f64;
    let is_cut = recording.clip.nominal_frames.is_some_and(|all| frames < WHOLE * all as f64);
    if from < BEGINNING && !is_cut {
        length
    } else {
        format!("{length} ({from:.1} to {to:.1} s of the clip)")
    }
}

/// "45 to 75°", "at most 0.12 leg lengths".
#[must_use]
pub fn band(band: Band, symbol: &str) -> String {
    let unit = unit(symbol);
    match (band.from, band.to) {
        (Some(from), Some(to)) => format!("{} to {}{unit}", short(from), short(to)),
        (Some(from), None) => format!("at least {}{unit}", short(from)),
        (None, Some(to)) => format!("at most {}{unit}", short(to)),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_one_reads_them_out() {
        let cases =
            [(14.52, "15"), (0.161, "0.16"), (-0.267, "−0.27"), (1.692, "1.7"), (-0.004, "0"), (9.96, "10")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        assert_eq!(measured(14.6, "deg"), "15°");
        assert_eq!(measured(0.161, "leg"), "0.16 leg lengths");
        assert_eq!(with_spread(7.59, Some(4.8)), ("8".to_owned(), Some("5".to_owned())));
        assert_eq!(with_spread(0.161, Some(0.03)), ("0.16".to_owned(), Some("0.03".to_owned())));
        assert_eq!(with_spread(7.59, None), ("7.6".to_owned(), None));
    }

    #[test]
    fn what_was_assumed_is_said_to_be() {
        let told = [("style", "tall", true), ("style", "drive", false), ("attachment", "unknown", false)];
        let told = told.map(|(variant, option, is_told)| choice(variant, option, is_told));
        assert_eq!(told, ["style tall", "style drive (assumed)", "attachment not told"]);
    }

    #[test]
    fn bands_say_which_ends_they_have() {
        let of = |from, to| band(Band { from, to }, "leg");
        assert_eq!(of(Some(0.4), Some(0.8)), "0.40 to 0.80 leg lengths");
        assert_eq!(of(Some(0.4), None), "at least 0.40 leg lengths");
        assert_eq!(of(None, Some(0.8)), "at most 0.80 leg lengths");
        assert_eq!(of(None, None), "");
    }
}
