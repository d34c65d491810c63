//! Rendered clips with exact ground truth as movements, with noise on demand, and the scoring of events against them.

use super::stride::{EventKind, Gait};
use crate::camera::perspective::Perspective;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::{Angles, Facing, Movement, Points};
use crate::kinematics::turns::Turns;
use crate::signal::series::{Sample, Series, Source, TimeBase};
use crate::skeleton::{Angle, Keypoint, Side};
use crate::units::{Confidence, Hertz, Radians, Seconds};
use serde_json::Value;
use std::path::PathBuf;

pub struct TruthEvent {
    pub time_s: f64,
    pub side: Side,
    pub kind: EventKind,
}

pub struct Clip {
    pub name: String,
    pub movement: Movement,
    pub events: Vec<TruthEvent>,
    pub strides: usize,
    pub cadence: f64,
    pub forward: bool,
}

/// Every rendered clip; empty, with a printed line, where there is none.
pub fn clips() -> Vec<Clip> {
    let Some(root) = std::env::var_os("SLEDFORM_SHARED").map(PathBuf::from) else {
        println!("skipped: SLEDFORM_SHARED is not set");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("clips/dev"))
        .map(|dir| {
            dir.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "json")).collect()
        })
        .unwrap_or_default();
    files.sort();
    files.iter().map(|f| clip(&serde_json::from_str(&std::fs::read_to_string(f).unwrap()).unwrap())).collect()
}

fn side(value: &Value) -> Side {
    if value == "left" { Side::Left } else { Side::Right }
}

fn clip(json: &Value) -> Clip {
    let frames = json["per_frame"].as_array().unwrap();
    let facing = if json["image_facing"] == "left" { Facing::Left } else { Facing::Right };
    let fixed = json["camera"]["follow"] == "fixed";
    let scale = json["camera"]["focal_px"].as_f64().unwrap() / json["camera"]["dist"].as_f64().unwrap();
    let mut points = Points::missing(frames.len());
    for k in Keypoint::ALL {
        for (i, frame) in frames.iter().enumerate() {
            let number = |v: &Value, j: usize| v[j].as_f64();
            let place = if fixed {
                let px = &frame["px"][k.name()];
                number(px, 0).zip(number(px, 1))
            } else {
                let at = &frame["joints3d"][k.name()];
                number(at, 2)
                    .zip(number(at, 1))
                    .map(|(z, y)| (480.0 + facing.sign() * z * scale, 500.0 - y * scale))
            };
            points.get_mut(k).set(i, place.map(|(x, y)| sample(x, y)));
        }
    }
    let list = |key: &str| json[key].as_array().unwrap().clone();
    Clip {
        name: json["clip"].as_str().unwrap().to_owned(),
        movement: Movement {
            time: TimeBase {
                start: Seconds(frames[0]["t"].as_f64().unwrap()),
                rate: Hertz(json["fps"].as_f64().unwrap()),
                len: frames.len(),
            },
            unfiltered: points.clone(),
            points,
            facing: Some(facing),
            turns: Turns::default(),
            cuts: Vec::new(),
            angles: Angles::missing(frames.len()),
            angle_uncertainty: vec![Radians(0.07); Angle::COUNT],
            leg_error_factor: 1.0,
            hidden_legs_are_wrong: false,
            perspective: Perspective::NONE,
            standpoint: None,
            ground_is_fixed: true,
        },
        events: list("events")
            .iter()
            .map(|e| TruthEvent {
                time_s: e["t"].as_f64().unwrap(),
                side: side(&e["side"]),
                kind: if e["type"] == "contact" {
                    EventKind::InitialContact
                } else {
                    EventKind::TerminalContact
                },
            })
            .collect(),
        strides: list("strides").len(),
        cadence: json["summary"]["cadence_steps_per_min"].as_f64().unwrap(),
        forward: json["travel_vs_facing"] == "forward",
    }
}

