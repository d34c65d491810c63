//! From the time stamps a decoder reports to the time of each frame: relative to the first, strictly increasing,
//! cut to the part asked for, slow motion undone. Pure; which frames exist is left to the readers.

use crate::frame::{TimeSource, Warning};
use crate::units::{Hertz, Seconds};

/// Rates outside this range are a container's unit of time in disguise, not a frame rate.
const PLAUSIBLE_RATE_HZ: std::ops::RangeInclusive<f64> = 1.0..=2000.0;
/// Rate assumed where neither time stamps nor a rate are to be had: what phones record at by default.
const ASSUMED_RATE: Hertz = Hertz(30.0);
/// Containers store times rounded to 1 ms (Matroska) or finer; half of that decides ties at the edges of a range.
const ROUNDING: Seconds = Seconds(0.0005);
/// Frames in a row that may lack a stamp before the stamps as a whole count as absent: the most that a decoder
/// holds back for reordering (H.264 and HEVC, 16).
const MAX_UNSTAMPED: usize = 16;

/// The rate as the container states it; none when it states nonsense.
pub(super) fn plausible_rate(stated_hz: f64) -> Option<Hertz> {
    PLAUSIBLE_RATE_HZ.contains(&stated_hz).then_some(Hertz(stated_hz))
}

/// A file that says that it was filmed at this many times the rate it is stored at, or more, plays slower than it was filmed; as much
/// below, faster. Slow motion is stored 2, 4 or 8 times slower; a rate that a phone lowers in bad light is off by less [default].
const CLEARLY_OTHER: f64 = 1.5;

/// The rate at which a file says that it was filmed, where that is clearly another than the one at which it is stored.
pub(super) fn captured(stated: Option<Hertz>, stored: Option<Hertz>) -> Option<Hertz> {
    let times = stated?.0 / stored?.0;
    stated.filter(|_| !(CLEARLY_OTHER.recip()..CLEARLY_OTHER).contains(&times))
}

/// What to tell where the file's own word was taken.
pub(super) fn captured_by_its_word(captured: Hertz, stored: Hertz) -> Warning {
    let times = captured.0 / stored.0;
    let (factor, way) = if times > 1.0 { (times, "slower") } else { (times.recip(), "faster") };
    Warning::new(
        "capture_rate_from_file",
        format!(
            "the file says that it was filmed at {:.0} frames per second and plays at {:.0}, {factor:.1} times {way}: all times are those of filming",
            captured.0, stored.0
        ),
        format!("if it plays as fast as it was filmed, say that it was filmed at {:.0}", stored.0),
    )
}

/// Gives every frame its time in the file.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    rate: Option<Hertz>,
    origin_ms: f64,
    last: Option<Seconds>,
    frames: usize,
    unstamped: usize,
    gave_up: Option<Seconds>,
    /// When the container's own tables say that each frame is shown, from the first; empty where they are not known.
    listed: Vec<Seconds>,
}

impl Clock {
    /// `rate`: what the container states, for the fallback. `listed`: when its tables say that each frame is shown.
    pub fn new(rate: Option<Hertz>, listed: Vec<Seconds>) -> Self {
        Self { rate, origin_ms: 0.0, last: None, frames: 0, unstamped: 0, gave_up: None, listed }
    }

    /// File time of the next frame, from the first frame's, given the decoder's position after reading it, ms.
    ///
    /// The decoder counts from the start of the stream. For a first frame whose own stamp is 0 OpenCV may report its
    /// decoding time instead, which lies before 0 where frames are reordered: that means 0. A later frame at 0 has
    /// no stamp: OpenCV 4.6 says so of the few frames that it still holds when the file ends, and they get the listed time,
    /// or are spaced by the stated rate. From the first stamp on that is not later than the one before it, or where stamps are
    /// missing altogether, all frames are.
    pub fn next(&mut self, position_ms: f64) -> Seconds {
        self.frames += 1;
        let time = match self.last {
            None => {
                self.origin_ms = position_ms.max(0.0);
                Seconds(0.0)
            }
            Some(last) => self.after(last, position_ms),
        };
        self.last = Some(time);
        time
    }

