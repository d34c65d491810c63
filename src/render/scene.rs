//! What is shown when: from an analysis to the content of each annotated frame. Pure; how it looks is `overlay`'s business.

use super::caption;
use super::overlay::{Corner, Knee, Label, Moment, OverlayFrame, Tone, Trunk};
use crate::analysis::Athlete;
use crate::findings::{Finding, Status};
use crate::frame::PixelSize;
use crate::gait::stride::{Event, EventKind, EventMethod, Gait, Stride};
use crate::geometry::{Bounds, Image};
use crate::kinematics::at_frames::Plane;
use crate::kinematics::movement::{Angles, Facing, Points};
use crate::kinematics::prepare::Prepared;
use crate::signal::series::{Sample, Source};
use crate::skeleton::{Angle, Joint, Keypoint, Side};
use crate::technique::rule::Band;
use crate::units::{Radians, Seconds};

/// How long a number that belongs to a moment stays for whoever watches: two digits and a word are read in half a second.
const HOLD: Seconds = Seconds(0.6);
/// A moment is over before the next frame of any clip: at 240 frames/s it comes after 0.004 s.
const MOMENT: Seconds = Seconds(0.002);
/// Faults shown at once; more are not read.
const FAULTS: usize = 2;
/// The metric whose target is the band of the trunk.
const TRUNK_METRIC: &str = "trunk_mean_deg";
/// Part of the picture that the lines of faults may take in a corner, as shares of width and height.
const FAULT_ROOM: (f64, f64) = (0.6, 0.22);
/// Corners for faults, the best first.
const FAULT_CORNERS: [Corner; 3] = [Corner::BottomLeft, Corner::BottomRight, Corner::TopLeft];

/// What is shown in each frame of a clip.
#[derive(Clone, Debug)]
pub struct Scene {
    times: Vec<Seconds>,
    points: Points<Image>,
    trunk: Vec<Option<Sample<Radians>>>,
    band: Option<Band>,
    facing: Vec<Option<Facing>>,
    /// How upright and leans look in each frame's picture.
    planes: Vec<Plane>,
    knees: Vec<Held>,
    contacts: Vec<Contact>,
    gait: Gait,
    faults: Vec<Fault>,
    fault_corner: Corner,
    name: Option<String>,
}

/// A knee's angle at a moment, and how long it is shown.
#[derive(Clone, Copy, Debug)]
struct Held {
    from: Seconds,
    /// When its frame is shown.
    at: Seconds,
    to: Seconds,
    knee: Knee,
}

/// A foot on the ground.
#[derive(Clone, Copy, Debug)]
struct Contact {
    side: Side,
    from: Seconds,
    to: Seconds,
}

/// A fault: each time it happens, in order, with its words.
#[derive(Clone, Debug)]
struct Fault(Vec<Told>);

#[derive(Clone, Debug)]
struct Told {
    from: Seconds,
    to: Seconds,
    /// When it shows best.
    at: Seconds,
    words: String,
}

impl Fault {
    /// What is told at `time`; of the overlapping strides of both sides that of the one that shows it nearest to then.
    fn at(&self, time: Seconds) -> Option<&str> {
        let away = |told: &&Told| (told.at - time).0.abs();
        let now = self.0.iter().filter(|t| within(time, t.from, t.to));
        now.min_by(|a, b| away(a).total_cmp(&away(b))).map(|t| t.words.as_str())
    }
}

impl Scene {
    /// Of a clip whose pictures are `size`, watched at `stretch` seconds per second of the clip: 2 at half speed.
    #[must_use]
    pub fn new(athlete: &Athlete, size: PixelSize, stretch: f64) -> Self {
        let prepared = &athlete.prepared;
        let times = prepared.frames.times.clone();
        let angles = prepared.angles_at_frames();
        let points = prepared.points_at_frames();
        let faults = faults(&athlete.judgement.assessment.findings, &athlete.gait.strides);
        let fault_corner = quietest(&points, &times, &faults, size);
        Self {
            trunk: angles.get(Angle::Trunk).iter().collect(),
            band: athlete.judgement.target(TRUNK_METRIC),
            facing: facing(prepared),
            planes: prepared.planes(),
            knees: held(&athlete.gait.events, &angles, &times, Seconds(HOLD.0 / stretch)),
            contacts: contacts(&athlete.gait.events),
            gait: athlete.gait.clone(),
            faults,
            fault_corner,
            points,
            times,
            name: None,
        }
    }

