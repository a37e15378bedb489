//! What the screens show live: a snapshot, and events that turn an old snapshot into a fresh one. One reducer for all.

use crate::agent::{PresenceState, Teams};
use crate::call::{CallerIdTrust, Channel, Quality, Service};
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{ContactId, OfferId, OperationId, PassId, StaffId},
    language::Language,
    pii::Pii,
    time::Wall,
};
use crate::outbox::{Delivery, DeliveryState};
use crate::pass::Topic;
use crate::wallet::{Decline, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the screens show live.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Agents by id.
    pub agents: BTreeMap<StaffId, AgentView>,
    /// Queues by id.
    pub queues: BTreeMap<String, QueueView>,
    /// Offers that ring now.
    pub offers: BTreeMap<OfferId, OfferView>,
    /// Calls that are with agents, for whoever leads them.
    pub calls: BTreeMap<ContactId, CallView>,
    /// Contacts that are with an agent, or in that agent's wrap-up: one view for each agent who takes part.
    pub contacts: BTreeMap<(ContactId, StaffId), ContactView>,
}

/// An agent on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentView {
    /// Who.
    pub id: StaffId,
    /// The agent's number.
    pub number: String,
    /// The teams they belong to; of whoever leads agents, those they lead.
    pub teams: Teams,
    /// What they are doing.
    #[serde(flatten)]
    pub presence: PresenceState,
    /// Since when.
    pub since: Wall,
    /// A SIP phone is registered and takes this agent's calls.
    pub phone: bool,
}

/// A queue on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// Which.
    pub id: String,
    /// How many wait.
    pub waiting: u32,
    /// Since when the longest waits.
    pub oldest_at: Option<Wall>,
}

/// A ringing offer: what the menu learned, for the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// Which.
    pub id: OfferId,
    /// To whom.
    pub agent: StaffId,
    /// The contact offered.
    pub contact: ContactView,
    /// The agent who asks for it, when one does.
    pub asked_by: Option<AskedView>,
    /// When it goes to the next agent, or back to the one who asks.
    pub expires_at: Wall,
}

/// A contact on an agent's screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactView {
    /// Which.
    pub id: ContactId,
    /// The agent it is with; none while it is only offered.
    pub agent: Option<StaffId>,
    /// The wallet whose line was dialled.
    pub wallet: String,
    /// The number dialled.
    pub line: String,
    /// Phone or browser.
    pub channel: Channel,
    /// The calling number, masked.
    pub caller: String,
    /// How far the networks vouch for it.
    pub caller_id: CallerIdTrust,
    /// The language chosen.
    pub language: Option<Language>,
    /// What it is about.
    pub service: Option<Service>,
    /// The path through the menu, as node names, newest last.
    pub path: Vec<String>,
    /// The queue it came through.
    pub queue: String,
    /// 0 to 10.
    pub priority: u8,
    /// How sure we are of who is calling.
    pub level: Level,
    /// The customer as far as this contact may show them.
    pub customer: CustomerView,
    /// What the customer can be asked for on this line.
    pub factors: Vec<Factor>,
    /// The code an agent asked for last, and how it stands; none while it is only offered.
    pub challenge: Option<ProofView>,
    /// The call pass it was keyed in, or brought.
    pub pass: Option<PassView>,
    /// When it first joined a queue.
    pub queued_at: Wall,
    /// When it was connected to this agent.
    pub connected_at: Option<Wall>,
    /// Since when the customer is on hold; none when not.
    pub held_at: Option<Wall>,
    /// This agent leads the call: holds it, hands it over, ends it.
    pub leads: bool,
    /// Where this agent's audio is; none while it is only offered.
    pub voice: Option<Voice>,
    /// How this supervisor listens to it; none for whoever takes part.
    pub monitor: Option<Part>,
    /// The others of the staff on the call.
    pub parties: Vec<PartyView>,
    /// Somebody outside who is on the call.
    pub outside: Option<OutsideView>,
    /// Whom this agent has asked in.
    pub asked: Option<AskedView>,
    /// Who was asked in last and did not come.
    pub not_come: Option<NotComeView>,
    /// When the call was over for this agent: from then on it is in wrap-up.
    pub ended_at: Option<Wall>,
    /// What carries the call while it is connected: the customer's leg first.
    pub legs: Vec<LegView>,
}

