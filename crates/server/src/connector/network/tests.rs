//! A network that follows CAMARA's sim-swap 2.1 and device-swap 0.2 and RFC 6749, and what we make of each of its answers.

use super::*;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const LI_NA: &str = "+8619000000001";
const ZHAO_LEI: &str = "+8619000000004";

/// The network: what it was asked, which token is good, and how it misbehaves.
#[derive(Default)]
struct Side {
    asked: Vec<(String, Value)>,
    tokens: u32,
    /// Tokens up to this one are ended.
    ended: u32,
    /// The status of the next answers of `/check`, instead of one.
    next: Vec<u16>,
    garbage: bool,
    /// How long tokens last.
    expires_in: Option<u64>,
}

type Shared = Arc<Mutex<Side>>;

async fn token(State(side): State<Shared>, headers: HeaderMap, body: Bytes) -> axum::response::Response {
    // base64 of walletline:s3cret&=
    let right = headers["authorization"] == "Basic d2FsbGV0bGluZTpzM2NyZXQmPQ==";
    let form = headers["content-type"] == "application/x-www-form-urlencoded";
    if !right || !form || !body.starts_with(b"grant_type=client_credentials&scope=") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut side = lock(&side);
    side.tokens += 1;
    let mut token = json!({ "access_token": format!("token-{}", side.tokens), "token_type": "Bearer" });
    if let Some(seconds) = side.expires_in {
        token["expires_in"] = json!(seconds);
    }
    Json(token).into_response()
}

/// As the two specifications have it: `phoneNumber` is needed with a two-legged token, `maxAge` is from 1 to 2400 hours.
async fn check(api: &'static str, side: Shared, headers: HeaderMap, body: Bytes) -> axum::response::Response {
    let mut side = lock(&side);
    let problem = |status: u16, code: &str| {
        let body = json!({ "status": status, "code": code, "message": "as the specification says" });
        (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
    };
    let asked: Value = serde_json::from_slice(&body).unwrap();
    side.asked.push((api.to_owned(), asked.clone()));
    if let Some(status) = side.next.pop() {
        return problem(status, "AS_ORDERED");
    }
    if side.garbage {
        return "swapped?".into_response();
    }
    let shown = headers["authorization"].to_str().unwrap().strip_prefix("Bearer token-").and_then(|n| n.parse::<u32>().ok());
    if shown.is_none_or(|shown| shown <= side.ended || shown > side.tokens) {
        return problem(401, "UNAUTHENTICATED");
    }
    let fields: Vec<&str> = asked.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["maxAge", "phoneNumber"]);
    if !(1..=2_400).contains(&asked["maxAge"].as_u64().unwrap()) {
        return problem(400, "OUT_OF_RANGE");
    }
    Json(json!({ "swapped": asked["phoneNumber"] == ZHAO_LEI })).into_response()
}

struct Rig {
    side: Shared,
    network: Network,
    _server: JoinSet<()>,
}

impl Rig {
    async fn start() -> Self {
        let side = Shared::default();
        let sim = |State(side), headers, body| check("sim-swap", side, headers, body);
        let device = |State(side), headers, body| check("device-swap", side, headers, body);
        let router = Router::new()
            .route("/oauth/token", post(token))
            .route("/sim-swap/v2/check", post(sim))
            .route("/device-swap/v0.2/check", post(device))
            .with_state(Arc::clone(&side));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let api = |path: &str| NetworkApi {
            url: format!("{base}/{path}"),
            token_url: format!("{base}/oauth/token"),
            client_id: "walletline".to_owned(),
            client_secret: Pii::new("s3cret&=".to_owned()),
            scope: "a:check b".to_owned(),
        };
        let (sim, device) = (api("sim-swap/v2/"), api("device-swap/v0.2"));
        let network = Network::new(Some(&sim), Some(&device), Clock::start()).unwrap();
        Self { side, network, _server: server }
    }

