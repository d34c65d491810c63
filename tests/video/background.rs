//! Background motion against known camera motion: synthetic pictures always, rendered clips where they are.

use super::clips::{encode, workshop};
use sledform::frame::{BackgroundMotion, PixelSize};
use sledform::geometry::{Image, Point, Similarity, Vector};
use sledform::video::{self, BackgroundTracking, ReadOptions};
use std::path::PathBuf;

/// The middle of a 960x540 picture.
const CENTRE: Point<Image> = Point::new(479.5, 269.5);

/// Mean motion of a standing camera, px a frame: 1 % of the slowest athlete in these clips (0.42 m/s, 187 px/m, 30
/// frames/s), so that speeds suffer less than from anything else.
const MAX_DRIFT_PX: f64 = 0.026;

/// Folder with the rendered clips; none, with a line, where it is not.
fn rendered() -> Option<PathBuf> {
    let folder = std::env::var_os("SLEDFORM_SHARED").map(|shared| PathBuf::from(shared).join("clips/dev"));
    if folder.is_none() {
        println!("skipped: SLEDFORM_SHARED is not set");
    }
    folder
}

fn motions(path: &std::path::Path) -> Vec<BackgroundMotion> {
    let mut source = video::open(path, &ReadOptions::default()).expect("the clip opens");
    let mut found = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames decode") {
        assert_eq!(frame.background.is_none(), frame.index == 0, "frame {}", frame.index);
        found.extend(frame.background);
    }
    found
}

fn moved(motion: &BackgroundMotion, point: Point<Image>) -> Vector<Image> {
    motion.this_from_previous.apply(point) - point
}

fn percentile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share) as usize]
}

/// A pinhole camera of the ground truth: axes to the right, down, forward.
struct Camera([[f64; 3]; 3]);

impl Camera {
    fn of(frame: &serde_json::Value) -> Self {
        let vector = |name: &str| [0, 1, 2].map(|i| frame["cam"][name][i].as_f64().expect("a number"));
        let (eye, at) = (vector("eye"), vector("at"));
        let forward = unit([at[0] - eye[0], at[1] - eye[1], at[2] - eye[2]]);
        let right = unit(cross(forward, [0.0, 1.0, 0.0]));
        Self([right, cross(forward, right), forward])
    }

    /// Where a far point that `self` sees at `point` is seen by `next`.
    fn follow(&self, next: &Self, point: Point<Image>, focal: f64) -> Point<Image> {
        let seen = [(point.x - CENTRE.x) / focal, (point.y - CENTRE.y) / focal, 1.0];
        let world: [f64; 3] = [0, 1, 2].map(|i| (0..3).map(|axis| self.0[axis][i] * seen[axis]).sum());
        let [x, y, z] = next.0.map(|axis| (0..3).map(|i| axis[i] * world[i]).sum::<f64>());
        CENTRE + Vector::new(x / z, y / z) * focal
    }
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn unit(v: [f64; 3]) -> [f64; 3] {
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    v.map(|x| x / length)
}

#[test]
fn a_panning_camera_is_followed() {
    let Some(folder) = rendered() else { return };
    for name in ["dev_backpedal_good", "dev_backpedal_passive_arms"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("the ground truth");
        let truth: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let focal = truth["camera"]["focal_px"].as_f64().expect("a focal length");
        let cameras: Vec<_> = truth["per_frame"].as_array().expect("frames").iter().map(Camera::of).collect();
        let found = motions(&folder.join(format!("{name}.mp4")));
        assert_eq!(found.len() + 1, cameras.len());
        let (mut errors, mut total, mut true_total) =
            (Vec::new(), Vector::new(0.0, 0.0), Vector::new(0.0, 0.0));
        for (motion, pair) in found.iter().zip(cameras.windows(2)) {
            let expected = pair[0].follow(&pair[1], CENTRE, focal) - CENTRE;
            errors.push((moved(motion, CENTRE) - expected).length());
            total = total + moved(motion, CENTRE);
            true_total = true_total + expected;
        }
        let (median, worst) = (percentile(errors.clone(), 0.5), percentile(errors, 1.0));
        let share = (total - true_total).length() / true_total.length();
        let inliers = percentile(found.iter().map(|m| m.inliers as f64 / m.tracked as f64).collect(), 0.5);
        println!(
            "{name}: shift error median {median:.3} px, worst {worst:.3} px; summed {:.1} of {:.1} px ({:.2} %); \
             inliers {inliers:.2}, tracked {:.0}",
            total.length(),
            true_total.length(),
            share * 100.0,
            percentile(found.iter().map(|m| m.tracked as f64).collect(), 0.5)
        );
        assert!(median < 0.15 && worst < 1.0 && share < 0.01, "{name}");
    }
}

#[test]
fn a_standing_camera_stands() {
    let Some(folder) = rendered() else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the clips").flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "mp4") && !p.to_string_lossy().contains("backpedal"));
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let found = motions(&path);
        let steps: Vec<f64> = found.iter().map(|m| moved(m, CENTRE).length()).collect();
        let total = found.iter().fold(Vector::new(0.0, 0.0), |sum, m| sum + moved(m, CENTRE)).length();
        let (median, worst) = (percentile(steps.clone(), 0.5), percentile(steps, 1.0));
        let inliers = percentile(found.iter().map(|m| m.inliers as f64 / m.tracked as f64).collect(), 0.5);
        println!(
            "{}: step median {median:.4} px, worst {worst:.3} px; summed {total:.2} px; inliers {inliers:.2}, tracked {:.0}",
            path.file_name().unwrap_or_default().to_string_lossy(),
            percentile(found.iter().map(|m| m.tracked as f64).collect(), 0.5)
        );
        let drift = total / found.len() as f64;
        assert!(median < 0.05 && worst < 0.5 && drift < MAX_DRIFT_PX, "{}", path.display());
    }
}

