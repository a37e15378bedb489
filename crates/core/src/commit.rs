//! The only way to write. A `Commit` is one transaction: its changes and their audit entries cannot be told apart or left out.

use crate::agent::{Certificate, LoginLink, PresenceRow, SecondFactor, Session, SipBinding, Staff};
use crate::call::{AddedLine, Contact, Disposition, Leg, Listening, LookUp, Note, Recording, TimelineEntry, WrapUp};
use crate::cases::{Callback, Case, Clock, Credit, Reference, Statement, Upload};
use crate::directory::{Edition, Listing, ListingLine, Suspect};
use crate::identity::Challenge;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, ErrandId, LegId, RunId, StaffId},
    purpose::Purpose,
    tally::Tally,
    time::Wall,
};
use crate::knowledge::Article;
use crate::money::{Approval, Refund, Source, Spent};
use crate::outbox::{Budget, Delivery, Errand};
use crate::pass::Pass;
use crate::wallet::Operation;
use serde::{Deserialize, Serialize};

/// One transaction: all of it becomes durable, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    entries: Vec<Entry>,
    changes: Vec<Change>,
}

/// One line of the audit log. It names who did what to what, and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Wall time of the decision.
    pub at: Wall,
    /// Who.
    pub actor: Actor,
    /// What, as `noun.verb_in_past`: `contact.opened`, `staff.added`.
    pub action: String,
    /// What it was done to: an identifier.
    pub subject: String,
    /// Why personal data was read or used, where it was.
    pub purpose: Option<Purpose>,
}

impl Entry {
    /// An entry of the audit log.
    #[expect(clippy::needless_pass_by_value, reason = "a subject is an id or a word, named where it stands")]
    pub fn new(at: Wall, actor: Actor, action: &str, subject: impl ToString) -> Self {
        Self { at, actor, action: action.to_owned(), subject: subject.to_string(), purpose: None }
    }

    /// The same entry with the purpose for which personal data is read or used.
    #[must_use]
    pub const fn for_purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Some(purpose);
        self
    }
}

impl Commit {
    /// A transaction with its audit entry.
    #[must_use]
    pub fn new(entry: Entry, changes: Vec<Change>) -> Self {
        Self { entries: vec![entry], changes }
    }

