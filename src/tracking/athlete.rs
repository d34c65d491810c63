//! Which of the people in a clip is the athlete: chosen over the whole clip, never frame by frame.

use crate::geometry::{Image, Point};
use crate::observation::{Observation, Pose, Recording, TrackId};
use crate::signal::statistics::{median, quantile};
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Confidence, Seconds};
use std::collections::BTreeMap;

/// Whom to analyse.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum AthleteChoice {
    /// The one who is large, long in the picture and moves the legs.
    #[default]
    MostActive,
    /// The track of this number.
    Track(TrackId),
    /// Whoever is nearest to a point of the picture at a time.
    At {
        /// The point, px.
        point: Point<Image>,
        /// The time, s from the clip's first timestamp.
        time: Seconds,
    },
}

/// A person of the clip, as far as the choice needs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub track: TrackId,
    /// In how many frames.
    pub frames: usize,
    /// How well shoulders, hips, knees and ankles are seen there: their mean confidence, 0 to 1. The blurred picture that fills
    /// up an upright clip, a mirror or a poster answer as somebody large of whom nothing is sure.
    pub clearness: f64,
    /// Median height of the box round the keypoints, px.
    pub height_px: f64,
    /// Spread of the ankles about the hips as a share of that height, where both are sure: about 0.1 when walking, near 0
    /// standing.
    pub leg_motion: f64,
}

impl Candidate {
    /// Size times duration, as far as seen, times movement. Somebody standing still counts a fifth of somebody walking.
    fn weight(&self) -> f64 {
        /// What a motionless person still counts, in units of `leg_motion`.
        const STANDING: f64 = 0.025;
        self.frames as f64 * self.clearness * self.height_px * (STANDING + self.leg_motion)
    }
}

/// Everybody in the clip, the likeliest athlete first.
#[must_use]
pub fn candidates(recording: &Recording) -> Vec<Candidate> {
    let mut poses: BTreeMap<TrackId, Vec<&Pose>> = BTreeMap::new();
    for person in recording.frames.iter().flat_map(|f| &f.people) {
        poses.entry(person.track).or_default().push(&person.pose);
    }
    let mut all: Vec<Candidate> = poses.into_iter().map(|(track, poses)| candidate(track, &poses)).collect();
    all.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then(a.track.cmp(&b.track)));
    all
}

/// The athlete; none where nobody was seen or nobody fits the choice.
#[must_use]
pub fn choose(recording: &Recording, choice: AthleteChoice) -> Option<TrackId> {
    match choice {
        AthleteChoice::MostActive => candidates(recording).first().map(|c| c.track),
        AthleteChoice::Track(track) => {
            recording.frames.iter().any(|f| f.people.iter().any(|p| p.track == track)).then_some(track)
        }
        AthleteChoice::At { point, time } => nearest(recording, point, time),
    }
}

/// Others who could as well be the athlete: seen at the same time, and nearly as large, long and active.
#[must_use]
pub fn rivals(recording: &Recording, athlete: TrackId) -> Vec<TrackId> {
    /// Share of the athlete's weight that makes a rival: size and movement are read to a tenth or so each.
    const ALIKE: f64 = 0.8;
    /// Share of a rival's frames that also show the athlete: one person under two numbers is no rival.
    const TOGETHER: f64 = 0.5;
    let all = candidates(recording);
    let Some(chosen) = all.iter().find(|c| c.track == athlete) else { return Vec::new() };
    let shows = |frame: &Observation, track| frame.people.iter().any(|p| p.track == track);
    let together =
        |track| recording.frames.iter().filter(|f| shows(f, track) && shows(f, athlete)).count() as f64;
    let rival = |c: &&Candidate| {
        c.track != athlete
            && c.weight() >= ALIKE * chosen.weight()
            && together(c.track) >= TOGETHER * c.frames as f64
    };
    all.iter().filter(rival).map(|c| c.track).collect()
}

