//! When the frames of an MP4 or MOV are shown, as its own tables say: ISO/IEC 14496-12, `stts` 8.6.1.2, `ctts` 8.6.1.3.

use super::boxes::{Node, u32_at};
use super::container::bytes_at;
use crate::frame::PixelSize;
use crate::units::Seconds;
use std::fs::File;
use std::io;
use std::path::Path;

/// Types of boxes, from the outside in.
pub(super) type Way<'a> = &'a [&'a [u8; 4]];
/// From a track to its tables.
pub(super) const STBL: [&[u8; 4]; 3] = [b"mdia", b"minf", b"stbl"];
/// An index larger than this (a day of frames has some 30 MB) is damage.
const LARGEST_INDEX: u64 = 1 << 28;

/// What an MP4 holds, without decoding it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Size of the picture as it is to be shown.
    pub size: PixelSize,
    /// When each frame is shown, in order, from the first.
    pub times: Vec<Seconds>,
}

/// The first video track of an MP4 or MOV; none where the file is no such file, or its tables lie elsewhere (fragments).
#[must_use]
pub fn stored(path: &Path) -> Option<Stored> {
    let mut file = File::open(path).ok()?;
    let moov = find_moov(&mut file).ok()??;
    let tree = read_moov(&mut file, &moov).ok()??;
    let is_video = |t: &&Node| t.bytes_at(&[b"mdia", b"hdlr"]).and_then(|h| h.get(8..12)) == Some(b"vide");
    let track = tree.parts()?.iter().filter(|part| &part.kind == b"trak").find(is_video)?;
    let mut at = shown_at(track.at(&STBL)?)?;
    at.sort_unstable();
    let media = track.bytes_at(&[b"mdia", b"mdhd"])?;
    // Behind version, flags and the two dates, which have 64 bits in version 1.
    let ticks_per_second =
        u32_at(media, if media.first() == Some(&1) { 20 } else { 12 }).filter(|t| *t > 0)?;
    let first = *at.first()?;
    let times = at.iter().map(|t| Seconds((t - first) as f64 / f64::from(ticks_per_second)));
    let head = track.bytes_at(&[b"tkhd"])?;
    // The last two words, 16.16 fixed point.
    let pixels = |from_end: usize| Some(u32_at(head, head.len().checked_sub(from_end)?)? >> 16);
    let size = PixelSize { width: pixels(8)?, height: pixels(4)? };
    Some(Stored { size, times: times.collect() })
}

/// Where the index lies.
pub(super) struct Moov {
    pub start: u64,
    pub length: u64,
    pub is_last: bool,
}

/// The index's place; none where there is none.
pub(super) fn find_moov(file: &mut File) -> io::Result<Option<Moov>> {
    let end = file.metadata()?.len();
    let mut start = 0;
    while start < end {
        let head = bytes_at(file, start, 16)?;
        let (Some(short), Some(kind)) = (u32_at(&head, 0), head.get(4..8)) else { return Ok(None) };
        let length = match (short, u32_at(&head, 8), u32_at(&head, 12)) {
            (0, ..) => end - start,
            (1, Some(high), Some(low)) => u64::from(high) << 32 | u64::from(low),
            (short, ..) => u64::from(short),
        };
        if length < 8 || length > end - start {
            return Ok(None);
        }
        if kind == b"moov" {
            return Ok(Some(Moov { start, length, is_last: start + length == end }));
        }
        start += length;
    }
    Ok(None)
}

/// The index as a tree; none where it is damaged.
pub(super) fn read_moov(file: &mut File, moov: &Moov) -> io::Result<Option<Node>> {
    if moov.length > LARGEST_INDEX {
        return Ok(None);
    }
    Ok(Node::read(&bytes_at(file, moov.start, moov.length)?))
}

/// For each frame in the order of decoding when it is shown, ticks.
pub(super) fn shown_at(stbl: &Node) -> Option<Vec<i64>> {
    let count = u32_at(stbl.bytes_at(&[b"stsz"])?, 8)? as usize;
    let steps = numbers(stbl.bytes_at(&[b"stts"])?, count)?;
    let offsets = match stbl.bytes_at(&[b"ctts"]) {
        Some(table) => numbers(table, count)?,
        None => vec![0; count],
    };
    let mut decoded_at = 0;
    let each = steps.iter().zip(&offsets).map(|(step, offset)| {
        let at = decoded_at + i64::from(*offset);
        decoded_at += i64::from(*step);
        at
    });
    Some(each.collect())
}

/// A table of (how often, what), spelled out.
fn numbers(table: &[u8], count: usize) -> Option<Vec<i32>> {
    let mut all = Vec::new();
    for run in 0..u32_at(table, 4)? as usize {
        let (times, value) = (u32_at(table, 8 + 8 * run)? as usize, u32_at(table, 12 + 8 * run)?);
        // Offsets before 0 are stored as two's complement, and steps are far below that.
        all.extend(std::iter::repeat_n(value.cast_signed(), times.min(count - all.len())));
    }
    (all.len() == count).then_some(all)
}

/// The same, shortened: version and flags, number of runs, the runs.
pub(super) fn runs(values: &[u32]) -> Vec<u8> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &value in values {
        match runs.last_mut() {
            Some((times, last)) if *last == value => *times += 1,
            _ => runs.push((1, value)),
        }
    }
    let words = [0, runs.len() as u32].into_iter().chain(runs.into_iter().flat_map(|(n, v)| [n, v]));
    words.flat_map(u32::to_be_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_spelled_out_and_shortened() {
        let table = runs(&[5, 5, 5, 9]);
        assert_eq!(numbers(&table, 4), Some(vec![5, 5, 5, 9]));
        assert_eq!(table.len(), 8 + 2 * 8);
        assert_eq!(numbers(&table, 5), None);
        assert_eq!(numbers(&table[..20], 4), None);
    }

    #[test]
    fn what_is_no_mp4_holds_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.mp4");
        for bytes in [&b""[..], b"\0\0\0\x08moov", b"\0\0\0\x10moov\xFF\xFF\xFF\xFFtrak", b"RIFF____AVI "] {
            std::fs::write(&path, bytes).expect("written");
            assert_eq!(stored(&path), None, "{bytes:?}");
        }
    }
}
