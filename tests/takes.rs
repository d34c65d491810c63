//! Clips that an editor cut, on synthetic athletes: no stride across a cut, one size, and a word of what was left out.

use sledform::analysis::{Analysis, Settings, analyze};
use sledform::findings::Status;
use sledform::gait::stride::Unfit;
use sledform::geometry::Point;
use sledform::kinematics::movement::Facing;
use sledform::observation::{Landmark, Observation, Person, Pose, Recording, TrackId};
use sledform::skeleton::Keypoint;
use sledform::synthetic::{Athlete, Exercise};
use sledform::units::Seconds;

const ALL: [Exercise; 5] = [
    Exercise::SledPush,
    Exercise::BackwardSledPush,
    Exercise::ReverseSledPush,
    Exercise::SledBackpedal,
    Exercise::BackwardSledDrag,
];

fn analysed(recording: &Recording) -> Analysis {
    analyze(recording, &Settings::default())
}

/// Without the frames from one time to another.
fn without(recording: &Recording, from_s: f64, to_s: f64) -> Recording {
    let gone = |f: &&Observation| f.time.0 < from_s || f.time.0 >= to_s;
    let rate = 1.0 / (recording.frames[1].time - recording.frames[0].time).0;
    let frames = recording.frames.iter().filter(gone).enumerate().map(|(frame, f)| Observation {
        frame,
        time: Seconds(frame as f64 / rate),
        ..f.clone()
    });
    Recording { frames: frames.collect(), ..recording.clone() }
}

/// With every person from a time on changed.
fn from_then_on(recording: &Recording, from_s: f64, change: impl Fn(&Person) -> Person) -> Recording {
    let mut changed = recording.clone();
    for frame in changed.frames.iter_mut().filter(|f| f.time.0 >= from_s) {
        for person in &mut frame.people {
            *person = change(person);
        }
    }
    changed
}

/// As large as before times `factor`, about the picture's middle.
fn zoomed(person: &Person, factor: f64) -> Person {
    let mut pose = Pose::new(person.pose.score);
    for (keypoint, seen) in person.pose.seen() {
        let at = |v: f64, middle: f64| middle + factor * (v - middle);
        let position = Point::new(at(seen.position.x, 480.0), at(seen.position.y, 270.0));
        pose.set(keypoint, Some(Landmark { position, ..seen }));
    }
    Person { pose, ..person.clone() }
}

fn valid(analysis: &Analysis) -> usize {
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    athlete.gait.strides.iter().filter(|s| s.is_valid()).count()
}

fn number(analysis: &Analysis, id: &str) -> (f64, f64) {
    let metric = analysis.athlete.as_ref().expect("an athlete").metrics.get(id, None).expect("it is known");
    (metric.value.expect("measured"), metric.uncertainty.expect("known"))
}

#[test]
fn clips_of_one_take_have_no_cut() {
    for exercise in ALL {
        for fps in [25.0, 60.0, 240.0] {
            let recording = Athlete::new(exercise).lasting(6.0).fps(fps).noise(0.03).recording();
            let analysis = analysed(&recording);
            let cuts = &analysis.athlete.as_ref().expect("an athlete").prepared.movement.cuts;
            assert!(cuts.is_empty(), "{exercise:?} at {fps}: {cuts:?}");
            assert!(analysis.warnings.iter().all(|w| w.id != "clip_cut" && w.id != "athlete_in_parts"));
        }
    }
}

