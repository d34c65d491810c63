//! Near and far foot go on two tracks, one nearer to the camera than the other (docs/science.md D3).
//!
//! Away from where the camera looks squarely, the near foot looks further from that place than it is, the far foot less far:
//! steps onto the one look longer, onto the other shorter, the other way on the other side. How far apart the tracks are is
//! seen in that very pattern: along the way the two feet's steps cross. With few steps, or a short way, it is what people's feet
//! usually are.

use super::context::{Context, StrideView};
use super::travel;
use crate::camera::perspective::Standpoint;
use crate::gait::stride::Stride;
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Facing;
use crate::signal::least_squares::{self, BIWEIGHT, ROUNDS, biweights};
use crate::signal::series::{Sample, Series};
use crate::signal::statistics::{MAD_TO_SD, median};
use crate::skeleton::{LimbPoint, Side};
use std::collections::BTreeMap;

/// Distance of the two feet's tracks, leg lengths, and one standard deviation: steps of a walk are 0.1 m wide (0.12 of a leg;
/// Perry and Burnfield 2010), hip joints 0.17 m apart (0.2), pushing is done more widely than walking. The focal length, known
/// to a fifth, adds less than people do.
const APART_LEG: (f64, f64) = (0.15, 0.08);
/// How far off the camera is where that is not known, leg lengths: 7 m [default].
const USUAL_DISTANCE_LEG: f64 = 8.0;
/// Where the camera looks squarely, where that is not known: one standard deviation from the middle of the strides, leg lengths: a
/// leg length beside the picture's middle, and another by 8 degrees off the side at 8 of them [default].
const UNKNOWN_SQUARE_LEG: f64 = 1.5;
/// One standard deviation of a step's length about what speed and side make it, leg lengths, at least: 2 to 3 % of a step of
/// 0.7 of a leg (Perry and Burnfield 2010).
const STEP_SD_LEG: f64 = 0.015;
/// Two steps share a place where a foot stands, so that errors of places count double in what crosses: the root of 2.
const SHARED_PLACES: f64 = std::f64::consts::SQRT_2;
/// Fewest steps of a bout whose usual length means something.
const STEPS_OF_A_BOUT: usize = 3;
/// What is fitted to the steps: their usual length, near against far foot, left against right foot, how they grow along the
/// way, and the crossing.
const UNKNOWNS: usize = 5;
/// How many of them, the usual length aside, steps of a clip tell apart: near is left or right unless somebody turns round.
const TOLD_APART: usize = UNKNOWNS - 2;
/// One standard deviation of the first four, leg lengths (the growth per leg length), before anything is seen: wide beside
/// differences of legs (10 %) and starts from standing [default].
const BEFORE_LEG: [f64; UNKNOWNS - 1] = [0.2, 0.1, 0.1, 0.03];

/// Where feet stand, both as if on one track in the middle, and what of that is not known.
pub(super) struct Tracks {
    /// Left and right ankle, left and right toe.
    ankles: [Series<Point<Ground>>; 2],
    toes: [Series<Point<Ground>>; 2],
    /// None where the camera's place is not known: the points are as seen.
    apart: Option<Apart>,
    square_sd_leg: f64,
}

/// A share of the camera's distance by which the tracks lie apart, and one standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Apart {
    share: f64,
    sd: f64,
}

/// One step over fixed ground as it was seen.
struct SeenStep {
    bout: usize,
    length_leg: f64,
    /// +1 onto the near foot, -1 onto the far one.
    onto_near: f64,
    /// +1 onto the left foot, -1 onto the right one.
    onto_left: f64,
    /// Its middle from where the camera looks squarely, leg lengths in the direction of the step.
    beside_leg: f64,
}

