//! Calls that a carrier brings: recognised by address, password or certificate, counted, limited, and told apart from a stranger's.
//! And sources that guess. Everything by hand-written datagrams and a TLS of the test's own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::carrier::{NOWHERE, account, authorization, authorization_on, hash, login, params, start, status, trunk, tuning};
use crate::sip_peer;
use crate::sip_peer::stream::StreamPeer;
use crate::sip_peer::{Engine, Message, Peer, SDP, unique};
use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use walletline_voice::{Command, EndCause, Event, NumberPlan, RejectReason, Rewrite, SipTransport, TlsFiles, TrunkSettings};

/// A trunk that only brings calls.
fn inbound(id: &str) -> TrunkSettings {
    TrunkSettings { id: id.to_owned(), ..TrunkSettings::default() }
}

fn from_loopback(id: &str) -> TrunkSettings {
    TrunkSettings { from: vec!["127.0.0.0/8".parse().unwrap()], ..inbound(id) }
}

struct Arrived {
    line: String,
    caller: String,
    trunk: Option<String>,
}

/// The next event is a call; it is refused again.
async fn arrived(engine: &mut Engine) -> Arrived {
    let Event::Incoming { leg, line, caller, trunk, .. } = engine.event().await else { panic!("not a call") };
    engine.voice.execute(Command::Reject { leg, reason: RejectReason::LineBusy });
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    Arrived { line, caller, trunk }
}

fn invite(peer: &Peer, cseq: u32, extra: &str) -> String {
    peer.request("INVITE", &format!("c{}", unique()), cseq, &format!("Content-Type: application/sdp\r\n{extra}"), SDP)
}

async fn refused(peer: &Peer, invite: &str) -> Message {
    peer.send(invite).await;
    let refused = peer.final_response("INVITE", 1).await;
    peer.acknowledge(&refused).await;
    refused
}

#[tokio::test]
async fn an_address_makes_a_trunk_and_what_it_asserts_is_believed() {
    let numbers = NumberPlan {
        country: Some("86".to_owned()),
        national_prefix: "0".to_owned(),
        international_prefix: "00".to_owned(),
        rewrite_in: vec![Rewrite { prefix: "1".to_owned(), digits: Some(11), strip: 0, add: "+86".to_owned() }],
        ..NumberPlan::default()
    };
    let elsewhere = TrunkSettings { from: vec!["192.0.2.0/24".parse().unwrap()], ..inbound("elsewhere") };
    let mut engine = start(vec![elsewhere, TrunkSettings { numbers, ..from_loopback("carrier") }]).await;
    let peer = Peer::new(engine.address).await;
    for (extra, from, expected) in [
        ("", "", "+8619000000001"),
        ("P-Asserted-Identity: <tel:13800138000>, <sip:x@h>\r\n", "", "+8613800138000"),
        ("P-Asserted-Identity: \"A\" <sip:008613800138000@h>\r\n", "", "+8613800138000"),
        ("P-Asserted-Identity: <sip:13800138000@h>\r\nPrivacy: id\r\n", "", ""),
        ("P-Asserted-Identity: <sip:13800138000@h>\r\n", "anonymous", ""),
        ("", "01012345678", "+861012345678"),
    ] {
        let text = invite(&peer, 1, extra);
        peer.send(&if from.is_empty() { text } else { text.replace("+8619000000001", from) }).await;
        let call = arrived(&mut engine).await;
        assert_eq!(
            (call.trunk.as_deref(), call.line.as_str(), call.caller.as_str()),
            (Some("carrier"), "8000", expected),
            "{extra}"
        );
        peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    }
    assert_eq!(engine.voice.trunks().iter().map(|trunk| trunk.counters.calls_in).collect::<Vec<_>>(), [0, 6]);
    engine.settle().await;
}

