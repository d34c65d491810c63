//! `BlazePose`'s person detector: who is in the picture, or in a square of it, and where to look for their pose.

use super::anchors::{ANCHORS, anchors};
use super::bilinear::Border;
use super::crop::{PixelScale, crop};
use super::error::InferenceError;
use super::network::{Form, Network};
use super::region::region_from;
use super::runtime::Runtime;
use super::suppression::{Candidate, one_per_person};
use crate::frame::{Frame, PixelSize, StageError};
use crate::geometry::{Bounds, Crop, Point, Region, Vector};
use crate::observation::{Detection, PersonDetector};
use crate::units::{Confidence, Radians};
use std::path::Path;

/// Name of the model in `models/manifest.toml`; its file is this with `.onnx`.
pub const DETECTOR_NAME: &str = "pose_detection";
/// Side of the detector's input, px.
pub const DETECTOR_SIDE: usize = 224;

/// Numbers per box: centre, size, then four points.
const ROW: usize = 12;
/// Boxes below this score are no people (`MediaPipe`'s `min_detection_confidence`).
const MIN_SCORE: f64 = 0.5;
/// Logits are cut off here before the exponential (`MediaPipe`, `score_clipping_thresh`).
const LARGEST_LOGIT: f64 = 100.0;
const FORM: Form =
    Form { side: DETECTOR_SIDE, outputs: &[("boxes", &[ANCHORS, ROW]), ("scores", &[ANCHORS, 1])] };

/// The detector, for one worker.
pub struct BlazeDetector {
    network: Network,
    anchors: Vec<Point<Crop>>,
}

impl BlazeDetector {
    /// Reads the model.
    ///
    /// # Errors
    /// When the file is missing, damaged, or some other model.
    pub fn open(runtime: &Runtime, model: &Path) -> Result<Self, InferenceError> {
        let network = Network::open(runtime, model, &FORM)?;
        Ok(Self { network, anchors: anchors() })
    }

    /// The people in a square of the picture, surest first; what the square shows outside the picture is black.
    /// The model sees 224 px whatever the square's side, so a small person is found in a small square. None are
    /// found in a region without size.
    ///
    /// # Errors
    /// When the model cannot be run.
    pub fn detect_in(&mut self, frame: &Frame, region: Region) -> Result<Vec<Detection>, InferenceError> {
        let input = self.network.input();
        if !crop::<DETECTOR_SIDE>(frame, region, Border::Zero, PixelScale::SYMMETRIC, input) {
            return Ok(Vec::new());
        }
        let anchors = &self.anchors;
        let candidates = self.network.run(frame.index, |outputs| {
            Ok(decode(outputs.values("boxes")?, outputs.values("scores")?, anchors))
        })?;
        Ok(one_per_person(candidates).iter().filter_map(|c| detection(c, region)).collect())
    }
}

impl PersonDetector for BlazeDetector {
    fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, StageError> {
        self.detect_within(frame, whole(frame.size))
    }

    fn detect_within(&mut self, frame: &Frame, square: Region) -> Result<Vec<Detection>, StageError> {
        Ok(self.detect_in(frame, square)?)
    }
}

/// The smallest upright square round the whole picture.
fn whole(size: PixelSize) -> Region {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    Region { centre: Point::new(width / 2.0, height / 2.0), side: width.max(height), rotation: Radians(0.0) }
}

fn decode(boxes: &[f32], logits: &[f32], anchors: &[Point<Crop>]) -> Vec<Candidate> {
    let rows = boxes.chunks_exact(ROW).zip(logits).zip(anchors);
    rows.filter_map(|((row, &logit), &anchor)| candidate(row, logit, anchor)).collect()
}

fn candidate(row: &[f32], logit: f32, anchor: Point<Crop>) -> Option<Candidate> {
    let score = sigmoid(f64::from(logit).clamp(-LARGEST_LOGIT, LARGEST_LOGIT));
    let &[x, y, width, height, centre_x, centre_y, scale_x, scale_y, ..] = row else { return None };
    let finite = row.iter().all(|value| value.is_finite());
    if !(score >= MIN_SCORE && finite && width >= 0.0 && height >= 0.0) {
        return None;
    }
    let step = |x: f32, y: f32| Vector::new(f64::from(x), f64::from(y)) / DETECTOR_SIDE as f64;
    let (middle, half) = (anchor + step(x, y), step(width, height) / 2.0);
    Some(Candidate {
        score,
        top_left: middle - half,
        bottom_right: middle + half,
        centre: anchor + step(centre_x, centre_y),
        scale: anchor + step(scale_x, scale_y),
    })
}

/// In the picture; none if the two points coincide, so that there is nowhere to look.
fn detection(person: &Candidate, region: Region) -> Option<Detection> {
    let Candidate { top_left: a, bottom_right: b, .. } = *person;
    let corners = [a, Point::new(b.x, a.y), b, Point::new(a.x, b.y)];
    Some(Detection {
        score: Confidence::new(person.score as f32),
        bounds: Bounds::around(corners.map(|corner| region.image_from_crop(corner)))?,
        region: region_from(region.image_from_crop(person.centre), region.image_from_crop(person.scale))?,
    })
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW_OF_ONE: [f32; ROW] = [11.2, 0.0, 44.8, 22.4, 0.0, 22.4, 0.0, -44.8, 0.0, 0.0, 0.0, 0.0];

    #[test]
    fn a_row_is_decoded_relative_to_its_anchor() {
        let found = candidate(&ROW_OF_ONE, 2.0, Point::new(0.5, 0.5)).expect("a sure box");
        assert!((found.score - 0.880_797).abs() < 1e-6);
        let near = |p: Point<Crop>, x, y| p.distance(Point::new(x, y)) < 1e-6;
        assert!(near(found.top_left, 0.45, 0.45) && near(found.bottom_right, 0.65, 0.55), "{found:?}");
        assert!(near(found.centre, 0.5, 0.6) && near(found.scale, 0.5, 0.3), "{found:?}");
    }

    #[test]
    fn unsure_turned_inside_out_and_infinite_boxes_are_skipped() {
        let anchor = Point::new(0.5, 0.5);
        let with = |at: usize, value: f32| {
            let mut row = ROW_OF_ONE;
            row[at] = value;
            row
        };
        assert_eq!(candidate(&ROW_OF_ONE, -0.01, anchor), None);
        assert_eq!(candidate(&ROW_OF_ONE, f32::NAN, anchor), None);
        assert_eq!(candidate(&with(2, -1.0), 2.0, anchor), None);
        assert_eq!(candidate(&with(7, f32::INFINITY), 2.0, anchor), None);
    }

    #[test]
    fn the_letterbox_is_undone() {
        let square = whole(PixelSize { width: 400, height: 200 });
        // 100 px of black above: the picture's top left corner is a quarter of the square down.
        assert!(square.image_from_crop(Point::new(0.0, 0.25)).distance(Point::new(0.0, 0.0)) < 1e-9);
        let person = candidate(&ROW_OF_ONE, 2.0, Point::new(0.5, 0.5)).expect("a sure box");
        let found = detection(&person, square).expect("points apart");
        assert!(
            (found.bounds.left - 180.0).abs() < 1e-4 && (found.bounds.top - 80.0).abs() < 1e-4,
            "{found:?}"
        );
        assert!(found.region.centre.distance(Point::new(200.0, 140.0)) < 1e-4);
        assert!((found.region.side - 1.25 * 2.0 * 120.0).abs() < 1e-3);
    }
}
