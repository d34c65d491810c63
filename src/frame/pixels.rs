//! The bytes of a picture. Those of a clip come from a shelf and go back to it when nobody needs them any more: a clip's
//! pictures are all of one size, and fresh memory for each costs as much as a fifth of decoding it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a picture.
pub struct Pixels {
    bytes: Vec<u8>,
    shelf: Option<Shelf>,
}

/// Where the bytes of pictures wait to be used again. Holds no more than were in use at once.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Arc<Mutex<Vec<Vec<u8>>>>);

impl Shelf {
    /// So many bytes, with anything in them.
    #[must_use]
    pub fn take(&self, length: usize) -> Pixels {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let bytes = waiting.filter(|bytes| bytes.len() == length).unwrap_or_else(|| vec![0; length]);
        Pixels { bytes, shelf: Some(self.clone()) }
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        if let Some(Shelf(waiting)) = self.shelf.take() {
            waiting.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.bytes));
        }
    }
}

impl From<Vec<u8>> for Pixels {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, shelf: None }
    }
}

impl Deref for Pixels {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl DerefMut for Pixels {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }
}

impl fmt::Debug for Pixels {
    /// Millions of numbers tell nobody anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

impl Clone for Pixels {
    fn clone(&self) -> Self {
        self.bytes.clone().into()
    }
}

impl PartialEq for Pixels {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_used_again_and_only_where_they_fit() {
        let shelf = Shelf::default();
        let mut first = shelf.take(4);
        first.fill(7);
        let (copy, other) = (first.clone(), shelf.take(4));
        drop(first);
        assert_eq!(&*shelf.take(4), [7; 4]);
        assert_eq!((&*copy, &*other), (&[7; 4][..], &[0; 4][..]));
        assert_eq!(shelf.take(6).len(), 6);
    }
}