    /// For a picture of one moment: a knee's angle is shown in the frame of its landing or push-off alone.
    #[must_use]
    pub fn still(mut self) -> Self {
        for held in &mut self.knees {
            held.to = Seconds(held.from.0.max(held.at.0) + MOMENT.0);
        }
        self
    }

    /// With a line that tells it from another clip beside it.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Time of each frame, from the clip's first.
    #[must_use]
    pub fn times(&self) -> &[Seconds] {
        &self.times
    }

    /// The strides, to put another clip in step with.
    #[must_use]
    pub fn gait(&self) -> &Gait {
        &self.gait
    }

    /// What is shown in a frame; none where the clip has no such frame.
    #[must_use]
    pub fn frame(&self, index: usize) -> Option<OverlayFrame> {
        let time = *self.times.get(index)?;
        let at = Keypoint::ALL.map(|keypoint| self.points.get(keypoint).get(index));
        let trunk = self.trunk.get(index).copied().flatten();
        let angle_deg = trunk.map(|angle| angle.value.to_degrees());
        Some(OverlayFrame {
            trunk: angle_deg.map(|angle_deg| Trunk { angle_deg, band: self.band }),
            facing: self.facing.get(index).copied().flatten(),
            plane: self.planes.get(index).copied().unwrap_or(Plane::SQUARE),
            knees: self.knees.iter().filter(|k| within(time, k.from, k.to)).map(|k| k.knee).collect(),
            in_contact: self.contacts.iter().filter(|c| within(time, c.from, c.to)).map(|c| c.side).collect(),
            labels: self.labels(time),
            ..OverlayFrame::new(&at, time)
        })
    }

    fn labels(&self, time: Seconds) -> Vec<Label> {
        let name = self.name.clone().map(|text| Label { corner: Corner::TopLeft, text, tone: Tone::Plain });
        let stride = caption::stride(&self.gait.strides, time);
        let stride = stride.map(|text| Label { corner: Corner::TopRight, text, tone: Tone::Plain });
        let fault =
            |words: &str| Label { corner: self.fault_corner, text: words.to_owned(), tone: Tone::Fault };
        let faults = self.faults.iter().filter_map(|f| f.at(time)).take(FAULTS).map(fault);
        name.into_iter().chain(stride).chain(faults).collect()
    }
}

/// Which way the athlete faces in each frame: those who turn round face both ways in one clip.
fn facing(prepared: &Prepared) -> Vec<Option<Facing>> {
    let at = |position: &f64| prepared.movement.facing_at(position.round().max(0.0) as usize);
    prepared.frames.positions.iter().map(at).collect()
}

fn within(time: Seconds, from: Seconds, to: Seconds) -> bool {
    from <= time && time < to
}

/// The knee of the foot that lands or leaves, from the frame nearest to the event on, until `hold` is over or the same foot's
/// next event comes. Events told from the thighs alone are too vague for an angle at a moment.
fn held(events: &[Event], angles: &Angles, times: &[Seconds], hold: Seconds) -> Vec<Held> {
    let of = |event: &Event| {
        let frame = nearest(times, event.time)?;
        let flexion = angles.get(Angle::joint(Joint::Knee, event.side)).get(frame)?;
        let moment = match event.kind {
            EventKind::InitialContact => Moment::Landing,
            EventKind::TerminalContact => Moment::PushOff,
        };
        let flexion_deg = flexion.value.to_degrees();
        let is_sure = flexion.source == Source::Measured;
        let from = Seconds(times[frame].0.min(event.time.0));
        let knee = Knee { side: event.side, moment, flexion_deg, is_sure };
        Some(Held { from, at: times[frame], to: from + hold, knee })
    };
    let mut held: Vec<Held> =
        events.iter().filter(|e| e.method != EventMethod::ThighClock).filter_map(of).collect();
    for i in 0..held.len() {
        let (before, after) = held.split_at_mut(i + 1);
        let one = &mut before[i];
        if let Some(next) = after.iter().find(|h| h.knee.side == one.knee.side) {
            one.to = Seconds(one.to.0.min(next.from.0));
        }
    }
    held
}

