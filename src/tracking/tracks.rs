//! The people of a clip as tracks, from one look to the next. Looks come in frame order; nothing here runs a model.

use super::likeness::cost;
use crate::geometry::{Region, Vector};
use crate::observation::{Estimate, TrackId};
use crate::units::Seconds;

/// A track that looks did not find by themselves so many times in a row is let go even if its pose still answers: ten seconds
/// at the usual three looks a second. Longer, and a pose that has settled on a rack would live for ever.
const UNSEEN_LOOKS: usize = 30;

/// Somebody who left is taken for the same person again within this time anywhere in reach of where they left.
const RETURN_WITHIN: Seconds = Seconds(2.0);

/// Somebody who left at an edge of the picture may come back at that edge at any time, if the size is within this
/// factor.
const RETURN_GROWTH: f64 = 1.35;

/// A region whose centre is nearer to an edge than this share of its side is leaving the picture there.
pub const EDGE_SHARE: f64 = 0.35;

#[derive(Clone, Copy, Debug)]
struct Track {
    id: TrackId,
    region: Region,
    seen_at: Seconds,
    /// Movement of the centre since the look before, px/s.
    velocity: Vector<crate::geometry::Image>,
    unseen_looks: usize,
}

impl Track {
    fn new(id: TrackId, time: Seconds, region: Region) -> Self {
        Self { id, region, seen_at: time, velocity: Vector::new(0.0, 0.0), unseen_looks: 0 }
    }

    fn expected_at(&self, time: Seconds) -> Region {
        let ahead = (time - self.seen_at).0;
        Region { centre: self.region.centre + self.velocity * ahead, ..self.region }
    }
}

/// What one look made of the people seen before and now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// People seen now, with the track they belong to, in the order they were given.
    pub seen: Vec<TrackId>,
    /// Which of `seen` were not there at the look before.
    pub new: Vec<TrackId>,
    /// People of the look before who were not seen now.
    pub lost: Vec<TrackId>,
}

/// The people of a clip so far.
#[derive(Clone, Debug)]
pub struct Tracks {
    width: f64,
    alive: Vec<Track>,
    gone: Vec<Track>,
    next: u32,
}

impl Tracks {
    /// Nobody yet, in a picture `width` px wide.
    #[must_use]
    pub fn new(width: f64) -> Self {
        Self { width, alive: Vec::new(), gone: Vec::new(), next: 0 }
    }

    /// Matches the people seen at `time` to the tracks. Nothing is decided until [`Tracks::settle`].
    pub fn look(&mut self, time: Seconds, people: &[Estimate]) -> Matches {
        let assigned = self.assign(time, people);
        let mut matches = Matches::default();
        for (person, track) in people.iter().zip(&assigned) {
            let id = match track {
                Some(index) => self.alive[*index].id,
                None => self.name(time, person.region, &matches.new),
            };
            if track.is_none() {
                matches.new.push(id);
            }
            matches.seen.push(id);
        }
        let lost = self.alive.iter().enumerate().filter(|(index, _)| !assigned.contains(&Some(*index)));
        matches.lost = lost.map(|(_, track)| track.id).collect();
        matches
    }

    /// Ends a look: who is where, with what the look itself found; tracks of nobody there are gone.
    pub fn settle(&mut self, time: Seconds, there: &[(TrackId, Region)], seen: &[TrackId]) {
        let before = std::mem::take(&mut self.alive);
        for (id, region) in there {
            let unseen = !seen.contains(id);
            let track = match before.iter().find(|t| t.id == *id) {
                Some(old) => advanced(*old, time, *region, unseen),
                None => Track::new(*id, time, *region),
            };
            if track.unseen_looks <= UNSEEN_LOOKS {
                self.alive.push(track);
            }
        }
        self.gone.retain(|old| !there.iter().any(|(id, _)| *id == old.id));
        self.gone.extend(before.into_iter().filter(|old| !there.iter().any(|(id, _)| *id == old.id)));
    }

