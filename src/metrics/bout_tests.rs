//! Known answers of what is told of bouts for research: arm against leg by other means, symmetry, snatches.

use super::value::NotMeasured;
use super::{Metrics, Scale, metrics};
use crate::gait::stride::Unfit;
use crate::geometry::Point;
use crate::kinematics::movement::Movement;
use crate::skeleton::{Angle, Keypoint, Side};
use crate::synthetic::{Athlete, Exercise};
use crate::units::Radians;

/// Ways of telling the phase.
const PHASES: [&str; 3] =
    ["arm_leg_crp_left_arm_deg", "arm_leg_lag_phase_left_arm_deg", "arm_leg_peak_phase_left_arm_deg"];
/// Every row of this file that arms have.
const OF_LEFT_ARM: [&str; 9] = [
    "arm_leg_crp_left_arm_deg",
    "arm_leg_marp_left_arm_deg",
    "arm_leg_dp_left_arm_deg",
    "arm_leg_plv_left_arm",
    "arm_leg_lag_phase_left_arm_deg",
    "arm_leg_peak_phase_left_arm_deg",
    "arm_leg_in_phase_share_left_arm",
    "arm_leg_anti_phase_share_left_arm",
    "arm_leg_coupling_variability_left_arm_deg",
];

fn backpedal(phase_deg: f64) -> Athlete {
    Athlete::new(Exercise::SledBackpedal)
        .lasting(8.0)
        .with(|motion| motion.arms.phase = [Radians::from_degrees(phase_deg); 2])
}

fn of(movement: &Movement, athlete: &Athlete) -> Metrics {
    metrics(movement, &athlete.truth().gait, Scale::default())
}

fn reading(metrics: &Metrics, id: &str) -> Result<f64, NotMeasured> {
    let Some(metric) = metrics.clip.iter().find(|m| m.id == id) else { panic!("{id} is in the catalogue") };
    metric.value
}

fn value(metrics: &Metrics, id: &str) -> f64 {
    reading(metrics, id).unwrap_or_else(|why| panic!("{id}: {why}"))
}

fn stated(metrics: &Metrics, id: &str) -> f64 {
    metrics.clip.iter().find(|m| m.id == id).and_then(|m| m.uncertainty).unwrap_or_default()
}

fn away(a: f64, b: f64) -> f64 {
    Radians::from_degrees(a - b).wrapped().to_degrees().abs()
}

#[test]
fn every_method_tells_the_phase_that_the_arms_were_given() {
    for phase in [0.0, 90.0, 180.0, -120.0] {
        let athlete = backpedal(phase);
        let got = of(&athlete.movement(), &athlete);
        for id in PHASES {
            let told = value(&got, id);
            assert!(away(told, phase) <= stated(&got, id), "{id}: {told} for {phase}");
        }
        assert!(
            away(value(&got, "arm_leg_crp_left_arm_deg"), value(&got, "arm_leg_phase_left_arm_deg")) < 3.0
        );
        // A thigh is no cosine: the relative phase sways within the stride, and its size by no more than that.
        let locked = value(&got, "arm_leg_plv_left_arm");
        let sway = (-2.0 * locked.ln()).sqrt().to_degrees();
        assert!(locked > 0.95, "{locked}");
        let size = value(&got, "arm_leg_marp_left_arm_deg");
        assert!((size - f64::abs(phase)).abs() < sway + 1.0, "{size} for {phase}, sway {sway}");
        assert!(value(&got, "arm_leg_dp_left_arm_deg") < 3.0);
    }
}

#[test]
fn a_lost_tenth_of_samples_changes_little_and_a_lost_third_is_not_measured() {
    let athlete = backpedal(40.0);
    let whole = of(&athlete.movement(), &athlete);
    let every = |n: usize| {
        let mut movement = athlete.movement();
        let mut arm = movement.angles.get(Angle::LeftUpperArm).clone();
        (0..arm.len()).step_by(n).for_each(|i| arm.set(i, None));
        movement.angles.set(Angle::LeftUpperArm, arm);
        of(&movement, &athlete)
    };
    let thinned = every(10);
    for id in &PHASES[..2] {
        assert!(away(value(&thinned, id), value(&whole, id)) < stated(&thinned, id), "{id}");
    }
    for id in OF_LEFT_ARM {
        assert_eq!(reading(&every(3), id), Err(NotMeasured::NotEnoughSeen), "{id}");
    }
}

