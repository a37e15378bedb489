//! Who is in a call, on the wire: whom an agent or a supervisor speaks with, who was asked to join, and who did not come.

use super::{Language, Service, Time, TransferMode};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use walletline_core::switchboard::live;

/// Where an agent's audio of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallVoice {
    /// In the desk's browser.
    Desk,
    /// On the SIP phone.
    Phone,
    /// Nowhere: take it up again with `reconnect`.
    Lost,
}

/// Somebody of the staff on a call.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PartyView {
    agent: String,
    number: String,
    part: CallPart,
}

/// What somebody of the staff does on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallPart {
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
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OutsideView {
    /// The number's id.
    id: String,
    /// Who is reached there, by language.
    name: BTreeMap<&'static str, String>,
    /// When they answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
}

/// A call that is with agents, or was left by them to somebody outside, for whoever leads them.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CallView {
    id: String,
    wallet: String,
    queue: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    /// The agent who leads it; none once the customer is alone with somebody outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<String>,
    /// Everybody of the staff on it, the lead first.
    parties: Vec<PartyView>,
    /// Somebody outside who is on the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<OutsideView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_at: Option<Time>,
}

/// An agent asks somebody in.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AskedView {
    /// The number of the other agent: of whoever is asked, or asks. Of somebody outside, the id of their number.
    number: String,
    mode: TransferMode,
    /// Somebody outside is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<OutsideView>,
    /// Of somebody outside: it is known to ring there.
    #[serde(skip_serializing_if = "Option::is_none")]
    rings: Option<bool>,
    /// Of somebody outside: they answered, and hear that the call is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<bool>,
}

/// Whoever was asked in and did not come, or came from outside and is gone.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NotComeView {
    number: String,
    /// Somebody outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<OutsideView>,
    why: NotCome,
}

/// Why whoever was asked in did not come. From `busy` on of somebody outside alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotCome {
    Missed,
    Declined,
    Withdrawn,
    NoAudio,
    /// They are in another call.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// No rule of a trunk lets the number be dialled.
    NotAllowed,
    /// The trunk has as many calls as it may have.
    NoRoom,
    /// No trunk, no such number, or no way to it.
    Unreachable,
    /// They were there, and hung up.
    HungUp,
}

impl From<live::Voice> for CallVoice {
    fn from(voice: live::Voice) -> Self {
        match voice {
            live::Voice::Desk => Self::Desk,
            live::Voice::Phone => Self::Phone,
            live::Voice::Lost => Self::Lost,
        }
    }
}

impl From<&live::OutsideView> for OutsideView {
    fn from(view: &live::OutsideView) -> Self {
        let name = view.name.iter().map(|(language, name)| (language.tag(), name.clone())).collect();
        Self { id: view.id.clone(), name, since: view.since.map(Into::into) }
    }
}

impl From<&live::PartyView> for PartyView {
    fn from(party: &live::PartyView) -> Self {
        let (agent, number) = (party.agent.to_string(), party.number.clone());
        Self { agent, number, part: party.part.into() }
    }
}

impl From<live::Part> for CallPart {
    fn from(part: live::Part) -> Self {
        match part {
            live::Part::Speaks => Self::Speaks,
            live::Part::Listens => Self::Listens,
            live::Part::Whispers => Self::Whispers,
            live::Part::Barges => Self::Barges,
        }
    }
}

impl From<&live::CallView> for CallView {
    fn from(view: &live::CallView) -> Self {
        Self {
            id: view.id.to_string(),
            wallet: view.wallet.clone(),
            queue: view.queue.clone(),
            language: view.language.map(Into::into),
            service: view.service.map(Into::into),
            lead: view.lead.map(|lead| lead.to_string()),
            parties: view.parties.iter().map(Into::into).collect(),
            outside: view.outside.as_ref().map(Into::into),
            connected_at: view.connected_at.map(Into::into),
            held_at: view.held_at.map(Into::into),
        }
    }
}

impl From<&live::AskedView> for AskedView {
    fn from(asked: &live::AskedView) -> Self {
        let mode = if asked.mode == "blind" { TransferMode::Blind } else { TransferMode::Attended };
        let [rings, told] = [asked.rings, asked.told].map(|known| asked.outside.as_ref().map(|_| known));
        Self { number: asked.number.clone(), mode, outside: asked.outside.as_ref().map(Into::into), rings, told }
    }
}

impl From<&live::NotComeView> for NotComeView {
    fn from(missed: &live::NotComeView) -> Self {
        let why = match missed.why.as_str() {
            "missed" => NotCome::Missed,
            "declined" => NotCome::Declined,
            "no_audio" => NotCome::NoAudio,
            "busy" => NotCome::Busy,
            "no_answer" => NotCome::NoAnswer,
            "not_allowed" => NotCome::NotAllowed,
            "no_room" => NotCome::NoRoom,
            "unreachable" => NotCome::Unreachable,
            "hung_up" => NotCome::HungUp,
            _ => NotCome::Withdrawn,
        };
        Self { number: missed.number.clone(), outside: missed.outside.as_ref().map(Into::into), why }
    }
}
