//! A phone that is carried along beside the athlete, told by the feet that stand (docs/science.md B8).
//!
//! A camera that only turns sees all that stands still move alike. One that is carried along sees what is further off than the
//! athlete, a wall behind the lane, fall back more slowly than the floor; and that wall is most of what is measured as the
//! background. Then feet that stand slide backward, both alike, and speed and steps read too short. How fast they slide against
//! the camera's own way says how much further the ground moved than the background did.

use crate::camera::motion::{CameraMotion, Stabilisation};
use crate::frame::PixelSize;
use crate::geometry::{Ground, Point, Similarity, Vector};
use crate::kinematics::movement::Points;
use crate::signal::series::Series;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;

/// Standing feet of cameras that stand or turn slide by less than 0.05 of the camera's way (eleven rendered clips), of carried ones
/// by 0.5 to 1.
const LEAST_SLIDE: f64 = 0.2;
/// Three times as far off as the lane the background is hardly a gym's wall [default].
const MOST_SLIDE: f64 = 2.0;
/// Who is gone along with keeps up with the camera, which has them in the picture; who works on a belt stays [default].
const ALONG: f64 = 0.5;
/// By how much both feet may differ in it, as a share of the slide [default].
const ALIKE: f64 = 0.3;
/// A foot stands for this share of the time or more, in a fast backpedal as well (B5), so that its commonest speed is that of standing.
const STANDING_SHARE: f64 = 0.3;
/// Speeds are taken over this long, s: short against standing, long against a landmark's jitter [default].
const SPAN_S: f64 = 0.1;
/// The camera's way counts where it is at least this share as fast as usual: where it hardly moves, shares of its way say nothing
/// [default].
const MOVING_SHARE: f64 = 0.5;
/// The camera has gone at least so far, shares of the picture's longer side, rather than swayed [default].
const LEAST_WAY: f64 = 0.1;
/// Samples of each foot that are enough to tell: 1 s at 30 frames/s [default].
const LEAST_SAMPLES: usize = 30;

/// By how much further the ground moved than the background, as a share of that; none where the feet do not tell. `points` lie on the
/// ground as the background has it.
#[must_use]
pub fn slide(times: &[Seconds], points: &Points, stable: &Stabilisation, size: PixelSize) -> Option<f64> {
    let camera: Vec<f64> = stable.middles_px(size).collect();
    let way = camera.last()? - camera.first()?;
    let longer = f64::from(size.width.max(size.height));
    if stable.motion != CameraMotion::Panning || way.abs() < LEAST_WAY * longer {
        return None;
    }
    let camera: Vec<Option<f64>> = camera.into_iter().map(Some).collect();
    let camera = speeds(times, &camera);
    let usual = median(camera.iter().flatten().copied())?;
    let moves = |v: f64| v * usual > 0.0 && v.abs() >= MOVING_SHARE * usual.abs();
    // Speeds of a point as shares of the camera's.
    let shares = |point: &Series<Point<Ground>>| -> Vec<f64> {
        let places: Vec<Option<f64>> = (0..point.len()).map(|i| point.value(i).map(|p| p.x)).collect();
        let both = speeds(times, &places).into_iter().zip(&camera);
        both.filter_map(|(v, &camera)| Some(v? / camera.filter(|&v| moves(v))?)).collect()
    };
    if median(shares(&points.middle(LimbPoint::Hip)))? < ALONG {
        return None;
    }
    let [left, right] = Side::BOTH.map(|side| commonest(shares(points.limb(LimbPoint::Toe, side))));
    let ((left, left_spread), (right, right_spread)) = left.zip(right)?;
    let slide = -f64::midpoint(left, right);
    let sure = LEAST_SLIDE.max(left_spread).max(right_spread);
    ((sure..=MOST_SLIDE).contains(&slide) && (left - right).abs() <= ALIKE * slide).then_some(slide)
}

/// Each frame's place on the ground where that moved further than the background by a share of it, along the picture.
#[must_use]
pub fn put_right(stable: &Stabilisation, slide: f64, size: PixelSize) -> Stabilisation {
    let first = stable.middles_px(size).next().unwrap_or(0.0);
    let further =
        |x: f64| Similarity { shift: Vector::new(slide * (x - first), 0.0), ..Similarity::IDENTITY };
    let pictures = stable.middles_px(size).zip(&stable.ground_from_image);
    let ground = pictures.map(|(x, g)| further(x).after(*g)).collect();
    Stabilisation { ground_from_image: ground, ..stable.clone() }
}

/// Speeds about each frame, px/s.
fn speeds(times: &[Seconds], places: &[Option<f64>]) -> Vec<Option<f64>> {
    let steps = times.windows(2).map(|w| (w[1] - w[0]).0);
    let half = median(steps).map_or(1, |step| ((0.5 * SPAN_S / step).round() as usize).max(1));
    let last = times.len().saturating_sub(1);
    (0..times.len())
        .map(|i| {
            let (before, after) = (i.checked_sub(half)?, (i + half <= last).then_some(i + half)?);
            let span = (times[after] - times[before]).0;
            let way = (*places.get(after)?)? - (*places.get(before)?)?;
            (span > 0.0).then_some(way / span)
        })
        .collect()
}

