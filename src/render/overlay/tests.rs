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
    frame.trunk = Some(Trunk { angle_deg: 45.0, band: None });
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
    frame.plane.upright = Radians::from_degrees(-20.0);
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
        let frame =
            OverlayFrame { labels: labels[..count].to_vec(), ..OverlayFrame::new(&points, Seconds(0.0)) };
        Overlay::default().draw(&mut bgr, SIZE, &frame).unwrap();
        (120..240).filter(|&y| (0..160).any(|x| pixel(&bgr, x, y) != [GREY; 3])).count()
    };
    assert_eq!(ink(0), 0);
    assert!(ink(2) > ink(1) + 10);
}

/// An upright trunk of 100 px on the left half of the picture, with a band of 45 to 75 degrees.
fn leaning(facing: Facing) -> OverlayFrame {
    let mut points = [None; Keypoint::COUNT];
    with(&mut points, Keypoint::MidHip, 160.0, 180.0, 1.0, Source::Measured);
    with(&mut points, Keypoint::Neck, 160.0, 80.0, 1.0, Source::Measured);
    let band = Some(Band { from: Some(45.0), to: Some(75.0) });
    let trunk = Some(Trunk { angle_deg: 0.0, band });
    OverlayFrame { trunk, facing: Some(facing), ..OverlayFrame::new(&points, Seconds(0.0)) }
}

/// The pixel at `degrees` from the vertical of [`leaning`]'s trunk, positive to the right, 80 px from the hip.
fn toward(bgr: &[u8], degrees: f64) -> [u8; 3] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    pixel(bgr, (160.0 + 80.0 * sin) as usize, (180.0 - 80.0 * cos) as usize)
}

#[test]
fn the_band_lies_ahead_of_the_athlete_and_nowhere_else() {
    for (facing, ahead) in [(Facing::Right, 1.0), (Facing::Left, -1.0)] {
        let mut bgr = picture();
        Overlay::default().draw_athlete(&mut bgr, SIZE, &leaning(facing)).unwrap();
        let [red, green, blue] = toward(&bgr, ahead * 60.0);
        assert!(green > red + 20 && green > blue + 20, "green in the band: {red} {green} {blue}");
        for outside in [ahead * 30.0, ahead * 85.0, -ahead * 60.0] {
            assert_eq!(toward(&bgr, outside), [GREY; 3], "{outside} degrees");
        }
    }
    // Without a facing there is no ahead: the angle itself is shown.
    let mut bgr = picture();
    let unknown = OverlayFrame { facing: None, ..leaning(Facing::Right) };
    Overlay::default().draw_athlete(&mut bgr, SIZE, &unknown).unwrap();
    assert_eq!(toward(&bgr, 60.0), [GREY; 3]);
}

#[test]
fn seen_obliquely_the_band_stands_as_steep_as_the_leans_it_bounds_look() {
    // 45 and 75 degrees from 60 degrees off the side: atan(tan / 2) is 26.6 and 61.8.
    let oblique = OverlayFrame { plane: Plane { squeeze: 0.5, ..Plane::SQUARE }, ..leaning(Facing::Right) };
    let mut bgr = picture();
    Overlay::default().draw_athlete(&mut bgr, SIZE, &oblique).unwrap();
    for (degrees, inside) in [(22.0, false), (31.0, true), (57.0, true), (67.0, false)] {
        assert_eq!(toward(&bgr, degrees) != [GREY; 3], inside, "{degrees} degrees");
    }
}

#[test]
fn a_rolled_camera_turns_the_band_with_gravity() {
    let mut bgr = picture();
    let rolled = OverlayFrame {
        plane: Plane { upright: Radians::from_degrees(10.0), ..Plane::SQUARE },
        ..leaning(Facing::Right)
    };
    Overlay::default().draw_athlete(&mut bgr, SIZE, &rolled).unwrap();
    assert_eq!(toward(&bgr, 50.0), [GREY; 3]);
    assert_ne!(toward(&bgr, 80.0), [GREY; 3]);
}

/// A foot in the middle of the picture, heel to toe 40 px.
fn standing(side: Side) -> OverlayFrame {
    let mut points = [None; Keypoint::COUNT];
    with(&mut points, LimbPoint::Heel.on(side), 140.0, 150.0, 1.0, Source::Measured);
    with(&mut points, LimbPoint::Toe.on(side), 180.0, 152.0, 1.0, Source::Measured);
    OverlayFrame { in_contact: vec![side], ..OverlayFrame::new(&points, Seconds(0.0)) }
}

