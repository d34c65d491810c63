//! MP4 and MOV (ISO/IEC 14496-12): boxes of a 32-bit length and a four-letter type, nested.

use super::{Container, MAX_ELEMENTS, Track, bytes_at, day, keyed, letters};
use crate::calendar::Day;
use std::io::{self, Read, Seek};

/// One box: where its content begins and ends.
pub(super) struct Part {
    pub kind: [u8; 4],
    pub content: u64,
    pub end: u64,
}

/// Walks the top level for the length, and into `moov` for the tracks and what is told of them.
pub(super) fn inspect(file: &mut (impl Read + Seek), length: u64) -> io::Result<Container> {
    let parts = parts(file, 0, length)?;
    let mut container = Container {
        declared_bytes: parts.last().map(|part| part.end),
        index_missing: true,
        ..Container::default()
    };
    for part in parts.iter().filter(|part| &part.kind == b"moov") {
        container.index_missing = part.end > length;
        container.created =
            children(file, part, *b"mvhd", length)?.pop().map_or(Ok(None), |head| created(file, &head))?;
        container.capture_rate = keyed::capture_rate(file, part, length)?;
        for track in children(file, part, *b"trak", length)? {
            container.tracks.push(kind_of(file, &track, length)?);
        }
    }
    Ok(container)
}

/// The day in the movie's header: version and flags, then seconds since 1904 began, in 32 bits or, in version 1, in 64.
fn created(file: &mut (impl Read + Seek), head: &Part) -> io::Result<Option<Day>> {
    /// From the beginning of 1904 to that of 1970, s.
    const UNIX_1904_S: i64 = 2_082_844_800;
    let bytes = bytes_at(file, head.content, 12)?;
    let seconds = match (bytes.first(), bytes.get(4..8), bytes.get(4..12)) {
        (Some(0), Some(short), _) => short.try_into().ok().map(|b| i64::from(u32::from_be_bytes(b))),
        (Some(1), _, Some(long)) => long.try_into().ok().map(i64::from_be_bytes),
        _ => None,
    };
    Ok(seconds.and_then(|s| day(s.checked_sub(UNIX_1904_S)?)))
}

/// The boxes from `from` on that begin before `to`; the last may end behind it, where the file was cut.
pub(super) fn parts(file: &mut (impl Read + Seek), from: u64, to: u64) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut position = from;
    while position < to && parts.len() < MAX_ELEMENTS {
        let Some(part) = part_at(file, position, to)? else { break };
        position = part.end;
        parts.push(part);
    }
    Ok(parts)
}

fn part_at(file: &mut (impl Read + Seek), position: u64, to: u64) -> io::Result<Option<Part>> {
    let head = bytes_at(file, position, 16)?;
    let (Some(size), Some(kind)) = (head.first_chunk::<4>(), head.get(4..8)) else { return Ok(None) };
    let Ok(kind) = <[u8; 4]>::try_from(kind) else { return Ok(None) };
    // Bytes behind the last box that are no box: some cameras leave padding.
    if !kind.iter().all(|b| b.is_ascii_graphic() || *b == b' ' || *b == 0xA9) {
        return Ok(None);
    }
    let (head_bytes, size) = match u32::from_be_bytes(*size) {
        0 => (8, to - position),
        1 => match head.get(8..16).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
            Some(large) => (16, u64::from_be_bytes(large)),
            None => return Ok(None),
        },
        size => (8, u64::from(size)),
    };
    let Some(end) = position.checked_add(size).filter(|_| size >= head_bytes) else { return Ok(None) };
    Ok(Some(Part { kind, content: position + head_bytes, end }))
}

/// The boxes of a kind within a box.
pub(super) fn children(
    file: &mut (impl Read + Seek),
    of: &Part,
    kind: [u8; 4],
    length: u64,
) -> io::Result<Vec<Part>> {
    let mut found = parts(file, of.content, of.end.min(length))?;
    found.retain(|part| part.kind == kind);
    Ok(found)
}

