//! The order of work: frames come in, looks are matched in order, the frames between two looks are filled, and the
//! answers leave in frame order.

use super::budget::{Budget, Lane};
use super::jobs::{Answer, Chase, Event, Held, Job, Task};
use super::looks::Looks;
use super::open::{Open, PeopleAt};
use super::places::Place;
use super::pool::{Pool, guarded};
use super::{Observed, Options, PipelineError, Progress, Stage};
use crate::frame::{ClipFacts, FrameSource, Warning};
use crate::observation::{Estimate, Observation, Person, TrackId};
use crate::tracking::likeness;
use crate::tracking::tracks::Tracks;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

pub(super) fn run<S>(
    source: S,
    pool: &Pool,
    lane: Place<'_, Lane>,
    options: &Options,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Observed, PipelineError>
where
    S: FrameSource + Send,
{
    let facts = source.facts().clone();
    let budget = &Budget::new(&lane, facts.size.frame_bytes(), frames_in_flight(&facts, options));
    let (events, inbox) = sync_channel(EVENTS_WAITING);
    let end = Mutex::new((facts.clone(), Vec::new()));
    let outcome = std::thread::scope(|scope| {
        let (told, end) = (events.clone(), &end);
        scope.spawn(move || {
            decode(source, &told, budget, cancel, end);
            // The next clip need not wait until this one's last frames are done.
            drop(lane);
        });
        let asking = Asking { pool, clip: pool.begin(), people: options.people.get(), reply: events };
        let mut desk = Desk::new(&facts, options, &asking);
        let outcome = desk.run(&inbox, progress);
        pool.queue.forget(asking.clip);
        budget.close();
        drop(desk);
        drop(asking);
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
    mut source: S,
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

/// The way of this clip's tasks to the workers.
struct Asking<'a> {
    pool: &'a Pool,
    clip: u64,
    people: usize,
    reply: SyncSender<Event>,
}

impl Asking<'_> {
    fn push(&self, task: Task) {
        let reply = self.reply.clone();
        self.pool.queue.push(Job { clip: self.clip, task, people: self.people, reply });
    }
}

/// A look and the frames since the look before.
struct Stretch {
    between: Vec<Arc<Held>>,
    key: Arc<Held>,
    /// Of the look, from 0.
    number: usize,
    asked: bool,
    seen: Option<Vec<Estimate>>,
}

struct Desk<'a> {
    queue: &'a Asking<'a>,
    every: usize,
    people: usize,
    expected: Option<usize>,
    tracks: Tracks,
    looks: Looks,
    /// Looks begun.
    begun: usize,
    /// Frames since the last look began.
    between: Vec<Arc<Held>>,
    /// Looks begun and not yet matched, in order.
    stretches: VecDeque<Stretch>,
    open: Option<Open>,
    /// The look before the first of `stretches`, with its people.
    previous: Option<(Arc<Held>, PeopleAt)>,
    done: BTreeMap<usize, Observation>,
    /// Frames being filled, with those already found there by a chase.
    filling: BTreeMap<usize, (Observation, Vec<(TrackId, Estimate)>)>,
    read: usize,
    ended: bool,
}

impl<'a> Desk<'a> {
    fn new(facts: &ClipFacts, options: &Options, queue: &'a Asking<'a>) -> Self {
        Self {
            queue,
            every: options.look_every.get(),
            people: options.people.get(),
            expected: facts.nominal_frames,
            tracks: Tracks::new(f64::from(facts.size.width)),
            looks: Looks::default(),
            begun: 0,
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
                Event::Answer(answer) => self.answer(answer),
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
        if key { self.begin_look(frame) } else { self.between.push(frame) }
    }

    /// The last frame is looked at too, so that every frame lies between two looks.
    fn end(&mut self) {
        self.ended = true;
        if let Some(last) = self.between.pop() {
            self.begin_look(last);
        }
    }

    fn begin_look(&mut self, key: Arc<Held>) {
        let between = std::mem::take(&mut self.between);
        self.stretches.push_back(Stretch { between, key, number: self.begun, asked: false, seen: None });
        self.begun += 1;
    }

    /// Sends the looks whose manner is known by now.
    fn ask_looks(&mut self) {
        for stretch in self.stretches.iter_mut().filter(|s| !s.asked) {
            if let Some(how) = self.looks.how(stretch.number, stretch.key.time) {
                self.queue.push(Task::Look(Arc::clone(&stretch.key), how));
                stretch.asked = true;
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Look(index, seen) => {
                if let Some(stretch) = self.stretches.iter_mut().find(|s| s.key.index == index) {
                    self.looks.found(stretch.number, stretch.key.time, &seen);
                    stretch.seen = Some(seen);
                }
            }
            Answer::Chase(track, found) => {
                if let Some(open) = &mut self.open {
                    open.waiting -= 1;
                    open.chased.extend(found.into_iter().map(|(frame, estimate)| (track, frame, estimate)));
                }
            }
            Answer::Fill(index, found) => {
                if let Some((observation, chased)) = self.filling.remove(&index) {
                    let people = likeness::distinct_people(found.into_iter().chain(chased));
                    self.done.insert(index, Observation { people: named(people), ..observation });
                }
            }
        }
    }

    fn advance(&mut self) {
        self.ask_looks();
        while (self.open.is_some() || self.open_look()) && self.close_look() {}
        if self.ended
            && self.stretches.is_empty()
            && let Some((last, people)) = self.previous.take()
        {
            self.finish(&last, people);
        }
    }

    /// Matches the next look's people and sends after those seen at one end of the stretch only.
    fn open_look(&mut self) -> bool {
        let Some(stretch) = self.stretches.front_mut() else { return false };
        let Some(seen) = stretch.seen.take() else { return false };
        let matches = self.tracks.look(stretch.key.time, &seen);
        let mut chases = Vec::new();
        if let Some((before, earlier)) = &self.previous {
            let onward = || stretch.between.iter().chain([&stretch.key]).cloned().collect();
            let back = || stretch.between.iter().rev().chain([before]).cloned().collect();
            // Whoever is in doubt is always followed: only that tells.
            let spare = self.people.saturating_sub(seen.len()).max(matches.doubtful.len());
            let lost = matches.lost.iter().filter_map(|track| match earlier.get(track) {
                Some(seen) => Some((*track, seen.region, false)),
                None => Some((*track, self.tracks.expected(*track, before.time)?, true)),
            });
            let forward = |(track, from, is_guess)| Chase { track, from, is_guess, frames: onward() };
            chases.extend(lost.take(spare).map(forward));
            let new = matches.seen.iter().zip(&seen).filter(|(track, _)| matches.new.contains(track));
            chases.extend(new.map(|(track, e)| Chase {
                track: *track,
                from: e.region,
                is_guess: false,
                frames: back(),
            }));
        }
        let waiting = chases.len();
        for chase in chases {
            self.queue.push(Task::Chase(chase));
        }
        self.open = Some(Open { matches, seen, waiting, chased: Vec::new() });
        true
    }

    /// When all is answered: settles who is where at this look and fills the frames since the look before.
    fn close_look(&mut self) -> bool {
        if self.open.as_ref().is_none_or(|o| o.waiting > 0) {
            return false;
        }
        let (Some(mut open), Some(stretch)) = (self.open.take(), self.stretches.pop_front()) else {
            return false;
        };
        open.answered(stretch.key.index, self.previous.as_ref().map(|(key, people)| (key.index, people)));
        let now = open.people(&stretch.key, &self.tracks);
        if let Some((before, mut earlier)) = self.previous.take() {
            // A newcomer that turned out to be somebody else already there is not followed back either.
            open.chased.retain(|(track, ..)| now.contains_key(track) || earlier.contains_key(track));
            let known = earlier.clone().into_iter();
            let back = open.chased.iter().filter(|(_, frame, _)| *frame == before.index);
            let back = back.map(|(track, _, estimate)| (*track, estimate.clone()));
            let joined: PeopleAt = likeness::distinct_people(known.chain(back)).into_iter().collect();
            self.fill(&before, &earlier, &stretch, &now, &open.chased);
            earlier = joined;
            self.finish(&before, earlier);
        }
        let there: Vec<_> = now.iter().map(|(track, e)| (*track, e.region)).collect();
        self.tracks.settle(stretch.key.time, &there, &open.matches.seen);
        self.previous = Some((stretch.key, now));
        true
    }

    fn fill(
        &mut self,
        before: &Held,
        earlier: &PeopleAt,
        stretch: &Stretch,
        now: &PeopleAt,
        chased: &[(TrackId, usize, Estimate)],
    ) {
        let span = (stretch.key.time - before.time).0;
        for frame in &stretch.between {
            let share = if span > 0.0 { (frame.time - before.time).0 / span } else { 0.0 };
            let mut already: Vec<(TrackId, Estimate)> = chased
                .iter()
                .filter(|(_, index, _)| *index == frame.index)
                .map(|(track, _, estimate)| (*track, estimate.clone()))
                .collect();
            already.sort_by(|a, b| {
                let away = |(track, e): &(TrackId, Estimate)| self.tracks.away(*track, frame.time, e.region);
                away(a).total_cmp(&away(b))
            });
            let both = earlier.iter().filter(|(track, _)| !chased.iter().any(|(c, ..)| c == *track));
            let regions = both
                .filter_map(|(track, e)| Some((*track, e.region.towards(now.get(track)?.region, share))))
                .collect();
            self.filling.insert(frame.index, (blank(frame), already));
            self.queue.push(Task::Fill(Arc::clone(frame), regions));
        }
    }

    fn finish(&mut self, key: &Held, people: PeopleAt) {
        let people = named(people.into_iter().collect());
        self.done.insert(key.index, Observation { people, ..blank(key) });
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

fn named(mut people: Vec<(TrackId, Estimate)>) -> Vec<Person> {
    people.sort_by_key(|(track, _)| *track);
    people.into_iter().map(|(track, estimate)| Person { track, pose: estimate.pose }).collect()
}
