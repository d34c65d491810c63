//! Events, strides and bouts: the words in which gait is told.

use crate::skeleton::Side;
use crate::units::{Confidence, Hertz, Seconds};

/// The direction of stepping, from the stance foot relative to the pelvis: a treadmill does not fool it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Toward where the athlete faces.
    Forward,
    /// Away from where the athlete faces.
    Backward,
}

impl Direction {
    /// +1 forward, -1 backward.
    #[must_use]
    pub fn sign(self) -> f64 {
        match self {
            Self::Forward => 1.0,
            Self::Backward => -1.0,
        }
    }

    /// As said: "forward" or "backward".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
        }
    }
}

/// Where the athlete goes over the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// Toward where the athlete faces.
    Forward,
    /// Away from where the athlete faces.
    Backward,
    /// Stepping without getting anywhere: a treadmill, or on the spot.
    InPlace,
    /// Not to be told.
    Unknown,
}

impl Travel {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::InPlace => "in_place",
            Self::Unknown => "unknown",
        }
    }
}

/// What happens to a foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// The foot lands.
    InitialContact,
    /// The foot leaves.
    TerminalContact,
}

impl EventKind {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InitialContact => "initial_contact",
            Self::TerminalContact => "terminal_contact",
        }
    }
}

/// How an event was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventMethod {
    /// Heel or toe comes to rest or leaves rest.
    FootSpeed,
    /// The same from the ankle alone.
    AnkleSpeed,
    /// The middle of the swing from the foot's path, how long it lasts from the other foot's.
    OtherFoot,
    /// Extreme of the foot's place relative to the pelvis.
    PelvisRelative,
    /// From the phase of the stride clock alone; approximate.
    ThighClock,
}

impl EventMethod {
    /// The word written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FootSpeed => "foot_speed",
            Self::AnkleSpeed => "ankle_speed",
            Self::OtherFoot => "other_foot",
            Self::PelvisRelative => "pelvis_relative",
            Self::ThighClock => "thigh_clock",
        }
    }
}

/// A foot lands or leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When, between frames where the evidence allows.
    pub time: Seconds,
    /// One standard deviation of `time`.
    pub uncertainty: Seconds,
    /// Which foot.
    pub side: Side,
    /// What happens.
    pub kind: EventKind,
    /// How far to trust it.
    pub confidence: Confidence,
    /// How it was found.
    pub method: EventMethod,
}

/// Why a stride does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfit {
    /// Much shorter or longer than the others.
    OddDuration,
    /// One of its two steps is much shorter than the other: a contact too many or too few.
    OddSteps,
    /// Thighs moved much less than in the others.
    SmallAmplitude,
    /// Too much of it was not seen.
    NotSeen,
    /// The athlete turned during it.
    Turning,
    /// Getting under way.
    StartUp,
    /// Coming to a stop.
    Stopping,
    /// Somebody else was in the way.
    Overlap,
    /// Of a bout in the other direction than the longest set.
    OtherWay,
    /// Of a bout of walking between sets.
    Walking,
    /// Of a part of the clip that plays at another speed.
    OtherSpeed,
}

/// One stride: from an event of a foot to the same event of the same foot.
#[derive(Clone, Debug, PartialEq)]
pub struct Stride {
    /// Place among all strides by start time, from 0.
    pub index: usize,
    /// Which bout it belongs to.
    pub bout: usize,
    /// Whose foot.
    pub side: Side,
    /// Start: initial contact where seen, else the same phase of the stride clock.
    pub start: Seconds,
    /// End: the next such event, and the start of that side's next stride.
    pub end: Seconds,
    /// Initial contact of this side that opens the stride, by whatever method.
    pub initial_contact: Event,
    /// Terminal contact of this side within the stride, by whatever method.
    pub terminal_contact: Event,
    /// Terminal contact of the other side nearest after this side's initial contact, if in or near the stride.
    pub opposite_terminal: Option<Event>,
    /// Initial contact of the other side within the stride.
    pub opposite_initial: Option<Event>,
    /// Why it does not count; none when it does.
    pub unfit: Option<Unfit>,
}

impl Stride {
    /// How long it lasts.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        self.end - self.start
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.unfit.is_none()
    }
}

/// A stretch of continuous stepping in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Bout {
    /// Start.
    pub start: Seconds,
    /// End.
    pub end: Seconds,
    /// Stride frequency (one stride = two steps), with one standard deviation.
    pub stride_frequency: Hertz,
    /// One standard deviation of it.
    pub frequency_uncertainty: Hertz,
    /// Direction of stepping; none where facing or feet do not tell.
    pub direction: Option<Direction>,
    /// Where the athlete goes over the ground.
    pub travel: Travel,
    /// Why none of its strides counts; none where each is judged by itself.
    pub unfit: Option<Unfit>,
}

impl Bout {
    /// How long it lasts.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        self.end - self.start
    }
}

/// All gait of a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gait {
    /// Bouts in time order.
    pub bouts: Vec<Bout>,
    /// Events in time order.
    pub events: Vec<Event>,
    /// Strides in order of start.
    pub strides: Vec<Stride>,
}

/// Two times this near are one, s: a stride ends where the contact that closes it is.
const SAME_TIME_S: f64 = 1e-9;

impl Gait {
    /// The bouts that were not left out as a whole.
    pub fn sets(&self) -> impl Iterator<Item = &Bout> {
        self.bouts.iter().filter(|b| b.unfit.is_none())
    }

    /// The set that lasts longest: which way it goes, the clip's exercise does.
    #[must_use]
    pub fn longest_set(&self) -> Option<&Bout> {
        self.sets().max_by(|a, b| a.duration().0.total_cmp(&b.duration().0))
    }

    /// Leaves out these bouts with all their strides, and tells when they were; none where no stride counted anyway.
    pub fn leave_out(&mut self, bouts: &[usize], why: Unfit) -> Option<String> {
        let mut counted = false;
        for stride in self.strides.iter_mut().filter(|s| bouts.contains(&s.bout)) {
            counted |= stride.is_valid();
            stride.unfit = Some(why);
        }
        for &bout in bouts {
            self.bouts[bout].unfit = Some(why);
        }
        counted.then(|| self.when(bouts))
    }

    /// When bouts are: "from 1.2 to 3.4 s, from 5.0 to 7.1 s".
    #[must_use]
    pub fn when(&self, bouts: &[usize]) -> String {
        let part = |bout: &Bout| format!("from {:.1} to {:.1} s", bout.start.0, bout.end.0);
        bouts.iter().map(|&bout| part(&self.bouts[bout])).collect::<Vec<_>>().join(", ")
    }

    /// Puts the gait of a later part behind it.
    pub fn append(&mut self, mut later: Self) {
        for stride in &mut later.strides {
            stride.bout += self.bouts.len();
        }
        self.bouts.append(&mut later.bouts);
        self.events.append(&mut later.events);
        self.strides.append(&mut later.strides);
    }

    /// The landing of its own foot that closes a stride.
    #[must_use]
    pub fn closing_contact(&self, stride: &Stride) -> Option<&Event> {
        self.events.iter().find(|e| {
            e.side == stride.side
                && e.kind == EventKind::InitialContact
                && (e.time - stride.end).0.abs() < SAME_TIME_S
        })
    }
}
