//! Sled-technique analysis from ordinary video.
//!
//! The modules below are the table of contents, in levels; a module knows only modules of lower levels.
//! See `ARCHITECTURE.md` for the flow of one frame through the types.

// Level 0: words of the field.
pub mod geometry;
pub mod skeleton;
pub mod units;

// Level 1: what was seen.
pub mod frame;
pub mod observation;

// Level 3: adapters to the world outside. They do not know each other.
#[cfg(feature = "video")]
pub mod video;
