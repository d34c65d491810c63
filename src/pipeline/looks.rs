//! Which looks the detector is asked at: every second one may do without it where one person alone is followed.
//!
//! The detector takes as long as one to two poses. Where two looks saw one person alone, the pose at the next one tells by
//! itself whether they are still there, and only newcomers would be missed: they are found one look later.

use crate::geometry::Region;
use crate::observation::Estimate;
use crate::units::Seconds;
use std::collections::BTreeMap;

/// How to look at a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum How {
    /// The detector says who is there.
    Detector,
    /// One person is expected here; the detector is asked only where they are not.
    Expecting(Region),
}

/// When looks were, and where they saw somebody alone. By the number of the look and never by who was done first, so
/// that the number of workers changes nothing.
#[derive(Debug, Default)]
pub(super) struct Looks {
    found: BTreeMap<usize, (Seconds, Option<Region>)>,
}

impl Looks {
    /// Notes who was seen at a look.
    pub fn found(&mut self, number: usize, time: Seconds, seen: &[Estimate]) {
        let alone = if let [one] = seen { Some(one.region) } else { None };
        self.found.insert(number, (time, alone));
    }

    /// How to do a look; none as long as it depends on looks not done yet.
    pub fn how(&self, number: usize, time: Seconds) -> Option<How> {
        if number.is_multiple_of(2) {
            return Some(How::Detector);
        }
        let (last_time, last) = self.found.get(&(number - 1))?;
        let Some(last) = *last else { return Some(How::Detector) };
        let Some(earlier) = number.checked_sub(2) else { return Some(How::Expecting(last)) };
        let (earlier_time, earlier) = self.found.get(&earlier)?;
        // Of two who were there a moment ago one may be hidden by the other.
        let Some(earlier) = earlier else { return Some(How::Detector) };
        let span = (*last_time - *earlier_time).0;
        if span <= 0.0 {
            return Some(How::Expecting(last));
        }
        let onward = (last.centre - earlier.centre) * ((time - *last_time).0 / span);
        Some(How::Expecting(Region { centre: last.centre + onward, ..last }))
    }
}
