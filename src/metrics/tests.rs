//! Known answers: the oracles of docs/science.md G on a synthetic athlete whose every value is prescribed.

use super::catalogue::{ROWS, Unit, markdown};
use super::value::NotMeasured;
use super::{Metrics, Scale, metrics};
use crate::gait::stride::{Direction, EventMethod, Gait};
use crate::kinematics::movement::{Facing, Movement};
use crate::signal::series::Series;
use crate::skeleton::{Angle, Keypoint, LimbPoint, Side};
use crate::synthetic::{Athlete, Exercise, Ground, Motion};
use crate::units::Radians;

/// Trunk, degrees (G1).
const TRUNK_DEG: f64 = 0.5;
/// Knee, degrees (G1).
const KNEE_DEG: f64 = 1.0;
/// Cadence, as a share (G1).
const CADENCE_SHARE: f64 = 0.005;
/// Contralateral phase, degrees (G1, 2 strides).
const PHASE_DEG: f64 = 3.0;
/// Arm amplitude, degrees (G1).
const AMPLITUDE_DEG: f64 = 2.5;
/// Lengths along the floor from exact points, leg lengths.
const LENGTH_LEG: f64 = 0.005;
/// Numbers that should be the same but for rounding.
const SAME: f64 = 1e-6;

fn of(athlete: &Athlete) -> Metrics {
    let scale = Scale {
        leg_length_px: Some(athlete.leg_length_px()),
        metres_per_px: Some(0.005),
        relative_uncertainty: 0.03,
    };
    metrics(&athlete.movement(), &athlete.truth().gait, scale)
}

fn value(metrics: &Metrics, id: &str, side: Option<Side>) -> f64 {
    let Some(metric) = metrics.get(id, side) else { panic!("{id} is in the catalogue") };
    match metric.value {
        Ok(value) => value,
        Err(reason) => panic!("{id} {side:?}: {reason}"),
    }
}

fn close(metrics: &Metrics, id: &str, expected: f64, tolerance: f64, case: &str) {
    let sides = if ROWS.iter().any(|r| r.id == id && r.sides == super::catalogue::Sides::OfStride) {
        vec![Some(Side::Left), Some(Side::Right), None]
    } else {
        vec![None]
    };
    for side in sides {
        let got = value(metrics, id, side);
        assert!((got - expected).abs() <= tolerance, "{case}: {id} {side:?}: {got}, expected {expected}");
    }
}

/// Oracle 1 from exact points: what remains is the metrics' own error at each frame rate.
#[test]
fn prescribed_values_come_back_at_every_frame_rate() {
    for exercise in Exercise::ALL {
        for fps in [30.0, 60.0, 120.0] {
            let athlete = Athlete::new(exercise).fps(fps).lasting(8.0);
            let (truth, got) = (athlete.truth(), of(&athlete));
            let case = format!("{exercise:?} at {fps}");
            let trunk: Vec<f64> =
                truth.angles.get(Angle::Trunk).present().map(|(_, a)| a.to_degrees()).collect();
            let mean = trunk.iter().sum::<f64>() / trunk.len() as f64;
            close(&got, "trunk_mean_deg", mean, TRUNK_DEG, &case);
            close(&got, "cadence_steps_per_min", truth.cadence_steps_per_min, CADENCE_SHARE * 120.0, &case);
            let knee = truth.knee;
            for (id, angle) in [
                ("knee_initial_contact_deg", knee.initial_contact),
                ("knee_terminal_contact_deg", knee.terminal_contact),
                ("knee_peak_stance_deg", knee.peak_stance),
                ("knee_peak_swing_deg", knee.peak_swing),
                ("knee_collapse_deg", knee.collapse),
                ("knee_drive_extension_deg", knee.peak_stance - knee.terminal_contact),
            ] {
                close(&got, id, angle.to_degrees(), KNEE_DEG, &case);
            }
            close(&got, "duty_factor", truth.duty_factor, 0.002, &case);
            close(&got, "step_length_leg", truth.step_length_leg, LENGTH_LEG, &case);
            close(&got, "speed_leg_per_s", truth.speed_leg_per_s, LENGTH_LEG, &case);
            close(&got, "step_time_s", 60.0 / truth.cadence_steps_per_min, SAME, &case);
        }
    }
}