    fn after(&mut self, last: Seconds, position_ms: f64) -> Seconds {
        let stated = Seconds((position_ms - self.origin_ms) / 1000.0);
        let spaced = last + Seconds(1.0 / self.rate.unwrap_or(ASSUMED_RATE).0);
        if self.gave_up.is_some() {
            return spaced;
        }
        if position_ms == 0.0 {
            self.unstamped += 1;
            if self.unstamped > MAX_UNSTAMPED {
                self.gave_up = Some(last);
            }
            return self.listed_after(last).unwrap_or(spaced);
        }
        if stated > last {
            self.unstamped = 0;
            return stated;
        }
        self.gave_up = Some(last);
        spaced
    }

    /// What the tables say of this frame, where they agree with the stamps on the one before: frames that are stored and never
    /// shown, or shown from the middle on, would put them out of step.
    fn listed_after(&self, last: Seconds) -> Option<Seconds> {
        let this = self.frames - 1;
        let (before, listed) = (*self.listed.get(this.checked_sub(1)?)?, *self.listed.get(this)?);
        ((before - last).0.abs() <= ROUNDING.0 && listed > last).then_some(listed)
    }

    /// File time of the latest frame; none before the first.
    pub fn last(&self) -> Option<Seconds> {
        self.last
    }

    /// Frames timed so far, skipped ones included.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Where the times came from so far.
    pub fn source(&self) -> TimeSource {
        if self.gave_up.is_some() { TimeSource::FrameRate } else { TimeSource::Presentation }
    }

    /// What to tell the user if the container's times could not be used.
    pub fn warning(&self) -> Option<Warning> {
        let from = self.gave_up?;
        let rate = match self.rate {
            Some(rate) => format!("the stated {rate:.3}"),
            None => format!("an assumed {ASSUMED_RATE}"),
        };
        Some(Warning::new(
            "timestamps_not_increasing",
            format!(
                "after {from:.3} the file's time stamps do not increase; frames are spaced by {rate} from there on"
            ),
            "speeds and cadence rest on that rate: check it, or convert the clip to MP4 from the original",
        ))
    }
}

/// The part of the file to analyse, and the factor from file time to true time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    /// Beginning, file time.
    pub start: Seconds,
    /// End, file time; none = to the last frame.
    pub end: Option<Seconds>,
    /// True time per file time: below 1 for slow motion stored slower.
    pub factor: f64,
}

/// Where a file time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    Within,
    After,
}

impl Range {
    /// Where a frame of this file time lies; both edges are within.
    pub fn place(&self, file_time: Seconds) -> Place {
        if file_time + ROUNDING < self.start {
            Place::Before
        } else if self.end.is_some_and(|end| file_time > end + ROUNDING) {
            Place::After
        } else {
            Place::Within
        }
    }

