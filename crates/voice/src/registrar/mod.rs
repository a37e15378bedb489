//! Who may be called on a SIP phone, and where. Decides on REGISTER requests (RFC 3261 section 10.3) that it is given as plain
//! text: it knows no socket and no SIP stack. One binding per user, the newest wins. A user that does not exist is refused the
//! same way, after the same work, as a wrong password.

pub(crate) mod digest;
pub(crate) mod nonces;

use crate::rate::{Buckets, RateLimit};
use crate::sip::address::{SipUri, param, split_list, split_name_addr, unescape_user};
use crate::sip::peer::Peer;
use crate::{Binding, Event};
use digest::{Authorization, md5_hex};
use nonces::{Freshness, Nonces};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// The digest realm of every SIP phone. Part of each stored HA1, so it can never change.
pub const REALM: &str = "walletline";

/// Shortest and longest registration that is granted, in seconds: not so short that phones do nothing else, not so long that a
/// phone that went away keeps ringing in an empty room.
const EXPIRES_S: std::ops::RangeInclusive<u32> = 60..=3600;

/// Wrong passwords for one user from one source: a typing error or two, then one guess in 30 s.
const GUESSES_PER_USER: RateLimit = RateLimit { per_second: 1.0 / 30.0, burst: 5.0 };

/// Wrong passwords from one source over all users: an office behind one address, not a dictionary.
const GUESSES_PER_SOURCE: RateLimit = RateLimit { per_second: 1.0 / 6.0, burst: 50.0 };

/// Sources and users whose guesses are remembered.
const GUESSERS_MAX: usize = 16_384;

/// Phones registered at once. Only users with credentials get in, so this bounds a mistake, not an attack.
const BINDINGS_MAX: usize = 100_000;

/// Where the passwords of SIP phones come from. Called on the signalling path: answer from memory, never wait.
pub trait Credentials: Send + Sync + 'static {
    /// Hex MD5 of `user:walletline:password` (RFC 2617 HA1); `None` where no such user may register.
    fn ha1(&self, user: &str) -> Option<String>;
}

/// HA1 of a phone's password in our [`REALM`], for whoever stores it.
#[must_use]
pub fn ha1(user: &str, password: &str) -> String {
    md5_hex(&[user, REALM, password])
}

/// A REGISTER, as far as it matters here. Header values as they were sent.
#[derive(Debug, Default)]
pub(crate) struct Register<'a> {
    pub(crate) to: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) cseq: u32,
    pub(crate) contacts: Vec<&'a str>,
    pub(crate) expires: Option<&'a str>,
    pub(crate) authorizations: Vec<&'a str>,
}

/// The answer to a REGISTER.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    /// SIP status.
    pub(crate) status: u16,
    /// Header fields that go with it.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// What the controller is told.
    pub(crate) event: Option<Event>,
    /// A password was given, and it was wrong.
    pub(crate) guessed: bool,
}

impl Reply {
    fn status(status: u16) -> Self {
        Self { status, fields: Vec::new(), event: None, guessed: false }
    }
}

/// The bindings, shared with those who dial.
pub(crate) type Bindings = Arc<Mutex<HashMap<String, Binding>>>;

/// The registrar. Owned by one task; only the bindings are shared.
pub(crate) struct Registrar {
    credentials: Arc<dyn Credentials>,
    bindings: Bindings,
    /// Call-ID and CSeq that made each binding: an older request that comes late changes nothing.
    origins: HashMap<String, (String, u32)>,
    nonces: Nonces,
    guesses_by_user: Buckets<(IpAddr, String)>,
    guesses_by_source: Buckets<IpAddr>,
    /// Stands in for the HA1 of users that do not exist.
    decoy: String,
}

enum Proof {
    User(String),
    Challenge { stale: bool },
    Wrong,
    Throttled,
}

impl Registrar {
    pub(crate) fn new(credentials: Arc<dyn Credentials>, restored: Vec<Binding>, now: Instant) -> Self {
        let bindings = restored.into_iter().map(|binding| (binding.user.clone(), binding)).collect();
        Self {
            credentials,
            bindings: Arc::new(Mutex::new(bindings)),
            origins: HashMap::new(),
            nonces: Nonces::default(),
            guesses_by_user: Buckets::new(GUESSES_PER_USER, GUESSERS_MAX, now),
            guesses_by_source: Buckets::new(GUESSES_PER_SOURCE, GUESSERS_MAX, now),
            decoy: md5_hex(&["", REALM, &crate::random::token()]),
        }
    }

