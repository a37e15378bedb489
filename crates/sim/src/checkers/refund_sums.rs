//! No more goes back than was paid: what is back, on its way or approved is held on the row of its transaction at every moment, to the
//! last unit, and never comes to more than was captured; nor does what the wallet's ledger says.

use crate::model::Model;
use crate::till::{self, Till};
use std::collections::BTreeMap;
use walletline_core::commit::{Change, Commit};

/// Looks at a commit after the model took it up.
///
/// # Errors
/// When a sum is not held, held too long, or too large.
pub fn commit(commit: &Commit, model: &Model) -> Result<(), String> {
    for change in commit.changes() {
        let transaction = match change {
            Change::Refund(_, row) => &row.transaction,
            Change::RefundSource(_, source) => &source.transaction,
            _ => continue,
        };
        let of_transaction = model.refunds.values().map(|(_, refund)| refund).filter(|row| row.transaction == *transaction);
        let counts: i64 = of_transaction.filter(|row| row.state.holds_money()).map(|row| row.amount.minor).sum();
        let source = model.refund_sources.values().map(|(_, source)| source).find(|source| source.transaction == *transaction);
        let (held, captured) = source.map_or((0, 0), |source| (source.held, source.captured.minor));
        if held != counts || held > captured {
            return Err(format!("{held} is held of {transaction}, {counts} counts, {captured} was paid"));
        }
    }
    Ok(())
}

/// Looks at the wallet's ledger.
///
/// # Errors
/// When more went back than was paid.
pub fn step(till: &Till) -> Result<(), String> {
    let mut back: BTreeMap<&str, i64> = BTreeMap::new();
    for given in &till.ledger {
        *back.entry(&given.transaction).or_default() += given.minor;
    }
    for (transaction, minor) in back {
        let captured = transaction.get(4..).and_then(|n| n.parse().ok()).map_or(0, |n| till::purchase(n).captured);
        if minor > captured {
            return Err(format!("{minor} went back of {transaction}, of which {captured} was paid"));
        }
    }
    Ok(())
}
