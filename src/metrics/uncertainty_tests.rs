//! What a metric's uncertainty is made of: angle, scale, model, and contacts that the thighs contradict.

use super::*;
use crate::camera::perspective::Standpoint;
use crate::signal::series::{Sample, Series};
use crate::skeleton::{Angle, LimbPoint};
use crate::synthetic::{Athlete, Exercise};
use crate::units::{Confidence, Radians, Seconds};

/// Numbers that should be the same but for rounding.
const SAME: f64 = 1e-6;

#[test]
fn metres_are_no_surer_than_what_they_are_scaled_by() {
    let athlete = Athlete::new(Exercise::SledPush);
    let of = |relative_uncertainty| {
        let leg_length_px = Some(athlete.leg_length_px());
        let scale = Scale { leg_length_px, metres_per_px: Some(0.005), relative_uncertainty };
        metrics(&athlete.movement(), &athlete.truth().gait, scale)
    };
    let (sure, unsure) = (of(0.0), of(0.05));
    for id in ["distance_m", "step_length_m", "speed_m_per_s"] {
        let [a, b] = [&sure, &unsure].map(|m| m.get(id, None).expect("in the catalogue"));
        let value = a.value.expect("measured");
        assert!((b.value.expect("measured") - value).abs() < SAME, "{id}");
        let [a, b] = [a, b].map(|m| m.uncertainty.expect("known"));
        assert!((b - a.hypot(0.05 * value)).abs() < SAME, "{id}: {a}, {b}");
    }
    assert_eq!(sure.get("speed_leg_per_s", None), unsure.get("speed_leg_per_s", None));
}

#[test]
fn uncertainty_is_never_below_the_error_of_the_angle() {
    let athlete = Athlete::new(Exercise::SledPush);
    let mut movement = athlete.movement();
    movement.angle_uncertainty[Angle::LeftKnee.index()] = Radians::from_degrees(6.0);
    let got = metrics(&movement, &athlete.truth().gait, Scale::default());
    let of = |side| got.get("knee_terminal_contact_deg", Some(side)).and_then(|m| m.uncertainty);
    assert!(of(Side::Left).is_some_and(|u| (6.0..6.2).contains(&u)));
    assert!(of(Side::Right).is_some_and(|u| u < 0.5));
}

/// One number's uncertainty, in its unit.
fn stated(metrics: &Metrics, id: &str, side: Option<Side>) -> f64 {
    metrics.get(id, side).and_then(|m| m.uncertainty).unwrap_or_else(|| panic!("{id} {side:?} is measured"))
}

#[test]
fn a_model_that_sees_legs_less_well_makes_their_numbers_less_sure_and_no_others() {
    let athlete = Athlete::new(Exercise::SledPush);
    let of = |leg_error_factor| {
        // From so far off that the feet's tracks make no difference.
        let camera = Standpoint { square_px: 0.0, square_sd_px: 0.0, distance_px: 1e9 };
        let movement = Movement { leg_error_factor, standpoint: Some(camera), ..athlete.movement() };
        let scale = Scale { metres_per_px: Some(0.005), ..Scale::default() };
        metrics(&movement, &athlete.truth().gait, scale)
    };
    let (good, less) = (of(1.0), of(2.0));
    let left = Some(Side::Left);
    let legs = [
        ("knee_rom_deg", left),
        ("knee_drive_extension_deg", left),
        ("reach_leg", left),
        ("step_length_leg", left),
        ("step_length_m", left),
        ("speed_leg_per_s", None),
        ("knee_terminal_contact_asymmetry_deg", None),
        ("step_length_asymmetry_percent", None),
    ];
    for (id, side) in legs {
        let ratio = stated(&less, id, side) / stated(&good, id, side);
        assert!((1.2..=2.0 + SAME).contains(&ratio), "{id}: {ratio}");
    }
    for (id, side) in [("step_time_s", left), ("trunk_sd_deg", None), ("cadence_steps_per_min", None)] {
        assert!((stated(&less, id, side) - stated(&good, id, side)).abs() < SAME, "{id}");
    }
}

/// Both legs' numbers with the far one seen with this confidence, and read so many degrees too straight at the knee.
fn with_a_hidden_leg(confidence: f32, too_straight_deg: f64, hidden_legs_are_wrong: bool) -> Metrics {
    let athlete = Athlete::new(Exercise::SledPush);
    let mut movement = Movement { hidden_legs_are_wrong, ..athlete.movement() };
    movement.angle_uncertainty[Angle::LeftKnee.index()] = Radians::from_degrees(3.0);
    movement.angle_uncertainty[Angle::RightKnee.index()] = Radians::from_degrees(4.0);
    for point in [LimbPoint::Knee, LimbPoint::Ankle] {
        let seen = movement.points.get_mut(point.on(Side::Right));
        for i in 0..seen.len() {
            let sample = seen.get(i);
            seen.set(i, sample.map(|s| Sample { confidence: Confidence::new(confidence), ..s }));
        }
    }
    let knee = movement.angles.get(Angle::RightKnee);
    let read = knee.iter().map(|s| s.map(|s| s.map(|a| a - Radians::from_degrees(too_straight_deg))));
    let read = Series::new(read.collect());
    movement.angles.set(Angle::RightKnee, read);
    metrics(&movement, &athlete.truth().gait, Scale::default())
}

