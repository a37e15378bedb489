//! Codes that the customer carries over to the wallet's app: the app is made to ask, and it is looked what became of that. A number that has
//! no account is asked for in the same way; nobody ever types that code.

use super::code::{account_key, claim_of, name, notice};
use super::names::uuid;
use super::{Call, Helper, RULINGS_MAX};
use crate::connector::wallet::{AppAsked, AppState};
use walletline_core::identity::{AppJudged, AskedApp, Checked, Claim, Linked, Signals, ask_app, judge_app};
use walletline_core::ivr::dialogue::Number;
use walletline_core::kernel::{
    ids::ChallengeId,
    time::{Span, Wall},
};
use walletline_core::switchboard::help::{Helped, Push};
use walletline_store::CommitError;

/// How long a code stands that nobody was asked for: as long as a wallet usually takes one.
const NOBODYS: Span = Span::from_s(120);

/// Has the app ask.
pub(super) async fn ask(helper: &Helper, call: &Call, number: &Number, agent: String, linked: Linked) {
    let Some(claim) = claim_of(helper, call, number) else { return call.answer(helper, Helped::NotANumber).await };
    call.answer(helper, Helped::Claimed(claim.clone())).await;
    let help = try_ask(helper, call, &claim, agent, linked).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_ask(helper: &Helper, call: &Call, claim: &Claim, agent: String, linked: Linked) -> Option<Helped> {
    // Counted and written down before the wallet is asked: what cannot be is not asked.
    if !counted(helper, call, claim).await? {
        call.answer(helper, Helped::CodeLimited).await;
        return None;
    }
    let (code, now) = (helper.names.transfer_code().ok()?, helper.clock.wall());
    let asked = AppAsked { code: code.clone(), agent, linked };
    let wallet = helper.wallets.get(&claim.wallet)?;
    let push = wallet.ask_app(&claim.msisdn, asked, &uuid().ok()?).await.ok()?;
    let push = push.unwrap_or(Push { id: None, expires_at: now + NOBODYS });
    Some(Helped::AppAsks { code, push })
}

async fn counted(helper: &Helper, call: &Call, claim: &Claim) -> Option<bool> {
    for _ in 0..RULINGS_MAX {
        let account = helper.store.tally(&account_key(&claim.subject)).await.ok()?;
        let (allowed, commit) = ask_app(call.contact, &claim.subject, account, helper.clock.wall());
        match helper.store.commit(commit).await {
            Ok(()) => return Some(allowed),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::InDoubt(_) | CommitError::Unavailable(_)) => return None,
        }
    }
    None
}

/// Looks what became of it.
pub(super) async fn look(helper: &Helper, call: &Call, challenge: ChallengeId, claim: &Claim, push: &Push) {
    let help = try_look(helper, call, challenge, claim, push).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_look(helper: &Helper, call: &Call, challenge: ChallengeId, claim: &Claim, push: &Push) -> Option<Helped> {
    let now = helper.clock.wall();
    let state = match &push.id {
        Some(id) => helper.wallets.get(&claim.wallet)?.app_state(&claim.msisdn, id).await.ok()?,
        None if now < push.expires_at => AppState::Pending,
        None => AppState::Expired,
    };
    let (judged, bound_at) = match state {
        AppState::Pending => return Some(Helped::AppWaits),
        AppState::Approved(bound_at) => (AppJudged::Approved, bound_at),
        AppState::Refused => (AppJudged::Refused, None),
        AppState::Expired => (AppJudged::Expired, None),
    };
    let checked = judged_as(helper, call, challenge, claim, judged).await?;
    match (checked, judged) {
        (Checked::Right, _) => {
            warn(helper, call, bound_at, now).await;
            let (subject, bound) = (claim.subject.clone(), bound_at.is_some());
            Some(Helped::AppApproved { challenge, subject, bound, name: name(helper, claim).await })
        }
        (Checked::Wrong, AppJudged::Expired) => Some(Helped::AppExpired),
        (Checked::Wrong, AppJudged::Approved | AppJudged::Refused) => Some(Helped::AppRefused),
    }
}

/// A device that was bound lately speaks against what is approved on it.
async fn warn(helper: &Helper, call: &Call, bound_at: Option<Wall>, now: Wall) {
    let known = Signals { device_bound_at: bound_at, ..Signals::default() };
    let signals = helper.ladder.found(&known, now);
    if !signals.is_empty() {
        call.answer(helper, Helped::Risk { signals: signals.into_iter().collect() }).await;
    }
}

async fn judged_as(helper: &Helper, call: &Call, challenge: ChallengeId, claim: &Claim, judged: AppJudged) -> Option<Checked> {
    for _ in 0..RULINGS_MAX {
        let account = helper.store.tally(&account_key(&claim.subject)).await.ok()?;
        let now = helper.clock.wall();
        let (wallet, subject) = (claim.wallet.clone(), claim.subject.clone());
        let asked = AskedApp { challenge, contact: call.contact, wallet, subject };
        let notice = notice(helper, call, claim, now);
        let (checked, commit) = judge_app(asked, judged, account, Some(notice), &helper.code_limits, now);
        match helper.store.commit(commit).await {
            Ok(()) => return Some(checked),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::InDoubt(_) | CommitError::Unavailable(_)) => return None,
        }
    }
    None
}