/// A code that is keyed in a conversation, on a screen: how it stands, and nothing of what is keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofView {
    /// What was asked for.
    pub factor: Factor,
    /// How it stands.
    pub state: ProofState,
    /// Tries that this contact has left.
    pub tries_left: u8,
    /// No message was sent: too many were.
    pub limited: bool,
    /// When it ends by itself.
    pub expires_at: Wall,
    /// How far the message is that carries the code; none while nothing is known of it, and of a number that is not registered.
    pub message: Option<MessageView>,
    /// The code that the agent reads out and the customer types into the app, while it does ask; on the screen of that agent alone.
    pub code: Option<Pii<String>>,
    /// What the app shows that it is for, in the word of the two companies.
    pub operation: Option<String>,
}

/// A message on a screen: how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// How far.
    pub state: DeliveryState,
    /// When a gateway took it.
    pub sent_at: Option<Wall>,
    /// When it came to its end.
    pub settled_at: Option<Wall>,
}

impl From<&Delivery> for MessageView {
    fn from(delivery: &Delivery) -> Self {
        Self { state: delivery.state, sent_at: delivery.sent_at, settled_at: delivery.settled_at }
    }
}

/// How a code stands that is keyed in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofState {
    /// It is asked for.
    Sending,
    /// It is on its way, if the number is registered.
    Sent,
    /// The customer keys it.
    Keying,
    /// What was keyed is looked at.
    Checking,
    /// What was keyed proves nothing; there are tries left.
    Wrong,
    /// It was right.
    Verified,
    /// It was wrong too often.
    Failed,
    /// The customer went back to the agent.
    GivenUp,
    /// Its time was over.
    Expired,
    /// The agent ended it, or the conversation went another way.
    Ended,
    /// No phone number can be made of what it was to be sent to.
    NotANumber,
    /// The outside did not answer.
    Unavailable,
}

impl ProofState {
    /// The word on the wire, in the timeline and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Keying => "keying",
            Self::Checking => "checking",
            Self::Wrong => "wrong",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::NotANumber => "not_a_number",
            Self::Unavailable => "unavailable",
        }
    }
}

/// A leg of a connected call on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegView {
    /// The agent it reaches; none for the customer's, and for one outside.
    pub agent: Option<StaffId>,
    /// It reaches somebody outside.
    pub outside: bool,
    /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
    pub encryption: String,
    /// How it sounds, once that is known.
    pub quality: Option<Quality>,
}

/// Where an agent's audio of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// In the desk's browser.
    Desk,
    /// On the SIP phone.
    Phone,
    /// Nowhere: the desk was reloaded or lost it, and may take the call up again.
    Lost,
}

/// Somebody of the staff on a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyView {
    /// Who.
    pub agent: StaffId,
    /// The agent's number.
    pub number: String,
    /// What they do there.
    pub part: Part,
}

/// What somebody of the staff does on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Speaks with the customer, or with the agent who does.
    Speaks,
    /// Listens, heard by nobody.
    Listens,
    /// Listens, heard by the agents.
    Whispers,
    /// Listens, heard by everybody.
    Barges,
}

/// Somebody outside, by the name that the configuration gives their number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideView {
    /// The number's id.
    pub id: String,
    /// Who is reached there.
    pub name: BTreeMap<Language, String>,
    /// When they answered.
    pub since: Option<Wall>,
}

