//! What the dialogues of a flow have in common: what they say, what they ask of the outside, what comes back, and where they lead. A
//! dialogue is a node in which more than one thing is keyed: verifying, asking for a transaction, freezing, being called
//! back.

use super::prompt::Spoken;
use crate::kernel::{account_act::AccountAct, assurance::Level, language::Language, pii::Pii};
use crate::pass::Topic;

/// What a dialogue asks of the outside. The flow goes on when the answer comes, or when it has waited long enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Name this customer and send them a code.
    SendCode(Number),
    /// Is this the code that was sent?
    CheckCode(Pii<String>),
    /// Does the wallet accept this code of the customer's second factor?
    CheckSecond(Pii<String>),
    /// Name this customer.
    Claim(Number),
    /// Freeze the account of the customer named.
    Freeze,
    /// Do this to the account of the customer named.
    Act(AccountAct),
    /// Where does this transaction stand? Its whole number, or its last six digits.
    Status(String),
    /// Send the last answer about a transaction as a text message.
    TextStatus,
    /// Tell the customer when the transaction that was asked about last moves.
    Watch,
    /// What can go back of this transaction? Its whole number, or its last six digits.
    Refundable(String),
    /// Ask for all that can go back of this transaction.
    Refund(String),
    /// What was shown in this contact is for the refund of this transaction that was asked for before.
    ShowForRefund(String),
    /// Take over the call pass of this code.
    TakePass(Pii<String>),
    /// Can this number be called?
    Reach(Number),
    /// Have this number called back.
    Callback(Pii<String>),
}

/// Whose number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// The one that was shown with the call.
    Own,
    /// As keyed.
    Keyed(Pii<String>),
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The customer is named. Says nothing of whether there is an account.
    Claimed {
        /// What the contact has shown of this customer before.
        level: Level,
    },
    /// No phone number can be made of what was keyed or shown.
    NotANumber,
    /// The number can be called; this is it in full.
    Reached(Pii<String>),
    /// The request to be called back is noted.
    CallbackTaken {
        /// What the customer calls it by.
        reference: String,
    },
    /// The code proves what it should.
    CodeRight {
        /// What the contact has shown with it.
        level: Level,
    },
    /// The code proves nothing.
    CodeWrong,
    /// Where the transaction stands.
    Status(Box<StatusSaid>),
    /// No such transaction of this customer.
    NotFound,
    /// More than one transaction of this customer ends with these digits.
    Several,
    /// This can go back.
    Refundable(Box<RefundOffer>),
    /// Nothing of it can be asked for.
    NotRefundable {
        /// The last six digits of its number.
        tail: String,
        /// Why.
        hurdle: RefundHurdle,
    },
    /// The refund is asked for, or what was shown is written down for it.
    RefundTaken(RefundTaken),
    /// The text message is on its way.
    Texted,
    /// The transaction is watched.
    Watched,
    /// The freeze is on its way under this reference.
    FreezeTaken {
        /// What the customer calls it by.
        reference: String,
    },
    /// The wallet confirmed the freeze, or there was nothing to freeze.
    FreezeDone {
        /// What the customer calls it by.
        reference: String,
    },
    /// The wallet has not confirmed the freeze.
    FreezeNotYet {
        /// What the customer calls it by.
        reference: String,
    },
    /// The act is on its way under this reference.
    ActTaken {
        /// What the customer calls it by.
        reference: String,
    },
    /// The wallet confirmed the act.
    ActDone {
        /// What the customer calls it by.
        reference: String,
    },
    /// The account does not allow the act for what was shown, or the wallet does not offer it; a case is open.
    ActDeclined {
        /// What the customer calls it by.
        reference: String,
        /// It is the wallet that does not offer it, for anybody.
        unsupported: bool,
    },
    /// The wallet has not confirmed the act.
    ActNotYet {
        /// What the customer calls it by.
        reference: String,
    },
    /// The call pass is taken over.
    PassTaken(PassTaken),
    /// No pass can be used under this code.
    NoPass,
    /// A person has to do this.
    PersonNeeded,
    /// The outside does not answer.
    Unavailable,
}

