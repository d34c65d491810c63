//! What a metric is computed from: the movement, the gait and the lengths of the body, seen from one stride or bout.

use super::Scale;
use super::agreement::{self, Doubt};
use super::hidden::Hidden;
use super::statistics;
use super::tracks::Tracks;
use super::travel;
use super::value::{NotMeasured, Reading, Value, firm};
use super::window::Window;
use crate::gait::stride::{Bout, Direction, Event, EventKind, EventMethod, Gait, Stride};
use crate::geometry::{Ground, Point};
use crate::kinematics::movement::{Facing, Movement};
use crate::signal::series::{Series, Source};
use crate::skeleton::{Angle, AngleKind, Joint, LimbPoint, Side};
use crate::units::{Hertz, Radians, Seconds};
use std::cell::OnceCell;

/// Least share of measured samples behind a value of a stride (docs/science.md E: at least 80 % real samples).
const MIN_MEASURED_SHARE: f64 = 0.8;
/// Fewest samples from which an extreme or a mean is taken.
const MIN_SAMPLES: usize = 3;
/// Lengths of segments are this percentile over the clip: foreshortening makes them shorter, never longer (B3).
const LENGTH_PERCENTILE: f64 = 75.0;
/// Two events this near are one, s.
const SAME_TIME_S: f64 = 1e-9;
/// Mid-stance is this share of the contact (F, "When").
const MID_STANCE_SHARE: f64 = 0.5;

/// The movement, the gait and the lengths of the body.
pub(super) struct Context<'a> {
    pub(super) movement: &'a Movement,
    pub(super) gait: &'a Gait,
    pub(super) scale: Scale,
    /// Middle of the hips; one hip where the other is not seen.
    pub(super) mid_hip: Series<Point<Ground>>,
    /// Middle of the shoulders; one shoulder where the other is not seen.
    pub(super) mid_shoulder: Series<Point<Ground>>,
    thigh_px: Option<f64>,
    shank_px: Option<f64>,
    trunk_px: Option<f64>,
    steps_tell_speed: OnceCell<bool>,
    tracks: OnceCell<Tracks>,
    /// How far contacts are doubted.
    pub(super) doubt: Doubt,
    /// How badly each leg was seen.
    pub(super) hidden: Hidden,
}

impl<'a> Context<'a> {
    pub(super) fn new(movement: &'a Movement, gait: &'a Gait, scale: Scale) -> Self {
        let mid_hip = middle(movement, LimbPoint::Hip);
        let mid_shoulder = middle(movement, LimbPoint::Shoulder);
        let limb = |a, b| {
            let of = |side| lengths(movement.points.limb(a, side), movement.points.limb(b, side));
            statistics::percentile(
                &Side::BOTH.into_iter().flat_map(of).collect::<Vec<_>>(),
                LENGTH_PERCENTILE,
            )
        };
        Self {
            thigh_px: limb(LimbPoint::Hip, LimbPoint::Knee),
            shank_px: limb(LimbPoint::Knee, LimbPoint::Ankle),
            trunk_px: statistics::percentile(&lengths(&mid_hip, &mid_shoulder), LENGTH_PERCENTILE),
            steps_tell_speed: OnceCell::new(),
            tracks: OnceCell::new(),
            doubt: agreement::contacts_against_thighs(movement, gait),
            hidden: Hidden::of(movement, gait),
            movement,
            gait,
            scale,
            mid_hip,
            mid_shoulder,
        }
    }

    /// Where feet stand, for lengths along the way; found out once.
    pub(super) fn tracks(&self) -> &Tracks {
        self.tracks.get_or_init(|| Tracks::of(self))
    }

    /// Whether the steps of most valid strides tell the speed; found out once.
    pub(super) fn steps_tell_speed(&self) -> bool {
        *self.steps_tell_speed.get_or_init(|| {
            let valid: Vec<&Stride> = self.gait.strides.iter().filter(|s| s.is_valid()).collect();
            let tells = |stride: &&&Stride| travel::steps_leg_per_s(&StrideView::new(self, stride)).is_ok();
            2 * valid.iter().filter(tells).count() > valid.len()
        })
    }

