//! The samples' own recordings, changed: mirrored, cut, thinned, damaged. Decisions stay, or become "not judged"; they
//! are never turned round. Damage shows in the uncertainty, and no number moves silently by more than it states.

mod variants;

use sledform::analysis::{Analysis, Athlete, Settings, analyze};
use sledform::findings::Status;
use sledform::gait::stride::Unfit;
use sledform::kinematics::movement::Facing;
use sledform::metrics::value::MetricValue;
use sledform::observation::{Observation, Person, Recording, TrackId};
use sledform::skeleton::{Angle, Joint, Keypoint, Side};
use sledform::store;
use sledform::synthetic;
use sledform::technique::rule::Severity;
use sledform::tracking::athlete::AthleteChoice;
use sledform::units::{Radians, Seconds};
use std::path::Path;

/// The samples and what they show.
const SAMPLES: [(&str, &str); 3] = [
    ("sled-push", "sled-push"),
    ("sled-backpedal", "sled-backpedal"),
    ("backward-sled-drag", "backward-sled-drag"),
];
/// Seeds of random damage.
const SEEDS: [u64; 3] = [1, 2, 3];

fn sample(name: &str) -> Recording {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(format!("{name}.recording.jsonl.zst"));
    store::read(&file).unwrap_or_else(|e| panic!("{e}"))
}

fn analysed(recording: &Recording) -> Analysis {
    analyze(recording, &Settings::default())
}

fn athlete(analysis: &Analysis) -> &Athlete {
    analysis.athlete.as_ref().expect("the athlete is seen")
}

/// Rule, status and severity.
type Decision = (String, Status, Option<Severity>);

fn decisions(analysis: &Analysis) -> Vec<Decision> {
    let of = |a: &Athlete| {
        a.judgement.assessment.findings.iter().map(|f| (f.rule.clone(), f.status, f.severity)).collect()
    };
    let mut all: Vec<Decision> = analysis.athlete.as_ref().map(of).unwrap_or_default();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn serious(decision: &Decision) -> bool {
    decision.1 == Status::Found && decision.2 >= Some(Severity::Moderate)
}

/// Moderate and severe faults do not turn clear, nor clear rules into such faults; the exercise is never another.
fn assert_not_reversed(what: &str, exercise: &str, before: &Analysis, after: &Analysis) {
    if let Some(athlete) = &after.athlete {
        let recognised = athlete.judgement.recognition.exercise();
        assert!(recognised.is_none_or(|name| name == exercise), "{what}: recognised as {recognised:?}");
    }
    for was in decisions(before) {
        for is in decisions(after).iter().filter(|d| d.0 == was.0) {
            let turned = (serious(&was) && is.1 == Status::Clear) || (was.1 == Status::Clear && serious(is));
            assert!(!turned, "{what}: {was:?} became {is:?}");
        }
    }
}

#[test]
fn the_samples_show_what_they_say() {
    for (name, exercise) in SAMPLES {
        let analysis = analysed(&sample(name));
        assert_eq!(athlete(&analysis).judgement.recognition.exercise(), Some(exercise));
        let found: Vec<String> = decisions(&analysis).into_iter().filter(serious).map(|d| d.0).collect();
        let wanted = match name {
            "sled-push" => Some("upright"),
            "sled-backpedal" => Some("passive_arms"),
            _ => None,
        };
        match wanted {
            Some(fault) => assert!(found.iter().any(|f| f.contains(fault)), "{name}: {found:?}"),
            None => assert!(found.is_empty(), "{name}: {found:?}"),
        }
    }
}

#[test]
fn a_mirrored_clip_is_judged_the_same_with_left_and_right_exchanged() {
    // The same arithmetic in another order.
    const SAME: f64 = 1e-6;
    for (name, _) in SAMPLES {
        let recording = sample(name);
        let (before, after) = (analysed(&recording), analysed(&variants::mirrored(&recording)));
        assert_eq!(decisions(&before), decisions(&after), "{name}");
        let (before, after) = (athlete(&before), athlete(&after));
        let facing = |a: &Athlete| a.prepared.movement.facing.map(Facing::sign);
        assert_eq!(facing(before), facing(after).map(|f| -f), "{name}");
        for metric in before.metrics.clip.iter().filter(|m| !m.id.contains("left") && !m.id.contains("right"))
        {
            let twin = after.metrics.get(metric.id, metric.side.map(Side::mirror));
            let twin = twin.unwrap_or_else(|| panic!("{name}: {}", metric.id));
            // Differences between the sides are taken left less right.
            let (a, b) = (metric.value.map(f64::abs), twin.value.map(f64::abs));
            let same = match (a, b) {
                (Ok(a), Ok(b)) => (a - b).abs() <= SAME * (1.0 + a),
                (a, b) => a == b,
            };
            assert!(same, "{name}: {} {:?} {a:?} {b:?}", metric.id, metric.side);
        }
    }
}

#[test]
fn half_a_clip_and_half_the_frames_turn_no_decision_round() {
    for (name, exercise) in SAMPLES {
        let recording = sample(name);
        let whole = analysed(&recording);
        let n = recording.frames.len();
        for (what, changed) in [
            ("first half", variants::cut(&recording, 0..n / 2)),
            ("second half", variants::cut(&recording, n / 2..n)),
            ("15 frames/s", variants::half_rate(&recording)),
        ] {
            assert_not_reversed(&format!("{name}, {what}"), exercise, &whole, &analysed(&changed));
        }
    }
}

/// Every way of losing data that is tried, by name.
fn damaged(recording: &Recording) -> Vec<(String, Recording)> {
    let (hole, swap) = ((Seconds(2.0), Seconds(2.5)), (Seconds(2.0), Seconds(3.0)));
    let mut all = vec![
        ("hole".to_owned(), variants::hole(recording, hole.0, hole.1)),
        ("legs swapped".to_owned(), variants::legs_swapped(recording, swap.0, swap.1)),
    ];
    for seed in SEEDS {
        all.push((format!("deleted {seed}"), variants::deleted(recording, 0.2, seed)));
        all.push((format!("confidence {seed}"), variants::confidence_halved(recording, seed)));
    }
    all
}

/// Both values of every metric that has one before and after.
fn pairs<'a>(before: &'a Athlete, after: &'a Athlete) -> Vec<(&'a MetricValue, &'a MetricValue)> {
    let has = |m: &&MetricValue| m.value.is_ok() && m.uncertainty.is_some();
    let twin = |m: &&'a MetricValue| after.metrics.get(m.id, m.side).filter(has);
    before.metrics.clip.iter().filter(has).filter_map(|m| Some((m, twin(&m)?))).collect()
}

