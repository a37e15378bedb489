//! Self-service of callers at the edge, in the order in which the program does it: load what the ruling needs, rule, commit, answer.
//! It decides nothing; the rulings are the core's.

use crate::names;
use crate::outside::{Holder, number};
use crate::shell::{Asked, Shell};
use std::collections::BTreeMap;
use walletline_core::call::Service;
use walletline_core::cases::{Case, CaseKind, Reference};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::help::{
    CallbackAsked, CallbackRows, Complaint, FollowUp, FreezeRows, FreezeTaken, NewFreeze, Noted, Report, follow_up,
    request_callback, take_complaint, take_freeze,
};
use walletline_core::identity::{
    Addressee, Checked, Claim, CodeLimits, FreezeAccount, Ladder, Permit, ReadTransaction, Redeemed, Sending, check_code,
    send_code, standing_code,
};
use walletline_core::ivr::dialogue::{BasisKind, Number, StatusSaid, TransactionStanding};
use walletline_core::kernel::{
    actor::Actor,
    assurance::Factor,
    ids::{ChallengeId, ErrandId},
    phrase::Words,
    pii::Pii,
    purpose::Purpose,
    subject::Subject,
    time::Span,
};
use walletline_core::outbox::{Channel, Errand, Job, Message};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::{Found, Help, Helped, Order};
use walletline_core::switchboard::live::{OperationView, TransactionView};
use walletline_core::wallet::{FreezeLimits, Operation, Outcome, State};
use walletline_store::{CommitError, ReadError};

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// How long a notice, and a text message about a status, is worth sending.
const NOTICE_WITHIN: Span = Span::from_s(24 * 3_600);
const TEXT_WITHIN: Span = Span::from_s(3_600);

/// Why a freeze did not become durable in the store.
enum NotTaken {
    Refused,
    Store(Option<Box<Case>>),
}

impl Shell {
    /// An order of the switchboard: orders of one contact are carried out one after the other.
    pub(crate) fn hand_on(&self, order: Order) {
        let contact = order.contact;
        {
            let mut model = self.model.borrow_mut();
            model.asked.insert((contact, order.number));
            model.freezes_asked += u64::from(matches!(order.help, Help::Freeze { .. }));
        }
        let mut orders = self.orders.borrow_mut();
        let served = orders.contains_key(&contact);
        orders.entry(contact).or_default().push_back(order);
        if !served {
            let shell = self.clone();
            self.spawn(async move {
                loop {
                    let next = shell.orders.borrow_mut().get_mut(&contact).and_then(std::collections::VecDeque::pop_front);
                    match next {
                        Some(order) => shell.carry_out(order).await,
                        None => break,
                    }
                }
                shell.orders.borrow_mut().remove(&contact);
            });
        }
    }

    async fn carry_out(&self, order: Order) {
        let (asked, help) = Asked::of(order);
        let helped = match help {
            Help::SendCode { number, challenge } => return self.send_code(&asked, &number, challenge).await,
            Help::Freeze { permit } => return self.take_freeze(&asked, permit).await,
            Help::CheckCode { challenges, claim, code } => self.check_code(&asked, &challenges, &claim, &code).await,
            // No line of this world asks for a second factor.
            Help::CheckSecond { .. } | Help::AskApp { .. } | Help::LookAtApp { .. } => None,
            // Nor for anything but a freeze.
            Help::Act { .. } | Help::LookAtAccount { .. } => None,
            Help::Claim { number } => Some(claim_of(&asked, &number).map_or(Helped::NotANumber, Helped::Claimed)),
            Help::Reach { number } => {
                let text = match &number {
                    Number::Own => &asked.caller,
                    Number::Keyed(digits) => digits,
                };
                Some(self::number(text.expose()).map_or(Helped::NotANumber, Helped::Reached))
            }
            Help::Callback { number, service } => self.call_back(&asked, number, service).await,
            Help::Complaint { subject, report } => self.complain(&asked, subject, &report).await,
            Help::Status { permit, id } => self.find(&asked, permit, &id).await,
            // Nothing in this world is on its way, so nobody is offered to have it watched.
            Help::Watch { .. } => None,
            Help::TextStatus { permit, message } => self.text(&asked, permit, message).await,
            // Nor is anything given back in it.
            Help::Refundable { .. } | Help::Refund { .. } | Help::ShowForRefund { .. } => None,
            // Nobody in this world prepares a call, so every code is wrong.
            Help::TakePass { .. } => Some(Helped::NoPass),
        };
        self.answer(&asked, helped.unwrap_or(Helped::Unavailable));
    }