    /// For each person the alive track taken, cheapest pairs first.
    fn assign(&self, time: Seconds, people: &[Estimate]) -> Vec<Option<usize>> {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (p, person) in people.iter().enumerate() {
            for (t, track) in self.alive.iter().enumerate() {
                if let Some(cost) = cost(track.expected_at(time), person.region) {
                    pairs.push((cost, p, t));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut assigned = vec![None; people.len()];
        for (_, person, track) in pairs {
            if assigned[person].is_none() && !assigned.contains(&Some(track)) {
                assigned[person] = Some(track);
            }
        }
        assigned
    }

    /// The name of somebody who comes back, or a new one. `taken` are names given in this look.
    fn name(&mut self, time: Seconds, region: Region, taken: &[TrackId]) -> TrackId {
        let back =
            self.gone.iter().rev().find(|old| !taken.contains(&old.id) && self.returns(old, time, region));
        if let Some(old) = back {
            return old.id;
        }
        self.next += 1;
        TrackId(self.next)
    }

    fn returns(&self, old: &Track, time: Seconds, region: Region) -> bool {
        let soon = (time - old.seen_at).0 <= RETURN_WITHIN.0;
        let near = cost(old.region, region).is_some();
        let alike = (region.side / old.region.side).ln().abs() < RETURN_GROWTH.ln();
        let edge = self.edge(old.region);
        (soon && near) || (alike && edge.is_some() && edge == self.edge(region))
    }

    fn edge(&self, region: Region) -> Option<Edge> {
        let margin = region.side * EDGE_SHARE;
        if region.centre.x < margin {
            Some(Edge::Left)
        } else if region.centre.x > self.width - margin {
            Some(Edge::Right)
        } else {
            None
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Left,
    Right,
}

fn advanced(track: Track, time: Seconds, region: Region, unseen: bool) -> Track {
    let elapsed = (time - track.seen_at).0;
    let velocity =
        if elapsed > 0.0 { (region.centre - track.region.centre) / elapsed } else { track.velocity };
    let unseen_looks = if unseen { track.unseen_looks + 1 } else { 0 };
    Track { region, seen_at: time, velocity, unseen_looks, ..track }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::observation::Pose;
    use crate::units::{Confidence, Radians};

    fn at(x: f64, side: f64) -> Estimate {
        let region = Region { centre: Point::new(x, 200.0), side, rotation: Radians(0.0) };
        Estimate { pose: Pose::new(Confidence::FULL), region }
    }

    fn settled(tracks: &mut Tracks, time: f64, people: &[Estimate]) -> Matches {
        let matches = tracks.look(Seconds(time), people);
        let there: Vec<_> = matches.seen.iter().copied().zip(people.iter().map(|p| p.region)).collect();
        tracks.settle(Seconds(time), &there, &matches.seen);
        matches
    }

    #[test]
    fn two_people_who_pass_each_other_keep_their_tracks() {
        let mut tracks = Tracks::new(1000.0);
        for look in 0..8 {
            let right = at(200.0 + 80.0 * f64::from(look), 300.0);
            let left = at(760.0 - 80.0 * f64::from(look), 300.0);
            let people = if look % 2 == 0 { vec![right, left] } else { vec![left, right] };
            let seen = settled(&mut tracks, f64::from(look) / 3.0, &people).seen;
            if look > 1 {
                let expected = if look % 2 == 0 { [1, 2] } else { [2, 1] };
                assert_eq!(seen, expected.map(TrackId), "look {look}");
            }
        }
    }

    #[test]
    fn somebody_lost_and_not_found_is_gone() {
        let mut tracks = Tracks::new(1000.0);
        settled(&mut tracks, 0.0, &[at(400.0, 300.0)]);
        assert_eq!(settled(&mut tracks, 0.3, &[]).lost, [TrackId(1)]);
        assert!(settled(&mut tracks, 0.6, &[]).lost.is_empty());
    }

    #[test]
    fn somebody_the_detector_never_sees_again_is_not_followed_for_ever() {
        let mut tracks = Tracks::new(1000.0);
        settled(&mut tracks, 0.0, &[at(400.0, 300.0)]);
        for look in 1..=UNSEEN_LOOKS + 1 {
            assert_eq!(tracks.look(Seconds(look as f64), &[]).lost, [TrackId(1)], "look {look}");
            tracks.settle(Seconds(look as f64), &[(TrackId(1), at(400.0, 300.0).region)], &[]);
        }
        assert!(tracks.look(Seconds(99.0), &[]).lost.is_empty());
    }

    #[test]
    fn who_leaves_at_an_edge_and_comes_back_there_is_the_same_and_a_stranger_is_not() {
        let mut tracks = Tracks::new(1000.0);
        settled(&mut tracks, 0.0, &[at(950.0, 300.0)]);
        settled(&mut tracks, 0.3, &[]);
        assert_eq!(settled(&mut tracks, 20.0, &[at(940.0, 310.0)]).seen, [TrackId(1)]);
        let other = settled(&mut tracks, 20.3, &[at(940.0, 310.0), at(300.0, 120.0)]);
        assert_eq!(other.seen, [TrackId(1), TrackId(2)]);
        assert_eq!(other.new, [TrackId(2)]);
    }
}