    /// One standard deviation of an event's time: a frame, and of one side's what contacts and thighs disagree by; of both
    /// sides together it cancels.
    pub(super) fn event_error(&self, side: Option<Side>) -> Seconds {
        let doubted = side.map_or(0.0, |_| self.doubt.time.0);
        Seconds(self.movement.time.step().0.hypot(doubted))
    }

    /// Thigh and shank together, px.
    pub(super) fn leg_px(&self) -> Result<f64, NotMeasured> {
        let own = || Some(self.thigh_px? + self.shank_px?);
        self.scale.leg_length_px.or_else(own).filter(|&l| l > 0.0).ok_or(NotMeasured::NotEnoughSeen)
    }

    pub(super) fn thigh_px(&self) -> Result<f64, NotMeasured> {
        self.thigh_px.filter(|&l| l > 0.0).ok_or(NotMeasured::NotEnoughSeen)
    }

    pub(super) fn shank_px(&self) -> Result<f64, NotMeasured> {
        self.shank_px.filter(|&l| l > 0.0).ok_or(NotMeasured::NotEnoughSeen)
    }

    pub(super) fn trunk_px(&self) -> Result<f64, NotMeasured> {
        self.trunk_px.filter(|&l| l > 0.0).ok_or(NotMeasured::NotEnoughSeen)
    }

    /// Metres of one leg length.
    pub(super) fn leg_metres(&self) -> Result<f64, NotMeasured> {
        Ok(self.leg_px()? * self.scale.metres_per_px.ok_or(NotMeasured::NoScale)?)
    }

    pub(super) fn facing(&self) -> Result<Facing, NotMeasured> {
        self.movement.facing.ok_or(NotMeasured::FacingUnknown)
    }

    /// One standard deviation of an angle's systematic error, degrees; the larger of both sides where no side is asked.
    pub(super) fn angle_error_deg(&self, kind: AngleKind, side: Option<Side>) -> f64 {
        let of = |side| {
            let angle = Angle::of(kind, side);
            self.movement.angle_uncertainty.get(angle.index()).copied().unwrap_or_default().to_degrees()
        };
        side.map_or_else(|| of(Side::Left).max(of(Side::Right)), of)
    }

    /// The events of a foot and kind, in time order.
    pub(super) fn events(&self, side: Side, kind: EventKind) -> impl DoubleEndedIterator<Item = &'a Event> {
        self.gait.events.iter().filter(move |e| e.side == side && e.kind == kind)
    }

    /// Whether a landing opens or closes a stride that counts.
    pub(super) fn is_of_a_valid_stride(&self, landing: &Event) -> bool {
        let near = |time: Seconds| (time - landing.time).0.abs() < SAME_TIME_S;
        let mut own = self.gait.strides.iter().filter(|s| s.side == landing.side && s.is_valid());
        own.any(|s| near(s.start) || near(s.end))
    }

    /// The value of a series at a time between samples.
    pub(super) fn at<T: Copy>(&self, series: &Series<T>, time: Seconds, get: impl Fn(T) -> f64) -> Reading {
        let place = self.movement.time.position(time);
        let below = place.floor();
        let share = place - below;
        // A time on a sample, up to rounding, needs no neighbour.
        let nearest = place.round();
        if (place - nearest).abs() < 1e-6 {
            let sample = sample(series, nearest).ok_or(NotMeasured::NotEnoughSeen)?;
            return Ok(evidence(get(sample.value), sample.source, f64::from(sample.confidence.value())));
        }
        let (a, b) = (sample(series, below), sample(series, below + 1.0));
        let (a, b) = (a.ok_or(NotMeasured::NotEnoughSeen)?, b.ok_or(NotMeasured::NotEnoughSeen)?);
        let outer = sample(series, below - 1.0).zip(sample(series, below + 2.0));
        let outer = outer.map(|(before, after)| (get(before.value), get(after.value)));
        let number = between(get(a.value), get(b.value), outer, share);
        Ok(evidence(number, a.source.weaker(b.source), f64::from(a.confidence.weaker(b.confidence).value())))
    }

    /// The samples of a series from one time to another, both included.
    pub(super) fn window<T: Copy>(
        &self,
        series: &Series<T>,
        from: Seconds,
        to: Seconds,
        get: impl Fn(T) -> f64,
    ) -> Result<Window, NotMeasured> {
        let time = self.movement.time;
        let range = time.range(from, to + time.step() * 1e-3);
        let measured_share = series.measured_share(range.clone());
        if range.len() < MIN_SAMPLES || measured_share < MIN_MEASURED_SHARE {
            return Err(NotMeasured::NotEnoughSeen);
        }
        let confidence = f64::from(series.mean_confidence(range.clone()).value());
        let samples = range
            .filter_map(|i| series.value(i).map(|v| (time.at(i).0, get(v))))
            .collect::<Vec<(f64, f64)>>();
        let evidence = Value { number: 0.0, measured_share, confidence, weight: 1.0, approximate: false };
        Ok(Window { samples, evidence })
    }

    /// The same with the values at both times themselves, where they lie between samples: for extremes.
    pub(super) fn window_with_ends<T: Copy>(
        &self,
        series: &Series<T>,
        from: Seconds,
        to: Seconds,
        get: impl Fn(T) -> f64 + Copy,
    ) -> Result<Window, NotMeasured> {
        let mut window = self.window(series, from, to, get)?;
        let inside = |time: f64| window.samples.iter().all(|s| (s.0 - time).abs() > 1e-9);
        let ends =
            [from, to].map(|t| self.at(series, t, get).ok().filter(|_| inside(t.0)).map(|v| (t.0, v.number)));
        window.samples.splice(0..0, ends[0]);
        window.samples.extend(ends[1]);
        Ok(window)
    }
}

