//! Sports2D and Pose2Sim `.trc` in pixels: one person, y down, no confidence; a missing point is an empty cell.

use super::skeletons;
use super::source::{Imported, ImportedFrame, Space, all_within, landmark, pose};
use crate::skeleton::Keypoint;
use crate::units::{Hertz, Seconds};

/// No picture in which a person can be measured keeps every point within this many pixels, and no gym is larger in metres:
/// the header's unit cannot be trusted, Sports2D writes `m` in its pixel files too.
const LARGEST_METRES: f64 = 50.0;

/// Reads a whole file.
pub(super) fn clip(text: &str) -> Result<Imported, String> {
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').map(str::trim).collect()).collect();
    let names = lines
        .iter()
        .position(|cells| cells.first().is_some_and(|c| c.starts_with("Frame")))
        .ok_or("it has no line that begins with Frame#, as a .trc header has")?;
    let columns = marker_columns(&lines[names])?;
    let mut frames = Vec::new();
    // The line after the names holds X1, Y1, Z1 …; it and blank lines are no data.
    for (number, cells) in
        lines.iter().enumerate().skip(names + 2).filter(|(_, c)| c.iter().any(|v| !v.is_empty()))
    {
        frames.push(frame(cells, &columns).map_err(|what| format!("line {}: {what}", number + 1))?);
    }
    if frames.iter().any(|f| !f.people.is_empty()) && all_within(&frames, LARGEST_METRES) {
        return Err("its coordinates are metres, not pixels; give the file in pixels written beside it (keypoints.trc here, _px_ in Sports2D)".to_owned());
    }
    Ok(Imported {
        tool: "TRC".to_owned(),
        frames,
        rate: data_rate(&lines[..names]),
        size: None,
        has_confidence: false,
        space: Space::Pixels,
    })
}

/// Where each known marker's X is.
fn marker_columns(names: &[&str]) -> Result<Vec<(usize, Keypoint)>, String> {
    let markers = || names.iter().enumerate().skip(2).filter(|(_, name)| !name.is_empty());
    let columns: Vec<_> = markers().filter_map(|(i, name)| Some((i, skeletons::by_name(name)?))).collect();
    if columns.is_empty() {
        let found: Vec<&str> = markers().map(|(_, name)| *name).take(5).collect();
        return Err(format!(
            "none of its markers ({} …) is a known keypoint; names such as RHip, LKnee, RBigToe, Neck are",
            found.join(", ")
        ));
    }
    Ok(columns)
}

fn frame(cells: &[&str], columns: &[(usize, Keypoint)]) -> Result<ImportedFrame, String> {
    let number = |column: usize| match cells.get(column) {
        None | Some(&"") => Ok(None),
        Some(text) => text
            .parse::<f64>()
            .map(Some)
            .map_err(|_| format!("'{text}' in column {} is no number", column + 1)),
    };
    let mut points = Vec::new();
    for &(column, keypoint) in columns {
        points.extend(landmark(number(column)?, number(column + 1)?, None).map(|l| (keypoint, l)));
    }
    let time = number(1)?.ok_or("there is no time")?;
    Ok(ImportedFrame { time: Some(Seconds(time)), number: None, people: pose(points).into_iter().collect() })
}

/// The header's `DataRate`: only for the record, as every line has its time.
fn data_rate(header: &[Vec<&str>]) -> Option<Hertz> {
    let names = header.iter().position(|cells| cells.contains(&"DataRate"))?;
    let column = header[names].iter().position(|name| *name == "DataRate")?;
    header.get(names + 1)?.get(column)?.parse().ok().map(Hertz)
}
