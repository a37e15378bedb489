//! Messages on their way out: counted against what a wallet may send, given to one route after the other, and written down at each step.
//! A route that may have a message keeps it: only a route that surely did not take it lets another one try.

use super::outbox::Outbox;
use crate::connector::messages::{Outgoing, Sent};
use walletline_core::commit::{Commit, Entry, Version};
use walletline_core::help::{delivery_begun, delivery_named, delivery_put_back, delivery_reported};
use walletline_core::kernel::{actor::Actor, pii::Pii};
use walletline_core::outbox::{Channel, Delivery, DeliveryState, Errand, Job, OverBudget, Report, Retry};
use walletline_store::{CommitError, ReadError};

/// A message is counted again this often when its rows had changed meanwhile: other programs on the same database count too.
const COUNTS_MAX: u32 = 8;

/// What came of a message is ruled on again this often.
const RULINGS_MAX: u32 = 4;

/// The row of a message, and the version it is at.
type Row = (Version, Delivery);

/// How one turn through the routes ended.
enum Turn {
    /// A gateway has it.
    Taken { row: Row, reference: Option<String>, arrived: bool },
    /// A gateway may have it: that one is asked again.
    Unknown(Row, String),
    /// None took it, and at least one may later.
    Busy(Row, String),
    /// None will ever take it.
    Refused(Row, String),
}

impl Outbox {
    /// Sends a message, or writes down that and why not.
    pub(super) async fn message(&self, version: Version, errand: &Errand) {
        let Job::Message { channel, to, message, language } = &errand.job else { return };
        let link = message.case().map(|reference| self.cases.link(reference, self.clock.wall()));
        let (key, wallet, link) = (errand.id, errand.wallet.as_str(), link.as_deref());
        let outgoing = Outgoing { key, wallet, channel: *channel, to, message, language: *language, link };
        let Ok(row) = self.row(errand).await else {
            return tracing::warn!(id = %errand.id, "a message cannot be read; it is taken up again");
        };
        match row.1.state {
            DeliveryState::Queued | DeliveryState::Sending => {}
            // It was taken, and what came of the errand was not written down.
            DeliveryState::Sent | DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Expired => {
                return self.finish(version, errand.clone(), true).await;
            }
        }
        let routes = self.messenger.routes(&errand.wallet, *channel);
        if routes.is_empty() {
            return self.put_off(version, errand, row, "no_route").await;
        }
        if !message.may_go_by(*channel) {
            tracing::error!(id = %errand.id, "a code was to be sent where none may go: it is not sent");
            return self.settle_message(version, errand, row, Report::Failed, "not_by_this_way").await;
        }
        let turn = match row.1.route.clone() {
            // An earlier run of this errand was given no answer: nobody else may be given the same code.
            Some(route) => self.try_routes(row, &[(route, 0)], &outgoing).await,
            None => match self.count(errand, *channel, to, &routes).await {
                Ok(Ok(())) => self.try_routes(row, &routes, &outgoing).await,
                Ok(Err(over)) => {
                    self.over_budget(&errand.wallet, over);
                    return self.settle_message(version, errand, row, Report::Failed, over.name()).await;
                }
                Err(_) => return self.finish(version, errand.clone(), false).await,
            },
        };
        match turn {
            Some(Turn::Taken { row, reference, arrived }) => self.taken(version, errand, row, reference, arrived).await,
            Some(Turn::Unknown(row, why) | Turn::Busy(row, why)) => self.put_off(version, errand, row, &why).await,
            Some(Turn::Refused(row, why)) => self.settle_message(version, errand, row, Report::Failed, &why).await,
            None => tracing::warn!(id = %errand.id, "a message is not begun: the store does not take it"),
        }
    }

    async fn row(&self, errand: &Errand) -> Result<Row, ReadError> {
        let known = self.store.delivery(errand.id).await?;
        let queued = || Delivery::queued(errand, None, self.clock.wall()).map(|row| (0, row));
        known.or_else(queued).ok_or_else(|| ReadError::Corrupt("job".to_owned()))
    }

    /// Gives the message to one route after the other. None when the store does not answer.
    async fn try_routes(&self, mut row: Row, routes: &[(String, u64)], outgoing: &Outgoing<'_>) -> Option<Turn> {
        let (mut busy, mut refused) = (None, None);
        for (route, _) in routes {
            let (given, begun) = delivery_begun(row.0, row.1, route, self.clock.wall());
            self.store.commit(begun).await.ok()?;
            row = (row.0 + 1, given);
            let sent = self.messenger.give(route, outgoing, self.clock.wall()).await;
            let outcome = match &sent {
                Sent::Taken { .. } => "taken",
                Sent::Refused(_) => "refused",
                Sent::Busy(_) => "busy",
                Sent::Unknown(_) => "unknown",
            };
            metrics::counter!("walletline_messages_total", "wallet" => outgoing.wallet.to_owned(), "route" => route.clone(),
                "outcome" => outcome)
            .increment(1);
            match sent {
                Sent::Taken { reference, arrived } => return Some(Turn::Taken { row, reference, arrived }),
                Sent::Unknown(why) => return Some(Turn::Unknown(row, why)),
                Sent::Busy(why) => busy = Some(why),
                Sent::Refused(why) => refused = Some(why),
            }
        }
        Some(match (busy, refused) {
            (Some(why), _) => {
                let commit = delivery_put_back(row.0, row.1.clone(), self.clock.wall());
                self.store.commit(commit).await.ok()?;
                Turn::Busy((row.0 + 1, row.1.put_back()), why)
            }
            (None, why) => Turn::Refused(row, why.unwrap_or_else(|| "no_route".to_owned())),
        })
    }

