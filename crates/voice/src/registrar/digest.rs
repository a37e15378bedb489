//! Digest access authentication as SIP phones and carriers do it (RFC 2617 with MD5, RFC 8760 with SHA-256, with and without
//! `qop=auth`), read from the header as it was sent. Compares in constant time; never logs a value; never panics on any text.

use aws_lc_rs::digest;
use md5::{Digest as _, Md5};
use std::fmt::Write as _;
use subtle::ConstantTimeEq as _;

/// Parameters of one Authorization header, at most. RFC 2617 knows eleven.
const PARAMS_MAX: usize = 32;

/// What a digest is made with. Weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    /// As a header names it; without a name it is MD5 (RFC 2617 section 3.2.1).
    pub(crate) fn by_name(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Md5),
            Some(name) => [Self::Md5, Self::Sha256].into_iter().find(|known| name.eq_ignore_ascii_case(known.name())),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The hex hash of the parts joined by colons, as RFC 2617 writes it.
    pub(crate) fn hex(self, parts: &[&str]) -> String {
        match self {
            Self::Md5 => md5_hex(parts),
            Self::Sha256 => {
                let mut hash = digest::Context::new(&digest::SHA256);
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        hash.update(b":");
                    }
                    hash.update(part.as_bytes());
                }
                hex(hash.finish().as_ref())
            }
        }
    }

    /// `response` of a request, from the HA1 of this algorithm.
    pub(crate) fn response(self, ha1: &str, method: &str, proof: &Proof<'_>) -> String {
        let ha2 = self.hex(&[method, proof.uri]);
        match proof.counted {
            None => self.hex(&[ha1, proof.nonce, &ha2]),
            Some(Counted { qop, nc, cnonce }) => self.hex(&[ha1, proof.nonce, nc, cnonce, qop, &ha2]),
        }
    }
}

/// What goes into a digest besides the password.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof<'a> {
    pub(crate) nonce: &'a str,
    pub(crate) uri: &'a str,
    /// None without `qop`.
    pub(crate) counted: Option<Counted<'a>>,
}

/// What `qop` adds to it, each as it is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) qop: &'a str,
    pub(crate) nc: &'a str,
    pub(crate) cnonce: &'a str,
}

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
        self.proves_by(Algorithm::Md5, method, ha1)
    }

    /// The same for an HA1 of any algorithm.
    pub(crate) fn proves_by(&self, algorithm: Algorithm, method: &str, ha1: &str) -> bool {
        let counted = match (self.qop.as_deref(), &self.nc, &self.cnonce) {
            (None, ..) => None,
            (Some(qop), Some(nc), Some(cnonce)) => Some(Counted { qop, nc, cnonce }),
            _ => return false,
        };
        let wanted = algorithm.response(ha1, method, &Proof { nonce: &self.nonce, uri: &self.uri, counted });
        wanted.as_bytes().ct_eq(self.response.to_ascii_lowercase().as_bytes()).into()
    }

    /// Whether algorithm and qop are the ones that were offered.
    pub(crate) fn is_as_offered(&self) -> bool {
        Algorithm::by_name(self.algorithm.as_deref()) == Some(Algorithm::Md5) && self.has_offered_qop()
    }

    /// Whether it counts as we offered, or not at all.
    pub(crate) fn has_offered_qop(&self) -> bool {
        self.qop.as_deref().is_none_or(|qop| qop.eq_ignore_ascii_case("auth") && self.count().is_some() && self.cnonce.is_some())
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
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Reads `name=value, name="quoted \"value\""`. `None` where the list cannot be read to its end.
pub(crate) fn parse_params(mut rest: &str) -> Option<Vec<(&str, String)>> {
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
    fn proves_the_example_of_rfc_7616_with_sha_256() {
        let given = Authorization::parse(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=SHA-256, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
             cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
             response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"",
        )
        .unwrap();
        let algorithm = Algorithm::by_name(given.algorithm.as_deref()).unwrap();
        let ha1 = algorithm.hex(&["Mufasa", "http-auth@example.org", "Circle of Life"]);
        assert!(algorithm == Algorithm::Sha256 && given.has_offered_qop() && !given.is_as_offered());
        assert!(given.proves_by(algorithm, "GET", &ha1) && !given.proves("GET", &ha1));
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
