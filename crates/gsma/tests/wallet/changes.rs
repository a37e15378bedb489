//! Changes: one effect for each correlation id, whatever is repeated, and nothing lost over a restart.

use crate::rig::{Rig, account, key};
use std::path::PathBuf;
use walletline_gsma::wire::{AccountStatus, ErrorCode, RequestStatus, SubStatus};
use walletline_gsma::{Accepted, Client, Error, NotSent, Reconciled};

pub(crate) async fn freeze(client: &Client, id: &str, key: &str) -> Result<Accepted, Error> {
    client.set_status(&account(id), AccountStatus::Unavailable, SubStatus::FrozenByHotline, key).await
}

pub(crate) async fn is_frozen(client: &Client, id: &str) -> bool {
    client.status(&account(id)).await.unwrap().sub_status == SubStatus::FrozenByHotline
}

pub(crate) async fn effects(rig: &Rig) -> Vec<(String, String)> {
    rig.control.ledger().await.unwrap().into_iter().map(|entry| (entry.correlation_id, entry.operation)).collect()
}

/// A file of the test's own, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("gsma-{name}-{}", std::process::id()));
        let _absent = std::fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("sandbox.db")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _left_to_the_next_run = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_freeze_shows_in_both_brands_and_in_the_ledger() {
    let rig = Rig::in_memory().await;
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done));
    assert!(is_frozen(&rig.jinqiao, "W100001").await && is_frozen(&rig.harbor, "W100001").await);
    let ledger = rig.control.ledger().await.unwrap();
    let [entry] = ledger.as_slice() else { panic!("one effect: {ledger:?}") };
    assert_eq!(
        (entry.operation.as_str(), entry.account.as_str(), entry.at.as_str()),
        ("freeze", "W100001", "2026-11-23T08:00:00Z")
    );
    assert_eq!(entry.correlation_id, key(1));
    let unlocked = rig.harbor.set_status(&account("W100001"), AccountStatus::Available, SubStatus::None, &key(2)).await;
    assert_eq!(unlocked, Ok(Accepted::Done));
    assert_eq!(effects(&rig).await, [(key(1), "freeze".to_owned()), (key(2), "unlock".to_owned())]);
    rig.assert_conforming();
}

#[tokio::test]
async fn a_key_sent_again_has_no_second_effect_and_gets_the_first_answer() {
    let rig = Rig::in_memory().await;
    for _ in 0..3 {
        assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done));
    }
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1).to_uppercase()).await, Ok(Accepted::Done), "a UUID has no case");
    assert_eq!(effects(&rig).await.len(), 1);
    let link = rig.jinqiao.response(&key(1)).await.unwrap();
    assert_eq!((link.link.expose(), link.request_state()), ("/jinqiao/accounts/accountid/W100001", None));
    rig.assert_conforming();
}

#[tokio::test]
async fn many_senders_of_one_key_have_one_effect() {
    let rig = Rig::in_memory().await;
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let client = rig.jinqiao.clone();
        senders.spawn(async move { freeze(&client, "W100001", &key(1)).await });
    }
    assert!(senders.join_all().await.into_iter().all(|outcome| outcome == Ok(Accepted::Done)));
    assert_eq!(effects(&rig).await.len(), 1);
}

#[tokio::test]
async fn a_key_that_was_never_processed_is_told_apart() {
    let rig = Rig::in_memory().await;
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::NotReceived));
    freeze(&rig.jinqiao, "W999999", &key(1)).await.unwrap_err();
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::NotReceived), "a refused request was not processed");
    assert_eq!(freeze(&rig.jinqiao, "W100003", &key(1)).await, Ok(Accepted::Done));
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::Done));
    rig.assert_conforming();
}

#[tokio::test]
async fn a_late_change_is_pending_until_its_time() {
    let rig = Rig::in_memory().await;
    rig.fault("freeze", "late").await;
    let Ok(Accepted::Pending(id)) = freeze(&rig.jinqiao, "W100001", &key(1)).await else { panic!("202 pending") };
    let state = rig.jinqiao.request_state(&id).await.unwrap();
    assert_eq!((state.status, state.poll_limit), (RequestStatus::Pending, Some(100.into())));
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::Pending(id.clone())));
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Pending(id.clone())), "the first answer again");
    assert!(!is_frozen(&rig.jinqiao, "W100001").await && effects(&rig).await.is_empty());
    rig.advance(9).await;
    assert!(!is_frozen(&rig.jinqiao, "W100001").await);
    rig.advance(1).await;
    assert!(is_frozen(&rig.jinqiao, "W100001").await);
    assert_eq!(rig.jinqiao.request_state(&id).await.unwrap().status, RequestStatus::Completed);
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::Done));
    assert_eq!(rig.control.ledger().await.unwrap()[0].at, "2026-11-23T08:00:10Z");
    rig.assert_conforming();
}

