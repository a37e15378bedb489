//! What happened in a contact, line by line.

use super::CallerIdTrust;
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{RecordingId, StaffId},
    language::Language,
    time::Wall,
};
use serde::{Deserialize, Serialize};

/// One line of a contact's timeline. Lines are read in order of `at`, then `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Order of writing within the contact, from 0.
    pub seq: u32,
    /// When it happened; for what was said, when it began.
    pub at: Wall,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// A line that somebody else than the call itself adds, in the commit of what it tells: it stands whether or not the call lives, or
/// its contact is durable yet. It has no place among the lines that the call numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedLine {
    /// Names it within the contact: the row it tells of and how that stands now. No two lines of a contact have one name.
    pub name: String,
    /// When it happened.
    pub at: Wall,
    /// What happened.
    pub fact: Fact,
}

/// What can happen in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A prompt was played.
    Said {
        /// The prompt's id.
        asset: String,
        /// Its language.
        language: Language,
        /// The words, as spoken.
        words: String,
        /// First audio.
        started_at: Wall,
        /// Last audio.
        ended_at: Wall,
        /// What cut it short: `key`, `hangup`, `agent`; none when it was heard to its end.
        interrupted_by: Option<String>,
    },
    /// The caller pressed keys that are no code.
    Keyed {
        /// The keys.
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
    /// Something was keyed that proves nothing. Which element was wrong is not written down.
    NotVerified {
        /// What it should have been.
        factor: Factor,
    },
    /// The contact proves less than it did, by no word of the customer's.
    Lowered {
        /// Why: `idle`, or a signal of risk by name.
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
    /// Something was done at the wallet, or tried.
    WalletAct {
        /// What: `freeze`, `transaction_status`.
        operation: String,
        /// `done`, `declined`, `unknown`; of a question, what the answer was.
        outcome: String,
        /// The key under which the wallet knows it.
        correlation_id: String,
    },
    /// Something was asked for, and too little was shown for it.
    NotPermitted {
        /// What it needs; none when nobody was named.
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
        deadline: Option<Wall>,
    },
    /// A call pass was taken over.
    CallPass {
        /// What it is about, by name. What was written is forgotten with the pass.
        topic: String,
    },
    /// A form was sent. What it says stands with its case, not here.
    Form {
        /// What it is about: `complaint`, `unauthorised`, or what went wrong with a payment, by name.
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
        /// Whom.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// `accepted`, `missed`, `declined`, `withdrawn`.
        outcome: String,
    },
    /// The customer and an agent were connected.
    Connected {
        /// Whom.
        agent: StaffId,
        /// The agent's number, as announced where the line does that.
        number: String,
    },
    /// The customer was put on hold: hears music.
    Held {
        /// By whom.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// Not by wish: the agent's audio was lost.
        lost: bool,
    },
    /// The customer was taken back from hold.
    Resumed {
        /// By whom.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// When the hold began.
        held_at: Wall,
    },
    /// The call was handed on, or it was tried.
    Transferred {
        /// By whom.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// To whom: an agent's number, or the id of a queue or of a number outside.
        to: String,
        /// `blind`, `attended`.
        mode: String,
        /// `completed`, or why not: `missed`, `declined`, `withdrawn`, `no_audio`; of a number outside also `busy`, `no_answer`,
        /// `not_allowed`, `no_room`, `unreachable`, `hung_up`.
        outcome: String,
    },
    /// The customer was asked to key a code while nobody hears them, or what came of it.
    Challenged {
        /// Who asked for it.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// What was asked for.
        factor: Factor,
        /// `started`, `verified`, `failed`, `given_up`, `expired`, `ended`, `not_a_number`, `unavailable`.
        outcome: String,
    },
    /// What became of a message to the customer; neither its words nor its number.
    Message {
        /// `sms`, `mail`.
        channel: String,
        /// What it says, by name: `code`, `frozen`.
        about: String,
        /// `sent`, `delivered`, `failed`, `expired`.
        state: String,
        /// Why it did not arrive, by name.
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
        recording: RecordingId,
        /// The notice's language.
        language: Language,
        /// Which words the notice had.
        notice: String,
    },
    /// The customer goes on without being recorded; what had been taken is erased.
    RecordingDeclined,
    /// The contact ended.
    Ended {
        /// Who or what ended it: `caller`, `agent`, `supervisor`, `system`, `outside`.
        by: String,
        /// The system's finding, when it had one.
        disposition: Option<super::Disposition>,
    },
}

impl Fact {
    /// The line as a person reads it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Said { asset, language, words, interrupted_by, .. } => {
                let cut = match interrupted_by.as_deref() {
                    Some("key") => ", cut short by a key",
                    Some("hangup") => ", cut short by the hang-up",
                    Some("agent") => ", cut short by the agent's answer",
                    Some(_) => ", cut short",
                    None => "",
                };
                format!("Said {asset} ({}){cut}: {words}", language.tag())
            }
            Self::Keyed { digits } => format!("Keyed {digits}"),
            Self::Verified { factor, from, to } => {
                format!("Verified from {} to {} by {}", from.name(), to.name(), factor.text())
            }
            Self::NotVerified { factor } => format!("Not verified by {}", factor.text()),
            Self::Lowered { why, from, to } => {
                format!("Lowered from {} to {}: {}", from.name(), to.name(), why.replace('_', " "))
            }
            Self::CallerId { trust } => format!("Caller ID {}: {}", trust.name(), trust.text()),
            Self::WalletAct { operation, outcome, .. } => format!("At the wallet: {operation}: {outcome}"),
            Self::NotPermitted { need: Some(need), .. } => format!("Not permitted: needs {}", need.name()),
            Self::NotPermitted { need: None, .. } => "Not permitted: nobody was named".to_owned(),
            Self::Case { reference } => format!("Case {reference}"),
            Self::Clock { reference, regime, clock, percent, .. } => {
                format!("{percent} % of the time for {clock} of case {reference} under {regime} is used")
            }
            Self::CallPass { topic } => format!("Call pass taken over: {topic}, as told on the help pages"),
            Self::Form { about } => format!("Form sent: {}", about.replace('_', " ")),
            Self::Queued { queue, position } => format!("In queue {queue}, place {position}"),
            Self::Offered { number, outcome, .. } => format!("Offered to agent {number}: {outcome}"),
            Self::Connected { number, .. } => format!("Connected to agent {number}"),
            Self::Held { number, lost: false, .. } => format!("Put on hold by agent {number}"),
            Self::Held { number, lost: true, .. } => format!("On hold: the audio of agent {number} was lost"),
            Self::Transferred { number, to, mode, outcome, .. } => {
                format!("Transfer by agent {number} to {to} ({mode}): {}", outcome.replace('_', " "))
            }
            Self::Outside { to, what } => format!("Outside, {to}: {what}"),
            Self::OutsideTold { to, language, notice, declined } => {
                let choice = if *declined { ", and would rather not be recorded" } else { "" };
                format!("Outside, {to}: told of the recording by notice {notice} ({}){choice}", language.tag())
            }
            Self::Resumed { number, .. } => format!("Taken back from hold by agent {number}"),
            Self::Challenged { number, factor, outcome, .. } => {
                format!("Agent {number} asks for {}, keyed unheard: {}", factor.text(), outcome.replace('_', " "))
            }
            Self::Message { channel, about, state, reason } => {
                let why = reason.as_deref().map(|reason| format!(", {}", reason.replace('_', " "))).unwrap_or_default();
                format!("Message ({channel}, {}): {state}{why}", about.replace('_', " "))
            }
            Self::Recorded { language, notice, .. } => format!("Recording began, after notice {notice} ({})", language.tag()),
            Self::RecordingDeclined => "Goes on without being recorded: nothing of the recording is kept".to_owned(),
            Self::Ended { by, disposition: Some(disposition) } => {
                format!("Ended by the {by}: {}", disposition.name().replace('_', " "))
            }
            Self::Ended { by, disposition: None } => format!("Ended by the {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Disposition;
    use super::*;

    #[test]
    fn every_line_reads_as_a_sentence() {
        let agent = StaffId::from(1);
        let said = |interrupted_by: Option<&str>| Fact::Said {
            asset: "main.menu".to_owned(),
            language: Language::En,
            words: "For your account, press 1.".to_owned(),
            started_at: Wall(0),
            ended_at: Wall(1),
            interrupted_by: interrupted_by.map(str::to_owned),
        };
        for (fact, text) in [
            (said(None), "Said main.menu (en): For your account, press 1."),
            (said(Some("key")), "Said main.menu (en), cut short by a key: For your account, press 1."),
            (Fact::Keyed { digits: "2".to_owned() }, "Keyed 2"),
            (Fact::CallerId { trust: CallerIdTrust::Full }, "Caller ID A: the caller's network vouches for it"),
            (Fact::Queued { queue: "jinqiao-general".to_owned(), position: 3 }, "In queue jinqiao-general, place 3"),
            (Fact::Offered { agent, number: "1024".to_owned(), outcome: "missed".to_owned() }, "Offered to agent 1024: missed"),
            (Fact::Connected { agent, number: "1024".to_owned() }, "Connected to agent 1024"),
            (Fact::Held { agent, number: "1024".to_owned(), lost: false }, "Put on hold by agent 1024"),
            (Fact::Outside { to: "bank".to_owned(), what: "answered".to_owned() }, "Outside, bank: answered"),
            (
                Fact::OutsideTold { to: "bank".to_owned(), language: Language::En, notice: "1f2e".to_owned(), declined: true },
                "Outside, bank: told of the recording by notice 1f2e (en), and would rather not be recorded",
            ),
            (Fact::Resumed { agent, number: "1024".to_owned(), held_at: Wall(0) }, "Taken back from hold by agent 1024"),
            (
                Fact::Challenged { agent, number: "1024".to_owned(), factor: Factor::SmsCode, outcome: "given_up".to_owned() },
                "Agent 1024 asks for a code sent by text message, keyed unheard: given up",
            ),
            (
                Fact::Ended { by: "caller".to_owned(), disposition: Some(Disposition::ShortAbandon) },
                "Ended by the caller: short abandon",
            ),
            (Fact::Ended { by: "agent".to_owned(), disposition: None }, "Ended by the agent"),
        ] {
            assert_eq!(fact.text(), text);
        }
    }
}
