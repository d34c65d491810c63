//! What is to be mended, what was good, and what could not be judged: a profile's rules against a clip's metrics.

mod assess;
mod candidate;
mod context;
mod evidence;
mod finding;
mod good;
mod input;
mod judge;
mod open;
mod order;
mod quantity;
pub mod reading;
mod refusal;
mod seen;
mod statistic;
pub mod words;

#[cfg(test)]
mod tests;

pub use assess::{Assessment, Information, assess};
pub use candidate::STRIDES;
pub use context::{Context, Occlusion};
pub use finding::{Evidence, Finding, LoadKnown, SideOfBody, SideValues, Status, Unjudged, Untold};
pub use good::Good;
pub use input::{Measured, Observed};
pub use judge::{RAISED_FROM, normal};
pub use open::Open;
pub use quantity::is_seen_enough;
pub use refusal::{Effect, REFUSALS, Refusal};
