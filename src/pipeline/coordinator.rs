//! The order of work: frames come in, looks are matched in order, the frames between two looks are filled, and the
//! answers leave in frame order.

use super::budget::Budget;
use super::jobs::{Answer, Held, Job, Queue, Task};
use super::{Eyes, Observed, Options, PipelineError, Progress, Stage, look};
use crate::frame::{ClipFacts, FrameSource, StageError, Warning};
use crate::geometry::Region;
use crate::observation::{Estimate, Observation, Person, Pose, TrackId};
use crate::tracking::tracks::{Matches, Tracks};
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

enum Event {
    Frame(Arc<Held>),
    End,
    Answer(usize, Answer),
    Failed(PipelineError),
}

pub(super) fn run<S, F>(
    mut source: S,
    eyes: &F,
    options: &Options,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Observed, PipelineError>
where
    S: FrameSource + Send,
    F: Fn() -> Result<Eyes, StageError> + Sync,
{
    let facts = source.facts().clone();
    let budget = Budget::new(frames_in_flight(&facts, options));
    let queue = Queue::default();
    let (events, inbox) = sync_channel(EVENTS_WAITING);
    let end = Mutex::new((facts.clone(), Vec::new()));
    let outcome = std::thread::scope(|scope| {
        let decoder = (events.clone(), budget.clone());
        let end = &end;
        scope.spawn(move || decode(&mut source, &decoder.0, &decoder.1, cancel, end));
        for _ in 0..options.workers.get() {
            let events = events.clone();
            let queue = &queue;
            scope.spawn(move || serve(eyes, queue, &events, options.people.get()));
        }
        drop(events);
        let mut desk = Desk::new(&facts, options, &queue);
        let outcome = desk.run(&inbox, progress);
        queue.close();
        budget.close();
        drop(desk);
        // Whoever still wants to tell something must not wait for an ear.
        while inbox.recv().is_ok() {}
        outcome
    });
    let frames = outcome?;
    let (clip, warnings) = end.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(Observed { clip, frames, warnings })
}

/// Messages that may wait for the coordinator. More would not speed anything up: it does no heavy work.
const EVENTS_WAITING: usize = 64;

/// Frames alive at a time: what the bytes allow, no more than two stretches between looks and a few to hand over,
/// and never fewer than one stretch with its two ends and the frame being read.
fn frames_in_flight(facts: &ClipFacts, options: &Options) -> usize {
    const HANDED_OVER: usize = 4;
    let every = options.look_every.get();
    let useful = 2 * every + HANDED_OVER + options.workers.get();
    (options.bytes_in_flight / facts.size.frame_bytes().max(1)).min(useful).max(every + 2)
}

fn decode<S: FrameSource>(
    source: &mut S,
    events: &SyncSender<Event>,
    budget: &Budget,
    cancel: &AtomicBool,
    end: &Mutex<(ClipFacts, Vec<Warning>)>,
) {
    loop {
        let Some(room) = budget.take() else { return };
        if cancel.load(Ordering::Relaxed) {
            break;
        }
        let failed =
            |source| Event::Failed(PipelineError { stage: Stage::Decode, frame: None, time: None, source });
        let event = match guarded(|| source.next_frame()) {
            Ok(Some(frame)) => Event::Frame(Arc::new(Held { frame, _room: room })),
            Ok(None) => break,
            Err(error) => failed(error),
        };
        let over = matches!(event, Event::Failed(_));
        if events.send(event).is_err() || over {
            return;
        }
    }
    *end.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
        (source.facts().clone(), source.warnings());
    let _ = events.send(Event::End);
}

fn serve<F>(eyes: &F, queue: &Queue, events: &SyncSender<Event>, people: usize)
where
    F: Fn() -> Result<Eyes, StageError>,
{
    let mut eyes = match guarded(eyes) {
        Ok(eyes) => eyes,
        Err(source) => {
            let error = PipelineError { stage: Stage::Load, frame: None, time: None, source };
            let _ = events.send(Event::Failed(error));
            return;
        }
    };
    while let Some(job) = queue.pop() {
        let index = job.frame.index;
        let time = job.frame.time;
        let answered =
            catch_unwind(AssertUnwindSafe(|| look::work(&mut eyes, &job.frame, &job.task, people)));
        drop(job);
        let event = match answered {
            Ok(Ok(answer)) => Event::Answer(index, answer),
            Ok(Err(error)) => Event::Failed(error),
            Err(panic) => Event::Failed(PipelineError {
                stage: Stage::Estimate,
                frame: Some(index),
                time: Some(time),
                source: said(&*panic).into(),
            }),
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

/// A panic is our own bug; it must end the clip with a message, not hang it.
fn guarded<T>(f: impl FnOnce() -> Result<T, StageError>) -> Result<T, StageError> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| Err(said(&*panic).into()))
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("a bug in sledform: {}", text.unwrap_or("no message"))
}

/// A look of the detector and the frames since the look before.
struct Stretch {
    between: Vec<Arc<Held>>,
    key: Arc<Held>,
    seen: Option<Vec<Estimate>>,
}

/// A look whose people are being matched: what is still to be asked.
struct Open {
    matches: Matches,
    seen: Vec<Estimate>,
    /// Lost people found again in this look's frame; none while the worker has not answered.
    forward: Option<Vec<(TrackId, Estimate)>>,
    /// New people found back in the look before; none while the worker has not answered.
    backward: Option<Vec<(TrackId, Estimate)>>,
}

type PeopleAt = BTreeMap<TrackId, Estimate>;

struct Desk<'a> {
    queue: &'a Queue,
    every: usize,
    people: usize,
    expected: Option<usize>,
    tracks: Tracks,
    /// Frames since the last look began.
    between: Vec<Arc<Held>>,
    /// Looks asked for and not yet matched, in order.
    stretches: VecDeque<Stretch>,
    open: Option<Open>,
    /// The look before the first of `stretches`, with its people.
    previous: Option<(Arc<Held>, PeopleAt)>,
    done: BTreeMap<usize, Observation>,
    filling: BTreeMap<usize, Observation>,
    read: usize,
    ended: bool,
}

impl<'a> Desk<'a> {
    fn new(facts: &ClipFacts, options: &Options, queue: &'a Queue) -> Self {
        Self {
            queue,
            every: options.look_every.get(),
            people: options.people.get(),
            expected: facts.nominal_frames,
            tracks: Tracks::new(f64::from(facts.size.width)),
            between: Vec::new(),
            stretches: VecDeque::new(),
            open: None,
            previous: None,
            done: BTreeMap::new(),
            filling: BTreeMap::new(),
            read: 0,
            ended: false,
        }
    }

    fn run(
        &mut self,
        inbox: &Receiver<Event>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Observation>, PipelineError> {
        while !self.is_finished() {
            let Ok(event) = inbox.recv() else { break };
            match event {
                Event::Frame(frame) => self.frame(frame),
                Event::End => self.end(),
                Event::Answer(index, answer) => self.answer(index, answer),
                Event::Failed(error) => return Err(error),
            }
            self.advance();
            if let Some((_, last)) = self.done.last_key_value() {
                progress(Progress { frames: self.done.len(), expected: self.expected, time: last.time });
            }
        }
        Ok(std::mem::take(&mut self.done).into_values().collect())
    }

    fn is_finished(&self) -> bool {
        self.ended && self.done.len() == self.read
    }

    fn frame(&mut self, frame: Arc<Held>) {
        let key = self.read.is_multiple_of(self.every);
        self.read += 1;
        if key { self.ask_look(frame) } else { self.between.push(frame) }
    }

    /// The last frame is looked at too, so that every frame lies between two looks.
    fn end(&mut self) {
        self.ended = true;
        if let Some(last) = self.between.pop() {
            self.ask_look(last);
        }
    }

    fn ask_look(&mut self, key: Arc<Held>) {
        let between = std::mem::take(&mut self.between);
        self.queue.push(Job { frame: Arc::clone(&key), task: Task::Look });
        self.stretches.push_back(Stretch { between, key, seen: None });
    }

    fn answer(&mut self, index: usize, answer: Answer) {
        match answer {
            Answer::Look(seen) => {
                if let Some(stretch) = self.stretches.iter_mut().find(|s| s.key.index == index) {
                    stretch.seen = Some(seen);
                }
            }
            Answer::Probe(found) => {
                if let Some(open) = &mut self.open {
                    let now = self.stretches.front().is_some_and(|s| s.key.index == index);
                    *(if now { &mut open.forward } else { &mut open.backward }) = Some(found);
                }
            }
            Answer::Fill(poses) => {
                if let Some(mut observation) = self.filling.remove(&index) {
                    observation.people = people(poses);
                    self.done.insert(index, observation);
                }
            }
        }
    }

    fn advance(&mut self) {
        while (self.open.is_some() || self.open_look()) && self.close_look() {}
        if self.ended
            && self.stretches.is_empty()
            && let Some((last, people)) = self.previous.take()
        {
            self.finish(&last, people);
        }
    }

    /// Matches the next look's people and asks about those who are missing on either side of the stretch.
    fn open_look(&mut self) -> bool {
        let Some(stretch) = self.stretches.front_mut() else { return false };
        let Some(seen) = stretch.seen.take() else { return false };
        let mut matches = self.tracks.look(stretch.key.time, &seen);
        let spare = self.people.saturating_sub(seen.len());
        let lost = matches.lost.len().min(spare);
        let asked: Vec<_> = matches.lost.drain(..lost).collect();
        let dropped = std::mem::replace(&mut matches.lost, asked);
        let mut forward = Some(Vec::new());
        if !matches.lost.is_empty() {
            forward = None;
            self.queue.push(Job { frame: Arc::clone(&stretch.key), task: Task::Probe(matches.lost.clone()) });
        }
        let newcomers = newcomers(&matches, &seen);
        let mut backward = Some(Vec::new());
        if let Some((before, _)) = &self.previous
            && !newcomers.is_empty()
        {
            backward = None;
            self.queue.push(Job { frame: Arc::clone(before), task: Task::Probe(newcomers) });
        }
        matches.lost.extend(dropped);
        self.open = Some(Open { matches, seen, forward, backward });
        true
    }

    /// When all is answered: settles who is where at this look and fills the frames since the look before.
    fn close_look(&mut self) -> bool {
        if self.open.as_ref().is_none_or(|o| o.forward.is_none() || o.backward.is_none()) {
            return false;
        }
        let (Some(open), Some(stretch)) = (self.open.take(), self.stretches.pop_front()) else {
            return false;
        };
        let mut now: PeopleAt = open.matches.seen.iter().copied().zip(open.seen).collect();
        add_distinct(&mut now, open.forward.unwrap_or_default());
        let found: Vec<_> = now.iter().map(|(t, e)| (*t, e.region)).collect();
        self.tracks.settle(stretch.key.time, &open.matches.lost, &found_of(&open.matches, &found));
        if let Some((before, mut earlier)) = self.previous.take() {
            add_distinct(&mut earlier, open.backward.unwrap_or_default());
            self.fill(&before, &earlier, &stretch, &now);
            self.finish(&before, earlier);
        }
        self.previous = Some((stretch.key, now));
        true
    }

    fn fill(&mut self, before: &Held, earlier: &PeopleAt, stretch: &Stretch, now: &PeopleAt) {
        let span = (stretch.key.time - before.time).0;
        for frame in &stretch.between {
            let share = if span > 0.0 { (frame.time - before.time).0 / span } else { 0.0 };
            let regions = regions_between(earlier, now, share);
            self.filling.insert(frame.index, blank(frame));
            self.queue.push(Job { frame: Arc::clone(frame), task: Task::Fill(regions) });
        }
    }

    fn finish(&mut self, key: &Held, people_at: PeopleAt) {
        let poses = people_at.into_iter().map(|(track, estimate)| (track, estimate.pose)).collect();
        self.done.insert(key.index, Observation { people: people(poses), ..blank(key) });
    }
}

fn blank(frame: &Held) -> Observation {
    Observation {
        frame: frame.index,
        time: frame.time,
        people: Vec::new(),
        background: frame.background,
        duplicate: frame.duplicate,
    }
}

fn people(poses: Vec<(TrackId, Pose)>) -> Vec<Person> {
    poses.into_iter().map(|(track, pose)| Person { track, pose }).collect()
}

fn newcomers(matches: &Matches, seen: &[Estimate]) -> Vec<(TrackId, Region)> {
    matches
        .seen
        .iter()
        .zip(seen)
        .filter(|(track, _)| matches.new.contains(track))
        .map(|(track, estimate)| (*track, estimate.region))
        .collect()
}

/// Adds people found by their pose alone, unless they are somebody already there.
fn add_distinct(there: &mut PeopleAt, found: Vec<(TrackId, Estimate)>) {
    for (track, estimate) in found {
        if !there.values().any(|e| crate::tracking::likeness::same_person(e, &estimate)) {
            there.insert(track, estimate);
        }
    }
}

fn found_of(matches: &Matches, found: &[(TrackId, Region)]) -> Vec<(TrackId, Region)> {
    found.iter().filter(|(t, _)| matches.lost.iter().any(|(l, _)| l == t)).copied().collect()
}

/// Where to look for everybody at `share` of the way between two looks; who was seen at one end only is looked for there.
fn regions_between(earlier: &PeopleAt, now: &PeopleAt, share: f64) -> Vec<(TrackId, Region)> {
    let mut regions: BTreeMap<TrackId, Region> = earlier.iter().map(|(t, e)| (*t, e.region)).collect();
    for (track, estimate) in now {
        regions
            .entry(*track)
            .and_modify(|r| *r = r.towards(estimate.region, share))
            .or_insert(estimate.region);
    }
    regions.into_iter().collect()
}
