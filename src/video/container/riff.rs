//! AVI (RIFF): chunks of a four-letter type and a 32-bit length, lists nested.

use super::{Container, MAX_ELEMENTS, Track, bytes_at, letters};
use std::io::{self, Read, Seek};

/// One chunk: where its content begins and ends (before padding to an even place).
struct Chunk {
    kind: [u8; 4],
    content: u64,
    end: u64,
}

/// Walks the top level for the length (large files have several parts), and the header list for the tracks.
pub(super) fn inspect(file: &mut (impl Read + Seek), length: u64) -> io::Result<Container> {
    let mut container = Container::default();
    for (index, part) in chunks(file, 0, length)?.iter().enumerate() {
        container.declared_bytes = Some(part.end);
        if index == 0 {
            tracks(file, part.content + 4, part.end.min(length), &mut container.tracks)?;
        }
    }
    Ok(container)
}

fn chunks(file: &mut (impl Read + Seek), from: u64, to: u64) -> io::Result<Vec<Chunk>> {
    let mut chunks = Vec::new();
    let mut position = from;
    while position < to && chunks.len() < MAX_ELEMENTS {
        let head = bytes_at(file, position, 8)?;
        let (Some(kind), Some(size)) = (head.first_chunk::<4>(), head.last_chunk::<4>()) else { break };
        if head.len() < 8 || !kind.iter().all(|b| b.is_ascii_graphic() || *b == b' ') {
            break;
        }
        let (content, size) = (position + 8, u64::from(u32::from_le_bytes(*size)));
        chunks.push(Chunk { kind: *kind, content, end: content + size });
        position = content + size + size % 2;
    }
    Ok(chunks)
}

/// `LIST hdrl` holds one `LIST strl` per track, each with a `strh` that names kind and codec.
fn tracks(file: &mut (impl Read + Seek), from: u64, to: u64, found: &mut Vec<Track>) -> io::Result<()> {
    for header in lists(file, from, to, *b"hdrl")? {
        for stream in lists(file, header.content + 4, header.end.min(to), *b"strl")? {
            for chunk in chunks(file, stream.content + 4, stream.end.min(to))? {
                if &chunk.kind == b"strh" {
                    found.push(kind_of(&bytes_at(file, chunk.content, 8)?));
                }
            }
        }
    }
    Ok(())
}

fn lists(file: &mut (impl Read + Seek), from: u64, to: u64, name: [u8; 4]) -> io::Result<Vec<Chunk>> {
    let mut found = Vec::new();
    for chunk in chunks(file, from, to)? {
        // The pictures come behind the header; nothing is looked for in them.
        if &chunk.kind == b"LIST" && bytes_at(file, chunk.content, 4)? == name {
            found.push(chunk);
        }
    }
    Ok(found)
}

fn kind_of(header: &[u8]) -> Track {
    match header.first_chunk::<4>() {
        Some(b"vids") => Track::Video(letters(header.get(4..8).unwrap_or_default())),
        Some(b"auds") => Track::Audio,
        _ => Track::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::look;
    use super::super::{Kind, Track};

    fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap_or(0);
        let padding = &[0][..content.len() % 2];
        [kind, &size.to_le_bytes()[..], content, padding].concat()
    }

    fn list(name: &[u8], content: &[u8]) -> Vec<u8> {
        chunk(b"LIST", &[name, content].concat())
    }

    #[test]
    fn tracks_and_length_are_found_even_when_the_end_is_missing() {
        let stream = |header: &[u8; 8]| list(b"strl", &chunk(b"strh", &[&header[..], &[0; 9]].concat()));
        let header = list(b"hdrl", &[stream(b"vidsMJPG"), stream(b"auds\0\0\0\0")].concat());
        let bytes = chunk(b"RIFF", &[&b"AVI "[..], &header, &list(b"movi", &[1; 100])].concat());
        for kept in [bytes.len(), bytes.len() - 60] {
            let Kind::Video(found) = look(&bytes[..kept]) else { panic!("not seen as a video") };
            assert_eq!(found.tracks, [Track::Video("MJPG".to_owned()), Track::Audio]);
            assert_eq!(found.declared_bytes, Some(bytes.len() as u64));
        }
    }
}
