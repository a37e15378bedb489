//! A simulated hotline: the real switchboard over the real store, driven by a clock that only moves when told. It carries out what
//! the switchboard orders as the engine does, plays the phones and the agents' desks, and can be killed and started again.

use crate::checkers;
use crate::defect::Defect;
use crate::directory;
use crate::people::Caller;
use crate::shell::{Shell, StoreWeather, Task};
use crate::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use walletline_core::call::Disposition;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{IdSource, LegId, OfferId, RunId, StaffId};
use walletline_core::kernel::time::{Mono, Now, Span, Wall};
use walletline_core::outbox::end_leases;
use walletline_core::switchboard::command::Command;
use walletline_core::switchboard::event::{Act, Event, LegEnd, LegStats};
use walletline_core::switchboard::live::{LiveEvent, Snapshot};
use walletline_core::switchboard::step::Step;
use walletline_core::switchboard::{Switchboard, World as Foundation};
use walletline_store::Store;

/// A desk beats this often.
const BEAT: Span = Span::from_s(5);

/// Time and what lies on the floor of every world.
const START: Now = Now { mono: Mono(1_000_000_000), wall: Wall(1_795_000_000_000_000) };

/// A leg that is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leg {
    /// The agent it reaches.
    pub(crate) agent: Option<StaffId>,
    pub(crate) playing: Option<u64>,
    pub(crate) up: bool,
    pub(crate) hung_up: bool,
}

/// A simulated hotline.
pub struct World {
    pub(crate) shell: Shell,
    foundation: Foundation,
    /// None while the process is down.
    pub(crate) board: Option<Switchboard>,
    pub(crate) ids: IdSource,
    starts: u128,
    tasks: BTreeMap<u64, Task>,
    last_task: u64,
    thens: BTreeMap<u64, Vec<Command>>,
    pub(crate) legs: BTreeMap<LegId, Leg>,
    pub(crate) callers: BTreeMap<LegId, Caller>,
    pub(crate) desks: BTreeSet<StaffId>,
    pub(crate) phones: BTreeSet<StaffId>,
    pub(crate) offers: BTreeMap<StaffId, OfferId>,
    pub(crate) screen: Snapshot,
    published: u64,
    idle_pair: checkers::idle_pair::IdlePair,
    kill_after: Option<u32>,
    highest_wall: Wall,
    /// Things that happened, for how fast it went.
    pub happened: u64,
}

