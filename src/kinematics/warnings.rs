//! What the user should know about how the movement came about, with what to do about it.

use crate::camera::motion::CameraMotion;
use crate::camera::roll::DOUBTFUL_DEG;
use crate::camera::yaw::TOO_OBLIQUE_DEG;
use crate::frame::Warning;
use crate::kinematics::facing::LEAST_AGREEMENT;
use crate::kinematics::foreshortening::InPlane;
use crate::kinematics::framing::OFTEN_CUT;
use crate::kinematics::prepare::Prepared;
use crate::signal::cutoff::Cutoff;
use crate::signal::left_right::RHYTHM_IN_DOUBT;
use crate::skeleton::{LimbPoint, Side};
use std::ops::Range;

/// Above this yaw angles are widened (docs/science.md D3).
const OBLIQUE_DEG: f64 = 15.0;
/// Fewest pixels of standing height for angles to be judged (docs/science.md D4).
const LEAST_HEIGHT_PX: f64 = 200.0;

/// From this confidence on an elbow counts as seen: where a point comes back after it was lost (docs/science.md E).
const SEEN_CONFIDENCE: f32 = 0.5;
/// So many moments are named in one warning.
const TIMES_NAMED: usize = 5;

/// Every warning that applies.
#[must_use]
pub fn of(prepared: &Prepared) -> Vec<Warning> {
    [
        facing(prepared),
        turned(prepared),
        camera_motion(prepared),
        carried(prepared),
        roll(prepared),
        yaw(prepared),
        size(prepared),
        feet(prepared),
        sides(prepared),
        legs(prepared),
        arms(prepared),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where a cut-off was asked for that the frame rate cannot carry.
#[must_use]
pub fn cutoff(asked: Cutoff, prepared: &Prepared) -> Option<Warning> {
    let (used, rate) = (prepared.cutoff.0, prepared.movement.time.rate.0);
    let Cutoff::Fixed(asked) = asked else { return None };
    (asked.0 > used).then(|| {
        Warning::new(
            "cutoff_too_high",
            format!(
                "{rate:.0} frames a second cannot carry a cut-off of {:.1} Hz: {used:.1} Hz was used",
                asked.0
            ),
            "choose a lower cut-off, or film with more frames a second",
        )
    })
}

fn facing(prepared: &Prepared) -> Option<Warning> {
    let vote = &prepared.facing;
    if vote.facing.is_some() {
        return None;
    }
    let message = if vote.seen > 0.0 {
        format!(
            "facing is unknown: {:.0} % of the frames agree, {:.0} % are needed",
            100.0 * vote.agreement,
            100.0 * LEAST_AGREEMENT
        )
    } else {
        "facing is unknown: neither feet, knees nor head were seen".to_owned()
    };
    Some(Warning::new(
        "facing_unknown",
        message,
        "film from the side; where the athlete turns round, analyse the parts before and after the turn on their own",
    ))
}

/// Said where the athlete turns round.
fn turned(prepared: &Prepared) -> Option<Warning> {
    let turns = &prepared.movement.turns;
    if turns.mirrored.is_empty() {
        return None;
    }
    let middle = |r: &std::ops::Range<usize>| prepared.movement.time.at(r.start.midpoint(r.end));
    let when: Vec<String> = turns.turns.iter().map(|r| format!("{:.1} s", middle(r).0)).collect();
    Some(Warning::new(
        "turns_round",
        format!(
            "the athlete turns round at {}: the ways before and after are separate sets",
            when.join(", ")
        ),
        "for one of them alone analyse that part of the clip",
    ))
}

/// Said where the camera is taken to have stood still because nothing tells.
pub(super) fn camera_assumed_static() -> Warning {
    Warning::new(
        "camera_assumed_static",
        "keypoints come without a background, so the camera is taken to have stood still",
        "analyse the video itself where the camera moved: speed, travel and step length depend on it",
    )
}

fn camera_motion(prepared: &Prepared) -> Option<Warning> {
    (prepared.camera.motion == CameraMotion::Unknown).then(|| {
        Warning::new(
            "camera_motion_unknown",
            "the background's motion was not measured: speed, contacts and step length are not judged",
            "if the camera stood still, say so; else film with more of the surroundings in view",
        )
    })
}

fn carried(prepared: &Prepared) -> Option<Warning> {
    let slide = prepared.camera.carried?;
    Some(Warning::new(
        "camera_carried",
        format!(
            "the camera went along beside the athlete, and what lies behind moved by {:.0} % less than the floor: the way along the floor was told from standing feet",
            100.0 * slide / (1.0 + slide)
        ),
        "film from one place: speed and step length are surer then",
    ))
}

fn roll(prepared: &Prepared) -> Option<Warning> {
    let degrees = prepared.camera.roll?.angle.to_degrees();
    (degrees.abs() > DOUBTFUL_DEG).then(|| {
        Warning::new(
            "camera_rolled",
            format!("the camera is {degrees:.1} degrees off level, or the floor slopes"),
            "level the phone: segment angles were corrected for it and are right only where the floor is level",
        )
    })
}

fn yaw(prepared: &Prepared) -> Option<Warning> {
    let degrees = prepared.camera.yaw?.angle.to_degrees();
    let consequence = if degrees > TOO_OBLIQUE_DEG {
        "angles read too small, so they are not judged"
    } else if degrees > OBLIQUE_DEG {
        if prepared.movement.perspective.is_none() {
            "angles read a little too small and carry more uncertainty"
        } else {
            "most of what that does was taken out; angles carry more uncertainty"
        }
    } else {
        return None;
    };
    Some(Warning::new(
        "view_oblique",
        format!("the view is about {degrees:.0} degrees off a side view: {consequence}"),
        match prepared.camera.motion {
            CameraMotion::Panning => {
                "film at right angles to the path, from so far off that the camera hardly turns"
            }
            CameraMotion::Static | CameraMotion::Unknown => "film at right angles to the path",
        },
    ))
}

fn size(prepared: &Prepared) -> Option<Warning> {
    let height = prepared.camera.person_height_px?;
    (height < LEAST_HEIGHT_PX).then(|| {
        Warning::new(
            "person_small",
            format!("the athlete is {height:.0} px tall, {LEAST_HEIGHT_PX:.0} px are needed to judge angles"),
            "go nearer, zoom in or film at a higher resolution",
        )
    })
}

fn feet(prepared: &Prepared) -> Option<Warning> {
    let most = prepared.framing.most_cut(|_| true);
    (most > OFTEN_CUT).then(|| {
        Warning::new(
            "feet_cut_off",
            format!(
                "the picture's edge cuts off a foot in {:.0} % of the frames: ankle angles are not measured there, knees are less sure",
                100.0 * most
            ),
            "film with both feet and some floor under them in the picture",
        )
    })
}

fn sides(prepared: &Prepared) -> Option<Warning> {
    let report = &prepared.left_right;
    let at = |stretch: &Range<usize>| Some(format!("{:.1} s", prepared.raw.times.get(stretch.start)?.0));
    let limb = |name: &str, stretches: &[Range<usize>]| {
        let more = stretches.len().saturating_sub(TIMES_NAMED);
        let mut named: Vec<String> = stretches.iter().take(TIMES_NAMED).filter_map(at).collect();
        named.extend((more > 0).then(|| format!("{more} more")));
        (!stretches.is_empty()).then(|| format!("{name} at {}", named.join(", ")))
    };
    let told: Vec<String> =
        [limb("legs", &report.legs), limb("arms", &report.arms)].into_iter().flatten().collect();
    (!told.is_empty()).then(|| {
        Warning::new(
            "left_right_repaired",
            format!("left and right were exchanged back: {}", told.join("; ")),
            "look at the annotated video there: a leg should keep its colour through the step; the sides can be left as the model saw them",
        )
    })
}

fn legs(prepared: &Prepared) -> Option<Warning> {
    let share = prepared.left_right.legs_in_doubt(prepared.raw.times.len());
    (share > RHYTHM_IN_DOUBT).then(|| {
        Warning::new(
            "legs_unclear",
            format!(
                "the left and the right leg could not be told apart well: in {:.0} % of the frames it is not sure which is which, so cadence and strides may be wrong",
                100.0 * share
            ),
            "film in good light and use the original file; legs of different colours help",
        )
    })
}

/// Said of each arm whose elbow was not measured for that; of one that the body hides the model's guess points anywhere.
fn arms(prepared: &Prepared) -> Option<Warning> {
    let arms = Side::BOTH.into_iter().zip(InPlane::of(&prepared.movement.points));
    let is_seen = |side: Side| {
        let elbow = prepared.raw.points.limb(LimbPoint::Elbow, side);
        let seen = elbow.iter().flatten().filter(|s| s.confidence.value() >= SEEN_CONFIDENCE).count();
        2 * seen > elbow.present().count()
    };
    let hidden: Vec<&str> = arms
        .filter(|(side, arm)| arm.is_some_and(InPlane::hides_the_elbow) && is_seen(*side))
        .map(|(side, _)| side.name())
        .collect();
    (!hidden.is_empty()).then(|| {
        let (arms, point) = if hidden.len() > 1 { ("arms", "point") } else { ("arm", "points") };
        Warning::new(
            "elbow_foreshortened",
            format!(
                "the {} {arms} {point} too much toward or away from the camera: the elbow's angle is not measured",
                hidden.join(" and ")
            ),
            "a view from the side shows only arms that swing forward and back; nothing else depends on this",
        )
    })
}
