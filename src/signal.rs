//! Time series with provenance: what was measured, what was filled in, what is missing.

pub mod series;