    async fn said(&self, contact: u128, msisdn: &str) -> Vec<&'static str> {
        let said = self.network.signals(contact.into(), &Pii::new(msisdn.to_owned()), &Ladder::default()).await;
        said.into_iter().map(Signal::name).collect()
    }

    fn asked(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut lock(&self.side).asked)
    }
}

#[tokio::test]
async fn a_swap_is_a_signal_for_as_long_as_the_ladder_lets_it_count_and_is_asked_about_once_in_a_contact() {
    let rig = Rig::start().await;
    assert_eq!(rig.said(1, ZHAO_LEI).await, ["sim_swap", "young_device"]);
    let hours = |hours: u32| json!({ "phoneNumber": ZHAO_LEI, "maxAge": hours });
    assert_eq!(rig.asked(), [("sim-swap".to_owned(), hours(240)), ("device-swap".to_owned(), hours(72))]);
    assert_eq!(rig.said(1, ZHAO_LEI).await, ["sim_swap", "young_device"]);
    assert!(rig.asked().is_empty(), "what was said holds for the contact");
    assert_eq!(rig.said(2, ZHAO_LEI).await.len(), 2);
    assert_eq!(rig.asked().len(), 2, "and for no other");
    assert!(rig.said(1, LI_NA).await.is_empty());
    assert_eq!(rig.asked().len(), 2, "nor for another number");
    assert_eq!(lock(&rig.side).tokens, 2, "one token for each API, though nobody told how long it lasts");
}

#[tokio::test]
async fn what_a_network_does_not_say_is_unknown_and_never_no() {
    for status in [500, 503, 429, 404, 422, 403] {
        let rig = Rig::start().await;
        lock(&rig.side).next = vec![status, status];
        assert_eq!(rig.said(1, LI_NA).await, ["network_unknown"], "{status}");
    }
    let rig = Rig::start().await;
    lock(&rig.side).garbage = true;
    assert_eq!(rig.said(1, LI_NA).await, ["network_unknown"]);
    // One of them says yes, the other nothing.
    let rig = Rig::start().await;
    lock(&rig.side).next = vec![503];
    assert_eq!(rig.said(1, ZHAO_LEI).await, ["young_device", "network_unknown"]);
}

#[tokio::test]
async fn a_token_is_kept_and_asked_for_again_when_it_is_refused() {
    let rig = Rig::start().await;
    lock(&rig.side).expires_in = Some(3_600);
    for contact in 1..=3 {
        assert!(rig.said(contact, LI_NA).await.is_empty());
    }
    assert_eq!(lock(&rig.side).tokens, 2);
    lock(&rig.side).ended = 2;
    assert!(rig.said(4, LI_NA).await.is_empty(), "tokens that were ended are asked for anew");
    assert_eq!(lock(&rig.side).tokens, 4);
    lock(&rig.side).next = vec![401; 4];
    assert_eq!(rig.said(5, LI_NA).await, ["network_unknown"], "once, and not again and again");
    lock(&rig.side).expires_in = Some(20);
    lock(&rig.side).ended = 100;
    lock(&rig.side).tokens = 100;
    assert!(rig.said(6, LI_NA).await.is_empty());
    assert!(rig.said(7, LI_NA).await.is_empty());
    assert_eq!(lock(&rig.side).tokens, 104, "one that is nearly over is not used again");
}

#[tokio::test]
async fn a_network_that_is_away_is_not_waited_for_by_every_caller() {
    let rig = Rig::start().await;
    lock(&rig.side).next = vec![503; 100];
    for contact in 1..=8 {
        assert_eq!(rig.said(contact, LI_NA).await, ["network_unknown"]);
    }
    assert!(rig.asked().len() <= 10, "after five each they are left alone for a while");
}

#[test]
fn forms_are_written_as_forms() {
    assert_eq!(
        form(&[("grant_type", "client_credentials"), ("scope", "a:b c&d")]),
        "grant_type=client_credentials&scope=a%3Ab+c%26d"
    );
}
