//! What protects an account, as the wallet has it. That it is looked at is on record first; what cannot be put on record is not looked at.

use super::{Call, Helper};
use walletline_core::commit::{Commit, Entry};
use walletline_core::identity::AccountPermit;
use walletline_core::kernel::{actor::Actor, ids::StaffId, purpose::Purpose};
use walletline_core::switchboard::help::Helped;

/// Looks.
pub(super) async fn look(helper: &Helper, call: &Call, permit: AccountPermit, by: StaffId) {
    let help = try_look(helper, call, permit, by).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_look(helper: &Helper, call: &Call, permit: AccountPermit, by: StaffId) -> Option<Helped> {
    let now = helper.clock.wall();
    let redeemed = permit.redeem(now).ok()?;
    let claim = &redeemed.permitted().claim;
    let read = Entry::new(now, Actor::Staff { id: by }, "account.read", call.contact).for_purpose(Purpose::Service);
    helper.store.commit(Commit::new(read, Vec::new())).await.ok()?;
    let seen = helper.wallets.get(&claim.wallet)?.protection(&claim.msisdn, now).await.ok()?;
    Some(Helped::AccountSeen(Box::new(seen)))
}
