//! The live connection on the wire: a snapshot, events that turn it into a fresh one, and the signalling of calls.

use super::talk::{AskedView, CallPart, CallView, CallVoice, NotComeView, OutsideView, PartyView};
use super::{
    CallerIdTrust, ChallengeView, Channel, CustomerView, Factor, Language, Level, Me, NotReadyReason, PassView, Presence,
    PresenceName, Service, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use walletline_core::call;
use walletline_core::switchboard::live;

/// What the server says on a live connection.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type")]
pub(crate) enum ToDesk {
    /// Everything this screen shows, now. The first message, and the answer to `resync`.
    #[serde(rename = "snapshot")]
    Snapshot {
        /// The number of the last event that is in it.
        seq: u64,
        /// What the screen shows.
        state: Box<Snapshot>,
        /// Whose screen it is.
        me: Me,
        /// The server's clock, for ages and countdowns.
        server_time: Time,
    },
    /// A change. Numbers rise by one on each connection; after a gap, ask for a snapshot.
    #[serde(rename = "event")]
    Event {
        /// Its number.
        seq: u64,
        /// The change.
        event: Box<LiveEvent>,
    },
    /// The answer to `rtc.offer`.
    #[serde(rename = "rtc.answer")]
    RtcAnswer {
        /// The desk's leg.
        leg: String,
        /// Complete: no candidates follow.
        sdp: String,
    },
    /// A leg of this desk is over, or could not be set up.
    #[serde(rename = "rtc.ended")]
    RtcEnded {
        /// The desk's leg.
        leg: String,
    },
    /// The answer to a heartbeat.
    #[serde(rename = "pong")]
    Pong,
}

/// What a desk says on a live connection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", deny_unknown_fields)]
pub(crate) enum FromDesk {
    /// Still there; every 5 s. Two missing ones make the agent unreachable.
    #[serde(rename = "heartbeat")]
    Heartbeat,
    /// Send a fresh snapshot.
    #[serde(rename = "resync")]
    Resync,
    /// Connect the leg of an accepted offer, within 10 s.
    #[serde(rename = "rtc.offer")]
    RtcOffer {
        /// As given by `accept`.
        leg: String,
        /// The browser's offer, with all its candidates.
        sdp: String,
    },
}

/// An offer was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The contact.
    pub(crate) contact: String,
    /// The desk's leg, to be named in `rtc.offer`.
    pub(crate) leg: String,
}

/// Everything a screen shows live, by identifier.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Snapshot {
    /// Agents.
    agents: BTreeMap<String, AgentView>,
    /// Queues.
    queues: BTreeMap<String, QueueView>,
    /// Offers that ring.
    offers: BTreeMap<String, OfferView>,
    /// Calls that are with agents, on the screens of those who lead them; empty for others.
    calls: BTreeMap<String, CallView>,
    /// Contacts that are with an agent, or in wrap-up there.
    contacts: BTreeMap<String, ContactView>,
}

/// An agent on a screen.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AgentView {
    id: String,
    number: String,
    state: PresenceName,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<NotReadyReason>,
    since: Time,
    /// A SIP phone is registered and takes this agent's calls.
    phone: bool,
}

/// A queue on a screen.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct QueueView {
    id: String,
    waiting: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_at: Option<Time>,
}

/// A ringing offer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OfferView {
    id: String,
    agent: String,
    contact: ContactView,
    /// The agent who asks for it, when one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_by: Option<AskedView>,
    /// When it goes to the next agent, or back to the one who asks.
    expires_at: Time,
}

/// A contact on a screen.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ContactView {
    id: String,
    /// The agent it is with; none while it is only offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    wallet: String,
    line: String,
    channel: Channel,
    /// Masked.
    caller: String,
    /// How far the networks vouch for it.
    caller_id: CallerIdTrust,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    /// The path through the menu, as node names, newest last.
    path: Vec<String>,
    queue: String,
    /// 0 to 10.
    #[schema(maximum = 10)]
    priority: u8,
    level: Level,
    customer: CustomerView,
    /// What the customer can be asked for on this line; what is not listed is not offered by the wallet.
    factors: Vec<Factor>,
    /// The code an agent asked for last, and how it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<ChallengeView>,
    /// The call pass that was keyed in it, or brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<PassView>,
    queued_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_at: Option<Time>,
    /// Since when the customer is on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_at: Option<Time>,
    /// This agent leads the call: holds it, hands it over, ends it.
    leads: bool,
    /// Where this agent's audio of the call is.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<CallVoice>,
    /// How this supervisor listens to it; none for whoever takes part.
    #[serde(skip_serializing_if = "Option::is_none")]
    monitor: Option<CallPart>,
    /// The others of the staff on the call.
    parties: Vec<PartyView>,
    /// Somebody outside who is on the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<OutsideView>,
    /// Whom this agent has asked in.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<AskedView>,
    /// Who was asked in last and did not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_come: Option<NotComeView>,
    /// When the call was over for this agent: from then on it is in wrap-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Time>,
    /// What carries the call while it is connected, the customer's leg first.
    legs: Vec<LegView>,
}

/// A leg of a connected call on a screen.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LegView {
    /// The agent it reaches; none for the customer's, and for one outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// It reaches somebody outside.
    outside: bool,
    /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
    encryption: String,
    /// How it sounds, once that is known. Told when it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<Quality>,
}

/// How a leg sounds at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Quality {
    Good,
    Fair,
    Poor,
}