#[test]
fn a_still_arm_one_that_swings_twice_and_two_strides_are_not_told() {
    let still = backpedal(0.0).with(|m| m.arms.amplitude = [Radians(0.0); 2]);
    let twice = backpedal(0.0).with(|m| m.arms.swings_per_stride = 2);
    let whole = backpedal(0.0);
    let mut few = whole.truth().gait;
    few.strides.iter_mut().skip(2).for_each(|s| s.unfit = Some(Unfit::NotSeen));
    let few = metrics(&whole.movement(), &few, Scale::default());
    for id in OF_LEFT_ARM {
        assert_eq!(reading(&of(&still.movement(), &still), id), Err(NotMeasured::ArmStill), "{id}");
        assert_eq!(reading(&of(&twice.movement(), &twice), id), Err(NotMeasured::DoubleFrequency), "{id}");
        assert_eq!(reading(&few, id), Err(NotMeasured::TooFewStrides), "{id}");
    }
}

#[test]
fn even_legs_are_symmetrical_by_every_index_and_uneven_steps_by_none() {
    let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
    let even = of(&athlete.movement(), &athlete);
    let mut gait = athlete.truth().gait;
    // Every right foot lands a twentieth of a stride late.
    let late = gait.strides[0].duration() * 0.05;
    for event in &mut gait.events {
        if event.side == Side::Right {
            event.time = event.time + late;
        }
    }
    for stride in gait.strides.iter_mut().filter(|s| s.side == Side::Right) {
        stride.initial_contact.time = stride.initial_contact.time + late;
        (stride.start, stride.end) = (stride.start + late, stride.end + late);
    }
    let uneven = metrics(&athlete.movement(), &gait, Scale::default());
    // Steps of 0.55 and 0.45 of a stride: 100 x 0.10 / 0.50, and atan(0.45 / 0.55) is 39.29 degrees.
    for (id, expected) in [
        ("step_time_symmetry_index_percent", 20.0),
        ("step_time_symmetry_angle_percent", 6.345),
        ("step_time_normalised_symmetry", 1.0),
    ] {
        let (calm, torn) = (reading(&even, id), value(&uneven, id));
        // Of times that are all the same there is no range.
        assert!(calm.map_or(id.contains("normalised"), |v| v.abs() < 1.0), "{id}: {calm:?}");
        assert!((torn - expected).abs() < 0.02 * expected.max(1.0), "{id}: {torn}");
    }
}

#[test]
fn a_step_counts_from_a_landing_of_a_stride_that_counts() {
    let athlete = Athlete::new(Exercise::SledPush).lasting(8.0);
    let mut gait = athlete.truth().gait;
    let steps = |gait: &crate::gait::stride::Gait| {
        let all = metrics(&athlete.movement(), gait, Scale::default());
        let sides = all.clip.iter().filter(|m| m.id == "step_time_s" && m.side.is_some());
        sides.map(|m| m.per_stride.iter().filter(|s| s.counts && s.reading.is_ok()).count()).sum::<usize>()
    };
    let before = steps(&gait);
    // Two strides of one foot in a row: the landing between them is of none that counts.
    for k in [4, 6] {
        assert_eq!(gait.strides[k].side, gait.strides[4].side);
        gait.strides[k].unfit = Some(crate::gait::stride::Unfit::NotSeen);
    }
    // Their own two steps, and the other foot's step from the landing between them.
    assert_eq!(before - steps(&gait), 3);
}

#[test]
fn a_jerk_of_the_hips_is_one_snatch() {
    let athlete = Athlete::new(Exercise::BackwardSledDrag).lasting(8.0).fps(60.0);
    let leg = athlete.leg_length_px();
    let truth = athlete.truth();
    let stride = &truth.gait.strides[7];
    let step = stride.duration().0 / 2.0;
    // The hips sway a little in every step; the jerk throws the body forth and back within a fifth of a second, in the
    // middle of one.
    let sway = |t: f64| 0.02 * leg * (std::f64::consts::TAU * t / step).sin();
    let middle = stride.start.0 + 0.5 * step;
    let jerk = |t: f64| 0.12 * leg * (-((t - middle) / 0.05).powi(2)).exp();
    let calm = shifted(&athlete.movement(), &sway);
    assert!(value(&of(&calm, &athlete), "snatch_count").abs() < f64::EPSILON);
    let torn = shifted(&calm, &jerk);
    let count = value(&of(&torn, &athlete), "snatch_count");
    assert!((count - 1.0).abs() < f64::EPSILON, "{count}");
}

/// The whole body moved along the floor by so many px at each time.
fn shifted(movement: &Movement, by: &dyn Fn(f64) -> f64) -> Movement {
    let mut moved = movement.clone();
    for keypoint in Keypoint::ALL {
        let series = moved.points.get_mut(keypoint);
        for i in 0..series.len() {
            let shift = by(movement.time.at(i).0);
            let sample = series.get(i).map(|s| s.map(|p| Point::new(p.x + shift, p.y)));
            series.set(i, sample);
        }
    }
    moved
}
