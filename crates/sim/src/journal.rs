//! The journal of freezes as the disk has it: what was synced outlives the process, the numbers it knew do not.

use walletline_core::cases::Reference;
use walletline_core::kernel::{language::Language, pii::Pii};
use walletline_core::wallet::{Operation, State};

/// A freeze that the store does not know yet.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The act; its state is what came of it so far.
    pub operation: Operation,
    /// What the caller was told.
    pub reference: Reference,
    /// The language of the contact.
    pub language: Language,
    /// Whose account. Known to the process that took the freeze, and to none after it.
    pub msisdn: Option<Pii<String>>,
}

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

    /// Writes down what came of it.
    pub fn settle(&mut self, key: &str, state: State) {
        if self.full {
            return;
        }
        if let Some(known) = self.noted.iter_mut().find(|known| known.operation.key == key) {
            known.operation.state = state;
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

    /// The process is gone, and with it what only its memory held.
    pub fn process_ended(&mut self) {
        for noted in &mut self.noted {
            noted.msisdn = None;
        }
    }
}
