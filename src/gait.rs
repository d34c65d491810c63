//! From movement to strides: stride clock, travel, bouts, contacts.

pub mod stride;
