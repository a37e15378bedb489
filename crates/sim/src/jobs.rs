//! Work that no call asks for, in the order in which the program does it: the outbox, and bringing the journal of freezes into the
//! store.

use crate::help::view;
use crate::shell::Shell;
use walletline_core::cases::{Case, Keep};
use walletline_core::commit::{Change, Commit, Entry, Version};
use walletline_core::help::{FollowUps, Noted, Settling, give_up_act, replay_freeze, settle_act};
use walletline_core::kernel::{actor::Actor, ids::ErrandId, pii::Pii, time::Span};
use walletline_core::outbox::{Errand, Job, Message};
use walletline_core::switchboard::event::Event;
use walletline_core::wallet::{Operation, Outcome, State, Target};
use walletline_store::CommitError;

/// A look at what is due, whether or not anything woke us.
const BACKSTOP: Span = Span::from_s(5);

/// The least time between two looks that nothing asked for.
const PAUSE: Span = Span::from_ms(100);

/// Errands looked at in one go.
const BATCH_MAX: u32 = 64;

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// The last moment before a lease ends at which a result is still ours to write.
const LEASE_SLACK: Span = Span::from_s(5);

/// How often the store is tried while the journal holds something.
const JOURNAL_EVERY: Span = Span::from_s(2);

impl Shell {
    /// Starts the jobs of a process.
    pub(crate) fn start_jobs(&self) {
        let (outbox, journal) = (self.clone(), self.clone());
        self.spawn(async move { outbox.run_outbox().await });
        self.spawn(async move { journal.run_journal().await });
    }

    async fn run_outbox(&self) {
        loop {
            self.begin_due().await;
            let wait = match self.read(self.store.next_errand_due()).await {
                Ok(Some(at)) => Span((at - self.wall()).0.clamp(PAUSE.0, BACKSTOP.0)),
                Ok(None) | Err(_) => BACKSTOP,
            };
            self.pause_for_errand(wait).await;
        }
    }

