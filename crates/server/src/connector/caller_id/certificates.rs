//! Certificates of those who sign calling numbers: fetched from the hosts that an operator named, and kept for a while. A caller
//! chooses the address, so nothing here goes anywhere else: https alone, no redirect, no proxy, no private address, and every answer
//! bounded in size and time. Decides nothing of what a certificate is worth.

use crate::engine::Clock;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Url, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use walletline_core::kernel::time::{Mono, Span};

/// How long one certificate may take to come: the caller is in the menu meanwhile, and nothing waits for it.
const FETCH_MAX: Duration = Duration::from_secs(4);
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// Longest answer. A chain of three certificates has 4 KiB.
const BYTES_MAX: usize = 64 * 1024;

/// Certificates in one chain: leaf, one or two authorities, and room.
const CHAIN_MAX: usize = 6;

/// How long a chain is used before it is fetched again. Its dates are looked at with every call.
const KEPT: Span = Span::from_s(3600);
/// How long a failure is remembered, so that forged calls do not make us knock at somebody's door.
const FAILURE_KEPT: Span = Span::from_s(30);

/// Addresses remembered. Carriers have one certificate or a few.
const KEPT_MAX: usize = 256;

/// Fetches under way at once.
const FETCHES_MAX: usize = 8;

/// A chain as it was fetched: the signer's certificate first.
pub(super) type Chain = Arc<Vec<CertificateDer<'static>>>;

/// Why there is no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoCertificate {
    /// Not an address as SHAKEN has them: https, without a user, a question or a fragment.
    #[error("its certificate is not at an https address")]
    BadAddress,
    /// Nobody named this host.
    #[error("its certificate is on a host that [stir] hosts does not name")]
    HostNotAllowed,
    /// The host did not give it, or is on a private address.
    #[error("its certificate cannot be fetched")]
    Unreachable,
    /// Longer than any chain.
    #[error("its certificate is too long")]
    TooLong,
    /// What came is no chain of certificates in PEM.
    #[error("what is at its certificate's address is no certificate")]
    Unreadable,
}

/// The way to the hosts.
#[derive(Debug, Clone)]
pub struct Fetcher(Client);

impl Fetcher {
    /// One that goes to public addresses alone.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn public() -> Result<Self, String> {
        Self::over(Client::builder().dns_resolver(PublicOnly))
    }

    /// One over a client that its maker answers for: tests lead names to this machine.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn over(builder: ClientBuilder) -> Result<Self, String> {
        let builder = builder.https_only(true).no_proxy().redirect(redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT_MAX).timeout(FETCH_MAX).build();
        client.map(Self).map_err(|error| format!("stir: no certificate can be fetched: {error}"))
    }

    async fn fetch(&self, url: Url) -> Result<Vec<CertificateDer<'static>>, NoCertificate> {
        let unreachable = |_| NoCertificate::Unreachable;
        let mut answer = self.0.get(url).send().await.map_err(unreachable)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(NoCertificate::Unreachable);
        }
        let mut text = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unreachable)? {
            if text.len() + part.len() > BYTES_MAX {
                return Err(NoCertificate::TooLong);
            }
            text.extend_from_slice(&part);
        }
        read_certificates(&text).filter(|chain| chain.len() <= CHAIN_MAX).ok_or(NoCertificate::Unreadable)
    }
}

/// Certificates in PEM, one at least.
pub(crate) fn read_certificates(text: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>().ok()?;
    (!read.is_empty()).then_some(read)
}

/// Certificates by their address.
pub(super) struct Certificates {
    hosts: Vec<(String, u16)>,
    fetcher: Fetcher,
    clock: Clock,
    fetches: Semaphore,
    kept: Mutex<BTreeMap<String, Place>>,
}

/// What is known of one address. Whoever holds the slot fetches, and the others wait for what comes.
#[derive(Clone)]
struct Place {
    slot: Arc<tokio::sync::Mutex<Option<Kept>>>,
    used: Mono,
}

struct Kept {
    outcome: Result<Chain, NoCertificate>,
    until: Mono,
}

impl Certificates {
    pub(super) fn new(hosts: Vec<(String, u16)>, fetcher: Fetcher, clock: Clock) -> Self {
        Self { hosts, fetcher, clock, fetches: Semaphore::new(FETCHES_MAX), kept: Mutex::default() }
    }

