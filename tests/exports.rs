//! What other programs read: motion files come back as they were written, the summary fits its published schema, and
//! only what is asked for is written.

#[path = "exports/schema.rs"]
mod schema;

use sledform::analysis::{Analysis, Settings, analyze};
use sledform::camera::scale::ScaleChoice;
use sledform::export::{Format, Formats};
use sledform::import::{self, ImportOptions, truth};
use sledform::observation::Recording;
use sledform::results::{self, ResultOptions, angle_rows, keypoint_rows};
use sledform::signal::series::Sample;
use sledform::skeleton::{Angle, Keypoint};
use sledform::store::OutputFolder;
use sledform::synthetic::{Athlete, Exercise};
use sledform::units::Seconds;
use std::path::Path;

/// Half of the last digit written, and what a double adds to it.
const HALF_OF_LAST_DIGIT: f64 = 0.5 + 1e-6;
/// Last digit of a pixel in the .trc.
const PX: f64 = 1e-4;
/// Last digit of a degree in the .mot.
const DEG: f64 = 1e-4;
/// Last digit of a second.
const SECOND: f64 = 1e-6;

/// A noisy athlete who goes unseen for a while, with the leg's length known.
fn analysed() -> (Recording, Settings, Analysis) {
    let athlete = Athlete::new(Exercise::SledPush).noise(0.01).hole(2.0..2.4).lasting(4.0);
    let recording = athlete.recording();
    let mut settings = Settings::default();
    settings.motion.scale = ScaleChoice::LegLength(0.9);
    let analysis = analyze(&recording, &settings);
    (recording, settings, analysis)
}

fn written(folder: &Path, formats: Formats, settings: &Settings) -> Vec<String> {
    let (recording, _, _) = analysed();
    let analysis = analyze(&recording, settings);
    let options = ResultOptions { formats, ..ResultOptions::default() };
    let folder = OutputFolder::create(folder).unwrap();
    results::write(&folder, &recording, &analysis, settings, &options).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn only(format: Format) -> Formats {
    [format].into_iter().collect()
}

#[test]
fn keypoints_in_pixels_come_back_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (recording, settings, analysis) = analysed();
    written(folder.path(), only(Format::Trc), &settings);
    let back = import::open(&folder.path().join("keypoints.trc"), &ImportOptions::default()).unwrap();
    assert_eq!(back.frames.len(), recording.frames.len());
    let (mut compared, mut missing) = (0, 0);
    for (row, frame) in keypoint_rows(&recording, analysis.athlete.as_ref()).zip(&back.frames) {
        assert!((row.time.0 - frame.time.0).abs() <= HALF_OF_LAST_DIGIT * SECOND);
        for keypoint in Keypoint::ALL {
            let found = frame.people.first().and_then(|p| p.pose.get(keypoint));
            match (row.filtered[keypoint.index()], found) {
                (Some(wrote), Some(read)) => {
                    let (dx, dy) = (wrote.value.x - read.position.x, wrote.value.y - read.position.y);
                    assert!(dx.abs().max(dy.abs()) <= HALF_OF_LAST_DIGIT * PX, "{keypoint} {dx} {dy}");
                    compared += 1;
                }
                (None, None) => missing += 1,
                // The middles of the sides stand in for what the model lacks.
                (None, Some(_)) if [Keypoint::MidHip, Keypoint::Neck].contains(&keypoint) => {}
                (wrote, read) => panic!("{keypoint} in frame {}: {wrote:?} {read:?}", row.frame),
            }
        }
    }
    assert!(compared > 1000 && missing > 100, "{compared} compared, {missing} missing");
}

