//! Contacts from the paths of heel, toe and ankle over the ground, whatever they land on first and leave last.
//!
//! Heel and toe are fitted together, so either of them at rest is a contact. At the end of a push the heel has long
//! risen: the foot leaves with the toe forward, and lands on the toe backward, which is the same reversed in time (C3).
//! There the fit of both is early (backward: late) by the roll of the foot and that of the toe alone is late by its
//! flick, so their mean is taken. The ankle serves where heel and toe are not seen.

use super::contacts::{Stage, Timing};
use super::shape::Shape;
use super::stride::EventMethod;
use super::swing::{Path, Swing, Usual, Window, swing};
use super::travel::pelvis_x;
use crate::signal::series::Source;
use crate::signal::statistics::median;
use crate::skeleton::{LimbPoint, Side};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// The points of a foot; the ankle serves where heel and toe do not.
const POINTS: [LimbPoint; 3] = [LimbPoint::Heel, LimbPoint::Toe, LimbPoint::Ankle];
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
/// How far a first guess of the usual duration may be off: it takes a creeping foot for a slow start of the swing.
const FIRST_DURATION_SPREAD: f64 = 0.3;
/// Longest swing, as a share of a stride: sprinters at top speed are on each foot for a fifth of it, and nobody with a sled for
/// less [default].
const MAX_SWING_STRIDES: f64 = 0.8;
/// Longest swing beside the other foot's. Those of healthy adults differ by 6 % at most (Patterson 2010); whoever limps by this
/// much pushes no sled [default].
const MAX_SWING_RATIO: f64 = 1.5;
/// Spread of a duration that is held, as a share of it: as good as none.
const HELD_SPREAD: f64 = 0.01;
/// Floor of the noise of a coordinate, as a share of the leg: half a centimetre of a metre.
const MIN_NOISE_LEG: f64 = 0.005;
/// Weight of an interpolated sample beside a measured one, and of one of no confidence.
const INTERPOLATED_WEIGHT: f64 = 0.3;
const MIN_WEIGHT: f64 = 0.05;
/// Share of a swing that the clip must hold for its contacts to be told at all.
const MIN_SWING_SEEN: f64 = 0.25;

/// A contact may lie this far beyond the samples that tell it, samples.
const BEYOND_SAMPLES: f64 = 1.0;

/// What is fitted together.
#[derive(Clone, Copy, PartialEq)]
enum Group {
    HeelAndToe,
    Toe,
    Ankle,
}

impl Group {
    const ALL: [Self; 3] = [Self::HeelAndToe, Self::Toe, Self::Ankle];

    fn of(self, paths: &[Path; 3]) -> &[Path] {
        match self {
            Self::HeelAndToe => &paths[..2],
            Self::Toe => &paths[1..2],
            Self::Ankle => &paths[2..],
        }
    }
}

/// Both feet in a stretch of stepping.
pub(super) struct Feet {
    /// By side: heel, toe, ankle.
    paths: [[Path; 3]; 2],
    /// By side, then by group.
    usual: [[Option<Usual>; 3]; 2],
    /// By side, then by group: whether the other foot says how long a swing lasts.
    borrowed: [[bool; 3]; 2],
    shape: Shape,
}

impl Feet {
    pub fn of(stage: &Stage<'_>, windows: &[(Side, Window)]) -> Self {
        let paths = Side::BOTH.map(|side| POINTS.map(|p| path(stage, p, side)));
        let shape = Shape::usual();
        let usual = Side::BOTH.map(|side| {
            Group::ALL.map(|group| {
                let own = windows.par_iter().filter(|w| w.0 == side && stage.is_whole(w.1));
                let swings = |usual: Option<&Usual>| -> Vec<Swing> {
                    let paths = group.of(&paths[side.index()]);
                    own.clone().filter_map(|(_, w)| told(stage, paths, &shape, *w, usual)).collect()
                };
                let first = usual_of(stage, &swings(None), FIRST_DURATION_SPREAD)?;
                usual_of(stage, &swings(Some(&first)), DURATION_SPREAD)
            })
        });
        let borrowed = Side::BOTH.map(|side| Group::ALL.map(|group| is_too_long(stage, &usual, side, group)));
        let usual = Side::BOTH.map(|side| {
            Group::ALL.map(|group| {
                let own = usual[side.index()][group as usize]?;
                if borrowed[side.index()][group as usize] {
                    lent(stage, &usual, side, group)
                } else {
                    Some(own)
                }
            })
        });
        Self { paths, usual, borrowed, shape }
    }

