//! A technique profile that is valid: its rules, the variants that choose among them, the pictures it is known by.

use super::recognition::Picture;
use super::rule::Rule;
use crate::gait::stride::Direction;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the hands do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hands {
    /// They hold on: the arms are not judged.
    Fixed,
    /// They swing.
    Free,
    /// Either, by the attachment.
    Either,
}

/// A choice that only the athlete or coach can make, such as the style of a push.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name: `style`, `posture`, `attachment` or `load`.
    pub name: String,
    /// The option taken where nothing is said.
    pub default: String,
    /// Option and what it means.
    pub options: BTreeMap<String, String>,
}

/// The options taken, by variant.
pub type Choices = BTreeMap<String, String>;

/// A valid profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// As in `--exercise`.
    pub name: String,
    /// Raised when a number changes.
    pub version: u32,
    /// Of the text it was read from, lower-case hexadecimal: of one's own file where it extends a built-in.
    pub sha256: String,
    /// The name people use.
    pub title: String,
    /// What it is, in two sentences.
    pub summary: String,
    /// The built-in it started from, if any.
    pub extends: Option<String>,
    /// Way of stepping.
    pub direction: Direction,
    /// What the hands do.
    pub hands: Hands,
    /// The article it comes from.
    pub origin: String,
    /// What the exercise asks for, as sentences for the wall.
    pub keys: Vec<String>,
    /// Choices.
    pub variants: Vec<Variant>,
    /// Rules, in order of the profile.
    pub rules: Vec<Rule>,
    /// What it looks like, for recognition.
    pub pictures: Vec<Picture>,
}

/// Why a choice does not fit a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// No such option.
    #[error("{variant} {value:?} is not known for {profile}; write {}", allowed.join(" or "))]
    Option {
        /// Variant asked for.
        variant: String,
        /// What was asked.
        value: String,
        /// Profile.
        profile: String,
        /// What is allowed.
        allowed: Vec<String>,
    },
    /// No such variant.
    #[error("{} has no {variant} to choose", super::title(profile).to_lowercase())]
    Variant {
        /// Variant asked for.
        variant: String,
        /// Profile.
        profile: String,
    },
}

impl Profile {
    /// Whether it is one of ours, unchanged.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        super::builtin(&self.name).is_some_and(|own| own.sha256 == self.sha256)
    }

    /// Every variant's option: what was asked, else the default.
    ///
    /// # Errors
    /// When something was asked that the profile does not know.
    pub fn choose(&self, asked: &Choices) -> Result<Choices, ChoiceError> {
        for (variant, value) in asked {
            let known = self.variants.iter().find(|v| v.name == *variant).ok_or_else(|| {
                ChoiceError::Variant { variant: variant.clone(), profile: self.name.clone() }
            })?;
            if !known.options.contains_key(value) {
                return Err(ChoiceError::Option {
                    variant: variant.clone(),
                    value: value.clone(),
                    profile: self.name.clone(),
                    allowed: known.options.keys().cloned().collect(),
                });
            }
        }
        let chosen = |v: &Variant| asked.get(&v.name).unwrap_or(&v.default).clone();
        Ok(self.variants.iter().map(|v| (v.name.clone(), chosen(v))).collect())
    }

    /// The rules that hold for these choices, in order.
    pub fn rules_for<'a>(&'a self, choices: &'a Choices) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |rule| {
            rule.only.iter().all(|(variant, option)| choices.get(variant).is_none_or(|c| c == option))
        })
    }

    /// The share of body mass from which a load counts as heavy \[default\].
    pub const HEAVY_FROM: f64 = 0.30;

    /// The option of the variant `load` for a sled's load and an athlete's mass, both in kg.
    #[must_use]
    pub fn load_option(load_kg: f64, body_mass_kg: f64) -> &'static str {
        if load_kg >= Self::HEAVY_FROM * body_mass_kg { "heavy" } else { "light" }
    }
}
