//! What becomes of the number that a call shows: calls over SIP by hand, statements that a carrier of the test signs, and its
//! certificate on a host of the test.

use crate::harness::{Hotline, patient};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum_server::tls_rustls::RustlsConfig;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use walletline::connector::caller_id::Fetcher;
use walletline::engine::Clock;

const HOST: &str = "sti.example";
const NUMBER: &str = "8619000000001";

/// A carrier: its key, and the host where its certificate is.
struct Carrier {
    key: KeyPair,
    /// What `[stir] anchors` names.
    anchors: std::path::PathBuf,
    root: Vec<u8>,
    host: SocketAddr,
    fetched: Arc<AtomicU32>,
    /// Lets the answers of `/slow.pem` go.
    patience: Arc<Notify>,
    _tasks: JoinSet<()>,
}

fn pem(certificate: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(certificate);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

impl Drop for Carrier {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_file(&self.anchors);
    }
}

impl Carrier {
    async fn start() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let root = authority.self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let signer = CertificateParams::new(Vec::new()).unwrap().signed_by(&key, &issuer).unwrap();
        let signer = pem(signer.der());
        let web_key = KeyPair::generate().unwrap();
        let web = CertificateParams::new(vec![HOST.to_owned()]).unwrap().signed_by(&web_key, &issuer).unwrap();
        let tls = RustlsConfig::from_der(vec![web.der().to_vec()], web_key.serialize_der()).await.unwrap();

        let (fetched, patience) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let (count, wait, slow) = (Arc::clone(&fetched), Arc::clone(&patience), signer.clone());
        let router = axum::Router::new()
            .route(
                "/c.pem",
                axum::routing::get(move || async move {
                    count.fetch_add(1, Ordering::Relaxed);
                    signer
                }),
            )
            .route(
                "/slow.pem",
                axum::routing::get(move || async move {
                    wait.notified().await;
                    slow
                }),
            )
            .route("/moved.pem", axum::routing::get(|| async { axum::response::Redirect::temporary("/c.pem") }))
            .route("/long.pem", axum::routing::get(|| async { "-".repeat(100_000) }));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let host = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        let server = axum_server::from_tcp_rustls(listener, tls).unwrap();
        tasks.spawn(async move { server.serve(router.into_make_service()).await.unwrap() });
        let anchors = crate::harness::folder().join("anchors.pem");
        std::fs::write(&anchors, pem(root.der())).unwrap();
        Self { key, anchors, root: root.der().to_vec(), host, fetched, patience, _tasks: tasks }
    }

    /// The demo world that believes this carrier, with one trunk on this machine where asked for.
    async fn hotline(&self, trunk: &str) -> Hotline {
        let at = self.anchors.display();
        let more = format!("[stir]\nanchors = \"{at}\"\nhosts = [\"{HOST}:{}\"]\n{trunk}", self.host.port());
        let root = Certificate::from_der(&self.root).unwrap();
        let client = Client::builder().resolve(HOST, self.host).tls_certs_only([root]);
        Hotline::start_checking(&more, Fetcher::over(client).unwrap()).await
    }

    fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}/{path}", self.host.port())
    }

    /// An Identity field; what is not said in `changes` is true of the call.
    fn identity(&self, changes: &Value) -> String {
        let url = changes["x5u"].as_str().map_or_else(|| self.url("c.pem"), str::to_owned);
        let header = json!({ "alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": url });
        let mut claims = json!({
            "attest": "A", "dest": { "tn": ["8000"] }, "iat": Clock::unmoved().0 / 1_000_000, "orig": { "tn": NUMBER },
            "origid": "123e4567-e89b-12d3-a456-426655440000",
        });
        for (name, value) in changes.as_object().unwrap().iter().filter(|(name, _)| *name != "x5u") {
            claims[name] = value.clone();
        }
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.key.serialize_der()).unwrap();
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{};info=<{url}>;alg=ES256;ppt=shaken", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A phone that calls once.
struct Phone {
    socket: UdpSocket,
    call: String,
}

