//! What second factors are kept under: seeds and passkeys sealed with ChaCha20-Poly1305 for the person they belong to, recovery codes as keyed
//! hashes. Whoever reads the database logs in nowhere. Never logs a seed or a code.

use super::totp::Seed;
use crate::data_keys::from_hex;
use crate::keyring::{self, KEY_BYTES, Keyring};
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit, Nonce, Payload};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt::Write as _;
use subtle::ConstantTimeEq as _;
use walletline_core::agent::{RECOVERY_CODES, Secret};
use walletline_core::kernel::ids::StaffId;
use webauthn_rs::prelude::Passkey;
use zeroize::Zeroizing;

/// Opens every sealed seed, so that another way of sealing can be told from this one.
const VERSION: &str = "1:";

/// Bytes of a nonce. Random ones stay apart for 2^32 seeds.
const NONCE_BYTES: usize = 12;

/// Random bits of a recovery code: five of each of its sixteen characters, 80 in all.
const CODE_BYTES: usize = 10;

/// Crockford's base 32: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters between two hyphens of a recovery code.
const GROUP: usize = 4;

/// Longest text that is looked at as a recovery code.
const TYPED_CHARS_MAX: usize = 40;

/// The keys that follow from one master key.
struct Keys {
    seal: ChaCha20Poly1305,
    codes: Zeroizing<[u8; KEY_BYTES]>,
}

impl Keys {
    fn of(keyring: &Keyring) -> Self {
        let seal = Zeroizing::new(keyring.derive(keyring::STAFF_SEED));
        Self { seal: ChaCha20Poly1305::new((&*seal).into()), codes: Zeroizing::new(keyring.derive(keyring::STAFF_RECOVERY)) }
    }

    fn hash(&self, staff: StaffId, code: &str) -> Secret {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.codes).expect("HMAC takes a key of any length");
        Secret::new(hex(&mac.chain_update(format!("{staff}:{code}")).finalize().into_bytes()))
    }
}

/// Seals and opens seeds, draws and recognises recovery codes.
pub struct Factors {
    current: Keys,
    /// Of the master key before the last change: it opens and recognises what was kept then, and keeps nothing new.
    previous: Option<Keys>,
}

impl Factors {
    /// Under the keys of these master keys.
    #[must_use]
    pub fn new(keyring: &Keyring, previous: Option<&Keyring>) -> Self {
        Self { current: Keys::of(keyring), previous: previous.map(Keys::of) }
    }

    /// Seals a seed for its owner. None where the system gives no randomness.
    pub(crate) fn seal(&self, staff: StaffId, seed: &Seed) -> Option<Secret> {
        self.seal_for(&staff.to_string(), seed.bytes())
    }

    /// Opens the seed of this person.
    pub(crate) fn open(&self, staff: StaffId, sealed: &Secret) -> Option<Seed> {
        Seed::kept(&self.open_for(&staff.to_string(), sealed)?)
    }

    /// Seals what a passkey of this person is known by. None where the system gives no randomness.
    pub(crate) fn seal_passkey(&self, staff: StaffId, passkey: &Passkey) -> Option<Secret> {
        self.seal_for(&passkey_of(staff), &serde_json::to_vec(passkey).ok()?)
    }

    /// Opens what a passkey of this person is known by.
    pub(crate) fn open_passkey(&self, staff: StaffId, sealed: &Secret) -> Option<Passkey> {
        serde_json::from_slice(&self.open_for(&passkey_of(staff), sealed)?).ok()
    }

