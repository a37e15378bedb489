//! The live composition: routes events to the machines of the areas and joins what they decide. It holds every machine of the
//! moment; what a machine does with an event is decided in its own area or, where areas meet, in the files beside this one.

mod arriving;
mod aside;
mod caller;
mod carrying;
pub mod command;
mod complaining;
mod deadlines;
mod doors;
mod ending;
pub mod event;
mod following;
mod healing;
pub mod help;
#[cfg(test)]
mod help_laws;
mod holding;
#[cfg(test)]
mod laws;
mod legs;
pub mod live;
mod menu;
mod offering;
mod outlook;
mod outside;
mod parting;
mod passes;
mod permitting;
mod proving;
mod publish;
mod recording;
mod referring;
mod saving;
mod speaking;
mod staffing;
mod standings;
pub mod step;
mod talk;
mod talking;
mod telling;
mod timers;
mod transferring;
pub mod viewer;
mod views;
mod vouching;
mod waiting;
mod watching;
mod work;
mod world;

use crate::agent::{Agent, PresenceState};
use crate::desk;
use crate::ivr::{flow::Flow, prompt::Catalog};
use crate::kernel::actor::Actor;
use crate::kernel::ids::{ContactId, IdSource, LegId, OfferId, StaffId};
use crate::kernel::time::{Mono, Now};
use crate::queue::{Waiting, wait::Pace};
use arriving::Arrival;
use caller::Caller;
use deadlines::Drain;
use doors::Stands;
use event::{Act, ActRefusal, Event};
use legs::Party;
use live::{ContactView, Snapshot};
pub use outlook::{LineOutlook, Outlook};
pub use permitting::PermitRefused;
use saving::Saving;
pub use speaking::{Conversation, Speaking, With};
use std::collections::BTreeMap;
use std::sync::Arc;
use step::Step;
use timers::{Timers, Who};
pub(crate) use work::Work;
pub use world::{Directory, Line, LineState, OutsideNumber, Queue, Settings, World, queue_id};

/// The live hotline: every call, queue, offer and agent of the moment. Its sole owner feeds it one event at a time.
pub struct Switchboard {
    settings: Settings,
    catalog: Catalog,
    flows: BTreeMap<String, Arc<Flow>>,
    lines: BTreeMap<String, Line>,
    /// Calls whose customer is on the line, by line.
    calls: BTreeMap<String, usize>,
    /// Skills needed, by queue id.
    queues: BTreeMap<String, Arc<[String]>>,
    /// Numbers outside that calls may be handed on to, by id.
    outside: BTreeMap<String, Arc<OutsideNumber>>,
    ids: IdSource,
    /// Each in a place of its own, because it is taken out and put back at every event.
    callers: BTreeMap<ContactId, Box<Caller>>,
    legs: BTreeMap<LegId, (ContactId, Party)>,
    offers: BTreeMap<OfferId, ContactId>,
    waiting: Waiting,
    /// How fast callers are answered.
    pace: Pace,
    /// How each line stood when somebody last asked.
    stands: BTreeMap<String, Stands>,
    agents: BTreeMap<StaffId, Agent>,
    /// Ended contacts on their agents' screens, until the wrap-up is finished.
    wrapping: BTreeMap<StaffId, ContactView>,
    saving: Saving,
    timers: Timers,
    /// What the screens were told.
    shown: Snapshot,
    drain: Option<Drain>,
    /// A step is being made. Still set at the next one when that step panicked.
    inside: bool,
    /// What was put in order in a step that was then refused.
    unfinished: Option<Work>,
}

/// What an agent's act led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActReply {
    /// It is done.
    Done,
    /// The offer is taken, or the call taken up again: connect the desk's leg to this contact.
    Accepted {
        /// The contact.
        contact: ContactId,
    },
}