impl Phone {
    async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let call = format!("caller-id-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { socket, call }
    }

    fn request(&self, method: &str, from: &str, fields: &str, to_tag: &str, body: &str) -> String {
        let at = self.socket.local_addr().unwrap();
        let number = if method == "BYE" { 2 } else { 1 };
        format!(
            "{method} sip:8000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bK{}{method}\r\nMax-Forwards: 70\r\n\
             From: {from};tag=f\r\nTo: <sip:8000@127.0.0.1>{to_tag}\r\nCall-ID: {}\r\nCSeq: {number} {method}\r\n\
             Contact: <sip:caller@{at}>\r\n{fields}Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            self.call,
            self.call,
            body.len()
        )
    }

    /// Calls, is answered, and hangs up when told; gives what ends the call.
    async fn calls(&self, hotline: &Hotline, from: &str, fields: &str) -> String {
        let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\n";
        let invite = self.request("INVITE", from, fields, "", sdp);
        self.socket.send_to(invite.as_bytes(), hotline.sip).await.unwrap();
        let mut buffer = [0; 4096];
        loop {
            let (length, _) = patient(self.socket.recv_from(&mut buffer)).await.unwrap();
            let answer = std::str::from_utf8(&buffer[..length]).unwrap();
            if answer.starts_with("SIP/2.0 200") {
                let to = answer.lines().find(|line| line.starts_with("To:")).unwrap();
                let tag = to.split_once(";tag=").unwrap().1.to_owned();
                let ack = self.request("ACK", from, "", &format!(";tag={tag}"), "");
                self.socket.send_to(ack.as_bytes(), hotline.sip).await.unwrap();
                return tag;
            }
            assert!(answer.starts_with("SIP/2.0 1"), "{answer}");
        }
    }

    async fn hangs_up(&self, hotline: &Hotline, from: &str, tag: &str) {
        let bye = self.request("BYE", from, "", &format!(";tag={tag}"), "");
        self.socket.send_to(bye.as_bytes(), hotline.sip).await.unwrap();
    }
}

