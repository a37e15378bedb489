//! A carrier's challenge and our answer to it (RFC 3261 section 22, RFC 8760): of all that it offers, SHA-256 before MD5. Reads the
//! header fields as they came; never logs a value.

use super::settings::Account;
use crate::random::token;
use crate::registrar::digest::{Algorithm, Counted, Proof, parse_params};
use rsipstack::sip::{HasHeaders as _, Response};

/// A challenge that we can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    /// `qop=auth` is offered.
    counts: bool,
    /// What we sent was right, but its nonce is too old.
    pub(super) stale: bool,
    /// It came from a proxy (407).
    proxy: bool,
}

impl Challenge {
    /// The best one of a 401 or 407. None where none can be answered.
    pub(super) fn best(response: &Response) -> Option<Self> {
        let fields = response.headers().iter().filter_map(|field| {
            let proxy = field.name().eq_ignore_ascii_case("Proxy-Authenticate");
            (proxy || field.name().eq_ignore_ascii_case("WWW-Authenticate")).then(|| (field.value(), proxy))
        });
        fields.filter_map(|(value, proxy)| Self::parse(value, proxy)).max_by_key(|challenge| challenge.algorithm)
    }

    fn parse(value: &str, proxy: bool) -> Option<Self> {
        let (scheme, params) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let params = parse_params(params)?;
        let find = |name: &str| params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
        let qop = find("qop");
        let counts = qop.as_ref().is_some_and(|offered| offered.split(',').any(|kind| kind.trim().eq_ignore_ascii_case("auth")));
        if qop.is_some() && !counts {
            // `auth-int` alone: it would cover a body that proxies may change.
            return None;
        }
        Some(Self {
            realm: find("realm")?,
            nonce: find("nonce")?,
            opaque: find("opaque"),
            algorithm: Algorithm::by_name(find("algorithm").as_deref())?,
            counts,
            stale: find("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            proxy,
        })
    }

    /// The field that answers it, by name and value. `count` is how often its nonce was used, this time included.
    pub(super) fn answer(&self, account: &Account, method: &str, uri: &str, count: u32) -> (&'static str, String) {
        self.answer_with(account, (method, uri), &format!("{count:08x}"), &token())
    }

    fn answer_with(&self, account: &Account, (method, uri): (&str, &str), nc: &str, cnonce: &str) -> (&'static str, String) {
        let ha1 = self.algorithm.hex(&[&account.user, &self.realm, account.password.expose()]);
        let counted = self.counts.then_some(Counted { qop: "auth", nc, cnonce });
        let response = self.algorithm.response(&ha1, method, &Proof { nonce: &self.nonce, uri, counted });
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}",
            quoted(&account.user),
            quoted(&self.realm),
            quoted(&self.nonce),
            quoted(uri),
            self.algorithm.name()
        );
        if self.counts {
            value.push_str(&format!(", qop=auth, nc={nc}, cnonce=\"{cnonce}\""));
        }
        if let Some(opaque) = &self.opaque {
            value.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        (if self.proxy { "Proxy-Authorization" } else { "Authorization" }, value)
    }
}

/// A quoted string; control characters are left out, so that a carrier's realm can never add a field of its own.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::super::settings::Secret;
    use super::*;
    use crate::registrar::digest::Authorization;
    use proptest::prelude::*;

    fn account() -> Account {
        let password = Secret::new("Circle of Life".to_owned());
        Account { user: "Mufasa".to_owned(), password, domain: "example.org".to_owned(), register: None }
    }

    #[test]
    fn answers_the_example_of_rfc_7616() {
        let text = |algorithm: &str| {
            format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            )
        };
        let expected = [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ];
        for (algorithm, response) in expected {
            let challenge = Challenge::parse(&text(algorithm), false).unwrap();
            let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
            let (name, value) = challenge.answer_with(&account(), ("GET", "/dir/index.html"), "00000001", cnonce);
            assert_eq!((name, Authorization::parse(&value).unwrap().response.as_str()), ("Authorization", response), "{value}");
            assert!(value.ends_with(", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""));
        }
    }

    #[test]
    fn an_old_proxy_is_answered_without_counting() {
        let challenge = Challenge::parse("Digest realm=\"r\\\"\r\nX: y\", nonce=\"n\", stale=TRUE", true).unwrap();
        assert!(challenge.stale && challenge.algorithm == Algorithm::Md5);
        let (name, value) = challenge.answer(&account(), "INVITE", "sip:1@h", 1);
        assert!(name == "Proxy-Authorization" && !value.contains("nc=") && !value.contains('\n'), "{value}");
        assert!(value.contains("realm=\"r\\\"X: y\""), "{value}");
    }

    #[test]
    fn what_cannot_be_answered_is_no_challenge() {
        for text in [
            "Basic realm=\"r\"",
            "Digest realm=\"r\"",
            "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256",
            "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
        ] {
            assert_eq!(Challenge::parse(text, false), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_challenge_is_read_without_panic_and_adds_no_line(text in "(Digest )?(realm=\"\\PC{0,20}\", )?(nonce=\"[ -~]{0,20}\")?\\PC{0,40}") {
            if let Some(challenge) = Challenge::parse(&text, false) {
                let (_, value) = challenge.answer(&account(), "INVITE", "sip:1@h", 1);
                prop_assert!(!value.contains(['\r', '\n']));
            }
        }
    }
}
