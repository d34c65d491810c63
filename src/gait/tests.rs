//! Known answers and properties of the whole of gait, on stick figures and synthetic athletes.

use super::fixtures::{SCALE, Walker};
use super::gait;
use super::settings::GaitSettings;
use super::stride::{Direction, EventKind, EventMethod, Gait, Stride, Travel, Unfit};
use super::truth::{Score, TruthEvent, mean_sd, moved, noisy, score};
use crate::kinematics::movement::{Facing, Movement};
use crate::kinematics::turns;
use crate::kinematics::{MotionSettings, prepare};
use crate::observation::TrackId;
use crate::signal::series::Series;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::synthetic::{Athlete, Exercise};

/// Cadence, as a share (docs/science.md D2: below 1 %).
pub(super) const CADENCE_TOLERANCE: f64 = 0.01;
/// The same gait computed from the same points: rounding only.
const ROUNDING_S: f64 = 1e-6;
/// Two frames at 30 per second.
pub(super) const EVENT_TOLERANCE_S: f64 = 2.0 / 30.0;
/// Bias of the contacts of a figure whose swings are softer than the shape fitted, without noise; and their spread, of
/// which the search, ending at 0.02 frames, is the least part.
const SHAPE_TOLERANCE_S: f64 = 0.025;
const SPREAD_TOLERANCE_S: f64 = 0.004;

pub(super) fn of(movement: &Movement) -> Gait {
    gait(movement, &GaitSettings::default()).0
}

pub(super) fn cadence(gait: &Gait) -> f64 {
    120.0 * gait.bouts[0].stride_frequency.0
}

pub(super) fn valid(gait: &Gait) -> usize {
    gait.strides.iter().filter(|s| s.is_valid()).count()
}

pub(super) fn assert_share(found: f64, expected: f64, tolerance: f64) {
    assert!((found / expected - 1.0).abs() < tolerance, "{found} is not {expected}");
}

/// Walkers forward and backward, slow and fast, at several frame rates.
fn walkers() -> Vec<Walker> {
    let mut all = Vec::new();
    for rate_hz in [15.0, 30.0, 60.0] {
        for (speed, stride_s, duty) in
            [(0.8, 1.1, 0.62), (-0.5, 1.5, 0.66), (-1.8, 0.6, 0.5), (2.5, 0.72, 0.4)]
        {
            if rate_hz * stride_s > 12.0 {
                all.push(Walker { rate_hz, stride_s, duty, speed, ..Walker::default() });
            }
        }
    }
    all
}

#[test]
fn a_stick_figure_gives_back_its_cadence_direction_and_contacts() {
    for walker in walkers() {
        let found = of(&walker.movement());
        assert_eq!(found.bouts.len(), 1, "{walker:?}");
        assert_share(cadence(&found), 120.0 / walker.stride_s, CADENCE_TOLERANCE);
        let forward = walker.speed > 0.0;
        let (direction, travel) = if forward {
            (Direction::Forward, Travel::Forward)
        } else {
            (Direction::Backward, Travel::Backward)
        };
        assert_eq!(found.bouts[0].direction, Some(direction), "{walker:?}");
        assert_eq!(found.bouts[0].travel, travel, "{walker:?}");
        let score = score(&found, &walker.events(), EVENT_TOLERANCE_S);
        assert!(score.f1() >= 0.97, "F1 {} of {walker:?}", score.f1());
        for errors in [&score.landing_errors_s, &score.leaving_errors_s] {
            let (mean, sd) = mean_sd(errors);
            assert!(
                mean.abs() < SHAPE_TOLERANCE_S && sd < SPREAD_TOLERANCE_S,
                "bias {mean} sd {sd} of {walker:?}"
            );
        }
        assert!(found.strides.iter().all(Stride::is_valid), "{walker:?}");
    }
}

/// Oracle G1 of docs/science.md: stride frequency within 0.5 %, here with the whole way from keypoints.
const FREQUENCY_TOLERANCE: f64 = 0.005;

