//! From a recording and a track to the athlete's movement: every step in its order, each reporting what it did.

use crate::camera::levelling::{Arc, Levelling, follows};
use crate::camera::motion::{CameraChoice, CameraMotion, Stabilisation};
use crate::camera::perspective::{self, Moving, ObliqueWay, Perspective, Standpoint, View};
use crate::camera::roll::{self, Roll};
use crate::camera::scale::{self, LEG_PER_STATURE, Scale, ScaleChoice};
use crate::camera::yaw::usual_focal_px;
use crate::camera::{CameraReport, belt, yaw};
use crate::frame::Warning;
use crate::geometry::{Ground, Image, Point, Similarity};
use crate::kinematics::along::Along;
use crate::kinematics::angles::{Neck, angles};
use crate::kinematics::cuts::{self, Cut};
use crate::kinematics::elbow;
use crate::kinematics::facing::{self, FacingVote};
use crate::kinematics::foreshortening::{self, InPlane};
use crate::kinematics::frame_map::FrameMap;
use crate::kinematics::framing::Framing;
use crate::kinematics::ground::{Grounded, grounded};
use crate::kinematics::joint_centres::{self, JointCentres, Offsets, is_corrected};
use crate::kinematics::movement::{Facing, Movement, Points};
use crate::kinematics::turns::{self, Turns};
use crate::kinematics::uncertainty::{self, Conditions};
use crate::kinematics::warnings;
use crate::observation::{Recording, TrackId};
use crate::signal::butterworth::low_pass;
use crate::signal::cutoff::Cutoff;
use crate::signal::gaps;
use crate::signal::gate::{self, ConfidenceGate};
use crate::signal::gather::{RawTrack, gather};
use crate::signal::left_right::{self, LeftRight, LeftRightReport};
use crate::signal::outliers::{self, Dropped};
use crate::signal::resample::{frame_positions, time_base, to_even, usual_step};
use crate::signal::series::{Series, TimeBase};
use crate::signal::statistics::median;
use crate::skeleton::{Keypoint, LimbPoint};
use crate::units::{Hertz, Radians, Seconds};

/// Choices for the way from keypoints to angles; the default suits every exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MotionSettings {
    /// Confidence limits; none takes those of the model.
    pub gate: Option<ConfidenceGate>,
    /// Whether exchanged legs and arms are put right.
    pub left_right: LeftRight,
    /// The low-pass.
    pub cutoff: Cutoff,
    /// Landmarks or joint centres.
    pub joint_centres: JointCentres,
    /// What to believe of the camera's motion.
    pub camera: CameraChoice,
    /// Whether an oblique way is laid flat.
    pub oblique: ObliqueWay,
    /// What is known of sizes.
    pub scale: ScaleChoice,
}

/// How many samples each rule dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// For want of confidence.
    pub confidence: usize,
    /// As outliers.
    pub outliers: Dropped,
}

/// The movement and everything worth knowing about how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// What gait and metrics work on.
    pub movement: Movement,
    /// What the model saw, per frame, in the picture, px: before any repair or filter.
    pub raw: RawTrack,
    /// Samples against frames.
    pub frames: FrameMap,
    /// Sides put right.
    pub left_right: LeftRightReport,
    /// What the picture's edge cut off.
    pub framing: Framing,
    /// Samples dropped.
    pub rejected: Rejected,
    /// The vote on facing.
    pub facing: FacingVote,
    /// The camera.
    pub camera: CameraReport,
    /// Sizes.
    pub scale: Scale,
    /// The cut-off that was used.
    pub cutoff: Hertz,
    /// The joint-centre offsets that were applied, if any.
    pub offsets: Option<Offsets>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Everything from keypoints to filtered points and angles, in the order: camera, left and right, cut off, confidence, outliers,
