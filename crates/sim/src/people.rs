//! The people of a simulated world. Callers key what the prompt they heard last asks for, as far as they want it; agents do what a
//! desk lets them do. What they try and may not is refused by the switchboard.

use crate::dice::Dice;
use crate::directory::{LINES, NUMBERS, TRANSACTIONS, TRUNKS};
use crate::refunds::{Verdict, Wanted};
use crate::world::{Leg, World, ended};
use walletline_core::agent::{PresenceState, Reason};
use walletline_core::call::Channel;
use walletline_core::ivr::phrases;
use walletline_core::kernel::ids::{ContactId, LegId, RefundId, StaffId};
use walletline_core::kernel::pii::Pii;
use walletline_core::outbox::Message;
use walletline_core::switchboard::LineState;
use walletline_core::switchboard::event::{Act, Event, LegEnd, Target};

/// What a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Where their money is.
    Status,
    /// Their own account frozen.
    FreezeOwn,
    /// The account of this number frozen.
    FreezeOther(usize),
    /// A person.
    Person,
    /// To prove that they are this number.
    Pretend(usize),
}

/// A caller.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    number: usize,
    wish: Wish,
    heard: String,
}

impl Caller {
    /// A prompt is said.
    pub(crate) fn hears(&mut self, asset: &str) {
        asset.clone_into(&mut self.heard);
    }
}

/// What an agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentAct {
    /// Opens the desk and is ready.
    ComesToWork,
    /// Registers a phone.
    Registers,
    /// Loses the phone.
    Unregisters,
    /// The desk's connection closes.
    ClosesDesk,
    /// Takes what rings, at the desk or on the phone.
    Takes,
    /// Gives it back.
    Declines,
    /// Ends the call.
    HangsUp,
    /// Puts the customer on hold.
    Holds,
    /// Takes the customer back.
    Resumes,
    /// Hands the call to whoever is ready.
    HandsOver,
    /// Asks whoever is ready to speak first.
    Consults,
    /// Hands the call to a queue.
    Requeues,
    /// Calls a transfer off.
    TakesBack,
    /// Leaves the call to the others on it.
    Leaves,
    /// Takes up a call that lost its audio.
    Reconnects,
    /// Finishes the record.
    Finishes,
    /// Takes a break.
    Pauses,
    /// Is ready again.
    IsReady,
    /// Goes home.
    GoesHome,
    /// The audio of the desk or the phone is lost.
    LosesAudio,
}

/// Everything an agent can do.
pub const AGENT_ACTS: [AgentAct; 20] = [
    AgentAct::ComesToWork,
    AgentAct::Registers,
    AgentAct::Unregisters,
    AgentAct::ClosesDesk,
    AgentAct::Takes,
    AgentAct::Declines,
    AgentAct::HangsUp,
    AgentAct::Holds,
    AgentAct::Resumes,
    AgentAct::HandsOver,
    AgentAct::Consults,
    AgentAct::Requeues,
    AgentAct::TakesBack,
    AgentAct::Leaves,
    AgentAct::Reconnects,
    AgentAct::Finishes,
    AgentAct::Pauses,
    AgentAct::IsReady,
    AgentAct::GoesHome,
    AgentAct::LosesAudio,
];

impl World {
    /// Somebody dials.
    pub(crate) fn dials(&mut self, number: usize, line: usize, trunk: usize, wish: Wish) {
        if self.board.is_none() {
            return;
        }
        let leg: LegId = self.ids.next(self.shell.wall());
        self.legs.insert(leg, Leg::default());
        self.callers.insert(leg, Caller { number, wish, heard: String::new() });
        let (line, trunk) = (LINES[line % LINES.len()].to_owned(), TRUNKS[trunk % TRUNKS.len()].to_owned());
        let caller = Pii::new(NUMBERS[number % NUMBERS.len()].to_owned());
        self.event(Event::CallArrived { leg, line, caller, channel: Channel::Voice, trunk, language: None, pass: None });
    }

    /// The nth caller on the line.
    pub(crate) fn caller(&self, n: usize) -> Option<LegId> {
        let count = self.callers.len();
        (count > 0).then(|| self.callers.keys().nth(n % count).copied()).flatten()
    }

    /// A caller keys what the prompt asks for.
    pub(crate) fn answers_prompt(&mut self, leg: LegId, dice: &mut Dice) {
        let Some(caller) = self.callers.get(&leg).cloned() else { return };
        let keys = self.keys_of(&caller, dice);
        self.presses(leg, &keys);
    }

    /// Every line is held in a state, or goes by its plan.
    pub(crate) fn hold_lines(&mut self, state: Option<LineState>) {
        for line in LINES {
            self.event(Event::LineHeld { line: line.to_owned(), state });
        }
    }

    /// A caller presses keys.
    pub(crate) fn presses(&mut self, leg: LegId, keys: &str) {
        for digit in keys.chars() {
            if self.callers.contains_key(&leg) {
                self.event(Event::Digit { leg, digit });
            }
        }
    }

