//! Rendered clips with exact ground truth as movements, with noise on demand, and the scoring of events against them.

use super::stride::{EventKind, Gait};
use crate::geometry::Point;
use crate::kinematics::movement::{Angles, Facing, Movement, Points};
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
            points.get_mut(k).set(i, place.and_then(|(x, y)| sample(x, y)));
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
            angles: Angles::missing(frames.len()),
            angle_uncertainty: vec![Radians(0.07); Angle::COUNT],
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
                points.get_mut(k).set(i, sample(at(0)?, at(1)?));
            }
        }
    }
    Some(Movement {
        time: TimeBase { start: Seconds(0.0), rate: Hertz(30.0), len: frames.len() },
        unfiltered: points.clone(),
        points,
        facing: Some(Facing::Left),
        angles: Angles::missing(frames.len()),
        angle_uncertainty: vec![Radians(0.07); Angle::COUNT],
        ground_is_fixed: true,
    })
}

/// The same clip as a pose model sees it (development only).
pub fn seen_by_model(root: &str, model: &str, clip: &Clip) -> Option<Movement> {
    let text = std::fs::read_to_string(format!("{root}/kp_{model}_{}.json", clip.name)).ok()?;
    let json: Value = serde_json::from_str(&text).ok()?;
    let shared = std::env::var_os("SLEDFORM_SHARED").map(PathBuf::from)?;
    let truth: Value = serde_json::from_str(
        &std::fs::read_to_string(shared.join(format!("clips/dev/{}.json", clip.name))).unwrap(),
    )
    .unwrap();
    let mut movement = clip.movement.clone();
    let mut points = Points::missing(movement.time.len);
    for (i, frame) in json.as_array()?.iter().enumerate() {
        let Some(l) = frame.get("l").and_then(|l| l.as_array()) else { continue };
        let cam = &truth["per_frame"][i]["cam"];
        let n = |a: &str, j: usize| cam[a][j].as_f64().unwrap();
        let focal = truth["camera"]["focal_px"].as_f64().unwrap();
        let dist = truth["camera"]["dist"].as_f64().unwrap();
        let pan = ((n("at", 2) - n("eye", 2)) / dist).atan() * clip.movement.facing.unwrap().sign();
        let z0 = n("eye", 2) * clip.movement.facing.unwrap().sign();
        for (j, k) in Keypoint::ALL.into_iter().take(33).enumerate() {
            let (x, y, vis) = (l[j][0].as_f64()?, l[j][1].as_f64()?, l[j][3].as_f64()?);
            let ground = z0 + dist * (pan + ((x - 480.0) / focal).atan()).tan();
            points.get_mut(k).set(
                i,
                sample(ground * focal / dist, y)
                    .map(|s| Sample { confidence: Confidence::new(vis as f32), ..s }),
            );
        }
    }
    movement.unfiltered = points.clone();
    movement.points = points;
    Some(movement)
}

