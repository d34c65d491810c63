//! Stretches of continuous stepping: where the clock stops, where the athlete stands and where he turns, one ends.

use super::clock::{Clock, Crossing};
use crate::kinematics::movement::Movement;
use crate::signal::statistics::{MAD_TO_SD, median};
use std::ops::Range;

/// How a stretch begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// In mid-movement: at an end of the clip or of what was seen, or where the clip is cut.
    Cut,
    /// From or to standing.
    Rest,
    /// At a turn.
    Turn,
}

/// A stretch of stepping.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The legs passing each other, alternately, three or more.
    pub crossings: Vec<Crossing>,
    /// How it begins.
    pub begins: Edge,
    /// How it ends.
    pub ends: Edge,
}

impl Stretch {
    /// Stride time with one standard deviation, samples: twice the slope of a straight line through the crossings
    /// over their number. All of them count, one far off the line hardly.
    pub fn period(&self) -> (f64, f64) {
        let rows: Vec<(f64, f64)> =
            self.crossings.iter().enumerate().map(|(k, c)| (k as f64, c.position)).collect();
        let mut weights = vec![1.0; rows.len()];
        let mut fit = Line::through(&rows, &weights);
        for _ in 0..REWEIGHTINGS {
            let distances: Vec<f64> = rows.iter().map(|r| (r.1 - fit.at(r.0)).abs()).collect();
            let usual = MAD_TO_SD * median(distances.iter().copied()).unwrap_or(0.0);
            let scale = CAUCHY * usual.max(LEAST_SPREAD_SAMPLES);
            weights = distances.iter().map(|d| 1.0 / (1.0 + (d / scale).powi(2))).collect();
            fit = Line::through(&rows, &weights);
        }
        (2.0 * fit.slope, 2.0 * fit.slope_sd)
    }
}

/// Fits after the first, each with the weights of the one before; a crossing [`CAUCHY`] standard deviations off
/// counts half (2.385 keeps 95 % efficiency).
const REWEIGHTINGS: usize = 5;
const CAUCHY: f64 = 2.385;
/// Crossings are not known better than this, samples.
const LEAST_SPREAD_SAMPLES: f64 = 0.05;
/// Crossings further apart than this many usual half strides are parted by standing.
const MAX_HALF_STRIDES: f64 = 1.8;
/// Two crossings the same way about a stride apart have lost the one between them; this far from a stride they have
/// not.
const MISSED_TOLERANCE: f64 = 0.25;
/// Fewer crossings do not make one stride.
const MIN_CROSSINGS: usize = 3;
/// Standing must be seen this long next to a stretch, s, for it to begin or end there rather than be cut off.
const REST_S: f64 = 0.3;
/// Share of that time in which the legs must have been seen.
const REST_SEEN: f64 = 0.6;

/// Standing begins at most this part of a stride after the last crossing, and ends as long before the first: the last swing lands,
/// and the body comes to rest [default].
const LEAD_STRIDES: f64 = 0.75;

/// Stretches of stepping in time order, parted by `rests`.
pub fn stretches(movement: &Movement, clock: &Clock, rests: &[Range<f64>]) -> Vec<Stretch> {
    let half = clock.period_samples(movement.time.rate) / 2.0;
    let turn_between =
        |a: f64, b: f64| movement.turns.turns.iter().any(|t| (t.start as f64) < b && (t.end as f64) > a);
    let mut out: Vec<Stretch> = Vec::new();
    let mut current: Vec<Crossing> = Vec::new();
    let mut begins = None;
    let is_at_rest = |c: &&Crossing| rests.iter().any(|r| r.contains(&c.position));
    let rest_between = |a: f64, b: f64| rests.iter().any(|r| r.start < b && r.end > a);
    for &crossing in clock.crossings.iter().filter(|c| !is_at_rest(c)) {
        if let Some(last) = current.last().copied() {
            let usual = half.max(usual_gap(&current).unwrap_or(half));
            let gap = crossing.position - last.position;
            let cut = movement.is_cut_between(last.position, crossing.position);
            let again = last.left_toward_right_edge == crossing.left_toward_right_edge;
            let rested = rest_between(last.position, crossing.position);
            let one_missed = !rested && !cut && again && (gap / (2.0 * usual) - 1.0).abs() < MISSED_TOLERANCE;
            let far = gap > MAX_HALF_STRIDES * usual && !one_missed;
            let turned = turn_between(last.position, crossing.position);
            if one_missed {
                current.push(Crossing {
                    position: last.position + 0.5 * gap,
                    left_toward_right_edge: !crossing.left_toward_right_edge,
                });
            }
            let again = again && !one_missed;
            if far || turned || again || rested || cut {
                let edge = if cut {
                    Some(Edge::Cut)
                } else if turned {
                    Some(Edge::Turn)
                } else {
                    rested.then_some(Edge::Rest)
                };
                close(&mut out, &mut current, begins, edge);
                begins = edge;
            }
        }
        current.push(crossing);
    }
    close(&mut out, &mut current, begins, None);
    for stretch in &mut out {
        rest_at_the_edges(stretch, clock, movement);
        rest_at_the_ends_of_the_clip(stretch, rests);
    }
    out
}

