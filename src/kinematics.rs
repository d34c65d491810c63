//! From points to segment and joint angles of one athlete.

pub mod movement;
