//! What the picture's edge cuts off: a landmark model answers for the whole body all the same, and guesses the rest.
//!
//! Guessed points still tell steps and their timing, so they stay; the angles that they make are missing.

use crate::frame::PixelSize;
use crate::geometry::{Ground, Image, Point, Similarity};
use crate::kinematics::movement::{Angles, Points};
use crate::signal::series::Sample;
use crate::signal::statistics::median;
use crate::skeleton::{Angle, AngleKind, Joint, Keypoint, LimbPoint, Segment, Side};
use crate::units::Confidence;

/// A foot beyond the edge or closer to it than this share of the trunk's length counts as cut off: the model sets the
/// feet that it cannot see onto the edge, a quarter of the trunk too high, and is as sure of them as ever
/// (docs/science.md E).
const AT_EDGE: f64 = 0.1;
/// Of somebody cut off by the left or right edge, points so near it, in trunk lengths, are guessed …
const BY_THE_SIDE: f64 = 0.6;
/// … where the model is less sure than this (docs/science.md E).
const SURE_BY_THE_SIDE: Confidence = Confidence::new(0.8);

/// A foot that is cut off more often does not just walk in or out, and its leg looks shorter than the other \[default\].
pub const OFTEN_CUT: f64 = 0.2;
/// A foot cut off in more frames than this is not believed in the others either \[default\].
pub const MOSTLY_CUT: f64 = 0.5;

/// Which points are guessed, frame by frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Framing {
    guessed: Vec<[bool; Keypoint::COUNT]>,
    /// Whether the left and the right foot is cut off, frame by frame; none where it was not answered.
    feet: Vec<[Option<bool>; 2]>,
    /// Share of the clip's frames with a left and with a right foot in which that foot is cut off, 0 to 1.
    pub feet_cut: [f64; 2],
}

/// The picture and the athlete's size in it, px.
#[derive(Clone, Copy)]
struct Picture {
    width: f64,
    height: f64,
    trunk: f64,
}

impl Framing {
    /// Of the points of every frame, left and right put right. Without a trunk anywhere there is no size, and nothing
    /// is known.
    #[must_use]
    pub fn of(points: &Points, ground_from_image: &[Similarity], size: PixelSize) -> Self {
        let trunk = points.middle(LimbPoint::Shoulder).with(&points.middle(LimbPoint::Hip), Point::distance);
        let Some(trunk) = median(trunk.present().map(|(_, length)| length)).filter(|length| *length > 0.0)
        else {
            return Self::default();
        };
        let picture = Picture { width: f64::from(size.width), height: f64::from(size.height), trunk };
        let mut guessed = Vec::with_capacity(ground_from_image.len());
        let mut feet = Vec::with_capacity(ground_from_image.len());
        for (i, ground) in ground_from_image.iter().enumerate() {
            let back = ground.inverse();
            let seen = Keypoint::ALL.map(|k| points.get(k).get(i).map(|s| s.map(|p| in_picture(back, p))));
            if seen.iter().all(Option::is_none) {
                // A picture that repeats the one before, or nobody: what is filled in there comes from its neighbours.
                guessed.push(guessed.last().copied().unwrap_or([false; Keypoint::COUNT]));
                feet.push([None; 2]);
                continue;
            }
            let mut frame = picture.guessed(&seen);
            let cut = Side::BOTH
                .map(|side| foot(&seen, side).next().is_some().then(|| picture.cuts_foot(&seen, side)));
            for (side, _) in Side::BOTH.into_iter().zip(cut).filter(|(_, cut)| *cut == Some(true)) {
                guess_foot(&mut frame, side);
            }
            guessed.push(frame);
            feet.push(cut);
        }
        let feet_cut = shares(feet.iter());
        for (side, _) in Side::BOTH.into_iter().zip(feet_cut).filter(|(_, share)| *share > MOSTLY_CUT) {
            for frame in &mut guessed {
                guess_foot(frame, side);
            }
        }
        Self { guessed, feet, feet_cut }
    }

    /// Share of these frames in which that foot is cut off which is so more often, 0 to 1.
    #[must_use]
    pub fn most_cut(&self, counts: impl Fn(usize) -> bool) -> f64 {
        let frames = self.feet.iter().enumerate().filter(|(i, _)| counts(*i)).map(|(_, feet)| feet);
        shares(frames).into_iter().fold(0.0, f64::max)
    }

    /// Drops the angles that guessed points make; `positions` says where each frame lies among the samples.
    pub fn drop_angles(&self, angles: &mut Angles, positions: &[f64]) {
        for angle in Angle::ALL {
            let made_of = made_of(angle);
            let mut series = angles.get(angle).clone();
            for (guessed, position) in self.guessed.iter().zip(positions) {
                if made_of.iter().any(|k| guessed[k.index()]) {
                    // Between frames that lie between samples, both samples are made of this one.
                    series.set(position.floor() as usize, None);
                    series.set(position.ceil() as usize, None);
                }
            }
            angles.set(angle, series);
        }
    }
}

