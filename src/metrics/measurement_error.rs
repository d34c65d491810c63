//! What measurement alone adds to the uncertainty of a metric (docs/science.md B10, D2).

use crate::skeleton::AngleKind;

/// One standard deviation of what measurement alone adds to a mean over strides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MeasurementError {
    /// Of this angle, as the movement says (model, side, view).
    Angle(AngleKind),
    /// A fixed amount in the metric's unit.
    Fixed(f64),
    /// A fixed amount in the metric's unit, of a model that sees legs well; more of one that does not.
    Leg(f64),
    /// A fixed amount in the metric's unit, and what a spread of so few strides may differ by from that of many:
    /// one in the root of 2 (n - 1) of it.
    Variation(f64),
    /// So many frames, for times; of one side wider where contacts and thighs disagree (B9).
    Frames(f64),
    /// The same of a stride, for shares of it.
    FramesOfStride(f64),
    /// So many leg lengths (percent, of a difference of sides), and what is not known of the tracks on which feet go (D3).
    Step(f64),
    /// The same in metres, with the scale's share.
    StepInMetres(f64),
    /// The same in leg lengths for where one foot stands.
    Foot(f64),
    /// So many leg lengths, for metres; and of the value the scale's share.
    LegsInMetres(f64),
    /// So many leg lengths in the time of a stride, for speeds; and of the value the leg length's share.
    LegsPerStride(f64),
    /// The same in metres, with the scale's share.
    LegsPerStrideInMetres(f64),
    /// A share of the value.
    Share(f64),
    /// A fixed amount in the metric's unit, and so much of it for each whole by which the athlete's size at one end of the way
    /// is not known against the other.
    AlongTheWay(f64, f64),
    /// Of the length of a mean vector of phases that are each known to so many degrees: what so few strides may differ by
    /// from many, and what the error of the phases takes off.
    Concentration(f64),
}
