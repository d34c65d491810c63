//! Every accepted form gives the right points at the right times; anything else says what to give.

use super::*;
use crate::skeleton::Keypoint;
use std::fs;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn fps(rate: f64) -> ImportOptions {
    ImportOptions { fps: Some(Hertz(rate)), size: None }
}

fn with_size(width: u32, height: u32) -> ImportOptions {
    ImportOptions { fps: None, size: Some(PixelSize { width, height }) }
}

fn imported(name: &str, text: &str, options: &ImportOptions) -> Result<Recording, ImportError> {
    let place = Place::new();
    open(&place.file(name, text), options)
}

fn error(name: &str, text: &str, options: &ImportOptions) -> String {
    imported(name, text, options).unwrap_err().to_string()
}

/// Position and confidence of a keypoint of the first person.
fn seen(recording: &Recording, frame: usize, keypoint: Keypoint) -> Option<(f64, f64, f32)> {
    let landmark = recording.frames[frame].people.first()?.pose.get(keypoint)?;
    Some((landmark.position.x, landmark.position.y, landmark.confidence.value()))
}

fn times(recording: &Recording) -> Vec<f64> {
    recording.frames.iter().map(|f| f.time.0).collect()
}

/// OpenPose numbers of a person whose point i is at (10 i + dx, 5 i + 1) with confidence 0.5, the last point missing.
fn flat(count: usize, dx: f64) -> String {
    let mut rows: Vec<String> =
        (0..count).map(|i| format!("{},{},0.5", 10.0 * i as f64 + dx, 5 * i + 1)).collect();
    rows[count - 1] = "0,0,0".to_owned();
    rows.join(",")
}

fn openpose(people: &[String]) -> String {
    let people: Vec<_> = people.iter().map(|p| format!("{{\"pose_keypoints_2d\":[{p}]}}")).collect();
    format!("{{\"version\":1.3,\"people\":[{}]}}", people.join(","))
}

#[test]
fn a_folder_of_openpose_frames_with_two_people_and_a_gap() {
    let place = Place::new();
    let (a, b) = (|dx| flat(25, dx), |dx| flat(25, 900.0 + dx));
    place.file("run_000000000009_keypoints.json", &openpose(&[a(0.0), b(0.0)]));
    place.file("run_000000000010_keypoints.json", &openpose(&[b(2.0), a(2.0)]));
    place.file("run_000000000012_keypoints.json", &openpose(&[]));
    assert_eq!(recognise(place.folder.path()), Some(Format::JsonFolder));
    let recording = open(place.folder.path(), &fps(50.0)).unwrap();
    assert_eq!(recording.pose_model.name, "OpenPose BODY_25");
    assert_eq!(times(&recording), [0.0, 0.02, 0.06]);
    assert_eq!(recording.clip.time_source, TimeSource::FrameRate);
    // Point 10 of BODY_25 is the right knee; the last, the right heel, is missing.
    assert_eq!(seen(&recording, 0, Keypoint::RightKnee), Some((100.0, 51.0, 0.5)));
    assert_eq!(seen(&recording, 1, Keypoint::RightKnee), Some((102.0, 51.0, 0.5)));
    assert_eq!(recording.frames[1].people.len(), 2);
    assert_eq!(seen(&recording, 0, Keypoint::RightHeel), None);
    assert_eq!(seen(&recording, 0, Keypoint::LeftIndex), None, "what a skeleton lacks is missing");
    assert!(recording.frames[2].people.is_empty());
    assert!(recording.warnings.iter().any(|w| w.id == "size_guessed"));
}

#[test]
fn a_format_without_time_asks_for_the_rate() {
    let place = Place::new();
    place.file("f_0.json", &openpose(&[flat(17, 1.0)]));
    let error = open(place.folder.path(), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, ImportError::NeedsRate { .. }));
    assert!(error.to_string().contains("--fps"));
}

