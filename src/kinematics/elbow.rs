//! Which way an elbow bends: seen from the side, an arm turned behind the body shows its forearm bent the other way.
//!
//! An elbow does not bend backward, so such a picture is of a turned upper arm, and its flexion is the same angle with the
//! other sign. One vote per side and clip, as with facing. Sports2D keeps the picture's sign; we differ on purpose.

use super::movement::Angles;
use crate::signal::statistics::median;
use crate::skeleton::{Angle, Joint, Side};
use crate::units::Radians;

/// Hyperextension beyond this is not an elbow's: 10 degrees is lax (Beighton 1973), 5 are left for the measurement.
const LAX: Radians = Radians(0.262);

/// Gives the elbows that are bent backward in most of the clip the other sign.
pub fn bend_forward(angles: &mut Angles) {
    for side in Side::BOTH {
        let elbow = Angle::joint(Joint::Elbow, side);
        let series = angles.get(elbow);
        if median(series.present().map(|(_, a)| a.0)).is_some_and(|m| m < -LAX.0) {
            let turned = series.map(|a| Radians(-a.0));
            angles.set(elbow, turned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Series, Source};
    use crate::units::Confidence;

    fn bent(degrees: &[f64]) -> Vec<f64> {
        let sample = |d: &f64| {
            let value = Radians::from_degrees(*d);
            Some(Sample { value, confidence: Confidence::FULL, source: Source::Measured })
        };
        let mut angles = Angles::missing(degrees.len());
        angles.set(Angle::LeftElbow, Series::new(degrees.iter().map(sample).collect()));
        bend_forward(&mut angles);
        angles.get(Angle::LeftElbow).present().map(|(_, a)| a.to_degrees().round()).collect()
    }

    #[test]
    fn an_arm_turned_behind_the_body_bends_forward_and_a_straight_one_stays() {
        assert_eq!(bent(&[-40.0, -35.0, -50.0, 10.0]), [40.0, 35.0, 50.0, -10.0]);
        assert_eq!(bent(&[-10.0, -5.0, 3.0]), [-10.0, -5.0, 3.0]);
        assert_eq!(bent(&[90.0, 80.0, -20.0]), [90.0, 80.0, -20.0]);
    }
}
