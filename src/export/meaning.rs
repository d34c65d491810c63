//! What the columns mean, for files that can say so themselves.

use crate::metrics::catalogue::row;
use crate::skeleton::{Angle, AngleKind, Joint, Segment};

/// Of every `_confidence` column.
pub(super) const CONFIDENCE: &str = "least confidence of the keypoints behind the angle, 0 to 1";
/// Of every `_source` column.
pub(super) const SOURCE: &str = "measured or interpolated; missing where there is no value";

/// What an angle is measured between.
pub(super) fn definition(angle: Angle) -> String {
    match angle.kind() {
        AngleKind::Segment(Segment::Foot) => {
            "foot (heel to big toe) against the horizontal; 0 is flat".to_owned()
        }
        AngleKind::Segment(Segment::Trunk) => {
            "trunk (middle of the hips to neck) against the vertical; 0 is upright".to_owned()
        }
        AngleKind::Segment(segment) => {
            format!("{} against the vertical; 0 is hanging straight down", ends_of(segment))
        }
        AngleKind::Joint(joint) => between(joint).to_owned(),
    }
}

/// Which way an angle is positive.
pub(super) fn positive(angle: Angle) -> &'static str {
    match angle.kind() {
        AngleKind::Segment(Segment::Foot) => "toes up",
        AngleKind::Segment(Segment::Trunk) => "upper end toward where the athlete faces",
        AngleKind::Segment(_) => "lower end toward where the athlete faces",
        AngleKind::Joint(Joint::Ankle) => "dorsiflexion",
        AngleKind::Joint(_) => "flexion",
    }
}

/// Unit, definition, sign, moment, sides and source of a metric, from the catalogue; nothing for one that is not in it.
pub(super) fn of_metric(id: &str) -> Vec<(&'static str, String)> {
    row(id).map_or_else(Vec::new, |row| {
        vec![
            ("name", row.name.to_owned()),
            ("unit", if row.unit.symbol().is_empty() { "1" } else { row.unit.symbol() }.to_owned()),
            ("definition", row.definition.to_owned()),
            ("positive", row.sign.to_owned()),
            ("taken", row.when.name().to_owned()),
            ("sides", row.sides.name().to_owned()),
            ("source", row.source.to_owned()),
        ]
    })
}

fn ends_of(segment: Segment) -> &'static str {
    match segment {
        Segment::Trunk => "trunk (middle of the hips to neck)",
        Segment::Thigh => "thigh (hip to knee)",
        Segment::Shank => "shank (knee to ankle)",
        Segment::UpperArm => "upper arm (shoulder to elbow)",
        Segment::Forearm => "forearm (elbow to wrist)",
        Segment::Foot => "foot (heel to big toe)",
    }
}

fn between(joint: Joint) -> &'static str {
    match joint {
        Joint::Knee => "thigh (hip to knee) to shank (knee to ankle); 0 is straight",
        Joint::Hip => {
            "trunk (middle of the hips to middle of the shoulders, or a model's own neck) to thigh (hip to knee); 0 is standing"
        }
        Joint::Ankle => {
            "shank (knee to ankle) to foot (heel to big toe), less 90; 0 is the foot square to the shank"
        }
        Joint::Shoulder => {
            "trunk (middle of the hips to middle of the shoulders, or a model's own neck) to upper arm (shoulder to elbow); 0 is the arm by the side"
        }
        Joint::Elbow => "upper arm (shoulder to elbow) to forearm (elbow to wrist); 0 is straight",
    }
}
