//! What wallets' apps are told.

use super::names::{Language, Service};
use super::time::Time;
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::kernel::time::Wall;
use walletline_core::switchboard::{Conversation, Speaking, With};

/// Whether we are talking with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TalkingAnswer {
    /// With whoever has shown, in this call, that the account is theirs.
    Talking,
    /// Somebody is on the line who names this number or shows it, and has not shown that it is theirs.
    Unconfirmed,
    /// An agent is calling them back, or about to.
    CallingBack,
    /// With nobody of this number.
    NotTalking,
}

impl TalkingAnswer {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Talking => "talking",
            Self::Unconfirmed => "unconfirmed",
            Self::CallingBack => "calling_back",
            Self::NotTalking => "not_talking",
        }
    }
}

/// Who has the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TalkingWith {
    /// A person of ours.
    Agent,
    /// The menu, or the queue's music.
    Nobody,
    /// Somebody outside, to whom we handed the call on.
    Outside,
}

/// A call that this customer asked for, as it seems, and was not called yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallBackAsked {
    /// Its reference.
    #[schema(example = "R123456782")]
    pub(crate) reference: String,
    /// When it was asked for.
    pub(crate) asked_at: Time,
    /// The two words that whoever calls says first, in the language of the call; none when they are no longer good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "apple arrow")]
    pub(crate) phrase: Option<String>,
    /// The language of the call.
    pub(crate) language: Language,
}

/// Are you talking to us now?
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TalkingToUs {
    /// The answer. One that an app does not know is to be shown as `not_talking`.
    pub(crate) answer: TalkingAnswer,
    /// A call back that is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<CallBackAsked>,
    /// Who has the customer; only with `talking`.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<TalkingWith>,
    /// The agent's number, as it is announced to the customer, or as they say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1024")]
    agent: Option<String>,
    /// Since when; of `unconfirmed`, since when the call is there; of `calling_back`, when the agent took it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// The number that was dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "8000")]
    line: Option<String>,
    /// What the call is about, as the menu learned.
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<Service>,
    /// When this was so.
    checked_at: Time,
}

impl TalkingToUs {
    pub(crate) fn new(speaking: Speaking, now: Wall) -> Self {
        let nothing = |answer| Self {
            answer,
            callback: None,
            with: None,
            agent: None,
            since: None,
            line: None,
            purpose: None,
            checked_at: now.into(),
        };
        match speaking {
            Speaking::Nobody => nothing(TalkingAnswer::NotTalking),
            Speaking::Unconfirmed { since } => Self { since: Some(since.into()), ..nothing(TalkingAnswer::Unconfirmed) },
            Speaking::With(Conversation { line, purpose, with, since }) => {
                let (with, agent) = match with {
                    With::Agent(number) => (TalkingWith::Agent, Some(number)),
                    With::Nobody => (TalkingWith::Nobody, None),
                    With::Outside => (TalkingWith::Outside, None),
                };
                Self {
                    with: Some(with),
                    agent,
                    since: Some(since.into()),
                    line: Some(line),
                    purpose: purpose.map(Into::into),
                    ..nothing(TalkingAnswer::Talking)
                }
            }
        }
    }

    /// The same with a call back that is due, and who makes it since when. A call that is there already goes before.
    pub(crate) fn with_callback(mut self, callback: CallBackAsked, calling: Option<(String, Wall)>) -> Self {
        self.callback = Some(callback);
        if let Some((agent, at)) = calling.filter(|_| self.answer != TalkingAnswer::Talking) {
            (self.answer, self.agent, self.since) = (TalkingAnswer::CallingBack, Some(agent), Some(at.into()));
        }
        self
    }
}
