//! The pipeline with scripted eyes: order, any number of workers, cancellation, failures, bytes in flight, people lost
//! and found.

mod pipeline_support;

use pipeline_support::{Detector, Estimator, SIZE, Script, Scripted};
use sledform::observation::{Observation, TrackId};
use sledform::pipeline::{Eyes, Observed, Options, PipelineError, Stage, observe, observe_with, with_pool};
use sledform::skeleton::Keypoint;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

struct Run {
    outcome: Result<Observed, PipelineError>,
    /// Poses.
    asked: usize,
    /// Times the detector looked.
    looked: usize,
    read_at_stall: usize,
}

fn options(workers: usize, bytes: usize) -> Options {
    let count = |n| NonZeroUsize::new(n).expect("counts in tests are positive");
    Options { workers: count(workers), look_every: count(5), bytes_in_flight: bytes, people: count(3) }
}

fn run(script: &Script, workers: usize, bytes: usize, cancel_after: Option<usize>) -> Run {
    run_every(5, script, workers, bytes, cancel_after)
}

fn run_every(
    every: usize,
    script: &Script,
    workers: usize,
    bytes: usize,
    cancel_after: Option<usize>,
) -> Run {
    let source = Scripted::new(script.clone());
    let read = Arc::clone(&source.read);
    let read_at_stall = Arc::new(AtomicUsize::new(0));
    let (asked, looked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let look_every = NonZeroUsize::new(every).expect("tests look");
    let options = Options { look_every, ..options(workers, bytes) };
    let cancel = AtomicBool::new(false);
    let mut done_before = 0;
    let eyes = || {
        let estimator = Estimator {
            script: script.clone(),
            asked: Arc::clone(&asked),
            read: Arc::clone(&read),
            read_at_stall: Arc::clone(&read_at_stall),
        };
        Ok(Eyes {
            detector: Box::new(Detector(script.clone(), Arc::clone(&looked))),
            estimator: Box::new(estimator),
        })
    };
    let outcome = observe(source, eyes, &options, &cancel, &mut |p| {
        assert!(p.frames >= done_before, "progress never goes back");
        done_before = p.frames;
        if cancel_after.is_some_and(|n| p.frames >= n) {
            cancel.store(true, Ordering::SeqCst);
        }
    });
    let load = |n: &AtomicUsize| n.load(Ordering::SeqCst);
    Run { outcome, asked: load(&asked), looked: load(&looked), read_at_stall: load(&read_at_stall) }
}

const PLENTY: usize = 1 << 30;

fn frames(run: Run) -> Vec<Observation> {
    run.outcome.expect("the script does not fail").frames
}

fn place_of(observation: &Observation, track: u32) -> Option<f64> {
    let person = observation.people.iter().find(|p| p.track == TrackId(track))?;
    person.pose.get(Keypoint::LeftHip).map(|l| l.position.x)
}

#[test]
fn observations_come_in_frame_order_with_the_place_of_that_very_frame() {
    let script = Script::walking(103);
    let observed = frames(run(&script, 3, PLENTY, None));
    assert_eq!(observed.len(), 103);
    for (i, o) in observed.iter().enumerate() {
        assert_eq!(o.frame, i);
        assert_eq!(place_of(o, 1), Some(f64::from(script.places[i][0]) * 4.0), "frame {i}");
    }
}

#[test]
fn one_worker_and_eight_see_the_same() {
    let mut script = Script::walking(97);
    for (i, places) in script.places.iter_mut().enumerate() {
        places.push(if (20..70).contains(&i) { 200 - i as u8 } else { 0 });
    }
    script.blind = vec![10, 45, 50];
    let one = frames(run(&script, 1, PLENTY, None));
    for workers in [2, 4, 8] {
        assert_eq!(frames(run(&script, workers, PLENTY, None)), one, "{workers} workers");
    }
    let tight = frames(run(&script, 4, 7 * SIZE.frame_bytes(), None));
    assert_eq!(tight, one, "little memory changes nothing");
}

#[test]
fn every_length_of_clip_ends() {
    for length in 0..13 {
        assert_eq!(frames(run(&Script::walking(length), 2, PLENTY, None)).len(), length);
    }
}

#[test]
fn a_blind_detector_does_not_lose_somebody_whose_pose_still_answers() {
    let mut script = Script::walking(60);
    script.blind = (1..60).collect();
    for (i, o) in frames(run(&script, 2, PLENTY, None)).iter().enumerate() {
        assert!(place_of(o, 1).is_some(), "frame {i}");
    }
}

#[test]
fn who_comes_late_is_found_back_to_the_frame_where_they_came() {
    let places = (0..60).map(|i| vec![if i >= 17 { 100 } else { 0 }]).collect();
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    for (i, o) in observed.iter().enumerate() {
        assert_eq!(place_of(o, 1).is_some(), i >= 17, "frame {i}");
    }
}

#[test]
fn who_leaves_and_returns_at_once_keeps_the_track() {
    let places = (0..60).map(|i| vec![if (20..40).contains(&i) { 0 } else { 100 }]).collect();
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    assert!(place_of(&observed[0], 1).is_some() && place_of(&observed[59], 1).is_some());
    assert!(observed[25].people.is_empty());
}

#[test]
fn somebody_seen_once_after_the_athlete_left_is_nobody() {
    let seen = |i| i < 17 || i == 19 || (34..36).contains(&i);
    let places = (0..40).map(|i| vec![if seen(i) { 100 } else { 0 }]).collect();
    let blind = (17..34).collect();
    let observed = frames(run(&Script { places, blind, ..Script::default() }, 2, PLENTY, None));
    for (i, o) in observed.iter().enumerate() {
        assert_eq!(!o.people.is_empty(), seen(i) && i != 19, "frame {i}");
    }
}

#[test]
fn nobody_in_the_picture_is_no_failure() {
    let places = vec![vec![0]; 23];
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    assert_eq!(observed.len(), 23);
    assert!(observed.iter().all(|o| o.people.is_empty()));
}

#[test]
fn a_steady_walker_costs_little_more_than_one_estimate_a_frame() {
    let asked = run(&Script::walking(101), 2, PLENTY, None).asked;
    assert!((101..=110).contains(&asked), "{asked} estimates for 101 frames");
}

#[test]
fn the_detector_looks_half_as_often_where_one_person_is_alone() {
    // Twenty-one looks at 101 frames, one in five and the last.
    assert_eq!(run(&Script::walking(101), 2, PLENTY, None).looked, 11);
    let mut pair = Script::walking(101);
    pair.places.iter_mut().for_each(|p| p.push(250 - p[0]));
    assert!(run(&pair, 2, PLENTY, None).looked >= 20, "they meet once and are one for a moment");
    // Nobody there: each look asks for the whole picture, and for its squares.
    let empty = Script { places: vec![vec![0]; 101], ..Script::default() };
    assert!(run(&empty, 2, PLENTY, None).looked >= 21);
}

#[test]
fn who_joins_somebody_alone_is_there_one_look_later_at_most() {
    for joined in 20..30 {
        let places = (0..60).map(|i| vec![60, if i >= joined { 180 } else { 0 }]).collect();
        let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
        for (i, o) in observed.iter().enumerate() {
            assert!(place_of(o, 1).is_some() && (o.people.len() == 2) <= (i >= joined), "frame {i}");
            assert!(o.people.len() == 2 || i < joined + 5, "joined at {joined}, not there at {i}");
        }
    }
}

/// Two who meet at a look are one person there for the detector too; the next look asks it again.
#[test]
fn whoever_was_just_beside_another_is_looked_for_and_not_only_expected() {
    let places = (0..60).map(|i| vec![100, if (18..=22).contains(&i) { 100 } else { 140 }]).collect();
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    assert_eq!(observed[20].people.len(), 1);
    assert!(observed[25..].iter().all(|o| o.people.len() == 2));
}

/// The detector sees the athlete alone, then somebody beside them alone.
#[test]
fn who_is_suddenly_seen_beside_the_athlete_is_somebody_else_where_the_athlete_is_still_there() {
    let places = vec![vec![100, 113]; 60];
    let script = Script { places, changes_its_mind: Some(20), ..Script::default() };
    let observed = frames(run(&script, 2, PLENTY, None));
    for (i, o) in observed.iter().enumerate() {
        assert_eq!(place_of(o, 1), Some(400.0), "frame {i}");
    }
    assert_eq!(place_of(&observed[59], 2), Some(452.0));
    // Nobody where the athlete was: it is them, with a jump.
    let places = (0..60).map(|i| vec![if i < 22 { 100 } else { 114 }]).collect();
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    assert_eq!(place_of(&observed[59], 1), Some(456.0));
    assert!(observed.iter().all(|o| o.people.len() == 1));
}

#[test]
fn somebody_expected_who_is_not_there_is_looked_for() {
    // They jump out of the pose's sight between two looks.
    let places = (0..60).map(|i| vec![if i < 24 { 60 } else { 160 }]).collect();
    let observed = frames(run(&Script { places, ..Script::default() }, 2, PLENTY, None));
    assert!(observed[25..].iter().all(|o| o.people.len() == 1), "{:?}", observed[25]);
}

#[test]
fn every_interval_of_looks_and_every_budget_ends_and_sees_the_same() {
    for every in 1..4 {
        for length in [0, 1, 2, 3, 7, 12, 13] {
            let script = Script::walking(length);
            let plenty = frames(run_every(every, &script, 2, PLENTY, None));
            assert_eq!(plenty.len(), length, "{every}");
            for frames_in_flight in [1, 4, 6] {
                let tight = run_every(every, &script, 3, frames_in_flight * SIZE.frame_bytes(), None);
                assert_eq!(frames(tight), plenty, "{every} {length} {frames_in_flight}");
            }
        }
    }
}

#[test]
fn reading_waits_when_the_bytes_allowed_are_in_flight() {
    for allowed in [7, 9, 12] {
        let script = Script { stalls_until_read: Some(allowed), ..Script::walking(120) };
        let run = run(&script, 2, allowed * SIZE.frame_bytes(), None);
        assert!(run.outcome.is_ok());
        assert_eq!(run.read_at_stall, allowed, "frames read while the first was not finished");
    }
}

/// Nine frames for all: the next clip is read while the last frames of the one before are done.
#[test]
fn clips_that_share_workers_are_seen_as_each_alone_and_a_failure_is_its_own() {
    let script = Script::walking(64);
    let alone = frames(run(&script, 1, PLENTY, None));
    let options = options(2, 9 * SIZE.frame_bytes());
    let eyes = || {
        let none = || Arc::new(AtomicUsize::new(0));
        let estimator =
            Estimator { script: script.clone(), asked: none(), read: none(), read_at_stall: none() };
        Ok(Eyes {
            detector: Box::new(Detector(script.clone(), Arc::default())),
            estimator: Box::new(estimator),
        })
    };
    let never = AtomicBool::new(false);
    let outcomes: Vec<_> = with_pool(options.workers, eyes, |pool| {
        let watch = |clip: usize| {
            let fails_reading = (clip == 2).then_some(30);
            let source = Scripted::new(Script { fails_reading, ..script.clone() });
            observe_with(pool, pool.lane(), source, &options, &never, &mut |_| ())
        };
        std::thread::scope(|scope| {
            let clips: Vec<_> = (0..6).map(|clip| scope.spawn(move || watch(clip))).collect();
            clips.into_iter().map(|clip| clip.join().expect("no clip panics")).collect()
        })
    });
    for (clip, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome.is_err(), clip == 2, "clip {clip}");
        match outcome {
            Ok(observed) => assert_eq!(observed.frames, alone, "clip {clip}"),
            Err(error) => assert_eq!(error.stage, Stage::Decode),
        }
    }
}