    pub(crate) fn bindings(&self) -> Bindings {
        Arc::clone(&self.bindings)
    }

    /// Decides on one request. `wall_us` is the time for `expires_at_us`.
    pub(crate) fn register(&mut self, request: &Register<'_>, source: Peer, now: Instant, wall_us: i64) -> Reply {
        let address_of_record = split_name_addr(request.to).and_then(|(uri, _)| SipUri::parse(uri));
        let Some(user) = address_of_record.map(|uri| unescape_user(uri.user)).filter(|user| !user.is_empty()) else {
            return Reply::status(400);
        };
        match self.prove(request, source.address.ip(), now) {
            Proof::User(proven) if proven == user => self.bind(request, &user, source, wall_us),
            // Somebody's password, but not for this address of record.
            Proof::User(_) => Reply::status(403),
            Proof::Challenge { stale } => self.challenge(stale, now),
            Proof::Wrong => Reply { guessed: true, ..self.challenge(false, now) },
            Proof::Throttled => Reply { fields: vec![("Retry-After", "30".to_owned())], ..Reply::status(503) },
        }
    }

    /// Forgets bindings that have run out.
    pub(crate) fn expire(&mut self, wall_us: i64) -> Vec<Event> {
        self.retain(|binding| binding.expires_at_us > wall_us)
    }

    /// Forgets bindings whose connection is gone: a phone that registered over it cannot be rung without it, and says so itself when
    /// it is back (RFC 5626 section 5.3). What came from an earlier run has a connection that is not known here, and stays.
    pub(crate) fn forget_flows(&mut self, gone: &[u64]) -> Vec<Event> {
        self.retain(|binding| binding.flow.is_none_or(|flow| !gone.contains(&flow)))
    }

    fn retain(&mut self, keep: impl Fn(&Binding) -> bool) -> Vec<Event> {
        let mut gone = Vec::new();
        lock(&self.bindings).retain(|user, binding| {
            let stays = keep(binding);
            if !stays {
                gone.push(user.clone());
            }
            stays
        });
        for user in &gone {
            self.origins.remove(user);
        }
        gone.into_iter().map(|user| Event::PhoneUnregistered { user }).collect()
    }

    fn prove(&mut self, request: &Register<'_>, source: IpAddr, now: Instant) -> Proof {
        let ours =
            request.authorizations.iter().filter_map(|value| Authorization::parse(value)).find(|given| given.realm == REALM);
        let Some(given) = ours else { return Proof::Challenge { stale: false } };
        let by_user = (source, given.username.clone());
        if !self.guesses_by_user.has(&by_user, now) || !self.guesses_by_source.has(&source, now) {
            return Proof::Throttled;
        }
        let known = self.credentials.ha1(&given.username);
        let proven = given.proves("REGISTER", known.as_deref().unwrap_or(&self.decoy));
        if !given.is_as_offered() || !proven || known.is_none() {
            self.guesses_by_user.take(by_user, now);
            self.guesses_by_source.take(source, now);
            return Proof::Wrong;
        }
        // Only who knows the password is told that its nonce is stale.
        if self.nonces.check(&given.nonce, given.count(), now) == Freshness::Stale {
            return Proof::Challenge { stale: true };
        }
        self.nonces.spend(&given.nonce, given.count());
        Proof::User(given.username)
    }

