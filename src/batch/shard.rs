//! One part of a batch for each of several machines, the same on every machine: it depends on a clip's name alone.

use super::Clip;
use crate::digest;
use std::num::NonZeroUsize;
use std::str::FromStr;

/// Part `part` of `of`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    part: NonZeroUsize,
    of: NonZeroUsize,
}

/// What is wrong with a part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no part; write the part and how many there are, from 1/4 to 4/4")]
pub struct ShardError(String);

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let shard = text.split_once('/').and_then(|(part, of)| {
            let (part, of): (NonZeroUsize, NonZeroUsize) =
                (part.trim().parse().ok()?, of.trim().parse().ok()?);
            (part <= of).then_some(Self { part, of })
        });
        shard.ok_or_else(|| ShardError(text.to_owned()))
    }
}

impl Shard {
    /// The clips of this part, in their order.
    #[must_use]
    pub fn of(self, clips: Vec<Clip>) -> Vec<Clip> {
        clips.into_iter().filter(|clip| self.holds(&clip.name)).collect()
    }

    /// Whether a clip of this name belongs to this part.
    #[must_use]
    pub fn holds(self, name: &str) -> bool {
        /// 15 hexadecimal digits fit in 64 bits with room to spare.
        const DIGITS: usize = 15;
        let digest = digest::of_bytes(name.as_bytes());
        let number = u64::from_str_radix(&digest[..DIGITS], 16).unwrap_or_default();
        number % self.of.get() as u64 == self.part.get() as u64 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clip_belongs_to_one_part_and_no_part_has_nearly_all() {
        let shards: Vec<Shard> = (1..=4).map(|i| format!("{i}/4").parse().expect("a part")).collect();
        let mut counts = [0; 4];
        for i in 0..400 {
            let name = format!("athlete {}/clip {i}.mp4", i % 7);
            let holders: Vec<usize> = (0..4).filter(|s| shards[*s].holds(&name)).collect();
            assert_eq!(holders.len(), 1, "{name}");
            counts[holders[0]] += 1;
        }
        // 100 each is expected, with a standard deviation of 8.7; four of them either way.
        assert!(counts.iter().all(|c| (65..=135).contains(c)), "{counts:?}");
    }

    /// Parts by an independent implementation: `int(hashlib.sha256(name).hexdigest()[:15], 16) % 3 + 1` in Python.
    #[test]
    fn the_part_of_a_name_never_changes() {
        for (name, part) in [("a.mp4", 2), ("b.mp4", 1), ("Kim/2026-11-21/push 1.mp4", 2)] {
            assert!(format!("{part}/3").parse::<Shard>().is_ok_and(|s| s.holds(name)), "{name}");
        }
    }

    #[test]
    fn parts_that_there_are_not_are_refused() {
        for text in ["0/4", "5/4", "1", "1/0", "a/b", ""] {
            assert!(text.parse::<Shard>().is_err_and(|e| e.to_string().contains("1/4")), "{text}");
        }
    }
}
