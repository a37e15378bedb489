//! At most one effect in the wallet's ledger for each key, and no second freeze of an account while one is under way: what the store
//! does not know, because it was down, cannot be counted.

use crate::journal::Journal;
use crate::model::Model;
use crate::wallet::Wallet;
use std::collections::BTreeSet;
use walletline_core::commit::{Change, Commit};

/// Looks at the ledger.
///
/// # Errors
/// When a key acted twice.
pub fn step(wallet: &Wallet) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    match wallet.ledger.iter().find(|act| !keys.insert(&act.key)) {
        Some(act) => Err(format!("{} acted twice", act.key)),
        None => Ok(()),
    }
}

/// Looks at a commit before the model takes it up.
///
/// # Errors
/// When it begins a second freeze of an account.
pub fn commit(commit: &Commit, model: &Model, journal: &Journal) -> Result<(), String> {
    for change in commit.changes() {
        let Change::Operation(0, new) = change else { continue };
        let same = || model.operations.values().map(|(_, known)| known).filter(|known| known.subject == new.subject);
        let uncounted = same().chain([&**new]).any(|known| journal.keys.contains(&known.key));
        if let (Some(running), false) = (same().find(|known| !known.state.is_over()), uncounted) {
            return Err(format!("{} begins while {} is {:?}", new.id, running.id, running.state));
        }
    }
    Ok(())
}
