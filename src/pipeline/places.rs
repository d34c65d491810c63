//! A few places that many take turns at. What lies at a place stays there for whoever comes next.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Condvar, Mutex, PoisonError};

/// Places, each with a thing of its own.
#[derive(Debug)]
pub struct Places<T> {
    free: Mutex<VecDeque<T>>,
    freed: Condvar,
}

/// A place while it is taken; it is free again on drop.
#[derive(Debug)]
pub struct Place<'a, T> {
    places: &'a Places<T>,
    thing: Option<T>,
}

impl<T> Places<T> {
    /// A place for each of these.
    pub fn new(things: impl IntoIterator<Item = T>) -> Self {
        Self { free: Mutex::new(things.into_iter().collect()), freed: Condvar::new() }
    }

    /// Waits for a place; of several, the one that has been free for longest.
    #[must_use]
    pub fn take(&self) -> Place<'_, T> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(thing) = free.pop_front() {
                return Place { places: self, thing: Some(thing) };
            }
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Deref for Place<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.thing.as_ref().expect("it is there until drop")
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut free = self.places.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.extend(self.thing.take());
        self.places.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn no_more_are_there_at_a_time_than_there_are_places() {
        let (places, there, most) = (Places::new(0..3), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let _place = places.take();
                    most.fetch_max(there.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(2));
                    there.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 3);
    }

    #[test]
    fn the_place_free_for_longest_comes_first() {
        let places = Places::new(["a", "b"]);
        drop(places.take());
        assert_eq!(*places.take(), "b");
    }
}
