//! When one point of a foot leaves and when it lands, from the whole of its swing.
//!
//! Through a swing a foot goes from one rest to the next along a smooth step (`shape`). The two times are those for
//! which a step between two places of rest fits the point's path over the ground best. Every sample of the swing
//! counts, so noise moves the times far less than it moves the moment in which a speed passes a threshold.

use super::shape::Shape;
use crate::signal::statistics::{MAD_TO_SD, median};

/// Path of one point of the foot along the way of stepping, over the ground: place (px) and weight per sample.
pub type Path = Vec<Option<(f64, f64)>>;

/// What other swings of the same foot were like, with standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// Duration of the swing, samples.
    pub duration: f64,
    /// One standard deviation of it from swing to swing, samples.
    pub duration_sd: f64,
    /// Length of the swing, px.
    pub length: f64,
    /// One standard deviation of it from swing to swing, px.
    pub length_sd: f64,
    /// Noise of one coordinate, px.
    pub noise: f64,
}

/// A swing found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// The foot leaves, samples.
    pub leave: f64,
    /// The foot lands, samples.
    pub land: f64,
    /// How far it goes, px; positive along the way of stepping.
    pub length: f64,
    /// Root mean square distance of the samples from the fitted path, px.
    pub residual: f64,
    /// One standard deviation of each time from the noise of the path, samples.
    pub uncertainty: f64,
    /// First and last sample seen in the window.
    pub seen: (f64, f64),
}

/// Where to look for a swing, samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Middle of the stance before.
    pub from: f64,
    /// The legs pass each other.
    pub passing: f64,
    /// Middle of the stance after.
    pub to: f64,
}

/// Shortest swing, s (C3).
const MIN_SWING_S: f64 = 0.12;
/// Least samples in a window for a fit of four unknowns to mean something.
const MIN_SAMPLES: usize = 6;
/// Steps of the search at its coarsest: a stride of 1 s is tried every 42 ms, a third of the shortest swing.
const COARSE_STEPS: usize = 24;
/// The search ends when its step is this small, samples.
const FINE_SAMPLES: f64 = 0.02;
const NEIGHBOURS: [(f64, f64); 8] =
    [(1., 0.), (-1., 0.), (0., 1.), (0., -1.), (1., 1.), (-1., -1.), (1., -1.), (-1., 1.)];
/// The legs pass each other during the swing, give or take this share of the window: the thighs lead the feet.
const PASSING_SLACK: f64 = 0.1;
/// A sample this many standard deviations off counts half (Cauchy weights; 2.385 keeps 95 % efficiency).
const CAUCHY: f64 = 2.385;
/// Fits after the first, each with the weights of the one before.
const REWEIGHTINGS: usize = 4;
/// At rest a point creeps: a foot that slips or rolls, a model that lags. One standard deviation of its speed as a
/// share of the mean speed of the swing.
const CREEP_SHARE: f64 = 0.1;
/// Near its ends the step is flat, so its times hang on its middle: with n samples at a weighted distance r in a swing
/// of length l and duration d, a fitted end spreads by this many r d / (l sqrt n). Measured on the stick figure of the
/// tests at 2 and 5 % of noise and 30 and 60 frames a second: 4.3 to 5.6.
const ENDS_PER_NOISE: f64 = 4.6;

/// The best swing within a window; none where too little of it was seen.
#[must_use]
pub fn swing(
    paths: &[&Path],
    shape: &Shape,
    window: Window,
    rate_hz: f64,
    usual: Option<&Usual>,
) -> Option<Swing> {
    let mut fit = Fit::new(paths, shape, usual, window)?;
    let search = Search { window, shortest: MIN_SWING_S * rate_hz };
    let mut times = search.refined(&fit, search.coarse(&fit)?);
    for _ in 0..REWEIGHTINGS {
        fit.reweight(times);
        times = search.refined(&fit, times);
    }
    Some(fit.swing(times))
}

/// When a foot leaves and lands, samples.
type Times = (f64, f64);

/// Which times come into question.
struct Search {
    window: Window,
    shortest: f64,
}

impl Search {
    fn allows(&self, (leave, land): Times) -> bool {
        let Window { from, passing, to } = self.window;
        let slack = PASSING_SLACK * (to - from);
        land - leave >= self.shortest
            && leave >= from
            && land <= to
            && leave < passing + slack
            && land > passing - slack
    }

