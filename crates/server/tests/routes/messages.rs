//! Messages on their way out: signed requests to a gateway of the tests' own, what its moods lead to, its receipts, what a wallet may send,
//! and rows that other hands changed.

use crate::harness::{Hotline, folder, patient};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use walletline::engine::Clock;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::ids::{ErrandId, IdSource};
use walletline_core::kernel::{actor::Actor, language::Language, pii::Pii, time::Span};
use walletline_core::outbox::{Channel, Delivery, DeliveryState, Errand, Job, Message};
use walletline_store::Store;

const LI_NA: &str = "+8619000000001";
const CODE: &str = "493817";
const KEY: &str = "what the gateway and we know";
const RECEIPTS_KEY: &str = "what its receipts are signed with";

/// What a gateway was told.
#[derive(Clone)]
struct Request {
    headers: HeaderMap,
    body: Bytes,
}

/// A gateway: what it was told, and what it answers next; when nothing is left, that it has the message.
#[derive(Clone, Default)]
struct Gateway {
    told: Arc<Mutex<Vec<Request>>>,
    moods: Arc<Mutex<VecDeque<StatusCode>>>,
}

impl Gateway {
    /// Listens; the address it is reached at.
    async fn listen(&self, tasks: &mut JoinSet<()>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/messages", listener.local_addr().unwrap());
        let gateway = self.clone();
        let told = post(move |headers: HeaderMap, body: Bytes| async move { gateway.take(headers, body) });
        let router = Router::new().route("/messages", told);
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    fn take(&self, headers: HeaderMap, body: Bytes) -> Response {
        let mut told = self.told.lock().unwrap();
        told.push(Request { headers, body });
        match self.moods.lock().unwrap().pop_front() {
            Some(status) => status.into_response(),
            None => axum::Json(json!({ "id": format!("m-{}", told.len()) })).into_response(),
        }
    }

    fn moods(&self, moods: &[StatusCode]) {
        self.moods.lock().unwrap().extend(moods);
    }

    fn told(&self) -> Vec<Request> {
        self.told.lock().unwrap().clone()
    }
}

/// A hotline whose wallet has these two routes.
struct Rig {
    hotline: Hotline,
    first: Gateway,
    second: Gateway,
    ids: Mutex<IdSource>,
    _tasks: JoinSet<()>,
}

impl Rig {
    async fn new(more: &str) -> Self {
        let (first, second, mut tasks) = (Gateway::default(), Gateway::default(), JoinSet::new());
        let secrets = folder();
        std::fs::write(secrets.join("key"), KEY).unwrap();
        std::fs::write(secrets.join("receipts"), RECEIPTS_KEY).unwrap();
        let route = |name: &str, url: &str| {
            format!(
                "[[wallet.messages.sms]]\nname = \"{name}\"\nsender = \"Jinqiao\"\ncost = \"0.5\"\nhttp = \"{url}\"\nkey = \"file:{at}/key\"\n\
                 receipts = {{ key = \"file:{at}/receipts\" }}\n",
                at = secrets.display()
            )
        };
        let config = format!(
            "[[wallet]]\nid = \"jinqiao\"\nname = \"Jinqiao\"\nnumbers = [\"+86 1##########\"]\n[wallet.messages]\nprefixes = [\"+86\"]\n{more}\n{}{}\
             [[wallet]]\nid = \"harbor\"\nname = \"Harbor Pay\"\nnumbers = [\"+44 7#########\"]\n",
            route("first", &first.listen(&mut tasks).await),
            route("second", &second.listen(&mut tasks).await),
        );
        let hotline = Hotline::start_with(&config, true).await;
        Self { hotline, first, second, ids: Mutex::new(IdSource::new(77)), _tasks: tasks }
    }

    fn id(&self) -> ErrandId {
        self.ids.lock().unwrap().next(self.hotline.clock.wall())
    }

    /// A code to be sent to this number.
    fn errand(&self, to: &str) -> Errand {
        let now = self.hotline.clock.wall();
        let message = Message::Code { code: Pii::new(CODE.to_owned()) };
        let job = Job::Message { channel: Channel::Sms, to: Pii::new(to.to_owned()), message, language: Language::En };
        Errand::new(self.id(), "jinqiao".to_owned(), None, job, now, now + Span::from_s(600))
    }

    async fn send(&self, to: &str) -> ErrandId {
        let errand = self.errand(to);
        commit(&self.hotline.store, &errand).await;
        errand.id
    }

