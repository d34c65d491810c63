//! From a recording to angles: known answers and properties on synthetic athletes.

use sledform::camera::motion::CameraMotion;
use sledform::geometry::Point;
use sledform::kinematics::movement::{Angles, Facing};
use sledform::kinematics::{MotionSettings, Prepared, prepare};
use sledform::observation::{Observation, Recording, TrackId};
use sledform::signal::cutoff::Cutoff;
use sledform::signal::series::Source;
use sledform::skeleton::{Angle, Side};
use sledform::synthetic::{Athlete, Exercise, Ground};
use sledform::units::{Hertz, Radians, Seconds};

/// Bias of trunk and knee from keypoints with 1 % noise (docs/science.md G1).
const TRUNK_BIAS_DEG: f64 = 0.5;
const KNEE_BIAS_DEG: f64 = 1.0;
/// Mean absolute error of both: 1 % of a leg on hip, knee and ankle is 2.8 degrees of knee flexion raw; 6 Hz at 30 fps
/// leaves two fifths of the noise's power, so 1.4 in the mean, and the filter itself takes up to 0.3 off the peaks.
const MEAN_ERROR_DEG: f64 = 1.7;
/// Two ways of computing the same, with the padding of the filter between them.
const SAME_DEG: f64 = 0.02;

const EXERCISES: [Exercise; 5] = [
    Exercise::SledPush,
    Exercise::BackwardSledPush,
    Exercise::ReverseSledPush,
    Exercise::SledBackpedal,
    Exercise::BackwardSledDrag,
];

fn prepared(recording: &Recording) -> Prepared {
    prepare(recording, TrackId(1), &MotionSettings::default())
}

fn clean(exercise: Exercise) -> Athlete {
    Athlete::new(exercise).noise(0.01)
}

/// Differences, degrees, over samples present in both, away from the filter's ends.
fn differences(a: &Angles, b: &Angles, angle: Angle) -> Vec<f64> {
    let n = a.get(angle).len();
    let both: Vec<f64> = (5..n.saturating_sub(5))
        .filter_map(|i| {
            let (x, y) = (a.get(angle).value(i)?, b.get(angle).value(i)?);
            Some(Radians(x.0 - y.0).wrapped().to_degrees())
        })
        .collect();
    assert!(both.len() * 10 > n * 6, "{angle}: only {} of {n} samples in both", both.len());
    both
}

/// Mean absolute difference, degrees.
fn difference(a: &Angles, b: &Angles, angle: Angle) -> f64 {
    let all = differences(a, b, angle);
    all.iter().map(|d| d.abs()).sum::<f64>() / all.len() as f64
}

/// Mean difference, degrees.
fn bias(a: &Angles, b: &Angles, angle: Angle) -> f64 {
    let all = differences(a, b, angle);
    all.iter().sum::<f64>() / all.len() as f64
}

#[test]
fn angles_of_noisy_keypoints_are_true_in_every_exercise_facing_both_ways() {
    for exercise in EXERCISES {
        for facing in [Facing::Left, Facing::Right] {
            for fps in [30.0, 60.0, 120.0] {
                let athlete = clean(exercise).facing(facing).fps(fps);
                let (found, truth) = (prepared(&athlete.recording()), athlete.truth());
                assert_eq!(found.movement.facing, Some(facing), "{exercise:?}");
                for (angle, most) in [
                    (Angle::Trunk, TRUNK_BIAS_DEG),
                    (Angle::LeftKnee, KNEE_BIAS_DEG),
                    (Angle::RightKnee, KNEE_BIAS_DEG),
                ] {
                    let off = bias(&found.movement.angles, &truth.angles, angle);
                    assert!(off.abs() < most, "{exercise:?} {facing:?} {fps}: {angle} biased by {off}");
                    let off = difference(&found.movement.angles, &truth.angles, angle);
                    assert!(off < MEAN_ERROR_DEG, "{exercise:?} {facing:?} {fps}: {angle} off by {off}");
                }
            }
        }
    }
}

