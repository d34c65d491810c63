//! What is shown when, on an athlete whose strides are known.

use super::*;
use crate::analysis::{self, Analysis, Settings, TechniqueSettings};
use crate::findings::SideOfBody;
use crate::synthetic::{self, Exercise, Motion};
use crate::technique;

const SIZE: PixelSize = PixelSize { width: 1280, height: 720 };

/// A push at 20 degrees: far too upright.
fn upright() -> Analysis {
    let upright = |m: &mut Motion| m.trunk = Radians::from_degrees(20.0);
    let recording = synthetic::Athlete::new(Exercise::SledPush).with(upright).fps(60.0).recording();
    let told = technique::builtin("sled-push");
    let technique = TechniqueSettings { told, ..TechniqueSettings::default() };
    analysis::analyze(&recording, &Settings { technique, ..Settings::default() })
}

fn scene(analysis: &Analysis, stretch: f64) -> Scene {
    Scene::new(analysis.athlete.as_ref().expect("an athlete"), SIZE, stretch)
}

fn texts(frame: &OverlayFrame, tone: Tone) -> Vec<&str> {
    frame.labels.iter().filter(|l| l.tone == tone).map(|l| l.text.as_str()).collect()
}

#[test]
fn the_band_is_that_of_the_profile_and_absent_without_one() {
    let mut analysis = upright();
    let trunk = scene(&analysis, 1.0).frame(120).and_then(|f| f.trunk).expect("a trunk");
    assert_eq!(trunk.band, Some(Band { from: Some(45.0), to: Some(75.0) }));
    assert!((trunk.angle_deg - 20.0).abs() < 3.0, "{}", trunk.angle_deg);
    analysis.athlete.as_mut().expect("an athlete").judgement.profile = None;
    assert_eq!(scene(&analysis, 1.0).frame(120).and_then(|f| f.trunk).and_then(|t| t.band), None);
}

#[test]
fn upright_leans_as_the_picture_does() {
    let recording = synthetic::Athlete::new(Exercise::SledPush).roll(Radians::from_degrees(5.0)).recording();
    let analysis = analysis::analyze(&recording, &Settings::default());
    let scene = scene(&analysis, 1.0);
    for frame in [0, 70, 140] {
        let lean = scene.frame(frame).expect("a frame").plane.upright.to_degrees();
        assert!((lean - 5.0).abs() < 0.5, "{lean}");
    }
}

#[test]
fn faults_are_told_while_their_strides_last_and_at_no_other_time() {
    let mut analysis = upright();
    let athlete = analysis.athlete.as_mut().expect("an athlete");
    let stride = athlete.gait.strides.iter().find(|s| s.is_valid()).expect("a stride").clone();
    for finding in &mut athlete.judgement.assessment.findings {
        finding.strides.retain(|s| *s == stride.index);
        if finding.fault != "too_upright" {
            finding.status = Status::Clear;
        }
    }
    let scene = scene(&analysis, 1.0);
    for (index, time) in scene.times().iter().enumerate() {
        let frame = scene.frame(index).expect("a frame");
        let told = texts(&frame, Tone::Fault);
        assert_eq!(told.len(), usize::from(within(*time, stride.start, stride.end)), "{told:?} at {time}");
        assert!(
            told.iter().all(|t| t.starts_with("Too upright: trunk ") && t.ends_with("(target 45 to 75°)")),
            "{told:?}"
        );
    }
}

#[test]
fn at_most_two_faults_are_told_the_worst_first() {
    use crate::technique::rule::Severity;
    let mut analysis = upright();
    let assessment = &mut analysis.athlete.as_mut().expect("an athlete").judgement.assessment;
    let one = assessment.findings.iter().find(|f| f.fault == "too_upright").expect("found").clone();
    let graded = |fault: &str, severity| Finding {
        fault: fault.to_owned(),
        severity: Some(severity),
        side: SideOfBody::Whole,
        ..one.clone()
    };
    assessment.findings = vec![
        graded("short_steps", Severity::Mild),
        graded("trunk_rocking", Severity::Moderate),
        graded("no_drive", Severity::Severe),
        Finding { status: Status::Borderline, ..graded("too_low", Severity::Severe) },
    ];
    let scene = scene(&analysis, 1.0);
    let frame = (0..300).filter_map(|i| scene.frame(i)).find(|f| !texts(f, Tone::Fault).is_empty());
    let frame = frame.expect("a fault is told");
    let told: Vec<&str> = texts(&frame, Tone::Fault).iter().map(|t| &t[..t.len().min(8)]).collect();
    assert_eq!(told, ["No drive", "Trunk ro"]);
}

