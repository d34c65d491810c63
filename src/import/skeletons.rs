//! Other tools' skeletons onto ours: by number of points in one table, by name in another.

use crate::skeleton::Keypoint::{
    self, Head, LeftAnkle, LeftEar, LeftElbow, LeftEye, LeftFootIndex, LeftHeel, LeftHip, LeftKnee,
    LeftShoulder, LeftSmallToe, LeftWrist, MidHip, MouthRight, Neck, Nose, RightAnkle, RightEar, RightElbow,
    RightEye, RightEyeInner, RightEyeOuter, RightFootIndex, RightHeel, RightHip, RightIndex, RightKnee,
    RightPinky, RightShoulder, RightSmallToe, RightThumb, RightWrist,
};
use crate::skeleton::Side;

/// A skeleton known by how many points it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// Its usual name.
    pub name: &'static str,
    /// Points it has.
    pub count: usize,
    /// Which keypoint its first points are; further ones have no counterpart.
    pub points: &'static [Keypoint],
}

/// Every skeleton accepted.
pub const ALL: [Skeleton; 5] = [
    Skeleton { name: "COCO-17", count: 17, points: &COCO_17 },
    Skeleton { name: "BODY_25", count: 25, points: &BODY_25 },
    Skeleton { name: "HALPE-26", count: 26, points: &HALPE_26 },
    Skeleton { name: "MediaPipe-33", count: 33, points: &MEDIAPIPE_33 },
    Skeleton { name: "COCO-WholeBody-133", count: 133, points: &WHOLE_BODY_133 },
];

/// MediaPipe's pose landmarks, by number.
pub const MEDIAPIPE_33: [Keypoint; 33] = {
    let mut points = [Nose; 33];
    let mut i = 0;
    while i < 33 {
        points[i] = Keypoint::ALL[i];
        i += 1;
    }
    points
};

const COCO_17: [Keypoint; 17] = [
    Nose,
    LeftEye,
    RightEye,
    LeftEar,
    RightEar,
    LeftShoulder,
    RightShoulder,
    LeftElbow,
    RightElbow,
    LeftWrist,
    RightWrist,
    LeftHip,
    RightHip,
    LeftKnee,
    RightKnee,
    LeftAnkle,
    RightAnkle,
];

const BODY_25: [Keypoint; 25] = [
    Nose,
    Neck,
    RightShoulder,
    RightElbow,
    RightWrist,
    LeftShoulder,
    LeftElbow,
    LeftWrist,
    MidHip,
    RightHip,
    RightKnee,
    RightAnkle,
    LeftHip,
    LeftKnee,
    LeftAnkle,
    RightEye,
    LeftEye,
    RightEar,
    LeftEar,
    LeftFootIndex,
    LeftSmallToe,
    LeftHeel,
    RightFootIndex,
    RightSmallToe,
    RightHeel,
];

const HALPE_26: [Keypoint; 26] = [
    Nose,
    LeftEye,
    RightEye,
    LeftEar,
    RightEar,
    LeftShoulder,
    RightShoulder,
    LeftElbow,
    RightElbow,
    LeftWrist,
    RightWrist,
    LeftHip,
    RightHip,
    LeftKnee,
    RightKnee,
    LeftAnkle,
    RightAnkle,
    Head,
    Neck,
    MidHip,
    LeftFootIndex,
    RightFootIndex,
    LeftSmallToe,
    RightSmallToe,
    LeftHeel,
    RightHeel,
];

/// Body and feet; face and hands follow and are left out.
const WHOLE_BODY_133: [Keypoint; 23] = [
    Nose,
    LeftEye,
    RightEye,
    LeftEar,
    RightEar,
    LeftShoulder,
    RightShoulder,
    LeftElbow,
    RightElbow,
    LeftWrist,
    RightWrist,
    LeftHip,
    RightHip,
    LeftKnee,
    RightKnee,
    LeftAnkle,
    RightAnkle,
    LeftFootIndex,
    LeftSmallToe,
    LeftHeel,
    RightFootIndex,
    RightSmallToe,
    RightHeel,
];

