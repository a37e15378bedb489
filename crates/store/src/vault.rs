//! The seal on what waits in the outbox: an errand names phone numbers, addresses and codes, and whoever reads the database or a
//! backup of it must read none of them. ChaCha20-Poly1305 (RFC 8439), opened only with the key and for the row it was made for.
//!
//! The key comes from outside, is set once, and leaves this file neither in a message nor in a `Debug`.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Nonce, Payload};
use std::fmt;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// Opens every sealed text, so that another way of sealing can be told from this one.
const VERSION: &str = "1:";

/// Bytes of a nonce. Random ones stay apart for 2^32 seals with one key: at a hundred errands a second, more than a year.
const NONCE_LEN: usize = 12;

/// Why something was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    /// No key was set.
    #[error("errands cannot be sealed: set the key with Store::seal_with first")]
    NoKey,
    /// The operating system gave no random bytes, or the text is longer than the cipher takes.
    #[error("an errand could not be sealed: the system gives no randomness, or the errand is too long")]
    NotSealed,
    /// Another key, another row, or changed by other hands.
    #[error("what was sealed does not open")]
    NotOpened,
}

/// The key, once it is known.
#[derive(Default)]
pub(crate) struct Vault(OnceLock<ChaCha20Poly1305>);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.has_key() { "Vault(key)" } else { "Vault(no key)" })
    }
}

impl Vault {
    /// Sets the key. The first one stays. The cipher wipes its own copy when it is dropped.
    pub(crate) fn set_key(&self, key: [u8; 32]) {
        let key = Zeroizing::new(key);
        let _ = self.0.set(ChaCha20Poly1305::new((&*key).into()));
    }

    pub(crate) fn has_key(&self) -> bool {
        self.0.get().is_some()
    }

    /// Seals a text for the row it stands in.
    pub(crate) fn seal(&self, row: &str, plain: &[u8]) -> Result<String, SealError> {
        let cipher = self.0.get().ok_or(SealError::NoKey)?;
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NotSealed)?;
        let payload = Payload { msg: plain, aad: row.as_bytes() };
        let sealed = cipher.encrypt(&nonce.into(), payload).map_err(|_| SealError::NotSealed)?;
        Ok(format!("{VERSION}{}{}", to_hex(&nonce), to_hex(&sealed)))
    }

    /// Opens what was sealed for this row.
    pub(crate) fn open(&self, row: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let cipher = self.0.get().ok_or(SealError::NoKey)?;
        let bytes = sealed.strip_prefix(VERSION).and_then(from_hex).ok_or(SealError::NotOpened)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or(SealError::NotOpened)?;
        let nonce = Nonce::<ChaCha20Poly1305>::try_from(nonce).map_err(|_| SealError::NotOpened)?;
        let payload = Payload { msg: sealed, aad: row.as_bytes() };
        cipher.decrypt(&nonce, payload).map(Zeroizing::new).map_err(|_| SealError::NotOpened)
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(key: u8) -> Vault {
        let vault = Vault::default();
        vault.set_key([key; 32]);
        vault
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_for_its_row_alone() {
        let (one, other) = (vault(1), vault(2));
        let sealed = one.seal("er_1", b"+8619000000001").unwrap();
        assert!(sealed.starts_with("1:") && !sealed.contains("8619000000001"), "{sealed}");
        assert_eq!(one.open("er_1", &sealed).unwrap().as_slice(), b"+8619000000001");
        assert_eq!(one.open("er_2", &sealed), Err(SealError::NotOpened));
        assert_eq!(other.open("er_1", &sealed), Err(SealError::NotOpened));
        assert_ne!(one.seal("er_1", b"+8619000000001").unwrap(), sealed, "no nonce is used twice");
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let vault = vault(1);
        let sealed = vault.seal("er_1", b"{}").unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(vault.open("er_1", &changed), Err(SealError::NotOpened), "{place}");
            assert_eq!(vault.open("er_1", &sealed[..place]), Err(SealError::NotOpened), "{place}");
        }
        for text in ["", "1:", "1:é", "1:+f", "{\"kind\":\"notify\"}"] {
            assert_eq!(vault.open("er_1", text), Err(SealError::NotOpened), "{text}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed_and_the_first_key_stays() {
        let vault = Vault::default();
        assert_eq!(vault.seal("er_1", b"{}"), Err(SealError::NoKey));
        assert_eq!(vault.open("er_1", "1:00"), Err(SealError::NoKey));
        assert_eq!(format!("{vault:?}"), "Vault(no key)");
        vault.set_key([1; 32]);
        let sealed = vault.seal("er_1", b"{}").unwrap();
        vault.set_key([2; 32]);
        assert!(vault.open("er_1", &sealed).is_ok());
        assert_eq!(format!("{vault:?}"), "Vault(key)");
    }
}
