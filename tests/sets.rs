//! From a recording to the sets that are judged, on synthetic athletes: up and back, walking in between, and whose.

use sledform::analysis::{Analysis, Settings, TechniqueSettings, analyze};
use sledform::findings::Status;
use sledform::gait::stride::Unfit;
use sledform::kinematics::movement::Facing;
use sledform::observation::{Observation, Person, Recording, TrackId};
use sledform::skeleton::Keypoint;
use sledform::synthetic::{Athlete, Exercise};
use sledform::tracking::athlete::AthleteChoice;
use sledform::units::Radians;

/// The frames of one athlete after those of another, as one clip.
fn one_after_the_other(first: &Recording, second: &Recording) -> Recording {
    let step = first.frames[1].time - first.frames[0].time;
    let (shift, after) = (first.frames.len(), first.frames[first.frames.len() - 1].time + step);
    let later = second.frames.iter().map(|f| Observation {
        frame: f.frame + shift,
        time: after + f.time,
        ..f.clone()
    });
    let frames = first.frames.iter().cloned().chain(later).collect();
    Recording { frames, ..first.clone() }
}

#[test]
fn up_and_back_is_two_sets_of_one_exercise() {
    for exercise in [Exercise::SledPush, Exercise::SledBackpedal] {
        let athlete = |facing| Athlete::new(exercise).facing(facing).lasting(6.0);
        let (up, back) = (athlete(Facing::Left), athlete(Facing::Right));
        let both = analysed(&one_after_the_other(&up.recording(), &back.recording()), None);
        let alone = analysed(&up.recording(), None);
        assert!(both.warnings.iter().all(|w| w.id != "walking_left_out"), "{:?}", both.warnings);
        assert!(both.warnings.iter().any(|w| w.id == "turns_round"), "{:?}", both.warnings);
        let (both, alone) = (both.athlete.expect("an athlete"), alone.athlete.expect("an athlete"));
        assert_eq!(both.gait.bouts.len(), 2, "{:?}", both.gait.bouts);
        assert_eq!(both.travel(), alone.travel());
        for bout in &both.gait.bouts {
            assert_eq!(
                (bout.travel, bout.direction),
                (alone.gait.bouts[0].travel, alone.gait.bouts[0].direction)
            );
        }
        let valid = |a: &sledform::analysis::Athlete| a.gait.strides.iter().filter(|s| s.is_valid()).count();
        // Each leg's stride on each side of the turn is part of it.
        assert!(valid(&both) >= 2 * valid(&alone) - 4, "{} of twice {}", valid(&both), valid(&alone));
        let name = |a: &sledform::analysis::Athlete| a.judgement.profile.as_ref().map(|p| p.name.clone());
        assert_eq!(name(&both), name(&alone));
        // In the picture the points are where they were.
        let points = both.prepared.points_at_frames();
        let hip = |i: usize| points.get(Keypoint::LeftHip).value(i).expect("a hip").x;
        let raw = |i: usize| both.prepared.raw.points.get(Keypoint::LeftHip).value(i).expect("a hip").x;
        for i in [30, 150, 210, 330] {
            assert!((hip(i) - raw(i)).abs() < 25.0, "frame {i}: {} for {}", hip(i), raw(i));
        }
    }
}

/// Somebody who walks with swinging arms and nothing in the hands.
fn walk(facing: Facing) -> Athlete {
    Athlete::new(Exercise::SledPush).facing(facing).with(|m| {
        let degrees = Radians::from_degrees;
        m.arms = Exercise::SledBackpedal.motion().arms;
        m.arms.mean = degrees(-5.0);
        m.arms.elbow = degrees(20.0);
        m.arms.amplitude = [degrees(30.0); 2];
        m.trunk = degrees(3.0);
        m.foot_ahead_leg = 0.0;
        m.hip_height_leg = 1.03;
    })
}

/// Analysed with the exercise told, or not.
fn analysed(recording: &Recording, told: Option<&str>) -> Analysis {
    let told = told.map(|name| sledform::technique::builtin(name).expect("it is built in"));
    let technique = TechniqueSettings { told, ..TechniqueSettings::default() };
    analyze(recording, &Settings { technique, ..Settings::default() })
}