#[test]
fn a_belt_gives_the_same_step_and_speed_as_the_floor() {
    for exercise in Exercise::ALL {
        let athlete = Athlete::new(exercise).lasting(8.0).fps(60.0).on(Ground::Treadmill);
        let (truth, movement) = (athlete.truth(), athlete.movement());
        let mut gait = truth.gait.clone();
        gait.bouts.iter_mut().for_each(|b| b.travel = crate::gait::stride::Travel::InPlace);
        let got = metrics(&movement, &gait, Scale::default());
        // The ankle moves a little while the heel lifts: 4 % of the speed.
        let speed = value(&got, "speed_leg_per_s", None);
        assert!((speed / truth.speed_leg_per_s - 1.0).abs() < 0.04, "{exercise:?}: {speed}");
        let step = value(&got, "step_length_leg", None);
        assert!((step / truth.step_length_leg - 1.0).abs() < 0.04, "{exercise:?}: {step}");
    }
}

#[test]
fn metres_need_a_scale_and_follow_it() {
    let athlete = Athlete::new(Exercise::SledPush);
    let unscaled = metrics(&athlete.movement(), &athlete.truth().gait, Scale::default());
    let reason = unscaled.get("speed_m_per_s", None).map(|m| m.value);
    assert_eq!(reason, Some(Err(NotMeasured::NoScale)));
    let scaled = of(&athlete);
    let legs = value(&scaled, "speed_leg_per_s", None);
    let expected = legs * athlete.leg_length_px() * 0.005;
    assert!((value(&scaled, "speed_m_per_s", None) - expected).abs() < SAME);
}

/// Oracle 3.
#[test]
fn facing_the_other_way_changes_no_metric() {
    for exercise in Exercise::ALL {
        let right = of(&Athlete::new(exercise));
        let left = of(&Athlete::new(exercise).facing(Facing::Left));
        assert_same(&right, &left, |_| 1.0);
    }
}

#[test]
fn a_bigger_picture_changes_no_metric_but_metres() {
    let small = of(&Athlete::new(Exercise::SledBackpedal));
    let large = of(&Athlete::new(Exercise::SledBackpedal).leg_px(340.0));
    assert_same(
        &small,
        &large,
        |unit| if matches!(unit, Unit::Metres | Unit::MetresPerSecond) { 2.0 } else { 1.0 },
    );
}

fn assert_same(a: &Metrics, b: &Metrics, factor: impl Fn(Unit) -> f64) {
    for (a, b) in a.clip.iter().zip(&b.clip) {
        match (a.value, b.value) {
            (Ok(x), Ok(y)) => {
                let expected = x * factor(a.unit);
                assert!(
                    (expected - y).abs() < SAME * expected.abs().max(1.0),
                    "{} {:?}: {x} and {y}",
                    a.id,
                    a.side
                );
            }
            (x, y) => assert_eq!(x, y, "{} {:?}", a.id, a.side),
        }
    }
}