    fn coarse(&self, fit: &Fit<'_>) -> Option<Times> {
        let place = |k: usize| {
            self.window.from + (self.window.to - self.window.from) * k as f64 / COARSE_STEPS as f64
        };
        (0..COARSE_STEPS)
            .flat_map(|a| (a + 1..=COARSE_STEPS).map(move |b| (place(a), place(b))))
            .filter(|times| self.allows(*times))
            .map(|times| (times, fit.cost(times)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|best| best.0)
    }

    /// Downhill from a start, in ever smaller steps.
    fn refined(&self, fit: &Fit<'_>, start: Times) -> Times {
        let (mut times, mut least) = (start, fit.cost(start));
        let mut stride = 0.5 * (self.window.to - self.window.from) / COARSE_STEPS as f64;
        while stride > FINE_SAMPLES {
            let better = NEIGHBOURS
                .into_iter()
                .map(|(a, b)| (times.0 + a * stride, times.1 + b * stride))
                .filter(|t| self.allows(*t))
                .map(|t| (t, fit.cost(t)))
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .filter(|best| best.1 < least);
            match better {
                Some((found, cost)) => (times, least) = (found, cost),
                None => stride *= 0.5,
            }
        }
        times
    }
}

/// The samples of every path, and what is expected of them.
struct Fit<'a> {
    points: Vec<Rows>,
    shape: &'a Shape,
    usual: Option<&'a Usual>,
}

/// A sample: time, place, weight as given, weight now.
#[derive(Clone, Copy)]
struct Row {
    t: f64,
    x: f64,
    given: f64,
    weight: f64,
}

/// Rest place, creep per sample, length and weighted sum of squares.
struct Line {
    rest: f64,
    creep: f64,
    length: f64,
    squares: f64,
}

impl<'a> Fit<'a> {
    fn new(paths: &[&Path], shape: &'a Shape, usual: Option<&'a Usual>, window: Window) -> Option<Self> {
        let rows = |path: &&Path| -> Vec<Row> {
            let range = window.from.max(0.0).ceil() as usize..path.len().min(window.to.max(0.0) as usize + 1);
            range.filter_map(|i| path[i].map(|(x, w)| Row { t: i as f64, x, given: w, weight: w })).collect()
        };
        let points: Vec<_> =
            paths.iter().map(rows).filter(|r| r.len() >= MIN_SAMPLES).map(Rows::new).collect();
        (!points.is_empty()).then_some(Self { points, shape, usual })
    }

    fn step(&self, t: f64, (leave, land): Times) -> f64 {
        self.shape.at((t - leave) / (land - leave))
    }

    /// Least squares of place = rest + creep * time + length * step, the length held near the usual one and the creep
    /// near none; without anything usual there is no creep.
    fn line(&self, rows: &Rows, times: Times) -> Line {
        let Sums { w, t, s, x, tt, ts, ss, tx, sx, xx } = rows.sums(times, |t| self.step(t, times));
        let (tt, ts, ss) = (tt - t * t / w, ts - t * s / w, ss - s * s / w);
        let (tx, sx, xx) = (tx - t * x / w, sx - s * x / w, xx - x * x / w);
        let (tie, target, hold) = self.usual.map_or((0.0, 0.0, f64::INFINITY), |u| {
            let creep_sd = CREEP_SHARE * u.length / u.duration;
            ((u.noise / u.length_sd).powi(2), u.length, (u.noise / creep_sd).powi(2))
        });
        let (ss, sx) = (ss + tie, sx + tie * target);
        let (length, creep) = if hold.is_finite() {
            let tt = tt + hold;
            let determinant = (tt * ss - ts * ts).max(1e-9);
            ((tt * sx - ts * tx) / determinant, (ss * tx - ts * sx) / determinant)
        } else {
            (if ss > 1e-9 { sx / ss } else { 0.0 }, 0.0)
        };
        let squares = xx + tie * target * target - length * sx - creep * tx;
        Line {
            rest: (x - length * s - creep * t) / w - creep * rows.origin,
            creep,
            length,
            squares: squares.max(0.0),
        }
    }

    /// Sum of squares in units of the noise, plus what the usual swing holds against these times.
    fn cost(&self, times: Times) -> f64 {
        let squares: f64 = self.points.iter().map(|rows| self.line(rows, times).squares).sum();
        self.usual.map_or(squares, |u| {
            squares / (u.noise * u.noise) + ((times.1 - times.0 - u.duration) / u.duration_sd).powi(2)
        })
    }

    /// Distances of the samples of each point from the fitted path.
    fn distances(&self, times: Times) -> Vec<Vec<f64>> {
        let of = |rows: &Rows| {
            let line = self.line(rows, times);
            rows.all
                .iter()
                .map(|r| (r.x - line.rest - line.creep * r.t - line.length * self.step(r.t, times)).abs())
                .collect()
        };
        self.points.iter().map(of).collect()
    }

    /// What lies far off counts little: outliers, and a heel that rises or a toe that lifts while the other rests.
    fn reweight(&mut self, times: Times) {
        let distances = self.distances(times);
        let spread = MAD_TO_SD * median(distances.iter().flatten().copied()).unwrap_or(0.0);
        let scale = CAUCHY * spread.max(1e-9);
        for (rows, distances) in self.points.iter_mut().zip(distances) {
            for (row, distance) in rows.all.iter_mut().zip(distances) {
                row.weight = row.given / (1.0 + (distance / scale).powi(2));
            }
            rows.sum_up();
        }
    }

