//! A bound on the decoded frames alive at a time. Reading waits for room; room comes back when a frame is dropped.
//!
//! Clips are read in lanes, one after the other in each. The frames of a clip that has been read and is still worked on count
//! against the room of the next one in its lane, so that a lane never holds more than one clip alone would: the next clip
//! grows into what the last one leaves.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The frames alive of the clips read in one lane, in bytes.
#[derive(Debug, Default)]
pub struct Lane(Arc<Alive>);

#[derive(Debug, Default)]
struct Alive {
    bytes: Mutex<usize>,
    changed: Condvar,
}

/// Room for the frames of one clip in its lane.
#[derive(Debug)]
pub(super) struct Budget {
    alive: Arc<Alive>,
    frame_bytes: usize,
    most_bytes: usize,
    closed: AtomicBool,
}

/// The room of one frame, given back on drop.
#[derive(Debug)]
pub(super) struct Room {
    alive: Arc<Alive>,
    bytes: usize,
}

impl Budget {
    /// Room in a lane for so many frames of this size.
    pub fn new(lane: &Lane, frame_bytes: usize, frames: usize) -> Self {
        let most_bytes = frame_bytes.saturating_mul(frames);
        Self { alive: Arc::clone(&lane.0), frame_bytes, most_bytes, closed: AtomicBool::new(false) }
    }

    /// Waits for room for one frame; none once the budget is closed.
    pub fn take(&self) -> Option<Room> {
        let mut bytes = self.alive.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.closed.load(Ordering::Relaxed) {
                return None;
            }
            if *bytes + self.frame_bytes <= self.most_bytes {
                *bytes += self.frame_bytes;
                return Some(Room { alive: Arc::clone(&self.alive), bytes: self.frame_bytes });
            }
            bytes = self.alive.changed.wait(bytes).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// No more room for this clip: whoever waits goes away empty-handed.
    pub fn close(&self) {
        // Under the lock, so that nobody begins to wait between the word and the call.
        let _bytes = self.alive.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Relaxed);
        self.alive.changed.notify_all();
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        *self.alive.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.alive.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// Long enough for a thread that could go on, and must not, to have done so nearly every time.
    const SOON: Duration = Duration::from_millis(30);
    /// Longer than a thread that may go on takes on the busiest machine.
    const IN_THE_END: Duration = Duration::from_secs(20);

    #[test]
    fn the_next_clip_grows_into_what_the_last_one_leaves() {
        let lane = Lane::default();
        let (first, next) = (Budget::new(&lane, 10, 3), Budget::new(&lane, 20, 2));
        let mut held: Vec<_> = (0..3).map(|_| first.take()).collect();
        let taken = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..2 {
                    let room = next.take();
                    taken.lock().expect("nobody panics").push(room);
                }
            });
            let count = || taken.lock().map_or(usize::MAX, |taken| taken.len());
            for (left, expected) in [(3, 0), (2, 1), (1, 1), (0, 2)] {
                held.truncate(left);
                let asked = Instant::now();
                while count() < expected && asked.elapsed() < IN_THE_END {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(SOON);
                assert_eq!(count(), expected, "{left} left");
            }
        });
    }

    #[test]
    fn a_closed_budget_lets_its_reader_go_and_leaves_the_lane_to_others() {
        let lane = Lane::default();
        let first = Budget::new(&lane, 10, 1);
        let held = first.take();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| first.take().is_none());
            std::thread::sleep(SOON);
            first.close();
            assert!(waiting.join().expect("nobody panics"));
        });
        drop(held);
        assert!(Budget::new(&lane, 10, 1).take().is_some());
    }
}