/// Somebody worth a look who is seen before or after the athlete and hardly ever with them, the longest seen, and moves the legs: the
/// athlete under another number where a clip is cut or they were lost, or another one's turn. With the first and the last time.
/// `but` are known to be nobody to look at.
#[must_use]
pub fn elsewhere(
    recording: &Recording,
    athlete: TrackId,
    but: &[TrackId],
) -> Option<(TrackId, Seconds, Seconds)> {
    /// Two strides of a quick push, s: less shows nothing [default].
    const LEAST_S: f64 = 1.5;
    /// Half of what walking is.
    const LEG_MOTION: f64 = 0.05;
    /// Share of their frames that may lie within the athlete's time, as looks tell people apart a moment late [default].
    const TOGETHER: f64 = 0.1;
    let all = candidates(recording);
    let moves = |track: TrackId| all.iter().any(|c| c.track == track && c.leg_motion >= LEG_MOTION);
    let times = |track: TrackId| -> Vec<Seconds> {
        let shows = |f: &&Observation| f.people.iter().any(|p| p.track == track);
        recording.frames.iter().filter(shows).map(|f| f.time).collect()
    };
    let own = times(athlete);
    let (from, to) = (*own.first()?, *own.last()?);
    let apart = |track: TrackId| {
        let seen = times(track);
        let together = seen.iter().filter(|t| (from..=to).contains(t)).count() as f64;
        let outside: Vec<Seconds> = seen.iter().copied().filter(|t| *t < from || *t > to).collect();
        let (first, last) = (*outside.first()?, *outside.last()?);
        let one_side = last < from || first > to;
        let hardly_together = together <= TOGETHER * seen.len() as f64;
        (one_side && hardly_together && (last - first).0 >= LEAST_S).then_some((track, first, last))
    };
    let others = others(recording, athlete).into_iter().filter(|t| !but.contains(t) && moves(*t));
    others.filter_map(apart).max_by(|a, b| (a.2 - a.1).0.total_cmp(&(b.2 - b.1).0))
}

/// Others who are looked at where the athlete does no exercise, the likeliest first.
#[must_use]
pub fn others(recording: &Recording, athlete: TrackId) -> Vec<TrackId> {
    /// Share of the athlete's weight that is worth a look: half as tall, and half as long in the clip or half as lively [default].
    const NOTICED: f64 = 0.25;
    let all = candidates(recording);
    let Some(chosen) = all.iter().find(|c| c.track == athlete) else { return Vec::new() };
    let noticed = |c: &&Candidate| c.track != athlete && c.weight() >= NOTICED * chosen.weight();
    all.iter().filter(noticed).map(|c| c.track).collect()
}

fn candidate(track: TrackId, poses: &[&Pose]) -> Candidate {
    /// A hip or an ankle below this confidence moves as it likes: the gate of other points (docs/science.md E).
    const SURE: Confidence = Confidence::new(0.3);
    let height_px =
        median(poses.iter().filter_map(|p| p.bounds()).map(crate::geometry::Bounds::height)).unwrap_or(0.0);
    let ankle_from_hip = |side: Side, pose: &Pose| {
        let sure = |point: LimbPoint| pose.get(point.on(side)).filter(|l| l.confidence >= SURE);
        Some(sure(LimbPoint::Ankle)?.position.x - sure(LimbPoint::Hip)?.position.x)
    };
    let swing = |side| spread(&poses.iter().filter_map(|p| ankle_from_hip(side, p)).collect::<Vec<_>>());
    let motion = swing(Side::Left).max(swing(Side::Right));
    let leg_motion = if height_px > 0.0 { motion / height_px } else { 0.0 };
    let clearness = poses.iter().map(|p| clearness(p)).sum::<f64>() / poses.len().max(1) as f64;
    Candidate { track, frames: poses.len(), clearness, height_px, leg_motion }
}

/// Mean confidence of the points that say how somebody stands; a missing one has none.
fn clearness(pose: &Pose) -> f64 {
    const POINTS: [LimbPoint; 4] = [LimbPoint::Shoulder, LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle];
    let confidence = |(point, side): (LimbPoint, Side)| {
        pose.get(point.on(side)).map_or(0.0, |l| f64::from(l.confidence.value()))
    };
    let all = POINTS.into_iter().flat_map(|point| Side::BOTH.map(|side| (point, side)));
    all.map(confidence).sum::<f64>() / (2 * POINTS.len()) as f64
}

