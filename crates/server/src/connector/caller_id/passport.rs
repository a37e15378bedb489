//! Whether a signed statement about a calling number holds for this call: numbers, time, certificate, signature (RFC 8224 section 6.2,
//! RFC 8588, ATIS-1000074). Every reason not to believe it has a name. Fetches nothing and reads no clock.

use super::certificates::NoCertificate;
use super::der::{Covers, covers};
use crate::connector::number::{Form, normalise};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use std::time::Duration;
use walletline_voice::{BadPassport, Passport};
use webpki::{EndEntityCert, Error as ChainError, KeyUsage};

/// How old a statement may be, and how far ahead a clock (RFC 8224 section 6.2.3 wants an interval; SHAKEN's is 60 s).
const AGE_MAX_S: u64 = 60;

/// How the authorities of telephone numbers sign certificates.
static CHAIN_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::aws_lc_rs::ECDSA_P256_SHA256,
    webpki::aws_lc_rs::ECDSA_P256_SHA384,
    webpki::aws_lc_rs::ECDSA_P384_SHA256,
    webpki::aws_lc_rs::ECDSA_P384_SHA384,
];

/// Why a statement is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(BadPassport),
    /// It was not made for a call of now.
    #[error("it was not signed within a minute")]
    Stale,
    /// It speaks of another number than the one shown.
    #[error("it is about another calling number")]
    OtherCaller,
    /// It was made for a call to somebody else.
    #[error("it is for a call to another number")]
    OtherCallee,
    /// There is no certificate to check it with.
    #[error("{0}")]
    NoCertificate(#[from] NoCertificate),
    /// The certificate is not of now.
    #[error("its certificate has expired, or is not valid yet")]
    Expired,
    /// The certificate leads to nobody who is believed.
    #[error("its certificate leads to none of the authorities in [stir] anchors")]
    Untrusted,
    /// The certificate is for other numbers.
    #[error("its certificate is not for this calling number")]
    NotCovered,
    /// The certificate limits what may be signed with it, and the limit is not understood here.
    #[error("its certificate limits what it may sign, which is not read here")]
    Constrained,
    /// The signature is not the certificate's.
    #[error("its signature is wrong")]
    WrongSignature,
    /// Too many calls were being checked, or it took too long.
    #[error("there was no time to check it")]
    NoTime,
}

/// The call that a statement is to be about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// The number shown; where it is withheld, the one that the network asserts, if it does.
    pub(super) caller: &'a str,
    /// The numbers it was made to; empty ones are none.
    pub(super) callees: [&'a str; 3],
    /// How the customers of the line write their numbers.
    pub(super) forms: &'a [Form],
    /// When it arrived, seconds since the Unix epoch.
    pub(super) at_s: i64,
}

/// What needs no certificate.
pub(super) fn fits(passport: &Passport, call: &Call<'_>) -> Result<(), Refusal> {
    if passport.issued_at_s.abs_diff(call.at_s) > AGE_MAX_S {
        return Err(Refusal::Stale);
    }
    // A number that is shown to nobody cannot be another one.
    if !call.caller.is_empty() && !is_same(&passport.orig, call.caller, call.forms) {
        return Err(Refusal::OtherCaller);
    }
    let called = |number: &String| call.callees.iter().any(|callee| is_same(number, callee, call.forms));
    if passport.dest.iter().any(called) { Ok(()) } else { Err(Refusal::OtherCallee) }
}

/// Whether the signature is that of a certificate which leads to an anchor and may speak for the number.
pub(super) fn is_signed(
    passport: &Passport,
    chain: &[CertificateDer<'static>],
    anchors: &[TrustAnchor<'_>],
    at_s: i64,
) -> Result<(), Refusal> {
    let (leaf, others) = chain.split_first().ok_or(Refusal::Untrusted)?;
    let leaf = EndEntityCert::try_from(leaf).map_err(|_| Refusal::Untrusted)?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at_s).unwrap_or(0)));
    // These certificates name no extended use (RFC 8226). One that is for servers is none of them, whoever issued it.
    let usage = KeyUsage::client_auth();
    let path =
        leaf.verify_for_usage(CHAIN_ALGORITHMS, anchors, others, time, usage, None, None).map_err(|error| match error {
            ChainError::CertExpired { .. } | ChainError::CertNotValidYet { .. } => Refusal::Expired,
            _ => Refusal::Untrusted,
        })?;
    let number = plain(&passport.orig).ok_or(Refusal::NotCovered)?;
    let authorities = path.intermediate_certificates().map(|authority| authority.der());
    for certificate in std::iter::once(leaf.der()).chain(authorities) {
        match covers(&certificate, &number) {
            Covers::Yes => {}
            Covers::No | Covers::Unreadable => return Err(Refusal::NotCovered),
            Covers::Constrained => return Err(Refusal::Constrained),
        }
    }
    let key = leaf.subject_public_key_info();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_ref())
        .verify(passport.signed.as_bytes(), &passport.signature)
        .map_err(|_| Refusal::WrongSignature)
}

/// Whether two spellings are one number (RFC 8224 section 8.3): digit by digit, or once a national number has its country.
fn is_same(signed: &str, shown: &str, forms: &[Form]) -> bool {
    let (Some(signed), Some(plainly)) = (plain(signed), plain(shown)) else { return false };
    signed == plainly || normalise(shown, forms).is_some_and(|number| number.expose().strip_prefix('+') == Some(&signed))
}

/// The digits of a number, its country first where it has one: without plus, zeros of the international prefix, and what people put
/// between digits. None where something else is in it.
fn plain(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.trim().chars() {
        match c {
            '0'..='9' | '*' | '#' => digits.push(c),
            '+' if digits.is_empty() => {}
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => return None,
        }
    }
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    (!digits.is_empty()).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests;
