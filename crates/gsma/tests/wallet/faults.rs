//! Every misbehaviour that can be ordered: what the client makes of it, and what happened to the account.

use crate::changes::{effects, freeze, is_frozen};
use crate::rig::{Rig, account, key};
use walletline_gsma::wire::ErrorCode;
use walletline_gsma::{Accepted, Error, Page, Reconciled, Unclear};

/// Freezes under a misbehaviour; how that ended, and how many effects it had.
async fn freeze_under(rig: &Rig, fault: &str) -> (Result<Accepted, Error>, usize) {
    rig.fault("freeze", fault).await;
    let outcome = freeze(&rig.jinqiao, "W100001", &key(1)).await;
    (outcome, effects(rig).await.len())
}

#[tokio::test]
async fn a_failure_before_acting_is_unclear_and_the_key_is_unused() {
    for (fault, unclear) in [("fail", Unclear::Status(500)), ("down", Unclear::Broken)] {
        let rig = Rig::in_memory().await;
        assert_eq!(freeze_under(&rig, fault).await, (Err(Error::Unclear(unclear)), 0), "{fault}");
        assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::NotReceived), "{fault}");
        assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done), "{fault}");
        assert_eq!(effects(&rig).await.len(), 1, "{fault}");
        rig.assert_conforming();
    }
}

#[tokio::test]
async fn a_failure_after_acting_is_unclear_and_the_key_tells_what_was_done() {
    for (fault, unclear) in
        [("fail_after", Unclear::Status(500)), ("garbage", Unclear::Garbage("a change is answered 204 or 202"))]
    {
        let rig = Rig::in_memory().await;
        assert_eq!(freeze_under(&rig, fault).await, (Err(Error::Unclear(unclear)), 1), "{fault}");
        assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::Done), "{fault}");
        assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done), "{fault}");
        assert_eq!(effects(&rig).await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn no_answer_is_unclear_before_and_after_acting() {
    for (fault, done, reconciled) in [("timeout_before", 0, Reconciled::NotReceived), ("timeout_after", 1, Reconciled::Done)] {
        let rig = Rig::in_memory().await;
        rig.fault("freeze", fault).await;
        let outcome = freeze(&rig.impatient(), "W100001", &key(1)).await;
        assert_eq!(outcome, Err(Error::Unclear(Unclear::TimedOut)), "{fault}");
        assert_eq!(effects(&rig).await.len(), done, "{fault}");
        assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(reconciled), "{fault}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    let rig = Rig::in_memory().await;
    assert_eq!(freeze_under(&rig, "slow").await, (Ok(Accepted::Done), 1));
    rig.assert_conforming();
}

#[tokio::test]
async fn a_refusal_is_definite() {
    let rig = Rig::in_memory().await;
    let (outcome, done) = freeze_under(&rig, "reject").await;
    assert!(matches!(outcome, Err(Error::Refused(error)) if error.error_code == ErrorCode::GenericError));
    assert_eq!(done, 0);
    rig.assert_conforming();
}

#[tokio::test]
async fn a_change_answered_twice_has_one_effect() {
    let rig = Rig::in_memory().await;
    assert_eq!(freeze_under(&rig, "twice").await, (Ok(Accepted::Done), 1));
    assert!(is_frozen(&rig.jinqiao, "W100001").await);
    rig.assert_conforming();
}

#[tokio::test]
async fn a_count_is_used_up_and_one_operation_does_not_disturb_another() {
    let rig = Rig::in_memory().await;
    rig.order("status", "fail", 2).await.unwrap();
    for _ in 0..2 {
        assert_eq!(rig.jinqiao.status(&account("W100001")).await, Err(Error::Unclear(Unclear::Status(500))));
        assert!(rig.jinqiao.account(&account("W100001")).await.is_ok());
    }
    assert!(rig.jinqiao.status(&account("W100001")).await.is_ok());
    rig.assert_conforming();
}

#[tokio::test]
async fn each_operation_can_be_made_to_fail() {
    let rig = Rig::in_memory().await;
    let failed = Unclear::Status(500);
    let who = account("W100001");
    rig.fault("account", "fail").await;
    assert_eq!(rig.jinqiao.account(&who).await, Err(Error::Unclear(failed)));
    rig.fault("identities", "fail").await;
    assert_eq!(rig.jinqiao.identities(&who).await, Err(Error::Unclear(failed)));
    rig.fault("transactions", "fail").await;
    assert_eq!(rig.jinqiao.transactions(&who, Page::default()).await, Err(Error::Unclear(failed)));
    rig.fault("transaction", "fail").await;
    assert_eq!(rig.jinqiao.transaction("261101000014").await, Err(Error::Unclear(failed)));
    rig.fault("heartbeat", "fail").await;
    assert_eq!(rig.jinqiao.heartbeat().await, Err(Error::Unclear(failed)));
    rig.fault("any", "fail").await;
    assert_eq!(rig.harbor.response(&key(1)).await, Err(Error::Unclear(failed)));
    assert!(rig.harbor.heartbeat().await.is_ok());
    rig.assert_conforming();
}

#[tokio::test]
async fn a_read_answered_twice_or_with_nonsense_is_no_answer() {
    let rig = Rig::in_memory().await;
    for fault in ["twice", "garbage"] {
        rig.fault("status", fault).await;
        let outcome = rig.jinqiao.status(&account("W100001")).await;
        assert!(matches!(outcome, Err(Error::Unclear(Unclear::Garbage(_)))), "{fault}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_read_does_not_use_up_an_order_to_be_late() {
    let rig = Rig::in_memory().await;
    rig.fault("any", "late").await;
    assert!(rig.jinqiao.heartbeat().await.is_ok());
    assert!(matches!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Pending(_))));
}

#[tokio::test]
async fn a_repeated_key_whose_answer_cannot_be_fetched_stays_unclear() {
    let rig = Rig::in_memory().await;
    assert!(freeze(&rig.jinqiao, "W100001", &key(1)).await.is_ok());
    rig.order("any", "slow", 1).await.unwrap();
    rig.order("any", "fail", 1).await.unwrap();
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Err(Error::Unclear(Unclear::Status(500))));
    assert_eq!(effects(&rig).await.len(), 1);
}

#[tokio::test]
async fn closing_lets_go_of_held_connections() {
    let rig = Rig::in_memory().await;
    rig.fault("heartbeat", "timeout_before").await;
    let client = rig.jinqiao.clone();
    let mut waiting = tokio::task::JoinSet::new();
    waiting.spawn(async move { client.heartbeat().await });
    rig.first_arrival().await;
    rig.sandbox.close().await;
    assert_eq!(waiting.join_next().await.unwrap().unwrap(), Err(Error::Unclear(Unclear::Broken)), "not timed out");
}
