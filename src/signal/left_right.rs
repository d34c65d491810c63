//! Left and right over the whole clip: a two-state path through time, legs and arms apart.
//!
//! Models exchange the legs most often where they pass each other, which happens twice in every stride. Position alone
//! cannot tell there (both assignments are equally near), but motion can: a leg keeps its velocity through the crossing
//! and an exchanged pair seems to bounce. So an assignment is judged by the accelerations it needs, all joints of the
//! limb together, for the legs also by the rhythm in which they alternate ([`alternation`]), and changing it costs more
//! than noise can earn. Clean data come out as they went in.

use crate::geometry::{Ground, Point};
use crate::kinematics::movement::Points;
use crate::signal::alternation;
use crate::signal::resample::usual_step;
use crate::signal::statistics::median;
use crate::skeleton::{Keypoint, LimbPoint, Side};
use crate::units::Seconds;
use std::ops::Range;

/// Whether exchanged sides are put right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeftRight {
    /// Put right, counted and reported.
    #[default]
    Repair,
    /// Left as the model said.
    Keep,
}

/// What was exchanged, as ranges of frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftRightReport {
    /// Stretches in which the legs were exchanged.
    pub legs: Vec<Range<usize>>,
    /// Stretches in which the arms were exchanged.
    pub arms: Vec<Range<usize>>,
}

impl LeftRightReport {
    /// How many stretches were put right, legs and arms together.
    #[must_use]
    pub fn corrections(&self) -> usize {
        self.legs.len() + self.arms.len()
    }

    /// Share of a clip's frames in which it is not sure which leg is which, 0 to 1: those about the ends of the
    /// stretches, and a stretch as short as that is missed as easily as it is found.
    #[must_use]
    pub fn legs_in_doubt(&self, frames: usize) -> f64 {
        in_doubt(&self.legs, frames)
    }

    /// The same of the arms.
    #[must_use]
    pub fn arms_in_doubt(&self, frames: usize) -> f64 {
        in_doubt(&self.arms, frames)
    }
}

/// With the legs in doubt in more of the frames than this, the rhythm of the steps is in doubt too \[default\]: two
/// exchanges in each stride of a second at 30 frames/s are 0.27, one in each three strides 0.04.
pub const RHYTHM_IN_DOUBT: f64 = 0.10;
/// An exchange may begin or end this many frames from where it is put: an acceleration spans three frames.
const DOUBTFUL_FRAMES: usize = 2;

fn in_doubt(stretches: &[Range<usize>], frames: usize) -> f64 {
    let doubtful = 2 * DOUBTFUL_FRAMES * stretches.len();
    doubtful.min(frames) as f64 / frames.max(1) as f64
}

/// A pair of limbs: what is judged, and what moves along when it is exchanged.
struct Pair {
    /// Whether its two sides alternate in every exercise.
    alternates: bool,
    judged: &'static [LimbPoint],
    moved: &'static [Keypoint],
    /// Where the limb hangs from the trunk: exchanged with it only if that keeps it smoother.
    root: Keypoint,
}

const LEGS: Pair = Pair {
    alternates: true,
    judged: &[LimbPoint::Knee, LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe],
    moved: &[
        Keypoint::LeftKnee,
        Keypoint::LeftAnkle,
        Keypoint::LeftHeel,
        Keypoint::LeftFootIndex,
        Keypoint::LeftSmallToe,
    ],
    root: Keypoint::LeftHip,
};
const ARMS: Pair = Pair {
    alternates: false,
    judged: &[LimbPoint::Elbow, LimbPoint::Wrist],
    moved: &[
        Keypoint::LeftElbow,
        Keypoint::LeftWrist,
        Keypoint::LeftPinky,
        Keypoint::LeftIndex,
        Keypoint::LeftThumb,
    ],
    root: Keypoint::LeftShoulder,
};

/// Price of changing the assignment, in squared deviations summed over a pair's joints. Two joints per side that
/// deviate as far as is counted (below) through one change earn 36; noise of one deviation per joint earns about 8.
const CHANGE_PRICE: f64 = 24.0;
/// A squared deviation counts up to this: one wild joint must not outvote the rest.
const MOST_PER_JOINT: f64 = 9.0;
/// Price per second of an assignment other than the model's: only breaks ties, such as after a long absence.
const STRAY_PRICE_PER_S: f64 = 1.5;
/// Price per second of one squared deviation from the rhythm: a whole stride against it costs more than four changes,
/// a tenth of a second of it less than one.
const RHYTHM_PRICE_PER_S: f64 = 60.0;
/// After an absence this long the motion before says nothing any more (docs/science.md E: longest bridged gap).
const LONGEST_MEMORY: Seconds = Seconds(0.20);
/// A deviation is never taken finer than this share of leg length: the model's noise (docs/science.md D2: 1 to 4 %
/// of torso).
const LEAST_DEVIATION_LEG: f64 = 0.01;
/// Ordinary accelerations reach this multiple of their own median: the 90th percentile of a Rayleigh variable is 1.8
/// medians.
const DEVIATION_MEDIANS: f64 = 1.8;

