//! What is known of the view, the clip and the athlete, as far as it decides what may be judged.

use super::finding::LoadKnown;
use super::input::Observed;
use super::seen::Seen;
use crate::camera::motion::CameraMotion;
use crate::frame::TimeSource;
use crate::gait::stride::{Direction, Gait, Stride, Travel};
use crate::kinematics::movement::Facing;
use crate::kinematics::prepare::Prepared;
use crate::observation::{Observation, Recording};
use crate::skeleton::Side;
use crate::units::{Hertz, Radians, Seconds};

/// Which side of the body can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occlusion {
    /// Both.
    #[default]
    None,
    /// Only the side turned away from the camera.
    NearSideHidden,
    /// Only the side turned to the camera.
    FarSideHidden,
}

/// A side whose leg is seen less than this is hidden [default].
const SIDE_SEEN: f64 = 0.5;

/// View, clip and athlete.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "plain facts of a clip, each asked by its name")]
pub struct Context {
    /// How many others could as well be the athlete, where the user did not say who it is.
    pub rivals: usize,
    /// Angle between the picture plane and the plane of motion, size only; none where it is not known.
    pub yaw: Option<Radians>,
    /// Camera roll that was found and removed; none where it is not known.
    pub roll: Option<Radians>,
    /// Height of the athlete in the picture, px.
    pub person_height_px: Option<f64>,
    /// The shorter side of the picture, px: its height, where the phone was not held upright.
    pub picture_short_px: f64,
    /// True frames per second.
    pub frame_rate: Hertz,
    /// Share of the frames of strides that count which repeat the one before.
    pub duplicate_share: f64,
    /// Whether times come from the clip or file itself; a guessed constant rate is not enough.
    pub times_are_known: bool,
    /// Whether the ground holds still: a static camera, or its motion was measured and removed.
    pub ground_is_fixed: bool,
    /// Whether the camera turned or walked along, and the athlete's size along the way did not tell how.
    pub turning_left_in: bool,
    /// One standard deviation of the athlete's size at one end of the way against the other, as a share.
    pub size_change_sd: f64,
    /// What contacts and thighs disagree by on when the legs alternate.
    pub contacts_doubted: Seconds,
    /// How many times larger than a good model's the errors of the legs' points are.
    pub leg_error_factor: f64,
    /// Whether the athlete gets nowhere in the longest stretch of stepping: a belt goes as fast as it goes.
    pub in_place: bool,
    /// Whether metres are known.
    pub scale_is_known: bool,
    /// Whether the athlete's facing is known and holds (at least 80 % of the frames agree).
    pub facing_is_known: bool,
    /// Whether the clip looks like slow motion and nobody told at which rate it was filmed.
    pub seems_slow_motion: bool,
    /// Whether it seems to play faster than it was filmed.
    pub seems_fast_motion: bool,
    /// Way of stepping.
    pub direction: Option<Direction>,
    /// Share of samples with both feet seen.
    pub feet_seen_share: f64,
    /// Share of the frames while stepping in which the picture's edge cuts off a foot, of the foot with more of them, 0 to 1.
    pub feet_cut_share: f64,
    /// Share of samples with hips and shoulders seen.
    pub trunk_seen_share: f64,
    /// Share of frames in which it is not sure which leg is which.
    pub legs_in_doubt_share: f64,
    /// Share of its strides' samples in which a leg was seen badly, of the leg with more of them, where that makes it wrong.
    pub leg_hidden_share: f64,
    /// Whether the feet are smeared by a slow shutter.
    pub feet_are_blurred: bool,
    /// Side of the body that is hidden.
    pub occlusion: Occlusion,
    /// The side of the body toward the camera; none where the facing is not known.
    pub near: Option<Side>,
    /// Best arm's swing at the stride frequency.
    pub arm_swing: Option<Radians>,
    /// How well a sine at the stride frequency fits that arm, 0 to 1.
    pub arm_fit: Option<f64>,
    /// Power of the arm at the step frequency over that at the stride frequency.
    pub arm_frequency_ratio: Option<f64>,
    /// Whether the hands hold on: by the exercise, or by the attachment.
    pub hands_hold_on: bool,
    /// Way of stepping that the exercise has.
    pub expected_direction: Option<Direction>,
    /// What is known of the load where no option for it was chosen.
    pub load: LoadKnown,
}