#[tokio::test]
async fn a_restart_keeps_state_keys_orders_and_the_clock() {
    let scratch = Scratch::new("restart");
    let rig = Rig::on(&scratch.file()).await;
    assert!(freeze(&rig.jinqiao, "W100001", &key(1)).await.is_ok());
    rig.fault("freeze", "late").await;
    assert!(freeze(&rig.jinqiao, "W100003", &key(2)).await.is_ok());
    rig.fault("status", "reject").await;
    rig.advance(5).await;
    rig.sandbox.close().await;
    drop(rig);

    let rig = Rig::on(&scratch.file()).await;
    assert!(rig.jinqiao.status(&account("W100001")).await.is_err(), "the order stands");
    assert!(is_frozen(&rig.jinqiao, "W100001").await && !is_frozen(&rig.jinqiao, "W100003").await);
    rig.advance(5).await;
    assert!(is_frozen(&rig.jinqiao, "W100003").await, "five and five seconds have passed");
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done));
    assert_eq!(effects(&rig).await.len(), 2);
    rig.sandbox.close().await;
    assert!(matches!(rig.jinqiao.heartbeat().await, Err(Error::Unclear(_))), "closed is 503");
}

#[tokio::test]
async fn a_change_that_makes_no_sense_is_refused_and_changes_nothing() {
    let rig = Rig::in_memory().await;
    let set =
        async |status, sub_status, number| rig.jinqiao.set_status(&account("W100001"), status, sub_status, &key(number)).await;
    let code = |outcome: Result<Accepted, Error>| match outcome {
        Err(Error::Refused(error)) => error.error_code,
        other => panic!("refused: {other:?}"),
    };
    assert_eq!(code(set(AccountStatus::Available, SubStatus::FraudLock, 1).await), ErrorCode::IncorrectState);
    assert_eq!(code(set(AccountStatus::Unavailable, SubStatus::None, 2).await), ErrorCode::IncorrectState);
    assert_eq!(code(set(AccountStatus::Unavailable, SubStatus::from("on_holiday"), 3).await), ErrorCode::FormatError);
    assert!(effects(&rig).await.is_empty());
    rig.assert_conforming();
    let send = async |correlation_id: Option<&str>, body: &'static str| {
        let url = rig.listening.url("/jinqiao/accounts/accountid/W100001");
        let mut request = reqwest::Client::new().patch(url).header("content-type", "application/json").body(body);
        if let Some(id) = correlation_id {
            request = request.header("x-correlationid", id);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let good = r#"[{"op":"replace","path":"/accountStatus","value":"unavailable"},{"op":"replace","path":"/accountSubStatus","value":"closing"}]"#;
    assert_eq!(send(None, good).await, 400, "a change without a key");
    assert_eq!(send(Some("17"), good).await, 400);
    for body in [
        "",
        "{}",
        "[]",
        r#"[{"op":"remove","path":"/accountStatus","value":"x"}]"#,
        r#"[{"op":"add","path":"/identity","value":"x"}]"#,
    ] {
        assert_eq!(send(Some(&key(9)), body).await, 400, "{body}");
    }
    assert!(effects(&rig).await.is_empty());
    assert_eq!(send(Some(&key(9)), good).await, 204);
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    let rig = Rig::in_memory().await;
    assert_eq!(freeze(&rig.jinqiao, "W100001", "not-a-uuid").await, Err(Error::NotSent(NotSent::CorrelationId)));
    assert_eq!(freeze(&rig.jinqiao, "..", &key(1)).await, Err(Error::NotSent(NotSent::Identifier)));
    let escaped = rig.jinqiao.account(&account("../../control/customers")).await;
    assert!(
        matches!(escaped, Err(Error::Refused(refused)) if refused.is_not_found()),
        "a slash stays inside its part of the path"
    );
}
