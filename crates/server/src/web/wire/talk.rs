//! Who is in a call, on the wire: whom an agent or a supervisor speaks with, who was asked to join, and who did not come.

use super::{Language, Service, Time, TransferMode};
use serde::Serialize;
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

/// A call that is with agents, for whoever leads them.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CallView {
    id: String,
    wallet: String,
    queue: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    /// The agent who leads it.
    lead: String,
    /// Everybody of the staff on it, the lead first.
    parties: Vec<PartyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_at: Option<Time>,
}

/// One agent asks another in.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AskedView {
    /// The number of the other: of whoever is asked, or asks.
    number: String,
    mode: TransferMode,
}

/// An agent who was asked in and did not come.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NotComeView {
    number: String,
    why: NotCome,
}

/// Why an agent who was asked in did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotCome {
    Missed,
    Declined,
    Withdrawn,
    NoAudio,
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
            lead: view.lead.to_string(),
            parties: view.parties.iter().map(Into::into).collect(),
            connected_at: view.connected_at.map(Into::into),
            held_at: view.held_at.map(Into::into),
        }
    }
}

impl From<&live::AskedView> for AskedView {
    fn from(asked: &live::AskedView) -> Self {
        let mode = if asked.mode == "blind" { TransferMode::Blind } else { TransferMode::Attended };
        Self { number: asked.number.clone(), mode }
    }
}

impl From<&live::NotComeView> for NotComeView {
    fn from(missed: &live::NotComeView) -> Self {
        let why = match missed.why.as_str() {
            "missed" => NotCome::Missed,
            "declined" => NotCome::Declined,
            "no_audio" => NotCome::NoAudio,
            _ => NotCome::Withdrawn,
        };
        Self { number: missed.number.clone(), why }
    }
}