/// Points of the midline by their plain names (lower case, letters only).
const MIDLINE: [(&str, Keypoint); 7] = [
    ("nose", Nose),
    ("head", Head),
    ("neck", Neck),
    ("hip", MidHip),
    ("midhip", MidHip),
    ("hipcenter", MidHip),
    ("pelvis", MidHip),
];

/// Points of a side by their plain names without the side; the right one stands for both.
const SIDED: [(&str, Keypoint); 19] = [
    ("shoulder", RightShoulder),
    ("elbow", RightElbow),
    ("wrist", RightWrist),
    ("hip", RightHip),
    ("knee", RightKnee),
    ("ankle", RightAnkle),
    ("heel", RightHeel),
    ("bigtoe", RightFootIndex),
    ("toe", RightFootIndex),
    ("footindex", RightFootIndex),
    ("smalltoe", RightSmallToe),
    ("eye", RightEye),
    ("eyeinner", RightEyeInner),
    ("eyeouter", RightEyeOuter),
    ("ear", RightEar),
    ("pinky", RightPinky),
    ("index", RightIndex),
    ("thumb", RightThumb),
    ("mouth", MouthRight),
];

/// The skeleton of that many points.
///
/// # Errors
/// A sentence that says which are accepted.
pub fn by_count(count: usize) -> Result<Skeleton, String> {
    ALL.into_iter().find(|s| s.count == count).ok_or_else(|| {
        let accepted: Vec<_> = ALL.iter().map(|s| format!("{} ({})", s.count, s.name)).collect();
        format!("a person has {count} points; accepted are {}", accepted.join(", "))
    })
}

/// The keypoint that other tools call so: `RBigToe`, `l_knee`, `LEFT_HIP`, `Hip`, `right small toe`.
#[must_use]
pub fn by_name(name: &str) -> Option<Keypoint> {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let find =
        |table: &[(&str, Keypoint)], name: &str| table.iter().find(|(n, _)| *n == name).map(|(_, k)| *k);
    let prefixes = [("left", Side::Left), ("right", Side::Right), ("l", Side::Left), ("r", Side::Right)];
    let sided = || {
        prefixes.into_iter().find_map(|(prefix, side)| {
            let rest = plain
                .strip_prefix(prefix)
                .or_else(|| (prefix.len() > 1).then(|| plain.strip_suffix(prefix))?)?;
            find(&SIDED, rest).map(|k| k.on(side))
        })
    };
    find(&MIDLINE, &plain).or_else(sided)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_name_every_point_once() {
        for skeleton in ALL {
            let mut points = skeleton.points.to_vec();
            points.sort();
            points.dedup();
            assert_eq!(points.len(), skeleton.points.len(), "{}", skeleton.name);
            assert!(skeleton.points.len() <= skeleton.count);
            // What is there on one side is there on the other.
            assert!(points.iter().all(|k| points.contains(&k.mirror())), "{}", skeleton.name);
        }
    }

    #[test]
    fn our_own_names_are_known_too() {
        for keypoint in Keypoint::ALL {
            assert_eq!(by_name(keypoint.name()), Some(keypoint));
        }
    }

    #[test]
    fn names_of_other_tools_are_known() {
        let cases = [
            ("RBigToe", RightFootIndex),
            ("LSmallToe", LeftSmallToe),
            ("Hip", MidHip),
            ("RHip", RightHip),
            ("LEar", LeftEar),
            ("l_knee", LeftKnee),
            ("mid_hip", MidHip),
            ("LEFT_FOOT_INDEX", LeftFootIndex),
            ("Right Heel", RightHeel),
            ("rightEyeOuter", RightEyeOuter),
            ("r_big_toe", RightFootIndex),
            ("Head", Head),
        ];
        for (name, keypoint) in cases {
            assert_eq!(by_name(name), Some(keypoint), "{name}");
        }
        for name in ["", "CHip2", "sled", "left", "right", "lface_3"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn an_unknown_count_says_what_is_accepted() {
        let error = by_count(18).unwrap_err();
        assert!(error.contains("18 points") && error.contains("25 (BODY_25)"), "{error}");
    }
}