/// Oracle 2: contacts swap roles, cadence stays, the arm's lead turns round.
#[test]
fn time_reversed_the_contacts_swap_and_the_arm_lags() {
    let phased = |motion: &mut Motion| {
        motion.arms.amplitude = [Radians::from_degrees(45.0); 2];
        motion.arms.phase = [Radians::from_degrees(35.0); 2];
    };
    let forward = Athlete::new(Exercise::SledPush).with(phased).lasting(8.0).fps(60.0);
    let backward = forward.clone().with(|motion| {
        motion.direction = Direction::Backward;
        motion.arms.phase = [Radians::from_degrees(-35.0); 2];
    });
    let (there, back) = (of(&forward), of(&backward));
    let same = |a: &str, b: &str, sign: f64, tolerance: f64| {
        let (x, y) = (value(&there, a, None), value(&back, b, None));
        assert!((x - sign * y).abs() < tolerance, "{a} {x}, {b} {y}");
    };
    same("cadence_steps_per_min", "cadence_steps_per_min", 1.0, SAME);
    same("knee_initial_contact_deg", "knee_terminal_contact_deg", 1.0, KNEE_DEG);
    same("knee_terminal_contact_deg", "knee_initial_contact_deg", 1.0, KNEE_DEG);
    same("reach_leg", "push_off_leg", 1.0, LENGTH_LEG);
    same("lean_travel_deg", "lean_travel_deg", -1.0, TRUNK_DEG);
    for id in ["arm_leg_phase_left_arm_deg", "arm_leg_phase_right_arm_deg"] {
        let side = if id.contains("left") { Side::Left } else { Side::Right };
        let (x, y) = (value(&there, id, Some(side)), value(&back, id, Some(side)));
        assert!((x - 35.0).abs() < PHASE_DEG && (y + 35.0).abs() < PHASE_DEG, "{id}: {x}, {y}");
    }
}

/// An athlete's exact movement with 3 degrees of noise on the upper arms and thighs, the same every time.
fn with_noisy_angles(athlete: &Athlete) -> Movement {
    let mut movement = athlete.movement();
    let mut state = 42_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for angle in [Angle::LeftUpperArm, Angle::RightUpperArm, Angle::LeftThigh, Angle::RightThigh] {
        // Twelve uniform numbers less 6 are normal with spread 1.
        let noisy = movement.angles.get(angle).map(|a| {
            let normal = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            Radians(a.0 + 3.0_f64.to_radians() * normal)
        });
        movement.angles.set(angle, noisy);
    }
    movement
}

#[test]
fn phase_and_amplitude_of_the_arms_come_back_through_noise() {
    for phase in [-150.0, -60.0, 0.0, 40.0, 170.0] {
        let athlete = Athlete::new(Exercise::SledBackpedal).lasting(8.0).with(|motion| {
            motion.arms.phase = [Radians::from_degrees(phase), Radians::from_degrees(-phase)];
        });
        let got = metrics(&with_noisy_angles(&athlete), &athlete.truth().gait, Scale::default());
        for (id, side, expected) in [
            ("arm_leg_phase_left_arm_deg", Side::Left, phase),
            ("arm_leg_phase_right_arm_deg", Side::Right, -phase),
        ] {
            let away = Radians::from_degrees(value(&got, id, Some(side)) - expected).wrapped().to_degrees();
            assert!(away.abs() < PHASE_DEG, "{id}: {away} away from {expected}");
        }
        for (id, side) in [("left_arm_amplitude_deg", Side::Left), ("right_arm_amplitude_deg", Side::Right)] {
            assert!((value(&got, id, Some(side)) - 50.0).abs() < AMPLITUDE_DEG);
        }
        assert!(value(&got, "arm_leg_consistency_left_arm", Some(Side::Left)) > 0.98);
        assert!(value(&got, "arm_frequency_ratio", None) < 0.1);
    }
}

/// Oracle 5.
#[test]
fn a_still_arm_reads_small_through_noise_and_has_no_phase() {
    let athlete = Athlete::new(Exercise::SledBackpedal)
        .with(|motion| motion.arms.amplitude = [Radians(0.0); 2])
        .lasting(8.0);
    let got = metrics(&with_noisy_angles(&athlete), &athlete.truth().gait, Scale::default());
    assert!(value(&got, "left_arm_amplitude_deg", Some(Side::Left)) < 7.0);
    assert!(value(&got, "right_arm_amplitude_deg", Some(Side::Right)) < 7.0);
    let phase = got.get("arm_leg_phase_left_arm_deg", Some(Side::Left)).map(|m| m.value);
    assert_eq!(phase, Some(Err(NotMeasured::ArmStill)));
}

#[test]
fn arms_that_move_in_another_rhythm_are_not_taken_for_still() {
    let athlete = Athlete::new(Exercise::SledBackpedal).with(|m| m.arms.swings_per_stride = 3);
    let metrics = of(&athlete.lasting(8.0));
    for id in ["left_arm_amplitude_deg", "right_wrist_excursion_trunk"] {
        assert!(metrics.clip.iter().any(|m| m.id == id && m.value == Err(NotMeasured::NotPeriodic)), "{id}");
    }
}