/// Width and height of the pictures of a wall, cut from one that is wider.
const WALL: PixelSize = PixelSize { width: 320, height: 180 };

/// A wall of grey blocks, 5 px wide, seen `at` px further to the left.
fn wall(at: usize) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(WALL.frame_bytes());
    for y in 0..WALL.height as usize {
        for x in 0..WALL.width as usize {
            let (column, row) = ((x + at) / 5, y / 5);
            let grey = (column * 7919 + row * 104_729 + column * row * 31) % 200 + 20;
            rgb.extend([grey as u8; 3]);
        }
    }
    rgb
}

/// While it stands every second frame is not looked at; whichever the pan begins on, none of it is lost.
#[test]
fn a_pan_that_begins_after_standing_is_followed_whole() {
    let Some(folder) = workshop() else { return };
    for standing in [10, 11] {
        let at = (0..standing).map(|_| 0).chain((1..=10).map(|i| 3 * i));
        let pictures: Vec<Vec<u8>> = at.map(wall).collect();
        let clip = folder.path().join(format!("pan_{standing}.mkv"));
        let found = motions(&encode(&clip, WALL, &pictures, "-c:v ffv1"));
        assert_eq!(found.len(), standing + 9);
        let sum = |of: &[BackgroundMotion]| {
            of.iter().fold(Vector::new(0.0, 0.0), |sum, m| sum + moved(m, Point::new(160.0, 90.0)))
        };
        let (before, pan) = found.split_at(standing - 1);
        assert!(sum(before).length() < 0.05, "{:?}", sum(before));
        assert!((sum(pan).x + 30.0).abs() < 0.1 && sum(pan).y.abs() < 0.1, "{standing}: {:?}", sum(pan));
        let skipped = found.iter().filter(|m| m.this_from_previous == Similarity::IDENTITY).count();
        assert!(skipped >= (standing - 1) / 2, "{skipped}");
    }
}

/// A dark room: below, a floor of faint marks, seen `at` px further to the left; above, a plain wall of which the picture
/// shows nothing but noise that stays where it is on the screen, as a video's compression leaves it.
fn dark_room(at: usize) -> Vec<u8> {
    let mut rgb = wall(at);
    for (i, pixel) in rgb.chunks_exact_mut(3).enumerate() {
        let (x, y) = (i % WALL.width as usize, i / WALL.width as usize);
        let noise = ((x * 7919) ^ (y * 104_729) ^ (x * y * 31)) % 7;
        let floor = y >= WALL.height as usize * 2 / 3;
        pixel.fill(if floor { 20 + pixel[0] / 7 } else { 40 + noise as u8 });
    }
    rgb
}

#[test]
fn noise_that_stays_on_the_screen_does_not_stop_a_pan() {
    let Some(folder) = workshop() else { return };
    let pictures: Vec<Vec<u8>> = (0..12).map(|i| dark_room(3 * i)).collect();
    let found = motions(&encode(&folder.path().join("dark.mkv"), WALL, &pictures, "-c:v ffv1"));
    for motion in &found {
        let step = moved(motion, Point::new(160.0, 150.0));
        assert!((step.x + 3.0).abs() < 0.1 && step.y.abs() < 0.1, "{step:?}");
        assert!(2 * motion.inliers > motion.tracked, "{} of {}", motion.inliers, motion.tracked);
    }
}

#[test]
fn it_can_be_left_out() {
    let Some(folder) = rendered() else { return };
    let options = ReadOptions { background: BackgroundTracking::Off, ..ReadOptions::default() };
    let mut source = video::open(&folder.join("dev_push_good.mp4"), &options).expect("the clip opens");
    for _ in 0..3 {
        assert!(source.next_frame().expect("a frame").is_some_and(|frame| frame.background.is_none()));
    }
}
