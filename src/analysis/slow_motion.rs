//! Clips that play at another speed than they were filmed at (docs/science.md E, "Slow motion"). Slow motion that nobody told of: legs
//! that swing more slowly than they would fall, and bodies that hardly ever stand on both feet and do not fall as far as their steps
//! take time. Faster than life: more steps than anybody makes.

use crate::findings::STRIDES;
use crate::frame::Warning;
use crate::gait::stride::{EventMethod, Gait, Stride, Unfit};
use crate::kinematics::movement::Movement;
use crate::metrics::Scale;
use crate::metrics::harmonic::powers;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use crate::units::{Hertz, Seconds};
use std::f64::consts::PI;

/// Gravity, m/s².
const GRAVITY: f64 = 9.81;
/// Thigh and shank of an athlete of 2 m (Drillis and Contini 1966: 0.491 of stature), m: the slowest legs there are.
const LONG_LEG: f64 = 0.98;
/// Radius of gyration of a whole leg about the hip and its centre below the hip, as shares of thigh and shank (Winter 2009).
const GYRATION: f64 = 0.560;
const CENTRE: f64 = 0.447;
/// How long a leg usually swings, s: 0.23 to 0.60 in clips of all five exercises, load and speed hardly matter [default].
const USUAL_SWING: f64 = 0.40;
/// Both feet stand at once for less than 6 % of the stride twice over, where walking has 12 (Perry and Burnfield 2010): below this
/// duty factor weight goes from foot to foot as in running [default]. Contacts of running steps are read up to 0.06 too long.
const HARDLY_BOTH_FEET: f64 = 0.56;
/// Hands or back on the sled may carry weight, so that only who flies must fall: of two feet in turn, neither stands at times where
/// each stands for less than half of the stride. No default, it follows.
const NEVER_BOTH_FEET: f64 = 0.5;
/// Hips that move by less than this share of what the time of a step asks for are too slow [default]: 0.8 to 2.4 in clips at their own
/// speed, a quarter of it at half speed.
const LEAST_SHARE: f64 = 0.5;
/// A step that asks for less, m, says nothing beside the noise of the hips' height, 1 cm [default].
const LEAST_FALL: f64 = 0.05;
/// Fewest strides by which a fall is told [default].
const LEAST_STRIDES: usize = 4;
/// A fall is fitted over a stride and this share of it before and after, a step more in all [default].
const FITTED_BESIDE: f64 = 0.25;
/// More steps a minute than anybody makes on a way: the best sprinters come to 5 steps/s (Salo 2011); a tenth more [default].
const MOST_STEPS_PER_MIN: f64 = 330.0;
/// Length of a leg where it is not known, m (docs/science.md B8).
const ASSUMED_LEG: f64 = 0.85;

/// By what it is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    /// How long a leg takes to swing.
    Swing(Seconds),
    /// How far the hips rise and fall in a step, how far the time of the step asks for, m, and that time.
    Fall { seen: f64, asked: f64, step: Seconds },
}

impl Sign {
    /// What to tell of a clip that plays at so many frames a second.
    pub(super) fn warning(self, plays_at: Option<Hertz>) -> Warning {
        let rate = plays_at.map_or(String::new(), |rate| format!(" ({:.0})", rate.0));
        let by = match self {
            Self::Swing(time) => {
                format!(
                    "a leg takes {:.1} s to swing, and let go it would fall through in {:.1} s",
                    time.0,
                    free_swing()
                )
            }
            Self::Fall { seen, asked, step } => format!(
                "the hips rise and fall by {:.0} cm in a step of {:.2} s, in which a body would fall by {:.0} cm",
                100.0 * seen,
                step.0,
                100.0 * asked
            ),
        };
        Warning::new(
            "slow_motion",
            format!(
                "The clip seems to be slow motion: {by}. What rests on time, as cadence and contact times, is not to be believed and not judged."
            ),
            format!(
                "Say at how many frames a second it was filmed when the video is analysed; if it is no slow motion, say the frames a second at which it plays{rate}."
            ),
        )
    }
}

/// Steps a minute that nobody makes, where the strides that count come to that.
pub(super) fn too_many_steps(gait: &Gait) -> Option<f64> {
    let strides: Vec<&Stride> = gait.strides.iter().filter(|s| s.is_valid()).collect();
    let stride = median(strides.iter().map(|s| s.duration().0)).filter(|_| strides.len() >= STRIDES)?;
    let steps_per_min = 2.0 * 60.0 / stride;
    (steps_per_min > MOST_STEPS_PER_MIN).then_some(steps_per_min)
}