#[test]
fn a_knee_is_told_at_landing_and_push_off_for_a_readable_moment() {
    let analysis = upright();
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    let (usual, slow) = (scene(&analysis, 1.0), scene(&analysis, 2.0));
    let shown = |scene: &Scene, event: &Event| {
        let moment = match event.kind {
            EventKind::InitialContact => Moment::Landing,
            EventKind::TerminalContact => Moment::PushOff,
        };
        let is_it = |k: &Knee| k.side == event.side && k.moment == moment;
        let near = |t: Seconds| (-0.02..0.9).contains(&(t - event.time).0);
        (0..scene.times().len())
            .filter(|&i| near(scene.times()[i]) && scene.frame(i).is_some_and(|f| f.knees.iter().any(is_it)))
            .collect::<Vec<usize>>()
    };
    let events = athlete.gait.events.iter().filter(|e| (1.0..4.0).contains(&e.time.0));
    let mut seen = 0;
    for event in events {
        let frames = shown(&usual, event);
        let times: Vec<f64> = frames.iter().map(|i| usual.times()[*i].0).collect();
        // From the frame nearest to the event on.
        assert!((times[0] - event.time.0).abs() <= 0.5 / 60.0 + 1e-9, "{} for {}", times[0], event.time);
        let lasting = times[times.len() - 1] - times[0];
        assert!((0.15..=HOLD.0).contains(&lasting), "{lasting} s");
        // At half speed a viewer has as long with half the frames.
        let slow_frames = shown(&slow, event).len();
        assert!(slow_frames <= frames.len() && slow_frames >= 15, "{slow_frames} of {}", frames.len());
        seen += 1;
    }
    assert!(seen > 8, "{seen} events");
    let knees = (60..240).filter_map(|i| usual.frame(i)).map(|f| f.knees.len()).max();
    assert!(knees.is_some_and(|most| most <= 2), "one of each side at most: {knees:?}");
}

#[test]
fn a_foot_is_marked_from_its_landing_to_its_leaving() {
    let analysis = upright();
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    let scene = scene(&analysis, 1.0);
    let stride = athlete.gait.strides.iter().find(|s| s.is_valid()).expect("a stride");
    let (down, up) = (stride.initial_contact.time, stride.terminal_contact.time);
    for (index, time) in scene.times().iter().enumerate() {
        if !within(*time, stride.start, stride.end) {
            continue;
        }
        let marked = scene.frame(index).is_some_and(|f| f.in_contact.contains(&stride.side));
        assert_eq!(marked, within(*time, down, up), "at {time}");
    }
}

#[test]
fn events_told_from_the_thighs_alone_mark_nothing() {
    let mut analysis = upright();
    let athlete = analysis.athlete.as_mut().expect("an athlete");
    for event in &mut athlete.gait.events {
        event.method = EventMethod::ThighClock;
    }
    let scene = scene(&analysis, 1.0);
    let is_bare = |f: OverlayFrame| f.knees.is_empty() && f.in_contact.is_empty();
    assert!((0..300).filter_map(|i| scene.frame(i)).all(is_bare));
}

#[test]
fn faults_stand_where_they_hide_least() {
    let analysis = upright();
    let athlete = analysis.athlete.as_ref().expect("an athlete");
    let usual = Scene::new(athlete, SIZE, 1.0);
    assert!(FAULT_CORNERS.contains(&usual.fault_corner));
    // Somebody in the lower left corner all the time.
    let mut points = usual.points.clone();
    for keypoint in Keypoint::ALL {
        let there = points.get(keypoint).map(|_| crate::geometry::Point::new(60.0, 700.0));
        *points.get_mut(keypoint) = there;
    }
    assert_eq!(quietest(&points, &usual.times, &usual.faults, SIZE), Corner::BottomRight);
}

#[test]
fn a_name_tells_two_clips_apart_and_there_is_no_frame_behind_the_last() {
    let analysis = upright();
    let scene = scene(&analysis, 1.0).named("monday");
    assert!(texts(&scene.frame(0).expect("a frame"), Tone::Plain).contains(&"monday"));
    assert_eq!(scene.frame(scene.times().len()), None);
}
