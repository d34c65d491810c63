//! Variables of technique: every row of the catalogue, per stride and over bouts, with spread, uncertainty and the share
//! of measured samples behind it.
//!
//! What the rows are is [`catalogue`]'s business; whether a value is good or bad is judged elsewhere.

pub mod agreement;
pub mod catalogue;
pub mod circular;
pub mod harmonic;
pub mod statistics;
pub mod symmetry;
pub mod value;
pub mod waveforms;

mod arm_leg;
mod arms;
mod context;
mod coordination;
mod hidden;
mod knee;
mod leg;
mod measurement_error;
mod relative_phase;
mod snatch;
mod summary;
mod timing;
mod tracks;
mod travel;
mod trunk;
mod window;

use crate::gait::stride::Gait;
use crate::kinematics::movement::Movement;
use crate::skeleton::Side;
use catalogue::{Compute, ROWS, Row};
use context::{BoutView, Context, StrideView};
use value::{MetricValue, StrideValue};

pub(crate) use agreement::times_in_difference;
pub use hidden::{Hidden, MOSTLY_HIDDEN};
pub(crate) use knee::doubted_deg;

/// The thirds of the way whose means are compared lie this share of it apart.
pub(crate) const THIRDS_APART: f64 = 2.0 / 3.0;

/// What turns pixels into body lengths and metres.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scale {
    /// Thigh and shank together, px; where none, taken from the movement's own points.
    pub leg_length_px: Option<f64>,
    /// Metres of one pixel at the athlete's distance; none without a known length.
    pub metres_per_px: Option<f64>,
    /// One standard deviation of `metres_per_px`, as a share of it; 0 where there is none.
    pub relative_uncertainty: f64,
}

/// Every metric of a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Over all valid strides of the clip, in the order of the catalogue; a metric that has sides gives left, right and,
    /// with no side, both together.
    pub clip: Vec<MetricValue>,
    /// The same over the valid strides of each bout.
    pub bouts: Vec<Vec<MetricValue>>,
    /// How far contacts are doubted, over the whole clip.
    pub doubt: agreement::Doubt,
    /// How badly each leg was seen, over the whole clip.
    pub hidden: Hidden,
}

impl Metrics {
    /// A metric over the whole clip.
    #[must_use]
    pub fn get(&self, id: &str, side: Option<Side>) -> Option<&MetricValue> {
        self.clip.iter().find(|m| m.id == id && m.side == side)
    }

    /// A metric stride by stride, invalid strides included, in the order of strides; empty for a metric of bouts.
    /// The stride's own side says which side a value belongs to.
    #[must_use]
    pub fn per_stride(&self, id: &str) -> &[StrideValue] {
        let whole = |m: &&MetricValue| m.id == id && m.per_stride.len() == self.longest(id);
        self.clip.iter().find(whole).map_or(&[], |m| &m.per_stride)
    }

    fn longest(&self, id: &str) -> usize {
        self.clip.iter().filter(|m| m.id == id).map(|m| m.per_stride.len()).max().unwrap_or(0)
    }
}

/// Computes the whole catalogue.
#[must_use]
pub fn metrics(movement: &Movement, gait: &Gait, scale: Scale) -> Metrics {
    let context = Context::new(movement, gait, scale);
    let per_stride: Vec<Vec<StrideValue>> = ROWS.iter().map(|row| strides_of(row, &context)).collect();
    let bouts: Vec<Vec<MetricValue>> = (0..gait.bouts.len())
        .map(|bout| {
            let values = |row: &Row, strides: &[StrideValue]| {
                let own: Vec<StrideValue> =
                    strides.iter().filter(|s| gait.strides[s.stride].bout == bout).cloned().collect();
                summary::of_row(row, &own, &[BoutView::new(&context, bout)], &context)
            };
            collect(&per_stride, &context, values)
        })
        .collect();
    let views: Vec<BoutView> = (0..gait.bouts.len()).map(|bout| BoutView::new(&context, bout)).collect();
    let clip = collect(&per_stride, &context, |row, strides| summary::of_row(row, strides, &views, &context));
    Metrics { clip, bouts, doubt: context.doubt, hidden: context.hidden }
}

fn strides_of(row: &Row, context: &Context) -> Vec<StrideValue> {
    let Compute::Stride(compute) = row.compute else { return Vec::new() };
    context
        .gait
        .strides
        .iter()
        .enumerate()
        .map(|(place, stride)| {
            let reading = compute(&StrideView::new(context, stride));
            StrideValue { stride: place, side: stride.side, counts: stride.is_valid(), reading }
        })
        .collect()
}

/// One set of values in the order of the catalogue; differences between sides come last, from the values before.
fn collect(
    per_stride: &[Vec<StrideValue>],
    context: &Context,
    values: impl Fn(&Row, &[StrideValue]) -> Vec<MetricValue>,
) -> Vec<MetricValue> {
    let mut out: Vec<MetricValue> =
        ROWS.iter().zip(per_stride).flat_map(|(row, strides)| values(row, strides)).collect();
    let differences: Vec<MetricValue> = ROWS
        .iter()
        .filter_map(|row| match row.compute {
            Compute::Sides(of, how) => Some(symmetry::of_row(row, of, how, &out, context)),
            Compute::Stride(_) | Compute::Bout(_) => None,
        })
        .collect();
    out.extend(differences);
    let place = |m: &MetricValue| ROWS.iter().position(|row| row.id == m.id);
    out.sort_by_key(place);
    out
}

#[cfg(test)]
mod bout_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod uncertainty_tests;
