//! What is exactly true of a synthetic athlete: angles at the frames, events, strides, and what they add up to.

use super::body;
use super::camera::Camera;
use super::motion::Motion;
use crate::camera::perspective::Perspective;
use crate::gait::stride::{Bout, Direction, Event, EventKind, EventMethod, Gait, Stride, Travel};
use crate::kinematics::movement::{Angles, Movement, Points};
use crate::kinematics::turns::Turns;
use crate::signal::series::{Sample, Series, Source, TimeBase};
use crate::skeleton::{Angle, Side};
use crate::units::{Confidence, Hertz, Radians, Seconds};

/// Samples of a stride from which extremes are taken.
const FINE_SAMPLES: u32 = 2000;

/// The knee over one stride; both sides do the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KneeTruth {
    /// Flexion at initial contact.
    pub initial_contact: Radians,
    /// Flexion at terminal contact.
    pub terminal_contact: Radians,
    /// Greatest flexion in stance.
    pub peak_stance: Radians,
    /// Greatest flexion in swing.
    pub peak_swing: Radians,
    /// Greatest less least flexion of the stride.
    pub range: Radians,
    /// Greatest flexion in the first half of stance less that at initial contact.
    pub collapse: Radians,
}

/// What is true of a synthetic athlete.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// When the frames are.
    pub time: TimeBase,
    /// Every angle at every frame.
    pub angles: Angles,
    /// Events, strides and the one bout. Yaw, roll and noise change nothing here.
    pub gait: Gait,
    /// Steps per minute.
    pub cadence_steps_per_min: f64,
    /// Speed over what it stands on, leg lengths per second.
    pub speed_leg_per_s: f64,
    /// Step length, leg lengths.
    pub step_length_leg: f64,
    /// Share of the stride that a foot stands.
    pub duty_factor: f64,
    /// Peak-to-peak of the upper arm, left and right.
    pub arm_amplitude: [Radians; 2],
    /// Left arm against right thigh and right arm against left thigh; 0 = moving together.
    pub contralateral_phase: [Radians; 2],
    /// The knee.
    pub knee: KneeTruth,
}

pub(super) fn of(motion: &Motion, time: TimeBase) -> Truth {
    Truth {
        time,
        angles: angles(motion, time),
        gait: gait(motion, time),
        cadence_steps_per_min: motion.cadence_steps_per_min(),
        speed_leg_per_s: motion.speed_leg_per_s,
        step_length_leg: motion.step_length_leg(),
        duty_factor: motion.duty,
        arm_amplitude: motion.arms.amplitude,
        contralateral_phase: motion.arms.phase,
        knee: knee(motion),
    }
}

fn angles(motion: &Motion, time: TimeBase) -> Angles {
    let mut angles = Angles::missing(time.len);
    for angle in Angle::ALL {
        let samples = (0..time.len).map(|i| Some(exact(Radians(value(motion, angle, time.at(i)))))).collect();
        angles.set(angle, Series::new(samples));
    }
    angles
}

fn exact<T>(value: T) -> Sample<T> {
    Sample { value, confidence: Confidence::FULL, source: Source::Measured }
}

fn value(motion: &Motion, angle: Angle, time: Seconds) -> f64 {
    use crate::skeleton::{AngleKind as K, Joint as J, Segment as S};
    let side = angle.side().unwrap_or(Side::Left);
    let trunk = motion.trunk_at(time);
    let leg = motion.leg(side, time);
    let upper_arm = || motion.upper_arm(side, time);
    match angle.kind() {
        K::Segment(S::Trunk) => trunk,
        K::Segment(S::Thigh) => leg.thigh,
        K::Segment(S::Shank) => leg.shank,
        K::Segment(S::Foot) => leg.foot.pitch,
        K::Segment(S::UpperArm) => upper_arm(),
        K::Segment(S::Forearm) => upper_arm() + motion.arms.elbow.0,
        K::Joint(J::Knee) => leg.thigh - leg.shank,
        K::Joint(J::Hip) => leg.thigh + trunk,
        K::Joint(J::Ankle) => leg.foot.pitch - leg.shank,
        K::Joint(J::Shoulder) => upper_arm() + trunk,
        K::Joint(J::Elbow) => motion.arms.elbow.0,
    }
}

