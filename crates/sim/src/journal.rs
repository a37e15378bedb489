//! The journal of freezes as the disk has it: what was synced outlives the process, the sealed numbers with it.

use walletline_core::help::Noted;
use walletline_core::kernel::{ids::ContactId, subject::Subject, time::Wall};
use walletline_core::wallet::State;

/// The journal.
#[derive(Debug, Default)]
pub struct Journal {
    noted: Vec<Noted>,
    /// The disk takes no line.
    pub full: bool,
    /// Keys that were ever noted.
    pub keys: Vec<String>,
}

impl Journal {
    /// Writes a freeze down; false when the disk does not take it.
    pub fn note(&mut self, freeze: Noted) -> bool {
        if self.full {
            return false;
        }
        self.keys.push(freeze.operation.key.clone());
        self.noted.push(freeze);
        true
    }

    /// What is noted of this account and stands last.
    #[must_use]
    pub fn of_account(&self, wallet: &str, subject: &Subject) -> Option<Noted> {
        let of_account = |noted: &&Noted| noted.operation.wallet == wallet && noted.operation.subject == *subject;
        self.noted.iter().rev().find(of_account).cloned()
    }

    /// A second contact asks for what is under way.
    pub fn join(&mut self, key: &str, contact: ContactId) {
        if let Some(known) = self.noted.iter_mut().find(|known| known.operation.key == key)
            && known.operation.contact != contact
            && !known.joined.contains(&contact)
        {
            known.joined.push(contact);
        }
    }

    /// Writes down what came of it.
    pub fn settle(&mut self, key: &str, state: State, at: Wall) {
        if self.full {
            return;
        }
        let known = self.noted.iter_mut().find(|known| known.operation.key == key && !known.operation.state.is_over());
        if let Some(Noted { operation, .. }) = known {
            (operation.state, operation.settled_at) = (state, state.is_over().then_some(at));
        }
    }

    /// What the store does not know yet, oldest first.
    #[must_use]
    pub fn noted(&self) -> Vec<Noted> {
        self.noted.clone()
    }

    /// The store knows this one.
    pub fn forget(&mut self, key: &str) {
        self.noted.retain(|known| known.operation.key != key);
    }

    /// The next process finds it: what was taken may have been sent.
    pub fn process_ended(&mut self) {
        for noted in self.noted.iter_mut().filter(|noted| noted.operation.state == State::Committed) {
            noted.operation.state = State::Unknown;
        }
    }
}
