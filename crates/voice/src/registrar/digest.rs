//! Digest access authentication as SIP phones do it (RFC 2617 with MD5, with and without `qop=auth`), read from the header as
//! it was sent. Compares in constant time; never logs a value; never panics on any text.

use md5::{Digest as _, Md5};
use std::fmt::Write as _;
use subtle::ConstantTimeEq as _;

/// Parameters of one Authorization header, at most. RFC 2617 knows eleven.
const PARAMS_MAX: usize = 32;

/// An Authorization header taken apart. Values are unquoted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Authorization {
    pub(crate) username: String,
    pub(crate) realm: String,
    pub(crate) nonce: String,
    pub(crate) uri: String,
    pub(crate) response: String,
    pub(crate) algorithm: Option<String>,
    pub(crate) qop: Option<String>,
    pub(crate) nc: Option<String>,
    pub(crate) cnonce: Option<String>,
}

impl Authorization {
    /// Reads a header value. `None` unless it is a Digest with user, realm, nonce, uri and response, each at most once.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (scheme, params) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let params = parse_params(params)?;
        let once = |name: &str| {
            let mut found = params.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            let first = found.next();
            if found.next().is_some() { Err(()) } else { Ok(first.map(|(_, value)| value.clone())) }
        };
        let read = || -> Result<Option<Self>, ()> {
            let (Some(username), Some(realm), Some(nonce), Some(uri), Some(response)) =
                (once("username")?, once("realm")?, once("nonce")?, once("uri")?, once("response")?)
            else {
                return Ok(None);
            };
            let (algorithm, qop, nc, cnonce) = (once("algorithm")?, once("qop")?, once("nc")?, once("cnonce")?);
            Ok(Some(Self { username, realm, nonce, uri, response, algorithm, qop, nc, cnonce }))
        };
        read().ok().flatten()
    }

    /// The nonce count, for `qop=auth`: eight hexadecimal digits.
    pub(crate) fn count(&self) -> Option<u32> {
        let nc = self.nc.as_deref()?;
        (nc.len() == 8).then(|| u32::from_str_radix(nc, 16).ok()).flatten()
    }

    /// Whether `response` proves the password behind `ha1`, the hex MD5 of `user:realm:password`. The method is the request's.
    pub(crate) fn proves(&self, method: &str, ha1: &str) -> bool {
        let ha2 = md5_hex(&[method, &self.uri]);
        let wanted = match (self.qop.as_deref(), &self.nc, &self.cnonce) {
            (None, ..) => md5_hex(&[ha1, &self.nonce, &ha2]),
            (Some(qop), Some(nc), Some(cnonce)) => md5_hex(&[ha1, &self.nonce, nc, cnonce, qop, &ha2]),
            _ => return false,
        };
        wanted.as_bytes().ct_eq(self.response.to_ascii_lowercase().as_bytes()).into()
    }

    /// Whether algorithm and qop are the ones that were offered.
    pub(crate) fn is_as_offered(&self) -> bool {
        self.algorithm.as_deref().is_none_or(|algorithm| algorithm.eq_ignore_ascii_case("MD5"))
            && self
                .qop
                .as_deref()
                .is_none_or(|qop| qop.eq_ignore_ascii_case("auth") && self.count().is_some() && self.cnonce.is_some())
    }
}

/// Hex MD5 of the parts joined by colons, as RFC 2617 writes it. `md5_hex(&[user, realm, password])` is a phone's HA1.
pub(crate) fn md5_hex(parts: &[&str]) -> String {
    let mut hash = Md5::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hash.update(b":");
        }
        hash.update(part.as_bytes());
    }
    let mut hex = String::with_capacity(32);
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Reads `name=value, name="quoted \"value\""`. `None` where the list cannot be read to its end.
fn parse_params(mut rest: &str) -> Option<Vec<(&str, String)>> {
    let mut params = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(params);
        }
        if params.len() == PARAMS_MAX {
            return None;
        }
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => read_quoted(quoted)?,
            None => {
                let end = after.find([',', ' ', '\t']).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        params.push((name.trim(), value));
        rest = after.trim_start();
        if !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
    }
}

fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The example of RFC 2617 section 3.5.
    const RFC: &str = "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
        nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", \
        response=\"6629fae49393a05397450978507c4ef1\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";

    #[test]
    fn proves_the_example_of_the_rfc() {
        let given = Authorization::parse(RFC).unwrap();
        let ha1 = md5_hex(&["Mufasa", "testrealm@host.com", "Circle Of Life"]);
        assert!(given.is_as_offered() && given.count() == Some(1));
        assert!(given.proves("GET", &ha1));
        assert!(!given.proves("PUT", &ha1) && !given.proves("GET", &md5_hex(&["Mufasa", "testrealm@host.com", "guess"])));
        // The count goes in as it was sent: 0x0a and above is where a decimal print would break.
        let text = RFC.replace("nc=00000001", "nc=0000000a");
        let mut later = Authorization::parse(&text).unwrap();
        let ha2 = md5_hex(&["GET", "/dir/index.html"]);
        later.response = md5_hex(&[&ha1, &later.nonce, "0000000a", "0a4f113b", "auth", &ha2]);
        assert!(later.count() == Some(10) && later.proves("GET", &ha1));
    }

    #[test]
    fn proves_without_qop_as_rfc_2069() {
        let mut given =
            Authorization::parse("digest username=\"u\",realm=\"r\",nonce=\"n\",uri=\"sip:h\",response=\"\"").unwrap();
        let ha1 = md5_hex(&["u", "r", "p"]);
        given.response = md5_hex(&[&ha1, "n", &md5_hex(&["REGISTER", "sip:h"])]).to_uppercase();
        assert!(given.is_as_offered() && given.proves("REGISTER", &ha1));
    }

    #[test]
    fn refuses_what_it_cannot_read_whole() {
        let cases = [
            "Basic dXNlcg==",
            "Digest",
            "Digest username=\"u\"",
            "Digest username=\"u\", username=\"v\", realm=\"r\", nonce=\"n\", uri=\"x\", response=\"y\"",
            "Digest username=\"u, realm=\"r\", nonce=\"n\", uri=\"x\", response=\"y\"",
            "Digest username=\"open",
        ];
        for case in cases {
            assert_eq!(Authorization::parse(case), None, "{case}");
        }
        for (from, to) in [("qop=auth", "qop=auth-int"), ("nc=00000001", "nc=1"), ("qop=auth", "qop=auth, algorithm=SHA-256")] {
            assert!(!Authorization::parse(&RFC.replace(from, to)).unwrap().is_as_offered(), "{to}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(Digest )?\\PC{0,120}") {
            let _ = Authorization::parse(&text).map(|given| (given.is_as_offered(), given.proves("REGISTER", "x")));
        }

        #[test]
        fn quoted_values_come_back_as_sent(value in "[ -~]{0,40}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let text = format!("Digest username=\"{quoted}\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"");
            prop_assert_eq!(Authorization::parse(&text).unwrap().username, value);
        }
    }
}
