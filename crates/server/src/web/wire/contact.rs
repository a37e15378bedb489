//! A contact's record on the wire.

use super::{CallerIdTrust, Channel, Direction, Disposition, Language, Level, Service, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::call;
use walletline_core::kernel::ids::StaffId;
use walletline_store::ContactRecord;

/// One customer reaching us once.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Contact {
    /// Identifier.
    #[schema(example = "ct_01KQ3V0000000000000000000A")]
    pub(crate) id: String,
    /// The number that was dialled.
    pub(crate) line: String,
    /// The wallet whose line it is.
    pub(crate) wallet: String,
    /// How the customer came.
    pub(crate) channel: Channel,
    /// The calling number, masked; empty when withheld.
    #[schema(example = "+86 190****0001")]
    pub(crate) caller: String,
    /// How far the networks vouch for that number.
    pub(crate) caller_id: CallerIdTrust,
    /// The language chosen.
    #[schema(required = true)]
    pub(crate) language: Option<Language>,
    /// What it is about.
    #[schema(required = true)]
    pub(crate) service: Option<Service>,
    /// How sure we are of who called.
    pub(crate) level: Level,
    /// Signals against the caller's claim.
    pub(crate) risk: Vec<String>,
    /// When the call arrived.
    pub(crate) opened_at: Time,
    /// When we answered.
    #[schema(required = true)]
    pub(crate) answered_at: Option<Time>,
    /// When it first joined a queue.
    #[schema(required = true)]
    pub(crate) queued_at: Option<Time>,
    /// When it was first connected to a person.
    #[schema(required = true)]
    pub(crate) connected_at: Option<Time>,
    /// When it ended.
    #[schema(required = true)]
    pub(crate) ended_at: Option<Time>,
    /// Who spoke with the customer, in order.
    pub(crate) agents: Vec<AgentRef>,
    /// How it was closed: an agent's code, or the hotline's own finding.
    #[schema(required = true)]
    pub(crate) disposition: Option<Disposition>,
    /// The reference of the case that came of it.
    #[schema(required = true)]
    pub(crate) case: Option<String>,
    /// Its legs, oldest first.
    pub(crate) legs: Vec<Leg>,
    /// Its recording, where there is one that can be heard.
    #[schema(required = true)]
    pub(crate) recording: Option<String>,
    /// That recording is on legal hold.
    pub(crate) on_hold: bool,
}

/// A member of staff in a record.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AgentRef {
    /// Identifier.
    pub(crate) id: String,
    /// The number customers are told.
    pub(crate) number: String,
}

/// One leg of a contact.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Leg {
    /// Who set it up.
    pub(crate) direction: Direction,
    /// The number outside that it reaches, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outside: Option<String>,
    /// `PCMA`, `PCMU`, `opus`; empty when media was never agreed.
    pub(crate) codec: String,
    /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
    pub(crate) encryption: String,
    /// RTP packets received.
    pub(crate) packets: u64,
    /// RTP packets lost.
    pub(crate) lost: u64,
    /// Interarrival jitter, milliseconds.
    pub(crate) jitter_ms: f64,
    /// There and back, milliseconds; null where the far end reported nothing.
    #[schema(required = true)]
    pub(crate) round_trip_ms: Option<f64>,
    /// How it was probably heard, 1 to 4.5 (E-model, ITU-T G.107); null where too little was sent to tell.
    #[schema(required = true)]
    pub(crate) mos: Option<f64>,
}

impl Contact {
    /// A record as a screen may show it; `number_of` tells the number of a member of staff.
    pub(crate) fn new(record: &ContactRecord, number_of: impl Fn(StaffId) -> String) -> Self {
        let contact = &record.contact;
        let closed = record.wrap_up.as_ref().map(|(_, wrap_up)| wrap_up.code).or(contact.disposition);
        Self {
            id: contact.id.to_string(),
            line: contact.line.clone(),
            wallet: contact.wallet.clone(),
            channel: contact.channel.into(),
            caller: contact.caller.mask_number(),
            caller_id: contact.caller_id.into(),
            language: contact.language.map(Into::into),
            service: contact.service.map(Into::into),
            level: contact.level.into(),
            risk: contact.risk.clone(),
            opened_at: contact.opened_at.into(),
            answered_at: contact.answered_at.map(Into::into),
            queued_at: contact.queued_at.map(Into::into),
            connected_at: contact.connected_at.map(Into::into),
            ended_at: contact.ended_at.map(Into::into),
            agents: contact.agents.iter().map(|id| AgentRef { id: id.to_string(), number: number_of(*id) }).collect(),
            disposition: closed.map(Into::into),
            case: contact.case.clone(),
            legs: record.legs.iter().map(Into::into).collect(),
            recording: record.recording.map(|id| id.to_string()),
            on_hold: record.held,
        }
    }
}

impl From<&call::Leg> for Leg {
    fn from(leg: &call::Leg) -> Self {
        Self {
            direction: leg.direction.into(),
            outside: leg.outside.clone(),
            codec: leg.codec.clone(),
            encryption: leg.encryption.clone(),
            packets: leg.packets,
            lost: leg.lost,
            jitter_ms: leg.jitter_ms,
            round_trip_ms: leg.round_trip_ms,
            mos: leg.mos,
        }
    }
}
