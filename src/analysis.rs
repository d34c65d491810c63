//! From a recording to what it says of the athlete: the whole science in order, pure and without failure.

use crate::frame::Warning;
use crate::observation::{Recording, TrackId};
use crate::skeleton::Side;
use crate::tracking::athlete::{self, AthleteChoice, Candidate};
use crate::units::Radians;

/// What is analysed and how.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Whom.
    pub athlete: AthleteChoice,
}

/// What a recording says.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Everybody in the clip, the likeliest athlete first.
    pub people: Vec<Candidate>,
    /// The athlete; none where nobody was seen.
    pub athlete: Option<Athlete>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// The athlete and everything measured on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Athlete {
    /// Number of the person in the recording.
    pub track: TrackId,
    /// Frames in which the person is seen.
    pub frames_present: usize,
}

impl Athlete {
    /// Side.
    pub fn near_side(&self) -> Option<Side> {
        None
    }
    /// Roll.
    pub fn roll(&self) -> Radians {
        Radians(0.0)
    }
}

impl Analysis {
    /// Whether anything could be judged.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.athlete.is_some()
    }
}

/// Analyses a recording.
#[must_use]
pub fn analyze(recording: &Recording, settings: &Settings) -> Analysis {
    let people = athlete::candidates(recording);
    let mut warnings = Vec::new();
    let athlete = athlete::choose(recording, settings.athlete).map(|track| Athlete {
        track,
        frames_present: people.iter().find(|c| c.track == track).map_or(0, |c| c.frames),
    });
    if people.is_empty() {
        warnings.push(Warning::new(
            "nobody",
            "Nobody was seen in this clip.",
            "Film the whole athlete from the side, at least a fifth of the picture's height.",
        ));
    }
    Analysis { people, athlete, warnings }
}