fn knee(motion: &Motion) -> KneeTruth {
    let at = |time: Seconds| value(motion, Angle::LeftKnee, time);
    let far = Seconds(3.0 / motion.stride_hz);
    let start = motion.event_times(Side::Left, EventKind::InitialContact, far)[0];
    let stance = motion.duty / motion.stride_hz;
    let peak = |from: f64, to: f64, best: fn(f64, f64) -> f64| {
        let place = |i| Seconds(start.0 + from + (to - from) * f64::from(i) / f64::from(FINE_SAMPLES));
        (0..=FINE_SAMPLES).map(|i| at(place(i))).reduce(best).unwrap_or_default()
    };
    let period = 1.0 / motion.stride_hz;
    let landing = at(start);
    KneeTruth {
        initial_contact: Radians(landing),
        terminal_contact: Radians(at(Seconds(start.0 + stance))),
        peak_stance: Radians(peak(0.0, stance, f64::max)),
        peak_swing: Radians(peak(stance, period, f64::max)),
        range: Radians(peak(0.0, period, f64::max) - peak(0.0, period, f64::min)),
        collapse: Radians(peak(0.0, stance / 2.0, f64::max) - landing),
    }
}

fn gait(motion: &Motion, time: TimeBase) -> Gait {
    let end = time.at(time.len.saturating_sub(1));
    let mut events: Vec<Event> = Side::BOTH
        .into_iter()
        .flat_map(|side| [(side, EventKind::InitialContact), (side, EventKind::TerminalContact)])
        .flat_map(|(side, kind)| {
            motion.event_times(side, kind, end).into_iter().map(move |t| event(t, side, kind))
        })
        .collect();
    events.sort_by(|a, b| a.time.0.total_cmp(&b.time.0).then(a.side.cmp(&b.side)));
    let strides = strides(&events);
    let travel = match (motion.speed_leg_per_s > 0.0, motion.direction) {
        (false, _) => Travel::InPlace,
        (true, Direction::Forward) => Travel::Forward,
        (true, Direction::Backward) => Travel::Backward,
    };
    let bout = Bout {
        start: time.start,
        end,
        stride_frequency: Hertz(motion.stride_hz),
        frequency_uncertainty: Hertz(0.0),
        direction: Some(motion.direction),
        travel,
        unfit: None,
    };
    Gait { bouts: vec![bout], events, strides }
}

fn event(time: Seconds, side: Side, kind: EventKind) -> Event {
    let method = EventMethod::FootSpeed;
    Event { time, uncertainty: Seconds(0.0), side, kind, confidence: Confidence::FULL, method }
}

fn strides(events: &[Event]) -> Vec<Stride> {
    let of = |side: Side, kind: EventKind| {
        events.iter().filter(move |e| e.side == side && e.kind == kind).copied()
    };
    let mut strides: Vec<Stride> = Side::BOTH
        .into_iter()
        .flat_map(|side| {
            let landings: Vec<Event> = of(side, EventKind::InitialContact).collect();
            let pairs: Vec<(Event, Event)> = landings.windows(2).map(|w| (w[0], w[1])).collect();
            pairs.into_iter().filter_map(move |(a, b)| {
                let within = |e: &Event| a.time.0 < e.time.0 && e.time.0 < b.time.0;
                let nearness = |e: &Event| (e.time.0 - a.time.0).abs();
                Some(Stride {
                    index: 0,
                    bout: 0,
                    side,
                    start: a.time,
                    end: b.time,
                    initial_contact: a,
                    terminal_contact: of(side, EventKind::TerminalContact).find(within)?,
                    opposite_terminal: of(side.mirror(), EventKind::TerminalContact)
                        .min_by(|p, q| nearness(p).total_cmp(&nearness(q))),
                    opposite_initial: of(side.mirror(), EventKind::InitialContact).find(within),
                    unfit: None,
                })
            })
        })
        .collect();
    strides.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    for (index, stride) in strides.iter_mut().enumerate() {
        stride.index = index;
    }
    strides
}

/// The movement that a perfect analysis would find.
pub(super) fn movement(motion: &Motion, camera: &Camera, time: TimeBase) -> Movement {
    let mut points = Points::missing(time.len);
    let middle = time.at(time.len / 2);
    for i in 0..time.len {
        for (keypoint, place) in body::keypoints(motion, time.at(i)) {
            let ground = camera.ground(motion, place, time.at(i), middle);
            points.get_mut(keypoint).set(i, Some(exact(ground)));
        }
    }
    Movement {
        time,
        unfiltered: points.clone(),
        points,
        facing: Some(camera.facing),
        turns: Turns::default(),
        cuts: Vec::new(),
        angles: angles(motion, time),
        angle_uncertainty: vec![Radians(0.0); Angle::COUNT],
        leg_error_factor: 1.0,
        hidden_legs_are_wrong: false,
        perspective: Perspective::NONE,
        standpoint: None,
        ground_is_fixed: true,
    }
}
