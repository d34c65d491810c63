//! From a recording to what it says of the athlete: the whole science in its order, pure and without failure.

mod judgement;
mod sets;

pub use judgement::{Judgement, Origin, TechniqueSettings};

use crate::findings::{Context, Status};
use crate::frame::Warning;
use crate::gait::settings::GaitSettings;
use crate::gait::stride::{Gait, Stride, Travel, Unfit};
use crate::kinematics::prepare::{MotionSettings, Prepared, prepare};
use crate::metrics::agreement::Doubt;
use crate::metrics::waveforms::{Waveform, waveforms};
use crate::metrics::{self, Hidden, MOSTLY_HIDDEN, Metrics};
use crate::observation::{Recording, TrackId};
use crate::signal::resample::unusable_times;
use crate::tracking::athlete::{self, AthleteChoice, Candidate};
use crate::tracking::passing::in_the_way;
use crate::units::Seconds;

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
    /// Everybody in the clip, the likeliest athlete first.
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
    let Some(track) = athlete::choose(recording, settings.athlete) else {
        let warnings = vec![if people.is_empty() { nobody() } else { nobody_there() }];
        return Analysis { people, athlete: None, warnings };
    };
    let prepared = prepare(recording, track, &settings.motion);
    let (mut gait, gait_warnings) = crate::gait::gait(&prepared.movement, &settings.gait);
    let walking = sets::leave_out_walking(&mut gait, &prepared.movement, settings.technique.told.as_ref());
    let other_way = crate::gait::leave_out_the_other_way(&mut gait);
    leave_out_covered(&mut gait, &in_the_way(&recording.frames, track));
    let scale = metrics::Scale {
        leg_length_px: prepared.scale.leg_length_px,
        metres_per_px: prepared.scale.metres_per_px,
        relative_uncertainty: prepared.scale.relative_uncertainty,
    };
    let metrics = metrics::metrics(&prepared.movement, &gait, scale);
    let waveforms = waveforms(&prepared.movement, &gait);
    let rivals = match settings.athlete {
        AthleteChoice::MostActive => athlete::rivals(recording, track),
        AthleteChoice::Track(_) | AthleteChoice::At { .. } => Vec::new(),
    };
    let context = Context {
        rivals: rivals.len(),
        contacts_doubted: metrics.doubt.time,
        leg_hidden_share: metrics.hidden.worse().1,
        load: settings.technique.load,
        ..Context::of_clip(recording, &prepared, &gait)
    };
    let (judgement, technique_warnings) =
        judgement::judge(&context, &prepared, &gait, &metrics, &settings.technique);
    let of_athlete = (!rivals.is_empty()).then(|| athlete_unclear(track, &rivals));
    let warnings = of_athlete
        .into_iter()
        .chain(prepared.warnings.iter().cloned())
        .chain(gait_warnings)
        .chain(walking)
        .chain(other_way)
        .chain(contacts_doubted(metrics.doubt))
        .chain(leg_hidden(metrics.hidden))
        .chain(technique_warnings)
        .collect();
    let frames_present = people.iter().find(|c| c.track == track).map_or(0, |c| c.frames);
    let athlete = Athlete { track, frames_present, prepared, gait, metrics, waveforms, judgement };
    Analysis { people, athlete: Some(athlete), warnings }
}

/// Strides in which somebody else was in the way do not count (F7).
fn leave_out_covered(gait: &mut Gait, covered: &[Seconds]) {
    for stride in gait.strides.iter_mut().filter(|s| s.is_valid()) {
        let first = covered.partition_point(|t| t.0 < stride.start.0);
        if covered.get(first).is_some_and(|t| t.0 <= stride.end.0) {
            stride.unfit = Some(Unfit::Overlap);
        }
    }
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

fn athlete_unclear(chosen: TrackId, rivals: &[TrackId]) -> Warning {
    let others = rivals.iter().map(|t| t.0.to_string()).collect::<Vec<_>>().join(", ");
    Warning::new(
        "athlete_unclear",
        format!(
            "Several people could be the athlete: person {} was taken, and it could be {others}.",
            chosen.0
        ),
        "Say who it is, by that number or another.",
    )
}

/// The warning where nobody fits the choice of the athlete.
pub const NOBODY_THERE: &str = "athlete_not_there";

fn nobody_there() -> Warning {
    Warning::new(
        NOBODY_THERE,
        "Nobody is where the athlete was said to be.",
        "Say another number or place, or none to take the one who moves most.",
    )
}

fn nobody() -> Warning {
    Warning::new(
        "nobody",
        "Nobody was seen in this clip.",
        "Film the whole athlete from the side, at least a fifth of the picture's height.",
    )
}