    fn keys_of(&self, caller: &Caller, dice: &mut Dice) -> String {
        let named = match caller.wish {
            Wish::FreezeOther(other) | Wish::Pretend(other) => other % NUMBERS.len(),
            Wish::Status | Wish::FreezeOwn | Wish::Person => caller.number % NUMBERS.len(),
        };
        let (own, national) = (named == caller.number % NUMBERS.len(), NUMBERS[named].trim_start_matches("+86"));
        match caller.heard.as_str() {
            phrases::VERIFY_PHONE | phrases::VERIFY_PHONE_WRONG if own => "#".to_owned(),
            phrases::VERIFY_PHONE | phrases::VERIFY_PHONE_WRONG => format!("{national}#"),
            phrases::VERIFY_CODE | phrases::VERIFY_CODE_AGAIN | phrases::VERIFY_CODE_WRONG => {
                // Whoever pretends to be somebody else does not read their messages.
                let reads = own || dice.percent(30);
                let code = self.last_code(NUMBERS[named]).filter(|_| reads && dice.percent(85));
                format!("{}#", code.unwrap_or_else(|| format!("{:06}", dice.below(1_000_000))))
            }
            phrases::STATUS_ID | phrases::STATUS_ID_WRONG | phrases::STATUS_NOT_FOUND => {
                let whose = if dice.percent(80) { named } else { usize::try_from(dice.below(7)).unwrap_or(0) };
                let id = TRANSACTIONS.get(whose).unwrap_or(&TRANSACTIONS[0]);
                let keyed = if dice.percent(50) { &id[6..] } else { id };
                format!("{keyed}#")
            }
            phrases::STATUS_MENU => dice.one_of(&["1", "2", "2", "0", "9", "#"]).unwrap_or("2").to_owned(),
            phrases::FREEZE_OWN if own => "1#".to_owned(),
            phrases::FREEZE_OWN | phrases::FREEZE_NUMBER => format!("{national}#"),
            phrases::FREEZE_CONFIRM | phrases::CALLBACK_CONFIRM | phrases::CALLBACK_OFFER => "1".to_owned(),
            phrases::CALLBACK_CHOICE | phrases::CALLBACK_OWN => dice.one_of(&["1", "1", "2", "9", "#"]).unwrap_or("1").to_owned(),
            phrases::CALLBACK_NUMBER => format!("{national}#"),
            "menu.transactions" => "1".to_owned(),
            "menu.main" => match caller.wish {
                Wish::Status | Wish::Pretend(_) => "2".to_owned(),
                Wish::FreezeOwn | Wish::FreezeOther(_) => "9".to_owned(),
                Wish::Person => "0".to_owned(),
            },
            "language" => dice.one_of(&["1", "2"]).unwrap_or("2").to_owned(),
            heard if heard.starts_with("welcome") => dice.one_of(&["1", "2", "9"]).unwrap_or("2").to_owned(),
            heard if heard.starts_with("queue") && matches!(caller.wish, Wish::FreezeOwn | Wish::FreezeOther(_)) => {
                "9".to_owned()
            }
            _ => dice.one_of(&["0", "1", "3", "*", "#"]).unwrap_or("0").to_owned(),
        }
    }

    /// The code that was texted last to a number.
    fn last_code(&self, number: &str) -> Option<String> {
        let wallet = self.shell.wallet.borrow();
        let code = |message: &Message| match message {
            Message::Code { code } => Some(code.expose().clone()),
            Message::CodesBlocked
            | Message::Frozen { .. }
            | Message::Status { .. }
            | Message::CaseOpened { .. }
            | Message::CallbackNoted { .. }
            | Message::Account { .. }
            | Message::Credit { .. }
            | Message::Link { .. }
            | Message::Refund { .. } => None,
        };
        wallet.sent.get(number)?.iter().rev().find_map(code)
    }

    /// The nth contact there ever was.
    fn contact(&self, n: usize) -> Option<ContactId> {
        let model = self.shell.model.borrow();
        model.contacts.keys().nth(n % model.contacts.len().max(1)).copied()
    }

    /// The nth refund there is, the latest first.
    pub(crate) fn refund(&self, n: usize) -> Option<RefundId> {
        let model = self.shell.model.borrow();
        model.refunds.keys().rev().nth(n % model.refunds.len().max(1)).copied()
    }

    /// Somebody asks for a refund, at the desk or in the menu.
    pub(crate) fn wants_back(&self, contact: usize, wanted: Wanted) {
        if let (Some(contact), true) = (self.contact(contact), self.board.is_some()) {
            let shell = self.shell.clone();
            self.shell.spawn(async move { shell.asks_for_refund(contact, wanted).await });
        }
    }

    /// The customer of a refund shows more, to one of the staff or in the menu.
    pub(crate) fn shows_more(&self, contact: usize, refund: usize, by: Option<usize>) {
        if let (Some(contact), Some(refund), true) = (self.contact(contact), self.refund(refund), self.board.is_some()) {
            let shell = self.shell.clone();
            self.shell.spawn(async move {
                shell.shows_for_refund(contact, refund, by).await;
            });
        }
    }

