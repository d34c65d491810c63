//! Quantities with their unit in the type. SI and radians inside; degrees only at the edge.

use std::fmt;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(pub f64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if let Some(places) = f.precision() {
                    write!(f, "{:.*} {}", places, self.0, $unit)
                } else {
                    write!(f, "{} {}", self.0, $unit)
                }
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self { Self(self.0 + other.0) }
        }

        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self { Self(self.0 - other.0) }
        }

        impl std::ops::Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self { Self(self.0 * factor) }
        }
    };
}

quantity!(
    /// A time or a duration. Times of frames count from the clip's first presentation timestamp.
    Seconds, "s"
);
quantity!(
    /// A frequency or a sampling rate.
    Hertz, "Hz"
);
quantity!(
    /// An angle. In image coordinates (y down) positive is clockwise on screen.
    Radians, "rad"
);

impl Radians {
    /// The same angle in degrees, for output only.
    #[must_use]
    pub fn to_degrees(self) -> f64 {
        self.0.to_degrees()
    }

    /// From degrees.
    #[must_use]
    pub fn from_degrees(degrees: f64) -> Self {
        Self(degrees.to_radians())
    }

    /// The same direction in [-pi, pi).
    #[must_use]
    pub fn wrapped(self) -> Self {
        use std::f64::consts::{PI, TAU};
        Self(self.0 - TAU * ((self.0 + PI) / TAU).floor())
    }
}

/// How far an observation is to be trusted, from 0 (not at all) to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Confidence(f32);

impl Confidence {
    /// Nothing is known.
    pub const NONE: Self = Self(0.0);
    /// Certain.
    pub const FULL: Self = Self(1.0);

    /// Clamps to [0, 1]; a value that is not a number counts as 0.
    #[must_use]
    pub const fn new(value: f32) -> Self {
        if value.is_nan() { Self::NONE } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The value, in [0, 1].
    #[must_use]
    pub fn value(self) -> f32 {
        self.0
    }

    /// The weaker of two: a quantity is as sure as the least sure thing it is made of.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_the_direction_and_the_range() {
        for turns in -3..=3 {
            let angle = Radians::from_degrees(30.0 + 360.0 * f64::from(turns));
            assert!((angle.wrapped().to_degrees() - 30.0).abs() < 1e-9);
        }
        assert!((Radians::from_degrees(180.0).wrapped().to_degrees() + 180.0).abs() < 1e-9);
    }

    #[test]
    fn confidence_is_always_between_zero_and_one() {
        assert_eq!(Confidence::new(f32::NAN), Confidence::NONE);
        assert_eq!(Confidence::new(1.3), Confidence::FULL);
        assert_eq!(Confidence::new(-0.1), Confidence::NONE);
    }
}