    fn swing(&self, times: Times) -> Swing {
        let (leave, land) = times;
        let lines: Vec<Line> = self.points.iter().map(|rows| self.line(rows, times)).collect();
        let rows = || self.points.iter().flat_map(|rows| &rows.all);
        let weight: f64 = rows().map(|r| r.weight).sum();
        let residual = (lines.iter().map(|l| l.squares).sum::<f64>() / weight).sqrt();
        let length = lines.iter().map(|l| l.length).sum::<f64>() / lines.len() as f64;
        let within = rows().filter(|r| r.t > leave && r.t < land).count().max(1) as f64;
        let uncertainty =
            ENDS_PER_NOISE * residual * (land - leave) / (length.abs().max(1e-9) * within.sqrt());
        Swing {
            leave,
            land,
            length,
            residual,
            uncertainty,
            seen: rows().fold((f64::INFINITY, f64::NEG_INFINITY), |s, r| (s.0.min(r.t), s.1.max(r.t))),
        }
    }
}

/// The samples of one path in order. Before and after the swing the step is 0 and 1 whatever its times, so what those
/// samples add up to is known beforehand: the search tries many times.
struct Rows {
    all: Vec<Row>,
    /// Times are counted from here, which keeps their squares small.
    origin: f64,
    /// Of the first so many rows, at rest before the swing.
    before: Vec<Sums>,
    /// Of all rows from here on, at rest after the swing.
    after: Vec<Sums>,
}

impl Rows {
    fn new(all: Vec<Row>) -> Self {
        let origin = all[all.len() / 2].t;
        let mut rows = Self { all, origin, before: Vec::new(), after: Vec::new() };
        rows.sum_up();
        rows
    }

    fn sum_up(&mut self) {
        let added = |rows: &mut dyn Iterator<Item = &Row>, step: f64| {
            let mut sum = Sums::default();
            let mut sums = vec![sum];
            for row in rows {
                sum.add(row.t - self.origin, step, row.x, row.weight);
                sums.push(sum);
            }
            sums
        };
        self.before = added(&mut self.all.iter(), 0.0);
        self.after = added(&mut self.all.iter().rev(), 1.0);
        self.after.reverse();
    }

    fn sums(&self, (leave, land): Times, step: impl Fn(f64) -> f64) -> Sums {
        let leaves = self.all.partition_point(|row| row.t <= leave);
        let lands = leaves + self.all[leaves..].partition_point(|row| row.t < land);
        let mut sums = self.before[leaves];
        for row in &self.all[leaves..lands] {
            sums.add(row.t - self.origin, step(row.t), row.x, row.weight);
        }
        sums.add_all(&self.after[lands]);
        sums
    }
}

/// Weighted sums of time, step and place and of their products.
#[derive(Clone, Copy, Default)]
struct Sums {
    w: f64,
    t: f64,
    s: f64,
    x: f64,
    tt: f64,
    ts: f64,
    ss: f64,
    tx: f64,
    sx: f64,
    xx: f64,
}

impl Sums {
    fn add(&mut self, t: f64, s: f64, x: f64, weight: f64) {
        self.w += weight;
        self.t += weight * t;
        self.s += weight * s;
        self.x += weight * x;
        self.tt += weight * t * t;
        self.ts += weight * t * s;
        self.ss += weight * s * s;
        self.tx += weight * t * x;
        self.sx += weight * s * x;
        self.xx += weight * x * x;
    }

    fn add_all(&mut self, other: &Self) {
        let Self { w, t, s, x, tt, ts, ss, tx, sx, xx } = other;
        self.w += w;
        self.t += t;
        self.s += s;
        self.x += x;
        self.tt += tt;
        self.ts += ts;
        self.ss += ss;
        self.tx += tx;
        self.sx += sx;
        self.xx += xx;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is summed up beforehand is what a sum over all rows gives, wherever the times lie.
    #[test]
    fn sums_are_those_of_every_row() {
        let path: Path = (0..20_u8)
            .map(|i| Some((f64::from(i % 7) * 1.3, 0.5 + f64::from(i % 3))).filter(|_| i != 6))
            .collect();
        let window = Window { from: 2.0, passing: 9.0, to: 17.0 };
        let shape = Shape::usual();
        let mut fit = Fit::new(&[&path], &shape, None, window).expect("enough is seen");
        for times in
            [(-3.0, 1.0), (-2.0, 5.5), (5.0, 9.0), (4.3, 12.8), (2.0, 17.0), (15.0, 30.0), (20.0, 25.0)]
        {
            let rows = &fit.points[0];
            let mut every = Sums::default();
            for row in &rows.all {
                every.add(row.t - rows.origin, fit.step(row.t, times), row.x, row.weight);
            }
            let known = rows.sums(times, |t| fit.step(t, times));
            let pairs = [(known.w, every.w), (known.s, every.s), (known.ts, every.ts), (known.ss, every.ss)];
            let more =
                [(known.tt, every.tt), (known.tx, every.tx), (known.sx, every.sx), (known.xx, every.xx)];
            for (a, b) in pairs.into_iter().chain(more) {
                assert!((a - b).abs() < 1e-9 * (1.0 + b.abs()), "{times:?}: {a} {b}");
            }
            fit.reweight((4.0, 12.0));
        }
    }
}