#[test]
fn lost_data_move_no_metric_by_more_than_it_states() {
    let mut moved = Vec::new();
    for (name, exercise) in SAMPLES {
        let recording = sample(name);
        let whole = analysed(&recording);
        for (damage, recording) in damaged(&recording) {
            let after = analysed(&recording);
            assert_not_reversed(&format!("{name}, {damage}"), exercise, &whole, &after);
            for (a, b) in pairs(athlete(&whole), athlete(&after)) {
                let (Ok(x), Ok(y)) = (a.value, b.value) else { continue };
                let Some(stated) = b.uncertainty else { continue };
                let change = if a.unit.symbol() == "deg" {
                    Radians((y - x).to_radians()).wrapped().to_degrees()
                } else {
                    y - x
                };
                if change.abs() > stated {
                    moved.push(format!(
                        "{name}, {damage}: {} {:?} {x:.3} to {y:.3} ± {stated:.3}",
                        a.id, a.side
                    ));
                }
            }
        }
    }
    assert!(moved.is_empty(), "{}", moved.join("\n"));
}

#[test]
fn uncertainty_grows_with_lost_data() {
    for (name, _) in SAMPLES {
        let recording = sample(name);
        let whole = analysed(&recording);
        for (damage, recording) in damaged(&recording) {
            let after = analysed(&recording);
            let pairs = pairs(athlete(&whole), athlete(&after));
            let legs = ["knee_initial_contact_deg", "knee_terminal_contact_deg", "knee_peak_swing_deg"];
            let of_legs: Vec<_> =
                pairs.iter().filter(|(a, _)| legs.contains(&a.id) && a.side.is_none()).collect();
            let mean = |of: &dyn Fn(&(&MetricValue, &MetricValue)) -> f64| {
                of_legs.iter().map(|p| of(p)).sum::<f64>() / of_legs.len().max(1) as f64
            };
            let wider = mean(&|(a, b)| (b.uncertainty.unwrap_or(0.0) / a.uncertainty.unwrap_or(1.0)).ln());
            let weaker = mean(&|(a, b)| b.confidence - a.confidence);
            let shown = wider > 0.0 || weaker < -0.01 || of_legs.len() < legs.len();
            assert!(shown, "{name}, {damage}: uncertainty x{:.4}, confidence {weaker:+.3}", wider.exp());
        }
    }
}

