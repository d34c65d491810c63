//! Whether detector and landmark models answer what `MediaPipe` 0.10.21 answers on single frames (static mode), and
//! the same bytes every time.
//!
//! `tests/reference` holds six frames and the answers; with `SLEDFORM_SHARED` set, all of `reference/` there is run.
//! Models and library are looked for in `SLEDFORM_HOME`, else `.sledform`; without them the tests are skipped.
#![cfg(feature = "onnx")]

use serde_json::Value;
use sledform::frame::{Frame, PixelSize};
use sledform::geometry::{Image, Point, Region};
use sledform::inference::{BlazeDetector, BlazePose, DETECTOR_NAME, InferenceError, Quality, Runtime};
use sledform::observation::{Detection, Estimate, PersonDetector, PoseEstimator};
use sledform::skeleton::Keypoint;
use sledform::units::{Radians, Seconds};
use std::path::{Path, PathBuf};

/// Largest mean difference to the reference, share of the torso: the project's bar.
const LANDMARK_BAR: f64 = 0.001;
/// Scores, boxes and regions differ by rounding alone: other kernels add in another order, in 32 bits. Observed
/// below 1e-5 for scores and 0.02 px; a wrong step of the processing gives a hundred times more.
const SCORE_TOLERANCE: f64 = 1e-4;
const BOX_TOLERANCE_PX: f64 = 0.05;
/// Visibility and presence may differ a little more, as logits near 0 amplify the input's rounding.
const CONFIDENCE_TOLERANCE: f64 = 2e-3;
/// The only frame whose next region can be compared: `MediaPipe` smooths its two points over time, even between
/// unrelated single frames, and this one came first.
const FIRST_FRAME: &str = "push_good_020.png";

struct Home(PathBuf);

impl Home {
    fn find() -> Option<Self> {
        let beside_manifest = || Path::new(env!("CARGO_MANIFEST_DIR")).join(".sledform");
        let home = Self(std::env::var_os("SLEDFORM_HOME").map_or_else(beside_manifest, PathBuf::from));
        let names = Quality::ALL.map(Quality::model_name);
        let there = names.iter().chain([&DETECTOR_NAME]).all(|name| home.model(name).is_file());
        if there && home.library().is_file() {
            return Some(home);
        }
        println!("skipped: no models in {} (run ./run once, or set SLEDFORM_HOME)", home.0.display());
        None
    }

    fn library(&self) -> PathBuf {
        self.0.join("onnxruntime/libonnxruntime.so")
    }

    fn model(&self, name: &str) -> PathBuf {
        self.0.join("models").join(format!("{name}.onnx"))
    }

    fn runtime(&self) -> Runtime {
        Runtime::load(&self.library()).expect("the library is there")
    }

    fn detector(&self) -> BlazeDetector {
        BlazeDetector::open(&self.runtime(), &self.model(DETECTOR_NAME)).expect("the detector is there")
    }

    fn pose(&self, quality: Quality) -> BlazePose {
        BlazePose::open(&self.runtime(), &self.model(quality.model_name())).expect("the model is there")
    }
}

