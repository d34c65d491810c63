//! What must be seen of a clip for a rule to be judged.

use serde::Deserialize;

/// What must be seen for a rule to be judged. What takes each away is the table in `findings::refusal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The camera not further than 35 degrees from the side.
    View,
    /// A true side view and a person large enough for angles and lengths.
    Angles,
    /// The true vertical: camera roll known.
    Vertical,
    /// Hips and shoulders.
    Trunk,
    /// Feet, to know where they are.
    Feet,
    /// Feet, to know when they land and leave; without them grades stop at mild.
    Contact,
    /// Exact times.
    Timing,
    /// Seconds that are seconds: a clip that plays as fast as it was filmed, or whose rate of filming is known. Every rule has it that
    /// measures in them.
    TrueTimes,
    /// At least 50 frames a second, for contacts of running steps.
    FastFrames,
    /// Arms that swing enough, in whatever rhythm, for their rhythm to mean something.
    ArmSwing,
    /// Arms that swing enough, once a stride, for their timing to mean something.
    ArmPhase,
    /// Arms that are free.
    FreeArms,
    /// Ground that holds still in the picture, or whose motion was measured.
    Ground,
    /// A way over ground whose parts can be compared: of a camera that stands still, or whose turning could be taken out, as one
    /// that turns sees the same way shorter at the ends of its turn.
    StillCamera,
    /// Metres: a scale or, with a note, an assumed leg length.
    Metres,
    /// Both sides of the body.
    BothSides,
}

impl Need {
    /// All.
    pub const ALL: [Self; 16] = [
        Self::View,
        Self::Angles,
        Self::Vertical,
        Self::Trunk,
        Self::Feet,
        Self::Contact,
        Self::Timing,
        Self::TrueTimes,
        Self::FastFrames,
        Self::ArmSwing,
        Self::ArmPhase,
        Self::FreeArms,
        Self::Ground,
        Self::StillCamera,
        Self::Metres,
        Self::BothSides,
    ];
}
