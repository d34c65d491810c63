//! Matroska and WebM (RFC 9559, EBML RFC 8794): elements of a variable-length id and length, nested.

use super::{Container, MAX_ELEMENTS, Track, bytes_at, day};
use crate::calendar::Day;
use std::io::{self, Read, Seek};

const SEGMENT: u64 = 0x1853_8067;
const TRACKS: u64 = 0x1654_AE6B;
const TRACK_ENTRY: u64 = 0xAE;
const TRACK_TYPE: u64 = 0x83;
const CODEC_ID: u64 = 0x86;
const CLUSTER: u64 = 0x1F43_B675;
const INFO: u64 = 0x1549_A966;
const DATE_UTC: u64 = 0x4461;

/// One element: where its content begins and ends; no end where a live recording left it open.
struct Element {
    id: u64,
    content: u64,
    end: Option<u64>,
}

/// Finds the segment's length and its track entries.
pub(super) fn inspect(file: &mut (impl Read + Seek), length: u64) -> io::Result<Container> {
    let mut container = Container::default();
    let Some(segment) = find(file, 0, length, SEGMENT)? else { return Ok(container) };
    container.declared_bytes = segment.end;
    let end = segment.end.map_or(length, |end| end.min(length));
    container.created = created(file, segment.content, end)?;
    let Some(tracks) = find(file, segment.content, end, TRACKS)? else { return Ok(container) };
    let end = tracks.end.map_or(length, |end| end.min(length));
    let mut position = tracks.content;
    for _ in 0..MAX_ELEMENTS {
        if position >= end {
            break;
        }
        let Some(entry) = element_at(file, position)? else { break };
        let Some(entry_end) = entry.end else { break };
        if entry.id == TRACK_ENTRY {
            container.tracks.push(kind_of(file, entry.content, entry_end.min(length))?);
        }
        position = entry_end;
    }
    Ok(container)
}

/// The day that the segment's information names: nanoseconds since 2001 began, in 64 bits with a sign.
fn created(file: &mut (impl Read + Seek), from: u64, to: u64) -> io::Result<Option<Day>> {
    /// From the beginning of 1970 to that of 2001, s.
    const UNIX_2001_S: i64 = 978_307_200;
    let Some(info) = find(file, from, to, INFO)? else { return Ok(None) };
    let Some(date) = find(file, info.content, info.end.map_or(to, |end| end.min(to)), DATE_UTC)? else {
        return Ok(None);
    };
    let bytes = bytes_at(file, date.content, 8)?;
    let nanoseconds = bytes.first_chunk().map(|b| i64::from_be_bytes(*b));
    Ok(nanoseconds.and_then(|ns| day(ns.div_euclid(1_000_000_000) + UNIX_2001_S)))
}

/// The first element of this id; the search ends at the pictures.
fn find(file: &mut (impl Read + Seek), from: u64, to: u64, id: u64) -> io::Result<Option<Element>> {
    let mut position = from;
    for _ in 0..MAX_ELEMENTS {
        if position >= to {
            break;
        }
        match element_at(file, position)? {
            Some(element) if element.id == id => return Ok(Some(element)),
            Some(Element { id: CLUSTER, .. }) | None => break,
            Some(Element { end: Some(end), .. }) => position = end,
            Some(_) => break,
        }
    }
    Ok(None)
}

fn element_at(file: &mut (impl Read + Seek), position: u64) -> io::Result<Option<Element>> {
    let head = bytes_at(file, position, 12)?;
    let Some((id, id_bytes)) = number(&head, 4, KeepMarker::Yes) else { return Ok(None) };
    let Some((size, size_bytes)) = head.get(id_bytes..).and_then(|rest| number(rest, 8, KeepMarker::No))
    else {
        return Ok(None);
    };
    let content = position + (id_bytes + size_bytes) as u64;
    // A length of only ones means "unknown" (RFC 8794, 6.2).
    let unknown = size == (1 << (7 * size_bytes)) - 1;
    let end = if unknown { None } else { content.checked_add(size) };
    Ok(Some(Element { id, content, end }))
}

/// Whether the bit that tells a number's length belongs to the number: it does in ids.
#[derive(Clone, Copy, PartialEq)]
enum KeepMarker {
    Yes,
    No,
}