fn reference_folder() -> PathBuf {
    match std::env::var_os("SLEDFORM_SHARED") {
        Some(shared) => PathBuf::from(shared).join("reference"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference"),
    }
}

/// The frames by name, in order of name.
fn frames() -> Vec<(String, Frame)> {
    let folder = reference_folder().join("frames");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("frames").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let named =
        |path: PathBuf| (path.file_name().expect("a name").to_string_lossy().into_owned(), read(&path));
    paths.into_iter().map(named).collect()
}

fn read(path: &Path) -> Frame {
    let picture = image::open(path).expect("a picture").into_rgb8();
    let size = PixelSize { width: picture.width(), height: picture.height() };
    let mut bgr = picture.into_raw();
    bgr.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
    Frame { index: 0, time: Seconds(0.0), size, bgr, background: None, duplicate: false }
}

fn answers(quality: Quality) -> Value {
    let name = quality.model_name().replace("pose_landmark", "mediapipe_0.10.21");
    let text = std::fs::read_to_string(reference_folder().join(name + ".json")).expect("answers");
    serde_json::from_str(&text).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// Row of x and y as shares of the picture, in px.
fn point(row: &Value, size: PixelSize) -> Point<Image> {
    Point::new(number(&row[0]) * f64::from(size.width), number(&row[1]) * f64::from(size.height))
}

/// Row of centre, size (shares of the picture) and rotation.
fn region(row: &Value, size: PixelSize) -> Region {
    let side = number(&row[2]) * f64::from(size.width);
    Region { centre: point(row, size), side, rotation: Radians(number(&row[4])) }
}

/// Largest distance of the corners of two regions, px.
fn corners_apart(a: Region, b: Region) -> f64 {
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| Point::new(x, y));
    corners.map(|c| a.image_from_crop(c).distance(b.image_from_crop(c))).into_iter().fold(0.0, f64::max)
}

fn torso_length(landmarks: &Value, size: PixelSize) -> f64 {
    let at = |keypoint: Keypoint| point(&landmarks[keypoint.index()], size);
    let shoulders = at(Keypoint::LeftShoulder).midpoint(at(Keypoint::RightShoulder));
    shoulders.distance(at(Keypoint::LeftHip).midpoint(at(Keypoint::RightHip)))
}

/// Distances of the 33 landmarks to the reference, share of the torso; and the largest difference of a confidence.
fn landmark_differences(estimate: &Estimate, landmarks: &Value, size: PixelSize) -> (Vec<f64>, f64) {
    let torso = torso_length(landmarks, size);
    let mut doubt: f64 = 0.0;
    let rows = landmarks.as_array().expect("rows");
    let distances = Keypoint::ALL.into_iter().zip(rows).map(|(keypoint, row)| {
        let found = estimate.pose.get(keypoint).expect("every landmark is finite");
        let confidence = number(&row[3]).min(number(&row[4]));
        doubt = doubt.max((f64::from(found.confidence.value()) - confidence).abs());
        found.position.distance(point(row, size)) / torso
    });
    (distances.collect(), doubt)
}

/// Largest differences to the reference of one model.
#[derive(Default)]
struct Worst {
    confidence: f64,
    next_region_px: Option<f64>,
    frame: f64,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn compare(home: &Home, quality: Quality) -> (f64, Worst) {
    let (mut detector, mut pose) = (home.detector(), home.pose(quality));
    let (answers, mut all, mut worst) = (answers(quality), Vec::new(), Worst::default());
    for (name, frame) in frames() {
        let people = detector.detect(&frame).expect("the detector runs");
        let person = people.first().unwrap_or_else(|| panic!("nobody found in {name}"));
        let estimate = pose.estimate(&frame, person.region).expect("the model runs");
        let estimate = estimate.unwrap_or_else(|| panic!("no pose in {name}"));
        let expected = &answers[&name];
        let (distances, doubt) = landmark_differences(&estimate, &expected["lm"], frame.size);
        if name == FIRST_FRAME {
            let next = region(&expected["pose_rect_from_landmarks"], frame.size);
            worst.next_region_px = Some(corners_apart(estimate.region, next));
        }
        worst.confidence = worst.confidence.max(doubt);
        worst.frame = worst.frame.max(mean(&distances));
        all.extend(distances);
    }
    assert!(all.len() >= 6 * 33, "all frames were compared");
    (mean(&all), worst)
}

#[test]
fn landmarks_are_those_of_mediapipe() {
    let Some(home) = Home::find() else { return };
    for quality in Quality::ALL {
        let (mean, worst) = compare(&home, quality);
        let next = worst.next_region_px.expect("the first frame is among them");
        println!(
            "{}: mean difference {:.4} % of the torso, worst frame {:.4} %; confidence within {:.1e}, next region within {next:.3} px",
            quality.model_name(),
            100.0 * mean,
            100.0 * worst.frame,
            worst.confidence,
        );
        assert!(mean <= LANDMARK_BAR, "{}: {mean}", quality.model_name());
        assert!(worst.confidence < CONFIDENCE_TOLERANCE, "{}: {}", quality.model_name(), worst.confidence);
        assert!(next < BOX_TOLERANCE_PX, "{}: {next}", quality.model_name());
    }
}

#[test]
fn detections_are_those_of_mediapipe() {
    let Some(home) = Home::find() else { return };
    let (mut detector, answers) = (home.detector(), answers(Quality::Full));
    let (mut worst_score, mut worst_box, mut worst_region) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (name, frame) in frames() {
        let people = detector.detect(&frame).expect("the detector runs");
        let found: &Detection = people.first().unwrap_or_else(|| panic!("nobody found in {name}"));
        let expected = &answers[&name];
        worst_score =
            worst_score.max((f64::from(found.score.value()) - number(&expected["det"]["score"])).abs());
        let corner = point(&expected["det"]["box"], frame.size);
        let extent =
            point(&Value::from(expected["det"]["box"].as_array().expect("a box")[2..].to_vec()), frame.size);
        let bounds = found.bounds;
        for (is, should) in [
            (bounds.left, corner.x),
            (bounds.top, corner.y),
            (bounds.width(), extent.x),
            (bounds.height(), extent.y),
        ] {
            worst_box = worst_box.max((is - should).abs());
        }
        let asked = region(&expected["pose_rect_from_detection"], frame.size);
        worst_region = worst_region.max(corners_apart(found.region, asked));
    }
    println!(
        "detector: score within {worst_score:.1e}, box within {worst_box:.4} px, region within {worst_region:.4} px"
    );
    assert!(worst_score < SCORE_TOLERANCE, "{worst_score}");
    assert!(worst_box < BOX_TOLERANCE_PX, "{worst_box}");
    assert!(worst_region < BOX_TOLERANCE_PX, "{worst_region}");
}

#[test]
fn a_closer_look_finds_the_same_person() {
    let Some(home) = Home::find() else { return };
    let mut detector = home.detector();
    for (name, frame) in frames() {
        let seen = detector.detect(&frame).expect("the detector runs")[0];
        let around = Region { side: 1.3 * seen.region.side, rotation: Radians(0.0), ..seen.region };
        let closer = detector.detect_in(&frame, around).expect("the detector runs");
        let closest = closer.first().unwrap_or_else(|| panic!("nobody found in {name} from close by"));
        let apart = closest.region.centre.distance(seen.region.centre);
        assert!(apart < 0.1 * seen.region.side, "{name}: {apart} px of {}", seen.region.side);
    }
}

#[test]
fn every_session_and_every_run_gives_the_same_bits() {
    let Some(home) = Home::find() else { return };
    let frames: Vec<_> = frames().into_iter().map(|(_, frame)| frame).take(4).collect();
    let run = |quality: Quality| {
        let (mut detector, mut pose) = (home.detector(), home.pose(quality));
        let mut look = |frame: &Frame| {
            let people = detector.detect(frame).expect("the detector runs");
            let estimate = pose.estimate(frame, people[0].region).expect("the model runs");
            (people, estimate.expect("somebody is there"))
        };
        // Backwards first, so that what a session did before cannot matter unnoticed.
        let mut backwards: Vec<_> = frames.iter().rev().map(&mut look).collect();
        backwards.reverse();
        let forwards: Vec<_> = frames.iter().map(look).collect();
        assert_eq!(bits(&backwards), bits(&forwards), "{quality:?}");
        bits(&forwards)
    };
    for quality in Quality::ALL {
        let alone = run(quality);
        let together: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..3).map(|_| scope.spawn(|| run(quality))).collect();
            workers.into_iter().map(|w| w.join().expect("a worker")).collect()
        });
        assert!(together.iter().all(|other| *other == alone), "{quality:?}");
    }
}

