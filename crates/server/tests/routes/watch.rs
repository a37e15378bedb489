//! A watched transaction: its customer is told once when it has moved, and a deadline it missed is a case by itself.

use crate::harness::{Hotline, patient};
use serde_json::Value;
use std::time::Duration;
use walletline_core::help::{WatchAsked, watch};
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Span;

const LI_NA: &str = "+8619000000001";

/// Li Na's transaction of this kind and status, as the wallet has it now.
async fn transaction(hotline: &Hotline, status: &str, place: usize) -> String {
    let customers = hotline.get("/demo/api/customers").await.json();
    let of = |customer: &&Value| customer["msisdn"] == LI_NA;
    let li_na = customers.as_array().unwrap().iter().find(of).unwrap();
    let found = li_na["transactions"].as_array().unwrap().iter().filter(|one| one["status"] == status);
    found.map(|one| one["id"].as_str().unwrap().to_owned()).nth(place).unwrap()
}

/// Has it watched, as last seen in this state.
async fn watched(hotline: &Hotline, transaction: &str, seen: &str) {
    let (now, mut ids) = (hotline.clock.wall(), IdSource::new(31));
    let asked = WatchAsked {
        wallet: "jinqiao".to_owned(),
        msisdn: Pii::new(LI_NA.to_owned()),
        subject: hotline.subject("jinqiao", LI_NA),
        transaction: transaction.to_owned(),
        seen: seen.to_owned(),
        language: Language::En,
        contact: ids.next(now),
    };
    hotline.store.commit(watch(asked, ids.next(now), now)).await.unwrap();
}

/// Texts that were sent to Li Na's phone about this transaction, once there is one.
async fn told(hotline: &Hotline, transaction: &str) -> Vec<String> {
    let tail = &transaction[transaction.len() - 6..];
    patient(async {
        loop {
            let messages = hotline.get(&format!("/demo/api/phones/{LI_NA}/messages")).await.json();
            let texts = messages.as_array().unwrap().iter().filter(|message| message["channel"] == "sms");
            let about: Vec<String> = texts.map(|message| message["text"].as_str().unwrap().to_owned()).collect();
            let about: Vec<String> = about.into_iter().filter(|text| text.contains(tail)).collect();
            if !about.is_empty() {
                return about;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_customer_is_told_once_that_their_payment_has_moved() {
    let hotline = Hotline::start().await;
    let transaction = transaction(&hotline, "completed", 0).await;
    watched(&hotline, &transaction, "pending").await;
    hotline.clock.advance(Span::from_s(120));
    assert_eq!(told(&hotline, &transaction).await.len(), 1);
    hotline.clock.advance(Span::from_s(7_200));
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(told(&hotline, &transaction).await.len(), 1);
}

#[tokio::test]
async fn a_payment_that_misses_its_deadline_becomes_a_case_by_itself() {
    let hotline = Hotline::start().await;
    let transaction = transaction(&hotline, "pending", 0).await;
    watched(&hotline, &transaction, "pending").await;
    hotline.clock.advance(Span::from_s(12 * 86_400));
    let texts = told(&hotline, &transaction).await;
    assert_eq!(texts.len(), 1, "{texts:?}");
    let reference = texts[0].split(|c: char| !c.is_ascii_alphanumeric()).find(|word| word.len() == 10 && word.starts_with('R'));
    let reference = reference.unwrap_or_else(|| panic!("no reference in {}", texts[0]));
    let case = hotline.log_in("agent1").await.get(&format!("/api/v1/cases/{reference}")).await.json();
    assert_eq!((&case["kind"], &case["transaction"]), (&"transaction_overdue".into(), &transaction.as_str().into()));
}
