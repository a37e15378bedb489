//! Acts on accounts: ruled on, committed, and handed to the outbox. They need the store: what cannot be written down is not begun.

use super::{Call, Helper, RULINGS_MAX, code, view};
use walletline_core::cases::CaseKind;
use walletline_core::help::{ActRows, NewAct, NoAct, take_act};
use walletline_core::identity::{AccountPermit, RedeemedAct};
use walletline_core::kernel::{actor::Actor, ids::StaffId};
use walletline_core::switchboard::help::Helped;
use walletline_store::{CommitError, ReadError};

/// Takes an act.
pub(super) async fn take(helper: &Helper, call: &Call, permit: AccountPermit, by: Option<StaffId>) {
    let help = match permit.redeem(helper.clock.wall()) {
        Ok(redeemed) => try_take(helper, call, &redeemed, by).await.unwrap_or(Helped::Unavailable),
        Err(_) => Helped::PersonNeeded,
    };
    call.answer(helper, help).await;
}

async fn try_take(helper: &Helper, call: &Call, redeemed: &RedeemedAct, by: Option<StaffId>) -> Option<Helped> {
    let actor = by.map_or(Actor::Caller, |id| Actor::Staff { id });
    for _ in 0..RULINGS_MAX {
        let rows = rows(helper, call, redeemed).await.ok()?;
        let now = helper.clock.wall();
        let operation = helper.names.operation(now).ok()?;
        let case = helper.names.case(helper.keep(&call.wallet), now).ok()?;
        let new = NewAct { operation, case, errand: helper.names.id(now) };
        let taken = match take_act(redeemed, rows, new, (actor, call.language), now) {
            Ok(taken) => taken,
            Err(NoAct::TooMany) => {
                tracing::warn!("no link is sent: too many were asked for, for one account or from one number");
                return Some(Helped::ActWithheld);
            }
            Err(NoAct::NoMaker) => return Some(Helped::PersonNeeded),
        };
        let shown = Helped::ActTaken(view(&taken.operation, taken.reference.as_str()));
        let Some(commit) = taken.commit else { return Some(shown) };
        match helper.store.commit(commit).await {
            Ok(()) => {
                metrics::counter!("walletline_account_acts_total", "act" => redeemed.act().name()).increment(1);
                return Some(shown);
            }
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
        }
    }
    None
}

async fn rows(helper: &Helper, call: &Call, redeemed: &RedeemedAct) -> Result<ActRows, ReadError> {
    let claim = &redeemed.permitted().claim;
    // The account's row first: an act that is committed after this read changes it, and the ruling is made again.
    let account = helper.store.tally(&code::account_key(&claim.subject)).await?;
    let case = helper.store.case_of(CaseKind::Account, &claim.wallet, &claim.subject, None).await?;
    let operation = match &case {
        Some((_, case)) => helper.store.operation_of_case(case.id).await?,
        None => None,
    };
    let caller = helper.store.tally(&helper.names.caller(&call.trunk, &call.caller)).await?;
    Ok(ActRows { account, caller, case, operation })
}