#[test]
fn rtmlib_and_mmpose_clips_are_read() {
    let points = |dx: f64| {
        let rows: Vec<_> = (0..26).map(|i| format!("[{},{}]", 10.0 * f64::from(i) + dx, 7 * i + 1)).collect();
        format!("[{}]", rows.join(","))
    };
    let scores = format!("[{}]", vec!["1.04"; 26].join(","));
    let rtmlib = format!(
        "{{\"fps\":25,\"width\":640,\"height\":480,\"frames\":[{{\"keypoints\":[{}],\"scores\":[{scores}]}},\
         {{\"keypoints\":[],\"scores\":[]}}]}}",
        points(0.0)
    );
    let recording = imported("clip.json", &rtmlib, &ImportOptions::default()).unwrap();
    assert_eq!(recording.pose_model.name, "rtmlib HALPE-26");
    assert_eq!(times(&recording), [0.0, 0.04]);
    assert_eq!(recording.clip.size, PixelSize { width: 640, height: 480 });
    // Point 20 of HALPE-26 is the left big toe; confidence above 1 counts as 1.
    assert_eq!(seen(&recording, 0, Keypoint::LeftFootIndex), Some((200.0, 141.0, 1.0)));
    assert!(recording.frames[1].people.is_empty() && recording.warnings.is_empty());

    let instance = format!("{{\"keypoints\":{},\"keypoint_scores\":{scores}}}", points(5.0));
    let mmpose = format!("{{\"instance_info\":[{{\"frame_id\":1,\"instances\":[{instance}]}}]}}");
    let recording = imported("mm.json", &mmpose, &fps(30.0)).unwrap();
    assert_eq!(recording.pose_model.name, "MMPose HALPE-26");
    assert_eq!(seen(&recording, 0, Keypoint::MidHip), Some((195.0, 134.0, 1.0)));

    // One person, no scores.
    let bare = format!("[{{\"keypoints\":{}}}]", points(0.0));
    let recording = imported("bare.json", &bare, &fps(30.0)).unwrap();
    assert!(recording.warnings.iter().any(|w| w.id == "no_confidence"));
    assert_eq!(seen(&recording, 0, Keypoint::Head), Some((170.0, 120.0, 1.0)));
}

#[test]
fn mediapipe_json_is_read_and_scaled() {
    let points: Vec<_> = (0..33)
        .map(|i| format!("{{\"x\":{},\"y\":0.5,\"z\":0.1,\"visibility\":0.25}}", f64::from(i) / 40.0))
        .collect();
    let points = format!("[{}]", points.join(","));
    let text = format!(
        "[{{\"timestamp_ms\":1000,\"landmarks\":{points}}},{{\"timestamp_ms\":1033,\"landmarks\":null}},\
         {{\"timestamp_ms\":1067,\"pose_landmarks\":[{points}]}}]"
    );
    assert!(
        error("mp.json", &text, &ImportOptions::default()).contains("--picture-width and --picture-height")
    );
    let recording = imported("mp.json", &text, &with_size(400, 200)).unwrap();
    assert_eq!(recording.pose_model.name, "MediaPipe MediaPipe-33");
    let expected = [0.0, 0.033, 0.067];
    assert!(times(&recording).iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9));
    assert_eq!(recording.clip.time_source, TimeSource::File);
    for frame in [0, 2] {
        assert_eq!(seen(&recording, frame, Keypoint::RightKnee), Some((260.0, 100.0, 0.25)));
    }
    assert_eq!(seen(&recording, 0, Keypoint::Neck), None);
}

const TRC: &str = "PathFileType\t4\t(X/Y/Z)\tclip_px.trc\n\
    DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n\
    50\t50\t3\t3\tm\t50\t0\t3\n\
    Frame#\tTime\tHip\t\t\tRBigToe\t\t\tCar\t\t\n\
    \t\tX1\tY1\tZ1\tX2\tY2\tZ2\tX3\tY3\tZ3\n\
    \n\
    0\t0.2\t100.5\t200.25\t0\t\t\t\t1\t2\t0\n\
    1\t0.22\t101.5\t201\t0\t300\t400\t0\t1\t2\t0\n\
    2\t0.24\n";

#[test]
fn trc_in_pixels_is_read() {
    let recording = imported("a_px_person00.TRC", TRC, &with_size(1920, 1080)).unwrap();
    assert_eq!(seen(&recording, 0, Keypoint::MidHip), Some((100.5, 200.25, 1.0)));
    assert_eq!(seen(&recording, 0, Keypoint::RightFootIndex), None, "an empty cell is missing");
    assert_eq!(seen(&recording, 1, Keypoint::RightFootIndex), Some((300.0, 400.0, 1.0)));
    assert!(recording.frames[2].people.is_empty());
    assert!((times(&recording)[2] - 0.04).abs() < 1e-9);
    assert_eq!(recording.clip.nominal_rate, Some(Hertz(50.0)));
    assert!(recording.warnings.iter().any(|w| w.id == "no_confidence"));
    assert_eq!(recording.clip.sha256.map(|hash| hash.len()), Some(64));
}

