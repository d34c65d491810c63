//! Targets and limits: ranges that are ranges, limits in order, and nothing good that is a fault too.

use super::{Checked, Reader};
use crate::technique::raw::{RawBand, RawLimits};
use crate::technique::rule::{Band, Beyond, Condition, Limits};
use std::ops::{Range, RangeInclusive};
use toml::Spanned;

impl Reader<'_> {
    pub(super) fn limits(
        &self,
        beyond: Beyond,
        raw: &Spanned<RawLimits>,
        possible: RangeInclusive<f64>,
    ) -> Checked<Limits> {
        let at = [raw.get_ref().mild, raw.get_ref().moderate, raw.get_ref().severe];
        if at.iter().any(|v| !v.is_finite()) {
            return Err(self.wrong(&raw.span(), "a limit is not finite", "write plain numbers"));
        }
        if let Some(wild) = at.iter().find(|v| !possible.contains(v)) {
            let problem = format!("{wild} is a value that this metric never has");
            let allowed = format!("write numbers from {} to {}", possible.start(), possible.end());
            return Err(self.wrong(&raw.span(), &problem, &allowed));
        }
        let outward = |pair: &[f64]| beyond.excess(pair[1], pair[0]) >= 0.0;
        if !at.windows(2).all(outward) {
            let allowed = match beyond {
                Beyond::Above => "write mild <= moderate <= severe after above",
                Beyond::Below => "write mild >= moderate >= severe after below",
            };
            return Err(self.wrong(&raw.span(), "the limits are not in order", allowed));
        }
        Ok(Limits { beyond, at })
    }

    pub(super) fn band(&self, raw: &Spanned<RawBand>) -> Checked<Band> {
        let RawBand { from, to } = *raw.get_ref();
        self.ordered(from, to, &raw.span())?;
        Ok(Band { from, to })
    }

    /// What is good ends before the mild limit.
    pub(super) fn apart(
        &self,
        target: Option<Band>,
        conditions: &[Condition],
        at: &Range<usize>,
    ) -> Checked<()> {
        let (Some(target), Some(limits)) = (target, conditions.first().and_then(|c| c.limits)) else {
            return Ok(());
        };
        let ends = [target.from, target.to].into_iter().flatten();
        let mut beyond = ends.filter(|end| limits.beyond.excess(*end, limits.at[0]) > 0.0);
        let Some(end) = beyond.next() else { return Ok(()) };
        let problem = format!(
            "a target of {end} (its own or the extended profile's) is beyond the mild limit of {}",
            limits.at[0]
        );
        Err(self.wrong(at, &problem, "write another target, or move the limits too"))
    }

    /// A range with at least one end, the lower below the upper.
    pub(super) fn ordered(&self, from: Option<f64>, to: Option<f64>, span: &Range<usize>) -> Checked<()> {
        let fits = match (from, to) {
            (None, None) => false,
            (Some(from), Some(to)) => from < to,
            (Some(end), None) | (None, Some(end)) => end.is_finite(),
        };
        let allowed = "write from, to, or both with from below to";
        if fits { Ok(()) } else { Err(self.wrong(span, "is not a range", allowed)) }
    }
}