    async fn begin_due(&self) {
        let Ok(due) = self.read(self.store.errands_due(self.wall(), BATCH_MAX)).await else { return };
        for (version, errand) in due {
            let (claimed, commit) = errand.claim(version, self.run.get(), self.wall());
            match self.commit(commit).await {
                Ok(()) => {
                    let shell = self.clone();
                    self.spawn(async move { Box::pin(shell.run_errand(version + 1, claimed)).await });
                }
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }

    async fn run_errand(&self, version: Version, errand: Errand) {
        match &errand.job {
            Job::Operate { msisdn, .. } => self.operate(version, &errand, msisdn).await,
            Job::Notify { msisdn, message, .. } => self.notify(version, &errand, msisdn, message).await,
            Job::Refund { refund, follow } => {
                let (refund, follow) = (*refund, *follow);
                Box::pin(self.carry_refund(version, errand, refund, follow)).await;
            }
            Job::RefundLapse { refund } => {
                let refund = *refund;
                self.lapse_refund(version, errand, refund).await;
            }
            // Nobody has anything watched in this world.
            Job::Watch { .. } => {
                self.broken("permitted_acts", format!("{} is nobody's", errand.id));
            }
            Job::Message { to, message, .. } => {
                self.wallet.borrow_mut().sent.entry(to.expose().clone()).or_default().push(message.clone());
                self.finish(version, errand, true).await;
            }
        }
    }

    async fn operate(&self, version: Version, errand: &Errand, msisdn: &Pii<String>) {
        let Job::Operate { operation, .. } = errand.job else { return };
        let Ok(Some((operation_version, operation))) = self.read(self.store.operation(operation)).await else { return };
        if operation.check(&Target { msisdn: msisdn.clone() }).is_err() {
            self.broken("permitted_acts", format!("{} carries another account", errand.id));
            return self.finish(version, errand.clone(), true).await;
        }
        let Some((begun, commit)) = operation.begin(operation_version, self.wall()) else {
            return self.give_up(version, errand, (operation_version, operation)).await;
        };
        if self.commit(commit).await.is_err() {
            return;
        }
        let outcome = self.freeze(msisdn, &begun.key, begun.state == State::Reconciling).await;
        let now = self.wall();
        if now > errand.due_at || errand.due_at - now < LEASE_SLACK {
            return;
        }
        self.settle(version, errand, (operation_version + 1, begun), outcome).await;
    }

    async fn settle(&self, version: Version, errand: &Errand, operation: (Version, Operation), outcome: Outcome) {
        for _ in 0..RULINGS_MAX {
            let Ok(case) = self.read(self.store.case(operation.1.case)).await else { return };
            let reference = reference(case.as_ref());
            let now = self.wall();
            let notice: ErrandId = self.names.borrow_mut().id(now);
            let rows = Settling { operation: operation.clone(), case, errand: (version, errand.clone()) };
            let new = FollowUps { notice, link: self.names.borrow_mut().id(now) };
            let Some((settled, commit)) = settle_act(rows, outcome.into(), new, now) else { return };
            match self.commit(commit).await {
                Ok(()) => return self.tell(&settled, &reference),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }

    async fn give_up(&self, version: Version, errand: &Errand, operation: (Version, Operation)) {
        let Ok(case) = self.read(self.store.case(operation.1.case)).await else { return };
        let reference = reference(case.as_ref());
        let (given_up, commit) = give_up_act(Settling { operation, case, errand: (version, errand.clone()) }, self.wall());
        // What could not be written is taken up again when the lease ends.
        if self.commit(commit).await.is_ok()
            && let Some(given_up) = given_up
        {
            self.tell(&given_up, &reference);
        }
    }

    fn tell(&self, operation: &Operation, reference: &str) {
        self.post(Event::OperationChanged { contact: operation.contact, operation: view(operation, reference) });
    }

    async fn notify(&self, version: Version, errand: &Errand, msisdn: &Pii<String>, message: &Message) {
        let Job::Notify { language, .. } = errand.job else { return };
        let Ok(holder) = self.holder(msisdn).await else { return self.finish(version, errand.clone(), false).await };
        let now = self.wall();
        let addresses = holder.map(|holder| holder.addresses).unwrap_or_default();
        let messages = addresses.into_iter().map(|(channel, to)| {
            let job = Job::Message { channel, to, message: message.clone(), language };
            let id: ErrandId = self.names.borrow_mut().id(now);
            Change::Errand(0, Box::new(Errand::new(id, errand.wallet.clone(), errand.contact, job, now, errand.give_up_at)))
        });
        let about = errand.contact.map_or_else(|| errand.id.to_string(), |contact| contact.to_string());
        let told = Commit::new(Entry::new(now, Actor::System, "message.committed", about), messages.collect());
        let _ = self.commit(errand.done(version, now).and(told)).await;
    }

    async fn finish(&self, version: Version, errand: Errand, done: bool) {
        let now = self.wall();
        let commit = if done { errand.done(version, now) } else { errand.failed(version, now).1 };
        let _ = self.commit(commit).await;
    }

    async fn run_journal(&self) {
        loop {
            let noted = self.journal.borrow().noted();
            for noted in noted {
                self.replay(noted).await;
            }
            self.pause(JOURNAL_EVERY).await;
        }
    }

    async fn replay(&self, noted: Noted) {
        let key = noted.operation.key.clone();
        for _ in 0..RULINGS_MAX {
            match self.read(self.store.operation(noted.operation.id)).await {
                Ok(None) => {}
                Ok(Some(_)) => return self.journal.borrow_mut().forget(&key),
                Err(_) => return,
            }
            let Ok(case) = self.read(self.store.case(noted.operation.case)).await else { return };
            let now = self.wall();
            let errand: ErrandId = self.names.borrow_mut().id(now);
            match self.commit(replay_freeze(noted.clone(), case, Keep::default(), errand, now)).await {
                Ok(()) => return self.journal.borrow_mut().forget(&key),
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return,
            }
        }
    }
}

fn reference(case: Option<&(Version, Case)>) -> String {
    case.map(|(_, case)| case.reference.to_string()).unwrap_or_default()
}
