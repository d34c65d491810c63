//! From a recording to what it says of the athlete: the whole science in its order, pure and without failure.

mod choice;
mod judgement;
mod sets;
mod slow_motion;
mod someone;
mod takes;

pub use judgement::{Judgement, Origin, TechniqueSettings};

use self::choice::Chosen;
use self::someone::Someone;
use crate::findings::{Context, Status};
use crate::frame::Warning;
use crate::gait::settings::GaitSettings;
use crate::gait::stride::{Gait, Stride, Travel};
use crate::kinematics::prepare::{MotionSettings, Prepared};
use crate::metrics::agreement::Doubt;
use crate::metrics::waveforms::{Waveform, waveforms};
use crate::metrics::{Hidden, MOSTLY_HIDDEN, Metrics};
use crate::observation::{Recording, TrackId};
use crate::signal::resample::unusable_times;
use crate::tracking::athlete::{self, AthleteChoice, Candidate};

/// What is analysed and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Whom.
    pub athlete: AthleteChoice,
    /// From keypoints to angles.
    pub motion: MotionSettings,
    /// From angles to strides.
    pub gait: GaitSettings,
    /// Which exercise, and what is known of it.
    pub technique: TechniqueSettings,
}

/// What a recording says.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Everybody in the clip, whoever stands out most first.
    pub people: Vec<Candidate>,
    /// The athlete; none where nobody was seen or nobody fits the choice.
    pub athlete: Option<Athlete>,
    /// What was noticed, the recording's own warnings not included.
    pub warnings: Vec<Warning>,
}

/// The athlete and everything measured on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Athlete {
    /// Number of the person in the recording.
    pub track: TrackId,
    /// Frames in which the person is seen.
    pub frames_present: usize,
    /// The movement, and how it came about.
    pub prepared: Prepared,
    /// Events, strides, bouts.
    pub gait: Gait,
    /// Every variable.
    pub metrics: Metrics,
    /// Every angle over the stride cycle.
    pub waveforms: Vec<Waveform>,
    /// The exercise and the findings.
    pub judgement: Judgement,
}

impl Athlete {
    /// Where the athlete goes in the longest set.
    #[must_use]
    pub fn travel(&self) -> Travel {
        self.gait.longest_set().map_or(Travel::Unknown, |bout| bout.travel)
    }
}

impl Analysis {
    /// Whether anything could be judged: there are strides that count, and where there is a profile, one of its rules at
    /// least was decided.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        let decided = |athlete: &Athlete| {
            let findings = &athlete.judgement.assessment.findings;
            findings.is_empty() || findings.iter().any(|f| f.status != Status::NotJudged)
        };
        self.athlete.as_ref().is_some_and(|a| a.gait.strides.iter().any(Stride::is_valid) && decided(a))
    }
}

/// Analyses a recording.
#[must_use]
pub fn analyze(recording: &Recording, settings: &Settings) -> Analysis {
    let people = athlete::candidates(recording);
    if let Some(warning) = unusable_times(recording.frames.iter().map(|f| f.time)) {
        return Analysis { people, athlete: None, warnings: vec![warning] };
    }
    let Some(first) = athlete::choose(recording, settings.athlete) else {
        let warnings = vec![if people.is_empty() { nobody() } else { nobody_there() }];
        return Analysis { people, athlete: None, warnings };
    };
    let Chosen { measured, rivals, warnings: who } = choice::choose(recording, first, settings);
    let too_many_steps = slow_motion::too_many_steps(&measured.gait);
    let context = Context {
        rivals,
        contacts_doubted: measured.metrics.doubt.time,
        leg_hidden_share: measured.metrics.hidden.worse().1,
        seems_slow_motion: measured.slow_motion.is_some(),
        seems_fast_motion: too_many_steps.is_some(),
        load: settings.technique.load,
        ..Context::of_clip(recording, &measured.prepared, &measured.gait)
    };
    let (judgement, technique_warnings) = judgement::judge(&context, &measured, &settings.technique);
    let Someone { track, prepared, gait, metrics, gait_warnings, slow_motion, .. } = measured;
    let waveforms = waveforms(&prepared.movement, &gait);
    let warnings = who
        .into_iter()
        .chain(slow_motion.map(|sign| sign.warning(recording.clip.nominal_rate)))
        .chain(too_many_steps.map(slow_motion::fast_motion))
        .chain(prepared.warnings.iter().cloned())
        .chain(gait_warnings)
        .chain(contacts_doubted(metrics.doubt))
        .chain(leg_hidden(metrics.hidden))
        .chain(technique_warnings)
        .collect();
    let frames_present = people.iter().find(|c| c.track == track).map_or(0, |c| c.frames);
    let athlete = Athlete { track, frames_present, prepared, gait, metrics, waveforms, judgement };
    Analysis { people, athlete: Some(athlete), warnings }
}

/// Contacts that stray from the thighs by more of a stride than those of good clips do are told to the user (docs/science.md B9).
const DOUBT_TOLD: f64 = 0.05;

fn contacts_doubted(doubt: Doubt) -> Option<Warning> {
    (doubt.share > DOUBT_TOLD).then(|| {
        Warning::new(
            "contacts_doubted",
            format!(
                "Feet and thighs tell different steps: one foot's landings are read up to {:.0} ms too early or too late. How long one leg stands or swings, and left against right, is that much less sure.",
                1000.0 * doubt.time.0
            ),
            "Film with both feet in view and a fast shutter, and analyse with the best quality.",
        )
    })
}

fn leg_hidden(hidden: Hidden) -> Option<Warning> {
    let (side, share) = hidden.worse();
    (share > MOSTLY_HIDDEN).then(|| {
        Warning::new(
            "leg_hidden",
            format!(
                "The {side} leg was seen badly for {:.0} % of the time, perhaps behind the other one. Where it differs from the other leg, that may be why: its numbers are that much less sure, and the legs are not compared.",
                100.0 * share
            ),
            "Film in good light so that the leg on the far side shows, and analyse with the best quality.",
        )
    })
}

/// The warning where nobody fits the choice of the athlete.
pub const NOBODY_THERE: &str = "athlete_not_there";

fn nobody_there() -> Warning {
    Warning::new(
        NOBODY_THERE,
        "Nobody is where the athlete was said to be.",
        "Say another number or place, or none to take whoever stands out most.",
    )
}

fn nobody() -> Warning {
    Warning::new(
        "nobody",
        "Nobody was seen in this clip.",
        "Film the whole athlete from the side, at least a fifth of the picture's height.",
    )
}
