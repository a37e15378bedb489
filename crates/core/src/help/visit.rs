//! A customer who helps themselves on the help pages: a contact of its own, without a call. It climbs the same ladder as a call by the same
//! orders, and what it shows counts in it alone. It knows no page and no session: whoever leads it says who is there.

use super::Showing;
use crate::call::{Backoff, CallerIdTrust, Channel, Contact, Disposition, Fact, Record, RecordLimits, Service};
use crate::commit::Commit;
use crate::identity::{FreezeAccount, Guarded, Ladder, NotPermitted, Permit, Proof, ReadTransaction, RequestRefund, Standing};
use crate::ivr::dialogue::{Number, RefundHurdle, RefundOffer, RefundTaken};
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    assurance::Level,
    ids::{ChallengeId, ContactId},
    language::Language,
    pii::Pii,
    time::{Mono, Now, Span},
    transaction,
};
use crate::switchboard::help::{Found, Help, Helped, Order};
use crate::switchboard::live::OperationView;
use crate::wallet::State;
use std::sync::Arc;

/// A visit of which nothing was heard for so long is over: whoever sits down at the screen next is somebody else.
pub const IDLE: Span = Span::from_s(15 * 60);

/// Questions in one visit: several times what one takes that tries everything.
pub const QUESTIONS_MAX: u64 = 60;

/// Wrong codes in one contact, of whatever kind; then a person.
const WRONG_MAX: u8 = 3;

/// Codes of one visit that are still looked at: more than the pause between two that are sent lets anybody need.
const CHALLENGES_MAX: usize = 8;

/// What the counts of acts call the way that visits come by.
const TRUNK: &str = "help-pages";

/// What stands in the record for a code.
const MASK: &str = "••••••";

/// Bounds of a visit's record: those of a call, with room for fewer lines.
const RECORD: RecordLimits = RecordLimits {
    timeline_max: 500,
    backoff: Backoff { first: Span::from_ms(500), max: Span::from_s(10) },
    give_up: Span::from_s(10 * 60),
};

/// A visit that begins.
#[derive(Debug)]
pub struct NewVisit {
    /// The contact's name.
    pub contact: ContactId,
    /// The wallet, by id.
    pub wallet: String,
    /// The number of the wallet's line; empty where it has none.
    pub line: String,
    /// The language of the pages.
    pub language: Language,
    /// The address in the network that it comes from: counted like a calling number, and not kept.
    pub address: Pii<String>,
    /// How long personal data of the contact is kept.
    pub retention: Span,
}

/// What is asked in a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A code to the registered phone of this number.
    Code(Pii<String>),
    /// Another code to the same.
    AnotherCode,
    /// This code came.
    CheckCode(Pii<String>),
    /// The wallet's authenticator shows this.
    CheckSecond(Pii<String>),
    /// Where this transaction stands: its whole number, or the last six digits.
    Find(String),
    /// To be told when the transaction found last moves.
    Watch,
    /// What can go back of the transaction found last.
    Refundable,
    /// What was offered last.
    Refund,
    /// Something done to the account.
    Act(AccountAct),
    /// The account frozen: a number is enough.
    Freeze,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// A code is on its way, if there is somebody to receive it.
    Named,
    /// No phone number can be made of it.
    NotANumber,
    /// The code proves what it should.
    Right,
    /// It proves nothing.
    Wrong,
    /// It proves nothing, and was the last try: the visit is over.
    WrongAndOver,
    /// The transaction was found: [`Visit::found`].
    Found,
    /// There is none of this customer.
    NotFound,
    /// More than one of this customer ends with these digits.
    Several,
    /// It is watched.
    Watched,
    /// This can go back: [`Visit::offer`].
    Offered,
    /// Nothing of it can be asked for.
    NotRefundable(RefundHurdle),
    /// It is asked for: [`Visit::refund`].
    RefundTaken,
    /// The act is on its way: [`Visit::act`].
    ActTaken,
    /// A person has to do this.
    Person,
    /// The outside does not answer.
    Unavailable,
}

/// Why nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// It is over.
    #[error("the visit is over: begin a new one")]
    Over,
    /// Enough was asked.
    #[error("enough was asked in one visit: a person goes on")]
    TooMany,
    /// There is nothing that it could be about.
    #[error("there is nothing that this could be about: begin with the number or the transaction")]
    NothingToAskAbout,
    /// What was typed is no transaction's number.
    #[error("not the number of a transaction: twelve digits, or the last six")]
    NotATransaction,
    /// Too little was shown.
    #[error(transparent)]
    NotPermitted(#[from] NotPermitted),
}

