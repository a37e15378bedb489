//! Refunds through WeChat Pay, over HTTP against a platform that keeps its contract, and against one that does not.

use super::simulator::{Fault, start};
use super::*;
use walletline_core::kernel::money::Money;

const PAID: &str = "200000000014";
const KEY: &str = "0b5f4a0e-8a4d-4f5e-9d50-6f0e4f2f7a01";
const OTHER: &str = "0b5f4a0e-8a4d-4f5e-9d50-6f0e4f2f7a02";
const CALLBACK: &str = "https://hotline.example/api/public/wallet-callbacks/r/t";

fn refund(key: &'static str, minor: i64) -> GiveBack<'static> {
    GiveBack { key, transaction: PAID, amount: Money::new(minor, "CNY".parse().unwrap()), callback_url: Some(CALLBACK) }
}

fn done(reference: &str) -> Reported {
    Reported::Done(Some(reference.to_owned()))
}

#[tokio::test]
async fn a_refund_is_given_once_however_often_it_is_asked_for_and_followed_by_its_number() {
    let reachable = start().await;
    let (platform, rail) = (&reachable.platform, WechatPay::new(&reachable.config).unwrap());
    assert_eq!(rail.outcome(KEY).await, Reported::NotReceived);
    for _ in 0..3 {
        assert_eq!(rail.give_back(refund(KEY, 5_000)).await, Reported::Pending, "accepted is not given back");
    }
    assert_eq!(platform.refunds(), 1);
    assert_eq!(rail.outcome(KEY).await, Reported::Pending);
    platform.becomes(KEY, "SUCCESS");
    assert_eq!(rail.outcome(KEY).await, done("50300000000000000000000000001"));
    assert_eq!(platform.notify_urls(), vec![Some(CALLBACK.to_owned()); 3]);
    // In clear nobody calls back.
    let _ = rail.give_back(GiveBack { callback_url: Some("http://127.0.0.1:1/x"), ..refund(OTHER, 100) }).await;
    assert_eq!(platform.notify_urls().last(), Some(&None));
}

#[tokio::test]
async fn abnormal_is_not_the_end_and_closed_is_for_this_number_alone() {
    let reachable = start().await;
    let (platform, rail) = (&reachable.platform, WechatPay::new(&reachable.config).unwrap());
    let _ = rail.give_back(refund(KEY, 12_000)).await;
    platform.becomes(KEY, "ABNORMAL");
    assert_eq!(rail.outcome(KEY).await, Reported::Unfamiliar);
    platform.becomes(KEY, "A_WORD_OF_NEXT_YEAR");
    assert_eq!(rail.outcome(KEY).await, Reported::Unfamiliar);
    platform.becomes(KEY, "CLOSED");
    assert_eq!(rail.outcome(KEY).await, Reported::Refused);
    assert_eq!(rail.give_back(refund(KEY, 12_000)).await, Reported::Refused, "a closed number stays closed");
    assert_eq!(rail.give_back(refund(OTHER, 12_000)).await, Reported::Pending, "the money goes back under a new one");
}

#[tokio::test]
async fn what_was_done_in_silence_is_found_by_its_number() {
    let reachable = start().await;
    let (platform, rail) = (&reachable.platform, WechatPay::new(&reachable.config).unwrap());
    platform.fail_next(Fault::ActsInSilence);
    assert_eq!(rail.give_back(refund(KEY, 5_000)).await, Reported::NoAnswer);
    assert_eq!(rail.outcome(KEY).await, Reported::Pending);
    assert_eq!(rail.give_back(refund(KEY, 5_000)).await, Reported::Pending);
    assert_eq!(platform.refunds(), 1);
}

#[tokio::test]
async fn nothing_is_believed_that_the_platform_did_not_sign_just_now() {
    let reachable = start().await;
    let (platform, rail) = (&reachable.platform, WechatPay::new(&reachable.config).unwrap());
    for fault in [Fault::Unsigned, Fault::OtherKey, Fault::Stale] {
        platform.fail_next(fault);
        assert_eq!(rail.give_back(refund(KEY, 5_000)).await, Reported::NoAnswer, "{fault:?}");
        platform.fail_next(fault);
        assert_eq!(rail.outcome(KEY).await, Reported::NoAnswer, "{fault:?}");
    }
    assert_eq!(platform.refunds(), 0);
    // A merchant whose key they do not know is answered unsigned: that says nothing of money either.
    let mut config = reachable.config.clone();
    config.private_key = start().await.config.private_key;
    let stranger = WechatPay::new(&config).unwrap();
    assert_eq!(stranger.outcome(KEY).await, Reported::NoAnswer);
}

#[tokio::test]
async fn a_no_is_told_from_a_not_now_and_from_a_doubt() {
    let reachable = start().await;
    let (platform, rail) = (&reachable.platform, WechatPay::new(&reachable.config).unwrap());
    let cases = [
        (Fault::Says(429, "FREQUENCY_LIMITED"), Reported::NotReached),
        (Fault::Says(403, "NOT_ENOUGH"), Reported::NotReached),
        (Fault::Says(403, "USER_ACCOUNT_ABNORMAL"), Reported::Refused),
        (Fault::Says(400, "PARAM_ERROR"), Reported::Refused),
        (Fault::Says(500, "SYSTEM_ERROR"), Reported::NoAnswer),
        (Fault::Says(403, "A_CODE_OF_NEXT_YEAR"), Reported::NoAnswer),
    ];
    for (fault, reported) in cases {
        platform.fail_next(fault);
        assert_eq!(rail.give_back(refund(KEY, 5_000)).await, reported, "{fault:?}");
    }
    assert_eq!(rail.give_back(refund(KEY, 12_001)).await, Reported::Refused, "more than was paid");
    let unknown = GiveBack { transaction: "200000000022", ..refund(KEY, 100) };
    assert_eq!(rail.give_back(unknown).await, Reported::Refused);
    let written = GiveBack { transaction: "2000/../1", ..refund(KEY, 100) };
    assert_eq!(rail.give_back(written).await, Reported::NotReached, "no number of an order");
    assert_eq!(platform.refunds(), 0);
    let config = config::WechatPay { url: "http://127.0.0.1:9".to_owned(), ..reachable.config.clone() };
    assert_eq!(WechatPay::new(&config).unwrap().give_back(refund(KEY, 100)).await, Reported::NotReached);
}

#[tokio::test]
async fn a_number_that_stands_for_another_sum_is_looked_at_by_a_person() {
    let reachable = start().await;
    let rail = WechatPay::new(&reachable.config).unwrap();
    let _ = rail.give_back(refund(KEY, 5_000)).await;
    assert_eq!(rail.give_back(refund(KEY, 4_000)).await, Reported::Unfamiliar);
}

#[tokio::test]
async fn a_file_that_holds_no_key_is_named_before_any_money_moves() {
    let config = start().await.config;
    let other = |private_key: &str, platform_key: &str| config::WechatPay {
        private_key: walletline_core::kernel::pii::Pii::new(private_key.to_owned()),
        platform_key: platform_key.to_owned(),
        ..config.clone()
    };
    let error = |config: &config::WechatPay| WechatPay::new(config).unwrap_err();
    assert!(error(&other("nothing", &config.platform_key)).starts_with("private_key is no RSA key"));
    assert!(error(&other(config.private_key.expose(), config.private_key.expose())).starts_with("platform_key is no public key"));
    assert!(!format!("{:?}", WechatPay::new(&config).unwrap()).contains("PRIVATE"));
}
