//! Tokens of sessions and one-time links: 256 random bits for the browser, their SHA-256 for the store.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const TOKEN_BYTES: usize = 32;

/// A secret that opens something. Not `Debug`, so that it cannot be logged by accident.
pub(crate) struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// One that somebody shows. None when it cannot be one.
    pub(crate) fn shown(text: &str) -> Option<Self> {
        let lower_hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (text.len() == TOKEN_BYTES * 2 && lower_hex).then(|| Self(text.to_owned()))
    }

    /// The token itself, for the browser it belongs to.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it. A plain hash is enough: 256 random bits cannot be guessed, and looking a hash up tells nothing by
    /// its timing.
    pub(crate) fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

/// Bytes as small hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_by_its_hash_alone() {
        let token = Token::random().unwrap();
        let shown = Token::shown(token.expose()).unwrap();
        assert_eq!(shown.hash(), token.hash());
        assert_ne!(token.hash(), token.expose());
        assert_ne!(Token::random().unwrap().expose(), token.expose());
    }

    #[test]
    fn what_cannot_be_a_token_is_none() {
        let good = "0123456789abcdef".repeat(4);
        assert!(Token::shown(&good).is_some());
        for text in ["", "x", &good[1..], &good.to_uppercase(), &format!("{}é", &good[2..])] {
            assert!(Token::shown(text).is_none(), "{text}");
        }
    }
}
