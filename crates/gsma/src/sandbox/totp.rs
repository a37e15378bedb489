//! Time-based one-time passwords as the sandbox's customers use them: RFC 6238 with SHA-1, 30 s and six digits, one step to either side,
//! and no step twice.

use super::clock::SECOND_US;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How long one code stands.
const STEP_US: i64 = 30 * SECOND_US;

/// Steps to either side whose code is taken too: clocks differ, and keying takes a while.
const STEPS_ASIDE: i64 = 1;

/// Codes there are.
const CODES: u32 = 1_000_000;

/// The step whose code this is, newer than the last one that was taken; none when there is no such.
pub(super) fn step_of(secret: &str, code: &str, now_us: i64, last_step: i64) -> Option<i64> {
    let key = from_base32(secret)?;
    let step = now_us.div_euclid(STEP_US);
    let taken = |step: &i64| *step > last_step && at_step(&key, *step).is_some_and(|right| right == code);
    (step - STEPS_ASIDE..=step + STEPS_ASIDE).find(taken)
}

/// RFC 4226 section 5.3 over the step.
fn at_step(key: &[u8], step: i64) -> Option<String> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0x0f);
    let bytes: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % CODES))
}

/// RFC 4648 section 6, without padding.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len()));
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u32::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238 appendix B, `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_published_examples_come_out() {
        for (at_s, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(SECRET, code, at_s * SECOND_US, 0), Some(at_s / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_to_either_side_and_once() {
        let (code, step) = ("287082", 1);
        let at = |s: i64| s * SECOND_US;
        assert_eq!(step_of(SECRET, code, at(30), 0), Some(step));
        assert_eq!(step_of(SECRET, code, at(89), 0), Some(step), "a step late");
        assert_eq!(step_of(SECRET, code, at(0), 0), Some(step), "a step early");
        assert_eq!(step_of(SECRET, code, at(90), 0), None, "two steps late");
        assert_eq!(step_of(SECRET, code, at(59), step), None, "used before");
        for wrong in ["287083", "87082", "0287082", ""] {
            assert_eq!(step_of(SECRET, wrong, at(59), 0), None, "{wrong}");
        }
        assert_eq!(step_of("no base 32!", code, at(59), 0), None);
    }
}