/// What was moved to joint centres is not moved again, and the estimated neck is not taken for the model's own.
#[test]
fn our_own_keypoints_give_the_same_angles_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = Athlete::new(Exercise::SledPush).lasting(4.0).recording();
    recording.pose_model.name = "pose_landmark_full".to_owned();
    let settings = Settings::default();
    let analysis = analyze(&recording, &settings);
    let out = OutputFolder::create(folder.path()).unwrap();
    let options = ResultOptions { formats: only(Format::Csv), ..ResultOptions::default() };
    results::write(&out, &recording, &analysis, &settings, &options).unwrap();
    let size = Some(recording.clip.size);
    let back =
        import::open(&folder.path().join("keypoints.csv"), &ImportOptions { size, fps: None }).unwrap();
    let again = analyze(&back, &settings);
    let angles = |analysis: &Analysis| analysis.athlete.as_ref().unwrap().prepared.movement.angles.clone();
    let (first, second) = (angles(&analysis), angles(&again));
    for angle in [Angle::Trunk, Angle::LeftHip, Angle::RightHip, Angle::LeftShoulder, Angle::LeftKnee] {
        let apart = first.get(angle).with(second.get(angle), |a, b| (a.to_degrees() - b.to_degrees()).abs());
        let apart: Vec<f64> = apart.present().map(|(_, d)| d).collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        assert!(apart.len() > 100 && mean < 0.5, "{angle:?}: {mean} apart over {}", apart.len());
    }
    let unsure = |analysis: &Analysis| {
        let of = &analysis.athlete.as_ref().unwrap().prepared.movement.angle_uncertainty;
        [Angle::Trunk, Angle::LeftKnee].map(|angle| of[angle.index()].to_degrees())
    };
    for (a, b) in unsure(&analysis).into_iter().zip(unsure(&again)) {
        assert!((a - b).abs() < 0.5, "{a} and {b}");
    }
}

#[test]
fn metres_are_pixels_times_the_scale_with_the_feet_on_the_floor() {
    let folder = tempfile::tempdir().unwrap();
    let (recording, settings, analysis) = analysed();
    written(folder.path(), only(Format::Trc), &settings);
    let path = folder.path().join("keypoints_m.trc");
    // Our own importer wants pixels, and says which file to give instead.
    let refused = import::open(&path, &ImportOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("metres"), "{refused}");

    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(lines[2][4], "m");
    let knee = lines[3].iter().position(|name| *name == "RKnee").unwrap();
    let ankle = lines[3].iter().position(|name| *name == "RAnkle").unwrap();
    let athlete = analysis.athlete.as_ref().unwrap();
    let metres_per_px = athlete.prepared.scale.metres_per_px.unwrap();
    let cell = |line: &[&str], column: usize| line[column].parse::<f64>().ok();
    let mut compared = 0;
    for (row, line) in keypoint_rows(&recording, Some(athlete)).zip(&lines[5..]) {
        let at = |k: Keypoint| row.filtered[k.index()].map(|s: Sample<_>| s.value);
        let (Some(k), Some(a)) = (at(Keypoint::RightKnee), at(Keypoint::RightAnkle)) else {
            assert_eq!(cell(line, knee).zip(cell(line, ankle)), None);
            continue;
        };
        // The camera stands still and level here, so that the two files differ by scale, direction and origin alone.
        let shank = [
            cell(line, knee).unwrap() - cell(line, ankle).unwrap(),
            cell(line, knee + 1).unwrap() - cell(line, ankle + 1).unwrap(),
        ];
        assert!((shank[0] - (k.x - a.x) * metres_per_px).abs() < 1e-5);
        assert!((shank[1] + (k.y - a.y) * metres_per_px).abs() < 1e-5);
        let height = cell(line, ankle + 1).unwrap();
        assert!((-0.05..0.8).contains(&height), "an ankle {height} m above the floor");
        compared += 1;
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn angles_come_back_with_our_names_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    let (recording, settings, analysis) = analysed();
    written(folder.path(), only(Format::Mot), &settings);
    let sheet = truth::reference(&folder.path().join("angles.mot")).unwrap();
    assert_eq!(sheet.angles.len(), Angle::COUNT);
    let rows: Vec<_> = angle_rows(&recording, analysis.athlete.as_ref()).collect();
    let whole = rows.iter().filter(|r| r.angles.iter().all(Option::is_some)).count();
    assert!((60..recording.frames.len()).contains(&whole), "the hole leaves {whole} whole frames");
    let near = |a: Seconds, b: Seconds| (a - b).0.abs() <= HALF_OF_LAST_DIGIT * SECOND;
    for track in &sheet.angles {
        assert_eq!(track.samples.len(), whole, "{}", track.angle);
        for &(time, read) in &track.samples {
            let row = rows.iter().find(|r| near(r.time, time)).unwrap();
            let wrote = row.angles[track.angle.index()].unwrap().value;
            // The importer wraps; whole turns do not count.
            let apart = (wrote - read).wrapped().to_degrees().abs();
            assert!(apart <= HALF_OF_LAST_DIGIT * DEG, "{} at {}: {apart}", track.angle, time.0);
        }
    }
}

#[test]
fn only_what_is_asked_for_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    assert_eq!(written(folder.path(), only(Format::Json), &settings), ["summary.json"]);
    assert_eq!(written(folder.path(), only(Format::Mot), &settings), ["angles.mot", "summary.json"]);
    let all = written(folder.path(), Formats::default(), &settings);
    let is_built = cfg!(feature = "parquet");
    assert_eq!(all.contains(&"angles.parquet".to_owned()), is_built, "{all:?}");
    assert_eq!(all.contains(&"strides.parquet".to_owned()), is_built, "{all:?}");
    for name in [
        "keypoints.csv",
        "angles.csv",
        "strides.csv",
        "events.csv",
        "waveforms.csv",
        "findings.csv",
        "keypoints.trc",
    ] {
        assert!(all.contains(&name.to_owned()), "{name} is not in {all:?}");
    }
    assert!(!all.contains(&"keypoints_m.trc".to_owned()), "there is no scale");
}