/// A variable-length number and its bytes: as many as the first byte has leading zeros, plus one.
fn number(bytes: &[u8], most: usize, marker: KeepMarker) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let count = first.leading_zeros() as usize + 1;
    if count > most {
        return None;
    }
    let kept = if marker == KeepMarker::Yes { first } else { first & (0xFF_u16 >> count) as u8 };
    let value = bytes.get(1..count)?.iter().fold(u64::from(kept), |value, &b| value << 8 | u64::from(b));
    Some((value, count))
}

fn kind_of(file: &mut (impl Read + Seek), from: u64, to: u64) -> io::Result<Track> {
    /// Codec ids are short words; a longer one is damage.
    const MAX_CODEC_BYTES: u64 = 64;
    let (mut kind, mut codec) = (None, "unknown".to_owned());
    let mut position = from;
    for _ in 0..MAX_ELEMENTS {
        if position >= to {
            break;
        }
        let Some(element) = element_at(file, position)? else { break };
        let Some(end) = element.end else { break };
        let content = bytes_at(file, element.content, (end - element.content).min(MAX_CODEC_BYTES))?;
        match element.id {
            TRACK_TYPE => kind = content.last().copied(),
            CODEC_ID => codec = String::from_utf8_lossy(&content).into_owned(),
            _ => {}
        }
        position = end;
    }
    Ok(match kind {
        Some(1) => Track::Video(codec),
        Some(2) => Track::Audio,
        _ => Track::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::look;
    use super::super::{Container, Kind, Track};

    fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
        let size = 0x4000 | u16::try_from(content.len()).unwrap_or(0);
        [id, &size.to_be_bytes(), content].concat()
    }

    fn track(kind: u8, codec: &str) -> Vec<u8> {
        element(&[0xAE], &[element(&[0x83], &[kind]), element(&[0x86], codec.as_bytes())].concat())
    }

    fn container(bytes: &[u8]) -> Container {
        match look(bytes) {
            Kind::Video(container) => container,
            Kind::Other(words) => panic!("taken for {words}"),
        }
    }

    fn file() -> Vec<u8> {
        let tracks = element(&[0x16, 0x54, 0xAE, 0x6B], &[track(2, "A_OPUS"), track(1, "V_VP9")].concat());
        let cluster = element(&[0x1F, 0x43, 0xB6, 0x75], &[0; 50]);
        let segment = element(&[0x18, 0x53, 0x80, 0x67], &[tracks, cluster].concat());
        [element(&[0x1A, 0x45, 0xDF, 0xA3], &[0; 5]), segment].concat()
    }

    #[test]
    fn tracks_and_length_are_found_even_when_the_end_is_missing() {
        let bytes = file();
        for kept in [bytes.len(), bytes.len() - 30] {
            let found = container(&bytes[..kept]);
            assert_eq!(found.tracks, [Track::Audio, Track::Video("V_VP9".to_owned())]);
            assert_eq!(found.declared_bytes, Some(bytes.len() as u64));
        }
    }

    #[test]
    fn the_day_of_filming_is_that_of_the_segment() {
        // 2026-03-28 00:00:00 UTC as nanoseconds since 2001.
        let date: i64 = (1_774_656_000 - 978_307_200) * 1_000_000_000;
        let info = element(&[0x15, 0x49, 0xA9, 0x66], &element(&[0x44, 0x61], &date.to_be_bytes()));
        let segment = element(&[0x18, 0x53, 0x80, 0x67], &info);
        let bytes = [element(&[0x1A, 0x45, 0xDF, 0xA3], &[0; 5]), segment].concat();
        assert_eq!(container(&bytes).created.map(|day| day.to_string()).as_deref(), Some("2026-03-28"));
        assert_eq!(container(&file()).created, None);
    }

    #[test]
    fn a_live_recording_does_not_say_its_length() {
        let mut bytes = file();
        let at = bytes.windows(4).position(|w| w == [0x18, 0x53, 0x80, 0x67]).unwrap_or(0) + 4;
        bytes[at..at + 2].copy_from_slice(&[0x7F, 0xFF]);
        let found = container(&bytes);
        assert_eq!(found.declared_bytes, None);
        assert_eq!(found.video_codec(), Some("V_VP9"));
    }
}
