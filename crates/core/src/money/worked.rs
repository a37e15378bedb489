//! What is done about an approved refund, and what the wallet said of it. A refund is sent under its key; whoever does not know whether it
//! arrived asks by that key first. Nothing here ends in `Submitting`: who finds a refund there knows that whoever sent it is gone.

use super::guard::Held;
use super::refund::{Refund, Ruled};
use super::step_table::{Happening, State};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{actor::Actor, time::Wall};

/// What is to be done about a refund now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Nothing: people decide, or it is over.
    Nothing,
    /// Send it, as written down by [`Refund::begin`] first.
    Send,
    /// Find out what became of it by its key. One that is found in `Submitting` is written down as unknown first.
    Ask,
    /// It was never sent, and its time is over.
    GiveUp,
}

/// What came of sending or asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// The wallet could not be reached, or says that it did nothing and may be asked again: nothing was done.
    NotReached,
    /// No usable answer.
    NoAnswer,
    /// Asked by the key: it never received it.
    NotReceived,
    /// It took it and works on it.
    Pending,
    /// It says something that is not known.
    Unfamiliar,
    /// It is done; what the wallet calls it.
    Done(Option<String>),
    /// It will not be done.
    Refused,
    /// It was taken back before it was done.
    Withdrawn,
}

impl Refund {
    /// What is to be done about it now.
    #[must_use]
    pub fn task(&self, now: Wall) -> Task {
        match self.state {
            State::Approved if self.may_send(now) => Task::Send,
            State::Approved => Task::GiveUp,
            State::Submitting | State::Submitted | State::Pending | State::ActionNeeded | State::Unknown => Task::Ask,
            State::Draft
            | State::Requested
            | State::EligibilityChecked
            | State::Rejected
            | State::AwaitingApproval
            | State::Declined
            | State::Expired
            | State::Succeeded
            | State::Failed
            | State::Cancelled => Task::Nothing,
        }
    }

    fn may_send(&self, now: Wall) -> bool {
        self.send_by.is_some_and(|by| now <= by)
    }

    /// Sets out: to send what is approved, to send again what the wallet never received, or to find out about what somebody left
    /// under way. None where there is nothing to set out for.
    #[must_use]
    pub fn begin(&self, version: Version, now: Wall) -> Option<Ruled> {
        match self.state {
            State::Approved if !self.may_send(now) => None,
            State::Approved => self.stepped(version, Happening::Begun, 1, now),
            State::Submitting => self.stepped(version, Happening::Begun, 0, now),
            State::Draft
            | State::Requested
            | State::EligibilityChecked
            | State::Rejected
            | State::AwaitingApproval
            | State::Declined
            | State::Expired
            | State::Submitted
            | State::Pending
            | State::ActionNeeded
            | State::Unknown
            | State::Succeeded
            | State::Failed
            | State::Cancelled => None,
        }
    }

    /// The wallet never received it: it is sent again, under the same key. None after its time, or from where the wallet had it once.
    #[must_use]
    pub fn begin_again(&self, version: Version, now: Wall) -> Option<Ruled> {
        if self.state != State::Unknown || !self.may_send(now) {
            return None;
        }
        self.stepped(version, Happening::NotReceived, 1, now)
    }

    /// It was never sent, and its time is over: its sum is free again. None when it may have been sent.
    #[must_use]
    pub fn give_up(&self, version: Version, now: Wall) -> Option<Ruled> {
        if self.task(now) != Task::GiveUp {
            return None;
        }
        self.stepped(version, Happening::NeverSent, 0, now)
    }

    /// Writes down what came of sending or asking. None when that is no news.
    #[must_use]
    pub fn report(&self, version: Version, reported: Reported, now: Wall) -> Option<Ruled> {
        let reference = match &reported {
            Reported::Done(reference) => reference.clone(),
            Reported::NotReached
            | Reported::NoAnswer
            | Reported::NotReceived
            | Reported::Pending
            | Reported::Unfamiliar
            | Reported::Refused
            | Reported::Withdrawn => None,
        };
        let happening = match (reported, self.state) {
            // Nothing was sent this time; an earlier time it may have been.
            (Reported::NotReached, State::Submitting) if self.sends <= 1 => Happening::NotReached,
            (Reported::NotReached | Reported::NoAnswer | Reported::NotReceived, State::Submitting) => Happening::NoAnswer,
            // What is said of this request says nothing of an earlier one, which may still arrive: the key tells.
            (Reported::Refused, State::Submitting) if self.sends > 1 => Happening::NoAnswer,
            (Reported::NotReached | Reported::NoAnswer, _) => return None,
            // Too late to be sent again: people decide.
            (Reported::NotReceived, State::Unknown) => return None,
            (Reported::NotReceived, _) => Happening::NotReceived,
            (Reported::Pending, State::Submitting) => Happening::Accepted,
            (Reported::Pending, _) => Happening::StillPending,
            (Reported::Unfamiliar, _) => Happening::Unfamiliar,
            (Reported::Done(_), _) => Happening::Confirmed,
            (Reported::Refused, _) => Happening::Refused,
            (Reported::Withdrawn, _) => Happening::Withdrawn,
        };
        if self.state.after(happening)? == self.state {
            return None;
        }
        let mut ruled = self.stepped(version, happening, 0, now)?;
        if reference.is_some() {
            ruled.refund.wallet_reference.clone_from(&reference);
            ruled = written(ruled.refund, version, now);
        }
        Some(ruled)
    }

    fn stepped(&self, version: Version, happening: Happening, sends: u32, now: Wall) -> Option<Ruled> {
        let mut next = self.after(happening, now)?;
        next.sends = if happening == Happening::NotReached { 0 } else { next.sends.saturating_add(sends) };
        Some(written(next, version, now))
    }
}

fn written(refund: Refund, version: Version, now: Wall) -> Ruled {
    let entry = Entry::new(now, Actor::System, &format!("refund.{}", refund.state.name()), refund.id);
    let commit = Commit::new(entry, vec![Change::Refund(version, Box::new(refund.clone()))]);
    Ruled { refund, commit }
}

impl Ruled {
    /// The same ruling with the sum given free, when this is what ended the refund without money: of its transaction, and of the days on
    /// which it counted. The rows are needed for that alone; one that holds less than the refund stays as it is: too much held is safe.
    #[must_use]
    pub fn freeing(mut self, before: State, held: Held) -> Self {
        if !before.holds_money() || self.refund.state.holds_money() {
            return self;
        }
        let (id, amount) = (self.refund.id, self.refund.amount);
        let source = held.source.and_then(|(version, source)| Some((version, source.free(amount).ok()?)));
        let days = held.days.into_iter().filter_map(|(version, spent)| Some((version, spent.without(id)?)));
        self.commit = self.commit.with(source.map(|(version, source)| Change::RefundSource(version, Box::new(source))));
        self.commit = self.commit.with(days.map(|(version, spent)| Change::RefundSpent(version, Box::new(spent))));
        self
    }
}
