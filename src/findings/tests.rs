//! Rules on metrics with known values.
