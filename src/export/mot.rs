//! `angles.mot`: angles as OpenSim, Sports2D and Pose2Sim read them, under Sports2D's names and by its definitions.
//!
//! Joint angles and the foot are ours; a limb's segment is theirs from the horizontal (ours - 90), the trunk likewise (90 -
//! ours). Values are continuous in time as ours are, not wrapped again.
//!
//! There is no missing value in such a file: OpenSim's `Storage` stops at the first `NaN` without a word, its newer reader
//! refuses an empty cell. Nothing is invented to fill one either: columns and lines are chosen so that no cell is missing and
//! as many values as possible remain. Every line has its time, so that a line left out is a gap in time and no more. All
//! values are in `angles.csv`.

use super::ExportError;
use super::cell::{number, seconds};
use super::frames::AngleRow;
use crate::skeleton::{Angle, AngleKind, Segment};
use std::io::Write;

/// Finer than the table's, as velocities are computed from these.
const DECIMALS: usize = 4;

/// Writes a file.
///
/// # Errors
/// When the output does not take it.
pub fn write_mot(mut out: impl Write, rows: &[AngleRow]) -> Result<(), ExportError> {
    let holes: Vec<Columns> = rows.iter().map(Columns::missing_in).collect();
    let kept = Columns::with_most_values(&holes);
    let angles: Vec<Angle> = Angle::ALL.into_iter().filter(|a| kept.contains(*a)).collect();
    let whole = || rows.iter().zip(&holes).filter(|(_, holes)| !holes.overlaps(kept)).map(|(row, _)| row);
    let lines = if angles.is_empty() { 0 } else { whole().count() };
    writeln!(out, "Coordinates\nversion=1\nnRows={lines}\nnColumns={}", angles.len() + 1)?;
    writeln!(out, "inDegrees=yes\n")?;
    writeln!(out, "Angles as Sports2D defines them; lines with a missing value are left out\nendheader")?;
    let names: Vec<String> =
        std::iter::once("time".to_owned()).chain(angles.iter().map(|a| column_name(*a))).collect();
    writeln!(out, "{}", names.join("\t"))?;
    for row in whole().take(lines) {
        write!(out, "{}", seconds(row.time))?;
        for &angle in &angles {
            let ours = row.angles[angle.index()].map(|s| s.value.to_degrees());
            write!(out, "\t{}", number(ours.map(|ours| by_sports2d(angle, ours)), DECIMALS))?;
        }
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

/// Their name of an angle: `right knee`, `left arm`, `trunk`.
#[must_use]
pub fn column_name(angle: Angle) -> String {
    angle.name().replace("upper_arm", "arm").replace('_', " ")
}

/// Their value of an angle, degrees.
fn by_sports2d(angle: Angle, ours: f64) -> f64 {
    match angle.kind() {
        AngleKind::Joint(_) | AngleKind::Segment(Segment::Foot) => ours,
        AngleKind::Segment(Segment::Trunk) => 90.0 - ours,
        AngleKind::Segment(_) => ours - 90.0,
    }
}

/// A set of angles, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns(u32);

const _: () = assert!(Angle::COUNT <= 32, "a bit for every angle");

impl Columns {
    fn missing_in(row: &AngleRow) -> Self {
        let is_missing = |a: &Angle| row.angles[a.index()].is_none_or(|s| !s.value.0.is_finite());
        Self(Angle::ALL.into_iter().filter(is_missing).map(Self::bit).sum())
    }

    fn bit(angle: Angle) -> u32 {
        1 << angle.index()
    }

    fn contains(self, angle: Angle) -> bool {
        self.0 & Self::bit(angle) != 0
    }

    fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn without(self, angle: Angle) -> Self {
        Self(self.0 & !Self::bit(angle))
    }

    /// The columns that, with the lines whole in them, keep the most values: columns are taken away one by one, the one
    /// that gives back the most lines first, and the best set on that way is it.
    fn with_most_values(holes: &[Self]) -> Self {
        let lines = |kept: Self| holes.iter().filter(|h| !h.overlaps(kept)).count();
        let values = |kept: Self| lines(kept) * kept.0.count_ones() as usize;
        let holes_of = |angle: Angle| holes.iter().filter(|h| h.contains(angle)).count();
        let mut kept = Self(Angle::ALL.into_iter().map(Self::bit).sum());
        let mut best = kept;
        // Two that are missing together give nothing back alone: then the one with more holes goes, of equals the last.
        let gain = |kept: Self| move |angle: &Angle| (lines(kept.without(*angle)), holes_of(*angle));
        while let Some(worst) = Angle::ALL.into_iter().filter(|a| kept.contains(*a)).max_by_key(gain(kept)) {
            kept = kept.without(worst);
            if values(kept) > values(best) {
                best = kept;
            }
        }
        if values(best) == 0 { Self(0) } else { best }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::{Sample, Source};
    use crate::units::{Confidence, Radians, Seconds};

    fn row(frame: usize, angles: &[(Angle, f64)]) -> AngleRow {
        let mut row =
            AngleRow { frame, time: Seconds(frame as f64 / 10.0), angles: Box::new([None; Angle::COUNT]) };
        for &(angle, degrees) in angles {
            row.angles[angle.index()] = Some(Sample {
                value: Radians::from_degrees(degrees),
                confidence: Confidence::FULL,
                source: Source::Measured,
            });
        }
        row
    }

    fn written(rows: &[AngleRow]) -> Vec<String> {
        let mut out = Vec::new();
        write_mot(&mut out, rows).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn angles_are_theirs_by_name_and_by_definition() {
        let ours = [
            (Angle::Trunk, 30.0),
            (Angle::LeftThigh, 25.0),
            (Angle::RightUpperArm, -10.0),
            (Angle::RightFoot, 5.0),
            (Angle::RightKnee, 61.25),
        ];
        let lines = written(&[row(0, &ours)]);
        assert_eq!(lines[..5], ["Coordinates", "version=1", "nRows=1", "nColumns=6", "inDegrees=yes"]);
        let end = lines.iter().position(|l| l == "endheader").unwrap();
        assert_eq!(lines[end + 1], "time\ttrunk\tleft thigh\tright arm\tright foot\tright knee");
        assert_eq!(lines[end + 2], "0.000000\t60.0000\t-65.0000\t-100.0000\t5.0000\t61.2500");
        assert_eq!(lines.len(), end + 3);
    }

    #[test]
    fn no_value_is_missing_and_none_is_invented() {
        // Left foot and ankle are seen together, once in ten frames; the knee is missed once: both go, then the knee's one frame.
        let rows: Vec<AngleRow> = (0..10)
            .map(|i| {
                let mut angles = vec![(Angle::Trunk, 45.0), (Angle::LeftShank, i as f64)];
                angles.extend((i != 4).then_some((Angle::LeftKnee, 60.0)));
                angles.extend((i == 7).then_some((Angle::LeftFoot, 3.0)));
                angles.extend((i == 7).then_some((Angle::LeftAnkle, 3.0)));
                row(i, &angles)
            })
            .collect();
        let lines = written(&rows);
        assert_eq!(lines[2..4], ["nRows=9", "nColumns=4"]);
        let end = lines.iter().position(|l| l == "endheader").unwrap();
        assert_eq!(lines[end + 1], "time\ttrunk\tleft shank\tleft knee");
        let data = &lines[end + 2..];
        assert_eq!(data.len(), 9);
        assert!(data.iter().all(|l| l.split('\t').all(|c| c.parse::<f64>().is_ok_and(f64::is_finite))));
        assert!(data[4].starts_with("0.500000\t"), "frame 4 is left out: {}", data[4]);
    }

    #[test]
    fn without_angles_there_are_no_lines() {
        assert_eq!(written(&[row(0, &[]), row(1, &[])])[2..4], ["nRows=0", "nColumns=1"]);
        assert_eq!(written(&[]).last().map(String::as_str), Some("time"));
    }
}