    /// Whether the feet tell the swings of a side at all.
    pub fn tell(&self, side: Side) -> bool {
        self.usual[side.index()].iter().any(Option::is_some)
    }

    /// When the foot leaves and lands in a window; none where no point tells.
    pub fn timing(&self, stage: &Stage<'_>, side: Side, window: Window) -> Option<Timing> {
        let Some(foot) = self.swing(stage, side, window, Group::HeelAndToe) else {
            // Where an end of the clip cuts the swing the ankle sees no more than heel and toe do.
            if self.usual[side.index()][0].is_some() && !stage.is_whole(window) {
                return None;
            }
            let ankle = self.swing(stage, side, window, Group::Ankle)?;
            return Some(self.with_confidence(&ankle, side, window, Group::Ankle));
        };
        let mut timing = self.with_confidence(&foot, side, window, Group::HeelAndToe);
        if let Some(toe) = self.swing(stage, side, window, Group::Toe) {
            let forward = stage.stepping.direction(stage.movement).is_none_or(|d| d.sign() > 0.0);
            let of_toe = self.with_confidence(&toe, side, window, Group::Toe);
            let mean = |a: Option<f64>, b: Option<f64>| Some(0.5 * (a? + b?));
            if of_toe.method == EventMethod::OtherFoot {
                timing.method = of_toe.method;
            }
            if forward && toe.leave < foot.land {
                timing.leave = mean(timing.leave, of_toe.leave);
            } else if !forward && toe.land > foot.leave {
                timing.land = mean(timing.land, of_toe.land);
            }
        }
        Some(timing)
    }

    fn swing(&self, stage: &Stage<'_>, side: Side, window: Window, group: Group) -> Option<Swing> {
        let usual =
            self.usual[side.index()][group as usize].or(self.usual[side.mirror().index()][group as usize]);
        let paths = group.of(&self.paths[side.index()]);
        let swing = told(stage, paths, &self.shape, window, usual.as_ref())?;
        let seen = swing.land.min(swing.seen.1) - swing.leave.max(swing.seen.0);
        (seen >= MIN_SWING_SEEN * (swing.land - swing.leave)).then_some(swing)
    }

    fn with_confidence(&self, swing: &Swing, side: Side, window: Window, group: Group) -> Timing {
        let method = match group {
            _ if self.borrowed[side.index()][group as usize] => EventMethod::OtherFoot,
            Group::HeelAndToe | Group::Toe => EventMethod::FootSpeed,
            Group::Ankle => EventMethod::AnkleSpeed,
        };
        let fit = 1.0 - 0.5 * swing.residual / (MAX_RESIDUAL_SHARE * swing.length);
        let seen = self.paths[side.index()].iter().map(|p| mean_weight(p, window)).fold(0.0, f64::max);
        // What lies beyond everything seen is a guess from other swings.
        let observed = |at: f64| {
            (at > swing.seen.0 - BEYOND_SAMPLES && at < swing.seen.1 + BEYOND_SAMPLES).then_some(at)
        };
        Timing {
            leave: observed(swing.leave),
            land: observed(swing.land),
            uncertainty: swing.uncertainty,
            confidence: (fit * seen) as f32,
            method,
        }
    }
}