#[test]
fn the_exercises_give_back_their_rhythm_direction_and_contacts() {
    let (mut hits, mut counted_events) = (0, 0);
    for exercise in Exercise::ALL {
        for (fps, noise) in [(30.0, 0.01), (60.0, 0.01), (120.0, 0.0)] {
            let athlete = Athlete::new(exercise).fps(fps).noise(noise).lasting(8.0);
            let movement = prepare(&athlete.recording(), TrackId(1), &MotionSettings::default()).movement;
            let (found, truth) = (of(&movement), athlete.truth().gait);
            assert_eq!(found.bouts.len(), 1, "{exercise:?} {fps}");
            let (bout, expected) = (&found.bouts[0], &truth.bouts[0]);
            assert_share(bout.stride_frequency.0, expected.stride_frequency.0, FREQUENCY_TOLERANCE);
            assert_eq!(bout.direction, expected.direction, "{exercise:?} {fps}");
            assert_eq!(bout.travel, expected.travel, "{exercise:?} {fps}");
            let score = score_events(&found, &truth);
            // One contact at an end of the clip more or less, of 25 to 60.
            assert!(score.f1() >= 0.95, "{exercise:?} at {fps}: F1 {}", score.f1());
            hits += 2 * score.hits;
            counted_events += score.found + score.truth;
            let (counted, all) = (valid(&found), truth.strides.len());
            assert!(
                (all - 1..=all + 1).contains(&counted),
                "{exercise:?} at {fps}: {counted} of {all} strides"
            );
        }
    }
    assert!(hits * 100 >= counted_events * 97, "F1 {hits} / {counted_events}");
}

/// What goes missing makes the answer vaguer, not other.
#[test]
fn flaws_of_the_keypoints_change_no_cadence_by_more_than_its_uncertainty() {
    let clean = Athlete::new(Exercise::BackwardSledDrag).noise(0.01).lasting(8.0);
    let flawed = [
        clean.clone().deleted(0.2),
        clean.clone().hole(3.0..3.5),
        clean.clone().swapped_legs(3.0..4.0),
        clean.clone().noise(0.03),
    ];
    let truth = clean.truth().gait.bouts[0].stride_frequency.0;
    for (k, athlete) in flawed.iter().enumerate() {
        let movement = prepare(&athlete.recording(), TrackId(1), &MotionSettings::default()).movement;
        let found = of(&movement);
        let longest = found.bouts.iter().max_by(|a, b| (a.end - a.start).0.total_cmp(&(b.end - b.start).0));
        let bout = longest.expect("there is stepping to be found");
        let error = (bout.stride_frequency.0 - truth).abs();
        let stated = bout.frequency_uncertainty.0;
        println!("{k} {error} {stated} bouts {}", found.bouts.len());
        assert!(error < 2.0 * stated, "flaw {k}: {error} Hz off, stated {stated}");
    }
}

fn score_events(found: &Gait, truth: &Gait) -> Score {
    let events: Vec<TruthEvent> =
        truth.events.iter().map(|e| TruthEvent { time_s: e.time.0, side: e.side, kind: e.kind }).collect();
    score(found, &events, EVENT_TOLERANCE_S)
}

#[test]
fn one_leg_never_seen_the_other_keeps_time() {
    for walker in walkers() {
        let movement = walker.movement();
        let one = moved(&movement, |k, _, x, y| (k.side() != Some(Side::Left)).then_some((x, y)));
        let found = of(&one);
        assert_share(cadence(&found), 120.0 / walker.stride_s, CADENCE_TOLERANCE);
        assert!(found.strides.iter().all(|s| s.is_valid() == (s.side == Side::Right)), "{walker:?}");
    }
}

