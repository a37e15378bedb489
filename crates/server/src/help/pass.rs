//! A call pass that was keyed or carried: what it opens, or that it opens nothing.

use super::{Call, Helper};
use crate::passes::Keying;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::help::Helped;

/// Takes a pass over for the contact.
pub(super) async fn take(helper: &Helper, call: &Call, code: &Pii<String>) {
    let keying =
        Keying { contact: call.contact, wallet: call.wallet.clone(), caller: call.caller.clone(), trunk: call.trunk.clone() };
    let help = match helper.passes.take(&keying, code).await {
        Ok(Some(pass)) => Helped::PassTaken(Box::new(pass)),
        Ok(None) => Helped::NoPass,
        Err(error) => {
            tracing::warn!(%error, "a call pass cannot be looked up");
            Helped::Unavailable
        }
    };
    call.answer(helper, help).await;
}