#[test]
fn correct_sides_are_left_alone() {
    for exercise in EXERCISES {
        for fps in [30.0, 60.0, 240.0] {
            let found = prepared(&clean(exercise).fps(fps).recording());
            assert_eq!(found.left_right.corrections(), 0, "{exercise:?} at {fps}: {:?}", found.left_right);
        }
    }
}

#[test]
fn legs_exchanged_for_a_second_are_put_right() {
    for exercise in EXERCISES {
        let athlete = clean(exercise);
        let truth = athlete.truth();
        let found = prepared(&athlete.swapped_legs(2.0..3.0).recording());
        assert!(!found.left_right.legs.is_empty(), "{exercise:?}");
        for knee in [Angle::LeftKnee, Angle::RightKnee] {
            let off = difference(&found.movement.angles, &truth.angles, knee);
            assert!(off < MEAN_ERROR_DEG, "{exercise:?}: {knee} off by {off}, {:?}", found.left_right);
        }
    }
}

#[test]
fn the_mirror_image_is_the_same_movement_on_the_other_side() {
    let recording = clean(Exercise::SledBackpedal).recording();
    let mut mirrored = recording.clone();
    let width = f64::from(recording.clip.size.width);
    for frame in &mut mirrored.frames {
        mirror(frame, width);
    }
    let (a, b) = (prepared(&recording), prepared(&mirrored));
    for angle in Angle::ALL {
        let mirrored = Angle::ALL.map(|x| b.movement.angles.get(x.mirror()).clone());
        let series = &mirrored[angle.index()];
        for (i, value) in a.movement.angles.get(angle).present() {
            let other = series.value(i).expect("what is present in one is in the other");
            assert!(Radians(value.0 - other.0).wrapped().to_degrees().abs() < 1e-6, "{angle} at {i}");
        }
    }
}

fn mirror(frame: &mut Observation, width: f64) {
    use sledform::observation::{Landmark, Pose};
    for person in &mut frame.people {
        let mut pose = Pose::new(person.pose.score);
        for (keypoint, seen) in person.pose.seen() {
            let position = Point::new(width - seen.position.x, seen.position.y);
            pose.set(keypoint.mirror(), Some(Landmark { position, ..seen }));
        }
        person.pose = pose;
    }
    if let Some(motion) = &mut frame.background {
        motion.this_from_previous.shift.x = -motion.this_from_previous.shift.x;
    }
}

#[test]
fn run_backward_in_time_it_has_the_same_angles_backward() {
    let recording = clean(Exercise::SledPush).recording();
    let mut reversed = recording.clone();
    let end = recording.frames.last().expect("a synthetic clip has frames").time;
    reversed.frames = recording
        .frames
        .iter()
        .rev()
        .enumerate()
        .map(|(i, f)| Observation { frame: i, time: end - f.time, ..f.clone() })
        .collect();
    let (a, b) = (prepared(&recording), prepared(&reversed));
    let n = a.movement.time.len;
    for angle in Angle::ALL {
        for (i, value) in a.movement.angles.get(angle).present() {
            let other = b.movement.angles.get(angle).value(n - 1 - i).expect("present in both");
            assert!(Radians(value.0 - other.0).wrapped().to_degrees().abs() < SAME_DEG, "{angle} at {i}");
        }
    }
}

#[test]
fn a_panning_camera_changes_no_angle() {
    for exercise in EXERCISES {
        let still = prepared(&clean(exercise).recording());
        let panned = prepared(&clean(exercise).pan(150.0).recording());
        assert_eq!(still.camera.motion, CameraMotion::Static);
        assert_eq!(panned.camera.motion, CameraMotion::Panning);
        for angle in Angle::ALL {
            let off = difference(&still.movement.angles, &panned.movement.angles, angle);
            assert!(off < SAME_DEG, "{exercise:?}: {angle} off by {off}");
        }
    }
}

#[test]
fn a_rolled_camera_is_levelled_where_the_athlete_travels() {
    for facing in [Facing::Left, Facing::Right] {
        for roll in [-6.0, 3.0] {
            let athlete = clean(Exercise::SledPush).facing(facing).roll(Radians::from_degrees(roll));
            let found = prepared(&athlete.recording());
            let measured =
                found.camera.roll.expect("six seconds of pushing are several steps").angle.to_degrees();
            assert!((measured - roll).abs() < 0.5, "measured {measured} for {roll}");
            let off = difference(&found.movement.angles, &athlete.truth().angles, Angle::Trunk);
            assert!(off < 2.0 * TRUNK_BIAS_DEG, "trunk off by {off} at roll {roll} facing {facing:?}");
        }
    }
}