#[test]
fn a_treadmill_gives_the_same_contacts_and_travel_in_place() {
    for speed in [1.0, -0.8] {
        let ground = Walker { speed, ..Walker::default() };
        let belt = Walker { treadmill: true, ..ground.clone() };
        let (on_ground, on_belt) = (of(&ground.movement()), of(&belt.movement()));
        assert_eq!(on_belt.bouts[0].travel, Travel::InPlace);
        assert_eq!(on_belt.bouts[0].direction, on_ground.bouts[0].direction);
        let score = score(&on_belt, &belt.events(), EVENT_TOLERANCE_S / 2.0);
        assert!(score.f1() >= 0.97, "F1 {}", score.f1());
    }
}

/// Oracle G10 of docs/science.md: a pan whose motion is not known changes nothing at level 1.
#[test]
fn an_unknown_pan_changes_neither_clock_nor_direction_nor_contacts() {
    for speed in [1.0, -0.8] {
        let walker = Walker { speed, ..Walker::default() };
        let mut panned = moved(&walker.movement(), |_, i, x, y| Some((x - 7.0 * i as f64, y)));
        panned.ground_is_fixed = false;
        let (still, pan) = (of(&walker.movement()), of(&panned));
        assert_eq!(still.bouts[0].stride_frequency, pan.bouts[0].stride_frequency);
        assert_eq!(still.bouts[0].direction, pan.bouts[0].direction);
        assert_eq!(pan.bouts[0].travel, Travel::Unknown);
        let score = score(&pan, &walker.events(), EVENT_TOLERANCE_S / 2.0);
        assert!(score.f1() >= 0.97, "F1 {}", score.f1());
    }
}

fn mirrored(movement: &Movement) -> Movement {
    let mut out = moved(movement, |_, _, x, y| Some((960.0 - x, y)));
    out.facing = movement.facing.map(|f| if f == Facing::Left { Facing::Right } else { Facing::Left });
    let (points, unfiltered) = (out.points.clone(), out.unfiltered.clone());
    for k in Keypoint::ALL {
        *out.points.get_mut(k) = points.get(k.mirror()).clone();
        *out.unfiltered.get_mut(k) = unfiltered.get(k.mirror()).clone();
    }
    out
}

fn reversed(movement: &Movement) -> Movement {
    let mut out = movement.clone();
    for k in Keypoint::ALL {
        let back = Series::new(movement.unfiltered.get(k).iter().rev().collect());
        *out.points.get_mut(k) = back.clone();
        *out.unfiltered.get_mut(k) = back;
    }
    out
}

fn assert_same_events(
    a: &Gait,
    b: &Gait,
    other: impl Fn(f64, Side, EventKind) -> (f64, Side, EventKind),
    within_s: f64,
) {
    assert_eq!(a.events.len(), b.events.len());
    for e in &a.events {
        let (time, side, kind) = other(e.time.0, e.side, e.kind);
        let near = b.events.iter().filter(|o| o.side == side && o.kind == kind);
        let error = near.map(|o| (o.time.0 - time).abs()).fold(f64::INFINITY, f64::min);
        assert!(error < within_s, "{e:?} has nobody at {time} ({error} s off)");
    }
}

#[test]
fn a_mirror_image_steps_alike_with_the_other_leg() {
    for walker in walkers() {
        let movement = noisy(&walker.movement(), 0.01, 7);
        let (found, image) = (of(&movement), of(&mirrored(&movement)));
        assert_same_events(&found, &image, |t, s, k| (t, s.mirror(), k), ROUNDING_S);
        assert_eq!(found.bouts.len(), image.bouts.len());
        assert_share(cadence(&image), cadence(&found), ROUNDING_S);
        assert_eq!(found.bouts[0].direction, image.bouts[0].direction);
        assert_eq!(found.bouts[0].travel, image.bouts[0].travel);
        assert_eq!(valid(&found), valid(&image));
    }
}

