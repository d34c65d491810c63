//! What comes with an upload in pieces: the header `Upload-Metadata`, names with base64 values, with commas between. `filename` is the
//! title, the rest are [`Fields`].

use super::intake::Fields;
use super::problem::Problem;
use super::told;
use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};

/// Longest header, bytes.
const METADATA_BYTES: usize = 16 << 10;

/// `Upload-Metadata`: names with base64 values, commas between. `filename` is the title, the rest are [`Fields`].
pub fn read(headers: &HeaderMap) -> Result<(String, Fields), Problem> {
    let wrong = || Problem::bad("Upload-Metadata must be names with base64 values, with commas between.");
    let text = headers.get("upload-metadata").map_or(Ok(""), HeaderValue::to_str).map_err(|_| wrong())?;
    if text.len() > METADATA_BYTES {
        return Err(wrong());
    }
    let mut title = "clip".to_owned();
    let mut given = Map::new();
    for pair in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = base64(value.trim()).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(wrong)?;
        match name {
            "filename" | "name" => title = told::title(&value),
            // Sent by common clients; the content decides.
            "filetype" | "type" => {}
            _ => drop(given.insert(name.to_owned(), Value::from(value))),
        }
    }
    Ok((title, Fields::parse(given)?))
}

/// RFC 4648, section 4; padding may be left out.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect::<Option<_>>()?;
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0u32, |bits, d| bits << 6 | u32::from(*d)) << (6 * (4 - group.len()));
        if group.len() == 1 {
            return None;
        }
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    #[test]
    fn base64_as_in_the_rfc() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg", "foob"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(base64("+/8="), Some(vec![0xfb, 0xff]));
        assert!(base64("Z").is_none() && base64("a-b_").is_none() && base64("Zm 9v").is_none());
    }

    #[test]
    fn metadata_names_the_clip_and_what_is_told_of_it() {
        let headers = |text: &'static str| {
            HeaderMap::from_iter([(
                HeaderName::from_static("upload-metadata"),
                HeaderValue::from_static(text),
            )])
        };
        // "../../push.mp4", "Ada", "40"
        let (title, fields) =
            read(&headers("filename Li4vLi4vcHVzaC5tcDQ=,athlete QWRh,load_kg NDA=,hold ")).expect("allowed");
        assert_eq!(
            (title.as_str(), fields.athlete.as_deref(), fields.told.load_kg),
            ("push.mp4", Some("Ada"), Some(40.0))
        );
        assert!(read(&headers("filename %%%")).is_err() && read(&headers("out L2V0Yw==")).is_err());
        assert_eq!(read(&HeaderMap::new()).expect("none").0, "clip");
    }
}