/// What can go back of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOffer {
    /// Its whole number.
    pub transaction: String,
    /// The last six digits of it.
    pub tail: String,
    /// How much can go back, in minor units.
    pub minor: i64,
    /// Of this currency, ISO 4217.
    pub currency: String,
    /// It was asked for under this reference, and waits for the second factor.
    pub waiting: Option<String>,
    /// Within this long that is to be shown, in seconds.
    pub within_s: u64,
}

/// Why nothing can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundHurdle {
    /// It was asked for, and others have to act.
    AskedFor {
        /// What the customer calls it by.
        reference: String,
    },
    /// The caller did not pay it.
    NotThePayer,
    /// It is not completed.
    NotCompleted,
    /// All of it went back before.
    Reversed,
    /// Its kind is not given back.
    NotRefundable,
}

/// A refund that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundTaken {
    /// What the customer calls it by.
    pub reference: String,
    /// What comes next.
    pub outcome: RefundOutcome,
    /// Within this long it is decided, in seconds.
    pub within_s: u64,
    /// Where it can be followed: whoever holds the address sees how it stands.
    pub link: Pii<String>,
}

/// What comes next for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundOutcome {
    /// It is carried out.
    Approved,
    /// A second person decides.
    Waits,
    /// The second factor is missing.
    NeedsFactor,
}

/// What of a call pass matters for the way through the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassTaken {
    /// What the call is about.
    pub topic: Topic,
    /// The language the caller is spoken to in.
    pub language: Language,
    /// The transaction it is about.
    pub transaction: Option<String>,
}

/// Where a transaction stands, ready to be spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusSaid {
    /// The last six digits of its number.
    pub tail: String,
    /// How it stands.
    pub standing: TransactionStanding,
    /// What the expectation rests on; none when nothing is expected.
    pub basis: Option<BasisKind>,
    /// The case that follows it up.
    pub reference: Option<String>,
}

/// How a transaction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionStanding {
    /// It arrived.
    Completed,
    /// Under way, no longer than usual.
    OnTime {
        /// Called late past this.
        by: Moment,
    },
    /// Longer than usual.
    Late {
        /// Becomes a case past this.
        by: Moment,
    },
    /// Past every expectation.
    Overdue,
    /// Failed, and the money is due back.
    RefundDue {
        /// By this day.
        by: Moment,
    },
    /// Failed.
    Failed,
    /// All of it went back.
    Refunded,
    /// Nobody can say.
    Unknown,
}

/// What an expectation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisKind {
    /// The wallet's own figures.
    Own,
    /// The rules of a payment scheme, or a law.
    Rule,
    /// What a network or its members publish.
    Published,
}

/// A point in time in the wallet's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
}

impl Moment {
    /// Its date, to be spoken.
    #[must_use]
    pub const fn date(self) -> Spoken {
        Spoken::Date { year: self.year, month: self.month, day: self.day }
    }

    /// Its time of day, to be spoken.
    #[must_use]
    pub const fn time(self) -> Spoken {
        Spoken::Time { hour: self.hour, minute: self.minute }
    }
}

/// One of the machines' own prompts with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) prompt: &'static str,
    pub(super) values: Vec<(&'static str, Spoken)>,
}

impl Line {
    pub(super) const fn plain(prompt: &'static str) -> Self {
        Self { prompt, values: Vec::new() }
    }
}

/// What a dialogue does next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) say: Vec<Line>,
    pub(super) ask: Option<Ask>,
    /// For the record: what was keyed, masked where it must be.
    pub(super) keyed: Option<String>,
    /// Where the flow goes; once everything is said, when something is.
    pub(super) to: Option<To>,
}

/// Where a dialogue leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// On, where its node says.
    Then,
    /// To a person, with a word about it.
    Person,
    /// To the main menu.
    Home,
    /// To the menu it was reached from.
    Back,
    /// To the emergency freeze.
    Freeze,
    /// Into the queue that the caller was kept from.
    Wait,
    /// Nowhere any more: a last word, and the call ends.
    End,
}

impl Move {
    pub(super) fn say(prompt: &'static str) -> Self {
        Self { say: vec![Line::plain(prompt)], ..Self::default() }
    }

    pub(super) fn ask(ask: Ask) -> Self {
        Self { ask: Some(ask), ..Self::default() }
    }

    pub(super) fn go(to: To) -> Self {
        Self { to: Some(to), ..Self::default() }
    }

