//! Time series with provenance: what was measured, what was filled in, what is missing.
//!
//! In the order of use: [`gather`] one person's keypoints, [`left_right`] identity, confidence [`gate`], [`outliers`],
//! [`gaps`], even [`resample`] rate, low-pass ([`butterworth`], with the cut-off from [`cutoff`]), [`derivative`]s.

pub mod alternation;
pub mod butterworth;
pub mod cutoff;
pub mod derivative;
pub mod gaps;
pub mod gate;
pub mod gather;
pub mod least_squares;
pub mod left_right;
pub mod outliers;
pub mod resample;
pub mod rhythm;
pub mod series;
pub mod statistics;
