//! The control interface and its client.

use crate::changes::{effects, freeze};
use crate::rig::{Rig, key};
use walletline_gsma::Reconciled;
use walletline_gsma::sandbox::{ClockAdvance, Control, ControlError};

#[tokio::test]
async fn customers_are_shown_as_the_wallet_has_them_now() {
    let rig = Rig::in_memory().await;
    assert!(freeze(&rig.jinqiao, "W100003", &key(1)).await.is_ok());
    rig.advance(6 * 3_600).await;
    let customers = rig.control.customers().await.unwrap();
    let states: Vec<_> =
        customers.iter().map(|one| (one.account.as_str(), one.status.as_str(), one.sub_status.as_str())).collect();
    assert_eq!(
        states,
        [
            ("W100001", "available", "none"),
            ("W100002", "unavailable", "locked_failed_logins"),
            ("W100003", "unavailable", "frozen_by_hotline"),
            ("W100004", "available", "none"),
            ("W100005", "unavailable", "fraud_lock"),
        ]
    );
    let li_na = &customers[0];
    assert_eq!((li_na.name.as_str(), li_na.msisdn.as_str()), ("Li Na 李娜", "+8619000000001"));
    assert_eq!(li_na.totp_secret.as_deref(), Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    assert_eq!((li_na.wallets.len(), customers[3].wallets.len()), (2, 1));
    let transactions: Vec<_> = li_na.transactions.iter().map(|one| (one.kind.as_str(), one.status.as_str())).collect();
    assert_eq!(
        transactions,
        [
            ("wallet_to_wallet", "completed"),
            ("cross_border", "completed"),
            ("cross_border", "pending"),
            ("wallet_to_wallet", "failed"),
            ("merchant_payment", "completed"),
            ("merchant_payment", "completed"),
        ],
        "in the order of the seed, the second one credited by now"
    );
}

#[tokio::test]
async fn a_reset_forgets_effects_keys_and_orders() {
    let rig = Rig::in_memory().await;
    assert!(freeze(&rig.jinqiao, "W100001", &key(1)).await.is_ok());
    rig.fault("any", "fail").await;
    rig.control.reset().await.unwrap();
    assert!(effects(&rig).await.is_empty());
    assert_eq!(rig.jinqiao.reconcile(&key(1)).await, Ok(Reconciled::NotReceived));
    assert_eq!(rig.control.customers().await.unwrap()[0].sub_status, "none");
}

#[tokio::test]
async fn an_order_nobody_knows_is_answered_with_what_is_known() {
    let rig = Rig::in_memory().await;
    let said = |outcome| match outcome {
        Err(ControlError::Refused(words)) => words,
        other => panic!("refused: {other:?}"),
    };
    let words = said(rig.order("refund", "fail", 1).await);
    assert!(
        words.contains(
            "account, status, freeze, identities, transactions, transaction, heartbeat, reversal, second_factor, extension, any"
        ),
        "{words}"
    );
    let words = said(rig.order("freeze", "melt", 1).await);
    assert!(words.contains("timeout_before, timeout_after, late, slow, garbage, down, twice, reject"), "{words}");
    said(rig.order("status", "late", 1).await);
    said(rig.order("freeze", "fail", u32::MAX).await);
}

#[tokio::test]
async fn a_count_of_zero_takes_an_order_back() {
    let rig = Rig::in_memory().await;
    rig.order("heartbeat", "fail", 5).await.unwrap();
    rig.order("heartbeat", "fail", 0).await.unwrap();
    assert!(rig.jinqiao.heartbeat().await.is_ok());
}

#[tokio::test]
async fn the_clock_goes_forward_within_bounds() {
    let rig = Rig::in_memory().await;
    let reading = rig.control.advance(ClockAdvance { advance_s: 60 }).await.unwrap();
    assert_eq!((reading.now.as_str(), reading.offset_s), ("2026-11-23T08:01:00Z", 60));
    assert!(matches!(rig.control.advance(ClockAdvance { advance_s: u32::MAX }).await, Err(ControlError::Refused(_))));
    assert!(matches!(rig.control.advance(ClockAdvance { advance_s: 316_224_000 }).await, Err(ControlError::Refused(_))));
    let reading = rig.control.advance(ClockAdvance { advance_s: 0 }).await.unwrap();
    assert_eq!(reading.offset_s, 60, "a refused advance moves nothing");
}

#[tokio::test]
async fn bad_bodies_and_addresses_are_refused() {
    let rig = Rig::in_memory().await;
    let http = reqwest::Client::new();
    for (path, body) in [("fault", "{}"), ("fault", "{\"operation\":1}"), ("clock", "{\"advance_s\":-1}"), ("clock", "nothing")] {
        let answer = http.post(rig.listening.url(&format!("/control/{path}"))).body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 400, "{path} {body}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let answer = http.get(rig.listening.url("/piggybank/heartbeat")).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
    assert!(Control::new("ftp://127.0.0.1").is_err() && Control::new("127.0.0.1:80").is_err());
}

#[tokio::test]
async fn nobody_there_is_said() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let control = Control::new(&format!("http://{unused}")).unwrap();
    assert!(matches!(control.ledger().await, Err(ControlError::Unavailable(_))));
}
