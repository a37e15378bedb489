//! Text messages by SMPP 3.4: one bound transceiver for a route, kept up, spoken over by whoever sends. It gives a message once and says
//! what came of it; receipts are handed on, and acknowledged once they are written down.

mod receipt;
mod session;
mod text;

use super::receipts::Receipts;
use super::route::{Parcel, Sent};
use super::trust;
use crate::config::SmppGateway;
use session::{Ended, Session};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use walletline_core::kernel::pii::Pii;

/// Messages that may wait for a place in the window of unanswered ones.
const WAITING_MAX: usize = 64;

/// How long a message may wait for its answer, in the queue and at the centre together. Within an errand's lease.
const ANSWER_MAX: Duration = Duration::from_secs(15);

/// The first wait before the centre is dialled again; doubles each time, up to the last.
const REDIAL_FIRST: Duration = Duration::from_secs(1);
const REDIAL_MAX: Duration = Duration::from_secs(60);

/// A message to be given, and where its outcome goes.
struct Order {
    to: Pii<String>,
    text: Pii<String>,
    reply: oneshot::Sender<Sent>,
}

/// The way to one message centre.
#[derive(Debug)]
pub(super) struct SmppRoute {
    orders: mpsc::Sender<Order>,
    /// Bound: what is given now leaves now.
    up: Arc<AtomicBool>,
    /// What its connection is run with, until it is.
    link: Mutex<Option<Link>>,
}

/// The connection of a route, before it runs.
#[derive(Debug)]
pub(super) struct Link {
    wallet: String,
    route: String,
    session: Session,
    orders: mpsc::Receiver<Order>,
    up: Arc<AtomicBool>,
}

impl SmppRoute {
    pub(super) fn new(wallet: &str, route: &str, gateway: SmppGateway, sender: String) -> Result<Self, String> {
        let tls = gateway.tls.as_ref().map(trust::client).transpose()?;
        let (orders, waiting) = mpsc::channel(WAITING_MAX);
        let up = Arc::new(AtomicBool::new(false));
        let session = Session { gateway, sender, tls };
        let link = Link { wallet: wallet.to_owned(), route: route.to_owned(), session, orders: waiting, up: Arc::clone(&up) };
        Ok(Self { orders, up, link: Mutex::new(Some(link)) })
    }

    /// The connection, to be run by whoever asks first.
    pub(super) fn link(&self) -> Option<Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) async fn give(&self, parcel: &Parcel<'_>) -> Sent {
        if !self.up.load(Ordering::Acquire) {
            return Sent::Busy("not_bound".to_owned());
        }
        let (reply, outcome) = oneshot::channel();
        let order = Order { to: parcel.to.clone(), text: parcel.text.clone(), reply };
        if self.orders.try_send(order).is_err() {
            return Sent::Busy("full".to_owned());
        }
        match timeout(ANSWER_MAX, outcome).await {
            Ok(Ok(sent)) => sent,
            // Whoever held it is gone and did not say that it was left behind.
            Ok(Err(_)) | Err(_) => Sent::Unknown("no_answer".to_owned()),
        }
    }
}

impl Link {
    /// Keeps the connection until told to stop.
    pub(super) async fn run(mut self, receipts: Receipts, stop: CancellationToken) {
        let (wallet, route) = (self.wallet.clone(), self.route.clone());
        let told = metrics::gauge!("walletline_smpp_bound", "wallet" => wallet.clone(), "route" => route.clone());
        let mut wait = REDIAL_FIRST;
        loop {
            told.set(0);
            let bound = || {
                self.up.store(true, Ordering::Release);
                told.set(1);
                tracing::info!(wallet, route, "bound to the message centre");
            };
            let taken = receipts.of(&wallet, &route);
            let ended = self.session.run(&mut self.orders, taken, bound, &stop).await;
            let was_up = self.up.swap(false, Ordering::AcqRel);
            told.set(0);
            // Nobody gave these to the centre.
            while let Ok(order) = self.orders.try_recv() {
                let _nobody_waits = order.reply.send(Sent::Busy("not_bound".to_owned()));
            }
            match ended {
                Ended::Stopped => return,
                Ended::Lost(why) => tracing::warn!(wallet, route, why, "the message centre is not reached; it is dialled again"),
            }
            wait = if was_up { REDIAL_FIRST } else { (wait * 2).min(REDIAL_MAX) };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return,
            }
        }
    }
}

#[cfg(test)]
mod tests;
