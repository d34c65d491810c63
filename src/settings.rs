//! From what a user may write to settings that are valid: parsing with one clear sentence per mistake.

use crate::camera::scale::ScaleChoice;
use crate::export::{Format, Formats};
use crate::geometry::Point;
use crate::observation::TrackId;
use crate::signal::cutoff::Cutoff;
use crate::technique;
use crate::tracking::athlete::AthleteChoice;
use crate::units::{Hertz, Seconds};
use std::str::FromStr;

/// What is wrong with a value, and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not {wanted}; write {example}")]
pub struct SettingError {
    /// What was written.
    pub value: String,
    /// What was wanted.
    pub wanted: &'static str,
    /// How it is written.
    pub example: &'static str,
}

fn refuse(value: &str, wanted: &'static str, example: &'static str) -> SettingError {
    SettingError { value: value.to_owned(), wanted, example }
}

/// How much effort goes into the pose of a frame: which landmark model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// The lite model.
    Fast,
    /// The full model.
    Balanced,
    /// The heavy model: visibly better far limbs and wrists.
    #[default]
    Best,
}

impl Quality {
    /// All, fastest first.
    pub const ALL: [Self; 3] = [Self::Fast, Self::Balanced, Self::Best];

    /// The word a user writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Balanced => "balanced",
            Self::Best => "best",
        }
    }

    /// The landmark model's name in `models/manifest.toml`.
    #[must_use]
    pub fn model(self) -> &'static str {
        match self {
            Self::Fast => "pose_landmark_lite",
            Self::Balanced => "pose_landmark_full",
            Self::Best => "pose_landmark_heavy",
        }
    }
}

impl std::fmt::Display for Quality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Quality {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        Self::ALL
            .into_iter()
            .find(|q| q.name() == text)
            .ok_or_else(|| refuse(text, "a quality", "fast, balanced or best"))
    }
}