    /// Seals for one owner and use: what is sealed for another does not open.
    fn seal_for(&self, owner: &str, plain: &[u8]) -> Option<Secret> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let sealed = self.current.seal.encrypt(&nonce.into(), Payload { msg: plain, aad: owner.as_bytes() }).ok()?;
        Some(Secret::new(format!("{VERSION}{}{}", hex(&nonce), hex(&sealed))))
    }

    fn open_for(&self, owner: &str, sealed: &Secret) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = from_hex(sealed.expose().strip_prefix(VERSION)?)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::<ChaCha20Poly1305>::try_from(nonce).ok()?;
        let open = |keys: &Keys| keys.seal.decrypt(&nonce, Payload { msg: sealed, aad: owner.as_bytes() }).ok();
        Some(Zeroizing::new(open(&self.current).or_else(|| self.previous.as_ref().and_then(open))?))
    }

    /// New recovery codes: as their owner is shown them, once, and as they are kept. None where the system gives no randomness.
    pub(crate) fn draw_codes(&self, staff: StaffId) -> Option<(Vec<String>, Vec<Secret>)> {
        let mut shown = Vec::with_capacity(RECOVERY_CODES);
        let mut kept = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let mut bytes = Zeroizing::new([0; CODE_BYTES]);
            getrandom::fill(&mut *bytes).ok()?;
            let bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
            let places = (0..CODE_BYTES * 8 / 5).rev();
            let code: Vec<u8> = places.map(|place| ALPHABET[usize::try_from(bits >> (place * 5) & 31).unwrap_or(0)]).collect();
            let code = String::from_utf8_lossy(&code).into_owned();
            kept.push(self.current.hash(staff, &code));
            shown.push(code.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"));
        }
        Some((shown, kept))
    }

    /// Which of the kept codes was typed. Every one is compared, whichever it is.
    pub(crate) fn place_of(&self, staff: StaffId, typed: &str, kept: &[Secret]) -> Option<usize> {
        let code = read(typed);
        let mut found = None;
        for keys in [Some(&self.current), self.previous.as_ref()].into_iter().flatten() {
            let hash = keys.hash(staff, &code);
            for (place, known) in kept.iter().enumerate() {
                if bool::from(known.expose().as_bytes().ct_eq(hash.expose().as_bytes())) {
                    found = Some(place);
                }
            }
        }
        found
    }
}

/// Whom a passkey is sealed for: not what a seed of the same person is.
fn passkey_of(staff: StaffId) -> String {
    format!("{staff}:passkey")
}

/// A recovery code as it was meant: in any case, with or without hyphens, with letters for the digits they look like.
fn read(typed: &str) -> String {
    let plain = typed.chars().take(TYPED_CHARS_MAX).filter(|c| *c != '-' && !c.is_whitespace());
    plain
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(byte: u8) -> Keyring {
        Keyring::new(Zeroizing::new([byte; KEY_BYTES]))
    }

    #[test]
    fn a_seed_opens_for_its_owner_under_its_master_key_alone() {
        let (one, two) = (Factors::new(&keyring(1), None), Factors::new(&keyring(2), None));
        let seed = Seed::random().unwrap();
        let sealed = one.seal(7.into(), &seed).unwrap();
        let opened = |factors: &Factors, owner: u128| factors.open(owner.into(), &sealed).map(|seed| seed.bytes().to_vec());
        assert_eq!(opened(&one, 7), Some(seed.bytes().to_vec()));
        assert_eq!(opened(&one, 8), None);
        assert_eq!(opened(&two, 7), None);
        let changed = Factors::new(&keyring(2), Some(&keyring(1)));
        assert_eq!(opened(&changed, 7), Some(seed.bytes().to_vec()), "after a change of the master key");
        for text in ["", "1:", "1:00", "1:zz", "2:00"] {
            assert!(one.open(7.into(), &Secret::new(text.to_owned())).is_none(), "{text}");
        }
    }

    #[test]
    fn a_recovery_code_is_recognised_however_it_is_typed_and_for_its_owner_alone() {
        let factors = Factors::new(&keyring(1), None);
        let (shown, kept) = factors.draw_codes(7.into()).unwrap();
        assert_eq!((shown.len(), kept.len()), (RECOVERY_CODES, RECOVERY_CODES));
        assert!(shown.iter().all(|code| code.len() == 19 && !kept.iter().any(|hash| hash.expose().contains(code.as_str()))));
        let code = &shown[3];
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), format!(" {code} "), code.replace('0', "o")] {
            assert_eq!(factors.place_of(7.into(), &typed, &kept), Some(3), "{typed}");
        }
        assert_eq!(factors.place_of(8.into(), code, &kept), None);
        assert_eq!(factors.place_of(7.into(), &code[1..], &kept), None);
        assert_eq!(factors.place_of(7.into(), "", &kept), None);
        let changed = Factors::new(&keyring(2), Some(&keyring(1)));
        assert_eq!(changed.place_of(7.into(), code, &kept), Some(3), "after a change of the master key");
    }
}
