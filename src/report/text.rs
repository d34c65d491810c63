//! Text and numbers as a page shows them: escaped, rounded as one reads out, units in words.

use crate::findings::SideOfBody;
use crate::technique::rule::Band;
use std::fmt::Write;

/// Text that is nothing but text in HTML and in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// JSON that cannot end the script it stands in.
pub(super) fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// As many digits as one reads out: whole numbers from ten up.
pub(super) fn short(value: f64) -> String {
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

/// A unit as it follows a number, with its space.
pub(super) fn unit(symbol: &str) -> String {
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
pub(super) fn measured(value: f64, symbol: &str) -> String {
    format!("{}{}", short(value), unit(symbol))
}

/// "45 to 75°", "at most 0.12 leg lengths".
pub(super) fn band(band: Band, symbol: &str) -> String {
    let unit = unit(symbol);
    match (band.from, band.to) {
        (Some(from), Some(to)) => format!("{} to {}{unit}", short(from), short(to)),
        (Some(from), None) => format!("at least {}{unit}", short(from)),
        (None, Some(to)) => format!("at most {}{unit}", short(to)),
        (None, None) => String::new(),
    }
}

/// ", left" and the like; nothing for the whole body.
pub(super) fn side(side: SideOfBody) -> String {
    match side {
        SideOfBody::Whole => String::new(),
        SideOfBody::Both => ", both sides".to_owned(),
        SideOfBody::One(side) => format!(", {side}"),
    }
}

/// The first letter large.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A path as a URL relative to the page; whatever is not plainly harmless is percent-encoded.
pub(super) fn url(path: &str) -> String {
    let mut out = String::from("./");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("<b a=\"x\" c='y'>&"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;");
        assert_eq!(in_script("{\"a\":\"</script>\"}"), "{\"a\":\"\\u003c/script>\"}");
        assert_eq!(url("a b/ü\"?.mp4"), "./a%20b/%C3%BC%22%3F.mp4");
        assert_eq!(url("javascript:x"), "./javascript%3Ax");
    }

    #[test]
    fn numbers_as_one_reads_them_out() {
        let cases =
            [(14.52, "15"), (0.161, "0.16"), (-0.267, "−0.27"), (1.692, "1.7"), (-0.004, "0"), (9.96, "10")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        assert_eq!(measured(14.6, "deg"), "15°");
        assert_eq!(measured(0.161, "leg"), "0.16 leg lengths");
    }
}
