//! What an INVITE says for its calling number, taken apart: the Identity field's PASSporT (RFC 8224, 8225, 8588) and the verdict that a
//! carrier wrote beside the number (`verstat`, 3GPP TS 24.229). Reads, and believes nothing: no signature is checked here, no
//! certificate fetched, no number compared. Never panics on any text.

use crate::sip::address::split_list;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Longest Identity that is read. One of SHAKEN has 600 to 900 characters.
const IDENTITY_BYTES_MAX: usize = 4096;

/// Identities of one INVITE that are read. Carriers send one; a call that was forwarded has one more, of another kind.
const IDENTITIES_MAX: usize = 4;

/// Numbers that one token may be for. A call has one.
const DESTINATIONS_MAX: usize = 16;

/// The signature of ES256: two numbers of 32 bytes (RFC 7518 section 3.4).
const SIGNATURE_BYTES: usize = 64;

/// What an INVITE says for its calling number. All of it is the sender's word until somebody checks it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouching {
    /// Its Identity fields as far as they are SHAKEN's, in order.
    pub identities: Vec<Result<Passport, BadPassport>>,
    /// The number in P-Asserted-Identity; empty without one.
    pub asserted: String,
    /// User part of the Request-URI, as it came.
    pub dialled: String,
    /// User part of To: the number that was dialled before anybody forwarded the call.
    pub to: String,
    /// What a network before us says that it found.
    pub verstat: Option<Verstat>,
}

/// A signed statement about a calling number: a PASSporT of the extension `shaken`, taken apart and unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passport {
    /// What is signed: header and claims as they came, with the dot between them.
    pub signed: String,
    /// The signature, 64 bytes as ES256 has them.
    pub signature: Vec<u8>,
    /// Where its certificate is (`x5u`).
    pub certificate_url: String,
    /// How far the signer vouches for the number.
    pub attestation: Attestation,
    /// The calling number.
    pub orig: String,
    /// The numbers called.
    pub dest: Vec<String>,
    /// When it was signed, seconds since the Unix epoch.
    pub issued_at_s: i64,
}

/// How far a carrier vouches for a calling number (RFC 8588 section 4), the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Attestation {
    /// Full: it knows the caller, and that the number is theirs.
    A,
    /// Partial: it knows the caller, not the number.
    B,
    /// Gateway: it knows from where the call entered, nothing more.
    C,
}

/// A carrier's own verdict, as it stands beside the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verstat {
    /// `TN-Validation-Passed`, with the attestation where one is named.
    Passed(Option<Attestation>),
    /// `TN-Validation-Failed`.
    Failed,
    /// `No-TN-Validation`.
    NotValidated,
}

/// Why an Identity field is no PASSporT that could be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum BadPassport {
    /// Above the limit on its length.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts with dots between them.
    #[error("the token does not have three parts")]
    NotAToken,
    /// Header and claims are left out; SHAKEN sends them (RFC 8588 section 3).
    #[error("the token is in the compact form")]
    Compact,
    /// A part is not base64url.
    #[error("a part of the token is not base64url")]
    NotBase64,
    /// Header or claims are not the JSON that RFC 8225 wants.
    #[error("header or claims are not as RFC 8225 wants them")]
    NotJson,
    /// Signed with something else than ES256.
    #[error("the token is not signed with ES256")]
    WrongAlgorithm,
    /// Header of the token and parameters of the field contradict each other.
    #[error("the token and the parameters beside it disagree")]
    Contradictory,
    /// No `x5u`.
    #[error("the token does not say where its certificate is")]
    NoCertificate,
    /// No `attest` of A, B or C.
    #[error("the token attests nothing")]
    NoAttestation,
    /// No calling number.
    #[error("the token names no calling number")]
    NoOrigin,
    /// No called number, or too many.
    #[error("the token names no called number")]
    NoDestination,
    /// `iat` is missing or is not a JSON number (erratum 6656 to RFC 8225).
    #[error("the token's iat is not a number")]
    NoIssueTime,
    /// The signature has not the length of ES256's.
    #[error("the signature has the wrong length")]
    BadSignature,
}

