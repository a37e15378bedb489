//! A key for each file of somebody, and the seal under which it stands in its row: ChaCha20-Poly1305 under a key that follows from the master
//! key and is used for one kind of file, bound to the row. Whoever reads the database and the files reads nothing of them.

use crate::keyring::KEY_BYTES;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Nonce, Payload};
use std::fmt::Write as _;
use walletline_core::kernel::wrapped_key::WrappedKey;
use zeroize::Zeroizing;

/// Opens every sealed key, so that another way of sealing can be told from this one.
const VERSION: &str = "1:";

/// Bytes of a nonce. Random ones stay apart for 2^32 files.
const NONCE_BYTES: usize = 12;

/// Seals and opens data keys.
pub(crate) struct Keys {
    current: ChaCha20Poly1305,
    /// Of the master key before the last change: it opens what was sealed then, and seals nothing.
    previous: Option<ChaCha20Poly1305>,
}

fn cipher(key: [u8; KEY_BYTES]) -> ChaCha20Poly1305 {
    let key = Zeroizing::new(key);
    ChaCha20Poly1305::new((&*key).into())
}

impl Keys {
    pub(crate) fn new(current: [u8; KEY_BYTES], previous: Option<[u8; KEY_BYTES]>) -> Self {
        Self { current: cipher(current), previous: previous.map(cipher) }
    }

    /// Draws a key for the file of this row. None where the system gives no randomness.
    pub(crate) fn draw(&self, row: &str) -> Option<(Zeroizing<[u8; KEY_BYTES]>, WrappedKey)> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut *key).ok()?;
        getrandom::fill(&mut nonce).ok()?;
        let sealed = self.current.encrypt(&nonce.into(), Payload { msg: &*key, aad: row.as_bytes() }).ok()?;
        let text = nonce.iter().chain(&sealed).fold(VERSION.to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Some((key, WrappedKey::new(text)))
    }

    /// Opens the key of the file of this row.
    pub(crate) fn unwrap(&self, row: &str, wrapped: &WrappedKey) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
        let bytes = from_hex(wrapped.sealed().strip_prefix(VERSION)?)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::<ChaCha20Poly1305>::try_from(nonce).ok()?;
        let open = |cipher: &ChaCha20Poly1305| cipher.decrypt(&nonce, Payload { msg: sealed, aad: row.as_bytes() }).ok();
        let plain = Zeroizing::new(open(&self.current).or_else(|| self.previous.as_ref().and_then(open))?);
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        if plain.len() != KEY_BYTES {
            return None;
        }
        key.copy_from_slice(&plain);
        Some(key)
    }
}

/// Bytes that were written as hexadecimal digits; none for anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.chars().map(digit).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_for_its_row_under_its_master_key_alone() {
        let keys = Keys::new([1; KEY_BYTES], None);
        let (key, wrapped) = keys.draw("7").unwrap();
        assert_eq!(keys.unwrap("7", &wrapped), Some(key.clone()));
        assert_eq!(keys.unwrap("8", &wrapped), None);
        assert_eq!(Keys::new([2; KEY_BYTES], None).unwrap("7", &wrapped), None);
        let changed = Keys::new([2; KEY_BYTES], Some([1; KEY_BYTES]));
        assert_eq!(changed.unwrap("7", &wrapped), Some(key.clone()), "after a change of the master key");
        assert_eq!(keys.unwrap("8", &changed.draw("8").unwrap().1), None, "what is new is sealed under the new one");
        assert!(keys.draw("7").unwrap().0 != key, "each has its own");
        for text in ["", "1:", "1:00", "1:zz", "2:00"] {
            assert_eq!(keys.unwrap("7", &WrappedKey::new(text.to_owned())), None, "{text}");
        }
    }
}
