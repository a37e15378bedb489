//! The outbox: carries out what was committed, woken by the commit, with a look from time to time as the backstop. Each errand is
//! claimed first, so that no two run it; what came of it is committed with what follows from it.

use super::receipts::ReceiptBook;
use crate::cases::Cases;
use crate::connector::wallet::{ActAsked, Holder};
use crate::connector::{Messenger, Wallets};
use crate::engine::{Clock, Handle};
use crate::help::{Names, view};
use crate::refunds::Refunds;
use crate::times::Times;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::task::JoinSet;
use walletline_core::cases::{Case, Keep};
use walletline_core::commit::{Change, Commit, Entry, Version};
use walletline_core::help::{Carried, FollowUps, Settling, give_up_act, settle_act};
use walletline_core::identity::Ladder;
use walletline_core::kernel::{
    actor::Actor,
    assurance::Factor,
    ids::{ErrandId, RunId},
    language::Language,
    pii::Pii,
    time::{Span, Wall},
};
use walletline_core::outbox::{Channel, Errand, Job, LEASE, Message, refuse_errand};
use walletline_core::switchboard::event::Event;
use walletline_core::wallet::{Operation, Outcome, State, Target};
use walletline_store::{CommitError, Store};

/// A look at what is due, whether or not anything woke us.
const BACKSTOP: Duration = Duration::from_secs(5);

/// The least time between two looks that nothing asked for: what is due and cannot be begun must not become a tight loop.
const PAUSE: Duration = Duration::from_millis(100);

/// Errands looked at in one go.
const BATCH_MAX: u32 = 64;

/// Errands that run at once: a wallet that hangs must not keep messages waiting.
const RUNNING_MAX: usize = 32;

/// What came of an act is ruled on again this often when its case had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// The last moment before a lease ends at which a result is still ours to write.
const LEASE_SLACK: Span = Span::from_s(5);

/// What errands are run with.
#[derive(Clone)]
pub struct Outbox {
    /// Where they are.
    pub store: Store,
    /// Who is told of acts.
    pub engine: Handle,
    /// The clocks.
    pub clock: Clock,
    /// The wallets.
    pub wallets: Wallets,
    /// The way messages leave.
    pub messenger: Messenger,
    /// Who makes the links by which cases are followed.
    pub cases: Cases,
    /// What carries refunds.
    pub refunds: Refunds,
    /// Usual times, for what is watched.
    pub times: Times,
    /// How long recordings stay for the sake of a wallet's cases.
    pub keep: BTreeMap<String, Keep>,
    /// Names for what follows.
    pub names: Arc<Names>,
    /// This run of the program, for what it claims.
    pub run: RunId,
    /// Where what becomes of messages is told.
    pub receipts: ReceiptBook,
    /// What a registered phone is worth.
    pub ladder: Arc<Ladder>,
    /// Held by whoever counts a message against what its wallet may send.
    pub counting: Arc<Mutex<()>>,
}

impl Outbox {
    /// Runs errands until told to stop; those begun are finished.
    pub async fn run(self, stop: Arc<Notify>) {
        let mut running = JoinSet::new();
        let places = Arc::new(Semaphore::new(RUNNING_MAX));
        loop {
            self.begin_due(&mut running, &places).await;
            tokio::select! {
                () = self.store.errand_committed() => {}
                Some(ended) = running.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "an errand panicked; it is taken up again when its lease ends");
                    }
                }
                () = tokio::time::sleep(self.until_due().await) => {}
                () = stop.notified() => break,
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// How long until the next errand is due, the backstop at most.
    async fn until_due(&self) -> Duration {
        match self.store.next_errand_due().await {
            Ok(Some(at)) => Duration::from_micros((at - self.clock.wall()).0).clamp(PAUSE, BACKSTOP),
            Ok(None) | Err(_) => BACKSTOP,
        }
    }

