//! What was found, nearly found, not found, or not judged.

use crate::skeleton::Side;
use crate::technique::rule::{Band, Beyond, Severity, Statistic};
use crate::units::Seconds;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The fault is there.
    Found,
    /// It may be: too close to the limit, or on too few strides.
    Borderline,
    /// The picture does not show enough to say.
    NotJudged,
    /// It is not there.
    Clear,
}

impl Status {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Borderline => "borderline",
            Self::NotJudged => "not_judged",
            Self::Clear => "clear",
        }
    }
}

/// Which side of the body a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideOfBody {
    /// The body as a whole.
    Whole,
    /// One side.
    One(Side),
    /// Both sides alike; the value is that of the side further out.
    Both,
}

impl SideOfBody {
    /// The word written in files, empty for the whole body.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::One(side) => side.name(),
            Self::Both => "both",
        }
    }
}

/// The left and the right side's value of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct SideValues {
    /// The left side's.
    pub left: f64,
    /// The right side's.
    pub right: f64,
    /// Their unit.
    pub unit: String,
    /// What became of each, left first, where each was judged by itself.
    pub outcomes: Option<[(Status, Option<Severity>); 2]>,
    /// The side further out, whose value is the finding's; none where the finding is about their difference.
    pub farther: Option<Side>,
}

impl SideValues {
    /// "left 67° (moderate)" and "right 56° (borderline)"; of a difference "left 0.59 leg lengths" and "right 0.41 leg lengths,
    /// the smaller one".
    #[must_use]
    pub fn told(&self) -> [String; 2] {
        let read = |value: f64| super::reading::measured(value, &self.unit);
        let read_alike = read(self.left) == read(self.right);
        let told = |side: Side, value: f64| {
            let outcome = match self.outcomes.map(|both| both[side.index()]) {
                Some((status, severity)) => format!(" ({})", severity.map_or(status.name(), Severity::name)),
                None if value < self.left.max(self.right) && !read_alike => ", the smaller one".to_owned(),
                None => String::new(),
            };
            format!("{side} {}{outcome}", read(value))
        };
        [told(Side::Left, self.left), told(Side::Right, self.right)]
    }
}

/// What was not told and assumed instead, so that telling it would settle a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untold {
    /// The athlete's height, or another length in metres.
    Height,
    /// How heavy the sled is for the athlete.
    Load(LoadKnown),
    /// An option of this variant of the profile.
    Variant(String),
}

/// What is known of how heavy the sled is for the athlete, which takes both weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadKnown {
    /// Nothing.
    #[default]
    Nothing,
    /// The load, not the athlete's body mass.
    LoadAlone,
    /// The athlete's body mass, not the load.
    BodyMassAlone,
}

/// A side of the body that could not be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Unjudged {
    /// Which.
    pub side: Side,
    /// Why, in words.
    pub reason: String,
    /// How to film so that it can be.
    pub remedy: String,
}

impl Unjudged {
    /// "Right side not judged: it was seen too little."
    #[must_use]
    pub fn told(&self) -> String {
        let side = match self.side {
            Side::Left => "Left",
            Side::Right => "Right",
        };
        format!("{side} side not judged: {}", self.reason)
    }
}

/// A stretch of the clip that shows a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The stride it is.
    pub stride: usize,
    /// Start of the stride.
    pub start: Seconds,
    /// End of the stride.
    pub end: Seconds,
    /// The moment that shows it best.
    pub at: Seconds,
}

/// What became of a rule, with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule of the profile.
    pub rule: String,
    /// The fault of the catalogue.
    pub fault: String,
    /// What became of it.
    pub status: Status,
    /// How bad; none unless found.
    pub severity: Option<Severity>,
    /// The metric judged.
    pub metric: String,
    /// What is measured, in words.
    pub what: String,
    /// What of the metric `value` is.
    pub statistic: Statistic,
    /// Side of the body.
    pub side: SideOfBody,
    /// The value judged.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// One standard deviation of it.
    pub uncertainty: Option<f64>,
    /// What is good.
    pub target: Option<Band>,
    /// The limit of the grade found, else of the mildest.
    pub limit: Option<f64>,
    /// On which side of `limit` the fault lies.
    pub beyond: Option<Beyond>,
    /// Probability that the value is beyond `limit`.
    pub probability: Option<f64>,
    /// Valid strides that were judged.
    pub judged_strides: usize,
    /// Indices of the strides beyond `limit`, in order.
    pub strides: Vec<usize>,
    /// When each of `strides` shows it, in the same order.
    pub moments: Vec<Seconds>,
    /// What each stride behind `value` measured, by index, in order; empty where `value` is no mean over strides.
    pub stride_values: Vec<(usize, f64)>,
    /// Either side's value, where both were judged or the finding is about their difference.
    pub sides: Option<SideValues>,
    /// The side that could not be judged while the other one was.
    pub unjudged: Option<Unjudged>,
    /// What was assumed for want of being told.
    pub untold: Vec<Untold>,
    /// Where to look: the worst stride; none where nothing was judged.
    pub evidence: Option<Evidence>,
    /// Id of the condition that stood in the way.
    pub refusal: Option<&'static str>,
    /// Why it was not judged or is not sure, in words.
    pub reason: Option<String>,
    /// How to film so that it can be judged.
    pub remedy: Option<String>,
    /// What the coach says.
    pub cue: Option<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// How well the limit is founded, and where it comes from.
    pub source: String,
}

impl Finding {
    /// The worst stride.
    #[must_use]
    pub fn worst_stride(&self) -> Option<usize> {
        self.evidence.map(|e| e.stride)
    }

    /// What a stride measured; none where the value is no mean over strides.
    #[must_use]
    pub fn value_of_stride(&self, index: usize) -> Option<f64> {
        self.stride_values.iter().find(|(i, _)| *i == index).map(|(_, value)| *value)
    }

    /// The name of the fault, in words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        super::words::fault(&self.fault)
    }
}