impl Tracks {
    pub(super) fn of(context: &Context) -> Self {
        let standpoint = context.movement.standpoint.zip(context.leg_px().ok());
        let apart = standpoint.map(|(camera, leg_px)| {
            let to_share = leg_px / camera.distance_px;
            let usual = Apart { share: APART_LEG.0 * to_share, sd: APART_LEG.1 * to_share };
            seen_apart(&seen_steps(context, camera, leg_px), usual)
        });
        let points = |point| Side::BOTH.map(|side| middled(context, point, side, apart));
        Self {
            ankles: points(LimbPoint::Ankle),
            toes: points(LimbPoint::Toe),
            apart,
            square_sd_leg: standpoint.map_or(UNKNOWN_SQUARE_LEG, |(camera, leg)| camera.square_sd_px / leg),
        }
    }

    /// The ankle of a side.
    pub(super) fn ankle(&self, side: Side) -> &Series<Point<Ground>> {
        of_side(&self.ankles, side)
    }

    /// The tip of the big toe of a side.
    pub(super) fn toe(&self, side: Side) -> &Series<Point<Ground>> {
        of_side(&self.toes, side)
    }

    /// One standard deviation of what is left of it in the mean step of these strides, leg lengths: half of that in where a foot
    /// stands.
    pub(super) fn error_leg<'a>(&self, context: &Context, strides: impl Iterator<Item = &'a Stride>) -> f64 {
        let places: Vec<(f64, f64)> = strides.filter_map(|stride| place(context, stride)).collect();
        let mean =
            |of: fn(&(f64, f64)) -> f64| places.iter().map(of).sum::<f64>() / places.len().max(1) as f64;
        let (near, beside) = (mean(|p| p.0), mean(|p| p.0 * p.1));
        let Apart { share, sd } =
            self.apart.unwrap_or(Apart { share: APART_LEG.0 / USUAL_DISTANCE_LEG, sd: 0.0 });
        (sd * beside).hypot(share * self.square_sd_leg * near)
    }
}

fn of_side<T>(both: &[T; 2], side: Side) -> &T {
    match side {
        Side::Left => &both[0],
        Side::Right => &both[1],
    }
}

/// Whether a stride's foot is the near one (+1) or the far one (-1), and how far from the square place it lands in the direction
/// of stepping, leg lengths; the place is 0 where it is not known.
fn place(context: &Context, stride: &Stride) -> Option<(f64, f64)> {
    let view = StrideView::new(context, stride);
    let sample = context.movement.time.nearest(stride.start)?;
    let near = nearness(context, stride.side, sample)?;
    let ankle = context.movement.points.limb(LimbPoint::Ankle, stride.side).value(sample);
    let square = context.movement.standpoint.map(|camera| square_px(context, camera, sample));
    let along = view.direction().ok().zip(context.facing().ok()).map(|(d, f)| d.sign() * f.sign());
    let beside = ankle.zip(square).zip(along).zip(context.leg_px().ok());
    Some((near, beside.map_or(0.0, |(((ankle, square), along), leg)| along * (ankle.x - square) / leg)))
}

/// A point of a foot as if both feet went on one track in the middle; as seen where it is not known where the camera stands.
fn middled(context: &Context, point: LimbPoint, side: Side, apart: Option<Apart>) -> Series<Point<Ground>> {
    let seen = context.movement.points.limb(point, side);
    let Some((camera, Apart { share, .. })) = context.movement.standpoint.zip(apart) else {
        return seen.clone();
    };
    let onto_middle = |(i, sample): (usize, Option<Sample<Point<Ground>>>)| {
        let Some(near) = nearness(context, side, i) else { return sample };
        let square = square_px(context, camera, i);
        sample.map(|s| s.map(|p| Point::new(p.x - 0.5 * share * near * (p.x - square), p.y)))
    };
    Series::new(seen.iter().enumerate().map(onto_middle).collect())
}

/// Where the camera looks squarely at the way, px along the ground frame as mirrored at a sample.
fn square_px(context: &Context, camera: Standpoint, sample: usize) -> f64 {
    if context.movement.turns.is_mirrored(sample) { -camera.square_px } else { camera.square_px }
}