fn close(out: &mut Vec<Stretch>, current: &mut Vec<Crossing>, begins: Option<Edge>, ends: Option<Edge>) {
    let crossings = std::mem::take(current);
    if crossings.len() >= MIN_CROSSINGS {
        out.push(Stretch { crossings, begins: begins.unwrap_or(Edge::Cut), ends: ends.unwrap_or(Edge::Cut) });
    }
}

fn usual_gap(crossings: &[Crossing]) -> Option<f64> {
    let tail = &crossings[crossings.len().saturating_sub(4)..];
    median(tail.windows(2).map(|w| w[1].position - w[0].position))
}

/// A stretch that was cut begins from rest after all where the legs were seen for a while and did not step.
fn rest_at_the_edges(stretch: &mut Stretch, clock: &Clock, movement: &Movement) {
    let lead = LEAD_STRIDES * stretch.period().0;
    let rest = REST_S * movement.time.rate.0;
    let seen = |from: f64, to: f64| {
        let range = from.max(0.0) as usize..(to.max(0.0) as usize).min(clock.difference.len());
        let count = range.clone().filter(|&i| clock.difference[i].is_some()).count();
        from >= 0.0 && to <= clock.difference.len() as f64 && count as f64 >= REST_SEEN * rest
    };
    let (first, last) =
        (stretch.crossings[0].position, stretch.crossings[stretch.crossings.len() - 1].position);
    let (before, after) = (first - lead - rest, last + lead + rest);
    if stretch.begins == Edge::Cut && !movement.is_cut_between(before, first) && seen(before, first - lead) {
        stretch.begins = Edge::Rest;
    }
    if stretch.ends == Edge::Cut && !movement.is_cut_between(last, after) && seen(last + lead, after) {
        stretch.ends = Edge::Rest;
    }
}

/// It ends at rest too where the athlete stands from then on to the end of the clip, and begins so.
fn rest_at_the_ends_of_the_clip(stretch: &mut Stretch, rests: &[Range<f64>]) {
    let (first, last) =
        (stretch.crossings[0].position, stretch.crossings[stretch.crossings.len() - 1].position);
    let near = LEAD_STRIDES * stretch.period().0;
    if stretch.begins == Edge::Cut && rests.iter().any(|r| r.end <= first && r.end > first - near) {
        stretch.begins = Edge::Rest;
    }
    if stretch.ends == Edge::Cut && rests.iter().any(|r| r.start >= last && r.start < last + near) {
        stretch.ends = Edge::Rest;
    }
}

/// A weighted least-squares line.
struct Line {
    at_zero: f64,
    slope: f64,
    slope_sd: f64,
}

impl Line {
    /// Through three points or more.
    fn through(rows: &[(f64, f64)], weights: &[f64]) -> Self {
        let sum =
            |f: &dyn Fn(&(f64, f64)) -> f64| rows.iter().zip(weights).map(|(r, w)| w * f(r)).sum::<f64>();
        let all = sum(&|_| 1.0);
        let (mean_k, mean) = (sum(&|r| r.0) / all, sum(&|r| r.1) / all);
        let spread = sum(&|r| (r.0 - mean_k).powi(2));
        let slope = sum(&|r| (r.0 - mean_k) * (r.1 - mean)) / spread;
        let at_zero = mean - slope * mean_k;
        let squares = sum(&|r| (r.1 - at_zero - slope * r.0).powi(2));
        let freedom = (all - 2.0).max(1.0);
        Self { at_zero, slope, slope_sd: (squares / freedom / spread).sqrt() }
    }

    fn at(&self, k: f64) -> f64 {
        self.at_zero + self.slope * k
    }
}
