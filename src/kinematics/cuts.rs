//! Where a clip is cut: the athlete is somewhere else, or of another size, from one frame to the next, and goes on from there.
//! Nobody moves like that; editors do, who leave out a part, zoom in or show another camera.

use crate::frame::PixelSize;
use crate::geometry::{Image, Point};
use crate::signal::gather::RawTrack;
use crate::signal::outliers::LONGEST_STAY_S;
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
    /// How many times as large as before the athlete is from there on; 1 where that is no more than the pose explains.
    pub growth: f64,
}

/// So many frames on either side, and at least so long, s, say where the athlete is and how fast they go [default].
const FRAMES: usize = 4;
const LEAST_S: f64 = 0.12;
/// The hips jump where both sides' straight lines miss each other by more than this in the middle, trunk lengths: five times
/// what noise of 4 % of the trunk (docs/science.md D2) makes of four frames on either side.
const JUMP: f64 = 0.3;
/// A jump and the next one take each other back where together they lead no further than so many times that: two jumps' noise.
const TAKEN_BACK: f64 = 2.0;
/// On either side the hips lie on a straight line within this (root mean square), trunk lengths: otherwise the pose jumps [default:
/// twice the noise].
const STRAIGHT: f64 = 0.08;
/// And the trunk keeps its length, in every frame within this of the median, trunk lengths [default: four times the noise]: a pose
/// that folds up or unfolds does not.
const STEADY: f64 = 0.15;
/// The athlete is of another size where the trunk is longer by this factor [default: three times what noise makes of it].
pub const RESIZED: f64 = 1.2;
/// And by so many times more than it strays on either side that it is no noise: no frame is further off than this share [default].
const CLEAR: f64 = 0.33;
/// Frames further apart than this, s, are no neighbours: somebody unseen in between has moved on [default]. Where one is missing,
/// where they lead to is known as much less well as they are further apart.
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
    let Some(step_s) = usual_step(&raw.times) else { return Vec::new() };
    let places = places(raw, f64::from(size.width));
    let frames = FRAMES.max((LEAST_S / step_s).round() as usize);
    let mut jumps: Vec<Jump> = Vec::new();
    for after in frames..places.len().saturating_sub(frames - 1) {
        let Some(jump) = jump(&places[after - frames..after], &places[after..after + frames], step_s) else {
            continue;
        };
        match jumps.last_mut() {
            // One jump shows from the frames beside it as well: it is where either side is the most of a piece.
            Some(last) if jump.from - last.from < frames => {
                if jump.misfit < last.misfit {
                    *last = jump;
                }
            }
            _ => jumps.push(jump),
        }
    }
    there_for_good(&jumps, &places)
        .into_iter()
        .map(|jump| {
            let [before, after] = [jump.from, jump.to].map(|frame| positions[frame]);
            Cut { position: f64::midpoint(before, after), time_s: raw.times[jump.to].0, growth: jump.growth }
        })
        .collect()
}

/// Without those that are taken back: a pose that strays to somebody who passes, and returns.
fn there_for_good<'a>(jumps: &'a [Jump], places: &[Place]) -> Vec<&'a Jump> {
    let time = |frame: usize| places.iter().find(|p| p.frame == frame).map_or(0.0, |p| p.time_s);
    let mut kept: Vec<&Jump> = Vec::new();
    for jump in jumps {
        let back = kept.last().is_some_and(|last| {
            let soon = time(jump.from) - time(last.to) <= LONGEST_STAY_S;
            let (along, down) = (last.way.0 + jump.way.0, last.way.1 + jump.way.1);
            soon && along.hypot(down) < TAKEN_BACK * JUMP * jump.trunk_px && like(last.growth * jump.growth)
        });
        if back {
            kept.pop();
        } else {
            kept.push(jump);
        }
    }
    kept
}

/// Whether two sizes of this ratio are one.
#[must_use]
pub fn like(ratio: f64) -> bool {
    ratio.max(ratio.recip()) < RESIZED
}

/// A jump between two runs of frames.
struct Jump {
    /// The last frame before and the first one after.
    from: usize,
    to: usize,
    /// How far, px to the right and down.
    way: (f64, f64),
    /// Length of the trunk, px.
    trunk_px: f64,
    /// How many times as large the athlete is; 1 where that is no more than the pose explains.
    growth: f64,
    /// How far either run is from being of a piece, trunk lengths.
    misfit: f64,
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
    let (last, first) = (before.last()?, after.first()?);
    let near = |run: &[Place]| run.windows(2).all(|w| w[1].time_s - w[0].time_s <= APART_S);
    let apart_s = first.time_s - last.time_s;
    if !(near(before) && near(after) && apart_s <= APART_S) {
        return None;
    }
    let middle = f64::midpoint(last.time_s, first.time_s);
    let (was, is) = (Lines::through(before, middle), Lines::through(after, middle));
    let (small, large) = (was.trunk_px.min(is.trunk_px), was.trunk_px.max(is.trunk_px));
    let (off, unsteady) = (was.off.max(is.off), was.unsteady.max(is.unsteady));
    if small <= 0.0 || off > STRAIGHT * large || unsteady > STEADY * large {
        return None;
    }
    // Where the lines lead to says that it is no gradual change, the medians that it is no noise at their ends.
    let (was_px, is_px) = (was.usual_trunk_px, is.usual_trunk_px);
    let resized = !like(is_px / was_px) && !like(large / small) && unsteady < CLEAR * (large - small);
    let steps = (apart_s / step_s).max(1.0);
    let way = is.pelvis - was.pelvis;
    (resized || way.length() > JUMP * large * steps).then(|| Jump {
        from: last.frame,
        to: first.frame,
        way: (way.x, way.y),
        trunk_px: large,
        growth: if resized { is_px / was_px } else { 1.0 },
        misfit: (was.off + is.off + was.unsteady + is.unsteady) / large,
    })
}

/// Straight lines through a run of frames.
struct Lines {
    /// Where they lead to at a time.
    pelvis: Point<Image>,
    trunk_px: f64,
    /// The trunk's median length, px.
    usual_trunk_px: f64,
    /// How far the hips lie off them, root mean square, px.
    off: f64,
    /// How far the trunk's length is off that at most, px.
    unsteady: f64,
}

impl Lines {
    fn through(run: &[Place], at_s: f64) -> Self {
        let n = run.len() as f64;
        let mean = |of: &dyn Fn(&Place) -> f64| run.iter().map(of).sum::<f64>() / n;
        let t = mean(&|p| p.time_s);
        let tt = mean(&|p| (p.time_s - t).powi(2)).max(f64::MIN_POSITIVE);
        let line = |of: &dyn Fn(&Place) -> f64| {
            let middle = mean(of);
            let slope = mean(&|p| (p.time_s - t) * (of(p) - middle)) / tt;
            move |time: f64| middle + slope * (time - t)
        };
        let (x, y, trunk) = (line(&|p| p.pelvis.x), line(&|p| p.pelvis.y), line(&|p| p.trunk_px));
        let usual_trunk_px = median(run.iter().map(|p| p.trunk_px)).unwrap_or(0.0);
        let pelvis = |time: f64| Point::new(x(time), y(time));
        Self {
            pelvis: pelvis(at_s),
            trunk_px: trunk(at_s),
            usual_trunk_px,
            off: mean(&|p| p.pelvis.distance(pelvis(p.time_s)).powi(2)).sqrt(),
            unsteady: run.iter().map(|p| (p.trunk_px - usual_trunk_px).abs()).fold(0.0, f64::max),
        }
    }
}