    pub(super) fn keyed(mut self, keyed: impl Into<String>) -> Self {
        self.keyed = Some(keyed.into());
        self
    }

    pub(super) const fn then(mut self, to: To) -> Self {
        self.to = Some(to);
        self
    }

    /// Says something first.
    pub(super) fn after(mut self, prompt: &'static str) -> Self {
        self.say.insert(0, Line::plain(prompt));
        self
    }
}

/// What a dialogue waits for once everything is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// A key.
    Key,
    /// An answer to what it asked.
    Answer,
}

/// A dialogue: keys, silences and answers go in, moves come out.
#[derive(Debug)]
pub(super) enum Dialogue {
    Verify(super::verify::Verify),
    Status(super::status::Status),
    Refund(super::refund::Refund),
    Freeze(super::freeze::Freeze),
    Act(super::act::Act),
    Pass(super::pass::Pass),
    Callback(super::callback::Callback),
}

impl Dialogue {
    pub(super) fn key(&mut self, digit: char) -> Move {
        match self {
            Self::Verify(verify) => verify.key(digit),
            Self::Status(status) => status.key(digit),
            Self::Refund(refund) => refund.key(digit),
            Self::Freeze(freeze) => freeze.key(digit),
            Self::Act(act) => act.key(digit),
            Self::Pass(pass) => pass.key(digit),
            Self::Callback(callback) => callback.key(digit),
        }
    }

    /// No key came in time.
    pub(super) fn silence(&mut self) -> Move {
        match self {
            Self::Verify(verify) => verify.silence(),
            Self::Status(status) => status.silence(),
            Self::Refund(refund) => refund.silence(),
            Self::Freeze(freeze) => freeze.silence(),
            Self::Act(act) => act.silence(),
            Self::Pass(pass) => pass.silence(),
            Self::Callback(callback) => callback.silence(),
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match self {
            Self::Verify(verify) => verify.answer(answer),
            Self::Status(status) => status.answer(answer),
            Self::Refund(refund) => refund.answer(answer),
            Self::Freeze(freeze) => freeze.answer(answer),
            Self::Act(act) => act.answer(answer),
            Self::Pass(pass) => pass.answer(answer),
            Self::Callback(callback) => callback.answer(answer),
        }
    }

    pub(super) const fn waits(&self) -> Waits {
        match self {
            Self::Verify(verify) => verify.waits(),
            Self::Status(status) => status.waits(),
            Self::Refund(refund) => refund.waits(),
            Self::Freeze(freeze) => freeze.waits(),
            Self::Act(act) => act.waits(),
            Self::Pass(pass) => pass.waits(),
            Self::Callback(callback) => callback.waits(),
        }
    }

    /// What came of the act with this reference is waited for.
    pub(super) fn waits_for(&self, reference: &str) -> bool {
        match self {
            Self::Freeze(freeze) => freeze.waits_for(reference),
            Self::Act(act) => act.waits_for(reference),
            Self::Verify(_) | Self::Status(_) | Self::Refund(_) | Self::Pass(_) | Self::Callback(_) => false,
        }
    }

    /// What is keyed, or was just now, is a code.
    pub(super) const fn collects_code(&self) -> bool {
        match self {
            Self::Verify(verify) => verify.collects_code(),
            Self::Act(act) => act.collects_code(),
            Self::Refund(refund) => refund.collects_code(),
            Self::Pass(_) => true,
            Self::Status(_) | Self::Freeze(_) | Self::Callback(_) => false,
        }
    }

    /// A lone key here may be the whole entry: waiting for more is shorter.
    pub(super) fn is_brief(&self) -> bool {
        matches!(self, Self::Freeze(freeze) if freeze.is_brief())
    }
}

/// Tries of one thing; after the last one a person helps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tries {
    left: u8,
}

impl Tries {
    pub(super) const fn new(max: u8) -> Self {
        Self { left: max }
    }

    /// So many are left.
    pub(super) const fn left(self) -> u8 {
        self.left
    }

    /// None is left.
    pub(super) const fn are_over(self) -> bool {
        self.left == 0
    }

    /// One more went wrong; true when it was the last one.
    pub(super) const fn wrong(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.are_over()
    }
}