#[test]
fn trc_in_metres_or_of_something_else_is_refused() {
    let metres = TRC.replace("100.5", "0.5").replace("200.25", "0.2").replace("101.5\t201", "0.5\t0.2");
    let metres = metres.replace("300\t400", "0.3\t0.4");
    assert!(error("m.trc", &metres, &ImportOptions::default()).contains("_px_"));
    let foreign = TRC.replace("Hip", "Wheel").replace("RBigToe", "Door");
    assert!(error("w.trc", &foreign, &ImportOptions::default()).contains("Wheel, Door, Car"));
    assert!(error("h.trc", "nothing\n", &ImportOptions::default()).contains("Frame#"));
    let broken = TRC.replace("201", "two");
    assert!(error("b.trc", &broken, &ImportOptions::default()).contains("line 8: 'two' in column 4"));
}

#[test]
fn mediapipe_tables_are_read_wide_and_long() {
    let named = "frame,time_s,left_knee_x,left_knee_y,left_knee_visibility,RIGHT_HIP.x,RIGHT_HIP.y\n\
                 0,0.0,100,200,0.75,,\n1,0.04,101,201,0.5,50,60\n";
    let numbered =
        "frame,timestamp_ms,x25,y25,v25,x24,y24,x0,y0\n0,0,100,200,0.75,,,,\n1,40,101,201,0.5,50,60,,\n";
    let from_one = "frame,timestamp_ms,26_x,26_y,26_v,landmark_25_x,landmark_25_y\n0,0,100,200,0.75,,\n1,40,101,201,0.5,50,60\n";
    let long = "frame,time,landmark,x,y,z,visibility\n0,0,25,100,200,0,0.75\n1,0.04,LEFT_KNEE,101,201,0,0.5\n\
                1,0.04,24,50,60,0,\n";
    for (name, text) in [("named", named), ("numbered", numbered), ("from_one", from_one), ("long", long)] {
        let recording = imported("mp.csv", text, &ImportOptions::default()).unwrap();
        // 25 is the left knee, 24 the right hip.
        assert_eq!(seen(&recording, 0, Keypoint::LeftKnee), Some((100.0, 200.0, 0.75)), "{name}");
        assert_eq!(seen(&recording, 1, Keypoint::LeftKnee), Some((101.0, 201.0, 0.5)), "{name}");
        assert_eq!(seen(&recording, 0, Keypoint::RightHip), None, "{name}");
        assert_eq!(seen(&recording, 1, Keypoint::RightHip), Some((50.0, 60.0, 1.0)), "{name}");
        assert!((times(&recording)[1] - 0.04).abs() < 1e-9, "{name}");
    }
    let nobody = long.to_owned() + "2,0.08,,,,,\n";
    let recording = imported("mp.csv", &nobody, &ImportOptions::default()).unwrap();
    assert!(recording.frames.len() == 3 && recording.frames[2].people.is_empty());
    let beyond = "frame,x0,y0,x40,y40\n0,1,2,3,4\n";
    assert_eq!(recognise(&Place::new().file("b.csv", beyond)), None);
    let in_ms = named.replace("0.04,", "40,");
    assert!(error("ms.csv", &in_ms, &ImportOptions::default()).contains("timestamp_ms"));
    let bad = long.replace("LEFT_KNEE", "tail");
    assert!(error("bad.csv", &bad, &ImportOptions::default()).contains("line 3: 'tail'"));
}

#[test]
fn our_own_table_comes_back_without_what_was_invented() {
    let header = "frame,time_s,left_hip_x_px,left_hip_y_px,left_hip_confidence,left_hip_source";
    let text = format!(
        "{header}\n0,0.000000,10.00,20.00,0.500,measured\n1,0.033333,11.00,21.00,0.400,interpolated\n"
    );
    let recording = imported("keypoints.csv", &text, &with_size(100, 80)).unwrap();
    assert_eq!(seen(&recording, 0, Keypoint::LeftHip), Some((10.0, 20.0, 0.5)));
    assert_eq!(seen(&recording, 1, Keypoint::LeftHip), None);
    assert!(recording.warnings.is_empty());

    let raw = format!(
        "{header},left_hip_raw_x_px,left_hip_raw_y_px,left_hip_raw_confidence\n\
         0,0.000000,10.00,20.00,0.500,interpolated,12.00,22.00,0.300\n"
    );
    let recording = imported("keypoints.csv", &raw, &with_size(100, 80)).unwrap();
    assert_eq!(seen(&recording, 0, Keypoint::LeftHip), Some((12.0, 22.0, 0.3)));
}