/// The treadmill runner with another tool's keypoints, as they come; none where they are not there.
pub fn treadmill() -> Option<Movement> {
    let root = std::env::var_os("SLEDFORM_SHARED").map(PathBuf::from)?;
    let text = std::fs::read_to_string(root.join("real/treadmill_run/male_side.pose.json")).ok()?;
    let json: Value = serde_json::from_str(&text).ok()?;
    let frames = json["frames"].as_array()?;
    let mut points = Points::missing(frames.len());
    for (j, name) in json["keypoint_names"].as_array()?.iter().enumerate() {
        let ours =
            name.as_str()?.replace("l_", "left_").replace("r_", "right_").replace("big_toe", "foot_index");
        let Some(k) = Keypoint::from_name(&ours) else { continue };
        for (i, frame) in frames.iter().enumerate() {
            let at = |c: usize| frame[j][c].as_f64();
            if at(2)? > 0.3 {
                points.get_mut(k).set(i, Some(sample(at(0)?, at(1)?)));
            }
        }
    }
    Some(Movement {
        time: TimeBase { start: Seconds(0.0), rate: Hertz(30.0), len: frames.len() },
        unfiltered: points.clone(),
        points,
        facing: Some(Facing::Left),
        turns: Turns::default(),
        cuts: Vec::new(),
        angles: Angles::missing(frames.len()),
        angle_uncertainty: vec![Radians(0.07); Angle::COUNT],
        leg_error_factor: 1.0,
        hidden_legs_are_wrong: false,
        perspective: Perspective::NONE,
        standpoint: None,
        ground_is_fixed: true,
    })
}

pub fn sample(x: f64, y: f64) -> Sample<Point<Ground>> {
    Sample { value: Point::new(x, y), confidence: Confidence::new(0.9), source: Source::Measured }
}

/// A small generator of normally distributed numbers, the same every time (xorshift and Irwin-Hall).
pub struct Noise(pub u64);

impl Noise {
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// Every point moved by a function of keypoint, frame and place.
pub fn moved(
    movement: &Movement,
    mut f: impl FnMut(Keypoint, usize, f64, f64) -> Option<(f64, f64)>,
) -> Movement {
    let mut out = movement.clone();
    for k in Keypoint::ALL {
        let old = movement.unfiltered.get(k);
        let new: Vec<_> = (0..old.len())
            .map(|i| {
                let s = old.get(i)?;
                let (x, y) = f(k, i, s.value.x, s.value.y)?;
                Some(Sample { value: Point::new(x, y), ..s })
            })
            .collect();
        *out.unfiltered.get_mut(k) = Series::new(new.clone());
        *out.points.get_mut(k) = Series::new(new);
    }
    out
}

/// Independent noise on every coordinate, as a share of the trunk's length.
pub fn noisy(movement: &Movement, share: f64, seed: u64) -> Movement {
    let at = |k: Keypoint| movement.unfiltered.get(k).value(0).unwrap();
    let trunk = at(Keypoint::LeftShoulder).distance(at(Keypoint::LeftHip));
    let mut noise = Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        noise.uniform();
    }
    moved(movement, |_, _, x, y| {
        Some((x + share * trunk * noise.normal(), y + share * trunk * noise.normal()))
    })
}

#[derive(Default)]
pub struct Score {
    pub hits: usize,
    pub found: usize,
    pub truth: usize,
    pub landing_errors_s: Vec<f64>,
    pub leaving_errors_s: Vec<f64>,
}

impl Score {
    pub fn f1(&self) -> f64 {
        2.0 * self.hits as f64 / (self.found + self.truth).max(1) as f64
    }
}

/// Events matched one to one, nearest first, within a tolerance.
pub fn score(gait: &Gait, truth: &[TruthEvent], tolerance_s: f64) -> Score {
    let mut score = Score { found: gait.events.len(), truth: truth.len(), ..Score::default() };
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (i, e) in gait.events.iter().enumerate() {
        for (j, t) in truth.iter().enumerate() {
            let error = e.time.0 - t.time_s;
            if e.side == t.side && e.kind == t.kind && error.abs() <= tolerance_s {
                pairs.push((i, j, error));
            }
        }
    }
    pairs.sort_by(|a, b| a.2.abs().total_cmp(&b.2.abs()));
    let (mut used_found, mut used_truth) = (vec![false; gait.events.len()], vec![false; truth.len()]);
    for (i, j, error) in pairs {
        if !used_found[i] && !used_truth[j] {
            (used_found[i], used_truth[j]) = (true, true);
            score.hits += 1;
            match truth[j].kind {
                EventKind::InitialContact => score.landing_errors_s.push(error),
                EventKind::TerminalContact => score.leaving_errors_s.push(error),
            }
        }
    }
    score
}

pub fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}
