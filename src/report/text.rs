//! Text as a page shows it: escaped for where it stands. Numbers and units: `findings::reading`.

pub use crate::findings::reading::{band, measured, part, short, side, unit, with_spread};
use std::fmt::Write;

/// Text that is nothing but text in HTML and in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
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

/// The first letter large.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A path as a URL relative to the page; whatever is not plainly harmless is percent-encoded.
#[must_use]
pub fn url(path: &str) -> String {
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
}