/// +1 for the foot nearer to the camera, -1 for the other one.
fn nearness(context: &Context, side: Side, sample: usize) -> Option<f64> {
    let near = context.movement.facing_at(sample).map(Facing::near_side)?;
    Some(if near == side { 1.0 } else { -1.0 })
}

fn seen_steps(context: &Context, camera: Standpoint, leg_px: f64) -> Vec<SeenStep> {
    let seen_step = |stride: &Stride| {
        let view = StrideView::new(context, stride);
        let (from, to) = travel::seen_placements(&view)?;
        let sample = context.movement.time.nearest(stride.start)?;
        Some(SeenStep {
            bout: stride.bout,
            length_leg: (to - from).abs(),
            onto_near: nearness(context, stride.side, sample)?,
            onto_left: if stride.side == Side::Left { 1.0 } else { -1.0 },
            beside_leg: (to - from).signum()
                * (f64::midpoint(from, to) - square_px(context, camera, sample) / leg_px),
        })
    };
    context.gait.strides.iter().filter(|s| s.is_valid()).filter_map(seen_step).collect()
}

/// How far apart the tracks are by the way in which steps onto near and far foot cross, and by what is usual.
fn seen_apart(steps: &[SeenStep], usual: Apart) -> Apart {
    let lengths = usual_lengths(steps);
    let rows: Vec<([f64; UNKNOWNS], f64)> = steps
        .iter()
        .filter_map(|s| {
            let factors = [1.0, s.onto_near, s.onto_left, s.beside_leg, s.onto_near * s.beside_leg];
            Some((factors, s.length_leg - lengths.get(&s.bout)?))
        })
        .collect();
    let Some(freedom) = rows.len().checked_sub(lengths.len() + TOLD_APART).filter(|&f| f > 0) else {
        return usual;
    };
    let few = (rows.len() as f64 / freedom as f64).sqrt();
    let mut found = usual;
    let mut weights = vec![1.0; rows.len()];
    let mut deviation = STEP_SD_LEG;
    for _ in 0..ROUNDS {
        let seen = rows.iter().zip(&weights).map(|(&(row, value), &weight)| (row, value, weight));
        let Some((terms, spread)) =
            least_squares::fit_with_spread(seen.chain(expectations(usual, deviation * SHARED_PLACES)))
        else {
            return usual;
        };
        // Feet may cross, tracks do not.
        let (share, sd) = (terms[UNKNOWNS - 1].max(0.0), spread[UNKNOWNS - 1] * deviation * SHARED_PLACES);
        found = Apart { share, sd };
        let told =
            |row: &[f64; UNKNOWNS]| row.iter().zip(terms).map(|(factor, term)| factor * term).sum::<f64>();
        let rest: Vec<f64> = rows.iter().map(|(row, value)| value - told(row)).collect();
        let middle = median(rest.iter().map(|r| r.abs())).unwrap_or_default();
        deviation = (MAD_TO_SD * middle * few).max(STEP_SD_LEG);
        weights = biweights(&rest, BIWEIGHT * deviation);
    }
    found
}

/// What is expected before anything is seen, as rows beside steps of that deviation.
fn expectations(usual: Apart, deviation: f64) -> impl Iterator<Item = ([f64; UNKNOWNS], f64, f64)> {
    let before = BEFORE_LEG.map(|sd| (0.0, sd)).into_iter().chain([(usual.share, usual.sd)]);
    before.enumerate().map(move |(i, (value, sd))| {
        (std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 }), value, (deviation / sd).powi(2))
    })
}

/// The median length of the steps of each bout that has enough: bouts may be run at different speeds.
fn usual_lengths(steps: &[SeenStep]) -> BTreeMap<usize, f64> {
    let mut lengths: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for step in steps {
        lengths.entry(step.bout).or_default().push(step.length_leg);
    }
    lengths.retain(|_, lengths| lengths.len() >= STEPS_OF_A_BOUT);
    lengths.into_iter().filter_map(|(bout, lengths)| Some((bout, median(lengths)?))).collect()
}

#[cfg(test)]
#[path = "tracks_tests.rs"]
mod tests;
