//! Which frames prove the findings, and what part of the picture shows the athlete: asked of whoever decodes the clip.

use crate::analysis::{Analysis, Athlete};
use crate::findings::Status;
use crate::frame::PixelSize;
use crate::geometry::{Bounds, Image, Point};
use crate::kinematics::movement::Points;
use crate::observation::Recording;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Seconds;

/// Width and height of an evidence picture, px: fills a phone's card at two pixels a point, some 30 kB as JPEG.
pub const PICTURE_PX: (u32, u32) = (480, 400);
/// Room round the athlete, as a share of their height: arms, sled handles and the ground are part of the proof.
const MARGIN: f64 = 0.16;

/// A picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Place of the finding in `Assessment::findings`.
    pub finding: usize,
    /// Which frame shows it.
    pub frame: usize,
    /// What part of it, px of the picture, in the proportion of [`PICTURE_PX`]; it may reach beyond the edges.
    pub crop: Bounds,
}

/// The pictures wanted: of what to fix first and of what is borderline, in order of importance.
#[must_use]
pub fn evidence(recording: &Recording, analysis: &Analysis) -> Vec<Evidence> {
    let Some(athlete) = &analysis.athlete else { return Vec::new() };
    let assessment = &athlete.judgement.assessment;
    let borderline = (0..assessment.findings.len())
        .filter(|&i| assessment.findings[i].status == Status::Borderline)
        .take(BORDERLINE);
    let points = athlete.prepared.points_at_frames();
    let wanted = assessment.fix_first.iter().copied().chain(borderline);
    wanted
        .filter_map(|finding| {
            let frame = nearest_frame(athlete, assessment.findings[finding].evidence?.at)?;
            let crop = crop(&points, frame, recording.clip.size)?;
            (frame < recording.frames.len()).then_some(Evidence { finding, frame, crop })
        })
        .collect()
}

/// Borderline cases shown with a picture.
const BORDERLINE: usize = 3;

/// The frame whose timestamp is nearest; none without frames.
pub(super) fn nearest_frame(athlete: &Athlete, time: Seconds) -> Option<usize> {
    let times = &athlete.prepared.frames.times;
    let away = |i: &usize| (times[*i] - time).0.abs();
    (0..times.len()).min_by(|a, b| away(a).total_cmp(&away(b)))
}

/// The athlete with room around, widened to the picture's proportion, and moved inside the picture where it fits.
pub(super) fn crop(points: &Points<Image>, frame: usize, size: PixelSize) -> Option<Bounds> {
    let seen = drawn().filter_map(|k| points.get(k).value(frame));
    let body = Bounds::around(seen)?;
    let middle = Point::<Image>::new(body.left, body.top).midpoint(Point::new(body.right, body.bottom));
    let room = body.width().max(body.height()) * MARGIN;
    let (width, height) = (body.width() + 2.0 * room, body.height() + 2.0 * room);
    let aspect = f64::from(PICTURE_PX.0) / f64::from(PICTURE_PX.1);
    let (width, height) = (width.max(height * aspect), height.max(width / aspect));
    let left = inside(middle.x - width / 2.0, width, f64::from(size.width));
    let top = inside(middle.y - height / 2.0, height, f64::from(size.height));
    (height > 1.0).then_some(Bounds { left, top, right: left + width, bottom: top + height })
}

/// Where a stretch begins once moved inside 0 to `all`; in the middle where it does not fit.
fn inside(start: f64, length: f64, all: f64) -> f64 {
    if length > all { (all - length) / 2.0 } else { start.clamp(0.0, all - length) }
}

/// The keypoints that the page draws: the nose, then each side's limbs, left first.
pub(super) fn drawn() -> impl Iterator<Item = Keypoint> {
    use LimbPoint::{Ankle, Elbow, Heel, Hip, Knee, Shoulder, Toe, Wrist};
    let limbs = [Shoulder, Elbow, Wrist, Hip, Knee, Ankle, Heel, Toe];
    let sides = Side::BOTH.into_iter().flat_map(move |side| limbs.into_iter().map(move |p| p.on(side)));
    std::iter::once(Keypoint::Nose).chain(sides)
}