pub fn sample(x: f64, y: f64) -> Option<Sample<Point<crate::geometry::Ground>>> {
    Some(Sample { value: Point::new(x, y), confidence: Confidence::new(0.9), source: Source::Measured })
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

    pub fn add(&mut self, other: Score) {
        self.hits += other.hits;
        self.found += other.found;
        self.truth += other.truth;
        self.landing_errors_s.extend(other.landing_errors_s);
        self.leaving_errors_s.extend(other.leaving_errors_s);
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

mod tests {
    use super::*;
    use crate::gait::gait;
    use crate::gait::settings::GaitSettings;

    #[test]
    fn model() {
        let root = std::env::var("KP").unwrap_or_default();
        for model in ["full", "heavy"] {
            let mut all = Score::default();
            for clip in clips() {
                let Some(m) = seen_by_model(&root, model, &clip) else { continue };
                let (g, w) = gait(&m, &GaitSettings::default());
                let s = score(&g, &clip.events, 2.0 / 30.0);
                let (lm, ls) = mean_sd(&s.landing_errors_s);
                let (om, os) = mean_sd(&s.leaving_errors_s);
                let b = &g.bouts[0];
                println!(
                    "{model} {:28} f1 {:.3} ({}/{}/{}) IC {:+.0}+-{:.0} TC {:+.0}+-{:.0} ms bouts {} {:?} {:?} valid {}/{} cad {:+.2}% +-{:.2} w{} {}",
                    clip.name,
                    s.f1(),
                    s.hits,
                    s.found,
                    s.truth,
                    1e3 * lm,
                    1e3 * ls,
                    1e3 * om,
                    1e3 * os,
                    g.bouts.len(),
                    b.direction.map(|d| (d.sign() > 0.0) == clip.forward),
                    b.travel,
                    g.strides.iter().filter(|s| s.is_valid()).count(),
                    clip.strides,
                    100.0 * (120.0 * b.stride_frequency.0 / clip.cadence - 1.0),
                    100.0 * b.frequency_uncertainty.0 / b.stride_frequency.0,
                    w.len(),
                    g.events
                        .iter()
                        .filter(|e| e.method != crate::gait::stride::EventMethod::FootSpeed)
                        .count()
                );
                if s.f1() < 0.99 && std::env::var_os("MISS").is_some() {
                    for t in &clip.events {
                        let near = g
                            .events
                            .iter()
                            .filter(|e| e.side == t.side && e.kind == t.kind)
                            .map(|e| e.time.0 - t.time_s)
                            .min_by(|a, b| a.abs().total_cmp(&b.abs()));
                        if near.is_none_or(|e| e.abs() > 2.0 / 30.0) {
                            println!("   miss {:.3} {:?} {:?} nearest {:?}", t.time_s, t.side, t.kind, near);
                        }
                    }
                    for e in &g.events {
                        let near = clip
                            .events
                            .iter()
                            .filter(|t| e.side == t.side && e.kind == t.kind)
                            .map(|t| e.time.0 - t.time_s)
                            .min_by(|a, b| a.abs().total_cmp(&b.abs()));
                        if near.is_none_or(|e| e.abs() > 2.0 / 30.0) {
                            println!(
                                "   extra {:.3} {:?} {:?} {:?} nearest {:?}",
                                e.time.0, e.side, e.kind, e.method, near
                            );
                        }
                    }
                }
                all.add(s);
            }
            println!("{model} all f1 {:.3}", all.f1());
        }
    }

    #[test]
    fn tread() {
        let Some(m) = treadmill() else { return };
        let (g, w) = gait(&m, &GaitSettings::default());
        println!(
            "{w:?} {:#?} strides {} valid {}",
            g.bouts,
            g.strides.len(),
            g.strides.iter().filter(|s| s.is_valid()).count()
        );
        for b in &g.bouts {
            println!(
                "cadence {:.2} +- {:.2}",
                120.0 * b.stride_frequency.0,
                120.0 * b.frequency_uncertainty.0
            );
        }
        for s in g.strides.iter().take(20) {
            println!(
                "{:?} {:.3} {:.3} duty {:.2} {:?} {:?} {:?} {:?} u{:.3} ot {:?} oi {:?}",
                s.side,
                s.start.0,
                s.duration().0,
                (s.terminal_contact.time.0 - s.start.0) / s.duration().0,
                s.unfit,
                s.initial_contact.method,
                s.terminal_contact.method,
                s.terminal_contact.confidence,
                s.terminal_contact.uncertainty.0,
                s.opposite_terminal.map(|e| e.time.0 - s.start.0),
                s.opposite_initial.map(|e| e.time.0 - s.start.0)
            );
        }
    }

    #[test]
    fn table() {
        for noise in [0.0, 0.01, 0.03] {
            println!("noise {noise}");
            let mut all = Score::default();
            for clip in clips() {
                let mut score_clip = Score::default();
                let seeds = if noise == 0.0 { 1 } else { 5 };
                let mut line = String::new();
                for seed in 0..seeds {
                    let (g, w) = gait(&noisy(&clip.movement, noise, seed + 1), &GaitSettings::default());
                    score_clip.add(score(&g, &clip.events, 2.0 / 30.0));
                    if seed == 0 {
                        let b = &g.bouts[0];
                        line = format!(
                            "bouts {} {:?} {:?} valid {}/{} cad {:+.2}% +-{:.2} w{}",
                            g.bouts.len(),
                            b.direction.map(|d| (d.sign() > 0.0) == clip.forward),
                            b.travel,
                            g.strides.iter().filter(|s| s.is_valid()).count(),
                            clip.strides,
                            100.0 * (120.0 * b.stride_frequency.0 / clip.cadence - 1.0),
                            100.0 * b.frequency_uncertainty.0 / b.stride_frequency.0,
                            w.len()
                        );
                    }
                }
                let (lm, ls) = mean_sd(&score_clip.landing_errors_s);
                let (om, os) = mean_sd(&score_clip.leaving_errors_s);
                println!(
                    "{:28} f1 {:.3} ({}/{}/{}) IC {:+.0}+-{:.0} TC {:+.0}+-{:.0} ms {line}",
                    clip.name,
                    score_clip.f1(),
                    score_clip.hits,
                    score_clip.found,
                    score_clip.truth,
                    1e3 * lm,
                    1e3 * ls,
                    1e3 * om,
                    1e3 * os
                );
                all.add(score_clip);
            }
            println!("all f1 {:.3}", all.f1());
        }
    }
}
