//! What can be asked, and what is answered.

use crate::rig::{Rig, START_US, account};
use walletline_gsma::wire::{AccountStatus, ServiceStatus, SubStatus, TransactionStatus, TransactionType};
use walletline_gsma::{AccountRef, Error, Page};

fn is_not_found(error: &Error) -> bool {
    matches!(error, Error::Refused(refused) if refused.is_not_found())
}

#[tokio::test]
async fn an_account_is_found_by_number_and_by_id_in_both_brands() {
    let rig = Rig::in_memory().await;
    let by_number = rig.jinqiao.account(&AccountRef::Msisdn("+8619000000001".to_owned())).await.unwrap();
    assert_eq!(by_number, rig.harbor.account(&account("W100001")).await.unwrap());
    assert_eq!(by_number.account_identifiers.get("accountid"), Some("W100001"));
    assert_eq!(by_number.state().sub_status, SubStatus::None);
    assert_eq!(by_number.current_balance.unwrap().to_minor(2), Ok(620_450));
    rig.assert_conforming();
}

#[tokio::test]
async fn identities_hold_the_addresses_to_notify_and_the_name_to_speak() {
    let rig = Rig::in_memory().await;
    let identities = rig.jinqiao.identities(&account("W100001")).await.unwrap();
    let [identity] = identities.as_slice() else { panic!("one holder") };
    let kyc = &identity.identity_kyc;
    assert_eq!(kyc.contact_phone.as_ref().unwrap().expose(), "+8619000000001");
    assert_eq!(kyc.email_address.as_ref().unwrap().expose(), "li.na@example.com");
    let name = kyc.subject_name.as_ref().unwrap();
    let parts = [&name.title, &name.first_name, &name.last_name, &name.native_name].map(|part| part.as_ref().unwrap().expose());
    assert_eq!(parts, ["Ms", "Na", "Li", "李娜"]);
    assert_eq!(identity.custom_data.get("nativeFamilyName"), Some("李"));
    rig.assert_conforming();
}

#[tokio::test]
async fn states_are_those_of_the_demo_world() {
    let rig = Rig::in_memory().await;
    for (id, status, sub_status) in [
        ("W100001", AccountStatus::Available, SubStatus::None),
        ("W100002", AccountStatus::Unavailable, SubStatus::LockedFailedLogins),
        ("W100003", AccountStatus::Available, SubStatus::None),
        ("W100004", AccountStatus::Available, SubStatus::None),
        ("W100005", AccountStatus::Unavailable, SubStatus::FraudLock),
    ] {
        let state = rig.jinqiao.status(&account(id)).await.unwrap();
        assert_eq!((state.status, state.sub_status), (status, sub_status), "{id}");
    }
    rig.assert_conforming();
}

