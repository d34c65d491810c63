//! A clip that is cut is several takes: no stride goes across a cut (`gait::bouts`), and where the athlete is of another size from
//! a cut on, lengths and speeds of the takes do not compare, so that those of one size are analysed.

use crate::frame::Warning;
use crate::gait::stride::Gait;
use crate::kinematics::cuts::{Cut, like};
use crate::observation::{Observation, Recording, TrackId};
use std::ops::Range;

/// The takes of a clip, and which of them are analysed.
pub(super) struct Takes {
    /// From when to when each lasts, s, in order.
    spans: Vec<Range<f64>>,
    /// Which are of the size in which most strides count.
    kept: Vec<bool>,
}

impl Takes {
    /// `gait`: of the whole clip, for its strides.
    pub(super) fn of(recording: &Recording, gait: &Gait, cuts: &[Cut]) -> Self {
        let time = |at: Option<&Observation>| at.map_or(0.0, |frame| frame.time.0);
        let (first, last) = (time(recording.frames.first()), time(recording.frames.last()));
        let bounds: Vec<f64> =
            [first].into_iter().chain(cuts.iter().map(|c| c.time_s)).chain([last]).collect();
        let spans: Vec<Range<f64>> = bounds.windows(2).map(|w| w[0]..w[1]).collect();
        let growths = cuts.iter().map(|cut| cut.growth);
        let sizes: Vec<f64> = std::iter::once(1.0)
            .chain(growths.scan(1.0, |size, growth| {
                *size *= growth;
                Some(*size)
            }))
            .collect();
        let strides = |span: &Range<f64>| {
            let valid = gait.strides.iter().filter(|s| s.is_valid());
            valid.filter(|s| span.contains(&f64::midpoint(s.start.0, s.end.0))).count()
        };
        let alike = |size: f64| -> usize {
            spans
                .iter()
                .zip(&sizes)
                .filter(|(_, other)| like(**other / size))
                .map(|(span, _)| strides(span))
                .sum()
        };
        // Of sizes with as many strides the first.
        let size = sizes.iter().rev().copied().max_by_key(|size| alike(*size)).unwrap_or(1.0);
        let kept = sizes.iter().map(|other| like(other / size)).collect();
        Self { spans, kept }
    }

    /// The recording with the athlete in the takes that are kept alone; none where that is all of it.
    pub(super) fn of_one_size(&self, recording: &Recording, athlete: TrackId) -> Option<Recording> {
        let left_out = self.left_out();
        if left_out.is_empty() {
            return None;
        }
        let mut kept = recording.clone();
        let end = recording.frames.last().map_or(0.0, |f| f.time.0);
        for frame in &mut kept.frames {
            let at = frame.time.0;
            if left_out.iter().any(|span| span.contains(&at) || (at >= end && span.end >= end)) {
                frame.people.retain(|person| person.track != athlete);
            }
        }
        Some(kept)
    }

    /// What to tell; nothing of a clip that is not cut.
    pub(super) fn warning(&self) -> Option<Warning> {
        let cuts: Vec<String> = self.spans.iter().skip(1).map(|span| format!("{:.1}", span.start)).collect();
        let parts: Vec<String> = self
            .left_out()
            .iter()
            .map(|span| format!("from {:.1} to {:.1} s", span.start, span.end))
            .collect();
        let and = if parts.is_empty() {
            String::new()
        } else {
            format!(", and the athlete is larger or smaller {}, which was left out", parts.join(", "))
        };
        let message = format!(
            "The clip is cut at {} s: the athlete jumps there from one frame to the next. No stride goes across a cut{and}.",
            cuts.join(", ")
        );
        let hint = "Analyse the uncut clip, or each part by itself.";
        (!cuts.is_empty()).then(|| Warning::new("clip_cut", message, hint))
    }

    fn left_out(&self) -> Vec<Range<f64>> {
        self.spans.iter().zip(&self.kept).filter(|(_, kept)| !**kept).map(|(span, _)| span.clone()).collect()
    }
}
