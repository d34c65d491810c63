//! Text, numbers and links as a page shows them.

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

/// A path as the target of a link.
pub(super) fn link(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// As many digits as one reads out, with a true minus.
pub(super) fn short(value: f64) -> String {
    let text = if value.abs() >= 9.95 {
        format!("{value:.0}")
    } else if value.abs() >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    let is_zero = text.bytes().all(|b| !(b'1'..=b'9').contains(&b));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

/// A unit after a number, with its space.
pub(super) fn unit(symbol: &str) -> String {
    match symbol {
        "" => String::new(),
        "deg" => "°".to_owned(),
        "leg" => " leg lengths".to_owned(),
        "leg/s" => " leg lengths/s".to_owned(),
        other => format!(" {other}"),
    }
}

/// `1 clip`, `2 clips`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_page_and_paths_become_links() {
        assert_eq!(escape("<b>\"K&m'"), "&lt;b&gt;&quot;K&amp;m&#39;");
        assert_eq!(
            link("clips/a b/ü#?.sledform/report.html"),
            "clips/a%20b/%C3%BC%23%3F.sledform/report.html"
        );
        assert_eq!(
            (short(-0.001).as_str(), short(-12.6).as_str(), short(3.25).as_str()),
            ("0.00", "−13", "3.2")
        );
        assert_eq!((count(1, "clip").as_str(), count(0, "clip").as_str()), ("1 clip", "0 clips"));
    }
}
