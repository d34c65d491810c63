//! A folder of numbered images as frames. The number is the last run of digits in a file's name; times follow from
//! it and the stated rate, so that a gap in the numbers is a jump in time.

use super::background::BackgroundTracker;
use super::clock::{Place, Range};
use super::duplicate::DuplicateDetector;
use super::error::VideoError;
use super::options::{BackgroundTracking, ReadOptions};
use super::quiet;
use crate::frame::{ClipFacts, Frame, FrameSource, PixelSize, StageError, TimeSource, Warning};
use crate::units::{Hertz, Seconds};
use image::{DynamicImage, ImageDecoder, ImageReader};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Endings of the images read.
const ENDINGS: [&str; 3] = ["jpg", "jpeg", "png"];

/// Reads a folder of images.
pub struct ImageFolder {
    /// Files with their file time, those outside the range left out.
    files: std::vec::IntoIter<(Seconds, PathBuf)>,
    facts: ClipFacts,
    range: Range,
    warnings: Vec<Warning>,
    duplicates: DuplicateDetector,
    background: Option<BackgroundTracker>,
    waiting: Option<Frame>,
    next_index: usize,
}

impl ImageFolder {
    /// Lists a folder and reads its first image. Needs [`ReadOptions::image_rate`].
    ///
    /// # Errors
    /// When the folder cannot be listed, has no numbered images, has two of one number, no rate is given, nothing
    /// lies in the range, or the first image is damaged.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, VideoError> {
        options.check()?;
        quiet()?;
        let numbered = Numbered::list(path)?;
        let rate = options.image_rate.ok_or_else(|| VideoError::FolderNeedsRate { path: path.into() })?;
        let range = options
            .range(options.capture_rate, Some(rate))
            .ok_or_else(|| VideoError::NoStoredRate { path: path.into() })?;
        let warnings = numbered.gaps(rate).into_iter().chain(numbered.unnumbered()).collect();
        let total = numbered.files.len();
        let timed = numbered.timed(rate);
        let last = timed.last().map_or(Seconds(0.0), |(time, _)| *time);
        let chosen: Vec<_> = timed.into_iter().filter(|(t, _)| range.place(*t) == Place::Within).collect();
        let Some(start) = chosen.first().map(|(time, _)| *time) else {
            return Err(nothing_chosen(path, &range, last));
        };
        let mut folder = Self {
            files: chosen.into_iter(),
            facts: facts(path, options, rate, total, start),
            range,
            warnings,
            duplicates: DuplicateDetector::default(),
            background: (options.background == BackgroundTracking::On).then(BackgroundTracker::new),
            waiting: None,
            next_index: 0,
        };
        folder.waiting = folder.read()?;
        Ok(folder)
    }

    fn read(&mut self) -> Result<Option<Frame>, VideoError> {
        let Some((time, file)) = self.files.next() else { return Ok(None) };
        let (size, bgr) = decode(&file)?;
        if self.next_index == 0 {
            self.facts.size = size;
        } else if size != self.facts.size {
            return Err(VideoError::MixedSizes { file, size, expected: self.facts.size });
        }
        let background = match &mut self.background {
            Some(tracker) => tracker.next(&bgr, size)?,
            None => None,
        };
        let duplicate = self.duplicates.is_duplicate(&bgr, size);
        let (index, time) = (self.next_index, self.range.true_time(time));
        self.next_index += 1;
        Ok(Some(Frame { index, time, size, bgr, background, duplicate }))
    }
}

impl FrameSource for ImageFolder {
    fn facts(&self) -> &ClipFacts {
        &self.facts
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, StageError> {
        match self.waiting.take() {
            Some(frame) => Ok(Some(frame)),
            None => Ok(self.read()?),
        }
    }

    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }
}

fn facts(path: &Path, options: &ReadOptions, rate: Hertz, images: usize, start: Seconds) -> ClipFacts {
    ClipFacts {
        file: path.to_path_buf(),
        sha256: None,
        size: PixelSize { width: 0, height: 0 },
        rotation_deg: 0,
        nominal_rate: Some(rate),
        nominal_frames: Some(images),
        codec: None,
        capture_rate: options.capture_rate,
        time_source: TimeSource::FrameRate,
        start,
        created: None,
    }
}

fn nothing_chosen(path: &Path, range: &Range, last: Seconds) -> VideoError {
    let (path, start) = (path.to_path_buf(), range.start);
    match range.end {
        Some(end) if last > end => VideoError::NothingInRange { path, start, end },
        _ => VideoError::StartAfterEnd { path, start, last },
    }
}

/// Packed blue, green, red; turned as the camera's EXIF note says.
fn decode(file: &Path) -> Result<(PixelSize, Vec<u8>), VideoError> {
    let bad = |reason: String| VideoError::BadImage { file: file.into(), reason };
    let reader = ImageReader::open(file).map_err(|e| VideoError::opening(file, e))?;
    let reader = reader.with_guessed_format().map_err(|e| VideoError::opening(file, e))?;
    let mut decoder = reader.into_decoder().map_err(|e| bad(e.to_string()))?;
    let orientation = decoder.orientation().map_err(|e| bad(e.to_string()))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| bad(e.to_string()))?;
    picture.apply_orientation(orientation);
    let picture = picture.into_rgb8();
    let size = PixelSize { width: picture.width(), height: picture.height() };
    let mut bytes = picture.into_raw();
    for pixel in bytes.chunks_exact_mut(3) {
        pixel.swap(0, 2);
    }
    Ok((size, bytes))
}

