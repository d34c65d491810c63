//! `keypoints.trc` and `keypoints_m.trc`: keypoints as OpenSim, Sports2D and Pose2Sim read them.
//!
//! Five header lines, then a line per frame: number, time in seconds, X Y Z per marker, tab-separated; missing is empty. Every
//! line ends with a tab: OpenSim drops a last empty cell and then refuses the line for being short, and pandas takes
//! the first column for an index where lines are longer than the line of names.

use super::ExportError;
use super::cell::{SECOND_DECIMALS, number, seconds};
use crate::skeleton::Keypoint;
use crate::units::{Hertz, Seconds};
use std::io::Write;

/// What a coordinate is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrcUnit {
    /// Pixels of the picture: X right, Y down, from its upper left corner.
    Pixels,
    /// Metres: X right, Y up.
    Metres,
}

impl TrcUnit {
    /// As the header says: `px`, which OpenSim reads as an unknown unit (Sports2D writes `m` in both), or `m`.
    fn symbol(self) -> &'static str {
        match self {
            Self::Pixels => "px",
            Self::Metres => "m",
        }
    }

    /// Finer than in the tables, as angles are computed again from these: 0.0001 px on a foot of 45 px is 0.0001 degrees.
    fn decimals(self) -> usize {
        match self {
            Self::Pixels => 4,
            Self::Metres => 6,
        }
    }
}

/// What stands above the points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrcHeader<'a> {
    /// The file's name.
    pub name: &'a str,
    /// What coordinates are in.
    pub unit: TrcUnit,
    /// Mean frame rate; none for a single frame, written as 0. Every line has its own time.
    pub rate: Option<Hertz>,
}

