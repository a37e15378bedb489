//! What the screens show live: a snapshot, and events that turn an old snapshot into a fresh one. One reducer for all.

use crate::agent::PresenceState;
use crate::call::{CallerIdTrust, Channel, Quality, Service};
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{ContactId, OfferId, OperationId, PassId, StaffId},
    language::Language,
    pii::Pii,
    time::Wall,
};
use crate::pass::Topic;
use crate::wallet::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the screens show live.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Agents by id.
    pub agents: BTreeMap<StaffId, AgentView>,
    /// Queues by id.
    pub queues: BTreeMap<String, QueueView>,
    /// Offers that ring now.
    pub offers: BTreeMap<OfferId, OfferView>,
    /// Contacts that are with an agent, or in that agent's wrap-up.
    pub contacts: BTreeMap<ContactId, ContactView>,
}

/// An agent on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentView {
    /// Who.
    pub id: StaffId,
    /// The agent's number.
    pub number: String,
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
    /// When it goes to the next agent.
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
    /// The call pass it was keyed in, or brought.
    pub pass: Option<PassView>,
    /// When it first joined a queue.
    pub queued_at: Wall,
    /// When it was connected to this agent.
    pub connected_at: Option<Wall>,
    /// When the customer's leg ended: from then on it is in wrap-up.
    pub ended_at: Option<Wall>,
    /// What carries the call while it is connected: the customer's leg first.
    pub legs: Vec<LegView>,
}

/// A leg of a connected call on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegView {
    /// The agent it reaches; none for the customer's.
    pub agent: Option<StaffId>,
    /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
    pub encryption: String,
    /// How it sounds, once that is known.
    pub quality: Option<Quality>,
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
    /// The reference of the case that came of it.
    pub case: Option<String>,
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
    /// What: `freeze`.
    pub act: String,
    /// `committed`, `sending`, `unknown`, `reconciling`, `done`, `declined`, `given_up`.
    pub state: State,
    /// What the customer calls it by.
    pub reference: String,
    /// The key under which the wallet knows it.
    pub key: String,
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
            LiveEvent::ContactChanged { contact } => {
                self.contacts.insert(contact.id, contact.clone());
            }
            LiveEvent::ContactGone { contact, .. } => {
                self.contacts.remove(contact);
            }
        }
    }

    /// What an agent's own screen shows of it: every queue, but only this agent's presence, offers and contacts.
    #[must_use]
    pub fn for_agent(&self, agent: StaffId) -> Self {
        Self {
            agents: self.agents.iter().filter(|(id, _)| **id == agent).map(|(id, view)| (*id, view.clone())).collect(),
            queues: self.queues.clone(),
            offers: self.offers.iter().filter(|(_, o)| o.agent == agent).map(|(id, o)| (*id, o.clone())).collect(),
            contacts: self.contacts.iter().filter(|(_, c)| c.agent == Some(agent)).map(|(id, c)| (*id, c.clone())).collect(),
        }
    }
}

impl LiveEvent {
    /// The agent whose screen it belongs to; none for everybody's.
    #[must_use]
    pub const fn audience(&self) -> Option<StaffId> {
        match self {
            Self::AgentChanged { agent } => Some(agent.id),
            Self::QueueChanged { .. } => None,
            Self::OfferMade { offer } => Some(offer.agent),
            Self::OfferEnded { agent, .. } | Self::ContactGone { agent, .. } => Some(*agent),
            Self::ContactChanged { contact } => contact.agent,
        }
    }
}