/// Oracle G2 of docs/science.md.
#[test]
fn time_reversed_the_direction_flips_and_contacts_swap_roles() {
    for walker in walkers() {
        let movement = noisy(&walker.movement(), 0.005, 3);
        let (found, back) = (of(&movement), of(&reversed(&movement)));
        assert_share(cadence(&back), cadence(&found), ROUNDING_S);
        assert_eq!(back.bouts[0].direction.map(Direction::sign), found.bouts[0].direction.map(|d| -d.sign()));
        let end = movement.time.at(movement.time.len - 1).0;
        let swap = |t: f64, s: Side, k: EventKind| {
            let role = match k {
                EventKind::InitialContact => EventKind::TerminalContact,
                EventKind::TerminalContact => EventKind::InitialContact,
            };
            (end - t, s, role)
        };
        // The search for the times need not stop at the same hundredth of a frame.
        assert_same_events(&found, &back, swap, 0.1 / walker.rate_hz);
    }
}

#[test]
fn scale_and_place_change_nothing() {
    let movement = noisy(&Walker::default().movement(), 0.01, 5);
    let other = moved(&movement, |_, _, x, y| Some((2.5 * x - 300.0, 2.5 * y + 40.0)));
    let (found, scaled) = (of(&movement), of(&other));
    assert_same_events(&found, &scaled, |t, s, k| (t, s, k), ROUNDING_S);
}

/// Oracle G7 of docs/science.md.
#[test]
fn without_feet_the_cadence_stays_and_contacts_are_marked_approximate() {
    for walker in walkers() {
        let movement = walker.movement();
        let blind = moved(&movement, |k, _, x, y| {
            let foot = ["heel", "foot_index", "small_toe", "ankle"].iter().any(|n| k.name().contains(n));
            (!foot).then_some((x, y))
        });
        // Without an ankle there is no leg length; the thigh stands for it.
        let (found, warnings) = gait(&blind, &GaitSettings::default());
        assert_share(cadence(&found), cadence(&of(&movement)), CADENCE_TOLERANCE);
        assert!(found.events.iter().all(|e| e.method == EventMethod::ThighClock));
        assert!(warnings.iter().any(|w| w.id == "contacts_approximate"));
    }
}

#[test]
fn with_ankles_only_contacts_are_told_by_the_ankle() {
    let blind = moved(&Walker::default().movement(), |k, _, x, y| {
        let foot = ["heel", "foot_index", "small_toe"].iter().any(|n| k.name().contains(n));
        (!foot).then_some((x, y))
    });
    let found = of(&blind);
    assert!(found.events.iter().all(|e| e.method == EventMethod::AnkleSpeed));
    assert!(score(&found, &Walker::default().events(), EVENT_TOLERANCE_S).f1() >= 0.97);
}

#[test]
fn standing_parts_sets_and_the_first_strides_do_not_count() {
    let plan = vec![(1.5, false), (5.0, true), (2.5, false), (5.0, true), (1.5, false)];
    let movement = noisy(&Walker { plan, ..Walker::default() }.movement(), 0.005, 1);
    let found = of(&movement);
    assert_eq!(found.bouts.len(), 2);
    for bout in 0..2 {
        let strides: Vec<_> = found.strides.iter().filter(|s| s.bout == bout).collect();
        assert_eq!(strides[0].unfit, Some(Unfit::StartUp));
        assert_eq!(strides[1].unfit, Some(Unfit::StartUp));
        assert_eq!(strides[strides.len() - 1].unfit, Some(Unfit::Stopping));
        assert!(strides[2..strides.len() - 1].iter().all(|s| s.is_valid()));
    }
    let standing = 1.5 + 5.0 + 0.6..1.5 + 5.0 + 2.5 - 0.6;
    assert!(found.events.iter().all(|e| !standing.contains(&e.time.0)));
}

#[test]
fn who_stands_does_not_step() {
    let still = Walker { plan: vec![(5.0, false)], ..Walker::default() };
    let (found, warnings) = gait(&noisy(&still.movement(), 0.02, 4), &GaitSettings::default());
    assert_eq!(found, Gait::default());
    assert_eq!(warnings[0].id, "no_stepping");
}

