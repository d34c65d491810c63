//! Other people's readers of the tables and motion files: pandas, pyarrow, a reader of `.trc`, and the ways Sports2D, Pose2Sim
//! and OpenSim (where it is installed) read. Every value is the one that was to be written. Skipped, and says so, where the
//! Python packages (`tests/readers/requirements.txt`) are not installed; `./test` installs them.

use serde_json::{Map, Value, json};
use sledform::analysis::{Analysis, Settings, analyze};
use sledform::camera::scale::ScaleChoice;
use sledform::export::mot::column_name;
use sledform::export::trc::marker_name;
use sledform::models;
use sledform::observation::Recording;
use sledform::results::{self, ResultOptions, angle_rows, keypoint_rows};
use sledform::skeleton::{Angle, AngleKind, Keypoint, Segment};
use sledform::store::OutputFolder;
use sledform::synthetic::{Athlete, Exercise};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Decimals of the files, as their pages state.
const TABLE: usize = 2;
const CONFIDENCE: usize = 3;
const MOTION: usize = 4;
const TIME: usize = 6;

fn python() -> Option<PathBuf> {
    let told = std::env::var_os("SLEDFORM_READERS").map(PathBuf::from);
    told.or_else(|| Some(models::home().join("readers/bin/python"))).filter(|p| p.is_file())
}

/// What a file holds where this was to be written.
fn written(value: Option<f64>, decimals: usize) -> Value {
    value.map_or(Value::Null, |v| json!(format!("{v:.decimals$}").parse::<f64>().expect("a number")))
}

struct Result {
    folder: tempfile::TempDir,
    recording: Recording,
    analysis: Analysis,
}

fn result(athlete: &Athlete) -> Result {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = athlete.recording();
    let mut settings = Settings::default();
    settings.motion.scale = ScaleChoice::LegLength(0.9);
    let analysis = analyze(&recording, &settings);
    let output = OutputFolder::create(folder.path()).expect("a folder");
    results::write(&output, &recording, &analysis, &settings, &ResultOptions::default()).expect("written");
    Result { folder, recording, analysis }
}

/// Columns of values by name.
type Columns = Map<String, Value>;

fn angles(result: &Result) -> Columns {
    let rows: Vec<_> = angle_rows(&result.recording, result.analysis.athlete.as_ref()).collect();
    let mut columns = Columns::new();
    let column =
        |of: &dyn Fn(&sledform::export::frames::AngleRow) -> Value| rows.iter().map(of).collect::<Value>();
    columns.insert("time_s".to_owned(), column(&|r| written(Some(r.time.0), TIME)));
    for angle in Angle::ALL {
        let sample = move |r: &sledform::export::frames::AngleRow| r.angles[angle.index()];
        columns.insert(
            format!("{angle}_deg"),
            column(&|r| written(sample(r).map(|s| s.value.to_degrees()), TABLE)),
        );
        let sure = |r: &_| written(sample(r).map(|s| f64::from(s.confidence.value())), CONFIDENCE);
        columns.insert(format!("{angle}_confidence"), column(&sure));
    }
    columns
}

/// As Sports2D defines them, in the lines in which every angle is known.
fn mot(result: &Result) -> Columns {
    let rows: Vec<_> = angle_rows(&result.recording, result.analysis.athlete.as_ref())
        .filter(|r| r.angles.iter().all(Option::is_some))
        .collect();
    let theirs = |angle: Angle, ours: f64| match angle.kind() {
        AngleKind::Joint(_) | AngleKind::Segment(Segment::Foot) => ours,
        AngleKind::Segment(Segment::Trunk) => 90.0 - ours,
        AngleKind::Segment(_) => ours - 90.0,
    };
    let times = rows.iter().map(|r| written(Some(r.time.0), TIME)).collect::<Value>();
    let mut columns = Columns::from_iter([("time".to_owned(), times)]);
    for angle in Angle::ALL {
        let value = |s: sledform::signal::series::Sample<_>| theirs(angle, degrees(s.value));
        let values =
            rows.iter().map(|r| written(r.angles[angle.index()].map(value), MOTION)).collect::<Value>();
        columns.insert(column_name(angle), values);
    }
    columns
}

fn degrees(angle: sledform::units::Radians) -> f64 {
    angle.to_degrees()
}

