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

/// Two whose centres are closer than this share of the larger side hide one another: detectors see one of them there, and
/// the pose of either may settle on the other [default].
const HIDES: f64 = 0.3;

/// Somebody hidden is expected to go on as before for this long: a sled drag at 0.5 m/s passes somebody who stands there in
/// about three seconds [default].
pub const HIDDEN_FOR: Seconds = Seconds(4.0);

/// Only who was seen at so many looks is known well enough to be expected while hidden [default].
const KNOWN_LOOKS: usize = 3;

/// By so much somebody hidden must fit better than somebody who was seen at the look before [default].
const HIDDEN_COST: f64 = 0.05;

/// Time over which the pace of somebody hidden is taken [default].
const PACE_OVER: Seconds = Seconds(1.0);

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
    /// The velocity of the last second or so.
    pace: Vector<crate::geometry::Image>,
    /// Looks at which they were there.
    looks: usize,
    unseen_looks: usize,
    /// Not seen at the last look, as somebody else is in the way.
    is_hidden: bool,
}

impl Track {
    fn new(id: TrackId, time: Seconds, region: Region) -> Self {
        let still = Vector::new(0.0, 0.0);
        Self {
            id,
            region,
            seen_at: time,
            velocity: still,
            pace: still,
            looks: 1,
            unseen_looks: 0,
            is_hidden: false,
        }
    }

    fn expected_at(&self, time: Seconds) -> Region {
        let ahead = (time - self.seen_at).0;
        let velocity = if self.is_hidden { self.pace } else { self.velocity };
        Region { centre: self.region.centre + velocity * ahead, ..self.region }
    }

    /// How unlikely it is that they are seen in a region; none out of reach.
    fn away(&self, time: Seconds, region: Region) -> Option<f64> {
        let cost = cost(self.expected_at(time), region)?;
        Some(if self.is_hidden { cost + HIDDEN_COST } else { cost })
    }

    /// Whether they may be there still, behind or before one of those who are.
    fn may_be_hidden(&self, time: Seconds, there: &[(TrackId, Region)]) -> bool {
        let soon = (time - self.seen_at).0 <= HIDDEN_FOR.0;
        soon && self.looks >= KNOWN_LOOKS && (self.is_hidden || is_near_any(self.expected_at(time), there))
    }
}

/// What one look made of the people seen before and now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// People seen now, with the track they belong to, in the order they were given.
    pub seen: Vec<TrackId>,
    /// Which of `seen` were not there at the look before.
    pub new: Vec<TrackId>,
    /// People of the look before, or hidden then, who were not seen now.
    pub lost: Vec<TrackId>,
}

