//! Requests to be called back: whether a number can be called, and the request itself, ruled on and committed. They say nothing of
//! whether there is an account.

use super::{Call, Helper, RULINGS_MAX, code};
use walletline_core::call::Service;
use walletline_core::cases::CaseKind;
use walletline_core::help::{CallbackAsked, CallbackRows, request_callback};
use walletline_core::ivr::dialogue::Number;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::help::Helped;
use walletline_store::{CommitError, ReadError};

/// Whether a number can be called, and how it is written in full.
pub(super) async fn reach(helper: &Helper, call: &Call, number: &Number) {
    let text = match number {
        Number::Own => call.caller.expose(),
        Number::Keyed(digits) => digits.expose(),
    };
    let help = helper.wallets.number(&call.wallet, text).map_or(Helped::NotANumber, Helped::Reached);
    call.answer(helper, help).await;
}

/// Notes a request.
pub(super) async fn request(helper: &Helper, call: &Call, number: Pii<String>, service: Option<Service>) {
    let help = try_request(helper, call, number, service).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_request(helper: &Helper, call: &Call, number: Pii<String>, service: Option<Service>) -> Option<Helped> {
    let asked = CallbackAsked {
        wallet: call.wallet.clone(),
        subject: helper.names.subject(&call.wallet, &number),
        number,
        language: call.language,
        service,
        contact: call.contact,
        texts: helper.messenger.reaches_customers(&call.wallet),
    };
    for _ in 0..RULINGS_MAX {
        let rows = rows(helper, call, &asked).await.ok()?;
        let now = helper.clock.wall();
        let new = helper.names.case(helper.keep(&call.wallet), now).ok()?;
        let words = helper.names.words().ok()?;
        let Ok((case, commit)) = request_callback(asked.clone(), rows, new, (helper.names.id(now), words), now) else {
            tracing::warn!("a request to be called back is refused: too many for one number or from one caller");
            return Some(Helped::PersonNeeded);
        };
        match helper.store.commit(commit).await {
            Ok(()) => {
                metrics::counter!("walletline_callbacks_total").increment(1);
                return Some(Helped::CallbackTaken { reference: case.reference.to_string() });
            }
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
        }
    }
    None
}

async fn rows(helper: &Helper, call: &Call, asked: &CallbackAsked) -> Result<CallbackRows, ReadError> {
    // The number's row first: a request that is committed after this read changes it, and the ruling is made again.
    let account = helper.store.tally(&code::account_key(&asked.subject)).await?;
    let caller = helper.store.tally(&helper.names.caller(&call.trunk, &call.caller)).await?;
    let earlier = match helper.store.case_of(CaseKind::Callback, &asked.wallet, &asked.subject, None).await? {
        Some((version, case)) => helper.store.callback(case.id).await?.map(|callback| ((version, case), callback)),
        None => None,
    };
    Ok(CallbackRows { account, caller, earlier })
}