/// Oracle 6.
#[test]
fn arms_that_swing_twice_a_stride_are_told_and_have_no_phase() {
    let athlete =
        Athlete::new(Exercise::SledBackpedal).with(|motion| motion.arms.swings_per_stride = 2).lasting(8.0);
    let got = metrics(&with_noisy_angles(&athlete), &athlete.truth().gait, Scale::default());
    assert!(value(&got, "arm_frequency_ratio", None) > 1.0);
    let phase = got.get("arm_leg_phase_right_arm_deg", Some(Side::Right)).map(|m| m.value);
    assert_eq!(phase, Some(Err(NotMeasured::DoubleFrequency)));
}

/// The athlete with its feet hidden: no points, and events from the thighs alone.
fn without_feet(athlete: &Athlete) -> (Movement, Gait) {
    let (mut movement, mut gait) = (athlete.movement(), athlete.truth().gait);
    for side in Side::BOTH {
        for point in [LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe] {
            *movement.points.get_mut(point.on(side)) = Series::missing(movement.time.len);
        }
    }
    let clock = |event: &mut crate::gait::stride::Event| event.method = EventMethod::ThighClock;
    gait.events.iter_mut().for_each(clock);
    for stride in &mut gait.strides {
        clock(&mut stride.initial_contact);
        clock(&mut stride.terminal_contact);
        stride.opposite_terminal.as_mut().into_iter().for_each(clock);
        stride.opposite_initial.as_mut().into_iter().for_each(clock);
    }
    (movement, gait)
}

/// Oracle 7.
#[test]
fn with_hidden_feet_cadence_stays_and_contacts_are_not_told() {
    let athlete = Athlete::new(Exercise::BackwardSledDrag);
    let (movement, gait) = without_feet(&athlete);
    let scale = Scale {
        leg_length_px: Some(athlete.leg_length_px()),
        metres_per_px: None,
        relative_uncertainty: 0.0,
    };
    let got = metrics(&movement, &gait, scale);
    close(&got, "cadence_steps_per_min", athlete.truth().cadence_steps_per_min, 1.08, "hidden feet");
    for id in [
        "contact_time_s",
        "duty_factor",
        "double_support_s",
        "support_overlap_s",
        "reach_leg",
        "step_length_leg",
    ] {
        let reason = got.get(id, None).map(|m| m.value);
        assert_eq!(reason, Some(Err(NotMeasured::FeetHidden)), "{id}");
    }
    let Some(knee) = got.get("knee_initial_contact_deg", None) else {
        panic!("the knee is in the catalogue")
    };
    assert!(knee.value.is_ok() && knee.approximate);
    assert!(got.get("trunk_mean_deg", None).is_some_and(|m| m.value.is_ok() && !m.approximate));
}

#[test]
fn a_quarter_of_samples_missing_makes_a_metric_not_measured() {
    let athlete = Athlete::new(Exercise::SledPush);
    let mut movement = athlete.movement();
    let mut trunk = movement.angles.get(Angle::Trunk).clone();
    (0..trunk.len()).step_by(4).for_each(|i| trunk.set(i, None));
    movement.angles.set(Angle::Trunk, trunk);
    let got = metrics(&movement, &athlete.truth().gait, Scale::default());
    assert_eq!(got.get("trunk_mean_deg", None).map(|m| m.value), Some(Err(NotMeasured::NotEnoughSeen)));
    assert!(got.get("knee_rom_deg", None).is_some_and(|m| m.value.is_ok()));
}

#[test]
fn without_facing_or_strides_nothing_is_made_up() {
    let athlete = Athlete::new(Exercise::SledPush);
    let mut movement = athlete.movement();
    movement.facing = None;
    let got = metrics(&movement, &athlete.truth().gait, Scale::default());
    assert_eq!(got.get("trunk_mean_deg", None).map(|m| m.value), Some(Err(NotMeasured::FacingUnknown)));
    assert!(got.get("cadence_steps_per_min", None).is_some_and(|m| m.value.is_ok()));
    let empty = metrics(&athlete.movement(), &Gait::default(), Scale::default());
    assert!(empty.clip.iter().all(|m| m.value.is_err() && m.n == 0 && m.uncertainty.is_none()));
}

