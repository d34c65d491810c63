//! Rules on clips of known values: a bench of strides and metrics, and what is asked of it.

mod bench;
mod clips;
mod decisions;
mod open;
mod refusals;
mod sweep;