/// Knees drawn together until the thighs part by less than 3 degrees, as a model sees a shuffle.
fn with_thighs_together(movement: &Movement) -> Movement {
    let knees = movement.unfiltered.middle(LimbPoint::Knee);
    moved(movement, |point, i, x, y| {
        let is_knee = Side::BOTH.iter().any(|&s| point == LimbPoint::Knee.on(s));
        Some(if is_knee { (knees.value(i)?.x + 0.05 * (x - knees.value(i)?.x), y) } else { (x, y) })
    })
}

#[test]
fn who_shuffles_steps_though_the_thighs_hardly_part() {
    let athlete = Athlete::new(Exercise::BackwardSledPush).noise(0.01);
    let usual = of(&athlete.movement());
    let shuffle = of(&with_thighs_together(&athlete.movement()));
    assert_share(cadence(&shuffle), cadence(&usual), 0.01);
    assert_eq!(valid(&shuffle), valid(&usual));
    assert!(score_events(&shuffle, &usual).f1() > 0.95);
}

#[test]
fn nothing_seen_gives_nothing_and_says_so() {
    for len in [0.0, 0.1, 3.0] {
        let movement = Walker { plan: vec![(len, true)], ..Walker::default() }.movement();
        let blind = moved(&movement, |_, _, _, _| None);
        let (found, warnings) = gait(&blind, &GaitSettings::default());
        assert_eq!(found, Gait::default());
        assert_eq!(warnings.len(), 1);
    }
}

#[test]
fn after_a_turn_comes_another_bout() {
    let walker = Walker { plan: vec![(10.0, true)], ..Walker::default() };
    let half = 5.0 * walker.speed * SCALE;
    let movement = moved(&walker.movement(), |_, i, x, y| {
        // From 5 s on the athlete goes back facing the other way; feet and knees are mirrored about the hip.
        let hip = 480.0 + walker.speed * i as f64 / 30.0 * SCALE;
        if i < 150 { Some((x, y)) } else { Some((480.0 + 2.0 * half - hip - (x - hip), y)) }
    });
    let turns = turns::find(&movement.unfiltered, movement.time.rate);
    let movement = Movement { turns, ..movement };
    let found = of(&movement);
    assert_eq!(found.bouts.len(), 2, "{:?}", found.bouts);
    assert!(found.strides.iter().any(|s| s.unfit == Some(Unfit::Turning)));
    assert!(found.strides.iter().all(|s| s.end.0 < 5.2 || s.start.0 > 4.8));
}

#[test]
fn a_hole_leaves_the_rest_as_it_was() {
    let whole = Walker::default().movement();
    let holed = moved(&whole, |_, i, x, y| (!(80..95).contains(&i)).then_some((x, y)));
    let (all, some) = (of(&whole), of(&holed));
    let away = |t: f64| !(80.0 / 30.0 - 0.6..95.0 / 30.0 + 0.6).contains(&t);
    for event in all.events.iter().filter(|e| away(e.time.0)) {
        let near = some.events.iter().filter(|o| o.side == event.side && o.kind == event.kind);
        let error = near.map(|o| (o.time.0 - event.time.0).abs()).fold(f64::INFINITY, f64::min);
        assert!(error < 0.02, "{event:?} moved by {error} s");
    }
}

#[test]
fn uncertainty_grows_with_noise_and_covers_the_errors() {
    let walker = Walker::default();
    let mut before = 0.0;
    for noise in [0.0, 0.03, 0.08] {
        let found = of(&noisy(&walker.movement(), noise, 11));
        let mean = found.events.iter().map(|e| e.uncertainty.0).sum::<f64>() / found.events.len() as f64;
        assert!(mean > before, "{mean} after {before}");
        before = mean;
        let score = score(&found, &walker.events(), 0.2);
        let (bias, sd) = mean_sd(&[score.landing_errors_s, score.leaving_errors_s].concat());
        assert!(bias.hypot(sd) < 1.5 * mean, "errors {bias} {sd}, stated {mean}");
    }
}