/// The protected header (RFC 8225 section 4, RFC 8588 section 3).
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    ppt: Option<String>,
    x5u: Option<String>,
    // An extension that must be understood (RFC 7515 section 4.1.11), and none is.
    crit: Option<serde::de::IgnoredAny>,
}

/// The claims (RFC 8225 section 5, RFC 8588 section 4).
#[derive(Deserialize)]
struct Claims {
    attest: Option<String>,
    orig: Option<Origin>,
    dest: Option<Destination>,
    iat: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Origin {
    tn: Option<String>,
}

#[derive(Deserialize)]
struct Destination {
    #[serde(default)]
    tn: Vec<String>,
}

/// The Identity fields of an INVITE that are SHAKEN's, in order. Those of other kinds (`div`, `rph`, `rcd`) say nothing of the
/// calling number and are passed over.
pub(crate) fn read_identities<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<Result<Passport, BadPassport>> {
    fields.flat_map(split_list).filter_map(read_identity).take(IDENTITIES_MAX).collect()
}

/// One value of an Identity field: `header.claims.signature;info=<url>;alg=ES256;ppt=shaken`. `None` where it is of another kind.
pub(crate) fn read_identity(value: &str) -> Option<Result<Passport, BadPassport>> {
    let (token, parameters) = value.split_once(';').unwrap_or((value, ""));
    let named = parameter(parameters, "ppt");
    if named.is_some_and(|kind| !kind.eq_ignore_ascii_case(SHAKEN)) {
        return None;
    }
    if value.len() > IDENTITY_BYTES_MAX {
        return Some(Err(BadPassport::TooLong));
    }
    match read_token(token.trim(), parameters) {
        // A token that names no extension, beside which none is named either: RFC 8225's own, without an attestation.
        Ok(None) if named.is_none() => None,
        Ok(None) => Some(Err(BadPassport::Contradictory)),
        Ok(Some(passport)) => Some(Ok(passport)),
        Err(bad) => Some(Err(bad)),
    }
}

const SHAKEN: &str = "shaken";

/// `None` for a token of another kind.
fn read_token(token: &str, parameters: &str) -> Result<Option<Passport>, BadPassport> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(BadPassport::NotAToken);
    };
    if header.is_empty() && claims.is_empty() {
        return Err(BadPassport::Compact);
    }
    let Header { alg, typ, ppt, x5u, crit } = json(header)?;
    if ppt.as_deref() != Some(SHAKEN) {
        return Ok(None);
    }
    if crit.is_some() || typ.is_some_and(|typ| typ != "passport") {
        return Err(BadPassport::NotJson);
    }
    if alg != "ES256" {
        return Err(BadPassport::WrongAlgorithm);
    }
    let certificate_url = x5u.filter(|url| !url.is_empty()).ok_or(BadPassport::NoCertificate)?;
    let told = |name, own: &str| parameter(parameters, name).is_none_or(|told| told == own);
    if !told("alg", "ES256") || !told("info", &certificate_url) {
        return Err(BadPassport::Contradictory);
    }
    let Claims { attest, orig, dest, iat } = json(claims)?;
    let attestation = attest.as_deref().and_then(Attestation::named).ok_or(BadPassport::NoAttestation)?;
    let orig = orig.and_then(|orig| orig.tn).filter(|number| !number.is_empty()).ok_or(BadPassport::NoOrigin)?;
    let dest = dest.map(|dest| dest.tn).filter(|numbers| (1..=DESTINATIONS_MAX).contains(&numbers.len()));
    let dest = dest.ok_or(BadPassport::NoDestination)?;
    let issued_at_s = iat.as_ref().and_then(whole_seconds).ok_or(BadPassport::NoIssueTime)?;
    let signature_text = signature;
    let signature = base64(signature_text)?;
    if signature.len() != SIGNATURE_BYTES {
        return Err(BadPassport::BadSignature);
    }
    let signed = token[..token.len() - signature_text.len() - 1].to_owned();
    Ok(Some(Passport { signed, signature, certificate_url, attestation, orig, dest, issued_at_s }))
}