/// A call that is with agents, or was left by them to somebody outside, for whoever leads them: who speaks with whom, and nothing of what
/// the call is about beyond its service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// Which contact.
    pub id: ContactId,
    /// The wallet whose line was dialled.
    pub wallet: String,
    /// The queue it came through.
    pub queue: String,
    /// The language chosen.
    pub language: Option<Language>,
    /// What it is about.
    pub service: Option<Service>,
    /// The agent who leads it; none once the customer is alone with somebody outside.
    pub lead: Option<StaffId>,
    /// The teams of everybody who speaks on it; of those who left it, where the customer is alone with somebody outside.
    pub teams: Teams,
    /// Everybody of the staff on it, the lead first.
    pub parties: Vec<PartyView>,
    /// Somebody outside who is on the call.
    pub outside: Option<OutsideView>,
    /// When it was connected to the lead, or left to somebody outside.
    pub connected_at: Option<Wall>,
    /// Since when the customer is on hold.
    pub held_at: Option<Wall>,
}

/// An agent asks somebody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedView {
    /// The number of the other agent: of whoever is asked, or asks. Of somebody outside, the id of their number.
    pub number: String,
    /// `blind`: to take the call over; `attended`: to speak first.
    pub mode: String,
    /// Somebody outside is called.
    pub outside: Option<OutsideView>,
    /// It is known to ring there.
    pub rings: bool,
    /// Somebody outside answered, and hears that the call is recorded.
    pub told: bool,
}

/// Whoever was asked in and did not come, or came from outside and is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotComeView {
    /// The agent's number, or the id of the one outside.
    pub number: String,
    /// Somebody outside.
    pub outside: Option<OutsideView>,
    /// `missed`, `declined`, `withdrawn`, `no_audio`; of somebody outside also as [`super::event::LegEnd::reason`] has it.
    pub why: String,
}

/// A call pass on a screen. What it says was told by a visitor of the help pages and proves nothing of who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassView {
    /// Which.
    pub id: PassId,
    /// What the call is about.
    pub topic: Topic,
    /// When it was made.
    pub made_at: Wall,
    /// When nothing of it may be left.
    pub expires_at: Wall,
    /// What was written; only on the screen of the agent whom the contact is with.
    pub told: Option<ToldView>,
}

/// What a visitor wrote into a call pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldView {
    /// The transaction, or the last six digits of its number.
    pub transaction: Option<Pii<String>>,
    /// In their own words.
    pub description: Pii<String>,
    /// What a screen said.
    pub error_text: Pii<String>,
    /// There is a screenshot, to be fetched by itself.
    pub screenshot: bool,
}

/// The customer of a contact as an agent's screen may show them: what the level reached allows, and no more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// The number the caller named, masked; empty when none was named.
    pub number: String,
    /// What was shown of who is calling.
    pub factor: Option<Factor>,
    /// When the customer was verified.
    pub verified_at: Option<Wall>,
    /// How the customer is called; from A2 on.
    pub name: Option<String>,
    /// Signals against the caller's claim.
    pub risk: Vec<String>,
    /// The transaction asked about last; from A2 on.
    pub transaction: Option<TransactionView>,
    /// Acts on the wallet in this contact, oldest first.
    pub operations: Vec<OperationView>,
    /// What protects the account, once an agent looked; from A2 on.
    pub account: Option<AccountView>,
    /// The reference of the case that came of it.
    pub case: Option<String>,
}

/// What protects an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The wallet can be asked about it.
    pub is_offered: bool,
    /// Open sessions of the app and the web.
    pub sessions: usize,
    /// Bound devices, the newest first.
    pub devices: Vec<DeviceView>,
    /// `active`, `invited`, `blocked`, or `none`.
    pub second_factor: String,
    /// When it was looked at.
    pub at: Wall,
}

/// A bound device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// What the customer calls it.
    pub name: Pii<String>,
    /// Since when.
    pub bound_at: Option<Wall>,
}