/// Figures of the moment, for metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls whose customer is on the line.
    pub calls: usize,
    /// Contacts in memory: these, and those whose legs or record are not finished yet.
    pub contacts: usize,
    /// Callers waiting, by queue id; every queue is listed.
    pub waiting: BTreeMap<String, usize>,
    /// Agents by the name of their state; every state is listed.
    pub agents: BTreeMap<&'static str, usize>,
    /// Offers that ring.
    pub offers: usize,
    /// Contacts whose record is not yet wholly durable.
    pub unsaved: usize,
    /// Records and presence lines given up because the store failed for too long, since the start.
    pub records_lost: u64,
    /// The program was asked to stop.
    pub draining: bool,
}

impl Switchboard {
    /// A switchboard without calls; everybody is logged out.
    #[must_use]
    pub fn new(world: World, ids: IdSource) -> Self {
        let World { directory, catalog, staff, settings } = world;
        let mut board = Self {
            flows: directory.flows.into_iter().map(|flow| (flow.id.clone(), Arc::new(flow))).collect(),
            lines: directory.lines.into_iter().map(|line| (line.number.clone(), line)).collect(),
            queues: directory.queues.into_iter().map(|queue| (queue.id, Arc::from(queue.skills))).collect(),
            outside: directory.outside.into_iter().map(|number| (number.id.clone(), Arc::new(number))).collect(),
            saving: Saving::new(&settings),
            calls: BTreeMap::new(),
            callers: BTreeMap::new(),
            legs: BTreeMap::new(),
            offers: BTreeMap::new(),
            waiting: Waiting::default(),
            pace: Pace::default(),
            stands: BTreeMap::new(),
            agents: BTreeMap::new(),
            wrapping: BTreeMap::new(),
            timers: Timers::default(),
            shown: Snapshot::default(),
            drain: None,
            inside: false,
            unfinished: None,
            settings,
            catalog,
            ids,
        };
        for member in staff {
            board.know_staff(member);
        }
        board.shown = board.snapshot();
        board
    }

    /// Decides what follows from one event. Never refuses: what makes no sense any more is ignored.
    pub fn handle(&mut self, now: Now, event: Event) -> Step {
        let mut work = self.begin(now, Actor::System);
        self.route(&mut work, event);
        self.settle(work)
    }

    /// Decides on what an agent asks.
    ///
    /// # Errors
    /// [`ActRefusal`] says which rule said no; nothing has changed then.
    pub fn act(&mut self, now: Now, agent: StaffId, act: Act) -> Result<(Step, ActReply), ActRefusal> {
        let mut work = self.begin(now, Actor::Staff { id: agent });
        let about = act.contact();
        let asked = match act {
            Act::SetPresence(state) => desk::set_presence(self, &mut work, agent, state),
            Act::AcceptOffer { offer, leg } => desk::accept_offer(self, &mut work, agent, offer, leg),
            Act::DeclineOffer { offer } => desk::decline_offer(self, &mut work, agent, offer),
            Act::HangUp { contact } => desk::hang_up(self, &mut work, agent, contact),
            Act::Hold { contact } => desk::hold(self, &mut work, agent, contact),
            Act::Resume { contact } => desk::resume(self, &mut work, agent, contact),
            Act::Transfer { contact, to, blind } => desk::transfer(self, &mut work, agent, contact, to, blind),
            Act::TakeBack { contact } => desk::take_back(self, &mut work, agent, contact),
            Act::Leave { contact } => desk::leave(self, &mut work, agent, contact),
            Act::Challenge { contact, factor, number } => desk::challenge(self, &mut work, agent, contact, factor, number),
            Act::AskApp { contact, number, linked } => desk::ask_app(self, &mut work, agent, contact, number, linked),
            Act::OnAccount { contact, act } => desk::act_on_account(self, &mut work, agent, contact, act),
            Act::LookAtAccount { contact } => desk::look_at_account(self, &mut work, agent, contact),
            Act::SuspectPressure { contact } => desk::suspect_pressure(self, &mut work, agent, contact),
            Act::FollowTransaction { contact } => desk::follow_transaction(self, &mut work, agent, contact),
            Act::Report { contact, what, transaction } => desk::report(self, &mut work, agent, contact, what, transaction),
            Act::EndChallenge { contact } => desk::end_challenge(self, &mut work, agent, contact),
            Act::PressKeys { contact, digits } => desk::press_keys(self, &mut work, agent, contact, digits),
            Act::Reconnect { contact, leg } => desk::reconnect(self, &mut work, agent, contact, leg),
            Act::Monitor { contact, mode, leg } => desk::monitor(self, &mut work, agent, contact, mode, leg),
            Act::StopMonitoring { contact } => desk::stop_monitoring(self, &mut work, agent, contact),
            Act::TakeOver { contact, leg } => desk::take_over(self, &mut work, agent, contact, leg),
            Act::FinishWrapUp { contact } => desk::finish_wrap_up(self, &mut work, agent, contact),
        };
        match asked {
            Ok(reply) => {
                self.desk_acted(&mut work, agent, about);
                Ok((self.settle(work), reply))
            }
            Err(refusal) => {
                // A refused act changes nothing, but what was put in order before it is still to be told.
                self.unfinished = Some(work).filter(|work| !work.is_untouched());
                self.inside = false;
                Err(refusal)
            }
        }
    }

