//! The rate at which a phone says that it filmed: Android's key `com.android.capture.fps` among the metadata of an MP4 or MOV
//! (Apple's file format of movies, "Metadata": boxes `keys` and `ilst` in a `meta` whose handler is `mdta`).

use super::bytes_at;
use super::isobmff::{Part, children, parts};
use crate::units::Hertz;
use std::io::{self, Read, Seek};

/// As Android's recorder and cameras write it (`MediaRecorder.setCaptureRate`), slow motion and normal speed alike.
const CAPTURE_RATE: &[u8] = b"com.android.capture.fps";
/// More bytes of keys or values are no tags of a phone, some hundred bytes long, but pictures or damage [default].
const LARGEST: u64 = 1 << 20;
/// A length, and a type or a number.
const HEAD_BYTES: usize = 8;

/// The rate in the metadata of a `moov`, or of its user data; none where there is none that makes sense.
pub(super) fn capture_rate(
    file: &mut (impl Read + Seek),
    moov: &Part,
    length: u64,
) -> io::Result<Option<Hertz>> {
    let mut metas = children(file, moov, *b"meta", length)?;
    for user in children(file, moov, *b"udta", length)? {
        metas.extend(children(file, &user, *b"meta", length)?);
    }
    for meta in metas {
        if let Some(rate) = of_meta(file, &meta, length)? {
            return Ok(Some(rate));
        }
    }
    Ok(None)
}

fn of_meta(file: &mut (impl Read + Seek), meta: &Part, length: u64) -> io::Result<Option<Hertz>> {
    let end = meta.end.min(length);
    // A MOV begins with the boxes, ISO/IEC 14496-12 has a version and flags first.
    for content in [meta.content, meta.content + 4] {
        let found = parts(file, content, end)?;
        let mut table = |kind: &[u8; 4]| -> io::Result<Vec<u8>> {
            let Some(part) = found.iter().find(|part| &part.kind == kind) else { return Ok(Vec::new()) };
            bytes_at(file, part.content, (part.end.min(end).saturating_sub(part.content)).min(LARGEST))
        };
        // Version and flags, one unused word, then the kind of metadata.
        if table(b"hdlr")?.get(8..12) == Some(b"mdta") {
            let (keys, values) = (table(b"keys")?, table(b"ilst")?);
            return Ok(place_of(&keys, CAPTURE_RATE).and_then(|place| rate(value(&values, place)?)));
        }
    }
    Ok(None)
}

/// The number of a key, from 1. Before the keys stand version, flags and their number.
fn place_of(keys: &[u8], wanted: &[u8]) -> Option<u32> {
    let of = |(_, name): &(u32, &[u8])| *name == wanted;
    (1..).zip(entries(keys.get(8..)?)).find_map(|(place, entry)| of(&entry).then_some(place))
}

/// What stands under a key's number: the content of its `data`.
fn value(values: &[u8], place: u32) -> Option<&[u8]> {
    let (_, item) = entries(values).find(|(number, _)| *number == place)?;
    entries(item).find(|(kind, _)| kind.to_be_bytes() == *b"data").map(|(_, content)| content)
}

/// Length, a word, content, one after the other up to the first that is damaged.
fn entries(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = word(rest, 0)? as usize;
        let entry = (word(rest, 4)?, rest.get(HEAD_BYTES..length)?);
        rest = &rest[length..];
        Some(entry)
    })
}

fn word(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(place..place + 4)?.try_into().ok()?))
}