    async fn until(&self, errand: ErrandId, state: DeliveryState) -> Delivery {
        patient(async {
            loop {
                if let Some((_, row)) = self.hotline.store.delivery(errand).await.unwrap()
                    && row.state == state
                {
                    return row;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
    }

    /// Tells what became of a message, signed so.
    async fn tell(&self, route: &str, signature: &str, body: &Value) -> u16 {
        let headers = [("Content-Type", "application/json"), ("X-Walletline-Signature", signature)];
        let path = format!("/api/gateways/jinqiao/{route}/receipts");
        self.hotline.send("POST", &path, &headers, body.to_string().as_bytes()).await.status
    }

    async fn actions(&self) -> Vec<String> {
        let lines = self.hotline.store.audit_of("jinqiao", 0, 100).await;
        lines.map(|lines| lines.into_iter().map(|line| line.entry.action).collect()).unwrap_or_default()
    }
}

async fn commit(store: &Store, errand: &Errand) {
    let entry = Entry::new(errand.due_at, Actor::System, "message.committed", errand.id);
    store.commit(Commit::new(entry, vec![Change::Errand(0, Box::new(errand.clone()))])).await.unwrap();
}

/// A signature as the documentation describes it, made without our own code.
fn signature(key: &str, seconds: i64, parts: &[&str]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.update([&[seconds.to_string().as_str()], parts].concat().join("\n").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

fn now_s() -> i64 {
    Clock::unmoved().0 / 1_000_000
}

#[tokio::test]
async fn a_code_leaves_signed_under_a_key_and_its_receipt_is_believed_by_its_signature() {
    let rig = Rig::new("").await;
    let errand = rig.send(LI_NA).await;
    let sent = rig.until(errand, DeliveryState::Sent).await;
    assert_eq!((sent.route.as_deref(), sent.reference.as_deref()), (Some("first"), Some("m-1")));
    let [request] = <[Request; 1]>::try_from(rig.first.told()).ok().unwrap();
    let body = std::str::from_utf8(&request.body).unwrap();
    let told: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (told["to"].as_str(), told["from"].as_str(), told["key"].as_str()),
        (Some(LI_NA), Some("Jinqiao"), Some(errand.to_string().as_str()))
    );
    assert!(told["text"].as_str().unwrap().contains(CODE));
    let header = |name: &str| request.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("idempotency-key"), errand.to_string());
    let said = header("x-walletline-signature");
    let seconds: i64 = said.split([',', '=']).nth(1).unwrap().parse().unwrap();
    assert_eq!(said, signature(KEY, seconds, &[&errand.to_string(), body]));

    let receipt = json!({ "id": "m-1", "state": "delivered" });
    let text = receipt.to_string();
    for (forged, status) in [
        (String::new(), 401),
        (signature("a guess", now_s(), &[&text]), 401),
        (signature(KEY, now_s(), &[&text]), 401),
        (signature(RECEIPTS_KEY, now_s() - 3_600, &[&text]), 401),
        (signature(RECEIPTS_KEY, now_s(), &["{}"]), 401),
    ] {
        assert_eq!(rig.tell("first", &forged, &receipt).await, status, "{forged}");
    }
    let signed = signature(RECEIPTS_KEY, now_s(), &[&text]);
    assert_eq!(rig.tell("none", &signed, &receipt).await, 401, "which routes there are is nobody's to learn");
    assert_eq!(rig.tell("second", &signed, &receipt).await, 404, "another route's message is not this one's to speak of");
    assert_eq!(rig.until(errand, DeliveryState::Sent).await.settled_at, None);
    assert_eq!(rig.tell("first", &signed, &receipt).await, 204);
    let delivered = rig.until(errand, DeliveryState::Delivered).await;
    // The same again, and a word that comes too late: the end stays the end.
    assert_eq!(rig.tell("first", &signed, &receipt).await, 204);
    let late = json!({ "id": "m-1", "state": "failed", "reason": "absent" });
    assert_eq!(rig.tell("first", &signature(RECEIPTS_KEY, now_s(), &[&late.to_string()]), &late).await, 204);
    assert_eq!(rig.until(errand, DeliveryState::Delivered).await, delivered);
    let empty = json!({ "id": "m-1" });
    assert_eq!(rig.tell("first", &signature(RECEIPTS_KEY, now_s(), &[&empty.to_string()]), &empty).await, 422);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again_under_the_same_key_at_the_same_gateway() {
    let rig = Rig::new("").await;
    rig.first.moods(&[StatusCode::INTERNAL_SERVER_ERROR, StatusCode::CONFLICT]);
    let errand = rig.send(LI_NA).await;
    let sent = rig.until(errand, DeliveryState::Sent).await;
    assert_eq!(sent.route.as_deref(), Some("first"));
    let keys: Vec<_> = rig.first.told().iter().map(|request| request.headers["idempotency-key"].clone()).collect();
    assert_eq!(keys, [errand.to_string().as_str(), errand.to_string().as_str()]);
    assert!(rig.second.told().is_empty(), "nobody else was given the code");
}

#[tokio::test]
async fn a_gateway_that_surely_has_not_taken_it_lets_the_next_one_try() {
    let rig = Rig::new("").await;
    for mood in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS] {
        rig.first.moods(&[mood]);
        let errand = rig.send(LI_NA).await;
        assert_eq!(rig.until(errand, DeliveryState::Sent).await.route.as_deref(), Some("second"), "{mood}");
    }
    rig.first.moods(&[StatusCode::BAD_REQUEST]);
    rig.second.moods(&[StatusCode::FORBIDDEN]);
    let errand = rig.send(LI_NA).await;
    let failed = rig.until(errand, DeliveryState::Failed).await;
    assert_eq!(failed.reason.as_deref(), Some("http_403"));
    assert_eq!((rig.first.told().len(), rig.second.told().len()), (4, 4), "what all refuse is not tried again");
}

#[tokio::test]
async fn a_busy_gateway_is_given_the_message_later() {
    let rig = Rig::new("").await;
    rig.first.moods(&[StatusCode::SERVICE_UNAVAILABLE]);
    rig.second.moods(&[StatusCode::SERVICE_UNAVAILABLE]);
    let errand = rig.send(LI_NA).await;
    assert_eq!(rig.until(errand, DeliveryState::Sent).await.route.as_deref(), Some("first"));
    assert_eq!((rig.first.told().len(), rig.second.told().len()), (2, 1));
}

#[tokio::test]
async fn messages_are_not_pumped() {
    let rig = Rig::new("per_day = 9\nrange_per_day = 2\ncost_per_day = \"2.50\"").await;
    let elsewhere = rig.send("+88213000001").await;
    assert_eq!(rig.until(elsewhere, DeliveryState::Failed).await.reason.as_deref(), Some("prefix_not_allowed"));
    assert!(rig.first.told().is_empty(), "nobody is paid for it");
    for (to, reason) in [
        ("+8619000010001", None),
        ("+8619000010002", None),
        ("+8619000010003", Some("range_cap")),
        ("+8619000020001", None),
        ("+8619000030001", None),
        ("+8619000040001", None),
        ("+8619000050001", Some("cost_cap")),
    ] {
        let errand = rig.send(to).await;
        match reason {
            Some(reason) => assert_eq!(rig.until(errand, DeliveryState::Failed).await.reason.as_deref(), Some(reason), "{to}"),
            None => drop(rig.until(errand, DeliveryState::Sent).await),
        }
    }
    assert_eq!(rig.first.told().len(), 5);
    assert_eq!(rig.actions().await.iter().filter(|action| *action == "message.counted").count(), 5);
}

#[tokio::test]
async fn a_code_is_not_mailed() {
    let rig = Rig::new("").await;
    let mut errand = rig.errand(LI_NA);
    let message = Message::Code { code: Pii::new(CODE.to_owned()) };
    let to = Pii::new("li.na@example.com".to_owned());
    errand.job = Job::Message { channel: Channel::Mail, to, message, language: Language::En };
    commit(&rig.hotline.store, &errand).await;
    assert_eq!(rig.until(errand.id, DeliveryState::Failed).await.reason.as_deref(), Some("not_by_this_way"));
    let shown = rig.hotline.get("/demo/api/phones/+8619000000001/messages").await.text();
    assert!(!shown.contains(CODE), "{shown}");
}

#[tokio::test]
async fn a_row_that_other_hands_made_is_not_sent_and_is_told_of() {
    let rig = Rig::new("").await;
    // Whoever can write the database, and has no key.
    let stranger = Store::open(&format!("sqlite:{}", rig.hotline.database().display())).await.unwrap();
    stranger.seal_with([9; 32]);
    let forged = rig.errand("+8613800000000");
    commit(&stranger, &forged).await;
    let honest = rig.send(LI_NA).await;
    rig.until(honest, DeliveryState::Sent).await;
    patient(async {
        while rig.hotline.store.errands_refused().await.unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let told = rig.hotline.store.audit_of(&forged.id.to_string(), 0, 9).await.unwrap();
    let actions: Vec<_> = told.iter().map(|line| line.entry.action.as_str()).collect();
    assert!(actions.contains(&"errand.refused"), "{actions:?}");
    assert_eq!(rig.hotline.store.delivery(forged.id).await.unwrap(), None);
    assert!(rig.first.told().iter().all(|request| !request.body.windows(11).any(|part| part == b"13800000000")));
    stranger.close().await;
}
