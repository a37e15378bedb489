//! Looks at a watched transaction: asks the wallet, and writes down what follows. The customer is told by the errand that comes of it.

use super::outbox::Outbox;
use crate::connector::wallet::{Looked, Wallet};
use crate::help::{message_about, status_name};
use walletline_core::cases::{Case, CaseKind};
use walletline_core::commit::{Commit, Entry, Version};
use walletline_core::help::{Sight, look_at_watch};
use walletline_core::kernel::{actor::Actor, language::Language, pii::Pii, purpose::Purpose, subject::Subject};
use walletline_core::outbox::{Errand, Job, Message};
use walletline_core::wallet::timeline::{Verdict, assess};
use walletline_store::CommitError;

/// What was seen, and how its customer is told of a case.
type Seen = (Sight, Box<dyn FnOnce(&Case) -> Message + Send>);

impl Outbox {
    /// Looks at a watched transaction.
    pub(super) async fn watch(&self, version: Version, errand: Errand) {
        let Job::Watch { msisdn, subject, transaction, seen, language } = &errand.job else { return };
        let sight = match self.wallets.get(&errand.wallet) {
            Some(wallet) => self.sight(wallet, &errand, (msisdn, subject), (transaction, seen), *language).await,
            None => nothing_new(),
        };
        let now = self.clock.wall();
        let keep = self.keep.get(&errand.wallet).copied().unwrap_or_default();
        let Ok(new) = self.names.case(keep, now) else { return };
        let (sight, told) = sight;
        let commit = look_at_watch((version, errand), sight, new, self.names.id(now), told, now);
        match self.store.commit(commit).await {
            Ok(()) => {}
            // Its case changed meanwhile: the lease ends, and it is looked at again.
            Err(CommitError::Conflict(_)) => tracing::debug!("a watched transaction is looked at again"),
            Err(error) => {
                tracing::warn!(%error, "a watched transaction is looked at again: the store does not take what was seen");
            }
        }
    }

    async fn sight(
        &self,
        wallet: &Wallet,
        errand: &Errand,
        (msisdn, subject): (&Pii<String>, &Subject),
        (transaction, before): (&str, &str),
        language: Language,
    ) -> Seen {
        let about = errand.contact.map_or_else(|| errand.id.to_string(), |contact| contact.to_string());
        let read = Entry::new(self.clock.wall(), Actor::System, "transaction.read", about).for_purpose(Purpose::Service);
        if self.store.commit(Commit::new(read, Vec::new())).await.is_err() {
            return nothing_new();
        }
        let seen = match wallet.transaction(msisdn, transaction).await {
            Ok(Looked::One(seen)) => *seen,
            Ok(Looked::Nothing) => return (Sight::Gone, Box::new(case_opened)),
            Ok(Looked::Several) | Err(_) => return nothing_new(),
        };
        let observed = &seen.observed;
        let window = self.times.window(&errand.wallet, observed.kind, &observed.rail, observed.corridor);
        let verdict = assess(window, self.times.calendars(), observed, self.clock.wall());
        if status_name(observed.status) != before {
            return (
                Sight::Moved(message_about(&seen.id, &verdict, window, wallet.zone(), language, None)),
                Box::new(case_opened),
            );
        }
        if !matches!(verdict, Verdict::Overdue { .. }) {
            return nothing_new();
        }
        let Ok(known) = self.store.case_of(CaseKind::TransactionOverdue, &errand.wallet, subject, Some(transaction)).await else {
            return nothing_new();
        };
        let (window, zone) = (window.cloned(), wallet.zone().clone());
        let transacted_at = seen.observed.created_at;
        let told = move |case: &Case| {
            message_about(&seen.id, &verdict, window.as_ref(), &zone, language, Some(case.reference.to_string()))
        };
        (Sight::Missed { known, transacted_at }, Box::new(told))
    }
}

fn nothing_new() -> Seen {
    (Sight::Same, Box::new(case_opened))
}

fn case_opened(case: &Case) -> Message {
    Message::CaseOpened { reference: case.reference.to_string() }
}
