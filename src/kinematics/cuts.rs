//! Where a clip is cut: the athlete is somewhere else, or of another size, from one frame to the next, and goes on from there.
//! Nobody moves like that; editors do, who leave out a part, zoom in or show another camera.

use crate::frame::PixelSize;
use crate::geometry::{Image, Point};
use crate::signal::gather::RawTrack;
use crate::signal::resample::usual_step;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};

/// A cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Where, samples: between the last frame before and the first one after.
    pub position: f64,
    /// When, s from the clip's first time stamp.
    pub time_s: f64,
    /// Whether the athlete is of another size from there on, so that lengths do not compare.
    pub resized: bool,
}

/// So many frames on either side say where the athlete is and how fast they go.
const FRAMES: usize = 4;
/// The hips jump where both sides' straight lines miss each other by more than this in the middle, trunk lengths: five times
/// what noise of 4 % of the trunk (docs/science.md D1) makes of four frames on either side.
const JUMP: f64 = 0.3;
/// On either side the hips lie on a straight line within this (root mean square), trunk lengths: otherwise the pose jumps.
const STRAIGHT: f64 = 0.08;
/// And the trunk keeps its length within this, trunk lengths: four times its noise.
const STEADY: f64 = 0.15;
/// The athlete is of another size where the trunk is longer by this factor [default]: three times what its noise and its
/// leaning out of the plane change within a quarter of a second.
const RESIZED: f64 = 1.2;
/// Frames further apart than this, s, are no neighbours: somebody unseen in between has moved on. Where one is missing, where they
/// lead to is known as much less well as they are further apart.
const APART_S: f64 = 0.15;
/// Nearer to the left or right edge than this, trunk lengths, the model guesses what it does not see (docs/science.md E).
const EDGE: f64 = 0.6;

/// What the picture shows of the athlete in one frame.
struct Place {
    frame: usize,
    time_s: f64,
    pelvis: Point<Image>,
    trunk_px: f64,
}

/// The cuts of a clip in order. `positions`: where each frame lies among the even samples.
#[must_use]
pub fn find(raw: &RawTrack, positions: &[f64], size: PixelSize) -> Vec<Cut> {
    let (places, step_s) =
        (places(raw, f64::from(size.width)), usual_step(&raw.times).unwrap_or(f64::INFINITY));
    let mut cuts: Vec<(f64, usize, Cut)> = Vec::new();
    for after in FRAMES..places.len().saturating_sub(FRAMES - 1) {
        let (before, from) = (&places[after - FRAMES..after], &places[after..after + FRAMES]);
        let Some(Jump { misfit, resized }) = jump(before, from, step_s) else { continue };
        let ends = [&before[FRAMES - 1], &from[0]];
        let position = f64::midpoint(positions[ends[0].frame], positions[ends[1].frame]);
        let cut = Cut { position, time_s: ends[1].time_s, resized };
        match cuts.last_mut() {
            // One jump shows from the frames beside it as well: it is where either side is the most of a piece.
            Some(last) if after - last.1 < FRAMES => {
                if misfit < last.0 {
                    *last = (misfit, after, cut);
                }
            }
            _ => cuts.push((misfit, after, cut)),
        }
    }
    cuts.into_iter().map(|(_, _, cut)| cut).collect()
}

/// A jump between two runs of frames.
struct Jump {
    /// How far either run is from being of a piece, trunk lengths.
    misfit: f64,
    /// Whether the size jumps.
    resized: bool,
}

fn places(raw: &RawTrack, width: f64) -> Vec<Place> {
    let middle = |point: LimbPoint, i: usize| -> Option<Point<Image>> {
        let of = |side| raw.points.limb(point, side).value(i);
        let (left, right) = (of(Side::Left)?, of(Side::Right)?);
        Some(Point::new(f64::midpoint(left.x, right.x), f64::midpoint(left.y, right.y)))
    };
    let place = |frame: usize| {
        let (pelvis, neck) = (middle(LimbPoint::Hip, frame)?, middle(LimbPoint::Shoulder, frame)?);
        let trunk_px = pelvis.distance(neck);
        let edge = EDGE * trunk_px;
        (edge..=width - edge).contains(&pelvis.x).then(|| Place {
            frame,
            time_s: raw.times[frame].0,
            pelvis,
            trunk_px,
        })
    };
    (0..raw.times.len()).filter_map(place).collect()
}

/// Whether the athlete jumps between two runs of frames, which usually are `step_s` apart.
fn jump(before: &[Place], after: &[Place], step_s: f64) -> Option<Jump> {
    let (last, first) = (&before[FRAMES - 1], &after[0]);
    let near = |run: &[Place]| run.windows(2).all(|w| w[1].time_s - w[0].time_s <= APART_S);
    if !(near(before) && near(after) && first.time_s - last.time_s <= APART_S) {
        return None;
    }
    let (was, is) = (trunk_px(before)?, trunk_px(after)?);
    let (small, large) = (was.min(is), was.max(is));
    let middle = f64::midpoint(last.time_s, first.time_s);
    let (there, there_off) = line(before, middle);
    let (here, here_off) = line(after, middle);
    if there_off.max(here_off) > STRAIGHT * large {
        return None;
    }
    // A pose that is read otherwise for a moment changes its size too, but does not keep it.
    let unsteady = |run: &[Place], of: f64| run.iter().map(|p| (p.trunk_px - of).abs()).fold(0.0, f64::max);
    let (was_off, is_off) = (unsteady(before, was), unsteady(after, is));
    if was_off.max(is_off) > STEADY * large {
        return None;
    }
    let resized = large > RESIZED * small && was_off.max(is_off) < 0.5 * (large - small);
    let misfit = (there_off + here_off + was_off + is_off) / large;
    let steps = ((first.time_s - last.time_s) / step_s).max(1.0);
    (resized || there.distance(here) > JUMP * large * steps).then_some(Jump { misfit, resized })
}

/// Median length of the trunk, px; none where it has none.
fn trunk_px(run: &[Place]) -> Option<f64> {
    median(run.iter().map(|p| p.trunk_px)).filter(|length| *length > 0.0)
}

/// Where a straight line through some frames is at a time, and how far they lie off it (root mean square), px.
fn line(run: &[Place], at_s: f64) -> (Point<Image>, f64) {
    let n = run.len() as f64;
    let mean = |of: &dyn Fn(&Place) -> f64| run.iter().map(of).sum::<f64>() / n;
    let (t, x, y) = (mean(&|p| p.time_s), mean(&|p| p.pelvis.x), mean(&|p| p.pelvis.y));
    let tt = mean(&|p| (p.time_s - t).powi(2)).max(f64::MIN_POSITIVE);
    let slope = |of: &dyn Fn(&Place) -> f64| mean(&|p| (p.time_s - t) * of(p)) / tt;
    let (vx, vy) = (slope(&|p| p.pelvis.x - x), slope(&|p| p.pelvis.y - y));
    let at = |time: f64| Point::new(x + vx * (time - t), y + vy * (time - t));
    let off = mean(&|p| p.pelvis.distance(at(p.time_s)).powi(2)).sqrt();
    (at(at_s), off)
}
