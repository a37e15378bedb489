//! Codes of authenticators: RFC 6238 over HMAC-SHA1, six digits, 30 s, as every authenticator computes them. All steps that could be
//! meant are computed and compared whatever the first one gives, so that timing tells nothing.

use hmac::{Hmac, KeyInit, Mac as _};
use sha1::Sha1;
use std::fmt::Write as _;
use subtle::ConstantTimeEq as _;
use walletline_core::kernel::time::Wall;
use zeroize::Zeroizing;

/// RFC 4226, section 4: 160 bits, as long as the hash.
pub(super) const SEED_BYTES: usize = 20;

/// Seconds of a step.
const STEP_S: u64 = 30;

/// Digits of a code.
const DIGITS: usize = 6;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator computes its codes from.
pub(crate) struct Seed(Zeroizing<[u8; SEED_BYTES]>);

impl Seed {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; SEED_BYTES]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// One that was kept. None when it cannot be one.
    pub(super) fn kept(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// As people type it into an authenticator: base 32 (RFC 4648), without padding, because 160 bits need none.
    pub(crate) fn base32(&self) -> Zeroizing<String> {
        let (groups, _) = self.0.as_chunks::<5>();
        let letters = groups.iter().flat_map(|group| {
            let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).rev().map(move |place| char::from(BASE32[usize::try_from(bits >> (place * 5) & 31).unwrap_or(0)]))
        });
        Zeroizing::new(letters.collect())
    }

    /// What a QR code for authenticators says. Neither name holds anything that would have to be escaped but spaces.
    pub(crate) fn address(&self, issuer: &str, user: &str) -> Zeroizing<String> {
        let issuer = escaped(issuer);
        Zeroizing::new(format!("otpauth://totp/{issuer}:{user}?secret={}&issuer={issuer}", &*self.base32()))
    }

    /// The step whose code this is: the present one, or the one before or after it for clocks that differ.
    pub(crate) fn step_of(&self, code: &str, now: Wall) -> Option<u64> {
        let present = u64::try_from(now.0 / 1_000_000).unwrap_or(0) / STEP_S;
        let shown: String = code.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
        let mut found = None;
        for step in [present.saturating_sub(1), present, present + 1] {
            if bool::from(self.code(step).as_bytes().ct_eq(shown.as_bytes())) {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step (RFC 4226, 5.3).
    fn code(&self, step: u64) -> String {
        let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(&*self.0).expect("HMAC takes a key of any length");
        let hash = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
        let start = usize::from(hash[hash.len() - 1] & 0x0f);
        let number = hash[start..start + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
        format!("{:0DIGITS$}", number % 10_u32.pow(6))
    }
}

/// A name in an address: whatever is not a letter or a digit of ASCII as `%XX`.
fn escaped(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            let _never_fails = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::kept(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA1; the last six of its eight digits.
        for (s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Wall(s * 1_000_000);
            assert_eq!(seed().step_of(code, now), Some(u64::try_from(s).unwrap() / 30), "{s}");
        }
    }

    #[test]
    fn a_step_on_either_side_is_taken_and_no_other() {
        let now = |s: i64| Wall((1_111_111_110 + s) * 1_000_000);
        // The code of the step that begins at 1,111,111,110.
        for (s, taken) in [(-31, false), (-30, true), (-1, true), (0, true), (29, true), (30, true), (59, true), (60, false)] {
            assert_eq!(seed().step_of("050471", now(s)).is_some(), taken, "{s}");
        }
        assert!(seed().step_of("050 471", now(0)).is_some(), "as authenticators show it");
        for wrong in ["", "050472", "50471", "0504711", "０５０４７１", &"0".repeat(10_000)] {
            assert_eq!(seed().step_of(wrong, now(0)), None, "{wrong}");
        }
    }

    #[test]
    fn a_seed_is_written_as_authenticators_read_it() {
        // echo -n 12345678901234567890 | base32
        assert_eq!(&*seed().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = seed().address("Jinqiao 金", "mia");
        let expected =
            "otpauth://totp/Jinqiao%20%E9%87%91:mia?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jinqiao%20%E9%87%91";
        assert_eq!(&*address, expected);
        assert_ne!(Seed::random().unwrap().bytes(), Seed::random().unwrap().bytes());
        assert!(Seed::kept(b"short").is_none());
    }
}
