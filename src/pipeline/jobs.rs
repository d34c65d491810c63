//! What workers are asked, and the queue they are asked through: what holds others up comes first.

use super::budget::Room;
use crate::frame::Frame;
use crate::geometry::Region;
use crate::observation::{Estimate, Pose, TrackId};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// A frame with its room in the budget.
#[derive(Debug)]
pub(super) struct Held {
    pub frame: Frame,
    pub _room: Room,
}

impl Deref for Held {
    type Target = Frame;
    fn deref(&self) -> &Frame {
        &self.frame
    }
}

/// What a worker is asked about one frame.
#[derive(Debug)]
pub(super) enum Task {
    /// Is this person still here? Asked of a frame where the detector did not say.
    Probe(Vec<(TrackId, Region)>),
    /// Who is here?
    Look,
    /// Where are these people's keypoints?
    Fill(Vec<(TrackId, Region)>),
}

/// What a worker answers.
#[derive(Debug)]
pub(super) enum Answer {
    Probe(Vec<(TrackId, Estimate)>),
    Look(Vec<Estimate>),
    Fill(Vec<(TrackId, Pose)>),
}

/// A task on a frame.
#[derive(Debug)]
pub(super) struct Job {
    pub frame: Arc<Held>,
    pub task: Task,
}

impl Job {
    /// Greater is more urgent: what others wait for, then earlier frames.
    fn urgency(&self) -> (u8, std::cmp::Reverse<usize>) {
        let kind = match self.task {
            Task::Probe(_) => 2,
            Task::Look => 1,
            Task::Fill(_) => 0,
        };
        (kind, std::cmp::Reverse(self.frame.index))
    }
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Job {}
impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Job {
    fn cmp(&self, other: &Self) -> Ordering {
        self.urgency().cmp(&other.urgency())
    }
}

/// Jobs by urgency. Bounded by the frame budget: a job holds a frame.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    jobs: BinaryHeap<Job>,
    closed: bool,
}

impl Queue {
    pub fn push(&self, job: Job) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).jobs.push(job);
        self.changed.notify_one();
    }

    /// The most urgent job, waiting for one; none once the queue is closed.
    pub fn pop(&self) -> Option<Job> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop() {
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Drops what is queued and sends the workers home.
    pub fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.jobs.clear();
        self.changed.notify_all();
    }
}