/// What to tell where there are so many.
pub(super) fn fast_motion(steps_per_min: f64) -> Warning {
    Warning::new(
        "fast_motion",
        format!(
            "The clip seems to play faster than it was filmed: {steps_per_min:.0} steps a minute are more than the fastest sprinters make. What rests on time, as cadence and contact times, is not to be believed and not judged."
        ),
        "Analyse the original; if a rate of filming was told, it is too high: say the right one when the video is analysed.",
    )
}

/// Half the period of a straight leg that hangs from the hip as a rigid pendulum, s. A bent one is quicker.
fn free_swing() -> f64 {
    PI * (GYRATION * GYRATION * LONG_LEG / (CENTRE * GRAVITY)).sqrt()
}

/// How many times slower the legs swing than usual, and not below 1: by which speed and cadence are guessed, so that the exercise is told
/// in slow motion too.
pub(super) fn times_slower(gait: &Gait) -> f64 {
    usual_swing_of(&strides(gait)).map_or(1.0, |swing| (swing / USUAL_SWING).max(1.0))
}

fn usual_swing_of(strides: &[&Stride]) -> Option<f64> {
    median(strides.iter().map(|s| (s.end - s.terminal_contact.time).0))
}

/// Whether the strides that count look like slow motion, and by what. `supported`: whether hands or back may carry weight, asked where it
/// matters.
pub(super) fn sign(
    movement: &Movement,
    gait: &Gait,
    scale: Scale,
    supported: impl FnOnce() -> bool,
) -> Option<Sign> {
    let strides = strides(gait);
    let swing = usual_swing_of(&strides)?;
    let of = |side| strides.iter().filter(|s| s.side == side).count();
    let fewest = of(Side::Left).min(of(Side::Right));
    // One leg may drag once, and of starting and stopping every stride is odd.
    let are_enough = strides.len() >= STRIDES && (fewest > 0 || strides.iter().all(|s| s.is_valid()));
    if swing > free_swing() {
        return are_enough.then_some(Sign::Swing(Seconds(swing)));
    }
    // A foot that is not seen to land and leave makes the other one's contacts doubtful too.
    if strides.len() < LEAST_STRIDES || 2 * fewest < LEAST_STRIDES {
        return None;
    }
    let duty = |s: &&Stride| (s.terminal_contact.time - s.start).0 / s.duration().0;
    let duty = median(strides.iter().map(duty)).filter(|d| *d < HARDLY_BOTH_FEET)?;
    let step = 0.5 * median(strides.iter().map(|s| s.duration().0))?;
    let asked = fall(step, duty);
    let metres_per_px = scale.metres_per_px.or_else(|| Some(ASSUMED_LEG / scale.leg_length_px?))?;
    let seen = metres_per_px * median(strides.iter().filter_map(|s| rise(movement, s)))?;
    let too_slow = asked > LEAST_FALL && seen < LEAST_SHARE * asked;
    let must_fall = || duty < NEVER_BOTH_FEET || !supported();
    (too_slow && must_fall()).then_some(Sign::Fall { seen, asked, step: Seconds(step) })
}

/// The strides that count, and where none does, those that might; of both only where the foot itself tells its contacts.
fn strides(gait: &Gait) -> Vec<&Stride> {
    let told = |s: &&Stride| {
        let by_foot = |method| matches!(method, EventMethod::FootSpeed | EventMethod::AnkleSpeed);
        by_foot(s.initial_contact.method) && by_foot(s.terminal_contact.method)
    };
    let valid: Vec<&Stride> = gait.strides.iter().filter(|s| s.is_valid()).filter(told).collect();
    if !valid.is_empty() {
        return valid;
    }
    let cut_short = |s: &&Stride| matches!(s.unfit, Some(Unfit::StartUp | Unfit::Stopping));
    gait.strides.iter().filter(cut_short).filter(told).collect()
}

/// How far a body rises and falls in a step of this time, m: each foot carries it by half a sine (Alexander and Jayes 1980, without
/// their second hump; so in running), whose mean over the step is its weight, and where neither does it falls freely.
fn fall(step: f64, duty: f64) -> f64 {
    let contact = 2.0 * duty;
    GRAVITY * step * step * (contact / (2.0 * PI) + (1.0 - 2.0 * contact) / 8.0)
}

/// How far the middle of the hips rises and falls in the steps of a stride, px.
fn rise(movement: &Movement, stride: &Stride) -> Option<f64> {
    let beside = stride.duration() * FITTED_BESIDE;
    let hips = movement.points.middle(LimbPoint::Hip);
    let range = movement.time.range(stride.start - beside, stride.end + beside);
    let samples: Vec<(f64, f64)> =
        range.filter_map(|i| Some(((movement.time.at(i) - stride.start).0, hips.value(i)?.y))).collect();
    let (_, at_steps) = powers(&samples, Hertz(stride.duration().0.recip()))?;
    Some(2.0 * at_steps.sqrt())
}