/// From each landing to the same foot's next leaving; one without the other shows nothing.
fn contacts(events: &[Event]) -> Vec<Contact> {
    let of_side = |side: Side| {
        let mut landed = None;
        events.iter().filter(move |e| e.side == side).filter_map(move |event| {
            let is_vague = event.method == EventMethod::ThighClock;
            match event.kind {
                EventKind::InitialContact => {
                    landed = (!is_vague).then_some(event.time);
                    None
                }
                EventKind::TerminalContact => {
                    let from = landed.take().filter(|_| !is_vague)?;
                    Some(Contact { side, from, to: event.time })
                }
            }
        })
    };
    Side::BOTH.into_iter().flat_map(of_side).collect()
}

/// The faults found, the worst first, each with its strides; where it is counted in none, with the stretch that shows it.
fn faults(findings: &[Finding], strides: &[Stride]) -> Vec<Fault> {
    let mut found: Vec<&Finding> = findings.iter().filter(|f| f.status == Status::Found).collect();
    // Stable: among equals the order of importance stays.
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    // One line for each fault, though several rules may have found it.
    let mut said: Vec<&str> = Vec::new();
    found.retain(|f| {
        !said.contains(&f.fault.as_str()) && {
            said.push(&f.fault);
            true
        }
    });
    let fault = |finding: &Finding| {
        let counted = finding.strides.iter().zip(&finding.moments);
        let counted = counted.filter_map(|(i, at)| Some((strides.get(*i)?, *at)));
        let words = |s: &Stride| caption::fault(finding, Some(s));
        let mut told: Vec<Told> =
            counted.map(|(s, at)| Told { from: s.start, to: s.end, at, words: words(s) }).collect();
        if told.is_empty() {
            let words = caption::fault(finding, None);
            told.extend(finding.evidence.map(|e| Told { from: e.start, to: e.end, at: e.at, words }));
        }
        Fault(told)
    };
    found.into_iter().map(fault).collect()
}

/// The corner in which lines of faults hide the least of the athlete over the whole clip.
fn quietest(points: &Points<Image>, times: &[Seconds], faults: &[Fault], size: PixelSize) -> Corner {
    let during: Vec<usize> =
        (0..times.len()).filter(|&i| faults.iter().any(|f| f.at(times[i]).is_some())).collect();
    let hidden = |corner: &Corner| {
        let room = room(*corner, size);
        let inside = |&i: &usize| {
            let in_room = |k: &Keypoint| points.get(*k).value(i).is_some_and(|p| room.contains(p));
            Keypoint::ALL.iter().filter(|k| in_room(k)).count()
        };
        during.iter().map(inside).sum::<usize>()
    };
    FAULT_CORNERS.into_iter().min_by_key(hidden).unwrap_or(FAULT_CORNERS[0])
}

fn room(corner: Corner, size: PixelSize) -> Bounds {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let (wide, high) = (width * FAULT_ROOM.0, height * FAULT_ROOM.1);
    let (left, right) = match corner {
        Corner::TopLeft | Corner::BottomLeft => (0.0, wide),
        Corner::TopRight | Corner::BottomRight => (width - wide, width),
    };
    let (top, bottom) = match corner {
        // The legend stands there too.
        Corner::TopLeft | Corner::TopRight => (0.0, 1.5 * high),
        Corner::BottomLeft | Corner::BottomRight => (height - high, height),
    };
    Bounds { left, top, right, bottom }
}

fn nearest(times: &[Seconds], time: Seconds) -> Option<usize> {
    let after = times.partition_point(|t| t.0 < time.0);
    let away = |i: &usize| (times[*i] - time).0.abs();
    [after.checked_sub(1), (after < times.len()).then_some(after)]
        .into_iter()
        .flatten()
        .min_by(|a, b| away(a).total_cmp(&away(b)))
}

#[cfg(test)]
mod tests;