#[test]
fn a_foot_that_stands_has_a_mark_of_its_side_below_it() {
    for (side, is_side) in [
        (Side::Left, (|p| p[0] > 200 && p[2] < 60) as fn([u8; 3]) -> bool),
        (Side::Right, |p| p[2] > 200 && p[0] < 110),
    ] {
        let mut bgr = picture();
        Overlay::default().draw_athlete(&mut bgr, SIZE, &standing(side)).unwrap();
        // 2.2 hundredths of 240 px below the lower end of the foot.
        let mark = pixel(&bgr, 145, 157);
        assert!(is_side(mark), "{side}: {mark:?}");
        let mut lifted = picture();
        let in_air = OverlayFrame { in_contact: Vec::new(), ..standing(side) };
        Overlay::default().draw_athlete(&mut lifted, SIZE, &in_air).unwrap();
        assert_eq!(pixel(&lifted, 145, 157), [GREY; 3]);
    }
}

#[test]
fn two_knees_close_together_keep_their_plates_apart() {
    let mut points = [None; Keypoint::COUNT];
    with(&mut points, Keypoint::LeftKnee, 100.0, 120.0, 1.0, Source::Measured);
    with(&mut points, Keypoint::RightKnee, 104.0, 124.0, 1.0, Source::Measured);
    let knee = |side| Knee { side, moment: Moment::PushOff, flexion_deg: 34.4, is_sure: true };
    let inked = |knees: Vec<Knee>| {
        let mut bgr = picture();
        let facing = Some(Facing::Right);
        let frame = OverlayFrame { facing, knees, ..OverlayFrame::new(&points, Seconds(0.0)) };
        Overlay::default().draw_athlete(&mut bgr, SIZE, &frame).unwrap();
        changed(&bgr)
    };
    let (none, one) = (inked(Vec::new()), inked(vec![knee(Side::Left)]));
    let two = inked(vec![knee(Side::Left), knee(Side::Right)]);
    assert!(one > none + 500, "{one} after {none}");
    assert!(two - none > 2 * (one - none) - 60, "{two}, {one}, {none}");
}

#[test]
fn a_line_wider_than_the_picture_is_broken_and_stays_inside() {
    let points = [None; Keypoint::COUNT];
    let text = "Posture goes as the set goes on 12° (target at most 5 degrees)".to_owned();
    let label = Label { corner: Corner::BottomLeft, text, tone: Tone::Fault };
    let mut bgr = picture();
    let frame = OverlayFrame { labels: vec![label], ..OverlayFrame::new(&points, Seconds(0.0)) };
    Overlay::default().draw(&mut bgr, SIZE, &frame).unwrap();
    let inked = |y: usize| (0..320).filter(|&x| pixel(&bgr, x, y) != [GREY; 3]).count();
    // Two lines of at least 13 px, one above the other, with a gap between.
    let rows: Vec<bool> = (120..240).map(|y| inked(y) > 40).collect();
    assert_eq!(rows.windows(2).filter(|pair| !pair[0] && pair[1]).count(), 2);
    assert!((0..240).all(|y| pixel(&bgr, 319, y) == [GREY; 3] && pixel(&bgr, 0, y) == [GREY; 3]));
}

#[test]
fn a_part_of_the_picture_has_its_points_where_they_were() {
    let frame = standing(Side::Left).on_part(Point::new(100.0, 50.0), 0.5);
    let heel = frame.point(Keypoint::LeftHeel).map(|p| p.value);
    assert_eq!(heel, Some(Point::new(20.0, 50.0)));
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
        let band = Some(Band { from: None, to: Some(1e9) });
        let trunk = Some(Trunk { angle_deg: -170.0, band });
        let knee = Knee { side: Side::Left, moment: Moment::Landing, flexion_deg: -1e9, is_sure: false };
        let frame = OverlayFrame {
            trunk,
            knees: vec![knee; 3],
            in_contact: Side::BOTH.to_vec(),
            facing: Some(Facing::Left),
            ..OverlayFrame::new(&points, Seconds(1e9))
        };
        Overlay::default().draw(&mut vec![0; size.frame_bytes()], size, &frame).unwrap();
    }
}

#[test]
fn a_buffer_of_another_size_is_refused() {
    let points = [None; Keypoint::COUNT];
    let frame = OverlayFrame::new(&points, Seconds(0.0));
    assert!(Overlay::default().draw(&mut [0; 10], SIZE, &frame).is_err());
}