fn nearest(recording: &Recording, point: Point<Image>, time: Seconds) -> Option<TrackId> {
    /// People may be missed in the very frame pointed at: look this far around it.
    const AROUND: Seconds = Seconds(0.5);
    recording
        .frames
        .iter()
        .filter(|f| (f.time - time).0.abs() <= AROUND.0)
        .flat_map(|f| f.people.iter().map(move |p| ((f.time - time).0.abs(), p)))
        .filter_map(|(off, p)| {
            let bounds = p.pose.bounds()?;
            let centre = Point::new(
                f64::midpoint(bounds.left, bounds.right),
                f64::midpoint(bounds.top, bounds.bottom),
            );
            let outside: f64 = if bounds.contains(point) { 0.0 } else { 1.0 };
            Some(((outside, off, centre.distance(point)), p.track))
        })
        .min_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)))
        .map(|(_, track)| track)
}

/// The standard deviation of a normal distribution with these tenths, so that a pose that jumps away for some frames does not
/// pass for a fast leg; 0 without values. Of a swing to and fro it is within 5 % of its own.
fn spread(values: &[f64]) -> f64 {
    /// Between the outer tenths of a normal distribution, in standard deviations.
    const BETWEEN_TENTHS: f64 = 2.563;
    let at = |share| quantile(values.iter().copied(), share);
    at(0.1).zip(at(0.9)).map_or(0.0, |(low, high)| (high - low) / BETWEEN_TENTHS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Landmark;

    /// Somebody `height` px tall whose ankles swing to and fro once in twenty frames by a tenth of that.
    fn walker(frames: usize, height: f64, confidence: f32, jump: impl Fn(usize) -> f64) -> Vec<Pose> {
        let pose = |i: usize| {
            let swing = 0.1 * height * (i as f64 / 20.0 * std::f64::consts::TAU).sin() + jump(i);
            let mut pose = Pose::new(Confidence::FULL);
            for side in Side::BOTH {
                let places = [
                    (LimbPoint::Shoulder, 0.0, 0.0),
                    (LimbPoint::Hip, 0.0, 0.4 * height),
                    (LimbPoint::Knee, 0.5 * swing, 0.7 * height),
                    (LimbPoint::Ankle, swing, height),
                ];
                for (point, x, y) in places {
                    let landmark =
                        Landmark { position: Point::new(x, y), confidence: Confidence::new(confidence) };
                    pose.set(point.on(side), Some(landmark));
                }
            }
            pose
        };
        (0..frames).map(pose).collect()
    }

    fn weight(poses: &[Pose]) -> f64 {
        candidate(TrackId(1), &poses.iter().collect::<Vec<_>>()).weight()
    }

    #[test]
    fn somebody_large_of_whom_nothing_is_sure_is_not_the_athlete() {
        let athlete = weight(&walker(160, 150.0, 0.85, |_| 0.0));
        let blur = weight(&walker(40, 900.0, 0.15, |i| if i % 2 == 0 { 500.0 } else { -500.0 }));
        assert!(athlete > 10.0 * blur, "{athlete} and {blur}");
    }

    #[test]
    fn a_pose_that_jumps_for_some_frames_is_no_faster_leg() {
        let steady = weight(&walker(100, 150.0, 0.9, |_| 0.0));
        let jumping = weight(&walker(50, 150.0, 0.9, |i| if i % 15 == 7 { 300.0 } else { 0.0 }));
        assert!(steady > 1.5 * jumping, "{steady} and {jumping}");
    }

    #[test]
    fn a_swing_spreads_by_its_standard_deviation() {
        let swing: Vec<f64> = (0..400).map(|i| (f64::from(i) / 20.0).sin()).collect();
        assert!((spread(&swing) - 0.5_f64.sqrt()).abs() < 0.05, "{}", spread(&swing));
    }
}
