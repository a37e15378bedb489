//! The loop: one event at a time into the switchboard, its effects out. Commits run beside it; nothing here waits for the disk.

use super::browser::Browsers;
use super::clock::Clock;
use super::effects::World;
use super::inbox::{CallEnd, DialRefused, Dialling, Figures, Handle, INBOX_MAX, LIVE_LAG_MAX, Message};
use super::phones::{PhoneCredentials, Phones};
use super::translate::{cause, encryption, quality, stats, to_core, to_voice};
use crate::connector::caller_id::{CallerIds, Claim};
use crate::recordings::Recordings;
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use walletline_core::agent::{SipBinding, Staff};
use walletline_core::call::Channel;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{IdSource, LegId, RecordingId, StaffId};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::switchboard::command::Command;
use walletline_core::switchboard::event::{Act, ActRefusal, Event, LegEnd};
use walletline_core::switchboard::help::Order;
use walletline_core::switchboard::step::Step;
use walletline_core::switchboard::{ActReply, Outlook, Switchboard};
use walletline_store::{CommitError, Store};
use walletline_voice::{self as voice, Voice, Vouching};

/// A phone's binding is written again when it changed, or after this long: enough to find the phone after a restart without a
/// write for each of its refreshes.
const BINDING_KEPT: Span = Span::from_s(300);

/// How often what is to be expected is reckoned for whoever asks from outside.
const OUTLOOK_EVERY: Duration = Duration::from_secs(1);

/// How long after another the end of a recording is waited for, once every call is over.
const RECORDING_END_MAX: Duration = Duration::from_secs(1);

/// The trunk of calls from browsers.
const WEB: &str = "web";

/// What the engine is made of.
pub struct Parts {
    /// The decisions.
    pub switchboard: Switchboard,
    /// Where commits go.
    pub store: Store,
    /// The calls.
    pub voice: Voice,
    /// What the calls tell.
    pub voice_events: mpsc::Receiver<voice::Event>,
    /// The clocks.
    pub clock: Clock,
    /// Ids for legs that start here.
    pub ids: IdSource,
    /// Staff at the start.
    pub staff: Vec<Staff>,
    /// What phones may register with.
    pub credentials: PhoneCredentials,
    /// Where callers' questions go.
    pub help: mpsc::Sender<Order>,
    /// Where recordings are kept; none without a master key.
    pub recordings: Option<Recordings>,
    /// Where shown numbers are checked.
    pub caller_ids: CallerIds,
}

/// The live hotline.
pub struct Engine {
    switchboard: Switchboard,
    store: Store,
    voice_events: mpsc::Receiver<voice::Event>,
    inbox: mpsc::Receiver<Message>,
    clock: Clock,
    ids: IdSource,
    world: World,
    commits: JoinSet<(Option<u64>, Result<(), CommitError>)>,
    then: HashMap<u64, Vec<Command>>,
    bindings: HashMap<StaffId, (String, Wall)>,
    draining: bool,
    /// What carries the legs that are there, where it is no agent's phone.
    carriers: HashMap<LegId, Carrier>,
    caller_ids: CallerIds,
    outlook: Arc<ArcSwap<Outlook>>,
}

/// What carries a leg.
enum Carrier {
    /// The trunk of that id; none for a source that nobody configured.
    Trunk(String),
    Browser,
}

impl Engine {
    /// An engine, and the handle by which everything else reaches it.
    #[must_use]
    pub fn new(parts: Parts) -> (Self, Handle) {
        let (sender, inbox) = mpsc::channel(INBOX_MAX);
        let (live, _) = broadcast::channel(LIVE_LAG_MAX);
        let phones = Phones::new(parts.credentials, &parts.staff);
        let outlook = Arc::new(ArcSwap::from_pointee(parts.switchboard.outlook(parts.clock.now().mono)));
        let engine = Self {
            outlook: Arc::clone(&outlook),
            switchboard: parts.switchboard,
            store: parts.store,
            voice_events: parts.voice_events,
            inbox,
            clock: parts.clock,
            ids: parts.ids,
            world: World {
                voice: parts.voice,
                live,
                browsers: Browsers::default(),
                phones,
                help: parts.help,
                recordings: parts.recordings,
            },
            commits: JoinSet::new(),
            then: HashMap::new(),
            bindings: HashMap::new(),
            draining: false,
            carriers: HashMap::new(),
            caller_ids: parts.caller_ids,
        };
        (engine, Handle { inbox: sender, outlook })
    }