#[test]
fn a_belt_tells_the_roll_where_nobody_travels() {
    for exercise in Exercise::ALL {
        for (facing, roll) in [(Facing::Left, -4.0), (Facing::Right, 0.0), (Facing::Left, 5.0)] {
            let athlete =
                clean(exercise).facing(facing).on(Ground::Treadmill).roll(Radians::from_degrees(roll));
            let found = prepared(&athlete.recording()).camera.roll.expect("several steps on the belt");
            let (measured, stated) = (found.angle.to_degrees(), found.uncertainty.to_degrees());
            assert!((measured - roll).abs() < stated, "{exercise:?}: {measured} +- {stated} for {roll}");
            assert!((2.9..4.0).contains(&stated), "a belt may be inclined: {stated}");
        }
    }
}

/// A wall drill: a foot rests, goes forward high up, and comes back lower to where it was.
#[test]
fn marching_on_the_spot_tells_no_roll() {
    use sledform::observation::Landmark;
    use sledform::skeleton::LimbPoint;
    use std::f64::consts::{PI, TAU};
    const STRIDE_S: f64 = 0.8;
    for (forward, up) in [(100.0, 90.0), (100.0, 55.0), (110.0, 25.0), (110.0, 0.0)] {
        let mut recording = clean(Exercise::SledPush).on(Ground::Treadmill).recording();
        let still = recording.frames[0].people[0].pose.clone();
        for frame in &mut recording.frames {
            let pose = &mut frame.people[0].pose;
            *pose = still.clone();
            for (side, begin) in [(Side::Left, 0.0), (Side::Right, 0.5)] {
                // It stands in the second half of its stride.
                let swing = (2.0 * (frame.time.0 / STRIDE_S + begin).fract()).min(1.0);
                let x = forward * 0.5 * (1.0 - (TAU * swing).cos());
                let lift = up * ((PI * swing).sin() + 0.4 * (TAU * swing).sin());
                for point in [LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe] {
                    let seen = pose.get(point.on(side)).expect("nothing is hidden");
                    let position = Point::new(seen.position.x + x, seen.position.y - lift);
                    pose.set(point.on(side), Some(Landmark { position, ..seen }));
                }
            }
        }
        let roll = prepared(&recording).camera.roll;
        assert!(roll.is_none(), "{forward} forward, {up} up: {roll:?}");
    }
}

#[test]
fn size_in_the_picture_does_not_matter() {
    let small = prepared(&Athlete::new(Exercise::SledPush).leg_px(60.0).recording());
    let large = prepared(&Athlete::new(Exercise::SledPush).leg_px(240.0).recording());
    for angle in Angle::ALL {
        let off = difference(&small.movement.angles, &large.movement.angles, angle);
        assert!(off < SAME_DEG, "{angle} off by {off}");
    }
    let ratio = large.scale.leg_length_px.expect("seen") / small.scale.leg_length_px.expect("seen");
    assert!((ratio - 4.0).abs() < 0.01, "{ratio}");
}

#[test]
fn a_fifth_of_the_keypoints_may_be_missing() {
    for exercise in EXERCISES {
        let athlete = clean(exercise).deleted(0.2);
        let (found, truth) = (prepared(&athlete.recording()), athlete.truth());
        for angle in [Angle::Trunk, Angle::LeftKnee, Angle::RightKnee] {
            let off = difference(&found.movement.angles, &truth.angles, angle);
            assert!(off < 2.0 * MEAN_ERROR_DEG, "{exercise:?}: {angle} off by {off}");
        }
        let knee = found.movement.angles.get(Angle::LeftKnee);
        let share = knee.measured_share(0..knee.len());
        // Three keypoints each seen four times in five: about half the knees are measured, the rest filled in.
        assert!((0.3..0.7).contains(&share), "{share}");
    }
}