impl World {
    /// A world over a fresh store in this folder, running.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn begin(seed: u64, foundation: Foundation, folder: &Path) -> Result<Self, String> {
        let store =
            Store::open(&format!("sqlite:{}/walletline.db", folder.display())).await.map_err(|error| error.to_string())?;
        store.migrate().await.map_err(|error| error.to_string())?;
        store.seal_with([7; 32]);
        let shell = Shell::new(seed, START, store, Wallet::new(directory::accounts(START.wall)));
        let mut world = Self {
            shell,
            foundation,
            board: None,
            ids: IdSource::new(u128::from(seed) << 64 | 0x11),
            starts: 0,
            tasks: BTreeMap::new(),
            last_task: 0,
            thens: BTreeMap::new(),
            legs: BTreeMap::new(),
            callers: BTreeMap::new(),
            desks: BTreeSet::new(),
            phones: BTreeSet::new(),
            offers: BTreeMap::new(),
            screen: Snapshot::default(),
            published: 0,
            idle_pair: checkers::idle_pair::IdlePair::default(),
            kill_after: None,
            highest_wall: START.wall,
            happened: 0,
        };
        world.start(seed).await;
        Ok(world)
    }

    /// What did not hold, the first thing.
    #[must_use]
    pub fn first_broken(&self) -> Option<String> {
        self.shell.first_broken()
    }

    /// Starts the process over what the store holds. It does not start over a store that does not answer.
    pub(crate) async fn start(&mut self, seed: u64) {
        if self.board.is_some() || self.shell.store_weather.get() == StoreWeather::Down {
            return;
        }
        let at = self.shell.wall();
        let entry = Entry::new(at, Actor::System, "contacts.closed_after_restart", "contacts");
        let closed = Commit::new(entry, vec![Change::OpenContactsClosed { disposition: Disposition::Dropped, at }]);
        if let Err(error) = self.shell.write_now(closed).await {
            self.shell.broken("world", error);
        }
        for (leg, _) in self.shell.store.open_dialogs().await.unwrap_or_default() {
            let entry = Entry::new(at, Actor::System, "dialog.ended_after_restart", leg);
            if let Err(error) = self.shell.write_now(Commit::new(entry, vec![Change::DialogClosed(leg)])).await {
                self.shell.broken("world", error);
            }
        }
        // The run before this one is over: what it had claimed is due again.
        if let Err(error) = self.shell.write_now(end_leases(self.shell.run.get(), at)).await {
            self.shell.broken("world", error);
        }
        self.starts += 1;
        self.shell.run.set(RunId::from(self.starts));
        let ids = IdSource::new(u128::from(seed) << 64 | self.starts << 8 | 0x22);
        let board = Switchboard::new(self.foundation.clone(), ids);
        self.screen = board.snapshot();
        self.board = Some(board);
        self.shell.start_jobs();
        self.settle().await;
    }

    /// The process dies, here and now: whatever was not durable is lost, and every call with it.
    pub(crate) fn kill(&mut self) {
        self.board = None;
        self.kill_after = None;
        self.tasks.clear();
        self.thens.clear();
        self.legs.clear();
        self.callers.clear();
        self.desks.clear();
        self.phones.clear();
        self.offers.clear();
        self.idle_pair = checkers::idle_pair::IdlePair::default();
        self.shell.process_ended();
    }

    /// The process dies after this many more steps of its tasks.
    pub(crate) const fn kill_after(&mut self, steps: u32) {
        self.kill_after = Some(steps);
    }

    /// No death is on its way any more.
    pub(crate) const fn live_on(&mut self) {
        self.kill_after = None;
    }

    /// Lets time pass; whatever is due on the way happens at its time.
    pub(crate) async fn pass(&mut self, span: Span) {
        let until = self.shell.now.get().mono + span;
        loop {
            self.settle().await;
            let now = self.shell.now.get().mono;
            let board = self.board.as_ref().and_then(Switchboard::next_deadline).map(|at| at.max(now));
            let gate = self.shell.next_gate();
            let arrival = self.shell.wallet.borrow().next_arrival();
            let Some(at) = [board, gate.map(|(at, _)| at), arrival].into_iter().flatten().min().filter(|at| *at <= until) else {
                break;
            };
            self.forward(at);
            self.happened += 1;
            if arrival == Some(at) {
                let called_back = self.shell.wallet.borrow_mut().arrive(at);
                self.called_back(&called_back);
                self.check();
            } else if let Some((_, gate)) = gate.filter(|(due, _)| *due == at) {
                if let Some(task) = self.shell.open(gate) {
                    self.drive(task).await;
                }
                self.count_down();
            } else {
                self.event(Event::Deadline);
            }
            if self.first_broken().is_some() {
                return;
            }
        }
        self.forward(until);
    }

    /// The wallet calls back about these keys: whoever is down hears nothing.
    fn called_back(&self, keys: &[String]) {
        for key in keys.iter().filter(|_| self.board.is_some()) {
            let id = self.shell.model.borrow().refund_by_key(key).map(|(_, refund)| refund.id);
            let Some(id) = id else { continue };
            let shell = self.shell.clone();
            self.shell.spawn(async move { shell.called_back(id).await });
        }
    }

    fn count_down(&mut self) {
        match self.kill_after {
            Some(0) => self.kill(),
            Some(steps) => self.kill_after = Some(steps - 1),
            None => {}
        }
    }

    fn forward(&mut self, to: Mono) {
        let now = self.shell.now.get();
        let span = to - now.mono;
        self.shell.now.set(Now { mono: now.mono + span, wall: now.wall + span });
        self.highest_wall = self.highest_wall.max(self.shell.wall());
    }

    /// The wall clock is set, by this many microseconds.
    pub(crate) fn set_clock(&mut self, by: i64) {
        let now = self.shell.now.get();
        self.shell.now.set(Now { wall: Wall(now.wall.0.saturating_add(by)), ..now });
        self.highest_wall = self.highest_wall.max(self.shell.wall());
    }

    /// The wall clock goes on from where it was latest.
    pub(crate) fn mend_clock(&mut self) {
        let now = self.shell.now.get();
        self.shell.now.set(Now { wall: self.highest_wall, ..now });
    }

    /// Starts what was spawned and delivers what was posted, until nothing more happens at this moment.
    pub(crate) async fn settle(&mut self) {
        loop {
            let born = self.shell.take_born();
            let none = born.is_empty();
            for task in born {
                self.last_task += 1;
                self.tasks.insert(self.last_task, task);
                self.drive(self.last_task).await;
            }
            let event = self.shell.inbox.borrow_mut().pop_front();
            match event {
                Some(event) => self.event(event),
                None if none => return,
                None => {}
            }
        }
    }

    async fn drive(&mut self, id: u64) {
        if let Some(mut task) = self.tasks.remove(&id)
            && !self.shell.drive(id, &mut task).await
        {
            self.tasks.insert(id, task);
        }
    }

    /// One fact into the switchboard, and what follows from it out.
    pub(crate) fn event(&mut self, event: Event) {
        match &event {
            Event::LegAnswered { leg, .. } => match self.legs.get_mut(leg) {
                Some(leg) if !leg.up => leg.up = true,
                _ => return,
            },
            Event::LegEnded { leg, .. } => {
                if self.legs.remove(leg).is_none() {
                    return;
                }
                self.callers.remove(leg);
            }
            Event::PlaybackEnded { leg, playback, .. } => match self.legs.get_mut(leg) {
                Some(leg) if leg.playing == Some(*playback) => leg.playing = None,
                _ => return,
            },
            Event::Committed { ticket } => {
                let then = self.thens.remove(ticket).unwrap_or_default();
                self.carry_out(then);
            }
            Event::CommitFailed { ticket } => {
                self.thens.remove(ticket);
            }
            _ => {}
        }
        self.print("an event", &format!("{event:?}"));
        let now = self.shell.now.get();
        let Some(board) = &mut self.board else { return };
        let step = board.handle(now, event);
        self.take(step);
    }

    /// An agent asks; false when it is refused.
    pub(crate) fn act(&mut self, agent: StaffId, act: Act) -> bool {
        let now = self.shell.now.get();
        let Some(board) = &mut self.board else { return false };
        match board.act(now, agent, act) {
            Ok((step, _)) => {
                self.take(step);
                true
            }
            Err(_) => false,
        }
    }

    fn take(&mut self, step: Step) {
        self.carry_out(step.now);
        match step.commit {
            Some((ticket, commit)) => {
                self.thens.insert(ticket, step.then);
                let shell = self.shell.clone();
                self.shell.spawn(async move {
                    let kept = shell.commit_beyond_doubt(commit).await.is_ok();
                    shell.post(if kept { Event::Committed { ticket } } else { Event::CommitFailed { ticket } });
                });
            }
            None => self.carry_out(step.then),
        }
        self.check();
    }

    fn carry_out(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.print("a command", &format!("{command:?}"));
            match command {
                Command::Answer { leg } => self.comes_up(leg),
                Command::Reject { leg, .. } => {
                    self.legs.remove(&leg);
                    self.callers.remove(&leg);
                }
                Command::Play { leg, playback, phrase } => {
                    if let Some(caller) = self.callers.get_mut(&leg) {
                        caller.hears(&phrase.asset);
                    }
                    if let Some(known) = self.legs.get_mut(&leg) {
                        known.playing = Some(playback);
                        let spoken = Span::from_ms(60 * phrase.words.chars().count() as u64);
                        self.later(spoken, Event::PlaybackEnded { leg, playback, interrupted: false });
                    }
                }
                Command::PlayMusic { leg, playback } => {
                    if let Some(leg) = self.legs.get_mut(&leg) {
                        leg.playing = Some(playback);
                    }
                }
                Command::Stop { leg } => {
                    if let Some(known) = self.legs.get_mut(&leg)
                        && let Some(playback) = known.playing
                    {
                        self.later(Span::from_ms(1), Event::PlaybackEnded { leg, playback, interrupted: true });
                    }
                }
                Command::DialPhone { leg, agent, .. } => {
                    self.legs.insert(leg, Leg { agent: Some(agent), ..Leg::default() });
                }
                Command::DialOutside { leg, .. } => {
                    self.shell.broken("one_place", format!("{leg} goes outside, where this world lets nobody call"));
                }
                Command::Bridge { a, b } => {
                    if a == b || !self.legs.get(&a).is_some_and(|leg| leg.up) {
                        self.shell.broken("one_place", format!("{a} is joined to {b} and is not up"));
                    }
                }
                Command::Mix { leg, hears } => {
                    let up = |leg: &LegId| self.legs.get(leg).is_some_and(|leg| leg.up);
                    if hears.contains(&leg) || !hears.iter().all(up) {
                        self.shell.broken("one_place", format!("{leg} hears itself, or who is not up: {hears:?}"));
                    }
                }
                // No phone of this world transfers.
                Command::AnswerRefer { .. } | Command::ReportRefer { .. } => {}
                Command::Unbridge { .. } | Command::SendDigits { .. } | Command::Secure { .. } => {}
                Command::Hangup { leg } => {
                    if let Some(known) = self.legs.get_mut(&leg)
                        && !std::mem::replace(&mut known.hung_up, true)
                    {
                        self.later(Span::from_ms(40), ended(leg, LegEnd::LocalHangup));
                    }
                }
                // No line of this world records.
                Command::Record(_) | Command::MaskRecording { .. } | Command::DiscardRecording { .. } => {}
                Command::Help(order) => self.shell.hand_on(*order),
                Command::Publish(event) => {
                    self.published += 1;
                    let lost = self.shell.defect.get() == Some(Defect::EventsLost) && self.published.is_multiple_of(2);
                    if !lost {
                        self.screen.apply(&event);
                    }
                    match *event {
                        LiveEvent::OfferMade { offer } => {
                            self.offers.insert(offer.agent, offer.id);
                        }
                        LiveEvent::OfferEnded { agent, .. } => {
                            self.offers.remove(&agent);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Something the outside tells after a while.
    pub(crate) fn later(&self, span: Span, event: Event) {
        let shell = self.shell.clone();
        self.shell.spawn(async move {
            shell.pause(span).await;
            shell.post(event);
        });
    }

    /// A leg's media comes up.
    pub(crate) fn comes_up(&self, leg: LegId) {
        let dialog = Some("dialog".to_owned());
        let (codec, encryption) = ("PCMA".to_owned(), "none".to_owned());
        self.later(Span::from_ms(80), Event::LegAnswered { leg, codec, encryption, dialog });
    }

    /// Lets time pass while every open desk says now and then that it is there.
    pub(crate) async fn pass_with_beats(&mut self, span: Span) {
        let mut left = span;
        while left.0 > 0 && self.first_broken().is_none() {
            let part = left.min(BEAT);
            for agent in self.desks.clone() {
                self.event(Event::DeskHeartbeat { agent });
            }
            self.pass(part).await;
            left = Span(left.0 - part.0);
        }
    }

    fn print(&self, what: &str, text: &str) {
        let shell = &self.shell;
        shell.note("private", checkers::private::text(what, text, &shell.names.borrow(), &shell.wallet.borrow()));
    }

    fn check_money(&self) {
        let (wallet, model) = (self.shell.wallet.borrow(), self.shell.model.borrow());
        self.shell.note("refund_effect", checkers::refund_effect::step(&wallet.till, &model));
        self.shell.note("refund_sums", checkers::refund_sums::step(&wallet.till));
    }

    /// What must hold after every step.
    fn check(&mut self) {
        self.check_money();
        let Some(board) = &self.board else { return };
        let mut fresh = board.snapshot();
        // A screen that shows every event and a snapshot that is distorted would differ: what is shown is looked at as it is.
        let shown = self.screen == fresh;
        if let Some(defect) = self.shell.defect.get() {
            defect.shown(&mut fresh);
        }
        let screen = if shown { &fresh } else { &self.screen };
        let now = self.shell.now.get().mono;
        self.shell.note("one_place", checkers::one_place::step(screen, &fresh));
        self.shell.note("one_offer", checkers::one_offer::step(&fresh));
        self.shell.note("single_effect", checkers::single_effect::step(&self.shell.wallet.borrow()));
        let (desks, phones) = (&self.desks, &self.phones);
        let heard = |member: &walletline_core::agent::Staff| desks.contains(&member.id) || phones.contains(&member.id);
        let Foundation { staff, directory, .. } = &self.foundation;
        let idle = self.idle_pair.step(&fresh, staff, &directory.queues, heard, now);
        self.shell.note("idle_pair", idle);
    }

    /// What must hold when every caller has hung up, faults are lifted and time has passed.
    pub(crate) async fn check_end(&mut self) {
        if self.first_broken().is_some() {
            return;
        }
        if let Some(board) = &self.board {
            let counts = board.counts();
            if (counts.calls, counts.contacts, counts.offers, counts.records_lost) != (0, 0, 0, 0) {
                self.shell.broken("ends_once", format!("something is left: {counts:?}"));
            }
        }
        let shell = self.shell.clone();
        shell.note("ends_once", checkers::ends_once::at_end(&shell.model.borrow()));
        let kept = checkers::freeze_kept::at_end(&shell.model.borrow(), &shell.wallet.borrow(), &shell.journal.borrow());
        shell.note("freeze_kept", kept);
        shell.note("refund_effect", checkers::refund_effect::at_end(&shell.model.borrow(), &shell.wallet.borrow()));
        let model = shell.model.take();
        shell.note("record_agrees", checkers::record_agrees::at_end(&model, &shell.store).await);
        shell.model.replace(model);
    }

    /// Lets go of the store.
    pub async fn close(self) {
        self.shell.store.close().await;
    }
}

/// A leg is gone.
pub(crate) fn ended(leg: LegId, cause: LegEnd) -> Event {
    Event::LegEnded { leg, cause, detail: "over".to_owned(), stats: LegStats::default() }
}
