//! Two clips side by side in step: at which time of the other clip the same moment of the stride is.

use super::stride::{Gait, Stride};
use crate::skeleton::Side;
use crate::units::Seconds;

/// From times of one clip to times of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// Moments that belong together, both in order of time; one at least.
    pairs: Vec<(Seconds, Seconds)>,
    /// What the pairs rest on.
    pub basis: Basis,
}

/// What two clips are aligned by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Initial contacts of this foot, from each clip's first valid stride on.
    Strides(Side),
    /// Both clips from their beginning, because one has no valid stride of a side that the other has.
    Time,
}

impl Alignment {
    /// By stride phase where both have valid strides of one side: the side of which more can be paired, at a tie that of the first
    /// valid stride of `this`. Else by time from `starts`, the first frames.
    #[must_use]
    pub fn new(this: &Gait, other: &Gait, starts: (Seconds, Seconds)) -> Self {
        let first = this.strides.iter().find(|s| s.is_valid()).map_or(Side::Left, |s| s.side);
        let paired = |side| (contacts(this, side), contacts(other, side));
        let [ours, theirs] = [first, first.mirror()];
        let count = |side| {
            let (a, b) = paired(side);
            a.len().min(b.len())
        };
        let side = if count(theirs) > count(ours) { theirs } else { ours };
        if count(side) == 0 {
            return Self { pairs: vec![starts], basis: Basis::Time };
        }
        let (a, b) = paired(side);
        Self { pairs: a.into_iter().zip(b).collect(), basis: Basis::Strides(side) }
    }

    /// The time in the other clip. Between contacts the share of the stride is the same; before the first and after the last
    /// both clips run at their own speed.
    #[must_use]
    pub fn other_time(&self, time: Seconds) -> Seconds {
        let after = self.pairs.partition_point(|(ours, _)| ours.0 <= time.0);
        let before = self.pairs[after.saturating_sub(1)];
        match (after, self.pairs.get(after)) {
            (1.., Some(&next)) => {
                let share = (time - before.0).0 / (next.0 - before.0).0;
                before.1 + (next.1 - before.1) * share
            }
            _ => before.1 + (time - before.0),
        }
    }
}

/// Starts and ends of the strides of a side, from the first valid one on.
fn contacts(gait: &Gait, side: Side) -> Vec<Seconds> {
    let strides = gait.strides.iter().filter(|s| s.side == side).skip_while(|s| !s.is_valid());
    let mut times: Vec<Seconds> = strides.flat_map(|s: &Stride| [s.start, s.end]).collect();
    // The end of a stride is the start of the next, where they follow each other.
    times.dedup_by(|next, last| next.0 <= last.0);
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gait::stride::{Event, EventKind, EventMethod, Unfit};
    use crate::units::Confidence;

    fn event(time: f64, side: Side, kind: EventKind) -> Event {
        let (uncertainty, confidence) = (Seconds(0.01), Confidence::FULL);
        Event { time: Seconds(time), uncertainty, side, kind, confidence, method: EventMethod::FootSpeed }
    }

    fn gait(side: Side, contacts: &[f64], unfit_first: bool) -> Gait {
        let stride = |(index, pair): (usize, &[f64])| Stride {
            index,
            bout: 0,
            side,
            start: Seconds(pair[0]),
            end: Seconds(pair[1]),
            initial_contact: event(pair[0], side, EventKind::InitialContact),
            terminal_contact: event(f64::midpoint(pair[0], pair[1]), side, EventKind::TerminalContact),
            opposite_terminal: None,
            opposite_initial: None,
            unfit: (unfit_first && index == 0).then_some(Unfit::StartUp),
        };
        Gait { strides: contacts.windows(2).enumerate().map(stride).collect(), ..Gait::default() }
    }

    const STARTS: (Seconds, Seconds) = (Seconds(0.0), Seconds(0.0));

    #[track_caller]
    fn goes(alignment: &Alignment, from: f64, to: f64) {
        let found = alignment.other_time(Seconds(from)).0;
        assert!((found - to).abs() < 1e-12, "{from} goes to {found}, not {to}");
    }

    #[test]
    fn strides_of_other_lengths_keep_in_step() {
        let slow = gait(Side::Left, &[1.0, 2.0, 3.0], false);
        let fast = gait(Side::Left, &[0.3, 0.8, 1.3, 1.7], true);
        let alignment = Alignment::new(&slow, &fast, STARTS);
        assert_eq!(alignment.basis, Basis::Strides(Side::Left));
        goes(&alignment, 1.0, 0.8);
        goes(&alignment, 1.5, 1.05);
        goes(&alignment, 2.25, 1.4);
        // Before the first and after the last: each at its own speed.
        goes(&alignment, 0.9, 0.7);
        goes(&alignment, 3.2, 1.9);
    }

    #[test]
    fn the_side_that_both_have_is_taken() {
        let mut this = gait(Side::Left, &[1.0, 2.0], false);
        this.strides.extend(gait(Side::Right, &[1.5, 2.5, 3.5], false).strides);
        let other = gait(Side::Right, &[4.0, 5.0], false);
        let alignment = Alignment::new(&this, &other, STARTS);
        assert_eq!(alignment.basis, Basis::Strides(Side::Right));
        goes(&alignment, 1.5, 4.0);
    }

    #[test]
    fn without_strides_in_common_time_counts_from_the_first_frames() {
        let starts = (Seconds(2.0), Seconds(5.0));
        let (left, right) = (gait(Side::Left, &[1.0, 2.0], false), gait(Side::Right, &[1.0, 2.0], false));
        let alignment = Alignment::new(&left, &right, starts);
        assert_eq!(alignment.basis, Basis::Time);
        goes(&alignment, 2.5, 5.5);
    }
}
