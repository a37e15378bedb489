//! Names, keys, codes and hashes of what is new, as the program makes them, but from a seed.

use crate::dice::Dice;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use walletline_core::cases::{Keep, NewCase, Reference};
use walletline_core::identity::{CodeHash, NewCode};
use walletline_core::kernel::{
    ids::{ChallengeId, IdSource},
    pii::Pii,
    subject::Subject,
    time::Wall,
};
use walletline_core::wallet::NewOperation;

/// Makes names.
#[derive(Debug)]
pub struct Names {
    ids: IdSource,
    dice: Dice,
    /// Every code that was ever made, for whoever looks for them where they must not be.
    pub codes: BTreeSet<String>,
}

impl Names {
    /// Names that follow from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { ids: IdSource::new(u128::from(seed) << 64 | 0x51), dice: Dice::new(seed ^ 0x6e61_6d65), codes: BTreeSet::new() }
    }

    /// The next identifier.
    pub fn id<T: From<u128>>(&mut self, at: Wall) -> T {
        self.ids.next(at)
    }

    /// A new act on a wallet, with its idempotency key.
    pub fn operation(&mut self, at: Wall) -> NewOperation {
        let key = format!("key-{:016x}{:016x}", self.dice.any(), self.dice.any());
        NewOperation { id: self.id(at), key }
    }

    /// A new case with its reference.
    pub fn case(&mut self, at: Wall) -> NewCase {
        let reference = Reference::draw(self.dice.any());
        NewCase { id: self.id(at), reference, keep: Keep::default() }
    }

    /// A fresh code.
    pub fn code(&mut self, challenge: ChallengeId, at: Wall) -> NewCode {
        let code = format!("{:06}", self.dice.below(1_000_000));
        self.codes.insert(code.clone());
        let code = Pii::new(code);
        let hash = code_hash(challenge, &code);
        NewCode { challenge, errand: self.id(at), code, hash }
    }
}

/// A customer of a wallet as a hash.
#[must_use]
pub fn subject(wallet: &str, msisdn: &str) -> Subject {
    Subject::new(hash(&["subject", wallet, msisdn]))
}

/// The key of what a calling number did.
#[must_use]
pub fn caller_key(trunk: &str, caller: &Pii<String>) -> String {
    format!("caller:{}", hash(&["caller", trunk, caller.expose()]))
}

/// The key of what was done against an account.
#[must_use]
pub fn account_key(subject: &Subject) -> String {
    format!("account:{}", subject.as_str())
}

/// The hash of a code sent under a challenge.
#[must_use]
pub fn code_hash(challenge: ChallengeId, code: &Pii<String>) -> CodeHash {
    CodeHash::new(hash(&["code", &challenge.to_string(), code.expose()]))
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
