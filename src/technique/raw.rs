//! A profile as its TOML says it, every value with its place, before it is checked.

use super::profile::Hands;
use super::recognition::Feature;
use super::rule::{Need, RuleKind, Severity, Show, Sides, SourceClass, Statistic};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawDirection {
    Forward,
    Backward,
}

macro_rules! raw {
    ($name:ident { $($field:ident: $type:ty,)* }) => {
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $(#[serde(default)] pub(super) $field: Option<Spanned<$type>>,)*
        }

        impl $name {
            /// Fields of `self`, and where they are missing those of `base`, whose places mean nothing here.
            pub(super) fn over(self, base: Self) -> Self {
                Self { $($field: self.$field.or_else(|| elsewhere(base.$field)),)* }
            }
        }
    };
}

/// A value that stands in another file.
fn elsewhere<T>(value: Option<Spanned<T>>) -> Option<Spanned<T>> {
    value.map(|v| Spanned::new(0..0, v.into_inner()))
}

raw!(RawProfile {
    name: String,
    version: u32,
    title: String,
    summary: String,
    extends: String,
    direction: RawDirection,
    hands: Hands,
    origin: String,
    keys: Vec<String>,
    variant: Vec<RawVariant>,
    picture: Vec<RawPicture>,
    rule: Vec<RawRule>,
});

raw!(RawRule {
    id: String,
    fault: String,
    kind: RuleKind,
    off: bool,
    only: BTreeMap<String, Spanned<String>>,
    metric: String,
    statistic: Statistic,
    distance_from: f64,
    threshold_above: f64,
    threshold_below: f64,
    above: RawLimits,
    below: RawLimits,
    or_metric: RawStandIn,
    all: Vec<RawCondition>,
    any: Vec<RawCondition>,
    target: RawBand,
    sides: Sides,
    needs: Vec<Need>,
    least_strides: usize,
    at_most: Severity,
    severe_with: String,
    show: Show,
    source: SourceClass,
    citation: String,
    cue: String,
    why: String,
    good: String,
    what: String,
});

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    pub(super) metric: Option<Spanned<String>>,
    pub(super) statistic: Option<Spanned<Statistic>>,
    pub(super) distance_from: Option<Spanned<f64>>,
    pub(super) threshold_above: Option<Spanned<f64>>,
    pub(super) threshold_below: Option<Spanned<f64>>,
    pub(super) above: Option<Spanned<RawLimits>>,
    pub(super) below: Option<Spanned<RawLimits>>,
    pub(super) or_metric: Option<Spanned<RawStandIn>>,
    pub(super) what: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub(super) mild: f64,
    pub(super) moderate: f64,
    pub(super) severe: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBand {
    pub(super) from: Option<f64>,
    pub(super) to: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStandIn {
    pub(super) metric: Spanned<String>,
    pub(super) factor: f64,
    pub(super) factor_uncertainty_share: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVariant {
    pub(super) name: Spanned<String>,
    pub(super) default: Spanned<String>,
    pub(super) options: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPicture {
    pub(super) name: String,
    pub(super) direction: RawDirection,
    pub(super) features: BTreeMap<Feature, Spanned<RawRange>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRange {
    pub(super) from: Option<f64>,
    pub(super) to: Option<f64>,
    pub(super) softness: f64,
}