#[test]
fn a_walk_back_between_two_sets_is_left_out_and_told() {
    let set = |seconds| Athlete::new(Exercise::SledPush).facing(Facing::Right).lasting(seconds).recording();
    for (seconds, walk_s) in [(6.0, 4.0), (5.0, 9.0)] {
        let back = walk(Facing::Left).lasting(walk_s).recording();
        let clip = one_after_the_other(&one_after_the_other(&set(seconds), &back), &set(seconds));
        let alone = analysed(&set(seconds), None).athlete.expect("an athlete");
        for told in [None, Some("sled-push")] {
            let analysis = analysed(&clip, told);
            let warning =
                analysis.warnings.iter().find(|w| w.id == "walking_left_out").expect("a warning").clone();
            let athlete = analysis.athlete.expect("an athlete");
            assert_eq!(athlete.judgement.profile.as_ref().map(|p| &*p.name), Some("sled-push"));
            assert_eq!(athlete.gait.bouts.len(), 3, "{:?}", athlete.gait.bouts);
            let back = &athlete.gait.bouts[1];
            // In the stride of a turn nothing says to which side of it a step belongs.
            let stride = 1.0 / back.stride_frequency.0;
            assert!((back.start.0 - seconds).abs() < stride, "{back:?}");
            assert!((back.duration().0 - walk_s).abs() < stride, "{back:?}");
            let when = format!("from {:.1} to {:.1} s", back.start.0, back.end.0);
            assert!(warning.is_grave() && warning.message.contains(&when), "{warning:?}");
            for stride in &athlete.gait.strides {
                assert_eq!(stride.unfit == Some(Unfit::Walking), stride.bout == 1, "{stride:?}");
            }
            for id in ["trunk_mean_deg", "knee_initial_contact_deg", "step_length_leg"] {
                let of =
                    |a: &sledform::analysis::Athlete| a.metrics.get(id, None).expect("it is known").clone();
                let (both, one) = (of(&athlete), of(&alone));
                let off = both.value.expect("measured") - one.value.expect("measured");
                assert!(off.abs() < one.uncertainty.expect("known"), "{id}: off by {off}");
            }
        }
    }
}

#[test]
fn a_walk_longer_than_the_set_the_other_way_is_left_out_too() {
    let set = Athlete::new(Exercise::SledBackpedal).facing(Facing::Left).lasting(5.0).recording();
    // Backward to the right, and on foot to where it began.
    let back = walk(Facing::Left).lasting(9.0).recording();
    let analysis = analysed(&one_after_the_other(&set, &back), None);
    assert!(analysis.warnings.iter().all(|w| w.id != "other_way"), "{:?}", analysis.warnings);
    let athlete = analysis.athlete.expect("an athlete");
    assert_eq!(athlete.judgement.profile.as_ref().map(|p| &*p.name), Some("sled-backpedal"));
    let valid: Vec<usize> = athlete.gait.strides.iter().filter(|s| s.is_valid()).map(|s| s.bout).collect();
    assert!(valid.len() >= 6 && valid.iter().all(|b| *b == 0), "{valid:?}");
}

#[test]
fn who_only_walks_or_does_another_exercise_than_told_is_left_as_it_is() {
    let walks = one_after_the_other(
        &walk(Facing::Left).lasting(6.0).recording(),
        &walk(Facing::Right).lasting(6.0).recording(),
    );
    let push = Athlete::new(Exercise::SledPush).facing(Facing::Left).lasting(6.0).recording();
    let pushed = one_after_the_other(&push, &walk(Facing::Right).lasting(6.0).recording());
    for (clip, told) in [(&walks, None), (&walks, Some("sled-push")), (&pushed, Some("backward-sled-drag"))] {
        let analysis = analysed(clip, told);
        assert!(analysis.warnings.iter().all(|w| w.id != "walking_left_out"), "{:?}", analysis.warnings);
        let athlete = analysis.athlete.expect("an athlete");
        assert!(athlete.gait.strides.iter().all(|s| s.unfit != Some(Unfit::Walking)));
    }
}