/// gaps, even samples, arc and roll, low-pass, perspective, turns and facing, joint centres, angles. Cannot fail: what is not
/// there is missing.
#[must_use]
pub fn prepare(recording: &Recording, track: TrackId, settings: &MotionSettings) -> Prepared {
    let raw = gather(recording, track);
    let Grounded { stable, carried, assumed, mut points } = grounded(&raw, recording, settings.camera);
    let left_right = sided(&raw.times, &mut points, settings);
    let framing = framed(&points, &stable, recording);
    let rejected = clean(&raw.times, &mut points, recording, settings);
    let time = time_base(&raw.times);
    let even = evened(&raw.times, &points, &time);
    let along = Along::of(&even);
    let unbent = Levelling {
        roll: Radians(0.0),
        arc: Arc::of(&stable, recording.clip.size, along.ends()),
        centre: centre(recording),
    };
    let sway = stable.reach_px(recording.clip.size);
    let view = View {
        camera: if carried.is_some() { Moving::Along } else { moving(&stable, recording, &along) },
        hips_under_horizon_px: hips_under_horizon(&raw, unbent),
        focal_px: usual_focal_px(recording.clip.size),
        axis_px: f64::midpoint(sway.0, sway.1),
        axis_sd_px: (sway.1 - sway.0) / EVEN_SPREAD,
    };
    let roll = measured_roll(&levelled(&even, &unbent, &along), &time, view);
    let levelling = Levelling { roll: roll.map_or(Radians(0.0), Roll::to_remove), ..unbent };
    let even = levelled(&even, &levelling, &along);
    let cutoff = settings.cutoff.resolve(&even, time.rate);
    let smooth = even.map(|_, s| low_pass(s, time.rate, cutoff));
    let perspective = measured_perspective(&smooth, view);
    let perspective = match settings.oblique {
        ObliqueWay::Flattened => perspective,
        ObliqueWay::AsSeen => perspective.as_seen(),
    };
    let turns = turns::find(&smooth, time.rate);
    let vote = facing::vote(&turns.mirror(&smooth));
    let offsets = Some(settings.joint_centres)
        .filter(|j| *j == JointCentres::Anatomical)
        .and_then(|_| Offsets::of_model(&recording.pose_model.name));
    let neck = neck_of(&even, offsets, recording);
    let positions = frame_positions(&raw.times, &time);
    let mut movement = movement(
        Placed {
            time,
            smooth,
            even,
            turns,
            cuts: cuts::find(&raw, &positions, recording.clip.size),
            perspective,
            standpoint: standpoint(&perspective, view, recording),
            motion: stable.motion,
        },
        vote.facing,
        offsets,
        neck,
    );
    framing.drop_angles(&mut movement.angles, &positions);
    let scale = scale::estimate(&movement.points, flat_line(settings.scale, &movement.perspective));
    let camera = CameraReport {
        motion: stable.motion,
        carried,
        roll,
        roll_removed: levelling.roll,
        perspective,
        yaw: vote.facing.and_then(|_| yaw_of(&raw, &movement, recording)),
        person_height_px: scale.leg_length_px.map(|leg| leg / LEG_PER_STATURE),
    };
    let levels = positions.iter().map(|&p| levelling.at(along.at(p)));
    let frames = FrameMap {
        image_from_ground: levels
            .zip(&stable.ground_from_image)
            .map(|(l, g)| l.after(*g).inverse())
            .collect(),
        positions,
        times: raw.times.clone(),
    };
    let mut out = Prepared {
        movement,
        raw,
        frames,
        left_right,
        framing,
        rejected,
        facing: vote,
        camera,
        scale,
        cutoff,
        offsets,
        warnings: Vec::new(),
    };
    out.movement.leg_error_factor = uncertainty::leg_error_factor(&recording.pose_model.name);
    out.movement.hidden_legs_are_wrong = uncertainty::hidden_legs_are_wrong(&recording.pose_model.name);
    out.movement.angle_uncertainty =
        uncertainty::of_angles(&out.movement.angles, &conditions(&out, recording));
    out.warnings = warnings::of(&out);
    out.warnings.extend(warnings::cutoff(settings.cutoff, &out));
    out.warnings.extend(assumed.then(warnings::camera_assumed_static));
    out
}