    /// Runs until every handle is gone, or until the hotline was told to drain and its last call and commit are over.
    pub async fn run(mut self) {
        let mut outlook = tokio::time::interval(OUTLOOK_EVERY);
        outlook.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let deadline = self.switchboard.next_deadline();
            if deadline.is_some_and(|at| at <= self.clock.now().mono) {
                self.event(Event::Deadline);
                continue;
            }
            let timer = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(self.clock.instant(at)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Some(done) = self.commits.join_next(), if !self.commits.is_empty() => match done {
                    Ok((ticket, outcome)) => self.committed(ticket, &outcome),
                    Err(error) => tracing::error!(%error, "a commit's task failed"),
                },
                Some(event) = self.voice_events.recv() => self.voice_event(event),
                message = self.inbox.recv() => match message {
                    Some(message) => self.message(message),
                    None => break,
                },
                () = timer => self.event(Event::Deadline),
                _ = outlook.tick() => self.publish_outlook(),
            }
            if self.draining && self.switchboard.is_drained() && self.commits.is_empty() {
                break;
            }
        }
        self.world.voice.stop().await;
        self.hear_recordings_end().await;
    }

    /// The last calls are over; what was recorded of them is told a moment later.
    async fn hear_recordings_end(&mut self) {
        while self.world.recordings.as_ref().is_some_and(|recordings| !recordings.is_idle()) {
            let told = tokio::time::timeout(RECORDING_END_MAX, self.voice_events.recv()).await;
            match told {
                Ok(Some(event @ voice::Event::RecordingEnded { .. })) => self.voice_event(event),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Event(event) => self.event(event),
            Message::Act { agent, act, reply } => {
                let outcome = self.act(agent, act);
                let _asker_left = reply.send(outcome);
            }
            Message::PermitRefund { agent, contact, reply } => {
                // What is due comes first: a level that has fallen meanwhile opens nothing.
                self.event(Event::Deadline);
                let now = self.clock.now();
                let _asker_left = reply.send(self.switchboard.permit_refund(now, agent, contact));
            }
            Message::Subscribe { reply } => {
                let _asker_left = reply.send((self.switchboard.snapshot(), self.world.live.subscribe()));
            }
            Message::ConnectDesk { agent, leg, sdp, reply } => {
                if self.world.browsers.desk_connects(leg, agent, reply) {
                    self.world.voice.execute(voice::Command::ConnectBrowser { leg: to_voice(leg), sdp });
                }
            }
            Message::Restart { leg, sdp, reply } => {
                if self.world.browsers.caller_restarts(leg, reply) {
                    self.world.voice.execute(voice::Command::ConnectBrowser { leg: to_voice(leg), sdp });
                }
            }
            Message::DialIn { dialling, reply } => self.dial_in(dialling, reply),
            Message::HangUp { leg } => {
                self.world.browsers.hangs_up(leg);
                self.world.voice.execute(voice::Command::Hangup { leg: to_voice(leg) });
            }
            Message::HoldLine { line, state, reply } => {
                self.event(Event::LineHeld { line, state });
                self.publish_outlook();
                let _asker_left = reply.send(());
            }
            Message::Speaking { wallet, is_theirs, reply } => {
                // What is due comes first: a call that is over by now counts for nothing.
                self.event(Event::Deadline);
                let _asker_left = reply.send(self.switchboard.speaking(&wallet, is_theirs));
            }
            Message::Figures { reply } => {
                let voice = &self.world.voice;
                let (trunks, sources_blocked) = (voice.trunks(), voice.sources_blocked());
                let held = (voice.sip_load(), voice.media_tasks());
                let figures = Figures { live: self.switchboard.counts(), voice: voice.counters(), held, trunks, sources_blocked };
                let _asker_left = reply.send(figures);
            }
        }
    }

    fn dial_in(&mut self, dialling: Dialling, reply: oneshot::Sender<Result<super::DialedCall, DialRefused>>) {
        let leg: LegId = self.ids.next(self.clock.wall());
        let Dialling { line, caller, language, pass, sdp } = dialling;
        self.world.browsers.dials(leg, sdp, reply);
        let (channel, trunk) = (Channel::WebCall, WEB.to_owned());
        self.event(Event::CallArrived { leg, line, caller, channel, trunk, language, pass });
    }

    fn act(&mut self, agent: StaffId, act: Act) -> Result<ActReply, ActRefusal> {
        let desk_leg = match &act {
            Act::AcceptOffer { leg, .. } | Act::Reconnect { leg, .. } | Act::Monitor { leg, .. } | Act::TakeOver { leg, .. } => {
                Some(*leg)
            }
            _ => None,
        };
        let now = self.clock.now();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.switchboard.act(now, agent, act)));
        let (step, reply) = outcome.unwrap_or_else(|_| {
            self.contain(None);
            Err(ActRefusal::Busy)
        })?;
        if let (Some(leg), ActReply::Accepted { .. }) = (desk_leg, reply) {
            self.world.browsers.expect_desk(leg, agent);
        }
        self.take(step);
        Ok(reply)
    }

    /// One event into the switchboard. A panic in a decision is our bug: it costs the call it was about, not the hotline.
    fn event(&mut self, event: Event) {
        if let Event::StaffChanged(member) = &event {
            self.world.phones.change(member);
        }
        self.draining |= matches!(event, Event::Drain);
        let leg = leg_of(&event);
        let now = self.clock.now();
        match catch_unwind(AssertUnwindSafe(|| self.switchboard.handle(now, event))) {
            Ok(step) => self.take(step),
            Err(_) => self.contain(leg),
        }
    }

    fn publish_outlook(&self) {
        self.outlook.store(Arc::new(self.switchboard.outlook(self.clock.now().mono)));
    }

    fn contain(&self, leg: Option<LegId>) {
        metrics::counter!("walletline_decision_panics_total").increment(1);
        tracing::error!("a decision panicked; its call is ended");
        if let Some(leg) = leg {
            self.world.voice.execute(voice::Command::Hangup { leg: to_voice(leg) });
        }
    }

    /// Carries out a step: what is due now, the commit, and later what follows it.
    fn take(&mut self, step: Step) {
        self.carry_out(step.now);
        match step.commit {
            Some((ticket, commit)) => {
                self.then.insert(ticket, step.then);
                self.write(Some(ticket), commit);
            }
            None => self.carry_out(step.then),
        }
    }

    fn carry_out(&mut self, commands: Vec<Command>) {
        for command in commands {
            if let Some(event) = self.world.carry_out(command) {
                self.event(event);
            }
        }
    }

    fn write(&mut self, ticket: Option<u64>, commit: Commit) {
        let store = self.store.clone();
        self.commits.spawn(async move { (ticket, store.commit_beyond_doubt(commit).await) });
    }

    fn committed(&mut self, ticket: Option<u64>, outcome: &Result<(), CommitError>) {
        if let Err(error) = outcome {
            metrics::counter!("walletline_commits_failed_total").increment(1);
            tracing::warn!(%error, "a commit failed");
        }
        let Some(ticket) = ticket else { return };
        let then = self.then.remove(&ticket).unwrap_or_default();
        if outcome.is_ok() {
            self.carry_out(then);
            self.event(Event::Committed { ticket });
        } else {
            self.event(Event::CommitFailed { ticket });
        }
    }

    fn voice_event(&mut self, event: voice::Event) {
        match event {
            voice::Event::Incoming { leg, line, caller, trunk, source: _, phone, vouching, replaces } => {
                let agent = phone.and_then(|user| self.world.phones.staff_of(&user));
                match agent {
                    Some(agent) if replaces.is_some() || !self.switchboard.has_line(&line) => {
                        let (leg, number, replaces) = (to_core(leg), Pii::new(line), replaces.map(to_core));
                        self.event(Event::PhoneDialled { leg, agent, number, replaces });
                    }
                    // Whoever it is, the call that it wants is not theirs.
                    None if replaces.is_some() => {
                        self.world.voice.execute(voice::Command::Reject { leg, reason: voice::RejectReason::Forbidden });
                    }
                    Some(_) | None => self.call_arrived(to_core(leg), line, Pii::new(caller), trunk, vouching),
                }
            }
            voice::Event::Ringing { leg } => self.event(Event::LegRinging { leg: to_core(leg) }),
            voice::Event::Answered { leg, codec, encryption: kind, dialog } => {
                let dialog = dialog.and_then(|record| serde_json::to_string(&record).ok());
                if kind == voice::Encryption::DtlsSrtp {
                    self.carriers.insert(to_core(leg), Carrier::Browser);
                }
                let encryption = encryption(kind);
                self.event(Event::LegAnswered { leg: to_core(leg), codec, encryption, dialog });
            }
            voice::Event::MediaChanged { leg, codec, encryption: kind } => {
                self.event(Event::LegMediaChanged { leg: to_core(leg), codec, encryption: encryption(kind) });
            }
            voice::Event::QualityChanged { leg, quality: how } => {
                self.event(Event::LegSounds { leg: to_core(leg), quality: quality(how) });
            }
            voice::Event::BrowserAnswer { leg, sdp } => self.world.browsers.answered(to_core(leg), sdp),
            voice::Event::Digit { leg, digit } => self.event(Event::Digit { leg: to_core(leg), digit }),
            voice::Event::PlaybackEnded { leg, playback, interrupted } => {
                self.event(Event::PlaybackEnded { leg: to_core(leg), playback: playback.0, interrupted });
            }
            voice::Event::LegEnded { leg, cause: why, stats: media } => {
                self.measured(to_core(leg), media.mos);
                let hung_up = self.world.browsers.has_hung_up(to_core(leg));
                let why = if hung_up { voice::EndCause::RemoteHangup } else { why };
                let (cause, detail) = cause(&why);
                let end = if matches!(cause, LegEnd::Vanished) { CallEnd::Failed } else { CallEnd::HungUp };
                self.world.browsers.ended(to_core(leg), end);
                self.event(Event::LegEnded { leg: to_core(leg), cause, detail, stats: stats(&media) });
            }
            voice::Event::Held { leg } => self.event(Event::Held { leg: to_core(leg) }),
            voice::Event::Resumed { leg } => self.event(Event::Resumed { leg: to_core(leg) }),
            voice::Event::ReferRequested { leg, to, replaces } => {
                self.event(Event::TransferAsked { leg: to_core(leg), to: Pii::new(to), other: replaces.map(to_core) });
            }
            voice::Event::RecordingEnded { leg: _, recording, summary } => {
                if let Some(recordings) = &self.world.recordings {
                    recordings.ended(RecordingId::from(recording.0), *summary);
                }
            }
            voice::Event::PhoneRegistered { user, binding } => self.phone_registered(&user, &binding),
            voice::Event::PhoneUnregistered { user } => self.phone_unregistered(&user),
        }
    }

    /// Counts how a leg that ended was heard.
    fn measured(&mut self, leg: LegId, mos: Option<f64>) {
        let (kind, trunk) = match self.carriers.remove(&leg) {
            Some(Carrier::Trunk(trunk)) => ("trunk", trunk),
            Some(Carrier::Browser) => ("browser", String::new()),
            None => ("phone", String::new()),
        };
        if let Some(mos) = mos {
            metrics::histogram!("walletline_leg_mos", "kind" => kind, "trunk" => trunk).record(mos);
        }
    }

    /// The call first, and then what is to be said of its number: an answer waits for nobody.
    fn call_arrived(&mut self, leg: LegId, line: String, caller: Pii<String>, trunk: Option<String>, vouching: Box<Vouching>) {
        let checked =
            self.caller_ids.check(Claim { leg, line: line.clone(), caller: caller.clone(), trunk: trunk.clone(), vouching });
        let trunk = trunk.unwrap_or_default();
        self.carriers.insert(leg, Carrier::Trunk(trunk.clone()));
        self.event(Event::CallArrived { leg, line, caller, channel: Channel::Voice, trunk, language: None, pass: None });
        if let Some(trust) = checked {
            self.event(Event::CallerIdChecked { leg, trust });
        }
    }

    fn phone_registered(&mut self, user: &str, binding: &voice::Binding) {
        let Some(agent) = self.world.phones.staff_of(user) else { return };
        let at = self.clock.wall();
        let place = format!("{} {}", binding.contact, binding.source);
        let known = self.bindings.get(&agent).is_some_and(|(known, kept)| *known == place && at - *kept < BINDING_KEPT);
        if !known && let Ok(text) = serde_json::to_string(binding) {
            let row = SipBinding { staff: agent, binding: text, expires_at: Wall(binding.expires_at_us) };
            let entry = Entry::new(at, Actor::Staff { id: agent }, "phone.bound", agent);
            self.write(None, Commit::new(entry, vec![Change::PhoneBound(row)]));
            self.bindings.insert(agent, (place, at));
        }
        self.event(Event::PhoneRegistered { agent });
    }

    fn phone_unregistered(&mut self, user: &str) {
        let Some(agent) = self.world.phones.staff_of(user) else { return };
        self.bindings.remove(&agent);
        let entry = Entry::new(self.clock.wall(), Actor::Staff { id: agent }, "phone.unbound", agent);
        self.write(None, Commit::new(entry, vec![Change::PhoneUnbound(agent)]));
        self.event(Event::PhoneUnregistered { agent });
    }
}

const fn leg_of(event: &Event) -> Option<LegId> {
    match event {
        Event::CallArrived { leg, .. }
        | Event::CallerIdChecked { leg, .. }
        | Event::LegRinging { leg }
        | Event::LegAnswered { leg, .. }
        | Event::LegEnded { leg, .. }
        | Event::Digit { leg, .. }
        | Event::Held { leg }
        | Event::Resumed { leg }
        | Event::TransferAsked { leg, .. }
        | Event::PhoneDialled { leg, .. }
        | Event::PlaybackEnded { leg, .. } => Some(*leg),
        _ => None,
    }
}