#[test]
fn a_leg_that_is_hardly_seen_is_as_unsure_as_it_is_apart_from_the_other_one() {
    let id = "knee_peak_swing_deg";
    let (seen, hidden) = (with_a_hidden_leg(0.9, 40.0, true), with_a_hidden_leg(0.3, 40.0, true));
    assert_eq!(hidden.hidden.worse(), (Side::Right, 1.0));
    assert!(seen.hidden.worse().1 < SAME);
    let value = |side| hidden.get(id, Some(side)).and_then(|m| m.value.ok()).expect("measured");
    let apart = (value(Side::Left) - value(Side::Right)).abs();
    let by = |side| stated(&seen, id, Some(side));
    let beyond = (apart.powi(2) - by(Side::Left).powi(2) - by(Side::Right).powi(2)).sqrt();
    assert!(beyond > 30.0, "{beyond}");
    assert!((stated(&hidden, id, Some(Side::Right)) - by(Side::Right).hypot(beyond)).abs() < SAME);
    assert!((stated(&hidden, id, None) - stated(&seen, id, None).hypot(0.5 * beyond)).abs() < SAME);
    assert!((stated(&hidden, id, Some(Side::Left)) - by(Side::Left)).abs() < SAME, "the other is seen well");

    let id = "knee_terminal_contact_asymmetry_deg";
    let (difference, known) =
        (hidden.get(id, None).and_then(|m| m.value.ok()).expect("measured"), stated(&seen, id, None));
    assert!(difference.abs() > 30.0 && known < 10.0, "{difference} +- {known}");
    assert!((stated(&hidden, id, None) - difference.abs()).abs() < SAME, "it may be nothing");
}

#[test]
fn a_hidden_leg_that_agrees_with_the_other_or_whose_model_sees_it_all_the_same_is_as_sure_as_ever() {
    let id = "knee_peak_swing_deg";
    for side in [Some(Side::Left), Some(Side::Right), None] {
        let of = |confidence, apart, wrong| stated(&with_a_hidden_leg(confidence, apart, wrong), id, side);
        assert!((of(0.3, 0.0, true) - of(0.9, 0.0, true)).abs() < SAME, "{side:?}: alike");
        assert!((of(0.3, 40.0, false) - of(0.9, 40.0, false)).abs() < SAME, "{side:?}: seen rightly");
    }
}

#[test]
fn contacts_that_the_thighs_contradict_are_doubted_on_each_side_and_not_in_both_together() {
    let athlete = Athlete::new(Exercise::SledPush);
    let (movement, gait) = (athlete.movement(), athlete.truth().gait);
    let of = |time: f64| {
        let mut context = Context::new(&movement, &gait, Scale::default());
        context.doubt = agreement::Doubt { share: time, time: Seconds(time) };
        let per_stride: Vec<Vec<StrideValue>> = ROWS.iter().map(|row| strides_of(row, &context)).collect();
        let clip = collect(&per_stride, &context, |row, s| summary::of_row(row, s, &[], &context));
        Metrics { clip, ..Metrics::default() }
    };
    let (sure, doubted) = (of(0.0), of(0.1));
    let more = |id: &str, side| {
        let (a, b) = (stated(&sure, id, side), stated(&doubted, id, side));
        (b * b - a * a).max(0.0).sqrt()
    };
    let value = |id: &str| sure.get(id, None).and_then(|m| m.value.ok()).unwrap_or(f64::NAN);
    let left = Some(Side::Left);
    for (id, side, expected) in [
        ("contact_time_s", left, 0.1),
        ("step_time_s", left, 0.1),
        ("step_time_s", None, 0.0),
        ("contact_time_s", None, 0.0),
        // One lands 0.1 s off; of two steps one gains what the other loses.
        ("contact_time_asymmetry_percent", None, 100.0 * 0.1 / value("contact_time_s")),
        ("step_time_asymmetry_percent", None, 100.0 * 0.2 / value("step_time_s")),
        // At 200 degrees a second.
        ("knee_terminal_contact_asymmetry_deg", None, 20.0),
        ("step_length_asymmetry_percent", None, 0.0),
    ] {
        let found = more(id, side);
        assert!((found - expected).abs() < 0.02 * expected + 1e-4, "{id} {side:?}: {found} of {expected}");
    }
}