/// The picture ends at the ankles of the leg further from the floor.
#[test]
fn feet_under_the_picture_leave_strides_and_lean_and_say_what_is_not_judged() {
    for (name, exercise) in SAMPLES {
        let recording = sample(name);
        let before = analysed(&recording);
        let lowest = |frame: &Observation| {
            let ankles = [Keypoint::LeftAnkle, Keypoint::RightAnkle];
            let y = |k| Some(frame.people.first()?.pose.get(k)?.position.y);
            ankles.into_iter().filter_map(y).max_by(f64::total_cmp)
        };
        let mut cut = recording.clone();
        cut.clip.size.height =
            recording.frames.iter().filter_map(lowest).min_by(f64::total_cmp).unwrap() as u32;
        let after = analysed(&cut);
        assert_not_reversed("feet cut off", exercise, &before, &after);
        let (whole, athlete) = (athlete(&before), athlete(&after));
        assert_eq!(whole.gait.strides, athlete.gait.strides, "{name}");
        assert!(
            athlete.prepared.framing.most_cut(|_| true) > 0.5,
            "{name}: {:?}",
            athlete.prepared.framing.feet_cut
        );
        assert!(athlete.prepared.warnings.iter().any(|w| w.id == "feet_cut_off"), "{name}");
        let uncertainty = |a: &Athlete, angle: Angle| a.prepared.movement.angle_uncertainty[angle.index()];
        for side in Side::BOTH.into_iter().filter(|s| athlete.prepared.framing.feet_cut[*s as usize] > 0.5) {
            let seen =
                |joint| athlete.prepared.movement.angles.get(Angle::joint(joint, side)).present().count();
            assert!(seen(Joint::Ankle) == 0 && seen(Joint::Knee) > 0, "{name}");
            let knee = Angle::joint(Joint::Knee, side);
            assert!(uncertainty(athlete, knee) > uncertainty(whole, knee), "{name}");
        }
        let findings = &athlete.judgement.assessment.findings;
        let refused = |id| findings.iter().any(|f| f.refusal == Some(id) && f.status == Status::NotJudged);
        assert!(refused("feet_out_of_picture"), "{name}: {findings:?}");
    }
}

#[test]
fn an_empty_room_has_no_athlete_and_no_fault() {
    let mut recording = sample("sled-push");
    for frame in &mut recording.frames {
        *frame = Observation { people: Vec::new(), ..frame.clone() };
    }
    let analysis = analysed(&recording);
    assert!(analysis.athlete.is_none() && !analysis.is_judged());
    assert!(analysis.warnings.iter().any(|w| w.id == "nobody"));
}

#[test]
fn a_view_from_the_front_claims_no_fault_and_says_why() {
    use synthetic::Exercise;
    for exercise in [
        Exercise::SledPush,
        Exercise::BackwardSledPush,
        Exercise::ReverseSledPush,
        Exercise::SledBackpedal,
        Exercise::BackwardSledDrag,
    ] {
        for yaw in [60.0_f64, 75.0, 90.0] {
            let front = synthetic::Athlete::new(exercise).noise(0.01).yaw(Radians(yaw.to_radians()));
            let analysis = analysed(&front.recording());
            let found: Vec<Decision> =
                decisions(&analysis).into_iter().filter(|d| d.1 == Status::Found).collect();
            assert!(found.is_empty(), "{exercise:?} from {yaw} degrees: {found:?}");
            assert!(!analysis.warnings.is_empty(), "{exercise:?} from {yaw} degrees: nothing said");
        }
    }
}

#[test]
fn nobody_of_a_crowd_is_blamed_until_the_user_says_who_it_is() {
    let alone = sample("sled-push");
    let mut crowd = alone.clone();
    for (frame, other) in crowd.frames.iter_mut().zip(&alone.frames) {
        frame
            .people
            .extend(other.people.iter().map(|p| Person { track: TrackId(p.track.0 + 100), ..p.clone() }));
    }
    let analysis = analysed(&crowd);
    assert!(decisions(&analysis).iter().all(|d| d.1 == Status::NotJudged));
    assert!(analysis.warnings.iter().any(|w| w.id == "athlete_unclear"));
    let told = Settings { athlete: AthleteChoice::Track(TrackId(101)), ..Settings::default() };
    assert_eq!(decisions(&analyze(&crowd, &told)), decisions(&analysed(&alone)));
}

/// Somebody comes from 600 px away and walks along a hand's breadth beside the athlete from one second on.
#[test]
fn strides_with_somebody_in_the_way_do_not_count_and_say_so() {
    let mut recording = sample("sled-push");
    let before = analysed(&recording);
    for frame in &mut recording.frames {
        let Some(mut other) = frame.people.first().cloned() else { continue };
        other.track = TrackId(7);
        let away = if frame.time.0 < 1.0 { 600.0 } else { 20.0 };
        for keypoint in Keypoint::ALL {
            let moved = other.pose.get(keypoint).map(|mut landmark| {
                landmark.position.x += away;
                landmark
            });
            other.pose.set(keypoint, moved);
        }
        frame.people.push(other);
    }
    let own = athlete(&before).track;
    let settings = Settings { athlete: AthleteChoice::Track(own), ..Settings::default() };
    let analysis = analyze(&recording, &settings);
    let strides = &athlete(&analysis).gait.strides;
    assert_eq!(strides.len(), athlete(&before).gait.strides.len());
    for stride in strides {
        assert_eq!(stride.unfit == Some(Unfit::Overlap), stride.end.0 > 1.0, "{stride:?}");
    }
    let findings = &athlete(&analysis).judgement.assessment.findings;
    assert!(
        findings
            .iter()
            .any(|f| f.reason.as_ref().is_some_and(|r| r.contains("somebody else was in the way")))
    );
    assert!(findings.iter().all(|f| f.status == Status::NotJudged), "{:?}", decisions(&analysis));
}

