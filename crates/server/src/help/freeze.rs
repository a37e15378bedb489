//! Freezes: ruled on, committed, and handed to the outbox. When the store does not take the commit, the freeze goes by the journal:
//! synced to the disk first, sent at once, and brought into the store when it is back.

use super::{Call, Helper, RULINGS_MAX, code};
use walletline_core::cases::{Case, CaseKind, Reference};
use walletline_core::help::{FreezeRows, FreezeTaken, NewFreeze, Noted, take_freeze};
use walletline_core::identity::{FreezeAccount, Permit, Redeemed};
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::Helped;
use walletline_core::switchboard::live::OperationView;
use walletline_core::wallet::{Operation, Outcome, State};
use walletline_store::{CommitError, ReadError};

/// Why a freeze did not become durable in the store.
enum NotTaken {
    /// A person has to do it.
    Refused,
    /// The store did not answer, or its rows changed at every try. With the account's case, when that much was read of it.
    Store(Option<Box<Case>>),
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
        Err(NotTaken::Store(case)) => by_journal(helper, call, &permitted, case).await,
    }
}

async fn commit(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeTaken, NotTaken> {
    let mut known = None;
    for _ in 0..RULINGS_MAX {
        let Ok(rows) = rows(helper, call, permitted).await else { return Err(NotTaken::Store(known)) };
        known = rows.case.as_ref().map(|(_, case)| Box::new(case.clone()));
        let now = helper.clock.wall();
        let (Ok(operation), Ok(case)) = (helper.names.operation(now), helper.names.case(helper.keep(&call.wallet), now)) else {
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
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return Err(NotTaken::Store(known)),
        }
    }
    Err(NotTaken::Store(known))
}

async fn rows(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>) -> Result<FreezeRows, ReadError> {
    let (wallet, subject) = (&permitted.claim.wallet, &permitted.claim.subject);
    // The account's row first: a freeze that is committed after this read changes it, and the ruling is made again.
    let account = helper.store.tally(&code::account_key(subject)).await?;
    let case = helper.store.case_of(CaseKind::Freeze, wallet, subject, None).await?;
    let operation = match &case {
        Some((_, case)) => helper.store.operation_of_case(case.id).await?,
        None => None,
    };
    let caller = helper.store.tally(&helper.names.caller(&call.trunk, &call.caller)).await?;
    let trunk = helper.store.tally(&format!("trunk:{}", call.trunk)).await?;
    Ok(FreezeRows { account, caller, trunk, case, operation })
}

/// The one act that works while the store is down. Its limits cannot be counted then; the switchboard still asks a person to a line
/// that is flooded.
///
/// An account that has a case keeps its reference, when the journal knows it, or when the store could still be read. When neither is
/// so, the caller is told a fresh one, and it stays theirs: the account then has two cases.
async fn by_journal(helper: &Helper, call: &Call, permitted: &Redeemed<FreezeAccount>, case: Option<Box<Case>>) {
    let claim = &permitted.claim;
    let before = helper.journal.of_account(&claim.wallet, &claim.subject).await;
    let noted = match before {
        Some(running) if !running.operation.state.is_over() => {
            if let Err(error) = helper.journal.join(&running.operation.key, call.contact).await {
                tracing::error!(%error, "that a second contact asked for a freeze is not written down");
            }
            (running, true)
        }
        over => {
            let now = helper.clock.wall();
            let (Ok(operation), Ok(new)) = (helper.names.operation(now), helper.names.case(helper.keep(&call.wallet), now))
            else {
                return call.answer(helper, Helped::PersonNeeded).await;
            };
            let known = over.map(|noted| (noted.operation.case, noted.reference));
            let known = known.or_else(|| case.map(|case| (case.id, case.reference)));
            let (case, reference) = known.unwrap_or((new.id, new.reference));
            let (operation, target) = Operation::freeze(permitted, operation, case, now);
            let (language, msisdn) = (call.language, Some(target.msisdn));
            let noted = Noted { operation, reference, language, msisdn, joined: Vec::new() };
            if let Err(error) = helper.journal.note(noted.clone()).await {
                tracing::error!(%error, "a freeze can be written down nowhere: the caller goes to a person");
                return call.answer(helper, Helped::PersonNeeded).await;
            }
            metrics::counter!("walletline_freezes_total", "way" => "journal").increment(1);
            tracing::warn!("the store does not answer: a freeze goes by the journal");
            (noted, false)
        }
    };
    let (Noted { operation, reference, .. }, again) = noted;
    call.answer(helper, Helped::FreezeTaken(view(&operation, reference.as_str()))).await;
    send(helper, call, operation, &reference, &claim.msisdn, again).await;
}

/// Asks the wallet for what stands in the journal; nobody else does while the store is down.
async fn send(helper: &Helper, call: &Call, mut operation: Operation, reference: &Reference, msisdn: &Pii<String>, again: bool) {
    let Some(wallet) = helper.wallets.get(&operation.wallet) else { return };
    operation.state = match wallet.freeze(msisdn, &operation.key, again).await {
        Outcome::Done => State::Done,
        Outcome::Declined(_) => State::Declined,
        Outcome::Unknown => State::Unknown,
        Outcome::NotSent if again => State::Unknown,
        Outcome::NotSent => State::Committed,
    };
    if let Err(error) = helper.journal.settle(&operation.key, operation.state, helper.clock.wall()).await {
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
        declined: operation.declined,
    }
}
