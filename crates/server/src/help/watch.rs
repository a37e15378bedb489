//! Begins to watch a transaction, at a caller's word or an agent's. The wallet is asked how far it is now; what came of it is told later, by a message.

use super::{Call, Helper};
use crate::connector::wallet::Looked;
use walletline_core::commit::{Commit, Entry};
use walletline_core::help::{WatchAsked, watch};
use walletline_core::identity::{Permit, ReadTransaction};
use walletline_core::kernel::{actor::Actor, purpose::Purpose};
use walletline_core::switchboard::help::Helped;
use walletline_store::CommitError;

/// Begins to watch a transaction of the customer who is named in the permit.
pub(super) async fn begin(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, transaction: &str) {
    let begun = try_begin(helper, call, permit, transaction).await;
    if begun.is_none() {
        tracing::warn!(contact = %call.contact, "a transaction is not watched: the wallet or the store does not answer");
    }
    call.answer(helper, begun.map_or(Helped::Unavailable, |()| Helped::Watched)).await;
}

async fn try_begin(helper: &Helper, call: &Call, permit: Permit<ReadTransaction>, transaction: &str) -> Option<()> {
    let permitted = permit.redeem(helper.clock.wall()).ok()?;
    let claim = &permitted.claim;
    // The reading is written down before it happens: one that cannot be is not done.
    let read = Entry::new(helper.clock.wall(), Actor::Caller, "transaction.read", call.contact).for_purpose(Purpose::Service);
    helper.store.commit(Commit::new(read, Vec::new())).await.ok()?;
    let Looked::One(seen) = helper.wallets.get(&claim.wallet)?.transaction(&claim.msisdn, transaction).await.ok()? else {
        return None;
    };
    let asked = WatchAsked {
        wallet: claim.wallet.clone(),
        msisdn: claim.msisdn.clone(),
        subject: claim.subject.clone(),
        transaction: seen.id.clone(),
        seen: super::status::status_name(seen.observed.status).to_owned(),
        language: call.language,
        contact: call.contact,
    };
    let errand = helper.names.watch(&claim.wallet, &seen.id);
    match helper.store.commit(watch(asked, errand, helper.clock.wall())).await {
        // It is watched already.
        Ok(()) | Err(CommitError::Conflict(_)) => Some(()),
        Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => None,
    }
}