/// The images of a folder by number.
struct Numbered {
    files: BTreeMap<u64, PathBuf>,
    /// Images whose names bear no number.
    without: usize,
}

impl Numbered {
    fn list(path: &Path) -> Result<Self, VideoError> {
        let unreadable = |e| VideoError::opening(path, e);
        let mut found = Self { files: BTreeMap::new(), without: 0 };
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if !is_image(&file) {
                continue;
            }
            let Some(number) = number_of(&file) else {
                found.without += 1;
                continue;
            };
            if let Some(other) = found.files.insert(number, file.clone()) {
                let (first, second) = if other < file { (other, file) } else { (file, other) };
                return Err(VideoError::SameNumber { first, second });
            }
        }
        if found.files.is_empty() {
            return Err(VideoError::FolderWithoutImages { path: path.into() });
        }
        Ok(found)
    }

    /// Frame periods from one number to the next: 1, or more where every image was stored with a coarser count
    /// (0, 5, 10 …), which is the greatest common divisor of all steps.
    fn step(&self) -> u64 {
        let numbers: Vec<u64> = self.files.keys().copied().collect();
        numbers.windows(2).fold(0, |step, pair| common_divisor(step, pair[1] - pair[0])).max(1)
    }

    fn timed(self, rate: Hertz) -> Vec<(Seconds, PathBuf)> {
        let (step, first) = (self.step(), self.files.keys().next().copied().unwrap_or(0));
        let time = |number: u64| Seconds(((number - first) / step) as f64 / rate.0);
        self.files.into_iter().map(|(number, file)| (time(number), file)).collect()
    }

    fn gaps(&self, rate: Hertz) -> Option<Warning> {
        let step = self.step();
        let numbers: Vec<u64> = self.files.keys().copied().collect();
        let gaps: Vec<_> = numbers.windows(2).filter(|pair| pair[1] - pair[0] > step).collect();
        let first = gaps.first()?;
        let missing: u64 = gaps.iter().map(|pair| (pair[1] - pair[0]) / step - 1).sum();
        Some(Warning::new(
            "missing_images",
            format!(
                "{missing} images are missing in {} places, the first after number {} (next is {}); time jumps there \
                 by {:.3}",
                gaps.len(),
                first[0],
                first[1],
                Seconds(((first[1] - first[0]) / step) as f64 / rate.0)
            ),
            "copy the missing images, or rename the images in one row if none is missing",
        ))
    }

    fn unnumbered(&self) -> Option<Warning> {
        (self.without > 0).then(|| {
            Warning::new(
                "images_without_number",
                format!("{} images without a number in their name were left out", self.without),
                "name them like frame_0001.png if they belong to the clip",
            )
        })
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

fn is_image(file: &Path) -> bool {
    let ending = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|e| ENDINGS.contains(&e.as_str())) && file.is_file()
}

/// The last run of digits in the name; none when there is none or it exceeds 64 bits.
fn number_of(file: &Path) -> Option<u64> {
    let name = file.file_stem()?.to_str()?;
    let end = name.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = name[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
    name[start..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(numbers: &[u64]) -> Numbered {
        Numbered {
            files: numbers.iter().map(|&n| (n, PathBuf::from(format!("{n}.png")))).collect(),
            without: 0,
        }
    }

    #[test]
    fn the_number_is_the_last_run_of_digits() {
        for (name, number) in [
            ("frame_0012.png", Some(12)),
            ("2024-05-01 clip7.jpg", Some(7)),
            ("img12b.png", Some(12)),
            ("Läufer9.png", Some(9)),
            ("ü3.png", Some(3)),
            ("8.png", Some(8)),
            ("cover.png", None),
            ("99999999999999999999999.png", None),
        ] {
            assert_eq!(number_of(Path::new(name)), number, "{name}");
        }
    }

    #[test]
    fn a_gap_is_a_jump_in_time_and_a_coarse_count_is_none() {
        let times = |n: &[u64]| numbered(n).timed(Hertz(10.0)).iter().map(|(t, _)| t.0).collect::<Vec<_>>();
        assert_eq!(times(&[3, 4, 7, 8]), [0.0, 0.1, 0.4, 0.5]);
        assert_eq!(times(&[0, 5, 10]), [0.0, 0.1, 0.2]);
        assert_eq!(numbered(&[0, 5, 10]).gaps(Hertz(10.0)), None);
        let warning = numbered(&[3, 4, 7, 8]).gaps(Hertz(10.0)).map(|w| w.message).unwrap_or_default();
        assert!(
            warning.starts_with("2 images are missing in 1 places, the first after number 4"),
            "{warning}"
        );
    }
}