impl From<call::Quality> for Quality {
    fn from(quality: call::Quality) -> Self {
        match quality {
            call::Quality::Good => Self::Good,
            call::Quality::Fair => Self::Fair,
            call::Quality::Poor => Self::Poor,
        }
    }
}

impl From<&live::LegView> for LegView {
    fn from(view: &live::LegView) -> Self {
        Self {
            agent: view.agent.map(|agent| agent.to_string()),
            outside: view.outside,
            encryption: view.encryption.clone(),
            quality: view.quality.map(Into::into),
        }
    }
}

/// One change to what the screens show. `*_changed` and `offer_made` put by id, `offer_ended`, `call_gone` and
/// `contact_gone` remove.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum LiveEvent {
    AgentChanged { agent: AgentView },
    QueueChanged { queue: QueueView },
    OfferMade { offer: OfferView },
    OfferEnded { offer: String, agent: String, outcome: OfferOutcome },
    CallChanged { call: CallView },
    CallGone { contact: String },
    ContactChanged { contact: ContactView },
    ContactGone { contact: String, agent: String },
}

/// What came of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OfferOutcome {
    Accepted,
    Missed,
    Declined,
    Withdrawn,
}

impl From<&str> for OfferOutcome {
    fn from(text: &str) -> Self {
        match text {
            "accepted" => Self::Accepted,
            "missed" => Self::Missed,
            "declined" => Self::Declined,
            _ => Self::Withdrawn,
        }
    }
}

impl From<&live::Snapshot> for Snapshot {
    fn from(snapshot: &live::Snapshot) -> Self {
        Self {
            agents: snapshot.agents.iter().map(|(id, view)| (id.to_string(), view.into())).collect(),
            queues: snapshot.queues.iter().map(|(id, view)| (id.clone(), view.into())).collect(),
            offers: snapshot.offers.iter().map(|(id, view)| (id.to_string(), view.into())).collect(),
            calls: snapshot.calls.iter().map(|(id, view)| (id.to_string(), view.into())).collect(),
            contacts: snapshot.contacts.iter().map(|((id, _), view)| (id.to_string(), view.into())).collect(),
        }
    }
}

impl From<&live::AgentView> for AgentView {
    fn from(view: &live::AgentView) -> Self {
        let Presence { state, reason } = view.presence.into();
        let (id, number) = (view.id.to_string(), view.number.clone());
        Self { id, number, state, reason, since: view.since.into(), phone: view.phone }
    }
}

impl From<&live::QueueView> for QueueView {
    fn from(view: &live::QueueView) -> Self {
        Self { id: view.id.clone(), waiting: view.waiting, oldest_at: view.oldest_at.map(Into::into) }
    }
}

impl From<&live::OfferView> for OfferView {
    fn from(view: &live::OfferView) -> Self {
        Self {
            id: view.id.to_string(),
            agent: view.agent.to_string(),
            contact: (&view.contact).into(),
            asked_by: view.asked_by.as_ref().map(Into::into),
            expires_at: view.expires_at.into(),
        }
    }
}

impl From<&live::ContactView> for ContactView {
    fn from(view: &live::ContactView) -> Self {
        Self {
            id: view.id.to_string(),
            agent: view.agent.map(|agent| agent.to_string()),
            wallet: view.wallet.clone(),
            line: view.line.clone(),
            channel: view.channel.into(),
            caller: view.caller.clone(),
            caller_id: view.caller_id.into(),
            language: view.language.map(Into::into),
            service: view.service.map(Into::into),
            path: view.path.clone(),
            queue: view.queue.clone(),
            priority: view.priority,
            level: view.level.into(),
            customer: (&view.customer).into(),
            factors: view.factors.iter().copied().map(Into::into).collect(),
            challenge: view.challenge.as_ref().map(Into::into),
            pass: view.pass.as_ref().map(Into::into),
            queued_at: view.queued_at.into(),
            connected_at: view.connected_at.map(Into::into),
            held_at: view.held_at.map(Into::into),
            leads: view.leads,
            voice: view.voice.map(Into::into),
            monitor: view.monitor.map(Into::into),
            parties: view.parties.iter().map(Into::into).collect(),
            outside: view.outside.as_ref().map(Into::into),
            asked: view.asked.as_ref().map(Into::into),
            not_come: view.not_come.as_ref().map(Into::into),
            ended_at: view.ended_at.map(Into::into),
            legs: view.legs.iter().map(Into::into).collect(),
        }
    }
}

impl From<&live::LiveEvent> for LiveEvent {
    fn from(event: &live::LiveEvent) -> Self {
        match event {
            live::LiveEvent::AgentChanged { agent } => Self::AgentChanged { agent: agent.into() },
            live::LiveEvent::QueueChanged { queue } => Self::QueueChanged { queue: queue.into() },
            live::LiveEvent::OfferMade { offer } => Self::OfferMade { offer: offer.into() },
            live::LiveEvent::OfferEnded { offer, agent, outcome } => {
                let outcome = OfferOutcome::from(outcome.as_str());
                Self::OfferEnded { offer: offer.to_string(), agent: agent.to_string(), outcome }
            }
            live::LiveEvent::CallChanged { call } => Self::CallChanged { call: call.into() },
            live::LiveEvent::CallGone { contact } => Self::CallGone { contact: contact.to_string() },
            live::LiveEvent::ContactChanged { contact } => Self::ContactChanged { contact: contact.into() },
            live::LiveEvent::ContactGone { contact, agent } => {
                Self::ContactGone { contact: contact.to_string(), agent: agent.to_string() }
            }
        }
    }
}
