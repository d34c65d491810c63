//! A bound on the decoded frames alive at a time. Reading waits for room; room comes back when a frame is dropped.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Room for a number of frames.
#[derive(Clone, Debug)]
pub struct Budget {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    closed: bool,
}

/// The room of one frame, given back on drop.
#[derive(Debug)]
pub struct Room {
    inner: Arc<Inner>,
}

impl Budget {
    /// Room for `frames` frames.
    #[must_use]
    pub fn new(frames: usize) -> Self {
        let state = Mutex::new(State { free: frames, closed: false });
        Self { inner: Arc::new(Inner { state, changed: Condvar::new() }) }
    }

    /// Waits for room for one frame; none once the budget is closed.
    #[must_use]
    pub fn take(&self) -> Option<Room> {
        let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.free == 0 && !state.closed {
            state = self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return None;
        }
        state.free -= 1;
        Some(Room { inner: Arc::clone(&self.inner) })
    }

    /// No more room for anybody: whoever waits goes away empty-handed.
    pub fn close(&self) {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.inner.changed.notify_all();
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner).free += 1;
        self.inner.changed.notify_one();
    }
}
