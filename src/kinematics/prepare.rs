//! From a recording and a track to the athlete's movement: every step in its order, each reporting what it did.

use crate::camera::motion::{CameraChoice, stabilise};
use crate::camera::roll::{self, Roll};
use crate::camera::scale::{self, LEG_PER_STATURE, Scale, ScaleChoice};
use crate::camera::{CameraReport, yaw};
use crate::frame::Warning;
use crate::geometry::{Ground, Image, Point, Similarity, Vector};
use crate::kinematics::angles::{Neck, angles};
use crate::kinematics::elbow;
use crate::kinematics::facing::{self, FacingVote};
use crate::kinematics::joint_centres::{self, JointCentres, Offsets, is_blazepose};
use crate::kinematics::movement::{Angles, Facing, Movement, Points};
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
use crate::signal::resample::{at_position, frame_positions, time_base, to_even, usual_step};
use crate::signal::series::{Series, TimeBase};
use crate::skeleton::{Angle, Keypoint};
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
    /// What is known of sizes.
    pub scale: ScaleChoice,
}

/// What the samples and the frames have to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameMap {
    /// Presentation timestamp of every frame.
    pub times: Vec<Seconds>,
    /// Where each frame lies among the samples, mostly whole numbers.
    pub positions: Vec<f64>,
    /// Takes points of the ground frame to the picture of each frame.
    pub image_from_ground: Vec<Similarity>,
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

impl Prepared {
    /// Every angle at every frame, for `angles.csv`.
    #[must_use]
    pub fn angles_at_frames(&self) -> Angles {
        let mut out = Angles::missing(self.frames.times.len());
        for angle in Angle::ALL {
            let series = self.movement.angles.get(angle);
            out.set(angle, self.frames.at_frames(series, |a, b, share| Radians(a.0 + (b.0 - a.0) * share)));
        }
        out
    }

    /// The filtered joint positions at every frame, in that frame's picture, px, for `keypoints.csv` and the overlay.
    #[must_use]
    pub fn points_at_frames(&self) -> Points<Image> {
        self.movement.points.map(|_, series| {
            let ground = self.frames.at_frames(series, Point::towards);
            Series::new(
                ground
                    .iter()
                    .zip(&self.frames.image_from_ground)
                    .map(|(s, back)| s.map(|s| s.map(|p| back.apply(Point::new(p.x, p.y)))))
                    .collect(),
            )
        })
    }
}

impl FrameMap {
    fn at_frames<T: Copy>(&self, series: &Series<T>, mix: impl Fn(T, T, f64) -> T) -> Series<T> {
        Series::new(self.positions.iter().map(|&p| at_position(series, p, &mix)).collect())
    }
}

