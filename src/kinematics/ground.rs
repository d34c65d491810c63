//! From the picture to the ground: what the camera did, taken out of the points.

use crate::camera::carried;
use crate::camera::motion::{CameraChoice, Stabilisation, stabilise};
use crate::geometry::{Image, Point, Similarity};
use crate::kinematics::movement::Points;
use crate::observation::Recording;
use crate::signal::gather::RawTrack;
use crate::signal::series::Series;

/// Points on the ground frame and how they came there.
pub(super) struct Grounded {
    /// Each frame's place.
    pub(super) stable: Stabilisation,
    /// By how much further the ground moved than the background, as a share, where the camera was carried along.
    pub(super) carried: Option<f64>,
    /// Whether the camera is taken to have stood still because nothing tells.
    pub(super) assumed: bool,
    /// The points; roll not yet removed.
    pub(super) points: Points,
}

/// Every point of a track on the ground.
pub(super) fn grounded(raw: &RawTrack, recording: &Recording, choice: CameraChoice) -> Grounded {
    let assumed = assumed_static(recording, choice);
    let choice = if assumed { CameraChoice::Static } else { choice };
    let size = recording.clip.size;
    let stable = stabilise(&recording.frames, size, choice);
    let points = on_ground(&raw.points, &stable.ground_from_image);
    match carried::slide(&raw.times, &points, &stable, size) {
        None => Grounded { stable, carried: None, assumed, points },
        carried @ Some(slide) => {
            let stable = carried::put_right(&stable, slide, size);
            let points = on_ground(&raw.points, &stable.ground_from_image);
            Grounded { stable, carried, assumed, points }
        }
    }
}

/// Keypoints of other tools come without a background. They are mostly made of clips from a tripod, so the camera is taken to
/// have stood still, with a warning, rather than everything on the ground left unjudged.
fn assumed_static(recording: &Recording, choice: CameraChoice) -> bool {
    let imported = recording.detector.is_none();
    choice == CameraChoice::Measured && imported && recording.frames.iter().all(|f| f.background.is_none())
}

fn on_ground(points: &Points<Image>, ground_from_image: &[Similarity]) -> Points {
    points.map(|_, series| {
        let moved = series.iter().zip(ground_from_image).map(|(s, ground)| {
            s.map(|s| {
                s.map(|p| {
                    let q = ground.apply(p);
                    Point::new(q.x, q.y)
                })
            })
        });
        Series::new(moved.collect())
    })
}
