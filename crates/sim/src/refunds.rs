//! Refunds at the edge, in the order in which the program does it (`crates/server/src/refunds`): asked for, decided, carried by the
//! outbox, looked at when the wallet calls back. It decides nothing; the rulings are the core's.

use crate::checkers;
use crate::defect::Defect;
use crate::directory::{self, NUMBERS, WALLET};
use crate::names;
use crate::shell::Shell;
use crate::till::{self, GiveBack, Taken, TillFault};
use std::sync::Arc;
use walletline_core::cases::Case;
use walletline_core::commit::{Commit, Version};
use walletline_core::help::{
    NewErrands, RefundAsked, RefundNames, RefundRows, checker_of, follow_ruling, give_up_refund, lapse_refund, look_at_refund,
    report_refund, take_refund, take_refund_evidence,
};
use walletline_core::identity::{Claim, Ladder, Proof, Redeemed, RequestRefund, Standing};
use walletline_core::kernel::{
    assurance::Factor,
    ids::{ContactId, RefundId, StaffId},
    language::Language,
    money::{Currency, Money},
    pii::Pii,
    time::{Mono, Now, Span, Wall},
};
use walletline_core::money::{
    Certificates, Checker, Guards, Held, Maker, NewRefund, Original, Policy, Refund, RefundTarget, Reported, ResolvedAs, Ruled,
    Source, Spent, State, Task,
};
use walletline_core::outbox::Errand;
use walletline_store::{CommitError, ReadError};

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 4;

/// How long one request may take.
const TIMEOUT: Span = Span::from_s(4);

/// The last moment before a lease ends at which a result is still ours to write.
const LEASE_SLACK: Span = Span::from_s(5);

/// How long a refund waits whose row does not say any more what was asked for.
const UNSOUND_WAIT: Span = Span::from_s(15 * 60);

/// How often somebody who heard nothing asks once more, under the same key.
const ASKED_MAX: u32 = 3;

/// What somebody asks to have back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of the nth payment.
    pub purchase: usize,
    /// How much; all that is left where it is not said.
    pub minor: Option<i64>,
    /// Who asks: the nth of the staff, or the customer alone in the menu.
    pub by: Option<usize>,
    /// How many factors its customer shows.
    pub factors: usize,
    /// The key of the request: asked once more, it is the same refund.
    pub request: u64,
}

/// What somebody decides on the nth refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is to be carried out.
    Approve,
    /// It is not.
    Decline,
    /// They found out what became of it.
    Propose,
    /// They confirm what another found out.
    Confirm,
    /// They do not.
    Reject,
}

/// Everybody's certificates: one agent holds none.
fn certificates_of(id: StaffId) -> Certificates {
    let held = id != StaffId::from(1026);
    Certificates { refund_maker: held, refund_checker: held }
}

fn cny() -> Option<Currency> {
    "CNY".parse().ok()
}

/// What a customer has shown.
fn shown(contact: ContactId, payer: usize, factors: usize, now: Wall) -> Option<Redeemed<RequestRefund>> {
    let mut standing = Standing::new(contact, true, Arc::new(Ladder::default()));
    let number = NUMBERS[payer];
    let subject = names::subject(WALLET, number);
    standing.claims(Claim { wallet: WALLET.to_owned(), msisdn: Pii::new(number.to_owned()), subject: subject.clone() });
    for factor in [Factor::SmsCode, Factor::SecondFactor].into_iter().take(factors) {
        standing.proved(&subject, Proof { factor, evidence: 5.into() }, Now { mono: Mono(0), wall: now });
    }
    standing.permit::<RequestRefund>(now).ok()?.redeem(now).ok()
}

impl Shell {
    /// Somebody asks for a refund; whoever hears nothing asks once more, under the same key.
    pub(crate) async fn asks_for_refund(&self, contact: ContactId, wanted: Wanted) {
        for _ in 0..ASKED_MAX {
            if self.ask_for_refund(contact, &wanted).await.is_some() {
                return;
            }
            self.pause_between(500, 3_000).await;
        }
    }

