//! The overlay shows what it is told, weak as weak, and leaves the rest of the picture alone.

use super::*;
use crate::signal::series::Source;
use crate::skeleton::LimbPoint;

const SIZE: PixelSize = PixelSize { width: 320, height: 240 };
const GREY: u8 = 90;

type Points = [Option<Sample<Point<Image>>>; Keypoint::COUNT];

fn picture() -> Vec<u8> {
    vec![GREY; SIZE.frame_bytes()]
}

fn with(points: &mut Points, keypoint: Keypoint, x: f64, y: f64, confidence: f32, source: Source) {
    let value = Point::new(x, y);
    points[keypoint.index()] = Some(Sample { value, confidence: Confidence::new(confidence), source });
}

fn pixel(bgr: &[u8], x: usize, y: usize) -> [u8; 3] {
    let start = (y * SIZE.width as usize + x) * 3;
    [bgr[start + 2], bgr[start + 1], bgr[start]]
}

/// The picture with one thigh of a side and confidence.
fn thigh(side: Side, confidence: f32, source: Source) -> Vec<u8> {
    let mut points = [None; Keypoint::COUNT];
    with(&mut points, LimbPoint::Hip.on(side), 150.0, 100.0, confidence, source);
    with(&mut points, LimbPoint::Knee.on(side), 150.0, 180.0, confidence, source);
    let mut bgr = picture();
    Overlay::default().draw(&mut bgr, SIZE, &OverlayFrame::new(&points, Seconds(1.0))).unwrap();
    bgr
}

/// Pixels changed in the region of the figure.
fn changed(bgr: &[u8]) -> usize {
    (60..230)
        .flat_map(|y| (20..300).map(move |x| (x, y)))
        .filter(|&(x, y)| pixel(bgr, x, y) != [GREY; 3])
        .count()
}

#[test]
fn left_is_orange_and_right_is_blue() {
    let [red, _, blue] = pixel(&thigh(Side::Left, 1.0, Source::Measured), 150, 140);
    assert!(red > 200 && blue < 60);
    let [red, _, blue] = pixel(&thigh(Side::Right, 1.0, Source::Measured), 150, 140);
    assert!(blue > 200 && red < 110);
}

#[test]
fn weak_and_interpolated_points_are_thin_and_hollow() {
    let strong = changed(&thigh(Side::Left, 0.9, Source::Measured));
    let weak = thigh(Side::Left, 0.2, Source::Measured);
    let filled_in = thigh(Side::Left, 0.9, Source::Interpolated);
    assert!(changed(&weak) < strong && changed(&filled_in) < strong);
    // Fainter with less confidence: less of the side's colour.
    let hue = |bgr: &[u8]| i32::from(pixel(bgr, 150, 140)[0]) - i32::from(pixel(bgr, 150, 140)[2]);
    assert!(hue(&weak) > 20 && hue(&weak) < hue(&filled_in));
}

#[test]
fn nobody_in_the_frame_leaves_the_middle_as_it_was() {
    let mut bgr = picture();
    let points = [None; Keypoint::COUNT];
    Overlay::default().draw(&mut bgr, SIZE, &OverlayFrame::new(&points, Seconds(0.0))).unwrap();
    assert_eq!(changed(&bgr), 0);
    assert_ne!(bgr, picture(), "legend and time are there all the same");
}

#[test]
fn the_wedge_lies_between_the_vertical_and_the_trunk() {
    let mut points = [None; Keypoint::COUNT];
    with(&mut points, Keypoint::MidHip, 150.0, 200.0, 1.0, Source::Measured);
    with(&mut points, Keypoint::Neck, 220.0, 130.0, 1.0, Source::Measured);
    let mut frame = OverlayFrame::new(&points, Seconds(0.0));
    let mut without = picture();
    Overlay::default().draw(&mut without, SIZE, &frame).unwrap();
    frame.trunk_deg = Some(45.0);
    let mut bgr = picture();
    Overlay::default().draw(&mut bgr, SIZE, &frame).unwrap();
    let inside = Point::<Image>::new(
        150.0 + 40.0 * 22.5f64.to_radians().sin(),
        200.0 - 40.0 * 22.5f64.to_radians().cos(),
    );
    assert_ne!(pixel(&bgr, inside.x as usize, inside.y as usize), [GREY; 3]);
    assert_eq!(pixel(&without, inside.x as usize, inside.y as usize), [GREY; 3]);
    // The other side of the vertical, low down, is free.
    assert_eq!(pixel(&bgr, 135, 175), [GREY; 3]);
    // A rolled camera turns the vertical with it: upright in the picture is then inside the wedge's far side.
    frame.roll = Radians::from_degrees(-20.0);
    let mut rolled = picture();
    Overlay::default().draw(&mut rolled, SIZE, &frame).unwrap();
    assert_ne!(pixel(&rolled, 146, 170), [GREY; 3]);
}

#[test]
fn labels_stack_in_their_corner() {
    let points = [None; Keypoint::COUNT];
    let label = |text: &str| Label { corner: Corner::BottomLeft, text: text.to_owned(), tone: Tone::Fault };
    let labels = [label("stride 3"), label("too upright")];
    let ink = |count: usize| {
        let mut bgr = picture();
        let frame = OverlayFrame { labels: &labels[..count], ..OverlayFrame::new(&points, Seconds(0.0)) };
        Overlay::default().draw(&mut bgr, SIZE, &frame).unwrap();
        (120..240).filter(|&y| (0..160).any(|x| pixel(&bgr, x, y) != [GREY; 3])).count()
    };
    assert_eq!(ink(0), 0);
    assert!(ink(2) > ink(1) + 10);
}

#[test]
fn the_clock_rounds_and_carries() {
    assert_eq!(clock(Seconds(0.0)), "0:00.00");
    assert_eq!(clock(Seconds(59.999)), "1:00.00");
    assert_eq!(clock(Seconds(125.257)), "2:05.26");
}

#[test]
fn tiny_pictures_and_wild_points_do_not_panic() {
    let mut points = [None; Keypoint::COUNT];
    for keypoint in Keypoint::ALL {
        with(&mut points, keypoint, 1e8, -1e8 + keypoint.index() as f64, 0.7, Source::Measured);
    }
    with(&mut points, Keypoint::LeftHip, 2.0, 3.0, 1.0, Source::Measured);
    for (width, height) in [(1, 1), (16, 400), (400, 8)] {
        let size = PixelSize { width, height };
        let frame = OverlayFrame { trunk_deg: Some(-170.0), ..OverlayFrame::new(&points, Seconds(1e9)) };
        Overlay::default().draw(&mut vec![0; size.frame_bytes()], size, &frame).unwrap();
    }
}

#[test]
fn a_buffer_of_another_size_is_refused() {
    let points = [None; Keypoint::COUNT];
    let frame = OverlayFrame::new(&points, Seconds(0.0));
    assert!(Overlay::default().draw(&mut [0; 10], SIZE, &frame).is_err());
}
