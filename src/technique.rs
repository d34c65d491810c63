//! Technique profiles of the sled exercises, and which of them a clip shows. Judging against them is `findings`.

mod builtin;
mod merge;
mod need;
pub mod parse;
pub mod posture;
pub mod profile;
mod raw;
pub mod recognition;
pub mod rule;
pub mod show;

#[cfg(test)]
mod tests;

pub use builtin::{builtin, names, text, title};
pub use parse::{ProfileError, parse};
pub use profile::Profile;
pub use recognition::{Recognition, recognise};
