//! A carrier of few words: the hand-written phone of `sip_peer` on the other side of a trunk, and a digest made by other code than ours.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its part of the carrier")]

use crate::sip_peer::{Engine, HANG, Message, Peer, T1, T1_SHORT, unique};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;
use walletline_voice::{
    Account, Command, DialTarget, LegId, Login, Secret, Throttle, TrunkSettings, TrunkStatus, TrunkTimers, Tuning,
};

/// Where a peer points that has no engine yet.
pub(crate) const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9);

/// A trunk that dials Chinese numbers, by way of these peers; the first one is tried first.
pub(crate) fn trunk(targets: &[&Peer]) -> TrunkSettings {
    let target = |(at, peer): (usize, &&Peer)| format!("{};priority={at}", peer.address).parse().unwrap();
    TrunkSettings {
        id: "carrier".to_owned(),
        targets: targets.iter().enumerate().map(target).collect(),
        allow: ["+86*", "95588"].map(|rule| rule.parse().unwrap()).to_vec(),
        ..TrunkSettings::default()
    }
}

pub(crate) fn account(register: bool) -> Account {
    let (user, password) = ("account7".to_owned(), Secret::new("Circle of Life".to_owned()));
    Account { user, password, domain: "carrier.example".to_owned(), register: register.then_some(Duration::from_secs(600)) }
}

pub(crate) fn login(user: &str) -> Login {
    let domain = Some("pbx.example".to_owned());
    Login { user: user.to_owned(), password: Secret::new("Circle of Life".to_owned()), domain }
}

/// Patience that only a hang uses up.
pub(crate) fn tuning() -> Tuning {
    let trunks = TrunkTimers {
        patience: HANG,
        answer: HANG,
        retry: Duration::from_millis(50),
        retry_max: Duration::from_millis(100),
        ..TrunkTimers::default()
    };
    let throttle = Throttle { offences: 3, loopback: true, ..Throttle::default() };
    Tuning { t1: T1, trunks, throttle, ..Tuning::default() }
}

/// Where a test waits for us to give a target up.
pub(crate) fn impatient() -> Tuning {
    let (patience, answer) = (Duration::from_millis(150), Duration::from_millis(400));
    Tuning { t1: T1_SHORT, trunks: TrunkTimers { patience, answer, ..tuning().trunks }, ..tuning() }
}

pub(crate) async fn start(trunks: Vec<TrunkSettings>) -> Engine {
    Engine::start_trunks(trunks, tuning(), None).await
}

pub(crate) async fn start_impatient(trunks: Vec<TrunkSettings>) -> Engine {
    Engine::start_trunks(trunks, impatient(), None).await
}

pub(crate) fn dial(engine: &Engine, number: &str) -> LegId {
    dial_as(engine, number, "+864001234567")
}

pub(crate) fn dial_as(engine: &Engine, number: &str, caller_id: &str) -> LegId {
    let leg = LegId(unique().into());
    let to = DialTarget::Trunk { trunk: None, number: number.to_owned(), caller_id: caller_id.to_owned() };
    engine.voice.execute(Command::Dial { leg, to });
    leg
}

pub(crate) fn status(engine: &Engine) -> TrunkStatus {
    engine.voice.trunks().remove(0)
}

/// Waits until the first trunk stands so.
pub(crate) async fn until(engine: &Engine, wanted: impl Fn(&TrunkStatus) -> bool) {
    let stands = async {
        while !wanted(&status(engine)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(HANG, stands).await.is_ok(), "it stands so: {:?}", status(engine));
}

/// A challenge of both algorithms, or of one.
pub(crate) fn challenge(algorithms: &[&str], nonce: &str) -> String {
    let field = |algorithm: &&str| {
        format!("WWW-Authenticate: Digest realm=\"carrier\", nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"\r\n")
    };
    algorithms.iter().map(field).collect()
}

/// The parameters of an Authorization or of a challenge.
pub(crate) fn params(value: &str) -> HashMap<String, String> {
    let params = value.strip_prefix("Digest ").unwrap().split(", ").map(|param| param.split_once('=').unwrap());
    params.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect()
}

/// Hex hashes of the carrier's own.
pub(crate) fn hash(algorithm: &str, text: &str) -> String {
    use md5::{Digest as _, Md5};
    let bytes = match algorithm {
        "MD5" => Md5::digest(text).to_vec(),
        "SHA-256" => aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec(),
        other => panic!("an algorithm nobody offered: {other}"),
    };
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a request proves the account's password by this algorithm.
pub(crate) fn proves(request: &Message, algorithm: &str, password: &str) -> bool {
    let Some(value) = request.field("Authorization").or(request.field("Proxy-Authorization")) else { return false };
    let given = params(value);
    let ha1 = hash(algorithm, &format!("{}:{}:{password}", given["username"], given["realm"]));
    let ha2 = hash(algorithm, &format!("{}:{}", request.method(), given["uri"]));
    let text = format!("{ha1}:{}:{}:{}:auth:{ha2}", given["nonce"], given["nc"], given["cnonce"]);
    given["algorithm"] == algorithm && given["uri"] == request.uri() && given["response"] == hash(algorithm, &text)
}

/// What a carrier that logs in answers to our challenge of an INVITE.
pub(crate) fn authorization(refused: &Message, algorithm: &str, user: &str, password: &str) -> String {
    let offered = refused.fields("WWW-Authenticate").into_iter().map(params).find(|given| given["algorithm"] == algorithm);
    let offered = offered.expect("the algorithm is offered");
    authorization_on(&offered["nonce"], &offered["realm"], algorithm, user, password)
}

pub(crate) fn authorization_on(nonce: &str, realm: &str, algorithm: &str, user: &str, password: &str) -> String {
    let ha1 = hash(algorithm, &format!("{user}:{realm}:{password}"));
    let ha2 = hash(algorithm, "INVITE:sip:walletline");
    let response = hash(algorithm, &format!("{ha1}:{nonce}:00000001:cn:auth:{ha2}"));
    format!(
        "Authorization: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"sip:walletline\", qop=auth, \
         nc=00000001, cnonce=\"cn\", response=\"{response}\", algorithm={algorithm}\r\n"
    )
}

/// Grants a registration.
pub(crate) async fn grant(carrier: &Peer, register: &Message, expires_s: u32) {
    let contact = register.field("Contact").unwrap();
    carrier.respond(register, "200 OK", &format!("Contact: {contact};expires={expires_s}\r\n"), "").await;
}