#[tokio::test]
async fn a_strangers_word_about_the_caller_is_not_believed() {
    let mut engine = start(Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    peer.send(&invite(&peer, 1, "P-Asserted-Identity: <sip:13800138000@h>\r\n")).await;
    let call = arrived(&mut engine).await;
    assert_eq!((call.trunk, call.caller.as_str()), (None, "+8619000000001"));
    peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    engine.settle().await;
}

#[tokio::test]
async fn who_takes_our_calls_is_known_when_it_calls_our_contact() {
    let peer = Peer::new(NOWHERE).await;
    let mut engine = start(vec![TrunkSettings { account: Some(account(false)), ..trunk(&[&peer]) }]).await;
    let carrier = peer.towards(engine.address);
    carrier.send(&invite(&carrier, 1, "").replace("INVITE sip:8000@", "INVITE sip:account7@")).await;
    let call = arrived(&mut engine).await;
    assert_eq!((call.trunk.as_deref(), call.line.as_str()), (Some("carrier"), "8000"));
    carrier.acknowledge(&carrier.final_response("INVITE", 1).await).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_trunk_has_so_many_calls_at_once() {
    let mut engine = start(vec![TrunkSettings { calls_max: Some(1), ..from_loopback("carrier") }]).await;
    let peer = Peer::new(engine.address).await;
    for _ in 0..2 {
        let (call, leg) = peer.call(&mut engine).await;
        let busy = refused(&peer, &invite(&peer, 1, "")).await;
        assert_eq!((busy.status(), busy.field("Retry-After")), (503, Some("10")));
        assert_eq!(status(&engine).live_in, 1);
        peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
        assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
        assert_eq!(status(&engine).live_in, 0);
    }
    assert_eq!((status(&engine).counters.calls_in, status(&engine).counters.calls_in_refused), (2, 2));
    engine.settle().await;
}

#[tokio::test]
async fn a_trunk_has_so_many_calls_a_second() {
    let mut engine = start(vec![TrunkSettings { calls_per_second: Some(1), ..from_loopback("carrier") }]).await;
    let peer = Peer::new(engine.address).await;
    // More than as many seconds could let through.
    for _ in 0..30 {
        peer.send(&invite(&peer, 1, "")).await;
    }
    let busy = peer.matching(|message| message.status() == 503).await;
    assert_eq!(busy.field("Retry-After"), Some("10"));
    assert!(status(&engine).counters.calls_in >= 1 && status(&engine).counters.calls_in_refused >= 1);
    peer.drain_all(&mut engine).await;
}

#[tokio::test]
async fn a_password_makes_a_trunk_by_either_digest_and_once() {
    let mut engine = start(vec![TrunkSettings { login: Some(login("pbx7")), ..inbound("pbx") }]).await;
    let peer = Peer::new(engine.address).await;
    // Nobody who is not taken for the trunk is asked.
    peer.send(&invite(&peer, 1, "")).await;
    assert_eq!(arrived(&mut engine).await.trunk, None);
    peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    for (algorithm, caller) in [("SHA-256", "sip:pbx7@h"), ("MD5", "sip:13800138000@PBX.example")] {
        let from = format!("sip:+8619000000001@{}", peer.address);
        let asked = refused(&peer, &invite(&peer, 1, "").replace(&from, caller)).await;
        assert_eq!(asked.status(), 401);
        let offered: Vec<_> =
            asked.fields("WWW-Authenticate").into_iter().map(|field| params(field)["algorithm"].clone()).collect();
        assert_eq!(offered, ["SHA-256", "MD5"]);
        let proof = authorization(&asked, algorithm, "pbx7", "Circle of Life");
        peer.send(&invite(&peer, 2, &proof).replace(&from, caller)).await;
        assert_eq!(arrived(&mut engine).await.trunk.as_deref(), Some("pbx"));
        peer.acknowledge(&peer.final_response("INVITE", 2).await).await;
        // Heard on the wire and sent again, it opens nothing.
        let again = refused(&peer, &invite(&peer, 1, &proof)).await;
        let stale: Vec<_> = again.fields("WWW-Authenticate").into_iter().map(|field| params(field)["stale"].clone()).collect();
        assert_eq!((again.status(), stale), (401, vec!["true".to_owned(), "true".to_owned()]));
    }
    assert_eq!(engine.voice.counters().sip.offences_digest, 0);
    engine.settle().await;
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_guessing_is_blocked() {
    let mut engine = start(vec![TrunkSettings { login: Some(login("pbx7")), ..inbound("pbx") }]).await;
    let peer = Peer::new(engine.address).await;
    for (algorithm, user, password) in [("MD5", "pbx7", "guess"), ("SHA-256", "pbx7", "another"), ("MD5", "pbx7", "Circle")] {
        let asked = refused(&peer, &invite(&peer, 1, "").replace("+8619000000001@", "pbx7@")).await;
        let proof = authorization(&asked, algorithm, user, password);
        assert_eq!(refused(&peer, &invite(&peer, 1, &proof)).await.status(), 401);
    }
    // Blocked: the right password comes too late, and a stranger's call from there is not read either.
    let proof = authorization_on("n", "walletline", "MD5", "pbx7", "Circle of Life");
    peer.send(&invite(&peer, 1, &proof)).await;
    peer.send(&invite(&peer, 1, "")).await;
    assert!(peer.receive_all().await.is_empty());
    let counted = engine.voice.counters().sip;
    assert_eq!((counted.offences_digest, counted.sources_blocked, counted.blocked_dropped), (3, 1, 2));
    assert_eq!(engine.voice.sources_blocked(), 1);
    engine.settle().await;
}

#[tokio::test]
async fn who_guesses_a_phones_password_or_a_line_is_blocked() {
    let mut engine = start(Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    for _ in 0..2 {
        let call_id = format!("r{}", unique());
        let register = |cseq, extra: &str| {
            let text = peer.request("REGISTER", &call_id, cseq, extra, "");
            text.replace(&format!("To: <sip:8000@{}>", engine.address), "To: <sip:agent1@walletline>")
        };
        peer.send(&register(1, "")).await;
        let asked = sip_peer::challenge(&peer.final_response("REGISTER", 1).await);
        let guess = format!("Authorization: {}\r\n", sip_peer::digest(&asked, "agent1", "guess", 1));
        peer.send(&register(2, &guess)).await;
        assert_eq!(peer.final_response("REGISTER", 2).await.status(), 401);
    }
    peer.send(&invite(&peer, 1, "")).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Reject { leg, reason: RejectReason::UnknownLine });
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(404));
    peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    peer.send(&invite(&peer, 1, "")).await;
    assert!(peer.receive_all().await.is_empty());
    let counted = engine.voice.counters().sip;
    assert_eq!((counted.offences_registration, counted.offences_unknown_line, counted.sources_blocked), (2, 1, 1));
    engine.settle().await;
}

#[tokio::test]
async fn a_trunks_wrong_number_is_no_guess() {
    let mut engine = start(vec![from_loopback("carrier")]).await;
    let peer = Peer::new(engine.address).await;
    for _ in 0..5 {
        peer.send(&invite(&peer, 1, "")).await;
        let leg = engine.incoming().await;
        engine.voice.execute(Command::Reject { leg, reason: RejectReason::UnknownLine });
        assert_eq!(engine.ended(leg).await, EndCause::Rejected(404));
        peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    }
    assert_eq!(engine.voice.counters().sip.offences_unknown_line, 0);
    engine.settle().await;
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// An authority and what it signed, as files and in memory.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: PathBuf,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = std::env::temp_dir().join(format!("walletline-trunk-{}-{}", std::process::id(), unique()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("authority.pem"), pem("CERTIFICATE", issuer.der())).unwrap();
        Self { issuer, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    fn sign(&self, name: &str) -> (CertificateDer<'static>, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().der().clone(), key)
    }

    /// The engine's own certificate.
    fn files(&self) -> TlsFiles {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (certificate_path, key_path) = (self.folder.join("cert.pem"), self.folder.join("key.pem"));
        std::fs::write(&certificate_path, pem("CERTIFICATE", certificate.der())).unwrap();
        std::fs::write(&key_path, pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        TlsFiles { certificate: certificate_path, private_key: key_path, authorities: None }
    }

    /// Connects with what somebody signed, or with nothing; this authority is the engine's.
    async fn connect(&self, address: SocketAddr, shown: Option<(CertificateDer<'static>, KeyPair)>) -> StreamPeer {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots);
        let config = match shown {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
                config.with_client_auth_cert(vec![certificate], key).unwrap()
            }
        };
        let stream = TcpStream::connect(address).await.unwrap();
        let (own, name) = (stream.local_addr().unwrap(), ServerName::try_from("127.0.0.1").unwrap());
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        StreamPeer::over(stream, "TLS", own, address)
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_certificate_makes_a_trunk_of_whom_its_own_authority_signed() {
    let (ours, first, second) = (Authority::new(), Authority::new(), Authority::new());
    let certified = |id: &str, name: &str, authority: &Authority| TrunkSettings {
        certificate: vec![name.to_owned()],
        authorities: Some(authority.path()),
        ..inbound(id)
    };
    let trunks = vec![certified("first", "sbc.first.example", &first), certified("second", "sbc.second.example", &second)];
    let mut engine = Engine::start_trunks(trunks, tuning(), Some(ours.files())).await;
    let address = engine.voice.stream_address(SipTransport::Tls).unwrap();
    for (shown, trunk) in [
        (None, None),
        (Some(first.sign("sbc.first.example")), Some("first")),
        (Some(second.sign("sbc.second.example")), Some("second")),
        (Some(first.sign("sbc.other.example")), None),
        // The other carrier's authority signs this name: it is not the one that may.
        (Some(second.sign("sbc.first.example")), None),
    ] {
        let mut peer = ours.connect(address, shown).await;
        peer.send(&peer.invite(&format!("c{}", unique()))).await;
        assert_eq!(arrived(&mut engine).await.trunk.as_deref(), trunk);
        peer.final_response("INVITE", 1).await;
    }
    // Who is signed by nobody that is asked for does not get in.
    let stream = ours.connect(address, Some(ours.sign("sbc.first.example"))).await;
    assert_eq!(stream.closed().await, "");
}

#[tokio::test]
async fn every_condition_of_a_trunk_must_hold() {
    let authority = Authority::new();
    let both = TrunkSettings {
        from: vec!["127.0.0.1".parse().unwrap()],
        certificate: vec!["sbc.carrier.example".to_owned()],
        authorities: Some(authority.path()),
        login: Some(login("pbx7")),
        ..inbound("strict")
    };
    let mut engine = Engine::start_trunks(vec![both], tuning(), Some(authority.files())).await;
    let peer = Peer::new(engine.address).await;
    peer.send(&invite(&peer, 1, "")).await;
    assert_eq!(arrived(&mut engine).await.trunk, None, "no certificate");
    let address = engine.voice.stream_address(SipTransport::Tls).unwrap();
    let mut secure = authority.connect(address, Some(authority.sign("sbc.carrier.example"))).await;
    secure.send(&secure.invite("c1")).await;
    let asked = secure.final_response("INVITE", 1).await;
    assert_eq!(asked.status(), 401, "its address and certificate leave the password");
    let proof = authorization(&asked, "SHA-256", "pbx7", "Circle of Life");
    let text = secure.request("INVITE", "c2", 1, &format!("Content-Type: application/sdp\r\n{proof}"), SDP);
    secure.send(&text).await;
    assert_eq!(arrived(&mut engine).await.trunk.as_deref(), Some("strict"));
    assert_ne!(hash("MD5", ""), hash("SHA-256", ""));
}