/// A value between two samples: on the cubic through their neighbours too (Catmull and Rom 1974) where there are such, else
/// on a straight line. At 30 frames a second a line cuts off more than a degree where the knee turns quickly.
fn between(a: f64, b: f64, outer: Option<(f64, f64)>, share: f64) -> f64 {
    let Some((before, after)) = outer else { return a + (b - a) * share };
    let (slope_a, slope_b) = (0.5 * (b - before), 0.5 * (after - a));
    let curve = 3.0 * (b - a) - 2.0 * slope_a - slope_b;
    let twist = 2.0 * (a - b) + slope_a + slope_b;
    a + share * (slope_a + share * (curve + share * twist))
}

fn sample<T: Copy>(series: &Series<T>, place: f64) -> Option<crate::signal::series::Sample<T>> {
    (place >= 0.0).then(|| series.get(place as usize)).flatten()
}

fn evidence(number: f64, source: Source, confidence: f64) -> Value {
    let measured_share = if source == Source::Measured { 1.0 } else { 0.0 };
    Value { number, measured_share, confidence, weight: 1.0, approximate: false }
}

fn middle(movement: &Movement, point: LimbPoint) -> Series<Point<Ground>> {
    let [left, right] = Side::BOTH.map(|side| movement.points.limb(point, side));
    let both = movement.points.middle(point);
    Series::new((0..both.len()).map(|i| both.get(i).or(left.get(i)).or(right.get(i))).collect())
}

fn lengths(a: &Series<Point<Ground>>, b: &Series<Point<Ground>>) -> Vec<f64> {
    a.with(b, Point::distance).present().map(|(_, length)| length).collect()
}

/// One stride and what it is seen in.
pub(super) struct StrideView<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) stride: &'a Stride,
}

impl<'a> StrideView<'a> {
    pub(super) fn new(context: &'a Context<'a>, stride: &'a Stride) -> Self {
        Self { context, stride }
    }

    pub(super) fn side(&self) -> Side {
        self.stride.side
    }

