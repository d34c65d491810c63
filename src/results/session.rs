//! The day of the session: what the user said, else what the clip's file says of itself.

use crate::calendar::Day;
use crate::observation::Recording;

/// The day of a session, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The day.
    pub day: Day,
    /// Who says so.
    pub source: DaySource,
}

/// Who says on which day a session was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaySource {
    /// The user.
    Given,
    /// The clip's file, by universal time, so that it may be a day off.
    Clip,
}

impl DaySource {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Clip => "clip",
        }
    }
}

impl Session {
    /// The day given counts; else the file's own; else none is known.
    #[must_use]
    pub fn of(recording: &Recording, given: Option<Day>) -> Option<Self> {
        let given = given.map(|day| Self { day, source: DaySource::Given });
        given.or_else(|| recording.clip.created.map(|day| Self { day, source: DaySource::Clip }))
    }

    /// As it is read on a page.
    #[must_use]
    pub fn words(self) -> String {
        match self.source {
            DaySource::Given => self.day.to_string(),
            DaySource::Clip => format!("{} (the clip’s own date)", self.day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    #[test]
    fn what_the_user_says_counts_before_what_the_clip_says() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let mut recording = Athlete::new(Exercise::SledPush).lasting(0.5).recording();
        assert_eq!(Session::of(&recording, None), None);
        recording.clip.created = Some(day("2026-03-28"));
        let of_clip = Session::of(&recording, None).expect("a session");
        assert_eq!(
            (of_clip.source, of_clip.words().as_str()),
            (DaySource::Clip, "2026-03-28 (the clip’s own date)")
        );
        let given = Session::of(&recording, Some(day("2026-04-01"))).expect("a session");
        assert_eq!((given.source, given.words().as_str()), (DaySource::Given, "2026-04-01"));
    }
}
