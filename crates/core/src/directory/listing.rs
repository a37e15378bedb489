//! A listing: one address of one wallet, what is published of it, and what somebody wants to change about that. Whoever proposes
//! never approves. Rulings over a row: who asks loads it, and commits what comes back on the version it was ruled on.

use super::address::Address;
use super::entry::{BadEntry, Entry};
use crate::commit::{Change, Commit, Entry as AuditEntry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    ids::{ListingId, StaffId},
    time::Wall,
};
use serde::{Deserialize, Serialize};

/// Longest reason, in characters.
pub const NOTE_CHARS_MAX: usize = 500;

/// An address of a wallet and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its identifier.
    pub id: ListingId,
    /// The wallet.
    pub wallet: String,
    /// The address. It never changes: another address is another listing.
    pub address: Address,
    /// What is published of it; none before the first approval and after a withdrawal.
    pub published: Option<Entry>,
    /// What waits for a second person.
    pub proposal: Option<Proposal>,
    /// When anything about it last changed.
    pub changed_at: Wall,
}

/// Something that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub what: Proposed,
    /// Who wants it.
    pub by: StaffId,
    /// Since when.
    pub at: Wall,
    /// Why.
    pub note: String,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Proposed {
    /// To publish this, instead of what is published now.
    Publish {
        /// The entry.
        entry: Box<Entry>,
    },
    /// To publish nothing of it any more.
    Withdraw,
}

/// How a listing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListingState {
    /// Proposed for the first time, or again after a withdrawal.
    Proposed,
    /// Published, and nothing waits.
    Published,
    /// Published; a change or the withdrawal waits.
    ChangeProposed,
    /// Not published: withdrawn, declined or taken back.
    Withdrawn,
}

/// One step in a listing's history. Lines are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingLine {
    /// Whose history.
    pub listing: ListingId,
    /// When.
    pub at: Wall,
    /// Who.
    pub by: StaffId,
    /// What happened.
    pub step: ListingStep,
    /// The entry it was about; none for a withdrawal.
    pub entry: Option<Entry>,
    /// What was said about it.
    pub note: String,
}

/// What can happen to a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingStep {
    /// An entry was proposed.
    Proposed,
    /// The withdrawal was proposed.
    WithdrawalProposed,
    /// A second person agreed.
    Approved,
    /// A second person did not agree.
    Declined,
    /// Who proposed it took it back.
    Retracted,
}

/// A member of staff who acts on the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clerk {
    /// Who.
    pub id: StaffId,
    /// What they are here for.
    pub role: Role,
}

/// A ruling: the row as it is now, and the transaction that makes it so.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// The row.
    pub listing: Listing,
    /// The transaction.
    pub commit: Commit,
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListingRefusal {
    /// Not this role's work.
    #[error("only an admin proposes, and only an admin or a checker decides")]
    NotYourWork,
    /// The same person.
    #[error("somebody else must decide about what you proposed")]
    OwnProposal,
    /// Somebody else's proposal.
    #[error("only who proposed it takes it back: decline it instead")]
    NotYourProposal,
    /// Something waits already.
    #[error("a proposal about this address waits already: decide about it first")]
    ProposalWaits,
    /// Nothing waits.
    #[error("nothing waits for a decision here: somebody may have been faster")]
    NothingProposed,
    /// Nothing to withdraw.
    #[error("nothing is published of this address")]
    NotPublished,
    /// The same as is published.
    #[error("this is what is published already")]
    NothingNew,
    /// The entry is about another address.
    #[error("an address never changes: propose the new one, and withdraw this one")]
    OtherAddress,
    /// Confirmed as a fake.
    #[error("this address is confirmed as a fake: clear that first")]
    Condemned,
    /// The entry is not good.
    #[error(transparent)]
    Entry(#[from] BadEntry),
    /// The reason is too long.
    #[error("the reason is longer than {NOTE_CHARS_MAX} characters")]
    NoteTooLong,
}

impl Clerk {
    /// May propose.
    #[must_use]
    pub const fn proposes(self) -> bool {
        matches!(self.role, Role::Admin)
    }

    /// May decide about what others propose, and about reports.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self.role, Role::Admin | Role::Checker)
    }
}

impl Listing {
    /// An address nobody has proposed before. `condemned`: it is confirmed as a fake.
    ///
    /// # Errors
    /// [`ListingRefusal`] when this person may not, or the entry cannot be published.
    pub fn propose_new(
        id: ListingId,
        wallet: String,
        entry: Entry,
        note: String,
        by: Clerk,
        condemned: bool,
        now: Wall,
    ) -> Result<Ruled, ListingRefusal> {
        let address = entry.address.clone();
        let empty = Self { id, wallet, address, published: None, proposal: None, changed_at: now };
        empty.propose(0, entry, note, by, condemned, now)
    }

    /// Proposes to publish this entry. `condemned`: its address is confirmed as a fake.
    ///
    /// # Errors
    /// [`ListingRefusal`] when this person may not, something waits already, or the entry cannot be published.
    pub fn propose(
        &self,
        version: Version,
        entry: Entry,
        note: String,
        by: Clerk,
        condemned: bool,
        now: Wall,
    ) -> Result<Ruled, ListingRefusal> {
        self.check_proposing(by, &note)?;
        entry.check()?;
        if entry.address != self.address {
            return Err(ListingRefusal::OtherAddress);
        }
        if condemned {
            return Err(ListingRefusal::Condemned);
        }
        if self.published.as_ref() == Some(&entry) {
            return Err(ListingRefusal::NothingNew);
        }
        let what = Proposed::Publish { entry: Box::new(entry.clone()) };
        let listing = self.waiting(Proposal { what, by: by.id, at: now, note: note.clone() });
        Ok(listing.ruled(version, by, ListingStep::Proposed, Some(entry), note, now))
    }