/// A transaction as far as A2 shows it: its status and expected time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionView {
    /// Its number.
    pub id: String,
    /// `wallet_to_wallet`, `cross_border`, …
    pub kind: String,
    /// As the wallet has it: `pending`, `completed`, `failed`, `unknown`.
    pub status: String,
    /// `on_time`, `late`, `overdue`, `refund_due`, `unknown`.
    pub verdict: String,
    /// The date that matters for it: expected, due, arrived.
    pub by: Option<Wall>,
    /// What the expectation rests on, in each language.
    pub basis: BTreeMap<Language, String>,
    /// What the wallet observed of it, oldest first.
    pub events: Vec<TransactionEvent>,
}

/// Something observed of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionEvent {
    /// When.
    pub at: Wall,
    /// A plain word: `created`, `in_progress`, `settled`, `credited`, `rejected`, `under_review`, …
    pub what: String,
}

/// An act on a wallet as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationView {
    /// Which.
    pub id: OperationId,
    /// What: `freeze`, `unlock`, …
    pub act: String,
    /// `committed`, `sending`, `unknown`, `reconciling`, `done`, `declined`, `given_up`.
    pub state: State,
    /// What the customer calls it by.
    pub reference: String,
    /// The key under which the wallet knows it.
    pub key: String,
    /// Why the wallet said no, where it did and gave a reason.
    pub declined: Option<Decline>,
}

/// One change to what the screens show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveEvent {
    /// An agent came or changed.
    AgentChanged {
        /// As it is now.
        agent: AgentView,
    },
    /// A queue changed.
    QueueChanged {
        /// As it is now.
        queue: QueueView,
    },
    /// An offer rings.
    OfferMade {
        /// The offer.
        offer: OfferView,
    },
    /// An offer is over.
    OfferEnded {
        /// Which.
        offer: OfferId,
        /// To whom it was made.
        agent: StaffId,
        /// `accepted`, `missed`, `declined`, `withdrawn`.
        outcome: String,
    },
    /// A contact is with an agent, or changed there.
    ContactChanged {
        /// As it is now.
        contact: ContactView,
    },
    /// A call is with agents, or changed there.
    CallChanged {
        /// As it is now.
        call: CallView,
    },
    /// A call is with no agent any more.
    CallGone {
        /// Which contact.
        contact: ContactId,
    },
    /// A contact left its agent's screen.
    ContactGone {
        /// Which.
        contact: ContactId,
        /// Whose screen.
        agent: StaffId,
    },
}

impl Snapshot {
    /// Turns this snapshot into the one after `event`.
    pub fn apply(&mut self, event: &LiveEvent) {
        match event {
            LiveEvent::AgentChanged { agent } => {
                self.agents.insert(agent.id, agent.clone());
            }
            LiveEvent::QueueChanged { queue } => {
                self.queues.insert(queue.id.clone(), queue.clone());
            }
            LiveEvent::OfferMade { offer } => {
                self.offers.insert(offer.id, offer.clone());
            }
            LiveEvent::OfferEnded { offer, .. } => {
                self.offers.remove(offer);
            }
            LiveEvent::CallChanged { call } => {
                self.calls.insert(call.id, call.clone());
            }
            LiveEvent::CallGone { contact } => {
                self.calls.remove(contact);
            }
            LiveEvent::ContactChanged { contact } => {
                self.contacts.extend(contact.agent.map(|agent| ((contact.id, agent), contact.clone())));
            }
            LiveEvent::ContactGone { contact, agent } => {
                self.contacts.remove(&(*contact, *agent));
            }
        }
    }
}

impl ContactView {
    /// The same once the call is over for the agent whose screen it is on.
    #[must_use]
    pub fn wrapped_up(self, at: Wall) -> Self {
        let parties = Vec::new();
        Self {
            ended_at: Some(at),
            held_at: None,
            voice: None,
            parties,
            outside: None,
            asked: None,
            not_come: None,
            monitor: None,
            legs: Vec::new(),
            ..self
        }
    }
}
