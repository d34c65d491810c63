//! Gives each frame of an MP4 that was encoded at a constant rate its own time, in the file's tables: the pictures stay
//! as they are. ISO/IEC 14496-12: `stts` 8.6.1.2, `ctts` 8.6.1.3, `elst` 8.6.6, durations in `mvhd`, `tkhd`, `mdhd`.

use super::boxes::{Body, Node};
use super::timing::{STBL, Way, find_moov, read_moov, runs, shown_at};
use crate::units::Seconds;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// Ticks per second: exact for the usual rates and for phone clips (90 kHz, 600 Hz, 30 kHz), within 6 µs for others.
const FINE_TICKS: u32 = 90_000;
/// For what is too long for that (13 hours).
const COARSE_TICKS: u32 = 1_000;
/// Duration of the only frame of a clip, s.
const LONE_FRAME: Seconds = Seconds(1.0 / 30.0);

/// Why a file could not be given its times.
#[derive(Debug)]
pub(super) enum RetimeError {
    /// Reading or writing failed.
    Io(io::Error),
    /// The file is not as an encoder leaves it; says how.
    Index(&'static str),
}

impl From<io::Error> for RetimeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The `k`-th frame shown gets the `k`-th time, counted from the first. `times` increase; the last frame is shown as long as the
/// one before. The file's `moov` is replaced at its end, so that no picture moves.
pub(super) fn retime(file: &mut File, times: &[Seconds]) -> Result<(), RetimeError> {
    let moov = find_moov(file)?.ok_or(RetimeError::Index("it has no index"))?;
    let tree = read_moov(file, &moov)?.ok_or(RetimeError::Index("its index is damaged"))?;
    let new = retimed(tree, times).map_err(RetimeError::Index)?;
    if moov.is_last {
        file.set_len(moov.start)?;
    } else {
        file.seek(SeekFrom::Start(moov.start + 4))?;
        file.write_all(b"free")?;
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(&new)?;
    Ok(file.flush()?)
}

/// The index with other times.
fn retimed(mut moov: Node, times: &[Seconds]) -> Result<Vec<u8>, &'static str> {
    let clock = Ticks::new(times);
    let tracks = moov.parts_mut().ok_or("its index is empty")?;
    let mut found = tracks.iter_mut().filter(|part| &part.kind == b"trak");
    let (Some(track), None) = (found.next(), found.next()) else {
        return Err("it has not exactly one track");
    };
    set_track(track, &clock)?;
    // Version and flags, created, changed, then ticks per second and duration.
    let head: Way = &[b"mvhd"];
    old_version(&moov, head)?;
    moov.put_u32(head, 12, clock.per_second).ok_or("its head is too short")?;
    moov.put_u32(head, 16, clock.duration).ok_or("its head is too short")?;
    moov.bytes().ok_or("its index is too long")
}

fn set_track(track: &mut Node, clock: &Ticks) -> Result<(), &'static str> {
    let stbl = track.at(&STBL).ok_or("its track has no tables")?;
    let shown = place_when_shown(stbl).ok_or("its tables of times are damaged")?;
    if shown.len() != clock.at.len() {
        return Err("it holds another number of frames than were written");
    }
    let plan = Plan::new(&shown, clock);
    let (media, track_head): (Way, Way) = (&[b"mdia", b"mdhd"], &[b"tkhd"]);
    old_version(track, media)?;
    old_version(track, track_head)?;
    let short = "its track's head is too short";
    track.put_u32(media, 12, clock.per_second).ok_or(short)?;
    track.put_u32(media, 16, clock.duration).ok_or(short)?;
    // Version and flags, created, changed, number, one unused word.
    track.put_u32(track_head, 20, clock.duration).ok_or(short)?;
    set_tables(track, &plan);
    set_edit(track, clock.duration, plan.first_shown);
    Ok(())
}

/// Version 0 has 32-bit times, which is what is written here.
fn old_version(node: &Node, way: Way) -> Result<(), &'static str> {
    match node.bytes_at(way).and_then(|bytes| bytes.first()) {
        Some(0) => Ok(()),
        Some(_) => Err("its times have 64 bits"),
        None => Err("a part of its index is missing"),
    }
}

fn set_tables(track: &mut Node, plan: &Plan) {
    let Some(tables) = track.at_mut(&STBL).and_then(Node::parts_mut) else { return };
    tables.retain(|part| &part.kind != b"stts" && &part.kind != b"ctts");
    let place = tables.iter().position(|part| &part.kind == b"stsd").map_or(0, |at| at + 1);
    if plan.offsets.iter().any(|offset| *offset != 0) {
        tables.insert(place, Node::data(*b"ctts", runs(&plan.offsets)));
    }
    tables.insert(place, Node::data(*b"stts", runs(&plan.steps)));
}

/// What is shown begins with the first frame, not with the decoder's head start.
fn set_edit(track: &mut Node, duration: u32, first_shown: u32) {
    let rate = 1u32 << 16;
    let words = [0, 1, duration, first_shown, rate];
    let edit = Node::data(*b"elst", words.iter().flat_map(|w| w.to_be_bytes()).collect());
    let Some(parts) = track.parts_mut() else { return };
    parts.retain(|part| &part.kind != b"edts");
    let place = parts.iter().position(|part| &part.kind == b"tkhd").map_or(0, |at| at + 1);
    parts.insert(place, Node { kind: *b"edts", body: Body::Parts(vec![edit]) });
}