    /// None when it cannot be known whether it was asked for.
    async fn ask_for_refund(&self, contact: ContactId, wanted: &Wanted) -> Option<()> {
        let key = format!("request-{}", wanted.request);
        for _ in 0..RULINGS_MAX {
            if self.read(self.store.refund_by_request(&key)).await.ok()?.is_some() {
                return Some(());
            }
            self.ask().await.ok()?;
            let (id, purchase, currency) = (till::transaction(wanted.purchase), till::purchase(wanted.purchase), cny()?);
            let permitted = shown(contact, purchase.payer, wanted.factors, self.wall())?;
            let captured = Money::new(purchase.captured, currency);
            let (is_payer, is_completed, is_refundable, is_reversed) = (true, true, true, false);
            let original = Original { transaction: id.clone(), captured, is_payer, is_completed, is_refundable, is_reversed };
            let source = self.read(self.store.refund_source(WALLET, &id)).await.ok()?;
            let left = source.as_ref().map_or(captured, |(_, source)| source.left());
            let amount = wanted.minor.map_or(left, |minor| Money::new(minor, currency));
            let maker = match wanted.by.map(member) {
                Some(id) => Maker::Staff { id, certificates: certificates_of(id) },
                None => Maker::Customer,
            };
            let (customer, makers) = self.days(&permitted.claim.subject, maker.id(), currency).await.ok()?;
            let source = source.unwrap_or_else(|| (0, Source::new(WALLET.to_owned(), id.clone(), captured)));
            let guards = Guards { source, customer, maker: makers };
            let now = self.wall();
            let names = {
                let mut names = self.names.borrow_mut();
                let (case, made) = (names.case(now), names.operation(now));
                let refund = NewRefund {
                    id: names.id(now),
                    key: made.key,
                    request_key: key.clone(),
                    request_digest: "digest".to_owned(),
                    case: case.id,
                };
                RefundNames { refund, case, errands: errands(&mut names, now) }
            };
            let reason = Pii::new(if maker.id().is_some() { "double".to_owned() } else { String::new() });
            let target = RefundTarget { transaction: id, amount, reason };
            let asked = RefundAsked { maker, target, original, language: Language::En };
            // A rule says no: whoever asks is told.
            let Ok(ruled) = take_refund(&permitted, asked, guards, names, &Policy::default(), now) else { return Some(()) };
            match self.commit(ruled.commit).await {
                Ok(()) => return Some(()),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        Some(())
    }

    /// The customer shows more in a later contact.
    pub(crate) async fn shows_for_refund(&self, contact: ContactId, id: RefundId, by: Option<usize>) -> Option<()> {
        for _ in 0..RULINGS_MAX {
            let (version, refund) = self.read(self.store.refund(id)).await.ok()??;
            let payer = NUMBERS.iter().position(|number| *number == refund.msisdn.expose())?;
            let shown = shown(contact, payer, 2, self.wall())?;
            let case = self.read(self.store.case(refund.case)).await.ok()??;
            let guards = self.guards(&refund).await?;
            let now = self.wall();
            let errands = errands(&mut self.names.borrow_mut(), now);
            let (row, shown) = ((version, refund), (&shown, by.map(member)));
            let ruled = take_refund_evidence(row, shown, (case, guards), &errands, &Policy::default(), now).ok()?;
            match self.commit(ruled.commit).await {
                Err(CommitError::Conflict(_)) => {}
                Ok(()) | Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        None
    }

    /// The nth of the staff decides.
    pub(crate) async fn decides_on_refund(&self, id: RefundId, by: usize, verdict: Verdict) -> Option<()> {
        for _ in 0..RULINGS_MAX {
            let (version, refund) = self.read(self.store.refund(id)).await.ok()??;
            let staff = directory::staff();
            let member = staff.get(by % staff.len())?;
            let checker = checker_of(member, certificates_of(member.id), &refund, &staff);
            let ruled = self.rule_on_refund((version, &refund), &checker, verdict).await?;
            let case = self.read(self.store.case(refund.case)).await.ok()??;
            let held = self.held(&refund).await.ok()?;
            let now = self.wall();
            let errands = errands(&mut self.names.borrow_mut(), now);
            let ruled = follow_ruling(ruled, (version, refund.state), (case, held), &errands, now);
            match self.commit(ruled.commit).await {
                Err(CommitError::Conflict(_)) => {}
                Ok(()) | Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        None
    }

    async fn rule_on_refund(&self, (version, refund): (Version, &Refund), by: &Checker, verdict: Verdict) -> Option<Ruled> {
        let (policy, now) = (Policy::default(), self.wall());
        // What leaves the house this moment can be found out by nobody.
        if verdict == Verdict::Propose && self.wallet.borrow().till.sending.get(&refund.key).is_some_and(|count| *count > 0) {
            return None;
        }
        let found = if self.wallet.borrow().till.gives_back(&refund.key) { ResolvedAs::Done } else { ResolvedAs::Undone };
        let ruled = match verdict {
            Verdict::Approve => {
                let guards = self.guards(refund).await?;
                refund.approve(version, by, guards, (None, &policy), self.wall())
            }
            Verdict::Decline => refund.decline(version, by, "no", now),
            Verdict::Propose => refund.propose(version, by, found, "the wallet's books", &policy, now),
            Verdict::Confirm => refund.conclude(version, by, true, "seen too", &policy, now),
            Verdict::Reject => refund.conclude(version, by, false, "not so", &policy, now),
        };
        ruled.ok()
    }

    /// The wallet called back about a key: its refund is looked at once.
    pub(crate) async fn called_back(&self, id: RefundId) {
        let Ok(Some((_, refund))) = self.read(self.store.refund(id)).await else { return };
        if refund.state.is_over() {
            return;
        }
        let now = self.wall();
        let errand = self.names.borrow_mut().id(now);
        // A callback that is not taken costs time: the outbox asks by itself.
        let _ = self.commit(look_at_refund(&refund, errand, now)).await;
    }

    /// Does what is to be done about a refund now.
    pub(crate) async fn carry_refund(&self, version: Version, errand: Errand, id: RefundId, follows: bool) {
        let now = self.wall();
        let (row_version, refund) = match self.read(self.store.refund(id)).await {
            Ok(Some(row)) => row,
            Ok(None) => return self.write_errand(errand.done(version, now)).await,
            Err(_) => return,
        };
        if !refund.is_sound() {
            return self.write_errand(errand.again(version, now + UNSOUND_WAIT, now)).await;
        }
        let row = (row_version, refund);
        match row.1.task(now) {
            Task::Nothing => self.write_errand(errand.done(version, now)).await,
            Task::GiveUp if follows => {
                let Some(rows) = self.rows(row, (version, errand)).await else { return };
                let now = self.wall();
                let errands = errands(&mut self.names.borrow_mut(), now);
                if let Some((_, commit)) = give_up_refund(rows, &errands, now) {
                    self.write_errand(commit).await;
                }
            }
            Task::Send if follows => {
                let Some(ruled) = row.1.begin(row.0, self.wall()) else { return };
                self.send_refund(ruled, row.0, (version, errand)).await;
            }
            Task::Ask if !follows && row.1.state == State::Submitting => self.write_errand(errand.done(version, now)).await,
            Task::Ask => Box::pin(self.find_out(row, (version, errand), follows)).await,
            Task::GiveUp | Task::Send => self.write_errand(errand.done(version, now)).await,
        }
    }

    /// Ends a refund that nobody decided on in time.
    pub(crate) async fn lapse_refund(&self, version: Version, errand: Errand, id: RefundId) {
        for _ in 0..RULINGS_MAX {
            let row = match self.read(self.store.refund(id)).await {
                Ok(Some(row)) => row,
                Ok(None) => return self.write_errand(errand.done(version, self.wall())).await,
                Err(_) => return,
            };
            let Some(rows) = self.rows(row, (version, errand.clone())).await else { return };
            let now = self.wall();
            let errands = errands(&mut self.names.borrow_mut(), now);
            match self.commit(lapse_refund(rows, &errands, now)).await {
                Err(CommitError::Conflict(_)) => {}
                Ok(()) | Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }

    /// Sends what was just ruled to be under way: durable first, then sent.
    async fn send_refund(&self, ruled: Ruled, row_version: Version, errand: (Version, Errand)) {
        if self.commit(ruled.commit).await.is_err() {
            return;
        }
        let key = ruled.refund.key.clone();
        *self.wallet.borrow_mut().till.sending.entry(key.clone()).or_default() += 1;
        let reported = self.give_back(&ruled.refund).await;
        if let Some(sending) = self.wallet.borrow_mut().till.sending.get_mut(&key) {
            *sending -= 1;
        }
        self.report((row_version + 1, ruled.refund), errand, reported).await;
    }

    async fn find_out(&self, (row_version, refund): (Version, Refund), errand: (Version, Errand), follows: bool) {
        let (row_version, refund) = match refund.begin(row_version, self.wall()) {
            None => (row_version, refund),
            Some(ruled) => {
                if self.commit(ruled.commit).await.is_err() {
                    return;
                }
                (row_version + 1, ruled.refund)
            }
        };
        let reported = match self.outcome(&refund.key).await {
            Reported::NoAnswer if self.defect.get() == Some(Defect::SilenceBelieved) => Reported::Refused,
            reported => reported,
        };
        if reported == Reported::NotReceived
            && follows
            && let Some(ruled) = refund.begin_again(row_version, self.wall())
        {
            return self.send_refund(ruled, row_version, errand).await;
        }
        self.report((row_version, refund), errand, reported).await;
    }

    async fn report(&self, row: (Version, Refund), errand: (Version, Errand), reported: Reported) {
        let now = self.wall();
        if now > errand.1.due_at || errand.1.due_at - now < LEASE_SLACK {
            return;
        }
        for _ in 0..RULINGS_MAX {
            let Some(rows) = self.rows(row.clone(), errand.clone()).await else { return };
            let now = self.wall();
            let errands = errands(&mut self.names.borrow_mut(), now);
            let (_, commit) = report_refund(rows, reported.clone(), &errands, now);
            match self.commit(commit).await {
                Err(CommitError::Conflict(_)) => {}
                Ok(()) | Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }

    async fn rows(&self, refund: (Version, Refund), errand: (Version, Errand)) -> Option<RefundRows> {
        let case: (Version, Case) = self.read(self.store.case(refund.1.case)).await.ok()??;
        let held = self.held(&refund.1).await.ok()?;
        Some(RefundRows { refund, case, held, errand })
    }

    async fn write_errand(&self, commit: Commit) {
        // What cannot be written is taken up again when its lease ends.
        let _ = self.commit(commit).await;
    }

    async fn guards(&self, refund: &Refund) -> Option<Guards> {
        let source = self.read(self.store.refund_source(&refund.wallet, &refund.transaction)).await.ok()??;
        let (customer, maker) = self.days(&refund.subject, refund.maker, refund.amount.currency).await.ok()?;
        Some(Guards { source, customer, maker })
    }

    async fn held(&self, refund: &Refund) -> Result<Held, ReadError> {
        let source = self.read(self.store.refund_source(&refund.wallet, &refund.transaction)).await?;
        let (customer, maker) = self.days(&refund.subject, refund.maker, refund.amount.currency).await?;
        Ok(Held { source, days: [Some(customer), maker].into_iter().flatten().collect() })
    }

    async fn days(
        &self,
        subject: &walletline_core::kernel::subject::Subject,
        maker: Option<StaffId>,
        currency: Currency,
    ) -> Result<((Version, Spent), Option<(Version, Spent)>), ReadError> {
        let customer = self.read(self.store.refund_spent(&Spent::key_of_customer(WALLET, subject, currency))).await?;
        Ok(match maker {
            Some(maker) => {
                let maker = self.read(self.store.refund_spent(&Spent::key_of_maker(maker, currency))).await?;
                (customer, Some(maker))
            }
            None => (customer, None),
        })
    }

    fn till_fault(&self) -> TillFault {
        self.wallet.borrow_mut().till.fault(&mut self.dice.borrow_mut())
    }

    fn in_ms(&self, low: u64, high: u64) -> Mono {
        self.now.get().mono + Span::from_ms(self.dice.borrow_mut().between(low, high))
    }

    /// Asks the wallet for a refund under its key.
    async fn give_back(&self, refund: &Refund) -> Reported {
        let made_up = self.defect.get() == Some(Defect::RefundKeysMadeUp) && refund.sends > 1;
        let key = if made_up { format!("{} made up", refund.key) } else { refund.key.clone() };
        let asked = GiveBack { key, transaction: refund.transaction.clone(), minor: refund.amount.minor };
        self.note("refund_permitted", checkers::refund_permitted::sent(&asked, &self.model.borrow()));
        let fault = self.till_fault();
        let slow = if fault == TillFault::Slow { (3_000, 3_990) } else { (20, 900) };
        let answer = match fault {
            TillFault::Unreachable => {
                self.pause_between(5, 50).await;
                return Reported::NotReached;
            }
            TillFault::FailsBefore => {
                self.pause_between(20, 300).await;
                return Reported::NoAnswer;
            }
            TillFault::TurnsAway => {
                self.pause_between(20, 300).await;
                return Reported::NotReached;
            }
            TillFault::Late => {
                let arrives = self.in_ms(4_000, 120_000);
                self.wallet.borrow_mut().till.travels(arrives, asked);
                self.pause(TIMEOUT).await;
                return Reported::NoAnswer;
            }
            TillFault::ActsSilently | TillFault::Forgetful | TillFault::Strange => {
                self.pause_between(20, 900).await;
                let until = self.in_ms(5_000, 60_000);
                self.wallet.borrow_mut().till.give_back(&asked);
                if fault == TillFault::Forgetful {
                    self.wallet.borrow_mut().till.denies(&asked.key, until);
                }
                if fault == TillFault::Strange {
                    self.pause_between(5, 50).await;
                    return Reported::Unfamiliar;
                }
                self.pause(TIMEOUT).await;
                return Reported::NoAnswer;
            }
            TillFault::Refuses => {
                self.pause_between(20, 900).await;
                self.wallet.borrow_mut().till.refuse(&asked)
            }
            TillFault::RefusesUnrecorded => {
                self.pause_between(20, 900).await;
                // A key that it took before it knows again; of another it keeps nothing.
                self.wallet.borrow().till.keys.get(&asked.key).copied().unwrap_or(Taken::Failed)
            }
            TillFault::Accepts | TillFault::AcceptsAndFails | TillFault::CallsBack | TillFault::CallsBackFirst => {
                self.pause_between(20, 900).await;
                let first = fault == TillFault::CallsBackFirst;
                let completes = if first { self.in_ms(0, 5) } else { self.in_ms(100, 60_000) };
                let called = [completes + Span::from_ms(1), self.in_ms(100, 90_000)];
                let calls = match fault {
                    TillFault::CallsBack => usize::try_from(self.dice.borrow_mut().below(3)).unwrap_or(0),
                    TillFault::CallsBackFirst => 1,
                    _ => 0,
                };
                let fails = fault == TillFault::AcceptsAndFails;
                let taken = self.wallet.borrow_mut().till.accept(&asked, completes, fails);
                called.into_iter().take(calls).for_each(|at| self.wallet.borrow_mut().till.calls_back(at, &asked.key));
                if first {
                    self.pause_between(200, 3_900).await;
                }
                taken
            }
            TillFault::Twice => {
                self.pause_between(20, 900).await;
                let again = self.in_ms(1, 60_000);
                let mut wallet = self.wallet.borrow_mut();
                wallet.till.travels(again, asked.clone());
                wallet.till.give_back(&asked)
            }
            TillFault::None | TillFault::Slow => {
                self.pause_between(slow.0, slow.1).await;
                self.wallet.borrow_mut().till.give_back(&asked)
            }
        };
        // Done, and the answer is still on its way.
        self.pause_between(5, 50).await;
        reported(answer)
    }

    /// Asks the wallet what became of a key.
    async fn outcome(&self, key: &str) -> Reported {
        match self.till_fault() {
            TillFault::Unreachable | TillFault::FailsBefore | TillFault::TurnsAway => {
                self.pause_between(5, 300).await;
                return Reported::NoAnswer;
            }
            TillFault::ActsSilently | TillFault::Late => {
                self.pause(TIMEOUT).await;
                return Reported::NoAnswer;
            }
            TillFault::Strange => {
                self.pause_between(20, 900).await;
                return Reported::Unfamiliar;
            }
            TillFault::Forgetful => {
                let until = self.in_ms(1_000, 20_000);
                self.wallet.borrow_mut().till.denies(key, until);
            }
            TillFault::None
            | TillFault::Slow
            | TillFault::Refuses
            | TillFault::RefusesUnrecorded
            | TillFault::Accepts
            | TillFault::CallsBack
            | TillFault::AcceptsAndFails
            | TillFault::CallsBackFirst
            | TillFault::Twice => {}
        }
        self.pause_between(20, 900).await;
        let known = self.wallet.borrow().till.outcome(key, self.now.get().mono);
        // Answers arrive in another order than they were given in.
        self.pause_between(5, 2_900).await;
        known.map_or(Reported::NotReceived, reported)
    }
}

fn reported(taken: Taken) -> Reported {
    match taken {
        Taken::Done => Reported::Done(Some("reversal".to_owned())),
        Taken::Failed => Reported::Refused,
        Taken::Pending => Reported::Pending,
    }
}

fn member(nth: usize) -> StaffId {
    let staff = directory::staff();
    staff[nth % staff.len()].id
}

fn errands(names: &mut names::Names, now: Wall) -> NewErrands {
    NewErrands { link: "https://help.example/r".to_owned(), notice: names.id(now), carrier: names.id(now), lapse: names.id(now) }
}