fn base64(part: &str) -> Result<Vec<u8>, BadPassport> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| BadPassport::NotBase64)
}

fn json<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, BadPassport> {
    serde_json::from_slice(&base64(part)?).map_err(|_| BadPassport::NotJson)
}

/// A NumericDate (RFC 7519 section 2) may have a fraction, which is dropped.
fn whole_seconds(value: &serde_json::Value) -> Option<i64> {
    let number = value.as_number()?;
    #[expect(clippy::cast_possible_truncation, reason = "what does not fit saturates, and is refused for its age")]
    number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
}

/// A parameter of an Identity field, without the quotes or brackets around its value.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = parameters;
    while !rest.is_empty() {
        let end = end_of_parameter(rest);
        let (key, value) = rest[..end].split_once('=').unwrap_or((&rest[..end], ""));
        if key.trim().eq_ignore_ascii_case(name) {
            let value = value.trim();
            let bare = |open, close| value.strip_prefix(open).and_then(|value| value.strip_suffix(close));
            return Some(bare('<', '>').or_else(|| bare('"', '"')).unwrap_or(value));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    None
}

/// A `;` within brackets belongs to the address in them.
fn end_of_parameter(text: &str) -> usize {
    let mut within = false;
    let end = text.bytes().position(|byte| {
        match byte {
            b'<' => within = true,
            b'>' => within = false,
            _ => {}
        }
        byte == b';' && !within
    });
    end.unwrap_or(text.len())
}

impl Attestation {
    fn named(text: &str) -> Option<Self> {
        match text {
            "A" => Some(Self::A),
            "B" => Some(Self::B),
            "C" => Some(Self::C),
            _ => None,
        }
    }
}

impl Verstat {
    /// The value of a `verstat` parameter, and of a P-Attestation-Indicator where there is one. `None` for a word that is not known.
    pub(crate) fn read(verstat: &str, indicator: Option<&str>) -> Option<Self> {
        const PASSED: &str = "TN-Validation-Passed";
        let starts = |text: &str, with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        if starts(verstat, PASSED) {
            // Some write the attestation behind the verdict: `TN-Validation-Passed-A`.
            let behind = match &verstat[PASSED.len()..] {
                "" => None,
                level => Some(Attestation::named(level.strip_prefix('-')?)?),
            };
            return Some(Self::Passed(behind.or_else(|| Attestation::named(indicator?.trim()))));
        }
        if starts(verstat, "TN-Validation-Failed") {
            return Some(Self::Failed);
        }
        verstat.eq_ignore_ascii_case("No-TN-Validation").then_some(Self::NotValidated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://sti.example/cert.pem";
    const HEADER: &str = r#"{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"https://sti.example/cert.pem"}"#;
    const CLAIMS: &str = r#"{"attest":"A","dest":{"tn":["12155550113"]},"iat":1795000000,"orig":{"tn":"12155550112"},"origid":"123e4567-e89b-12d3-a456-426655440000"}"#;

    fn token(header: &str, claims: &str) -> String {
        let part = |text: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(header.as_bytes()), part(claims.as_bytes()), part(&[7; 64]))
    }

    #[test]
    fn a_token_is_taken_apart() {
        let token = token(HEADER, CLAIMS);
        let value = format!("{token};info=<{URL}>;alg=ES256;ppt=\"shaken\"");
        let passport = read_identity(&value).unwrap().unwrap();
        assert_eq!(passport.signed, token.rsplit_once('.').unwrap().0);
        assert_eq!(passport.certificate_url, URL);
        assert_eq!((passport.attestation, passport.issued_at_s), (Attestation::A, 1_795_000_000));
        assert_eq!((passport.orig.as_str(), passport.dest.as_slice()), ("12155550112", &["12155550113".to_owned()][..]));
        let bare = read_identity(&token).unwrap();
        assert_eq!(bare, Ok(passport.clone()), "the parameters say nothing that the token does not");
        let both = format!("{value}, {value}");
        assert_eq!(read_identities([both.as_str(), "x.y.z;ppt=div"].into_iter()), [Ok(passport.clone()), Ok(passport)]);
    }

    #[test]
    fn what_is_no_token_of_shaken_is_refused_by_name() {
        use BadPassport as Bad;
        let changed = |from: &str, to: &str| {
            let (header, claims) = (HEADER.replace(from, to), CLAIMS.replace(from, to));
            assert_ne!((header.as_str(), claims.as_str()), (HEADER, CLAIMS), "{from}");
            format!("{};ppt=shaken", token(&header, &claims))
        };
        let good = token(HEADER, CLAIMS);
        for (value, why) in [
            (format!("{};ppt=shaken", "x".repeat(5000)), Bad::TooLong),
            ("a.b;ppt=shaken".to_owned(), Bad::NotAToken),
            ("a.b.c.d".to_owned(), Bad::NotAToken),
            ("..c2ln;ppt=shaken".to_owned(), Bad::Compact),
            ("a!.b.c".to_owned(), Bad::NotBase64),
            ("bm8.bm8.bm8".to_owned(), Bad::NotJson),
            (changed("ES256", "none"), Bad::WrongAlgorithm),
            (changed("ES256", "HS256"), Bad::WrongAlgorithm),
            (changed("\"typ\"", "\"crit\":[\"x\"],\"typ\""), Bad::NotJson),
            (changed("\"alg\"", "\"alg\":\"none\",\"alg\""), Bad::NotJson),
            (changed("\"x5u\"", "\"x5c\""), Bad::NoCertificate),
            (changed("\"attest\":\"A\"", "\"attest\":\"a\""), Bad::NoAttestation),
            (changed("\"orig\":{\"tn\"", "\"orig\":{\"uri\""), Bad::NoOrigin),
            (changed("[\"12155550113\"]", "[]"), Bad::NoDestination),
            (changed("1795000000", "\"1795000000\""), Bad::NoIssueTime),
            (changed("\"iat\":1795000000,", ""), Bad::NoIssueTime),
            (changed("\"ppt\":\"shaken\"", "\"ppt\":\"div\""), Bad::Contradictory),
            (format!("{good};info=<https://elsewhere.example/c>"), Bad::Contradictory),
            (format!("{good};alg=RS256"), Bad::Contradictory),
            (format!("{}A;ppt=shaken", &good[..good.len() - 3]), Bad::BadSignature),
        ] {
            assert_eq!(read_identity(&value), Some(Err(why)), "{value}");
        }
        assert_eq!(read_identity(&format!("{good};ppt=div")), None);
        let plain = token(&HEADER.replace("\"ppt\":\"shaken\",", ""), CLAIMS);
        assert_eq!(read_identity(&plain), None, "RFC 8225's own");
    }

    #[test]
    fn a_time_may_have_a_fraction() {
        for (text, seconds) in [("12", Some(12)), ("12.9", Some(12)), ("-1.5", Some(-2)), ("\"12\"", None), ("null", None)] {
            assert_eq!(whole_seconds(&serde_json::from_str(text).unwrap()), seconds, "{text}");
        }
    }

    #[test]
    fn a_carriers_verdict_is_one_of_three_words() {
        use Attestation::{A, B, C};
        for (verstat, indicator, read) in [
            ("TN-Validation-Passed", None, Some(Verstat::Passed(None))),
            ("TN-Validation-Passed", Some("A"), Some(Verstat::Passed(Some(A)))),
            ("tn-validation-passed", Some(" C "), Some(Verstat::Passed(Some(C)))),
            ("TN-Validation-Passed-B", Some("A"), Some(Verstat::Passed(Some(B)))),
            ("TN-Validation-Passed", Some("D"), Some(Verstat::Passed(None))),
            ("TN-Validation-Passed-D", None, None),
            ("TN-Validation-Failed", Some("A"), Some(Verstat::Failed)),
            ("TN-Validation-Failed-B", None, Some(Verstat::Failed)),
            ("No-TN-Validation", None, Some(Verstat::NotValidated)),
            ("", None, None),
            ("TN-Validation", None, None),
        ] {
            assert_eq!(Verstat::read(verstat, indicator), read, "{verstat} {indicator:?}");
        }
    }
}