/// A customer on the help pages.
#[derive(Debug)]
pub struct Visit {
    record: Record,
    standing: Standing,
    address: Pii<String>,
    /// The number as it was typed.
    number: Option<Pii<String>>,
    /// The codes that were asked for, oldest first.
    challenges: Vec<ChallengeId>,
    wrong: u8,
    questions: u64,
    /// When something was heard of it last.
    seen: Now,
    found: Option<Found>,
    watched: bool,
    /// What can go back, and the question that it answered.
    offer: Option<(u64, RefundOffer)>,
    refund: Option<(u64, RefundTaken)>,
    /// Some refund was asked for in this visit.
    has_asked_back: bool,
    /// What was done to the account last, as far as it is known.
    act: Option<OperationView>,
}

impl Visit {
    /// Somebody is there. Whatever they showed elsewhere counts for nothing here.
    #[must_use]
    pub fn open(now: Now, new: NewVisit, ladder: Arc<Ladder>) -> Self {
        let NewVisit { contact: id, wallet, line, language, address, retention } = new;
        let contact = Contact {
            id,
            line,
            wallet,
            channel: Channel::Form,
            // The address is no number that was shown: nothing is claimed by it, and nothing of it is kept.
            caller: Pii::new(String::new()),
            caller_id: CallerIdTrust::None,
            language: Some(language),
            service: None,
            level: Level::A0,
            risk: Vec::new(),
            case: None,
            opened_at: now.wall,
            answered_at: Some(now.wall),
            queued_at: None,
            connected_at: None,
            ended_at: None,
            agents: Vec::new(),
            disposition: None,
            expires_at: now.wall + retention,
        };
        let mut standing = Standing::new(id, false, ladder);
        // A page waits for its reader from the first to the last.
        standing.count_idle(true, now);
        Self {
            record: Record::without_call(now, contact, RECORD),
            standing,
            address,
            number: None,
            challenges: Vec::new(),
            wrong: 0,
            questions: 0,
            seen: now,
            found: None,
            watched: false,
            offer: None,
            refund: None,
            has_asked_back: false,
            act: None,
        }
    }

    /// The contact.
    #[must_use]
    pub const fn contact(&self) -> &Contact {
        self.record.contact()
    }

    /// The level reached.
    #[must_use]
    pub fn level(&self) -> Level {
        self.standing.level()
    }