    /// Counts a text message against what its wallet may send today, once, whatever becomes of it.
    async fn count(
        &self,
        errand: &Errand,
        channel: Channel,
        to: &Pii<String>,
        routes: &[(String, u64)],
    ) -> Result<Result<(), OverBudget>, ReadError> {
        let wallet = errand.wallet.as_str();
        let caps = self.messenger.caps(wallet).filter(|_| channel == Channel::Sms && errand.attempts <= 1);
        let Some(caps) = caps else { return Ok(Ok(())) };
        let scopes = match caps.scopes(to.expose()) {
            Ok(scopes) => scopes,
            Err(over) => return Ok(Err(over)),
        };
        // By the dearest route it may take: which one does is known too late.
        let cost = routes.iter().map(|(_, cost)| *cost).max().unwrap_or(0);
        let day = self.messenger.day(wallet, self.clock.wall());
        let [whole, prefix, range] = &scopes;
        // One at a time within this program, so that a burst is no storm of conflicts.
        let _turn = self.counting.lock().await;
        for _ in 0..COUNTS_MAX {
            let rows = [
                self.store.message_budget(wallet, &day, whole).await?,
                self.store.message_budget(wallet, &day, prefix).await?,
                self.store.message_budget(wallet, &day, range).await?,
            ];
            let changes = match caps.admit(rows, cost) {
                Ok(changes) => changes,
                Err(over) => return Ok(Err(over)),
            };
            let entry = Entry::new(self.clock.wall(), Actor::System, "message.counted", wallet);
            match self.store.commit(Commit::new(entry, changes)).await {
                Ok(()) => return Ok(Ok(())),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(why) | CommitError::InDoubt(why)) => return Err(ReadError::Unavailable(why)),
            }
        }
        Err(ReadError::Unavailable("what a wallet may send was counted by others at every try".to_owned()))
    }

    fn over_budget(&self, wallet: &str, over: OverBudget) {
        metrics::counter!("walletline_messages_refused_total", "wallet" => wallet.to_owned(), "reason" => over.name())
            .increment(1);
        tracing::error!(wallet, reason = over.name(), "a message is not sent: look whether somebody pumps, or raise the cap");
    }

    /// A gateway has it: the row and the end of the errand in one commit, so that nothing in between sends it again.
    async fn taken(&self, version: Version, errand: &Errand, row: Row, reference: Option<String>, arrived: bool) {
        let mut row = row;
        for _ in 0..RULINGS_MAX {
            let now = self.clock.wall();
            let named = (row.0, row.1.clone().called(reference.as_deref()));
            let (changed, commit) = match delivery_reported(named.0, named.1.clone(), Report::Taken, None, now) {
                Some((changed, commit)) => (changed, commit),
                // Its receipt was here first.
                None => (named.1.clone(), delivery_named(row.0, row.1.clone(), reference.as_deref(), now)),
            };
            match self.store.commit(errand.done(version, now).and(commit)).await {
                Ok(()) => {
                    self.receipts.tell(&changed).await;
                    if arrived {
                        self.arrived((row.0 + 1, changed)).await;
                    }
                    return;
                }
                Err(CommitError::Conflict(_)) => match self.store.delivery(errand.id).await {
                    Ok(Some(again)) => row = again,
                    Ok(None) | Err(_) => break,
                },
                // In doubt: the next turn finds the row as it is, and sends nothing that a gateway has.
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => break,
            }
        }
        tracing::warn!(id = %errand.id, "what came of a message is not written down; its route is asked again under the same key");
    }

    /// A route that delivers itself has no receipts to wait for.
    async fn arrived(&self, row: Row) {
        if let Some((changed, commit)) = delivery_reported(row.0, row.1, Report::Delivered, None, self.clock.wall())
            && self.store.commit(commit).await.is_ok()
        {
            self.receipts.tell(&changed).await;
        }
    }

    /// It comes to its end without having been taken.
    async fn settle_message(&self, version: Version, errand: &Errand, row: Row, report: Report, why: &str) {
        let now = self.clock.wall();
        let settled = delivery_reported(row.0, row.1, report, Some(why), now);
        let (changed, commit) = settled.map_or((None, None), |(changed, commit)| (Some(changed), Some(commit)));
        let done = errand.done(version, now);
        let all = match commit {
            Some(commit) => done.and(commit),
            None => done,
        };
        match self.store.commit(all).await {
            Ok(()) => {
                if let Some(changed) = changed {
                    self.receipts.tell(&changed).await;
                }
            }
            Err(error) => tracing::warn!(%error, "what came of a message is not written down; it is taken up again"),
        }
    }

    /// Later again; or, when its time is over, the end.
    async fn put_off(&self, version: Version, errand: &Errand, row: Row, why: &str) {
        let now = self.clock.wall();
        let (retry, later) = errand.clone().failed(version, now);
        match retry {
            Retry::Later => {
                if let Err(error) = self.store.commit(later).await {
                    tracing::warn!(%error, "a message is not put off; it is taken up when its lease ends");
                }
            }
            Retry::GivenUp => self.settle_message(version, errand, row, Report::Expired, why).await,
        }
    }
}