/// A time in a clip: `12.5`, `1:02.5` or `1:01:02`.
///
/// # Errors
/// When it is not one of these, or negative.
pub fn time(text: &str) -> Result<Seconds, SettingError> {
    let wrong = || refuse(text, "a time", "seconds like 12.5, or minutes and seconds like 1:02.5");
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    for (place, part) in parts.iter().enumerate() {
        let value: f64 = part.parse().map_err(|_| wrong())?;
        let leading = place + 1 < parts.len();
        let too_large = place > 0 && value >= 60.0;
        if !value.is_finite()
            || part.starts_with(['-', '+'])
            || too_large
            || (leading && value.fract() != 0.0)
        {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + value;
    }
    Ok(Seconds(seconds))
}

/// A frame rate in frames per second, between 1 and 2000.
///
/// # Errors
/// When it is not a number in that range.
pub fn rate(text: &str) -> Result<Hertz, SettingError> {
    /// The slowest time lapse and the fastest camera anybody films people with.
    const RANGE: std::ops::RangeInclusive<f64> = 1.0..=2000.0;
    match text.parse::<f64>() {
        Ok(value) if RANGE.contains(&value) => Ok(Hertz(value)),
        _ => Err(refuse(text, "a frame rate between 1 and 2000", "frames per second like 240")),
    }
}

/// Whom to analyse: a track number as in `summary.json`, or a point of the picture at a time, `X,Y@TIME`.
///
/// # Errors
/// When it is neither.
pub fn athlete(text: &str) -> Result<AthleteChoice, SettingError> {
    let wrong = || {
        refuse(
            text,
            "an athlete",
            "a track number like 2, or a point at a time like 640,360@1.5 (pixels, seconds)",
        )
    };
    if let Ok(track) = text.parse() {
        return Ok(AthleteChoice::Track(TrackId(track)));
    }
    let (point, at) = text.split_once('@').ok_or_else(wrong)?;
    let (x, y) = point.split_once(',').ok_or_else(wrong)?;
    let pixel = |t: &str| t.trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(wrong);
    Ok(AthleteChoice::At { point: Point::new(pixel(x)?, pixel(y)?), time: time(at)? })
}

/// A length in metres within `range`, for a person's height or leg.
fn metres(
    text: &str,
    range: std::ops::RangeInclusive<f64>,
    wanted: &'static str,
    example: &'static str,
) -> Result<f64, SettingError> {
    text.parse().ok().filter(|v| range.contains(v)).ok_or_else(|| refuse(text, wanted, example))
}

/// The athlete's height, m.
///
/// # Errors
/// When it is not between a small child's and the tallest person's.
pub fn height(text: &str) -> Result<f64, SettingError> {
    metres(text, 0.8..=2.6, "a height in metres between 0.8 and 2.6", "metres like 1.78")
}

/// The athlete's leg, hip to ankle along thigh and shank, m.
///
/// # Errors
/// When it is not a leg's length.
pub fn leg_length(text: &str) -> Result<f64, SettingError> {
    metres(text, 0.3..=1.4, "a leg length in metres between 0.3 and 1.4", "metres like 0.87")
}

/// A known length between two points of the picture in the athlete's plane, `X1,Y1,X2,Y2=METRES`.
///
/// # Errors
/// When it is not written so, the points coincide, or the length is not positive.
pub fn known_length(text: &str) -> Result<ScaleChoice, SettingError> {
    let wrong = || refuse(text, "a known length", "two points in pixels and metres like 100,420,560,424=2.5");
    let (points, length) = text.split_once('=').ok_or_else(wrong)?;
    let numbers: Vec<f64> =
        points.split(',').map(|n| n.trim().parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let metres: f64 = length.trim().parse().map_err(|_| wrong())?;
    match numbers[..] {
        [x1, y1, x2, y2] if metres > 0.0 && metres.is_finite() && (x1, y1) != (x2, y2) => {
            Ok(ScaleChoice::Line { from: Point::new(x1, y1), to: Point::new(x2, y2), metres })
        }
        _ => Err(wrong()),
    }
}

/// How points are smoothed: a cut-off in hertz, `auto`, or `stride`.
///
/// # Errors
/// When it is none of these.
pub fn cutoff(text: &str) -> Result<Cutoff, SettingError> {
    /// Below 1 Hz nothing of a stride is left; above 50 Hz nothing is smoothed.
    const RANGE: std::ops::RangeInclusive<f64> = 1.0..=50.0;
    match text {
        "stride" => Ok(Cutoff::FromStride),
        "auto" => Ok(Cutoff::Residual),
        _ => text.parse().ok().filter(|v| RANGE.contains(v)).map(|v| Cutoff::Fixed(Hertz(v))).ok_or_else(
            || {
                refuse(
                    text,
                    "a cut-off",
                    "hertz between 1 and 50 like 6, auto for residual analysis, or stride",
                )
            },
        ),
    }
}

/// The name of an exercise or profile as it is compared: people write capitals, spaces and underscores.
#[must_use]
pub fn plain_name(text: &str) -> String {
    text.to_ascii_lowercase().replace(['_', ' '], "-")
}

/// An exercise by the name of its built-in profile.
///
/// # Errors
/// When there is no such exercise.
pub fn exercise(text: &str) -> Result<String, SettingError> {
    let name = plain_name(text);
    let known = technique::names().any(|known| known == name);
    known.then_some(name).ok_or_else(|| {
        refuse(
            text,
            "an exercise",
            "sled-push, backward-sled-push, reverse-sled-push, sled-backpedal or backward-sled-drag",
        )
    })
}

/// Kinds of files with commas between: `csv,mot`.
///
/// # Errors
/// When one is unknown or this build cannot write it, or none is given.
pub fn formats(text: &str) -> Result<Formats, SettingError> {
    let format = |word: &str| {
        let word = word.trim();
        let known = Format::ALL.into_iter().find(|f| f.name() == word);
        let known = known.ok_or_else(|| {
            refuse(word, "a kind of file", "some of csv, parquet, trc, mot and json, with commas between")
        })?;
        let wanted = "a kind of file that this build can write (it was made without the feature parquet)";
        if known.is_built_in() {
            Ok(known)
        } else {
            Err(refuse(word, wanted, "some of csv, trc, mot and json, with commas between"))
        }
    };
    text.split(',').map(format).collect()
}

/// Height of the annotated video's picture, px.
///
/// # Errors
/// When it is not a whole number between the smallest picture that shows anything and 8K.
pub fn overlay_height(text: &str) -> Result<u32, SettingError> {
    const RANGE: std::ops::RangeInclusive<u32> = 120..=4320;
    let wrong = || refuse(text, "a picture height between 120 and 4320", "whole pixels like 720");
    text.parse().ok().filter(|v| RANGE.contains(v)).ok_or_else(wrong)
}

/// Speed at which the annotated video plays, as a share of the clip's own.
///
/// # Errors
/// When it is not between a twentieth and 1.
pub fn slow(text: &str) -> Result<f64, SettingError> {
    /// A twentieth of 30 frames per second is a slide show; faster than life shows no technique.
    const RANGE: std::ops::RangeInclusive<f64> = 0.05..=1.0;
    let wrong = || refuse(text, "a speed between 0.05 and 1", "a share like 0.5 for half speed");
    text.parse().ok().filter(|v| RANGE.contains(v)).ok_or_else(wrong)
}

/// A body mass in kilograms.
///
/// # Errors
/// When it is not between a small child's and the heaviest person's.
pub fn body_mass(text: &str) -> Result<f64, SettingError> {
    /// A child of the least height that is allowed, and more than anybody trains with [default].
    const RANGE: std::ops::RangeInclusive<f64> = 10.0..=400.0;
    let wrong = || refuse(text, "a body mass in kilograms between 10 and 400", "kilograms like 75");
    text.parse().ok().filter(|v| RANGE.contains(v)).ok_or_else(wrong)
}

/// A mass in kilograms, of a load.
///
/// # Errors
/// When it is not a mass anybody pushes.
pub fn kilograms(text: &str) -> Result<f64, SettingError> {
    const RANGE: std::ops::RangeInclusive<f64> = 0.0..=1000.0;
    text.parse()
        .ok()
        .filter(|v| RANGE.contains(v))
        .ok_or_else(|| refuse(text, "a mass in kilograms between 0 and 1000", "kilograms like 60"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_files_are_a_list() {
        let formats = |text| formats(text).map_err(|e| e.to_string());
        assert_eq!(formats("csv, mot"), Ok([Format::Csv, Format::Mot].into_iter().collect()));
        assert!(formats("csv,xlsx").is_err_and(|e| e.contains("xlsx") && e.contains("trc")));
        assert!(formats("").is_err());
        assert_eq!(formats("parquet").is_ok(), cfg!(feature = "parquet"));
        assert!(formats("trc").is_ok_and(|f| f.contains(Format::Trc) && !f.contains(Format::Csv)));
    }

    #[test]
    fn times_are_seconds_or_minutes_and_seconds() {
        for (text, seconds) in
            [("0", 0.0), ("12.5", 12.5), ("1:02.5", 62.5), ("1:01:02", 3662.0), ("90", 90.0)]
        {
            assert_eq!(time(text), Ok(Seconds(seconds)), "{text}");
        }
        for text in ["", "-1", "1:60", "1.5:00", "a", "1:2:3:4", "nan", "inf", "1:-2", "+3"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_athlete_is_a_number_or_a_point_at_a_time() {
        assert_eq!(athlete("2"), Ok(AthleteChoice::Track(TrackId(2))));
        let at = AthleteChoice::At { point: Point::new(640.0, 360.0), time: Seconds(61.5) };
        assert_eq!(athlete("640,360@1:01.5"), Ok(at));
        for text in ["", "-1", "640,360", "640@1", "x,y@1"] {
            assert!(athlete(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_and_cut_offs_have_limits() {
        assert_eq!(height("1.78"), Ok(1.78));
        assert!(height("178").is_err() && leg_length("0").is_err() && height("nan").is_err());
        let line =
            ScaleChoice::Line { from: Point::new(100.0, 420.0), to: Point::new(560.0, 424.0), metres: 2.5 };
        assert_eq!(known_length("100,420,560,424=2.5"), Ok(line));
        for text in ["1,2,3=4", "1,1,1,1=2", "1,2,3,4=-1", "1,2,3,4", ""] {
            assert!(known_length(text).is_err(), "{text}");
        }
        assert_eq!(cutoff("6"), Ok(Cutoff::Fixed(Hertz(6.0))));
        assert_eq!(cutoff("auto"), Ok(Cutoff::Residual));
        assert!(cutoff("0").is_err() && cutoff("automatic").is_err());
    }

    #[test]
    fn the_annotated_video_has_limits() {
        assert_eq!((overlay_height("720"), slow("0.5"), slow("1")), (Ok(720), Ok(0.5), Ok(1.0)));
        for text in ["", "0", "119", "9000", "720.5", "-720", "720p"] {
            assert!(overlay_height(text).is_err(), "{text}");
        }
        for text in ["", "0", "2", "-0.5", "nan", "50%"] {
            assert!(slow(text).is_err(), "{text}");
        }
        let error = slow("2").expect_err("faster than life");
        assert_eq!(
            error.to_string(),
            "\"2\" is not a speed between 0.05 and 1; write a share like 0.5 for half speed"
        );
    }

    #[test]
    fn a_wrong_value_says_what_is_allowed() {
        let error = "ultra".parse::<Quality>().expect_err("no such quality");
        assert_eq!(error.to_string(), "\"ultra\" is not a quality; write fast, balanced or best");
        assert!(rate("0").is_err() && rate("nan").is_err() && rate("29.97").is_ok());
    }
}