/// Whether a side's usual swing is longer than a swing can be: then the foot was seen too badly to say when it rests.
fn is_too_long(stage: &Stage<'_>, usual: &[[Option<Usual>; 3]; 2], side: Side, group: Group) -> bool {
    let longest = lent(stage, usual, side, group)
        .map_or(MAX_SWING_STRIDES * stage.period, |other| MAX_SWING_RATIO * other.duration);
    usual[side.index()][group as usize].is_some_and(|own| own.duration > longest)
}

/// What is usual for a side but that its swing lasts as long as the other one's; none where that is too long as well.
fn lent(stage: &Stage<'_>, usual: &[[Option<Usual>; 3]; 2], side: Side, group: Group) -> Option<Usual> {
    let own = usual[side.index()][group as usize]?;
    let other = usual[side.mirror().index()][group as usize];
    let other = other.filter(|o| o.duration <= MAX_SWING_STRIDES * stage.period)?;
    Some(Usual { duration: other.duration, duration_sd: HELD_SPREAD * other.duration, ..own })
}

fn usual_of(stage: &Stage<'_>, whole: &[Swing], duration_spread: f64) -> Option<Usual> {
    let duration = median(whole.iter().map(|s| s.land - s.leave))?;
    let length = median(whole.iter().map(|s| s.length))?;
    let noise = median(whole.iter().map(|s| s.residual))?;
    Some(Usual {
        duration,
        duration_sd: duration_spread * duration,
        length,
        length_sd: LENGTH_SPREAD * length,
        noise: noise.max(MIN_NOISE_LEG * stage.leg_px),
    })
}

/// A swing good enough to tell its contacts.
fn told(
    stage: &Stage<'_>,
    paths: &[Path],
    shape: &Shape,
    window: Window,
    usual: Option<&Usual>,
) -> Option<Swing> {
    let is_seen = |path: &&Path| {
        let inside = inside(path, window);
        let count = inside.clone().filter(|&i| path[i].is_some()).count() as f64;
        count >= MIN_SEEN * inside.len().max(1) as f64
    };
    let seen: Vec<&Path> = paths.iter().filter(is_seen).collect();
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
            let sample = sample.filter(|_| stage.was_there(i))?;
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

#[cfg(test)]
mod tests {
    use crate::gait::fixtures::Walker;
    use crate::gait::gait;
    use crate::gait::settings::GaitSettings;
    use crate::gait::stride::Stride;
    use crate::kinematics::movement::Movement;
    use crate::signal::series::Series;
    use crate::skeleton::{LimbPoint, Side};

    /// The places of a foot averaged over most of a stride, as from a model that guesses a hidden foot from the leg.
    fn smeared(movement: &Movement, side: Side, samples: usize) -> Movement {
        let mut smeared = movement.clone();
        for point in [LimbPoint::Heel, LimbPoint::Toe, LimbPoint::Ankle] {
            let series = movement.unfiltered.limb(point, side);
            let mut averaged = Series::missing(series.len());
            for (i, sample) in series.iter().enumerate() {
                let near = i.saturating_sub(samples / 2)..(i + samples / 2 + 1).min(series.len());
                let count = near.len() as f64;
                let sum: f64 = near.filter_map(|k| Some(series.get(k)?.value.x)).sum();
                averaged.set(
                    i,
                    sample.map(|mut own| {
                        own.value.x = sum / count;
                        own
                    }),
                );
            }
            *smeared.unfiltered.get_mut(point.on(side)) = averaged;
        }
        smeared
    }

    #[test]
    fn a_foot_that_never_seems_to_rest_is_told_by_the_other_one() {
        let walker = Walker::default();
        let most = (0.55 * walker.stride_s * walker.rate_hz) as usize;
        let (found, _) = gait(&smeared(&walker.movement(), Side::Right, most), &GaitSettings::default());
        let contact = |s: &Stride| (s.terminal_contact.time - s.start).0 / s.duration().0;
        let shares: Vec<f64> = found.strides.iter().filter(|s| s.side == Side::Right).map(contact).collect();
        assert!(shares.len() >= 3);
        for share in shares {
            assert!((share - walker.duty).abs() < 0.1, "a contact of {share:.2} of a stride");
        }
    }
}
