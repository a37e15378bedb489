//! What gateways tell of messages afterwards, as facts: which message, and what became of it. Who writes it down stands elsewhere; here it
//! is read, and handed on.

use tokio::sync::{mpsc, oneshot};
use walletline_core::kernel::ids::ErrandId;
use walletline_core::outbox::Report;

/// Receipts that may wait to be written down, of all routes together. A gateway whose receipt does not fit sends it again.
pub(crate) const WAITING_MAX: usize = 256;

/// Which message is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// The one of this errand.
    Key(ErrandId),
    /// The one that the gateway calls so.
    Reference(String),
}

/// What a gateway tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) about: About,
    /// What became of it; none while it is on its way.
    pub(crate) report: Option<Report>,
    /// Why it did not arrive, by name.
    pub(crate) reason: Option<String>,
}

/// A receipt of one route, with where it is said whether it was written down.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) wallet: String,
    pub(crate) route: String,
    pub(crate) receipt: Receipt,
    pub(crate) kept: oneshot::Sender<bool>,
}

/// Where routes hand their receipts on.
#[derive(Debug, Clone)]
pub(crate) struct Receipts(pub(crate) mpsc::Sender<Told>);

/// The same, of one route.
#[derive(Debug, Clone)]
pub(super) struct RouteReceipts {
    wallet: String,
    route: String,
    tell: mpsc::Sender<Told>,
}

impl Receipts {
    pub(super) fn of(&self, wallet: &str, route: &str) -> RouteReceipts {
        RouteReceipts { wallet: wallet.to_owned(), route: route.to_owned(), tell: self.0.clone() }
    }
}

impl RouteReceipts {
    /// Hands a receipt on; true once it is written down, or there is nothing to write.
    pub(super) async fn take(&self, receipt: Receipt) -> bool {
        let (kept, answer) = oneshot::channel();
        let told = Told { wallet: self.wallet.clone(), route: self.route.clone(), receipt, kept };
        self.tell.try_send(told).is_ok() && answer.await.unwrap_or(false)
    }
}

/// What a gateway's word means, in the words of SMPP and in those that interfaces over HTTP use; none for what is no end.
#[must_use]
pub(crate) fn report_of(word: &str) -> Option<Report> {
    match word.to_ascii_uppercase().as_str() {
        "DELIVRD" | "DELIVERED" => Some(Report::Delivered),
        "EXPIRED" => Some(Report::Expired),
        "UNDELIV" | "UNDELIVERED" | "UNDELIVERABLE" | "REJECTD" | "REJECTED" | "DELETED" | "FAILED" => Some(Report::Failed),
        _ => None,
    }
}
