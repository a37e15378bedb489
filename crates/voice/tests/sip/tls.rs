//! SIP over TLS with certificates of the test's own: calls, phones in both directions, handshakes that fail, and renewal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer;
use crate::sip_peer::stream::StreamPeer;
use crate::sip_peer::{Engine, T1, unique};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use walletline_voice::{
    Binding, ClipLibrary, Command, Config, Credentials, DialTarget, EncryptionPolicy, EndCause, Event, LegId, NumberKind,
    SipTransport, StreamLimits, TlsFiles, Tuning, Voice,
};

/// A certificate for 127.0.0.1 that is its own authority, in memory and as files.
struct Identity {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
    folder: PathBuf,
}

impl Identity {
    fn new() -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let folder = std::env::temp_dir().join(format!("walletline-tls-{}-{}", std::process::id(), unique()));
        std::fs::create_dir(&folder).unwrap();
        let identity = Self { certificate: cert.der().clone(), key: signing_key.serialize_der(), folder };
        identity.write_to(&identity.files());
        identity
    }

    fn files(&self) -> TlsFiles {
        let path = |name: &str| self.folder.join(name);
        TlsFiles { certificate: path("cert.pem"), private_key: path("key.pem"), authorities: Some(path("cert.pem")) }
    }

    fn write_to(&self, files: &TlsFiles) {
        std::fs::write(&files.certificate, pem("CERTIFICATE", &self.certificate)).unwrap();
        std::fs::write(&files.private_key, pem("PRIVATE KEY", &self.key)).unwrap();
    }

    fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.clone()).into()
    }

    /// Trusts this certificate and no other.
    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    }

    fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        TlsAcceptor::from(Arc::new(
            config.with_no_client_auth().with_single_cert(vec![self.certificate.clone()], self.key()).unwrap(),
        ))
    }

    async fn connect(&self, engine: &Engine) -> io::Result<StreamPeer> {
        let stream = TcpStream::connect(tls(engine)).await?;
        let (address, name) = (stream.local_addr()?, ServerName::try_from("127.0.0.1").unwrap());
        let stream = self.connector().connect(name, stream).await?;
        Ok(StreamPeer::over(stream, "TLS", address, tls(engine)))
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for bytes in der.chunks(3) {
        let word = bytes.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - bytes.len()));
        let digits = (0..4).map(|at| char::from(ALPHABET[(word >> (18 - 6 * at)) as usize & 63]));
        text.extend(digits.take(bytes.len() + 1).chain("==".chars()).take(4));
    }
    let lines = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

fn tls(engine: &Engine) -> SocketAddr {
    engine.voice.stream_address(SipTransport::Tls).unwrap()
}

async fn start(identity: &Identity, streams: StreamLimits, bindings: Vec<Binding>) -> Engine {
    Engine::start_secure(Tuning { t1: T1, streams, ..Tuning::default() }, bindings, Some(identity.files())).await
}

async fn begin(engine: &mut Engine, peer: &mut StreamPeer, invite: &str) -> (sip_peer::Message, LegId) {
    peer.send(invite).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    assert_eq!(answer.status(), 200);
    peer.send(&peer.in_dialog(&answer, "ACK", 1)).await;
    assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg));
    (answer, leg)
}