/// For each frame in the order of decoding, its place in the order of showing.
fn place_when_shown(stbl: &Node) -> Option<Vec<usize>> {
    let shown_at = shown_at(stbl)?;
    let mut order: Vec<usize> = (0..shown_at.len()).collect();
    order.sort_by_key(|&i| shown_at[i]);
    let mut places = vec![0; shown_at.len()];
    for (place, index) in order.into_iter().enumerate() {
        places[index] = place;
    }
    Some(places)
}

/// Times in ticks from the first.
struct Ticks {
    per_second: u32,
    at: Vec<u32>,
    /// To the end of the last frame.
    duration: u32,
}

impl Ticks {
    fn new(times: &[Seconds]) -> Self {
        let first = times.first().copied().unwrap_or_default();
        let last_step = times.len().checked_sub(2).map_or(LONE_FRAME, |i| times[i + 1] - times[i]);
        let whole = times.last().map_or(0.0, |t| (*t - first + last_step).0);
        let is_long = whole * f64::from(FINE_TICKS) > f64::from(u32::MAX / 2);
        let per_second = if is_long { COARSE_TICKS } else { FINE_TICKS };
        let ticks = |s: Seconds| (s.0 * f64::from(per_second)).round() as u32;
        let mut at: Vec<u32> = Vec::with_capacity(times.len());
        for time in times {
            // Two frames never share a tick.
            let least = at.last().map_or(0, |t| t + 1);
            at.push(ticks(*time - first).max(least));
        }
        let duration = at.last().map_or(0, |t| t + ticks(last_step).max(1));
        Self { per_second, at, duration }
    }
}

/// When each frame is decoded, and how much later it is shown; in the order of decoding.
struct Plan {
    steps: Vec<u32>,
    offsets: Vec<u32>,
    /// When the first frame is shown, counted from the first decoding.
    first_shown: u32,
}

impl Plan {
    /// The `i`-th frame decoded is decoded when the `(i - head)`-th is shown, with as much head start as the furthest moved frame
    /// needs: so no frame is shown before it is decoded, whatever the times.
    fn new(shown: &[usize], clock: &Ticks) -> Self {
        let head = shown.iter().enumerate().map(|(i, place)| i.saturating_sub(*place)).max().unwrap_or(0);
        let first_step = clock.at.get(1).map_or(1, |t| t - clock.at[0]);
        let first_shown = head as u32 * first_step;
        let decoded = |i: usize| match i.checked_sub(head) {
            Some(before) => first_shown + clock.at[before],
            None => i as u32 * first_step,
        };
        let count = shown.len();
        let last = count.checked_sub(1).map_or(0, |i| clock.duration - clock.at[i]);
        let steps = (0..count).map(|i| if i + 1 < count { decoded(i + 1) - decoded(i) } else { last });
        let offsets = shown.iter().enumerate().map(|(i, place)| first_shown + clock.at[*place] - decoded(i));
        Self { steps: steps.collect(), offsets: offsets.collect(), first_shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// When each frame in the order of decoding is decoded and shown, ticks from the first shown.
    fn played(plan: &Plan) -> Vec<(i64, i64)> {
        let mut at = -i64::from(plan.first_shown);
        let each = plan.steps.iter().zip(&plan.offsets).map(|(step, offset)| {
            let decoded = at;
            at += i64::from(*step);
            (decoded, decoded + i64::from(*offset))
        });
        each.collect()
    }

    #[test]
    fn frames_decoded_out_of_order_are_shown_at_their_times() {
        let clock = Ticks::new(&[0.0, 0.04, 0.1, 0.11, 0.2].map(Seconds));
        assert_eq!((clock.per_second, clock.duration), (90_000, 26_100));
        let shown = [0, 4, 2, 1, 3];
        let played = played(&Plan::new(&shown, &clock));
        let times: Vec<i64> = played.iter().map(|(_, shown)| *shown).collect();
        assert_eq!(times, [0, 18_000, 9_000, 3_600, 9_900]);
    }

    #[test]
    fn times_closer_than_a_tick_stay_apart_and_long_ones_fit() {
        assert_eq!(Ticks::new(&[Seconds(1.0), Seconds(1.000_001)]).at, [0, 1]);
        let day = Ticks::new(&[Seconds(0.0), Seconds(43_200.0)]);
        assert_eq!((day.per_second, day.duration), (COARSE_TICKS, 86_400_000));
    }

    proptest! {
        /// Whatever the order of decoding within a group, each frame is shown when told and never before it is decoded.
        #[test]
        fn nothing_is_shown_before_it_is_decoded(
            steps in proptest::collection::vec(0.001..0.4f64, 1..40), seed in any::<u64>(),
        ) {
            let mut at = 0.0;
            let times: Vec<Seconds> = steps.iter().map(|step| { at += step; Seconds(at) }).collect();
            let clock = Ticks::new(&times);
            let mut shown: Vec<usize> = (0..times.len()).collect();
            for (i, group) in shown.chunks_mut(4).enumerate() {
                let turn = (seed >> (i % 16)) as usize % group.len();
                group.rotate_right(turn);
            }
            let played = played(&Plan::new(&shown, &clock));
            for (place, (decoded, shown_at)) in shown.iter().zip(&played) {
                prop_assert_eq!(*shown_at, i64::from(clock.at[*place]));
                prop_assert!(decoded <= shown_at);
            }
            prop_assert!(played.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
