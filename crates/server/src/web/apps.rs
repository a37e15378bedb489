//! What the servers of wallets' apps may ask: believed by their signature alone, once, and as often as an app has reason to. Whatever is
//! wrong with a question is refused in the same words, and costs the same to find out.

use super::auth::{Throttle, lock};
use crate::config::Wallet;
use crate::connector::messages::signature;
use crate::engine::Clock;
use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Mono, Span};

/// The header that names the wallet.
pub(crate) const WALLET: &str = "X-Walletline-Wallet";
/// The header that makes two questions of one second differ.
pub(crate) const NONCE: &str = "X-Walletline-Nonce";
/// Characters of a nonce: letters, digits, `-` and `_`.
const NONCE_CHARS: RangeInclusive<usize> = 16..=64;

/// How far the clock of an app's server may be from ours, in seconds.
const SKEW_MAX_S: i64 = 60;

/// Questions of one address that are not signed: thirty at once, then one in two seconds. Signed ones do not count.
const REFUSED: u32 = 30;
const REFUSED_REFILL: Span = Span::from_s(2);
/// Questions of one wallet: six hundred at once, then fifty in a second.
const ASKED: u32 = 600;
const ASKED_REFILL: Span = Span::from_ms(20);
/// Questions about one customer: twenty at once, then one in two seconds. A screen that is open asks every few seconds.
const ABOUT: u32 = 20;
const ABOUT_REFILL: Span = Span::from_s(2);

/// Signatures remembered so that no question is answered twice while it is fresh. What all wallets together may ask in that time is less;
/// when there are as many all the same, nobody is answered until some are old.
const SEEN_MAX: usize = 50_000;

/// A question as it came.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    /// The wallet it names.
    pub(crate) wallet: &'a str,
    /// Its nonce.
    pub(crate) nonce: &'a str,
    /// Its signature.
    pub(crate) signature: &'a str,
    /// `GET`.
    pub(crate) method: &'a str,
    /// Path and query as they were sent.
    pub(crate) target: &'a str,
}

impl Asking<'_> {
    /// What is signed beside the time, in order.
    const fn parts(&self) -> [&[u8]; 4] {
        [self.wallet.as_bytes(), self.method.as_bytes(), self.target.as_bytes(), self.nonce.as_bytes()]
    }

    /// The signature of this question, as an app's server makes it.
    pub(crate) fn sign(&self, key: &Pii<String>) -> String {
        signature::sign(key, Clock::unmoved(), &self.parts())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAnswered {
    /// Not signed by the wallet it names, or not lately, or before already.
    NotSigned,
    /// Too much is asked; how long to wait.
    TooMany(Span),
}

/// What was asked lately.
pub(crate) struct Apps {
    refused: Mutex<Throttle<IpAddr>>,
    asked: Mutex<Throttle<String>>,
    about: Mutex<Throttle<(String, String)>>,
    seen: Mutex<HashMap<[u8; 32], Mono>>,
    /// Stands in for the key of a wallet that has none, so that asking in its name takes as long.
    nobodys: Pii<String>,
}

impl Apps {
    /// With nothing asked yet.
    pub(crate) fn new() -> Self {
        let mut bytes = [0_u8; 32];
        // Without randomness the stand-in is known, and a known key is taken from nobody: see `admit`.
        let _known = getrandom::fill(&mut bytes);
        Self {
            refused: Mutex::new(Throttle::new(REFUSED, REFUSED_REFILL)),
            asked: Mutex::new(Throttle::new(ASKED, ASKED_REFILL)),
            about: Mutex::new(Throttle::new(ABOUT, ABOUT_REFILL)),
            seen: Mutex::default(),
            nobodys: Pii::new(walletline_core::kernel::hex::encode(&bytes)),
        }
    }

    /// The wallet whose app's server asks this.
    ///
    /// # Errors
    /// [`NotAnswered`].
    pub(crate) fn admit<'a>(
        &self,
        source: IpAddr,
        asking: Asking<'_>,
        wallets: &'a [Wallet],
        now: Mono,
    ) -> Result<&'a Wallet, NotAnswered> {
        lock(&self.refused).take(&source, now).map_err(NotAnswered::TooMany)?;
        let wallet = wallets.iter().find(|wallet| wallet.id == asking.wallet && !wallet.app_keys.is_empty());
        let keys = wallet.map_or_else(|| std::slice::from_ref(&self.nobodys), |wallet| wallet.app_keys.as_slice());
        let clock = (Clock::unmoved(), SKEW_MAX_S);
        // By the machine's own clock: the demo's may have been put forward, and the server's was not.
        let signed = keys.iter().find_map(|key| signature::check(key, asking.signature, clock, &asking.parts()).ok());
        let sound = NONCE_CHARS.contains(&asking.nonce.len()) && asking.nonce.bytes().all(is_of_nonce);
        let (Some(wallet), Some(tag), true) = (wallet, signed, sound) else { return Err(NotAnswered::NotSigned) };
        self.first(tag, now)?;
        lock(&self.refused).give_back(&source, now);
        lock(&self.asked).take(&wallet.id, now).map_err(NotAnswered::TooMany)?;
        Ok(wallet)
    }

    /// One more question about a customer.
    ///
    /// # Errors
    /// [`NotAnswered::TooMany`].
    pub(crate) fn about(&self, wallet: &str, msisdn: &Pii<String>, now: Mono) -> Result<(), NotAnswered> {
        lock(&self.about).take(&(wallet.to_owned(), msisdn.expose().clone()), now).map_err(NotAnswered::TooMany)
    }

    /// Remembers a signature that was not seen before.
    fn first(&self, tag: [u8; 32], now: Mono) -> Result<(), NotAnswered> {
        let fresh = Span::from_s(2 * SKEW_MAX_S.unsigned_abs() + 1);
        let mut seen = lock(&self.seen);
        if seen.contains_key(&tag) {
            return Err(NotAnswered::NotSigned);
        }
        if seen.len() >= SEEN_MAX {
            seen.retain(|_, at| now - *at < fresh);
            if seen.len() >= SEEN_MAX {
                return Err(NotAnswered::TooMany(fresh));
            }
        }
        seen.insert(tag, now);
        Ok(())
    }
}

const fn is_of_nonce(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