/// Writes a file. `place` is X and Y, in the header's unit and directions, of a keypoint in the frame of that place in
/// `frames`; keypoints that are never there get no marker.
///
/// # Errors
/// When the output does not take it.
pub fn write_trc(
    mut out: impl Write,
    header: &TrcHeader,
    frames: &[(usize, Seconds)],
    place: impl Fn(Keypoint, usize) -> Option<[f64; 2]>,
) -> Result<(), ExportError> {
    let seen = |k: &Keypoint| (0..frames.len()).any(|i| place(*k, i).is_some());
    let markers: Vec<Keypoint> = ORDER.iter().map(|(k, _)| *k).filter(seen).collect();
    write_header(&mut out, header, frames, &markers)?;
    let decimals = header.unit.decimals();
    for (i, &(frame, time)) in frames.iter().enumerate() {
        write!(out, "{frame}\t{}\t", seconds(time))?;
        for &marker in &markers {
            match place(marker, i) {
                Some([x, y]) => {
                    write!(out, "{}\t{}\t0\t", number(Some(x), decimals), number(Some(y), decimals))?;
                }
                None => out.write_all(b"\t\t\t")?,
            }
        }
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn write_header(
    out: &mut impl Write,
    header: &TrcHeader,
    frames: &[(usize, Seconds)],
    markers: &[Keypoint],
) -> Result<(), ExportError> {
    let rate = number(Some(header.rate.map_or(0.0, |r| r.0)), SECOND_DECIMALS);
    let (count, first) = (frames.len(), frames.first().map_or(0, |f| f.0));
    writeln!(out, "PathFileType\t4\t(X/Y/Z)\t{}", header.name)?;
    writeln!(
        out,
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames"
    )?;
    let unit = header.unit.symbol();
    writeln!(out, "{rate}\t{rate}\t{count}\t{}\t{unit}\t{rate}\t{first}\t{count}", markers.len())?;
    out.write_all(b"Frame#\tTime\t")?;
    for &marker in markers {
        write!(out, "{}\t\t\t", marker_name(marker))?;
    }
    out.write_all(b"\n\t\t")?;
    for n in 1..=markers.len() {
        write!(out, "X{n}\tY{n}\tZ{n}\t")?;
    }
    writeln!(out)?;
    Ok(())
}

/// The marker's name: `HALPE_26`'s and `COCO_133`'s as Sports2D and Pose2Sim write them, ours where they have none.
#[must_use]
pub fn marker_name(keypoint: Keypoint) -> &'static str {
    ORDER.iter().find(|(k, _)| *k == keypoint).map_or(keypoint.name(), |(_, name)| *name)
}

/// Markers along the skeleton's tree, as Sports2D orders them; then what only other models have.
const ORDER: [(Keypoint, &str); Keypoint::COUNT] = [
    (Keypoint::MidHip, "Hip"),
    (Keypoint::RightHip, "RHip"),
    (Keypoint::RightKnee, "RKnee"),
    (Keypoint::RightAnkle, "RAnkle"),
    (Keypoint::RightFootIndex, "RBigToe"),
    (Keypoint::RightSmallToe, "RSmallToe"),
    (Keypoint::RightHeel, "RHeel"),
    (Keypoint::LeftHip, "LHip"),
    (Keypoint::LeftKnee, "LKnee"),
    (Keypoint::LeftAnkle, "LAnkle"),
    (Keypoint::LeftFootIndex, "LBigToe"),
    (Keypoint::LeftSmallToe, "LSmallToe"),
    (Keypoint::LeftHeel, "LHeel"),
    (Keypoint::Neck, "Neck"),
    (Keypoint::Head, "Head"),
    (Keypoint::Nose, "Nose"),
    (Keypoint::RightShoulder, "RShoulder"),
    (Keypoint::RightElbow, "RElbow"),
    (Keypoint::RightWrist, "RWrist"),
    (Keypoint::LeftShoulder, "LShoulder"),
    (Keypoint::LeftElbow, "LElbow"),
    (Keypoint::LeftWrist, "LWrist"),
    (Keypoint::RightEye, "REye"),
    (Keypoint::LeftEye, "LEye"),
    (Keypoint::RightEar, "REar"),
    (Keypoint::LeftEar, "LEar"),
    (Keypoint::RightPinky, "RPinky"),
    (Keypoint::RightIndex, "RIndex"),
    (Keypoint::RightThumb, "RThumb"),
    (Keypoint::LeftPinky, "LPinky"),
    (Keypoint::LeftIndex, "LIndex"),
    (Keypoint::LeftThumb, "LThumb"),
    (Keypoint::RightEyeInner, "right_eye_inner"),
    (Keypoint::RightEyeOuter, "right_eye_outer"),
    (Keypoint::LeftEyeInner, "left_eye_inner"),
    (Keypoint::LeftEyeOuter, "left_eye_outer"),
    (Keypoint::MouthRight, "mouth_right"),
    (Keypoint::MouthLeft, "mouth_left"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keypoint_has_one_marker() {
        let mut keypoints: Vec<Keypoint> = ORDER.iter().map(|(k, _)| *k).collect();
        keypoints.sort();
        assert_eq!(keypoints, Keypoint::ALL);
        let mut names: Vec<&str> = ORDER.iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Keypoint::COUNT);
        assert_eq!(marker_name(Keypoint::LeftFootIndex), "LBigToe");
    }

    #[test]
    fn a_file_is_laid_out_as_sports2d_lays_it_out() {
        let frames = [(3, Seconds(0.1)), (4, Seconds(0.133_333_4))];
        let place = |keypoint, i| match (keypoint, i) {
            (Keypoint::RightHip, _) => Some([100.123_456 + i as f64, -0.000_01]),
            (Keypoint::LeftWrist, 0) => Some([5.0, 6.5]),
            _ => None,
        };
        let header = TrcHeader { name: "keypoints.trc", unit: TrcUnit::Pixels, rate: Some(Hertz(29.97)) };
        let mut out = Vec::new();
        write_trc(&mut out, &header, &frames, place).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "PathFileType\t4\t(X/Y/Z)\tkeypoints.trc");
        assert_eq!(lines[2], "29.970000\t29.970000\t2\t2\tpx\t29.970000\t3\t2");
        assert_eq!(lines[3], "Frame#\tTime\tRHip\t\t\tLWrist\t\t\t");
        assert_eq!(lines[4], "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\t");
        assert_eq!(lines[5], "3\t0.100000\t100.1235\t0.0000\t0\t5.0000\t6.5000\t0\t");
        assert_eq!(lines[6], "4\t0.133333\t101.1235\t0.0000\t0\t\t\t\t");
        assert_eq!(lines.len(), 7);
    }

    #[test]
    fn metres_have_micrometres_and_no_frames_no_markers() {
        let header = TrcHeader { name: "keypoints_m.trc", unit: TrcUnit::Metres, rate: None };
        let mut out = Vec::new();
        write_trc(&mut out, &header, &[(0, Seconds(0.0))], |k, _| {
            (k == Keypoint::Nose).then_some([0.1, 1.234_567_8])
        })
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\tm\t") && text.ends_with("0\t0.000000\t0.100000\t1.234568\t0\t\n"), "{text}");
        let mut out = Vec::new();
        write_trc(&mut out, &header, &[], |_, _| Some([0.0, 0.0])).unwrap();
        assert_eq!(String::from_utf8(out).unwrap().lines().nth(3), Some("Frame#\tTime\t"));
    }
}