/// Keypoints of the model: `names` gives the columns of x and y.
fn keypoints(result: &Result, names: impl Fn(Keypoint) -> [String; 2], decimals: usize) -> Columns {
    let rows: Vec<_> = keypoint_rows(&result.recording, result.analysis.athlete.as_ref()).collect();
    let mut columns = Columns::new();
    for keypoint in Keypoint::ALL {
        let at = |place: usize| {
            let value = |r: &sledform::export::frames::KeypointRow| {
                r.filtered[keypoint.index()].map(|s| [s.value.x, s.value.y][place])
            };
            rows.iter().map(|r| written(value(r), decimals)).collect::<Vec<Value>>()
        };
        // The middles of both sides stand in for what the model lacks.
        if at(0).iter().any(|v| !v.is_null()) {
            let [x, y] = names(keypoint);
            columns.extend([(x, Value::from(at(0))), (y, Value::from(at(1)))]);
        }
    }
    columns
}

fn strides(result: &Result) -> Columns {
    let athlete = result.analysis.athlete.as_ref().expect("an athlete");
    let all = &athlete.gait.strides;
    let mut columns = Columns::new();
    let starts = all.iter().map(|s| written(Some(s.start.0), TIME)).collect::<Value>();
    columns.insert("start_s".to_owned(), starts);
    for (id, decimals) in
        [("trunk_mean_deg", 2), ("knee_rom_deg", 2), ("contact_time_s", 4), ("step_length_m", 4)]
    {
        let mut values = vec![Value::Null; all.len()];
        for one in athlete.metrics.per_stride(id) {
            values[one.stride] = written(one.reading.ok().map(|v| v.number), decimals);
        }
        columns.insert(id.to_owned(), values.into());
    }
    columns
}

/// The cells of a tab-separated file as text has them.
fn metres(result: &Result) -> Columns {
    let text = std::fs::read_to_string(result.folder.path().join("keypoints_m.trc")).expect("written");
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    let mut columns = Columns::new();
    for (place, name) in lines[3].iter().enumerate().skip(2).filter(|(_, name)| !name.is_empty()) {
        for (axis, shift) in [("x", 0), ("y", 1)] {
            let cell = |l: &Vec<&str>| l[place + shift].parse::<f64>().map_or(Value::Null, Value::from);
            columns.insert(format!("{name}.{axis}"), lines[5..].iter().map(cell).collect());
        }
    }
    columns
}

fn read_back(python: &Path, result: &Result) -> String {
    let marker = |k: Keypoint| ["x", "y"].map(|axis| format!("{}.{axis}", marker_name(k)));
    let column = |k: Keypoint| ["x", "y"].map(|axis| format!("{k}_{axis}_px"));
    let mut expected = json!({
        "angles.csv": angles(result),
        "strides.csv": strides(result),
        "keypoints.csv": keypoints(result, column, TABLE),
        "keypoints.trc": keypoints(result, marker, MOTION),
        "keypoints_m.trc": metres(result),
        "angles.mot": mot(result),
    });
    if cfg!(feature = "parquet") {
        expected["angles.parquet"] = angles(result).into();
        expected["strides.parquet"] = strides(result).into();
    }
    let path = result.folder.path().join("expected.json");
    std::fs::write(&path, expected.to_string()).expect("written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/read_back.py");
    let run = Command::new(python).arg("-B").arg(script).arg(result.folder.path()).arg(&path).output();
    let run = run.expect("Python starts");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    said
}

#[test]
fn other_peoples_readers_read_what_was_written() {
    let Some(python) = python() else {
        println!(
            "skipped: the Python packages of tests/readers/requirements.txt are not installed; ./test installs them"
        );
        return;
    };
    // Whole, and with a hole: some readers know no missing value.
    let whole = result(&Athlete::new(Exercise::SledPush).noise(0.01).lasting(4.0));
    let holed = result(&Athlete::new(Exercise::SledBackpedal).noise(0.01).hole(2.0..2.4).lasting(4.0));
    let said = [read_back(&python, &whole), read_back(&python, &holed)].concat();
    println!("{said}");
    for reader in ["by_pandas", "by_trc_data_reader", "by_pandas_as_sports2d", "by_pandas_as_pose2sim"] {
        assert!(said.contains(reader), "{reader} read nothing:\n{said}");
    }
}
