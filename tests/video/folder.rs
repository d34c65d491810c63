//! Folders of numbered images.

use crate::clips::{CORNERS, SIZE, assert_corners, error, picture, plain, read};
use sledform::frame::PixelSize;
use sledform::units::{Hertz, Seconds};
use sledform::video::{self, ReadOptions, VideoError};
use std::path::Path;
use tempfile::TempDir;

fn at_10_per_second() -> ReadOptions {
    ReadOptions { image_rate: Some(Hertz(10.0)), ..plain() }
}

fn save(dir: &Path, name: &str, size: PixelSize) {
    image::save_buffer(dir.join(name), &picture(size, 0), size.width, size.height, image::ColorType::Rgb8)
        .expect("an image");
}

fn folder(names: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in names {
        save(dir.path(), name, SIZE);
    }
    dir
}

#[test]
fn images_come_in_the_order_of_their_numbers() {
    let dir = folder(&["f9.png", "f10.png", "f11.jpg", "f100.png", "cover.png"]);
    std::fs::write(dir.path().join("notes12.txt"), "no image").expect("a file");
    let clip = read(dir.path(), &at_10_per_second());
    assert_eq!(clip.times(), [0.0, 0.1, 0.2, 9.1]);
    assert_eq!(clip.source.facts().size, SIZE);
    for frame in &clip.frames {
        assert_corners(frame, CORNERS, "image");
    }
    let gap = clip.warning("missing_images").expect("a warning");
    assert!(gap.message.contains("88 images are missing"), "{}", gap.message);
    assert!(clip.warning("images_without_number").is_some());
}

#[test]
fn a_range_and_a_capture_rate_apply_to_images_too() {
    let dir = folder(&["1.png", "2.png", "3.png", "4.png"]);
    let options = ReadOptions {
        start: Some(Seconds(0.1)),
        end: Some(Seconds(0.2)),
        capture_rate: Some(Hertz(100.0)),
        ..at_10_per_second()
    };
    let clip = read(dir.path(), &options);
    for (time, expected) in clip.times().iter().zip([0.01, 0.02]) {
        assert!((time - expected).abs() < 1e-12);
    }
    assert_eq!(clip.frames.len(), 2);
    assert_eq!(clip.source.facts().start, Seconds(0.1));
}

#[test]
fn a_camera_turn_in_the_image_is_applied() {
    let dir = folder(&["1.jpg"]);
    let path = dir.path().join("1.jpg");
    let jpeg = std::fs::read(&path).expect("the image");
    // One EXIF entry: orientation (0x0112) 6 = shown turned 90 degrees clockwise.
    let exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    std::fs::write(&path, [&jpeg[..2], &[0xFF, 0xE1], &length, exif, &jpeg[2..]].concat()).expect("written");
    let clip = read(dir.path(), &at_10_per_second());
    assert_eq!(clip.frames[0].size, PixelSize { width: SIZE.height, height: SIZE.width });
    let [tl, tr, bl, br] = CORNERS;
    assert_corners(&clip.frames[0], [bl, tl, br, tr], "turned");
}

#[test]
fn images_of_different_sizes_are_refused_by_name() {
    let dir = folder(&["1.png", "2.png"]);
    save(dir.path(), "3.png", PixelSize { width: 40, height: 30 });
    let mut source = video::open(dir.path(), &at_10_per_second()).expect("opens");
    assert!(source.next_frame().expect("first").is_some() && source.next_frame().expect("second").is_some());
    let message = source.next_frame().err().map(|e| e.to_string()).unwrap_or_default();
    assert!(message.contains("3.png is 40x30, but the images before it are 96x64"), "{message}");
}

#[test]
fn folders_that_are_no_clip() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(error(empty.path(), &at_10_per_second()), VideoError::FolderWithoutImages { .. }));
    let unnumbered = folder(&["cover.png"]);
    assert!(matches!(error(unnumbered.path(), &at_10_per_second()), VideoError::FolderWithoutImages { .. }));
    let two = folder(&["a1.png", "b1.png"]);
    assert!(matches!(error(two.path(), &at_10_per_second()), VideoError::SameNumber { .. }));
    let good = folder(&["1.png"]);
    assert!(matches!(error(good.path(), &plain()), VideoError::FolderNeedsRate { .. }));
    std::fs::write(good.path().join("1.png"), "broken").expect("a file");
    assert!(matches!(error(good.path(), &at_10_per_second()), VideoError::BadImage { .. }));
}
