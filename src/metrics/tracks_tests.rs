//! Steps whose tracks are known, seen by a camera whose place is known.

use super::*;
use crate::camera::perspective::Standpoint;
use crate::kinematics::movement::Movement;
use crate::metrics::{Metrics, Scale, metrics};
use crate::synthetic::{Athlete, Exercise};

/// Half the width of a usual track beside the camera's distance: 0.2 leg lengths at 8 of them.
const HALF_APART: f64 = 0.0125;
const DISTANCE_LEG: f64 = 8.0;
/// Lengths along the floor, leg lengths: a third of what the tracks do at the ends of these ways.
const LENGTH_LEG: f64 = 0.01;

/// The athlete's movement as seen by a camera that looks squarely at a share of the way, its feet on two tracks.
fn seen(athlete: &Athlete, share: f64, half_apart: f64, in_a_mirror: bool) -> Movement {
    let mut movement = athlete.movement();
    let ways = Side::BOTH.map(|side| movement.points.limb(LimbPoint::Ankle, side).clone());
    let places = || ways.iter().flat_map(|way| way.present().map(|(_, p)| p.x));
    let (left, right) = (places().fold(f64::MAX, f64::min), places().fold(f64::MIN, f64::max));
    let square_px = left + share * (right - left);
    let facing = movement.facing.expect("known");
    let near_side = if in_a_mirror { facing.opposite() } else { facing }.near_side();
    for (side, way) in Side::BOTH.into_iter().zip(&ways) {
        let half = if side == near_side { half_apart } else { -half_apart };
        let moved = way.map(|p| Point::new(p.x + half * (p.x - square_px), p.y));
        *movement.points.get_mut(LimbPoint::Ankle.on(side)) = moved;
    }
    if in_a_mirror {
        movement.turns.mirrored.push(0..movement.points.samples());
    }
    let square_px = if in_a_mirror { -square_px } else { square_px };
    let distance_px = DISTANCE_LEG * athlete.leg_length_px();
    Movement { standpoint: Some(Standpoint { square_px, square_sd_px: 0.0, distance_px }), ..movement }
}

fn of(athlete: &Athlete, movement: &Movement) -> Metrics {
    let scale = Scale { leg_length_px: Some(athlete.leg_length_px()), ..Scale::default() };
    metrics(movement, &athlete.truth().gait, scale)
}

/// The greatest difference of a metric of strides.
fn apart(id: &str, a: &Metrics, b: &Metrics) -> f64 {
    let both = a.per_stride(id).iter().zip(b.per_stride(id));
    let differences = both.filter_map(|(a, b)| Some((a.reading.ok()?.number - b.reading.ok()?.number).abs()));
    differences.reduce(f64::max).expect("measured")
}

#[test]
fn steps_and_reach_come_out_as_if_both_feet_went_in_the_middle() {
    for exercise in Exercise::ALL {
        for (share, in_a_mirror) in [(0.5, false), (0.2, false), (0.9, true)] {
            let athlete = Athlete::new(exercise).lasting(8.0);
            let plain = of(&athlete, &athlete.movement());
            let movement = seen(&athlete, share, HALF_APART, in_a_mirror);
            let got = of(&athlete, &movement);
            let as_seen = of(&athlete, &Movement { standpoint: None, ..movement });
            let case = format!("{exercise:?} from {share}, mirror {in_a_mirror}");
            for id in ["step_length_leg", "reach_leg"] {
                let (left, before) = (apart(id, &got, &plain), apart(id, &as_seen, &plain));
                assert!(left < LENGTH_LEG && left < 0.5 * before, "{case}: {id} {left} of {before}");
            }
        }
    }
}

#[test]
fn feet_on_one_track_stay_there() {
    let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
    let plain = of(&athlete, &athlete.movement());
    let got = of(&athlete, &seen(&athlete, 0.5, 0.0, false));
    assert!(apart("step_length_leg", &got, &plain) < LENGTH_LEG);
}

const USUAL: Apart = Apart { share: 0.02, sd: 0.01 };

/// A step onto the near foot where `i` is even, which is the left one, so far beside the square place.
fn step(i: usize, beside_leg: f64, length_leg: f64) -> SeenStep {
    let onto = [1.0, -1.0][i % 2];
    SeenStep { bout: 0, length_leg, onto_near: onto, onto_left: onto, beside_leg }
}

