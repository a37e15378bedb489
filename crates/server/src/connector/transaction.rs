//! A GSMA transaction as the hotline sees it: what kind, on which rail, how far, and what was observed of it. Reasons are read into
//! plain ones here, so that no code that hints at an investigation goes any further.

use jiff::Timestamp;
use walletline_core::kernel::time::Wall;
use walletline_core::wallet::reason::Reason;
use walletline_core::wallet::timeline::{Observed, Status};
use walletline_core::wallet::window::{Corridor, Kind, Rail};
use walletline_gsma::wire::{Transaction, TransactionStatus, TransactionType};

/// What the wallet knows of a transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its number.
    pub id: String,
    /// What is held against the usual time.
    pub observed: Observed,
    /// What was observed of it, oldest first: when, and a plain word.
    pub events: Vec<(Wall, &'static str)>,
}

/// Reads a transaction. None when it says neither when it was made nor what kind it is of in a way that can be used.
pub(super) fn read(transaction: &Transaction) -> Option<Seen> {
    let created_at = at(transaction.created_at()?)?;
    let changed_at = transaction.modified_at().and_then(at).unwrap_or(created_at);
    let international = transaction.international_transfer_information.as_ref();
    let corridor = international.and_then(|way| {
        let receiving = way.receiving_country.as_deref().unwrap_or("*");
        format!("{}-{receiving}", way.origin_country).parse::<Corridor>().ok()
    });
    let kind = match &transaction.transaction_type {
        TransactionType::Transfer => Kind::WalletToWallet,
        TransactionType::InternationalTransfer => Kind::CrossBorder,
        TransactionType::MerchantPayment | TransactionType::BillPayment => Kind::MerchantPayment,
        TransactionType::Withdrawal | TransactionType::Deposit | TransactionType::Disbursement => Kind::BankTransfer,
        TransactionType::Reversal | TransactionType::Adjustment => Kind::Refund,
        TransactionType::Unknown(_) => Kind::WalletToWallet,
    };
    let default_rail = if kind == Kind::CrossBorder { "swift_gpi" } else { "internal" };
    let rail = transaction.custom_data.get("rail").and_then(|rail| rail.parse::<Rail>().ok());
    let status = match &transaction.transaction_status {
        TransactionStatus::Completed => Status::Completed,
        TransactionStatus::Pending => Status::Pending,
        TransactionStatus::Failed => Status::Failed,
        TransactionStatus::Reversed => Status::Reversed,
        TransactionStatus::Unknown(_) => Status::Unknown,
    };
    // A kind that is not known is told as such: no window is applied to it.
    let known = !matches!(transaction.transaction_type, TransactionType::Unknown(_));
    let observed = Observed {
        kind,
        rail: rail.or_else(|| default_rail.parse().ok()).unwrap_or_else(Rail::any),
        corridor: corridor.unwrap_or(Corridor::ANY),
        status: if known { status } else { Status::Unknown },
        created_at,
        changed_at,
        refund_due_at: transaction.custom_data.get("refundDueAt").and_then(at),
        reason: transaction.custom_data.get("reason").map(Reason::of),
    };
    let events = transaction.events();
    let events = events.iter().filter_map(|event| {
        let reason = event.reason.as_deref().map_or_else(|| Reason::of(&event.status), Reason::of);
        Some((at(&event.at)?, reason.name()))
    });
    Some(Seen { id: transaction.transaction_reference.expose().to_owned(), observed, events: events.collect() })
}

fn at(text: impl AsRef<str>) -> Option<Wall> {
    text.as_ref().parse::<Timestamp>().ok().map(|at| Wall(at.as_microsecond()))
}