fn sided(times: &[Seconds], points: &mut Points, settings: &MotionSettings) -> LeftRightReport {
    match settings.left_right {
        LeftRight::Repair => left_right::repair(times, points),
        LeftRight::Keep => LeftRightReport::default(),
    }
}

/// The width of an even spread over its standard deviation: the root of 12.
const EVEN_SPREAD: f64 = 3.464;

/// Of keypoints of other tools the size of their picture may have been guessed.
fn picture_is_known(recording: &Recording) -> bool {
    recording.detector.is_some()
}

fn standpoint(perspective: &Perspective, view: View, recording: &Recording) -> Option<Standpoint> {
    perspective.standpoint(view).filter(|_| picture_is_known(recording))
}

fn framed(points: &Points, stable: &Stabilisation, recording: &Recording) -> Framing {
    if picture_is_known(recording) {
        Framing::of(points, &stable.ground_from_image, recording.clip.size)
    } else {
        Framing::default()
    }
}

/// Drops what cannot be believed.
fn clean(
    times: &[Seconds],
    points: &mut Points,
    recording: &Recording,
    settings: &MotionSettings,
) -> Rejected {
    let gate = settings.gate.unwrap_or_else(|| ConfidenceGate::of(&recording.pose_model.name));
    Rejected { confidence: gate::apply(points, &gate), outliers: outliers::reject(times, points) }
}

/// Of points that we corrected before, the neck was estimated then.
fn neck_of(points: &Points, offsets: Option<Offsets>, recording: &Recording) -> Neck {
    let models_own = points.get(Keypoint::Neck).present().next().is_some();
    let estimated = (offsets.is_some() && !models_own) || is_corrected(&recording.pose_model.name);
    if estimated { Neck::Estimated } else { Neck::Model }
}

/// Level, even points, before and after the low-pass, as they were seen.
struct Placed {
    time: TimeBase,
    smooth: Points,
    even: Points,
    turns: Turns,
    cuts: Vec<Cut>,
    perspective: Perspective,
    standpoint: Option<Standpoint>,
    motion: CameraMotion,
}

/// Joint centres and angles; uncertainties are left for when the camera is known.
fn movement(placed: Placed, facing: Option<Facing>, offsets: Option<Offsets>, neck: Neck) -> Movement {
    let centred = |points: Points| match (offsets, facing) {
        (Some(offsets), Some(facing)) => joint_centres::correct(&points, facing, offsets),
        _ => points,
    };
    let Placed { perspective, turns, .. } = placed;
    let flat = |points: &Points| centred(turns.mirror(&perspective.flatten(points)));
    let (points, unfiltered) = (flat(&placed.smooth), flat(&placed.even));
    let mut angles = angles(&points, facing, neck);
    elbow::bend_forward(&mut angles);
    foreshortening::drop_elbows(&mut angles, InPlane::of(&points));
    Movement {
        time: placed.time,
        angles,
        points,
        unfiltered,
        facing,
        turns,
        cuts: placed.cuts,
        perspective,
        standpoint: placed.standpoint,
        angle_uncertainty: Vec::new(),
        leg_error_factor: 1.0,
        hidden_legs_are_wrong: false,
        ground_is_fixed: placed.motion.ground_is_fixed(),
    }
}

fn measured_roll(even: &Points, time: &TimeBase, view: View) -> Option<Roll> {
    let leg = scale::estimate(even, ScaleChoice::None).leg_length_px;
    let leg = leg.filter(|_| view.camera != Moving::Unknown)?;
    let perspective = measured_perspective(even, view).unstretched();
    let flat = perspective.flatten(even);
    let flat = roll::estimate(&flat, time.rate, leg).or_else(|| belt::estimate(&flat, time.rate, leg))?;
    Some(Roll { uncertainty: Radians(flat.uncertainty.0.hypot(perspective.roll_uncertainty)), ..flat })
}

