//! Clips that an editor cut, on synthetic athletes: no stride across a cut, one size, and a word of what was left out.

use sledform::analysis::{Analysis, Settings, analyze};
use sledform::findings::Status;
use sledform::gait::stride::Unfit;
use sledform::geometry::Point;
use sledform::observation::{Landmark, Observation, Person, Pose, Recording, TrackId};
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
            let recording = Athlete::new(exercise).lasting(6.0).fps(fps).noise(0.02).recording();
            let analysis = analysed(&recording);
            let cuts = &analysis.athlete.as_ref().expect("an athlete").prepared.movement.cuts;
            assert!(cuts.is_empty(), "{exercise:?} at {fps}: {cuts:?}");
            assert!(analysis.warnings.iter().all(|w| w.id != "clip_cut" && w.id != "athlete_in_parts"));
        }
    }
}

#[test]
fn no_stride_goes_across_a_cut_and_its_time_is_told() {
    for exercise in [Exercise::SledPush, Exercise::BackwardSledDrag] {
        let whole = Athlete::new(exercise).lasting(14.0).noise(0.005).recording();
        let (from, to) = (5.2, 8.0);
        let (uncut, cut) = (analysed(&whole), analysed(&without(&whole, from, to)));
        let warning = cut.warnings.iter().find(|w| w.id == "clip_cut").expect("a warning");
        assert!(warning.is_grave() && warning.message.contains(" 5.2 s"), "{warning:?}");
        let athlete = cut.athlete.as_ref().expect("an athlete");
        for stride in &athlete.gait.strides {
            assert!(stride.end.0 <= from + 0.05 || stride.start.0 >= from - 0.05, "{stride:?}");
        }
        // A stride of each leg is lost at the cut, and what fell out with it.
        let stride_s = athlete.gait.strides[0].duration().0;
        let fewer = 2.0 * (to - from) / stride_s + 4.0;
        assert!(valid(&cut) as f64 >= valid(&uncut) as f64 - fewer, "{} of {}", valid(&cut), valid(&uncut));
        for id in ["trunk_mean_deg", "cadence_steps_per_min", "step_length_leg", "speed_leg_per_s"] {
            let ((one, u), (other, _)) = (number(&uncut, id), number(&cut, id));
            assert!((one - other).abs() < u, "{exercise:?} {id}: {one} and {other}");
        }
        let faults = |a: &Analysis| -> Vec<String> {
            let findings = &a.athlete.as_ref().expect("an athlete").judgement.assessment.findings;
            findings.iter().filter(|f| f.status == Status::Found).map(|f| f.rule.clone()).collect()
        };
        assert_eq!(faults(&cut), faults(&uncut));
    }
}

#[test]
fn where_the_athlete_is_of_another_size_one_take_counts() {
    let whole = Athlete::new(Exercise::SledPush).lasting(12.0).noise(0.005).recording();
    let clip = from_then_on(&whole, 4.0, |person| zoomed(person, 1.45));
    let analysis = analysed(&clip);
    let warning = analysis.warnings.iter().find(|w| w.id == "clip_cut").expect("a warning");
    assert!(warning.message.contains("larger or smaller from"), "{warning:?}");
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    for stride in &athlete.gait.strides {
        assert_eq!(stride.unfit == Some(Unfit::OtherTake), stride.start.0 < 3.9, "{stride:?}");
    }
    let ((one, u), (other, _)) =
        (number(&analysed(&whole), "step_length_leg"), number(&analysis, "step_length_leg"));
    assert!((one - other).abs() < u, "{one} and {other}");
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
