//! A contact's timeline on the wire: what the hotline did, and what agents wrote, in order of time.

use super::names::spelling;
use super::{CallerIdTrust, Disposition, Factor, Language, Level, OfferOutcome, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::call::{self, Fact};
use walletline_core::kernel::ids::StaffId;

/// One line of a timeline.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    /// When; for what was said, when it began.
    pub(crate) at: Time,
    /// The line in words, for whoever reads the record without this program.
    pub(crate) text: String,
    /// What happened.
    #[serde(flatten)]
    pub(crate) entry: Entry,
}

/// What can stand in a timeline.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// A prompt was played.
    Said {
        /// The prompt's id.
        asset: String,
        /// Its language.
        language: Language,
        /// The words, as spoken.
        words: String,
        /// First audio.
        started_at: Time,
        /// Last audio.
        ended_at: Time,
        /// What cut it short: `key`, `hangup`, `agent`.
        #[schema(required = true)]
        interrupted_by: Option<String>,
    },
    /// The caller pressed keys.
    Keyed {
        /// The keys; masked where they are a code.
        digits: String,
    },
    /// The customer was verified, or named.
    Verified {
        /// What was shown.
        factor: Factor,
        /// The level before.
        from: Level,
        /// The level after.
        to: Level,
    },
    /// Something was keyed that proves nothing.
    NotVerified {
        /// What it should have been.
        factor: Factor,
    },
    /// The contact proves less than it did.
    Lowered {
        /// `idle`, or a signal of risk by name.
        why: String,
        /// The level before.
        from: Level,
        /// The level after.
        to: Level,
    },
    /// The number shown was checked.
    CallerId {
        /// What came of it.
        trust: CallerIdTrust,
    },
    /// Something was done at the wallet, or asked of it.
    WalletAct {
        /// `freeze`, `unlock`, `transaction_status`, …
        operation: String,
        /// Of an act `done`, `declined`, `not_supported`, `needs_more`, `obstacles`, `unknown`; of a question what the answer was.
        outcome: String,
        /// The key under which the wallet knows it; empty where nothing was sent.
        correlation_id: String,
    },
    /// Something was asked for, and too little was shown for it.
    NotPermitted {
        /// What it needs; null when nobody was named.
        #[schema(required = true)]
        need: Option<Level>,
        /// What the contact had.
        have: Level,
    },
    /// A case was opened, or came up again.
    Case {
        /// What the customer calls it by.
        reference: String,
    },
    /// Time is running out for a case, or has run out.
    Clock {
        /// The case.
        reference: String,
        /// Under which rule, by id.
        regime: String,
        /// What is due, by the id of its clock.
        clock: String,
        /// How much of the time is used, in percent.
        percent: u8,
        /// The last moment in time.
        #[schema(required = true)]
        deadline: Option<Time>,
    },
    /// A call pass was taken over: told on the help pages, unverified.
    CallPass {
        /// What it is about.
        topic: String,
    },
    /// A form was sent; what it says stands with its case.
    Form {
        /// `complaint`, `unauthorised`, `wrong_payee`, `wrong_amount`, `duplicate`, `not_received`.
        about: String,
    },
    /// The contact joined a queue, or returned to its front.
    Queued {
        /// The queue's id.
        queue: String,
        /// Place in the queue, from 1.
        position: u32,
    },
    /// An agent was offered the contact.
    Offered {
        /// Whom, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// What came of it.
        outcome: OfferOutcome,
    },
    /// The customer and an agent were connected.
    Connected {
        /// Whom, by id.
        agent: String,
        /// The agent's number, as announced.
        number: String,
    },
    /// The customer was put on hold: hears music.
    Held {
        /// By whom, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// Not by wish: the agent's audio was lost.
        lost: bool,
    },
    /// The customer was taken back from hold.
    Resumed {
        /// By whom, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// When the hold began.
        held_at: Time,
    },
    /// The call was handed on, or it was tried.
    Transferred {
        /// By whom, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// An agent's number, or the id of a queue or of a number outside.
        to: String,
        /// `blind`, `attended`.
        mode: String,
        /// `completed`, or why not: `missed`, `declined`, `withdrawn`, `no_audio`; of a number outside also `busy`, `no_answer`,
        /// `not_allowed`, `no_room`, `unreachable`, `hung_up`.
        outcome: String,
    },
    /// The customer was asked to key a code while nobody hears them, or what came of it.
    Challenged {
        /// By whom, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// What was asked for.
        factor: Factor,
        /// `started`, `verified`, `failed`, `given_up`, `expired`, `ended`, `not_a_number`, `unavailable`.
        outcome: String,
    },
    /// What became of a message to the customer.
    Message {
        /// `sms`, `mail`.
        channel: String,
        /// What it says, by name: `code`, `frozen`.
        about: String,
        /// `sent`, `delivered`, `failed`, `expired`.
        state: String,
        /// Why it did not arrive, by name.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody outside came onto the call, or left it.
    Outside {
        /// The number outside, by id.
        to: String,
        /// `answered`: the agents hear them; `joined`: the customer does; `left`.
        what: String,
    },
    /// Somebody outside heard to its end that the call is recorded, before anybody on it heard them.
    OutsideTold {
        /// The number outside, by id.
        to: String,
        /// The notice's language.
        language: Language,
        /// Which words the notice had.
        notice: String,
        /// They would rather not be: the recording has silence while they are on the call.
        declined: bool,
    },
    /// A recording began, after its notice was heard.
    Recorded {
        /// The recording.
        recording: String,
        /// The notice's language.
        language: Language,
        /// Which words the notice had.
        notice: String,
    },
    /// The customer goes on without being recorded.
    RecordingDeclined,
    /// The contact ended.
    Ended {
        /// `caller`, `agent`, `system`.
        by: String,
        /// The hotline's own finding.
        #[schema(required = true)]
        disposition: Option<Disposition>,
    },
    /// An agent's note, as it stands now.
    Note {
        /// Whose, by id.
        agent: String,
        /// The agent's number.
        number: String,
    },
    /// An agent closed the contact. The remark is in `text`.
    WrapUp {
        /// Who, by id.
        agent: String,
        /// The agent's number.
        number: String,
        /// The code.
        code: Disposition,
    },
}