/// The middle of the narrowest range that holds [`STANDING_SHARE`] of the values, and its width.
fn commonest(mut values: Vec<f64>) -> Option<(f64, f64)> {
    if values.len() < LEAST_SAMPLES {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let held = (STANDING_SHARE * values.len() as f64) as usize;
    let width = |range: &[f64]| range[held - 1] - range[0];
    let narrowest = values.windows(held).min_by(|a, b| width(a).total_cmp(&width(b)))?;
    Some((median(narrowest.iter().copied())?, width(narrowest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gait::settings::GaitSettings;
    use crate::kinematics::{MotionSettings, prepare};
    use crate::observation::{Recording, TrackId};
    use crate::synthetic::{Athlete, Exercise, Ground as Floor};

    /// Speed over the ground of a clip, leg lengths per second; and what is told of the camera.
    fn speed(athlete: &Athlete, recording: &Recording) -> (f64, Option<f64>) {
        let prepared = prepare(recording, TrackId(1), &MotionSettings::default());
        let hips = prepared.movement.points.middle(LimbPoint::Hip);
        let at = |i: usize| hips.value(i).map(|p| p.x).unwrap();
        let (first, last) = (10, hips.len() - 10);
        let seconds = (last - first) as f64 / prepared.movement.time.rate.0;
        let (gait, _) = crate::gait::gait(&prepared.movement, &GaitSettings::default());
        assert_eq!(gait.bouts.len(), 1);
        ((at(last) - at(first)).abs() / seconds / athlete.leg_length_px(), prepared.camera.carried)
    }

    /// A camera that goes along with an athlete, before a background so far off that it moves by a share of the floor's way only.
    fn along(exercise: Exercise, share: f64) -> (Athlete, Recording) {
        let still = Athlete::new(exercise).noise(0.01).lasting(6.0);
        let way = {
            let truth = still.movement();
            let hips = truth.points.middle(LimbPoint::Hip);
            let (from, to) = (hips.value(0).unwrap().x, hips.value(hips.len() - 1).unwrap().x);
            (to - from) / 6.0
        };
        let athlete = still.pan(way);
        let mut recording = athlete.recording();
        for frame in &mut recording.frames {
            if let Some(background) = &mut frame.background {
                background.this_from_previous.shift = background.this_from_previous.shift * share;
            }
        }
        (athlete, recording)
    }

    #[test]
    fn before_a_far_wall_the_speed_is_the_floor_s() {
        for exercise in [Exercise::SledPush, Exercise::SledBackpedal, Exercise::BackwardSledDrag] {
            let (athlete, beside) = along(exercise, 1.0);
            let (expected, none) = speed(&athlete, &beside);
            assert_eq!(none, None, "{exercise:?}");
            for share in [0.5, 0.7] {
                let (athlete, far) = along(exercise, share);
                let (found, told) = speed(&athlete, &far);
                let slide = told.unwrap_or_else(|| panic!("{exercise:?} with {share}: the feet tell"));
                assert!(
                    (slide - (1.0 / share - 1.0)).abs() < 0.1 / share,
                    "{exercise:?}: {slide} with {share}"
                );
                assert!((found / expected - 1.0).abs() < 0.06, "{exercise:?}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn a_camera_that_stands_turns_or_sways_at_a_belt_is_not_carried() {
        for exercise in Exercise::ALL {
            for athlete in [
                Athlete::new(exercise).noise(0.02),
                Athlete::new(exercise).noise(0.02).pan(60.0),
                Athlete::new(exercise).noise(0.02).on(Floor::Treadmill).lasting(8.0).pan(60.0),
                Athlete::new(exercise).noise(0.02).on(Floor::Treadmill).lasting(8.0).pan(-60.0),
            ] {
                let prepared = prepare(&athlete.recording(), TrackId(1), &MotionSettings::default());
                assert_eq!(prepared.camera.carried, None, "{exercise:?}");
            }
        }
    }

    #[test]
    fn too_little_tells_nothing() {
        let size = PixelSize { width: 960, height: 540 };
        let stable = Stabilisation { motion: CameraMotion::Panning, ground_from_image: Vec::new() };
        assert_eq!(slide(&[], &Points::missing(0), &stable, size), None);
        assert_eq!(commonest(vec![1.0; LEAST_SAMPLES - 1]), None);
    }

    /// Six tenths of a foot's time are a cluster, four are spread: whatever these are, the cluster is the commonest.
    #[test]
    fn the_commonest_speed_is_that_of_standing() {
        let values =
            (0..100).map(|i| if i % 5 < 3 { -1.0 + 0.001 * f64::from(i) } else { 0.05 * f64::from(i) });
        let (found, width) = commonest(values.collect()).unwrap();
        assert!((found + 0.95).abs() < 0.05 && width < 0.1, "{found} {width}");
    }
}
