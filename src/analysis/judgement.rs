//! Which exercise it is, and how its technique stands: the profile told or recognised, and the findings against it.

use super::someone::Someone;
use crate::findings::words;
use crate::findings::{self, Assessment, Context, LoadKnown, Observed};
use crate::frame::Warning;
use crate::technique::profile::{Choices, Profile};
use crate::technique::recognition::{Verdict, contradiction, unsure_warning};
use crate::technique::rule::{Band, Rule, Statistic};
use crate::technique::{self, Recognition};
use std::collections::BTreeSet;

/// What the user says of the exercise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TechniqueSettings {
    /// The profile of the exercise, built in or the user's own; none lets it be recognised.
    pub told: Option<Profile>,
    /// Options of the profile's variants, such as the style.
    pub choices: Choices,
    /// What is known of the load where `choices` do not have it.
    pub load: LoadKnown,
}

/// Where the exercise is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user said it.
    Given,
    /// From the picture.
    Recognised,
}

/// The exercise and the findings; no profile, and no findings, where the exercise is neither told nor clear.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The profile judged against.
    pub profile: Option<Profile>,
    /// The options taken, by variant.
    pub choices: Choices,
    /// The variants among them that the user chose; the others are the profile's defaults.
    pub asked: BTreeSet<String>,
    /// Where the exercise is known from.
    pub origin: Origin,
    /// What the picture looks like.
    pub recognition: Recognition,
    /// The findings.
    pub assessment: Assessment,
}

impl Judgement {
    /// What is good for a metric's own value, in its unit, under the options taken; none where no rule says so.
    #[must_use]
    pub fn target(&self, metric: &str) -> Option<Band> {
        let rules = self.profile.as_ref()?.rules_for(&self.choices);
        let of_value = |rule: &&Rule| {
            let first = rule.first();
            first.metric == metric && first.statistic == Statistic::Mean && first.distance_from.is_none()
        };
        rules.filter(of_value).find_map(|rule| rule.target)
    }
}

/// Judges against the profile told, or that of the exercise recognised.
#[must_use]
pub(super) fn judge(
    context: &Context,
    measured: &Someone,
    settings: &TechniqueSettings,
) -> (Judgement, Vec<Warning>) {
    let (posture, recognition) = (measured.posture.as_ref(), measured.recognition.clone());
    let mut warnings = Vec::new();
    let (profile, origin) = if let Some(told) = &settings.told {
        warnings.extend(
            posture
                .and_then(|p| contradiction(told, p, &recognition))
                .or_else(|| no_sled_in_sight(told, &recognition)),
        );
        (Some(told.clone()), Origin::Given)
    } else {
        warnings.extend(posture.and_then(|_| unsure_warning(&recognition)));
        let name = recognition.exercise();
        (name.and_then(technique::builtin), Origin::Recognised)
    };
    let asked = profile.as_ref().map(|p| fitting(p, &settings.choices, &mut warnings)).unwrap_or_default();
    let metrics: Vec<findings::Measured> = measured.metrics.clip.iter().map(Into::into).collect();
    let movement = Some(&measured.prepared.movement);
    let observed = Observed { strides: &measured.gait.strides, metrics: &metrics, movement };
    let assessment = profile
        .as_ref()
        .map(|profile| findings::assess(profile, &asked, &observed, context))
        .unwrap_or_default();
    let choices = profile.as_ref().and_then(|p| p.choose(&asked).ok()).unwrap_or_default();
    let asked = asked.into_keys().collect();
    (Judgement { profile, choices, asked, origin, recognition, assessment }, warnings)
}

/// What to tell a user who named an exercise and whose picture clearly shows none. Only exercises that are built in have a look of
/// their own.
fn no_sled_in_sight(told: &Profile, seen: &Recognition) -> Option<Warning> {
    let name = told.extends.as_deref().unwrap_or(&told.name);
    (seen.verdict == Verdict::NoExercise && technique::names().any(|known| known == name))
        .then(|| words::looks_like_none(&told.title, seen.no_exercise))
}

/// The choices that this profile knows. What a recognised exercise does not know is told, not silently dropped.
fn fitting(profile: &Profile, choices: &Choices, warnings: &mut Vec<Warning>) -> Choices {
    let mut fitting = Choices::new();
    for (variant, option) in choices {
        let one = Choices::from([(variant.clone(), option.clone())]);
        match profile.choose(&one) {
            Ok(_) => {
                fitting.insert(variant.clone(), option.clone());
            }
            // The load is asked of every exercise and only some have limits for it.
            Err(_) if variant == "load" => {}
            Err(error) => {
                warnings.push(Warning::new("choice_unknown", format!("{error}."), "It was not used."));
            }
        }
    }
    fitting
}