#[test]
fn metres_of_an_earlier_analysis_do_not_outlive_its_scale() {
    let folder = tempfile::tempdir().unwrap();
    let (_, with_scale, _) = analysed();
    let has_metres = |names: Vec<String>| names.contains(&"keypoints_m.trc".to_owned());
    assert!(has_metres(written(folder.path(), only(Format::Trc), &with_scale)));
    assert!(!has_metres(written(folder.path(), only(Format::Trc), &Settings::default())));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, settings, _) = analysed();
    let names = written(a.path(), Formats::default(), &settings);
    assert_eq!(written(b.path(), Formats::default(), &settings), names);
    for name in names {
        let bytes = |folder: &Path| std::fs::read(folder.join(&name)).unwrap();
        assert!(bytes(a.path()) == bytes(b.path()), "{name} differs");
    }
}

#[test]
fn nobody_leaves_tables_and_a_summary_and_no_motion_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut recording, settings, _) = analysed();
    recording.frames.iter_mut().for_each(|f| f.people.clear());
    let analysis = analyze(&recording, &settings);
    let output = OutputFolder::create(folder.path()).unwrap();
    results::write(&output, &recording, &analysis, &settings, &ResultOptions::default()).unwrap();
    assert!(folder.path().join("angles.csv").is_file() && folder.path().join("summary.json").is_file());
    assert!(!folder.path().join("angles.mot").exists() && !folder.path().join("keypoints.trc").exists());
    schema::assert_fits(&std::fs::read_to_string(folder.path().join("summary.json")).unwrap());
}

#[test]
fn summaries_fit_the_published_schema() {
    for exercise in Exercise::ALL {
        let folder = tempfile::tempdir().unwrap();
        let recording = Athlete::new(exercise).noise(0.01).recording();
        let mut settings = Settings::default();
        settings.motion.scale = ScaleChoice::AthleteHeight(1.8);
        let analysis = analyze(&recording, &settings);
        let options = ResultOptions {
            created: Some("2026-01-31T12:00:00Z".to_owned()),
            told: [("load_kg".to_owned(), 80.into())].into(),
            ..ResultOptions::default()
        };
        let output = OutputFolder::create(folder.path()).unwrap();
        results::write(&output, &recording, &analysis, &settings, &options).unwrap();
        schema::assert_fits(&std::fs::read_to_string(folder.path().join("summary.json")).unwrap());
    }
}