/// Puts exchanged legs and arms right, in place.
pub fn repair(times: &[Seconds], points: &mut Points) -> LeftRightReport {
    LeftRightReport { legs: repair_pair(times, points, &LEGS), arms: repair_pair(times, points, &ARMS) }
}

fn repair_pair(times: &[Seconds], points: &mut Points, pair: &Pair) -> Vec<Range<usize>> {
    let evidence = Evidence::gather(times, points, pair);
    let spans = spans(&evidence.frames, &evidence.path());
    for span in &spans {
        let root_too = root_is_smoother_exchanged(points, pair.root, span);
        for &keypoint in pair.moved.iter().chain(root_too.then_some(&pair.root)) {
            exchange(points, keypoint, span.clone());
        }
    }
    spans
}

/// One joint of both limbs in one frame: left and right as the model said.
type Both = Option<[Point<Ground>; 2]>;

struct Evidence {
    /// Frames in which at least one joint is seen on both sides.
    frames: Vec<usize>,
    times: Vec<Seconds>,
    /// Usual time between frames.
    step: f64,
    /// Per frame of `frames`, per judged joint.
    joints: Vec<Vec<Both>>,
    /// Per frame of `frames`, the price of each state by itself.
    standing: Vec<[f64; 2]>,
    /// Per judged joint, the displacement per frame² that counts as one deviation, px.
    deviation: Vec<f64>,
}

impl Evidence {
    fn gather(all_times: &[Seconds], points: &Points, pair: &Pair) -> Self {
        let both = |joint: LimbPoint, i: usize| -> Both {
            Some([points.limb(joint, Side::Left).value(i)?, points.limb(joint, Side::Right).value(i)?])
        };
        let row = |i: usize| pair.judged.iter().map(|&j| both(j, i)).collect::<Vec<Both>>();
        let (frames, joints): (Vec<usize>, Vec<Vec<Both>>) = (0..all_times.len())
            .map(|i| (i, row(i)))
            .filter(|(_, row)| row.iter().filter(|b| b.is_some()).count() * 2 >= row.len())
            .unzip();
        let times: Vec<Seconds> = frames.iter().map(|&i| all_times[i]).collect();
        let step = usual_step(&times).unwrap_or(1.0);
        let leg = leg_length(points).unwrap_or(0.0);
        let rhythmic = pair.alternates && leg > 0.0;
        let misfits = if rhythmic { alternation::misfits(all_times, points, leg) } else { Vec::new() };
        let standing = frames
            .iter()
            .map(|&i| {
                let [kept, exchanged] = misfits.get(i).copied().unwrap_or_default();
                let rhythm = RHYTHM_PRICE_PER_S * step;
                [rhythm * kept, rhythm * exchanged + STRAY_PRICE_PER_S * step]
            })
            .collect();
        let mut evidence = Self { frames, joints, standing, deviation: Vec::new(), step, times };
        let floor = LEAST_DEVIATION_LEG * leg;
        evidence.deviation = (0..pair.judged.len()).map(|j| evidence.usual_deviation(j).max(floor)).collect();
        evidence
    }

    /// What accelerations of this joint usually come to, under the better assignment of each frame.
    fn usual_deviation(&self, joint: usize) -> f64 {
        let best = (2..self.frames.len()).filter_map(|t| {
            let kept = self.bends(t, joint, [State::Kept; 3])?;
            Some(kept[0].max(kept[1]))
        });
        DEVIATION_MEDIANS * median(best).unwrap_or(0.0)
    }

    /// How far each side of a joint is from going straight on through frames t-2, t-1, t under three assignments, px.
    fn bends(&self, t: usize, joint: usize, states: [State; 3]) -> Option<[f64; 2]> {
        let (dt1, dt2) = (self.times[t - 1].0 - self.times[t - 2].0, self.times[t].0 - self.times[t - 1].0);
        if dt1 + dt2 > LONGEST_MEMORY.0 {
            return None;
        }
        let [a, b, c] = [t - 2, t - 1, t].map(|i| self.joints[i][joint]);
        let (a, b, c) = (a?, b?, c?);
        Some([0, 1].map(|side| {
            let [p, q, r] = [states[0].pick(a, side), states[1].pick(b, side), states[2].pick(c, side)];
            ((r - q) / dt2 - (q - p) / dt1).length() * self.step
        }))
    }

    /// Price of frame t's accelerations under three assignments.
    fn price(&self, t: usize, states: [State; 3]) -> f64 {
        (0..self.deviation.len())
            .filter_map(|j| {
                let unit = self.deviation[j].max(f64::MIN_POSITIVE);
                self.bends(t, j, states).map(|b| b.map(|d| (d / unit).powi(2).min(MOST_PER_JOINT)))
            })
            .map(|[left, right]| left + right)
            .sum()
    }