/// Every number of the answers, bit for bit.
fn bits(answers: &[(Vec<Detection>, Estimate)]) -> Vec<u64> {
    let of_region = |r: Region| [r.centre.x, r.centre.y, r.side, r.rotation.0].map(f64::to_bits);
    let mut all = Vec::new();
    for (people, estimate) in answers {
        for person in people {
            all.push(u64::from(person.score.value().to_bits()));
            all.extend(of_region(person.region));
        }
        for (_, landmark) in estimate.pose.seen() {
            all.extend([landmark.position.x.to_bits(), landmark.position.y.to_bits()]);
            all.push(u64::from(landmark.confidence.value().to_bits()));
        }
        all.extend(of_region(estimate.region));
    }
    all
}

#[test]
fn nobody_is_found_in_an_empty_picture_nor_in_a_region_without_size() {
    let Some(home) = Home::find() else { return };
    let size = PixelSize { width: 320, height: 180 };
    let grey = vec![128; size.frame_bytes()];
    let frame = Frame { index: 7, time: Seconds(0.0), size, bgr: grey, background: None, duplicate: false };
    let (mut detector, mut pose) = (home.detector(), home.pose(Quality::Lite));
    assert_eq!(detector.detect(&frame).expect("the detector runs"), Vec::new());
    let at = |side| Region { centre: Point::new(160.0, 90.0), side, rotation: Radians(0.0) };
    assert_eq!(pose.estimate(&frame, at(180.0)).expect("the model runs"), None);
    assert_eq!(pose.estimate(&frame, at(0.0)).expect("nothing to run"), None);
    assert_eq!(detector.detect_in(&frame, at(f64::NAN)).expect("nothing to run"), Vec::new());
}

