//! A synthetic athlete against itself, and against itself spoilt by known amounts.

use super::*;
use crate::synthetic::{Athlete, Exercise};

fn sheet(athlete: &Athlete) -> Sheet {
    let truth = athlete.truth();
    let strides = truth.gait.strides.iter();
    Sheet {
        events: truth
            .gait
            .events
            .iter()
            .map(|e| TimedEvent { time: e.time, side: e.side, kind: e.kind })
            .collect(),
        strides: strides
            .map(|s| TimedStride { side: s.side, start: s.start, end: s.end, step_length_m: Some(0.5) })
            .collect(),
        cadence_steps_per_min: Some(truth.cadence_steps_per_min),
        ..Sheet::of_angles(truth.time, &truth.angles)
    }
}

const TOLERANCE: Seconds = Seconds(2.0 / 30.0);

#[test]
fn the_truth_agrees_with_itself() {
    let truth = sheet(&Athlete::new(Exercise::SledPush));
    let evaluation = evaluate(&truth, &truth, TOLERANCE);
    assert_eq!(evaluation.angles.len(), Angle::COUNT);
    assert!(evaluation.angles.iter().all(|a| a.agreement.mae < 1e-9 && (a.coverage - 1.0).abs() < 1e-12));
    assert!(evaluation.events.iter().all(|e| e.f1 == Some(1.0)));
    let Some(strides) = evaluation.strides else { panic!("the truth has strides") };
    assert_eq!((strides.found, strides.matched), (strides.expected, strides.expected));
    assert_eq!(strides.cadence_error, Some(0.0));
}

#[test]
fn known_errors_are_reported_as_they_are() {
    let truth = sheet(&Athlete::new(Exercise::SledPush));
    let mut result = truth.clone();
    for track in &mut result.angles {
        track.samples.iter_mut().for_each(|s| s.1 = Radians(s.1.0 + 2.0_f64.to_radians()));
    }
    result.events.iter_mut().for_each(|e| e.time = e.time + Seconds(0.02));
    result.events.remove(3);
    result.cadence_steps_per_min = result.cadence_steps_per_min.map(|c| c * 1.05);
    result.strides.iter_mut().for_each(|s| s.step_length_m = Some(0.45));
    let evaluation = evaluate(&result, &truth, TOLERANCE);
    for angle in &evaluation.angles {
        assert!((angle.agreement.bias - 2.0).abs() < 1e-9 && angle.agreement.sd.is_some_and(|sd| sd < 1e-9));
    }
    let all = &evaluation.events[2];
    assert_eq!((all.matched, all.precision), (all.expected - 1, Some(1.0)));
    assert!(all.timing.is_some_and(|t| (t.bias - 0.02).abs() < 1e-9));
    let Some(strides) = evaluation.strides else { panic!("the truth has strides") };
    assert!(strides.cadence_error.is_some_and(|e| (e - 0.05).abs() < 1e-9));
    assert!(strides.step_length_error.is_some_and(|e| (e + 0.1).abs() < 1e-9));
}

#[test]
fn events_of_the_wrong_foot_or_too_far_away_do_not_match() {
    let truth = sheet(&Athlete::new(Exercise::SledPush));
    let mut swapped = truth.clone();
    swapped.events.iter_mut().for_each(|e| e.side = e.side.mirror());
    assert_eq!(evaluate(&swapped, &truth, TOLERANCE).events[2].matched, 0);
    let mut late = truth.clone();
    late.events.iter_mut().for_each(|e| e.time = e.time + Seconds(0.08));
    assert_eq!(evaluate(&late, &truth, TOLERANCE).events[2].f1, Some(0.0));
}

#[test]
fn a_result_at_another_rate_is_compared_between_its_samples_and_not_across_gaps() {
    let truth = sheet(&Athlete::new(Exercise::SledPush).fps(60.0));
    let mut result = sheet(&Athlete::new(Exercise::SledPush).fps(30.0));
    let dense = evaluate(&result, &truth, TOLERANCE);
    // A line between samples of 30 a second cuts off little of the knee's curve.
    assert!(dense.angles.iter().all(|a| a.agreement.mae < 0.5 && a.coverage > 0.99));
    for track in &mut result.angles {
        track.samples.retain(|s| !(1.0..2.0).contains(&s.0.0));
    }
    let holed = evaluate(&result, &truth, TOLERANCE);
    assert!(holed.angles.iter().all(|a| (a.coverage - 0.8).abs() < 0.02), "{:?}", holed.angles[0]);
}

#[test]
fn nothing_to_compare_gives_an_empty_evaluation() {
    let truth = sheet(&Athlete::new(Exercise::SledPush));
    let evaluation = evaluate(&Sheet::default(), &truth, TOLERANCE);
    assert!(evaluation.angles.is_empty());
    assert_eq!(evaluation.events[2].f1, Some(0.0));
    assert_eq!(evaluation.events[2].precision, None);
    assert!(!evaluation.to_string().contains("NaN"));
    assert!(evaluation.rows().iter().all(|r| !r.cells().concat().contains("NaN")));
}
