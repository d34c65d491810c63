//! Sets that end at rest or are followed by one the other way.

use crate::gait::fixtures::{SCALE, Walker};
use crate::gait::settings::GaitSettings;
use crate::gait::stride::{Direction, Unfit};
use crate::gait::truth::moved;
use crate::gait::{gait, leave_out_the_other_way};
use crate::kinematics::movement::Angles;
use crate::signal::series::Series;
use crate::skeleton::{Keypoint, LimbPoint, Side};

#[test]
fn whose_legs_move_where_they_stand_does_not_step() {
    let walker = Walker { plan: vec![(6.0, true), (1.2, false)], ..Walker::default() };
    // Shifting the weight when the set is over: the thighs go past each other once more.
    let restless = moved(&walker.movement(), |keypoint, i, x, y| {
        let since = (i as f64 - 180.0).max(0.0) / 30.0;
        let sway = 0.15 * SCALE * (std::f64::consts::TAU * since).sin();
        let sign = match keypoint {
            Keypoint::LeftKnee => 1.0,
            Keypoint::RightKnee => -1.0,
            _ => 0.0,
        };
        Some((x + sign * sway, y))
    });
    let found = gait(&restless, &GaitSettings::default()).0;
    assert!(found.events.iter().all(|e| e.time.0 < 6.3), "{:?}", found.events.last());
    let last = found.strides.last().expect("six seconds of steps");
    assert_eq!(last.unfit, Some(Unfit::Stopping));
}

#[test]
fn a_set_the_other_way_is_a_bout_of_its_own_and_left_out() {
    let there = Walker { plan: vec![(6.0, true)], ..Walker::default() }.movement();
    // From 6 s on the film runs back to 2 s: the athlete goes back the way they came, facing as before.
    let order: Vec<usize> = (0..180).chain((60..180).rev()).collect();
    let mut both = there.clone();
    both.time.len = order.len();
    both.angles = Angles::missing(order.len());
    for keypoint in Keypoint::ALL {
        let series = there.unfiltered.get(keypoint);
        let played = Series::new(order.iter().map(|&from| series.get(from)).collect());
        (*both.unfiltered.get_mut(keypoint), *both.points.get_mut(keypoint)) = (played.clone(), played);
    }
    let (mut found, warnings) = gait(&both, &GaitSettings::default());
    assert!(warnings.is_empty(), "{warnings:?}");
    let warning = leave_out_the_other_way(&mut found).expect("it goes back");
    let ways: Vec<_> = found.bouts.iter().map(|b| b.direction).collect();
    assert_eq!(ways, [Some(Direction::Forward), Some(Direction::Backward)]);
    assert!(found.strides.iter().filter(|s| s.is_valid()).count() >= 6);
    for stride in &found.strides {
        assert_eq!(stride.unfit == Some(Unfit::OtherWay), stride.bout == 1, "{stride:?}");
    }
    assert_eq!(found.sets().collect::<Vec<_>>(), [&found.bouts[0]]);
    assert_eq!(warning.id, "other_way");
    assert!(warning.message.contains("backward from 6."), "{}", warning.message);
}

#[test]
fn going_on_without_steps_is_told() {
    let walker = Walker { plan: vec![(10.0, true)], ..Walker::default() };
    // From 5 s on the legs hardly move against each other: knees and feet go with their hip.
    let gliding = moved(&walker.movement(), |keypoint, i, x, y| {
        let hip = 480.0 + walker.speed * i as f64 / 30.0 * SCALE;
        let of_leg = [LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe];
        let moves = of_leg.iter().any(|p| Side::BOTH.iter().any(|&s| p.on(s) == keypoint));
        Some((if i >= 150 && moves { hip } else { x }, y))
    });
    let (found, warnings) = gait(&gliding, &GaitSettings::default());
    assert!(found.events.iter().all(|e| e.time.0 < 5.7));
    let told = warnings.iter().find(|w| w.id == "not_stepping_on").expect("four seconds of it");
    assert!(told.message.contains("to 10.0 s"), "{}", told.message);
    let (_, none) = gait(&walker.movement(), &GaitSettings::default());
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn who_sways_on_a_belt_does_not_stand_in_between() {
    let walker = Walker { treadmill: true, ..Walker::default() };
    // Half a metre to and fro in 2.5 s, as fast as a slow push.
    let sway = |i: usize| 0.25 * SCALE * (std::f64::consts::TAU * i as f64 / 75.0).sin();
    let found =
        gait(&moved(&walker.movement(), |_, i, x, y| Some((x + sway(i), y))), &GaitSettings::default()).0;
    let still = gait(&walker.movement(), &GaitSettings::default()).0;
    let valid = |found: &crate::gait::stride::Gait| found.strides.iter().filter(|s| s.is_valid()).count();
    assert_eq!(found.bouts.len(), 1, "{:?}", found.bouts);
    assert_eq!(valid(&found), valid(&still));
}
