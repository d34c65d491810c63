//! What workers are asked, and the queue they are asked through: what holds others up comes first.

use super::PipelineError;
use super::budget::Room;
use super::looks::How;
use crate::frame::Frame;
use crate::geometry::Region;
use crate::observation::{Estimate, TrackId};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Deref;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// A frame with its room in its lane.
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

/// What a worker is asked.
#[derive(Debug)]
pub(super) enum Task {
    /// Who is in this frame?
    Look(Arc<Held>, How),
    /// Where does this person go, frame after frame, from a region known in the frame before the first?
    Chase(Chase),
    /// Where are these people's keypoints in this frame?
    Fill(Arc<Held>, Vec<(TrackId, Region)>),
}

impl Task {
    /// The frame it begins with.
    pub fn first_frame(&self) -> Option<&Held> {
        match self {
            Self::Look(frame, _) | Self::Fill(frame, _) => Some(frame),
            Self::Chase(chase) => chase.frames.first().map(|f| &**f),
        }
    }
}

/// Somebody seen at one end of a stretch only is followed through it from there.
#[derive(Debug)]
pub(super) struct Chase {
    pub track: TrackId,
    pub from: Region,
    /// Whether they were not seen there, only expected: one answer alone may be anything.
    pub is_guess: bool,
    /// In the order of the chase, which may go back in time.
    pub frames: Vec<Arc<Held>>,
}

/// What a worker answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// Everybody in the frame of this index; where one person was expected and found, they alone.
    Look(usize, Vec<Estimate>),
    /// Where the person was found, by frame index.
    Chase(TrackId, Vec<(usize, Estimate)>),
    /// Those found in the frame of this index.
    Fill(usize, Vec<(TrackId, Estimate)>),
}

/// What the coordinator of a clip is told.
#[derive(Debug)]
pub(super) enum Event {
    Frame(Arc<Held>),
    End,
    Answer(Answer),
    Failed(PipelineError),
}

/// A task in the queue.
#[derive(Debug)]
pub(super) struct Job {
    /// Place of the clip in the order in which clips began.
    pub clip: u64,
    pub task: Task,
    /// At most so many people in a frame.
    pub people: usize,
    /// Who waits for the answer.
    pub reply: SyncSender<Event>,
}

impl Job {
    /// Greater is more urgent: earlier clips, then what others wait for, then earlier frames.
    fn urgency(&self) -> (Reverse<u64>, u8, Reverse<usize>) {
        let (kind, frame) = match &self.task {
            Task::Chase(chase) => (2, chase.frames.first().map_or(0, |f| f.index)),
            Task::Look(frame, _) => (1, frame.index),
            Task::Fill(frame, _) => (0, frame.index),
        };
        (Reverse(self.clip), kind, Reverse(frame))
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

/// Jobs by urgency. Bounded by the room in the lanes: a job holds a frame.
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

    /// Drops what is queued of a clip.
    pub fn forget(&self, clip: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.jobs.retain(|job| job.clip != clip);
    }

    /// Drops what is queued and sends the workers home.
    pub fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.jobs.clear();
        self.changed.notify_all();
    }
}
