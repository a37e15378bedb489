//! Where a transaction stands: found at the wallet among the customer's own, held against the usual time, and followed up by a case
//! when that has passed.

use super::names::uuid;
use super::{Call, Helper, RULINGS_MAX};
use crate::connector::wallet::{Holder, Looked};
use jiff::Timestamp;
use std::collections::BTreeMap;
use walletline_core::cases::CaseKind;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::help::{FollowUp, follow_up};
use walletline_core::identity::{Permit, ReadTransaction, Redeemed};
use walletline_core::ivr::dialogue::{BasisKind, Moment, StatusSaid, TransactionStanding};
use walletline_core::kernel::{
    actor::Actor,
    language::Language,
    pii::Pii,
    purpose::Purpose,
    source::Mark,
    time::{Span, Wall},
};
use walletline_core::outbox::{Channel, Errand, Job, Message};
use walletline_core::switchboard::help::{Found, Helped};
use walletline_core::switchboard::live::{TransactionEvent, TransactionView};
use walletline_core::wallet::timeline::{Status, Verdict, assess};
use walletline_core::wallet::window::Window;
use walletline_store::CommitError;

/// Digits by which a transaction is called when it is spoken of.
const TAIL: usize = 6;

/// How long a text message about a status is worth sending.
const TEXT_WITHIN: Span = Span::from_s(3_600);

/// Finds a transaction.
pub(super) async fn find(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, id: &str) {
    let help = try_find(helper, call, permit, id).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_find(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, id: &str) -> Option<Helped> {
    let permitted = permit.redeem(helper.clock.wall()).ok()?;
    // The reading is written down before it happens: one that cannot be is not done.
    let read = Entry::new(helper.clock.wall(), Actor::Caller, "transaction.read", call.contact).for_purpose(Purpose::Service);
    helper.store.commit(Commit::new(read, Vec::new())).await.ok()?;
    let wallet = helper.wallets.get(&call.wallet)?;
    let correlation_id = uuid().ok()?;
    let seen = match wallet.transaction(&permitted.claim.msisdn, id).await.ok()? {
        Looked::One(seen) => *seen,
        Looked::Nothing => return Some(Helped::NotFound),
        Looked::Several => return Some(Helped::Several),
    };
    let observed = &seen.observed;
    let window = helper.times.window(&call.wallet, observed.kind, &observed.rail, observed.corridor);
    let verdict = assess(window, helper.times.calendars(), observed, helper.clock.wall());
    let kind = match &verdict {
        Verdict::Overdue { .. } => Some(CaseKind::TransactionOverdue),
        Verdict::RefundDue { .. } => Some(CaseKind::RefundDue),
        Verdict::OnTime { .. } | Verdict::Late { .. } | Verdict::Completed { .. } | Verdict::Refunded { .. } => None,
        Verdict::Failed | Verdict::Unknown(_) => None,
    };
    let reference = match kind {
        Some(kind) => Some(open_case(helper, call, &permitted, kind, (&seen.id, observed.created_at)).await?),
        None => None,
    };
    let by = moment_of(&verdict);
    let at = by.and_then(|by| moment(by, wallet.zone()));
    let basis = window.filter(|_| expects(&verdict));
    let said = StatusSaid {
        tail: tail_of(&seen.id),
        standing: standing(&verdict, at),
        basis: basis.map(basis_kind),
        reference: reference.clone(),
    };
    let message = message_about(&seen.id, &verdict, window, wallet.zone(), call.language, reference);
    let view = TransactionView {
        id: seen.id,
        kind: observed.kind.name().to_owned(),
        status: status_name(observed.status).to_owned(),
        verdict: verdict.name().to_owned(),
        // The screen shows when it was expected; the caller hears from when on it is followed up.
        by: match &verdict {
            Verdict::Late { expected_by, .. } => Some(*expected_by),
            _ => by,
        },
        basis: basis.map(texts).unwrap_or_default(),
        events: seen.events.into_iter().map(|(at, what)| TransactionEvent { at, what: what.to_owned() }).collect(),
    };
    Some(Helped::Found(Box::new(Found { said, view, message, correlation_id })))
}

/// Where a transaction stands, as a message says it.
pub(crate) fn message_about(
    id: &str,
    verdict: &Verdict,
    window: Option<&Window>,
    zone: &jiff::tz::TimeZone,
    language: Language,
    reference: Option<String>,
) -> Message {
    let at = moment_of(verdict).and_then(|by| moment(by, zone));
    Message::Status {
        transaction: tail_of(id),
        verdict: spoken_name(verdict).to_owned(),
        by: at.map(|at| written(at, matches!(verdict, Verdict::RefundDue { .. }))),
        basis: window.filter(|_| expects(verdict)).map(|window| window.basis.text(language).to_owned()),
        reference,
    }
}

/// How far a transaction is, in one word.
pub(crate) const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Completed => "completed",
        Status::Failed => "failed",
        Status::Reversed => "refunded",
        Status::Unknown => "unknown",
    }
}

/// The digits by which it is called.
fn tail_of(id: &str) -> String {
    id.chars().skip(id.chars().count().saturating_sub(TAIL)).collect()
}

/// Whether something is expected of it, on some basis.
const fn expects(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::OnTime { .. } | Verdict::Late { .. } | Verdict::Overdue { .. })
}

