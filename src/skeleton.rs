//! The body: keypoints, sides, segments and angles, each in one table. Left is derived from right by `mirror`.
//!
//! Names are the ones written in every file. Skeletons of other tools map onto this one; what they lack is missing.

use std::fmt;

/// A side of the athlete's own body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The athlete's left.
    Left,
    /// The athlete's right.
    Right,
}

impl Side {
    /// Both, in the order of every file.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// The other one.
    #[must_use]
    pub fn mirror(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// `left` or `right`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }

    /// 0 for left, 1 for right: the index into pairs kept by side.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Left => 0,
            Self::Right => 1,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! keypoints {
    ($($variant:ident $name:literal $mirror:ident $doc:literal;)*) => {
        /// A point of the body that a pose model finds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Keypoint {
            $(#[doc = $doc] $variant,)*
        }

        impl Keypoint {
            /// Every keypoint, in the order of every file.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            /// The name written in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The same point on the other side; a point on the midline is its own mirror image.
            #[must_use]
            pub const fn mirror(self) -> Self {
                match self { $(Self::$variant => Self::$mirror,)* }
            }
        }
    };
}

keypoints! {
    Nose "nose" Nose "Tip of the nose.";
    LeftEyeInner "left_eye_inner" RightEyeInner "Inner corner of the left eye.";
    LeftEye "left_eye" RightEye "Left eye.";
    LeftEyeOuter "left_eye_outer" RightEyeOuter "Outer corner of the left eye.";
    RightEyeInner "right_eye_inner" LeftEyeInner "Inner corner of the right eye.";
    RightEye "right_eye" LeftEye "Right eye.";
    RightEyeOuter "right_eye_outer" LeftEyeOuter "Outer corner of the right eye.";
    LeftEar "left_ear" RightEar "Left ear.";
    RightEar "right_ear" LeftEar "Right ear.";
    MouthLeft "mouth_left" MouthRight "Left corner of the mouth.";
    MouthRight "mouth_right" MouthLeft "Right corner of the mouth.";
    LeftShoulder "left_shoulder" RightShoulder "Left shoulder.";
    RightShoulder "right_shoulder" LeftShoulder "Right shoulder.";
    LeftElbow "left_elbow" RightElbow "Left elbow.";
    RightElbow "right_elbow" LeftElbow "Right elbow.";
    LeftWrist "left_wrist" RightWrist "Left wrist.";
    RightWrist "right_wrist" LeftWrist "Right wrist.";
    LeftPinky "left_pinky" RightPinky "Knuckle of the left little finger.";
    RightPinky "right_pinky" LeftPinky "Knuckle of the right little finger.";
    LeftIndex "left_index" RightIndex "Knuckle of the left index finger.";
    RightIndex "right_index" LeftIndex "Knuckle of the right index finger.";
    LeftThumb "left_thumb" RightThumb "Knuckle of the left thumb.";
    RightThumb "right_thumb" LeftThumb "Knuckle of the right thumb.";
    LeftHip "left_hip" RightHip "Left hip.";
    RightHip "right_hip" LeftHip "Right hip.";
    LeftKnee "left_knee" RightKnee "Left knee.";
    RightKnee "right_knee" LeftKnee "Right knee.";
    LeftAnkle "left_ankle" RightAnkle "Left ankle.";
    RightAnkle "right_ankle" LeftAnkle "Right ankle.";
    LeftHeel "left_heel" RightHeel "Left heel.";
    RightHeel "right_heel" LeftHeel "Right heel.";
    LeftFootIndex "left_foot_index" RightFootIndex "Left big toe.";
    RightFootIndex "right_foot_index" LeftFootIndex "Right big toe.";
    LeftSmallToe "left_small_toe" RightSmallToe "Left small toe; not found by every model.";
    RightSmallToe "right_small_toe" LeftSmallToe "Right small toe; not found by every model.";
    Head "head" Head "Top of the head; not found by every model.";
    Neck "neck" Neck "Base of the neck; where a model lacks it, the middle of the shoulders stands in.";
    MidHip "mid_hip" MidHip "Middle of the hips as a model's own point; where a model lacks it, the middle of the two hips stands in.";
}

impl Keypoint {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its place in [`Keypoint::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The keypoint of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Which side it is on; none on the midline.
    #[must_use]
    pub fn side(self) -> Option<Side> {
        if self.mirror() == self {
            None
        } else if self.name().contains("left") {
            Some(Side::Left)
        } else {
            Some(Side::Right)
        }
    }

    /// The point itself or its mirror image, whichever is on `side`.
    #[must_use]
    pub fn on(self, side: Side) -> Self {
        if self.side() == Some(side.mirror()) { self.mirror() } else { self }
    }
}

impl fmt::Display for Keypoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The keypoint of a limb, named without its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimbPoint {
    /// Shoulder.
    Shoulder,
    /// Elbow.
    Elbow,
    /// Wrist.
    Wrist,
    /// Hip.
    Hip,
    /// Knee.
    Knee,
    /// Ankle.
    Ankle,
    /// Heel.
    Heel,
    /// Big toe.
    Toe,
}

impl LimbPoint {
    /// The lines of a drawn figure on each side: arm, leg and the triangle of the foot.
    pub const LINES: [(Self, Self); 7] = [
        (Self::Shoulder, Self::Elbow),
        (Self::Elbow, Self::Wrist),
        (Self::Hip, Self::Knee),
        (Self::Knee, Self::Ankle),
        (Self::Ankle, Self::Heel),
        (Self::Heel, Self::Toe),
        (Self::Ankle, Self::Toe),
    ];

    /// The keypoint on a side.
    #[must_use]
    pub fn on(self, side: Side) -> Keypoint {
        match self {
            Self::Shoulder => Keypoint::RightShoulder,
            Self::Elbow => Keypoint::RightElbow,
            Self::Wrist => Keypoint::RightWrist,
            Self::Hip => Keypoint::RightHip,
            Self::Knee => Keypoint::RightKnee,
            Self::Ankle => Keypoint::RightAnkle,
            Self::Heel => Keypoint::RightHeel,
            Self::Toe => Keypoint::RightFootIndex,
        }
        .on(side)
    }
}

/// A segment of the body whose angle against the vertical is reported, without its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Mid-hip to neck (or mid-shoulder).
    Trunk,
    /// Hip to knee.
    Thigh,
    /// Knee to ankle.
    Shank,
    /// Shoulder to elbow.
    UpperArm,
    /// Elbow to wrist.
    Forearm,
    /// Heel to big toe.
    Foot,
}

/// A joint whose angle between two segments is reported, without its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// Shank against thigh; flexion positive.
    Knee,
    /// Thigh against trunk; flexion positive.
    Hip,
    /// Foot against shank; dorsiflexion positive.
    Ankle,
    /// Upper arm against trunk; flexion positive.
    Shoulder,
    /// Forearm against upper arm; flexion positive.
    Elbow,
}

macro_rules! angles {
    ($($variant:ident $name:literal $mirror:ident $kind:expr;)*) => {
        /// An angle reported for every frame.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Angle {
            $(#[doc = concat!("Written as `", $name, "`.")] $variant,)*
        }

        impl Angle {
            /// Every angle, in the order of every file.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            /// The name written in files, without its unit.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The same angle on the other side; the trunk is its own mirror image.
            #[must_use]
            pub const fn mirror(self) -> Self {
                match self { $(Self::$variant => Self::$mirror,)* }
            }

            /// What it is measured on.
            #[must_use]
            pub const fn kind(self) -> AngleKind {
                use AngleKind::{Joint as J, Segment as S};
                use Joint::{Ankle, Elbow, Hip, Knee, Shoulder};
                use Segment::{Foot, Forearm, Shank, Thigh, Trunk, UpperArm};
                match self { $(Self::$variant => $kind,)* }
            }
        }
    };
}

/// What an angle is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AngleKind {
    /// Of a segment against the vertical, positive toward where the athlete faces.
    Segment(Segment),
    /// Between two segments, flexion and dorsiflexion positive, 0 = straight or neutral.
    Joint(Joint),
}

angles! {
    Trunk "trunk" Trunk S(Trunk);
    LeftThigh "left_thigh" RightThigh S(Thigh);
    RightThigh "right_thigh" LeftThigh S(Thigh);
    LeftShank "left_shank" RightShank S(Shank);
    RightShank "right_shank" LeftShank S(Shank);
    LeftUpperArm "left_upper_arm" RightUpperArm S(UpperArm);
    RightUpperArm "right_upper_arm" LeftUpperArm S(UpperArm);
    LeftForearm "left_forearm" RightForearm S(Forearm);
    RightForearm "right_forearm" LeftForearm S(Forearm);
    LeftFoot "left_foot" RightFoot S(Foot);
    RightFoot "right_foot" LeftFoot S(Foot);
    LeftKnee "left_knee" RightKnee J(Knee);
    RightKnee "right_knee" LeftKnee J(Knee);
    LeftHip "left_hip" RightHip J(Hip);
    RightHip "right_hip" LeftHip J(Hip);
    LeftAnkle "left_ankle" RightAnkle J(Ankle);
    RightAnkle "right_ankle" LeftAnkle J(Ankle);
    LeftShoulder "left_shoulder" RightShoulder J(Shoulder);
    RightShoulder "right_shoulder" LeftShoulder J(Shoulder);
    LeftElbow "left_elbow" RightElbow J(Elbow);
    RightElbow "right_elbow" LeftElbow J(Elbow);
}

impl Angle {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its place in [`Angle::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Which side it is on; none for the trunk.
    #[must_use]
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Trunk => None,
            _ if self.name().starts_with("left") => Some(Side::Left),
            _ => Some(Side::Right),
        }
    }

    /// The angle of a kind on a side.
    ///
    /// # Panics
    /// Never: the table holds every kind on both sides.
    #[must_use]
    pub fn of(kind: AngleKind, side: Side) -> Self {
        Self::ALL
            .into_iter()
            .find(|a| a.kind() == kind && a.side().is_none_or(|s| s == side))
            .expect("the table of angles holds every kind on both sides")
    }

    /// The angle of a segment on a side.
    #[must_use]
    pub fn segment(segment: Segment, side: Side) -> Self {
        Self::of(AngleKind::Segment(segment), side)
    }

    /// The angle of a joint on a side.
    #[must_use]
    pub fn joint(joint: Joint, side: Side) -> Self {
        Self::of(AngleKind::Joint(joint), side)
    }
}

impl fmt::Display for Angle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirroring_twice_gives_the_same_and_sides_swap() {
        for k in Keypoint::ALL {
            assert_eq!(k.mirror().mirror(), k);
            assert_eq!(k.mirror().side(), k.side().map(Side::mirror));
            assert_eq!(Keypoint::from_name(k.name()), Some(k));
            assert_eq!(Keypoint::ALL[k.index()], k);
        }
        for a in Angle::ALL {
            assert_eq!(a.mirror().mirror(), a);
            assert_eq!(a.mirror().kind(), a.kind());
            assert_eq!(a.mirror().side(), a.side().map(Side::mirror));
        }
    }

    #[test]
    fn the_first_thirty_three_follow_blazepose() {
        assert_eq!(Keypoint::ALL[11], Keypoint::LeftShoulder);
        assert_eq!(Keypoint::ALL[24], Keypoint::RightHip);
        assert_eq!(Keypoint::ALL[32], Keypoint::RightFootIndex);
    }

    #[test]
    fn limb_points_are_on_the_side_asked_for() {
        assert_eq!(LimbPoint::Knee.on(Side::Left), Keypoint::LeftKnee);
        assert_eq!(LimbPoint::Toe.on(Side::Right), Keypoint::RightFootIndex);
        assert_eq!(Angle::joint(Joint::Knee, Side::Left), Angle::LeftKnee);
        assert_eq!(Angle::segment(Segment::Trunk, Side::Right), Angle::Trunk);
    }
}
