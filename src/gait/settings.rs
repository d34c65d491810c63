//! What of the gait analysis a user may change; defaults with their sources.

use crate::units::{Hertz, Radians};

/// Settings of the gait analysis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaitSettings {
    /// Slowest stride frequency looked for.
    pub min_stride_frequency: Hertz,
    /// Fastest stride frequency looked for.
    pub max_stride_frequency: Hertz,
    /// Least peak-to-peak difference between the legs' angles that counts as stepping; half of it where it is regular.
    pub min_leg_swing: Radians,
}

impl Default for GaitSettings {
    /// 0.3 to 3.5 Hz and 10 degrees: docs/science.md B6 and C3.
    fn default() -> Self {
        Self {
            min_stride_frequency: Hertz(0.3),
            max_stride_frequency: Hertz(3.5),
            min_leg_swing: Radians(10.0_f64.to_radians()),
        }
    }
}
