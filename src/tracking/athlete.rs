//! Which of the people in a clip is the athlete: chosen over the whole clip, never frame by frame.

use crate::geometry::{Image, Point};
use crate::observation::{Observation, Pose, Recording, TrackId};
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::Seconds;
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
    /// Median height of the box round the keypoints, px.
    pub height_px: f64,
    /// Spread of the ankles about the hips as a share of that height: about 0.1 when walking, near 0 standing.
    pub leg_motion: f64,
}

impl Candidate {
    /// Size times duration times movement. Somebody standing still counts a fifth of somebody walking.
    fn weight(&self) -> f64 {
        /// What a motionless person still counts, in units of `leg_motion`.
        const STANDING: f64 = 0.025;
        self.frames as f64 * self.height_px * (STANDING + self.leg_motion)
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

fn candidate(track: TrackId, poses: &[&Pose]) -> Candidate {
    let height_px =
        median(poses.iter().filter_map(|p| p.bounds()).map(crate::geometry::Bounds::height)).unwrap_or(0.0);
    let spread = Side::BOTH.map(|side| {
        standard_deviation(
            &poses
                .iter()
                .filter_map(|p| {
                    let ankle = p.get(LimbPoint::Ankle.on(side))?.position;
                    Some(ankle.x - p.get(LimbPoint::Hip.on(side))?.position.x)
                })
                .collect::<Vec<_>>(),
        )
    });
    let leg_motion = if height_px > 0.0 { spread[0].max(spread[1]) / height_px } else { 0.0 };
    Candidate { track, frames: poses.len(), height_px, leg_motion }
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

fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()
}
