//! Transactions go on with the clock, and show what was observed of them by then.

use crate::rig::Rig;
use walletline_gsma::wire::TransactionStatus;

const ON_TIME: &str = "261109000123";
const OVERDUE: &str = "261031000274";

#[tokio::test]
async fn a_transfer_on_its_way_is_credited_in_its_time() {
    let rig = Rig::in_memory().await;
    let read = async || rig.jinqiao.transaction(ON_TIME).await.unwrap();
    let fresh = read().await;
    assert_eq!((&fresh.transaction_status, fresh.created_at()), (&TransactionStatus::Pending, Some("2026-11-23T07:40:00Z")));
    assert_eq!(fresh.events().iter().map(|event| event.status.as_str()).collect::<Vec<_>>(), ["RCVD", "ACSP", "ACSP"]);
    assert_eq!(fresh.modified_at(), Some("2026-11-23T07:51:00Z"), "when the wallet learned of the last event");

    rig.advance(3 * 3_600).await;
    assert_eq!(read().await.events().last().unwrap().status, "ACSC");
    rig.advance(2 * 3_600 + 40 * 60 - 1).await;
    assert_eq!(read().await.transaction_status, TransactionStatus::Pending, "one second before six hours");
    rig.advance(1).await;
    let credited = read().await;
    assert_eq!(credited.transaction_status, TransactionStatus::Completed);
    let last = credited.events().pop().unwrap();
    assert_eq!((last.source.as_str(), last.status.as_str(), last.at.as_str()), ("swift_gpi", "ACCC", "2026-11-23T13:40:00Z"));
    rig.assert_conforming();
}

#[tokio::test]
async fn what_is_overdue_stays_so() {
    let rig = Rig::in_memory().await;
    rig.advance(30 * 24 * 3_600).await;
    assert_eq!(rig.jinqiao.transaction(OVERDUE).await.unwrap().transaction_status, TransactionStatus::Pending);
}

#[tokio::test]
async fn a_reset_makes_the_affairs_of_the_seed_recent_again() {
    let rig = Rig::in_memory().await;
    rig.advance(7 * 24 * 3_600).await;
    assert_eq!(rig.jinqiao.transaction(ON_TIME).await.unwrap().transaction_status, TransactionStatus::Completed);
    rig.control.reset().await.unwrap();
    let again = rig.jinqiao.transaction(ON_TIME).await.unwrap();
    assert_eq!(
        (again.transaction_status.clone(), again.created_at()),
        (TransactionStatus::Pending, Some("2026-11-30T07:40:00Z"))
    );
}