/// The ankle itself still tells the shank's direction, though less well.
fn guess_foot(frame: &mut [bool; Keypoint::COUNT], side: Side) {
    for point in [LimbPoint::Heel, LimbPoint::Toe] {
        frame[point.on(side).index()] = true;
    }
}

fn in_picture(image_from_ground: Similarity, p: Point<Ground>) -> Point<Image> {
    let q = image_from_ground.apply(Point::new(p.x, p.y));
    Point::new(q.x, q.y)
}

/// The points of a foot that there are.
fn foot(seen: &Seen, side: Side) -> impl Iterator<Item = Point<Image>> {
    let foot = [LimbPoint::Ankle, LimbPoint::Heel, LimbPoint::Toe].map(|p| seen[p.on(side).index()]);
    foot.into_iter().flatten().map(|s| s.value)
}

type Seen = [Option<Sample<Point<Image>>>; Keypoint::COUNT];

impl Picture {
    /// Distance to the nearest edge in trunk lengths, negative beyond it.
    fn inside(self, p: Point<Image>) -> f64 {
        self.within_sides(p).min(p.y / self.trunk).min((self.height - p.y) / self.trunk)
    }

    /// The same for the left and right edge alone.
    fn within_sides(self, p: Point<Image>) -> f64 {
        p.x.min(self.width - p.x) / self.trunk
    }

    fn cuts_foot(self, seen: &Seen, side: Side) -> bool {
        foot(seen, side).any(|p| self.inside(p) < AT_EDGE)
    }

    /// Trunk and legs tell; a hand may be anywhere.
    fn cuts_by_side(self, seen: &Seen) -> bool {
        let body = [LimbPoint::Shoulder, LimbPoint::Hip, LimbPoint::Knee, LimbPoint::Ankle];
        let body = body.into_iter().flat_map(|p| Side::BOTH.map(|side| seen[p.on(side).index()]));
        body.flatten().any(|s| self.within_sides(s.value) < AT_EDGE)
    }

    /// Points beyond the edge, save an ankle below the lower one, and doubtful ones by a side that cuts the athlete off.
    fn guessed(self, seen: &Seen) -> [bool; Keypoint::COUNT] {
        let cut_by_side = self.cuts_by_side(seen);
        Keypoint::ALL.map(|k| {
            let Some(Sample { value: p, confidence, .. }) = seen[k.index()] else { return false };
            let ankle = matches!(k, Keypoint::LeftAnkle | Keypoint::RightAnkle);
            let side = self.within_sides(p);
            let beyond = side < 0.0 || p.y < 0.0 || (p.y > self.height && !ankle);
            beyond || (cut_by_side && side < BY_THE_SIDE && confidence < SURE_BY_THE_SIDE)
        })
    }
}

/// The keypoints that an angle is made of.
fn made_of(angle: Angle) -> Vec<Keypoint> {
    use LimbPoint::{Ankle, Elbow, Heel, Hip, Knee, Shoulder, Toe, Wrist};
    let limb: &[LimbPoint] = match angle.kind() {
        AngleKind::Segment(Segment::Trunk) => &[],
        AngleKind::Segment(Segment::Thigh) | AngleKind::Joint(Joint::Hip) => &[Hip, Knee],
        AngleKind::Segment(Segment::Shank) => &[Knee, Ankle],
        AngleKind::Segment(Segment::UpperArm) | AngleKind::Joint(Joint::Shoulder) => &[Shoulder, Elbow],
        AngleKind::Segment(Segment::Forearm) => &[Elbow, Wrist],
        AngleKind::Segment(Segment::Foot) => &[Heel, Toe],
        AngleKind::Joint(Joint::Knee) => &[Hip, Knee, Ankle],
        AngleKind::Joint(Joint::Ankle) => &[Knee, Ankle, Heel, Toe],
        AngleKind::Joint(Joint::Elbow) => &[Shoulder, Elbow, Wrist],
    };
    let trunk: &[LimbPoint] = match angle.kind() {
        AngleKind::Segment(Segment::Trunk) | AngleKind::Joint(Joint::Hip | Joint::Shoulder) => {
            &[Shoulder, Hip]
        }
        _ => &[],
    };
    let of_side = limb.iter().filter_map(|p| Some(p.on(angle.side()?)));
    of_side.chain(Side::BOTH.into_iter().flat_map(|side| trunk.iter().map(move |p| p.on(side)))).collect()
}