#[test]
fn a_set_that_is_done_as_wrongly_as_can_be_is_no_walk() {
    let degrees = Radians::from_degrees;
    let good = Athlete::new(Exercise::SledPush).facing(Facing::Left).lasting(6.0).recording();
    let upright = Athlete::new(Exercise::SledPush).facing(Facing::Right).lasting(8.0).with(|m| {
        m.trunk = degrees(14.0);
        m.arms.mean = degrees(30.0);
    });
    let still = Athlete::new(Exercise::SledBackpedal).facing(Facing::Left).lasting(8.0).with(|m| {
        m.arms.amplitude = [degrees(5.0); 2];
    });
    let backpedal = Athlete::new(Exercise::SledBackpedal).facing(Facing::Right).lasting(6.0).recording();
    for (first, second) in [(good, upright), (backpedal, still)] {
        let analysis = analysed(&one_after_the_other(&first, &second.recording()), None);
        let athlete = analysis.athlete.expect("an athlete");
        assert_eq!(athlete.gait.bouts.len(), 2, "{:?}", athlete.gait.bouts);
        for bout in 0..2 {
            assert!(athlete.gait.strides.iter().any(|s| s.bout == bout && s.is_valid()), "bout {bout}");
        }
    }
}

/// The athlete, person 1, and as person 2 somebody else seen higher up in the picture.
fn with_another(athlete: &Athlete, other: &Athlete) -> Recording {
    const HIGHER_PX: f64 = 410.0;
    let mut recording = athlete.recording();
    for (frame, beside) in recording.frames.iter_mut().zip(&other.recording().frames) {
        let Some(mut person) = beside.people.first().cloned() else { continue };
        for keypoint in Keypoint::ALL {
            let moved = person.pose.get(keypoint).map(|mut landmark| {
                landmark.position.y -= HIGHER_PX;
                landmark
            });
            person.pose.set(keypoint, moved);
        }
        frame.people.push(Person { track: TrackId(2), pose: person.pose });
    }
    recording
}

fn judged(analysis: &Analysis) -> usize {
    let findings = |a: &sledform::analysis::Athlete| a.judgement.assessment.findings.clone();
    let all = analysis.athlete.as_ref().map(findings).unwrap_or_default();
    all.iter().filter(|f| f.status != Status::NotJudged).count()
}

#[test]
fn who_does_the_exercise_is_the_athlete_whoever_walks_by() {
    let push = Athlete::new(Exercise::SledPush).fps(60.0).lasting(7.0);
    let alone = analysed(&push.recording(), None);
    // Somebody much nearer, as near, and so far that they stand out less.
    for (leg_px, warned) in [(260.0, true), (170.0, true), (60.0, false)] {
        let walker = walk(Facing::Left).fps(60.0).lasting(7.0).leg_px(leg_px);
        let clip = with_another(&push, &walker);
        for told in [None, Some("sled-push")] {
            let analysis = analysed(&clip, told);
            let warning = analysis.warnings.iter().find(|w| w.id == "athlete_unclear");
            assert_eq!(warning.is_some(), warned, "{leg_px}: {:?}", analysis.warnings);
            let says_why = |w: &sledform::frame::Warning| {
                w.is_grave() && w.message.contains("person 1 was taken, as person 2 does no sled exercise.")
            };
            assert!(warning.is_none_or(says_why), "{warning:?}");
            assert_eq!(analysis.athlete.as_ref().map(|a| a.track), Some(TrackId(1)));
            assert_eq!(judged(&analysis), judged(&alone), "{leg_px}");
        }
        let settings = Settings { athlete: AthleteChoice::Track(TrackId(2)), ..Settings::default() };
        let told = analyze(&clip, &settings);
        assert_eq!(told.athlete.map(|a| a.track), Some(TrackId(2)), "who is told is taken");
    }
}

#[test]
fn it_stays_unclear_who_it_is_where_both_do_an_exercise_and_whoever_stands_out_where_nobody_does() {
    let push = |leg_px| Athlete::new(Exercise::SledPush).fps(60.0).lasting(7.0).leg_px(leg_px);
    let both = analysed(&with_another(&push(170.0), &push(180.0)), None);
    assert!(both.warnings.iter().any(|w| w.id == "athlete_unclear" && w.message.contains("could be 1")));
    assert_eq!((both.athlete.as_ref().map(|a| a.track), judged(&both)), (Some(TrackId(2)), 0));
    let walks = |leg_px| walk(Facing::Right).fps(60.0).lasting(7.0).leg_px(leg_px);
    let none = analysed(&with_another(&walks(170.0), &walks(230.0)), None);
    assert_eq!((none.athlete.as_ref().map(|a| a.track), judged(&none)), (Some(TrackId(2)), 0));
    assert!(none.warnings.iter().any(|w| w.id == "no_exercise"), "{:?}", none.warnings);
}
