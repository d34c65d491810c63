//! The whole science on athletes with known answers: synthetic ones, and the true keypoints of rendered clips with noise.
//!
//! Rendered clips need `SLEDFORM_SHARED`; without it that part says so and is skipped.

use sledform::analysis::{Athlete as Analysed, Settings, analyze};
use sledform::camera::motion::CameraChoice;
use sledform::evaluation::{Evaluation, Sheet, TimedEvent, TimedStride, evaluate};
use sledform::frame::{ClipFacts, PixelSize, TimeSource};
use sledform::geometry::Point;
use sledform::import::truth;
use sledform::kinematics::prepare::MotionSettings;
use sledform::observation::{Landmark, ModelIdentity, Observation, Person, Pose, Recording, TrackId};
use sledform::skeleton::{Angle, Keypoint, Side};
use sledform::synthetic::{Athlete, Exercise};
use sledform::units::{Confidence, Radians, Seconds};
use std::path::{Path, PathBuf};

/// Noise of every keypoint, share of leg length.
const NOISE_LEG: f64 = 0.01;
/// Mean error of a step, m: half of what a crossing of the feet makes of it.
const STEP_M: f64 = 0.015;

fn analysed(recording: &Recording) -> Analysed {
    analysed_with(recording, &Settings::default())
}

fn analysed_with(recording: &Recording, settings: &Settings) -> Analysed {
    let analysis = analyze(recording, settings);
    analysis.athlete.unwrap_or_else(|| panic!("somebody is in the recording"))
}

/// What an analysis says, as a sheet.
fn sheet(athlete: &Analysed) -> Sheet {
    let prepared = &athlete.prepared;
    let metres = athlete.metrics.per_stride("step_length_leg");
    let step = |place: usize| metres.iter().find(|s| s.stride == place)?.reading.ok().map(|v| v.number);
    let strides = athlete.gait.strides.iter().enumerate().filter(|(_, s)| s.is_valid());
    Sheet {
        events: athlete
            .gait
            .events
            .iter()
            .map(|e| TimedEvent { time: e.time, side: e.side, kind: e.kind })
            .collect(),
        strides: strides
            .map(|(i, s)| TimedStride { side: s.side, start: s.start, end: s.end, step_length_m: step(i) })
            .collect(),
        cadence_steps_per_min: athlete.metrics.get("cadence_steps_per_min", None).and_then(|m| m.value.ok()),
        ..Sheet::of_angles(prepared.movement.time, &prepared.movement.angles)
    }
}

fn truth_sheet(athlete: &Athlete) -> Sheet {
    let truth = athlete.truth();
    let (events, strides) = (truth.gait.events.iter(), truth.gait.strides.iter());
    let step_length_m = Some(truth.step_length_leg);
    Sheet {
        events: events.map(|e| TimedEvent { time: e.time, side: e.side, kind: e.kind }).collect(),
        strides: strides
            .map(|s| TimedStride { side: s.side, start: s.start, end: s.end, step_length_m })
            .collect(),
        cadence_steps_per_min: Some(truth.cadence_steps_per_min),
        ..Sheet::of_angles(truth.time, &truth.angles)
    }
}

/// Lengths of legs in metres.
fn in_metres(mut sheet: Sheet, leg_m: f64) -> Sheet {
    sheet.strides.iter_mut().for_each(|s| s.step_length_m = s.step_length_m.map(|legs| legs * leg_m));
    sheet
}

fn mae(evaluation: &Evaluation, angle: Angle) -> f64 {
    let of = evaluation.angles.iter().find(|a| a.angle == angle);
    of.map_or(f64::INFINITY, |a| a.agreement.mae)
}

/// Oracle 1 with noise, through filter, strides and metrics.
#[test]
fn a_noisy_synthetic_athlete_is_measured_as_prescribed() {
    for exercise in Exercise::ALL {
        for fps in [30.0, 60.0, 120.0] {
            let athlete = Athlete::new(exercise).fps(fps).lasting(8.0).noise(NOISE_LEG);
            let case = format!("{exercise:?} at {fps}");
            let got = analysed(&athlete.recording());
            let evaluation = evaluate(&sheet(&got), &truth_sheet(&athlete), Seconds(2.0 / 30.0));
            println!("{case}\n{evaluation}");
            let bias =
                |angle| evaluation.angles.iter().find(|a| a.angle == angle).map(|a| a.agreement.bias.abs());
            assert!(bias(Angle::Trunk).is_some_and(|b| b < 0.5), "{case}: trunk {:?}", bias(Angle::Trunk));
            for knee in [Angle::LeftKnee, Angle::RightKnee] {
                assert!(bias(knee).is_some_and(|b| b < 1.0), "{case}: knee {:?}", bias(knee));
            }
            let cadence = evaluation.strides.as_ref().and_then(|s| s.cadence_error);
            assert!(cadence.is_some_and(|e| e.abs() < 0.005), "{case}: cadence {cadence:?}");
        }
    }
}

