//! Which exercise a clip shows: how well its posture fits the pictures of each profile, with a runner-up and the
//! courage to say "not sure". A picture says what physics asks of the body: hands that hold on do not move, who
//! pushes leans on it, who is pulled leans away.

use super::builtin::no_sled;
use super::posture::Posture;
use super::profile::Profile;
use super::rule::Band;
use crate::frame::Warning;
use crate::gait::stride::Direction;
use serde::Deserialize;

/// A number of a [`Posture`] that pictures speak about; degrees, trunk lengths, leg lengths per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Trunk angle.
    TrunkDeg,
    /// Knee flexion.
    KneeDeg,
    /// Elbow flexion.
    ElbowDeg,
    /// Swing of the upper arm.
    ArmSwingDeg,
    /// Wrist ahead of the shoulder.
    WristAheadTrunk,
    /// Wrist below the shoulder.
    WristBelowTrunk,
    /// Motion of the hand.
    HandMotionTrunk,
    /// Feet ahead of the hips.
    FeetAheadTrunk,
    /// Speed.
    SpeedLegPerS,
    /// Cadence.
    CadenceStepsPerMin,
}

impl Feature {
    fn of(self, posture: &Posture) -> Option<f64> {
        match self {
            Self::TrunkDeg => posture.trunk.map(crate::units::Radians::to_degrees),
            Self::KneeDeg => posture.knee.map(crate::units::Radians::to_degrees),
            Self::ElbowDeg => posture.elbow.map(crate::units::Radians::to_degrees),
            Self::ArmSwingDeg => posture.arm_swing.map(crate::units::Radians::to_degrees),
            Self::WristAheadTrunk => posture.wrist_ahead,
            Self::WristBelowTrunk => posture.wrist_below,
            Self::HandMotionTrunk => posture.hand_motion,
            Self::FeetAheadTrunk => posture.feet_ahead,
            Self::SpeedLegPerS => posture.speed_leg_per_s,
            Self::CadenceStepsPerMin => posture.cadence_steps_per_min,
        }
    }
}

/// Values a picture expects, and how softly it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lowest expected.
    pub from: Option<f64>,
    /// Highest expected.
    pub to: Option<f64>,
    /// One standard deviation beyond either end.
    pub softness: f64,
}

/// One way an exercise looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What it shows.
    pub name: String,
    /// Way of stepping.
    pub direction: Direction,
    /// What is expected.
    pub features: Vec<(Feature, Range)>,
}

/// A feature further out than this many softnesses counts no more: one misread joint must not decide.
const FURTHEST: f64 = 3.0;
/// Log-likelihood lost where the athlete steps the other way: as much as three features at their furthest.
const WRONG_WAY: f64 = -13.5;
/// Log-likelihood of "something else": where each picture misses by two features at twice their softness.
const SOMETHING_ELSE: f64 = -4.5;
/// An exercise is the answer where it is likelier than all else together. On rendered clips and their copies the likeliest
/// exercise was the right one wherever it was, down to 0.57; where the next is close a warning names it.
const SURE: f64 = 0.50;
/// From this probability on it is none of them [default].
const NONE_OF_THEM: f64 = 0.60;
/// Below this probability the answer goes with the runner-up [default].
const CLEAR: f64 = 0.75;

impl Picture {
    /// Logarithm of how likely this picture looks like the posture, 0 at best. Features not seen say nothing.
    #[must_use]
    pub fn fit(&self, posture: &Posture) -> f64 {
        let way = match posture.direction {
            Some(direction) if direction != self.direction => WRONG_WAY,
            _ => 0.0,
        };
        let miss = |(feature, range): &(Feature, Range)| {
            let band = Band { from: range.from, to: range.to };
            let out = distance(feature.of(posture)?, band) / range.softness;
            Some(-0.5 * out.min(FURTHEST).powi(2))
        };
        way + self.features.iter().filter_map(miss).sum::<f64>()
    }
}

fn distance(value: f64, band: Band) -> f64 {
    let below = band.from.map_or(0.0, |from| from - value);
    let above = band.to.map_or(0.0, |to| value - to);
    below.max(above).max(0.0)
}

/// What a clip was recognised as.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// This exercise.
    Exercise(String),
    /// One of several; the user should say.
    Unsure,
    /// None of the exercises known.
    NoExercise,
}

/// How likely a clip shows each exercise.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognition {
    /// The answer.
    pub verdict: Verdict,
    /// Exercise and probability, likeliest first; what is missing to 1 is "no sled exercise".
    pub ranking: Vec<(String, f64)>,
    /// Probability that it is no sled exercise.
    pub no_exercise: f64,
}

impl Recognition {
    /// Nothing to go by.
    #[must_use]
    pub fn nothing() -> Self {
        Self { verdict: Verdict::Unsure, ranking: Vec::new(), no_exercise: 0.0 }
    }

