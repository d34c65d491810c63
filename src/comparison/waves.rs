//! How far two mean curves over the stride lie apart: as a whole, and in shape alone.

use crate::skeleton::Angle;
use crate::units::Radians;

/// An angle over the stride, at every percent from 0 to 100.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// Which angle.
    pub angle: Angle,
    /// Mean over strides; none where nothing was seen.
    pub mean: Vec<Option<Radians>>,
    /// Standard deviation between strides.
    pub sd: Vec<Option<Radians>>,
}

/// How far an angle's mean curves lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaveChange {
    /// Which angle.
    pub angle: Angle,
    /// Mean of other less first: a shift of the whole curve.
    pub shift: Radians,
    /// Root of the mean square that is left without the shift: a change of shape, ≥ 0.
    pub shape: Radians,
}

/// Every angle that both have at one percent at least, in the first's order.
pub(super) fn changes(from: &[Wave], to: &[Wave]) -> Vec<WaveChange> {
    from.iter().filter_map(|a| change(a, to.iter().find(|b| b.angle == a.angle)?)).collect()
}

fn change(from: &Wave, to: &Wave) -> Option<WaveChange> {
    let pairs = from.mean.iter().zip(&to.mean);
    let apart: Vec<f64> = pairs.filter_map(|(a, b)| Some(((*b)? - (*a)?).wrapped().0)).collect();
    let n = apart.len() as f64;
    (n > 0.0).then(|| {
        let shift = apart.iter().sum::<f64>() / n;
        let shape = (apart.iter().map(|d| (d - shift).powi(2)).sum::<f64>() / n).sqrt();
        WaveChange { angle: from.angle, shift: Radians(shift), shape: Radians(shape) }
    })
}