fn kind_of(file: &mut (impl Read + Seek), track: &Part, length: u64) -> io::Result<Track> {
    let Some(media) = children(file, track, *b"mdia", length)?.pop() else { return Ok(Track::Other) };
    let Some(handler) = children(file, &media, *b"hdlr", length)?.pop() else { return Ok(Track::Other) };
    // Version and flags, one unused word, then the kind of track.
    Ok(match bytes_at(file, handler.content + 8, 4)?.as_slice() {
        b"vide" => Track::Video(codec(file, media, length)?),
        b"soun" => Track::Audio,
        _ => Track::Other,
    })
}

fn codec(file: &mut (impl Read + Seek), media: Part, length: u64) -> io::Result<String> {
    let mut part = media;
    for kind in [b"minf", b"stbl", b"stsd"] {
        match children(file, &part, *kind, length)?.pop() {
            Some(child) => part = child,
            None => return Ok(letters(&[])),
        }
    }
    // Version and flags, number of entries, length of the first entry, then its codec.
    Ok(letters(&bytes_at(file, part.content + 12, 4)?))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::super::tests::look;
    use super::*;

    fn part(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
        [&size.to_be_bytes()[..], kind, content].concat()
    }

    fn track(handler: &[u8], codec: &[u8]) -> Vec<u8> {
        let hdlr = part(b"hdlr", &[&[0; 8][..], handler, &[0; 13]].concat());
        let stsd = part(b"stsd", &[&[0; 8][..], &[0, 0, 0, 16], codec, &[0; 8]].concat());
        let minf = part(b"minf", &part(b"stbl", &stsd));
        part(b"trak", &part(b"mdia", &[hdlr, minf].concat()))
    }

    fn file(tracks: &[Vec<u8>]) -> Vec<u8> {
        [part(b"ftyp", b"isom"), part(b"moov", &tracks.concat()), part(b"mdat", &[7; 100])].concat()
    }

    fn container(bytes: &[u8]) -> Container {
        match look(bytes) {
            Kind::Video(container) => container,
            Kind::Other(words) => panic!("taken for {words}"),
        }
    }

    #[test]
    fn tracks_codec_and_length_are_found() {
        let bytes = file(&[track(b"soun", b"mp4a"), track(b"vide", b"hvc1")]);
        let found = container(&bytes);
        assert_eq!(found.tracks, [Track::Audio, Track::Video("hvc1".to_owned())]);
        assert_eq!(found.declared_bytes, Some(bytes.len() as u64));
        assert!(!found.index_missing);
    }

    #[test]
    fn the_day_of_filming_is_that_of_the_movie_header() {
        // 2026-03-28 00:00:00 UTC as seconds since 1904.
        let seconds: u32 = 1_774_656_000 + 2_082_844_800;
        let short = [&[0; 4][..], &seconds.to_be_bytes(), &[0; 92]].concat();
        let long = [&[1, 0, 0, 0][..], &u64::from(seconds).to_be_bytes(), &[0; 100]].concat();
        let never_set = [0; 100].to_vec();
        let day = |head: Vec<u8>| {
            let found = container(&file(&[part(b"mvhd", &head), track(b"vide", b"avc1")])).created;
            found.map(|day| day.to_string())
        };
        assert_eq!(day(short).as_deref(), Some("2026-03-28"));
        assert_eq!(day(long).as_deref(), Some("2026-03-28"));
        assert_eq!(day(never_set), None);
        assert_eq!(day(vec![0; 3]), None);
        assert_eq!(container(&file(&[track(b"vide", b"avc1")])).created, None);
    }

    #[test]
    fn a_cut_file_declares_more_than_it_has() {
        let bytes = file(&[track(b"vide", b"avc1")]);
        let found = container(&bytes[..bytes.len() - 40]);
        assert_eq!(found.declared_bytes, Some(bytes.len() as u64));
        assert!(!found.index_missing);
    }

    #[test]
    fn a_recording_without_moov_has_no_index() {
        let bytes = [part(b"ftyp", b"isom"), part(b"mdat", &[7; 100])].concat();
        assert!(container(&bytes).index_missing);
    }

    #[test]
    fn sound_alone_is_told_from_data_alone() {
        assert_eq!(container(&file(&[track(b"soun", b"mp4a")])).without_video(), Some("sound"));
        assert_eq!(container(&file(&[track(b"meta", b"mebx")])).without_video(), Some("data"));
    }
}
