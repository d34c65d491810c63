//! What is to be read of a clip, checked before anything is opened.

use super::clock::Range;
use super::error::VideoError;
use crate::units::{Hertz, Seconds};

/// Which part of a clip is read and what is measured on the way. The default reads everything.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// Beginning of the part to read, file time (from the file's first frame, as a player shows it), s, >= 0.
    /// Frames before it are decoded and dropped, because seeking is not exact in every format.
    pub start: Option<Seconds>,
    /// End of the part to read, file time, s, > `start`; a frame exactly there is still read.
    pub end: Option<Seconds>,
    /// True rate of capture of slow motion that is stored slower. Times are scaled by stored rate / capture rate.
    pub capture_rate: Option<Hertz>,
    /// Rate of a folder of images; not used for files.
    pub image_rate: Option<Hertz>,
    /// Whether the background's motion is measured.
    pub background: BackgroundTracking,
}

/// Whether each frame gets its [`crate::frame::BackgroundMotion`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackgroundTracking {
    /// Measured; 2.5 ms a frame at 960x540 on one core of a busy machine (`cargo bench --bench decode`).
    #[default]
    On,
    /// Left out: the camera is known to stand still.
    Off,
}

impl ReadOptions {
    /// Refuses times and rates that cannot be, before anything is opened.
    ///
    /// # Errors
    /// Which one, and what is allowed.
    pub fn check(&self) -> Result<(), VideoError> {
        if let Some(start) = self.start.filter(|start| !(start.0.is_finite() && start.0 >= 0.0)) {
            return Err(bad("the start", start, "give seconds from the clip's beginning, 0 or more"));
        }
        let start = self.start.unwrap_or_default();
        if let Some(end) = self.end.filter(|end| !(end.0.is_finite() && *end > start)) {
            return Err(bad("the end", end, "it must lie after the start"));
        }
        for (what, rate) in [("the capture rate", self.capture_rate), ("the image rate", self.image_rate)] {
            if let Some(rate) = rate.filter(|rate| !(rate.0.is_finite() && rate.0 > 0.0)) {
                return Err(bad(what, rate, "give frames per second, above 0"));
            }
        }
        Ok(())
    }

    /// The part to read of a clip filmed at one rate, where it is not the one at which it is stored; none when that one is needed and
    /// not known.
    pub(super) fn range(&self, captured: Option<Hertz>, stored: Option<Hertz>) -> Option<Range> {
        let factor = match captured {
            None => 1.0,
            Some(captured) => stored?.0 / captured.0,
        };
        Some(Range { start: self.start.unwrap_or_default(), end: self.end, factor })
    }
}

fn bad(what: &'static str, value: impl std::fmt::Display, remedy: &'static str) -> VideoError {
    VideoError::BadOption { what, value: value.to_string(), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_times_and_rates_are_refused() {
        let good = ReadOptions { start: Some(Seconds(1.0)), end: Some(Seconds(2.0)), ..Default::default() };
        assert!(good.check().is_ok());
        for bad in [
            ReadOptions { start: Some(Seconds(-1.0)), ..good },
            ReadOptions { start: Some(Seconds(f64::NAN)), ..good },
            ReadOptions { end: Some(Seconds(1.0)), ..good },
            ReadOptions { end: Some(Seconds(f64::INFINITY)), ..good },
            ReadOptions { capture_rate: Some(Hertz(0.0)), ..good },
            ReadOptions { image_rate: Some(Hertz(f64::NAN)), ..good },
        ] {
            assert!(matches!(bad.check(), Err(VideoError::BadOption { .. })), "{bad:?}");
        }
    }

    #[test]
    fn slow_motion_needs_the_stored_rate() {
        let options = ReadOptions::default();
        let factor = |captured: Option<f64>, stored: Option<f64>| {
            options.range(captured.map(Hertz), stored.map(Hertz)).map(|range| range.factor)
        };
        assert_eq!(factor(Some(240.0), Some(30.0)), Some(0.125));
        assert_eq!(factor(Some(240.0), None), None);
        assert_eq!(factor(None, None), Some(1.0));
    }
}
