//! Rows of the tables, from the analysis.

use crate::analysis::Athlete;
use crate::export::frames::{AngleRow, KeypointRow};
use crate::export::tables::{EventRow, MetricColumn, PERCENTS, StrideRow, Waveform};
use crate::findings::words::unfit_words;
use crate::kinematics::prepare::Prepared;
use crate::metrics::catalogue::{ROWS, Row, Unit};
use crate::observation::Recording;
use crate::skeleton::Keypoint;
use crate::units::Seconds;

/// A row per frame: filtered points in that frame's picture, and the points as the model saw them.
pub fn keypoint_rows<'a>(
    recording: &'a Recording,
    athlete: Option<&Athlete>,
) -> impl Iterator<Item = KeypointRow> + 'a {
    let found = athlete.map(|a| (a.track, a.prepared.points_at_frames()));
    recording.frames.iter().enumerate().map(move |(index, frame)| match &found {
        None => KeypointRow::missing(frame.frame, frame.time),
        Some((track, points)) => KeypointRow {
            filtered: Box::new(Keypoint::ALL.map(|k| points.get(k).get(index))),
            ..KeypointRow::seen(frame, *track)
        },
    })
}

/// A row per frame: every angle.
pub fn angle_rows<'a>(
    recording: &'a Recording,
    athlete: Option<&Athlete>,
) -> impl Iterator<Item = AngleRow> + 'a {
    let angles = athlete.map_or_else(
        || crate::kinematics::movement::Angles::missing(recording.frames.len()),
        |a| a.prepared.angles_at_frames(),
    );
    recording
        .frames
        .iter()
        .enumerate()
        .map(move |(index, frame)| AngleRow::at(&angles, index, frame.frame, frame.time))
}

/// The columns and rows of `strides.csv`.
pub(super) fn strides(athlete: Option<&Athlete>) -> (Vec<MetricColumn>, Vec<StrideRow>) {
    let metrics: Vec<&Row> = ROWS.iter().copied().filter(|row| row.is_per_stride()).collect();
    let columns =
        metrics.iter().map(|r| MetricColumn { name: r.id.to_owned(), decimals: decimals(r.unit) }).collect();
    let Some(athlete) = athlete else { return (columns, Vec::new()) };
    let values: Vec<_> = metrics.iter().map(|row| athlete.metrics.per_stride(row.id)).collect();
    let rows = athlete.gait.strides.iter().enumerate().map(|(place, stride)| StrideRow {
        stride: number_of(stride.index),
        side: stride.side,
        start: stride.start,
        end: stride.end,
        start_frame: nearest_frame(&athlete.prepared, stride.start),
        end_frame: nearest_frame(&athlete.prepared, stride.end),
        reason: stride.unfit.map(|unfit| unfit_words(unfit).to_owned()),
        values: values
            .iter()
            .map(|v| v.iter().find(|s| s.stride == place)?.reading.ok().map(|value| value.number))
            .collect(),
    });
    (columns, rows.collect())
}

/// The number a stride bears in every file and on the terminal: people count from 1.
pub(super) fn number_of(index: usize) -> usize {
    index + 1
}

/// The rows of `events.csv`.
pub(super) fn events(athlete: Option<&Athlete>) -> Vec<EventRow> {
    let Some(athlete) = athlete else { return Vec::new() };
    let row = |event: &crate::gait::stride::Event| EventRow {
        time: event.time,
        frame: nearest_frame(&athlete.prepared, event.time),
        side: event.side,
        event: event.kind,
        confidence: event.confidence,
        method: event.method,
    };
    athlete.gait.events.iter().map(row).collect()
}

/// The columns of `waveforms.csv`.
pub(super) fn waveforms(athlete: Option<&Athlete>) -> Vec<Waveform> {
    let degrees = |values: &[Option<crate::units::Radians>]| {
        let mut degrees: Vec<Option<f64>> =
            values.iter().map(|v| v.map(crate::units::Radians::to_degrees)).collect();
        degrees.resize(PERCENTS, None);
        degrees
    };
    athlete.map_or_else(Vec::new, |athlete| {
        athlete
            .waveforms
            .iter()
            .map(|w| Waveform {
                name: w.angle.name().to_owned(),
                mean_deg: degrees(&w.mean),
                sd_deg: degrees(&w.sd),
            })
            .collect()
    })
}

/// The frame whose timestamp is nearest; 0 without frames.
pub(super) fn nearest_frame(prepared: &Prepared, time: Seconds) -> usize {
    let times = &prepared.frames.times;
    let after = times.partition_point(|t| t.0 < time.0);
    match (after.checked_sub(1), times.get(after)) {
        (Some(before), Some(next)) if (time - times[before]).0 <= (*next - time).0 => before,
        (Some(before), None) => before,
        _ => after,
    }
}

/// More decimals than the measurement has, few enough to read.
fn decimals(unit: Unit) -> usize {
    match unit {
        Unit::Degrees | Unit::StepsPerMinute => 2,
        _ => 4,
    }
}
