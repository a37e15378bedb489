//! At most one effect in the wallet's ledger for each key.

use crate::wallet::Wallet;
use std::collections::BTreeSet;

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