    /// Proposes to publish nothing of it any more.
    ///
    /// # Errors
    /// [`ListingRefusal`] when this person may not, something waits already, or nothing is published.
    pub fn propose_withdrawal(&self, version: Version, note: String, by: Clerk, now: Wall) -> Result<Ruled, ListingRefusal> {
        self.check_proposing(by, &note)?;
        if self.published.is_none() {
            return Err(ListingRefusal::NotPublished);
        }
        let listing = self.waiting(Proposal { what: Proposed::Withdraw, by: by.id, at: now, note: note.clone() });
        Ok(listing.ruled(version, by, ListingStep::WithdrawalProposed, None, note, now))
    }

    /// A second person agrees. `condemned`: its address was meanwhile confirmed as a fake.
    ///
    /// # Errors
    /// [`ListingRefusal`] when this person may not, proposed it, or nothing waits.
    pub fn approve(&self, version: Version, by: Clerk, condemned: bool, now: Wall) -> Result<Ruled, ListingRefusal> {
        let proposal = self.check_deciding(by)?;
        let published = match &proposal.what {
            Proposed::Publish { .. } if condemned => return Err(ListingRefusal::Condemned),
            Proposed::Publish { entry } => Some((**entry).clone()),
            Proposed::Withdraw => None,
        };
        let listing = Self { published: published.clone(), proposal: None, changed_at: now, ..self.clone() };
        Ok(listing.ruled(version, by, ListingStep::Approved, published, String::new(), now))
    }

    /// A second person does not agree: what is published stays.
    ///
    /// # Errors
    /// [`ListingRefusal`] when this person may not, proposed it, or nothing waits.
    pub fn decline(&self, version: Version, note: String, by: Clerk, now: Wall) -> Result<Ruled, ListingRefusal> {
        self.check_deciding(by)?;
        check_note(&note)?;
        Ok(self.settled(version, by, ListingStep::Declined, note, now))
    }

    /// Who proposed it takes it back.
    ///
    /// # Errors
    /// [`ListingRefusal`] when nothing waits, or somebody else proposed it.
    pub fn retract(&self, version: Version, by: Clerk, now: Wall) -> Result<Ruled, ListingRefusal> {
        let proposal = self.proposal.as_ref().ok_or(ListingRefusal::NothingProposed)?;
        if proposal.by != by.id {
            return Err(ListingRefusal::NotYourProposal);
        }
        Ok(self.settled(version, by, ListingStep::Retracted, String::new(), now))
    }

    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> ListingState {
        match (&self.published, &self.proposal) {
            (None, Some(_)) => ListingState::Proposed,
            (Some(_), None) => ListingState::Published,
            (Some(_), Some(_)) => ListingState::ChangeProposed,
            (None, None) => ListingState::Withdrawn,
        }
    }

    fn check_proposing(&self, by: Clerk, note: &str) -> Result<(), ListingRefusal> {
        if !by.proposes() {
            return Err(ListingRefusal::NotYourWork);
        }
        if self.proposal.is_some() {
            return Err(ListingRefusal::ProposalWaits);
        }
        check_note(note)
    }

    fn check_deciding(&self, by: Clerk) -> Result<&Proposal, ListingRefusal> {
        if !by.decides() {
            return Err(ListingRefusal::NotYourWork);
        }
        let proposal = self.proposal.as_ref().ok_or(ListingRefusal::NothingProposed)?;
        if proposal.by == by.id { Err(ListingRefusal::OwnProposal) } else { Ok(proposal) }
    }

    fn waiting(&self, proposal: Proposal) -> Self {
        Self { changed_at: proposal.at, proposal: Some(proposal), ..self.clone() }
    }

    /// Nothing waits any more, and what is published stays.
    fn settled(&self, version: Version, by: Clerk, step: ListingStep, note: String, now: Wall) -> Ruled {
        let listing = Self { proposal: None, changed_at: now, ..self.clone() };
        listing.ruled(version, by, step, None, note, now)
    }

    fn ruled(self, version: Version, by: Clerk, step: ListingStep, entry: Option<Entry>, note: String, at: Wall) -> Ruled {
        let verb = match step {
            ListingStep::Proposed => "listing.proposed",
            ListingStep::WithdrawalProposed => "listing.withdrawal_proposed",
            ListingStep::Approved => "listing.approved",
            ListingStep::Declined => "listing.declined",
            ListingStep::Retracted => "listing.retracted",
        };
        let line = ListingLine { listing: self.id, at, by: by.id, step, entry, note };
        let audit = AuditEntry::new(at, Actor::Staff { id: by.id }, verb, self.id);
        let changes = vec![Change::Listing(version, Box::new(self.clone())), Change::ListingLine(Box::new(line))];
        Ruled { listing: self, commit: Commit::new(audit, changes) }
    }
}

fn check_note(note: &str) -> Result<(), ListingRefusal> {
    if note.chars().count() > NOTE_CHARS_MAX { Err(ListingRefusal::NoteTooLong) } else { Ok(()) }
}