    /// The cheapest assignment over all frames (Viterbi over pairs of neighbouring frames).
    fn path(&self) -> Vec<State> {
        let n = self.frames.len();
        if n < 3 {
            return vec![State::Kept; n];
        }
        let alone = |t: usize, s: State| self.standing[t][s.index()];
        // Before and after the clip the model is right: an exchange there is a change like any other.
        let ends = |s: State| State::change(State::Kept, s);
        let start = |s: [State; 2]| ends(s[0]) + alone(0, s[0]) + alone(1, s[1]) + State::change(s[0], s[1]);
        let mut cost: [f64; 4] = PAIRS.map(start);
        let mut from: Vec<[usize; 4]> = Vec::with_capacity(n);
        for t in 2..n {
            let mut back = [0; 4];
            let next = std::array::from_fn(|to| {
                let [middle, last] = PAIRS[to];
                let ways = State::BOTH.map(|first| {
                    let way = pair_index(first, middle);
                    let price =
                        self.price(t, [first, middle, last]) + alone(t, last) + State::change(middle, last);
                    (way, cost[way] + price)
                });
                let best = if ways[1].1 < ways[0].1 { ways[1] } else { ways[0] };
                back[to] = best.0;
                best.1
            });
            cost = next;
            from.push(back);
        }
        let last = |i: usize| cost[i] + ends(PAIRS[i][1]);
        let mut at = (0..4).min_by(|&a, &b| last(a).total_cmp(&last(b))).unwrap_or(0);
        let mut path = vec![PAIRS[at][1]];
        for back in from.iter().rev() {
            path.push(PAIRS[at][0]);
            at = back[at];
        }
        path.push(PAIRS[at][0]);
        path.reverse();
        path
    }
}

/// Whether the model's sides are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Kept,
    Exchanged,
}

/// Assignments of two neighbouring frames, in the order of [`pair_index`].
const PAIRS: [[State; 2]; 4] = [
    [State::Kept, State::Kept],
    [State::Kept, State::Exchanged],
    [State::Exchanged, State::Kept],
    [State::Exchanged, State::Exchanged],
];

fn pair_index(first: State, second: State) -> usize {
    2 * first.index() + second.index()
}

impl State {
    const BOTH: [Self; 2] = [Self::Kept, Self::Exchanged];

    fn pick(self, both: [Point<Ground>; 2], side: usize) -> Point<Ground> {
        both[if self == Self::Kept { side } else { 1 - side }]
    }

    fn index(self) -> usize {
        usize::from(self == Self::Exchanged)
    }

    fn change(before: Self, after: Self) -> f64 {
        if before == after { 0.0 } else { CHANGE_PRICE }
    }
}

/// Exchanged stretches, as ranges of frames of the recording.
fn spans(frames: &[usize], path: &[State]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut before = State::Kept;
    for (&frame, &state) in frames.iter().zip(path) {
        match (before, state, spans.last_mut()) {
            (State::Exchanged, State::Exchanged, Some(span)) => span.end = frame + 1,
            (_, State::Exchanged, _) => spans.push(frame..frame + 1),
            _ => {}
        }
        before = state;
    }
    spans
}

fn exchange(points: &mut Points, keypoint: Keypoint, span: Range<usize>) {
    for i in span {
        let (left, right) = (points.get(keypoint).get(i), points.get(keypoint.mirror()).get(i));
        points.get_mut(keypoint).set(i, right);
        points.get_mut(keypoint.mirror()).set(i, left);
    }
}

/// Whether the joint at the trunk joins its neighbours beside the span better when exchanged as well.
fn root_is_smoother_exchanged(points: &Points, root: Keypoint, span: &Range<usize>) -> bool {
    let jump = |a: Keypoint, i: usize, b: Keypoint, j: usize| {
        Some(points.get(a).value(i)?.distance(points.get(b).value(j)?))
    };
    let ends = [span.start.checked_sub(1).map(|b| (b, span.start)), Some((span.end, span.end - 1))];
    let (mut kept, mut exchanged) = (0.0, 0.0);
    for (outside, inside) in ends.into_iter().flatten() {
        for side in [root, root.mirror()] {
            kept += jump(side, outside, side, inside).unwrap_or(0.0);
            exchanged += jump(side, outside, side.mirror(), inside).unwrap_or(0.0);
        }
    }
    exchanged < kept
}

/// Leg length, px: median thigh and shank of the better seen side.
fn leg_length(points: &Points) -> Option<f64> {
    let segment = |a: LimbPoint, b: LimbPoint, side| {
        let lengths = points.limb(a, side).with(points.limb(b, side), Point::distance);
        median(lengths.present().map(|(_, l)| l).collect::<Vec<_>>())
    };
    Side::BOTH
        .into_iter()
        .filter_map(|s| {
            Some(
                segment(LimbPoint::Hip, LimbPoint::Knee, s)? + segment(LimbPoint::Knee, LimbPoint::Ankle, s)?,
            )
        })
        .max_by(f64::total_cmp)
}