#[test]
fn one_person_under_two_numbers_is_no_crowd() {
    let mut recording = sample("sled-push");
    let half = recording.frames.len() / 2;
    for person in recording.frames[half..].iter_mut().flat_map(|f| &mut f.people) {
        person.track = TrackId(person.track.0 + 100);
    }
    let analysis = analysed(&recording);
    assert_eq!(analysis.people.len(), 2);
    assert!(analysis.warnings.iter().all(|w| w.id != "athlete_unclear"));
}

#[test]
fn legs_exchanged_again_and_again_are_not_trusted_with_rhythm() {
    let whole = sample("backward-sled-drag");
    let swap = |recording: &Recording, k: u32| {
        let from = 0.5 + 0.5 * f64::from(k);
        variants::legs_swapped(recording, Seconds(from), Seconds(from + 0.2))
    };
    let (calm, torn) = (analysed(&whole), analysed(&(0..10).fold(whole.clone(), |r, k| swap(&r, k))));
    assert_not_reversed("exchanged ten times", "backward-sled-drag", &calm, &torn);
    let (calm, torn) = (athlete(&calm), athlete(&torn));
    let stretches = torn.prepared.left_right.legs.len();
    assert!(stretches >= 5, "only {stretches} stretches were noticed");
    let knee = |a: &Athlete| a.metrics.get("knee_initial_contact_deg", None).and_then(|m| m.uncertainty);
    assert!(knee(torn) > knee(calm), "{:?} and {:?}", knee(torn), knee(calm));
    let rhythm = torn.judgement.assessment.findings.iter().find(|f| f.rule == "irregular_steps");
    let rhythm = rhythm.map(|f| (f.status, f.refusal));
    assert_eq!(rhythm, Some((Status::NotJudged, Some("legs_unclear"))));
}

/// Legs exchanged again and again at random, up to two fifths of the time, for a frame or for more than a step.
fn exchanged_at_random(athlete: synthetic::Athlete, seed: u64, duration_s: f64) -> synthetic::Athlete {
    let mut random = variants::Random(seed);
    let share = 0.4 * random.uniform();
    let (mut time, mut athlete) = (0.0, athlete);
    loop {
        let length = 0.04 + 0.5 * random.uniform();
        // What lies between makes up the share.
        time += length * (1.0 / share - 1.0) * 2.0 * random.uniform();
        if time >= duration_s {
            return athlete;
        }
        athlete = athlete.swapped_legs(time..time + length);
        time += length;
    }
}

#[test]
fn legs_exchanged_at_random_change_no_cadence_by_more_than_it_states_or_rhythm_is_not_judged() {
    use synthetic::Exercise;
    const DURATION_S: f64 = 6.0;
    const SEEDS: u64 = 12;
    let (mut moved, mut told) = (Vec::new(), 0);
    for exercise in Exercise::ALL {
        for seed in 1..=SEEDS {
            // Noise of 1 to 3 % of leg length: the model's own is 1 to 4 % of the trunk's (docs/science.md D2).
            let noise = 0.01 * (1 + seed % 3) as f64;
            let whole = synthetic::Athlete::new(exercise).lasting(DURATION_S).noise(noise).seed(seed);
            let truth = whole.truth().cadence_steps_per_min;
            let analysis = analysed(&exchanged_at_random(whole, seed, DURATION_S).recording());
            let refused = analysis.warnings.iter().any(|w| w.id == "legs_unclear");
            let cadence =
                analysis.athlete.as_ref().and_then(|a| a.metrics.get("cadence_steps_per_min", None));
            let cadence = cadence.and_then(|m| Some((m.value.ok()?, m.uncertainty?)));
            let Some((value, stated)) = cadence else { continue };
            told += u64::from(!refused);
            if (value - truth).abs() > stated && !refused {
                moved.push(format!("{exercise:?}, seed {seed}: {truth:.1} read as {value:.1} ± {stated:.1}"));
            }
        }
    }
    assert!(moved.is_empty(), "{}", moved.join("\n"));
    assert!(2 * told > 5 * SEEDS, "only {told} of {} told a cadence", 5 * SEEDS);
}
