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

/// Who is known and seen so unlike what was expected may be somebody else: most are seen again within 0.1, starts and stops within
/// 0.2 (rendered clips) [default].
const DOUBT: f64 = 0.25;

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

    /// Whether somebody seen in a region, though within reach, is so unlike them that following them has to tell.
    fn is_doubtful(&self, time: Seconds, region: Region) -> bool {
        let away = self.away(time, region);
        self.looks >= KNOWN_LOOKS && !self.is_hidden && away.is_some_and(|away| away > DOUBT)
    }

    /// Whether a region that was taken for somebody else may show them: two who meet give one pose, which may be half of each.
    fn may_be_meant(&self, time: Seconds, region: Region, other: &Track) -> bool {
        self.id != other.id
            && self.looks.min(other.looks) >= KNOWN_LOOKS
            && is_near_any(self.expected_at(time), &[(other.id, region)])
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
    /// Which of `seen` got a new name though they may be one of `lost` who looks different now.
    pub doubtful: Vec<(TrackId, TrackId)>,
}

impl Matches {
    /// Of doubtful ones, new name first, who was the old one after all: those whom following did not show to `be_two`.
    pub fn resolve(&mut self, be_two: impl Fn(TrackId, TrackId) -> bool) -> Vec<(TrackId, TrackId)> {
        let same: Vec<_> =
            std::mem::take(&mut self.doubtful).into_iter().filter(|(new, old)| !be_two(*new, *old)).collect();
        for (new, old) in &same {
            self.seen.iter_mut().filter(|id| *id == new).for_each(|id| *id = *old);
            self.lost.retain(|id| id != old);
            self.new.retain(|id| id != new);
        }
        same
    }
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
        let missed: Vec<Track> = self.missed(&assigned).copied().collect();
        let mut matches = Matches::default();
        for (person, track) in people.iter().zip(&assigned) {
            let for_two = |old: &Track| missed.iter().any(|m| m.may_be_meant(time, person.region, old));
            let is_doubtful = |old: &Track| old.is_doubtful(time, person.region) || for_two(old);
            let doubted = track.filter(|&t| is_doubtful(&self.alive[t]));
            let id = match track {
                Some(index) if doubted.is_none() => self.alive[*index].id,
                _ => self.name(time, person.region, &assigned, &matches.new),
            };
            if let Some(index) = doubted {
                matches.doubtful.push((id, self.alive[index].id));
            }
            if doubted.is_some() || track.is_none_or(|index| self.alive[index].is_hidden) {
                matches.new.push(id);
            }
            matches.seen.push(id);
        }
        let there: Vec<_> = matches.seen.iter().copied().zip(people.iter().map(|p| p.region)).collect();
        // Who is still in the way of somebody hidden would answer for them.
        let is_covered = |t: &Track| t.is_hidden && is_near_any(t.expected_at(time), &there);
        let lost = self.alive.iter().filter(|t| !matches.seen.contains(&t.id) && !is_covered(t));
        matches.lost = lost.map(|track| track.id).collect();
        matches.lost.sort_by_key(|id| !matches.doubtful.iter().any(|(_, old)| old == id));
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
            let is_missed = |t: &&Track| !there.iter().any(|(other, _)| *other == t.id);
            let for_two =
                |old: &Track| before.iter().filter(is_missed).any(|t| t.may_be_meant(time, *region, old));
            let track = match before.iter().find(|t| t.id == *id) {
                Some(old) if for_two(old) => held(*old, time, *region, unseen),
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

    /// Who was there at the look before and is not seen now.
    fn missed<'a>(&'a self, assigned: &'a [Option<usize>]) -> impl Iterator<Item = &'a Track> {
        let alive = self.alive.iter().enumerate();
        alive.filter(|(i, t)| !t.is_hidden && !assigned.contains(&Some(*i))).map(|(_, track)| track)
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

/// Somebody seen where another may have been meant is there, but is expected to go on, and to look, as before.
fn held(track: Track, time: Seconds, region: Region, unseen: bool) -> Track {
    let pace = track.pace;
    let seen = advanced(track, time, region, unseen);
    Track { region: Region { centre: region.centre, ..track.region }, velocity: pace, pace, ..seen }
}

#[cfg(test)]
mod tests;