#[test]
fn invalid_strides_are_shown_and_do_not_count() {
    let athlete = Athlete::new(Exercise::SledPush);
    let mut gait = athlete.truth().gait;
    gait.strides[1].unfit = Some(crate::gait::stride::Unfit::StartUp);
    let got = metrics(&athlete.movement(), &gait, Scale::default());
    let trunk = got.get("trunk_mean_deg", None);
    assert_eq!(trunk.map(|m| m.n), Some(gait.strides.len() - 1));
    assert_eq!(got.per_stride("trunk_mean_deg").len(), gait.strides.len());
    assert_eq!(got.per_stride("knee_rom_deg").len(), gait.strides.len());
    assert!(got.per_stride("trunk_mean_deg")[1].reading.is_ok());
}

#[test]
fn a_slowing_athlete_shows_as_decay() {
    // Two athletes of one cadence, the second at half the speed, joined by their strides' speeds alone.
    let athlete = Athlete::new(Exercise::SledPush).lasting(12.0);
    let mut movement = athlete.movement();
    let half = movement.time.len / 2;
    let x_at_half = movement.points.get(Keypoint::RightHip).value(half).map_or(0.0, |p| p.x);
    for keypoint in Keypoint::ALL {
        let series = movement.points.get_mut(keypoint);
        for i in half..series.len() {
            let hips = x_at_half + (i - half) as f64 * 1.05 * athlete.leg_length_px() / 30.0;
            let slowed = series
                .get(i)
                .map(|s| s.map(|p| crate::geometry::Point::new(p.x - (hips - x_at_half) / 2.0, p.y)));
            series.set(i, slowed);
        }
    }
    let got = metrics(&movement, &athlete.truth().gait, Scale::default());
    let decay = value(&got, "velocity_decay_percent", None);
    assert!((decay - 50.0).abs() < 2.0, "{decay}");
}

#[test]
fn every_row_is_whole_and_its_unit_ends_its_id() {
    let mut seen = std::collections::BTreeSet::new();
    for row in ROWS {
        assert!(seen.insert(row.id), "{} is there twice", row.id);
        assert!(row.id.ends_with(row.unit.suffix()), "{} does not end in {}", row.id, row.unit.suffix());
        for text in [row.name, row.definition, row.sign, row.source] {
            assert!(!text.is_empty() && !text.contains('\n'), "{}", row.id);
        }
    }
    let table = markdown();
    assert_eq!(table.lines().count(), ROWS.len() + 2);
    assert!(ROWS.iter().all(|row| table.contains(&format!("`{}`", row.id))));
}

/// The columns that the file contract names.
#[test]
fn every_column_of_the_contract_is_a_row_of_strides() {
    let columns = "cadence_steps_per_min trunk_mean_deg trunk_sd_deg trunk_min_deg trunk_max_deg \
        knee_initial_contact_deg knee_peak_stance_deg knee_terminal_contact_deg knee_peak_swing_deg knee_rom_deg \
        knee_drive_extension_deg knee_collapse_deg knee_past_toe_shank knee_travel_thigh shank_initial_contact_deg \
        thigh_drive_deg hip_terminal_contact_deg ankle_rom_deg reach_leg step_length_leg step_length_m contact_time_s \
        duty_factor double_support_s hip_height_leg speed_leg_per_s speed_m_per_s left_arm_amplitude_deg \
        right_arm_amplitude_deg left_wrist_excursion_trunk right_wrist_excursion_trunk arm_leg_phase_left_arm_deg \
        arm_leg_phase_right_arm_deg arm_frequency_ratio";
    for column in columns.split_whitespace() {
        assert!(super::catalogue::row(column).is_some_and(super::catalogue::Row::is_per_stride), "{column}");
    }
}
