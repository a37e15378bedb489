//! Signatures on what is sent to a gateway, and on what one or a wallet's app sends to us: HMAC-SHA256 over the time and the parts, so that nobody else can
//! say it and nobody can say it again later. The header reads `t=<seconds>,v1=<hex>`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use walletline_core::kernel::{pii::Pii, time::Wall};

/// The header that carries a signature.
pub(crate) const HEADER: &str = "X-Walletline-Signature";

/// How far a gateway's clock may be from ours, in seconds; what is older was kept by somebody.
pub(crate) const SKEW_MAX_S: i64 = 300;

/// Why something signed is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSigned {
    /// No signature, or none that can be read.
    Missing,
    /// Too old, or from the future.
    Stale,
    /// Another key, or other words.
    Wrong,
}

fn mac(key: &Pii<String>, seconds: i64, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(seconds.to_string().as_bytes());
    for part in parts {
        mac.update(b"\n");
        mac.update(part);
    }
    mac
}

/// The header's value for these parts, said at this time.
#[must_use]
pub(crate) fn sign(key: &Pii<String>, at: Wall, parts: &[&[u8]]) -> String {
    let seconds = at.0.div_euclid(1_000_000);
    let tag = mac(key, seconds, parts).finalize().into_bytes();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// Checks the header's value, of a side whose clock may be so many seconds from ours. The tag is returned, by which a second telling of the
/// same is known.
///
/// # Errors
/// [`NotSigned`].
pub(crate) fn check(
    key: &Pii<String>,
    header: &str,
    (now, skew_max_s): (Wall, i64),
    parts: &[&[u8]],
) -> Result<[u8; 32], NotSigned> {
    let (time, tag) = header.split_once(',').ok_or(NotSigned::Missing)?;
    let seconds: i64 = time.trim().strip_prefix("t=").and_then(|t| t.parse().ok()).ok_or(NotSigned::Missing)?;
    let tag = tag.trim().strip_prefix("v1=").and_then(from_hex).ok_or(NotSigned::Missing)?;
    let right = mac(key, seconds, parts).verify_slice(&tag).is_ok();
    if !right {
        return Err(NotSigned::Wrong);
    }
    let apart = now.0.div_euclid(1_000_000).saturating_sub(seconds).saturating_abs();
    if apart > skew_max_s { Err(NotSigned::Stale) } else { Ok(tag) }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let text = text.as_bytes();
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_chunks::<2>().0) {
        let digit = |c: u8| (c as char).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_believed_for_a_while_and_with_its_key_alone() {
        let (key, other) = (Pii::new("secret".to_owned()), Pii::new("other".to_owned()));
        let (at, minute) = (Wall(1_000_000_000_000), 60_000_000);
        let header = sign(&key, at, &[b"er_1", b"{}"]);
        assert!(header.starts_with("t=1000000,v1="), "{header}");
        assert!(check(&key, &header, (at, SKEW_MAX_S), &[b"er_1", b"{}"]).is_ok());
        assert_eq!(check(&other, &header, (at, SKEW_MAX_S), &[b"er_1", b"{}"]), Err(NotSigned::Wrong));
        assert_eq!(check(&key, &header, (at, SKEW_MAX_S), &[b"er_2", b"{}"]), Err(NotSigned::Wrong));
        assert_eq!(
            check(&key, &header.replace("t=1000000", "t=1000001"), (at, SKEW_MAX_S), &[b"er_1", b"{}"]),
            Err(NotSigned::Wrong)
        );
        for apart in [6 * minute, -6 * minute] {
            assert_eq!(check(&key, &header, (Wall(at.0 + apart), SKEW_MAX_S), &[b"er_1", b"{}"]), Err(NotSigned::Stale));
        }
        for text in ["", "t=1", "t=x,v1=00", "v1=00,t=1", "t=1000000,v1=zz"] {
            assert_eq!(check(&key, text, (at, SKEW_MAX_S), &[b"er_1", b"{}"]), Err(NotSigned::Missing), "{text}");
        }
    }
}