/// The people of a clip so far.
#[derive(Clone, Debug)]
pub struct Tracks {
    width: f64,
    /// Seen at the last look, or hidden.
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
                None => self.name(time, person.region, &assigned, &matches.new),
            };
            if track.is_none_or(|index| self.alive[index].is_hidden) {
                matches.new.push(id);
            }
            matches.seen.push(id);
        }
        let there: Vec<_> = matches.seen.iter().copied().zip(people.iter().map(|p| p.region)).collect();
        // Who is still in the way of somebody hidden would answer for them.
        let is_covered = |t: &Track| t.is_hidden && is_near_any(t.expected_at(time), &there);
        let lost = self.alive.iter().filter(|t| !matches.seen.contains(&t.id) && !is_covered(t));
        matches.lost = lost.map(|track| track.id).collect();
        matches
    }

    /// Where somebody of the last look, or hidden then, is expected.
    #[must_use]
    pub fn expected(&self, id: TrackId, time: Seconds) -> Option<Region> {
        Some(self.of(id)?.expected_at(time))
    }

    /// How unlikely it is that they are seen in a region; infinite where nobody expects them there.
    #[must_use]
    pub fn away(&self, id: TrackId, time: Seconds, region: Region) -> f64 {
        self.of(id).and_then(|t| t.away(time, region)).unwrap_or(f64::INFINITY)
    }

    fn of(&self, id: TrackId) -> Option<&Track> {
        self.alive.iter().find(|t| t.id == id)
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
        for old in before.into_iter().filter(|old| !there.iter().any(|(id, _)| *id == old.id)) {
            if old.may_be_hidden(time, there) {
                self.alive.push(Track { is_hidden: true, ..old });
            } else {
                self.gone.push(old);
            }
        }
    }

    /// For each person the alive track taken, cheapest pairs first.
    fn assign(&self, time: Seconds, people: &[Estimate]) -> Vec<Option<usize>> {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (p, person) in people.iter().enumerate() {
            for (t, track) in self.alive.iter().enumerate() {
                if let Some(away) = track.away(time, person.region) {
                    pairs.push((away, p, t));
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

    /// The name of somebody who comes back, or a new one. `taken` are names given in this look. Somebody hidden may have stopped
    /// there, away from where they are expected.
    fn name(
        &mut self,
        time: Seconds,
        region: Region,
        assigned: &[Option<usize>],
        taken: &[TrackId],
    ) -> TrackId {
        let waiting =
            self.alive.iter().enumerate().filter(|(i, t)| t.is_hidden && !assigned.contains(&Some(*i)));
        let mut all = waiting.map(|(_, track)| track).chain(self.gone.iter().rev());
        let back = all.find(|old| !taken.contains(&old.id) && self.returns(old, time, region));
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

fn is_near_any(expected: Region, there: &[(TrackId, Region)]) -> bool {
    let is_near = |r: &Region| r.centre.distance(expected.centre) < HIDES * r.side.max(expected.side);
    there.iter().any(|(_, region)| is_near(region))
}

fn advanced(track: Track, time: Seconds, region: Region, unseen: bool) -> Track {
    let elapsed = (time - track.seen_at).0;
    let velocity =
        if elapsed > 0.0 { (region.centre - track.region.centre) / elapsed } else { track.velocity };
    let unseen_looks = if unseen { track.unseen_looks + 1 } else { 0 };
    // The first velocity is all that is known; later ones change the pace by their share of the time it is taken over.
    let share = if track.looks == 1 { 1.0 } else { (elapsed / PACE_OVER.0).min(1.0) };
    let pace = track.pace + (velocity - track.pace) * share;
    Track {
        region,
        seen_at: time,
        velocity,
        pace,
        looks: track.looks + 1,
        unseen_looks,
        is_hidden: false,
        ..track
    }
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
    fn who_walks_past_somebody_standing_keeps_the_track_though_only_one_is_seen_meanwhile() {
        let mut tracks = Tracks::new(1000.0);
        let (standing, mut seen) = (at(500.0, 280.0), Vec::new());
        for look in 0..20 {
            let time = f64::from(look) / 3.0;
            let x = 200.0 + 90.0 * time;
            let walking = at(x, 300.0);
            // While one hides the other, and for a moment after, the detector sees one of them: first who is in front.
            let people = match x - 500.0 {
                ..-60.0 | 130.0.. => vec![walking, standing.clone()],
                ..40.0 => vec![walking],
                _ => vec![standing.clone()],
            };
            seen = settled(&mut tracks, time, &people).seen;
        }
        assert_eq!(seen, [TrackId(1), TrackId(2)]);
    }

    #[test]
    fn who_stops_behind_somebody_and_shows_again_is_the_same() {
        let mut tracks = Tracks::new(1000.0);
        let (standing, mut seen) = (at(500.0, 280.0), Vec::new());
        for look in 0..9 {
            let time = f64::from(look) / 3.0;
            let x = (220.0 + 150.0 * time).min(440.0);
            // Hidden for more than a second; expected further on meanwhile.
            let people = if (4..8).contains(&look) {
                vec![standing.clone()]
            } else {
                vec![at(x, 300.0), standing.clone()]
            };
            seen = settled(&mut tracks, time, &people).seen;
        }
        assert_eq!(seen, [TrackId(1), TrackId(2)]);
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
