//! When one foot leaves and when it lands, from the whole of its swing.
//!
//! Through a swing a foot goes from one rest to the next along a smooth step. The two times are those for which a
//! minimum-jerk step (Flash & Hogan 1985, J Neurosci 5:1688-703) between two places of rest fits the foot's path over
//! the ground best. Every sample of the swing counts, so noise moves the times far less than it moves the moment in
//! which a speed passes a threshold.

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
    /// Whether the rest before was seen.
    pub saw_leaving: bool,
    /// Whether the rest after was seen.
    pub saw_landing: bool,
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
/// Steps of the search at its coarsest, as a share of the window.
const COARSE_SHARE: f64 = 1.0 / 40.0;
/// The search ends when its step is this small, samples.
const FINE_SAMPLES: f64 = 0.02;
/// A sample further off than this many usual distances counts less (Huber 1964; 1.345 keeps 95 % efficiency).
const HUBER: f64 = 1.345;
/// A rest counts as seen with this many samples of it in the window.
const REST_SAMPLES: f64 = 1.0;

/// The best swing within a window; none where too little of it was seen.
pub fn swing(paths: &[Path], window: Window, rate_hz: f64, usual: Option<&Usual>) -> Option<Swing> {
    let mut samples = Samples::within(paths, window)?;
    let shortest = MIN_SWING_S * rate_hz;
    let fit = |samples: &Samples, start: Option<(f64, f64)>| samples.best(window, shortest, usual, start);
    let first = fit(&samples, None)?;
    samples.discount_outliers(first, usual);
    let times = fit(&samples, Some(first))?;
    samples.swing(times, usual)
}

/// The minimum-jerk step from 0 to 1 between two times.
fn step(t: f64, leave: f64, land: f64) -> f64 {
    let s = ((t - leave) / (land - leave)).clamp(0.0, 1.0);
    s * s * s * (10.0 + s * (6.0 * s - 15.0))
}

struct Samples {
    /// Per point of the foot: time, place, weight.
    points: Vec<Vec<(f64, f64, f64)>>,
}

/// Rest place, length and weighted sum of squares of one point.
struct Line {
    rest: f64,
    length: f64,
    squares: f64,
}

impl Samples {
    fn within(paths: &[Path], window: Window) -> Option<Self> {
        let points: Vec<Vec<(f64, f64, f64)>> = paths
            .iter()
            .map(|path| {
                let range =
                    window.from.max(0.0).ceil() as usize..path.len().min(window.to.max(0.0) as usize + 1);
                range.filter_map(|i| path[i].map(|(x, w)| (i as f64, x, w))).collect()
            })
            .filter(|rows: &Vec<_>| rows.len() >= MIN_SAMPLES)
            .collect();
        (!points.is_empty()).then_some(Self { points })
    }

    fn best(
        &self,
        window: Window,
        shortest: f64,
        usual: Option<&Usual>,
        start: Option<(f64, f64)>,
    ) -> Option<(f64, f64)> {
        let span = window.to - window.from;
        let mut stride = (COARSE_SHARE * span).max(FINE_SAMPLES);
        let allowed = |(leave, land): (f64, f64)| {
            land - leave >= shortest
                && leave >= window.from
                && land <= window.to
                && leave < window.passing + 0.1 * span
                && land > window.passing - 0.1 * span
        };
        let mut best: Option<((f64, f64), f64)> = None;
        let consider = |times: (f64, f64), best: &mut Option<((f64, f64), f64)>| {
            if allowed(times) {
                let cost = self.cost(times, usual);
                if best.is_none_or(|(_, least)| cost < least) {
                    *best = Some((times, cost));
                    return true;
                }
            }
            false
        };
        if let Some(start) = start {
            consider(start, &mut best);
        } else {
            let steps = (1.0 / COARSE_SHARE) as usize;
            for a in 0..steps {
                for b in a + 1..=steps {
                    consider((window.from + a as f64 * stride, window.from + b as f64 * stride), &mut best);
                }
            }
        }
        while stride > FINE_SAMPLES {
            let (leave, land) = best?.0;
            let mut moved = false;
            for (da, db) in
                [(1., 0.), (-1., 0.), (0., 1.), (0., -1.), (1., 1.), (-1., -1.), (1., -1.), (-1., 1.)]
            {
                moved |= consider((leave + da * stride, land + db * stride), &mut best);
            }
            if !moved {
                stride *= 0.5;
            }
        }
        best.map(|(times, _)| times)
    }

