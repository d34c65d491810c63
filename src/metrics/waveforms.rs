//! Every angle over the stride cycle, 0 to 100 %: mean and spread over the valid strides of its side.

use super::statistics;
use crate::gait::stride::{Gait, Stride};
use crate::kinematics::movement::Movement;
use crate::skeleton::Angle;
use crate::units::Radians;

/// Points of a waveform: every percent, both ends included.
pub const POINTS: usize = 101;

/// An angle over the stride cycle. A stride of the angle's own side starts at 0; the trunk's are those of both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    /// Which angle.
    pub angle: Angle,
    /// Mean at each percent; none where no stride was seen there.
    pub mean: Vec<Option<Radians>>,
    /// Standard deviation between strides at each percent; none below two.
    pub sd: Vec<Option<Radians>>,
    /// How many strides were seen at each percent.
    pub n: Vec<usize>,
}

/// The waveform of every angle, in table order.
#[must_use]
pub fn waveforms(movement: &Movement, gait: &Gait) -> Vec<Waveform> {
    Angle::ALL.into_iter().map(|angle| waveform(movement, gait, angle)).collect()
}

fn waveform(movement: &Movement, gait: &Gait, angle: Angle) -> Waveform {
    let strides: Vec<&Stride> = gait
        .strides
        .iter()
        .filter(|s| s.is_valid() && angle.side().is_none_or(|side| side == s.side))
        .collect();
    let columns: Vec<Vec<f64>> = (0..POINTS)
        .map(|percent| strides.iter().filter_map(|s| at(movement, angle, s, percent)).collect())
        .collect();
    Waveform {
        angle,
        mean: columns.iter().map(|c| statistics::mean(c).map(Radians)).collect(),
        sd: columns.iter().map(|c| statistics::sd(c).map(Radians)).collect(),
        n: columns.iter().map(Vec::len).collect(),
    }
}

/// The angle at a percent of a stride, between samples; none where a neighbour is missing.
fn at(movement: &Movement, angle: Angle, stride: &Stride, percent: usize) -> Option<f64> {
    let series = movement.angles.get(angle);
    let time = stride.start + stride.duration() * (percent as f64 / (POINTS - 1) as f64);
    let place = movement.time.position(time);
    if place < 0.0 {
        return None;
    }
    let below = place.floor();
    let first = series.value(below as usize)?.0;
    let share = place - below;
    if share < 1e-9 {
        return Some(first);
    }
    let second = series.value(below as usize + 1)?.0;
    Some(first + (second - first) * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Athlete, Exercise};

    #[test]
    fn a_periodic_athlete_has_waveforms_without_spread() {
        let athlete = Athlete::new(Exercise::SledPush).fps(120.0);
        let waves = waveforms(&athlete.movement(), &athlete.truth().gait);
        let knee = &waves[Angle::LeftKnee.index()];
        // What is left is linear interpolation between samples of 120 a second.
        assert!(knee.sd.iter().flatten().all(|sd| sd.to_degrees() < 0.1));
        let start = knee.mean[0].map(Radians::to_degrees).unwrap_or_default();
        assert!((start - athlete.truth().knee.initial_contact.to_degrees()).abs() < 0.1);
        assert!(knee.n.iter().all(|&n| n >= 3));
    }

    #[test]
    fn without_strides_every_point_is_missing() {
        let movement = Athlete::new(Exercise::SledPush).movement();
        for wave in waveforms(&movement, &Gait::default()) {
            assert!(wave.mean.iter().all(Option::is_none) && wave.n.iter().all(|&n| n == 0));
        }
    }
}
