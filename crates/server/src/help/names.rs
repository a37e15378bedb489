//! Names, keys, codes and hashes of what is new: everything random or keyed that a ruling is handed. The keys stay in here.

use crate::keyring::{self, KEY_BYTES, Keyring};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::{Mutex, PoisonError};
use walletline_core::cases::{Keep, NewCase, Reference};
use walletline_core::identity::{CodeHash, NewCode};
use walletline_core::kernel::{
    ids::{CaseId, ChallengeId, ContactId, ErrandId, IdSource, RefundId, StaffId},
    phrase::Words,
    pii::Pii,
    subject::Subject,
    time::Wall,
};
use walletline_core::money::NewRefund;
use walletline_core::pass::PassHash;
use walletline_core::wallet::NewOperation;
use zeroize::Zeroizing;

/// Codes there are: six digits.
const CODES: u32 = 1_000_000;

/// The first code that is carried over to an app, and how many there are.
const TRANSFER_FIRST: u32 = 100;
const TRANSFER_CODES: u32 = 900;

/// The first code of a call pass, and how many there are.
const PASS_FIRST: u32 = 300_000;
const PASS_CODES: u32 = 600_000;

/// Hexadecimal digits of a tracking token: 128 bits, so that a link fits a text message.
const TRACKING_CHARS: usize = 32;

/// Makes names.
pub struct Names {
    ids: Mutex<IdSource>,
    codes: Zeroizing<[u8; KEY_BYTES]>,
    subjects: Zeroizing<[u8; KEY_BYTES]>,
    passes: Zeroizing<[u8; KEY_BYTES]>,
    callbacks: Zeroizing<[u8; KEY_BYTES]>,
    tracking: Zeroizing<[u8; KEY_BYTES]>,
}

/// The operating system gives no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

impl Names {
    /// Names under the keys of a keyring.
    #[must_use]
    pub fn new(keyring: &Keyring, ids: IdSource) -> Self {
        let codes = Zeroizing::new(keyring.derive(keyring::CODE));
        let subjects = Zeroizing::new(keyring.derive(keyring::SUBJECT));
        let passes = Zeroizing::new(keyring.derive(keyring::PASS));
        let callbacks = Zeroizing::new(keyring.derive(keyring::WALLET_CALLBACK));
        let tracking = Zeroizing::new(keyring.derive(keyring::TRACKING));
        Self { ids: Mutex::new(ids), codes, subjects, passes, callbacks, tracking }
    }