/// The newest contact, once it says this of its number.
async fn newest(hotline: &Hotline, calls: usize, trust: &str) -> Value {
    let lead = hotline.log_in("lead1").await;
    let mut last = Value::Null;
    for _ in 0..500 {
        let contacts = lead.get("/api/v1/contacts?limit=50").await.json();
        let list = contacts.as_array().cloned().or_else(|| contacts["contacts"].as_array().cloned()).unwrap();
        if list.len() == calls {
            last = list[0].clone();
            if last["caller_id"] == trust {
                return last;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no contact whose number is {trust}: {last}");
}

const FROM: &str = "<sip:+8619000000001@carrier.example;user=phone>";

#[tokio::test]
async fn a_call_says_how_far_its_number_is_vouched_for() {
    let carrier = Carrier::start().await;
    let hotline = carrier.hotline("").await;
    let old = json!({ "iat": Clock::unmoved().0 / 1_000_000 - 61 });
    let good = carrier.identity(&json!({}));
    let (signed, rest) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}{}", if rest.starts_with('A') { 'B' } else { 'A' }, &rest[1..]);
    let text = |name: &str, value: Value| carrier.identity(&json!({ name: value }));
    let mut calls = 0;
    for (what, identity, trust, risk) in [
        ("none at all", None, "none", json!([])),
        ("a good one", Some(good.clone()), "A", json!([])),
        ("partial", Some(text("attest", json!("B"))), "B", json!([])),
        ("from a gateway", Some(text("attest", json!("C"))), "C", json!(["caller_id_gateway"])),
        ("a forged one", Some(forged), "failed", json!(["caller_id_failed"])),
        ("an old one", Some(carrier.identity(&old)), "failed", json!(["caller_id_failed"])),
        ("about another number", Some(text("orig", json!({ "tn": "8619000000002" }))), "failed", json!(["caller_id_failed"])),
        ("for another line", Some(text("dest", json!({ "tn": ["8001"] }))), "failed", json!(["caller_id_failed"])),
        ("iat as text", Some(text("iat", json!("1790000000"))), "failed", json!(["caller_id_failed"])),
        ("elsewhere", Some(text("x5u", json!("https://127.0.0.1/c.pem"))), "failed", json!(["caller_id_failed"])),
        ("moved", Some(text("x5u", json!(carrier.url("moved.pem")))), "failed", json!(["caller_id_failed"])),
        ("too long", Some(text("x5u", json!(carrier.url("long.pem")))), "failed", json!(["caller_id_failed"])),
        ("nowhere", Some(text("x5u", json!(carrier.url("none.pem")))), "failed", json!(["caller_id_failed"])),
        ("of another kind", Some(good.replace("ppt=shaken", "ppt=div")), "none", json!([])),
        ("its own verdict, which nobody asked for", None, "none", json!([])),
    ] {
        calls += 1;
        let phone = Phone::new().await;
        let fields = identity.map_or_else(String::new, |identity| format!("Identity: {identity}\r\n"));
        let from =
            if what.starts_with("its own") { FROM.replace("01@", "01;verstat=TN-Validation-Passed@") } else { FROM.to_owned() };
        let tag = phone.calls(&hotline, &from, &fields).await;
        let contact = newest(&hotline, calls, trust).await;
        assert_eq!(contact["risk"], risk, "{what}");
        assert_eq!((&contact["level"], &contact["caller"]), (&json!("A1"), &json!("+86 190****0001")), "{what}");
        phone.hangs_up(&hotline, &from, &tag).await;
    }
    assert_eq!(carrier.fetched.load(Ordering::Relaxed), 1, "a certificate is fetched once");
}

#[tokio::test]
async fn a_certificate_that_does_not_come_keeps_nobody_waiting() {
    let carrier = Carrier::start().await;
    let hotline = carrier.hotline("").await;
    let phone = Phone::new().await;
    let identity = carrier.identity(&json!({ "x5u": carrier.url("slow.pem") }));
    // Answered while the host still thinks.
    let tag = phone.calls(&hotline, FROM, &format!("Identity: {identity}\r\n")).await;
    newest(&hotline, 1, "none").await;
    carrier.patience.notify_one();
    newest(&hotline, 1, "A").await;
    phone.hangs_up(&hotline, FROM, &tag).await;
}

#[tokio::test]
async fn a_trunks_own_verdict_is_believed_where_the_operator_says_so() {
    let carrier = Carrier::start().await;
    let hotline = carrier.hotline("[[trunk]]\nid = \"carrier\"\nfrom = [\"127.0.0.1\"]\nverstat = true\n").await;
    let forged = "Identity: a.b.c;ppt=shaken\r\n";
    let mut calls = 0;
    for (verstat, fields, trust) in [
        ("TN-Validation-Passed", "P-Attestation-Indicator: A\r\n", "A"),
        ("TN-Validation-Passed", "P-Attestation-Indicator: B\r\n", "B"),
        ("TN-Validation-Passed", "", "C"),
        ("TN-Validation-Failed", "P-Attestation-Indicator: A\r\n", "failed"),
        ("No-TN-Validation", forged, "none"),
        ("", forged, "failed"),
    ] {
        calls += 1;
        let phone = Phone::new().await;
        let beside = if verstat.is_empty() { String::new() } else { format!(";verstat={verstat}") };
        let from = FROM.replace("01@", &format!("01{beside}@"));
        let tag = phone.calls(&hotline, &from, fields).await;
        let contact = newest(&hotline, calls, trust).await;
        assert_eq!(contact["caller"], "+86 190****0001", "{verstat}");
        phone.hangs_up(&hotline, &from, &tag).await;
    }
}
