//! What the outbox does with a refund: sends it, and finds out what became of it. That it is sent is durable before it is sent; whoever finds
//! one under way that nobody answers for asks the wallet by its key. What cannot be written down is taken up again when the lease ends.

use super::{RULINGS_MAX, Refunds};
use crate::connector::GiveBack;
use walletline_core::commit::{Commit, Version};
use walletline_core::help::{RefundRows, give_up_refund, lapse_refund, report_refund};
use walletline_core::kernel::{ids::RefundId, time::Span};
use walletline_core::money::{Refund, Reported, Ruled, State, Task};
use walletline_core::outbox::Errand;
use walletline_store::CommitError;

/// The last moment before a lease ends at which a result is still ours to write.
const LEASE_SLACK: Span = Span::from_s(5);

/// How long a refund waits whose row does not say any more what was asked for: a person has to look.
const UNSOUND_WAIT: Span = Span::from_s(15 * 60);

impl Refunds {
    /// Does what is to be done about a refund now. `follows`: this errand carries it to its end; one that does not only looks.
    pub async fn carry(&self, version: Version, errand: Errand, id: RefundId, follows: bool) {
        let now = self.clock.wall();
        let (row_version, refund) = match self.store.refund(id).await {
            Ok(Some(row)) => row,
            // Nothing is left to carry.
            Ok(None) => return self.write(errand.done(version, now)).await,
            Err(error) => return tracing::warn!(%error, %id, "a refund cannot be read; it is taken up again"),
        };
        if !refund.is_sound() {
            tracing::error!(%id, "a refund's row is not what was asked for: nothing is sent, a person has to look");
            return self.write(errand.again(version, now + UNSOUND_WAIT, now)).await;
        }
        let row = (row_version, refund);
        match row.1.task(now) {
            Task::Nothing => self.write(errand.done(version, now)).await,
            Task::GiveUp if follows => self.give_up(row, (version, errand)).await,
            Task::Send if follows => self.send(row, (version, errand)).await,
            // Somebody else is sending it this moment: whoever carries it finds out.
            Task::Ask if !follows && row.1.state == State::Submitting => self.write(errand.done(version, now)).await,
            Task::Ask => self.find_out(row, (version, errand), follows).await,
            Task::GiveUp | Task::Send => self.write(errand.done(version, now)).await,
        }
    }

    /// Ends a refund that nobody decided on in time.
    pub async fn lapse(&self, version: Version, errand: Errand, id: RefundId) {
        for _ in 0..RULINGS_MAX {
            let now = self.clock.wall();
            let row = match self.store.refund(id).await {
                Ok(Some(row)) => row,
                Ok(None) => return self.write(errand.done(version, now)).await,
                Err(error) => return tracing::warn!(%error, %id, "a refund cannot be read; it is taken up again"),
            };
            let Some(rows) = self.rows(row, (version, errand.clone())).await else { return };
            match self.store.commit(lapse_refund(rows, self.errands(now), now)).await {
                Ok(()) => return,
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => {
                    return tracing::warn!(%error, "a refund cannot lapse yet; it is taken up again");
                }
            }
        }
    }

    async fn give_up(&self, (row_version, refund): (Version, Refund), errand: (Version, Errand)) {
        let id = refund.id;
        let Some(rows) = self.rows((row_version, refund), errand).await else { return };
        let now = self.clock.wall();
        if let Some((_, commit)) = give_up_refund(rows, self.errands(now), now) {
            tracing::error!(%id, "a refund was never sent, and its time is over: its case is open for a person");
            self.write(commit).await;
        }
    }

    async fn send(&self, (row_version, refund): (Version, Refund), errand: (Version, Errand)) {
        let Some(ruled) = refund.begin(row_version, self.clock.wall()) else { return };
        self.send_begun(ruled, row_version, errand).await;
    }

    /// Sends what was just ruled to be under way: durable first, then sent.
    async fn send_begun(&self, ruled: Ruled, row_version: Version, errand: (Version, Errand)) {
        if let Err(error) = self.store.commit(ruled.commit).await {
            return tracing::warn!(%error, "a refund is not sent: the store does not take that it is");
        }
        let refund = ruled.refund;
        let reported = match self.wallets.get(&refund.wallet) {
            Some(wallet) => wallet.rail().give_back(GiveBack::of(&refund, Some(&self.callback_url(refund.id)))).await,
            None => Reported::NotReached,
        };
        self.report((row_version + 1, refund), errand, reported).await;
    }

    async fn find_out(&self, (row_version, refund): (Version, Refund), errand: (Version, Errand), follows: bool) {
        let (row_version, refund) = match refund.begin(row_version, self.clock.wall()) {
            None => (row_version, refund),
            Some(ruled) => {
                if let Err(error) = self.store.commit(ruled.commit).await {
                    return tracing::warn!(%error, "that nobody knows what became of a refund is not written down yet");
                }
                tracing::warn!(id = %refund.id, "whoever sent a refund is gone: the wallet is asked by its key");
                (row_version + 1, ruled.refund)
            }
        };
        let reported = match self.wallets.get(&refund.wallet) {
            Some(wallet) => wallet.rail().outcome(&refund.key).await,
            None => Reported::NoAnswer,
        };
        if reported == Reported::NotReceived
            && follows
            && let Some(ruled) = refund.begin_again(row_version, self.clock.wall())
        {
            return self.send_begun(ruled, row_version, errand).await;
        }
        self.report((row_version, refund), errand, reported).await;
    }

    /// Writes down what came of sending or asking. Its case or the row of its transaction may have changed meanwhile: then it is ruled on
    /// anew. A refund that somebody else moved on is left to the next look.
    async fn report(&self, row: (Version, Refund), errand: (Version, Errand), reported: Reported) {
        let before = row.1.state;
        if self.clock.wall() > errand.1.due_at || errand.1.due_at - self.clock.wall() < LEASE_SLACK {
            return tracing::warn!(id = %row.1.id, "a refund took longer than its lease; it is taken up again");
        }
        for _ in 0..RULINGS_MAX {
            let Some(rows) = self.rows(row.clone(), errand.clone()).await else { return };
            let now = self.clock.wall();
            let (refund, commit) = report_refund(rows, reported.clone(), self.errands(now), now);
            match self.store.commit(commit).await {
                Ok(()) if refund.state != before => {
                    metrics::counter!("walletline_refunds_total", "state" => refund.state.name()).increment(1);
                    if refund.state.is_doubtful() {
                        tracing::warn!(id = %refund.id, state = refund.state.name(), "it is not known what became of a refund");
                    }
                    return;
                }
                Ok(()) => return,
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => {
                    return tracing::warn!(%error, "what came of a refund may not be written down");
                }
            }
        }
        tracing::warn!(id = %row.1.id, "what came of a refund is not written down: its rows changed at every try");
    }

    async fn rows(&self, refund: (Version, Refund), errand: (Version, Errand)) -> Option<RefundRows> {
        let case = self.store.case(refund.1.case).await.ok().flatten();
        let source = self.store.refund_source(&refund.1.wallet, &refund.1.transaction).await;
        let (Some(case), Ok(source)) = (case, source) else {
            tracing::warn!(id = %refund.1.id, "the rows of a refund cannot be read; it is taken up again");
            return None;
        };
        Some(RefundRows { refund, case, source, errand })
    }

    async fn write(&self, commit: Commit) {
        if let Err(error) = self.store.commit(commit).await {
            tracing::warn!(%error, "an errand of a refund is not written down; it is taken up again");
        }
    }
}
