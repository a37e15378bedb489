//! How a wallet knows who asks: an access token with each request, and a certificate on the connection.

use crate::listener::Listening;
use crate::rig::account;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::Listener;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use walletline_gsma::{Client, Config, Error, NotSent, OAuth, Private, Unclear};

/// Who grants tokens, and a wallet that takes the last one alone.
#[derive(Default)]
struct Door {
    granted: u32,
    life_s: u64,
    closed: bool,
    forms: Vec<String>,
    seen: Vec<String>,
}

type Shared = Arc<Mutex<Door>>;

async fn grant(State(door): State<Shared>, headers: HeaderMap, form: String) -> impl IntoResponse {
    let mut door = door.lock().unwrap();
    // RFC 7617's own spelling of "hotline:hunter2".
    assert_eq!(headers["authorization"], "Basic aG90bGluZTpodW50ZXIy");
    door.forms.push(form);
    if door.closed {
        return (StatusCode::SERVICE_UNAVAILABLE, String::new());
    }
    door.granted += 1;
    (StatusCode::OK, format!(r#"{{"access_token":"t{}","token_type":"Bearer","expires_in":{}}}"#, door.granted, door.life_s))
}

async fn wallet(State(door): State<Shared>, headers: HeaderMap) -> impl IntoResponse {
    let mut door = door.lock().unwrap();
    let shown = headers["authorization"].to_str().unwrap().to_owned();
    let takes = shown == format!("Bearer t{}", door.granted);
    door.seen.push(shown);
    if takes { (StatusCode::OK, r#"{"accountStatus":"available"}"#) } else { (StatusCode::UNAUTHORIZED, "") }
}

async fn behind_a_door(life_s: u64) -> (Shared, Client, Listening) {
    let door: Shared = Arc::new(Mutex::new(Door { life_s, ..Door::default() }));
    let router = Router::new().route("/token", post(grant)).fallback(get(wallet)).with_state(Arc::clone(&door));
    let listening = Listening::on_loopback(router).await;
    let oauth = OAuth {
        token_url: listening.url("/token"),
        client_id: "hotline".to_owned(),
        client_secret: Private::new("hunter2"),
        scope: Some("refunds status".to_owned()),
    };
    let config = Config { oauth: Some(oauth), ..Config::new(listening.url("/mm")) };
    assert!(!format!("{config:?}").contains("hunter2"));
    (door, Client::new(&config).unwrap(), listening)
}

#[tokio::test]
async fn a_token_is_had_once_for_all_who_ask_at_once_and_again_when_the_wallet_no_longer_takes_it() {
    let (door, client, _listening) = behind_a_door(3_600).await;
    let mut asking = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        asking.spawn(async move { client.status(&account("W100001")).await.is_ok() });
    }
    assert!(asking.join_all().await.into_iter().all(|answered| answered));
    assert_eq!(door.lock().unwrap().forms, ["grant_type=client_credentials&scope=refunds+status"]);
    // The wallet takes another one from now on: one request is turned away, the next has a token of its own.
    door.lock().unwrap().granted = 6;
    assert_eq!(client.status(&account("W100001")).await, Err(Error::Unclear(Unclear::Status(401))));
    assert!(client.status(&account("W100001")).await.is_ok());
    assert_eq!(door.lock().unwrap().seen.last().map(String::as_str), Some("Bearer t7"));
}

#[tokio::test]
async fn a_token_that_lives_shortly_is_had_anew_and_without_one_nothing_is_sent() {
    let (door, client, _listening) = behind_a_door(20).await;
    for _ in 0..2 {
        assert!(client.status(&account("W100001")).await.is_ok());
    }
    assert_eq!(door.lock().unwrap().granted, 2, "renewed before it runs out");
    door.lock().unwrap().closed = true;
    let seen = door.lock().unwrap().seen.len();
    assert_eq!(client.status(&account("W100001")).await, Err(Error::NotSent(NotSent::Token)));
    assert_eq!(door.lock().unwrap().seen.len(), seen);
}

/// Connections with a certificate that this listener's authority vouches for; others it drops.
struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.tcp.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn signed(
    authority: &CertifiedIssuer<'static, KeyPair>,
    name: &str,
    purpose: ExtendedKeyUsagePurpose,
) -> (rcgen::Certificate, KeyPair) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.extended_key_usages = vec![purpose];
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap(), key)
}

#[tokio::test]
async fn a_wallet_that_wants_a_certificate_sees_ours_and_we_see_whether_it_is_the_wallet() {
    let (ours, strangers) = (authority(), authority());
    let (certificate, key) = signed(&ours, "localhost", ExtendedKeyUsagePurpose::ServerAuth);
    let mut roots = RootCertStore::empty();
    roots.add(ours.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let tls = tls.with_client_cert_verifier(verifier).with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = tcp.local_addr().unwrap().port();
    let router = Router::new().fallback(get(|| async { r#"{"accountStatus":"available"}"# }));
    let mut serving = JoinSet::new();
    let listener = TlsListener { tcp, acceptor: TlsAcceptor::from(Arc::new(tls)) };
    serving.spawn(async move { axum::serve(listener, router).await.unwrap() });

    let identity = |authority: &CertifiedIssuer<'static, KeyPair>| {
        let (certificate, key) = signed(authority, "hotline", ExtendedKeyUsagePurpose::ClientAuth);
        Some(Private::new(pem("CERTIFICATE", certificate.der()) + &pem("PRIVATE KEY", &key.serialize_der())))
    };
    let client = |identity, authority: &CertifiedIssuer<'static, KeyPair>| {
        let base = Config::new(format!("https://localhost:{port}/mm"));
        Client::new(&Config { identity, authority: Some(pem("CERTIFICATE", authority.der())), ..base }).unwrap()
    };
    assert!(client(identity(&ours), &ours).status(&account("W100001")).await.is_ok());
    for refused in [client(identity(&strangers), &ours), client(None, &ours), client(identity(&ours), &strangers)] {
        assert!(refused.status(&account("W100001")).await.is_err());
    }
    let bad = Config { identity: Some(Private::new("no key")), ..Config::new("https://localhost/mm") };
    assert_eq!(Client::new(&bad).unwrap_err().key, "identity");
    let bad = Config { authority: Some("no certificate".to_owned()), ..Config::new("https://localhost/mm") };
    assert_eq!(Client::new(&bad).unwrap_err().key, "authority");
}