    async fn begin_due(&self, running: &mut JoinSet<()>, places: &Arc<Semaphore>) {
        let due = match self.store.errands_looked_at(self.clock.wall(), BATCH_MAX).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "the outbox cannot be read"),
        };
        for (version, errand) in due.changed {
            self.refuse(version, errand).await;
        }
        for (version, errand) in due.errands {
            let Ok(place) = Arc::clone(places).try_acquire_owned() else { return };
            let (claimed, commit) = errand.claim(version, self.run, self.clock.wall());
            match self.store.commit(commit).await {
                Ok(()) => {
                    let outbox = self.clone();
                    running.spawn(async move {
                        outbox.carry_out(version + 1, claimed).await;
                        drop(place);
                    });
                }
                // Somebody else has it.
                Err(CommitError::Conflict(_)) => {}
                Err(error) => return tracing::warn!(%error, "an errand cannot be claimed"),
            }
        }
    }

    /// Sets aside what other hands changed, and raises the alarm.
    async fn refuse(&self, version: Version, errand: ErrandId) {
        match self.store.commit(refuse_errand(version, errand, self.clock.wall())).await {
            Ok(()) => {
                metrics::counter!("walletline_errands_refused_total").increment(1);
                tracing::error!(id = %errand, "an errand does not open: its row was changed, or keys.master was. It is not run");
            }
            // Somebody else saw it first, or ran it: then it did open.
            Err(CommitError::Conflict(_)) => {}
            Err(error) => tracing::warn!(%error, "an errand that does not open cannot be set aside"),
        }
    }

    async fn carry_out(&self, version: Version, errand: Errand) {
        metrics::counter!("walletline_errands_total", "kind" => errand.job.name()).increment(1);
        match &errand.job {
            Job::Operate { msisdn, .. } => self.operate(version, &errand, msisdn).await,
            Job::Refund { refund, follow } => {
                let (refund, follows) = (*refund, *follow);
                // The largest of these acts, and one of many kinds: it lies beside the others, not in each of them.
                Box::pin(self.refunds.carry(version, errand, refund, follows)).await;
            }
            Job::RefundLapse { refund } => {
                let refund = *refund;
                self.refunds.lapse(version, errand, refund).await;
            }
            Job::Watch { .. } => self.watch(version, errand).await,
            Job::Notify { msisdn, message, language } => self.notify(version, &errand, msisdn, message, *language).await,
            Job::Message { .. } => self.message(version, &errand).await,
        }
    }

    /// Carries out an act on a wallet, and writes down what came of it.
    async fn operate(&self, version: Version, errand: &Errand, msisdn: &Pii<String>) {
        let Job::Operate { operation, .. } = errand.job else { return };
        let Ok(Some((operation_version, operation))) = self.store.operation(operation).await else {
            return tracing::warn!(%operation, "an act cannot be read; it is taken up again");
        };
        if operation.check(&Target { msisdn: msisdn.clone() }).is_err() {
            tracing::error!(id = %operation.id, "an errand does not carry what was permitted: it is not sent");
            return self.finish(version, errand.clone(), true).await;
        }
        let now = self.clock.wall();
        let Some((begun, commit)) = operation.begin(operation_version, now) else {
            return self.give_up(version, errand, (operation_version, operation)).await;
        };
        if let Err(error) = self.store.commit(commit).await {
            return tracing::warn!(%error, "an act is not begun: the store does not take it");
        }
        let again = begun.state == State::Reconciling;
        let carried = match (self.wallets.get(&begun.wallet), begun.account_act()) {
            (Some(wallet), None) => wallet.freeze(msisdn, &begun.key, again).await.into(),
            (Some(wallet), Some(act)) => wallet.act(ActAsked { act, msisdn, level: begun.level, key: &begun.key, again }).await,
            (None, _) => Outcome::NotSent.into(),
        };
        let outcome = carried.outcome.name();
        metrics::counter!("walletline_wallet_acts_total", "act" => begun.act.clone(), "outcome" => outcome).increment(1);
        if self.clock.wall() > errand.due_at || errand.due_at - self.clock.wall() < LEASE_SLACK {
            return tracing::warn!(id = %begun.id, lease_s = LEASE.as_s(), "an act took longer than its lease; it is taken up again");
        }
        self.settle(version, errand, (operation_version + 1, begun), carried).await;
    }

    /// Writes down what came of an act, and tells whoever is still on the line. Its case may have come up again meanwhile: then it is
    /// ruled on anew.
    async fn settle(&self, version: Version, errand: &Errand, operation: (Version, Operation), carried: Carried) {
        for _ in 0..RULINGS_MAX {
            let Ok(case) = self.store.case(operation.1.case).await else {
                return tracing::warn!("what came of an act is not written down: its case cannot be read");
            };
            let reference = reference(case.as_ref());
            let now = self.clock.wall();
            let rows = Settling { operation: operation.clone(), case, errand: (version, errand.clone()) };
            let new = FollowUps { notice: self.names.id(now), link: self.names.id(now) };
            let Some((settled, commit)) = settle_act(rows, carried.clone(), new, now) else { return };
            match self.store.commit(commit).await {
                Ok(()) => return self.tell(&settled, &reference).await,
                Err(CommitError::Conflict(_)) => {}
                // The lease runs out, and the wallet is asked again under the same key.
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => {
                    return tracing::warn!(%error, "what came of an act may not be written down");
                }
            }
        }
        tracing::warn!(id = %operation.1.id, "what came of an act is not written down: its rows changed at every try");
    }

    /// An act whose time is over, or that is over already: a person has its case.
    async fn give_up(&self, version: Version, errand: &Errand, operation: (Version, Operation)) {
        let Ok(case) = self.store.case(operation.1.case).await else {
            return tracing::warn!("an act cannot be given up yet: its case cannot be read");
        };
        let reference = reference(case.as_ref());
        let rows = Settling { operation, case, errand: (version, errand.clone()) };
        let (given_up, commit) = give_up_act(rows, self.clock.wall());
        if let Err(error) = self.store.commit(commit).await {
            return tracing::warn!(%error, "an act cannot be given up yet");
        }
        if let Some(given_up) = given_up {
            tracing::error!(id = %given_up.id, "an act is given up: its case is open for a person");
            self.tell(&given_up, &reference).await;
        }
    }

    async fn tell(&self, operation: &Operation, reference: &str) {
        let view = view(operation, reference);
        self.engine.post(Event::OperationChanged { contact: operation.contact, operation: view }).await;
    }

    /// Finds out every registered address, and commits a message to each.
    async fn notify(&self, version: Version, errand: &Errand, msisdn: &Pii<String>, message: &Message, language: Language) {
        let Some(wallet) = self.wallets.get(&errand.wallet) else { return self.finish(version, errand.clone(), false).await };
        let Ok(holder) = wallet.holder(msisdn).await else { return self.finish(version, errand.clone(), false).await };
        let now = self.clock.wall();
        // A number without an account has no address: there is nobody to tell.
        let addresses = holder.map(|holder| self.addresses(holder, message, now)).unwrap_or_default();
        let messages = addresses.into_iter().map(|(channel, to)| {
            let job = Job::Message { channel, to, message: message.clone(), language };
            let told = Errand::new(self.names.id(now), errand.wallet.clone(), errand.contact, job, now, errand.give_up_at);
            Change::Errand(0, Box::new(told))
        });
        let about = errand.contact.map_or_else(|| errand.id.to_string(), |contact| contact.to_string());
        let told = Commit::new(Entry::new(now, Actor::System, "message.committed", about), messages.collect());
        if let Err(error) = self.store.commit(errand.done(version, now).and(told)).await {
            tracing::warn!(%error, "a notice is not written down; it is taken up again");
        }
    }

    /// Where a message goes: to every registered address; what opens something, to the first that nothing speaks against.
    fn addresses(&self, holder: Holder, message: &Message, now: Wall) -> Vec<(Channel, Pii<String>)> {
        if !message.is_key() {
            return holder.addresses;
        }
        let phone_counts = self.ladder.counts(Factor::SmsCode, &self.ladder.found(&holder.signals, now));
        let may = |channel: Channel| message.may_go_by(channel) && (channel != Channel::Sms || phone_counts);
        holder.addresses.into_iter().find(|(channel, _)| may(*channel)).into_iter().collect()
    }

    /// Done, or later again.
    pub(super) async fn finish(&self, version: Version, errand: Errand, done: bool) {
        let now = self.clock.wall();
        let commit = if done { errand.done(version, now) } else { errand.failed(version, now).1 };
        if let Err(error) = self.store.commit(commit).await {
            tracing::warn!(%error, "what came of an errand is not written down; it is taken up again");
        }
    }
}

fn reference(case: Option<&(Version, Case)>) -> String {
    case.map(|(_, case)| case.reference.to_string()).unwrap_or_default()
}