    /// When `Event::Deadline` is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Mono> {
        self.timers.next()
    }

    /// What the screens show now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.look()
    }

    /// Figures of the moment.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut agents: BTreeMap<_, _> = PresenceState::NAMES.iter().map(|name| (*name, 0)).collect();
        for agent in self.agents.values() {
            *agents.entry(agent.presence().name()).or_insert(0) += 1;
        }
        Counts {
            calls: self.calls_live(),
            contacts: self.callers.len(),
            waiting: self.queues.keys().map(|id| (id.clone(), self.waiting.count(id))).collect(),
            agents,
            offers: self.offers.len(),
            unsaved: self.callers.values().filter(|caller| caller.record.is_unsaved()).count(),
            records_lost: self.saving.lost(),
            draining: self.drain.is_some(),
        }
    }

    /// Customers dial this number.
    #[must_use]
    pub fn has_line(&self, number: &str) -> bool {
        self.lines.contains_key(number)
    }

    /// Calls whose customer is on the line.
    #[must_use]
    pub fn calls_live(&self) -> usize {
        self.calls.values().sum()
    }

    /// The program was asked to stop, and nothing is left to wait for: every call is over, every leg gone, every record saved.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.drain.is_some() && self.callers.is_empty()
    }

    fn route(&mut self, work: &mut Work, event: Event) {
        match event {
            Event::CallArrived { leg, line, caller, channel, trunk, language, pass } => {
                self.call_arrived(work, Arrival { leg, line, caller, channel, trunk, language, pass });
            }
            Event::Helped { contact, number, help } => self.helped(work, contact, number, *help),
            Event::OperationChanged { contact, operation } => self.operation_changed(work, contact, &operation),
            Event::MessageChanged { contact, challenge, message } => self.message_changed(work, contact, challenge, message),
            Event::CallerIdChecked { leg, trust } => self.caller_id_checked(work, leg, trust),
            Event::LegRinging { leg } => self.leg_ringing(work, leg),
            Event::LegAnswered { leg, codec, encryption, dialog } => self.leg_answered(work, leg, codec, encryption, dialog),
            Event::LegMediaChanged { leg, codec, encryption } => self.leg_media_changed(work, leg, codec, encryption),
            Event::LegSounds { leg, quality } => self.leg_sounds(work, leg, quality),
            Event::LegEnded { leg, cause, detail, stats } => self.leg_ended(work, leg, cause, detail, stats),
            Event::Digit { leg, digit } => self.digit(work, leg, digit),
            Event::PlaybackEnded { leg, playback, interrupted } => self.playback_ended(work, leg, playback, interrupted),
            Event::Held { leg } => self.phone_held(work, leg, true),
            Event::Resumed { leg } => self.phone_held(work, leg, false),
            Event::TransferAsked { leg, to, other } => self.transfer_asked(work, leg, to.expose(), other),
            Event::PhoneDialled { leg, agent, number, replaces } => {
                self.phone_dialled(work, leg, agent, number.expose(), replaces);
            }
            Event::DeskConnected { agent } | Event::DeskHeartbeat { agent } => self.desk_heard(work, agent),
            Event::DeskDisconnected { agent } => self.desk_closed(work, agent),
            Event::PhoneRegistered { agent } => self.phone_registered(work, agent),
            Event::PhoneUnregistered { agent } => self.phone_unregistered(work, agent),
            Event::LineHeld { line, state } => self.line_held(&line, state),
            Event::StaffChanged(member) => {
                work.agents.insert(member.id);
                self.staff_changed(work, *member);
            }
            Event::Committed { ticket } => self.committed(work, ticket),
            Event::CommitFailed { ticket } => self.commit_failed(work, ticket),
            Event::Deadline => self.deadline(work),
            Event::Drain => self.drain(work.now),
        }
    }

    /// Opens a step. A step that was never closed panicked: what it left behind is put in order first.
    fn begin(&mut self, now: Now, actor: Actor) -> Work {
        let mut work = self.unfinished.take().unwrap_or_else(|| Work::new(now, actor));
        (work.now, work.actor) = (now, actor);
        if std::mem::replace(&mut self.inside, true) {
            self.heal(&mut work);
        }
        work
    }

    /// Closes a step: free agents meet waiting callers, the screens are told, and what changed is saved.
    fn settle(&mut self, mut work: Work) -> Step {
        self.match_up(&mut work);
        self.note_presence(&mut work);
        self.observe(&work);
        self.publish(&mut work);
        let commit = self.flush(&mut work);
        self.sweep(&mut work);
        self.set_timers(&work);
        self.inside = false;
        Step { now: work.commands, commit, then: Vec::new() }
    }

    /// Works on a call that is taken out of its map meanwhile: a panic loses this call and no other.
    fn with(&mut self, work: &mut Work, contact: ContactId, decide: impl FnOnce(&mut Self, &mut Work, &mut Caller)) {
        if let Some(mut caller) = self.callers.remove(&contact) {
            caller.keep_level(work);
            decide(self, work, &mut caller);
            self.keep_secret(work, &mut caller);
            caller.keep_level(work);
            work.callers.insert(contact);
            self.callers.insert(contact, caller);
        }
    }

    /// An agent about to be changed.
    fn agent_mut(&mut self, work: &mut Work, agent: StaffId) -> Option<&mut Agent> {
        work.agents.insert(agent);
        self.agents.get_mut(&agent)
    }

    /// Forgets calls whose record is complete and durable, and gives up those that waited too long for it.
    fn sweep(&mut self, work: &mut Work) {
        for contact in &work.callers {
            let Some(caller) = self.callers.get(contact) else { continue };
            let settled = caller.record.is_settled();
            if settled || caller.record.is_given_up(work.now.mono) {
                if !settled {
                    self.saving.count_lost();
                }
                for leg in caller.record.legs() {
                    self.legs.remove(&leg);
                }
                self.callers.remove(contact);
            }
        }
    }

    fn set_timers(&mut self, work: &Work) {
        for contact in &work.callers {
            let at = self.callers.get(contact).and_then(|caller| self.caller_deadline(work.now.mono, caller));
            self.timers.set(Who::Caller(*contact), at);
        }
        for agent in &work.agents {
            let at = self.agents.get(agent).and_then(Agent::deadline);
            self.timers.set(Who::Agent(*agent), at);
        }
        self.timers.set(Who::House, self.house_deadline());
    }
}