    /// The frame's time: from the file's first frame, in true seconds.
    pub fn true_time(&self, file_time: Seconds) -> Seconds {
        file_time * self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(rate: Option<f64>, positions_ms: &[f64]) -> (Vec<f64>, Clock) {
        let mut clock = Clock::new(rate.map(Hertz), Vec::new());
        (positions_ms.iter().map(|&ms| clock.next(ms).0).collect(), clock)
    }

    #[test]
    fn times_count_from_the_first_frame() {
        let (times, clock) = times(Some(30.0), &[500.0, 520.0, 570.0]);
        assert_eq!(times, [0.0, 0.02, 0.07]);
        assert_eq!(clock.source(), TimeSource::Presentation);
        assert_eq!(clock.warning(), None);
    }

    #[test]
    fn a_first_position_before_the_stream_counts_as_its_start() {
        let (times, _) = times(Some(30.0), &[-66.7, 33.0, 66.0]);
        assert_eq!(times, [0.0, 0.033, 0.066]);
    }

    #[test]
    fn times_that_stand_still_fall_back_to_the_rate_from_there_on() {
        let (times, clock) = times(Some(25.0), &[0.0, 40.0, 40.0, 120.0]);
        for (time, expected) in times.iter().zip([0.0, 0.04, 0.08, 0.12]) {
            assert!((time - expected).abs() < 1e-12);
        }
        assert_eq!(clock.source(), TimeSource::FrameRate);
        let message = clock.warning().map(|w| w.message).unwrap_or_default();
        assert!(message.contains("after 0.040 s") && message.contains("25.000 Hz"), "{message}");
    }

    #[test]
    fn the_last_frames_may_lack_a_stamp() {
        let (times, clock) = times(Some(25.0), &[0.0, 40.0, 80.0, 0.0, 0.0]);
        assert!((times[4] - 0.16).abs() < 1e-12);
        assert_eq!((clock.source(), clock.warning()), (TimeSource::Presentation, None));
    }

    #[test]
    fn frames_without_a_stamp_get_the_listed_time_where_the_list_is_in_step() {
        let last = |listed: &[f64]| {
            let listed = listed.iter().copied().map(Seconds).collect();
            let mut clock = Clock::new(Some(Hertz(25.0)), listed);
            [0.0, 40.0, 90.0, 0.0, 0.0].map(|ms| clock.next(ms).0)[4]
        };
        assert!((last(&[0.0, 0.04, 0.09, 0.1, 0.21]) - 0.21).abs() < 1e-12);
        assert!((last(&[0.0, 0.02, 0.04, 0.06, 0.08]) - 0.17).abs() < 1e-12, "out of step");
        assert!((last(&[0.0, 0.04, 0.09]) - 0.17).abs() < 1e-12, "too short");
    }

    #[test]
    fn a_clip_without_stamps_is_said_to_have_none() {
        let (_, clock) = times(Some(25.0), &[0.0; 20]);
        assert_eq!(clock.source(), TimeSource::FrameRate);
        assert!(clock.warning().is_some());
    }

    #[test]
    fn absent_times_give_frame_index_over_rate() {
        let (times, _) = times(None, &[0.0; 4]);
        assert!((times[3] - 0.1).abs() < 1e-12);
        let (times, _) = super::tests::times(Some(50.0), &[f64::NAN; 3]);
        assert!((times[2] - 0.04).abs() < 1e-12);
    }

    #[test]
    fn both_edges_of_a_range_are_within_it() {
        let range = Range { start: Seconds(1.0), end: Some(Seconds(2.0)), factor: 0.125 };
        assert_eq!(range.place(Seconds(0.999)), Place::Before);
        assert_eq!(range.place(Seconds(0.9999)), Place::Within);
        assert_eq!(range.place(Seconds(2.0)), Place::Within);
        assert_eq!(range.place(Seconds(2.001)), Place::After);
        assert_eq!(range.true_time(Seconds(1.6)), Seconds(0.2));
    }

    #[test]
    fn a_file_is_believed_to_be_slow_motion_where_the_rates_differ_clearly() {
        let taken = |stated, stored| captured(Some(Hertz(stated)), Some(Hertz(stored))).is_some();
        assert!(taken(120.0, 30.0) && taken(240.0, 29.97) && taken(60.0, 30.0) && taken(120.0, 60.0));
        assert!(!taken(120.0, 119.88) && !taken(30.0, 24.1) && !taken(30.0, 30.0));
        assert!(taken(2.0, 30.0), "lapsed time");
        assert_eq!(captured(None, Some(Hertz(30.0))), None);
        assert_eq!(captured(Some(Hertz(120.0)), None), None);
        let words = captured_by_its_word(Hertz(120.0), Hertz(30.0)).in_words();
        assert!(
            words.contains("at 120") && words.contains("4.0 times slower") && words.contains("at 30."),
            "{words}"
        );
        assert!(captured_by_its_word(Hertz(2.0), Hertz(30.0)).message.contains("15.0 times faster"));
    }

    #[test]
    fn a_unit_of_time_is_not_taken_for_a_rate() {
        assert_eq!(plausible_rate(90_000.0), None);
        assert_eq!(plausible_rate(0.0), None);
        assert_eq!(plausible_rate(f64::NAN), None);
        assert_eq!(plausible_rate(29.97), Some(Hertz(29.97)));
    }
}
