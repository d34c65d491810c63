//! What a video file says of itself, read from its own bytes before any decoder sees it: whether it is a video at
//! all, which tracks it has, and how long it ought to be. Decoders answer all of these with the same "could not
//! open", and some open things that are no videos (playlists that point elsewhere): only what passes here is opened.

mod isobmff;
mod keyed;
mod matroska;
mod riff;

use crate::calendar::Day;
use crate::units::Hertz;
use std::io::{self, Read, Seek, SeekFrom};

/// Structure elements looked at before giving up: a real file has a few dozen before its tracks.
const MAX_ELEMENTS: usize = 10_000;
/// Bytes looked at to name the kind of a file.
const HEAD_BYTES: u64 = 512;

/// A file's own description.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Container {
    /// Length that the structure implies, bytes; none where the format does not say.
    pub declared_bytes: Option<u64>,
    /// Whether the index that a decoder needs is missing (MP4 and MOV without `moov`).
    pub index_missing: bool,
    /// The day in universal time on which the file says that it was made, if it does.
    pub created: Option<Day>,
    /// The rate at which the file says that it was filmed, whatever it plays at.
    pub capture_rate: Option<Hertz>,
    /// The tracks; empty where the format is not looked into.
    pub tracks: Vec<Track>,
}

/// One track of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Track {
    /// Pictures, with the codec's name in the container.
    Video(String),
    /// Sound.
    Audio,
    /// Subtitles, time codes, motion data.
    Other,
}

/// What the first bytes of a file show.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A video container.
    Video(Container),
    /// Something else, in words.
    Other(&'static str),
}

impl Container {
    /// The codec of the first video track.
    pub fn video_codec(&self) -> Option<&str> {
        self.tracks.iter().find_map(|track| match track {
            Track::Video(codec) => Some(codec.as_str()),
            Track::Audio | Track::Other => None,
        })
    }

    /// In words what there is instead of a picture; none where there is one, or where it is not known.
    pub fn without_video(&self) -> Option<&'static str> {
        if self.tracks.is_empty() || self.video_codec().is_some() {
            None
        } else if self.tracks.contains(&Track::Audio) {
            Some("sound")
        } else {
            Some("data")
        }
    }
}

/// Looks at a file of `length` bytes.
pub(super) fn inspect(file: &mut (impl Read + Seek), length: u64) -> io::Result<Kind> {
    let head = bytes_at(file, 0, HEAD_BYTES)?;
    Ok(match signature(&head) {
        Signature::IsoBmff => Kind::Video(isobmff::inspect(file, length)?),
        Signature::Matroska => Kind::Video(matroska::inspect(file, length)?),
        Signature::Avi => Kind::Video(riff::inspect(file, length)?),
        Signature::OpaqueVideo => Kind::Video(Container::default()),
        Signature::Sound => Kind::Video(Container { tracks: vec![Track::Audio], ..Container::default() }),
        Signature::Other(words) => Kind::Other(words),
    })
}

enum Signature {
    IsoBmff,
    Matroska,
    Avi,
    OpaqueVideo,
    Sound,
    Other(&'static str),
}

/// First top-level parts that MP4 and MOV files begin with.
const ISO_BMFF_TYPES: [&[u8]; 7] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
/// Beginnings of video formats that are handed to the decoder unseen: MPEG program stream, elementary streams,
/// Flash, Ogg, Windows Media, IVF, YUV4MPEG.
const OPAQUE_VIDEO: [&[u8]; 9] = [
    &[0, 0, 1, 0xBA],
    &[0, 0, 1, 0xB3],
    &[0, 0, 0, 1],
    &[0, 0, 1, 0x67],
    b"FLV\x01",
    b"OggS",
    &[0x30, 0x26, 0xB2, 0x75],
    b"DKIF",
    b"YUV4MPEG2",
];
/// Beginnings of pure sound files: FLAC, MP3 with and without tag.
const SOUND: [&[u8]; 5] = [b"fLaC", b"ID3", &[0xFF, 0xFB], &[0xFF, 0xF3], &[0xFF, 0xF1]];
/// Beginnings of pictures: JPEG, PNG, GIF.
const PICTURES: [&[u8]; 3] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG", b"GIF8"];
/// Length of a packet of an MPEG transport stream and the byte each begins with.
const TRANSPORT_PACKET: (usize, u8) = (188, 0x47);

fn signature(head: &[u8]) -> Signature {
    let starts = |beginnings: &[&[u8]]| beginnings.iter().any(|b| head.starts_with(b));
    let (packet, sync) = TRANSPORT_PACKET;
    if head.get(4..8).is_some_and(|kind| ISO_BMFF_TYPES.contains(&kind)) {
        Signature::IsoBmff
    } else if head.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]) {
        Signature::Matroska
    } else if head.starts_with(b"RIFF") {
        match head.get(8..12) {
            Some(b"AVI ") => Signature::Avi,
            Some(b"WAVE") => Signature::Sound,
            _ => Signature::Other("a RIFF file that is neither video nor sound"),
        }
    } else if starts(&OPAQUE_VIDEO) || (head.first() == Some(&sync) && head.get(packet) == Some(&sync)) {
        Signature::OpaqueVideo
    } else if starts(&SOUND) {
        Signature::Sound
    } else {
        Signature::Other(in_words(head, starts(&PICTURES)))
    }
}

