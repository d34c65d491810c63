//! What one adapter writes another reads: keypoints out and in again, an import kept as a recording.

use sledform::export::frames::{KeypointColumns, KeypointRow, write_keypoints};
use sledform::frame::PixelSize;
use sledform::import::{self, ImportOptions};
use sledform::observation::Recording;
use sledform::store;
use sledform::units::Hertz;
use std::path::Path;

const OPTIONS: ImportOptions =
    ImportOptions { fps: None, size: Some(PixelSize { width: 1280, height: 720 }) };

/// Two frames of MediaPipe landmarks with more digits than are kept.
fn imported(folder: &Path) -> Recording {
    let path = folder.join("landmarks.csv");
    let table = "frame,time_s,left_knee_x,left_knee_y,left_knee_visibility,right_hip_x,right_hip_y,right_hip_visibility\n\
                 0,0,100.123456,200.9,0.75321,300,150.456,1\n1,0.0333667,101.5,201.004,0.5,,,\n";
    std::fs::write(&path, table).unwrap();
    import::open(&path, &OPTIONS).unwrap()
}

#[test]
fn keypoints_survive_export_and_import() {
    let folder = tempfile::tempdir().unwrap();
    let original = imported(folder.path());
    let stored: Vec<_> = original.frames.iter().map(store::as_stored).collect();
    let track = original.frames[0].people[0].track;
    for columns in [KeypointColumns::Filtered, KeypointColumns::FilteredAndRaw] {
        let output = store::OutputFolder::create(folder.path().join("clip.sledform")).unwrap();
        let mut file = output.file("keypoints.csv").unwrap();
        write_keypoints(&mut file, columns, original.frames.iter().map(|f| KeypointRow::seen(f, track)))
            .unwrap();
        let path = file.commit().unwrap();
        let back = import::open(&path, &OPTIONS).unwrap();
        for (a, b) in stored.iter().zip(&back.frames) {
            assert_eq!(a.time, b.time);
            // The table has no score of its own: only the points are compared.
            let points = |r: &sledform::observation::Observation| r.people[0].pose.seen().collect::<Vec<_>>();
            assert_eq!(points(a), points(b));
        }
        assert_eq!(back.frames.len(), 2);
    }
}

#[test]
fn an_import_is_kept_as_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = imported(folder.path());
    let path = store::write(folder.path().join(store::FILE_NAME), &original).unwrap();
    original.frames = original.frames.iter().map(store::as_stored).collect();
    assert_eq!(store::read(&path).unwrap(), original);
    assert!(store::is_recording_name(&path) && import::recognise(&path).is_none());
}

#[test]
fn an_import_without_time_takes_the_rate_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("landmarks.csv");
    std::fs::write(&path, "frame,left_knee_x,left_knee_y\n5,100,200\n7,101,201\n").unwrap();
    let recording = import::open(&path, &ImportOptions { fps: Some(Hertz(25.0)), ..OPTIONS }).unwrap();
    assert!((recording.frames[1].time.0 - 0.08).abs() < 1e-12);
}