    /// Both transactions as one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.changes.extend(other.changes);
        self
    }

    /// The same decision with more changes, of which its entries speak too.
    #[must_use]
    pub fn with(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// The audit entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The changes, in order.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

/// The version of a row a change was ruled on: 0 for a row that must not exist yet. Another version in the store is a conflict,
/// and nothing of the commit is kept. Each change leaves the row at this version plus one.
pub type Version = i64;

/// One change to one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A contact as it is now, whole.
    Contact(Version, Box<Contact>),
    /// A line of a contact's timeline; lines are only ever added.
    Timeline(ContactId, TimelineEntry),
    /// A line that a ruling adds to a contact's timeline, be the call over, or its contact not durable yet. A conflict when it is
    /// there already.
    Added(ContactId, AddedLine),
    /// The reference of the case that came of a contact, from this moment on. Not part of the contact's row, which a living call
    /// writes whole: neither stands in the other's way.
    CaseOfContact(ContactId, Reference, Wall),
    /// A leg of a contact as it is now, whole.
    Leg(Version, Box<Leg>),
    /// A leg's dialog is over: nothing is left to end after a restart.
    DialogClosed(LegId),
    /// What an agent wrote down during a contact.
    Note(Version, Note),
    /// How an agent closed a contact.
    WrapUp(Version, WrapUp),
    /// A recording as it is now, whole.
    Recording(Version, Box<Recording>),
    /// A part of a recording that somebody was given to hear; lines are only ever added.
    Listening(Listening),
    /// A masked number that somebody was shown in full, as it is now, whole.
    LookUp(Version, Box<LookUp>),
    /// A member of staff.
    Staff(Version, Box<Staff>),
    /// A session opened by a log-in.
    SessionOpened(Session),
    /// A session ended, by the hash of its token.
    SessionEnded(String),
    /// Every session of a member of staff ended.
    SessionsEnded(StaffId),
    /// The second factor of a member of staff as it is now, whole.
    SecondFactor(Version, Box<SecondFactor>),
    /// A one-time log-in link was made.
    LoginLinkMade(LoginLink),
    /// A one-time log-in link was used, by the hash of its token; a conflict when it was already used or never existed.
    LoginLinkUsed(String),
    /// What a member of staff was examined in, as it is now, whole.
    Certificate(Version, Certificate),
    /// Presence of an agent, as a line of history.
    Presence(PresenceRow),
    /// Where a phone of this member of staff can be reached.
    PhoneBound(SipBinding),
    /// The phone of this member of staff can no longer be reached.
    PhoneUnbound(StaffId),
    /// A code that was sent, or would have been.
    Challenge(Version, Box<Challenge>),
    /// What was lately done under one key.
    Tally(Version, Tally),
    /// What was lately done is forgotten, by all keys: the demo's reset.
    TalliesForgotten,
    /// An act on a wallet as it is now, whole.
    Operation(Version, Box<Operation>),
    /// A refund as it is now, whole.
    Refund(Version, Box<Refund>),
    /// A line of a refund's decisions; lines are only ever added, and a second one of the same number is a conflict.
    Approval(Box<Approval>),
    /// What is held of a transaction money is given back of, as it is now.
    RefundSource(Version, Box<Source>),
    /// What refunds of one customer, or asked for by one person, come to of late, as it is now.
    RefundSpent(Version, Box<Spent>),
    /// Every refund is forgotten, with its decisions and sums: the demo's reset, whose wallet forgets what it did too.
    RefundsForgotten,
    /// A case as it is now, whole.
    Case(Version, Box<Case>),
    /// A clock of a case as it is now, whole.
    Clock(Version, Box<Clock>),
    /// The provisional credit of a case as it is now, whole.
    Credit(Version, Box<Credit>),
    /// A request to be called back as it is now, whole.
    Callback(Version, Box<Callback>),
    /// What was written in a form that became a case; a second one of the same form is a conflict.
    Statement(Box<Statement>),
    /// A file that was sent for a case as it is now, whole.
    Upload(Version, Box<Upload>),
    /// Something to be done at another company.
    Errand(Version, Box<Errand>),
    /// An errand is done or given up: nothing of it is kept.
    ErrandOver(Version, ErrandId),
    /// An errand whose row does not open stays as it is, and is not run.
    ErrandRefused {
        /// Which.
        errand: ErrandId,
        /// The version it was looked at.
        version: Version,
        /// When.
        at: Wall,
    },
    /// What became of a message as it is now, whole.
    Delivery(Version, Box<Delivery>),
    /// What a wallet's messages came to on one day, in one scope.
    Budget(Version, Budget),
    /// What a run of the program had claimed and did not end is due again at once: that run is over.
    LeasesEnded {
        /// The run.
        run: RunId,
        /// When.
        at: Wall,
    },
    /// A call pass as it is now, whole.
    Pass(Version, Box<Pass>),
    /// Every call pass that had expired by then is gone.
    PassesForgotten(Wall),
    /// The next version of an article.
    Article(Box<Article>),
    /// An address of the official directory as it is now, whole.
    Listing(Version, Box<Listing>),
    /// A line of a listing's history; lines are only ever added.
    ListingLine(Box<ListingLine>),
    /// The directory as it was signed; editions are only ever added, and a second one of the same number is a conflict.
    Edition(Box<Edition>),
    /// Something reported as a fake, as it is now, whole.
    Suspect(Version, Box<Suspect>),
    /// Whatever was reported as a fake and must be gone by this time is removed.
    SuspectsExpired(Wall),
    /// Every contact still open is closed with this disposition, and its legs with it: what a restart finds.
    OpenContactsClosed {
        /// How they ended.
        disposition: Disposition,
        /// When.
        at: Wall,
    },
}