/// Of the frames with a left and with a right foot, in how many it is cut off.
fn shares<'a>(frames: impl Iterator<Item = &'a [Option<bool>; 2]>) -> [f64; 2] {
    let (mut cut, mut all) = ([0_usize; 2], [0_usize; 2]);
    for feet in frames {
        for (n, foot) in feet.iter().enumerate() {
            all[n] += usize::from(foot.is_some());
            cut[n] += usize::from(*foot == Some(true));
        }
    }
    [0, 1].map(|n| cut[n] as f64 / all[n].max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::series::Source;

    const SIZE: PixelSize = PixelSize { width: 400, height: 300 };

    /// Somebody upright, trunk of 100 px, whose left heel is at `x` and `sole`, in one frame.
    fn standing(x: f64, sole: f64, confidence: f32) -> Framing {
        let mut points = Points::missing(1);
        let above = [
            (LimbPoint::Shoulder, 190.0),
            (LimbPoint::Hip, 90.0),
            (LimbPoint::Knee, 50.0),
            (LimbPoint::Ankle, 8.0),
        ];
        for side in Side::BOTH {
            for (point, above) in above.into_iter().chain([(LimbPoint::Heel, 0.0), (LimbPoint::Toe, 0.0)]) {
                let x = if side == Side::Left { x } else { 200.0 };
                let value = Point::new(x, sole - above);
                let sample =
                    Sample { value, confidence: Confidence::new(confidence), source: Source::Measured };
                points.get_mut(point.on(side)).set(0, Some(sample));
            }
        }
        Framing::of(&points, &[Similarity::IDENTITY], SIZE)
    }

    fn missing(framing: &Framing) -> Vec<Angle> {
        let mut angles = Angles::missing(1);
        for angle in Angle::ALL {
            let sample = Sample {
                value: crate::units::Radians(0.0),
                confidence: Confidence::FULL,
                source: Source::Measured,
            };
            angles.set(angle, crate::signal::series::Series::new(vec![Some(sample)]));
        }
        framing.drop_angles(&mut angles, &[0.0]);
        Angle::ALL.into_iter().filter(|a| angles.get(*a).get(0).is_none()).collect()
    }

    fn of(sides: &[Side]) -> Vec<Angle> {
        let foot = |side| [Angle::segment(Segment::Foot, side), Angle::joint(Joint::Ankle, side)];
        let all: Vec<Angle> = sides.iter().flat_map(|side| foot(*side)).collect();
        Angle::ALL.into_iter().filter(|a| all.contains(a)).collect()
    }

    #[test]
    fn whoever_is_in_the_picture_keeps_every_angle() {
        for confidence in [0.1, 1.0] {
            let framing = standing(150.0, 280.0, confidence);
            assert_eq!((missing(&framing), framing.most_cut(|_| true) > 0.0), (vec![], false));
        }
    }

    #[test]
    fn feet_at_and_under_the_lower_edge_have_no_ankle_and_foot_angle() {
        for (sole, cut) in [(289.0, false), (291.0, true), (299.0, true), (306.0, true)] {
            let framing = standing(150.0, sole, 1.0);
            assert_eq!(missing(&framing), if cut { of(&Side::BOTH) } else { vec![] }, "sole at {sole}");
            assert_eq!(framing.most_cut(|_| true) > 0.5, cut);
        }
    }

    #[test]
    fn only_frames_that_count_and_feet_that_were_answered_make_the_share() {
        let feet =
            vec![[Some(true), None], [Some(false), Some(false)], [Some(true), Some(true)], [None, None]];
        let framing = Framing { feet, ..Framing::default() };
        let shares = [framing.most_cut(|_| true), framing.most_cut(|i| i < 2), framing.most_cut(|i| i == 3)];
        for (share, expected) in shares.into_iter().zip([2.0 / 3.0, 0.5, 0.0]) {
            assert!((share - expected).abs() < 1e-12, "{shares:?}");
        }
    }

    #[test]
    fn a_leg_beyond_the_side_makes_no_angle_at_all() {
        let legs = [Segment::Thigh, Segment::Shank, Segment::Foot].map(|s| Angle::segment(s, Side::Left));
        let gone = missing(&standing(-4.0, 280.0, 1.0));
        assert!(legs.iter().all(|a| gone.contains(a)) && gone.contains(&Angle::Trunk), "{gone:?}");
        assert!(!gone.contains(&Angle::segment(Segment::Shank, Side::Right)));
    }

    #[test]
    fn by_a_side_that_cuts_somebody_off_only_what_is_sure_counts() {
        assert_eq!(
            missing(&standing(5.0, 280.0, 0.9)),
            of(&[Side::Left]),
            "sure, and the foot is at the edge"
        );
        assert!(missing(&standing(5.0, 280.0, 0.7)).contains(&Angle::joint(Joint::Knee, Side::Left)));
        assert_eq!(missing(&standing(50.0, 280.0, 0.7)), vec![], "near the side and whole");
    }
}
