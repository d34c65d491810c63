//! Who of several people is analysed: whoever stands out most, unless they do no sled exercise and somebody else does.
//!
//! Somebody who walks by nearer to the camera is taller, and moves the legs more, than who works behind them.

use super::Settings;
use super::someone::Someone;
use crate::frame::Warning;
use crate::observation::{Recording, TrackId};
use crate::tracking::athlete::{self, AthleteChoice};

/// The athlete, and who else it could be.
pub(super) struct Chosen {
    pub(super) measured: Someone,
    /// How many others it could be: while there is one, nothing is judged.
    pub(super) rivals: usize,
    /// What to tell of it.
    pub(super) warnings: Vec<Warning>,
}

/// Takes the athlete told, or the one who stands out most: `first`.
pub(super) fn choose(recording: &Recording, first: TrackId, settings: &Settings) -> Chosen {
    let measure = |track| Someone::of(recording, track, settings);
    let does = |someone: &Someone| someone.does_exercise(settings.technique.told.as_ref());
    let first = measure(first);
    if settings.athlete != AthleteChoice::MostActive {
        return Chosen { measured: first, rivals: 0, warnings: Vec::new() };
    }
    let other = || athlete::others(recording, first.track).into_iter().map(measure).find(does);
    let instead = if first.does_none() { other() } else { None };
    let passed_over = instead.is_some().then_some(first.track);
    let measured = instead.unwrap_or(first);
    let alike = athlete::rivals(recording, measured.track).into_iter().filter(|t| Some(*t) != passed_over);
    // Whose exercise is seen is the athlete rather than who is seen to do none.
    let clear = does(&measured);
    let (idle, rivals): (Vec<TrackId>, Vec<TrackId>) =
        alike.partition(|track| clear && measure(*track).does_none());
    let idle: Vec<TrackId> = passed_over.into_iter().chain(idle).collect();
    let unclear = unclear(measured.track, &idle, &rivals);
    let warnings = unclear.into_iter().chain(in_parts(recording, measured.track, &idle)).collect();
    Chosen { measured, rivals: rivals.len(), warnings }
}

/// What is to be told where the athlete is in one part of the clip, and somebody else, or they themselves, in another.
fn in_parts(recording: &Recording, athlete: TrackId, idle: &[TrackId]) -> Option<Warning> {
    let (other, from, to) = athlete::elsewhere(recording, athlete, idle)?;
    let message = format!(
        "From {:.1} to {:.1} s person {} is seen and not person {}, who was analysed: the clip is cut, the athlete was lost, or it is somebody else's turn.",
        from.0, to.0, other.0, athlete.0
    );
    Some(Warning::new("athlete_in_parts", message, format!("Analyse person {} too.", other.0)))
}

fn unclear(chosen: TrackId, idle: &[TrackId], rivals: &[TrackId]) -> Option<Warning> {
    let listed = |all: &[TrackId]| all.iter().map(|t| t.0.to_string()).collect::<Vec<_>>().join(", ");
    let why = match idle {
        [] => String::new(),
        [one] => format!(", as person {} does no sled exercise", one.0),
        several => format!(", as persons {} do no sled exercise", listed(several)),
    };
    let or = if rivals.is_empty() { String::new() } else { format!(", and it could be {}", listed(rivals)) };
    (!idle.is_empty() || !rivals.is_empty()).then(|| {
        Warning::new(
            "athlete_unclear",
            format!("Several people could be the athlete: person {} was taken{why}{or}.", chosen.0),
            "Say who it is, by that number or another.",
        )
    })
}