#[tokio::test]
async fn a_call_is_set_up_and_ended_by_either_side() {
    let identity = Identity::new();
    let mut engine = start(&identity, StreamLimits::default(), Vec::new()).await;
    let mut peer = identity.connect(&engine).await.unwrap();
    let invite = peer.invite("plain");
    let (answer, leg) = begin(&mut engine, &mut peer, &invite).await;
    assert_eq!(answer.field("Contact"), Some(format!("<sip:8000@{};transport=tls>", tls(&engine)).as_str()));
    peer.send(&peer.in_dialog(&answer, "BYE", 2)).await;
    assert_eq!(peer.final_response("BYE", 2).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);

    // All of the way encrypted: who says sips is told sips.
    let invite = peer.invite("sips").replace("INVITE sip:", "INVITE sips:").replace("Contact: <sip:", "Contact: <sips:");
    let (answer, leg) = begin(&mut engine, &mut peer, &invite.replace(";transport=tls", "")).await;
    assert_eq!(answer.field("Contact"), Some(format!("<sips:8000@{}>", tls(&engine)).as_str()));
    engine.voice.execute(Command::Hangup { leg });
    let bye = peer.request_of("BYE").await;
    assert!(bye.uri().starts_with("sips:") && bye.field("Via").unwrap().starts_with("SIP/2.0/TLS "));
    peer.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    assert_eq!((engine.voice.counters().sip.tls_connections, engine.voice.counters().sip.tcp_connections), (1, 0));
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_is_rung_over_the_connection_it_registered_by() {
    let identity = Identity::new();
    let mut engine = start(&identity, StreamLimits::default(), Vec::new()).await;
    let mut phone = identity.connect(&engine).await.unwrap();
    assert_eq!(phone.register("<sips:agent1@192.168.77.9>").await.status(), 200);
    let Event::PhoneRegistered { user, binding } = engine.event().await else { panic!("not registered") };
    assert_eq!(binding.transport, SipTransport::Tls);
    let (leg, from_number, from_name) = (LegId(7), "1".to_owned(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user, from_number, from_name } });
    let invite = phone.request_of("INVITE").await;
    assert_eq!(invite.field("Contact"), Some(format!("<sips:{}>", tls(&engine)).as_str()));
    phone.accept(&invite).await;
    phone.request_of("ACK").await;
    assert!(matches!(engine.event().await, Event::Answered { .. }));
    engine.voice.execute(Command::Hangup { leg });
    let bye = phone.request_of("BYE").await;
    phone.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_that_listens_is_connected_to_when_its_certificate_is_trusted() {
    let (identity, stranger) = (Identity::new(), Identity::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let contact = format!("sip:agent1@{address};transport=tls");
    let (transport, flow, expires_at_us) = (SipTransport::Udp, None, i64::MAX);
    let binding = Binding { user: "agent1".to_owned(), contact, source: address, transport, flow, expires_at_us };
    let mut engine = start(&identity, StreamLimits::default(), vec![binding]).await;
    let dial = |engine: &Engine, leg| {
        let (user, from_number, from_name) = ("agent1".to_owned(), "1".to_owned(), String::new());
        engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user, from_number, from_name } });
    };
    dial(&engine, LegId(1));
    let refused = stranger.acceptor().accept(listener.accept().await.unwrap().0).await;
    assert_eq!(engine.ended(LegId(1)).await, EndCause::Vanished);
    drop(refused);
    dial(&engine, LegId(2));
    let (stream, us) = listener.accept().await.unwrap();
    let stream = identity.acceptor().accept(stream).await.unwrap();
    let mut phone = StreamPeer::over(stream, "TLS", address, us);
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "486 Busy Here", "", "").await;
    phone.request_of("ACK").await;
    assert_eq!(engine.ended(LegId(2)).await, EndCause::Rejected(486));
    engine.settle().await;
    assert_eq!(engine.voice.counters().sip.connections_failed, 1);
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_not_waited_for() {
    let identity = Identity::new();
    let brief = StreamLimits { handshake: Duration::from_millis(50), ..StreamLimits::default() };
    let mut engine = start(&identity, brief, Vec::new()).await;
    assert_eq!(StreamPeer::tcp(tls(&engine)).await.closed().await, "");
    let mut clear = StreamPeer::tcp(tls(&engine)).await;
    clear.send(&clear.request("OPTIONS", "clear", 1, "", "")).await;
    assert!(!clear.closed_bytes().await.starts_with(b"SIP/"), "clear text on the port of TLS is not served");
    while engine.voice.sip_load().connections > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    engine.settle().await;
    assert_eq!(engine.voice.counters().sip.connections_failed, 2);
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let (old, new) = (Identity::new(), Identity::new());
    let mut engine = start(&old, StreamLimits::default(), Vec::new()).await;
    let mut before = old.connect(&engine).await.unwrap();
    std::fs::write(old.files().certificate, "no certificate").unwrap();
    engine.voice.reload_certificate();
    assert!(old.connect(&engine).await.is_ok(), "the one before stays");
    new.write_to(&old.files());
    engine.voice.reload_certificate();
    assert!(new.connect(&engine).await.is_ok() && old.connect(&engine).await.is_err());
    before.send(&before.request("OPTIONS", "before", 1, "", "")).await;
    assert_eq!(before.receive().await.status(), 200);
    engine.settle().await;
}

struct Nobody;

impl Credentials for Nobody {
    fn ha1(&self, _user: &str) -> Option<String> {
        None
    }
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_in_one_line() {
    let (identity, other) = (Identity::new(), Identity::new());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (good, theirs) = (identity.files(), other.files());
    let path = |path: &PathBuf| path.display().to_string();
    let cases = [
        (
            0,
            TlsFiles { private_key: theirs.private_key.clone(), ..good.clone() },
            format!("sip.private_key: `{}` is not the key of sip.certificate", path(&theirs.private_key)),
        ),
        (
            0,
            TlsFiles { certificate: good.private_key.clone(), ..good.clone() },
            format!("sip.certificate: `{}` holds no certificate in PEM", path(&good.private_key)),
        ),
        (
            0,
            TlsFiles { private_key: good.certificate.clone(), ..good.clone() },
            format!("sip.private_key: `{}` holds no private key in PEM", path(&good.certificate)),
        ),
        (
            0,
            TlsFiles { authorities: Some("/no/such".into()), ..good.clone() },
            "sip.authorities: `/no/such` cannot be read: No such file or directory (os error 2)".to_owned(),
        ),
        (port, good.clone(), format!("sip.tls: port {port} is in use: stop what listens there, or choose another port")),
    ];
    for (port, files, expected) in cases {
        let localhost = std::net::Ipv4Addr::LOCALHOST;
        let config = Config {
            sip_udp: (localhost, 0).into(),
            sip_tcp: None,
            sip_tls: Some(((localhost, port).into(), files)),
            media_bind: localhost.into(),
            media_advertise: None,
            media_ports: 20_000..=29_999,
            calls_max: 1,
            trusted: Box::new(|_| false),
            encryption: Box::new(|_| EncryptionPolicy::Off),
            trunks: Vec::new(),
            number_kinds: Box::new(|_| NumberKind::Ordinary),
        };
        let started = Voice::start(config, ClipLibrary::default(), Arc::new(Nobody), Vec::new()).await;
        assert_eq!(started.map(|_| ()).unwrap_err().to_string(), expected);
    }
}
