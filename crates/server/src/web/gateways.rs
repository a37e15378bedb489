//! Receipts that gateways send us: believed by their signature alone, once, and as often as a gateway has anything to tell.

use super::auth::{Throttle, lock};
use crate::connector::Messenger;
use crate::connector::messages::receipt_in;
use crate::connector::messages::signature::{self, NotSigned, SKEW_MAX_S};
use crate::engine::Clock;
use crate::jobs::receipts::{Kept, ReceiptBook};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use walletline_core::kernel::time::{Mono, Span};

/// A thousand receipts at once, then a hundred in a second: one gateway, at the pace of the largest wallet.
const RECEIPTS: u32 = 1_000;
const RECEIPT_REFILL: Span = Span::from_ms(10);

/// Receipts remembered so that none is taken twice while its signature is fresh; the oldest is forgotten first, and what it says changes
/// nothing a second time.
const SEEN_MAX: usize = 20_000;

/// What gateways tell.
pub(crate) struct Gateways {
    book: ReceiptBook,
    messenger: Messenger,
    asked: Mutex<Throttle<IpAddr>>,
    /// Signatures of receipts that were taken, and when.
    seen: Mutex<HashMap<[u8; 32], Mono>>,
}

/// Why a receipt is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// Too many came from this address.
    TooMany(Span),
    /// There is no such route, or it sends no receipts; told in the same words as a wrong signature.
    NotSigned,
    /// It is no receipt.
    NotRead,
    /// Nobody knows its message.
    Unknown,
    /// The store does not take it now.
    Unavailable,
}

impl Gateways {
    pub(super) fn new(book: ReceiptBook, messenger: Messenger) -> Self {
        Self { book, messenger, asked: Mutex::new(Throttle::new(RECEIPTS, RECEIPT_REFILL)), seen: Mutex::default() }
    }

    /// Takes a receipt of a route.
    pub(crate) async fn take(
        &self,
        source: IpAddr,
        (wallet, route): (&str, &str),
        header: &str,
        body: &[u8],
        clock: &Clock,
    ) -> Result<(), NotTaken> {
        let now = clock.now().mono;
        lock(&self.asked).take(&source, now).map_err(NotTaken::TooMany)?;
        let places = self.messenger.http_receipts(wallet, route).ok_or(NotTaken::NotSigned)?;
        // By the machine's own clock: the demo's may have been put forward, and the gateway's was not.
        let tag = signature::check(&places.key, header, (Clock::unmoved(), SKEW_MAX_S), &[body]).map_err(|why| {
            match why {
                NotSigned::Missing | NotSigned::Wrong => {}
                NotSigned::Stale => tracing::warn!(wallet, route, "a receipt is too old: compare the gateway's clock with ours"),
            }
            NotTaken::NotSigned
        })?;
        if lock(&self.seen).contains_key(&tag) {
            return Ok(());
        }
        let document = serde_json::from_slice(body).map_err(|_| NotTaken::NotRead)?;
        let receipt = receipt_in(&document, places).ok_or(NotTaken::NotRead)?;
        match self.book.take(wallet, route, receipt).await {
            Kept::Written | Kept::Nothing => {
                self.remember(tag, now);
                Ok(())
            }
            Kept::Unknown => Err(NotTaken::Unknown),
            Kept::Unavailable => Err(NotTaken::Unavailable),
        }
    }

    fn remember(&self, tag: [u8; 32], now: Mono) {
        let mut seen = lock(&self.seen);
        if seen.len() >= SEEN_MAX {
            let fresh = Span::from_s(2 * SKEW_MAX_S.unsigned_abs());
            seen.retain(|_, at| now - *at < fresh);
            if seen.len() >= SEEN_MAX {
                seen.clear();
            }
        }
        seen.insert(tag, now);
    }
}