    /// The exercise, where it is sure.
    #[must_use]
    pub fn exercise(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Exercise(name) => Some(name),
            Verdict::Unsure | Verdict::NoExercise => None,
        }
    }

    /// Whether it is an exercise; where one was told, that one or the one which it extends.
    #[must_use]
    pub fn is_exercise(&self, told: Option<&Profile>) -> bool {
        let is = |name: &str| told.is_none_or(|told| told.extends.as_deref().unwrap_or(&told.name) == name);
        self.exercise().is_some_and(is)
    }

    /// The probability of the likeliest exercise.
    #[must_use]
    pub fn confidence(&self) -> Option<f64> {
        self.ranking.first().map(|(_, p)| *p)
    }

    /// Whether another exercise is nearly as likely as the answer.
    fn is_close(&self) -> bool {
        let runner_up = self.ranking.get(1).map_or(0.0, |(_, p)| *p);
        self.confidence().is_some_and(|p| p < CLEAR) && runner_up > self.no_exercise
    }

    /// The second likeliest exercise.
    #[must_use]
    pub fn runner_up(&self) -> Option<&str> {
        self.ranking.get(1).map(|(name, _)| name.as_str())
    }
}

/// How well the best of these pictures fits.
fn best(pictures: &[Picture], posture: &Posture) -> f64 {
    pictures.iter().map(|p| p.fit(posture)).fold(f64::NEG_INFINITY, f64::max)
}

/// Whether somebody without a sled walks or runs like this: it looks so, not merely like nothing known.
#[must_use]
pub fn looks_like_walking(posture: &Posture) -> bool {
    best(&no_sled(), posture) > SOMETHING_ELSE
}

/// Compares a posture with every profile.
#[must_use]
pub fn recognise(posture: &Posture, profiles: &[Profile]) -> Recognition {
    let none = best(&no_sled(), posture).max(SOMETHING_ELSE);
    let mut ranking: Vec<(String, f64)> =
        profiles.iter().map(|p| (p.name.clone(), best(&p.pictures, posture).exp())).collect();
    let total: f64 = none.exp() + ranking.iter().map(|(_, weight)| weight).sum::<f64>();
    for (_, weight) in &mut ranking {
        *weight /= total;
    }
    ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let no_exercise = none.exp() / total;
    let verdict = match ranking.first() {
        Some((name, p)) if *p >= SURE => Verdict::Exercise(name.clone()),
        _ if no_exercise >= NONE_OF_THEM => Verdict::NoExercise,
        _ => Verdict::Unsure,
    };
    Recognition { verdict, ranking, no_exercise }
}

/// What to tell a user who did not name the exercise and whose clip does not show it clearly.
#[must_use]
pub fn unsure_warning(recognition: &Recognition) -> Option<Warning> {
    use crate::findings::words;
    match recognition.verdict {
        Verdict::Exercise(_) => recognition.is_close().then(|| words::exercise_close(&recognition.ranking)),
        Verdict::Unsure => Some(words::exercise_unsure(&recognition.ranking)),
        Verdict::NoExercise => Some(words::no_exercise(recognition.no_exercise)),
    }
}

/// What to tell a user whose words and whose picture disagree: the athlete steps the other way, or the picture
/// clearly shows another exercise.
#[must_use]
pub fn contradiction(told: &Profile, posture: &Posture, seen: &Recognition) -> Option<Warning> {
    use crate::findings::words;
    match posture.direction {
        Some(direction) if direction != told.direction => {
            Some(words::wrong_direction(&told.title, direction))
        }
        _ => {
            let other = seen.exercise().filter(|name| *name != told.name)?;
            // A profile of one's own is the exercise it extends.
            (told.extends.as_deref() != Some(other)).then(|| words::looks_like(&told.title, other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::technique::{builtin, names};
    use crate::units::Radians;

    /// Somebody who walks backward with the hands ahead and the elbows bent by so many degrees.
    fn with_elbows_at(degrees: f64) -> Recognition {
        let posture = Posture {
            direction: Some(Direction::Backward),
            trunk: Some(Radians::from_degrees(-6.0)),
            knee: Some(Radians::from_degrees(35.0)),
            elbow: Some(Radians::from_degrees(degrees)),
            arm_swing: Some(Radians::from_degrees(5.0)),
            wrist_ahead: Some(0.6),
            wrist_below: Some(0.7),
            hand_motion: Some(0.1),
            feet_ahead: Some(0.05),
            speed_leg_per_s: Some(0.5),
            cadence_steps_per_min: Some(80.0),
        };
        recognise(&posture, &names().filter_map(builtin).collect::<Vec<_>>())
    }

    #[test]
    fn straight_arms_drag_and_bent_ones_hold_the_handles() {
        for (degrees, exercise) in [(15.0, "backward-sled-drag"), (55.0, "reverse-sled-push")] {
            let seen = with_elbows_at(degrees);
            assert_eq!(seen.exercise(), Some(exercise), "{degrees}: {:?}", seen.ranking);
            assert_eq!(unsure_warning(&seen), None, "{degrees}: {:?}", seen.ranking);
        }
    }

    #[test]
    fn what_could_be_either_is_the_likelier_with_a_warning_or_neither() {
        for degrees in 33..42 {
            let seen = with_elbows_at(f64::from(degrees));
            let shares: Vec<f64> = seen.ranking.iter().take(2).map(|(_, p)| *p).collect();
            assert_eq!(seen.exercise().is_some(), shares[0] >= 0.5, "{degrees}: {:?}", seen.ranking);
            let id = unsure_warning(&seen).map(|w| w.id);
            let expected = match shares[0] {
                p if p >= 0.75 => None,
                p if p >= 0.5 => Some("exercise_close"),
                _ => Some("exercise_unsure"),
            };
            assert_eq!(id.as_deref(), expected, "{degrees}: {:?}", seen.ranking);
        }
    }
}