/// Oracle 1 for the arms, with noise.
#[test]
fn a_noisy_backpedal_has_its_arms_measured_as_prescribed() {
    for (phase, fps) in [(0.0, 30.0), (50.0, 30.0), (-70.0, 60.0), (180.0, 60.0)] {
        let athlete = Athlete::new(Exercise::SledBackpedal)
            .with(|motion| motion.arms.phase = [Radians::from_degrees(phase); 2])
            .fps(fps)
            .lasting(8.0)
            .noise(NOISE_LEG);
        let got = analysed(&athlete.recording()).metrics;
        for (side, id) in [(Side::Left, "left"), (Side::Right, "right")] {
            let value = |name: String| got.get(&name, Some(side)).map(|m| m.value);
            let Some(Ok(measured)) = value(format!("arm_leg_phase_{id}_arm_deg")) else {
                panic!("{phase} at {fps}: {:?}", value(format!("arm_leg_phase_{id}_arm_deg")));
            };
            let away = Radians::from_degrees(measured - phase).wrapped().to_degrees();
            println!("phase {phase} at {fps}, {id}: {away:.2} away");
            assert!(away.abs() < 3.0, "{phase} at {fps}: {away}");
            let Some(Ok(amplitude)) = value(format!("{id}_arm_amplitude_deg")) else {
                panic!("no amplitude")
            };
            println!("amplitude {amplitude:.2} of 50");
            assert!((amplitude - 50.0).abs() < 2.5, "{amplitude}");
        }
    }
}

/// Uniform numbers in [0, 1), the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Twelve uniform numbers less 6 are normal with spread 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// The true keypoints of a rendered clip with noise, as a recording.
fn true_keypoints(json: &serde_json::Value, noise_px: f64) -> Recording {
    let mut numbers = Numbers(7);
    let frames = json["per_frame"].as_array().map(Vec::as_slice).unwrap_or_default();
    let observation = |(index, frame): (usize, &serde_json::Value)| {
        let mut pose = Pose::new(Confidence::FULL);
        for keypoint in Keypoint::ALL {
            let point = &frame["px"][keypoint.name()];
            let (Some(x), Some(y)) = (point[0].as_f64(), point[1].as_f64()) else { continue };
            let position = Point::new(x + noise_px * numbers.normal(), y + noise_px * numbers.normal());
            pose.set(keypoint, Some(Landmark { position, confidence: Confidence::FULL }));
        }
        let time = Seconds(frame["t"].as_f64().unwrap_or_default());
        let people = vec![Person { track: TrackId(1), pose }];
        Observation { frame: index, time, people, background: None, duplicate: false }
    };
    Recording {
        clip: ClipFacts {
            file: PathBuf::from("truth"),
            sha256: None,
            size: PixelSize { width: 960, height: 540 },
            rotation_deg: 0,
            nominal_rate: None,
            nominal_frames: None,
            codec: None,
            capture_rate: None,
            time_source: TimeSource::File,
            start: Seconds(0.0),
            created: None,
        },
        pose_model: ModelIdentity { name: "truth".to_owned(), sha256: None },
        detector: None,
        frames: frames.iter().enumerate().map(observation).collect(),
        warnings: Vec::new(),
    }
}

/// Leg length in the picture: the longest thigh and shank of any frame, px.
fn leg_px(json: &serde_json::Value) -> f64 {
    let frames = json["per_frame"].as_array().map(Vec::as_slice).unwrap_or_default();
    let length = |frame: &serde_json::Value, a: &str, b: &str| {
        let of = |k: &str, axis: usize| frame["px"][k][axis].as_f64().unwrap_or_default();
        (of(a, 0) - of(b, 0)).hypot(of(a, 1) - of(b, 1))
    };
    let longest = |a, b| frames.iter().map(|f| length(f, a, b)).fold(0.0, f64::max);
    longest("left_hip", "left_knee") + longest("left_knee", "left_ankle")
}

fn truths() -> Option<Vec<PathBuf>> {
    let folder = Path::new(&std::env::var_os("SLEDFORM_SHARED")?).join("clips/dev");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    Some(files)
}