impl From<&call::TimelineEntry> for TimelineEntry {
    fn from(line: &call::TimelineEntry) -> Self {
        let (text, entry) = match &line.fact {
            Fact::Said { asset, language, words, started_at, ended_at, interrupted_by } => (
                words.clone(),
                Entry::Said {
                    asset: asset.clone(),
                    language: (*language).into(),
                    words: words.clone(),
                    started_at: (*started_at).into(),
                    ended_at: (*ended_at).into(),
                    interrupted_by: interrupted_by.clone(),
                },
            ),
            Fact::Keyed { digits } => (format!("keys {digits}"), Entry::Keyed { digits: digits.clone() }),
            Fact::Verified { factor, from, to } => {
                let (factor, from, to): (Factor, Level, Level) = ((*factor).into(), (*from).into(), (*to).into());
                let text = format!("{} to {}, by {}", spelling(from), spelling(to), spelling(factor));
                (text, Entry::Verified { factor, from, to })
            }
            Fact::NotVerified { factor } => {
                let factor: Factor = (*factor).into();
                (format!("not verified, by {}", spelling(factor)), Entry::NotVerified { factor })
            }
            Fact::Lowered { why, from, to } => {
                let (from, to): (Level, Level) = ((*from).into(), (*to).into());
                let text = format!("{} to {}: {}", spelling(from), spelling(to), why.replace('_', " "));
                (text, Entry::Lowered { why: why.clone(), from, to })
            }
            Fact::CallerId { trust } => {
                (format!("caller ID {}: {}", trust.name(), trust.text()), Entry::CallerId { trust: (*trust).into() })
            }
            Fact::WalletAct { operation, outcome, correlation_id } => {
                let act = Entry::WalletAct {
                    operation: operation.clone(),
                    outcome: outcome.clone(),
                    correlation_id: correlation_id.clone(),
                };
                (format!("wallet: {operation}: {outcome}"), act)
            }
            Fact::NotPermitted { need, have } => {
                let (need, have): (Option<Level>, Level) = (need.map(Into::into), (*have).into());
                let needs = need.map_or_else(|| "a customer who is named".to_owned(), spelling);
                (format!("not permitted: needs {needs}"), Entry::NotPermitted { need, have })
            }
            Fact::Case { reference } => (format!("case {reference}"), Entry::Case { reference: reference.clone() }),
            Fact::Clock { reference, regime, clock, percent, deadline } => {
                let text = format!("case {reference}: {percent} % of the time under {regime} ({clock}) is used");
                let (reference, regime, clock) = (reference.clone(), regime.clone(), clock.clone());
                let deadline = deadline.map(Into::into);
                (text, Entry::Clock { reference, regime, clock, percent: *percent, deadline })
            }
            Fact::CallPass { topic } => {
                (format!("call pass about {topic}, unverified"), Entry::CallPass { topic: topic.clone() })
            }
            Fact::Form { about } => (format!("form sent: {}", about.replace('_', " ")), Entry::Form { about: about.clone() }),
            Fact::Queued { queue, position } => {
                (format!("in queue {queue}, place {position}"), Entry::Queued { queue: queue.clone(), position: *position })
            }
            Fact::Offered { agent, number, outcome } => {
                let text = format!("offered to agent {number}: {outcome}");
                let outcome = OfferOutcome::from(outcome.as_str());
                (text, Entry::Offered { agent: agent.to_string(), number: number.clone(), outcome })
            }
            Fact::Connected { agent, number } => {
                (format!("connected with agent {number}"), Entry::Connected { agent: agent.to_string(), number: number.clone() })
            }
            Fact::Held { agent, number, lost } => {
                let why = if *lost { ", whose audio was lost" } else { "" };
                let entry = Entry::Held { agent: agent.to_string(), number: number.clone(), lost: *lost };
                (format!("put on hold by agent {number}{why}"), entry)
            }
            Fact::Transferred { agent, number, to, mode, outcome } => {
                let text = format!("transfer by agent {number} to {to} ({mode}): {}", outcome.replace('_', " "));
                let (number, to) = (number.clone(), to.clone());
                let entry =
                    Entry::Transferred { agent: agent.to_string(), number, to, mode: mode.clone(), outcome: outcome.clone() };
                (text, entry)
            }
            Fact::Outside { to, what } => {
                (format!("outside, {to}: {what}"), Entry::Outside { to: to.clone(), what: what.clone() })
            }
            Fact::OutsideTold { to, language, notice, declined } => {
                let choice = if *declined { ", and would rather not be recorded" } else { "" };
                let (language, notice) = ((*language).into(), notice.clone());
                let entry = Entry::OutsideTold { to: to.clone(), language, notice: notice.clone(), declined: *declined };
                (format!("outside, {to}: told of the recording by notice {notice}{choice}"), entry)
            }
            Fact::Resumed { agent, number, held_at } => {
                let (agent, held_at) = (agent.to_string(), (*held_at).into());
                (format!("taken back from hold by agent {number}"), Entry::Resumed { agent, number: number.clone(), held_at })
            }
            Fact::Challenged { agent, number, factor, outcome } => {
                let (agent, factor): (_, Factor) = (agent.to_string(), (*factor).into());
                let text = format!("code keyed unheard, asked for by agent {number}: {}", outcome.replace('_', " "));
                (text, Entry::Challenged { agent, number: number.clone(), factor, outcome: outcome.clone() })
            }
            Fact::Message { channel, about, state, reason } => {
                let why = reason.as_deref().map(|reason| format!(", {}", reason.replace('_', " "))).unwrap_or_default();
                let text = format!("message ({channel}, {}): {state}{why}", about.replace('_', " "));
                let (channel, about, state) = (channel.clone(), about.clone(), state.clone());
                (text, Entry::Message { channel, about, state, reason: reason.clone() })
            }
            Fact::Recorded { recording, language, notice } => (
                format!("recording begins, after notice {notice}"),
                Entry::Recorded { recording: recording.to_string(), language: (*language).into(), notice: notice.clone() },
            ),
            Fact::RecordingDeclined => ("goes on without being recorded".to_owned(), Entry::RecordingDeclined),
            Fact::Ended { by, disposition } => {
                let disposition: Option<Disposition> = disposition.map(Into::into);
                let text = match disposition {
                    None => format!("ended by {by}"),
                    Some(code) => format!("ended by {by}: {}", spelling(code)),
                };
                (text, Entry::Ended { by: by.clone(), disposition })
            }
        };
        Self { at: line.at.into(), text, entry }
    }
}

impl TimelineEntry {
    /// An agent's note as a line.
    pub(crate) fn note(note: &call::Note, number_of: impl Fn(StaffId) -> String) -> Self {
        let entry = Entry::Note { agent: note.agent.to_string(), number: number_of(note.agent) };
        Self { at: note.at.into(), text: note.text.expose().clone(), entry }
    }

    /// A wrap-up as a line.
    pub(crate) fn wrap_up(wrap_up: &call::WrapUp, number_of: impl Fn(StaffId) -> String) -> Self {
        let (agent, number) = (wrap_up.agent.to_string(), number_of(wrap_up.agent));
        let entry = Entry::WrapUp { agent, number, code: wrap_up.code.into() };
        Self { at: wrap_up.at.into(), text: wrap_up.note.expose().clone(), entry }
    }
}