#[tokio::test]
async fn a_recent_sim_change_is_told() {
    let rig = Rig::in_memory().await;
    let changed_at = |account: walletline_gsma::wire::Account| account.custom_data.get("simChangedAt").map(str::to_owned);
    let zhao_lei = rig.jinqiao.account(&account("W100004")).await.unwrap();
    assert_eq!(changed_at(zhao_lei).as_deref(), Some("2026-11-22T08:00:00Z"));
    assert_eq!(START_US, "2026-11-23T08:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond());
    let li_na = rig.jinqiao.account(&account("W100001")).await.unwrap();
    assert_eq!(changed_at(li_na), None);
}

#[tokio::test]
async fn what_a_brand_does_not_know_is_not_found() {
    let rig = Rig::in_memory().await;
    assert!(is_not_found(&rig.jinqiao.account(&account("W999999")).await.unwrap_err()));
    assert!(is_not_found(&rig.jinqiao.status(&AccountRef::Msisdn("+8619000009999".to_owned())).await.unwrap_err()));
    for id in ["W100004", "W100005"] {
        assert!(rig.jinqiao.account(&account(id)).await.is_ok());
        assert!(is_not_found(&rig.harbor.account(&account(id)).await.unwrap_err()), "{id}");
        assert!(is_not_found(&rig.harbor.transactions(&account(id), Page::default()).await.unwrap_err()), "{id}");
    }
    assert!(rig.jinqiao.transaction("261120000920").await.is_ok());
    assert!(is_not_found(&rig.harbor.transaction("261120000920").await.unwrap_err()), "of W100004");
    assert!(is_not_found(&rig.jinqiao.transaction("000000000000").await.unwrap_err()));
    assert!(is_not_found(&rig.jinqiao.request_state("5a4db0c5-0000-4000-8000-000000000001").await.unwrap_err()));
    rig.assert_conforming();
}

#[tokio::test]
async fn transactions_come_newest_first_and_in_pages() {
    let rig = Rig::in_memory().await;
    let all = rig.jinqiao.transactions(&account("W100001"), Page::default()).await.unwrap();
    assert_eq!((all.transactions.len(), all.available), (6, Some(6)));
    let times: Vec<_> = all.transactions.iter().map(|one| one.created_at().unwrap().to_owned()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let page = rig.jinqiao.transactions(&account("W100001"), Page { limit: 2, offset: 2 }).await.unwrap();
    assert_eq!((page.transactions.as_slice(), page.available), (&all.transactions[2..4], Some(6)));
    let behind = rig.jinqiao.transactions(&account("W100001"), Page { limit: 2, offset: 9 }).await.unwrap();
    assert_eq!((behind.transactions.len(), behind.available), (0, Some(6)));
    rig.assert_conforming();
}

#[tokio::test]
async fn every_kind_of_transaction_is_written_as_the_specification_says() {
    let rig = Rig::in_memory().await;
    let read = async |reference: &str| rig.jinqiao.transaction(reference).await.unwrap();

    let completed = read("261101000014").await;
    assert_eq!(
        (&completed.transaction_type, &completed.transaction_status),
        (&TransactionType::Transfer, &TransactionStatus::Completed)
    );
    assert_eq!((completed.amount.to_minor(2), completed.currency.as_str()), (Ok(12_800), "CNY"));
    assert_eq!(completed.debit_party.get("accountid"), Some("W100001"));

    let overdue = read("261031000274").await;
    assert_eq!(overdue.transaction_type, TransactionType::InternationalTransfer);
    assert_eq!(overdue.transaction_status, TransactionStatus::Pending);
    assert_eq!(overdue.created_at(), Some("2026-11-17T08:00:00Z"), "four business days before a Monday");
    let way = overdue.international_transfer_information.as_ref().unwrap();
    assert_eq!((way.origin_country.as_str(), way.receiving_country.as_deref()), ("CN", Some("US")));
    assert_eq!(overdue.custom_data.get("rail"), Some("swift_gpi"));
    assert!(overdue.custom_data.get("UETR").is_some());
    assert_eq!(overdue.events().last().unwrap().status, "ACSP");

    let failed = read("261115000331").await;
    assert_eq!(failed.transaction_status, TransactionStatus::Failed);
    assert_eq!(failed.custom_data.get("reason"), Some("AC04"));
    assert_eq!(failed.custom_data.get("refundDueAt"), Some("2026-11-26T08:00:00Z"));
    assert_eq!(failed.events().last().unwrap().reason.as_deref(), Some("AC04"));

    let merchant = read("261118000486").await;
    assert_eq!(merchant.transaction_type, TransactionType::MerchantPayment);
    assert_eq!(merchant.custom_data.get("refundable"), Some("true"));
    rig.assert_conforming();
}

#[tokio::test]
async fn lists_are_filtered_as_the_specification_says() {
    let rig = Rig::in_memory().await;
    let count = async |query: &str| {
        let url = rig.listening.url(&format!("/jinqiao/accounts/accountid/W100001/transactions?{query}"));
        let answer = reqwest::get(url).await.unwrap();
        let status = answer.status().as_u16();
        let body: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        (status, body.as_array().map(Vec::len))
    };
    assert_eq!(count("transactionStatus=Pending").await, (200, Some(2)));
    assert_eq!(count("transactionType=merchantpay").await, (200, Some(2)));
    assert_eq!(count("fromDateTime=2026-11-22T08:00:00Z").await, (200, Some(3)));
    assert_eq!(count("toDateTime=2026-11-18T00:00:00Z").await, (200, Some(1)));
    assert_eq!(count("limit=0").await, (200, Some(0)));
    rig.assert_conforming();
    for wrong in ["limit=-1", "offset=x", "fromDateTime=yesterday"] {
        assert_eq!(count(wrong).await, (400, None), "{wrong}");
    }
}

#[tokio::test]
async fn the_heart_beats() {
    let rig = Rig::in_memory().await;
    assert_eq!(rig.harbor.heartbeat().await.unwrap().service_status, ServiceStatus::Available);
    rig.assert_conforming();
}