/// The case that follows a transaction up; also sent to the customer when it is new.
async fn open_case(
    helper: &Helper,
    call: &Call,
    permitted: &Redeemed<ReadTransaction>,
    kind: CaseKind,
    (transaction, transacted_at): (&str, Wall),
) -> Option<String> {
    let claim = &permitted.claim;
    let phone = phone(helper, call, &claim.msisdn).await;
    for _ in 0..RULINGS_MAX {
        let now = helper.clock.wall();
        let known = helper.store.case_of(kind, &claim.wallet, &claim.subject, Some(transaction)).await.ok()?;
        let is_new = known.is_none();
        let asked = FollowUp {
            kind,
            wallet: claim.wallet.clone(),
            subject: claim.subject.clone(),
            transaction: transaction.to_owned(),
            transacted_at,
            contact: call.contact,
        };
        let (case, mut commit) = follow_up(asked, known, helper.names.case(helper.keep(&claim.wallet), now).ok()?, now);
        if let Some(phone) = phone.clone().filter(|_| is_new) {
            let message = Message::CaseOpened { reference: case.reference.to_string() };
            commit = commit.and(text_commit(helper, call, phone, message, now));
        }
        match helper.store.commit(commit).await {
            Ok(()) => return Some(case.reference.to_string()),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
        }
    }
    None
}

/// Sends the last answer as a text message to the registered phone.
pub(super) async fn text(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, message: Message) {
    let help = try_text(helper, call, permit, message).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_text(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, message: Message) -> Option<Helped> {
    let permitted = permit.redeem(helper.clock.wall()).ok()?;
    let phone = phone(helper, call, &permitted.claim.msisdn).await?;
    let commit = text_commit(helper, call, phone, message, helper.clock.wall());
    helper.store.commit(commit).await.ok()?;
    Some(Helped::Texted)
}

async fn phone(helper: &Helper, call: &Call, msisdn: &Pii<String>) -> Option<Pii<String>> {
    let holder: Holder = helper.wallets.get(&call.wallet)?.holder(msisdn).await.ok()??;
    holder.addresses.into_iter().find(|(channel, _)| *channel == Channel::Sms).map(|(_, phone)| phone)
}

fn text_commit(helper: &Helper, call: &Call, to: Pii<String>, message: Message, now: Wall) -> Commit {
    let job = Job::Message { channel: Channel::Sms, to, message, language: call.language };
    let errand = Errand::new(helper.names.id(now), call.wallet.clone(), Some(call.contact), job, now, now + TEXT_WITHIN);
    let entry = Entry::new(now, Actor::Caller, "message.committed", call.contact);
    Commit::new(entry, vec![Change::Errand(0, Box::new(errand))])
}

fn standing(verdict: &Verdict, at: Option<Moment>) -> TransactionStanding {
    match (verdict, at) {
        (Verdict::Completed { .. }, _) => TransactionStanding::Completed,
        (Verdict::OnTime { .. }, Some(by)) => TransactionStanding::OnTime { by },
        (Verdict::Late { .. }, Some(by)) => TransactionStanding::Late { by },
        (Verdict::Overdue { .. }, _) => TransactionStanding::Overdue,
        (Verdict::RefundDue { .. }, Some(by)) => TransactionStanding::RefundDue { by },
        (Verdict::Failed, _) => TransactionStanding::Failed,
        (Verdict::Refunded { .. }, _) => TransactionStanding::Refunded,
        // A date that no calendar can say is not said.
        (Verdict::OnTime { .. } | Verdict::Late { .. } | Verdict::RefundDue { .. } | Verdict::Unknown(_), _) => {
            TransactionStanding::Unknown
        }
    }
}

/// The date that matters.
const fn moment_of(verdict: &Verdict) -> Option<Wall> {
    match verdict {
        Verdict::OnTime { expected_by } => Some(*expected_by),
        Verdict::Late { overdue_from, .. } => Some(*overdue_from),
        Verdict::Overdue { since } => Some(*since),
        Verdict::RefundDue { by } => Some(*by),
        Verdict::Completed { at } | Verdict::Refunded { at } => Some(*at),
        Verdict::Failed | Verdict::Unknown(_) => None,
    }
}

/// The verdict as the message templates call it.
const fn spoken_name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Completed { .. } => "completed",
        Verdict::Failed => "failed",
        Verdict::Refunded { .. } => "refunded",
        other => other.name(),
    }
}

const fn basis_kind(window: &Window) -> BasisKind {
    match window.mark {
        Mark::Default => BasisKind::Own,
        Mark::Primary => BasisKind::Rule,
        Mark::Secondary | Mark::Known => BasisKind::Published,
    }
}

fn texts(window: &Window) -> BTreeMap<Language, String> {
    Language::ALL.into_iter().map(|language| (language, window.basis.text(language).to_owned())).collect()
}

fn moment(at: Wall, zone: &jiff::tz::TimeZone) -> Option<Moment> {
    let zoned = Timestamp::from_microsecond(at.0).ok()?.to_zoned(zone.clone());
    Some(Moment {
        year: u16::try_from(zoned.year()).ok()?,
        month: u8::try_from(zoned.month()).ok()?,
        day: u8::try_from(zoned.day()).ok()?,
        hour: u8::try_from(zoned.hour()).ok()?,
        minute: u8::try_from(zoned.minute()).ok()?,
    })
}

/// A point in time as a message and a page write it.
pub(crate) fn written(at: Moment, day_only: bool) -> String {
    let Moment { year, month, day, hour, minute } = at;
    if day_only {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }
}