#[test]
fn a_hole_of_half_a_second_stays_missing() {
    let athlete = clean(Exercise::ReverseSledPush).hole(2.0..2.5);
    let (found, truth) = (prepared(&athlete.recording()), athlete.truth());
    let knee = found.movement.angles.get(Angle::LeftKnee);
    let inside = found.movement.time.range(Seconds(2.05), Seconds(2.45));
    assert!(inside.clone().all(|i| knee.get(i).is_none()), "nothing is invented in the hole");
    assert!(difference(&found.movement.angles, &truth.angles, Angle::LeftKnee) < MEAN_ERROR_DEG);
}

#[test]
fn repeated_pictures_are_filled_in_and_say_so() {
    let mut recording = clean(Exercise::SledPush).recording();
    for i in (10..recording.frames.len()).step_by(10) {
        recording.frames[i].people = recording.frames[i - 1].people.clone();
        recording.frames[i].duplicate = true;
    }
    let found = prepared(&recording);
    let knee = found.movement.angles.get(Angle::LeftKnee);
    assert_eq!(knee.get(20).map(|s| s.source), Some(Source::Interpolated));
    assert_eq!(knee.get(21).map(|s| s.source), Some(Source::Measured));
    let truth = clean(Exercise::SledPush).truth();
    assert!(difference(&found.movement.angles, &truth.angles, Angle::LeftKnee) < MEAN_ERROR_DEG);
}

#[test]
fn every_frame_has_its_row_whatever_its_time() {
    let mut recording = clean(Exercise::SledPush).recording();
    let keep: Vec<bool> = (0..recording.frames.len()).map(|i| i % 11 != 5).collect();
    let mut kept = keep.iter();
    recording.frames.retain(|_| *kept.next().unwrap_or(&true));
    for (i, frame) in recording.frames.iter_mut().enumerate() {
        frame.time = frame.time + Seconds(0.004 * f64::from((i % 3) as u8));
    }
    let found = prepared(&recording);
    let (angles, points) = (found.angles_at_frames(), found.points_at_frames());
    for angle in Angle::ALL {
        assert_eq!(angles.get(angle).len(), recording.frames.len());
    }
    let raw = found.raw.points.get(sledform::skeleton::Keypoint::LeftHip);
    for (i, p) in points.get(sledform::skeleton::Keypoint::LeftHip).present() {
        let seen = raw.value(i).expect("synthetic keypoints are all seen");
        // One percent noise of 170 px, filtered, at times up to 8 ms off.
        assert!(p.distance(seen) < 12.0, "frame {i}: {p:?} against {seen:?}");
    }
}

#[test]
fn nobody_gives_nothing_and_no_panic() {
    let mut recording = clean(Exercise::SledPush).recording();
    let nobody = prepare(&recording, TrackId(99), &MotionSettings::default());
    assert_eq!(nobody.movement.facing, None);
    assert!(Angle::ALL.iter().all(|a| nobody.movement.angles.get(*a).present().next().is_none()));
    for n in [0, 1, 2, 3] {
        recording.frames.truncate(3 - n);
        for cutoff in [Cutoff::FromStride, Cutoff::Fixed(Hertz(6.0)), Cutoff::Residual] {
            let settings = MotionSettings { cutoff, ..MotionSettings::default() };
            let few = prepare(&recording, TrackId(1), &settings);
            assert_eq!(few.angles_at_frames().get(Angle::Trunk).len(), recording.frames.len());
        }
    }
}

#[test]
fn a_turned_view_is_noticed() {
    // The synthetic shoulders are 0.258 of stature apart over a trunk of 0.288, where 0.75 is reckoned with: the yaw is
    // over-read, on the safe side.
    const SHOULDERS: f64 = 0.258 / 0.288 / 0.75;
    for psi in [0.0f64, 20.0, 30.0, 45.0] {
        let yaw = Radians::from_degrees(psi);
        let athlete = clean(Exercise::BackwardSledPush).on(Ground::Treadmill).yaw(yaw);
        let found = prepared(&athlete.recording());
        let measured = found.camera.yaw.expect("shoulders are seen").angle;
        // One percent noise of a leg on either shoulder, median over a window.
        assert!((measured.0.sin() - yaw.0.sin() * SHOULDERS).abs() < 0.03, "{measured:.3} for {psi}");
        let warned = found.warnings.iter().any(|w| w.id == "view_oblique");
        assert_eq!(warned, psi > 15.0, "at {psi}");
    }
}

