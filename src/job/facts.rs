//! What a user knows of a set: who, which exercise, how heavy. Kept as it was given, and what follows from it for the analysis.

use crate::analysis::TechniqueSettings;
use crate::calendar::Day;
use crate::findings::LoadKnown;
use crate::technique::profile::{ChoiceError, Choices};
use crate::technique::{self, Profile};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is known of a set besides its picture. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetFacts {
    /// The athlete's name.
    pub athlete_name: Option<String>,
    /// The day of the set; none takes the clip's own, where its file has one.
    pub date: Option<Day>,
    /// The profile of the exercise, built in or the user's own; none lets it be recognised.
    pub profile: Option<Profile>,
    /// Style of a forward push: drive or tall.
    pub style: Option<String>,
    /// Posture of a backpedal: tall or crouched.
    pub posture: Option<String>,
    /// What ties the athlete to the sled in a drag: harness or straps.
    pub attachment: Option<String>,
    /// Load on the sled, kg.
    pub load_kg: Option<f64>,
    /// The athlete's body mass, kg.
    pub body_mass_kg: Option<f64>,
    /// A remark.
    pub note: Option<String>,
}

impl SetFacts {
    /// What the analysis makes of it.
    ///
    /// # Errors
    /// When a choice does not fit the exercise, or no exercise where none is told.
    pub fn technique(&self) -> Result<TechniqueSettings, ChoiceError> {
        let asked = [("style", &self.style), ("posture", &self.posture), ("attachment", &self.attachment)];
        let mut choices: Choices = asked
            .into_iter()
            .filter_map(|(variant, option)| Some((variant.to_owned(), option.clone()?)))
            .collect();
        match &self.profile {
            Some(profile) => drop(profile.choose(&choices)?),
            None => known_somewhere(&choices)?,
        }
        let both = self.load_kg.zip(self.body_mass_kg);
        let option = both.map(|(load, mass)| Profile::load_option(load, mass).to_owned());
        choices.extend(option.map(|option| ("load".to_owned(), option)));
        let load = match (self.load_kg, self.body_mass_kg) {
            (Some(_), None) => LoadKnown::LoadAlone,
            (None, Some(_)) => LoadKnown::BodyMassAlone,
            _ => LoadKnown::Nothing,
        };
        Ok(TechniqueSettings { told: self.profile.clone(), choices, load })
    }

    /// As it stands in the settings of `summary.json`.
    #[must_use]
    pub fn told(&self) -> BTreeMap<String, Value> {
        let number = |v: Option<f64>| v.map(Value::from);
        let words = |v: &Option<String>| v.clone().map(Value::from);
        let all = [
            ("load_kg", number(self.load_kg)),
            ("body_mass_kg", number(self.body_mass_kg)),
            ("athlete_name", words(&self.athlete_name)),
            ("note", words(&self.note)),
            ("style", words(&self.style)),
            ("posture", words(&self.posture)),
            ("attachment", words(&self.attachment)),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// The line under the athlete's name in the report.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let load = self.load_kg.map(|kg| format!("load {kg} kg"));
        let mass = self.body_mass_kg.map(|kg| format!("body mass {kg} kg"));
        let told: Vec<String> = [load, mass, self.note.clone()].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// Where the exercise is yet to be recognised, some built-in profile must know each choice.
fn known_somewhere(choices: &Choices) -> Result<(), ChoiceError> {
    let profiles: Vec<Profile> = technique::names().filter_map(technique::builtin).collect();
    for one in choices.iter().map(|(variant, option)| Choices::from([(variant.clone(), option.clone())])) {
        let refused: Vec<ChoiceError> = profiles.iter().filter_map(|p| p.choose(&one).err()).collect();
        let all = refused.len() == profiles.len();
        let told = refused.into_iter().find(|e| matches!(e, ChoiceError::Option { .. }));
        if let (true, Some(error)) = (all, told) {
            return Err(error);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(style: &str, exercise: Option<&str>) -> Result<(), String> {
        let profile = exercise.and_then(technique::builtin);
        let facts = SetFacts { profile, style: Some(style.to_owned()), ..SetFacts::default() };
        facts.technique().map(drop).map_err(|e| e.to_string())
    }

    #[test]
    fn one_weight_alone_is_known_to_lack_the_other() {
        let load = |load_kg: Option<f64>, body_mass_kg: Option<f64>| {
            let settings = SetFacts { load_kg, body_mass_kg, ..SetFacts::default() }.technique();
            let settings = settings.expect("it fits every exercise");
            (settings.load, settings.choices.get("load").cloned())
        };
        assert_eq!(load(Some(60.0), None), (LoadKnown::LoadAlone, None));
        assert_eq!(load(None, Some(80.0)), (LoadKnown::BodyMassAlone, None));
        assert_eq!(load(None, None), (LoadKnown::Nothing, None));
        assert_eq!(load(Some(60.0), Some(80.0)).1.as_deref(), Some("heavy"));
    }

    #[test]
    fn a_style_that_no_exercise_knows_is_refused_though_the_exercise_is_yet_to_be_recognised() {
        assert_eq!(told("tall", None), Ok(()));
        assert_eq!(told("tall", Some("sled-push")), Ok(()));
        let refused = told("tal", None);
        assert_eq!(refused, told("tal", Some("sled-push")));
        assert!(refused.is_err_and(|e| e.contains("drive or tall")));
        assert!(told("tall", Some("sled-backpedal")).is_err());
    }
}
