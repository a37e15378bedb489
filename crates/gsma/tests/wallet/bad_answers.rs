//! A wallet that answers anything at all: the client never panics, never takes it for a success, and says nothing about anybody.

use crate::changes::freeze;
use crate::listener::Listening;
use crate::rig::{account, key};
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use walletline_gsma::{Accepted, Client, Config, Error, NotSent, Page, Private, Unclear};

/// A wallet that answers every request as it was last told.
struct Liar {
    listening: Listening,
    says: Arc<Mutex<(u16, Vec<u8>)>>,
    client: Client,
}

impl Liar {
    async fn new() -> Self {
        let says = Arc::new(Mutex::new((200, Vec::new())));
        let told = Arc::clone(&says);
        let router = Router::new().fallback(move || {
            let (status, body) = told.lock().unwrap().clone();
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            std::future::ready(response)
        });
        let listening = Listening::on_loopback(router).await;
        let config = Config::new(listening.url("/wallet"));
        let client = Client::new(&Config { timeout: Duration::from_secs(20), ..config }).unwrap();
        Self { listening, says, client }
    }

    fn say(&self, status: u16, body: impl Into<Vec<u8>>) {
        *self.says.lock().unwrap() = (status, body.into());
    }
}

/// JSON that is nearly what is expected, and bytes that are nothing.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("null".to_owned()),
        Just("{}".to_owned()),
        Just("[]".to_owned()),
        Just("-1e999".to_owned()),
        "\"\\PC{0,12}\"",
        Just("\"pending\"".to_owned()),
        Just("\"FAILED\"".to_owned()),
        Just("\"completed\"".to_owned()),
    ];
    let key = prop_oneof![
        Just("status"),
        Just("serverCorrelationId"),
        Just("notificationMethod"),
        Just("error"),
        Just("errorCategory"),
        Just("errorCode"),
        Just("accountStatus"),
        Just("link"),
        Just("serviceStatus"),
        Just("amount"),
    ];
    let object = proptest::collection::vec((key, word), 0..6).prop_map(|fields| {
        let fields: Vec<String> = fields.into_iter().map(|(key, word)| format!("\"{key}\":{word}")).collect();
        format!("{{{}}}", fields.join(",")).into_bytes()
    });
    prop_oneof![object, proptest::collection::vec(any::<u8>(), 0..200)]
}

#[test]
fn no_answer_makes_the_client_panic_or_believe_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let liar = runtime.block_on(Liar::new());
    let statuses = proptest::sample::select(vec![200_u16, 201, 202, 204, 302, 400, 401, 404, 408, 409, 429, 500, 503]);
    let run = TestRunner::default().run(&(statuses, any_body()), |(status, body)| {
        liar.say(status, body);
        runtime.block_on(async {
            let (client, who) = (&liar.client, account("W100001"));
            let _any = (client.account(&who).await, client.transactions(&who, Page::default()).await);
            let _any = (client.heartbeat().await, client.reconcile(&key(1)).await, client.request_state(&key(2)).await);
            let outcome = freeze(client, "W100001", &key(1)).await;
            match (&outcome, status) {
                (Ok(Accepted::Done), 202 | 204) | (Ok(Accepted::Pending(_)), 202) => {}
                (Ok(_), _) => prop_assert!(false, "{status} is no success"),
                (Err(Error::Refused(_)), 200 | 201 | 302 | 408 | 500..) => prop_assert!(false, "{status} is no refusal"),
                (Err(Error::NotSent(_)), _) => prop_assert!(false, "it was sent"),
                (Err(Error::Refused(_) | Error::Unclear(_)), _) => {}
            }
            Ok(())
        })
    });
    run.unwrap();
}

#[tokio::test]
async fn a_404_of_something_in_between_is_no_unknown_account() {
    let liar = Liar::new().await;
    liar.say(404, "<html>not found</html>");
    assert_eq!(liar.client.account(&account("W100001")).await, Err(Error::Unclear(Unclear::Status(404))));
    assert_eq!(liar.client.reconcile(&key(1)).await, Err(Error::Unclear(Unclear::Status(404))));
}

