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
    assert!(first.reason.as_deref().is_some_and(|r| r.contains("tall style")), "{first:?}");
}

fn walking() -> Athlete {
    Athlete::new(Exercise::SledPush).with(|m| {
        let walk = Exercise::SledBackpedal.motion().arms;
        m.trunk = crate::units::Radians::from_degrees(3.0);
        m.foot_ahead_leg = 0.0;
        m.hip_height_leg = 1.03;
        m.arms = walk;
        m.arms.mean = crate::units::Radians::from_degrees(-5.0);
        m.arms.elbow = crate::units::Radians::from_degrees(20.0);
        m.arms.amplitude = [crate::units::Radians::from_degrees(30.0); 2];
    })
}

#[test]
fn walking_with_swinging_arms_is_no_sled_exercise() {
    let recognition = seen(&walking());
    assert_eq!(recognition.verdict, Verdict::NoExercise, "{recognition:?}");
}

#[test]
fn walking_told_as_a_push_is_judged_as_one_with_the_doubt_first() {
    use crate::analysis::{Settings, TechniqueSettings, analyze};
    let told_of = |athlete: &Athlete| {
        let technique = TechniqueSettings { told: builtin("sled-push"), ..TechniqueSettings::default() };
        analyze(&athlete.recording(), &Settings { technique, ..Settings::default() })
    };
    let analysis = told_of(&walking().lasting(8.0));
    let doubt = analysis.warnings.iter().find(|w| w.id == "looks_like_none").expect("a warning");
    assert!(doubt.is_grave() && doubt.message.contains("sled push"), "{doubt:?}");
    let judgement = &analysis.athlete.expect("an athlete").judgement;
    assert!(judgement.profile.as_ref().is_some_and(|p| p.name == "sled-push"), "what was told counts");
    assert!(!judgement.assessment.findings.is_empty());
    let push = told_of(&Athlete::new(Exercise::SledPush).lasting(8.0));
    assert!(push.warnings.iter().all(|w| w.id != "looks_like_none"));
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

#[test]
fn other_ways_of_doing_them_are_recognised_too() {
    let degrees = crate::units::Radians::from_degrees;
    let body = |exercise: Exercise, trunk: f64, arm: f64, elbow: f64, hips: f64| {
        Athlete::new(exercise).with(|m| {
            m.trunk = degrees(trunk);
            m.arms.mean = degrees(arm);
            m.arms.elbow = degrees(elbow);
            m.hip_height_leg = hips;
        })
    };
    let quiet = |athlete: Athlete, swing: f64| athlete.with(|m| m.arms.amplitude = [degrees(swing); 2]);
    let ways = [
        ("tall push, arms long", body(Exercise::SledPush, 14.0, 60.0, 15.0, 1.0), "sled-push"),
        ("tall push, arms bent", body(Exercise::SledPush, 20.0, 10.0, 70.0, 1.0), "sled-push"),
        ("very low push", body(Exercise::SledPush, 68.0, 75.0, 10.0, 0.95), "sled-push"),
        ("crouched backpedal", body(Exercise::SledBackpedal, 42.0, 5.0, 80.0, 0.92), "sled-backpedal"),
        (
            "hands at the chest",
            quiet(body(Exercise::SledBackpedal, 12.0, 8.0, 128.0, 0.96), 2.0),
            "sled-backpedal",
        ),
        (
            "hands hanging",
            quiet(body(Exercise::SledBackpedal, 12.0, 0.0, 20.0, 0.96), 15.0),
            "sled-backpedal",
        ),
        (
            "straps, leaning back",
            body(Exercise::BackwardSledDrag, -32.0, 60.0, 5.0, 0.95),
            "backward-sled-drag",
        ),
        ("straps, arms long", body(Exercise::BackwardSledDrag, -20.0, 40.0, 10.0, 1.0), "backward-sled-drag"),
        (
            "harness",
            quiet(body(Exercise::BackwardSledDrag, -4.0, 0.0, 20.0, 1.03), 12.0)
                .with(|m| m.foot_ahead_leg = 0.05),
            "backward-sled-drag",
        ),
        ("hands behind", body(Exercise::BackwardSledPush, -10.0, -45.0, 60.0, 0.88), "backward-sled-push"),
        (
            "wrapped arms, in a hurry",
            body(Exercise::ReverseSledPush, 2.0, 12.0, 60.0, 1.02).with(|m| {
                m.stride_hz = 1.4;
                m.speed_leg_per_s = 1.7;
                m.foot_ahead_leg = 0.0;
            }),
            "reverse-sled-push",
        ),
    ];
    for (way, athlete, exercise) in ways {
        let recognition = seen(&athlete);
        assert_eq!(recognition.exercise(), Some(exercise), "{way}: {recognition:?} {:?}", posture(&athlete));
    }
}

/// A fault and its least grade.
type Injected = Option<(&'static str, Severity)>;

/// Rendered clips: exercise, and the fault and least grade their truth holds.
const RENDERED: [(&str, &str, Injected); 10] = [
    ("dev_backpedal_good", "sled-backpedal", None),
    ("dev_backpedal_passive_arms", "sled-backpedal", Some(("passive_arms", Severity::Severe))),
    ("dev_backpush_good", "backward-sled-push", None),
    ("dev_drag_good", "backward-sled-drag", None),
    ("dev_push_good", "sled-push", None),
    ("dev_push_knee_ext", "sled-push", Some(("knee_not_extending", Severity::Severe))),
    ("dev_push_short_steps", "sled-push", Some(("short_steps", Severity::Mild))),
    ("dev_push_too_upright", "sled-push", Some(("too_upright", Severity::Severe))),
    ("dev_reverse_fast", "reverse-sled-push", Some(("uncontrolled_pace", Severity::Mild))),
    ("dev_reverse_good", "reverse-sled-push", None),
];

#[test]
fn the_truth_of_rendered_clips_is_recognised_and_judged() {
    use crate::kinematics::angles::{Neck, angles};
    let profiles = profiles();
    for clip in crate::gait::rendered_clips() {
        let mut movement = clip.movement;
        movement.angles = angles(&movement.points, movement.facing, Neck::Model);
        let (gait, _) = crate::gait::gait(&movement, &crate::gait::settings::GaitSettings::default());
        let all = metrics(&movement, &gait, Scale::default());
        let speed = all.get("speed_leg_per_s", None).and_then(|m| m.value.ok());
        let posture = Posture::measure(&movement, &gait, speed).expect("it steps");
        let (_, exercise, fault) =
            RENDERED.into_iter().find(|(name, ..)| *name == clip.name).expect("it is known");
        let recognition = recognise(&posture, &profiles);
        assert_eq!(recognition.exercise(), Some(exercise), "{}: {recognition:?}", clip.name);
        let measured: Vec<Measured> = all.clip.iter().map(Measured::from).collect();
        let observed = Observed { strides: &gait.strides, metrics: &measured, movement: Some(&movement) };
        let view = Context { direction: posture.direction, ..Context::default() };
        let profile = builtin(exercise).expect("it is built in");
        let result = assess(&profile, &Choices::new(), &observed, &view);
        let worst =
            |id: &str| result.findings.iter().filter(|f| f.fault == id).filter_map(|f| f.severity).max();
        match fault {
            Some((id, least)) => assert!(worst(id) >= Some(least), "{} {id}: {:?}", clip.name, worst(id)),
            None => assert!(
                result.findings.iter().all(|f| f.severity <= Some(Severity::Mild)),
                "{}: {:?}",
                clip.name,
                result.findings[0]
            ),
        }
    }
}