    /// Enough was shown to be told of a transaction.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.level() >= Level::A2
    }

    /// The transaction that was found last.
    #[must_use]
    pub const fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// The transaction found last is watched, by a wish of this visit.
    #[must_use]
    pub const fn is_watched(&self) -> bool {
        self.watched
    }

    /// What can go back of it, with the number that names the offer.
    #[must_use]
    pub const fn offer(&self) -> Option<&(u64, RefundOffer)> {
        self.offer.as_ref()
    }

    /// What was asked for, with the number of the offer.
    #[must_use]
    pub const fn refund(&self) -> Option<&(u64, RefundTaken)> {
        self.refund.as_ref()
    }

    /// What was done to the account last, as far as it is known.
    #[must_use]
    pub const fn act(&self) -> Option<&OperationView> {
        self.act.as_ref()
    }

    /// How far that is. The record hears of it from the act itself.
    pub fn act_stands(&mut self, stands: OperationView) {
        self.act = Some(stands);
    }

    /// It is over.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.record.has_ended()
    }

    /// Nothing was heard of it for too long.
    #[must_use]
    pub fn is_idle(&self, now: Now) -> bool {
        // Whichever clock says more: the wall clock may be set, the other one stands still while the machine sleeps.
        (now.mono - self.seen.mono).max(now.wall - self.seen.wall) >= IDLE
    }

    /// When something was heard of it last.
    #[must_use]
    pub const fn seen_at(&self) -> Mono {
        self.seen.mono
    }

    /// A page was asked for, in this language. What nobody was heard for any more is forgotten first.
    pub fn see(&mut self, now: Now, language: Language) {
        self.showing(now).decays();
        self.standing.act(now);
        self.seen = now;
        if self.record.contact().language != Some(language) {
            self.record.amend(|contact| contact.language = Some(language));
        }
    }

    /// What the outside has to be asked for a wish. `challenge` is the name of what may come of it.
    ///
    /// # Errors
    /// [`NotAsked`]. What needs more than was shown is on record.
    pub fn ask(&mut self, now: Now, challenge: ChallengeId, wish: Wish) -> Result<Order, NotAsked> {
        if self.has_ended() {
            return Err(NotAsked::Over);
        }
        if self.questions >= QUESTIONS_MAX {
            return Err(NotAsked::TooMany);
        }
        self.questions += 1;
        let mut number = self.questions;
        let help = match wish {
            Wish::Code(typed) => {
                self.keyed(now, typed.mask_number());
                self.number = Some(typed.clone());
                self.code(challenge, typed)
            }
            Wish::AnotherCode => {
                let typed = self.number.clone().ok_or(NotAsked::NothingToAskAbout)?;
                self.code(challenge, typed)
            }
            Wish::CheckCode(code) => {
                self.keyed(now, MASK.to_owned());
                let claim = self.standing.claim().cloned().ok_or(NotAsked::NothingToAskAbout)?;
                Help::CheckCode { challenges: self.challenges.clone(), claim, code }
            }
            Wish::CheckSecond(code) => {
                self.keyed(now, MASK.to_owned());
                // Asked of nobody who has not shown a first factor: it would say whether there is such an account.
                self.permit::<RequestRefund>(now)?;
                let claim = self.standing.claim().cloned().ok_or(NotAsked::NothingToAskAbout)?;
                Help::CheckSecond { challenge, claim, code }
            }
            Wish::Find(id) => {
                let is_number = transaction::is_number(&id);
                // What is no transaction's number may be a phone number.
                let shown = if is_number { id.clone() } else { Pii::new(id.clone()).mask_number() };
                self.keyed(now, shown);
                if !is_number {
                    return Err(NotAsked::NotATransaction);
                }
                self.about(Service::Transactions);
                (self.found, self.watched, self.offer, self.refund) = (None, false, None, None);
                Help::Status { permit: self.permit(now)?, id }
            }
            Wish::Watch => {
                let transaction = self.transaction()?;
                Help::Watch { permit: self.permit::<ReadTransaction>(now)?, transaction }
            }
            Wish::Refundable => {
                let id = self.transaction()?;
                self.about(Service::Refunds);
                (self.offer, self.refund) = (None, None);
                Help::Refundable { permit: self.permit(now)?, id }
            }
            Wish::Refund => {
                let (offered, offer) = self.offer.clone().ok_or(NotAsked::NothingToAskAbout)?;
                // The request is named by the offer it takes: taken twice, it is one.
                number = offered;
                let (permit, transaction) = (self.permit(now)?, offer.transaction);
                match offer.waiting {
                    Some(_) => Help::ShowForRefund { permit, transaction },
                    None => Help::Refund { permit, transaction },
                }
            }
            Wish::Act(act) => {
                self.about(Service::Account);
                let permit = self.standing.permit_act(act, now.wall);
                let permit = permit.inspect_err(|why| self.showing(now).not_permitted(*why))?;
                Help::Act { permit, by: None }
            }
            Wish::Freeze => {
                self.about(Service::Freeze);
                Help::Freeze { permit: self.permit(now)? }
            }
        };
        let contact = self.record.contact();
        Ok(Order {
            contact: contact.id,
            number,
            wallet: contact.wallet.clone(),
            caller: self.address.clone(),
            trunk: TRUNK.to_owned(),
            language: contact.language.unwrap_or(Language::ZhCn),
            help,
        })
    }

    /// What the outside says to a question. None while the answer is still to come.
    pub fn helped(&mut self, now: Now, number: u64, help: Helped) -> Option<Came> {
        if self.has_ended() {
            return None;
        }
        match help {
            Helped::Claimed(claim) => {
                self.showing(now).claims(claim);
                Some(Came::Named)
            }
            Helped::NotANumber => Some(Came::NotANumber),
            Helped::Risk { signals } => {
                for signal in signals {
                    self.showing(now).suspects(signal);
                }
                None
            }
            Helped::Proved { factor, challenge, subject, .. } => {
                let level = self.showing(now).proved(&subject, Proof { factor, evidence: challenge });
                // What proves nothing in this contact is no better than a wrong one, and no worse.
                Some(if level >= Level::A2 { Came::Right } else { self.wrong(now) })
            }
            Helped::NotProved { factor } => {
                self.record.tell(now, Fact::NotVerified { factor });
                Some(self.wrong(now))
            }
            Helped::Found(found) => {
                self.showing(now).found(&found);
                self.found = Some(*found);
                Some(Came::Found)
            }
            Helped::NotFound => {
                self.showing(now).found_none("not_found");
                Some(Came::NotFound)
            }
            Helped::Several => {
                self.showing(now).found_none("several");
                Some(Came::Several)
            }
            Helped::Watched => {
                self.watched = true;
                Some(Came::Watched)
            }
            Helped::Refundable(offer) => {
                self.offer = Some((number, *offer));
                Some(Came::Offered)
            }
            Helped::NotRefundable { hurdle, .. } => Some(Came::NotRefundable(hurdle)),
            Helped::RefundTaken(taken) => {
                self.showing(now).case(taken.reference.clone());
                (self.refund, self.has_asked_back) = (Some((number, taken)), true);
                Some(Came::RefundTaken)
            }
            Helped::FreezeTaken(operation) | Helped::ActTaken(operation) => {
                let reference = operation.reference.clone();
                self.record.amend(|contact| contact.case = Some(reference));
                self.act = Some(operation);
                Some(Came::ActTaken)
            }
            Helped::PersonNeeded => Some(Came::Person),
            // The visitor hears nothing of a code that was not sent; the rest answers questions that no page asks.
            Helped::CodeLimited
            | Helped::AppAsks { .. }
            | Helped::AppWaits
            | Helped::AppApproved { .. }
            | Helped::AppRefused
            | Helped::AppExpired
            | Helped::Texted
            | Helped::Reached(_)
            | Helped::CallbackTaken { .. }
            | Helped::ComplaintTaken { .. }
            | Helped::AccountSeen(_)
            | Helped::ActWithheld
            | Helped::PassTaken(_)
            | Helped::NoPass => None,
            Helped::Unavailable => Some(Came::Unavailable),
        }
    }

    /// What was said when nobody waited for it any more. A code that was right then proves nothing: whoever asks next may be somebody
    /// else.
    pub fn helped_late(&mut self, now: Now, number: u64, help: Helped) {
        if !matches!(help, Helped::Proved { .. }) {
            self.helped(now, number, help);
        }
    }

    /// It is over: `customer` said so, or the `system` did.
    pub fn end(&mut self, now: Now, actor: Actor, by: &str) {
        let done = self.act.as_ref().filter(|act| act.state == State::Done).map(|act| act.act.as_str());
        let disposition = match self.level() {
            _ if done == Some(FreezeAccount::NAME) || done == Some(AccountAct::SecureAccount.name()) => {
                Disposition::AccountFrozen
            }
            _ if done == Some(AccountAct::Unlock.name()) => Disposition::AccountUnlocked,
            _ if self.wrong >= WRONG_MAX => Disposition::VerificationFailed,
            _ if self.has_asked_back => Disposition::RefundRequested,
            Level::A0 | Level::A1 => Disposition::Abandoned,
            Level::A2 | Level::A3 | Level::A4 => Disposition::InfoOnly,
        };
        self.record.end(now, actor, by, Some(disposition));
    }

    /// The commit to make now, if one is due.
    pub fn flush(&mut self, now: Now) -> Option<Commit> {
        self.record.flush(now)
    }

    /// The commit on its way is durable, or it is not and is tried again.
    pub fn flushed(&mut self, now: Now, durable: bool) {
        if durable { self.record.saved() } else { self.record.failed(now.mono) }
    }

    /// Over, and nothing is left to remember, or to wait for.
    #[must_use]
    pub fn is_gone(&self, now: Now) -> bool {
        self.record.is_settled() || self.record.is_given_up(now.mono)
    }

    fn showing(&mut self, now: Now) -> Showing<'_> {
        Showing { record: &mut self.record, standing: &mut self.standing, now, actor: Actor::Caller }
    }

    /// A permit, or a line in the record that says what is missing.
    fn permit<A: Guarded>(&mut self, now: Now) -> Result<Permit<A>, NotPermitted> {
        let permit = self.standing.permit(now.wall);
        permit.inspect_err(|why| self.showing(now).not_permitted(*why))
    }

    fn keyed(&mut self, now: Now, digits: String) {
        self.record.tell(now, Fact::Keyed { digits });
    }

    fn about(&mut self, service: Service) {
        if self.record.contact().service != Some(service) {
            self.record.amend(|contact| contact.service = Some(service));
        }
    }

    fn code(&mut self, challenge: ChallengeId, typed: Pii<String>) -> Help {
        if self.challenges.len() == CHALLENGES_MAX {
            self.challenges.remove(0);
        }
        self.challenges.push(challenge);
        Help::SendCode { number: Number::Keyed(typed), challenge }
    }

    fn transaction(&self) -> Result<String, NotAsked> {
        self.found.as_ref().map(|found| found.view.id.clone()).ok_or(NotAsked::NothingToAskAbout)
    }

    /// After the last try it is over, and a person goes on from there.
    fn wrong(&mut self, now: Now) -> Came {
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong < WRONG_MAX {
            return Came::Wrong;
        }
        self.end(now, Actor::System, "system");
        Came::WrongAndOver
    }
}

#[cfg(test)]
mod tests;