    /// The series of an angle on a side.
    pub(super) fn angle(&self, kind: AngleKind, side: Side) -> Result<&'a Series<Radians>, NotMeasured> {
        // Knee and elbow need no facing.
        if !matches!(kind, AngleKind::Joint(Joint::Knee | Joint::Elbow)) {
            self.context.facing()?;
        }
        Ok(self.context.movement.angles.get(Angle::of(kind, side)))
    }

    /// An angle over a stretch of time, degrees.
    pub(super) fn degrees_over(
        &self,
        kind: AngleKind,
        side: Side,
        from: Seconds,
        to: Seconds,
    ) -> Result<Window, NotMeasured> {
        self.context.window(self.angle(kind, side)?, from, to, Radians::to_degrees)
    }

    /// An angle of the stride's own side over a stretch of time with its ends, degrees: for extremes.
    pub(super) fn degrees_between(
        &self,
        kind: AngleKind,
        span: (Seconds, Seconds),
    ) -> Result<Window, NotMeasured> {
        let series = self.angle(kind, self.side())?;
        self.context.window_with_ends(series, span.0, span.1, Radians::to_degrees)
    }

    /// An angle of the stride's own side over the whole stride, degrees.
    pub(super) fn degrees(&self, kind: AngleKind) -> Result<Window, NotMeasured> {
        self.degrees_over(kind, self.side(), self.stride.start, self.stride.end)
    }

    /// An angle of the stride's own side at an event, degrees; approximate as the event is.
    pub(super) fn degrees_at(&self, kind: AngleKind, event: Event) -> Reading {
        let value = self.context.at(self.angle(kind, self.side())?, event.time, Radians::to_degrees)?;
        Ok(approximate_as(value, event))
    }

    pub(super) fn initial(&self) -> Event {
        self.stride.initial_contact
    }

    pub(super) fn terminal(&self) -> Event {
        self.stride.terminal_contact
    }

    /// Start and end of stance.
    pub(super) fn stance(&self) -> (Seconds, Seconds) {
        (self.initial().time, self.terminal().time)
    }

    /// Start and end of swing.
    pub(super) fn swing(&self) -> (Seconds, Seconds) {
        (self.terminal().time, self.stride.end)
    }

    /// The middle of stance.
    pub(super) fn mid_stance(&self) -> Seconds {
        let (start, end) = self.stance();
        start + (end - start) * MID_STANCE_SHARE
    }

    pub(super) fn direction(&self) -> Result<Direction, NotMeasured> {
        let bout = self.context.gait.bouts.get(self.stride.bout);
        bout.and_then(|b| b.direction).ok_or(NotMeasured::DirectionUnknown)
    }

    /// Stride frequency: the bout's, or one over the stride's own duration.
    pub(super) fn frequency(&self) -> Hertz {
        let bout = self.context.gait.bouts.get(self.stride.bout).map(|b| b.stride_frequency);
        bout.filter(|f| f.0 > 0.0).unwrap_or(Hertz(1.0 / self.stride.duration().0))
    }

    /// Marks a value as approximate where either contact of the stride is.
    pub(super) fn with_contacts(&self, value: Value) -> Value {
        approximate_as(approximate_as(value, self.initial()), self.terminal())
    }
}

/// A value at an event that the thighs alone tell is approximate.
pub(super) fn approximate_as(value: Value, event: Event) -> Value {
    let clock = event.method == EventMethod::ThighClock;
    Value { approximate: value.approximate || clock, ..value }
}

/// One bout and its valid strides.
pub(super) struct BoutView<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) bout: &'a Bout,
    pub(super) strides: Vec<&'a Stride>,
}

impl<'a> BoutView<'a> {
    pub(super) fn new(context: &'a Context<'a>, bout: usize) -> Self {
        let strides = context.gait.strides.iter().filter(|s| s.bout == bout && s.is_valid()).collect();
        Self { context, bout: &context.gait.bouts[bout], strides }
    }

    /// The valid strides without those that begin, end or are halved by a contact that the thighs alone tell, where at
    /// least half are not: such a contact says when the stride is due, and nothing of its rhythm.
    pub(super) fn timed(&self) -> Vec<&'a Stride> {
        let clock = |e: &Event| e.method == EventMethod::ThighClock;
        firm(self.strides.clone(), |s| {
            let end = self.context.gait.closing_contact(s);
            [Some(&s.initial_contact), s.opposite_initial.as_ref(), end].into_iter().flatten().any(clock)
        })
    }

    /// A metric of strides over the valid strides, in order; strides without a value left out.
    pub(super) fn each(&self, compute: fn(&StrideView) -> Reading) -> Vec<Value> {
        self.strides.iter().filter_map(|s| compute(&StrideView::new(self.context, s)).ok()).collect()
    }
}