#[test]
fn a_turned_view_takes_off_what_geometry_says_and_less_than_is_stated() {
    for psi in [0.0f64, 20.0, 30.0, 45.0] {
        let yaw = Radians::from_degrees(psi);
        let athlete = clean(Exercise::SledPush).on(Ground::Treadmill).yaw(yaw);
        let (found, truth) = (prepared(&athlete.recording()), athlete.truth());
        let less = -bias(&found.movement.angles, &truth.angles, Angle::Trunk);
        // Biomechanics D3: tan seen = tan true * cos psi; a trunk of 45 degrees reads 4.1 less at 30.
        let lean = truth.angles.get(Angle::Trunk).value(0).expect("exact").0;
        let expected = (lean - (lean.tan() * yaw.0.cos()).atan()).to_degrees();
        assert!((less - expected).abs() < TRUNK_BIAS_DEG, "{less} against {expected} at {psi}");
        let stated = found.movement.angle_uncertainty[Angle::Trunk.index()].to_degrees();
        assert!(stated > expected, "states {stated} where the view takes {expected}");
    }
}

#[test]
fn the_far_side_is_less_sure_than_the_near() {
    let found = prepared(&clean(Exercise::SledPush).facing(Facing::Right).recording());
    let stated = |a: Angle| found.movement.angle_uncertainty[a.index()].0;
    for near in Angle::ALL.into_iter().filter(|a| a.side() == Some(sledform::skeleton::Side::Right)) {
        assert!(stated(near.mirror()) > stated(near), "{near}");
    }
}

#[test]
fn the_same_points_from_a_smaller_model_are_as_far_but_less_sure_at_the_legs() {
    let mut recording = clean(Exercise::SledPush).recording();
    let mut of = |model: &str| {
        recording.pose_model.name = model.to_owned();
        prepared(&recording)
    };
    let [heavy, full, lite] = ["heavy", "full", "lite"].map(|size| of(&format!("pose_landmark_{size}")));
    let stated = |p: &Prepared, a: Angle| p.movement.angle_uncertainty[a.index()].to_degrees();
    assert_eq!(
        (&heavy.movement.angles, &full.movement.angles),
        (&lite.movement.angles, &lite.movement.angles)
    );
    for angle in [Angle::LeftKnee, Angle::RightHip, Angle::LeftAnkle, Angle::RightThigh] {
        assert!(stated(&heavy, angle) + 0.5 < stated(&full, angle), "{angle}");
        assert!(stated(&full, angle) + 0.5 < stated(&lite, angle), "{angle}");
    }
    for angle in [Angle::Trunk, Angle::LeftElbow, Angle::RightUpperArm] {
        assert!((stated(&heavy, angle) - stated(&lite, angle)).abs() < SAME_DEG, "{angle}");
    }
}

#[test]
fn halved_confidence_changes_no_value_it_lets_through() {
    let recording = clean(Exercise::BackwardSledDrag).recording();
    let mut doubtful = recording.clone();
    for person in doubtful.frames.iter_mut().flat_map(|f| &mut f.people) {
        let mut pose = person.pose.clone();
        for (keypoint, seen) in person.pose.seen() {
            let confidence = sledform::units::Confidence::new(seen.confidence.value() / 2.0);
            pose.set(keypoint, Some(sledform::observation::Landmark { confidence, ..seen }));
        }
        person.pose = pose;
    }
    let (sure, unsure) = (prepared(&recording), prepared(&doubtful));
    for angle in Angle::ALL {
        assert!(difference(&sure.movement.angles, &unsure.movement.angles, angle) < SAME_DEG, "{angle}");
        let confidence = |p: &Prepared| {
            let series = p.movement.angles.get(angle);
            series.mean_confidence(0..series.len()).value()
        };
        assert!((confidence(&unsure) - confidence(&sure) / 2.0).abs() < 0.01, "{angle}");
    }
}