    async fn send_code(&self, asked: &Asked, number: &Number, challenge: ChallengeId) {
        let Some(claim) = claim_of(asked, number) else { return self.answer(asked, Helped::NotANumber) };
        self.answer(asked, Helped::Claimed(claim.clone()));
        let (holder, ladder) = (self.holder(&claim.msisdn).await.unwrap_or(None), Ladder::default());
        let addressee = holder.and_then(|holder| {
            let signals = ladder.found(&holder.signals, self.wall());
            Some(Addressee { phone: phone_of(&holder)?, signals })
        });
        let (account_key, caller_key) = (names::account_key(&claim.subject), names::caller_key(&asked.trunk, &asked.caller));
        for _ in 0..RULINGS_MAX {
            let account = self.read(self.store.tally(&account_key)).await;
            let (Ok(account), Ok(caller)) = (account, self.read(self.store.tally(&caller_key)).await) else { return };
            let now = self.wall();
            let new = self.names.borrow_mut().code(challenge, now);
            let sending = Sending {
                contact: asked.contact,
                wallet: asked.wallet.clone(),
                subject: claim.subject.clone(),
                language: asked.language,
                addressee: addressee.clone(),
            };
            let signals: Vec<_> = addressee.iter().flat_map(|to| to.signals.iter().copied()).collect();
            let (_, commit) = send_code(sending, account, caller, new, &CodeLimits::default(), &ladder, now);
            match self.commit(commit).await {
                Ok(()) => {
                    if !signals.is_empty() {
                        self.answer(asked, Helped::Risk { signals });
                    }
                    return;
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }

    async fn call_back(&self, asked: &Asked, number: Pii<String>, service: Option<Service>) -> Option<Helped> {
        let subject = names::subject(&asked.wallet, number.expose());
        let (account_key, caller_key) = (names::account_key(&subject), names::caller_key(&asked.trunk, &asked.caller));
        let (wallet, language, contact) = (asked.wallet.clone(), asked.language, asked.contact);
        let wanted = CallbackAsked { wallet, subject, number, language, service, contact, texts: true };
        for _ in 0..RULINGS_MAX {
            let account = self.read(self.store.tally(&account_key)).await.ok()?;
            let caller = self.read(self.store.tally(&caller_key)).await.ok()?;
            let known = self.store.case_of(CaseKind::Callback, &wanted.wallet, &wanted.subject, None);
            let earlier = match self.read(known).await.ok()? {
                Some((version, case)) => {
                    let callback = self.read(self.store.callback(case.id)).await.ok()?;
                    callback.map(|callback| ((version, case), callback))
                }
                None => None,
            };
            let now = self.wall();
            let (new, errand) = {
                let mut names = self.names.borrow_mut();
                (names.case(now), names.id(now))
            };
            let rows = CallbackRows { account, caller, earlier };
            let words = Words::draw(u64::try_from(now.0).unwrap_or(0));
            let Ok((case, commit)) = request_callback(wanted.clone(), rows, new, (errand, words), now) else {
                return Some(Helped::PersonNeeded);
            };
            match self.commit(commit).await {
                Ok(()) => return Some(Helped::CallbackTaken { reference: case.reference.to_string() }),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        None
    }

    async fn complain(&self, asked: &Asked, subject: Option<Subject>, report: &Report) -> Option<Helped> {
        let shown = || number(asked.caller.expose()).map_or_else(|| asked.contact.to_string(), |number| number.expose().clone());
        let subject = subject.unwrap_or_else(|| names::subject(&asked.wallet, &shown()));
        for _ in 0..RULINGS_MAX {
            let latest = self.read(self.store.case_of(report.what.kind(), &asked.wallet, &subject, None)).await.ok()?;
            let now = self.wall();
            let new = self.names.borrow_mut().case(now);
            let (wallet, subject, report) = (asked.wallet.clone(), subject.clone(), report.clone());
            let made = Complaint { wallet, subject, contact: asked.contact, report };
            let (case, commit) = take_complaint(made, latest, new, now);
            match self.commit(commit).await {
                Ok(()) => return Some(Helped::ComplaintTaken { reference: case.reference.to_string() }),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        None
    }

    async fn check_code(&self, asked: &Asked, ids: &[ChallengeId], claim: &Claim, code: &Pii<String>) -> Option<Helped> {
        for _ in 0..RULINGS_MAX {
            let mut sent = Vec::with_capacity(ids.len());
            for id in ids {
                sent.extend(self.read(self.store.challenge(*id)).await.ok()?);
            }
            let standing = standing_code(sent, &claim.subject, self.wall());
            let Some((version, challenge)) = standing else { return Some(Helped::NotProved { factor: Factor::SmsCode }) };
            let id = challenge.id;
            let account = self.read(self.store.tally(&names::account_key(&challenge.subject))).await.ok()?;
            let now = self.wall();
            let subject = challenge.subject.clone();
            let keyed = names::code_hash(id, code);
            let notice = self.notice(asked, claim);
            let (checked, commit) = check_code((version, challenge), account, &keyed, Some(notice), &CodeLimits::default(), now);
            match (self.commit(commit).await, checked) {
                (Ok(()), Checked::Wrong) => return Some(Helped::NotProved { factor: Factor::SmsCode }),
                (Ok(()), Checked::Right) => {
                    let known = self.holder(&claim.msisdn).await.ok().flatten().is_some();
                    let name = known.then(|| Pii::new("Ms Li".to_owned()));
                    return Some(Helped::Proved { factor: Factor::SmsCode, challenge: id, subject, name });
                }
                (Err(CommitError::Conflict(_)), _) => {}
                (Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)), _) => return None,
            }
        }
        None
    }

    fn notice(&self, asked: &Asked, claim: &Claim) -> Errand {
        let now = self.wall();
        let job = Job::Notify { msisdn: claim.msisdn.clone(), message: Message::CodesBlocked, language: asked.language };
        let id: ErrandId = self.names.borrow_mut().id(now);
        Errand::new(id, claim.wallet.clone(), Some(asked.contact), job, now, now + NOTICE_WITHIN)
    }

    async fn find(&self, asked: &Asked, permit: Permit<ReadTransaction>, id: &str) -> Option<Helped> {
        let permitted = permit.redeem(self.wall()).ok()?;
        let read = Entry::new(self.wall(), Actor::Caller, "transaction.read", asked.contact).for_purpose(Purpose::Service);
        self.commit(Commit::new(read, Vec::new())).await.ok()?;
        let holder = self.holder(&permitted.claim.msisdn).await.ok()?;
        let found = holder.and_then(|holder| holder.transaction).filter(|(known, _)| known.ends_with(id));
        let Some((id, overdue)) = found else { return Some(Helped::NotFound) };
        let reference = if overdue { Some(self.open_case(asked, &permitted, &id).await?) } else { None };
        let standing = if overdue { TransactionStanding::Overdue } else { TransactionStanding::Completed };
        let verdict = if overdue { "overdue" } else { "completed" }.to_owned();
        let tail = id.get(id.len().saturating_sub(6)..).unwrap_or_default().to_owned();
        let basis = overdue.then_some(BasisKind::Own);
        let view = TransactionView {
            id,
            kind: "wallet_to_wallet".to_owned(),
            status: if overdue { "pending" } else { "completed" }.to_owned(),
            verdict: verdict.clone(),
            by: None,
            basis: BTreeMap::new(),
            events: Vec::new(),
        };
        let message = Message::Status { transaction: tail.clone(), verdict, by: None, basis: None, reference: reference.clone() };
        let said = StatusSaid { tail, standing, basis, reference };
        Some(Helped::Found(Box::new(Found { said, view, message, correlation_id: "correlation".to_owned() })))
    }

    async fn open_case(&self, asked: &Asked, permitted: &Redeemed<ReadTransaction>, transaction: &str) -> Option<String> {
        let claim = &permitted.claim;
        let kind = CaseKind::TransactionOverdue;
        let phone = self.holder(&claim.msisdn).await.ok().flatten().and_then(|holder| phone_of(&holder));
        for _ in 0..RULINGS_MAX {
            let known = self.read(self.store.case_of(kind, &claim.wallet, &claim.subject, Some(transaction))).await.ok()?;
            let (now, is_new) = (self.wall(), known.is_none());
            let follow = FollowUp {
                kind,
                wallet: claim.wallet.clone(),
                subject: claim.subject.clone(),
                transaction: transaction.to_owned(),
                transacted_at: now,
                contact: asked.contact,
            };
            let new = self.names.borrow_mut().case(now);
            let (case, mut commit) = follow_up(follow, known, new, now);
            if let Some(phone) = phone.clone().filter(|_| is_new) {
                let message = Message::CaseOpened { reference: case.reference.to_string() };
                commit = commit.and(self.text_commit(asked, phone, message));
            }
            match self.commit(commit).await {
                Ok(()) => return Some(case.reference.to_string()),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
            }
        }
        None
    }

    async fn text(&self, asked: &Asked, permit: Permit<ReadTransaction>, message: Message) -> Option<Helped> {
        let permitted = permit.redeem(self.wall()).ok()?;
        let phone = phone_of(&self.holder(&permitted.claim.msisdn).await.ok()??)?;
        self.commit(self.text_commit(asked, phone, message)).await.ok()?;
        Some(Helped::Texted)
    }

    fn text_commit(&self, asked: &Asked, to: Pii<String>, message: Message) -> Commit {
        let now = self.wall();
        let job = Job::Message { channel: Channel::Sms, to, message, language: asked.language };
        let id: ErrandId = self.names.borrow_mut().id(now);
        let errand = Errand::new(id, asked.wallet.clone(), Some(asked.contact), job, now, now + TEXT_WITHIN);
        let entry = Entry::new(now, Actor::Caller, "message.committed", asked.contact);
        Commit::new(entry, vec![Change::Errand(0, Box::new(errand))])
    }

    async fn take_freeze(&self, asked: &Asked, permit: Permit<FreezeAccount>) {
        let Ok(permitted) = permit.redeem(self.wall()) else { return self.answer(asked, Helped::PersonNeeded) };
        match self.commit_freeze(asked, &permitted).await {
            Ok(taken) => self.answer(asked, Helped::FreezeTaken(view(&taken.operation, taken.reference.as_str()))),
            Err(NotTaken::Refused) => self.answer(asked, Helped::PersonNeeded),
            Err(NotTaken::Store(case)) => self.freeze_by_journal(asked, &permitted, case).await,
        }
    }

    async fn commit_freeze(&self, asked: &Asked, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeTaken, NotTaken> {
        let mut known = None;
        for _ in 0..RULINGS_MAX {
            let Ok(rows) = self.freeze_rows(asked, permitted).await else { return Err(NotTaken::Store(known)) };
            known = rows.case.as_ref().map(|(_, case)| Box::new(case.clone()));
            let now = self.wall();
            let new = {
                let mut names = self.names.borrow_mut();
                NewFreeze { operation: names.operation(now), case: names.case(now), errand: names.id(now) }
            };
            let Ok(taken) = take_freeze(permitted, rows, new, asked.language, &FreezeLimits::default(), now) else {
                return Err(NotTaken::Refused);
            };
            let Some(commit) = taken.commit.clone() else { return Ok(taken) };
            match self.commit(commit).await {
                Ok(()) => return Ok(taken),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return Err(NotTaken::Store(known)),
            }
        }
        Err(NotTaken::Store(known))
    }

    async fn freeze_rows(&self, asked: &Asked, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeRows, ReadError> {
        let (wallet, subject) = (&permitted.claim.wallet, &permitted.claim.subject);
        // The row two freezes meet on comes before what it guards: read after the case, it would be newer than the case it vouches for.
        let account = self.read(self.store.tally(&names::account_key(subject))).await?;
        let case = self.read(self.store.case_of(CaseKind::Freeze, wallet, subject, None)).await?;
        let operation = match &case {
            Some((_, case)) => self.read(self.store.operation_of_case(case.id)).await?,
            None => None,
        };
        Ok(FreezeRows {
            account,
            caller: self.read(self.store.tally(&names::caller_key(&asked.trunk, &asked.caller))).await?,
            trunk: self.read(self.store.tally(&format!("trunk:{}", asked.trunk))).await?,
            case,
            operation,
        })
    }

    /// The one act that works while the store is down.
    async fn freeze_by_journal(&self, asked: &Asked, permitted: &Redeemed<FreezeAccount>, case: Option<Box<Case>>) {
        let claim = &permitted.claim;
        let before = self.journal.borrow().of_account(&claim.wallet, &claim.subject);
        self.pause_between(1, 20).await;
        let (operation, reference, again) = match before {
            Some(running) if !running.operation.state.is_over() => {
                self.journal.borrow_mut().join(&running.operation.key, asked.contact);
                (running.operation, running.reference, true)
            }
            over => {
                let now = self.wall();
                let (operation, new) = {
                    let mut names = self.names.borrow_mut();
                    (names.operation(now), names.case(now))
                };
                let known = over.map(|noted| (noted.operation.case, noted.reference));
                let known = known.or_else(|| case.map(|case| (case.id, case.reference)));
                let (case, reference) = known.unwrap_or((new.id, new.reference));
                let (operation, target) = Operation::freeze(permitted, operation, case, now);
                let (language, msisdn) = (asked.language, Some(target.msisdn));
                let noted =
                    Noted { operation: operation.clone(), reference: reference.clone(), language, msisdn, joined: Vec::new() };
                if !self.journal.borrow_mut().note(noted) {
                    return self.answer(asked, Helped::PersonNeeded);
                }
                (operation, reference, false)
            }
        };
        self.pause_between(0, 3).await;
        self.answer(asked, Helped::FreezeTaken(view(&operation, reference.as_str())));
        self.send_noted(asked, operation, &reference, &claim.msisdn, again).await;
    }

    /// Asks the wallet for what stands in the journal.
    async fn send_noted(
        &self,
        asked: &Asked,
        mut operation: Operation,
        reference: &Reference,
        msisdn: &Pii<String>,
        again: bool,
    ) {
        operation.state = match self.freeze(msisdn, &operation.key, again).await {
            Outcome::Done => State::Done,
            Outcome::Declined(_) => State::Declined,
            Outcome::Unknown => State::Unknown,
            Outcome::NotSent if again => State::Unknown,
            Outcome::NotSent => State::Committed,
        };
        self.pause_between(1, 20).await;
        self.journal.borrow_mut().settle(&operation.key, operation.state, self.wall());
        let operation = view(&operation, reference.as_str());
        self.post(Event::OperationChanged { contact: asked.contact, operation });
    }
}

fn claim_of(asked: &Asked, who: &Number) -> Option<Claim> {
    let msisdn = match who {
        Number::Own => number(asked.caller.expose()),
        Number::Keyed(digits) => number(digits.expose()),
    }?;
    let subject = names::subject(&asked.wallet, msisdn.expose());
    Some(Claim { wallet: asked.wallet.clone(), subject, msisdn })
}

fn phone_of(holder: &Holder) -> Option<Pii<String>> {
    holder.addresses.iter().find(|(channel, _)| *channel == Channel::Sms).map(|(_, phone)| phone.clone())
}

/// An act as the screens show it.
pub(crate) fn view(operation: &Operation, reference: &str) -> OperationView {
    OperationView {
        id: operation.id,
        act: operation.act.clone(),
        state: operation.state,
        reference: reference.to_owned(),
        key: operation.key.clone(),
        declined: operation.declined,
    }
}