    /// Sum of squares in units of the noise, plus what the usual swing holds against these times.
    fn cost(&self, (leave, land): (f64, f64), usual: Option<&Usual>) -> f64 {
        let squares: f64 = self.points.iter().map(|p| line(p, (leave, land), usual).squares).sum();
        usual.map_or(squares, |u| {
            squares / (u.noise * u.noise) + ((land - leave - u.duration) / u.duration_sd).powi(2)
        })
    }

    /// Huber weights from the distances of a first fit.
    fn discount_outliers(&mut self, times: (f64, f64), usual: Option<&Usual>) {
        for rows in &mut self.points {
            let fit = line(rows, times, usual);
            let distance =
                |r: &(f64, f64, f64)| (r.1 - fit.rest - fit.length * step(r.0, times.0, times.1)).abs();
            let Some(middle) = super::smooth::median(rows.iter().map(distance)) else { continue };
            let limit = HUBER * 1.4826 * middle;
            for row in rows.iter_mut() {
                let d = distance(row);
                if d > limit && limit > 0.0 {
                    row.2 *= limit / d;
                }
            }
        }
    }

    fn swing(&self, times: (f64, f64), usual: Option<&Usual>) -> Option<Swing> {
        let (leave, land) = times;
        let fits: Vec<Line> = self.points.iter().map(|p| line(p, times, usual)).collect();
        let weight: f64 = self.points.iter().flatten().map(|r| r.2).sum();
        let residual = (fits.iter().map(|f| f.squares).sum::<f64>() / weight).sqrt();
        let length = fits.iter().map(|f| f.length).sum::<f64>() / fits.len() as f64;
        let count = |test: &dyn Fn(f64) -> bool| {
            self.points.iter().map(|p| p.iter().filter(|r| test(r.0)).count()).max().unwrap_or(0) as f64
        };
        let within = count(&|t| t > leave && t < land).max(1.0) * self.points.len() as f64;
        // Near its ends the step is flat, so the times hang on its middle: with n samples of noise r in a swing of
        // length l and duration d, the spread of a fitted end is close to 2 r d / (l sqrt n) (own simulation).
        let uncertainty = 2.0 * residual * (land - leave) / (length.abs().max(1e-9) * within.sqrt());
        Some(Swing {
            leave,
            land,
            length,
            residual,
            uncertainty,
            saw_leaving: count(&|t| t <= leave) >= REST_SAMPLES,
            saw_landing: count(&|t| t >= land) >= REST_SAMPLES,
        })
    }
}

/// Least squares of place = rest + length * step, the length held near the usual one.
fn line(rows: &[(f64, f64, f64)], (leave, land): (f64, f64), usual: Option<&Usual>) -> Line {
    let (mut w, mut ws, mut wss, mut wx, mut wsx, mut wxx) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let (tie, target) = usual.map_or((0.0, 0.0), |u| ((u.noise / u.length_sd).powi(2), u.length));
    for &(t, x, weight) in rows {
        let s = step(t, leave, land);
        w += weight;
        ws += weight * s;
        wss += weight * s * s;
        wx += weight * x;
        wsx += weight * s * x;
        wxx += weight * x * x;
    }
    let (ss, sx, xx) = (wss - ws * ws / w, wsx - ws * wx / w, wxx - wx * wx / w);
    let length = if ss + tie > 1e-9 { (sx + tie * target) / (ss + tie) } else { 0.0 };
    let squares = xx - 2.0 * length * sx + length * length * ss + tie * (length - target).powi(2);
    Line { rest: (wx - length * ws) / w, length, squares: squares.max(0.0) }
}
