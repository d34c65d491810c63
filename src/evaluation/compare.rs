//! Pairing a result with a reference: samples by time, events within a tolerance, strides by foot and start.

use super::agreement::Agreement;
use super::{
    AngleAgreement, AngleTrack, Evaluation, EventAgreement, Sheet, StrideAgreement, TimedEvent, TimedStride,
};
use crate::gait::stride::EventKind;
use crate::metrics::statistics;
use crate::units::{Radians, Seconds};

/// A value is taken between two samples of the result only where they are at most this many frames apart.
const LONGEST_GAP_FRAMES: f64 = 1.5;
/// Strides are the same where they start within this share of the reference's duration.
const SAME_STRIDE_SHARE: f64 = 0.25;

/// Compares a result with a reference. `tolerance` is the greatest distance of events that count as the same.
/// Reference events and strides outside the clip that the result is of are left out.
#[must_use]
pub fn evaluate(result: &Sheet, reference: &Sheet, tolerance: Seconds) -> Evaluation {
    let gap = result.frame_time().map_or(Seconds(0.0), |t| t * LONGEST_GAP_FRAMES);
    let angles = reference.angles.iter().filter_map(|track| angle(result, track, gap)).collect();
    let inside = |time: Seconds| result.span.is_none_or(|(from, to)| from <= time && time <= to);
    let expected: Vec<TimedEvent> = reference.events.iter().copied().filter(|e| inside(e.time)).collect();
    let kinds = [Some(EventKind::InitialContact), Some(EventKind::TerminalContact), None];
    let events = if reference.events.is_empty() {
        Vec::new()
    } else {
        kinds.into_iter().map(|kind| events(kind, &result.events, &expected, tolerance)).collect()
    };
    let inside_strides: Vec<TimedStride> =
        reference.strides.iter().copied().filter(|s| inside(s.start) && inside(s.end)).collect();
    let strides = (!reference.strides.is_empty()).then(|| StrideAgreement {
        cadence_error: relative(result.cadence_steps_per_min, reference.cadence_steps_per_min),
        ..strides(&result.strides, &inside_strides)
    });
    Evaluation { angles, events, strides, tolerance }
}

fn relative(value: Option<f64>, reference: Option<f64>) -> Option<f64> {
    Some(value? / reference.filter(|&r| r != 0.0)? - 1.0)
}

fn angle(result: &Sheet, reference: &AngleTrack, gap: Seconds) -> Option<AngleAgreement> {
    let measured = result.angles.iter().find(|t| t.angle == reference.angle)?;
    let pairs: Vec<(f64, f64)> = reference
        .samples
        .iter()
        .filter_map(|&(time, truth)| {
            let value = at(&measured.samples, time, gap)?;
            // The same direction whatever turns either side counted.
            let difference = Radians(value - truth.0).wrapped();
            Some(((truth + difference).to_degrees(), truth.to_degrees()))
        })
        .collect();
    let coverage = pairs.len() as f64 / reference.samples.len().max(1) as f64;
    let agreement = Agreement::of(&pairs)?;
    Some(AngleAgreement { angle: reference.angle, origin: reference.origin.clone(), agreement, coverage })
}

/// The value at a time, between samples that are close enough; radians.
fn at(samples: &[(Seconds, Radians)], time: Seconds, gap: Seconds) -> Option<f64> {
    /// Written times are rounded to a microsecond, in some files to a tenth of a millisecond.
    const SAME_TIME_S: f64 = 1e-4;
    let next = samples.partition_point(|s| s.0.0 < time.0 - SAME_TIME_S);
    let after = samples.get(next)?;
    if (after.0 - time).0 <= SAME_TIME_S {
        return Some(after.1.0);
    }
    let before = samples.get(next.checked_sub(1)?)?;
    let step = (after.0 - before.0).0;
    let share = (time - before.0).0 / step;
    (step <= gap.0).then_some(before.1.0 + (after.1.0 - before.1.0) * share)
}

fn events(
    kind: Option<EventKind>,
    found: &[TimedEvent],
    expected: &[TimedEvent],
    tolerance: Seconds,
) -> EventAgreement {
    let of_kind = |e: &&TimedEvent| kind.is_none_or(|k| e.kind == k);
    let found: Vec<&TimedEvent> = found.iter().filter(of_kind).collect();
    let expected: Vec<&TimedEvent> = expected.iter().filter(of_kind).collect();
    let pairs = matched(&found, &expected, tolerance);
    let share = |of: usize| (of > 0).then(|| pairs.len() as f64 / of as f64);
    let both = found.len() + expected.len();
    EventAgreement {
        kind,
        expected: expected.len(),
        found: found.len(),
        matched: pairs.len(),
        precision: share(found.len()),
        recall: share(expected.len()),
        f1: (both > 0).then(|| 2.0 * pairs.len() as f64 / both as f64),
        timing: Agreement::of(&pairs),
    }
}

/// Times of pairs of the same foot and kind, the closest first, each event used once.
fn matched(found: &[&TimedEvent], expected: &[&TimedEvent], tolerance: Seconds) -> Vec<(f64, f64)> {
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (i, f) in found.iter().enumerate() {
        for (j, e) in expected.iter().enumerate() {
            let distance = (f.time - e.time).0.abs();
            // A distance of exactly the tolerance counts, whatever the last digit says.
            if f.side == e.side && f.kind == e.kind && distance <= tolerance.0 + 1e-9 {
                candidates.push((distance, i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut used_found, mut used_expected) = (vec![false; found.len()], vec![false; expected.len()]);
    let mut pairs = Vec::new();
    for (_, i, j) in candidates {
        if !used_found[i] && !used_expected[j] {
            (used_found[i], used_expected[j]) = (true, true);
            pairs.push((found[i].time.0, expected[j].time.0));
        }
    }
    pairs
}

fn strides(found: &[TimedStride], expected: &[TimedStride]) -> StrideAgreement {
    let mut used = vec![false; found.len()];
    let mut pairs: Vec<(TimedStride, TimedStride)> = Vec::new();
    for truth in expected {
        let away = |s: &TimedStride| (s.start - truth.start).0.abs();
        let best = found
            .iter()
            .enumerate()
            .filter(|(i, s)| !used[*i] && s.side == truth.side)
            .min_by(|a, b| away(a.1).total_cmp(&away(b.1)));
        let limit = SAME_STRIDE_SHARE * (truth.end - truth.start).0;
        if let Some((place, stride)) = best.filter(|(_, s)| away(s) <= limit) {
            used[place] = true;
            pairs.push((*stride, *truth));
        }
    }
    let durations: Vec<(f64, f64)> =
        pairs.iter().map(|(a, b)| ((a.end - a.start).0, (b.end - b.start).0)).collect();
    let lengths: Vec<(f64, f64)> =
        pairs.iter().filter_map(|(a, b)| Some((a.step_length_m?, b.step_length_m?))).collect();
    let mean = |get: fn(&(f64, f64)) -> f64| statistics::mean(&lengths.iter().map(get).collect::<Vec<_>>());
    StrideAgreement {
        expected: expected.len(),
        found: found.len(),
        matched: pairs.len(),
        duration: Agreement::of(&durations),
        step_length: Agreement::of(&lengths),
        step_length_error: relative(mean(|p| p.0), mean(|p| p.1)),
        cadence_error: None,
    }
}
