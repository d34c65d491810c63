//! Who is who through a clip, and who is the athlete.

pub mod athlete;
pub mod likeness;
pub mod passing;
pub mod tracks;
