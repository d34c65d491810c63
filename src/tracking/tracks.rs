//! The people of a clip as tracks, from one look to the next. Looks come in frame order; nothing here runs a model.

use super::likeness::cost;
use crate::geometry::{Region, Vector};
use crate::observation::{Estimate, TrackId};
use crate::units::Seconds;

/// A track not seen by the detector for so many looks in a row is let go even if its pose still answers: ten seconds
/// at the usual three looks a second. Longer, and a pose that has settled on a rack would live for ever.
const UNSEEN_LOOKS: usize = 30;

/// Somebody who left is taken for the same person again within this time anywhere in reach of where they left.
const RETURN_WITHIN: Seconds = Seconds(2.0);

/// Somebody who left at an edge of the picture may come back at that edge at any time, if the size is within this
/// factor.
const RETURN_GROWTH: f64 = 1.35;

/// A region whose centre is nearer to an edge than this share of its side is leaving the picture there.
const EDGE_SHARE: f64 = 0.35;

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
    /// People of the look before who were not seen now, and where they should be.
    pub lost: Vec<(TrackId, Region)>,
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

    /// Matches the people seen at `time` to the tracks. Those lost stay alive until [`Tracks::settle`].
    pub fn look(&mut self, time: Seconds, people: &[Estimate]) -> Matches {
        let assigned = self.assign(time, people);
        let mut matches = Matches::default();
        let mut kept = Vec::with_capacity(people.len());
        for (person, track) in people.iter().zip(&assigned) {
            let track = if let Some(index) = *track {
                advanced(self.alive[index], time, person.region, 0)
            } else {
                let track = self.start(time, person.region);
                matches.new.push(track.id);
                track
            };
            matches.seen.push(track.id);
            kept.push(track);
        }
        for (index, track) in self.alive.iter().enumerate() {
            if !assigned.contains(&Some(index)) {
                matches.lost.push((track.id, track.expected_at(time)));
                kept.push(*track);
            }
        }
        self.alive = kept;
        matches
    }

    /// Ends a look: the lost tracks found again by their pose go on from there, the others are gone.
    pub fn settle(&mut self, time: Seconds, lost: &[(TrackId, Region)], found: &[(TrackId, Region)]) {
        let (kept, gone): (Vec<Track>, Vec<Track>) = std::mem::take(&mut self.alive)
            .into_iter()
            .map(|track| match found.iter().find(|(id, _)| *id == track.id) {
                Some((_, region)) => advanced(track, time, *region, track.unseen_looks + 1),
                None => track,
            })
            .partition(|track| {
                let lost = lost.iter().any(|(id, _)| *id == track.id);
                let found = found.iter().any(|(id, _)| *id == track.id);
                (!lost || found) && track.unseen_looks <= UNSEEN_LOOKS
            });
        self.alive = kept;
        self.gone.extend(gone);
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

    /// A new track, or an old one that comes back.
    fn start(&mut self, time: Seconds, region: Region) -> Track {
        let back = self.gone.iter().rposition(|old| self.returns(old, time, region));
        let id = if let Some(index) = back {
            self.gone.remove(index).id
        } else {
            self.next += 1;
            TrackId(self.next)
        };
        Track { id, region, seen_at: time, velocity: Vector::new(0.0, 0.0), unseen_looks: 0 }
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

fn advanced(track: Track, time: Seconds, region: Region, unseen_looks: usize) -> Track {
    let elapsed = (time - track.seen_at).0;
    let velocity =
        if elapsed > 0.0 { (region.centre - track.region.centre) / elapsed } else { track.velocity };
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

    #[test]
    fn two_people_who_pass_each_other_keep_their_tracks() {
        let mut tracks = Tracks::new(1000.0);
        for look in 0..8 {
            let time = Seconds(f64::from(look) / 3.0);
            let right = at(200.0 + 80.0 * f64::from(look), 300.0);
            let left = at(760.0 - 80.0 * f64::from(look), 300.0);
            let people = if look % 2 == 0 { vec![right, left] } else { vec![left, right] };
            let seen = tracks.look(time, &people).seen;
            tracks.settle(time, &[], &[]);
            if look > 1 {
                let expected = if look % 2 == 0 { [1, 2] } else { [2, 1] };
                assert_eq!(seen, expected.map(TrackId), "look {look}");
            }
        }
    }

    #[test]
    fn somebody_lost_is_asked_for_where_they_should_be_and_goes_when_not_found() {
        let mut tracks = Tracks::new(1000.0);
        tracks.look(Seconds(0.0), &[at(400.0, 300.0)]);
        tracks.look(Seconds(1.0), &[at(450.0, 300.0)]);
        let lost = tracks.look(Seconds(2.0), &[]).lost;
        assert_eq!(lost.len(), 1);
        assert!((lost[0].1.centre.x - 500.0).abs() < 1e-9);
        tracks.settle(Seconds(2.0), &lost, &[]);
        assert!(tracks.look(Seconds(3.0), &[]).lost.is_empty());
    }

    #[test]
    fn who_leaves_at_an_edge_and_comes_back_there_is_the_same_and_a_stranger_is_not() {
        let mut tracks = Tracks::new(1000.0);
        tracks.look(Seconds(0.0), &[at(950.0, 300.0)]);
        let lost = tracks.look(Seconds(0.3), &[]).lost;
        tracks.settle(Seconds(0.3), &lost, &[]);
        assert_eq!(tracks.look(Seconds(20.0), &[at(940.0, 310.0)]).seen, [TrackId(1)]);
        let other = tracks.look(Seconds(20.3), &[at(940.0, 310.0), at(300.0, 120.0)]);
        assert_eq!(other.seen, [TrackId(1), TrackId(2)]);
        assert_eq!(other.new, [TrackId(2)]);
    }
}
