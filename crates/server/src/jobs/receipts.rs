//! What gateways tell of messages afterwards, written down: the row, the audit log, the record of the contact, and the screen of the agent.
//! Whatever is told twice, late or of a message nobody knows changes nothing.

use crate::connector::messages::receipts::{About, Receipt, Told};
use crate::engine::{Clock, Handle};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use walletline_core::commit::Version;
use walletline_core::help::delivery_reported;
use walletline_core::outbox::Delivery;
use walletline_core::switchboard::event::Event;
use walletline_store::{CommitError, ReadError, Store};

/// A receipt may overtake the commit that names its message: it is looked for this often, this far apart.
const LOOKS_MAX: u32 = 8;
const LOOK_PAUSE: Duration = Duration::from_millis(250);

/// A receipt is ruled on again this often when the row had changed meanwhile.
const RULINGS_MAX: u32 = 4;

/// Receipts that are written down at once.
const AT_ONCE_MAX: usize = 64;

/// Where receipts are written down.
#[derive(Clone)]
pub struct ReceiptBook {
    /// Where rows are.
    pub store: Store,
    /// Who is told.
    pub engine: Handle,
    /// The clocks.
    pub clock: Clock,
}

/// What came of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is written down.
    Written,
    /// It says nothing new.
    Nothing,
    /// It is about no message of this route.
    Unknown,
    /// The store does not take it.
    Unavailable,
}

impl Kept {
    const fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Nothing => "nothing_new",
            Self::Unknown => "unknown_message",
            Self::Unavailable => "unavailable",
        }
    }
}

impl ReceiptBook {
    /// Writes down what routes hand on, until none can any more.
    pub(crate) async fn run(self, mut told: mpsc::Receiver<Told>) {
        let mut writing = JoinSet::new();
        while let Some(Told { wallet, route, receipt, kept }) = told.recv().await {
            if writing.len() >= AT_ONCE_MAX {
                writing.join_next().await;
            }
            let book = self.clone();
            writing.spawn(async move {
                // What cannot be written is told again by the gateway; what is about nobody's message is not asked for again.
                let done = book.take(&wallet, &route, receipt).await != Kept::Unavailable;
                let _nobody_waits = kept.send(done);
            });
            while writing.try_join_next().is_some() {}
        }
        while writing.join_next().await.is_some() {}
    }

    /// Writes one receipt down.
    pub(crate) async fn take(&self, wallet: &str, route: &str, receipt: Receipt) -> Kept {
        let kept = self.write(wallet, route, &receipt).await;
        metrics::counter!("walletline_message_receipts_total", "wallet" => wallet.to_owned(), "route" => route.to_owned(),
            "outcome" => kept.name())
        .increment(1);
        kept
    }

    async fn write(&self, wallet: &str, route: &str, receipt: &Receipt) -> Kept {
        let Some(report) = receipt.report else { return Kept::Nothing };
        for _ in 0..RULINGS_MAX {
            let (version, delivery) = match self.find(wallet, route, &receipt.about).await {
                Ok(Some(found)) => found,
                Ok(None) => return Kept::Unknown,
                Err(_) => return Kept::Unavailable,
            };
            let ruled = delivery_reported(version, delivery, report, receipt.reason.as_deref(), self.clock.wall());
            let Some((delivery, commit)) = ruled else { return Kept::Nothing };
            match self.store.commit(commit).await {
                Ok(()) => {
                    self.tell(&delivery).await;
                    return Kept::Written;
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return Kept::Unavailable,
            }
        }
        Kept::Unavailable
    }

    /// The message, once it is named. One that was given to another route, or for another wallet, is not this route's to speak of.
    async fn find(&self, wallet: &str, route: &str, about: &About) -> Result<Option<(Version, Delivery)>, ReadError> {
        for look in 0..LOOKS_MAX {
            if look > 0 {
                sleep(LOOK_PAUSE).await;
            }
            let found = match about {
                About::Key(errand) => self.store.delivery(*errand).await?,
                About::Reference(name) => self.store.delivery_called(wallet, route, name).await?,
            };
            let own = found.filter(|(_, row)| row.wallet == wallet && row.route.as_deref() == Some(route));
            if own.is_some() {
                return Ok(own);
            }
        }
        Ok(None)
    }

    /// Tells the agent whose customer was sent a code.
    pub(crate) async fn tell(&self, delivery: &Delivery) {
        if let (Some(contact), Some(challenge)) = (delivery.contact, delivery.challenge) {
            self.engine.post(Event::MessageChanged { contact, challenge, message: delivery.into() }).await;
        }
    }
}
