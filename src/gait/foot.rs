//! Contacts from the paths of heel, toe and ankle over the ground, whatever they land on first and leave last.
//!
//! Each point is fitted by itself (`swing`). Of heel and toe the foot leaves with the one that leaves last and lands
//! with the one that lands first: heel first and toe last forward, the other way round or both at once backward.
//! Which one that is, and by how much the other differs, is told once for a whole stretch, so that every point
//! serves to time every contact and one that is hidden for a stride is replaced.

use super::contacts::{Stage, Timing};
use super::shape::Shape;
use super::smooth::median;
use super::stride::EventMethod;
use super::swing::{Path, Swing, Usual, Window, swing};
use super::travel::pelvis_x;
use crate::signal::series::Source;
use crate::skeleton::{LimbPoint, Side};

/// The points of a foot; the ankle serves where heel and toe do not.
const POINTS: [LimbPoint; 3] = [LimbPoint::Heel, LimbPoint::Toe, LimbPoint::Ankle];
const ANKLE: usize = 2;
/// Share of a window's samples that a point must have for a fit.
const MIN_SEEN: f64 = 0.5;
/// A foot that goes less far in a swing than this share of the leg tells no contact by its path.
const MIN_SWING_LEG: f64 = 0.08;
/// Nor does one whose path is this far from a step, as a share of its length.
const MAX_RESIDUAL_SHARE: f64 = 0.2;
/// Swings of one foot in steady stepping differ by about this share in duration and in length: stride time varies by
/// 2 to 5 %, the split into stance and swing adds to it (B7).
const DURATION_SPREAD: f64 = 0.10;
const LENGTH_SPREAD: f64 = 0.15;
/// Floor of the noise of a coordinate, as a share of the leg: half a centimetre of a metre.
const MIN_NOISE_LEG: f64 = 0.005;
/// Weight of an interpolated sample beside a measured one, and of one of no confidence.
const INTERPOLATED_WEIGHT: f64 = 0.3;
const MIN_WEIGHT: f64 = 0.05;
/// Swings that are enough to tell the shape of all.
const SHAPE_SWINGS: usize = 12;

/// Both feet in a stretch of stepping.
pub(super) struct Feet {
    /// By side: heel and toe, ankle.
    paths: [[Path; 3]; 2],
    shape: Shape,
    /// By side, then heel and toe, ankle.
    usual: [[Option<Usual>; 2]; 2],
}

