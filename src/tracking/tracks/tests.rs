//! People over looks: passing, hiding, coming back, and being doubted.

use super::*;
use crate::geometry::Point;
use crate::observation::Pose;
use crate::units::{Confidence, Radians};

fn at(x: f64, side: f64) -> Estimate {
    turned(x, side, 0.0)
}

fn turned(x: f64, side: f64, turn: f64) -> Estimate {
    let region = Region { centre: Point::new(x, 200.0), side, rotation: Radians(turn) };
    Estimate { pose: Pose::new(Confidence::FULL), region }
}

/// A look after which nobody doubtful was found by following them.
fn settled(tracks: &mut Tracks, time: f64, people: &[Estimate]) -> Matches {
    let mut matches = tracks.look(Seconds(time), people);
    matches.resolve(|_, _| false);
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

/// Two who meet give one pose: upright like the one who stands, at the place of both.
#[test]
fn who_bends_and_passes_somebody_standing_is_not_taken_for_them() {
    let mut tracks = Tracks::new(1000.0);
    let (standing, mut seen) = (at(480.0, 280.0), Vec::new());
    for look in 0..16 {
        let time = f64::from(look) / 3.0;
        let x = 840.0 - 125.0 * time;
        let pushing = turned(x, 330.0, -0.85);
        let people = match x - 480.0 {
            50.0.. => vec![pushing, standing.clone()],
            -60.0..50.0 => vec![at(0.5 * (x + 480.0), 325.0)],
            -160.0..-60.0 => vec![standing.clone()],
            _ => vec![standing.clone(), pushing],
        };
        seen = settled(&mut tracks, time, &people).seen;
        if people.len() == 1 && x < 420.0 {
            assert_eq!(seen, [TrackId(2)], "{x}: who stands");
        }
    }
    assert_eq!(seen, [TrackId(2), TrackId(1)]);
}

#[test]
fn who_is_seen_where_somebody_missed_was_is_followed_before_it_is_believed() {
    let mut tracks = Tracks::new(1000.0);
    let standing = at(648.0, 236.0);
    for look in 0..5 {
        settled(
            &mut tracks,
            f64::from(look) / 3.0,
            &[at(480.0 + 27.0 * f64::from(look), 272.0), standing.clone()],
        );
    }
    let time = Seconds(5.0 / 3.0);
    let (one, other, new) = (TrackId(1), TrackId(2), TrackId(3));
    // Between the two and larger than both, but no further from what was expected of the first than people change.
    let mut matches = tracks.clone().look(time, &[at(612.0, 327.0)]);
    assert_eq!((&*matches.seen, &*matches.doubtful), (&[new][..], &[(new, one)][..]));
    assert_eq!(matches.lost, [one, other], "both are followed");
    matches.resolve(|_, track| track == one);
    assert_eq!(matches.seen, [new]);
    // Who is still seen, or far off, is nobody's doubt.
    assert_eq!(tracks.clone().look(time, &[at(612.0, 290.0), standing]).seen, [one, other]);
    assert_eq!(tracks.look(time, &[at(560.0, 272.0)]).seen, [one]);
}

#[test]
fn who_is_seen_quite_unlike_before_is_followed_before_it_is_believed() {
    let mut tracks = Tracks::new(1000.0);
    for look in 0..5 {
        settled(&mut tracks, f64::from(look) / 3.0, &[turned(520.0, 340.0, -0.9)]);
    }
    let time = Seconds(5.0 / 3.0);
    let stranger = [turned(480.0, 360.0, -0.1)];
    let matches = tracks.clone().look(time, &stranger);
    let (new, old) = (TrackId(2), TrackId(1));
    assert_eq!(
        (&*matches.seen, &*matches.lost, &*matches.doubtful),
        (&[new][..], &[old][..], &[(new, old)][..])
    );
    let mut both_there = matches.clone();
    assert_eq!(both_there.resolve(|_, track| track == old), []);
    assert_eq!((both_there.seen, both_there.lost), (vec![new], vec![old]));
    let mut straightened_up = matches;
    assert_eq!(straightened_up.resolve(|_, _| false), [(new, old)]);
    assert_eq!((straightened_up.seen, straightened_up.lost), (vec![old], vec![]));
    // A little off is no doubt.
    assert_eq!(tracks.look(time, &[turned(540.0, 330.0, -0.8)]).seen, [old]);
}