fn in_words(head: &[u8], is_picture: bool) -> &'static str {
    let is_text = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7E | 0x80..);
    if is_picture {
        "a single picture"
    } else if head.starts_with(b"PK\x03\x04") {
        "a ZIP archive"
    } else if head.starts_with(b"%PDF") {
        "a PDF document"
    } else if head.iter().all(is_text) && std::str::from_utf8(&head[..head.len() / 2]).is_ok() {
        "text"
    } else {
        "unknown data"
    }
}

/// Up to `count` bytes from `position` on; fewer where the file ends.
pub(super) fn bytes_at(file: &mut (impl Read + Seek), position: u64, count: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(position))?;
    let mut bytes = Vec::new();
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Before this there were no clips of phones: an earlier day is a clock that was never set.
const FIRST_YEAR: u16 = 2000;

/// The day of a container's clock, so many seconds since 1970 began.
fn day(unix_s: i64) -> Option<Day> {
    Day::from_unix(unix_s).filter(|day| day.year() >= FIRST_YEAR)
}

/// Printable form of a four-letter code.
fn letters(code: &[u8]) -> String {
    let text: String = code.iter().map(|&b| if b.is_ascii_graphic() { char::from(b) } else { ' ' }).collect();
    let text = text.trim().to_owned();
    if text.is_empty() { "unknown".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    pub(super) fn look(bytes: &[u8]) -> Kind {
        let length = bytes.len() as u64;
        inspect(&mut Cursor::new(bytes), length).unwrap_or(Kind::Other("an error"))
    }

    #[test]
    fn things_that_are_no_videos_are_named() {
        for (bytes, words) in [
            (&b"#EXTM3U\nhttp://elsewhere/a.ts\n"[..], "text"),
            ("Übung für den Schlitten\n".as_bytes(), "text"),
            (b"\x89PNG\r\n\x1a\n", "a single picture"),
            (b"PK\x03\x04rest", "a ZIP archive"),
            (&[0u8; 64], "unknown data"),
        ] {
            assert_eq!(look(bytes), Kind::Other(words));
        }
    }

    #[test]
    fn sound_files_have_no_video() {
        for bytes in [&b"RIFF\x24\0\0\0WAVEfmt "[..], b"ID3\x04", b"fLaC\0"] {
            let Kind::Video(container) = look(bytes) else { panic!("{bytes:?}") };
            assert_eq!(container.without_video(), Some("sound"));
        }
    }

    proptest! {
        #[test]
        fn damaged_files_never_panic(kind in 0usize..3, tail in proptest::collection::vec(any::<u8>(), 0..400)) {
            let heads: [&[u8]; 3] = [b"\0\0\0\x08ftyp", &[0x1A, 0x45, 0xDF, 0xA3, 0x80], b"RIFF\xFF\0\0\0AVI "];
            let mut bytes = heads[kind].to_vec();
            bytes.extend(tail);
            prop_assert!(matches!(look(&bytes), Kind::Video(_)));
        }
    }
}
