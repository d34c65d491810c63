//! An analysis to its files.

use crate::analysis::{Analysis, Athlete};
use crate::export::frames::{self, AngleRow, KeypointColumns, KeypointRow};
use crate::observation::Recording;
use crate::store::OutputFolder;
use crate::units::Hertz;

/// What is written besides the usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultOptions {
    /// Raw.
    pub raw: bool,
}

/// Rows.
pub fn keypoint_rows<'a>(
    recording: &'a Recording,
    athlete: &'a Athlete,
) -> impl Iterator<Item = KeypointRow> + 'a {
    recording.frames.iter().map(|o| KeypointRow::seen(o, athlete.track))
}

/// Rows.
pub fn angle_rows<'a>(
    recording: &'a Recording,
    _athlete: &'a Athlete,
) -> impl Iterator<Item = AngleRow> + 'a {
    recording.frames.iter().map(|o| AngleRow {
        frame: o.frame,
        time: o.time,
        angles: Box::new([None; crate::skeleton::Angle::COUNT]),
    })
}

/// Rate.
pub fn mean_rate(recording: &Recording) -> Option<Hertz> {
    let (first, last) = (recording.frames.first()?, recording.frames.last()?);
    let span = (last.time - first.time).0;
    (span > 0.0).then(|| Hertz((recording.frames.len() - 1) as f64 / span))
}

/// Writes.
pub fn write(
    folder: &OutputFolder,
    recording: &Recording,
    analysis: &Analysis,
    options: &ResultOptions,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if let Some(a) = &analysis.athlete {
        let mut f = folder.file("keypoints.csv")?;
        frames::write_keypoints(
            &mut f,
            if options.raw { KeypointColumns::FilteredAndRaw } else { KeypointColumns::Filtered },
            keypoint_rows(recording, a),
        )?;
        f.commit()?;
    }
    Ok(())
}
