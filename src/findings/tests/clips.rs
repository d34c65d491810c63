//! Synthetic and, where they are at hand, rendered athletes: known exercises are recognised and judged as they are.

use crate::findings::{Assessment, Context, Measured, Observed, Status, assess};
use crate::metrics::{Scale, metrics};
use crate::synthetic::{Athlete, Exercise};
use crate::technique::posture::Posture;
use crate::technique::profile::Choices;
use crate::technique::recognition::{Verdict, contradiction};
use crate::technique::rule::Severity;
use crate::technique::{Profile, Recognition, builtin, names, recognise};

fn profiles() -> Vec<Profile> {
    names().filter_map(builtin).collect()
}

fn posture(athlete: &Athlete) -> Posture {
    Posture::measure(&athlete.movement(), &athlete.truth().gait, None).expect("it steps and faces one way")
}

fn seen(athlete: &Athlete) -> Recognition {
    recognise(&posture(athlete), &profiles())
}

fn judged(athlete: &Athlete, exercise: &str) -> Assessment {
    let (truth, movement) = (athlete.truth(), athlete.movement());
    let measured: Vec<Measured> =
        metrics(&movement, &truth.gait, Scale::default()).clip.iter().map(Measured::from).collect();
    let observed = Observed { strides: &truth.gait.strides, metrics: &measured, movement: Some(&movement) };
    assess(&builtin(exercise).expect("it is built in"), &Choices::new(), &observed, &Context::default())
}

#[test]
fn the_five_exercises_are_recognised_and_not_found_wanting() {
    for (exercise, name) in Exercise::ALL.into_iter().zip(names()) {
        let athlete = Athlete::new(exercise).fps(60.0);
        let recognition = seen(&athlete);
        assert_eq!(recognition.verdict, Verdict::Exercise(name.to_owned()), "{recognition:?}");
        let bad = judged(&athlete, name).findings.into_iter().find(|f| f.severity > Some(Severity::Mild));
        assert_eq!(bad, None, "{name}");
    }
}

#[test]
fn the_other_facing_and_a_treadmill_change_nothing() {
    for exercise in Exercise::ALL {
        let athlete = Athlete::new(exercise);
        let expected = seen(&athlete);
        let mirrored = seen(&athlete.clone().facing(crate::kinematics::movement::Facing::Left));
        assert_eq!(mirrored.verdict, expected.verdict);
        let belt = seen(&athlete.on(crate::synthetic::Ground::Treadmill));
        assert_eq!(belt.verdict, expected.verdict);
    }
}

#[test]
fn an_upright_push_is_still_a_push_and_told_to_be_upright() {
    let athlete = Athlete::new(Exercise::SledPush).with(|m| {
        m.trunk = crate::units::Radians::from_degrees(14.0);
        m.arms.mean = crate::units::Radians::from_degrees(30.0);
    });
    assert_eq!(seen(&athlete).exercise(), Some("sled-push"));
    let result = judged(&athlete, "sled-push");
    let first = &result.findings[result.fix_first[0]];
    assert_eq!((first.fault.as_str(), first.severity), ("too_upright", Some(Severity::Severe)));
    assert!(first.reason.as_deref().is_some_and(|r| r.contains("--style tall")), "{first:?}");
}

#[test]
fn walking_with_swinging_arms_is_no_sled_exercise() {
    let athlete = Athlete::new(Exercise::SledPush).with(|m| {
        let walk = Exercise::SledBackpedal.motion().arms;
        m.trunk = crate::units::Radians::from_degrees(3.0);
        m.foot_ahead_leg = 0.0;
        m.hip_height_leg = 1.03;
        m.arms = walk;
        m.arms.mean = crate::units::Radians::from_degrees(-5.0);
        m.arms.elbow = crate::units::Radians::from_degrees(20.0);
        m.arms.amplitude = [crate::units::Radians::from_degrees(30.0); 2];
    });
    let recognition = seen(&athlete);
    assert_eq!(recognition.verdict, Verdict::NoExercise, "{recognition:?}");
}

#[test]
fn a_clip_that_goes_the_other_way_than_told_is_contradicted_and_nothing_is_judged() {
    let athlete = Athlete::new(Exercise::SledPush);
    let (posture, recognition) = (posture(&athlete), seen(&athlete));
    let told = builtin("sled-backpedal").expect("it is built in");
    let warning = contradiction(&told, &posture, &recognition).expect("it contradicts");
    assert_eq!(warning.id, "wrong_direction");
    let same_way = builtin("sled-push").expect("it is built in");
    assert_eq!(contradiction(&same_way, &posture, &recognition), None);
    let truth = athlete.truth();
    let view = Context { direction: truth.gait.bouts[0].direction, ..Context::default() };
    let observed = Observed { strides: &truth.gait.strides, metrics: &[], movement: None };
    let result = assess(&told, &Choices::new(), &observed, &view);
    assert!(result.findings.iter().all(|f| f.refusal == Some("wrong_direction")));
    assert!(result.good.is_empty() && result.fix_first.is_empty());
}

#[test]
fn passive_arms_are_found_and_shown_at_an_arm() {
    let athlete = Athlete::new(Exercise::SledBackpedal).fps(60.0).with(|m| {
        m.arms.amplitude = [crate::units::Radians::from_degrees(5.0); 2];
    });
    let result = judged(&athlete, "sled-backpedal");
    let found = result.findings.iter().find(|f| f.rule == "passive_arms").expect("it was judged");
    assert_eq!((found.status, found.severity), (Status::Found, Some(Severity::Severe)));
    let phase = result.findings.iter().find(|f| f.rule == "arm_leg_phase").expect("it is listed");
    assert_eq!(phase.refusal, Some("arms_hardly_swing"));
    let evidence = found.evidence.expect("it is shown");
    assert!(evidence.start.0 <= evidence.at.0 && evidence.at.0 <= evidence.end.0);
    assert!(found.strides.contains(&evidence.stride));
}