#[tokio::test]
async fn a_wallet_that_failed_has_not_said_no() {
    let liar = Liar::new().await;
    for category in ["internal", "serviceUnavailable"] {
        liar.say(400, format!(r#"{{"errorCategory":"{category}","errorCode":"genericError"}}"#));
        assert_eq!(freeze(&liar.client, "W100001", &key(1)).await, Err(Error::Unclear(Unclear::Status(400))), "{category}");
    }
    liar.say(408, r#"{"errorCategory":"businessRule","errorCode":"genericError"}"#);
    assert_eq!(freeze(&liar.client, "W100001", &key(1)).await, Err(Error::Unclear(Unclear::Status(408))));
}

#[tokio::test]
async fn an_amount_that_is_a_number_is_no_answer() {
    let liar = Liar::new().await;
    let transaction = |amount: &str| {
        format!(
            r#"{{"transactionReference":"1","creditParty":[],"debitParty":null,"type":"transfer","transactionStatus":"Completed",
            "amount":{amount},"currency":"CNY","dateCreated":"2026-11-23T08:00:00Z","new":1}}"#
        )
    };
    liar.say(200, transaction("15.21"));
    assert!(matches!(liar.client.transaction("1").await, Err(Error::Unclear(Unclear::Garbage(_)))));
    liar.say(200, transaction("\"15.21\""));
    let read = liar.client.transaction("1").await.unwrap();
    assert_eq!((read.amount.to_minor(2), read.created_at()), (Ok(1_521), Some("2026-11-23T08:00:00Z")));
}

#[test]
fn a_wallet_over_https_is_checked_by_what_the_machine_trusts() {
    let made = Client::new(&Config::new("https://wallet.example.com/mm"));
    assert!(made.is_ok() || made.is_err_and(|error| error.key == "base_url"), "a machine without certificates says so");
}

#[tokio::test]
async fn a_key_called_a_duplicate_and_unknown_is_a_contradiction() {
    let liar = Liar::new().await;
    liar.say(400, r#"{"errorCategory":"businessRule","errorCode":"duplicateRequest"}"#);
    assert_eq!(freeze(&liar.client, "W100001", &key(1)).await, Err(Error::Unclear(Unclear::Contradiction)));
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let liar = Liar::new().await;
    liar.say(200, vec![b' '; (1 << 20) + 1]);
    assert_eq!(liar.client.heartbeat().await, Err(Error::Unclear(Unclear::TooLarge)));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let liar = Liar::new().await;
    liar.say(302, "");
    assert_eq!(liar.client.heartbeat().await, Err(Error::Unclear(Unclear::Status(302))));
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(&Config::new(format!("http://{unused}"))).unwrap();
    assert_eq!(freeze(&client, "W100001", &key(1)).await, Err(Error::NotSent(NotSent::Connection)));
}

#[tokio::test]
async fn nothing_about_anybody_is_printed() {
    let liar = Liar::new().await;
    liar.say(
        200,
        r#"{"accountIdentifiers":[{"key":"msisdn","value":"+8619000000001"}],"identity":[{"identityId":"I-77","identityType":"individual",
        "identityKyc":{"contactPhone":"+8619000000001","emailAddress":"li.na@example.com","subjectName":{"lastName":"Lina"}},
        "accountRelationship":"accountholder"}],"accountStatus":"held for Lina","customData":[{"key":"note","value":"Lina"}]}"#,
    );
    let account = liar.client.account(&account("W100001")).await.unwrap();
    let config = Config { api_key: Some(Private::new("geheim")), ..Config::new(liar.listening.url("/x")) };
    let client = Client::new(&config).unwrap();
    let printed = format!("{account:?} {config:?} {client:?} {:?}", account.state());
    for secret in ["8619", "example.com", "Lina", "I-77", "geheim"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn a_configuration_that_cannot_work_is_refused_by_its_key() {
    for url in ["", "ftp://h/", "http://user:geheim@h/", "http://h/?x=1", "http://h/#x", "127.0.0.1:80"] {
        let error = Client::new(&Config::new(url)).unwrap_err();
        assert!(error.to_string().starts_with("base_url: ") && !error.to_string().contains("geheim"), "{url}: {error}");
    }
    let config = Config { api_key: Some(Private::new("a\nb")), ..Config::new("http://h") };
    assert_eq!(Client::new(&config).unwrap_err().key, "api_key");
    let config = Config { callback_url: Some("no".to_owned()), ..Config::new("http://h") };
    assert_eq!(Client::new(&config).unwrap_err().key, "callback_url");
    let config = Config { timeout: Duration::ZERO, ..Config::new("http://h") };
    assert_eq!(Client::new(&config).unwrap_err().key, "timeout");
}