#[test]
fn missing_damaged_and_foreign_models_are_told_apart() {
    let Some(home) = Home::find() else { return };
    let runtime = home.runtime();
    let folder = tempfile::tempdir().expect("a folder");
    let error = |path: &Path| BlazePose::open(&runtime, path).err();

    let missing = error(&folder.path().join("none.onnx"));
    assert!(matches!(missing, Some(InferenceError::ModelMissing { .. })), "{missing:?}");

    let text = folder.path().join("text.onnx");
    std::fs::write(&text, "this is no model").expect("written");
    let damaged = error(&text);
    assert!(matches!(damaged, Some(InferenceError::ModelDamaged { .. })), "{damaged:?}");

    let whole = std::fs::read(home.model(Quality::Lite.model_name())).expect("the model");
    let half = folder.path().join("half.onnx");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("written");
    let damaged = error(&half);
    assert!(matches!(damaged, Some(InferenceError::ModelDamaged { .. })), "{damaged:?}");

    let foreign = error(&home.model(DETECTOR_NAME));
    assert!(matches!(foreign, Some(InferenceError::ModelForeign { .. })), "{foreign:?}");
    for message in [missing, damaged, foreign].into_iter().flatten().map(|e| e.to_string()) {
        println!("{message}");
        assert!(message.contains("sledform models fetch") && !message.contains('\n'), "{message}");
    }
}

#[test]
fn the_runtime_says_what_it_is() {
    let Some(home) = Home::find() else { return };
    let runtime = home.runtime();
    let version = runtime.version().expect("the library states its version");
    println!("ONNX Runtime {version}, {}; {}", runtime.providers().join(", "), runtime.build());
    assert!(version.starts_with("1."), "{version}");
    assert!(runtime.providers().iter().any(|p| p == "CPUExecutionProvider"));
    let again = Runtime::load(Path::new("/nowhere")).expect("the library already loaded is used");
    assert_eq!(again.library(), runtime.library());
}
