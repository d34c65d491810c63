//! `BlazePose`'s landmark models: the 33 keypoints of the person in a region, and where to look next.

use super::bilinear::Border;
use super::crop::{PixelScale, crop};
use super::error::InferenceError;
use super::heatmap::{CELLS, refined};
use super::network::{Form, Network};
use super::region::region_from;
use super::runtime::Runtime;
use crate::frame::{Frame, StageError};
use crate::geometry::{Image, Point, Region};
use crate::observation::{Estimate, Landmark, Pose, PoseEstimator};
use crate::skeleton::Keypoint;
use crate::units::Confidence;
use std::path::Path;

/// Side of the input of every landmark model, px.
pub const LANDMARK_SIDE: usize = 256;

/// Rows of the output: 33 keypoints, two points for the region, four that are not used.
const ROWS: usize = 39;
/// Numbers per row: x, y, z, visibility, presence.
const ROW: usize = 5;
/// Keypoints, the first of [`Keypoint::ALL`] in order.
const KEYPOINTS: usize = 33;
/// Row of the middle of the hips.
const CENTRE_ROW: usize = 33;
/// Row of the point on the circle that holds the whole body.
const SCALE_ROW: usize = 34;
/// At or below this the model says that nobody is there (`MediaPipe`, `pose_landmark_by_roi_cpu.pbtxt`:
/// `threshold: 0.5`).
const MIN_POSE_SCORE: f32 = 0.5;
const FORM: Form = Form {
    side: LANDMARK_SIDE,
    outputs: &[("landmarks", &[ROWS * ROW]), ("pose_score", &[1]), ("heatmap", &[ROWS, CELLS, CELLS])],
};

/// Which of the three landmark models. All answer alike; they differ in accuracy and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// 1.4 M parameters: for a preview.
    Lite,
    /// 3.2 M parameters.
    Full,
    /// 13.8 M parameters: the best wrists and far limbs.
    Heavy,
}

impl Quality {
    /// All, fastest first.
    pub const ALL: [Self; 3] = [Self::Lite, Self::Full, Self::Heavy];

    /// Name of the model in `models/manifest.toml`; its file is this with `.onnx`.
    #[must_use]
    pub const fn model_name(self) -> &'static str {
        match self {
            Self::Lite => "pose_landmark_lite",
            Self::Full => "pose_landmark_full",
            Self::Heavy => "pose_landmark_heavy",
        }
    }
}

/// A landmark model, for one worker.
pub struct BlazePose {
    network: Network,
}

impl BlazePose {
    /// Reads the model, of any [`Quality`].
    ///
    /// # Errors
    /// When the file is missing, damaged, or some other model.
    pub fn open(runtime: &Runtime, model: &Path) -> Result<Self, InferenceError> {
        Ok(Self { network: Network::open(runtime, model, &FORM)? })
    }
}

impl PoseEstimator for BlazePose {
    /// None also for a region without size. A keypoint's confidence is the lesser of the model's visibility and
    /// presence: whether it is in sight, and whether it is in the region at all.
    fn estimate(&mut self, frame: &Frame, region: Region) -> Result<Option<Estimate>, StageError> {
        let input = self.network.input();
        if !crop::<LANDMARK_SIDE>(frame, region, Border::Replicate, PixelScale::UNIT, input) {
            return Ok(None);
        }
        let estimate = self.network.run(frame.index, |outputs| {
            let score = outputs.values("pose_score")?.first().copied().unwrap_or_default();
            if score.is_nan() || score <= MIN_POSE_SCORE {
                return Ok(None);
            }
            let answer =
                Answer { rows: outputs.values("landmarks")?, heatmaps: outputs.values("heatmap")?, region };
            Ok(Some(answer.estimate(Confidence::new(score))))
        })?;
        Ok(estimate)
    }
}

/// The model's numbers and the region they are about.
struct Answer<'a> {
    rows: &'a [f32],
    heatmaps: &'a [f32],
    region: Region,
}

impl Answer<'_> {
    fn estimate(&self, score: Confidence) -> Estimate {
        let mut pose = Pose::new(score);
        for (row, keypoint) in Keypoint::ALL.into_iter().take(KEYPOINTS).enumerate() {
            pose.set(keypoint, self.landmark(row));
        }
        let next = region_from(self.position(CENTRE_ROW), self.position(SCALE_ROW));
        Estimate { pose, region: next.unwrap_or(self.region) }
    }

    fn landmark(&self, row: usize) -> Option<Landmark> {
        let position = self.position(row);
        let &[_, _, _, visibility, presence] = self.row(row) else { return None };
        let finite = position.x.is_finite() && position.y.is_finite();
        finite.then(|| Landmark { position, confidence: Confidence::new(sigmoid(visibility.min(presence))) })
    }

    /// Where a row's point lies in the picture, refined by its heatmap.
    fn position(&self, row: usize) -> Point<Image> {
        let along = |coordinate: f32| f64::from(coordinate) / LANDMARK_SIDE as f64;
        let values = self.row(row);
        let map = &self.heatmaps[row * CELLS * CELLS..][..CELLS * CELLS];
        self.region.image_from_crop(refined(Point::new(along(values[0]), along(values[1])), map))
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.rows[row * ROW..][..ROW]
    }
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Radians;

    const UNSURE: f32 = -100.0;

    fn answer(rows: &[f32]) -> Estimate {
        let heatmaps = vec![UNSURE; ROWS * CELLS * CELLS];
        let region = Region { centre: Point::new(100.0, 50.0), side: 256.0, rotation: Radians(0.0) };
        Answer { rows, heatmaps: &heatmaps, region }.estimate(Confidence::FULL)
    }

    fn rows() -> Vec<f32> {
        let mut rows: Vec<f32> = (0..ROWS).flat_map(|i| [i as f32, 128.0, 0.0, 2.0, 1.0]).collect();
        rows[CENTRE_ROW * ROW..][..2].copy_from_slice(&[128.0, 128.0]);
        rows[SCALE_ROW * ROW..][..2].copy_from_slice(&[128.0, 48.0]);
        rows
    }

    #[test]
    fn rows_become_keypoints_in_order_and_the_last_two_the_next_region() {
        let estimate = answer(&rows());
        assert_eq!(estimate.pose.seen().count(), KEYPOINTS);
        let heel = estimate.pose.get(Keypoint::LeftHeel).expect("row 29");
        assert!(heel.position.distance(Point::new(100.0 - 128.0 + 29.0, 50.0)) < 1e-9);
        assert!(
            (heel.confidence.value() - 0.731_058_6).abs() < 1e-6,
            "the lesser of visibility and presence"
        );
        assert!(estimate.region.centre.distance(Point::new(100.0, 50.0)) < 1e-9);
        assert!((estimate.region.side - 200.0).abs() < 1e-9 && estimate.region.rotation.0.abs() < 1e-9);
    }

    #[test]
    fn a_point_that_is_not_a_number_is_missing_and_a_lost_axis_keeps_the_region() {
        let mut rows = rows();
        rows[0] = f32::NAN;
        rows[SCALE_ROW * ROW + 1] = f32::INFINITY;
        let estimate = answer(&rows);
        assert_eq!(estimate.pose.get(Keypoint::Nose), None);
        assert!((estimate.region.side - 256.0).abs() < 1e-12);
    }
}