/// Steps of half a leg length across the square place, with tracks so far apart.
fn crossing(steps: usize, share: f64, more: impl Fn(usize) -> f64) -> Vec<SeenStep> {
    let beside = |i: usize| 0.5 * i as f64 - 0.25 * (steps - 1) as f64;
    let length = |i: usize| 0.5 + [share, -share][i % 2] * beside(i) + more(i);
    (0..steps).map(|i| step(i, beside(i), length(i))).collect()
}

#[test]
fn the_crossing_says_how_far_apart_the_tracks_are() {
    for share in [0.0, 0.01, 0.04] {
        let few = seen_apart(&crossing(8, share, |_| 0.0), USUAL);
        let many = seen_apart(&crossing(24, share, |_| 0.0), USUAL);
        assert!((many.share - share).abs() < 0.001, "{share}: {many:?}");
        assert!((few.share - share).abs() < 1.5 * few.sd, "{share}: {few:?}");
        assert!(many.sd < 0.5 * few.sd && few.sd < USUAL.sd, "{few:?} {many:?}");
    }
}

#[test]
fn uneven_legs_growing_steps_and_a_wild_one_are_no_crossing() {
    let true_share = 0.02;
    let uneven = |i: usize| [0.04, -0.04][i % 2];
    let growing = |i: usize| 0.02 * i as f64;
    let wild = |i: usize| if i == 4 { 0.6 } else { 0.0 };
    let noisy = |i: usize| 0.01 * f64::sin(7.0 * i as f64);
    let cases: [&dyn Fn(usize) -> f64; 3] = [&uneven, &growing, &wild];
    for (case, more) in cases.iter().enumerate() {
        let found = seen_apart(&crossing(13, true_share, |i| more(i) + noisy(i)), USUAL);
        assert!((found.share - true_share).abs() < 2.0 * found.sd, "{case}: {found:?}");
        assert!((found.share - true_share).abs() < 0.005, "{case}: {found:?}");
    }
}

#[test]
fn who_turns_round_with_uneven_legs_has_the_same_tracks() {
    let share = 0.02;
    // Out over -3 to 1 leg lengths and back: what is near going out is far coming back.
    let out = (0..9).map(|i| (0, i, 0.5 * i as f64 - 3.0, [1.0, -1.0][i % 2]));
    let back = (0..9).map(|i| (1, i, 0.5 * i as f64 - 1.0, [-1.0, 1.0][i % 2]));
    let steps: Vec<SeenStep> = out
        .chain(back)
        .map(|(bout, i, beside_leg, onto_near)| {
            let onto_left = [1.0, -1.0][i % 2];
            let length_leg = 0.6 + 0.03 * onto_left + share * onto_near * beside_leg;
            SeenStep { bout, length_leg, onto_near, onto_left, beside_leg }
        })
        .collect();
    let found = seen_apart(&steps, USUAL);
    assert!((found.share - share).abs() < 0.002, "{found:?}");
}

#[test]
fn too_few_steps_and_steps_in_one_place_say_nothing() {
    assert_eq!(seen_apart(&[], USUAL), USUAL);
    assert_eq!(seen_apart(&crossing(4, 0.05, |_| 0.0), USUAL), USUAL);
    let in_place: Vec<SeenStep> = (0..9).map(|i| step(i, 2.0, 0.5)).collect();
    let found = seen_apart(&in_place, USUAL);
    assert!((found.share - USUAL.share).abs() < 0.005 && found.sd > 0.8 * USUAL.sd, "{found:?}");
    // A bout of one step has no usual length.
    let alone: Vec<SeenStep> = (0..9).map(|i| SeenStep { bout: i, ..step(i, 0.5 * i as f64, 0.5) }).collect();
    assert_eq!(seen_apart(&alone, USUAL), USUAL);
}

#[test]
fn what_is_not_known_of_the_tracks_makes_one_side_s_steps_less_sure() {
    let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
    let stated = |movement: &Movement, side| {
        let got = of(&athlete, movement);
        got.get("step_length_leg", side).and_then(|m| m.uncertainty).expect("measured")
    };
    let sure = seen(&athlete, 0.5, HALF_APART, false);
    let camera = sure.standpoint.expect("known");
    let unsure = Standpoint { square_sd_px: 4.0 * athlete.leg_length_px(), ..camera };
    let unsure = Movement { standpoint: Some(unsure), ..sure.clone() };
    let unknown = Movement { standpoint: None, ..athlete.movement() };
    let left = Some(Side::Left);
    assert!(stated(&unsure, left) > 1.5 * stated(&sure, left));
    assert!(stated(&unknown, left) > 1.2 * stated(&sure, left));
    // Over both feet it cancels.
    assert!(stated(&unsure, None) < 1.2 * stated(&sure, None));
}