    /// One of the staff decides on a refund.
    pub(crate) fn decides(&self, refund: RefundId, by: usize, verdict: Verdict) {
        if self.board.is_some() {
            let shell = self.shell.clone();
            self.shell.spawn(async move {
                shell.decides_on_refund(refund, by, verdict).await;
            });
        }
    }

    /// A leg ends by itself.
    pub(crate) fn leaves(&mut self, leg: LegId, cause: LegEnd) {
        self.event(ended(leg, cause));
    }

    /// An agent does something, if the desk lets them.
    pub(crate) fn agent(&mut self, agent: StaffId, act: AgentAct) {
        if self.board.is_none() {
            return;
        }
        let with = self.screen.contacts.values().find(|contact| contact.agent == Some(agent)).map(|contact| contact.id);
        let leg = self.legs.iter().find(|(_, leg)| leg.agent == Some(agent)).map(|(id, _)| *id);
        match act {
            AgentAct::ComesToWork => {
                self.desks.insert(agent);
                self.event(Event::DeskConnected { agent });
                self.act(agent, Act::SetPresence(PresenceState::Ready));
            }
            AgentAct::Registers => {
                self.phones.insert(agent);
                self.event(Event::PhoneRegistered { agent });
            }
            AgentAct::Unregisters => {
                self.phones.remove(&agent);
                self.event(Event::PhoneUnregistered { agent });
            }
            AgentAct::ClosesDesk => {
                self.desks.remove(&agent);
                self.event(Event::DeskDisconnected { agent });
            }
            AgentAct::Takes => self.takes(agent, leg),
            AgentAct::Declines => {
                if let Some(offer) = self.offers.get(&agent).copied() {
                    self.act(agent, Act::DeclineOffer { offer });
                }
            }
            AgentAct::HangsUp => {
                if let Some(contact) = with {
                    self.act(agent, Act::HangUp { contact });
                }
            }
            AgentAct::Holds => {
                if let Some(contact) = with {
                    self.act(agent, Act::Hold { contact });
                }
            }
            AgentAct::Resumes => {
                if let Some(contact) = with {
                    self.act(agent, Act::Resume { contact });
                }
            }
            AgentAct::HandsOver | AgentAct::Consults => {
                let ready = self.screen.agents.values().find(|other| other.presence == PresenceState::Ready);
                if let (Some(contact), Some(to)) = (with, ready.map(|other| other.id)) {
                    let to = Target::Agent(to);
                    self.act(agent, Act::Transfer { contact, to, blind: act == AgentAct::HandsOver });
                }
            }
            AgentAct::Requeues => {
                let queue =
                    self.screen.contacts.values().find(|contact| contact.agent == Some(agent)).map(|view| view.queue.clone());
                if let (Some(contact), Some(queue)) = (with, queue) {
                    self.act(agent, Act::Transfer { contact, to: Target::Queue(queue), blind: true });
                }
            }
            AgentAct::TakesBack => {
                if let Some(contact) = with {
                    self.act(agent, Act::TakeBack { contact });
                }
            }
            AgentAct::Leaves => {
                if let Some(contact) = with {
                    self.act(agent, Act::Leave { contact });
                }
            }
            AgentAct::Reconnects => {
                if let Some(contact) = with {
                    self.reconnects(agent, contact);
                }
            }
            AgentAct::Finishes => {
                if let Some(contact) = with {
                    self.act(agent, Act::FinishWrapUp { contact });
                }
            }
            AgentAct::Pauses => {
                self.act(agent, Act::SetPresence(PresenceState::NotReady(Reason::Break)));
            }
            AgentAct::IsReady => {
                self.act(agent, Act::SetPresence(PresenceState::Ready));
            }
            AgentAct::GoesHome => {
                self.act(agent, Act::SetPresence(PresenceState::LoggedOut));
            }
            AgentAct::LosesAudio => {
                if let Some(leg) = leg {
                    self.leaves(leg, LegEnd::Vanished);
                }
            }
        }
    }

    fn reconnects(&mut self, agent: StaffId, contact: ContactId) {
        let leg: LegId = self.ids.next(self.shell.wall());
        self.legs.insert(leg, Leg { agent: Some(agent), ..Leg::default() });
        if self.act(agent, Act::Reconnect { contact, leg }) {
            self.comes_up(leg);
        } else {
            self.legs.remove(&leg);
        }
    }

    fn takes(&mut self, agent: StaffId, phone: Option<LegId>) {
        let Some(offer) = self.offers.get(&agent).copied() else { return };
        if let Some(leg) = phone {
            return self.comes_up(leg);
        }
        let leg: LegId = self.ids.next(self.shell.wall());
        self.legs.insert(leg, Leg { agent: Some(agent), ..Leg::default() });
        if self.act(agent, Act::AcceptOffer { offer, leg }) {
            self.comes_up(leg);
        } else {
            self.legs.remove(&leg);
        }
    }
}
