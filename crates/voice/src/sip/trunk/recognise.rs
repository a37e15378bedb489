//! Whose a new call is. Every condition that a trunk sets must hold: the address it comes from, the certificate of its connection,
//! the password. What is no trunk's is a stranger's call, and no one is asked for a password who is not taken for a trunk.

use super::{Trunk, Trunks};
use crate::registrar::REALM;
use crate::registrar::digest::{Algorithm, Authorization};
use crate::registrar::nonces::{Freshness, Nonces};
use crate::sip::address::{SipUri, split_name_addr, unescape_user};
use rsipstack::sip::{HasHeaders as _, HeadersExt as _, Request};
use std::net::IpAddr;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

/// What a call looks like before a password.
#[derive(Debug)]
pub(in crate::sip) enum Seen {
    /// No trunk's.
    Stranger,
    /// This trunk's.
    Trunk(Arc<Trunk>),
    /// This trunk's, if it proves it.
    Claims(Arc<Trunk>),
}

/// What a claim's password is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sip) enum Proof {
    Right,
    /// None was given, or it was right on a nonce that is too old or was used before.
    Missing {
        stale: bool,
    },
    Wrong,
}

/// Looks at new calls. Owned by the receiving task alone.
pub(in crate::sip) struct Recogniser {
    nonces: Nonces,
}

impl Recogniser {
    pub(in crate::sip) fn new() -> Self {
        Self { nonces: Nonces::default() }
    }

    /// `certified` are the trunks whose certificate its connection showed.
    pub(in crate::sip) fn see(trunks: &Trunks, invite: &Request, source: IpAddr, certified: &[usize]) -> Seen {
        let source = source.to_canonical();
        for (at, trunk) in trunks.all.iter().enumerate() {
            let settings = &trunk.settings;
            let (by_address, by_certificate) = (!settings.from.is_empty(), !settings.certificate.is_empty());
            if by_address && !settings.from.iter().any(|network| network.contains(source)) {
                continue;
            }
            if by_certificate && !certified.contains(&at) {
                continue;
            }
            match &settings.login {
                Some(_) if by_address || by_certificate || claims(trunk, invite) => return Seen::Claims(Arc::clone(trunk)),
                Some(_) => {}
                None if by_address || by_certificate || trunk.leads_to(source) => return Seen::Trunk(Arc::clone(trunk)),
                None => {}
            }
        }
        Seen::Stranger
    }

    /// Looks at the password of a trunk that a call claims to come from.
    pub(in crate::sip) fn prove(&mut self, trunk: &Trunk, invite: &Request, now: Instant) -> Proof {
        let Some(login) = &trunk.settings.login else { return Proof::Wrong };
        let Some(given) = authorizations(invite).find(|given| given.realm == REALM) else {
            return Proof::Missing { stale: false };
        };
        let Some(algorithm) = Algorithm::by_name(given.algorithm.as_deref()).filter(|_| given.has_offered_qop()) else {
            return Proof::Wrong;
        };
        let known: bool = given.username.as_bytes().ct_eq(login.user.as_bytes()).into();
        let ha1 = algorithm.hex(&[&login.user, REALM, login.password.expose()]);
        if !given.proves_by(algorithm, "INVITE", &ha1) || !known {
            return Proof::Wrong;
        }
        if self.nonces.check(&given.nonce, given.count(), now) == Freshness::Stale {
            return Proof::Missing { stale: true };
        }
        self.nonces.spend(&given.nonce, given.count());
        Proof::Right
    }

    /// What asks for a password: the same for both algorithms, the better one first (RFC 8760 section 2.4).
    pub(in crate::sip) fn challenge(&mut self, stale: bool, now: Instant) -> [(&'static str, String); 2] {
        let (nonce, stale) = (self.nonces.issue(now), if stale { ", stale=true" } else { "" });
        [Algorithm::Sha256, Algorithm::Md5].map(|algorithm| {
            let name = algorithm.name();
            let value = format!("Digest realm=\"{REALM}\", nonce=\"{nonce}\", algorithm={name}, qop=\"auth\"{stale}");
            ("WWW-Authenticate", value)
        })
    }
}

/// Whether a call from anywhere is taken for this trunk's: by its user name, or by the domain it calls from.
fn claims(trunk: &Trunk, invite: &Request) -> bool {
    let Some(login) = &trunk.settings.login else { return false };
    let from = invite.from_header().map(|from| from.value()).unwrap_or_default();
    let is_from = split_name_addr(from).and_then(|(uri, _)| SipUri::parse(uri)).is_some_and(|uri| {
        unescape_user(uri.user) == login.user
            || login.domain.as_deref().is_some_and(|domain| uri.host_name().eq_ignore_ascii_case(domain))
    });
    is_from || authorizations(invite).any(|given| given.realm == REALM && given.username == login.user)
}

fn authorizations(invite: &Request) -> impl Iterator<Item = Authorization> {
    let fields = invite
        .headers()
        .iter()
        .filter(|field| ["Authorization", "Proxy-Authorization"].iter().any(|name| field.name().eq_ignore_ascii_case(name)));
    fields.filter_map(|field| Authorization::parse(field.value()))
}