/// A number by its type ("Well-known types"): floats, whole numbers with and without a sign, text. Behind the type stands the
/// language.
fn rate(data: &[u8]) -> Option<Hertz> {
    let bytes = data.get(HEAD_BYTES..)?;
    let whole = || match bytes.len() {
        1..=8 => Some(bytes.iter().fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte))),
        _ => None,
    };
    let number = match word(data, 0)? {
        1 => std::str::from_utf8(bytes).ok()?.trim().parse().ok()?,
        23 => f64::from(f32::from_be_bytes(bytes.try_into().ok()?)),
        24 => f64::from_be_bytes(bytes.try_into().ok()?),
        // With a sign: a rate below 0 is none.
        21 | 65..=67 | 74 => whole().filter(|_| bytes[0] < 0x80)? as f64,
        22 | 75..=78 => whole()? as f64,
        _ => return None,
    };
    crate::video::clock::plausible_rate(number)
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::super::tests::look;
    use super::*;

    fn part(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + HEAD_BYTES).unwrap_or(u32::MAX);
        [&size.to_be_bytes()[..], kind, content].concat()
    }

    /// A `meta` with another key before ours.
    fn meta(full: bool, handler: [u8; 4], kind: u32, value: &[u8]) -> Vec<u8> {
        let keys = [part(b"mdta", b"com.android.version"), part(b"mdta", CAPTURE_RATE)].concat();
        let keys = part(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 2][..], &keys].concat());
        let data =
            |kind: u32, value: &[u8]| part(b"data", &[&kind.to_be_bytes()[..], &[0; 4], value].concat());
        let item = |place: u32, data: &[u8]| part(&place.to_be_bytes(), data);
        let ilst = part(b"ilst", &[item(1, &data(1, b"14")), item(2, &data(kind, value))].concat());
        let hdlr = part(b"hdlr", &[&[0; 8][..], &handler, &[0; 13]].concat());
        let flags: &[u8] = if full { &[0; 4] } else { &[] };
        part(b"meta", &[flags, &hdlr, &keys, &ilst].concat())
    }

    fn file(moov: &[u8]) -> Vec<u8> {
        [part(b"ftyp", b"isom"), part(b"moov", moov), part(b"mdat", &[7; 100])].concat()
    }

    fn told(bytes: &[u8]) -> Option<f64> {
        match look(bytes) {
            Kind::Video(container) => container.capture_rate.map(|rate| rate.0),
            Kind::Other(words) => panic!("taken for {words}"),
        }
    }

    #[test]
    fn the_rate_is_read_in_every_type_and_at_both_places() {
        let values: [(u32, &[u8]); 7] = [
            (23, &120.0_f32.to_be_bytes()),
            (24, &120.0_f64.to_be_bytes()),
            (21, &[120]),
            (22, &[0, 120]),
            (67, &120_i32.to_be_bytes()),
            (77, &120_u32.to_be_bytes()),
            (1, b"120.0"),
        ];
        for (kind, value) in values {
            for full in [false, true] {
                let meta = meta(full, *b"mdta", kind, value);
                assert_eq!(told(&file(&meta)), Some(120.0), "{kind} {full}");
                assert_eq!(told(&file(&part(b"udta", &meta))), Some(120.0), "{kind} {full} in udta");
            }
        }
    }

    #[test]
    fn what_is_no_rate_is_none() {
        let wrong: [(u32, &[u8]); 9] = [
            (23, &[0x42]),
            (23, &f32::NAN.to_be_bytes()),
            (24, &0.0_f64.to_be_bytes()),
            (24, &(-30.0_f64).to_be_bytes()),
            (21, &[0xFF]),
            (22, &[]),
            (22, &[9; 9]),
            (1, b"fast"),
            (13, &[0, 120]),
        ];
        for (kind, value) in wrong {
            assert_eq!(told(&file(&meta(true, *b"mdta", kind, value))), None, "{kind} {value:?}");
        }
        assert_eq!(told(&file(&meta(true, *b"mdir", 21, &[120]))), None, "another kind of metadata");
        assert_eq!(told(&file(&[])), None);
    }

    #[test]
    fn a_file_cut_or_damaged_anywhere_gives_no_wrong_rate() {
        let whole = file(&meta(false, *b"mdta", 24, &120.0_f64.to_be_bytes()));
        for cut in 12..whole.len() {
            assert!(told(&whole[..cut]).is_none_or(|rate| (rate - 120.0).abs() < 1e-9), "cut at {cut}");
        }
        for place in 12..whole.len() - 100 {
            for damage in [0, 0xFF] {
                let mut bytes = whole.clone();
                bytes[place] = damage;
                // A number that is damaged itself may be another number; nothing may panic.
                told(&bytes);
            }
        }
    }
}