impl Default for Context {
    /// A good view: nothing stands in the way.
    fn default() -> Self {
        Self {
            rivals: 0,
            yaw: Some(Radians(0.0)),
            roll: Some(Radians(0.0)),
            person_height_px: Some(600.0),
            picture_short_px: 1080.0,
            frame_rate: Hertz(60.0),
            duplicate_share: 0.0,
            times_are_known: true,
            ground_is_fixed: true,
            turning_left_in: false,
            size_change_sd: 0.0,
            contacts_doubted: Seconds(0.0),
            leg_error_factor: 1.0,
            in_place: false,
            scale_is_known: true,
            facing_is_known: true,
            seems_slow_motion: false,
            seems_fast_motion: false,
            direction: None,
            feet_seen_share: 1.0,
            feet_cut_share: 0.0,
            trunk_seen_share: 1.0,
            legs_in_doubt_share: 0.0,
            leg_hidden_share: 0.0,
            feet_are_blurred: false,
            occlusion: Occlusion::None,
            near: None,
            arm_swing: None,
            arm_fit: None,
            arm_frequency_ratio: None,
            hands_hold_on: false,
            expected_direction: None,
            load: LoadKnown::Nothing,
        }
    }
}

impl Context {
    /// From what preparing a clip and its gait told.
    #[must_use]
    pub fn of_clip(recording: &Recording, prepared: &Prepared, gait: &Gait) -> Self {
        let seen = Seen::new(prepared, gait);
        let (left, right) = (seen.side(Side::Left), seen.side(Side::Right));
        let near = prepared.movement.facing.map(Facing::near_side);
        let hidden = |side| if side == Side::Left { left < SIDE_SEEN } else { right < SIDE_SEEN };
        let occlusion = match near {
            Some(near) if hidden(near) && !hidden(near.mirror()) => Occlusion::NearSideHidden,
            Some(near) if hidden(near.mirror()) && !hidden(near) => Occlusion::FarSideHidden,
            _ => Occlusion::None,
        };
        let size_change_sd = prepared.camera.perspective.change_sd();
        let longest = gait.longest_set();
        Self {
            yaw: prepared.camera.yaw.map(|y| y.angle),
            roll: prepared.camera.roll.map(|r| r.angle),
            person_height_px: prepared.camera.person_height_px,
            picture_short_px: f64::from(recording.clip.size.width.min(recording.clip.size.height)),
            frame_rate: prepared.movement.time.rate,
            duplicate_share: duplicate_share(&recording.frames, &gait.strides),
            times_are_known: recording.clip.time_source != TimeSource::FrameRate
                || recording.clip.nominal_rate.is_some(),
            ground_is_fixed: prepared.movement.ground_is_fixed,
            turning_left_in: prepared.camera.motion != CameraMotion::Static && size_change_sd.is_none(),
            size_change_sd: size_change_sd.unwrap_or_default(),
            leg_error_factor: prepared.movement.leg_error_factor,
            in_place: longest.is_some_and(|b| b.travel == Travel::InPlace),
            scale_is_known: prepared.scale.metres_per_px.is_some(),
            facing_is_known: prepared.movement.facing.is_some(),
            direction: longest.and_then(|b| b.direction),
            feet_seen_share: seen.feet(),
            feet_cut_share: seen.feet_cut(),
            trunk_seen_share: seen.trunk(),
            legs_in_doubt_share: prepared.left_right.legs_in_doubt(recording.frames.len()),
            occlusion,
            near,
            ..Self::default()
        }
    }

    /// With the arms' swing and rhythm from the metrics, where they are not known yet.
    #[must_use]
    pub fn with_arms(mut self, observed: &Observed) -> Self {
        let values =
            |id: &str| -> Vec<f64> { observed.named(id).into_iter().filter_map(|(_, m)| m.value).collect() };
        let most = |all: Vec<f64>| all.into_iter().max_by(f64::total_cmp);
        let least = |all: Vec<f64>| all.into_iter().min_by(f64::total_cmp);
        self.arm_swing =
            self.arm_swing.or_else(|| most(values("{side}_arm_amplitude_deg")).map(Radians::from_degrees));
        self.arm_frequency_ratio = self.arm_frequency_ratio.or_else(|| least(values("arm_frequency_ratio")));
        self
    }
}

/// Share of the frames of the strides that count which repeat the one before: what a title, or somebody who stands, repeats
/// spoils no time.
fn duplicate_share(frames: &[Observation], strides: &[Stride]) -> f64 {
    let counts =
        |f: &&Observation| strides.iter().any(|s| s.is_valid() && (s.start.0..=s.end.0).contains(&f.time.0));
    let all = frames.iter().filter(counts).count();
    frames.iter().filter(counts).filter(|f| f.duplicate).count() as f64 / all.max(1) as f64
}
