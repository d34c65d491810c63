//! A look whose people are being matched, from what was seen there to who is where.

use super::jobs::Held;
use crate::observation::{Estimate, TrackId};
use crate::tracking::likeness;
use crate::tracking::tracks::{Matches, Tracks};
use std::collections::BTreeMap;

/// Everybody in a frame.
pub(super) type PeopleAt = BTreeMap<TrackId, Estimate>;

/// A look whose people are being matched: what is still to be asked.
pub(super) struct Open {
    pub(super) matches: Matches,
    pub(super) seen: Vec<Estimate>,
    /// Chases not answered yet.
    pub(super) waiting: usize,
    /// Where those seen at one end only were found, by frame.
    pub(super) chased: Vec<(TrackId, usize, Estimate)>,
}

impl Open {
    /// When all is answered: whoever was doubtful and not found where they were expected is the one who was seen, unless that one was
    /// somewhere else at the look `before`. `key` is this look's frame.
    pub(super) fn answered(&mut self, key: usize, before: Option<(usize, &PeopleAt)>) {
        // Answers come in any order.
        self.chased.sort_by_key(|(track, frame, _)| (*track, *frame));
        let chased = &mut self.chased;
        let at = |track, index| chased.iter().find(|(t, frame, _)| *t == track && *frame == index);
        let are_two = |new, old| {
            let apart = |(index, earlier): (usize, &PeopleAt)| {
                Some(!likeness::same_person(&at(new, index)?.2, earlier.get(&old)?))
            };
            at(old, key).is_some() || before.and_then(apart).unwrap_or(false)
        };
        for (new, old) in self.matches.resolve(are_two) {
            let told: Vec<usize> = chased.iter().filter(|c| c.0 == old).map(|c| c.1).collect();
            chased.retain(|(track, frame, _)| *track != new || !told.contains(frame));
            chased.iter_mut().filter(|(track, ..)| *track == new).for_each(|(track, ..)| *track = old);
        }
    }

    /// Who is where at a look: those seen there and those followed there. Where two are one person, whoever is not upside down
    /// counts first, then whoever was expected there rather than elsewhere or not at all: continuity is worth more than one look.
    pub(super) fn people(&self, key: &Held, tracks: &Tracks) -> PeopleAt {
        let seen = self.matches.seen.iter().copied().zip(self.seen.iter().cloned());
        let followed =
            self.chased.iter().filter(|(t, frame, _)| *frame == key.index && self.matches.lost.contains(t));
        let followed = followed.map(|(track, _, estimate)| (*track, estimate.clone()));
        let mut all: Vec<_> = seen.chain(followed).collect();
        let away = |track, e: &Estimate| tracks.away(track, key.time, e.region);
        all.sort_by(|(a, x), (b, y)| {
            let upright = likeness::upside_down(x).cmp(&likeness::upside_down(y));
            upright.then_with(|| away(*a, x).total_cmp(&away(*b, y))).then_with(|| a.cmp(b))
        });
        likeness::distinct_people(all).into_iter().collect()
    }
}