    /// The chain at an address.
    pub(super) async fn chain(&self, address: &str) -> Result<Chain, NoCertificate> {
        let url = self.allowed(address)?;
        let slot = self.slot(url.as_str());
        let mut slot = slot.lock().await;
        let now = self.clock.now().mono;
        if let Some(kept) = slot.as_ref().filter(|kept| now < kept.until) {
            return kept.outcome.clone();
        }
        // Never closed.
        let _turn = self.fetches.acquire().await;
        let outcome = self.fetcher.fetch(url).await.map(Arc::new);
        let until = self.clock.now().mono + if outcome.is_ok() { KEPT } else { FAILURE_KEPT };
        *slot = Some(Kept { outcome: outcome.clone(), until });
        outcome
    }

    fn allowed(&self, address: &str) -> Result<Url, NoCertificate> {
        let url = Url::parse(address).map_err(|_| NoCertificate::BadAddress)?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        if url.scheme() != "https" || !plain {
            return Err(NoCertificate::BadAddress);
        }
        let place = url.host_str().zip(url.port_or_known_default());
        let named = place.is_some_and(|(host, port)| self.hosts.iter().any(|(name, at)| name == host && *at == port));
        if named { Ok(url) } else { Err(NoCertificate::HostNotAllowed) }
    }

    /// The place of an address; the one unused for longest makes room.
    fn slot(&self, url: &str) -> Arc<tokio::sync::Mutex<Option<Kept>>> {
        let used = self.clock.now().mono;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = kept.get_mut(url) {
            place.used = used;
            return Arc::clone(&place.slot);
        }
        if kept.len() >= KEPT_MAX
            && let Some(oldest) = kept.iter().min_by_key(|(_, place)| place.used).map(|(url, _)| url.clone())
        {
            kept.remove(&oldest);
        }
        let place = Place { slot: Arc::default(), used };
        kept.insert(url.to_owned(), place.clone());
        place.slot
    }
}

/// Resolves names, and leaves out every address that is not on the public network: whoever controls a name, or the name of a host
/// that lapsed, must not be able to point it into ours.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the host has no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public network (RFC 6890's special ones are not).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let shared = a == 100 && b & 0xC0 == 64;
            let protocols = a == 192 && b == 0 && c == 0;
            let benchmarks = a == 198 && b & 0xFE == 18;
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || shared
                || protocols
                || benchmarks
                || a == 0
                || a >= 224)
        }
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Only what is allocated for the public (2000::/3), without tunnels that lead to an IPv4 address of the sender's choice.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let documentation = (first == 0x2001 && second == 0x0DB8) || first == 0x3FFF;
    let teredo_and_protocols = first == 0x2001 && second < 0x0200;
    let six_to_four = first == 0x2002;
    first & 0xE000 == 0x2000 && !documentation && !teredo_and_protocols && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "203.0.113.7",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2001:4860:4860::8888"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn only_named_hosts_over_https_are_asked() {
        let hosts = vec![("sti.example".to_owned(), 443), ("localhost".to_owned(), 8443)];
        let certificates = Certificates::new(hosts, Fetcher::public().unwrap(), Clock::start());
        for (address, why) in [
            ("", NoCertificate::BadAddress),
            ("sti.example/c.pem", NoCertificate::BadAddress),
            ("http://sti.example/c.pem", NoCertificate::BadAddress),
            ("file:///etc/passwd", NoCertificate::BadAddress),
            ("https://sti.example/c.pem?a=b", NoCertificate::BadAddress),
            ("https://sti.example/c.pem#a", NoCertificate::BadAddress),
            ("https://user@sti.example/c.pem", NoCertificate::BadAddress),
            ("https://sti.example:8443/c.pem", NoCertificate::HostNotAllowed),
            ("https://evil.example/c.pem", NoCertificate::HostNotAllowed),
            ("https://sti.example.evil.example/c.pem", NoCertificate::HostNotAllowed),
            ("https://sti.example./c.pem", NoCertificate::HostNotAllowed),
            ("https://127.0.0.1/c.pem", NoCertificate::HostNotAllowed),
            ("https://[::1]/c.pem", NoCertificate::HostNotAllowed),
            // Its only addresses are this machine's.
            ("https://localhost:8443/c.pem", NoCertificate::Unreachable),
        ] {
            assert_eq!(certificates.chain(address).await, Err(why), "{address}");
        }
        assert!(certificates.allowed("https://STI.example/c.pem").is_ok());
    }

    #[tokio::test]
    async fn what_is_remembered_is_bounded() {
        let certificates = Certificates::new(Vec::new(), Fetcher::public().unwrap(), Clock::start());
        for n in 0..KEPT_MAX + 50 {
            certificates.slot(&format!("https://sti.example/{n}"));
        }
        assert_eq!(certificates.kept.lock().unwrap().len(), KEPT_MAX);
    }
}
