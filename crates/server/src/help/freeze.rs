//! Freezes: ruled on, committed, and handed to the outbox. When the store does not take the commit, the freeze goes by the journal:
//! synced to the disk first, sent at once, and brought into the store when it is back.

use super::journal::Noted;
use super::{Call, Helper, RULINGS_MAX, code};
use walletline_core::cases::CaseKind;
use walletline_core::help::{FreezeRows, FreezeTaken, NewFreeze, take_freeze};
use walletline_core::identity::{FreezeAccount, Permit, Redeemed};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::Helped;
use walletline_core::switchboard::live::OperationView;
use walletline_core::wallet::{Operation, Outcome, State};
use walletline_store::{CommitError, ReadError};

/// Why a freeze did not become durable in the store.
enum NotTaken {
    /// A person has to do it.
    Refused,
    /// The store did not answer, or its rows changed at every try.
    Store,
}

/// Takes a freeze.
pub(super) async fn take(helper: &Helper, call: &Call, permit: Permit<FreezeAccount>) {
    let Ok(permitted) = permit.redeem(helper.clock.wall()) else {
        return call.answer(helper, Helped::PersonNeeded).await;
    };
    match commit(helper, call, &permitted).await {
        Ok(taken) => {
            metrics::counter!("walletline_freezes_total", "way" => "store").increment(1);
            call.answer(helper, Helped::FreezeTaken(view(&taken.operation, taken.reference.as_str()))).await;
        }
        Err(NotTaken::Refused) => call.answer(helper, Helped::PersonNeeded).await,
        Err(NotTaken::Store) => by_journal(helper, call, &permitted).await,
    }
}

async fn commit(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeTaken, NotTaken> {
    for _ in 0..RULINGS_MAX {
        let Ok(rows) = rows(helper, call, permitted).await else { return Err(NotTaken::Store) };
        let now = helper.clock.wall();
        let (Ok(operation), Ok(case)) = (helper.names.operation(now), helper.names.case(now)) else {
            return Err(NotTaken::Refused);
        };
        let new = NewFreeze { operation, case, errand: helper.names.id(now) };
        let Ok(taken) = take_freeze(permitted, rows, new, call.language, &helper.freeze_limits, now) else {
            tracing::warn!("a freeze goes through a person: too many from one number or trunk");
            return Err(NotTaken::Refused);
        };
        let Some(commit) = taken.commit.clone() else { return Ok(taken) };
        match helper.store.commit(commit).await {
            Ok(()) => return Ok(taken),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_)) => return Err(NotTaken::Store),
        }
    }
    Err(NotTaken::Store)
}

async fn rows(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeRows, ReadError> {
    let (wallet, subject) = (&permitted.claim.wallet, &permitted.claim.subject);
    let case = helper.store.case_of(CaseKind::Freeze, wallet, subject, None).await?;
    let operation = match &case {
        Some((_, case)) => helper.store.operation_of_case(case.id).await?,
        None => None,
    };
    Ok(FreezeRows {
        account: helper.store.tally(&code::account_key(subject)).await?,
        caller: helper.store.tally(&helper.names.caller(&call.trunk, &call.caller)).await?,
        trunk: helper.store.tally(&format!("trunk:{}", call.trunk)).await?,
        case,
        operation,
    })
}

/// The one act that works while the store is down. Its limits cannot be counted then; the switchboard still asks a person to a line
/// that is flooded.
async fn by_journal(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>) {
    let now = helper.clock.wall();
    let (Ok(operation), Ok(case)) = (helper.names.operation(now), helper.names.case(now)) else {
        return call.answer(helper, Helped::PersonNeeded).await;
    };
    let reference = case.reference.clone();
    let (mut operation, target) = Operation::freeze(permitted, operation, case.id, now);
    let noted = Noted {
        operation: operation.clone(),
        reference: reference.clone(),
        language: call.language,
        msisdn: Some(target.msisdn),
    };
    if let Err(error) = helper.journal.note(noted.clone()).await {
        tracing::error!(%error, "a freeze can be written down nowhere: the caller goes to a person");
        return call.answer(helper, Helped::PersonNeeded).await;
    }
    metrics::counter!("walletline_freezes_total", "way" => "journal").increment(1);
    tracing::warn!("the store does not answer: a freeze goes by the journal");
    call.answer(helper, Helped::FreezeTaken(view(&operation, reference.as_str()))).await;
    let (Some(wallet), Some(msisdn)) = (helper.wallets.get(&operation.wallet), &noted.msisdn) else { return };
    operation.state = match wallet.freeze(msisdn, &operation.key, false).await {
        Outcome::Done => State::Done,
        Outcome::Declined(_) => State::Declined,
        Outcome::Unknown => State::Unknown,
        Outcome::NotSent => State::Committed,
    };
    if let Err(error) = helper.journal.settle(&operation.key, operation.state).await {
        tracing::error!(%error, "what came of a freeze is not written down: it is asked about when the store is back");
    }
    let operation = view(&operation, reference.as_str());
    helper.engine.post(Event::OperationChanged { contact: call.contact, operation }).await;
}

/// An act as the screens show it.
#[must_use]
pub(crate) fn view(operation: &Operation, reference: &str) -> OperationView {
    OperationView {
        id: operation.id,
        act: operation.act.clone(),
        state: operation.state,
        reference: reference.to_owned(),
        key: operation.key.clone(),
    }
}