#[test]
fn cancelling_keeps_what_was_finished_and_stops_reading() {
    let script = Script::walking(2000);
    let observed = frames(run(&script, 2, PLENTY, Some(40)));
    assert!((40..400).contains(&observed.len()), "{} frames kept", observed.len());
    let whole = frames(run(&Script::walking(observed.len()), 1, PLENTY, None));
    assert_eq!(observed, whole, "what is kept is what a shorter clip would have given");
}

#[test]
fn a_failing_frame_names_its_stage_frame_and_time() {
    let script = Script { fails_estimating: Some(33), ..Script::walking(90) };
    let error = run(&script, 3, PLENTY, None).outcome.expect_err("the script fails");
    assert_eq!((error.stage, error.frame), (Stage::Estimate, Some(33)));
    assert_eq!(
        error.to_string(),
        "finding the keypoints failed at frame 33 (1.10 s): scripted estimate failure"
    );

    let script = Script { fails_reading: Some(12), ..Script::walking(90) };
    let error = run(&script, 3, PLENTY, None).outcome.expect_err("the script fails");
    assert_eq!(error.stage, Stage::Decode);
}

#[test]
fn a_panic_in_a_worker_is_an_error_and_not_a_hang() {
    let script = Script { panics: Some(21), ..Script::walking(90) };
    let error = run(&script, 2, PLENTY, None).outcome.expect_err("the script panics");
    assert_eq!(error.frame, Some(21));
    assert!(error.to_string().contains("bug"), "{error}");
}

#[test]
fn models_that_cannot_be_loaded_end_the_work() {
    let options = Options {
        workers: NonZeroUsize::MIN,
        look_every: NonZeroUsize::MIN,
        bytes_in_flight: PLENTY,
        people: NonZeroUsize::MIN,
    };
    let eyes = || Err("no weights".into());
    let source = Scripted::new(Script::walking(50));
    let error = observe(source, eyes, &options, &AtomicBool::new(false), &mut |_| ()).expect_err("no eyes");
    assert_eq!(error.stage, Stage::Load);
}