fn measured_perspective(points: &Points, view: View) -> Perspective {
    let leg = scale::estimate(points, ScaleChoice::None).leg_length_px;
    leg.map_or(Perspective::NONE, |leg| perspective::estimate(points, leg, view))
}

fn moving(stable: &Stabilisation, recording: &Recording, along: &Along) -> Moving {
    if !stable.motion.ground_is_fixed() {
        return Moving::Unknown;
    }
    if follows(stable, recording.clip.size, along.ends()) { Moving::Follows } else { Moving::Stands }
}

/// A known length lies in the plane of movement and is laid flat with it.
fn flat_line(choice: ScaleChoice, perspective: &Perspective) -> ScaleChoice {
    let ScaleChoice::Line { from, to, metres } = choice else { return choice };
    if perspective.is_none() {
        return choice;
    }
    let flat = |p: Point<Image>| {
        let flat = perspective.flat(Point::new(p.x, p.y));
        Point::new(flat.x, flat.y)
    };
    ScaleChoice::Line { from: flat(from), to: flat(to), metres }
}

fn conditions(prepared: &Prepared, recording: &Recording) -> Conditions {
    let frames = prepared.raw.times.len();
    Conditions {
        facing: prepared.movement.facing,
        feet_cut: prepared.framing.feet_cut,
        legs_in_doubt: prepared.left_right.legs_in_doubt(frames),
        arms_in_doubt: prepared.left_right.arms_in_doubt(frames),
        arms: InPlane::of(&prepared.movement.points),
        yaw: prepared.camera.yaw,
        roll_left: prepared.camera.roll.map_or(UNKNOWN_ROLL, |r| r.uncertainty),
        landmarks_only: prepared.offsets.is_none() && !is_corrected(&recording.pose_model.name),
        leg_error_factor: prepared.movement.leg_error_factor,
        person_height_px: prepared.camera.person_height_px,
    }
}

/// A phone propped up or held by hand is level to a degree or two; used when nothing tells: a default.
const UNKNOWN_ROLL: Radians = Radians(0.026);

fn turned(turn: Similarity, p: Point<Ground>) -> Point<Ground> {
    let q = turn.apply(Point::new(p.x, p.y));
    Point::new(q.x, q.y)
}

/// Gaps filled and samples even.
fn evened(times: &[Seconds], points: &Points, base: &TimeBase) -> Points {
    let step = Seconds(usual_step(times).unwrap_or(base.step().0));
    points.map(|_, series| to_even(times, &gaps::fill(times, step, series), base))
}

/// How far the hips are under the horizon as a rule, px; none where nothing tells.
fn hips_under_horizon(raw: &RawTrack, unbent: Levelling) -> Option<f64> {
    let hips = raw.points.middle(LimbPoint::Hip);
    let under_middle = median(hips.present().map(|(_, p)| p.y - unbent.centre.y))?;
    unbent.arc.under_horizon_px(under_middle)
}

fn centre(recording: &Recording) -> Point<Image> {
    let size = recording.clip.size;
    Point::new(f64::from(size.width) / 2.0, f64::from(size.height) / 2.0)
}

fn levelled(even: &Points, levelling: &Levelling, along: &Along) -> Points {
    let levels: Vec<Similarity> = along.places().iter().map(|&x| levelling.at(x)).collect();
    even.map(|_, series| {
        Series::new(
            series.iter().zip(&levels).map(|(s, &level)| s.map(|s| s.map(|p| turned(level, p)))).collect(),
        )
    })
}

fn yaw_of(raw: &RawTrack, movement: &Movement, recording: &Recording) -> Option<yaw::Yaw> {
    let size = recording.clip.size;
    let even = raw.points.map(|_, series| to_even(&raw.times, series, &movement.time));
    let facing = |i| movement.facing_at(i).map_or(0.0, Facing::sign);
    let shoulders = yaw::estimate(&even, movement.time.rate, facing, size);
    yaw::together(shoulders, &movement.perspective, size)
}