#[test]
fn no_stride_goes_across_a_cut_and_its_time_is_told() {
    // A push of 14 s leaves the picture.
    let exercises = [
        (Exercise::SledPush, 9.0, (3.6, 5.2)),
        (Exercise::ReverseSledPush, 14.0, (5.2, 8.0)),
        (Exercise::BackwardSledDrag, 14.0, (5.2, 8.0)),
    ];
    for (exercise, lasting, (from, to)) in exercises {
        let whole = Athlete::new(exercise).lasting(lasting).noise(0.005).recording();
        let (uncut, cut) = (analysed(&whole), analysed(&without(&whole, from, to)));
        let warning = cut.warnings.iter().find(|w| w.id == "clip_cut").expect("a warning");
        assert!(warning.is_grave() && warning.message.contains(&format!(" {from:.1} s")), "{warning:?}");
        let athlete = cut.athlete.as_ref().expect("an athlete");
        for stride in &athlete.gait.strides {
            assert!(stride.end.0 <= from + 0.05 || stride.start.0 >= from - 0.05, "{stride:?}");
        }
        // A stride of each leg is lost at the cut, another one in part, and what fell out with it.
        let stride_s = athlete.gait.strides[0].duration().0;
        let fewer = 2.0 * (to - from) / stride_s + 3.0;
        assert!(valid(&cut) as f64 >= valid(&uncut) as f64 - fewer, "{} of {}", valid(&cut), valid(&uncut));
        for id in ["trunk_mean_deg", "cadence_steps_per_min", "step_length_leg", "speed_leg_per_s"] {
            let ((one, u), (other, _)) = (number(&uncut, id), number(&cut, id));
            assert!((one - other).abs() < u, "{exercise:?} {id}: {one} and {other}");
        }
        let rules = |a: &Analysis, status: Status| -> Vec<String> {
            let findings = &a.athlete.as_ref().expect("an athlete").judgement.assessment.findings;
            findings.iter().filter(|f| f.status == status).map(|f| f.rule.clone()).collect()
        };
        assert!(rules(&uncut, Status::Clear).len() >= 3, "{exercise:?} is judged");
        assert_eq!(rules(&cut, Status::Found), rules(&uncut, Status::Found), "{exercise:?}");
    }
}

#[test]
fn where_the_athlete_is_of_another_size_the_takes_of_one_count() {
    let whole = Athlete::new(Exercise::SledPush).lasting(14.0).noise(0.005).recording();
    let uncut = analysed(&whole);
    for factor in [1.25, 1.45] {
        // Closer from 5 to 8.5 s, and as before again.
        let closer = from_then_on(&whole, 5.0, |person| zoomed(person, factor));
        let clip = from_then_on(&closer, 8.5, |person| zoomed(person, 1.0 / factor));
        let analysis = analysed(&clip);
        let warning = analysis.warnings.iter().find(|w| w.id == "clip_cut").expect("a warning");
        assert!(warning.message.contains("at 5.0, 8.5 s"), "{warning:?}");
        assert!(warning.message.contains("larger or smaller from 5.0 to 8.5 s"), "{warning:?}");
        let athlete = analysis.athlete.as_ref().expect("an athlete");
        let strides = &athlete.gait.strides;
        let kept = |s: &&sledform::gait::stride::Stride| s.end.0 < 5.05 || s.start.0 > 8.45;
        assert_eq!(strides.iter().find(|s| !kept(s)), None);
        assert!(strides.iter().any(|s| s.is_valid() && s.start.0 < 5.0));
        assert!(strides.iter().any(|s| s.is_valid() && s.start.0 > 8.5));
        for id in ["step_length_leg", "speed_leg_per_s", "trunk_mean_deg"] {
            let ((one, u), (other, _)) = (number(&uncut, id), number(&analysis, id));
            assert!((one - other).abs() < u, "{factor} {id}: {one} and {other}");
        }
    }
}

/// Moved by so many pixels to the right.
fn moved(person: &Person, px: f64) -> Person {
    let mut pose = Pose::new(person.pose.score);
    for (keypoint, seen) in person.pose.seen() {
        let position = Point::new(seen.position.x + px, seen.position.y);
        pose.set(keypoint, Some(Landmark { position, ..seen }));
    }
    Person { pose, ..person.clone() }
}

#[test]
fn a_lane_that_is_run_again_is_no_standing_at_the_cut() {
    let whole = Athlete::new(Exercise::SledPush)
        .facing(Facing::Right)
        .leg_px(60.0)
        .lasting(12.0)
        .noise(0.005)
        .recording();
    let x = |frame: usize| {
        let pose = &whole.frames[frame].people[0].pose;
        pose.get(Keypoint::LeftHip).expect("a hip").position.x
    };
    let back = x(0) - x(180);
    let analysis = analysed(&from_then_on(&whole, 6.0, |person| moved(person, back)));
    assert!(analysis.warnings.iter().any(|w| w.id == "clip_cut"), "{:?}", analysis.warnings);
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    let near_cut =
        athlete.gait.strides.iter().filter(|s| (s.start.0 - 6.0).abs() < 2.5 || (s.end.0 - 6.0).abs() < 2.5);
    for stride in near_cut {
        assert!(!matches!(stride.unfit, Some(Unfit::StartUp | Unfit::Stopping)), "{stride:?}");
    }
}