#[test]
fn gaitlab_pose_is_read() {
    let text = "{\"schema\":\"gaitlab.pose/v1\",\"source\":\"rtmpose-halpe26\",\"fps\":30.0,\"width\":720,\"height\":1280,\
                \"keypoint_names\":[\"nose\",\"mid_hip\",\"l_big_toe\"],\
                \"frames\":[[[1,2,1.035],[3,4,0.5],[null,null,0]],[]],\"timestamps\":[0.5,0.53]}";
    let recording = imported("male.pose.json", text, &ImportOptions::default()).unwrap();
    assert_eq!(recording.pose_model.name, "gaitlab.pose rtmpose-halpe26");
    assert_eq!(seen(&recording, 0, Keypoint::MidHip), Some((3.0, 4.0, 0.5)));
    assert_eq!(seen(&recording, 0, Keypoint::LeftFootIndex), None);
    assert!(recording.frames[1].people.is_empty());
    assert_eq!(recording.clip.size, PixelSize { width: 720, height: 1280 });
    let newer = text.replace("pose/v1", "pose/v2");
    assert!(
        error("n.json", &newer, &ImportOptions::default())
            .contains("gaitlab.pose/v2; gaitlab.pose/v1 is read")
    );
    let short = text.replace("[1,2,1.035],", "");
    assert!(error("s.json", &short, &ImportOptions::default()).contains("frame 0 has 2 points for 3 names"));
}

#[test]
fn bad_input_says_what_to_give() {
    let none = ImportOptions::default();
    assert!(matches!(open(Path::new("/nowhere/x.trc"), &none), Err(ImportError::NotThere { .. })));
    assert!(matches!(imported("notes.txt", "hello", &none), Err(ImportError::Unknown { .. })));
    assert!(matches!(
        imported("angles.csv", "frame,time_s,trunk_deg\n0,0,1\n", &none),
        Err(ImportError::Unknown { .. })
    ));
    assert!(matches!(open(Place::new().folder.path(), &none), Err(ImportError::Unknown { .. })));
    assert!(matches!(imported("e.json", &openpose(&[]), &fps(30.0)), Err(ImportError::Empty { .. })));
    let cases: [(String, &str); 6] = [
        ("{".to_owned(), "no JSON"),
        ("[{\"pose\":1}]".to_owned(), "no people, instances, keypoints or landmarks"),
        (openpose(&[flat(18, 0.0)]), "18 points; accepted are 17 (COCO-17), 25 (BODY_25), 26 (HALPE-26)"),
        (openpose(&["1,2,3,4".to_owned()]), "no triples"),
        (
            format!("[{},{}]", openpose(&[flat(17, 0.0)]), openpose(&[flat(25, 0.0)])),
            "frame 1: a person is BODY_25",
        ),
        ("[{\"keypoints\":[[1,2],[3,4]],\"scores\":[1]}]".to_owned(), "another number of scores"),
    ];
    for (text, expected) in cases {
        let error = error("bad.json", &text, &fps(30.0));
        assert!(error.contains(expected), "{error}");
    }
    let back = "frame,time_s,left_knee_x,left_knee_y\n0,0.5,100,200\n1,0.4,100,200\n";
    assert!(error("t.csv", back, &none).contains("frame 1 does not come after"));
}

#[test]
fn a_rate_that_is_not_needed_is_mentioned() {
    let recording = imported("a_px.trc", TRC, &fps(30.0)).unwrap();
    assert!(recording.warnings.iter().any(|w| w.id == "fps_not_used"));
    assert!((times(&recording)[1] - 0.02).abs() < 1e-9);
}

/// Real keypoints, where the reference data lies beside the project.
#[test]
fn the_treadmill_runner_of_the_reference_data_is_read() {
    let Some(shared) = std::env::var_os("SLEDFORM_SHARED") else {
        println!("skipped: SLEDFORM_SHARED does not say where the reference data is");
        return;
    };
    let path = Path::new(&shared).join("real/treadmill_run/male_side.pose.json");
    let recording = open(&path, &ImportOptions::default()).unwrap();
    assert_eq!(recording.frames.len(), 360);
    assert!(recording.frames.iter().all(|f| f.people.len() == 1 && f.people[0].pose.seen().count() == 22));
    assert_eq!(seen(&recording, 0, Keypoint::Nose), Some((228.166, 674.599, 1.0)));
    assert_eq!(recording.frames.iter().map(|f| f.people[0].track.0).max(), Some(0));
}