    /// The next identifier.
    pub fn id<T: From<u128>>(&self, at: Wall) -> T {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).next(at)
    }

    /// A customer of a wallet as a keyed hash.
    #[must_use]
    pub fn subject(&self, wallet: &str, msisdn: &Pii<String>) -> Subject {
        Subject::new(hash(&self.subjects, &[wallet, msisdn.expose()]))
    }

    /// A calling number as a keyed hash.
    #[must_use]
    pub fn caller(&self, trunk: &str, caller: &Pii<String>) -> String {
        format!("caller:{}", hash(&self.subjects, &["caller", trunk, caller.expose()]))
    }

    /// The hash of a code sent under a challenge.
    #[must_use]
    pub fn code_hash(&self, challenge: ChallengeId, code: &Pii<String>) -> CodeHash {
        CodeHash::new(hash(&self.codes, &[&challenge.to_string(), code.expose()]))
    }

    /// A fresh code.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn code(&self, challenge: ChallengeId, at: Wall) -> Result<NewCode, NoRandomness> {
        let code = Pii::new(format!("{:06}", below(CODES)?));
        let hash = self.code_hash(challenge, &code);
        Ok(NewCode { challenge, errand: self.id(at), code, hash })
    }

    /// A fresh code to be carried over to an app: three digits, the first of them no zero, so that it is read out and typed as it is.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn transfer_code(&self) -> Result<Pii<String>, NoRandomness> {
        Ok(Pii::new((TRANSFER_FIRST + below(TRANSFER_CODES)?).to_string()))
    }

    /// A fresh code of a call pass: six digits, the first from 3 to 8, so that it can be told from a language, a person and a freeze.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn pass_code(&self) -> Result<Pii<String>, NoRandomness> {
        Ok(Pii::new((PASS_FIRST + below(PASS_CODES)?).to_string()))
    }

    /// The hash by which a call pass is found.
    #[must_use]
    pub fn pass_hash(&self, wallet: &str, code: &Pii<String>) -> PassHash {
        PassHash::new(hash(&self.passes, &[wallet, code.expose()]))
    }

    /// A new act on a wallet, with its idempotency key.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn operation(&self, at: Wall) -> Result<NewOperation, NoRandomness> {
        Ok(NewOperation { id: self.id(at), key: uuid()? })
    }

    /// A new refund, with the key under which its wallet will know it; `request` is what names the request that asks for it, and what
    /// that request says.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn refund(&self, case: CaseId, request: (String, String), at: Wall) -> Result<NewRefund, NoRandomness> {
        let (request_key, request_digest) = request;
        Ok(NewRefund { id: self.id(at), key: uuid()?, request_key, request_digest, case })
    }

    /// What names a request of a customer's own: the question of their contact with this number.
    #[must_use]
    pub fn customers_request(&self, contact: ContactId, question: u64) -> String {
        hash(&self.subjects, &["customers_request", &contact.to_string(), &question.to_string()])
    }

    /// What names a form as it was filled in: the key of the page it stood on, and everything in it.
    #[must_use]
    pub fn form(&self, parts: &[&str]) -> String {
        hash(&self.subjects, &[&["form"], parts].concat())
    }

    /// A key for a page with a form, so that what is sent twice is known again.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn form_key(&self) -> Result<String, NoRandomness> {
        uuid()
    }

    /// What names a request of a person's own key: nobody else's request has it.
    #[must_use]
    pub fn request(&self, staff: StaffId, key: &str) -> String {
        hash(&self.subjects, &["request", &staff.to_string(), key])
    }

    /// The errand that watches a transaction: the same however often it is asked for.
    #[must_use]
    pub fn watch(&self, wallet: &str, transaction: &str) -> ErrandId {
        let hash = hash(&self.subjects, &["watch", wallet, transaction]);
        // A hash is 64 hexadecimal digits, so its first half is 128 bits.
        ErrandId::from(u128::from_str_radix(&hash[..32], 16).unwrap_or_default())
    }

    /// What a request says, as a hash.
    #[must_use]
    pub fn request_digest(&self, parts: &[&str]) -> String {
        hash(&self.subjects, parts)
    }

    /// What a wallet has to show when it calls back about a refund.
    #[must_use]
    pub fn callback_token(&self, refund: RefundId) -> String {
        hash(&self.callbacks, &[&refund.to_string()])
    }

    /// Whether somebody shows it. Takes as long for a wrong one as for a right one.
    #[must_use]
    pub fn is_callback_token(&self, refund: RefundId, shown: &str) -> bool {
        is_same(&self.callback_token(refund), shown)
    }

    /// What shows that a link to how something stands is ours, and good until then.
    #[must_use]
    pub fn tracking_token(&self, id: &str, until_s: i64) -> String {
        let mut token = hash(&self.tracking, &[id, &until_s.to_string()]);
        token.truncate(TRACKING_CHARS);
        token
    }

    /// Whether somebody shows it. Takes as long for a wrong one as for a right one.
    #[must_use]
    pub fn is_tracking_token(&self, id: &str, until_s: i64, shown: &str) -> bool {
        is_same(&self.tracking_token(id, until_s), shown)
    }

    /// Words for a phrase.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn words(&self) -> Result<Words, NoRandomness> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Words::draw(u64::from_le_bytes(bytes)))
    }

    /// A new case with its reference; `keep` is how long the wallet's cases keep recordings.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn case(&self, keep: Keep, at: Wall) -> Result<NewCase, NoRandomness> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(NewCase { id: self.id(at), reference: Reference::draw(u64::from_le_bytes(bytes)), keep })
    }
}

/// A random number below `bound`, each as likely as the others.
fn below(bound: u32) -> Result<u32, NoRandomness> {
    // What lies past the last whole multiple would make small numbers likelier.
    let limit = u32::MAX - u32::MAX % bound;
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        let number = u32::from_le_bytes(bytes);
        if number < limit {
            return Ok(number % bound);
        }
    }
}

/// A random UUID (RFC 9562, version 4).
pub(super) fn uuid() -> Result<String, NoRandomness> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

/// Compares in a time that does not tell where two differ.
fn is_same(known: &str, shown: &str) -> bool {
    let differs = known.bytes().zip(shown.bytes()).fold(0, |differs, (known, shown)| differs | (known ^ shown));
    shown.len() == known.len() && differs == 0
}

fn hash(key: &[u8; KEY_BYTES], parts: &[&str]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hashed_cannot_be_shifted_between_its_parts() {
        let key = [7; KEY_BYTES];
        assert_ne!(hash(&key, &["ab", "c"]), hash(&key, &["a", "bc"]));
        assert_eq!(hash(&key, &["a"]).len(), 64);
    }

    #[test]
    fn a_uuid_is_one() {
        let text = uuid().unwrap();
        assert_eq!((text.len(), &text[14..15]), (36, "4"));
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
    }
}