#[test]
fn who_bends_down_or_is_taken_for_a_passer_for_a_moment_is_in_one_take() {
    for fps in [15.0, 30.0, 60.0, 240.0] {
        let whole = Athlete::new(Exercise::BackwardSledDrag).lasting(6.0).fps(fps).noise(0.005).recording();
        // The trunk points at the camera, and is half as long within 0.6 s.
        let mut bent = whole.clone();
        for frame in &mut bent.frames {
            let share = 1.0 - 0.5 * ((frame.time.0 - 3.0) / 0.6).clamp(0.0, 1.0);
            for person in &mut frame.people {
                *person = shorter_trunk(person, share);
            }
        }
        // For 0.1 s the pose is that of somebody 60 px further on.
        let strayed = from_then_on(&whole, 3.0, |person| moved(person, 60.0));
        let strayed = from_then_on(&strayed, 3.1, |person| moved(person, -60.0));
        for clip in [bent, strayed] {
            let cuts = analysed(&clip).athlete.expect("an athlete").prepared.movement.cuts;
            assert!(cuts.is_empty(), "at {fps}: {cuts:?}");
        }
    }
}

/// With everything above the hips drawn toward them.
fn shorter_trunk(person: &Person, share: f64) -> Person {
    let hip = |k| person.pose.get(k).expect("a hip").position.y;
    let hips = f64::midpoint(hip(Keypoint::LeftHip), hip(Keypoint::RightHip));
    let mut pose = Pose::new(person.pose.score);
    for (keypoint, seen) in person.pose.seen() {
        let y =
            if seen.position.y < hips { hips + share * (seen.position.y - hips) } else { seen.position.y };
        pose.set(keypoint, Some(Landmark { position: Point::new(seen.position.x, y), ..seen }));
    }
    Person { pose, ..person.clone() }
}

#[test]
fn who_stands_by_is_not_told_of_when_the_athlete_has_left() {
    let whole = Athlete::new(Exercise::SledPush).lasting(10.0).recording();
    let mut clip = whole.clone();
    let still = zoomed(&whole.frames[0].people[0], 1.0);
    for frame in &mut clip.frames {
        let by = Person { track: TrackId(9), ..moved(&still, 200.0) };
        let there = frame.time.0 < 6.0;
        frame.people.retain(|_| there);
        frame.people.push(by);
    }
    let analysis = analysed(&clip);
    assert!(analysis.warnings.iter().all(|w| w.id != "athlete_in_parts"), "{:?}", analysis.warnings);
}

#[test]
fn who_goes_on_under_another_number_is_told() {
    let whole = Athlete::new(Exercise::SledPush).lasting(10.0).recording();
    let clip = from_then_on(&whole, 6.0, |person| Person { track: TrackId(7), ..person.clone() });
    let analysis = analysed(&clip);
    let warning = analysis.warnings.iter().find(|w| w.id == "athlete_in_parts").expect("a warning");
    assert!(warning.is_grave() && warning.message.starts_with("From 6.0 to 10.0 s person 7"), "{warning:?}");
    // Nothing is told of what was not seen.
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    assert!(athlete.gait.events.iter().all(|e| e.time.0 < 6.0), "{:?}", athlete.gait.events.last());
}

#[test]
fn a_title_card_is_held_neither_against_the_camera_nor_against_the_times() {
    let filmed = Athlete::new(Exercise::SledPush).lasting(8.0).pan(60.0).recording();
    let (rate, title) = (30.0, 60);
    let card = |frame| Observation {
        frame,
        time: Seconds(frame as f64 / rate),
        people: Vec::new(),
        background: None,
        duplicate: frame > 0,
    };
    let after = filmed.frames.iter().map(|f| Observation {
        frame: f.frame + title,
        time: Seconds((f.frame + title) as f64 / rate),
        ..f.clone()
    });
    let clip = Recording { frames: (0..title).map(card).chain(after).collect(), ..filmed.clone() };
    let (plain, titled) = (analysed(&filmed), analysed(&clip));
    let of = |a: &Analysis| {
        let athlete = a.athlete.as_ref().expect("an athlete").clone();
        let findings = athlete.judgement.assessment.findings.into_iter();
        (athlete.prepared.camera.motion, findings.map(|f| (f.rule, f.status)).collect::<Vec<_>>())
    };
    assert_eq!(of(&titled), of(&plain));
}