    fn challenge(&mut self, stale: bool, now: Instant) -> Reply {
        let nonce = self.nonces.issue(now);
        let stale = if stale { ", stale=true" } else { "" };
        let value = format!("Digest realm=\"{REALM}\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"{stale}");
        Reply { fields: vec![("WWW-Authenticate", value)], ..Reply::status(401) }
    }

    fn bind(&mut self, request: &Register<'_>, user: &str, source: Peer, wall_us: i64) -> Reply {
        let late = |(call_id, cseq): &(String, u32)| call_id == request.call_id && *cseq >= request.cseq;
        if !request.contacts.is_empty() && self.origins.get(user).is_some_and(late) {
            return Reply::status(500);
        }
        let wanted = match wanted_contact(request) {
            Ok(wanted) => wanted,
            Err(423) => return Reply { fields: vec![("Min-Expires", EXPIRES_S.start().to_string())], ..Reply::status(423) },
            Err(status) => return Reply::status(status),
        };
        let event = match wanted {
            Wanted::Nothing => None,
            Wanted::Bind { contact, expires_s } => {
                let expires_at_us = wall_us + i64::from(expires_s) * 1_000_000;
                let Peer { transport, address: source, flow } = source;
                let (user_name, contact) = (user.to_owned(), contact.to_owned());
                let binding = Binding { user: user_name, contact, source, transport, flow, expires_at_us };
                let mut bindings = lock(&self.bindings);
                if bindings.len() >= BINDINGS_MAX && !bindings.contains_key(user) {
                    return Reply { fields: vec![("Retry-After", "60".to_owned())], ..Reply::status(503) };
                }
                bindings.insert(user.to_owned(), binding.clone());
                self.origins.insert(user.to_owned(), (request.call_id.to_owned(), request.cseq));
                Some(Event::PhoneRegistered { user: user.to_owned(), binding })
            }
            Wanted::Unbind { contact } => {
                let mut bindings = lock(&self.bindings);
                let is_meant =
                    bindings.get(user).is_some_and(|bound| contact.is_none_or(|contact| same_uri(contact, &bound.contact)));
                is_meant.then(|| {
                    bindings.remove(user);
                    self.origins.remove(user);
                    Event::PhoneUnregistered { user: user.to_owned() }
                })
            }
        };
        let bound = lock(&self.bindings).get(user).map(|binding| {
            let left_s = (binding.expires_at_us - wall_us).max(0) / 1_000_000;
            ("Contact", format!("<{}>;expires={left_s}", binding.contact))
        });
        Reply { fields: bound.into_iter().collect(), event, ..Reply::status(200) }
    }
}

enum Wanted<'a> {
    /// No Contact: the phone asks what is bound.
    Nothing,
    Bind {
        contact: &'a str,
        expires_s: u32,
    },
    /// One contact, or all of them (`*`).
    Unbind {
        contact: Option<&'a str>,
    },
}

/// What the Contact and Expires fields ask for, or the status that refuses them.
fn wanted_contact<'a>(request: &Register<'a>) -> Result<Wanted<'a>, u16> {
    // RFC 3261 section 20.19: what cannot be read counts as 3600.
    let seconds = |text: &str| text.trim().parse::<u32>().unwrap_or(*EXPIRES_S.end());
    let default_s = request.expires.map_or(*EXPIRES_S.end(), seconds);
    let contacts: Vec<&str> = request.contacts.iter().flat_map(|value| split_list(value)).collect();
    if contacts.contains(&"*") {
        return if contacts.len() == 1 && default_s == 0 { Ok(Wanted::Unbind { contact: None }) } else { Err(400) };
    }
    let mut unbind = Wanted::Nothing;
    for contact in contacts {
        let (uri, params) = split_name_addr(contact).ok_or(400_u16)?;
        SipUri::parse(uri)
            .filter(|uri| ["sip", "sips"].iter().any(|known| uri.scheme.eq_ignore_ascii_case(known)))
            .ok_or(400_u16)?;
        match param(params, "expires").map_or(default_s, seconds) {
            0 => unbind = Wanted::Unbind { contact: Some(uri) },
            short if short < *EXPIRES_S.start() => return Err(423),
            expires_s => return Ok(Wanted::Bind { contact: uri, expires_s: expires_s.min(*EXPIRES_S.end()) }),
        }
    }
    Ok(unbind)
}

/// Whether two contacts name the same phone: user, host and port.
fn same_uri(a: &str, b: &str) -> bool {
    match (SipUri::parse(a), SipUri::parse(b)) {
        (Some(a), Some(b)) => {
            a.user == b.user && a.host.eq_ignore_ascii_case(b.host) && a.port.unwrap_or(5060) == b.port.unwrap_or(5060)
        }
        _ => a == b,
    }
}

pub(crate) fn lock(bindings: &Bindings) -> std::sync::MutexGuard<'_, HashMap<String, Binding>> {
    bindings.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