/// Every rendered clip from its true keypoints with noise, against its truth.
fn evaluations() -> Vec<(String, Angle, Evaluation)> {
    let Some(files) = truths() else {
        println!("skipped: SLEDFORM_SHARED is not set");
        return Vec::new();
    };
    files.iter().map(|file| evaluation_of(file)).collect()
}

fn parsed(file: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn against_truth(got: &Analysed, file: &Path, json: &serde_json::Value) -> Evaluation {
    let reference = truth::reference(file).unwrap_or_else(|e| panic!("{e}"));
    let of = |segment: &str| json["segment_m"][segment].as_f64().unwrap_or_default();
    let measured = in_metres(sheet(got), of("thigh") + of("shank"));
    evaluate(&measured, &reference, Seconds(2.0 / 30.0))
}

fn evaluation_of(file: &Path) -> (String, Angle, Evaluation) {
    let json = parsed(file);
    let name = json["clip"].as_str().unwrap_or_default().to_owned();
    let got = analysed(&true_keypoints(&json, NOISE_LEG * leg_px(&json)));
    let evaluation = against_truth(&got, file, &json);
    println!("{name}\n{evaluation}");
    let near = if json["near_side"] == "left" { Angle::LeftKnee } else { Angle::RightKnee };
    (name, near, evaluation)
}

/// What strides and metrics add of their own, without any background motion.
#[test]
fn true_keypoints_of_rendered_clips_give_true_events_and_strides() {
    for (name, _, evaluation) in evaluations() {
        let f1 = evaluation.events.last().and_then(|e| e.f1);
        assert!(f1.is_some_and(|f1| f1 >= 0.97), "{name}: events {f1:?}");
        let Some(strides) = evaluation.strides else { panic!("{name} has strides") };
        assert!(
            strides.matched + 1 >= strides.expected,
            "{name}: {} of {}",
            strides.matched,
            strides.expected
        );
        assert!(strides.cadence_error.is_some_and(|e| e.abs() < 0.01), "{name}: {:?}", strides.cadence_error);
        let error = strides.step_length_error;
        assert!(error.is_some_and(|e| e.abs() <= 0.06), "{name}: step length {error:?}");
    }
}

/// Seen from a tripod, in a picture that is known: near and far foot are told apart by where the camera stands.
#[test]
fn true_keypoints_of_rendered_clips_give_each_step_its_length() {
    let camera = CameraChoice::Static;
    let settings = Settings { motion: MotionSettings { camera, ..Default::default() }, ..Default::default() };
    let Some(files) = truths() else {
        println!("skipped: SLEDFORM_SHARED is not set");
        return;
    };
    let fixed =
        files.iter().map(|file| (file, parsed(file))).filter(|(_, json)| json["camera"]["follow"] == "fixed");
    let fixed: Vec<_> = fixed.collect();
    assert!(!fixed.is_empty(), "clips from a tripod");
    for (file, json) in fixed {
        let seen = true_keypoints(&json, NOISE_LEG * leg_px(&json));
        let length_error = |detector: Option<ModelIdentity>| {
            let got = analysed_with(&Recording { detector, ..seen.clone() }, &settings);
            let strides = against_truth(&got, file, &json).strides.and_then(|s| s.step_length);
            strides.map_or(f64::INFINITY, |lengths| lengths.mae)
        };
        let own = Some(ModelIdentity { name: "truth".to_owned(), sha256: None });
        let (known, unknown) = (length_error(own), length_error(None));
        println!("{}: {known:.4} m, {unknown:.4} m of an unknown picture", file.display());
        assert!(known < STEP_M && known < unknown, "{}: {known} m of {unknown} m", file.display());
    }
}

/// The bar of 1.5 degrees for trunk and near knee.
#[test]
#[ignore = "not met at the knee: 1.5 to 1.9 degrees, 3 to 4 in the backpedals, whose camera turns and where no background tells how"]
fn true_keypoints_of_rendered_clips_give_true_angles() {
    let mut failures = Vec::new();
    for (name, near, evaluation) in evaluations() {
        let trunk = evaluation.angles.iter().find(|a| a.origin == "trunk_incl");
        let trunk = trunk.map_or(f64::INFINITY, |a| a.agreement.mae);
        for (what, value) in [("trunk", trunk), ("knee", mae(&evaluation, near))] {
            if value > 1.5 {
                failures.push(format!("{name}: {what} {value:.2}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
