//! Reversals: whole and in parts, at once, polled and called back; one effect for each key and never more than was paid, whatever is
//! repeated, lost or late.

use crate::rig::{Rig, key};
use walletline_gsma::wire::{ReversalRequest, TransactionStatus};
use walletline_gsma::{Amount, Client, Error, NotSent, ReversalState, Unclear};

/// Li Na's payment to a merchant: 199.00 CNY.
const PAID: &str = "261118000486";

fn part(amount: &str) -> ReversalRequest {
    ReversalRequest::of(amount.parse::<Amount>().unwrap(), "CNY".to_owned())
}

async fn reverse(client: &Client, amount: &str, number: u32) -> Result<ReversalState, Error> {
    client.reverse(PAID, &part(amount), &key(number), None).await
}

/// What went back, by key.
async fn effects(rig: &Rig) -> Vec<(String, String)> {
    let ledger = rig.control.ledger().await.unwrap().into_iter().filter(|entry| entry.operation == "reversal");
    ledger.map(|entry| (entry.correlation_id, entry.amount.unwrap_or_default())).collect()
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left_and_the_original_says_so() {
    let rig = Rig::in_memory().await;
    let Ok(ReversalState::Completed(Some(first))) = reverse(&rig.jinqiao, "99.00", 1).await else { panic!("done at once") };
    assert_eq!(rig.jinqiao.transaction(&first).await.unwrap().transaction_status, TransactionStatus::Completed);
    assert!(matches!(reverse(&rig.jinqiao, "100.01", 2).await, Err(Error::Refused(_))), "more than is left");
    assert_eq!(rig.jinqiao.transaction(PAID).await.unwrap().transaction_status, TransactionStatus::Completed);
    assert!(matches!(reverse(&rig.jinqiao, "100", 3).await, Ok(ReversalState::Completed(_))));
    assert_eq!(rig.jinqiao.transaction(PAID).await.unwrap().transaction_status, TransactionStatus::Reversed);
    assert!(matches!(reverse(&rig.jinqiao, "0.01", 4).await, Err(Error::Refused(_))));
    assert_eq!(effects(&rig).await, [(key(1), "99.00".to_owned()), (key(3), "100".to_owned())]);
    let link = rig.jinqiao.response(&key(1)).await.unwrap();
    assert_eq!(link.transaction(), Some(first.as_str()));
    rig.assert_conforming();
}

#[tokio::test]
async fn without_an_amount_the_whole_goes_back() {
    let rig = Rig::in_memory().await;
    let whole = ReversalRequest { amount: None, currency: None, ..part("1") };
    assert!(matches!(rig.jinqiao.reverse(PAID, &whole, &key(1), None).await, Ok(ReversalState::Completed(_))));
    assert_eq!(effects(&rig).await, [(key(1), "199.00".to_owned())]);
    rig.assert_conforming();
}

#[tokio::test]
async fn what_is_not_completed_not_refundable_not_known_or_not_named_well_is_refused() {
    let rig = Rig::in_memory().await;
    for original in ["261101000014", "261109000123", "000000000000"] {
        let refused = rig.jinqiao.reverse(original, &part("1.00"), &key(1), None).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{original}: {refused:?}");
    }
    let other = ReversalRequest { currency: Some("EUR".to_owned()), ..part("1.00") };
    assert!(matches!(rig.jinqiao.reverse(PAID, &other, &key(1), None).await, Err(Error::Refused(_))));
    assert_eq!(rig.jinqiao.reverse(PAID, &part("1"), "no key", None).await, Err(Error::NotSent(NotSent::CorrelationId)));
    assert!(effects(&rig).await.is_empty());
    assert_eq!(rig.jinqiao.reversal(&key(1)).await, Ok(ReversalState::NotReceived));
    rig.assert_conforming();
}

#[tokio::test]
async fn many_senders_of_one_key_have_one_effect() {
    let rig = Rig::in_memory().await;
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let client = rig.jinqiao.clone();
        senders.spawn(async move { reverse(&client, "199.00", 1).await });
    }
    let outcomes = senders.join_all().await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(ReversalState::Completed(_)))), "{outcomes:?}");
    assert_eq!(effects(&rig).await.len(), 1);
}

#[tokio::test]
async fn a_late_one_is_pending_until_it_is_done_and_is_found_by_its_key() {
    let rig = Rig::in_memory().await;
    rig.fault("reversal", "late").await;
    assert_eq!(reverse(&rig.jinqiao, "199.00", 1).await, Ok(ReversalState::Pending));
    assert_eq!(rig.jinqiao.reversal(&key(1)).await, Ok(ReversalState::Pending));
    assert_eq!(reverse(&rig.jinqiao, "199.00", 1).await, Ok(ReversalState::Pending), "sent again it is the same one");
    assert!(effects(&rig).await.is_empty());
    assert!(matches!(reverse(&rig.jinqiao, "0.01", 2).await, Err(Error::Refused(_))), "what is on its way counts");
    rig.advance(10).await;
    assert!(matches!(rig.jinqiao.reversal(&key(1)).await, Ok(ReversalState::Completed(Some(_)))));
    assert_eq!(effects(&rig).await, [(key(1), "199.00".to_owned())]);
    rig.assert_conforming();
}

#[tokio::test]
async fn what_was_lost_is_found_out_by_the_same_key() {
    for (fault, acted) in [("fail", false), ("down", false), ("fail_after", true), ("garbage", true), ("timeout_after", true)] {
        let rig = Rig::in_memory().await;
        rig.fault("reversal", fault).await;
        let lost = reverse(&rig.impatient(), "199.00", 1).await;
        assert!(matches!(lost, Err(Error::Unclear(_))), "{fault}: {lost:?}");
        match rig.jinqiao.reversal(&key(1)).await {
            Ok(ReversalState::Completed(_)) => assert!(acted, "{fault}"),
            Ok(ReversalState::NotReceived) => {
                assert!(!acted, "{fault}");
                assert!(matches!(reverse(&rig.jinqiao, "199.00", 1).await, Ok(ReversalState::Completed(_))));
            }
            other => panic!("{fault}: {other:?}"),
        }
        assert_eq!(effects(&rig).await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_wallet_that_contradicts_itself_has_said_nothing() {
    let rig = Rig::in_memory().await;
    assert!(reverse(&rig.jinqiao, "199.00", 1).await.is_ok());
    // The other brand does not know what this one was asked, and refuses its key all the same.
    let elsewhere = reverse(&rig.harbor, "199.00", 1).await;
    assert_eq!(elsewhere, Err(Error::Unclear(Unclear::Contradiction)));
}
