//! Draws the overlay on a still picture, to be looked at: `overlay_still PICTURE.png POINTS.json OUT.png`.
//!
//! `POINTS.json` is `{"trunk_deg": 44.0, "time_s": 1.2, "facing": "left", "points": {"left_hip": [x, y, confidence], …}}`.

use serde::Deserialize;
use sledform::frame::PixelSize;
use sledform::geometry::Point;
use sledform::kinematics::movement::Facing;
use sledform::render::overlay::{Corner, Label, Overlay, OverlayFrame, Tone, Trunk};
use sledform::signal::series::{Sample, Source};
use sledform::skeleton::Keypoint;
use sledform::units::{Confidence, Seconds};
use std::collections::BTreeMap;
use std::error::Error;

#[derive(Deserialize)]
struct Still {
    trunk_deg: Option<f64>,
    time_s: f64,
    facing: Option<String>,
    points: BTreeMap<String, [f64; 3]>,
    #[serde(default)]
    labels: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [picture, points, out] = paths.as_slice() else {
        return Err("usage: overlay_still PICTURE.png POINTS.json OUT.png".into());
    };
    let still: Still = serde_json::from_str(&std::fs::read_to_string(points)?)?;
    let mut rgb = image::open(picture)?.to_rgb8();
    let size = PixelSize { width: rgb.width(), height: rgb.height() };
    let mut points = [None; Keypoint::COUNT];
    for (name, [x, y, confidence]) in &still.points {
        let Some(keypoint) = Keypoint::from_name(name) else { continue };
        let confidence = Confidence::new(*confidence as f32);
        points[keypoint.index()] =
            Some(Sample { value: Point::new(*x, *y), confidence, source: Source::Measured });
    }
    let labels: Vec<Label> = still
        .labels
        .iter()
        .map(|text| Label { corner: Corner::BottomLeft, text: text.clone(), tone: Tone::Fault })
        .collect();
    let frame = OverlayFrame {
        trunk: still.trunk_deg.map(|angle_deg| Trunk { angle_deg, band: None }),
        facing: still.facing.map(|way| if way == "left" { Facing::Left } else { Facing::Right }),
        labels,
        ..OverlayFrame::new(&points, Seconds(still.time_s))
    };
    rgb.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
    let started = std::time::Instant::now();
    Overlay::default().draw(&mut rgb, size, &frame)?;
    eprintln!("drawn in {:?}", started.elapsed());
    rgb.chunks_exact_mut(3).for_each(|pixel| pixel.swap(0, 2));
    Ok(rgb.save(out)?)
}