/// Everything from keypoints to filtered points and angles, in the order: camera, left and right, confidence, outliers,
/// gaps, even samples, roll, low-pass, facing, joint centres, angles. Cannot fail: what is not there is missing.
#[must_use]
pub fn prepare(recording: &Recording, track: TrackId, settings: &MotionSettings) -> Prepared {
    let raw = gather(recording, track);
    let camera = stabilise(&recording.frames, recording.clip.size, settings.camera);
    let mut points = on_ground(&raw.points, &camera.ground_from_image);
    let left_right = match settings.left_right {
        LeftRight::Repair => left_right::repair(&raw.times, &mut points),
        LeftRight::Keep => LeftRightReport::default(),
    };
    let blazepose = is_blazepose(&recording.pose_model.name);
    let model_gate = if blazepose { ConfidenceGate::blazepose() } else { ConfidenceGate::standard() };
    let rejected = Rejected {
        confidence: gate::apply(&mut points, &settings.gate.unwrap_or(model_gate)),
        outliers: outliers::reject(&raw.times, &mut points),
    };
    let time = time_base(&raw.times);
    let even = evened(&raw.times, &points, &time);
    let scale_before = scale::estimate(&even, ScaleChoice::None);
    let roll = (camera.motion.ground_is_fixed())
        .then(|| scale_before.leg_length_px.and_then(|leg| roll::estimate(&even, time.rate, leg)))
        .flatten();
    let removed = roll.map_or(Radians(0.0), Roll::to_remove);
    let turn = level(removed, recording);
    let unfiltered = even.map(|_, s| s.map(|p| on_ground_point(turn, p)));
    let cutoff = settings.cutoff.resolve(&unfiltered, time.rate);
    let filtered = unfiltered.map(|_, s| low_pass(s, time.rate, cutoff));
    let vote = facing::vote(&filtered);
    let offsets = match settings.joint_centres {
        JointCentres::Anatomical => Offsets::of_model(&recording.pose_model.name),
        JointCentres::Landmarks => None,
    };
    let models_own = unfiltered.get(Keypoint::Neck).present().next().is_some();
    let neck = if offsets.is_some() && !models_own { Neck::Estimated } else { Neck::Model };
    let centred = |points: Points| match (offsets, vote.facing) {
        (Some(offsets), Some(facing)) => joint_centres::correct(&points, facing, offsets),
        _ => points,
    };
    let (filtered, unfiltered) = (centred(filtered), centred(unfiltered));
    let scale = scale::estimate(&filtered, settings.scale);
    let view = vote.facing.and_then(|facing| view(&raw, &time, facing, recording));
    let person_height_px = scale.leg_length_px.map(|leg| leg / LEG_PER_STATURE);
    let mut angles = angles(&filtered, vote.facing, neck);
    elbow::bend_forward(&mut angles);
    let conditions = Conditions {
        facing: vote.facing,
        yaw: view,
        roll_left: roll.map_or(UNKNOWN_ROLL, |r| r.uncertainty),
        person_height_px,
    };
    let frames = FrameMap {
        positions: frame_positions(&raw.times, &time),
        image_from_ground: camera.ground_from_image.iter().map(|g| turn.after(*g).inverse()).collect(),
        times: raw.times.clone(),
    };
    let mut out = Prepared {
        movement: Movement {
            time,
            angle_uncertainty: uncertainty::of_angles(&angles, &conditions),
            points: filtered,
            unfiltered,
            facing: vote.facing,
            angles,
            ground_is_fixed: camera.motion.ground_is_fixed(),
        },
        raw,
        frames,
        left_right,
        rejected,
        facing: vote,
        camera: CameraReport {
            motion: camera.motion,
            roll,
            roll_removed: removed,
            yaw: view,
            person_height_px,
        },
        scale,
        cutoff,
        offsets,
        warnings: Vec::new(),
    };
    out.warnings = warnings::of(&out);
    out
}

/// A phone held or propped by hand, when nothing tells: a default.
const UNKNOWN_ROLL: Radians = Radians(0.026);

fn on_ground(points: &Points<Image>, ground_from_image: &[Similarity]) -> Points {
    points.map(|_, series| {
        let moved = series.iter().zip(ground_from_image).map(|(s, ground)| {
            s.map(|s| {
                s.map(|p| {
                    let q = ground.apply(p);
                    Point::new(q.x, q.y)
                })
            })
        });
        Series::new(moved.collect())
    })
}

fn on_ground_point(turn: Similarity, p: Point<Ground>) -> Point<Ground> {
    let q = turn.apply(Point::new(p.x, p.y));
    Point::new(q.x, q.y)
}

/// Gaps filled and samples even.
fn evened(times: &[Seconds], points: &Points, base: &TimeBase) -> Points {
    let step = Seconds(usual_step(times).unwrap_or(base.step().0));
    points.map(|_, series| to_even(times, &gaps::fill(times, step, series), base))
}

/// Turns the ground by the roll, back to level, about the middle of the picture.
fn level(roll: Radians, recording: &Recording) -> Similarity {
    let size = recording.clip.size;
    let centre = Vector::<Image>::new(f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
    let back = Radians(-roll.0);
    if back.0 == 0.0 {
        return Similarity::IDENTITY;
    }
    Similarity { shift: centre - centre.rotated(back), rotation: back, scale: 1.0 }
}

fn view(raw: &RawTrack, time: &TimeBase, facing: Facing, recording: &Recording) -> Option<yaw::Yaw> {
    let size = recording.clip.size;
    let even = raw.points.map(|_, series| to_even(&raw.times, series, time));
    yaw::estimate(&even, time.rate, facing, f64::from(size.width), f64::from(size.height))
}