impl Feet {
    pub fn of(stage: &Stage<'_>, windows: &[(Side, Window)]) -> Self {
        let paths = Side::BOTH.map(|side| POINTS.map(|p| path(stage, p, side)));
        let clip_end = stage.movement.time.len as f64 - 1.0;
        let slack = 0.1 * stage.period;
        let whole: Vec<(Side, Window)> =
            windows.iter().copied().filter(|(_, w)| w.from >= -slack && w.to <= clip_end + slack).collect();
        let fits = |shape: &Shape, method: EventMethod, side: Option<Side>| -> Vec<Swing> {
            whole
                .iter()
                .filter(|w| side.is_none_or(|s| s == w.0))
                .filter_map(|(s, w)| told(stage, &paths[s.index()], method, shape, *w, None))
                .collect()
        };
        let misfit = |shape: &Shape| {
            median(
                fits(shape, EventMethod::FootSpeed, None)
                    .iter()
                    .take(SHAPE_SWINGS)
                    .map(|s| s.residual / s.length),
            )
        };
        if std::env::var_os("SHOW").is_some() {
            for (k, s) in Shape::all().iter().enumerate() {
                println!(
                    "shape {k} {:.4} dur {:.2}",
                    misfit(s).unwrap_or(9.0),
                    median(fits(s, EventMethod::FootSpeed, None).iter().map(|s| s.land - s.leave))
                        .unwrap_or(0.0)
                );
            }
        }
        let shape = Shape::all()
            .into_iter()
            .filter_map(|shape| misfit(&shape).map(|m| (shape, m)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map_or_else(|| Shape::new(2.0, 2.0), |best| best.0);
        let usual = Side::BOTH.map(|side| {
            [EventMethod::FootSpeed, EventMethod::AnkleSpeed]
                .map(|m| usual(stage, &fits(&shape, m, Some(side))))
        });
        Self { paths, shape, usual }
    }

    /// When the foot leaves and lands in a window; none where no point tells.
    pub fn timing(&self, stage: &Stage<'_>, side: Side, window: Window) -> Option<Timing> {
        let paths = &self.paths[side.index()];
        [EventMethod::FootSpeed, EventMethod::AnkleSpeed].into_iter().enumerate().find_map(|(k, method)| {
            let usual = self.usual[side.index()][k].or(self.usual[side.mirror().index()][k]);
            let swing = told(stage, paths, method, &self.shape, window, usual.as_ref())?;
            let fit = 1.0 - 0.5 * swing.residual / (MAX_RESIDUAL_SHARE * swing.length);
            let seen = paths.iter().map(|p| mean_weight(p, window)).fold(0.0, f64::max);
            Some(Timing {
                leave: swing.leave,
                land: swing.land,
                uncertainty: swing.uncertainty,
                confidence: (fit * seen) as f32,
                method,
            })
        })
    }
}

fn usual(stage: &Stage<'_>, whole: &[Swing]) -> Option<Usual> {
    let duration = median(whole.iter().map(|s| s.land - s.leave))?;
    let length = median(whole.iter().map(|s| s.length))?;
    let noise = median(whole.iter().map(|s| s.residual))?;
    Some(Usual {
        duration,
        duration_sd: DURATION_SPREAD * duration,
        length,
        length_sd: LENGTH_SPREAD * length,
        noise: noise.max(MIN_NOISE_LEG * stage.leg_px),
    })
}

/// A swing good enough to tell its contacts.
fn told(
    stage: &Stage<'_>,
    paths: &[Path; 3],
    method: EventMethod,
    shape: &Shape,
    window: Window,
    usual: Option<&Usual>,
) -> Option<Swing> {
    let points = if method == EventMethod::FootSpeed { &paths[..ANKLE] } else { &paths[ANKLE..] };
    let seen: Vec<&Path> = points
        .iter()
        .filter(|path| {
            let inside = inside(path, window);
            let seen = inside.clone().filter(|&i| path[i].is_some()).count() as f64;
            seen >= MIN_SEEN * inside.len().max(1) as f64
        })
        .collect();
    let swing = swing(&seen, shape, window, stage.movement.time.rate.0, usual)?;
    let clear =
        swing.length >= MIN_SWING_LEG * stage.leg_px && swing.residual <= MAX_RESIDUAL_SHARE * swing.length;
    clear.then_some(swing)
}

fn inside(path: &Path, window: Window) -> std::ops::Range<usize> {
    let to = (window.to.max(0.0) as usize + 1).min(path.len());
    (window.from.max(0.0) as usize).min(to)..to
}

fn mean_weight(path: &Path, window: Window) -> f64 {
    let inside = inside(path, window);
    inside.clone().filter_map(|i| path[i].map(|s| s.1)).sum::<f64>() / inside.len().max(1) as f64
}

/// Place of a point along the way of stepping with the ground held still, px, and its weight.
fn path(stage: &Stage<'_>, point: LimbPoint, side: Side) -> Path {
    let pelvis = pelvis_x(stage.movement);
    let series = stage.movement.unfiltered.limb(point, side);
    series
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let sample = sample?;
            let ground = match stage.stepping.belt {
                Some(belt) => belt * i as f64,
                None => pelvis[i]? + stage.stepping.stance_from_pelvis * i as f64,
            };
            let seen = if sample.source == Source::Measured { 1.0 } else { INTERPOLATED_WEIGHT };
            let weight = seen * f64::from(sample.confidence.value()).max(MIN_WEIGHT);
            Some((stage.toward * (sample.value.x - ground), weight))
        })
        .collect()
}
