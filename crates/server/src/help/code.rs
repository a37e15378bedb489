//! Codes: whose number, a code to it, and what came back. The caller's question is answered before anybody knows whether there is an
//! account; what follows takes its time unheard.

use super::{Call, Helper, RULINGS_MAX};
use std::collections::BTreeSet;
use walletline_core::identity::{
    Addressee, Checked, Claim, Sending, Signal, Signals, check_code, may_send_code, send_code, standing_code,
};
use walletline_core::ivr::dialogue::Number;
use walletline_core::kernel::{
    assurance::Factor,
    ids::ChallengeId,
    pii::Pii,
    subject::Subject,
    tally::{Counted, Tally},
    time::{Span, Wall},
};
use walletline_core::outbox::{Channel, Errand, Job, Message};
use walletline_core::switchboard::help::Helped;
use walletline_store::CommitError;

/// How long a notice that codes are blocked is tried.
const NOTICE_WITHIN: Span = Span::from_s(24 * 3_600);

/// Names the customer, then sends a code.
pub(super) async fn send(helper: &Helper, call: &Call, number: &Number, challenge: ChallengeId) {
    let Some(claim) = claim_of(helper, call, number) else { return call.answer(helper, Helped::NotANumber).await };
    call.answer(helper, Helped::Claimed(claim.clone())).await;
    let Some(wallet) = helper.wallets.get(&call.wallet) else { return };
    let holder = wallet.holder(&claim.msisdn).await.unwrap_or_else(|_| {
        tracing::warn!("no code is sent: the wallet did not say to which phone");
        None
    });
    let known = holder.as_ref().map(|holder| holder.signals).unwrap_or_default();
    let phone = holder.and_then(|holder| holder.addresses.into_iter().find(|(channel, _)| *channel == Channel::Sms));
    // Of a number that nobody has registered there is nothing to be asked; the caller was answered before.
    let heard = match &phone {
        Some((_, phone)) => wallet.network_signals(call.contact, phone, &helper.ladder).await,
        None => BTreeSet::new(),
    };
    let account_key = account_key(&claim.subject);
    let caller_key = helper.names.caller(&call.trunk, &call.caller);
    for _ in 0..RULINGS_MAX {
        let (Ok(account), Ok(caller)) = (helper.store.tally(&account_key).await, helper.store.tally(&caller_key).await) else {
            return;
        };
        let now = helper.clock.wall();
        let Ok(new) = helper.names.code(challenge, now) else { return };
        let mut signals = signals(helper, call, &known, (&caller.1, &claim.subject), now);
        signals.extend(heard.iter().copied());
        let addressee = phone.clone().map(|(_, phone)| Addressee { phone, signals: signals.clone() });
        let asked = Sending {
            contact: call.contact,
            wallet: call.wallet.clone(),
            subject: claim.subject.clone(),
            language: call.language,
            addressee,
        };
        let allowed = may_send_code(&account.1, &caller.1, &helper.code_limits, now);
        let (_, commit) = send_code(asked, account, caller, new, &helper.code_limits, &helper.ladder, now);
        match helper.store.commit(commit).await {
            Ok(()) => {
                if !allowed {
                    call.answer(helper, Helped::CodeLimited).await;
                }
                if !signals.is_empty() {
                    call.answer(helper, Helped::Risk { signals: signals.into_iter().collect() }).await;
                }
                return;
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return tracing::warn!(%error, "no code is sent: the store does not take it"),
        }
    }
}

/// What speaks against the phone and the caller now.
fn signals(helper: &Helper, call: &Call, known: &Signals, (caller, subject): (&Tally, &Subject), now: Wall) -> BTreeSet<Signal> {
    let mut signals = helper.ladder.found(known, now);
    // Callers who show no number have one tally together: what others of them do is not this one's.
    let shows = !call.caller.expose().is_empty();
    if shows && caller.others(Counted::CodeSent, now, subject) >= helper.ladder.velocity_max {
        signals.insert(Signal::Velocity);
    }
    signals
}

/// Names the customer.
pub(super) async fn claim(helper: &Helper, call: &Call, number: &Number) {
    let help = claim_of(helper, call, number).map_or(Helped::NotANumber, Helped::Claimed);
    call.answer(helper, help).await;
}

pub(super) fn claim_of(helper: &Helper, call: &Call, number: &Number) -> Option<Claim> {
    let wallet = helper.wallets.get(&call.wallet)?;
    let msisdn = match number {
        Number::Own => wallet.number(call.caller.expose()),
        Number::Keyed(digits) => wallet.number(digits.expose()),
    }?;
    Some(Claim { wallet: call.wallet.clone(), subject: helper.names.subject(&call.wallet, &msisdn), msisdn })
}

/// Checks what was keyed.
pub(super) async fn check(helper: &Helper, call: &Call, challenges: &[ChallengeId], claim: &Claim, code: &Pii<String>) {
    let help = try_check(helper, call, challenges, claim, code).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_check(
    helper: &Helper,
    call: &Call,
    challenges: &[ChallengeId],
    claim: &Claim,
    code: &Pii<String>,
) -> Option<Helped> {
    for _ in 0..RULINGS_MAX {
        // A code whose sending could not be written down proves nothing, like any other wrong one.
        let mut asked = Vec::with_capacity(challenges.len());
        for id in challenges {
            asked.extend(helper.store.challenge(*id).await.ok()?);
        }
        let standing = standing_code(asked, &claim.subject, helper.clock.wall());
        let Some((version, challenge)) = standing else { return Some(Helped::NotProved { factor: Factor::SmsCode }) };
        let id = challenge.id;
        let account = helper.store.tally(&account_key(&challenge.subject)).await.ok()?;
        let now = helper.clock.wall();
        let subject = challenge.subject.clone();
        let keyed = helper.names.code_hash(id, code);
        let notice = notice(helper, call, claim, now);
        let (checked, commit) = check_code((version, challenge), account, &keyed, Some(notice), &helper.code_limits, now);
        match (helper.store.commit(commit).await, checked) {
            (Ok(()), Checked::Wrong) => return Some(Helped::NotProved { factor: Factor::SmsCode }),
            (Ok(()), Checked::Right) => {
                let (factor, name) = (Factor::SmsCode, name(helper, claim).await);
                return Some(Helped::Proved { factor, challenge: id, subject, name });
            }
            (Err(CommitError::Conflict(_)), _) => {}
            (Err(_), _) => return None,
        }
    }
    None
}

/// What tells every registered address that no more codes are sent; run only when the ruling says so.
pub(super) fn notice(helper: &Helper, call: &Call, claim: &Claim, now: Wall) -> Errand {
    let job = Job::Notify { msisdn: claim.msisdn.clone(), message: Message::CodesBlocked, language: call.language };
    Errand::new(helper.names.id(now), claim.wallet.clone(), Some(call.contact), job, now, now + NOTICE_WITHIN)
}

/// How the customer is called. Silence of the wallet costs the greeting, not the verification.
pub(super) async fn name(helper: &Helper, claim: &Claim) -> Option<Pii<String>> {
    helper.wallets.get(&claim.wallet)?.holder(&claim.msisdn).await.ok().flatten()?.name
}

/// The key under which what is done against an account is counted.
pub(crate) fn account_key(subject: &Subject) -> String {
    format!("account:{}", subject.as_str())
}
